//! The functions of the Smithy rules engine, for compiled rule sets: its standard library, and that of AWS.
//!
//! `booleanEquals`, `coalesce`, `isSet`, `ite`, `not` and `stringEquals` are not here: Rust has them.

mod arn;
mod host;
mod text;
mod url;

pub use arn::{Arn, parse_arn};
pub use host::{is_valid_host_label, is_virtual_hostable_s3_bucket};
pub use text::{at, split, substring, uri_encode};
pub use url::{Url, parse_url};

use super::{Partition, partition};

/// `aws.partition`: the partition that lists the region, else the one whose pattern the region has, else `aws`.
pub fn partition(region: &str) -> &'static Partition {
    partition::of(region)
}
