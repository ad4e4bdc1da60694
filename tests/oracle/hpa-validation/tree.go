package main

import (
	"encoding/json"
	"regexp"
	"strings"
)

// node is a piece of a manifest: a scalar as it is written in YAML, a list, or fields in order.
type node struct {
	scalar string
	list   []node
	fields []field
	kind   nodeKind
}

type nodeKind int

const (
	scalarNode nodeKind = iota
	listNode
	fieldsNode
)

type field struct {
	key   string
	value node
}

func scalar(text string) node           { return node{scalar: text} }
func list(items ...node) node           { return node{kind: listNode, list: items} }
func fields(of ...field) node           { return node{kind: fieldsNode, fields: of} }
func (n *node) set(key string, v node)  { n.fields = append(n.fields, field{key, v}) }
func (n node) isEmptyCollection() bool  { return n.kind != scalarNode && len(n.list)+len(n.fields) == 0 }
func quoted(text string) string         { return string(compact(text)) }
func compact(value any) json.RawMessage { return must1(marshal(value)) }

func marshal(value any) ([]byte, error) {
	var buffer strings.Builder
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return []byte(strings.TrimSuffix(buffer.String(), "\n")), err
}

func must1[T any](value T, err error) T {
	must(err)
	return value
}

var plainKey = regexp.MustCompile(`^[A-Za-z][-A-Za-z0-9_./]*$`)

func keyText(key string) string {
	if plainKey.MatchString(key) {
		return key
	}
	return quoted(key)
}

// yaml writes n in block style, indented; what is deeper than `flow` levels in flow style.
func (n node) yaml(out *strings.Builder, indent string, flow int) {
	switch {
	case n.kind == scalarNode:
		out.WriteString(n.scalar + "\n")
	case n.isEmptyCollection() || flow == 0:
		n.flow(out)
		out.WriteByte('\n')
	case n.kind == listNode:
		for i, item := range n.list {
			if i > 0 {
				out.WriteString(indent)
			}
			out.WriteString("- ")
			item.yaml(out, indent+"  ", flow-1)
		}
	default:
		for i, it := range n.fields {
			if i > 0 {
				out.WriteString(indent)
			}
			out.WriteString(keyText(it.key) + ":")
			if it.value.kind == scalarNode || it.value.isEmptyCollection() || flow == 1 {
				out.WriteByte(' ')
				it.value.yaml(out, "", 0)
			} else {
				out.WriteString("\n" + indent + "  ")
				it.value.yaml(out, indent+"  ", flow-1)
			}
		}
	}
}

func (n node) flow(out *strings.Builder) {
	switch n.kind {
	case scalarNode:
		out.WriteString(n.scalar)
	case listNode:
		out.WriteByte('[')
		for i, item := range n.list {
			if i > 0 {
				out.WriteString(", ")
			}
			item.flow(out)
		}
		out.WriteByte(']')
	default:
		out.WriteByte('{')
		for i, it := range n.fields {
			if i > 0 {
				out.WriteString(", ")
			}
			out.WriteString(keyText(it.key) + ": ")
			it.value.flow(out)
		}
		out.WriteByte('}')
	}
}

// A number that means the same in JSON and in YAML, which goes through a float, whether an integer
// is asked for or not.
var jsonNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{0,10}[1-9])$`)

// json writes n as JSON; plain YAML words that JSON does not have become text.
func (n node) json(out *strings.Builder) {
	switch n.kind {
	case scalarNode:
		switch text := n.scalar; {
		case text == "~" || text == "" || text == "null":
			out.WriteString("null")
		case text == "true" || text == "false" || jsonNumber.MatchString(text):
			out.WriteString(text)
		case json.Valid([]byte(text)) && text[0] == '"':
			out.WriteString(text)
		default:
			out.WriteString(quoted(text))
		}
	case listNode:
		out.WriteByte('[')
		for i, item := range n.list {
			if i > 0 {
				out.WriteByte(',')
			}
			item.json(out)
		}
		out.WriteByte(']')
	default:
		out.WriteByte('{')
		for i, it := range unique(n).fields {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(quoted(it.key) + ":")
			it.value.json(out)
		}
		out.WriteByte('}')
	}
}
