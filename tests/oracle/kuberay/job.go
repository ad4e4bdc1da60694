package oracle

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"
	"unsafe"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	ray "github.com/ray-project/kuberay/ray-operator/controllers/ray"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils/dashboardclient"
	utiltypes "github.com/ray-project/kuberay/ray-operator/controllers/ray/utils/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// JobHistory is a RayJob from its creation on, pass by pass. Clusters are numbered as they were named.
type JobHistory struct {
	Spec   object    `json:"spec"`
	Passes []JobPass `json:"passes"`
}

// JobPass is what the controller saw and what it did. Times are milliseconds.
type JobPass struct {
	At        int64          `json:"at"`
	Suspend   bool           `json:"suspend"`
	Cluster   *JobCluster    `json:"cluster"`
	Submitter *SubmitterSeen `json:"submitter"`
	Job       JobSeen        `json:"job"`
	Did       []string       `json:"did"`
	Status    JobStatus      `json:"status"`
	// Again is when the next pass is asked for; absent if it is not, or if the pass ended with an error.
	Again  *int64 `json:"again"`
	Failed bool   `json:"failed"`
}

// JobCluster is the RayCluster that the status names.
type JobCluster struct {
	Ready     bool `json:"ready"`
	Head      bool `json:"head"`
	Suspended bool `json:"suspended"`
}

// SubmitterSeen is the Kubernetes Job or the sidecar.
type SubmitterSeen struct {
	Finished *int64 `json:"finished"`
	Failed   bool   `json:"failed"`
}

// JobSeen is what the dashboard answers; a status of "?" that nobody does, "-" that there is no such job.
type JobSeen struct {
	Status string `json:"status"`
	Ended  *int64 `json:"ended"`
}

// JobStatus is the RayJob's status afterwards.
type JobStatus struct {
	Deployment string `json:"deployment"`
	Job        string `json:"job"`
	Reason     string `json:"reason"`
	Cluster    *int   `json:"cluster"`
	Dashboard  bool   `json:"dashboard"`
	Started    *int64 `json:"started"`
	Ended      *int64 `json:"ended"`
	JobEnded   *int64 `json:"job_ended"`
	Failed     int32  `json:"failed"`
	Succeeded  int32  `json:"succeeded"`
}

type jobWorld struct {
	client     client.Client
	reconciler *ray.RayJobReconciler
	began      time.Time
	numbers    map[string]int
	did        []string
	job        JobSeen
}

type jobDashboard struct {
	dashboardclient.RayDashboardClientInterface
	world *jobWorld
}

func (d jobDashboard) GetJobInfo(context.Context, string) (*utiltypes.RayJobInfo, error) {
	switch d.world.job.Status {
	case "?":
		return nil, errors.New("nobody answers")
	case "-":
		return nil, apierrors.NewBadRequest("no such job")
	}
	info := &utiltypes.RayJobInfo{JobStatus: rayv1.JobStatus(d.world.job.Status)}
	if ended := d.world.job.Ended; ended != nil {
		info.EndTime = uint64(d.world.began.UnixMilli() + *ended)
	}
	return info, nil
}

func (d jobDashboard) SubmitJob(context.Context, *rayv1.RayJob) (string, error) {
	d.world.did = append(d.world.did, "submit")
	return "", nil
}

func (d jobDashboard) StopJob(context.Context, string) error { return nil }

func newJobWorld() *jobWorld {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{rayv1.AddToScheme, corev1.AddToScheme, batchv1.AddToScheme} {
		must(add(scheme))
	}
	w := &jobWorld{began: time.Now(), numbers: map[string]int{}}
	on := func(what string, object client.Object, err error) error {
		if err != nil {
			return err
		}
		switch object.(type) {
		case *rayv1.RayCluster:
			w.did = append(w.did, what+" cluster")
		case *batchv1.Job:
			w.did = append(w.did, what+" submitter")
		case *rayv1.RayJob:
			if what == "delete" {
				w.did = append(w.did, "delete self")
			}
		}
		return nil
	}
	w.client = fake.NewClientBuilder().WithScheme(scheme).
		WithStatusSubresource(&rayv1.RayJob{}, &rayv1.RayCluster{}, &batchv1.Job{}, &corev1.Pod{}).
		WithInterceptorFuncs(interceptor.Funcs{
			Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
				return on("create", object, c.Create(ctx, object, options...))
			},
			Update: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.UpdateOption) error {
				// One that changes nothing is not seen by anybody.
				if cluster, ok := object.(*rayv1.RayCluster); ok {
					known := rayv1.RayCluster{}
					must(c.Get(ctx, client.ObjectKeyFromObject(cluster), &known))
					if reflect.DeepEqual(known.Spec, cluster.Spec) {
						return nil
					}
				}
				return on("update", object, c.Update(ctx, object, options...))
			},
			Delete: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.DeleteOption) error {
				return on("delete", object, c.Delete(ctx, object, options...))
			},
		}).Build()
	w.reconciler = &ray.RayJobReconciler{Client: w.client, Scheme: scheme}
	fields := reflect.ValueOf(w.reconciler).Elem()
	recorder := fields.FieldByName("Recorder")
	for _, silent := range []any{&record.FakeRecorder{}, &events.FakeRecorder{}} {
		if reflect.TypeOf(silent).Implements(recorder.Type()) {
			recorder.Set(reflect.ValueOf(silent))
		}
	}
	field := fields.FieldByName("dashboardClientFunc")
	ask := func(*rayv1.RayCluster, string) (dashboardclient.RayDashboardClientInterface, error) {
		return jobDashboard{world: w}, nil
	}
	reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(reflect.ValueOf(ask))
	return w
}

func (w *jobWorld) now() int64 { return time.Since(w.began).Milliseconds() }

func (w *jobWorld) since(it *metav1.Time) *int64 {
	if it == nil || it.IsZero() {
		return nil
	}
	return to(it.Sub(w.began).Milliseconds())
}

// randomJobSpec is one that KubeRay accepts.
func randomJobSpec(r *rand.Rand) object {
	for {
		spec := object{"submissionMode": pick(r, "K8sJobMode", "K8sJobMode", "HTTPMode", "InteractiveMode", "SidecarMode"), "entrypoint": "x"}
		maybe(r, spec, 60, "backoffLimit", pick(r, 0, 1, 2))
		maybe(r, spec, 20, "activeDeadlineSeconds", pick(r, 30, 60, 90))
		maybe(r, spec, 20, "preRunningDeadlineSeconds", pick(r, 4, 12, 60))
		maybe(r, spec, 50, "shutdownAfterJobFinishes", true)
		maybe(r, spec, 30, "ttlSecondsAfterFinished", pick(r, 1, 7, 20))
		maybe(r, spec, 40, "jobId", "j")
		if chance(r, 15) {
			spec["clusterSelector"] = object{"ray.io/cluster": "other"}
		} else {
			groups := []object{}
			for i := range r.IntN(3) {
				groups = append(groups, object{"groupName": fmt.Sprint("g", i), "replicas": 1, "minReplicas": 0, "maxReplicas": 2, "numOfHosts": 1,
					"rayStartParams": object{}, "template": podOf("worker")})
			}
			spec["rayClusterSpec"] = object{"headGroupSpec": object{"rayStartParams": object{}, "template": podOf("head")}, "workerGroupSpecs": groups}
		}
		policy := func() string { return pick(r, "DeleteNone", "DeleteWorkers", "DeleteCluster", "DeleteSelf") }
		switch r.IntN(5) {
		case 0:
			spec["deletionStrategy"] = object{"onSuccess": object{"policy": policy()}, "onFailure": object{"policy": policy()}}
		case 1, 2:
			rules := []object{}
			for range 1 + r.IntN(4) {
				condition := object{"ttlSeconds": pick(r, 0, 3, 9, 20)}
				if chance(r, 50) {
					condition["jobStatus"] = pick(r, "SUCCEEDED", "FAILED", "STOPPED")
				} else {
					condition["jobDeploymentStatus"] = pick(r, "Complete", "Failed")
				}
				rules = append(rules, object{"policy": policy(), "condition": condition})
			}
			spec["deletionStrategy"] = object{"deletionRules": rules}
		}
		if utils.ValidateRayJobSpec(&rayv1.RayJob{Spec: *decode[rayv1.RayJobSpec](spec)}) == nil {
			return spec
		}
	}
}

// fate is how an attempt's submitter and program fare.
type fate struct {
	submitter SubmitterSeen
	job       JobSeen
}

// goOn lets time pass for them.
func (f *fate) goOn(r *rand.Rand, now int64, calm bool) {
	whole := now / 1000 * 1000
	rarely := func(n int) bool { return r.IntN(n) == 0 }
	switch f.job.Status {
	case "-":
		if rarely(3) {
			f.job.Status = "PENDING"
		}
	case "PENDING":
		if rarely(2) {
			f.job.Status = "RUNNING"
		}
	case "RUNNING":
		if rarely(8) {
			f.job.Status = pick(r, "SUCCEEDED", "SUCCEEDED", "FAILED", "FAILED", "STOPPED")
			if calm || !rarely(4) {
				f.job.Ended = to(now)
			}
		}
	}
	over := f.job.Ended != nil
	if f.submitter.Finished == nil && (over && rarely(3) || !calm && rarely(30)) {
		f.submitter.Finished = &whole
		f.submitter.Failed = rarely(4) || f.job.Status == "FAILED" && rarely(2)
	}
}

// prepare makes the world look as the pass is to find it.
func (w *jobWorld) prepare(r *rand.Rand, job *rayv1.RayJob, f *fate, calm bool, pass *JobPass) {
	ctx := context.Background()
	rarely := func(n int) bool { return r.IntN(n) == 0 }
	pass.Job = f.job
	if !calm && rarely(6) {
		pass.Job = JobSeen{Status: "?"}
	}
	w.job = pass.Job
	cluster := rayv1.RayCluster{}
	name := job.Status.RayClusterName
	if name != "" && w.client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, &cluster) == nil {
		seen := JobCluster{Ready: !rarely(3), Head: calm || !rarely(12), Suspended: true}
		for _, group := range cluster.Spec.WorkerGroupSpecs {
			seen.Suspended = seen.Suspended && group.Suspend != nil && *group.Suspend
		}
		service, err := utils.GenerateHeadServiceName(utils.RayClusterCRD, cluster.Spec, name)
		must(err)
		_ = w.client.Create(ctx, &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: service},
			Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: utils.DashboardPortName, Port: 8265}}},
		})
		cluster.Status.State = ""
		if seen.Ready {
			cluster.Status.State = rayv1.Ready
		}
		must(w.client.Status().Update(ctx, &cluster))
		head := &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name + "-head", Labels: map[string]string{
				utils.RayClusterLabelKey: name, utils.RayNodeTypeLabelKey: string(rayv1.HeadNode),
			}},
			Spec: podOf("ray").Spec,
		}
		_ = w.client.Delete(ctx, head.DeepCopy())
		if seen.Head {
			container := corev1.ContainerStatus{Name: utils.SubmitterContainerName}
			if f.submitter.Finished != nil {
				code := int32(0)
				if f.submitter.Failed {
					code = 1
				}
				at := metav1.NewTime(w.began.Add(time.Duration(*f.submitter.Finished) * time.Millisecond))
				container.State.Terminated = &corev1.ContainerStateTerminated{ExitCode: code, FinishedAt: at}
			}
			must(w.client.Create(ctx, head))
			head.Status.ContainerStatuses = []corev1.ContainerStatus{container}
			must(w.client.Status().Update(ctx, head))
			if job.Spec.SubmissionMode == rayv1.SidecarMode {
				pass.Submitter = to(f.submitter)
			}
		}
		pass.Cluster = &seen
	}
	submitter := batchv1.Job{}
	if w.client.Get(ctx, client.ObjectKeyFromObject(job), &submitter) == nil {
		submitter.Status.Conditions = nil
		if f.submitter.Finished != nil {
			kind := batchv1.JobComplete
			if f.submitter.Failed {
				kind = batchv1.JobFailed
			}
			at := metav1.NewTime(w.began.Add(time.Duration(*f.submitter.Finished) * time.Millisecond))
			submitter.Status.Conditions = []batchv1.JobCondition{{Type: kind, Status: corev1.ConditionTrue, LastTransitionTime: at}}
		}
		must(w.client.Status().Update(ctx, &submitter))
		pass.Submitter = to(f.submitter)
	}
}

func (w *jobWorld) status(job *rayv1.RayJob) JobStatus {
	it := job.Status
	status := JobStatus{
		Deployment: string(it.JobDeploymentStatus), Job: string(it.JobStatus), Reason: string(it.Reason), Dashboard: it.DashboardURL != "",
		Started: w.since(it.StartTime), Ended: w.since(it.EndTime), JobEnded: w.since(it.RayJobStatusInfo.EndTime),
	}
	if it.Failed != nil {
		status.Failed, status.Succeeded = *it.Failed, *it.Succeeded
	}
	if name := it.RayClusterName; name != "" {
		if _, ok := w.numbers[name]; !ok {
			w.numbers[name] = len(w.numbers)
		}
		status.Cluster = to(w.numbers[name])
	}
	return status
}

// randomJob is one history; it must run on a virtual clock.
func randomJob(r *rand.Rand) JobHistory {
	history := JobHistory{Spec: randomJobSpec(r)}
	w := newJobWorld()
	ctx := context.Background()
	job := &rayv1.RayJob{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "j", UID: "u"}, Spec: *decode[rayv1.RayJobSpec](history.Spec)}
	must(w.client.Create(ctx, job))
	selects := len(job.Spec.ClusterSelector) > 0
	if selects && chance(r, 80) {
		must(w.client.Create(ctx, &rayv1.RayCluster{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "other"}, Spec: clusterSpec(Goal{Groups: []int{0}})}))
	}
	calm := chance(r, 60)
	suspends := job.Spec.ShutdownAfterJobFinishes && !selects
	name, fares := "", fate{job: JobSeen{Status: "-"}}
	idle := 0
	for range 60 {
		if suspends && r.IntN(15) == 0 || job.Spec.Suspend && r.IntN(4) == 0 {
			job.Spec.Suspend = !job.Spec.Suspend
			must(w.client.Update(ctx, job))
		}
		if job.Status.RayClusterName != name {
			name, fares = job.Status.RayClusterName, fate{job: JobSeen{Status: "-"}}
		}
		if job.Status.JobDeploymentStatus == rayv1.JobDeploymentStatusRunning {
			fares.goOn(r, w.now(), calm)
		}
		pass := JobPass{At: w.now(), Suspend: job.Spec.Suspend}
		w.prepare(r, job, &fares, calm, &pass)
		w.did = []string{}
		result, err := w.reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: client.ObjectKeyFromObject(job)})
		pass.Did, pass.Failed = w.did, err != nil
		if err == nil && result.RequeueAfter > 0 {
			pass.Again = to(result.RequeueAfter.Milliseconds())
		}
		gone := w.client.Get(ctx, client.ObjectKeyFromObject(job), job) != nil || !job.DeletionTimestamp.IsZero()
		pass.Status = w.status(job)
		history.Passes = append(history.Passes, pass)
		// What has nothing left to do is asked once more.
		if over := rayv1.IsJobDeploymentTerminal(job.Status.JobDeploymentStatus); over && err == nil && pass.Again == nil && len(w.did) == 0 {
			idle++
		}
		if gone || idle == 2 {
			break
		}
		time.Sleep([]time.Duration{3000, 3000, 3000, 700, 1300, 20000}[r.IntN(6)] * time.Millisecond)
	}
	return history
}
