//! Tokens → expression: operator precedence, as Pratt taught it.
//!
//! A projection takes in what follows it as what is asked of each value, until something binds weaker than it.

use super::lex::{Token, Word};
use super::{Expression, Over, Projection, Slice, SyntaxError};

/// The expression that all of these tokens are. `end` is where the text ends.
pub(super) fn expression(tokens: &[Token], end: usize) -> Result<Expression, SyntaxError> {
    let mut parser = Parser { rest: tokens, end, depth: 0 };
    let expression = parser.expression(0)?;
    if parser.rest.is_empty() { Ok(expression) } else { Err(parser.unexpected("the end, or an operator")) }
}

type Parsed = Result<Expression, SyntaxError>;

struct Parser<'a> {
    rest: &'a [Token],
    end: usize,
    depth: usize,
}

/// More levels than any expression needs; each takes some of the stack.
const DEEPEST: usize = 128;

/// How strong things bind, weakest first.
mod power {
    pub(super) const PIPE: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const FLATTEN: u8 = 9;
    /// What binds weaker than this ends a projection.
    pub(super) const PROJECTION: u8 = 10;
    pub(super) const STAR: u8 = 20;
    pub(super) const FILTER: u8 = 21;
    pub(super) const DOT: u8 = 40;
    pub(super) const NOT: u8 = 45;
    pub(super) const BRACKET: u8 = 55;
    pub(super) const CALL: u8 = 60;
}

/// How strong a token binds what stands before it.
fn power_of(word: Option<&Word>) -> u8 {
    match word {
        Some(Word::Pipe) => power::PIPE,
        Some(Word::Or) => power::OR,
        Some(Word::And) => power::AND,
        Some(Word::Compare(_)) => power::COMPARE,
        Some(Word::Flatten) => power::FLATTEN,
        Some(Word::Filter) => power::FILTER,
        Some(Word::Dot) => power::DOT,
        Some(Word::OpenBracket) => power::BRACKET,
        Some(Word::OpenParen) => power::CALL,
        _ => 0,
    }
}

impl Parser<'_> {
    /// An expression up to what binds no stronger than this.
    fn expression(&mut self, power: u8) -> Parsed {
        self.deeper(power, Self::first)
    }

    /// An expression that begins so.
    fn deeper(&mut self, power: u8, first: fn(&mut Self) -> Parsed) -> Parsed {
        if self.depth == DEEPEST {
            return Err(self.error(format!("more than {DEEPEST} levels")));
        }
        self.depth += 1;
        let mut left = first(self)?;
        while power_of(self.peek()) > power {
            left = self.next(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// What an expression can begin with.
    fn first(&mut self) -> Parsed {
        let begin = self.rest;
        let Some(word) = self.take() else { return Err(self.unexpected("an expression")) };
        match word {
            Word::Name(name) => Ok(Expression::Field(name.clone())),
            Word::Quoted(_) if self.peek() == Some(&Word::OpenParen) => {
                Err(self.error("the name of a function stands in quotes".to_owned()))
            }
            Word::Quoted(name) => Ok(Expression::Field(name.clone())),
            Word::Literal(value) => Ok(Expression::Literal(value.clone())),
            Word::Current => Ok(Expression::Current),
            Word::Star => self.projection(Expression::Current, Over::Values, power::STAR),
            Word::Flatten => self.projection(Expression::Current, Over::Flattened, power::FLATTEN),
            Word::Filter => self.filter(Expression::Current),
            Word::Not => Ok(Expression::Not(Box::new(self.expression(power::NOT)?))),
            Word::Reference => Ok(Expression::Reference(Box::new(self.expression(0)?))),
            Word::OpenBrace => self.object(),
            Word::OpenParen => {
                let inner = self.expression(0)?;
                self.expect(&Word::CloseParen, "`)`")?;
                Ok(inner)
            }
            Word::OpenBracket => match self.bracket(Expression::Current)? {
                Some(found) => Ok(found),
                None => self.list(),
            },
            _ => {
                self.rest = begin;
                Err(self.unexpected("an expression"))
            }
        }
    }

    /// What goes on after an expression.
    fn next(&mut self, left: Expression) -> Parsed {
        let begin = self.rest;
        let Some(word) = self.take() else { return Err(self.unexpected("an operator")) };
        match word {
            Word::Dot if self.peek() == Some(&Word::Star) => {
                self.take();
                self.projection(left, Over::Values, power::STAR)
            }
            Word::Dot => Ok(then(left, self.after_dot(power::DOT)?)),
            Word::Pipe => Ok(then(left, self.expression(power::PIPE)?)),
            Word::Or => Ok(Expression::Or(Box::new(left), Box::new(self.expression(power::OR)?))),
            Word::And => Ok(Expression::And(Box::new(left), Box::new(self.expression(power::AND)?))),
            Word::Compare(how) => {
                let right = self.expression(power::COMPARE)?;
                Ok(Expression::Compare(*how, Box::new(left), Box::new(right)))
            }
            Word::Flatten => self.projection(left, Over::Flattened, power::FLATTEN),
            Word::Filter => self.filter(left),
            Word::OpenParen => match left {
                Expression::Field(name) => self.call(name),
                _ => {
                    self.rest = begin;
                    Err(self.unexpected("an operator: only the name of a function can be called"))
                }
            },
            Word::OpenBracket => match self.bracket(left)? {
                Some(found) => Ok(found),
                None => Err(self.unexpected("an index, a slice or `*`")),
            },
            _ => {
                self.rest = begin;
                Err(self.unexpected("an operator"))
            }
        }
    }

    /// A projection, and what is asked of each of its values.
    fn projection(&mut self, of: Expression, over: Over, power: u8) -> Parsed {
        let each = match self.peek() {
            next if power_of(next) < power::PROJECTION => Expression::Current,
            Some(Word::Dot) => {
                self.take();
                self.after_dot(power)?
            }
            Some(Word::OpenBracket | Word::Filter) => self.deeper(power, Self::each)?,
            _ => return Err(self.unexpected("`.`, `[` or the end of the projection")),
        };
        Ok(Expression::Projection(Box::new(Projection { of, over, each })))
    }

    /// What begins with a bracket, and is asked of each value of a projection. A list of expressions has a dot before it.
    fn each(&mut self) -> Parsed {
        if self.take() == Some(&Word::Filter) {
            return self.filter(Expression::Current);
        }
        let found = self.bracket(Expression::Current)?;
        found.ok_or_else(|| self.unexpected("an index, a slice or `*`"))
    }

    fn filter(&mut self, of: Expression) -> Parsed {
        let condition = self.expression(0)?;
        self.expect(&Word::CloseBracket, "`]` after a condition")?;
        self.projection(of, Over::Where(condition), power::FILTER)
    }

    fn after_dot(&mut self, power: u8) -> Parsed {
        match self.peek() {
            Some(Word::Name(_) | Word::Quoted(_) | Word::Star) => self.expression(power),
            Some(Word::OpenBracket) => {
                self.take();
                self.list()
            }
            Some(Word::OpenBrace) => {
                self.take();
                self.object()
            }
            _ => Err(self.unexpected("a name, `*`, `[` or `{` after `.`")),
        }
    }

    /// An index, a slice or `[*]`, after its `[`; nothing where it is none of them.
    fn bracket(&mut self, left: Expression) -> Result<Option<Expression>, SyntaxError> {
        match (self.peek(), self.rest.get(1).map(|token| &token.is)) {
            (Some(Word::Star), Some(Word::CloseBracket)) => {
                self.rest = self.rest.get(2..).unwrap_or_default();
                self.projection(left, Over::Items, power::STAR).map(Some)
            }
            (Some(Word::Number(index)), Some(Word::CloseBracket)) => {
                self.rest = self.rest.get(2..).unwrap_or_default();
                Ok(Some(then(left, Expression::Index(*index))))
            }
            (Some(Word::Number(_) | Word::Colon), _) => {
                let slice = Expression::Slice(self.slice()?);
                self.projection(then(left, slice), Over::Items, power::STAR).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Up to three numbers with colons between, and one colon at least.
    fn slice(&mut self) -> Result<Slice, SyntaxError> {
        let start = self.number();
        self.expect(&Word::Colon, "`:` or `]`")?;
        let stop = self.number();
        let mut step = None;
        if self.peek() == Some(&Word::Colon) {
            self.take();
            step = self.number();
        }
        self.expect(&Word::CloseBracket, "`]` after a slice")?;
        Ok(Slice { start, stop, step })
    }

    fn number(&mut self) -> Option<i64> {
        let Some(Word::Number(number)) = self.peek() else { return None };
        self.take();
        Some(*number)
    }

    /// `a, b]`
    fn list(&mut self) -> Parsed {
        let mut items = vec![self.expression(0)?];
        while self.comma(&Word::CloseBracket, "`,` or `]`")? {
            items.push(self.expression(0)?);
        }
        Ok(Expression::List(items))
    }

    /// `name: a, other: b}`
    fn object(&mut self) -> Parsed {
        let mut entries = vec![self.entry()?];
        while self.comma(&Word::CloseBrace, "`,` or `}`")? {
            entries.push(self.entry()?);
        }
        Ok(Expression::Object(entries))
    }

    fn entry(&mut self) -> Result<(String, Expression), SyntaxError> {
        let Some(Word::Name(name) | Word::Quoted(name)) = self.peek() else { return Err(self.unexpected("a name")) };
        self.take();
        self.expect(&Word::Colon, "`:` after a name")?;
        Ok((name.clone(), self.expression(0)?))
    }

    /// `a, b)`, or `)`
    fn call(&mut self, name: String) -> Parsed {
        let mut arguments = Vec::new();
        if self.peek() == Some(&Word::CloseParen) {
            self.take();
            return Ok(Expression::Call(name, arguments));
        }
        arguments.push(self.expression(0)?);
        while self.comma(&Word::CloseParen, "`,` or `)`")? {
            arguments.push(self.expression(0)?);
        }
        Ok(Expression::Call(name, arguments))
    }

    /// Whether a comma comes, and not the end.
    fn comma(&mut self, end: &Word, expected: &str) -> Result<bool, SyntaxError> {
        let comes = self.peek() == Some(&Word::Comma);
        self.expect(if comes { &Word::Comma } else { end }, expected)?;
        Ok(comes)
    }

    fn expect(&mut self, word: &Word, expected: &str) -> Result<(), SyntaxError> {
        if self.peek() != Some(word) {
            return Err(self.unexpected(expected));
        }
        self.take();
        Ok(())
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Word> {
        self.rest.first().map(|token| &token.is)
    }

    fn take(&mut self) -> Option<&'a Word> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(&first.is)
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        self.error(match self.peek() {
            None => format!("expected {expected}, found the end"),
            Some(word) => format!("expected {expected}, found {}", word.shown()),
        })
    }

    fn error(&self, reason: String) -> SyntaxError {
        SyntaxError { at: self.rest.first().map_or(self.end, |token| token.at), reason }
    }
}

/// `next`, looking at what `left` gives.
fn then(left: Expression, next: Expression) -> Expression {
    if left == Expression::Current { next } else { Expression::Then(Box::new(left), Box::new(next)) }
}
