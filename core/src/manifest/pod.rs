//! A pod template: what its containers ask for and when they are ready.
//!
//! Upstream: api 0.37 core/v1/types.go `PodTemplateSpec`.

use super::metadata::{Labels, labels};
use crate::quantity::Quantity;
use crate::source::Span;
use crate::time::Duration;
use crate::yaml::{Fields, Findings, Spanned, scalar};

/// A pod template.
#[derive(Clone, Debug, Default)]
pub struct PodTemplate {
    /// Where it stands.
    pub span: Span,
    /// Its path in the document, as `spec.template`.
    pub path: String,
    /// `metadata.labels`.
    pub labels: Labels,
    /// `metadata.annotations`.
    pub annotations: Labels,
    /// `spec.containers`.
    pub containers: Vec<Container>,
    /// `spec.initContainers`.
    pub init_containers: Vec<Container>,
    /// `spec.resources`: of the pod as a whole.
    pub resources: Resources,
    /// Where `resources` stands.
    pub resources_span: Span,
    /// `spec.overhead`: what the runtime takes beside the containers.
    pub overhead: ResourceList,
    /// `spec.restartPolicy`.
    pub restart_policy: Option<Spanned<String>>,
    /// `spec.terminationGracePeriodSeconds`.
    pub termination_grace_period_seconds: Option<Spanned<i64>>,
    /// `spec.nodeSelector`.
    pub node_selector: Labels,
}

impl PodTemplate {
    /// The containers whose usage and requests an HPA adds up: all, and the init containers that
    /// stay (`restartPolicy: Always`).
    pub fn running_containers(&self) -> impl Iterator<Item = &Container> {
        let sidecars = self.init_containers.iter().filter(|it| it.is_sidecar());
        self.containers.iter().chain(sidecars)
    }
}

/// One container.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// `name`.
    pub name: Spanned<String>,
    /// Where it stands.
    pub span: Span,
    /// Its path in the document, as `spec.template.spec.containers[0]`.
    pub path: String,
    /// `restartPolicy`: `Always` makes an init container a sidecar.
    pub restart_policy: Option<Spanned<String>>,
    /// `resources`.
    pub resources: Resources,
    /// `resizePolicy`: resource and `restartPolicy`.
    pub resize_policy: Vec<(String, String)>,
    /// `readinessProbe`.
    pub readiness_probe: Option<Probe>,
    /// `startupProbe`.
    pub startup_probe: Option<Probe>,
    /// `env`.
    pub env: Vec<Variable>,
    /// Whether `envFrom` gives it more variables; their names are not in the text.
    pub has_env_from: bool,
}

/// A variable of a container.
#[derive(Clone, Debug, Default)]
pub struct Variable {
    /// `name`.
    pub name: Spanned<String>,
    /// `value`.
    pub value: Option<String>,
    /// Whether `valueFrom` names a Secret or a ConfigMap.
    pub is_in_object: bool,
}

impl Container {
    /// Whether it is an init container that keeps running.
    pub fn is_sidecar(&self) -> bool {
        self.restart_policy.as_ref().is_some_and(|it| it.value == "Always")
    }
}

/// Requests and limits.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// `requests`.
    pub requests: ResourceList,
    /// `limits`.
    pub limits: ResourceList,
    /// What the LimitRange of the namespace adds to the requests when pods are made.
    pub admitted: ResourceList,
}

impl Resources {
    /// What is requested of `name`; a limit stands in for a request that is not set, and then the
    /// namespace's default.
    ///
    /// Upstream: kubernetes 1.37 pkg/apis/core/v1/defaults.go `SetDefaults_Pod`.
    pub fn request(&self, name: &str) -> Option<&Resource> {
        let own = self.requests.get(name).or_else(|| self.limits.get(name));
        own.or_else(|| self.admitted.get(name))
    }

    /// Every resource that is requested or limited; some stand here more than once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.requests, &self.limits, &self.admitted];
        lists.into_iter().flat_map(|it| &it.0).map(|it| it.name.value.as_str())
    }
}

/// Quantities by resource, in the order of the manifest.
#[derive(Clone, Debug, Default)]
pub struct ResourceList(pub Vec<Resource>);

impl ResourceList {
    /// The entry of `name`.
    pub fn get(&self, name: &str) -> Option<&Resource> {
        self.0.iter().find(|it| it.name.value == name)
    }

    /// The user's own text by resource.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0.iter().map(|it| (it.name.value.clone(), it.text.clone())).collect()
    }
}

impl ResourceList {
    /// So much CPU and memory; it stands nowhere in the text.
    pub fn of(cpu: &str, memory: &str) -> Self {
        let entry = |(name, text): (&str, &str)| {
            let name = Spanned::new(name.to_owned(), Span::default());
            let quantity = Quantity::parse(text).ok()?;
            Some(Resource { name, quantity, text: text.to_owned(), span: Span::default() })
        };
        Self([("cpu", cpu), ("memory", memory)].into_iter().filter_map(entry).collect())
    }
}

/// One resource and how much of it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// `cpu`, `memory`, `nvidia.com/gpu`.
    pub name: Spanned<String>,
    /// How much.
    pub quantity: Quantity,
    /// How much, as it is written: custom resources keep the text.
    pub text: String,
    /// Where the quantity stands.
    pub span: Span,
}

/// When a container counts as ready or started, with the API's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `initialDelaySeconds`, 0.
    pub initial_delay: Duration,
    /// `periodSeconds`, 10.
    pub period: Duration,
    /// `successThreshold`, 1.
    pub success_threshold: i32,
    /// `failureThreshold`, 3.
    pub failure_threshold: i32,
    /// Where it stands.
    pub span: Span,
}

/// Takes the pod template `name`.
pub(super) fn template(parent: &mut Fields<'_>, name: &'static str) -> Option<PodTemplate> {
    let mut fields = parent.mapping(name)?;
    let mut template =
        PodTemplate { span: fields.span(), path: fields.path().to_owned(), ..Default::default() };
    fields.pass(&["apiVersion", "kind"]);
    if let Some(mut metadata) = fields.mapping("metadata") {
        template.labels = labels(&mut metadata, "labels");
        template.annotations = labels(&mut metadata, "annotations");
        metadata.pass_rest();
    }
    pod_spec(&mut fields, &mut template);
    Some(template)
}

/// Takes `spec` of a pod.
pub(super) fn pod_spec(parent: &mut Fields<'_>, template: &mut PodTemplate) {
    let Some(mut spec) = parent.mapping("spec") else { return };
    template.containers = containers(&mut spec, "containers");
    template.init_containers = containers(&mut spec, "initContainers");
    template.resources_span = spec.key_span("resources").unwrap_or_default();
    template.resources = resources(&mut spec, "resources");
    template.overhead = resource_list(&mut spec, "overhead");
    template.restart_policy = spec.string("restartPolicy");
    template.termination_grace_period_seconds = spec.int64("terminationGracePeriodSeconds");
    template.node_selector = labels(&mut spec, "nodeSelector");
    spec.known(UNMODELLED_OF_PODS);
    spec.pass(WITHOUT_BEARING_OF_PODS);
}

const UNMODELLED_OF_PODS: &[&str] = &[
    "volumes",
    "affinity",
    "tolerations",
    "topologySpreadConstraints",
    "nodeName",
    "schedulerName",
    "priorityClassName",
    "priority",
    "preemptionPolicy",
    "runtimeClassName",
    "readinessGates",
    "schedulingGates",
    "resourceClaims",
    "activeDeadlineSeconds",
    "workloadRef",
    "schedulingGroup",
];

const WITHOUT_BEARING_OF_PODS: &[&str] = &[
    "ephemeralContainers",
    "dnsPolicy",
    "serviceAccountName",
    "serviceAccount",
    "automountServiceAccountToken",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "shareProcessNamespace",
    "securityContext",
    "imagePullSecrets",
    "hostname",
    "subdomain",
    "hostAliases",
    "dnsConfig",
    "enableServiceLinks",
    "setHostnameAsFQDN",
    "os",
    "hostUsers",
    "hostnameOverride",
    "evictionResponders",
];

fn containers(spec: &mut Fields<'_>, name: &'static str) -> Vec<Container> {
    let items = spec.mappings(name).unwrap_or_default().value;
    items.into_iter().map(|mut it| container(&mut it)).collect()
}

fn container(fields: &mut Fields<'_>) -> Container {
    let name = fields.string("name").unwrap_or_else(|| {
        fields.missing("name");
        Spanned::new(String::new(), fields.head())
    });
    fields.known(&["lifecycle", "livenessProbe", "restartPolicyRules"]);
    fields.pass(&[
        "image",
        "imagePullPolicy",
        "command",
        "args",
        "workingDir",
        "ports",
        "volumeMounts",
        "volumeDevices",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "securityContext",
        "stdin",
        "stdinOnce",
        "tty",
    ]);
    Container {
        name,
        span: fields.span(),
        path: fields.path().to_owned(),
        restart_policy: fields.string("restartPolicy"),
        resources: resources(fields, "resources"),
        resize_policy: resize_policy(fields),
        readiness_probe: probe(fields, "readinessProbe"),
        startup_probe: probe(fields, "startupProbe"),
        env: env(fields),
        has_env_from: fields.take("envFrom").is_some_and(|it| !it.items().is_empty()),
    }
}

fn resize_policy(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let items = fields.mappings("resizePolicy").unwrap_or_default().value;
    let entry = |mut it: Fields<'_>| {
        let policy = it.string("restartPolicy");
        Some((it.string("resourceName")?.value, policy?.value))
    };
    items.into_iter().filter_map(entry).collect()
}

fn env(fields: &mut Fields<'_>) -> Vec<Variable> {
    let items = fields.mappings("env").unwrap_or_default().value;
    let entry = |mut it: Fields<'_>| {
        let source = it.take("valueFrom");
        let value = it.string("value").map(|it| it.value);
        let objects = ["secretKeyRef", "configMapKeyRef"];
        let is_in_object =
            source.is_some_and(|source| objects.iter().any(|it| source.get(it).is_some()));
        Some(Variable { name: it.string("name")?, value, is_in_object })
    };
    items.into_iter().filter_map(entry).collect()
}

/// Takes requests and limits under `name`.
pub(super) fn resources(fields: &mut Fields<'_>, name: &'static str) -> Resources {
    let Some(mut fields) = fields.mapping(name) else { return Resources::default() };
    fields.known(&["claims"]);
    Resources {
        requests: resource_list(&mut fields, "requests"),
        limits: resource_list(&mut fields, "limits"),
        admitted: ResourceList::default(),
    }
}

/// Takes quantities by resource under `name`.
pub(super) fn resource_list(fields: &mut Fields<'_>, name: &'static str) -> ResourceList {
    let reader = |place: &scalar::Place<'_>, findings: &Findings| {
        let quantity = scalar::quantity(place, findings)?;
        let text = place.node.text().unwrap_or_default().trim().to_owned();
        Some((quantity, text))
    };
    let read = fields.map(name, reader).unwrap_or_default();
    let mut list = ResourceList::default();
    for (name, (Spanned { value: quantity, span }, text)) in read {
        list.0.push(Resource { name, quantity, text, span });
    }
    list
}

fn probe(fields: &mut Fields<'_>, name: &'static str) -> Option<Probe> {
    let mut fields = fields.mapping(name)?;
    fields.pass(&["exec", "httpGet", "tcpSocket", "grpc", "timeoutSeconds"]);
    fields.pass(&["terminationGracePeriodSeconds"]);
    // A zero counts as not set.
    let mut read = |name, default: i32| {
        fields.int32(name).map(|it| it.value).filter(|it| *it != 0).unwrap_or(default)
    };
    Some(Probe {
        initial_delay: Duration::from_seconds(i64::from(read("initialDelaySeconds", 0))),
        period: Duration::from_seconds(i64::from(read("periodSeconds", 10))),
        success_threshold: read("successThreshold", 1),
        failure_threshold: read("failureThreshold", 3),
        span: fields.span(),
    })
}
