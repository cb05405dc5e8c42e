//! The features of a generated crate that are operations, by its manifest.

use tinsmith_codegen::Files;

use crate::sample;

/// The operations that are features.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Features {
    /// Those that turn on something else, of which each is compiled alone.
    with_more: Vec<String>,
    /// The others, of which some are drawn.
    plain: Vec<String>,
}

impl Features {
    /// Those that the manifest lists as `full`.
    ///
    /// # Errors
    ///
    /// There is not one, or one of them is not said.
    pub(super) fn of(gated: &Files) -> Result<Self, String> {
        let manifest = gated.0.get("Cargo.toml").map(String::as_str).unwrap_or_default();
        let list = manifest.split_once("\nfull = [").and_then(|(_, rest)| rest.split_once(']')).map(|(list, _)| list);
        let names = list.unwrap_or_default().split(',').map(|name| name.trim().trim_matches('"'));
        let mut found = Self::default();
        for name in names.filter(|name| !name.is_empty()) {
            let said = manifest.split_once(&format!("\n{name} = [")).map(|(_, rest)| rest);
            match said {
                Some(rest) if rest.starts_with(']') => found.plain.push(name.to_owned()),
                Some(_) => found.with_more.push(name.to_owned()),
                None => return Err(format!("Cargo.toml lists `{name}` in `full`, and has no such feature")),
            }
        }
        if found == Self::default() {
            return Err("Cargo.toml has no operation in its feature `full`".to_owned());
        }
        Ok(found)
    }

    /// Those to compile alone: each that turns on something else, and of the others so many at most.
    pub(super) fn drawn(&self, seed: &str, most: usize) -> Vec<&str> {
        let [with_more, plain] =
            [&self.with_more, &self.plain].map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
        with_more.into_iter().chain(sample::drawn(&plain, seed, most)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_lists() {
        let check = |manifest: &str, expected: Result<&[&str], &str>| {
            let files = Files([("Cargo.toml".to_owned(), manifest.to_owned())].into());
            let found = Features::of(&files);
            let drawn = found.as_ref().map(|found| found.drawn("seed", 1)).map_err(String::as_str);
            assert_eq!(drawn.as_deref(), expected.as_deref(), "{manifest}");
        };
        let head = "[features]\ndefault = []\n";
        check(
            &format!("{head}full = [\n    \"get\",\n    \"talk\",\n]\nget = []\ntalk = [\"http2\"]\n"),
            Ok(&["talk", "get"]),
        );
        check(&format!("{head}full = [\"a\", \"b\"]\na = [\"http2\"]\nb = [\"gzip\"]\n"), Ok(&["a", "b"]));
        check(head, Err("Cargo.toml has no operation in its feature `full`"));
        check(&format!("{head}full = []\n"), Err("Cargo.toml has no operation in its feature `full`"));
        check(&format!("{head}full = [\"get\"]\n"), Err("Cargo.toml lists `get` in `full`, and has no such feature"));
    }
}
