package oracle

import (
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/go-logr/logr"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	ctrl "sigs.k8s.io/controller-runtime"
)

var (
	seed  = flag.Uint64("seed", 1, "of the random cases")
	count = flag.Int("cases", 300, "how many of each kind")
	mod   = flag.String("mod", "go.mod", "module file that this was built with")
	out   = flag.String("out", "", "folder that the files are written to")
)

const module = "github.com/ray-project/kuberay/ray-operator"

// version is that of the operator that the module file pins.
func version() string {
	if text, err := os.ReadFile(*mod); err == nil {
		for line := range strings.Lines(string(text)) {
			if _, after, ok := strings.Cut(line, module+" v"); ok {
				return strings.TrimSpace(after)
			}
		}
	}
	return "unknown"
}

// write makes a file: a header, then a case a line; cases that no answer came of are left out.
func write[T any](t *testing.T, name string, cases int, next func(*rand.Rand) (T, error)) {
	r := rand.New(rand.NewPCG(*seed, uint64(len(name))))
	list := []T{}
	for len(list) < cases {
		if it, err := next(r); err == nil {
			list = append(list, it)
		}
	}
	file, err := os.Create(filepath.Join(*out, name))
	must(err)
	defer file.Close()
	encoder := json.NewEncoder(io.Writer(file))
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(object{"upstream": "kuberay " + version(), "seed": *seed, "cases": cases}))
	for _, it := range list {
		must(encoder.Encode(it))
	}
	t.Logf("%s: %d cases", name, cases)
}

func TestWrite(t *testing.T) {
	if *out == "" {
		t.Skip("no -out")
	}
	ctrl.SetLogger(logr.Discard())
	// On in every release from here on, whatever the one that answers has.
	must(utilfeature.DefaultMutableFeatureGate.SetFromMap(map[string]bool{
		"RayClusterStatusConditions": true, "RayJobDeletionPolicy": true, "RayMultiHostIndexing": true, "RayServiceIncrementalUpgrade": true,
	}))
	must(os.MkdirAll(*out, 0o755))
	write(t, "build.jsonl", *count, randomBuild)
	write(t, "validation.jsonl", *count, randomRefused)
	// A history has 60 passes.
	write(t, "service.jsonl", max(1, *count/15), func(r *rand.Rand) (ServiceHistory, error) {
		history := ServiceHistory{}
		synctest.Test(t, func(*testing.T) { history = randomService(r) })
		return history, nil
	})
	write(t, "job.jsonl", max(1, *count/5), func(r *rand.Rand) (JobHistory, error) {
		history := JobHistory{}
		synctest.Test(t, func(*testing.T) { history = randomJob(r) })
		return history, nil
	})
	write(t, "pods.jsonl", *count, func(r *rand.Rand) (History, error) { return randomCase(r), nil })
}
