//! The words of XML 1.0: tags, character data, references, and what a reader of documents passes over.
//!
//! Documents are untrusted. There is no document type definition, and so no entity but the five that XML itself has;
//! whatever the text says, it is walked over once.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "every place and length is one within a text, whose length is an `isize`"
)]

use std::borrow::Cow;

/// Walks over a text; it never stands inside a character.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// Where the text leaves the grammar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) expected: &'static str,
}

/// The next thing that says something.
#[derive(Debug)]
pub(super) enum Token<'a> {
    Start(Tag<'a>),
    End(&'a str),
    /// Character data with its references resolved, or a section of CDATA.
    Text(Cow<'a, str>),
    Nothing,
}

/// A start tag, or one that is start and end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) is_empty: bool,
    pub(super) attributes: Attributes<'a>,
}

/// The attributes of a tag, which are well-formed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes<'a> {
    text: &'a str,
    /// Where they begin in the document.
    offset: usize,
}

/// An attribute; its value still has its references.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) raw: &'a str,
    pub(super) offset: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // A byte order mark says what we know already.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at }
    }

    /// Where the scanner stands, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Takes the next token. Comments and processing instructions, the XML declaration among them, are passed over.
    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return Ok(Token::Nothing);
            }
            if rest.starts_with("<!--") {
                self.delimited("<!--", "-->", "the end of a comment, `-->`")?;
            } else if rest.starts_with("<?") {
                self.delimited("<?", "?>", "the end of a processing instruction, `?>`")?;
            } else if rest.starts_with("<![CDATA[") {
                let data = self.delimited("<![CDATA[", "]]>", "the end of a CDATA section, `]]>`")?;
                return Ok(Token::Text(with_line_feeds(data)));
            } else if rest.starts_with("<!") {
                return Err(self.fault("no document type definition"));
            } else if rest.starts_with("</") {
                return self.end_tag();
            } else if rest.starts_with('<') {
                return self.start_tag();
            } else {
                return self.characters();
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, expected: &'static str) -> Fault {
        Fault { offset: self.at, expected }
    }

    /// Takes what stands between two delimiters, the first of which is next.
    fn delimited(&mut self, from: &str, to: &str, expected: &'static str) -> Result<&'a str, Fault> {
        let rest = self.rest().get(from.len()..).unwrap_or_default();
        match rest.split_once(to) {
            Some((inner, _)) => {
                self.at += from.len() + inner.len() + to.len();
                Ok(inner)
            }
            None => {
                self.at = self.text.len();
                Err(self.fault(expected))
            }
        }
    }

    fn characters(&mut self) -> Result<Token<'a>, Fault> {
        let offset = self.at;
        let raw = self.rest().split('<').next().unwrap_or_default();
        self.at += raw.len();
        Ok(Token::Text(resolved(raw, offset)?))
    }

    fn end_tag(&mut self) -> Result<Token<'a>, Fault> {
        self.at += "</".len();
        let name = self.name()?;
        self.space();
        self.take('>').then_some(Token::End(name)).ok_or_else(|| self.fault("`>`"))
    }

    fn start_tag(&mut self) -> Result<Token<'a>, Fault> {
        self.at += 1;
        let name = self.name()?;
        let offset = self.at;
        loop {
            let is_apart = self.space();
            let text = self.text.get(offset..self.at).unwrap_or_default();
            let attributes = Attributes { text, offset };
            if self.take('>') {
                return Ok(Token::Start(Tag { name, is_empty: false, attributes }));
            }
            if self.rest().starts_with("/>") {
                self.at += "/>".len();
                return Ok(Token::Start(Tag { name, is_empty: true, attributes }));
            }
            if !is_apart {
                return Err(self.fault("white space, `>` or `/>`"));
            }
            self.attribute()?;
        }
    }

    fn attribute(&mut self) -> Result<Attribute<'a>, Fault> {
        let name = self.name()?;
        self.space();
        if !self.take('=') {
            return Err(self.fault("`=` and the value of the attribute"));
        }
        self.space();
        let quote = match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            _ => return Err(self.fault("a value in quotes")),
        };
        self.at += 1;
        let offset = self.at;
        let raw = self.rest().split([quote, '<']).next().unwrap_or_default();
        self.at += raw.len();
        if self.take(quote) { Ok(Attribute { name, raw, offset }) } else { Err(self.fault("the end of the value")) }
    }

    fn name(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        let starts = |sign: char| sign.is_alphabetic() || sign == '_' || sign == ':';
        if !rest.starts_with(starts) {
            return Err(self.fault("a name"));
        }
        let goes_on = |sign: char| starts(sign) || sign.is_numeric() || matches!(sign, '-' | '.' | '\u{b7}');
        let name = rest.split(|sign| !goes_on(sign)).next().unwrap_or_default();
        self.at += name.len();
        Ok(name)
    }

    /// Passes over white space, and says whether there was any.
    fn space(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches(is_space).len();
        self.at += length;
        length > 0
    }

    fn take(&mut self, sign: char) -> bool {
        let is_next = self.rest().starts_with(sign);
        self.at += if is_next { sign.len_utf8() } else { 0 };
        is_next
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let mut scanner = Scanner { text: self.text, at: 0 };
        scanner.space();
        let found = scanner.attribute().ok()?;
        let attribute = Attribute { offset: self.offset + found.offset, ..found };
        self.offset += scanner.at;
        self.text = scanner.rest();
        Some(attribute)
    }
}

pub(super) fn is_space(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\n' | '\r')
}

/// Text with its references resolved and its line ends as line feeds (XML 1.0, sections 2.11 and 4.6).
pub(super) fn resolved(raw: &str, offset: usize) -> Result<Cow<'_, str>, Fault> {
    if !raw.contains('&') {
        return Ok(with_line_feeds(raw));
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(place) = rest.find('&') {
        let (plain, from) = rest.split_at(place);
        text.push_str(&with_line_feeds(plain));
        let fault = || Fault {
            offset: offset + raw.len() - from.len(),
            expected: "a reference to a character, or `&lt;`, `&gt;`, `&amp;`, `&quot;` or `&apos;`",
        };
        let (character, after) = reference(from).ok_or_else(fault)?;
        text.push(character);
        rest = after;
    }
    text.push_str(&with_line_feeds(rest));
    Ok(Cow::Owned(text))
}

fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

/// The longest reference that is looked at, in bytes; more would be zeros.
const LONGEST_REFERENCE: usize = 32;

/// The character of the reference that the text begins with, and what follows.
fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let (name, after) = (text.get(1..end)?, text.get(end + 1..)?);
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => numbered(name.strip_prefix('#')?)?,
    };
    Some((character, after))
}

/// The character of a number, if XML has it (XML 1.0, section 2.2).
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // The standard library would take a sign too.
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let character = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    let is_allowed =
        !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    is_allowed.then_some(character)
}
