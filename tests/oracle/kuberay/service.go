package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unsafe"

	cmap "github.com/orcaman/concurrent-map/v2"
	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	ray "github.com/ray-project/kuberay/ray-operator/controllers/ray"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils/dashboardclient"
	utiltypes "github.com/ray-project/kuberay/ray-operator/controllers/ray/utils/types"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/lru"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	gwv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// ServiceHistory is a RayService from its creation on, pass by pass. Clusters are numbered as they were foreseen.
type ServiceHistory struct {
	Strategy string        `json:"strategy"`
	Surge    int32         `json:"surge"`
	Step     int32         `json:"step"`
	Interval int32         `json:"interval"`
	Delay    int32         `json:"delay"`
	Passes   []ServicePass `json:"passes"`
}

// ServicePass is what the controller saw and what it did.
type ServicePass struct {
	At      int64         `json:"at"`
	Goal    Goal          `json:"goal"`
	Config  int           `json:"config"`
	Active  Serving       `json:"active"`
	Pending Serving       `json:"pending"`
	Gateway bool          `json:"gateway"`
	Did     []string      `json:"did"`
	Status  ServiceStatus `json:"status"`
}

// Goal is the cluster that the RayService asks for.
type Goal struct {
	Rest    int   `json:"rest"`
	Suspend bool  `json:"suspend"`
	Groups  []int `json:"groups"`
}

// Serving is what a cluster answers.
type Serving struct {
	Head  bool `json:"head"`
	Ready bool `json:"head_ready"`
	Apps  bool `json:"apps"`
	Runs  bool `json:"runs"`
}

// ServiceStatus is the RayService's status afterwards.
type ServiceStatus struct {
	Active    *ClusterStatus `json:"active"`
	Pending   *ClusterStatus `json:"pending"`
	Upgrading bool           `json:"upgrading"`
	Rollback  bool           `json:"rollback"`
}

// ClusterStatus is that of one of its clusters.
type ClusterStatus struct {
	Cluster  int    `json:"cluster"`
	Capacity *int32 `json:"capacity"`
	Traffic  *int32 `json:"traffic"`
	Moved    *int64 `json:"moved"`
}

type serviceWorld struct {
	client     client.Client
	reconciler *ray.RayServiceReconciler
	began      time.Time
	numbers    map[string]int
	serving    map[string]Serving
	did        []string
	// The API server's copy lacks what is being decided, so clusters get their numbers afterwards.
	next int
}

type dashboard struct {
	dashboardclient.RayDashboardClientInterface
	world   *serviceWorld
	cluster string
}

func (d dashboard) UpdateDeployments(_ context.Context, text []byte) error {
	config := struct {
		Capacity     *int32 `json:"target_capacity"`
		Applications []struct {
			ImportPath string `json:"import_path"`
		} `json:"applications"`
	}{}
	must(json.Unmarshal(text, &config))
	capacity := "own"
	if config.Capacity != nil {
		capacity = strconv.Itoa(int(*config.Capacity))
	}
	d.world.note("send", d.cluster, config.Applications[0].ImportPath, capacity)
	return nil
}

func (d dashboard) GetMultiApplicationStatus(context.Context) (map[string]*utiltypes.ServeApplicationStatus, error) {
	serving := d.world.serving[d.cluster]
	applications := map[string]*utiltypes.ServeApplicationStatus{}
	if serving.Apps {
		application := &utiltypes.ServeApplicationStatus{Status: rayv1.ApplicationStatusEnum.DEPLOYING}
		if serving.Runs {
			application.Status = rayv1.ApplicationStatusEnum.RUNNING
		}
		applications["app"] = application
	}
	return applications, nil
}

type healthy struct {
	utils.RayHttpProxyClientInterface
}

func (healthy) CheckProxyActorHealth(context.Context) error { return nil }

func (w *serviceWorld) note(what, cluster string, rest ...string) {
	number, ok := w.numbers[cluster]
	if !ok {
		panic("nobody foresaw " + cluster)
	}
	w.did = append(w.did, strings.Join(append([]string{what, strconv.Itoa(number)}, rest...), " "))
}

func replicas(cluster *rayv1.RayCluster) string {
	for _, group := range cluster.Spec.WorkerGroupSpecs {
		if group.Replicas == nil {
			return "unset"
		}
	}
	return "own"
}

func newServiceWorld() *serviceWorld {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{rayv1.AddToScheme, corev1.AddToScheme, discoveryv1.AddToScheme, gwv1.Install} {
		must(add(scheme))
	}
	w := &serviceWorld{began: time.Now(), numbers: map[string]int{}, serving: map[string]Serving{}}
	on := func(what string, object client.Object, err error) error {
		if cluster, ok := object.(*rayv1.RayCluster); ok && err == nil {
			if what == "delete" {
				w.note(what, cluster.Name)
			} else {
				w.note(what, cluster.Name, replicas(cluster))
			}
		}
		return err
	}
	w.client = fake.NewClientBuilder().WithScheme(scheme).WithStatusSubresource(&rayv1.RayService{}, &rayv1.RayCluster{}).
		WithInterceptorFuncs(interceptor.Funcs{
			Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
				return on("create", object, c.Create(ctx, object, options...))
			},
			Update: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.UpdateOption) error {
				return on("update", object, c.Update(ctx, object, options...))
			},
			Delete: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.DeleteOption) error {
				return on("delete", object, c.Delete(ctx, object, options...))
			},
		}).Build()
	w.reconciler = &ray.RayServiceReconciler{
		Client: w.client, Scheme: scheme, ServeConfigs: lru.New(utils.ServeConfigLRUSize),
		RayClusterDeletionTimestamps: cmap.New[time.Time](),
	}
	fields := reflect.ValueOf(w.reconciler).Elem()
	recorder := fields.FieldByName("Recorder")
	for _, silent := range []any{&record.FakeRecorder{}, &events.FakeRecorder{}} {
		if reflect.TypeOf(silent).Implements(recorder.Type()) {
			recorder.Set(reflect.ValueOf(silent))
		}
	}
	set := func(name string, value any) {
		field := fields.FieldByName(name)
		reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(reflect.ValueOf(value))
	}
	set("dashboardClientFunc", func(cluster *rayv1.RayCluster, _ string) (dashboardclient.RayDashboardClientInterface, error) {
		return dashboard{world: w, cluster: cluster.Name}, nil
	})
	set("httpProxyClientFunc", func(_, _, _ string, _ int) utils.RayHttpProxyClientInterface { return healthy{} })
	return w
}

func to[T any](it T) *T { return &it }

func podOf(image string) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "ray", Image: image}}}}
}

func clusterSpec(goal Goal) rayv1.RayClusterSpec {
	spec := rayv1.RayClusterSpec{
		EnableInTreeAutoscaling: to(true),
		HeadGroupSpec:           rayv1.HeadGroupSpec{Template: podOf(fmt.Sprint("ray:", goal.Rest)), RayStartParams: map[string]string{}},
	}
	if goal.Suspend {
		spec.Suspend = to(true)
	}
	for i, group := range goal.Groups {
		spec.WorkerGroupSpecs = append(spec.WorkerGroupSpecs, rayv1.WorkerGroupSpec{
			GroupName: fmt.Sprint("g", i), Template: podOf(fmt.Sprint("worker:", group)), RayStartParams: map[string]string{},
			Replicas: to(int32(2)), MinReplicas: to(int32(1)), MaxReplicas: to(int32(9)), NumOfHosts: 1,
		})
	}
	return spec
}

// prepare makes the world look as the pass is to find it.
func (w *serviceWorld) prepare(status ServiceStatus, pass *ServicePass) {
	ctx := context.Background()
	for name, number := range w.numbers {
		cluster := rayv1.RayCluster{}
		if w.client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, &cluster) != nil {
			continue
		}
		serving := Serving{}
		if status.Active != nil && status.Active.Cluster == number {
			serving = pass.Active
		} else if status.Pending != nil && status.Pending.Cluster == number {
			serving = pass.Pending
		}
		w.serving[name] = serving
		service, err := utils.GenerateHeadServiceName(utils.RayClusterCRD, cluster.Spec, name)
		must(err)
		_ = w.client.Create(ctx, &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: service},
			Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: utils.DashboardPortName, Port: 8265}}},
		})
		head := &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name + "-head", Labels: map[string]string{
				utils.RayClusterLabelKey: name, utils.RayNodeTypeLabelKey: string(rayv1.HeadNode),
			}},
			Spec: podOf("ray").Spec,
		}
		if serving.Head {
			_ = w.client.Create(ctx, head)
		} else {
			_ = w.client.Delete(ctx, head)
		}
		ready := metav1.Condition{Type: string(rayv1.HeadPodReady), Status: metav1.ConditionFalse, Reason: "X"}
		if serving.Ready {
			ready.Status = metav1.ConditionTrue
		}
		meta.SetStatusCondition(&cluster.Status.Conditions, ready)
		must(w.client.Status().Update(ctx, &cluster))
	}
	pass.Gateway = w.gateway(pass.Gateway)
}

// gateway makes gateway and route ready or not; says whether they are, since they may not be there.
func (w *serviceWorld) gateway(ready bool) bool {
	ctx := context.Background()
	state := metav1.ConditionFalse
	if ready {
		state = metav1.ConditionTrue
	}
	condition := func(kind string) metav1.Condition {
		return metav1.Condition{Type: kind, Status: state, Reason: "X"}
	}
	gateway, route := gwv1.Gateway{}, gwv1.HTTPRoute{}
	if w.client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "s-gateway"}, &gateway) != nil ||
		w.client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "s-httproute"}, &route) != nil {
		return false
	}
	gateway.Status.Conditions = []metav1.Condition{
		condition(string(gwv1.GatewayConditionAccepted)), condition(string(gwv1.GatewayConditionProgrammed)),
	}
	must(w.client.Update(ctx, &gateway))
	route.Status.Parents = []gwv1.RouteParentStatus{{
		ParentRef: gwv1.ParentReference{Name: "s-gateway"}, ControllerName: "x/y",
		Conditions: []metav1.Condition{
			condition(string(gwv1.RouteConditionAccepted)), condition(string(gwv1.RouteConditionResolvedRefs)),
		},
	}}
	must(w.client.Update(ctx, &route))
	return ready
}

func (w *serviceWorld) cluster(of rayv1.RayServiceStatus) *ClusterStatus {
	if of.RayClusterName == "" {
		return nil
	}
	number, ok := w.numbers[of.RayClusterName]
	if !ok {
		number = w.next
		w.numbers[of.RayClusterName] = number
		w.next++
	}
	status := &ClusterStatus{Cluster: number, Capacity: of.TargetCapacity, Traffic: of.TrafficRoutedPercent}
	if of.LastTrafficMigratedTime != nil {
		status.Moved = to(int64(of.LastTrafficMigratedTime.Sub(w.began).Seconds()))
	}
	return status
}

// randomService is one history; it must run on a virtual clock.
func randomService(r *rand.Rand) ServiceHistory {
	strategies := []rayv1.RayServiceUpgradeType{rayv1.RayServiceNewCluster, rayv1.RayServiceUpgradeNone, rayv1.RayServiceNewClusterWithIncrementalUpgrade}
	weighted := []int{0, 0, 1, 2, 2, 2}
	strategy := strategies[weighted[r.IntN(len(weighted))]]
	history := ServiceHistory{
		Strategy: string(strategy), Surge: []int32{10, 25, 30, 50, 100}[r.IntN(5)], Step: []int32{5, 10, 30, 50, 100}[r.IntN(5)],
		Interval: []int32{1, 2, 3, 10}[r.IntN(4)], Delay: []int32{0, 4, 60}[r.IntN(3)],
	}
	history.Step = min(history.Step, history.Surge)
	w := newServiceWorld()
	ctx := context.Background()
	service := &rayv1.RayService{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "s", UID: "u"},
		Spec: rayv1.RayServiceSpec{
			RayClusterDeletionDelaySeconds: &history.Delay,
			UpgradeStrategy:                &rayv1.RayServiceUpgradeStrategy{Type: &strategy},
		},
	}
	if strategy == rayv1.RayServiceNewClusterWithIncrementalUpgrade {
		service.Spec.UpgradeStrategy.ClusterUpgradeOptions = &rayv1.ClusterUpgradeOptions{
			MaxSurgePercent: &history.Surge, StepSizePercent: &history.Step, IntervalSeconds: &history.Interval, GatewayClassName: "g",
		}
	}
	goal, config, status := Goal{Rest: 0, Groups: []int{0}}, 0, ServiceStatus{}
	// Whether all goes well, mostly.
	calm := r.IntN(3) > 0
	rarely := func(n int) bool { return r.IntN(n) == 0 }
	serving := func() Serving {
		if calm && !rarely(12) {
			return Serving{true, true, true, true}
		}
		it := Serving{Head: !rarely(8), Apps: !rarely(5)}
		it.Ready, it.Runs = it.Head && !rarely(5), it.Apps && !rarely(3)
		return it
	}
	for n := range 60 {
		if n > 6 && rarely(20) {
			goal = change(r, goal)
		}
		if rarely(20) {
			config = r.IntN(3)
		}
		pass := ServicePass{Goal: goal, Config: config, Active: serving(), Pending: serving(), Gateway: calm || !rarely(4)}
		service.Spec.RayClusterSpec = clusterSpec(goal)
		service.Spec.ServeConfigV2 = fmt.Sprintf("applications:\n- name: app\n  import_path: c%d\n", config)
		if n == 0 {
			must(w.client.Create(ctx, service))
		} else {
			spec := service.Spec
			must(w.client.Get(ctx, client.ObjectKeyFromObject(service), service))
			service.Spec = spec
			must(w.client.Update(ctx, service))
		}
		w.prepare(status, &pass)
		w.did = []string{}
		pass.At = int64(time.Since(w.began).Milliseconds())
		_, err := w.reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: client.ObjectKeyFromObject(service)})
		if err != nil && !strings.Contains(err.Error(), "found 0 head") {
			panic(err)
		}
		now := rayv1.RayService{}
		must(w.client.Get(ctx, client.ObjectKeyFromObject(service), &now))
		status = ServiceStatus{
			Active:    w.cluster(now.Status.ActiveServiceStatus),
			Pending:   w.cluster(now.Status.PendingServiceStatus),
			Upgrading: meta.IsStatusConditionTrue(now.Status.Conditions, string(rayv1.UpgradeInProgress)),
			Rollback:  meta.IsStatusConditionTrue(now.Status.Conditions, string(rayv1.RollbackInProgress)),
		}
		pass.Did, pass.Status = w.did, status
		history.Passes = append(history.Passes, pass)
		time.Sleep([]time.Duration{2000, 2000, 2000, 700, 1300, 5000}[r.IntN(6)] * time.Millisecond)
	}
	return history
}

// change is another goal: mostly small steps, so that going back is frequent.
func change(r *rand.Rand, goal Goal) Goal {
	groups := append([]int{}, goal.Groups...)
	switch r.IntN(6) {
	case 0:
		goal.Suspend = !goal.Suspend
	case 1:
		groups = append(groups, r.IntN(2))
	case 2:
		groups[r.IntN(len(groups))] = r.IntN(2)
	case 3:
		groups = groups[:max(1, len(groups)-1)]
	default:
		goal.Rest = r.IntN(3)
	}
	goal.Groups = groups
	return goal
}
