package oracle

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
)

// FormulaCase is a formula over the triggers a, b and c, as KEDA compiles it and runs it.
type FormulaCase struct {
	Formula string `json:"formula"`
	// Why it does not compile.
	Refused string `json:"refused,omitempty"`
	// What the triggers are, in milli units; a trigger without one is nil.
	Values [][3]*int64 `json:"values,omitempty"`
	// What each of them leads to: milli units, "nil" or "error".
	Results []string `json:"results,omitempty"`
}

var formulaNames = []string{"a", "b", "c"}

func (g generator) formulaCase() FormulaCase {
	c := FormulaCase{Formula: formulas{g}.formula()}
	object := &kedav1alpha1.ScaledObject{}
	object.Spec.Advanced = &kedav1alpha1.AdvancedConfig{
		ScalingModifiers: kedav1alpha1.ScalingModifiers{Formula: c.Formula, Target: "1"},
	}
	for _, name := range formulaNames {
		object.Spec.Triggers = append(object.Spec.Triggers, kedav1alpha1.ScaleTriggers{Type: "redis", Name: name})
	}
	program, err := kedav1alpha1.ValidateAndCompileScalingModifiers(object)
	if err != nil {
		c.Refused = err.Error()
		return c
	}
	for range 4 {
		var values [3]*int64
		data := map[string]any{}
		for index, name := range formulaNames {
			milli := pick[int64](g, 0, 1, 500, 1000, 1500, 2000, 2999, 5000, 20_000, 1_000_000, 123_456_789)
			if g.IntN(12) == 0 {
				data[name] = nil
				continue
			}
			values[index] = &milli
			data[name] = milliQuantity(milli).AsApproximateFloat64()
		}
		c.Values = append(c.Values, values)
		result, err := expr.Run(program, data)
		number, isFloat := result.(float64)
		switch {
		case err != nil || (result != nil && !isFloat):
			c.Results = append(c.Results, "error")
		case result == nil:
			c.Results = append(c.Results, "nil")
		default:
			c.Results = append(c.Results, fmt.Sprint(int64(number*1000)))
		}
	}
	return c
}

// formulas makes formulas.
type formulas struct{ generator }

// formula is one that real ones are made like, and sometimes not quite sound.
func (g formulas) formula() string {
	if g.IntN(8) == 0 {
		return fmt.Sprintf("let x = %s; %s", g.number(2), strings.ReplaceAll(g.number(3), "c", "x"))
	}
	if g.IntN(8) == 0 {
		return fmt.Sprintf("%s ?? %s", g.name(), pick(g.generator, g.name(), "b ?? c", "7", "nil"))
	}
	if g.IntN(20) == 0 {
		return g.anything(3)
	}
	return g.number(4)
}

func (g formulas) name() string { return pick(g.generator, formulaNames...) }

// anything may be of another type than its place wants.
func (g formulas) anything(depth int) string {
	switch g.IntN(5) {
	case 0:
		return g.bool(depth)
	case 1:
		return g.list(depth)
	case 2:
		return pick(g.generator, "nil", "d", "true", "1 +", "(a", "a b", "1e", "99999999999999999999", "a..b", "a ? b", "#", "min()", "sum(a)", "a;b")
	default:
		return g.number(depth)
	}
}

func (g formulas) number(depth int) string {
	if g.IntN(60) == 0 {
		return g.anything(depth - 1)
	}
	if depth <= 0 || g.IntN(5) == 0 {
		return pick(g.generator, "a", "b", "c", "a", "b", "1", "2", "10", "0", "0.5", "1.5", "1e3", ".25", "1_000", "0x10", "3.")
	}
	one, other := g.number(depth-1), g.number(depth-1)
	switch g.IntN(16) {
	case 0, 1:
		return fmt.Sprintf("%s + %s", one, other)
	case 2:
		return fmt.Sprintf("%s - %s", one, other)
	case 3:
		return fmt.Sprintf("%s * %s", one, other)
	case 4:
		return fmt.Sprintf("%s / %s", one, other)
	case 5:
		return fmt.Sprintf("(%s)", one)
	case 6, 7, 8:
		return fmt.Sprintf("(%s ? %s : %s)", g.bool(depth-1), one, other)
	case 9:
		return fmt.Sprintf("%s %s %s", one, pick(g.generator, "**", "^"), pick(g.generator, "2", "3", "-1", "0.5", "10", "0"))
	case 10:
		return fmt.Sprintf("%s(%s)", pick(g.generator, "abs", "ceil", "floor", "round", "int", "float"), one)
	case 11:
		return fmt.Sprintf("%s(%s, %s)", pick(g.generator, "min", "max", "mean", "median"), one, pick(g.generator, other, g.list(depth-1)))
	case 12:
		return fmt.Sprintf("%s(%s)", pick(g.generator, "sum", "len", "min", "max", "mean", "median", "count"), g.list(depth-1))
	case 13:
		return fmt.Sprintf("%s(%s, %s)", pick(g.generator, "count", "sum", "len"), g.list(depth-1), g.predicate())
	case 14:
		return fmt.Sprintf("%s%s", pick(g.generator, "-", "+"), one)
	default:
		return fmt.Sprintf("int(%s) %% %s", one, pick(g.generator, "2", "3", "10", "0"))
	}
}

func (g formulas) bool(depth int) string {
	if depth <= 0 {
		return fmt.Sprintf("%s %s %s", g.name(), pick(g.generator, ">", "<", ">=", "<=", "==", "!="), g.number(0))
	}
	one, other := g.bool(depth-1), g.bool(depth-1)
	switch g.IntN(9) {
	case 0:
		return fmt.Sprintf("%s %s %s", one, pick(g.generator, "and", "&&"), other)
	case 1:
		return fmt.Sprintf("%s %s %s", one, pick(g.generator, "or", "||"), other)
	case 2:
		return fmt.Sprintf("%s(%s)", pick(g.generator, "not ", "!"), one)
	case 3:
		return fmt.Sprintf("%s(%s, %s)", pick(g.generator, "any", "all", "none", "one"), g.list(depth-1), g.predicate())
	case 4:
		return fmt.Sprintf("%s < %s <= %s", g.number(depth-1), g.name(), g.number(0))
	default:
		return fmt.Sprintf("%s %s %s", g.number(depth-1), pick(g.generator, ">", "<", ">=", "<=", "==", "!="), g.number(depth-1))
	}
}

func (g formulas) predicate() string {
	return pick(g.generator, "{# > 1}", "# > 1", "{# == 0}", "{# < a}", "# * 2", "{#}", "{true}", "{# + 1 > b}")
}

func (g formulas) list(depth int) string {
	switch g.IntN(6) {
	case 0:
		return fmt.Sprintf("filter([%s, %s], {# > 1})", g.name(), g.number(depth-1))
	case 1:
		return fmt.Sprintf("map([%s, %s], {# * 2})", g.name(), g.number(depth-1))
	case 2:
		return fmt.Sprintf("[%s]", g.number(depth-1))
	case 3:
		return pick(g.generator, "[]", "[1, 2]", "[1, 2.5]", "[a, [b, c]]", "[a, true]")
	default:
		return "[a, b, c]"
	}
}
