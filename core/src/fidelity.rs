//! Where the prediction departs from upstream on purpose.
//!
//! The decisions are upstream's own; what is listed here is simplified around them, or is random
//! upstream. Each stands in the code under the same name, as a `DIFFERENCE` comment.

use crate::assumption::Text;

/// A deliberate departure from upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name in the code.
    pub id: &'static str,
    /// What happens here.
    pub what: Text,
    /// Why.
    pub why: Text,
    /// What upstream does, and where.
    pub upstream: &'static str,
}

/// Every departure, by id.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        id: "cron-zone",
        what: Text {
            en: "Each cron trigger goes by its own time zone, but a zone follows in all years the \
                 rule that is in force now (tzdata 2025c): earlier rules, and the changes around \
                 Ramadan in Morocco and Gaza, are left out. A `start` without Z is the time in \
                 the zone of the first cron trigger.",
            ko: "cron 트리거마다 자기 시간대를 따르지만, 시간대는 모든 해에 지금 유효한 \
                 규칙(tzdata 2025c)을 따릅니다. 예전 규칙과, 모로코와 가자의 라마단 전후 변경은 \
                 없습니다. Z가 없는 `start`는 첫 cron 트리거의 시간대로 읽습니다.",
        },
        why: Text {
            en: "The whole database is some hundred kilobytes.",
            ko: "전체 데이터베이스는 수백 킬로바이트입니다.",
        },
        upstream: "keda 2.21 pkg/scalers/cron_scaler.go `GetMetricsAndActivity`",
    },
    Difference {
        id: "custom-metrics",
        what: Text {
            en: "A custom or external metric is what the Scenario says: a workload's requests or \
                 queue, or numbers of its own; pod by pod it is split evenly over the ready pods. \
                 It reaches the HPA through scrapes and rate(), not through the adapter's own \
                 query.",
            ko: "커스텀 메트릭과 외부 메트릭은 Scenario가 말하는 값입니다. 워크로드의 요청이나 \
                 큐, 또는 따로 적은 숫자이고, 파드별 값은 준비된 파드에 고르게 나눕니다. HPA에는 \
                 스크레이프와 rate()를 거쳐 전달되며, 어댑터의 쿼리는 실행하지 않습니다.",
        },
        why: Text {
            en: "An adapter's query can be anything; the text does not hold it.",
            ko: "어댑터의 쿼리는 무엇이든 될 수 있고, 텍스트에는 들어 있지 않습니다.",
        },
        upstream: "prometheus-adapter 0.12 pkg/naming/metrics_query.go",
    },
    Difference {
        id: "disk",
        what: Text {
            en: "Requests for ephemeral-storage hold up no pod.",
            ko: "ephemeral-storage 요청은 어떤 파드도 막지 않습니다.",
        },
        why: Text {
            en: "Scenarios do not say how much disk a node has.",
            ko: "Scenario에는 노드의 디스크 크기가 없습니다.",
        },
        upstream: "kubernetes 1.37 pkg/scheduler/framework/plugins/noderesources/fit.go `fitsRequest`",
    },
    Difference {
        id: "even-arrivals",
        what: Text {
            en: "Jobs of a queue arrive evenly spaced, and each is worked on for exactly its \
                 service time; a queue has no partitions but those that `keda.kafkaPartitions` \
                 counts.",
            ko: "큐의 작업은 고른 간격으로 들어오고, 저마다 정확히 처리 시간만큼 걸립니다. 큐에는 \
                 `keda.kafkaPartitions`가 세는 것 말고는 파티션이 없습니다.",
        },
        why: Text {
            en: "When a job comes is chance, and how long each takes as well.",
            ko: "작업이 언제 들어오고 얼마나 걸리는지는 우연입니다.",
        },
        upstream: "keda 2.21 pkg/scalers: the queue itself is asked; kafka_scaler.go \
                   `getTotalLag` limits the lag by the partitions",
    },
    Difference {
        id: "failure-clock",
        what: Text {
            en: "Failures of node types are ordered by the time of the run, not by Unix time.",
            ko: "노드 타입의 실패는 Unix 시각이 아니라 실행 시각의 순서로 봅니다.",
        },
        why: Text {
            en: "A run has no date; the order, which is all that counts, is the same.",
            ko: "실행에는 날짜가 없습니다. 중요한 것은 순서뿐이고, 순서는 같습니다.",
        },
        upstream: "ray 2.60.0 autoscaler/v2/instance_manager/subscribers/cloud_resource_monitor.py",
    },
    Difference {
        id: "image-pulls",
        what: Text {
            en: "All containers of a template count as one image, and a node keeps an image for \
                 ever.",
            ko: "템플릿의 모든 컨테이너를 이미지 하나로 보고, 노드는 받은 이미지를 계속 갖고 \
                 있습니다.",
        },
        why: Text {
            en: "How large layers are and how full a disk is, no manifest says.",
            ko: "레이어의 크기와 디스크가 찬 정도는 매니페스트에 없습니다.",
        },
        upstream: "kubernetes 1.37 pkg/kubelet/images/image_manager.go, image_gc_manager.go",
    },
    Difference {
        id: "job-passes",
        what: Text {
            en: "The controller of a RayJob passes as soon as its cluster is ready, its submitter \
                 ends or its own status changes, and otherwise every 3 s. No call fails.",
            ko: "RayJob의 컨트롤러는 클러스터가 준비되거나 제출 파드가 끝나거나 자신의 상태가 바뀌면 바로, \
                 그 밖에는 3초마다 처리합니다. 호출은 실패하지 않습니다.",
        },
        why: Text {
            en: "Upstream is told of these a few milliseconds later, and asks again after each error.",
            ko: "실제 컨트롤러는 몇 밀리초 뒤에 알게 되고, 오류가 나면 다시 시도합니다.",
        },
        upstream: "kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go \
                   `SetupWithManager`",
    },
    Difference {
        id: "job-submission",
        what: Text {
            en: "A RayJob's program is submitted as soon as its submitter's container runs, or in \
                 SidecarMode the head's Ray, and the submitter ends with the program. Submitting \
                 never fails. Ray looks exactly every second whether it has started in time.",
            ko: "RayJob의 프로그램은 제출 컨테이너가(SidecarMode에서는 헤드의 Ray가) 실행되자마자 제출되고, \
                 제출 파드는 프로그램과 함께 끝납니다. 제출은 실패하지 않습니다. 제때 시작했는지는 Ray가 정확히 \
                 1초마다 확인합니다.",
        },
        why: Text {
            en: "`ray job submit` and `ray job logs` take a few seconds that no manifest names, and \
                 each look of Ray's takes some milliseconds more.",
            ko: "`ray job submit`과 `ray job logs`에 걸리는 몇 초는 매니페스트에 없고, Ray의 확인에도 \
                 몇 밀리초씩 더 걸립니다.",
        },
        upstream: "ray 2.60.0 dashboard/modules/job/cli.py `submit`, `logs`, job_manager.py \
                   `_monitor_job_internal`",
    },
    Difference {
        id: "keda-formula",
        what: Text {
            en: "Of scalingModifiers.formula numbers, lists, comparisons, conditions and the \
                 functions of numbers are evaluated; a formula with text, maps or other functions \
                 is the metric composite-metric, which the Scenario says.",
            ko: "scalingModifiers.formula에서는 숫자, 목록, 비교, 조건, 숫자 함수를 계산합니다. \
                 문자열이나 맵, 다른 함수를 쓰는 식은 composite-metric이라는 메트릭이고, 그 값은 \
                 Scenario가 말합니다.",
        },
        why: Text {
            en: "It is a language of its own; formulas over triggers need little of it.",
            ko: "수식은 그 자체로 하나의 언어이고, 트리거를 묶는 식에는 그중 일부만 쓰입니다.",
        },
        upstream: "keda 2.21 pkg/scaling/modifiers/modifiers.go",
    },
    Difference {
        id: "look-phase",
        what: Text {
            en: "The HPA controller and every Ray autoscaler start when the run begins; a look of \
                 a Ray autoscaler takes no time.",
            ko: "HPA 컨트롤러와 모든 Ray 오토스케일러는 실행이 시작될 때 시작하고, Ray \
                 오토스케일러의 판단에는 시간이 걸리지 않습니다.",
        },
        why: Text {
            en: "When a controller was started is chance.",
            ko: "컨트롤러가 언제 시작했는지는 우연입니다.",
        },
        upstream: "kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `Run`; ray 2.60.0 \
                   autoscaler/v2/monitor.py",
    },
    Difference {
        id: "metrics-phase",
        what: Text {
            en: "All containers are measured at the same moments, the same time before each read \
                 of metrics-server.",
            ko: "모든 컨테이너를 같은 순간에, metrics-server가 읽기 전 같은 시간만큼 앞서 \
                 측정합니다.",
        },
        why: Text {
            en: "The kubelet measures each container at moments of its own, 10 to 20 s apart: \
                 chance.",
            ko: "kubelet은 컨테이너마다 다른 순간에 10에서 20초 간격으로 측정하며, 이것은 \
                 우연입니다.",
        },
        upstream: "cAdvisor manager/container.go `housekeepingTick`",
    },
    Difference {
        id: "no-queue",
        what: Text {
            en: "Requests beyond what the ready pods can serve are lost, unless a metric of the \
                 Scenario is the workload's queue length: then they wait. They slow nobody down.",
            ko: "준비된 파드가 처리할 수 있는 것보다 많은 요청은 버려집니다. Scenario의 메트릭이 \
                 워크로드의 큐 길이이면 기다립니다. 기다리는 요청이 다른 요청을 느리게 하지는 \
                 않습니다.",
        },
        why: Text {
            en: "Queues and retries differ from service to service.",
            ko: "큐와 재시도는 서비스마다 다릅니다.",
        },
        upstream: "the service itself",
    },
    Difference {
        id: "node-labels",
        what: Text {
            en: "A nodeSelector is compared with the labels of the Scenario's pools. A key that no \
                 pool states is taken to match every node; without pools every key is.",
            ko: "nodeSelector는 Scenario의 풀에 적힌 레이블과 비교합니다. 어느 풀에도 없는 키는 모든 \
                 노드와 맞는다고 보고, 풀이 없으면 모든 키를 그렇게 봅니다.",
        },
        why: Text {
            en: "Real nodes have many labels, and a Scenario says only some of them. Upstream, a \
                 node without the label does not match.",
            ko: "실제 노드에는 레이블이 많고, Scenario에는 그 가운데 몇 개만 적습니다. 실제로는 레이블이 \
                 없는 노드는 맞지 않습니다.",
        },
        upstream: "component-helpers 0.37 scheduling/corev1/nodeaffinity/nodeaffinity.go \
                   `RequiredNodeAffinity.Match`",
    },
    Difference {
        id: "one-container",
        what: Text {
            en: "Everything that a pod uses counts as its first container's.",
            ko: "파드가 쓰는 리소스는 모두 첫 번째 컨테이너의 사용량으로 봅니다.",
        },
        why: Text {
            en: "What a sidecar costs, no manifest says.",
            ko: "사이드카가 얼마나 쓰는지는 매니페스트에 없습니다.",
        },
        upstream: "metrics-server reports each container",
    },
    Difference {
        id: "one-moment",
        what: Text {
            en: "An HPA sees its pods and all its metrics as they are when the last metric is \
                 answered.",
            ko: "HPA는 마지막 메트릭의 답을 받은 순간의 파드와 메트릭을 봅니다.",
        },
        why: Text {
            en: "Between the answers lie milliseconds.",
            ko: "답과 답 사이는 몇 밀리초입니다.",
        },
        upstream: "kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go \
                   `computeReplicasForMetrics`",
    },
    Difference {
        id: "phase-lock",
        what: Text {
            en: "Looks of the HPA controller that begin together with a resync of its cache go on \
                 for a fixed number of looks.",
            ko: "캐시 재동기화와 함께 시작된 HPA 컨트롤러의 판단은 정해진 횟수만큼 그렇게 \
                 이어집니다.",
        },
        why: Text {
            en: "Which of the two comes first is a race of microseconds.",
            ko: "어느 쪽이 먼저인지는 마이크로초 단위의 경쟁 상태입니다.",
        },
        upstream: "client-go 0.37 util/workqueue/delaying_queue.go `waitingLoop`, \
                   tools/cache/shared_informer.go",
    },
    Difference {
        id: "quantity-range",
        what: Text {
            en: "Quantities with more than 29 digits before the point are refused.",
            ko: "소수점 앞이 29자리를 넘는 수량은 거부합니다.",
        },
        why: Text {
            en: "128 bits hold every amount that a cluster could have.",
            ko: "클러스터가 가질 수 있는 양은 모두 128비트에 들어갑니다.",
        },
        upstream: "kubernetes 1.37 staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go",
    },
    Difference {
        id: "ray-placement",
        what: Text {
            en: "Ray work goes to the first node, by age, that has room; Serve's replicas to the \
                 next one after the replica before.",
            ko: "Ray 작업은 오래된 순서로 자리가 있는 첫 노드에 놓고, Serve 레플리카는 앞 \
                 레플리카의 다음 노드에 놓습니다.",
        },
        why: Text {
            en: "Ray prefers nodes that are less than half used, and picks among equal ones by \
                 chance.",
            ko: "Ray는 절반보다 덜 쓰인 노드를 먼저 고르고, 같은 노드 가운데서는 우연으로 \
                 고릅니다.",
        },
        upstream: "ray 2.60.0 src/ray/raylet/scheduling/policy/hybrid_scheduling_policy.cc",
    },
    Difference {
        id: "resize-room",
        what: Text {
            en: "kube-scheduler counts with the new size of a pod once its kubelet has granted \
                 it; the kubelet grants it as soon as the node has room, and never fails at it.",
            ko: "kube-scheduler는 kubelet이 허용한 뒤의 파드 크기로 계산합니다. kubelet은 노드에 \
                 자리가 나면 바로 허용하고, 실패하지 않습니다.",
        },
        why: Text {
            en: "Only the moments between a resize and its grant differ.",
            ko: "크기 조정과 허용 사이의 순간만 다릅니다.",
        },
        upstream: "kubernetes 1.37 pkg/scheduler/framework/types.go, \
                   pkg/kubelet/allocation/allocation_manager.go",
    },
    Difference {
        id: "rolling-updates",
        what: Text {
            en: "The controllers of a Deployment and its ReplicaSets act at once. A rollout replaces \
                 pods by pods that use as much; it is never paused, undone or given up. Pods of a \
                 StatefulSet start and stop all at once, and are never replaced.",
            ko: "Deployment와 ReplicaSet의 컨트롤러는 바로 움직입니다. 롤아웃은 파드를 같은 만큼 쓰는 \
                 파드로 바꾸며, 멈추거나 되돌리거나 포기하지 않습니다. StatefulSet의 파드는 모두 한꺼번에 \
                 시작하고 끝나며, 교체되지 않습니다.",
        },
        why: Text {
            en: "Between a change and what is done about it lie milliseconds.",
            ko: "바뀐 뒤 그에 따라 움직이기까지는 몇 밀리초입니다.",
        },
        upstream: "kubernetes 1.37 pkg/controller/deployment/rolling.go, \
                   pkg/controller/statefulset/stateful_set_control.go",
    },
    Difference {
        id: "scheduler-ties",
        what: Text {
            en: "A pod gets the emptiest node that has room, and of equal ones the first. Taints \
                 and affinity are not read.",
            ko: "파드는 자리가 있는 노드 가운데 가장 빈 노드에, 같으면 첫 노드에 놓입니다. \
                 테인트와 어피니티는 읽지 않습니다.",
        },
        why: Text {
            en: "The scheduler picks one of the best nodes at random.",
            ko: "스케줄러는 가장 좋은 노드들 가운데 하나를 무작위로 고릅니다.",
        },
        upstream: "kubernetes 1.37 pkg/scheduler/schedule_one.go `selectHost`",
    },
    Difference {
        id: "scrape-phase",
        what: Text {
            en: "Every target is scraped for the first time when the run begins, and exactly on \
                 time; a scrape takes no time.",
            ko: "모든 타깃은 실행이 시작될 때 처음 스크레이프되고, 그 뒤로 정확한 간격으로 \
                 스크레이프됩니다. 스크레이프에는 시간이 걸리지 않습니다.",
        },
        why: Text {
            en: "Prometheus spreads its scrapes by a hash of target and server.",
            ko: "Prometheus는 타깃과 서버의 해시로 스크레이프를 흩어 놓습니다.",
        },
        upstream: "prometheus 3.14 scrape/target.go `offset`",
    },
    Difference {
        id: "serve-clock",
        what: Text {
            en: "The loop of Serve's controller turns at whole tenths of a second of the run.",
            ko: "Serve 컨트롤러의 루프는 실행 시각의 0.1초마다 돕니다.",
        },
        why: Text {
            en: "Upstream's loop waits for 0.1 s and then works, for a time that nobody knows; \
                 its clock is Unix time.",
            ko: "원본의 루프는 0.1초를 기다린 다음 알 수 없는 시간 동안 일하고, 그 시계는 Unix \
                 시각입니다.",
        },
        upstream: "ray 2.60.0 serve/_private/controller.py `run_control_loop`",
    },
    Difference {
        id: "serve-dot",
        what: Text {
            en: "A mean is summed as on x86-64 with AVX2.",
            ko: "평균은 AVX2가 있는 x86-64에서처럼 더합니다.",
        },
        why: Text {
            en: "numpy's dot product adds in an order of its own on each kind of processor, which \
                 changes the last bit.",
            ko: "numpy의 내적은 프로세서 종류마다 다른 순서로 더하고, 그래서 마지막 비트가 \
                 달라집니다.",
        },
        upstream: "ray 2.60.0 serve/_private/autoscaling_metrics_merge.py \
                   `time_weighted_average_arrays`",
    },
    Difference {
        id: "serve-flow",
        what: Text {
            en: "Requests spread evenly over the replicas of Serve that run, and take exactly \
                 their service time; how many run at once is a mean. What waits counts in whole \
                 requests.",
            ko: "요청은 실행 중인 Serve 레플리카에 고르게 나뉘고 정확히 처리 시간만큼 걸립니다. \
                 동시에 처리되는 수는 평균입니다. 기다리는 요청은 정수로 셉니다.",
        },
        why: Text {
            en: "When a request comes and which of two replicas it goes to is chance.",
            ko: "요청이 언제 오고 두 레플리카 가운데 어디로 가는지는 우연입니다.",
        },
        upstream: "ray 2.60.0 serve/_private/request_router/pow_2_router.py",
    },
    Difference {
        id: "serve-graph",
        what: Text {
            en: "Every Serve deployment in the text gets every request of its RayService.",
            ko: "텍스트에 있는 모든 Serve 디플로이먼트가 RayService의 모든 요청을 받습니다.",
        },
        why: Text {
            en: "Which deployments a request passes through is in the application's code.",
            ko: "요청이 어느 디플로이먼트를 거치는지는 애플리케이션 코드에 있습니다.",
        },
        upstream: "ray 2.60.0 serve/handle.py `DeploymentHandle.remote`",
    },
    Difference {
        id: "serve-one-handle",
        what: Text {
            en: "One handle stands for those of all Serve proxies. It begins to sample and to \
                 report with the run, and is never lost.",
            ko: "핸들 하나가 모든 Serve 프록시의 핸들을 대신합니다. 실행과 함께 샘플링과 보고를 \
                 시작하고, 사라지지 않습니다.",
        },
        why: Text {
            en: "Each proxy has one, which begins when it first sees the deployment.",
            ko: "프록시마다 핸들이 있고, 디플로이먼트를 처음 본 때에 시작합니다.",
        },
        upstream: "ray 2.60.0 serve/_private/router.py `RouterMetricsManager`",
    },
    Difference {
        id: "serve-other-handles",
        what: Text {
            en: "All requests come through Serve's proxies. Handles of other applications and of \
                 drivers, which count, report and fall silent each by itself, are left out.",
            ko: "모든 요청은 Serve 프록시를 거칩니다. 저마다 세고 보고하고 조용해지는 다른 애플리케이션과 \
                 드라이버의 핸들은 빠져 있습니다.",
        },
        why: Text {
            en: "Who else calls a deployment is in the code that calls it; the decision itself \
                 takes any number of handles.",
            ko: "누가 더 호출하는지는 호출하는 코드에 있습니다. 판단 자체는 핸들을 몇 개든 받습니다.",
        },
        upstream: "ray 2.60.0 serve/_private/autoscaling_state.py \
                   `record_columnar_metrics_for_handle`",
    },
    Difference {
        id: "serve-replica-metrics",
        what: Text {
            en: "Handles count the requests that run, which is the default. With \
                 RAY_SERVE_COLLECT_AUTOSCALING_METRICS_ON_HANDLE=0, or where requests reach \
                 replicas without a handle, replicas would count them, each with samples and \
                 reports of its own.",
            ko: "실행 중인 요청은 기본값대로 핸들이 셉니다. \
                 RAY_SERVE_COLLECT_AUTOSCALING_METRICS_ON_HANDLE=0이거나 요청이 핸들 없이 \
                 레플리카에 닿으면 레플리카가 저마다 세고 보고합니다.",
        },
        why: Text {
            en: "It is set in the environment of Serve's processes and seldom is.",
            ko: "Serve 프로세스의 환경 변수로 정하며, 그렇게 하는 일은 드뭅니다.",
        },
        upstream: "ray 2.60.0 serve/_private/replica.py `should_collect_ongoing_requests`",
    },
    Difference {
        id: "service-passes",
        what: Text {
            en: "The controller of a RayService passes when somebody edits it, and then every 2 s \
                 until nothing is left to do. Gateway and route of an incremental upgrade are \
                 ready at once, and no call fails.",
            ko: "RayService 컨트롤러는 누군가 수정했을 때 한 번, 그 뒤로 할 일이 없어질 때까지 \
                 2초마다 지나갑니다. 단계적 업그레이드의 Gateway와 HTTPRoute는 바로 준비되고, \
                 실패하는 호출은 없습니다.",
        },
        why: Text {
            en: "Upstream also passes whenever a cluster, a pod or its own status changes, a few \
                 milliseconds later.",
            ko: "원본은 클러스터, 파드, 자기 상태가 바뀔 때에도 몇 밀리초 뒤에 지나갑니다.",
        },
        upstream: "kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go \
                   `SetupWithManager`",
    },
    Difference {
        id: "v1-restart",
        what: Text {
            en: "A Ray autoscaler v1 whose process ended after six errors is back for the next \
                 look.",
            ko: "오류 여섯 번으로 프로세스가 끝난 Ray 오토스케일러 v1은 다음 판단 때 돌아와 \
                 있습니다.",
        },
        why: Text {
            en: "How long Kubernetes waits before it starts the container again depends on how \
                 often it did so before.",
            ko: "Kubernetes가 컨테이너를 다시 시작하기 전에 기다리는 시간은 전에 몇 번 그랬는지에 \
                 달려 있습니다.",
        },
        upstream: "ray 2.60.0 autoscaler/_private/kuberay/run_autoscaler.py \
                   `run_kuberay_autoscaler`",
    },
    Difference {
        id: "victims",
        what: Text {
            en: "Of pods that are equal in every other way, the younger goes first.",
            ko: "다른 모든 점이 같은 파드 가운데서는 더 최근에 만든 파드가 먼저 사라집니다.",
        },
        why: Text {
            en: "Upstream compares their UIDs, which are random.",
            ko: "원본은 UID를 비교하고, UID는 무작위입니다.",
        },
        upstream: "kubernetes 1.37 pkg/controller/controller_utils.go `ActivePodsWithRanks.Less`",
    },
    Difference {
        id: "warm-start",
        what: Text {
            en: "What the manifests ask for has been there for long when the run begins, but its \
                 Ray nodes have only just become idle.",
            ko: "매니페스트가 요구하는 것은 실행이 시작될 때 이미 오래전부터 있었다고 보지만, Ray \
                 노드의 유휴 시간은 그때부터 셉니다.",
        },
        why: Text {
            en: "Otherwise every idle worker would go in the first second, before the work \
                 arrives.",
            ko: "그러지 않으면 작업이 오기도 전에 유휴 워커가 모두 첫 1초에 사라집니다.",
        },
        upstream: "ray 2.60.0 src/ray/raylet/scheduling/local_resource_manager.cc",
    },
];
