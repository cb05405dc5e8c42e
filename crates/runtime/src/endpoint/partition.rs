//! Partitions: which of the separate clouds a region belongs to. The table is generated, into `partitions.rs`.

use super::partitions::{DEFAULT, PARTITIONS};

/// What `aws.partition` tells rules about the partition of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The name: `aws`, `aws-cn`.
    pub name: &'static str,
    /// The suffix of hosts: `amazonaws.com`.
    pub dns_suffix: &'static str,
    /// The suffix of hosts that speak IPv4 and IPv6: `api.aws`.
    pub dual_stack_dns_suffix: &'static str,
    /// The region that stands for the whole partition in signatures: `us-east-1`.
    pub implicit_global_region: &'static str,
    /// Whether there are endpoints with validated cryptography (FIPS 140).
    pub supports_fips: bool,
    /// Whether there are endpoints that speak IPv4 and IPv6.
    pub supports_dual_stack: bool,
}

/// A row of the table.
pub(super) struct Entry {
    pub(super) partition: Partition,
    /// The regions that are known by name.
    pub(super) regions: &'static [&'static str],
    /// What regions of this partition look like, those of tomorrow too.
    pub(super) pattern: &'static [Part],
}

/// A part of a region's pattern. A run takes all it can: what follows a run never starts with what it takes.
pub(super) enum Part {
    /// This text.
    Text(&'static str),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// One or more ASCII letters, digits and underscores.
    Word,
    /// One or more ASCII digits.
    Digits,
}

/// The partition of a region: the one that lists it, else the one whose pattern it has, else `aws`.
pub(super) fn of(region: &str) -> &'static Partition {
    let listed = PARTITIONS.iter().find(|entry| entry.regions.contains(&region));
    let entry = listed.or_else(|| PARTITIONS.iter().find(|entry| matches(entry.pattern, region)));
    &entry.unwrap_or(DEFAULT).partition
}

/// Whether the pattern takes the whole text.
fn matches(pattern: &[Part], text: &str) -> bool {
    let Some((part, rest)) = pattern.split_first() else { return text.is_empty() };
    match part {
        Part::Text(literal) => text.strip_prefix(literal).is_some_and(|text| matches(rest, text)),
        Part::OneOf(literals) => {
            literals.iter().any(|literal| text.strip_prefix(literal).is_some_and(|text| matches(rest, text)))
        }
        Part::Word => run(rest, text, |c| c.is_ascii_alphanumeric() || c == '_'),
        Part::Digits => run(rest, text, |c| c.is_ascii_digit()),
    }
}

fn run(rest: &[Part], text: &str, takes: impl Fn(char) -> bool) -> bool {
    let after = text.trim_start_matches(takes);
    after.len() < text.len() && matches(rest, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_listed_or_looks_like_its_partition_or_is_aws() {
        let check = |region: &str, expected: &str| assert_eq!(of(region).name, expected, "{region}");
        check("us-east-1", "aws");
        check("us-east-10", "aws");
        check("aws-cn-global", "aws-cn");
        check("cn-north-5", "aws-cn");
        check("us-gov-west-1", "aws-us-gov");
        check("us-gov-north-9", "aws-us-gov");
        check("us-iso-east-7", "aws-iso");
        check("us-isob-east-7", "aws-iso-b");
        check("eusc-de-west-3", "aws-eusc");
        check("eusc-fr-west-3", "aws");
        check("mars-global", "aws");
        check("", "aws");
    }

    #[test]
    fn a_pattern_takes_the_whole_text() {
        let pattern = [Part::OneOf(&["us", "us-gov"]), Part::Text("-"), Part::Word, Part::Text("-"), Part::Digits];
        let check = |text: &str, expected: bool| assert_eq!(matches(&pattern, text), expected, "{text}");
        check("us-east-1", true);
        check("us-gov-east-12", true);
        check("us-ea_st2-1", true);
        check("us-east-1a", false);
        check("us-east-", false);
        check("us--1", false);
        check("xus-east-1", false);
        check("us-öst-1", false);
        check("us-east-١", false);
    }
}
