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

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"
)

var (
	seed  = flag.Uint64("seed", 1, "of the random cases")
	scale = flag.Int("scale", 1, "how many times as many cases")
	out   = flag.String("out", "", "folder that the files are written to")
)

const module = "github.com/ray-project/kuberay/ray-operator"

// version is that of the operator that go.mod pins.
func version() string {
	if text, err := os.ReadFile("go.mod"); err == nil {
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
	cases *= *scale
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
	must(os.MkdirAll(*out, 0o755))
	write(t, "build.jsonl", 100, randomBuild)
	write(t, "validation.jsonl", 400, randomRefused)
	write(t, "pods.jsonl", 200, func(r *rand.Rand) (History, error) { return randomCase(r), nil })
}
