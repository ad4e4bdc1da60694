// Prints random HorizontalPodAutoscalers as kubectl does, with kubectl's and the API server's own
// printers, and writes each text with the objects it came from.
//
// `kubectl describe` prints on the client (k8s.io/kubectl describe.go), the table of `kubectl get`
// comes from the API server (pkg/printers/internalversion) and is laid out by cli-runtime.
//
// Run by `cargo xtask oracle kubectl`, which also says how to ask for more, and of another release.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strings"

	"k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	cli "k8s.io/cli-runtime/pkg/printers"
	"k8s.io/kubectl/pkg/describe"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	convert "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	"k8s.io/kubernetes/pkg/printers"
	internal "k8s.io/kubernetes/pkg/printers/internalversion"
)

// Case is what kubectl printed for some objects.
type Case struct {
	Command string                       `json:"command"`
	Objects []v2.HorizontalPodAutoscaler `json:"objects"`
	Text    string                       `json:"text"`
}

// Header is the first line of a file.
type Header struct {
	Kubernetes string `json:"kubernetes"`
	Seed       uint64 `json:"seed"`
	Cases      int    `json:"cases"`
}

func main() {
	out := flag.String("out", "", "file to write")
	seed := flag.Uint64("seed", 1, "seed of the random objects")
	cases := flag.Int("cases", 100, "number of texts")
	flag.Parse()
	file, err := os.Create(*out)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	lines := json.NewEncoder(file)
	lines.SetEscapeHTML(false)
	write := func(line any) {
		if err := lines.Encode(line); err != nil {
			log.Fatal(err)
		}
	}
	write(Header{Kubernetes: version(), Seed: *seed, Cases: *cases})
	generate := generator{rand.New(rand.NewPCG(*seed, 0))}
	for number := range *cases {
		write(generate.printed(number))
	}
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, it := range info.Deps {
		if it.Path == "k8s.io/kubernetes" {
			return strings.TrimPrefix(it.Version, "v")
		}
	}
	return ""
}

// printed is one text: every other one of describe, the others of get.
func (g generator) printed(number int) Case {
	if number%2 == 0 {
		objects := g.objects(1 + g.IntN(2)*g.IntN(2))
		texts := make([]string, 0, len(objects))
		for _, it := range objects {
			texts = append(texts, describeText(it, g.events(it)))
		}
		// kubectl describe.go: further objects after two line breaks.
		return Case{"describe", objects, strings.Join(texts, "\n\n")}
	}
	objects := g.objects(1 + g.IntN(4))
	options := cli.PrintOptions{}
	command := "get"
	if g.IntN(3) == 0 {
		options.WithNamespace, command = true, "get -A"
	}
	if g.IntN(4) == 0 {
		options.ShowLabels, command = true, command+" --show-labels"
	}
	if g.IntN(3) == 0 {
		options.Wide, command = true, command+" -o wide"
	}
	return Case{command, objects, table(objects, options)}
}

func describeText(hpa v2.HorizontalPodAutoscaler, events *corev1.EventList) string {
	text, err := describe.DefaultObjectDescriber.DescribeObject(
		&hpa, events, &describe.HorizontalPodAutoscalerDescriber{})
	if err != nil {
		log.Fatal(err)
	}
	return text
}

func table(hpas []v2.HorizontalPodAutoscaler, options cli.PrintOptions) string {
	list := &autoscaling.HorizontalPodAutoscalerList{}
	for _, hpa := range hpas {
		var it autoscaling.HorizontalPodAutoscaler
		if err := convert.Convert_v2_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler(
			hpa.DeepCopy(), &it, nil); err != nil {
			log.Fatal(err)
		}
		list.Items = append(list.Items, it)
	}
	generator := printers.NewTableGenerator().With(internal.AddHandlers)
	rows, err := generator.GenerateTable(list, printers.GenerateOptions{Wide: options.Wide})
	if err != nil {
		log.Fatal(err)
	}
	// The server sends the object's metadata with each row; namespace and labels come from it.
	for index := range rows.Rows {
		meta := &metav1.PartialObjectMetadata{ObjectMeta: hpas[index].ObjectMeta}
		rows.Rows[index].Object = runtime.RawExtension{Object: meta}
	}
	var text bytes.Buffer
	if err := cli.NewTablePrinter(options).PrintObj(rows, &text); err != nil {
		log.Fatal(err)
	}
	return text.String()
}
