//! Errors on one line, for logs: with all their causes, and without what a terminal would obey.

use std::error::Error;
use std::fmt::{self, Write};

/// Displays an error and everything below it: `a: b: c`.
///
/// The errors of a call say all on one line by themselves; this is for errors of others around them.
#[derive(Debug)]
pub struct DisplayErrorContext<E: Error>(pub E);

impl<E: Error> fmt::Display for DisplayErrorContext<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        chain(&self.0, &mut Line(f))
    }
}

/// Writes an error and its causes.
pub(crate) fn chain(error: &dyn Error, out: &mut dyn Write) -> fmt::Result {
    write!(out, "{error}")?;
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(out, ": {error}")?;
        cause = error.source();
    }
    Ok(())
}

/// Displays a text of others on one line.
#[doc(hidden)]
#[derive(Debug)]
pub struct OneLine<'a>(pub &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Line(f).write_str(self.0)
    }
}

/// Displays the beginning of a text of others on one line, and `…` where there is more. It is the services and proxies that
/// say how long a text is, and the line that says all has to stay one.
#[doc(hidden)]
#[derive(Debug)]
pub struct Beginning<'a> {
    text: &'a str,
    most: usize,
}

impl<'a> Beginning<'a> {
    /// Of a message: at most 512 bytes of it.
    pub fn of_message(text: &'a str) -> Self {
        Self { text, most: 512 }
    }

    /// Of a name, such as an error code or the id of a request: at most 128 bytes of it.
    pub fn of_name(text: &'a str) -> Self {
        Self { text, most: 128 }
    }
}

impl fmt::Display for Beginning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, most } = *self;
        if text.len() <= most {
            return OneLine(text).fmt(f);
        }
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        OneLine(text.get(..end).unwrap_or_default()).fmt(f)?;
        f.write_char('…')
    }
}

/// Passes text on as a part of one line: white space as spaces, and escaped what would move the cursor, colour what
/// follows, or show it in another order than it has. Messages come from services, proxies and files of others, and
/// end in terminals and logs.
pub(crate) struct Line<'a, 'b>(pub(crate) &'a mut fmt::Formatter<'b>);

impl Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !text.contains(|c| is_unseen(c) || is_break(c)) {
            return self.0.write_str(text);
        }
        text.chars().try_for_each(|c| match c {
            c if is_break(c) => self.0.write_char(' '),
            c if is_unseen(c) => write!(self.0, "{}", c.escape_unicode()),
            c => self.0.write_char(c),
        })
    }
}

/// Whether a character goes on to another place of the page.
fn is_break(c: char) -> bool {
    c != ' ' && c.is_whitespace()
}

/// Whether a character is not seen itself, and may change how others are: controls, marks of direction and of joining.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_line() {
        for (text, line) in [
            ("plain, with \"quotes\" and \\", "plain, with \"quotes\" and \\"),
            ("a\nb\r\n\tc\u{2028}d", "a b   c d"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("\u{202e}gpj.exe\u{feff}", "\\u{202e}gpj.exe\\u{feff}"),
            ("é e\u{301} 日本 😀", "é e\u{301} 日本 😀"),
        ] {
            assert_eq!(OneLine(text).to_string(), line);
            assert_eq!(OneLine(line).to_string(), line, "a line stays as it is");
        }
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        let check = |text: &str, message: &str, name: &str| {
            assert_eq!(Beginning::of_message(text).to_string(), message, "{text}");
            assert_eq!(Beginning::of_name(text).to_string(), name, "{text}");
        };
        let letters = |count| "x".repeat(count);
        check("a\nb", "a b", "a b");
        check(&letters(128), &letters(128), &letters(128));
        check(&letters(129), &letters(129), &format!("{}…", letters(128)));
        check(&letters(513), &format!("{}…", letters(512)), &format!("{}…", letters(128)));
        let wide = format!("{}日", letters(127));
        check(&wide, &wide, &format!("{}…", letters(127)));
    }

    #[test]
    fn an_error_and_its_causes() {
        #[derive(Debug)]
        struct Wrapped(&'static str, Option<Box<Wrapped>>);

        impl fmt::Display for Wrapped {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }

        impl Error for Wrapped {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                self.1.as_deref().map(|cause| cause as _)
            }
        }

        let error = Wrapped("a", Some(Box::new(Wrapped("b\nb", Some(Box::new(Wrapped("c", None)))))));
        assert_eq!(DisplayErrorContext(&error).to_string(), "a: b b: c");
        assert_eq!(DisplayErrorContext(Wrapped("a", None)).to_string(), "a");
    }
}
