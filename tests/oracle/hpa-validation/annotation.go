package main

import "strings"

// roundTrip adds the annotations in which autoscaling/v1 carries what it has no fields for.
func (g *generator) roundTrip(to *node) {
	const prefix = "autoscaling.alpha.kubernetes.io/"
	add := func(name string, value node) {
		var out strings.Builder
		value.json(&out)
		text := out.String()
		if g.chance(g.odd / 3) {
			text = g.broken(text)
		}
		to.set(prefix+name, scalar(quoted(text)))
	}
	if g.chance(0.4) {
		metrics := list()
		for range g.IntN(3) {
			metrics.list = append(metrics.list, g.oldMetric())
		}
		add("metrics", metrics)
	}
	if g.chance(0.3) {
		add("behavior", g.capitals(g.behavior()))
	}
	if g.chance(0.05) {
		add("conditions", list(fields(field{"type", g.word("AbleToScale")}, field{"status", scalar("True")})))
	}
	if g.chance(0.05) {
		add("current-metrics", list())
	}
	if g.chance(0.05) {
		add(pick(g, "scale-up-tolerance", "scale-down-tolerance"), scalar("0.1"))
	}
}

// broken is text that is not quite JSON, or not what it should be.
func (g *generator) broken(text string) string {
	switch g.IntN(6) {
	case 0:
		return text[:g.IntN(len(text)+1)]
	case 1:
		return text + pick(g, "x", ",", "]", " ", "\n", "{}")
	case 2:
		return strings.Replace(text, `"`, `'`, 2)
	case 3:
		return strings.Replace(text, ":", " : ", -1)
	case 4:
		return pick(g, "", "null", "[]", "{}", "5", `"x"`, "[null]", "[1]", `[{"type": "Pods",}]`, "[{type: Pods}]", "# x\n[]", "- type: Pods", "[[]]")
	default:
		return strings.Replace(text, ",", pick(g, "\t,\n", ",,", ", "), 1)
	}
}

// capitals writes some keys as the internal type does: its JSON has no tags.
func (g *generator) capitals(n node) node {
	for i := range n.list {
		n.list[i] = g.capitals(n.list[i])
	}
	for i, it := range n.fields {
		if it.key == "" {
			continue
		} else if g.chance(0.8) {
			it.key = strings.ToUpper(it.key[:1]) + it.key[1:]
		} else if g.chance(0.2) {
			it.key = strings.ToUpper(it.key)
		}
		n.fields[i] = field{it.key, g.capitals(it.value)}
	}
	if n.kind == fieldsNode {
		return unique(n)
	}
	return n
}

// oldMetric is an entry of metrics as autoscaling/v1 writes it into an annotation.
func (g *generator) oldMetric() node {
	kind := pick(g, sourceTypes...)
	metric := fields()
	g.maybe(&metric, 0.98, "type", g.or(append([]string{"Foo", "Pods"}, oddWords...), kind))
	source := fields()
	switch kind {
	case "Resource", "ContainerResource":
		g.maybe(&source, 0.98, "name", g.word("cpu", "memory"))
		if kind == "ContainerResource" {
			g.maybe(&source, 0.98, "container", g.word("app"))
		}
		g.maybe(&source, 0.5, "targetAverageUtilization", g.integer("50", "80"))
		g.maybe(&source, 0.5, "targetAverageValue", g.quantity())
	case "Pods":
		g.maybe(&source, 0.98, "metricName", g.word("rps"))
		g.maybe(&source, 0.98, "targetAverageValue", g.quantity())
		g.maybe(&source, 0.2, "selector", g.selector())
	case "Object":
		g.maybe(&source, 0.98, "target", g.reference())
		g.maybe(&source, 0.98, "metricName", g.word("rps"))
		g.maybe(&source, 0.7, "targetValue", g.quantity())
		g.maybe(&source, 0.3, "averageValue", g.quantity())
		g.maybe(&source, 0.2, "selector", g.selector())
	default:
		g.maybe(&source, 0.98, "metricName", g.word("rps"))
		g.maybe(&source, 0.2, "metricSelector", g.selector())
		g.maybe(&source, 0.5, "targetValue", g.quantity())
		g.maybe(&source, 0.5, "targetAverageValue", g.quantity())
	}
	g.maybe(&metric, 0.98, sourceFields[kind], source)
	if g.chance(0.1) {
		return g.capitals(metric)
	}
	return metric
}
