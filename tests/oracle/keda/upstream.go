// Package oracle asks KEDA's own operator code: which HPA it makes of a ScaledObject, what one poll does to the scale,
// and what its HPA is told over a history of polls and reads. Nothing of KEDA is replaced but the API server, the clock
// of a poll, and the sources that triggers read: a Prometheus, a Redis and a Kafka broker on this machine.
//
// Run by `cargo xtask oracle keda`, which also says how to ask for more.
package oracle

import (
	"context"
	"reflect"
	"sync"
	"unsafe"

	"github.com/go-logr/logr"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	keda "github.com/kedacore/keda/v2/controllers/keda"
	"github.com/kedacore/keda/v2/pkg/scalers/authentication"
	"github.com/kedacore/keda/v2/pkg/scaling"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/scale"
	fakescale "k8s.io/client-go/scale/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

//go:linkname checkScalers github.com/kedacore/keda/v2/pkg/scaling.(*scaleHandler).checkScalers
func checkScalers(h unsafe.Pointer, ctx context.Context, object kedav1alpha1.ScalableObject, mutex sync.Locker)

//go:linkname newHPA github.com/kedacore/keda/v2/controllers/keda.(*ScaledObjectReconciler).newHPAForScaledObject
func newHPA(r *keda.ScaledObjectReconciler, ctx context.Context, logger logr.Logger, object *kedav1alpha1.ScaledObject, gvkr *kedav1alpha1.GroupVersionKindResource) (*autoscalingv2.HorizontalPodAutoscaler, error)

const (
	namespace = "default"
	target    = "worker"
)

// world is an API server with one Deployment.
type world struct {
	client client.Client
	scales scale.ScalesGetter
	scheme *runtime.Scheme
	// What was last written to the scale.
	written *int32
}

func newWorld(replicas int32, ready int, objects ...client.Object) *world {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		kedav1alpha1.AddToScheme, appsv1.AddToScheme, corev1.AddToScheme, autoscalingv2.AddToScheme,
	} {
		must(add(scheme))
	}
	labels := map[string]string{"app": target}
	container := corev1.Container{Name: "app", Env: []corev1.EnvVar{{Name: "ADDRESS", Value: "127.0.0.1:1"}}}
	all := append(objects, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: target, Namespace: namespace},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{container}}},
		},
	})
	for range ready {
		name := target + "-" + string(rune('a'+len(all)))
		all = append(all, &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: labels},
			Status: corev1.PodStatus{
				Phase:      corev1.PodRunning,
				Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
			},
		})
	}
	w := &world{scheme: scheme}
	w.client = fake.NewClientBuilder().WithScheme(scheme).WithObjects(all...).
		WithStatusSubresource(&kedav1alpha1.ScaledObject{}).Build()
	scales := &fakescale.FakeScaleClient{}
	scales.AddReactor("get", "*", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, w.scale(w.replicas()), nil
	})
	scales.AddReactor("update", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		written := action.(clienttesting.UpdateAction).GetObject().(*autoscalingv1.Scale)
		w.written = &written.Spec.Replicas
		w.setReplicas(written.Spec.Replicas)
		return true, written, nil
	})
	w.scales = scales
	return w
}

func (w *world) scale(replicas int32) *autoscalingv1.Scale {
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: target, Namespace: namespace},
		Spec:       autoscalingv1.ScaleSpec{Replicas: replicas},
		Status:     autoscalingv1.ScaleStatus{Replicas: replicas, Selector: "app=" + target},
	}
}

func (w *world) deployment() *appsv1.Deployment {
	var found appsv1.Deployment
	must(w.client.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: target}, &found))
	return &found
}

func (w *world) replicas() int32 { return *w.deployment().Spec.Replicas }

func (w *world) setReplicas(replicas int32) {
	deployment := w.deployment()
	deployment.Spec.Replicas = &replicas
	must(w.client.Update(context.Background(), deployment))
}

func (w *world) handler() scaling.ScaleHandler {
	return scaling.NewScaleHandler(w.client, w.scales, w.scheme, httpTimeout, apiTimeout, recorder{}, &authentication.AuthClientSet{})
}

func pointer(handler scaling.ScaleHandler) unsafe.Pointer {
	return reflect.ValueOf(handler).UnsafePointer()
}

type recorder struct{}

func (recorder) Eventf(runtime.Object, runtime.Object, string, string, string, string, ...any) {}

var _ events.EventRecorder = recorder{}

func deploymentKind() *kedav1alpha1.GroupVersionKindResource {
	return &kedav1alpha1.GroupVersionKindResource{Group: "apps", Version: "v1", Kind: "Deployment", Resource: "deployments"}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
