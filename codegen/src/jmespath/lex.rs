//! Text → tokens.

use serde_json::Value;

use super::{Comparator, SyntaxError};

/// A token, and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub at: usize,
    pub is: Word,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// A name without quotes, which may be a function's.
    Name(String),
    /// A name in quotes.
    Quoted(String),
    /// `` `json` `` or `'text'`.
    Literal(Value),
    Number(i64),
    Compare(Comparator),
    Dot,
    Star,
    Current,
    Reference,
    Not,
    And,
    Or,
    Pipe,
    Comma,
    Colon,
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    /// `[]`
    Flatten,
    /// `[?`
    Filter,
}

impl Word {
    /// The word, as an error shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Quoted(name) => format!("{name:?}"),
            Self::Literal(value) => format!("the literal {value}"),
            Self::Number(number) => format!("`{number}`"),
            sign => SIGNS.iter().find(|(_, is)| is == sign).map_or_else(String::new, |(sign, _)| format!("`{sign}`")),
        }
    }
}

/// More than any expression needs, so that what walks one stays within the stack.
const MOST: usize = 600;

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let error = |reason: String| SyntaxError { at, reason };
        if tokens.len() == MOST {
            return Err(error(format!("more than {MOST} words")));
        }
        let (is, length) = match first {
            '\'' => raw(rest).ok_or_else(|| error("`'` has no partner".to_owned()))?,
            '"' => quoted(rest).map_err(error)?,
            '`' => literal(rest).map_err(error)?,
            '-' | '0'..='9' => number(rest).map_err(error)?,
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => sign(rest).ok_or_else(|| error(format!("`{}` means nothing here", first.escape_default())))?,
        };
        tokens.push(Token { at, is });
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// The longest sign that the text begins with.
fn sign(rest: &str) -> Option<(Word, usize)> {
    let found = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))?;
    Some((found.1.clone(), found.0.len()))
}

/// Those of two characters come first.
const SIGNS: [(&str, Word); 24] = [
    ("[?", Word::Filter),
    ("[]", Word::Flatten),
    ("||", Word::Or),
    ("&&", Word::And),
    ("==", Word::Compare(Comparator::Equal)),
    ("!=", Word::Compare(Comparator::NotEqual)),
    ("<=", Word::Compare(Comparator::LessOrEqual)),
    (">=", Word::Compare(Comparator::GreaterOrEqual)),
    ("<", Word::Compare(Comparator::Less)),
    (">", Word::Compare(Comparator::Greater)),
    ("!", Word::Not),
    ("|", Word::Pipe),
    ("&", Word::Reference),
    (".", Word::Dot),
    ("*", Word::Star),
    ("@", Word::Current),
    (",", Word::Comma),
    (":", Word::Colon),
    ("(", Word::OpenParen),
    (")", Word::CloseParen),
    ("{", Word::OpenBrace),
    ("}", Word::CloseBrace),
    ("[", Word::OpenBracket),
    ("]", Word::CloseBracket),
];

fn name(rest: &str) -> (Word, usize) {
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    (Word::Name(rest.get(..length).unwrap_or_default().to_owned()), length)
}

fn number(rest: &str) -> Result<(Word, usize), String> {
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let length = rest.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let text = rest.get(..length).unwrap_or_default();
    let number = text.parse().map_err(|_| format!("expected an integer of 64 bits, found `{text}`"))?;
    Ok((Word::Number(number), length))
}

/// `'text'`, in which `\'` is a quotation mark and every other backslash stands for itself.
fn raw(rest: &str) -> Option<(Word, usize)> {
    let inner = rest.get(1..)?;
    let end = end_of(inner, '\'')?;
    let text = inner.get(..end)?.replace("\\'", "'");
    Some((Word::Literal(Value::String(text)), end + 2))
}

/// A name as a string of JSON.
fn quoted(rest: &str) -> Result<(Word, usize), String> {
    let end = rest.get(1..).and_then(|inner| end_of(inner, '"')).ok_or("`\"` has no partner")?;
    let text = rest.get(..end + 2).unwrap_or_default();
    let name = serde_json::from_str(text).map_err(|error| format!("{text} is no string of JSON: {error}"))?;
    Ok((Word::Quoted(name), end + 2))
}

/// JSON between backticks, in which one is escaped by a backslash.
fn literal(rest: &str) -> Result<(Word, usize), String> {
    let inner = rest.get(1..).unwrap_or_default();
    let end = end_of(inner, '`').ok_or("a backtick has no partner")?;
    let json = inner.get(..end).unwrap_or_default().replace("\\`", "`");
    let value = serde_json::from_str(&json).map_err(|error| format!("`{json}` is no JSON: {error}"))?;
    Ok((Word::Literal(value), end + 2))
}

/// Where the mark stands that no backslash escapes.
fn end_of(text: &str, mark: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let found = c == mark && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        found.then_some(at)
    })
}
