//! A sentence for each difference between releases of Kubernetes, by the name that the core has for
//! it: `core/src/hpa/version.rs` and `core/src/manifest/api_rules.rs` say where each is from.

/// One difference.
pub(super) struct Change {
    /// The core's name for it.
    pub(super) rule: &'static str,
    /// The pull requests, as `#121039`, where they are known.
    pub(super) pulls: &'static str,
    /// English.
    pub(super) en: &'static str,
    /// Korean.
    pub(super) ko: &'static str,
}

const fn change(
    rule: &'static str,
    pulls: &'static str,
    en: &'static str,
    ko: &'static str,
) -> Change {
    Change { rule, pulls, en, ko }
}

/// What the HPA controller does.
pub(super) const CONTROLLER: &[Change] = &[
    change(
        "shows_failed_metrics",
        "#121039",
        "When the metrics fail or the scale can't be written, `status.currentMetrics` shows \
         what this look read. Before, what it showed.",
        "메트릭이 실패하거나 스케일을 쓰지 못하면 `status.currentMetrics`에 이번 판단이 읽은 \
         값이 나옵니다. 전에는 앞서 보이던 값이 남았습니다.",
    ),
    change(
        "sidecar_requests",
        "#120001",
        "Init containers with `restartPolicy: Always` count in a pod's requests.",
        "`restartPolicy: Always`인 초기화 컨테이너가 파드의 요청량에 들어갑니다.",
    ),
    change(
        "container_may_be_missing",
        "#127193",
        "A pod whose metrics lack the container of a ContainerResource metric is a missing pod. \
         Before, it fails the whole metric.",
        "ContainerResource 메트릭의 컨테이너가 파드의 샘플에 없으면 샘플이 없는 파드로 봅니다. \
         전에는 메트릭 전체가 실패했습니다.",
    ),
    change(
        "tolerance_interval",
        "#130797",
        "The tolerance is an interval of ratios: exactly 110 % of the target lies within 0.1. \
         Before, `|1 - ratio|` is compared, which is a little more than 0.1.",
        "허용 오차를 비율의 구간으로 봅니다. 목표의 정확히 110 %는 0.1 안에 있습니다. 전에는 \
         `|1 - ratio|`를 비교했고, 그 값은 0.1보다 조금 큽니다.",
    ),
    change(
        "own_tolerance",
        "#130797",
        "`behavior.scaleUp.tolerance` and `scaleDown.tolerance` count. Gate \
         HPAConfigurableTolerance: from 1.33, on from 1.35, locked from 1.37.",
        "`behavior.scaleUp.tolerance`와 `scaleDown.tolerance`를 따릅니다. 게이트 \
         HPAConfigurableTolerance: 1.33부터 있고 1.35부터 켜지며 1.37부터 고정됩니다.",
    ),
    change(
        "binary_memory",
        "#132351",
        "Memory in the status has binary suffixes, `69748Ki`. Before, `71421952`.",
        "상태의 메모리를 `69748Ki`처럼 이진 접미사로 적습니다. 전에는 `71421952`였습니다.",
    ),
    change(
        "conflict_retries",
        "#132007",
        "A write of the scale that conflicts is tried again, five times in all.",
        "스케일을 쓸 때 충돌하면 다시 시도하고, 모두 다섯 번까지 합니다.",
    ),
    change(
        "pod_level_requests",
        "#132430",
        "A pod's own requests go before those of its containers. Gate PodLevelResources.",
        "파드 자체의 요청량이 컨테이너의 요청량보다 우선합니다. 게이트 PodLevelResources.",
    ),
    change(
        "caps_average",
        "#127050",
        "The proposal of an External `averageValue` ends at the largest `int32`, and a sum of \
         its series below zero counts as the largest `int64`. Before, both wrap.",
        "External `averageValue`의 제안은 가장 큰 `int32`에서 멈추고, 시계열의 합이 0보다 \
         작으면 가장 큰 `int64`로 봅니다. 전에는 둘 다 넘쳐서 되돌아갔습니다.",
    ),
    change(
        "caps_value",
        "#126979, #133888",
        "The proposal of an Object or External `value` ends at the largest `int32`, and the sum \
         of the series at the largest `int64`. Before, both wrap.",
        "Object와 External `value`의 제안은 가장 큰 `int32`에서, 시계열의 합은 가장 큰 \
         `int64`에서 멈춥니다. 전에는 둘 다 넘쳐서 되돌아갔습니다.",
    ),
    change(
        "container_must_exist",
        "#133415",
        "A pod without the container of a ContainerResource metric fails the metric. Before, it \
         requests 0.",
        "ContainerResource 메트릭의 컨테이너가 파드에 없으면 메트릭이 실패합니다. 전에는 \
         요청량을 0으로 보았습니다.",
    ),
    change(
        "scaled_to_zero_condition",
        "#135118",
        "At zero replicas the condition `ScaledToZero` tells whether the HPA went there itself \
         and may come back. Before, `minReplicas: 0` alone tells.",
        "레플리카가 0이면 컨디션 `ScaledToZero`가 HPA 스스로 줄였는지, 그래서 다시 늘려도 \
         되는지 알려 줍니다. 전에는 `minReplicas: 0`만 보았습니다.",
    ),
    change(
        "scale_to_zero",
        "",
        "The HPA may scale to zero. Gate HPAScaleToZero: off from 1.16 to 1.36.",
        "HPA가 0으로 줄일 수 있습니다. 게이트 HPAScaleToZero: 1.16에서 1.36까지는 꺼져 있습니다.",
    ),
    change(
        "looks_at_once",
        "#138294",
        "An HPA that appears, or that a restarted controller finds, is looked at at once. \
         Before, after one period.",
        "새로 생긴 HPA와 다시 시작한 컨트롤러가 발견한 HPA를 바로 판단합니다. 전에는 한 주기 \
         뒤에 판단했습니다.",
    ),
    change(
        "generation",
        "#138228, #138294",
        "`status.observedGeneration` is set, and a changed spec is looked at at once. Before, \
         when its turn comes. Gate HPAGeneration.",
        "`status.observedGeneration`을 적고, 바뀐 스펙을 바로 판단합니다. 전에는 차례가 되어야 \
         판단했습니다. 게이트 HPAGeneration.",
    ),
    change(
        "skips_stale",
        "#139025",
        "An HPA is not looked at before the cache knows the status that the controller wrote \
         itself.",
        "컨트롤러가 스스로 쓴 상태를 캐시가 알기 전에는 HPA를 판단하지 않습니다.",
    ),
    change(
        "names_two_hpas",
        "#139142",
        "The AmbiguousSelector text names two HPAs. Before, all of them.",
        "AmbiguousSelector 메시지에 HPA 두 개만 나옵니다. 전에는 모두 나왔습니다.",
    ),
    change(
        "object_error_in_order",
        "#139029",
        "The error of an Object metric names the object, then what went wrong. Before, the \
         words are in the wrong places.",
        "Object 메트릭의 오류가 오브젝트를 먼저, 원인을 다음에 말합니다. 전에는 단어의 자리가 \
         뒤바뀌어 있었습니다.",
    ),
    change(
        "json_values",
        "",
        "The error of a selector shows a list of values as JSON. Before, as Go prints it.",
        "셀렉터 오류가 값의 목록을 JSON으로 보여 줍니다. 전에는 Go의 형식이었습니다.",
    ),
    change(
        "label_keys",
        "",
        "Names of labels are called label keys in errors, and measured in bytes. Before, \
         qualified names, in characters.",
        "오류에서 레이블 이름을 label key라고 부르고 바이트로 셉니다. 전에는 qualified \
         name이라고 부르고 글자로 셌습니다.",
    ),
    change(
        "container_metrics",
        "",
        "ContainerResource metrics are read. Gate HPAContainerMetrics: on, locked from 1.30.",
        "ContainerResource 메트릭을 읽습니다. 게이트 HPAContainerMetrics: 켜져 있고 1.30부터 \
         고정됩니다.",
    ),
];

/// What the API server refuses, and what it keeps.
pub(super) const API: &[Change] = &[
    change(
        "bare_resource_names",
        "",
        "From 1.29 to 1.33 errors show the name of a resource as it is. Before and after, in \
         quotes.",
        "1.29에서 1.33까지는 오류에 리소스 이름이 그대로 나옵니다. 그 전과 뒤에는 따옴표 안에 \
         나옵니다.",
    ),
    change(
        "too_long_may_not",
        "",
        "What is too long `may not be more than` so many bytes. Before, it `must have at most` \
         as many.",
        "너무 긴 값은 `may not be more than` 몇 바이트라고 합니다. 전에는 `must have at \
         most`였습니다.",
    ),
    change(
        "tolerance",
        "",
        "`tolerance` is a field. Before, it is unknown.",
        "`tolerance`라는 필드가 있습니다. 전에는 알 수 없는 필드였습니다.",
    ),
    change(
        "own_tolerance",
        "",
        "`tolerance` is kept. With the gate off, it is dropped in silence.",
        "`tolerance`를 저장합니다. 게이트가 꺼져 있으면 말없이 버립니다.",
    ),
    change("scale_to_zero", "", "`minReplicas` may be 0.", "`minReplicas`가 0일 수 있습니다."),
    change(
        "pod_level_resources",
        "",
        "`resources` of a pod are kept. With the gate PodLevelResources off, they are dropped.",
        "파드의 `resources`를 저장합니다. 게이트 PodLevelResources가 꺼져 있으면 버립니다.",
    ),
    change(
        "api_version",
        "#132537",
        "`apiVersion` of a reference must be one, and that of the target must have a group.",
        "참조의 `apiVersion`은 형식에 맞아야 하고, 대상의 것에는 그룹이 있어야 합니다.",
    ),
    change(
        "short_owner_words",
        "",
        "What an owner reference lacks `must not be empty`. Before, `kind must not be empty`.",
        "소유자 참조에 빠진 것은 `must not be empty`라고 합니다. 전에는 `kind must not be \
         empty`였습니다.",
    ),
    change(
        "owners_by_place",
        "",
        "What is wrong with an owner reference names its place in the list, and what it lacks \
         is missing. Before, the whole list is an invalid value.",
        "소유자 참조의 오류는 목록에서의 자리를 말하고, 빠진 것은 없는 값으로 봅니다. 전에는 \
         목록 전체가 잘못된 값이었습니다.",
    ),
    change(
        "json_values",
        "",
        "Errors show values that are neither text nor numbers as JSON. Before, as Go prints \
         them.",
        "오류가 문자열도 숫자도 아닌 값을 JSON으로 보여 줍니다. 전에는 Go의 형식이었습니다.",
    ),
    change(
        "label_keys",
        "",
        "Names of labels are called label keys in errors, and measured in bytes. Before, \
         qualified names, in characters.",
        "오류에서 레이블 이름을 label key라고 부르고 바이트로 셉니다. 전에는 qualified \
         name이라고 부르고 글자로 셌습니다.",
    ),
    change(
        "zero_beside_average",
        "",
        "A value of 0 beside an average in an annotation of autoscaling/v1 counts as not set.",
        "autoscaling/v1의 어노테이션에서 평균 옆에 적힌 값 0은 적지 않은 것으로 봅니다.",
    ),
    change(
        "zero_max_is_missing",
        "",
        "A `maxReplicas` of 0 counts as missing. Before, as too small.",
        "`maxReplicas`가 0이면 없는 것으로 봅니다. 전에는 너무 작은 값이었습니다.",
    ),
    change(
        "declarative",
        "",
        "The bounds are checked after everything else, by rules generated from the types.",
        "최솟값과 최댓값을 다른 모든 검사 뒤에, 타입에서 만들어진 규칙으로 검사합니다.",
    ),
];
