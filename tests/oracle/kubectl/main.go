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

	"k8s.io/api/autoscaling/v1"
	"k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	cli "k8s.io/cli-runtime/pkg/printers"
	"k8s.io/kubectl/pkg/describe"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	convertv1 "k8s.io/kubernetes/pkg/apis/autoscaling/v1"
	convert "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	"k8s.io/kubernetes/pkg/printers"
	internal "k8s.io/kubernetes/pkg/printers/internalversion"
)

// Case is what kubectl printed for some objects.
type Case struct {
	Command string                       `json:"command"`
	Objects []v2.HorizontalPodAutoscaler `json:"objects"`
	Text    string                       `json:"text"`
	// Old is what `kubectl get hpa.v1.autoscaling -o yaml` prints of them, beside descriptions.
	Old []Old `json:"old,omitempty"`
}

// Old is an object as autoscaling/v1 has it: printed, and as the API server reads it back.
type Old struct {
	Text string                     `json:"text"`
	Back v2.HorizontalPodAutoscaler `json:"back"`
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
		var olds []Old
		for _, it := range objects {
			texts = append(texts, describeText(it, g.events(it)))
			olds = append(olds, old(it))
		}
		// kubectl describe.go: further objects after two line breaks.
		return Case{"describe", objects, strings.Join(texts, "\n\n"), olds}
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
	return Case{command, objects, table(objects, options), nil}
}

// old sends an object through autoscaling/v1: what has no field there stands in annotations.
func old(hpa v2.HorizontalPodAutoscaler) Old {
	var stored, again autoscaling.HorizontalPodAutoscaler
	var first v1.HorizontalPodAutoscaler
	var back v2.HorizontalPodAutoscaler
	must(convert.Convert_v2_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler(hpa.DeepCopy(), &stored, nil))
	must(convertv1.Convert_autoscaling_HorizontalPodAutoscaler_To_v1_HorizontalPodAutoscaler(&stored, &first, nil))
	first.TypeMeta = metav1.TypeMeta{APIVersion: "autoscaling/v1", Kind: "HorizontalPodAutoscaler"}
	var text bytes.Buffer
	must((&cli.YAMLPrinter{}).PrintObj(&first, &text))
	must(convertv1.Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler(first.DeepCopy(), &again, nil))
	must(convert.Convert_autoscaling_HorizontalPodAutoscaler_To_v2_HorizontalPodAutoscaler(&again, &back, nil))
	return Old{text.String(), back}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
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
