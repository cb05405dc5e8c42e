//! `isValidHostLabel` and `aws.isVirtualHostableS3Bucket`.

use core::net::Ipv4Addr;

/// `isValidHostLabel`: whether the text is a label of a host name (RFC 1123, section 2.1: 1 to 63 letters, digits
/// and inner hyphens), or, with subdomains, such labels joined by dots.
pub fn is_valid_host_label(text: &str, allow_subdomains: bool) -> bool {
    if allow_subdomains { text.split('.').all(is_label) } else { is_label(text) }
}

/// `aws.isVirtualHostableS3Bucket`: whether the text can be both a bucket and, with or without dots, the first part
/// of a host name: 3 to 63 characters, none in upper case, and not the form of an IPv4 address.
pub fn is_virtual_hostable_s3_bucket(text: &str, allow_subdomains: bool) -> bool {
    (3..=63).contains(&text.len())
        && !text.bytes().any(|b| b.is_ascii_uppercase())
        && text.parse::<Ipv4Addr>().is_err()
        && is_valid_host_label(text, allow_subdomains)
}

fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_labels() {
        let check = |text: &str, alone: bool, dotted: bool| {
            assert_eq!((is_valid_host_label(text, false), is_valid_host_label(text, true)), (alone, dotted), "{text}");
        };
        check("us-east-1", true, true);
        check("3aws4", true, true);
        check("a.b", false, true);
        check("", false, false);
        check("a.", false, false);
        check("a..b", false, false);
        check("a.-b", false, false);
        check("a-", false, false);
        check("a b", false, false);
        check("a_b", false, false);
        check("é", false, false);
        check(&"a".repeat(63), true, true);
        check(&"a".repeat(64), false, false);
    }

    #[test]
    fn hostable_buckets() {
        let check = |text: &str, alone: bool, dotted: bool| {
            let found = (is_virtual_hostable_s3_bucket(text, false), is_virtual_hostable_s3_bucket(text, true));
            assert_eq!(found, (alone, dotted), "{text}");
        };
        check("bucket-1", true, true);
        check("a.bucket", false, true);
        check("Bucket", false, false);
        check("bucket_1", false, false);
        check("aa", false, false);
        check(&"a".repeat(64), false, false);
        check("192.168.5.4", false, false);
        check("bucket-.name", false, false);
    }
}
