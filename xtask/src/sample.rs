//! A few of many: drawn by the code that they are of, so that the same code has the same ones looked at, and each change
//! has others.

use std::path::Path;

use tinsmith::lock::sha256;

use crate::fs;

/// What decides: the text of all Rust files below these folders.
///
/// # Errors
///
/// One of them cannot be read.
pub fn seed(folders: &[&Path]) -> anyhow::Result<String> {
    let mut texts = String::new();
    for folder in folders {
        for path in fs::rust_files(folder)? {
            texts += &sha256(&fs::read(&path)?);
        }
    }
    Ok(sha256(&texts))
}

/// So many of these names at most, in their order.
pub fn drawn<'a>(names: &[&'a str], seed: &str, most: usize) -> Vec<&'a str> {
    let mut ranked: Vec<_> =
        names.iter().enumerate().map(|(at, name)| (sha256(&format!("{seed} {name}")), at)).collect();
    ranked.sort();
    ranked.truncate(most);
    let mut places: Vec<_> = ranked.into_iter().map(|(_, at)| at).collect();
    places.sort_unstable();
    places.into_iter().filter_map(|at| names.get(at).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn another_seed_draws_others() {
        let names: Vec<_> = (b'a'..=b'z').map(|letter| char::from(letter).to_string()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let once = drawn(&names, "1", 5);
        assert!(once.len() == 5 && once.is_sorted(), "{once:?}");
        assert_eq!(drawn(&names, "1", 5), once);
        assert_ne!(drawn(&names, "2", 5), once);
        assert_eq!(drawn(&names, "1", 100), names);
        // With as many seeds as this, none is never drawn.
        let seen: std::collections::BTreeSet<_> =
            (0..100).flat_map(|seed| drawn(&names, &seed.to_string(), 5)).collect();
        assert_eq!(seen.len(), names.len());
    }
}
