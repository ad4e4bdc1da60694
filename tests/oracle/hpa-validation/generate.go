package main

import (
	"math"
	"math/rand/v2"
	"strings"
)

// generator makes manifests: most of each is sound, and `odd` is how often a value is not.
type generator struct {
	*rand.Rand
	odd float64
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, seed))}
}

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

func (g *generator) chance(p float64) bool { return g.Float64() < p }

// or is an odd value once in a while, a sound one otherwise.
func (g *generator) or(odd []string, sound ...string) node {
	if g.chance(g.odd) {
		return scalar(pick(g, odd...))
	}
	return scalar(pick(g, sound...))
}

// maybe adds a field most of the time, as often as `p` says in a sound manifest.
func (g *generator) maybe(to *node, p float64, key string, value node) {
	if g.chance(g.odd / 3) {
		p = 1 - p
	}
	if g.chance(p) {
		to.set(key, value)
	}
}

var (
	oddIntegers = []string{
		"0", "-1", "1", "2147483647", "2147483648", "-2147483648", "-2147483649", "99999999999999999999",
		"1.0", "1.5", "1e3", "1e20", "0x10", "010", "08", "0o17", "0b11", "1_000", "+5", "-0", "0.0", ".5", "5.",
		`"3"`, `""`, "abc", "true", "yes", "~", "null", "", "[]", "{}", "[1]", "50%", ".inf", "3600", "3601", "1800", "1801",
	}
	oddQuantities = []string{
		"0", "-1", "-1.5", "0.0", "-0", "-1e3", "-1.5Ki", `"-1Mi"`, "0m", "-500m", "-1n", "-0.1n", "0Gi", "-1Gi", "-3k",
		"1e3", "1E3", "1E", "-1E", "1e-10", "0.1n", "1n", "9.3P", "10000000000000000000000000000", "-10000000000000000000000000000",
		"-9223372036854775808", "-9223372036854775809", "18446744073709551616", "-1.10", "1.10", "010", "-010", "0x10", "-0x10",
		"1_000", "-1_000", ".5", "-.5", "5.", "+1", "01", `" 5 "`, `" -5 "`, `""`, `" "`, "abc", "1ki", "1K", "1KiB", "yes", "true",
		"~", "null", "", "[]", "{}", "1e", "1.2.3", "--1", "-1e21", "1e-7", "-1e-7", "-1e27", ".inf", "5m5", `"1.5e-3"`, `"-12e6"`, "'0'", "m", "-m",
	}
	oddWords = []string{
		`""`, "a/b", ".", "..", "a%b", `"%/"`, "...", "Web", "a.b", `"quo\"te"`, `"<x&y>"`, "grün", `"a\nb"`, `"tab\t"`, `"\u00e9\u2028"`, `"back\\slash"`,
		"1", "1.5", "yes", "true", "~", "null", "", "[]", "{}", "[a]", "{a: b}", `"5"`, "'yes'", "-a", "a-", "_", "a_b", `"\u200b\u0007\u007f"`, `"😀"`, "0x1F", "2001-01-01",
		strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("b", 253), strings.Repeat("c", 254), strings.Repeat("d.", 30) + "d",
		strings.Repeat("ü", 32),
	}
)

func (g *generator) integer(sound ...string) node { return g.or(oddIntegers, sound...) }

func (g *generator) quantity() node {
	return g.or(oddQuantities, "1", "500m", "100Mi", "1k", "10", `"30"`, "0.5", "1.5Gi", "2G", "100")
}

func (g *generator) word(sound ...string) node { return g.or(oddWords, sound...) }

// text is one manifest, as YAML or JSON.
func (g *generator) text() string {
	g.odd = pick(g, 0, 0.01, 0.04, 0.04, 0.1, 0.3)
	root := g.hpa()
	var out strings.Builder
	if g.chance(0.1) {
		root.json(&out)
	} else {
		root.yaml(&out, "", pick(g, 2, 4, 9, 9))
	}
	return out.String()
}

func (g *generator) hpa() node {
	version := pick(g, "v1", "v2", "v2", "v2")
	root := fields(field{"apiVersion", scalar("autoscaling/" + version)},
		field{"kind", scalar("HorizontalPodAutoscaler")})
	metadata := g.metadata(version)
	if g.chance(g.odd / 10) {
		metadata = scalar(pick(g, "~", "[]", "web"))
	}
	g.maybe(&root, 0.99, "metadata", metadata)
	spec := g.spec(version)
	if g.chance(g.odd / 10) {
		spec = scalar(pick(g, "~", "[]", "{}", "3"))
	}
	g.maybe(&root, 0.99, "spec", spec)
	g.stray(&root)
	return root
}

// stray adds a field that does not exist, or one a second time.
func (g *generator) stray(to *node) {
	if g.chance(g.odd / 8) {
		to.set(pick(g, "replicas", "MinReplicas", "minreplicas", "target", "foo", "Spec"), scalar("1"))
	}
	if g.chance(g.odd/20) && len(to.fields) > 0 {
		to.set(to.fields[g.IntN(len(to.fields))].key, scalar(pick(g, "1", "~", "web")))
	}
}

func (g *generator) metadata(version string) node {
	metadata := fields()
	g.maybe(&metadata, 0.97, "name", g.word("web", "api-server", "a.b.c", "x0"))
	g.maybe(&metadata, 0.03, "generateName", g.word("web-", "a.b-"))
	g.maybe(&metadata, 0.3, "namespace", g.word("default", "prod", "team-1"))
	if g.chance(0.3 + g.odd) {
		labels := fields()
		for range g.IntN(3) + 1 {
			labels.set(g.labelKey(), g.word("web", `""`, "v1.2.3", "A_b-c"))
		}
		metadata.set("labels", unique(labels))
	}
	annotations := fields()
	if g.chance(0.1 + g.odd) {
		for range g.IntN(2) + 1 {
			annotations.set(g.labelKey(), g.word("anything at all!", `""`, "x"))
		}
	}
	if g.chance(0.002 * g.odd) {
		annotations.set("long", scalar(strings.Repeat("x", 256<<10)))
	}
	if version == "v1" || g.chance(0.03) {
		g.roundTrip(&annotations)
	}
	if len(annotations.fields) > 0 || g.chance(g.odd/5) {
		metadata.set("annotations", unique(annotations))
	}
	g.maybe(&metadata, 0.1, "ownerReferences", g.owners())
	g.maybe(&metadata, 0.1, "finalizers", g.finalizers())
	g.stray(&metadata)
	g.maybe(&metadata, 0.05, "creationTimestamp", scalar(pick(g, "null", "2026-01-02T03:04:05Z")))
	g.maybe(&metadata, 0.02, "uid", scalar("d3b0"))
	g.maybe(&metadata, 0.02, "generation", scalar("7"))
	return metadata
}

// edit gives new bounds, one of them at least.
func (g *generator) edit() *Edit {
	bound := func() *int32 { return new(pick[int32](g, 0, 1, 2, 3, 4, 5, 10, 20, -1, math.MaxInt32, math.MinInt32)) }
	switch g.IntN(3) {
	case 0:
		return &Edit{Min: bound()}
	case 1:
		return &Edit{Max: bound()}
	default:
		return &Edit{Min: bound(), Max: bound()}
	}
}

// owners are metadata.ownerReferences.
func (g *generator) owners() node {
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "web", "[~]"))
	}
	owners := list()
	for range pick(g, 0, 1, 1, 1, 2, 3) {
		owner := fields()
		g.maybe(&owner, 0.97, "apiVersion", g.or([]string{`""`, "v1", "v1", "a/b/c", "/", "apps/", "/v1", "1"}, "apps/v1", "v1"))
		g.maybe(&owner, 0.97, "kind", g.or(append([]string{"Event", "Event", "Event"}, oddWords...), "Deployment", "Rollout"))
		g.maybe(&owner, 0.97, "name", g.word("web", "api"))
		g.maybe(&owner, 0.97, "uid", g.or([]string{`""`, "~", `"7"`}, "d3b0", "c0de"))
		g.maybe(&owner, 0.4, "controller", scalar(pick(g, "true", "true", "false", "null")))
		g.maybe(&owner, 0.2, "blockOwnerDeletion", scalar(pick(g, "true", "false", "null")))
		g.stray(&owner)
		owners.list = append(owners.list, owner)
	}
	return owners
}

// finalizers are metadata.finalizers.
func (g *generator) finalizers() node {
	finalizers := list()
	for range pick(g, 0, 1, 1, 2, 2) {
		finalizer := scalar(g.labelKey())
		if g.chance(0.4) {
			finalizer = scalar(pick(g, "orphan", "foregroundDeletion"))
		}
		finalizers.list = append(finalizers.list, finalizer)
	}
	return finalizers
}

func (g *generator) labelKey() string {
	if g.chance(g.odd) {
		return pick(g, "", "a/b/c", "/a", "a/", "Example.com/a", "ex_ample.com/a", "-a", "a-", "a b", "a!", "ü",
			strings.Repeat("k", 64), strings.Repeat("k", 63), strings.Repeat("p", 254)+"/k", "a..b/k", ".", "5")
	}
	return pick(g, "app", "app.kubernetes.io/name", "tier", "example.com/Team_1", "X")
}

// unique keeps the first of fields with the same key, in whatever case.
func unique(n node) node {
	seen := map[string]bool{}
	kept := fields()
	for _, it := range n.fields {
		if key := strings.ToLower(it.key); !seen[key] {
			seen[key] = true
			kept.fields = append(kept.fields, it)
		}
	}
	return kept
}

func (g *generator) spec(version string) node {
	spec := fields()
	g.maybe(&spec, 0.98, "scaleTargetRef", g.reference())
	g.maybe(&spec, 0.6, "minReplicas", g.integer("1", "2", "3", "5", "0"))
	g.maybe(&spec, 0.98, "maxReplicas", g.integer("5", "10", "20", "3", "1"))
	if version == "v1" {
		g.maybe(&spec, 0.5, "targetCPUUtilizationPercentage", g.integer("50", "80", "1"))
	} else {
		g.maybe(&spec, 0.85, "metrics", g.metrics())
		g.maybe(&spec, 0.5, "behavior", g.behavior())
	}
	g.stray(&spec)
	g.Shuffle(len(spec.fields), func(i, j int) {
		spec.fields[i], spec.fields[j] = spec.fields[j], spec.fields[i]
	})
	return spec
}

func (g *generator) reference() node {
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "web"))
	}
	reference := fields()
	g.maybe(&reference, 0.97, "apiVersion", g.or(
		[]string{`""`, "v1", "a/b/c", "/", "/v1", "apps/", "a//b", "1", "~", "[]", "extensions/v1beta1", `"apps/<v1>/x"`},
		"apps/v1", "apps/v1", "argoproj.io/v1alpha1"))
	g.maybe(&reference, 0.98, "kind", g.word("Deployment", "StatefulSet", "Rollout", "ReplicationController"))
	g.maybe(&reference, 0.98, "name", g.word("web", "api"))
	g.stray(&reference)
	return reference
}

func (g *generator) metrics() node {
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "cpu", "[~]", "[cpu]", "[[]]"))
	}
	metrics := list()
	for range pick(g, 0, 1, 1, 1, 2, 3) {
		metrics.list = append(metrics.list, g.metric())
	}
	return metrics
}

var sourceFields = map[string]string{
	"Resource": "resource", "ContainerResource": "containerResource", "Pods": "pods",
	"Object": "object", "External": "external",
}

var sourceTypes = []string{"Resource", "Resource", "ContainerResource", "Pods", "Object", "External"}

func (g *generator) metric() node {
	kind := pick(g, sourceTypes...)
	metric := fields()
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "cpu"))
	}
	oddTypes := append([]string{"resource", "Foo", "pods", "Resource", "External", "Object"}, oddWords...)
	g.maybe(&metric, 0.99, "type", g.or(oddTypes, kind))
	source := g.source(kind)
	if g.chance(g.odd / 10) {
		source = scalar(pick(g, "~", "[]", "{}", "cpu"))
	}
	g.maybe(&metric, 0.99, sourceFields[kind], source)
	for g.chance(g.odd / 3) {
		other := pick(g, sourceTypes...)
		metric.set(sourceFields[other], g.source(other))
		metric = unique(metric)
	}
	g.stray(&metric)
	g.Shuffle(len(metric.fields), func(i, j int) {
		metric.fields[i], metric.fields[j] = metric.fields[j], metric.fields[i]
	})
	return metric
}

func (g *generator) source(kind string) node {
	source := fields()
	switch kind {
	case "Resource":
		g.maybe(&source, 0.99, "name", g.word("cpu", "memory", "gpu"))
	case "ContainerResource":
		odd := append([]string{
			"gpu", "pods", "requests.cpu", "hugepages-2Mi", "requests.hugepages-1Gi", "nvidia.com/gpu", "kubernetes.io/x", "a.kubernetes.io/y",
			"requests.example.com/x", strings.Repeat("n", 60) + ".com/x", strings.Repeat("p", 245) + "/x", "storage", "example.com/", "limits.memory", "ephemeral-storage",
		}, oddWords...)
		g.maybe(&source, 0.99, "name", g.or(odd, "cpu", "memory"))
		g.maybe(&source, 0.99, "container", g.word("app", "sidecar-1"))
	case "Object":
		g.maybe(&source, 0.98, "describedObject", g.reference())
		g.maybe(&source, 0.98, "metric", g.identifier())
	default:
		g.maybe(&source, 0.98, "metric", g.identifier())
	}
	g.maybe(&source, 0.98, "target", g.target(kind))
	g.stray(&source)
	return source
}

func (g *generator) identifier() node {
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "rps"))
	}
	identifier := fields()
	g.maybe(&identifier, 0.98, "name", g.word("requests-per-second", "queue_length", "a:b"))
	if g.chance(0.2 + g.odd) {
		identifier.set("selector", g.selector())
	}
	g.stray(&identifier)
	return identifier
}

func (g *generator) selector() node {
	if g.chance(g.odd / 5) {
		return scalar(pick(g, "~", "[]", "{}", "a=b"))
	}
	selector := fields()
	labels := fields()
	labels.set(g.labelKey(), g.word("a", "b"))
	g.maybe(&selector, 0.7, "matchLabels", labels)
	expression := fields(field{"key", g.word("tier")}, field{"operator", g.word("In", "Exists", "Foo")})
	g.maybe(&expression, 0.5, "values", list(g.word("x"), g.word("y")))
	g.maybe(&selector, 0.3, "matchExpressions", list(expression))
	return selector
}

func (g *generator) target(source string) node {
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "80"))
	}
	target := fields()
	kind := "AverageValue"
	switch source {
	case "Resource", "ContainerResource":
		kind = pick(g, "Utilization", "Utilization", "AverageValue")
	case "Object", "External":
		kind = pick(g, "Value", "AverageValue")
	}
	odd := append([]string{"utilization", "Value", "AverageValue", "Utilization", "Foo"}, oddWords...)
	g.maybe(&target, 0.99, "type", g.or(odd, kind))
	sound := map[string]string{
		"Utilization": "averageUtilization", "Value": "value", "AverageValue": "averageValue",
	}[kind]
	for _, name := range []string{"averageUtilization", "value", "averageValue"} {
		p := 0.0
		if name == sound {
			p = 1
		}
		value := g.quantity()
		if name == "averageUtilization" {
			value = g.integer("50", "80", "1", "150")
		}
		g.maybe(&target, p, name, value)
	}
	g.stray(&target)
	return target
}

func (g *generator) behavior() node {
	if g.chance(0.1 + g.odd/10) {
		return scalar(pick(g, "{}", "~", "{}", "[]", "fast"))
	}
	behavior := fields()
	g.maybe(&behavior, 0.6, "scaleUp", g.rules())
	g.maybe(&behavior, 0.6, "scaleDown", g.rules())
	g.stray(&behavior)
	return behavior
}

func (g *generator) rules() node {
	if g.chance(0.05 + g.odd/10) {
		return scalar(pick(g, "{}", "~", "{}", "[]", "fast"))
	}
	rules := fields()
	g.maybe(&rules, 0.5, "stabilizationWindowSeconds", g.integer("0", "60", "300", "3600"))
	g.maybe(&rules, 0.5, "selectPolicy", g.word("Max", "Min", "Disabled"))
	if g.chance(0.6) {
		policies := list()
		for range pick(g, 1, 1, 2) {
			policies.list = append(policies.list, g.policy())
		}
		rules.set("policies", policies)
	}
	if g.chance(g.odd / 4) {
		rules.set("policies", scalar(pick(g, "[]", "~", "{}", "[~]", "Pods")))
		rules = unique(rules)
	}
	g.stray(&rules)
	tolerance := g.or(oddQuantities, "0.05", "0", "50m", "0.1", `"0.2"`)
	if kubernetesVersion() < "1.33" {
		// Whatever an unknown field says.
		tolerance = scalar("0.05")
	}
	g.maybe(&rules, 0.2, "tolerance", tolerance)
	return rules
}

func (g *generator) policy() node {
	if g.chance(g.odd / 10) {
		return scalar(pick(g, "~", "[]", "{}", "Pods"))
	}
	policy := fields()
	g.maybe(&policy, 0.99, "type", g.word("Pods", "Percent"))
	g.maybe(&policy, 0.99, "value", g.integer("1", "4", "10", "100", "1000"))
	g.maybe(&policy, 0.99, "periodSeconds", g.integer("15", "60", "1800", "1"))
	g.stray(&policy)
	return policy
}
