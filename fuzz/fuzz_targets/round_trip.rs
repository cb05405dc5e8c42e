//! Any value of a shape: what the JSON writer makes of it is JSON to `serde_json`, and the same value to our reader.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use tinsmith_fuzz::Everything;
use tinsmith_runtime::codec::json;

fuzz_target!(|value: Everything| {
    let written = json::write(&value).expect("every value that is drawn can be written");
    let text = std::str::from_utf8(&written).expect("what is written is UTF-8");
    serde_json::from_str::<IgnoredAny>(text).expect("what is written is JSON");
    let read: Everything = json::read(&written).expect("what is written can be read");
    // What is not a number is not equal to itself, and is seen by its name in the text.
    assert!(read == value || text.contains("\"NaN\""), "{text}\n{value:?}\n{read:?}");
    let again = json::write(&read).expect("what was read can be written");
    assert_eq!(text, String::from_utf8_lossy(&again));
});
