//! The partitions of the cloud, resolved.

/// Every partition, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partitions {
    /// At least one: `default` is an index into them.
    pub entries: Vec<Partition>,
    /// Which of them a region belongs to that no other claims.
    pub default: usize,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// What rules see as its name: `aws`.
    pub name: String,
    /// The suffix of hosts.
    pub dns_suffix: String,
    /// The suffix of hosts that speak IPv4 and IPv6.
    pub dual_stack_dns_suffix: String,
    /// The region that stands for all of it.
    pub implicit_global_region: String,
    /// Whether there are FIPS endpoints.
    pub supports_fips: bool,
    /// Whether there are dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// The regions known by name.
    pub regions: Vec<String>,
    /// What its regions look like.
    pub pattern: Vec<Part>,
}

/// A part of the pattern of regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This text.
    Text(String),
    /// One of these texts.
    OneOf(Vec<String>),
    /// `\w+`: what follows starts with something else.
    Word,
    /// `\d+`: what follows starts with something else.
    Digits,
}
