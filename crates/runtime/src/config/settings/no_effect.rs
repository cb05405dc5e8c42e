//! Settings that AWS tools know and that change nothing here, each with the reason. An explanation shows those that are
//! set.

use super::text;
use crate::config::declare::{Declared, RowOf, Setting, settings};

settings! {
    pub(crate) const ACCOUNT_ID_ENDPOINT_MODE: Setting<String> = Setting {
        key: "account_id_endpoint_mode",
        variables: &["AWS_ACCOUNT_ID_ENDPOINT_MODE"],
        allowed: "`preferred`, `disabled` or `required`",
        parse: |text| one_of(text, &["preferred", "disabled", "required"]),
        row: RowOf::no_effect("no endpoint of the generated services depends on the account"),
    };

    pub(crate) const SIGV4A_SIGNING_REGION_SET: Setting<String> = Setting {
        key: "sigv4a_signing_region_set",
        variables: &["AWS_SIGV4A_SIGNING_REGION_SET"],
        allowed: "regions between commas, or `*`",
        parse: text,
        row: RowOf::no_effect("no generated service signs for several regions at once"),
    };

    pub(crate) const REQUEST_CHECKSUM_CALCULATION: Setting<String> = Setting {
        key: "request_checksum_calculation",
        variables: &["AWS_REQUEST_CHECKSUM_CALCULATION"],
        allowed: CHECKSUMS,
        parse: checksums,
        row: RowOf::no_effect("no operation of the generated services has a checksum"),
    };

    pub(crate) const RESPONSE_CHECKSUM_VALIDATION: Setting<String> = Setting {
        key: "response_checksum_validation",
        variables: &["AWS_RESPONSE_CHECKSUM_VALIDATION"],
        allowed: CHECKSUMS,
        parse: checksums,
        row: RowOf::no_effect("no operation of the generated services has a checksum"),
    };
}

const CHECKSUMS: &str = "`when_supported` or `when_required`";

fn checksums(text: &str) -> Option<String> {
    one_of(text, &["when_supported", "when_required"])
}

/// Reads one of these words, in whatever case.
fn one_of(text: &str, words: &[&str]) -> Option<String> {
    words.iter().find(|word| text.eq_ignore_ascii_case(word)).map(|word| (*word).to_owned())
}
