package oracle

import (
	"context"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Group is a worker group as the operator reads it.
type Group struct {
	Name     string   `json:"name"`
	Replicas *int32   `json:"replicas"`
	Min      *int32   `json:"min"`
	Max      *int32   `json:"max"`
	Hosts    int32    `json:"hosts"`
	Suspend  bool     `json:"suspend"`
	Delete   []string `json:"delete"`
}

// Pod is what the operator reads of one.
type Pod struct {
	Name       string `json:"name"`
	Group      string `json:"group"`
	Head       bool   `json:"head"`
	Phase      string `json:"phase"`
	Restart    string `json:"restart"`
	Terminated bool   `json:"terminated"`
	Deleting   bool   `json:"deleting"`
	// Name and index of the replica, if it has them.
	Replica string `json:"replica"`
	Index   string `json:"index"`
}

// Made is a pod that was made.
type Made struct {
	Name  string `json:"name"`
	Group string `json:"group"`
	Head  bool   `json:"head"`
	Index string `json:"index"`
	Host  string `json:"host"`
}

// Pass is one look of the operator: what there is, and what it does.
type Pass struct {
	Groups  []Group  `json:"groups"`
	Pods    []Pod    `json:"pods"`
	Deleted []string `json:"deleted"`
	Made    []Made   `json:"made"`
	Error   string   `json:"error"`
}

// History is a cluster over a few passes.
type History struct {
	Autoscaling  bool   `json:"autoscaling"`
	RandomDelete string `json:"random_delete"`
	Suspend      bool   `json:"suspend"`
	Condition    string `json:"condition"`
	Provisioned  bool   `json:"provisioned"`
	NoRestart    bool   `json:"no_restart"`
	// Recreate is what became of the spec under the strategy Recreate: "", "same", "changed" or "upgraded".
	Recreate string `json:"recreate"`
	Passes   []Pass `json:"passes"`
}

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func number(r *rand.Rand, absent int, below int32) *int32 {
	if chance(r, absent) {
		return nil
	}
	n := r.Int32N(below)
	return &n
}

func randomGroup(r *rand.Rand, name string) Group {
	group := Group{Name: name, Replicas: number(r, 5, 6), Min: number(r, 10, 4), Delete: []string{}}
	group.Hosts = pick[int32](r, 1, 1, 1, 1, 2, 2, 3, 0, 4, 1)
	if !chance(r, 20) {
		most := r.Int32N(5)
		if group.Min != nil {
			most += *group.Min
		}
		group.Max = &most
	}
	group.Suspend = chance(r, 4)
	return group
}

// randomPod is a pod in any state; most are well.
func randomPod(r *rand.Rand, pod Pod) Pod {
	pod.Restart = pick(r, "Never", "Always", "OnFailure")
	pod.Phase = pick(r, "Pending", "Running", "Running", "Running", "Running")
	pod.Terminated = chance(r, 3)
	pod.Deleting = chance(r, 7)
	if chance(r, 3) {
		pod.Phase = pick(r, "Failed", "Succeeded", "Unknown")
	}
	return pod
}

func randomHistory(r *rand.Rand) History {
	history := History{Autoscaling: chance(r, 50), RandomDelete: pick(r, "", "", "", "true", "TRUE", "false", "1")}
	history.Suspend = chance(r, 6)
	if chance(r, 8) {
		history.Condition = pick(r, "RayClusterSuspending", "RayClusterSuspended")
	}
	history.Provisioned, history.NoRestart = chance(r, 50), chance(r, 30)
	if chance(r, 12) {
		history.Recreate = pick(r, "same", "changed", "upgraded")
	}
	return history
}

func (w *world) add(pod Pod) {
	labels := map[string]string{
		utils.RayClusterLabelKey:   "cluster",
		utils.RayNodeGroupLabelKey: pod.Group,
		utils.RayNodeTypeLabelKey:  "worker",
	}
	if pod.Head {
		labels[utils.RayNodeTypeLabelKey] = "head"
	}
	if pod.Replica != "" {
		labels[utils.RayWorkerReplicaNameKey] = pod.Replica
	}
	if pod.Index != "" {
		labels[utils.RayWorkerReplicaIndexKey] = pod.Index
	}
	it := corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: w.name(), Namespace: namespace, Labels: labels, Finalizers: []string{finalizer}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "ray"}}},
	}
	ctx := context.Background()
	w.named-- // Creating it gives the name again.
	must(w.client.Create(ctx, &it))
	delete(w.made, it.Name)
	w.set(&it, pod)
	if pod.Deleting {
		must(w.client.Delete(ctx, &it))
	}
}

// set writes the state of a pod.
func (w *world) set(it *corev1.Pod, state Pod) {
	it.Spec.RestartPolicy = corev1.RestartPolicy(state.Restart)
	it.Status.Phase = corev1.PodPhase(state.Phase)
	status := corev1.ContainerStatus{Name: it.Spec.Containers[0].Name}
	if state.Terminated {
		status.State.Terminated = &corev1.ContainerStateTerminated{ExitCode: 1}
	}
	it.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "sidecar"}, status}
	ctx, kept := context.Background(), it.Status
	must(w.client.Update(ctx, it))
	it.Status = kept
	must(w.client.Status().Update(ctx, it))
}

func (w *world) seen() []Pod {
	pods := []Pod{}
	for _, it := range w.pods() {
		pod := Pod{Name: it.Name, Group: it.Labels[utils.RayNodeGroupLabelKey], Phase: string(it.Status.Phase)}
		pod.Head = it.Labels[utils.RayNodeTypeLabelKey] == "head"
		pod.Restart = string(it.Spec.RestartPolicy)
		for _, status := range it.Status.ContainerStatuses {
			pod.Terminated = pod.Terminated || status.State.Terminated != nil
		}
		pod.Deleting = !it.DeletionTimestamp.IsZero()
		pod.Replica = it.Labels[utils.RayWorkerReplicaNameKey]
		pod.Index = it.Labels[utils.RayWorkerReplicaIndexKey]
		pods = append(pods, pod)
	}
	return pods
}

// start fills the world: a head, most of the time, and about as many workers as are asked for.
func (w *world) start(r *rand.Rand, groups []Group) {
	for range pick(r, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2) {
		w.add(randomPod(r, Pod{Head: true, Group: "headgroup"}))
	}
	for _, group := range groups {
		replicas := r.IntN(6)
		for replica := range replicas {
			index := strconv.Itoa(replica + r.IntN(1+r.IntN(3)))
			if group.Hosts <= 1 {
				pod := randomPod(r, Pod{Group: group.Name, Index: index})
				if chance(r, 10) {
					pod.Index = pick(r, "", "x")
				}
				w.add(pod)
				continue
			}
			hosts := int(group.Hosts)
			if chance(r, 8) {
				hosts = r.IntN(hosts + 2)
			}
			for range hosts {
				w.add(randomPod(r, Pod{Group: group.Name, Replica: group.Name + "-" + strconv.Itoa(replica), Index: index}))
			}
		}
	}
	if chance(r, 10) {
		w.add(randomPod(r, Pod{Group: "gone", Index: "0"}))
	}
}

// move lets time go by: pods end, fail and start, and groups are edited.
func (w *world) move(r *rand.Rand, groups []Group) {
	fresh := map[string]bool{}
	for _, it := range w.created {
		fresh[it.Name] = true
	}
	for _, it := range w.pods() {
		// Whether a pod that was made and seen is still waited for is the order of a map, as long as
		// another of its group is on its way out: it does not vanish then.
		may := fresh[it.Name] || !w.made[it.Name]
		switch {
		case !it.DeletionTimestamp.IsZero() && chance(r, 60), may && chance(r, 3):
			w.remove(it.Name)
		case chance(r, 20):
			w.set(&it, randomPod(r, Pod{}))
		}
	}
	pods := w.pods()
	for i := range groups {
		if chance(r, 30) {
			groups[i].Replicas = number(r, 2, 6)
		}
		groups[i].Delete = []string{}
		for chance(r, 30) && len(pods) > 0 {
			pod := pods[r.IntN(len(pods))]
			// Names of other groups, and of pods that are gone, are possible as well.
			if pod.Labels[utils.RayNodeGroupLabelKey] == groups[i].Name || chance(r, 10) {
				groups[i].Delete = append(groups[i].Delete, pod.Name)
			} else if chance(r, 5) {
				groups[i].Delete = append(groups[i].Delete, "nobody")
			}
		}
	}
}

func randomCase(r *rand.Rand) History {
	history, w := randomHistory(r), newWorld()
	groups := []Group{}
	for i := range 1 + r.IntN(3) {
		groups = append(groups, randomGroup(r, "w"+strconv.Itoa(i)))
	}
	w.start(r, groups)
	w.created = nil
	must(os.Setenv("ENABLE_RANDOM_POD_DELETE", history.RandomDelete))
	for range 1 + r.IntN(4) {
		w.move(r, groups)
		history.Passes = append(history.Passes, w.pass(history, groups))
	}
	return history
}

// pass lets the operator look once.
func (w *world) pass(history History, groups []Group) Pass {
	pass := Pass{Groups: append([]Group{}, groups...), Pods: w.seen(), Made: []Made{}}
	w.deleted, w.created = []string{}, nil
	cluster := w.cluster(history, groups)
	if err := reconcilePods(w.reconciler, context.Background(), cluster); err != nil {
		pass.Error = err.Error()
	}
	sort.Strings(w.deleted)
	pass.Deleted = w.deleted
	for _, pod := range w.created {
		pass.Made = append(pass.Made, Made{
			Name:  pod.Name,
			Group: pod.Labels[utils.RayNodeGroupLabelKey],
			Head:  pod.Labels[utils.RayNodeTypeLabelKey] == "head",
			Index: pod.Labels[utils.RayWorkerReplicaIndexKey],
			Host:  pod.Labels[utils.RayHostIndexKey],
		})
	}
	return pass
}

func (w *world) cluster(history History, groups []Group) *rayv1.RayCluster {
	cluster := &rayv1.RayCluster{ObjectMeta: metav1.ObjectMeta{Name: "cluster", Namespace: namespace, UID: "u", Annotations: map[string]string{}}}
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "ray"}}}}
	cluster.Spec.HeadGroupSpec = rayv1.HeadGroupSpec{Template: template, RayStartParams: map[string]string{}}
	cluster.Spec.EnableInTreeAutoscaling = &history.Autoscaling
	if history.Suspend {
		cluster.Spec.Suspend = &history.Suspend
	}
	if history.Condition != "" {
		cluster.Status.Conditions = append(cluster.Status.Conditions, metav1.Condition{Type: history.Condition, Status: metav1.ConditionTrue})
	}
	if history.Provisioned {
		cluster.Status.Conditions = append(cluster.Status.Conditions, metav1.Condition{Type: string(rayv1.RayClusterProvisioned), Status: metav1.ConditionTrue})
	}
	if history.NoRestart {
		cluster.Annotations[utils.DisableProvisionedHeadRestartAnnotationKey] = "true"
	}
	for _, group := range groups {
		worker := rayv1.WorkerGroupSpec{
			GroupName: group.Name, Replicas: group.Replicas, MinReplicas: group.Min, MaxReplicas: group.Max, NumOfHosts: group.Hosts,
			Template: *template.DeepCopy(), RayStartParams: map[string]string{},
		}
		worker.ScaleStrategy.WorkersToDelete = group.Delete
		if group.Suspend {
			worker.Suspend = &group.Suspend
		}
		cluster.Spec.WorkerGroupSpecs = append(cluster.Spec.WorkerGroupSpecs, worker)
	}
	if history.Recreate != "" {
		strategy := rayv1.RayClusterRecreate
		cluster.Spec.UpgradeStrategy = &rayv1.RayClusterUpgradeStrategy{Type: &strategy}
		w.stamp(cluster, history.Recreate)
	}
	return cluster
}

// stamp writes on the heads which spec they were made for.
func (w *world) stamp(cluster *rayv1.RayCluster, recreate string) {
	hash, err := utils.GenerateHashWithoutReplicasAndWorkersToDelete(cluster.Spec)
	must(err)
	version := utils.KUBERAY_VERSION
	switch recreate {
	case "changed":
		hash = "another"
	case "upgraded":
		hash, version = "another", "v0"
	}
	for _, pod := range w.pods() {
		if pod.Labels[utils.RayNodeTypeLabelKey] == "head" {
			pod.Annotations = map[string]string{utils.UpgradeStrategyRecreateHashKey: hash, utils.KubeRayVersion: version}
			must(w.client.Update(context.Background(), client.Object(&pod)))
		}
	}
}
