// Package oracle asks KubeRay's own operator: what it refuses, how many pods it wants, which pods one pass of it makes
// and deletes, and what it makes of a pod template. Nothing of it is replaced but the API server, whose answers come
// from controller-runtime's fake client.
//
// The files of cases are written by
//
//	go test -run Write -timeout 60m -args -seed 1 -cases 300 -out ../../cases/kuberay
//
// `cargo xtask oracle kuberay` asks more of them. go.mod pins 1.6.1; 1.7.0 is asked with a module file that requires
// it, named by -modfile and, for the header, by -mod.
//
// Upstream lists the pods of a group in the order of a map; here they come in the order of their names. Which of
// several incomplete replicas of several hosts goes first, and which surplus replica goes, is the order of a map as well:
// the cases record what happened, and the tests accept any of them.
package oracle

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"unsafe"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	ray "github.com/ray-project/kuberay/ray-operator/controllers/ray"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/expectations"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

//go:linkname reconcilePods github.com/ray-project/kuberay/ray-operator/controllers/ray.(*RayClusterReconciler).reconcilePods
func reconcilePods(r *ray.RayClusterReconciler, ctx context.Context, instance *rayv1.RayCluster) error

const (
	namespace = "default"
	// A pod that is deleted stays, terminating, until this is taken off.
	finalizer = "tidetable.dev/terminating"
)

// world is an API server with pods, and what the operator did to it.
type world struct {
	client     client.Client
	reconciler *ray.RayClusterReconciler
	named      int
	deleted    []string
	created    []*corev1.Pod
	// Every pod that the operator made.
	made map[string]bool
}

func newWorld() *world {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{rayv1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	w := &world{made: map[string]bool{}}
	w.client = fake.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(interceptor.Funcs{
		Create:      w.create,
		Delete:      w.delete,
		DeleteAllOf: w.deleteAllOf,
		List:        list,
	}).Build()
	w.reconciler = &ray.RayClusterReconciler{Client: w.client, Scheme: scheme}
	fields := reflect.ValueOf(w.reconciler).Elem()
	recorder := fields.FieldByName("Recorder")
	// The releases differ in which of the two they take.
	for _, silent := range []any{&record.FakeRecorder{}, &events.FakeRecorder{}} {
		if reflect.TypeOf(silent).Implements(recorder.Type()) {
			recorder.Set(reflect.ValueOf(silent))
		}
	}
	hidden := fields.FieldByName("rayClusterScaleExpectation")
	hidden = reflect.NewAt(hidden.Type(), unsafe.Pointer(hidden.UnsafeAddr())).Elem()
	hidden.Set(reflect.ValueOf(expectations.NewRayClusterScaleExpectation(w.client)))
	return w
}

func (w *world) create(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
	if pod, ok := object.(*corev1.Pod); ok {
		pod.Name = w.name()
		pod.GenerateName = ""
		pod.Finalizers = []string{finalizer}
		w.created = append(w.created, pod.DeepCopy())
		w.made[pod.Name] = true
	}
	return c.Create(ctx, object, options...)
}

func (w *world) delete(ctx context.Context, c client.WithWatch, object client.Object, options ...client.DeleteOption) error {
	err := c.Delete(ctx, object, options...)
	if err == nil {
		w.deleted = append(w.deleted, object.GetName())
	}
	return err
}

func (w *world) deleteAllOf(ctx context.Context, c client.WithWatch, object client.Object, options ...client.DeleteAllOfOption) error {
	all := client.DeleteAllOfOptions{}
	all.ApplyOptions(options)
	pods := corev1.PodList{}
	if err := c.List(ctx, &pods, &all.ListOptions); err != nil {
		return err
	}
	for _, pod := range pods.Items {
		w.deleted = append(w.deleted, pod.Name)
	}
	return c.DeleteAllOf(ctx, object, options...)
}

func list(ctx context.Context, c client.WithWatch, objects client.ObjectList, options ...client.ListOption) error {
	if err := c.List(ctx, objects, options...); err != nil {
		return err
	}
	if pods, ok := objects.(*corev1.PodList); ok {
		sort.Slice(pods.Items, func(i, j int) bool { return pods.Items[i].Name < pods.Items[j].Name })
	}
	return nil
}

// name gives the next pod's name; names sort as pods were made.
func (w *world) name() string {
	w.named++
	return fmt.Sprintf("p%03d", w.named-1)
}

// pods lists all of them.
func (w *world) pods() []corev1.Pod {
	pods := corev1.PodList{}
	must(w.client.List(context.Background(), &pods))
	return pods.Items
}

// remove ends a pod for good, whether it was deleted before or not.
func (w *world) remove(name string) {
	ctx := context.Background()
	pod := corev1.Pod{}
	key := client.ObjectKey{Namespace: namespace, Name: name}
	if w.client.Get(ctx, key, &pod) != nil {
		return
	}
	if pod.DeletionTimestamp.IsZero() {
		must(w.client.Delete(ctx, pod.DeepCopy()))
		must(w.client.Get(ctx, key, &pod))
	}
	pod.Finalizers = nil
	must(w.client.Update(ctx, &pod))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
