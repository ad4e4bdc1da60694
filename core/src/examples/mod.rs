//! Situations to start from. Each is one text: manifests and a Scenario.
//!
//! The page opens on the first. Links, the book and the benches name them by id.

use crate::assumption::Text;

/// A situation.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name in links.
    pub id: &'static str,
    /// A few words for the menu.
    pub title: Text,
    /// The rest. A function, so that the page's first download has the first example's alone
    /// (`xtask/src/split`).
    words: fn() -> Words,
}

/// What there is to see in an example, in both languages, and what it holds.
#[derive(Clone, Copy, Debug)]
struct Words {
    en: &'static str,
    ko: &'static str,
    text: &'static str,
}

impl Example {
    /// What there is to see in it, in one line.
    pub fn about(&self) -> Text {
        let Words { en, ko, .. } = (self.words)();
        Text { en, ko }
    }

    /// Manifests and Scenario.
    pub fn text(&self) -> &'static str {
        (self.words)().text
    }
}

/// The example of that id.
pub fn find(id: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.id == id)
}

/// Every example, in the order of the menu.
pub const EXAMPLES: &[Example] = &[
    Example {
        id: "ray-serve-hpa",
        title: Text { en: "HPA beside a Ray cluster", ko: "Ray 클러스터와 함께 쓰는 HPA" },
        words: || Words {
            en: "Load grows eightfold: the HPA stops at maxReplicas while Ray fetches GPU workers",
            ko: "부하가 여덟 배로 늘 때 HPA는 maxReplicas에서 멈추고 Ray는 GPU 워커를 늘립니다",
            text: include_str!("ray-serve-hpa.yaml"),
        },
    },
    Example {
        id: "ray-burst",
        title: Text { en: "Burst of Ray tasks", ko: "한꺼번에 몰린 Ray 태스크" },
        words: || Words {
            en: "60 tasks at once: workers come in batches, and leave a minute after the last task",
            ko: "태스크 60개가 한꺼번에 들어오면 워커가 나뉘어 늘고, 끝난 지 1분 뒤 사라집니다",
            text: include_str!("ray-burst.yaml"),
        },
    },
    Example {
        id: "web-walkthrough",
        title: Text { en: "Web Deployment with an HPA", ko: "HPA를 쓰는 웹 Deployment" },
        words: || Words {
            en: "Kubernetes' own walkthrough: a load generator starts, and is stopped again",
            ko: "Kubernetes 공식 연습 예제: 부하 생성기를 시작했다가 중지합니다",
            text: include_str!("web-walkthrough.yaml"),
        },
    },
    Example {
        id: "slow-down-fast-up",
        title: Text {
            en: "Fast up, slow down", ko: "빠른 스케일 업, 느린 스케일 다운"
        },
        words: || Words {
            en: "spec.behavior: policies and a long stabilization window through two rushes",
            ko: "spec.behavior: 두 번의 급증과 스케일링 정책, 긴 안정화 윈도우",
            text: include_str!("slow-down-fast-up.yaml"),
        },
    },
    Example {
        id: "custom-metric",
        title: Text { en: "HPA on requests per second", ko: "초당 요청 수를 쓰는 HPA" },
        words: || Words {
            en: "A Pods metric through Prometheus and its adapter, and a restart of Prometheus",
            ko: "Prometheus와 어댑터를 거치는 Pods 메트릭, 그리고 Prometheus 재시작",
            text: include_str!("custom-metric.yaml"),
        },
    },
    Example {
        id: "keda-queue",
        title: Text { en: "KEDA: a queue, from zero", ko: "KEDA: 0에서 시작하는 큐 워커" },
        words: || Words {
            en: "Jobs arrive: KEDA wakes the first worker, its HPA adds more, and none is left after",
            ko: "작업이 들어오면 KEDA가 첫 워커를 깨우고 HPA가 늘리며, 끝나면 다시 0이 됩니다",
            text: include_str!("keda-queue.yaml"),
        },
    },
    Example {
        id: "gpu-and-cpu-groups",
        title: Text {
            en: "GPU and CPU worker groups", ko: "GPU 워커 그룹과 CPU 워커 그룹"
        },
        words: || Words {
            en: "Tasks, actors and a placement group: which worker group grows for which",
            ko: "태스크, 액터, 배치 그룹이 각각 어느 워커 그룹을 늘리는지 보여 줍니다",
            text: include_str!("gpu-and-cpu-groups.yaml"),
        },
    },
    Example {
        id: "ray-service",
        title: Text { en: "Ray Serve replicas", ko: "Ray Serve 레플리카" },
        words: || Words {
            en: "Requests bring replicas, replicas without room bring workers, and both leave later",
            ko: "요청이 레플리카를 늘리고, 자리가 없는 레플리카가 워커를 늘리며, 나중에 모두 줄어듭니다",
            text: include_str!("ray-service.yaml"),
        },
    },
    Example {
        id: "ray-service-upgrade",
        title: Text { en: "RayService upgrade", ko: "RayService 업그레이드" },
        words: || Words {
            en: "Another Ray version: a second cluster takes capacity and requests over in steps",
            ko: "Ray 버전을 바꾸면 두 번째 클러스터가 용량과 요청을 단계적으로 넘겨받습니다",
            text: include_str!("ray-service-upgrade.yaml"),
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::scenario;
    use crate::yaml::{self, Node};

    const STARTING_HPA: &str = "
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ray-serve-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ray-serve-replica}
  minReplicas: 1
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
";

    /// The node as YAML on one line, however it was written.
    fn flow(node: &Node) -> String {
        let list = |items: Vec<String>| items.join(", ");
        match &node.value {
            yaml::Value::Null => "null".to_owned(),
            yaml::Value::Scalar { text, .. } => text.clone(),
            yaml::Value::Sequence(items) => format!("[{}]", list(items.iter().map(flow).collect())),
            yaml::Value::Mapping(entries) => {
                let pairs = entries.iter().map(|it| format!("{}: {}", it.key, flow(&it.value)));
                format!("{{{}}}", list(pairs.collect()))
            }
        }
    }

    /// Whether a document of that kind and name stands in `text`.
    fn has(text: &str, kinds: &[&str], name: &str) -> bool {
        yaml::read(text).parts.iter().filter_map(|it| it.root.as_ref()).any(|root| {
            let kind = root.get("kind").and_then(Node::text).unwrap_or_default();
            let own = root.get("metadata").and_then(|it| it.get("name")).and_then(Node::text);
            kinds.contains(&kind) && own == Some(name)
        })
    }

    #[test]
    fn every_example_is_sound_and_says_something_in_both_languages() {
        for (index, example) in EXAMPLES.iter().enumerate() {
            let parts = yaml::read(example.text());
            let read = scenario::read(parts.roots());
            assert_eq!((parts.diagnostics, read.diagnostics), (vec![], vec![]), "{}", example.id);
            let documents = crate::manifest::read(example.text());
            let errors = documents.diagnostics.iter().filter(|it| it.severity == Severity::Error);
            assert_eq!(errors.collect::<Vec<_>>(), Vec::<&Diagnostic>::new(), "{}", example.id);
            let scenario = read.scenario.unwrap();
            assert_eq!(scenario.name, example.id);
            assert!(EXAMPLES[..index].iter().all(|other| other.id != example.id));
            for text in [example.title, example.about()] {
                assert!(!text.en.is_empty() && !text.ko.is_empty());
            }
        }
    }

    #[test]
    fn a_scenario_names_only_what_is_there() {
        for example in EXAMPLES {
            let scenario = scenario::read(yaml::read(example.text()).roots()).scenario.unwrap();
            let is_assumed = |name: &str| name == "ray-serve-replica";
            for target in scenario.load.iter().map(|it| &it.target) {
                let found = has(example.text(), &[target.kind.as_str()], &target.name);
                assert!(found || is_assumed(&target.name), "{}: {}", example.id, target.name);
            }
            for target in scenario.overrides.iter().map(|it| &it.target) {
                assert!(
                    has(example.text(), &[target.kind.as_str()], &target.name),
                    "{}",
                    example.id
                );
            }
            for entry in &scenario.ray {
                let kinds = ["RayCluster", "RayService", "RayJob"];
                assert!(has(example.text(), &kinds, &entry.cluster), "{}", example.id);
            }
            for expectation in &scenario.expect {
                let (kinds, name): (&[&str], _) = match &expectation.subject {
                    scenario::Subject::Run => continue,
                    scenario::Subject::Hpa(name) if name.starts_with("keda-hpa-") => {
                        let name = name.trim_start_matches("keda-hpa-");
                        assert!(has(example.text(), &["ScaledObject"], name), "{}", example.id);
                        continue;
                    }
                    scenario::Subject::Hpa(name) => (&["HorizontalPodAutoscaler"], name),
                    scenario::Subject::Ray(name) => (&["RayCluster", "RayService"], name),
                };
                assert!(has(example.text(), kinds, name), "{}: {name}", example.id);
            }
        }
    }

    #[test]
    fn the_first_example_holds_the_hpa_that_the_project_started_from() {
        let documents = |text| yaml::read(text).parts;
        let (ours, theirs) = (documents(EXAMPLES[0].text()), documents(STARTING_HPA));
        assert_eq!(flow(ours[0].root.as_ref().unwrap()), flow(theirs[0].root.as_ref().unwrap()));
    }
}
