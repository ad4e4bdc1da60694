//! `scalingModifiers.formula`: one metric computed from named triggers.
//!
//! Upstream compiles the formula with expr-lang and refuses what does not compile, so its static
//! types are here as well. What is evaluated: numbers, `true`, `false`, `nil`, trigger names, lists,
//! `+ - * / %`, powers with a whole constant, comparisons, `and or not`, `?:`, `??`, `let`, and the
//! functions of [`Function`] and [`Each`]. Anything else is told apart from what is wrong.
//!
//! expr-lang's Rust namesake has no static types, and its powers differ between platforms.
//!
//! Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_webhook.go
//! `ValidateAndCompileScalingModifiers`; expr 1.17.8 parser, checker, vm.

mod check;
mod evaluate;
mod lex;
mod parse;
mod pow;
#[cfg(test)]
mod tests;

use evaluate::Value;
pub(super) use evaluate::truncated;

/// A formula that can be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    tree: Node,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Upstream refuses it as well.
    Refused(String),
    /// What it uses is not evaluated here, whatever upstream makes of it.
    NotEvaluated(String),
}

/// What a formula gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// A number.
    Number(f64),
    /// `nil`: the fallback's replicas times the target stand in.
    Nil,
    /// An error: there is no metric.
    Failed,
}

impl Formula {
    /// Compiles `text` over the triggers called `names`.
    ///
    /// # Errors
    /// What is wrong with it, or what is not evaluated.
    ///
    /// ```
    /// # use tidetable_core::keda::formula::{Formula, Outcome};
    /// let formula = Formula::compile("count([a, b], {# > 1}) > 1 ? 5 : a / 2", &["a", "b"]).unwrap();
    /// assert_eq!(formula.evaluate(&[Some(3.0), Some(0.0)]), Outcome::Number(1.5));
    /// assert!(Formula::compile("a + c", &["a", "b"]).is_err());
    /// ```
    pub fn compile(text: &str, names: &[&str]) -> Result<Self, Problem> {
        let tokens = lex::tokens(&cast(text))?;
        let mut tree = parse::parse(&tokens, names)?;
        check::check(&mut tree)?;
        let formula = Self { tree };
        // Upstream tries it once, with -1 for every trigger.
        match formula.run(&vec![Some(-1.0); names.len()]) {
            Ok(_) => Ok(formula),
            Err(text) => Err(Problem::Refused(text)),
        }
    }

    /// What it gives for the triggers' values, in the order of the names; `None` for one that the
    /// fallback leaves out.
    pub fn evaluate(&self, values: &[Option<f64>]) -> Outcome {
        match self.run(values) {
            Ok(Value::Float(number)) => Outcome::Number(number),
            Ok(Value::Nil) => Outcome::Nil,
            Ok(Value::Int(_) | Value::Bool(_) | Value::List(_)) | Err(_) => Outcome::Failed,
        }
    }

    fn run(&self, values: &[Option<f64>]) -> Result<Value, String> {
        evaluate::Scope::new(values).value(&self.tree)
    }
}

/// The formula as upstream compiles it: its result must be a float, or `nil` for a fallback.
///
/// Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_webhook.go `castToFloatIfNecessary`.
fn cast(formula: &str) -> String {
    const LET: &str = "let _kedaCompositeResult = ";
    if formula.contains("??") {
        if formula.starts_with(LET) {
            return formula.to_owned();
        }
        let rest = "_kedaCompositeResult == nil ? nil : float(_kedaCompositeResult)";
        return format!("{LET}({formula}); {rest}");
    }
    if formula.starts_with("float(") { formula.to_owned() } else { format!("float({formula})") }
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Int(i64),
    Float(f64),
    Bool(bool),
    Nil,
    /// Index into the names.
    Trigger(usize),
    /// A variable, counted from the outermost.
    Local(usize),
    /// `#`: the element that a predicate looks at.
    Element,
    List(Vec<Self>),
    Unary(Unary, Box<Self>),
    Binary(Binary, Box<[Self; 2]>),
    /// `==` or, negated, `!=`. Upstream compares two static integers as such, whatever they turn out
    /// to be.
    Equal {
        is_negated: bool,
        integers: bool,
        sides: Box<[Self; 2]>,
    },
    /// Condition, then, else.
    If(Box<[Self; 3]>),
    /// Value, body.
    Let(Box<[Self; 2]>),
    Call(Function, Vec<Self>),
    Each(Each, Box<Self>, Option<Box<Self>>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unary {
    Plus,
    Minus,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    And,
    Or,
    Coalesce,
}

impl Binary {
    /// As errors call it.
    fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "**",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::More => ">",
            Self::MoreOrEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::Coalesce => "??",
        }
    }
}

/// Functions of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Without its sign.
    Abs,
    /// The next whole number up, as a float.
    Ceil,
    /// The next whole number down, as a float.
    Floor,
    /// The nearest whole number, halves away from zero, as a float.
    Round,
    /// Cut off.
    Int,
    /// As a float.
    Float,
    /// The least of numbers and of lists of them.
    Min,
    /// The greatest of numbers and of lists of them.
    Max,
    /// The mean of numbers and of lists of them.
    Mean,
    /// The median of numbers and of lists of them.
    Median,
    /// How many elements.
    Len,
}

impl Function {
    const ALL: [(&'static str, Self); 11] = [
        ("abs", Self::Abs),
        ("ceil", Self::Ceil),
        ("floor", Self::Floor),
        ("round", Self::Round),
        ("int", Self::Int),
        ("float", Self::Float),
        ("min", Self::Min),
        ("max", Self::Max),
        ("mean", Self::Mean),
        ("median", Self::Median),
        ("len", Self::Len),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }
}

/// Functions of a list and of what is asked of each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// Whether all fit.
    All,
    /// Whether any fits.
    Any,
    /// Whether none fits.
    None,
    /// Whether exactly one fits.
    One,
    /// How many fit.
    Count,
    /// Those that fit.
    Filter,
    /// What becomes of each.
    Map,
    /// Their sum.
    Sum,
}

impl Each {
    const ALL: [(&'static str, Self); 8] = [
        ("all", Self::All),
        ("any", Self::Any),
        ("none", Self::None),
        ("one", Self::One),
        ("count", Self::Count),
        ("filter", Self::Filter),
        ("map", Self::Map),
        ("sum", Self::Sum),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }
}
