//! Which function, and which version of it, a request means: by name, by ARN, with a qualifier in either place.

use super::{Account, constraint};
use crate::answer::{Answer, Namespace};
use crate::functions::Function;
use crate::layers::ACCOUNT;
use crate::recorded::RecordedRequest;

/// How a function may be named, in the model's words; [`Name::parse`] is what they say.
const PATTERN: &str = r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

/// The longest name.
const LONGEST: usize = 256;

/// A function that there is, and the version that is meant.
pub(super) struct Named<'a> {
    pub(super) function: &'a Function,
    /// A number, or `$LATEST`.
    pub(super) version: &'a str,
    /// The ARN, with the qualifier if the request has one.
    pub(super) arn: String,
}

impl<'a> Named<'a> {
    /// Reads the name in a path, and the qualifier of the query.
    pub(super) fn find(account: Account<'a>, text: &str, request: &RecordedRequest) -> Result<Self, Answer> {
        let Some(name) = Name::parse(text) else {
            constraint::check([Some(constraint::no_match("functionName", text, PATTERN))])?;
            return Err(Answer::unknown_operation());
        };
        let asked = request.query_value("Qualifier");
        if let (Some(derived), Some(asked)) = (name.qualifier, asked.as_deref())
            && derived != asked
        {
            let message = "The derived qualifier from the function name does not match the specified qualifier.";
            return Err(Answer::error(400, "InvalidParameterValueException", Namespace::Lambda, message));
        }
        let region = account.region;
        if let Some(other) = name.region.filter(|other| *other != region) {
            return Err(not_found(&format!("Functions from '{other}' are not reachable in this region ('{region}')")));
        }
        let qualifier = asked.as_deref().or(name.qualifier);
        let suffix = qualifier.map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
        let owner = name.account.unwrap_or(ACCOUNT);
        let arn = format!("arn:aws:lambda:{region}:{owner}:function:{}{suffix}", name.name);
        let found = account.functions.get(name.name).filter(|_| owner == ACCOUNT);
        let found = found.and_then(|function| Some((function, function.resolve(qualifier)?)));
        let (function, version) = found.ok_or_else(|| absent(&arn))?;
        Ok(Self { function, version, arn })
    }

    /// The answer where it is not there yet, or no more.
    pub(super) fn absent(&self) -> Answer {
        absent(&self.arn)
    }
}

fn absent(arn: &str) -> Answer {
    not_found(&format!("Function not found: {arn}"))
}

fn not_found(message: &str) -> Answer {
    Answer::error(404, "ResourceNotFoundException", Namespace::Lambda, message)
}

/// The parts of a name.
#[derive(Debug, PartialEq, Eq)]
struct Name<'a> {
    region: Option<&'a str>,
    account: Option<&'a str>,
    name: &'a str,
    qualifier: Option<&'a str>,
}

impl<'a> Name<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let parts = match parts.as_slice() {
            ["arn", partition, "lambda", rest @ ..] if partition.is_empty() || partition.starts_with("aws") => rest,
            parts => parts,
        };
        // What is before the name may be left out, part by part; what is alone is the name.
        let (region, parts) = optional(parts, is_region);
        let (account, parts) = optional(parts, |part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit()));
        let (_, parts) = optional(parts, |part| part == "function");
        let (name, qualifier) = match *parts {
            [name] => (name, None),
            [name, qualifier] => (name, Some(qualifier)),
            _ => return None,
        };
        let word = |text: &str, also: &[u8]| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b) || also.contains(&b))
        };
        let is_version = |text: &str| matches!(text, "$LATEST" | "$LATEST.PUBLISHED") || word(text, b"");
        (text.len() <= LONGEST && word(name, b".") && qualifier.is_none_or(is_version)).then_some(Self {
            region,
            account,
            name,
            qualifier,
        })
    }
}

/// Takes the first part if it is what it may be, and something is left after it.
fn optional<'a, 'b>(parts: &'b [&'a str], is: impl Fn(&str) -> bool) -> (Option<&'a str>, &'b [&'a str]) {
    match parts {
        [first, rest @ ..] if !rest.is_empty() && is(first) => (Some(first), rest),
        parts => (None, parts),
    }
}

/// `eu-central-1`, `us-gov-west-1`: words, and a digit last.
fn is_region(part: &str) -> bool {
    let words: Vec<&str> = part.split('-').collect();
    let [words @ .., digit] = words.as_slice() else { return false };
    (2..=4).contains(&words.len())
        && words.iter().all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
        && digit.len() == 1
        && digit.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cases = [
            ("f", (None, None, "f", None)),
            ("f:live", (None, None, "f", Some("live"))),
            ("f:$LATEST", (None, None, "f", Some("$LATEST"))),
            ("function:f", (None, None, "f", None)),
            ("function", (None, None, "function", None)),
            ("123456789012:function:f:1", (None, Some("123456789012"), "f", Some("1"))),
            ("eu-west-1:123456789012:f", (Some("eu-west-1"), Some("123456789012"), "f", None)),
            (
                "arn:aws:lambda:us-gov-west-1:123456789012:function:a-b_c.d",
                (Some("us-gov-west-1"), Some("123456789012"), "a-b_c.d", None),
            ),
        ];
        for (text, (region, account, name, qualifier)) in cases {
            assert_eq!(Name::parse(text), Some(Name { region, account, name, qualifier }), "{text}");
        }
        let long = "f".repeat(257);
        for text in
            ["", "a b", "f:", ":f", "f:a:b", "arn:aws:s3:f", "arn:gcp:lambda:f", "f:$OLDEST", "f:a.b", "é", &long]
        {
            assert_eq!(Name::parse(text), None, "{text}");
        }
    }
}
