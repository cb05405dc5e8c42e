//! What an attempt is called, so that the client's account of it and the server's can be laid side by side.

use std::fmt;
use std::str::FromStr;

/// The header that carries it.
pub(crate) const HEADER: &str = "x-soak";

/// How a client is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Over TCP alone.
    Plain,
    /// Over TLS.
    Tls,
    /// By a clock that jumps.
    Astray,
    /// With credentials that end within seconds, over TLS.
    ShortLived,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Plain, Self::Tls, Self::Astray, Self::ShortLived];

    /// Whether it speaks TLS.
    pub(crate) fn is_secure(self) -> bool {
        matches!(self, Self::Tls | Self::ShortLived)
    }

    fn letter(self) -> char {
        match self {
            Self::Plain => 'p',
            Self::Tls => 't',
            Self::Astray => 'a',
            Self::ShortLived => 's',
        }
    }
}

/// A call of one task. Listings that take several requests are one call here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallId {
    pub(crate) task: u32,
    pub(crate) number: u32,
}

/// An attempt of a call, from 0, counted over all its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) call: CallId,
    pub(crate) attempt: u32,
    pub(crate) kind: Kind,
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.task, self.number)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.call, self.attempt, self.kind.letter())
    }
}

impl FromStr for Key {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(());
        let (task, call, attempt) = (number()?, number()?, number()?);
        let letter = parts.next().ok_or(())?;
        let kind = Kind::ALL.into_iter().find(|kind| letter == kind.letter().to_string()).ok_or(())?;
        Ok(Self { call: CallId { task, number: call }, attempt, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        for kind in Kind::ALL {
            let key = Key { call: CallId { task: 3, number: 17 }, attempt: 2, kind };
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", "1.2.3", "1.2.3.x", "1.2.-3.p"] {
            assert_eq!(text.parse::<Key>(), Err(()), "{text}");
        }
    }
}
