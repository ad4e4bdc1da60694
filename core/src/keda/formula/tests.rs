//! What formulas give, by arithmetic; random ones are compared with upstream in the tests' oracle.

use super::{Formula, Outcome, Problem};

fn outcome(text: &str, a: f64, b: f64) -> Outcome {
    let names = ["a", "b"];
    Formula::compile(text, &names).expect(text).evaluate(&[Some(a), Some(b)])
}

#[test]
fn formulas_of_the_documentation() {
    for (text, a, b, expected) in [
        ("a + b", 1.5, 2.0, 3.5),
        ("(a + b)/2", 1.0, 2.0, 1.5),
        ("a > 2 ? a + b : 1", 3.0, 4.0, 7.0),
        ("a > 2 ? a + b : 1", 2.0, 4.0, 1.0),
        ("float(a < 2 ? a+b >= 2 ? 5 : 10 : 0)", 1.0, 0.5, 10.0),
        ("count([a,b],{#>1}) > 1 ? 5 : 0", 2.0, 3.0, 5.0),
        ("max(a, b) * 2 ** 3", 2.0, 3.0, 24.0),
        ("-a ** 2", 3.0, 0.0, -9.0),
        ("let x = a - b; x < 0 ? 0 : x", 5.0, 2.0, 3.0),
        ("1 < a <= 2 ? 7 / 2 : 7 % 4", 2.0, 0.0, 3.5),
        ("1 < a <= 2 ? 7 / 2 : 7 % 4", 2.5, 0.0, 3.0),
        ("sum(filter([a, b, 10], # > 2))", 1.0, 3.0, 13.0),
        ("round(a) + int(b)", 2.5, 2.9, 5.0),
        ("not (a > 1) and b == 0 or false ? 1 : 2", 1.0, 0.0, 1.0),
    ] {
        assert_eq!(outcome(text, a, b), Outcome::Number(expected), "{text} of {a}, {b}");
    }
    assert_eq!(outcome("a / b", 1.0, 0.0), Outcome::Number(f64::INFINITY));
}

#[test]
fn a_trigger_that_the_fallback_leaves_out_is_nil() {
    let formula = Formula::compile("a ?? b", &["a", "b"]).expect("it is sound");
    assert_eq!(formula.evaluate(&[None, Some(4.0)]), Outcome::Number(4.0));
    assert_eq!(formula.evaluate(&[None, None]), Outcome::Nil);
    let formula = Formula::compile("a + b", &["a", "b"]).expect("it is sound");
    assert_eq!(formula.evaluate(&[None, Some(4.0)]), Outcome::Failed);
}

#[test]
fn what_is_wrong_is_told_from_what_is_not_evaluated() {
    let refused = |text: &str| Problem::Refused(text.to_owned());
    let beyond = |text: &str| Problem::NotEvaluated(text.to_owned());
    for (text, expected) in [
        ("a + c", refused("unknown name c")),
        ("a > 1", refused("invalid argument for float (type bool)")),
        ("a % 2", refused("invalid operation: % (mismatched types float64 and int)")),
        ("a ? 1 : 2", refused("non-bool expression (type float64) used as condition")),
        ("a +", refused("unexpected token Bracket(\")\")")),
        ("a ?? b + 1", refused("Operator (+) and coalesce expressions (??) cannot be mixed")),
        ("a == 'x' ? 1 : 2", beyond("text in quotes")),
        ("reduce([a, b], # + 1)", beyond("reduce()")),
        ("a ** b", beyond("a power that is not a whole number")),
        ("[a, b][0]", beyond("[")),
        (&"(".repeat(400), beyond("so many levels")),
    ] {
        assert_eq!(Formula::compile(text, &["a", "b"]), Err(expected), "{text}");
    }
}
