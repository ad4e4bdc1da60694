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

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	"k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	cli "k8s.io/cli-runtime/pkg/printers"
	"k8s.io/kubectl/pkg/describe"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	convertold "k8s.io/kubernetes/pkg/apis/autoscaling/v1"
	convert "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	"k8s.io/kubernetes/pkg/printers"
	internal "k8s.io/kubernetes/pkg/printers/internalversion"
)

// Case is what kubectl printed for some objects.
type Case struct {
	Command string                       `json:"command"`
	Objects []v2.HorizontalPodAutoscaler `json:"objects"`
	Text    string                       `json:"text"`
	// Of a description: the same objects as autoscaling/v1 has them.
	Old []*autoscalingv1.HorizontalPodAutoscaler `json:"v1,omitempty"`
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
		c := Case{Command: "describe", Objects: objects, Text: strings.Join(texts, "\n\n")}
		for _, it := range objects {
			c.Old = append(c.Old, old(it))
		}
		return c
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
	return Case{Command: command, Objects: objects, Text: table(objects, options)}
}

// old is what `kubectl get hpa.v1.autoscaling -o yaml` prints: metrics and conditions in annotations.
func old(hpa v2.HorizontalPodAutoscaler) *autoscalingv1.HorizontalPodAutoscaler {
	written := autoscalingv1.HorizontalPodAutoscaler{
		TypeMeta: metav1.TypeMeta{APIVersion: "autoscaling/v1", Kind: "HorizontalPodAutoscaler"},
	}
	if err := convertold.Convert_autoscaling_HorizontalPodAutoscaler_To_v1_HorizontalPodAutoscaler(
		internalOf(hpa), &written, nil); err != nil {
		log.Fatal(err)
	}
	return &written
}

func internalOf(hpa v2.HorizontalPodAutoscaler) *autoscaling.HorizontalPodAutoscaler {
	var it autoscaling.HorizontalPodAutoscaler
	if err := convert.Convert_v2_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler(
		hpa.DeepCopy(), &it, nil); err != nil {
		log.Fatal(err)
	}
	return &it
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
		list.Items = append(list.Items, *internalOf(hpa))
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
