package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// object is a manifest, or a part of one.
type object = map[string]any

// maybe sets a field now and then.
func maybe(r *rand.Rand, into object, percent int, name string, value any) {
	if chance(r, percent) {
		into[name] = value
	}
}

func quantities(r *rand.Rand) object {
	list := object{}
	maybe(r, list, 70, "cpu", pick(r, "1", "500m", "2", "2500m", "0", "100m", "16"))
	maybe(r, list, 60, "memory", pick(r, "1Gi", "512Mi", "1500M", "0", "1", "2.5Gi", "123456789"))
	maybe(r, list, 15, "nvidia.com/gpu", pick(r, "1", "4", "0"))
	maybe(r, list, 6, "nvidia.com/mig-1g.10gb", "1")
	maybe(r, list, 5, "amd.com/gpu", pick(r, "1", "2"))
	maybe(r, list, 5, "google.com/tpu", pick(r, "4", "8"))
	maybe(r, list, 4, "aws.amazon.com/neuroncore", "2")
	maybe(r, list, 5, "ephemeral-storage", "10Gi")
	return list
}

func container(r *rand.Rand, name string) object {
	it := object{"name": name, "image": "rayproject/ray:2.60.0"}
	resources := object{}
	if chance(r, 75) {
		resources["limits"] = quantities(r)
	}
	if chance(r, 60) {
		resources["requests"] = quantities(r)
	}
	maybe(r, it, 90, "resources", resources)
	return it
}

func template(r *rand.Rand) object {
	containers := []object{container(r, "ray")}
	if chance(r, 15) {
		containers = append(containers, container(r, "sidecar"))
	}
	spec := object{"containers": containers}
	maybe(r, spec, 15, "restartPolicy", pick(r, "Always", "Never", "OnFailure"))
	if chance(r, 5) {
		spec["initContainers"] = []object{container(r, "own")}
	}
	return object{"spec": spec}
}

// group has what head and worker groups share.
func group(r *rand.Rand) object {
	it := object{"template": template(r)}
	params := object{}
	maybe(r, params, 15, "num-cpus", pick(r, "0", "4", ""))
	maybe(r, params, 5, "num-gpus", pick(r, "1", "0"))
	maybe(r, params, 5, "memory", "1000000")
	maybe(r, params, 6, "resources", pick(r, `"{\"a\": 1}"`, `'{"b": 2, "TPU": 4}'`, `'{"neuron_cores": 1}'`))
	maybe(r, params, 20, "dashboard-host", "0.0.0.0")
	it["rayStartParams"] = params
	if chance(r, 10) {
		resources := object{}
		maybe(r, resources, 60, pick(r, "CPU", "cpu"), pick(r, "2", "1500m"))
		maybe(r, resources, 40, "memory", "4Gi")
		maybe(r, resources, 30, "GPU", "1")
		maybe(r, resources, 40, "special", pick(r, "1", "500m"))
		it["resources"] = resources
	}
	maybe(r, it, 8, "labels", object{"ray.io/zone": "a", "tier": "x"})
	return it
}

func worker(r *rand.Rand, name string) object {
	it := group(r)
	it["groupName"] = name
	maybe(r, it, 90, "replicas", r.Int32N(6))
	maybe(r, it, 80, "minReplicas", r.Int32N(4))
	maybe(r, it, 80, "maxReplicas", 4+r.Int32N(4))
	maybe(r, it, 20, "numOfHosts", pick(r, 1, 2, 4))
	return it
}

// randomCluster is a RayCluster's spec that is meant well.
func randomCluster(r *rand.Rand) object {
	spec := object{"headGroupSpec": group(r)}
	maybe(r, spec, 60, "rayVersion", pick(r, "2.60.0", "2.56.0", "2.55.1", "2.52.0"))
	maybe(r, spec, 60, "enableInTreeAutoscaling", chance(r, 85))
	if chance(r, 50) {
		options := object{}
		maybe(r, options, 60, "version", pick(r, "v1", "v2", "v2"))
		maybe(r, options, 30, "idleTimeoutSeconds", r.Int32N(90))
		maybe(r, options, 20, "upscalingMode", "Default")
		if chance(r, 15) {
			options["resources"] = object{"limits": quantities(r), "requests": quantities(r)}
		}
		spec["autoscalerOptions"] = options
	}
	groups := []object{}
	for i := range r.IntN(3) {
		groups = append(groups, worker(r, "w"+strconv.Itoa(i)))
	}
	spec["workerGroupSpecs"] = groups
	return spec
}

// withDefaults fills in what the CRDs do.
func withDefaults(cluster *rayv1.RayClusterSpec) {
	set := func(field **int32, value int32) {
		if *field == nil {
			*field = &value
		}
	}
	for i := range cluster.WorkerGroupSpecs {
		group := &cluster.WorkerGroupSpecs[i]
		set(&group.Replicas, 0)
		set(&group.MinReplicas, 0)
		set(&group.MaxReplicas, 2147483647)
		if group.NumOfHosts == 0 {
			group.NumOfHosts = 1
		}
		if group.RayStartParams == nil {
			group.RayStartParams = map[string]string{}
		}
	}
	if cluster.HeadGroupSpec.RayStartParams == nil {
		cluster.HeadGroupSpec.RayStartParams = map[string]string{}
	}
}

func decode[T any](it object) *T {
	text, err := json.Marshal(it)
	must(err)
	into := new(T)
	must(json.Unmarshal(text, into))
	return into
}

func clusterOf(name string, spec object) *rayv1.RayCluster {
	cluster := &rayv1.RayCluster{Spec: *decode[rayv1.RayClusterSpec](spec)}
	withDefaults(&cluster.Spec)
	cluster.ObjectMeta = metav1.ObjectMeta{Name: name, Namespace: namespace, UID: "u", Annotations: map[string]string{}}
	return cluster
}

// Container is one of a pod, with what it asks for.
type Container struct {
	Name     string              `json:"name"`
	Requests corev1.ResourceList `json:"requests"`
	Limits   corev1.ResourceList `json:"limits"`
}

// Built is what the operator makes of a template.
type Built struct {
	Restart    string      `json:"restart"`
	Containers []Container `json:"containers"`
	Init       []Container `json:"init"`
	// Start is the command that starts Ray.
	Start string `json:"start"`
	// V2 is the value of RAY_enable_autoscaler_v2 in Ray's container.
	V2 string `json:"v2"`
}

// Build is a RayCluster and the pods that are made of it: the head first, then one of each group.
type Build struct {
	Spec object `json:"spec"`
	// Counts are the groups that the numbers below are asked of.
	Counts    []object            `json:"counts"`
	Pods      []Built             `json:"pods"`
	Desired   int32               `json:"desired"`
	Min       int32               `json:"min"`
	Max       int32               `json:"max"`
	Resources corev1.ResourceList `json:"resources"`
	Least     corev1.ResourceList `json:"least"`
	PerGroup  []int32             `json:"per_group"`
}

func containers(from []corev1.Container) []Container {
	list := []Container{}
	for _, it := range from {
		list = append(list, Container{it.Name, it.Resources.Requests, it.Resources.Limits})
	}
	return list
}

func built(pod *corev1.Pod) Built {
	it := Built{Restart: string(pod.Spec.RestartPolicy), Containers: containers(pod.Spec.Containers), Init: containers(pod.Spec.InitContainers)}
	for _, env := range pod.Spec.Containers[0].Env {
		switch env.Name {
		case utils.KUBERAY_GEN_RAY_START_CMD:
			it.Start = env.Value
		case utils.RAY_ENABLE_AUTOSCALER_V2:
			it.V2 = env.Value
		}
	}
	return it
}

func ptr(n int32) *int32 { return &n }

// randomBuild asks for one pod of each group, then for what they ask for in all, then for numbers of pods that may be anything.
func randomBuild(r *rand.Rand) (build Build, err error) {
	defer func() {
		if it := recover(); it != nil {
			err = fmt.Errorf("%v", it)
		}
	}()
	build.Spec = randomCluster(r)
	cluster := clusterOf("cluster", build.Spec)
	if utils.ValidateRayClusterSpec(&cluster.Spec, nil) != nil {
		return build, fmt.Errorf("refused")
	}
	one := int32(1)
	for i := range cluster.Spec.WorkerGroupSpecs {
		group := &cluster.Spec.WorkerGroupSpecs[i]
		group.Replicas, group.MinReplicas, group.MaxReplicas, group.NumOfHosts = &one, &one, &one, 1
	}
	w := newWorld()
	if err := reconcilePods(w.reconciler, context.Background(), cluster); err != nil {
		return build, err
	}
	for _, pod := range w.created {
		build.Pods = append(build.Pods, built(pod))
	}
	// Upstream up to 1.6 adds up pod by pod: the sums are asked for before numbers become large.
	// And it multiplies some quantities in place, so each sum gets a cluster of its own.
	build.Resources = utils.CalculateDesiredResources(clusterOf("cluster", build.Spec))
	build.Least = utils.CalculateMinResources(clusterOf("cluster", build.Spec))
	cluster = clusterOf("cluster", build.Spec)
	build.Counts = []object{}
	for i := range cluster.Spec.WorkerGroupSpecs {
		group := &cluster.Spec.WorkerGroupSpecs[i]
		group.Replicas, group.MinReplicas = number(r, 5, 9), number(r, 5, 5)
		group.NumOfHosts = pick[int32](r, 1, 1, 0, 3, 1000, 70000)
		if chance(r, 20) {
			group.Replicas = pick(r, ptr(100000), ptr(2147483647), ptr(-2))
		}
		if chance(r, 20) {
			group.MinReplicas = pick(r, ptr(100000), ptr(2147483647))
		}
		if chance(r, 20) {
			suspend := true
			group.Suspend = &suspend
		}
		build.Counts = append(build.Counts, object{
			"replicas": group.Replicas, "min": group.MinReplicas, "max": group.MaxReplicas,
			"hosts": group.NumOfHosts, "suspend": group.Suspend != nil,
		})
	}
	build.Desired, build.Min, build.Max = utils.CalculateDesiredReplicas(cluster), utils.CalculateMinReplicas(cluster), utils.CalculateMaxReplicas(cluster)
	build.PerGroup = []int32{}
	for _, group := range cluster.Spec.WorkerGroupSpecs {
		build.PerGroup = append(build.PerGroup, utils.GetWorkerGroupDesiredReplicas(group))
	}
	return build, nil
}
