//! The table of assumptions. Nothing here is stated anywhere else.
//!
//! Groups stand in the order in which a pod meets them; a group's rows stand together.

use crate::hpa::Rules;
use crate::ray::version as ray_version;
use crate::time::Duration;
use crate::upstream;

use super::{Assumption, Assumptions, Text, Value, Version, Words};

const MS: i64 = 1;
const S: i64 = 1000;
const MIN: i64 = 60 * S;
const HOUR: i64 = 60 * MIN;
const MILLI: i64 = 1_000_000;
const CORE: i64 = 1_000_000_000;
const MI: i64 = 1 << 20;
const GI: i64 = 1 << 30;

const KUBERNETES: Version = Version::of(upstream::KUBERNETES);
const OLDEST_KUBERNETES: Version = Version { major: 1, minor: Rules::OLDEST_MINOR };
const RAY: Version = Version::of(upstream::RAY);
const OLDEST_RAY: Version = Version { major: 2, minor: ray_version::OLDEST_MINOR };
const KUBERAY: Version = Version::of(upstream::KUBERAY);

const fn ms(ms: i64) -> Duration {
    Duration::from_ms(ms)
}

/// One row: id, unit and field, default, range, meaning and source, each in English and Korean.
macro_rules! row {
    (
        $id:literal, $unit:ident, $group:ident.$field:ident, $default:expr, [$min:expr, $max:expr],
        $en:literal, $ko:literal, $source_en:literal, $source_ko:literal $(,)?
    ) => {
        Assumption {
            id: $id,
            default: Value::$unit($default),
            min: Value::$unit($min),
            max: Value::$unit($max),
            words: || Words {
                meaning: Text { en: $en, ko: $ko },
                source: Text { en: $source_en, ko: $source_ko },
            },
            get: |it: &Assumptions| Value::$unit(it.$group.$field),
            set: |it: &mut Assumptions, value| {
                if let Value::$unit(value) = value {
                    it.$group.$field = value;
                }
            },
        }
    };
}

/// The assumption of that id.
pub fn find(id: &str) -> Option<&'static Assumption> {
    TABLE.iter().find(|assumption| assumption.id == id)
}

/// Every assumption.
pub const TABLE: &[Assumption] = &[
    row! {
        "request.cpu", CpuTime, request.cpu_nanoseconds, 15 * MILLI, [0, 1000 * CORE],
        "CPU time that one request takes",
        "요청 하나가 사용하는 CPU 시간",
        "Tidetable's choice: 20 requests/s use 300m, 60 % of a 500m request",
        "Tidetable이 정한 값: 초당 요청 20개가 300m, 요청량 500m의 60%",
    },
    row! {
        "request.serviceTime", Duration, request.service_time, ms(100 * MS), [ms(1), ms(HOUR)],
        "How long one request takes while the pod has CPU to spare",
        "파드에 CPU 여유가 있을 때 요청 하나를 처리하는 시간",
        "Tidetable's choice: a small web request",
        "Tidetable이 정한 값: 작은 웹 요청",
    },
    row! {
        "request.concurrency", Count, request.concurrency, 100, [1, 1_000_000],
        "How many requests a pod works on at once; it serves this many per service time",
        "파드 하나가 동시에 처리하는 요청 수; 처리 시간마다 이만큼 처리합니다",
        "Tidetable's choice: high enough for CPU to be the limit",
        "Tidetable이 정한 값: CPU가 한도가 될 만큼 큰 수",
    },
    row! {
        "request.memory", Bytes, request.memory_bytes, MI, [0, 1024 * GI],
        "Memory that a request holds while it is worked on",
        "요청 하나가 처리되는 동안 차지하는 메모리",
        "Tidetable's choice",
        "Tidetable이 정한 값",
    },
    row! {
        "idle.cpu", Cpu, idle.cpu_nano, 5 * MILLI, [0, 1000 * CORE],
        "CPU that a running pod uses without any request",
        "요청이 없을 때 실행 중인 파드가 사용하는 CPU",
        "Tidetable's choice: a runtime's timers and probes",
        "Tidetable이 정한 값: 런타임의 타이머와 프로브",
    },
    row! {
        "idle.memory", Bytes, idle.memory_bytes, 128 * MI, [1, 1024 * GI],
        "Memory that a running pod uses without any request",
        "요청이 없을 때 실행 중인 파드가 사용하는 메모리",
        "Tidetable's choice: a small runtime",
        "Tidetable이 정한 값: 작은 런타임",
    },
    row! {
        "podStart.schedule", Duration, pod_start.schedule, ms(20 * MS), [ms(0), ms(HOUR)],
        "From a pod's creation until it has a node, where one has room",
        "자리가 있을 때 파드가 생성된 뒤 노드에 스케줄링되기까지 걸리는 시간",
        "kube-scheduler at about 100 pods/s: 5 to 100 ms seen",
        "kube-scheduler는 초당 파드 100개쯤 처리합니다. 5에서 100ms가 관측됩니다",
    },
    row! {
        "podStart.imagePull", Duration, pod_start.image_pull, ms(10 * S), [ms(0), ms(HOUR)],
        "Pulling a container image onto a node that does not have it yet",
        "이미지가 없는 노드에서 컨테이너 이미지를 풀(pull)하는 시간",
        "Tidetable's choice: 400 MB at 40 MB/s; 15 to 150 MB/s seen",
        "Tidetable이 정한 값: 400 MB를 40 MB/s로. 15에서 150 MB/s가 관측됩니다",
    },
    row! {
        "podStart.container", Duration, pod_start.container, ms(2 * S), [ms(0), ms(HOUR)],
        "From the image being there until the container runs",
        "이미지가 준비된 뒤 컨테이너가 실행되기까지 걸리는 시간",
        "Tidetable's choice: sandbox, network and process start",
        "Tidetable이 정한 값: 샌드박스, 네트워크, 프로세스 시작",
    },
    row! {
        "podStart.readiness", Duration, pod_start.readiness, ms(5 * S), [ms(0), ms(HOUR)],
        "From the container's start until it would answer a readiness probe",
        "컨테이너가 시작된 뒤 준비성 프로브에 응답할 수 있기까지 걸리는 시간",
        "Tidetable's choice: a small service's own start",
        "Tidetable이 정한 값: 작은 서비스의 시작 시간",
    },
    row! {
        "podStart.cpu", Cpu, pod_start.cpu_nano, 0, [0, 1000 * CORE],
        "CPU that a starting pod uses beside its requests and idle.cpu, up to its limit",
        "시작 중인 파드가 요청 처리와 idle.cpu 외에 더 사용하는 CPU. 제한까지만 사용합니다",
        "Tidetable's choice: none, as no manifest says; runtimes that compile at start need much",
        "Tidetable이 정한 값: 매니페스트에 없으므로 0. 시작할 때 컴파일하는 런타임은 많이 씁니다",
    },
    row! {
        "podStart.cpuFor", Duration, pod_start.cpu_for, ms(0), [ms(0), ms(HOUR)],
        "How long after the container's start it does so; 0s: as long as podStart.readiness",
        "컨테이너가 시작된 뒤 그 사용이 이어지는 시간. 0s이면 podStart.readiness와 같습니다",
        "Tidetable's choice: the work of starting is over once the service answers",
        "Tidetable이 정한 값: 서비스가 응답하기 시작하면 시작 작업도 끝났다고 봅니다",
    },
    row! {
        "podStop.grace", Duration, pod_stop.grace, ms(2 * S), [ms(0), ms(HOUR)],
        "From a pod's deletion until it is gone; it serves nothing in between",
        "파드 삭제가 시작된 뒤 사라지기까지 걸리는 시간; 그동안 요청을 처리하지 않습니다",
        "Tidetable's choice: a process that ends at SIGTERM, within the 30 s that pods have",
        "Tidetable이 정한 값: SIGTERM에 끝나는 프로세스. 파드에 주어지는 시간은 30초입니다",
    },
    row! {
        "node.count", Count, node.count, 10, [0, 5000],
        "How many nodes there are, if the Scenario names no pool",
        "Scenario에 노드 풀이 없을 때 가정하는 노드 수",
        "Tidetable's choice: room enough, so that nodes are not the limit at first",
        "Tidetable이 정한 값: 처음에는 노드가 한도가 되지 않을 만큼",
    },
    row! {
        "node.cpu", Cpu, node.cpu_nano, 16 * CORE, [1, 100_000 * CORE],
        "CPU of each assumed node that pods may use",
        "가정한 노드마다 파드가 사용할 수 있는 CPU",
        "Tidetable's choice: a common size of machine",
        "Tidetable이 정한 값: 흔한 머신 크기",
    },
    row! {
        "node.memory", Bytes, node.memory_bytes, 64 * GI, [1, 1_000_000 * GI],
        "Memory of each assumed node that pods may use",
        "가정한 노드마다 파드가 사용할 수 있는 메모리",
        "Tidetable's choice: 4 GiB for each core",
        "Tidetable이 정한 값: 코어마다 4 GiB",
    },
    row! {
        "node.gpu", Count, node.gpu, 1, [0, 1024],
        "GPUs of each assumed node",
        "가정한 노드마다 있는 GPU 수",
        "Tidetable's choice: so that GPU workers can start at all",
        "Tidetable이 정한 값: GPU 워커가 시작될 수 있도록",
    },
    row! {
        "metrics.resolution", Duration, metrics.resolution, ms(15 * S), [ms(10 * S), ms(HOUR)],
        "How often metrics-server asks the nodes for usage",
        "metrics-server가 노드에서 사용량을 수집하는 주기",
        "metrics-server manifest: --metric-resolution=15s; less than 10 s is refused",
        "metrics-server 매니페스트의 --metric-resolution=15s. 10초 미만은 거부됩니다",
    },
    row! {
        "metrics.lag", Duration, metrics.lag, ms(8 * S), [ms(0), ms(HOUR)],
        "How old a measurement is when metrics-server reads it",
        "metrics-server가 읽을 때 측정값이 경과한 시간",
        "cAdvisor measures every 10 to 20 s: 7.8 s old on average, then published",
        "cAdvisor는 10에서 20초마다 측정합니다. 평균 7.8초 지난 값이 그다음에 공개됩니다",
    },
    row! {
        "metrics.window", Duration, metrics.window, ms(15 * S), [ms(S), ms(HOUR)],
        "How often the kubelet measures a container; CPU is averaged between two measurements",
        "kubelet이 컨테이너 사용량을 측정하는 주기, CPU는 두 측정 사이의 평균",
        "cAdvisor housekeeping, 10 s with up to as much jitter: 15 s on average",
        "cAdvisor의 housekeeping은 10초에 최대 그만큼의 지터가 더해져 평균 15초입니다",
    },
    row! {
        "prometheus.scrapeInterval", Duration, prometheus.scrape_interval, ms(30 * S),
        [ms(5 * S), ms(HOUR)],
        "How often Prometheus reads a metric, unless the metric says",
        "메트릭에 따로 지정하지 않았을 때 Prometheus가 메트릭을 수집하는 주기",
        "prometheus-operator: scrapeInterval 30s; Prometheus alone: 1m",
        "prometheus-operator는 scrapeInterval 30s, Prometheus만 쓰면 1m",
    },
    row! {
        "prometheus.rateWindow", Duration, prometheus.rate_window, ms(2 * MIN),
        [ms(10 * S), ms(30 * MIN)],
        "The range of rate() in a query for requests, unless the metric says",
        "메트릭에 따로 지정하지 않았을 때 요청 수 쿼리의 rate() 범위",
        "prometheus-adapter docs/sample-config.yaml: rate over 2m",
        "prometheus-adapter docs/sample-config.yaml: 2m 범위의 rate",
    },
    row! {
        "prometheus.relistInterval", Duration, prometheus.relist_interval, ms(10 * MIN),
        [ms(S), ms(24 * HOUR)],
        "How often the Prometheus Adapter looks which metrics there are",
        "Prometheus Adapter가 어떤 메트릭이 있는지 확인하는 주기",
        "prometheus-adapter flag --metrics-relist-interval",
        "prometheus-adapter 플래그 --metrics-relist-interval",
    },
    row! {
        "keda.latency", Duration, keda.latency, ms(50 * MS), [ms(MS), ms(MIN)],
        "How long KEDA takes to ask a trigger's source",
        "KEDA가 트리거의 소스를 조회하는 데 걸리는 시간",
        "A query within a cluster takes tens of milliseconds; the timeout is 3 s",
        "클러스터 안의 쿼리는 수십 밀리초가 걸리고, 제한 시간은 3초입니다",
    },
    row! {
        "keda.kafkaPartitions", Count, keda.kafka_partitions, 0, [0, 100_000],
        "How many partitions the topic of a Kafka trigger has, which bound its lag; 0: no bound",
        "Kafka 트리거 토픽의 파티션 수. 지연(lag)의 상한이 되며, 0이면 상한이 없습니다",
        "No manifest says; a lag is told up to lagThreshold times the partitions, unless \
         allowIdleConsumers is set",
        "매니페스트에 없는 값입니다. allowIdleConsumers가 없으면 지연은 lagThreshold에 파티션 \
         수를 곱한 값까지만 알려집니다",
    },
    row! {
        "hpa.syncPeriod", Duration, hpa.sync_period, ms(15 * S), [ms(S), ms(HOUR)],
        "How often the HPA controller looks",
        "HPA 컨트롤러가 판단하는 주기",
        "kube-controller-manager flag --horizontal-pod-autoscaler-sync-period",
        "kube-controller-manager 플래그 --horizontal-pod-autoscaler-sync-period",
    },
    row! {
        "hpa.concurrentSyncs", Count, hpa.concurrent_syncs, 5, [1, 1000],
        "How many HPAs the controller works on at once",
        "HPA 컨트롤러가 동시에 처리하는 HPA 수",
        "kube-controller-manager flag --concurrent-horizontal-pod-autoscaler-syncs",
        "kube-controller-manager 플래그 --concurrent-horizontal-pod-autoscaler-syncs",
    },
    row! {
        "hpa.getScale", Duration, hpa.get_scale, ms(10 * MS), [ms(0), ms(MIN)],
        "How long the controller takes to read a scale",
        "HPA 컨트롤러가 스케일 정보를 읽는 데 걸리는 시간",
        "Tidetable's choice: an API server answers single objects in 2 to 20 ms",
        "Tidetable이 정한 값: API 서버는 오브젝트 하나를 2에서 20ms에 답합니다",
    },
    row! {
        "hpa.getMetric", Duration, hpa.get_metric, ms(40 * MS), [ms(0), ms(HOUR)],
        "How long a metrics API takes to answer; metrics are asked for one after the other",
        "메트릭 API가 응답하는 데 걸리는 시간; 메트릭은 하나씩 차례로 조회합니다",
        "Tidetable's choice: metrics-server answers from memory, an adapter asks Prometheus first",
        "Tidetable이 정한 값: metrics-server는 메모리에서 답하고, 어댑터는 먼저 Prometheus에 \
         묻습니다",
    },
    row! {
        "hpa.putScale", Duration, hpa.put_scale, ms(20 * MS), [ms(0), ms(MIN)],
        "How long the controller takes to write a new count",
        "HPA 컨트롤러가 새 레플리카 수를 쓰는 데 걸리는 시간",
        "Tidetable's choice: a write waits for etcd's disk, 5 to 50 ms",
        "Tidetable이 정한 값: 쓰기는 etcd의 디스크를 기다립니다. 5에서 50ms",
    },
    row! {
        "hpa.putStatus", Duration, hpa.put_status, ms(20 * MS), [ms(0), ms(MIN)],
        "How long the controller takes to write the status of an HPA",
        "HPA 컨트롤러가 HPA의 상태를 쓰는 데 걸리는 시간",
        "Tidetable's choice: a write waits for etcd's disk, 5 to 50 ms",
        "Tidetable이 정한 값: 쓰기는 etcd의 디스크를 기다립니다. 5에서 50ms",
    },
    row! {
        "hpa.watchLag", Duration, hpa.watch_lag, ms(5 * MS), [ms(0), ms(MIN)],
        "How long it takes until the controller hears of an edited HPA",
        "HPA를 수정한 뒤 컨트롤러가 알게 되기까지 걸리는 시간",
        "Tidetable's choice: a watch, typically a few milliseconds",
        "Tidetable이 정한 값: watch는 보통 몇 밀리초입니다",
    },
    row! {
        "hpa.resyncAge", Duration, hpa.resync_age, ms(0), [ms(0), ms(HOUR)],
        "How long before the run the controller's cache was filled; it resyncs every sync period",
        "시작 시점 기준으로 컨트롤러의 캐시가 채워진 지 지난 시간; 캐시는 판단 주기마다 다시 동기화됩니다",
        "the controller starts when the run begins",
        "컨트롤러는 실행이 시작될 때 시작합니다",
    },
    row! {
        "hpa.lockedLooks", Count, hpa.locked_looks, 4, [0, 1_000_000],
        "How many looks in a row begin together with a resync, once one has fallen into a look",
        "재동기화가 판단 도중에 일어난 뒤, 재동기화와 함께 시작되는 판단이 이어지는 횟수",
        "a race of microseconds: 2 to 5 measured; upstream's code on a virtual clock never stops",
        "마이크로초 단위의 경쟁 상태입니다. 2에서 5번이 측정되었고, 가상 시계에서는 원본 코드가 \
         멈추지 않습니다",
    },
    row! {
        "hpa.downscaleStabilization", Duration, hpa.downscale_stabilization, ms(5 * MIN),
        [ms(0), ms(24 * HOUR)],
        "How long a higher recommendation holds off a scale-down, unless the HPA says",
        "HPA에 따로 정하지 않았을 때, 더 높은 권장 사항이 스케일 다운을 막는 안정화 윈도우",
        "kube-controller-manager flag --horizontal-pod-autoscaler-downscale-stabilization",
        "kube-controller-manager 플래그 --horizontal-pod-autoscaler-downscale-stabilization",
    },
    row! {
        "hpa.tolerance", Ratio, hpa.tolerance, 0.1, [0.0, 1.0],
        "How far usage may be off its target before anything changes, unless the HPA says",
        "HPA에 따로 정하지 않았을 때, 레플리카 수를 바꾸지 않는 허용 오차",
        "kube-controller-manager flag --horizontal-pod-autoscaler-tolerance",
        "kube-controller-manager 플래그 --horizontal-pod-autoscaler-tolerance",
    },
    row! {
        "hpa.cpuInitializationPeriod", Duration, hpa.cpu_initialization_period, ms(5 * MIN),
        [ms(0), ms(24 * HOUR)],
        "How long after its start a pod's CPU counts only while it is ready",
        "파드가 시작된 뒤 준비 상태일 때만 CPU를 계산에 포함하는 기간",
        "kube-controller-manager flag --horizontal-pod-autoscaler-cpu-initialization-period",
        "kube-controller-manager 플래그 --horizontal-pod-autoscaler-cpu-initialization-period",
    },
    row! {
        "hpa.initialReadinessDelay", Duration, hpa.initial_readiness_delay, ms(30 * S),
        [ms(0), ms(24 * HOUR)],
        "How long after its start a pod that turns unready counts as never ready yet",
        "파드가 시작된 뒤 준비되지 않은 상태로 바뀌어도 준비된 적이 없다고 보는 기간",
        "kube-controller-manager flag --horizontal-pod-autoscaler-initial-readiness-delay",
        "kube-controller-manager 플래그 --horizontal-pod-autoscaler-initial-readiness-delay",
    },
    row! {
        "ray.loopInterval", Duration, ray.loop_interval, ms(5 * S), [ms(S), ms(HOUR)],
        "How often the Ray autoscaler looks",
        "Ray 오토스케일러가 판단하는 주기",
        "Ray environment variable AUTOSCALER_UPDATE_INTERVAL_S",
        "Ray 환경 변수 AUTOSCALER_UPDATE_INTERVAL_S",
    },
    row! {
        "ray.demandLag", Duration, ray.demand_lag, ms(2 * S), [ms(0), ms(HOUR)],
        "From a task that waits until the autoscaler can see it",
        "대기 중인 태스크를 오토스케일러가 볼 수 있기까지 걸리는 시간",
        "Ray: backlog reported every 1 s, pulled by the GCS every 1 s",
        "Ray: 백로그를 1초마다 보고하고, GCS가 1초마다 가져갑니다",
    },
    row! {
        "ray.operatorLag", Duration, ray.operator_lag, ms(S), [ms(0), ms(HOUR)],
        "From the autoscaler's patch of the RayCluster until KubeRay creates or deletes pods",
        "오토스케일러가 RayCluster를 패치한 뒤 KubeRay가 파드를 생성, 삭제하기까지 걸리는 시간",
        "KubeRay watches the RayCluster: typically less than 1 s",
        "KubeRay는 RayCluster를 watch합니다. 보통 1초가 걸리지 않습니다",
    },
    row! {
        "ray.resizeLag", Duration, ray.resize_lag, ms(S), [ms(0), ms(HOUR)],
        "From the autoscaler's resize of a pod until its kubelet grants it or finds no room",
        "오토스케일러가 파드 크기 조정을 요청한 뒤 kubelet이 허용하거나 자리가 없다고 답하기까지 걸리는 시간",
        "kubelet: acts on the change at once, looks at containers every 1 s (genericPlegRelistPeriod)",
        "kubelet은 변경을 바로 처리하고, 컨테이너는 1초마다 살핍니다(genericPlegRelistPeriod)",
    },
    row! {
        "ray.imagePull", Duration, ray.image_pull, ms(25 * S), [ms(0), ms(HOUR)],
        "Pulling a Ray image onto a node that does not have it yet, instead of podStart.imagePull",
        "이미지가 없는 노드에서 Ray 이미지를 풀(pull)하는 시간(podStart.imagePull 대신)",
        "rayproject/ray, 1 GB at 40 MB/s; a GPU image of 4.5 GB takes about 110 s",
        "rayproject/ray는 1 GB를 40 MB/s로. 4.5 GB인 GPU 이미지는 약 110초가 걸립니다",
    },
    row! {
        "ray.rayStart", Duration, ray.ray_start, ms(10 * S), [ms(0), ms(HOUR)],
        "From a Ray container's start until its node has joined the cluster and can run tasks",
        "Ray 컨테이너가 시작된 뒤 클러스터에 합류해 태스크를 실행할 수 있기까지 걸리는 시간",
        "Tidetable's choice: 5 to 30 s seen",
        "Tidetable이 정한 값: 5에서 30초가 관측됩니다",
    },
    row! {
        "ray.replicaStart", Duration, ray.replica_start, ms(5 * S), [ms(0), ms(24 * HOUR)],
        "From a Serve replica's room until it takes requests: imports, its constructor, its model",
        "Serve 레플리카가 자리를 얻은 뒤 임포트, 생성자, 모델 로딩을 마치고 요청을 받기까지 걸리는 시간",
        "Tidetable's choice: a few seconds; a large model takes minutes",
        "Tidetable이 정한 값: 몇 초. 큰 모델은 몇 분이 걸립니다",
    },
    row! {
        "ray.proxyDrain", Duration, ray.proxy_drain, ms(31 * S), [ms(0), ms(24 * HOUR)],
        "From a worker's last Serve replica being told to stop until its proxy is gone, and it can idle",
        "워커의 마지막 Serve 레플리카가 중지 지시를 받은 뒤 프록시가 사라져 유휴가 될 수 있기까지 걸리는 시간",
        "Ray's 30 s, looked at every 5 s: 30.8 s; 33 s seen on a live cluster",
        "Ray의 30초를 5초마다 확인하므로 30.8초입니다. 실제 클러스터에서는 33초가 관측되었습니다",
    },
    row! {
        "ray.jobRuns", Duration, ray.job_runs, ms(0), [ms(0), ms(7 * 24 * HOUR)],
        "How long a RayJob's entrypoint runs, at each attempt; 0: to the end of the run",
        "RayJob의 엔트리포인트가 시도마다 실행되는 시간(0이면 실행이 끝날 때까지)",
        "No manifest says; what comes after its end begins with this",
        "매니페스트에 없습니다. 작업이 끝난 뒤의 일은 이때부터 시작합니다",
    },
    row! {
        "ray.jobFailures", Count, ray.job_failures, 0, [0, 1_000],
        "How many attempts of a RayJob fail at their end, the first ones; those after them succeed",
        "RayJob이 처음 몇 번의 시도에서 실패하는지(그 뒤의 시도는 성공)",
        "No manifest says; backoffLimit decides how often it is tried again",
        "매니페스트에 없습니다. 몇 번 다시 시도할지는 backoffLimit이 정합니다",
    },
    row! {
        "deployment.cpuRequest", Cpu, deployment.cpu_request_nano, 500 * MILLI, [0, 1000 * CORE],
        "CPU request of the Deployment that is assumed for an HPA without one",
        "대상이 없는 HPA를 위해 가정한 Deployment의 CPU 요청량",
        "Tidetable's choice: half a core",
        "Tidetable이 정한 값: 코어 반 개",
    },
    row! {
        "deployment.cpuLimit", Cpu, deployment.cpu_limit_nano, CORE, [1, 1000 * CORE],
        "CPU limit of the assumed Deployment",
        "가정한 Deployment의 CPU 제한",
        "Tidetable's choice: twice the request, so that usage can reach 200 %",
        "Tidetable이 정한 값: 요청량의 두 배. 사용률이 200%까지 오를 수 있습니다",
    },
    row! {
        "deployment.memoryRequest", Bytes, deployment.memory_request_bytes, 256 * MI,
        [0, 1024 * GI],
        "Memory request of the assumed Deployment",
        "가정한 Deployment의 메모리 요청량",
        "Tidetable's choice: twice what an idle pod uses",
        "Tidetable이 정한 값: 유휴 파드 사용량의 두 배",
    },
    row! {
        "deployment.memoryLimit", Bytes, deployment.memory_limit_bytes, 512 * MI, [1, 1024 * GI],
        "Memory limit of the assumed Deployment",
        "가정한 Deployment의 메모리 제한",
        "Tidetable's choice: twice the request",
        "Tidetable이 정한 값: 요청량의 두 배",
    },
    row! {
        "versions.kubernetes", Version, versions.kubernetes, KUBERNETES,
        [OLDEST_KUBERNETES, KUBERNETES],
        "Kubernetes release whose HPA controller decides",
        "HPA 컨트롤러의 판단을 재현하는 Kubernetes 버전",
        "the release whose code Tidetable is checked against",
        "Tidetable이 코드와 비교한 버전",
    },
    row! {
        "versions.ray", Version, versions.ray, RAY, [OLDEST_RAY, RAY],
        "Ray release whose autoscaler decides; of an older one it is said what is known to differ",
        "오토스케일러의 판단을 재현하는 Ray 버전. 이전 버전을 고르면 다르다고 알려진 점을 알려 줍니다",
        "the release whose code Tidetable is checked against",
        "Tidetable이 코드와 비교한 버전",
    },
    row! {
        "versions.kuberay", Version, versions.kuberay, KUBERAY, [KUBERAY, KUBERAY],
        "KubeRay release whose operator creates the pods",
        "파드를 생성하는 KubeRay 오퍼레이터의 버전",
        "the release whose rules Tidetable reproduces; an earlier one answers the tests",
        "Tidetable이 재현하는 릴리스. 테스트는 그보다 이전 릴리스의 답과 비교합니다",
    },
    row! {
        "featureGates.HPAScaleToZero", Switch, feature_gates.scale_to_zero, None,
        [None, Some(true)],
        "Whether an HPA may scale to zero",
        "HPA가 레플리카를 0으로 줄일 수 있는지 여부",
        "kube-controller-manager flag --feature-gates: on from 1.37",
        "kube-controller-manager 플래그 --feature-gates: 1.37부터 켜짐",
    },
    row! {
        "featureGates.HPAConfigurableTolerance", Switch, feature_gates.configurable_tolerance, None,
        [None, Some(true)],
        "Whether an HPA's own tolerance counts",
        "HPA에 적힌 허용 오차를 따르는지 여부",
        "kube-controller-manager flag --feature-gates: from 1.33, on from 1.35, locked from 1.37",
        "kube-controller-manager 플래그 --feature-gates: 1.33부터 있고 1.35부터 켜지며 1.37부터 \
         고정",
    },
    row! {
        "featureGates.HPAContainerMetrics", Switch, feature_gates.container_metrics, None,
        [None, Some(true)],
        "Whether ContainerResource metrics are read",
        "ContainerResource 메트릭을 읽는지 여부",
        "kube-controller-manager flag --feature-gates: on, locked from 1.30",
        "kube-controller-manager 플래그 --feature-gates: 켜짐, 1.30부터 고정",
    },
    row! {
        "featureGates.HPAGeneration", Switch, feature_gates.generation, None, [None, Some(true)],
        "Whether the controller looks at once when an HPA is edited",
        "HPA를 수정하면 컨트롤러가 바로 판단하는지 여부",
        "kube-controller-manager flag --feature-gates: from 1.37, on",
        "kube-controller-manager 플래그 --feature-gates: 1.37부터 있고 켜짐",
    },
    row! {
        "featureGates.PodLevelResources", Switch, feature_gates.pod_level_resources, None,
        [None, Some(true)],
        "Whether a pod's own requests go before those of its containers",
        "컨테이너의 요청량보다 파드 자체의 요청량을 우선하는지 여부",
        "kube-controller-manager flag --feature-gates: of effect from 1.34, on",
        "kube-controller-manager 플래그 --feature-gates: 1.34부터 효과가 있고 켜짐",
    },
];
