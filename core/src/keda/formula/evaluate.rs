//! A formula's value.
//!
//! Whole numbers wrap, as Go's do. A float that no integer of 64 bits can hold becomes the least of
//! them, as on amd64; Go leaves that to the machine.
//!
//! Upstream: expr 1.17.8 vm/vm.go, vm/runtime/runtime.go, builtin/lib.go.

use super::pow::pow;
use super::{Binary, Each, Function, Node, Unary};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Int(i64),
    Float(f64),
    Bool(bool),
    Nil,
    List(Vec<Self>),
}

impl Value {
    fn number(&self) -> Result<f64, String> {
        match self {
            Self::Int(it) => Ok(*it as f64),
            Self::Float(it) => Ok(*it),
            Self::Bool(_) | Self::Nil | Self::List(_) => Err("not a number".to_owned()),
        }
    }

    fn bool(&self) -> Result<bool, String> {
        if let Self::Bool(it) = self { Ok(*it) } else { Err("not a bool".to_owned()) }
    }
}

/// Go's conversion on amd64.
pub(in super::super) fn truncated(number: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) { number as i64 } else { i64::MIN }
}

/// What names stand for.
pub(super) struct Scope<'a> {
    triggers: &'a [Option<f64>],
    locals: Vec<Value>,
    elements: Vec<Value>,
}

type Evaluated = Result<Value, String>;

impl<'a> Scope<'a> {
    pub(super) fn new(triggers: &'a [Option<f64>]) -> Self {
        Self { triggers, locals: Vec::new(), elements: Vec::new() }
    }

    pub(super) fn value(&mut self, node: &Node) -> Evaluated {
        match node {
            Node::Int(it) => Ok(Value::Int(*it)),
            Node::Float(it) => Ok(Value::Float(*it)),
            Node::Bool(it) => Ok(Value::Bool(*it)),
            Node::Nil => Ok(Value::Nil),
            Node::Trigger(index) => {
                Ok(self.triggers.get(*index).copied().flatten().map_or(Value::Nil, Value::Float))
            }
            Node::Local(index) => Ok(self.locals.get(*index).cloned().unwrap_or(Value::Nil)),
            Node::Element => Ok(self.elements.last().cloned().unwrap_or(Value::Nil)),
            Node::List(nodes) => {
                let values = nodes.iter().map(|it| self.value(it));
                values.collect::<Result<_, _>>().map(Value::List)
            }
            Node::Unary(unary, operand) => {
                let operand = self.value(operand)?;
                unary_value(*unary, &operand)
            }
            Node::Binary(binary, sides) => self.binary(*binary, sides),
            Node::Equal { is_negated, integers, sides } => {
                let (left, right) = (self.value(&sides[0])?, self.value(&sides[1])?);
                Ok(Value::Bool(equal(&left, &right, *integers)? != *is_negated))
            }
            Node::If(parts) => {
                let holds = self.value(&parts[0])?.bool()?;
                self.value(&parts[if holds { 1 } else { 2 }])
            }
            Node::Let(parts) => {
                let value = self.value(&parts[0])?;
                self.locals.push(value);
                let found = self.value(&parts[1]);
                self.locals.pop();
                found
            }
            Node::Call(function, arguments) => {
                let values = arguments.iter().map(|it| self.value(it));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                call(*function, &values)
            }
            Node::Each(each, list, asked) => self.each(*each, list, asked.as_deref()),
        }
    }

    fn binary(&mut self, binary: Binary, sides: &[Node; 2]) -> Evaluated {
        // What a constant on the right decides, upstream does not compute.
        match (binary, constant(&sides[1])) {
            (Binary::And, Some(false)) => return Ok(Value::Bool(false)),
            (Binary::Or, Some(true)) => return Ok(Value::Bool(true)),
            _ => {}
        }
        let left = self.value(&sides[0])?;
        match (binary, &left) {
            (Binary::Coalesce, Value::Nil) => return self.value(&sides[1]),
            (Binary::Coalesce, _) => return Ok(left),
            (Binary::And | Binary::Or, _) => {
                let is_decided = left.bool()? == (binary == Binary::Or);
                return if is_decided { Ok(left) } else { self.value(&sides[1]) };
            }
            _ => {}
        }
        let right = self.value(&sides[1])?;
        operation(binary, &left, &right)
    }

    /// Upstream makes `a + (b + c)` of `sum([a, b, c])`.
    fn added_from_the_right(&mut self, nodes: &[Node]) -> Evaluated {
        let values = nodes.iter().map(|it| self.value(it)).collect::<Result<Vec<_>, _>>()?;
        let mut values = values.into_iter().rev();
        let last = values.next().unwrap_or(Value::Int(0));
        values.try_fold(last, |sum, it| operation(Binary::Add, &it, &sum))
    }

    fn each(&mut self, each: Each, list: &Node, asked: Option<&Node>) -> Evaluated {
        if let (Each::Sum, Node::List(nodes), None) = (each, list, asked)
            && nodes.len() > 1
            && !nodes.iter().all(|it| matches!(it, Node::Int(_) | Node::Float(_) | Node::Bool(_)))
        {
            return self.added_from_the_right(nodes);
        }
        let Value::List(list) = self.value(list)? else { return Err("not a list".to_owned()) };
        let mut answers = Vec::new();
        for element in &list {
            let Some(asked) = asked else {
                answers.push(element.clone());
                continue;
            };
            self.elements.push(element.clone());
            let answer = self.value(asked);
            self.elements.pop();
            let answer = answer?;
            // The rest is not asked once it is decided.
            let decided = match each {
                Each::All => !answer.bool()?,
                Each::Any | Each::None => answer.bool()?,
                _ => false,
            };
            answers.push(answer);
            if decided {
                break;
            }
        }
        summed_up(each, list, answers)
    }
}

/// What upstream's optimizer knows a condition to be.
///
/// Upstream: expr 1.17.8 optimizer/fold.go.
fn constant(node: &Node) -> Option<bool> {
    match node {
        Node::Bool(it) => Some(*it),
        Node::Unary(Unary::Not, operand) => constant(operand).map(|it| !it),
        Node::Equal { is_negated: false, sides, .. } => match &**sides {
            [Node::Int(one), Node::Int(other)] => Some(one == other),
            [Node::Bool(one), Node::Bool(other)] => Some(one == other),
            _ => None,
        },
        Node::Binary(binary @ (Binary::And | Binary::Or), sides) => {
            let decides = *binary == Binary::Or;
            match (constant(&sides[0]), constant(&sides[1])) {
                (Some(it), _) | (_, Some(it)) if it == decides => Some(decides),
                (Some(_), Some(_)) => Some(!decides),
                _ => None,
            }
        }
        _ => None,
    }
}

fn summed_up(each: Each, list: Vec<Value>, answers: Vec<Value>) -> Evaluated {
    match each {
        Each::Map => return Ok(Value::List(answers)),
        Each::Sum => {
            let add = |sum: Value, it: &Value| operation(Binary::Add, it, &sum);
            return answers.iter().try_fold(Value::Int(0), add);
        }
        _ => {}
    }
    let fits = answers.iter().map(Value::bool).collect::<Result<Vec<_>, _>>()?;
    let count = fits.iter().filter(|it| **it).count();
    Ok(match each {
        Each::All => Value::Bool(count == fits.len()),
        Each::Any => Value::Bool(count > 0),
        Each::None => Value::Bool(count == 0),
        Each::One => Value::Bool(count == 1),
        Each::Count => Value::Int(count as i64),
        Each::Filter | Each::Map | Each::Sum => {
            let kept = list.into_iter().zip(fits).filter(|(_, fits)| *fits);
            Value::List(kept.map(|(it, _)| it).collect())
        }
    })
}

fn unary_value(unary: Unary, operand: &Value) -> Evaluated {
    match (unary, operand) {
        (Unary::Not, it) => it.bool().map(|it| Value::Bool(!it)),
        // Upstream compiles it to nothing.
        (Unary::Plus, it) => Ok(it.clone()),
        (Unary::Minus, Value::Int(it)) => Ok(Value::Int(it.wrapping_neg())),
        (Unary::Minus, Value::Float(it)) => Ok(Value::Float(-it)),
        (Unary::Minus, _) => Err("not a number".to_owned()),
    }
}

fn operation(binary: Binary, left: &Value, right: &Value) -> Evaluated {
    if let (Value::Int(one), Value::Int(other)) = (left, right) {
        match binary {
            Binary::Add => return Ok(Value::Int(one.wrapping_add(*other))),
            Binary::Subtract => return Ok(Value::Int(one.wrapping_sub(*other))),
            Binary::Multiply => return Ok(Value::Int(one.wrapping_mul(*other))),
            Binary::Remainder if *other == 0 => return Err("integer divide by zero".to_owned()),
            Binary::Remainder => return Ok(Value::Int(one.wrapping_rem(*other))),
            Binary::Less => return Ok(Value::Bool(one < other)),
            Binary::LessOrEqual => return Ok(Value::Bool(one <= other)),
            Binary::More => return Ok(Value::Bool(one > other)),
            Binary::MoreOrEqual => return Ok(Value::Bool(one >= other)),
            _ => {}
        }
    }
    let (one, other) = (left.number()?, right.number()?);
    Ok(match binary {
        Binary::Add => Value::Float(one + other),
        Binary::Subtract => Value::Float(one - other),
        Binary::Multiply => Value::Float(one * other),
        Binary::Divide => Value::Float(one / other),
        Binary::Power => Value::Float(pow(one, other)),
        Binary::Less => Value::Bool(one < other),
        Binary::LessOrEqual => Value::Bool(one <= other),
        Binary::More => Value::Bool(one > other),
        Binary::MoreOrEqual => Value::Bool(one >= other),
        Binary::Remainder | Binary::And | Binary::Or | Binary::Coalesce => {
            return Err("not whole numbers".to_owned());
        }
    })
}

fn equal(left: &Value, right: &Value, integers: bool) -> Result<bool, String> {
    match (left, right) {
        (Value::Int(one), Value::Int(other)) => Ok(one == other),
        _ if integers => Err("not whole numbers".to_owned()),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Ok(left.number()? == right.number()?)
        }
        _ => Ok(left == right),
    }
}

fn call(function: Function, values: &[Value]) -> Evaluated {
    let first = || values.first().ok_or_else(|| "no arguments".to_owned());
    let whole = |round: fn(f64) -> f64| Ok(Value::Float(round(first()?.number()?)));
    match function {
        Function::Abs => match first()? {
            Value::Int(it) => Ok(Value::Int(it.wrapping_abs())),
            Value::Float(it) => Ok(Value::Float(if *it < 0.0 { -it } else { *it })),
            Value::Bool(_) | Value::Nil | Value::List(_) => Err("not a number".to_owned()),
        },
        Function::Ceil => whole(f64::ceil),
        Function::Floor => whole(f64::floor),
        Function::Round => whole(f64::round),
        Function::Float => whole(|it| it),
        Function::Int => match first()? {
            Value::Int(it) => Ok(Value::Int(*it)),
            other => Ok(Value::Int(truncated(other.number()?))),
        },
        Function::Len => match first()? {
            Value::List(list) => Ok(Value::Int(list.len() as i64)),
            _ => Err("not a list".to_owned()),
        },
        Function::Min => Ok(extreme(values, Binary::More)?.unwrap_or(Value::Nil)),
        Function::Max => Ok(extreme(values, Binary::Less)?.unwrap_or(Value::Nil)),
        Function::Mean => {
            let (count, total) = mean(values)?;
            Ok(Value::Float(if count == 0 { 0.0 } else { total / count as f64 }))
        }
        Function::Median => {
            let mut numbers = Vec::new();
            flatten(values, &mut numbers)?;
            // Go sorts what is no number to the front.
            numbers.sort_by(|one, other| {
                one.partial_cmp(other).unwrap_or_else(|| other.is_nan().cmp(&one.is_nan()))
            });
            let half = numbers.len() / 2;
            Ok(Value::Float(match numbers.len() {
                0 => 0.0,
                odd if odd % 2 == 1 => numbers[half],
                _ => f64::midpoint(numbers[half - 1], numbers[half]),
            }))
        }
    }
}

/// The first of `values`, and of the lists in them, that no other one beats.
fn extreme(values: &[Value], beats: Binary) -> Result<Option<Value>, String> {
    if let [only @ (Value::Bool(_) | Value::Nil)] = values {
        return Ok(Some(only.clone()));
    }
    let mut best: Option<Value> = None;
    for value in values {
        let next = match value {
            Value::List(list) => elements_extreme(list, beats)?,
            other => Some(Value::clone(other)),
        };
        let Some(next) = next else { continue };
        next.number()?;
        let is_better = match &best {
            None => true,
            Some(best) => operation(beats, best, &next)? == Value::Bool(true),
        };
        if is_better {
            best = Some(next);
        }
    }
    Ok(best)
}

fn elements_extreme(list: &[Value], beats: Binary) -> Result<Option<Value>, String> {
    if let [Value::Bool(_) | Value::Nil] = list {
        return Err("not a number".to_owned());
    }
    extreme(list, beats)
}

/// How many numbers there are, and their total; each list is added up by itself only if it lies in
/// another one.
fn mean(values: &[Value]) -> Result<(usize, f64), String> {
    let (mut count, mut total) = (0, 0.0);
    for value in values {
        match value {
            Value::List(list) => {
                for element in list {
                    let (more, sum) = match element {
                        Value::List(_) => mean(std::slice::from_ref(element))?,
                        other => (1, other.number()?),
                    };
                    count += more;
                    total += sum;
                }
            }
            other => {
                count += 1;
                total += other.number()?;
            }
        }
    }
    Ok((count, total))
}

fn flatten(values: &[Value], numbers: &mut Vec<f64>) -> Result<(), String> {
    for value in values {
        match value {
            Value::List(list) => flatten(list, numbers)?,
            other => numbers.push(other.number()?),
        }
    }
    Ok(())
}
