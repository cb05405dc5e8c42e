//! Secrets that a service quotes: a refused signature is explained with the request that was to be signed, and the
//! session token is a part of that.

use std::borrow::Cow;

/// What stands before a secret in the texts of services.
const BEFORE: [&str; 3] = ["x-amz-security-token:", "x-amz-security-token=", "bearer "];

/// The shortest run of letters that is taken for a secret: "bearer token" is none.
const SHORTEST: usize = 16;

/// A text of a service, with what may be a secret of ours replaced by `…`.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut kept = String::new();
    let mut from = 0;
    while let Some((start, end)) = next(&lower, from) {
        kept.push_str(text.get(from..start).unwrap_or_default());
        kept.push('…');
        from = end;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(kept)
}

/// Where the next secret starts and ends, at or after a place. Each place is looked at once: a service may send 64 KiB of
/// what looks like the beginning of a secret.
fn next(lower: &str, from: usize) -> Option<(usize, usize)> {
    (from..lower.len()).find_map(|at| {
        let rest = lower.as_bytes().get(at..)?;
        let before = BEFORE.iter().find(|before| rest.starts_with(before.as_bytes()))?;
        let token = rest.iter().skip(before.len()).take_while(|byte| is_of_token(**byte)).count();
        let start = at.saturating_add(before.len());
        (token >= SHORTEST).then_some((start, start.saturating_add(token)))
    })
}

/// Whether a byte may stand in a token, percent-encoded ones included (RFC 6750, section 2.1).
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn what_is_quoted_is_not_shown() {
        let check = |text: &str, expected: &str| assert_eq!(without_secrets(text), expected, "{text}");
        let token = "IQoJb3JpZ2luX2VjEXAMPLE+/==";
        check("", "");
        check(
            "The security token included in the request is invalid.",
            "The security token included in the request is invalid.",
        );
        check(
            &format!(
                "should have been\n'GET\n/\n\nhost:h\nx-amz-security-token:{token}\n\nhost;x-amz-security-token\ne3b0'"
            ),
            "should have been\n'GET\n/\n\nhost:h\nx-amz-security-token:…\n\nhost;x-amz-security-token\ne3b0'",
        );
        check(&format!("a&X-Amz-Security-Token={token}&b"), "a&X-Amz-Security-Token=…&b");
        check(
            &format!("{{\"m\":\"x-amz-security-token:{token}\\nhost\"}}"),
            "{\"m\":\"x-amz-security-token:…\\nhost\"}",
        );
        check(&format!("'Bearer {token}' and 'bearer {token}'"), "'Bearer …' and 'bearer …'");
        check("the bearer token and its Bearer", "the bearer token and its Bearer");
        check(&format!("é bearer é bearer {token}é"), "é bearer é bearer …é");
        let begun = "bearer ".repeat(9_000);
        check(&begun, &begun);
    }
}
