//! A formula's words as a tree, with its names looked up.
//!
//! Upstream: expr 1.17.8 parser/parser.go, parser/operator/operator.go.

use super::lex::Token;
use super::{Binary, Each, Function, Node, Problem, Unary};

/// Levels of nesting that are looked into.
const MAX_DEPTH: usize = 100;

pub(super) fn parse(tokens: &[Token], names: &[&str]) -> Result<Node, Problem> {
    let mut parser =
        Parser { tokens, names, locals: Vec::new(), depth: 0, predicates: 0, unknown: None };
    let tree = parser.expression(0)?;
    parser.no_sequence()?;
    if let Some(token) = parser.tokens.first() {
        return Err(unexpected(Some(token)));
    }
    // What can't be read comes first upstream.
    parser.unknown.map_or(Ok(tree), |text| Err(Problem::Refused(text)))
}

struct Parser<'a> {
    tokens: &'a [Token],
    names: &'a [&'a str],
    locals: Vec<String>,
    depth: usize,
    /// How many predicates are around.
    predicates: usize,
    /// The first name that nobody has.
    unknown: Option<String>,
}

type Parsed = Result<Node, Problem>;

/// Binary operators and how tightly each binds.
fn precedence(sign: &str) -> Option<u32> {
    Some(match sign {
        "|" => 0,
        "or" | "||" => 10,
        "and" | "&&" => 15,
        "==" | "!=" | "<" | ">" | ">=" | "<=" | "in" | "matches" | "contains" | "startsWith"
        | "endsWith" => 20,
        ".." => 25,
        "+" | "-" => 30,
        "*" | "/" | "%" => 60,
        "**" | "^" => 100,
        "??" => 500,
        _ => return None,
    })
}

fn is_comparison(sign: &str) -> bool {
    matches!(sign, "<" | ">" | ">=" | "<=")
}

fn unexpected(token: Option<&Token>) -> Problem {
    Problem::Refused(match token {
        None => "unexpected token EOF".to_owned(),
        Some(Token::Int(number)) => format!("unexpected token Number(\"{number}\")"),
        Some(Token::Float(number)) => format!("unexpected token Number(\"{number}\")"),
        Some(Token::Name(name)) => format!("unexpected token Identifier({name:?})"),
        Some(Token::Sign(sign)) if "()[]{}".contains(sign.as_str()) => {
            format!("unexpected token Bracket({sign:?})")
        }
        Some(Token::Sign(sign)) => format!("unexpected token Operator({sign:?})"),
    })
}

fn beyond(what: &str) -> Problem {
    Problem::NotEvaluated(what.to_owned())
}

impl<'a> Parser<'a> {
    fn sign(&self) -> Option<&'a str> {
        match self.tokens.first() {
            Some(Token::Sign(sign)) => Some(sign),
            _ => None,
        }
    }

    fn is(&self, sign: &str) -> bool {
        self.sign() == Some(sign)
    }

    fn skip(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        if is {
            self.skip();
        }
        is
    }

    fn expect(&mut self, sign: &str) -> Result<(), Problem> {
        if self.takes(sign) { Ok(()) } else { Err(unexpected(self.tokens.first())) }
    }

    fn no_sequence(&self) -> Result<(), Problem> {
        if self.is(";") { Err(beyond("several expressions in a row")) } else { Ok(()) }
    }

    fn expression(&mut self, least: u32) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(beyond("so many levels"));
        }
        let parsed = match self.sign() {
            Some("let") if least == 0 => self.variable(),
            Some("if") if least == 0 => Err(beyond("if")),
            _ => self.operation(least),
        };
        self.depth -= 1;
        parsed
    }

    fn variable(&mut self) -> Parsed {
        self.skip();
        let name = match self.tokens.first() {
            Some(Token::Name(name)) => name.clone(),
            other => return Err(unexpected(other)),
        };
        self.skip();
        self.expect("=")?;
        let value = self.expression(0)?;
        self.expect(";")?;
        let is_taken = self.names.contains(&name.as_str()) || self.locals.contains(&name);
        if is_taken || function(&name) || each(&name).is_some() {
            self.unknown.get_or_insert_with(|| format!("cannot redeclare {name}"));
        }
        self.locals.push(name);
        let body = self.expression(0)?;
        self.no_sequence()?;
        self.locals.pop();
        Ok(Node::Let(Box::new([value, body])))
    }

    fn operation(&mut self, least: u32) -> Parsed {
        let mut left = self.primary()?;
        let mut before = "";
        while let Some(sign) = self.sign() {
            if sign == "not" {
                return Err(beyond("not in"));
            }
            let Some(own) = precedence(sign).filter(|it| *it >= least) else { break };
            if let "|" | ".." | "in" | "matches" | "contains" | "startsWith" | "endsWith" = sign {
                return Err(beyond(sign));
            }
            self.skip();
            if before == "??" && sign != "??" {
                let text =
                    format!("Operator ({sign}) and coalesce expressions (??) cannot be mixed");
                return Err(Problem::Refused(text));
            }
            before = sign;
            if is_comparison(sign) {
                left = self.comparison(left, sign, own)?;
                continue;
            }
            let is_power = matches!(sign, "**" | "^");
            let right = self.expression(if is_power { own } else { own + 1 })?;
            let sides = Box::new([left, right]);
            left = match sign {
                "==" | "!=" => Node::Equal { is_negated: sign == "!=", integers: false, sides },
                _ => Node::Binary(binary(sign), sides),
            };
        }
        if least == 0 {
            left = self.conditional(left)?;
        }
        Ok(left)
    }

    /// `a < b < c` is `a < b && b < c`.
    fn comparison(&mut self, mut left: Node, mut sign: &'a str, own: u32) -> Parsed {
        let mut all = None;
        loop {
            let right = self.expression(own + 1)?;
            let one = Node::Binary(binary(sign), Box::new([left, right.clone()]));
            all = Some(match all {
                None => one,
                Some(before) => Node::Binary(Binary::And, Box::new([before, one])),
            });
            left = right;
            match self.sign().filter(|it| is_comparison(it)) {
                Some(next) => sign = next,
                None => return Ok(all.unwrap_or(Node::Nil)),
            }
            self.skip();
        }
    }

    fn conditional(&mut self, mut condition: Node) -> Parsed {
        while self.takes("?") {
            let then = if self.is(":") { condition.clone() } else { self.expression(0)? };
            self.expect(":")?;
            let otherwise = self.expression(0)?;
            condition = Node::If(Box::new([condition, then, otherwise]));
        }
        Ok(condition)
    }

    fn primary(&mut self) -> Parsed {
        let first = self.tokens.first();
        match first {
            Some(Token::Sign(sign)) => self.prefixed(sign),
            Some(Token::Int(number)) => {
                self.skip();
                Ok(Node::Int(*number))
            }
            Some(Token::Float(number)) => {
                self.skip();
                Ok(Node::Float(*number))
            }
            Some(Token::Name(name)) => {
                self.skip();
                let node = match name.as_str() {
                    "true" => return Ok(Node::Bool(true)),
                    "false" => return Ok(Node::Bool(false)),
                    "nil" => return Ok(Node::Nil),
                    _ if self.is("(") => self.call(name)?,
                    _ => self.named(name),
                };
                self.no_member(node)
            }
            None => Err(unexpected(None)),
        }
    }

    fn prefixed(&mut self, sign: &str) -> Parsed {
        let unary = match sign {
            "-" => Some((Unary::Minus, 90)),
            "+" => Some((Unary::Plus, 90)),
            "!" | "not" => Some((Unary::Not, 50)),
            _ => None,
        };
        if let Some((unary, own)) = unary {
            self.skip();
            let node = Node::Unary(unary, Box::new(self.expression(own)?));
            return self.no_member(node);
        }
        match sign {
            "(" => {
                self.skip();
                let node = self.expression(0)?;
                self.no_sequence()?;
                self.expect(")")?;
                self.no_member(node)
            }
            "[" => {
                let nodes = self.list("[", "]")?;
                self.no_member(Node::List(nodes))
            }
            "#" if self.predicates > 0 => {
                self.skip();
                if let Some(Token::Name(_)) = self.tokens.first() {
                    return Err(beyond("fields of #"));
                }
                self.no_member(Node::Element)
            }
            "{" | "." | "::" => Err(beyond(sign)),
            _ => Err(unexpected(self.tokens.first())),
        }
    }

    /// Members and slices are not evaluated.
    fn no_member(&self, node: Node) -> Parsed {
        match self.sign() {
            Some(sign @ ("." | "?." | "[")) => Err(beyond(sign)),
            _ => Ok(node),
        }
    }

    fn named(&mut self, name: &str) -> Node {
        if let Some(index) = self.locals.iter().rposition(|it| it == name) {
            return Node::Local(index);
        }
        self.names.iter().position(|it| *it == name).map_or_else(
            || {
                self.unknown.get_or_insert_with(|| format!("unknown name {name}"));
                Node::Nil
            },
            Node::Trigger,
        )
    }

    /// What stands between two brackets; a comma may end it.
    fn list(&mut self, open: &str, close: &str) -> Result<Vec<Node>, Problem> {
        self.expect(open)?;
        let mut nodes = Vec::new();
        while !self.is(close) {
            if !nodes.is_empty() {
                self.expect(",")?;
                if self.is(close) {
                    break;
                }
            }
            nodes.push(self.expression(0)?);
        }
        self.skip();
        Ok(nodes)
    }

    fn call(&mut self, name: &str) -> Parsed {
        if self.names.contains(&name) {
            return Err(beyond("calling a trigger"));
        }
        if let Some(each) = each(name) {
            return self.each(each);
        }
        let known = Function::ALL.iter().find(|(own, _)| *own == name);
        let Some((_, function)) = known else { return Err(beyond(&format!("{name}()"))) };
        Ok(Node::Call(*function, self.list("(", ")")?))
    }

    fn each(&mut self, each: Each) -> Parsed {
        self.skip();
        let is_optional = matches!(each, Each::Count | Each::Sum);
        if self.is(")") {
            return Err(Problem::Refused("expected at least 1 arguments".to_owned()));
        }
        let list = self.expression(0)?;
        let mut asked = None;
        if !(self.is(")") && is_optional) {
            if self.is(")") {
                return Err(Problem::Refused("expected at least 2 arguments".to_owned()));
            }
            self.expect(",")?;
            // A comma may end the arguments.
            if !(self.is(")") && is_optional) {
                asked = Some(Box::new(self.predicate()?));
                self.takes(",");
            }
        }
        self.expect(")")?;
        Ok(Node::Each(each, Box::new(list), asked))
    }

    fn predicate(&mut self) -> Parsed {
        let has_brackets = self.takes("{");
        self.predicates += 1;
        let node = self.expression(0)?;
        self.predicates -= 1;
        self.no_sequence()?;
        if has_brackets {
            self.expect("}")?;
        }
        Ok(node)
    }
}

fn function(name: &str) -> bool {
    Function::ALL.iter().any(|(own, _)| *own == name)
}

fn each(name: &str) -> Option<Each> {
    Each::ALL.iter().find(|(own, _)| *own == name).map(|(_, each)| *each)
}

fn binary(sign: &str) -> Binary {
    match sign {
        "+" => Binary::Add,
        "-" => Binary::Subtract,
        "*" => Binary::Multiply,
        "/" => Binary::Divide,
        "%" => Binary::Remainder,
        "<" => Binary::Less,
        "<=" => Binary::LessOrEqual,
        ">" => Binary::More,
        ">=" => Binary::MoreOrEqual,
        "and" | "&&" => Binary::And,
        "or" | "||" => Binary::Or,
        "??" => Binary::Coalesce,
        _ => Binary::Power,
    }
}
