//! Static types: what upstream refuses before it runs.
//!
//! Upstream: expr 1.17.8 checker/checker.go, builtin/builtin.go.

use super::{Binary, Each, Function, Node, Problem, Unary};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    Int,
    Float,
    Bool,
    Nil,
    List(Box<Self>),
    /// Go's `any`, to which everything can be assigned.
    Any,
    Unknown,
}

impl Type {
    fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }

    fn is_unknown(&self) -> bool {
        matches!(self, Self::Any | Self::Unknown)
    }

    /// The type of a choice between two, neither of them nil.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::List(_), Self::List(_)) => Self::List(Box::new(Self::Any)),
            (Self::Unknown, _) => Self::Unknown,
            (one, Self::Any) => one,
            _ => Self::Unknown,
        }
    }

    /// Whether one of two is unknown, and the other may fit.
    fn may_be(&self, other: &Self, fits: impl Fn(&Self) -> bool) -> bool {
        match (self.is_unknown(), other.is_unknown()) {
            (true, true) => true,
            (true, false) => fits(other),
            (false, true) => fits(self),
            (false, false) => false,
        }
    }

    /// As Go calls it.
    fn name(&self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::List(_) => "[]interface {}",
            Self::Any => "interface {}",
            Self::Nil | Self::Unknown => "unknown",
        }
    }
}

type Checked = Result<Type, Problem>;

pub(super) fn check(tree: &mut Node) -> Result<(), Problem> {
    Checker { locals: Vec::new(), elements: Vec::new() }.visit(tree).map(|_| ())
}

fn refuse<T>(text: String) -> Result<T, Problem> {
    Err(Problem::Refused(text))
}

struct Checker {
    locals: Vec<Type>,
    /// What the elements are that the predicates around look at.
    elements: Vec<Type>,
}

impl Checker {
    fn visit(&mut self, node: &mut Node) -> Checked {
        match node {
            Node::Int(_) => Ok(Type::Int),
            Node::Float(_) | Node::Trigger(_) => Ok(Type::Float),
            Node::Bool(_) => Ok(Type::Bool),
            Node::Nil => Ok(Type::Nil),
            Node::Local(index) => Ok(self.locals.get(*index).cloned().unwrap_or(Type::Unknown)),
            Node::Element => Ok(self.elements.last().cloned().unwrap_or(Type::Unknown)),
            Node::List(nodes) => self.list(nodes),
            Node::Unary(unary, operand) => {
                let found = self.visit(operand)?;
                match unary {
                    Unary::Not if found == Type::Bool || found.is_unknown() => Ok(Type::Bool),
                    Unary::Plus | Unary::Minus if found.is_number() => Ok(found),
                    Unary::Plus | Unary::Minus if found.is_unknown() => Ok(Type::Unknown),
                    Unary::Plus | Unary::Minus | Unary::Not => {
                        refuse(format!("(mismatched type {})", found.name()))
                    }
                }
            }
            Node::Binary(binary, sides) => {
                let [left, right] = &mut **sides;
                let types = [self.visit(left)?, self.visit(right)?];
                let is_exact = *binary != Binary::Power || is_exact_power(right);
                let found = binary_type(*binary, &types)?;
                if is_exact {
                    return Ok(found);
                }
                Err(Problem::NotEvaluated("a power that is not a whole number".to_owned()))
            }
            Node::Equal { integers, is_negated, sides } => {
                let [left, right] = &mut **sides;
                let types = [self.visit(left)?, self.visit(right)?];
                *integers = types == [Type::Int, Type::Int];
                equality(&types, *is_negated)
            }
            Node::If(parts) => self.conditional(parts),
            Node::Let(parts) => {
                let [value, body] = &mut **parts;
                let value = self.visit(value)?;
                self.locals.push(value);
                let found = self.visit(body);
                self.locals.pop();
                found
            }
            Node::Call(function, arguments) => {
                let types = arguments.iter_mut().map(|it| self.visit(it));
                call(*function, &types.collect::<Result<Vec<_>, _>>()?)
            }
            Node::Each(each, list, asked) => self.each(*each, list, asked.as_deref_mut()),
        }
    }

    fn list(&mut self, nodes: &mut [Node]) -> Checked {
        let mut element = Type::Unknown;
        let mut is_uniform = true;
        for (index, node) in nodes.iter_mut().enumerate() {
            let found = self.visit(node)?;
            let same = std::mem::discriminant(&found) == std::mem::discriminant(&element);
            is_uniform &= index == 0 || same;
            element = found;
        }
        Ok(Type::List(Box::new(if is_uniform { element } else { Type::Any })))
    }

    fn conditional(&mut self, parts: &mut [Node; 3]) -> Checked {
        let [condition, then, otherwise] = parts;
        let found = self.visit(condition)?;
        if found != Type::Bool && !found.is_unknown() {
            return refuse(format!(
                "non-bool expression (type {}) used as condition",
                found.name()
            ));
        }
        Ok(match (self.visit(then)?, self.visit(otherwise)?) {
            (Type::Nil, other) | (other, Type::Nil) => other,
            (one, other) => one.or(other),
        })
    }

    fn each(&mut self, each: Each, list: &mut Node, asked: Option<&mut Node>) -> Checked {
        let list = self.visit(list)?;
        let element = match &list {
            Type::List(element) => (**element).clone(),
            Type::Unknown => Type::Unknown,
            other => {
                let (name, other) = (each.name(), other.name());
                return refuse(format!("builtin {name} takes only array (got {other})"));
            }
        };
        let Some(asked) = asked else {
            return Ok(if each == Each::Count { Type::Int } else { element });
        };
        self.elements.push(element);
        let found = self.visit(asked);
        self.elements.pop();
        let found = found?;
        if found == Type::Nil {
            return refuse("predicate should has one input and one output param".to_owned());
        }
        let is_bool = found == Type::Bool || found.is_unknown();
        match each {
            Each::Sum if found.is_unknown() => Ok(Type::Any),
            Each::Sum => Ok(found),
            Each::Map => Ok(Type::List(Box::new(found))),
            _ if !is_bool => {
                refuse(format!("predicate should return boolean (got {})", found.name()))
            }
            Each::Count => Ok(Type::Int),
            Each::Filter if list.is_unknown() => Ok(Type::List(Box::new(Type::Any))),
            Each::Filter => Ok(list),
            Each::All | Each::Any | Each::None | Each::One => Ok(Type::Bool),
        }
    }
}

fn mismatch<T>(sign: &str, [left, right]: &[Type; 2]) -> Result<T, Problem> {
    let (left, right) = (left.name(), right.name());
    refuse(format!("invalid operation: {sign} (mismatched types {left} and {right})"))
}

fn binary_type(binary: Binary, types: &[Type; 2]) -> Checked {
    let [left, right] = types;
    let numbers = left.is_number() && right.is_number();
    let maybe_numbers = left.may_be(right, Type::is_number);
    let found = match binary {
        Binary::Add | Binary::Subtract | Binary::Multiply if numbers => {
            let has_float = types.contains(&Type::Float);
            Some(if has_float { Type::Float } else { Type::Int })
        }
        Binary::Add | Binary::Subtract | Binary::Multiply => maybe_numbers.then_some(Type::Unknown),
        Binary::Divide | Binary::Power => (numbers || maybe_numbers).then_some(Type::Float),
        Binary::Remainder => {
            let is_int = |it: &Type| *it == Type::Int;
            let fits = (is_int(left) && is_int(right)) || left.may_be(right, is_int);
            fits.then_some(Type::Int)
        }
        Binary::Less | Binary::LessOrEqual | Binary::More | Binary::MoreOrEqual => {
            (numbers || maybe_numbers).then_some(Type::Bool)
        }
        Binary::And | Binary::Or => {
            let is_bool = |it: &Type| *it == Type::Bool;
            let fits = (is_bool(left) && is_bool(right)) || left.may_be(right, is_bool);
            fits.then_some(Type::Bool)
        }
        Binary::Coalesce => Some(match (left, right) {
            (Type::Nil, other) | (other, Type::Nil) => other.clone(),
            // The right side is what is assigned.
            (one, other) => match other.clone().or(one.clone()) {
                Type::Unknown => Type::Unknown,
                _ => one.clone(),
            },
        }),
    };
    found.map_or_else(|| mismatch(binary.sign(), types), Ok)
}

fn equality(types: &[Type; 2], is_negated: bool) -> Checked {
    match types {
        [Type::List(_), Type::List(_)] => Err(Problem::NotEvaluated("comparing lists".to_owned())),
        [one, other] if one.is_unknown() || other.is_unknown() => Ok(Type::Bool),
        [Type::Nil, _] | [_, Type::Nil] => Ok(Type::Bool),
        [one, other] if one == other || (one.is_number() && other.is_number()) => Ok(Type::Bool),
        _ => mismatch(if is_negated { "!=" } else { "==" }, types),
    }
}

/// Whether a power is computed here as upstream does it.
fn is_exact_power(exponent: &Node) -> bool {
    match exponent {
        Node::Int(_) => true,
        Node::Float(it) => it.abs() == 0.5 || (it % 1.0 == 0.0 && it.abs() < 1e18),
        Node::Unary(Unary::Plus | Unary::Minus, operand) => is_exact_power(operand),
        _ => false,
    }
}

fn call(function: Function, types: &[Type]) -> Checked {
    let name = function.name();
    let invalid = |it: &Type| refuse(format!("invalid argument for {name} (type {})", it.name()));
    if let Function::Min | Function::Max | Function::Mean | Function::Median = function {
        for found in types {
            match found {
                Type::List(_) | Type::Any | Type::Unknown => return Ok(Type::Any),
                Type::Int | Type::Float => {}
                Type::Bool | Type::Nil => return invalid(found),
            }
        }
        let none = || Problem::Refused(format!("not enough arguments to call {name}"));
        return types.first().cloned().ok_or_else(none);
    }
    let [found] = types else {
        let count = types.len();
        return refuse(format!("invalid number of arguments (expected 1, got {count})"));
    };
    let is_list = matches!(found, Type::List(_));
    let fits = if function == Function::Len { is_list } else { found.is_number() };
    if !fits && !found.is_unknown() {
        return invalid(found);
    }
    Ok(match function {
        Function::Abs if found.is_unknown() => Type::Any,
        Function::Abs => found.clone(),
        Function::Int | Function::Len => Type::Int,
        _ => Type::Float,
    })
}
