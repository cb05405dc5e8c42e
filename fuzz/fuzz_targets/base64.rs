//! Base64: any text is read as the crate `base64` reads it, and any bytes are written as it writes them.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use tinsmith_runtime::codec::json;
use tinsmith_runtime::primitives::Blob;

fuzz_target!(|bytes: &[u8]| {
    let written = json::write(&Blob::new(bytes)).expect("bytes can be written");
    assert_eq!(String::from_utf8_lossy(&written), format!("\"{}\"", STANDARD.encode(bytes)));
    // The signs that stand in a text of JSON as they are.
    let plain = |byte: &u8| *byte >= b' ' && !b"\"\\".contains(byte);
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.as_bytes().iter().all(plain)) else { return };
    let read = json::read::<Blob>(format!("\"{text}\"").as_bytes()).ok().map(Blob::into_inner);
    assert_eq!(read, STANDARD.decode(text).ok(), "{text:?}");
});
