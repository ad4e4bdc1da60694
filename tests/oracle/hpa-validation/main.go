// Command hpa-validation asks Kubernetes' own API server code what it makes of random
// HorizontalPodAutoscalers: strict decoding, defaults, and validation of a create.
//
// A case is one JSON line: the manifest's text and the answer. Run by `cargo xtask oracle
// validation`, which also says how to ask for more, and of another release.
//
// What was compared so far is written down in checked.txt. JSON texts hold only numbers that mean
// the same in YAML, as that is how tidetable reads them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"log"
	"os"
	"runtime/debug"
	"strings"
)

// Header is the first line of a file of cases.
type Header struct {
	Kubernetes string `json:"kubernetes"`
	Seed       uint64 `json:"seed"`
	Cases      int    `json:"cases"`
}

// Case is a manifest and what the API server makes of it.
type Case struct {
	Text string `json:"text"`
	Answer
}

func main() {
	out := flag.String("out", "", "file to write")
	seed := flag.Uint64("seed", 1, "seed of the random cases")
	cases := flag.Int("cases", 1000, "number of random cases")
	flag.Parse()
	file, err := os.Create(*out)
	if err != nil {
		log.Fatal(err)
	}
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	lines.SetEscapeHTML(false)
	must(lines.Encode(Header{Kubernetes: kubernetesVersion(), Seed: *seed, Cases: *cases}))
	g := newGenerator(*seed)
	for range *cases {
		text := g.text()
		must(lines.Encode(Case{Text: text, Answer: ask(text, g.edit())}))
	}
	must(buffer.Flush())
	must(file.Close())
}

// kubernetesVersion is the release that this program was built with, as 1.37.2.
func kubernetesVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
