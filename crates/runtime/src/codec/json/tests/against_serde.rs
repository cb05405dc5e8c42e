//! The verdict of the reader beside that of `serde_json`: over a table of odd texts, and over texts that are mutated
//! from good ones by a fixed seed.

use std::fmt::Debug;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::super::read;
use crate::codec::fixture::{Everything, Skipped, page};
use crate::wire::Wire;

/// Texts that are not quite JSON, or only just.
const ODD: &[&str] = &[
    "0",
    "-0",
    "00",
    "01",
    "-01",
    "-",
    "+1",
    "1.",
    ".1",
    "1.e1",
    "1e",
    "1e+",
    "1e-",
    "1E5",
    "1e05",
    "1.5e-3",
    "1..2",
    "0x1",
    "1_000",
    "1 2",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e400",
    "1e-400",
    "123456789012345678901234567890",
    "nul",
    "null",
    "nulll",
    "NULL",
    "true",
    "tru",
    "True",
    "truefalse",
    "false",
    "\"\"",
    "\"",
    "\"a",
    "a\"",
    "'a'",
    "\"\\\"",
    "\"\\x\"",
    "\"\\",
    "\"\\/\"",
    "\"\\u\"",
    "\"\\u12\"",
    "\"\\u00g0\"",
    "\"\\u+041\"",
    "\"\\u0041\"",
    "\"\\U0041\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ud83d\\ud83d\"",
    "\"\\ud83dx\"",
    "\"\\ud83d\\n\"",
    "\"\\ud83d\\u0041\"",
    "\"\\ud83d\\u\"",
    "\"\t\"",
    "\"\n\"",
    "\"\u{0}\"",
    "\"\u{1f}\"",
    "\"\u{7f}\"",
    "\"\u{80}\"",
    "\"\u{2028}\"",
    "\"\u{feff}\"",
    "\u{feff}\"\"",
    "\u{feff}0",
    "\u{a0}0",
    "\u{c}0",
    "\u{b}0",
    " \t\r\n0 \t\r\n",
    "",
    " ",
    "[",
    "]",
    "[]",
    "[ ]",
    "[,]",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[1,2]",
    "[1:2]",
    "[1}",
    "[]]",
    "{",
    "}",
    "{}",
    "{ }",
    "{,}",
    "{\"a\":1,}",
    "{\"a\":1,,}",
    "{,\"a\":1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "{1:1}",
    "{null:1}",
    "{\"a\":1}{",
    "{\"a\":1]",
    "{\"a\":1,\"a\":2}",
    "{\"\\ud83d\":1}",
    "{\"\\x\":1}",
    "{\"a\":\"\\ud83d\"}",
    "// a\n0",
    "0//",
    "/**/0",
    "#",
    "\\",
    "[\"a\\\"]",
    "{\"a\":[{\"b\":[null,true,1e2,\"\\u00e9\"]}]}",
    "{\"a\":[{\"b\":[null,true,1e2,\"\\u00e9\"]}}",
    "\u{0}",
    "0\u{0}",
    "[\u{0}]",
];

/// Compares what the reader makes of a whole document with what `serde_json` does.
fn check<T: Wire + Debug + PartialEq + DeserializeOwned>(text: &[u8]) {
    // An empty body is no document, and a structure without members to us alone.
    if !text.is_empty() {
        let serde = serde_json::from_slice::<T>(text).ok();
        assert_eq!(read::<T>(text).ok(), serde, "{:?}", String::from_utf8_lossy(text));
    }
}

/// The same where nothing is kept. `serde_json` then looks at UTF-8 in text alone, and has no limit of depth.
fn check_skipped(text: &[u8]) {
    let valid = std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    assert_eq!(read::<Skipped>(text).is_ok(), valid || text.is_empty(), "{:?}", String::from_utf8_lossy(text));
    let member = [b"{\"unknown\":", text, b"}"].concat();
    let valid = std::str::from_utf8(&member).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    assert_eq!(read::<Everything>(&member).is_ok(), valid, "{:?}", String::from_utf8_lossy(&member));
}

fn check_all(text: &[u8]) {
    check_skipped(text);
    check::<String>(text);
    check::<bool>(text);
    check::<Option<bool>>(text);
    check::<Option<String>>(text);
    check::<Vec<Option<String>>>(text);
    check::<std::collections::HashMap<String, Option<bool>>>(text);
    check_integer(text);
    check_float(text);
}

/// An integer that both read is the same; what `serde_json` refuses and we do not is one in the clothes of a float.
fn check_integer(text: &[u8]) {
    let (ours, serde) = (read::<i64>(text).ok().filter(|_| !text.is_empty()), serde_json::from_slice::<i64>(text).ok());
    let float =
        serde_json::from_slice::<f64>(text).ok().and_then(|_| nearest(text)).filter(|float| float.fract() == 0.0);
    let dressed = ours.filter(|ours| float == Some(*ours as f64) && text.iter().any(|byte| b".eE".contains(byte)));
    let minus_zero = ours.filter(|_| float == Some(0.0));
    assert_eq!(ours, serde.or(dressed).or(minus_zero), "{:?}", String::from_utf8_lossy(text));
}

/// A float is the nearest one, which `serde_json` misses by a digit now and then; text is a float to us alone.
fn check_float(text: &[u8]) {
    let serde = serde_json::from_slice::<f64>(text).ok();
    let ours = read::<f64>(text).ok().filter(|_| !text.is_empty() && !text.contains(&b'"'));
    assert_eq!(ours.is_some(), serde.is_some(), "{:?}", String::from_utf8_lossy(text));
    assert_eq!(ours, ours.and(nearest(text)), "{:?}", String::from_utf8_lossy(text));
}

/// The float that is nearest to what a text says.
fn nearest(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

#[test]
fn odd_texts_get_the_verdict_of_serde_json() {
    for text in ODD {
        check_all(text.as_bytes());
        for around in
            [format!("[{text}]"), format!("[\"a\",{text},null]"), format!("{{\"a\":{text}}}"), format!(" {text} ")]
        {
            check_all(around.as_bytes());
        }
    }
    for not_text in
        [&b"\"\xff\""[..], b"\xff", b"\"\xed\xa0\x80\"", b"\"\xc0\x80\"", b"[\"\xe2\x82\"]", b"\xef\xbb\xbf0"]
    {
        check_skipped(not_text);
        check::<String>(not_text);
    }
}

#[test]
fn mutated_texts_get_the_verdict_of_serde_json() {
    let good = page(2);
    let mut seeds: Vec<Vec<u8>> = ODD.iter().map(|text| text.as_bytes().to_vec()).collect();
    seeds.extend([
        good.as_bytes().to_vec(),
        br#"{"a":"b\u00e9\ud83d\ude00","c":[1.5e3,-2,{"d":null}],"e":{"f":true}}"#.to_vec(),
    ]);
    seeds.push(br#"["a\n\"b","\ud83d\ude00",null,"c",  "d\\"]"#.to_vec());
    seeds.push(br#"{"a":true,"b":null , "\u0061":false}"#.to_vec());
    seeds.push(b"-12345678901234567.890e+12".to_vec());
    let mut random = Random(42);
    for round in 0..40_000 * rounds() {
        let mut text = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + round % 3 {
            mutate(&mut text, &mut random);
        }
        check_all(&text);
    }
}

/// What is read member by member is a document as a whole, whatever a mutation made of it; and if it is none, the error
/// has a text, and a place within the body.
#[test]
fn mutated_structures_are_read_only_if_they_are_json() {
    let mut random = Random(7);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 * rounds() {
        let mut text = super::EVERYTHING.as_bytes().to_vec();
        mutate(&mut text, &mut random);
        let valid = std::str::from_utf8(&text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        match read::<Everything>(&text) {
            Ok(_) => {
                assert!(valid, "{:?}", String::from_utf8_lossy(&text));
                good += 1;
            }
            Err(error) => {
                assert!(error.offset().is_some_and(|offset| offset <= text.len()), "{error}");
                assert!(!error.to_string().contains('\n'), "{error}");
                bad += 1;
            }
        }
    }
    assert!(good > 1_000 && bad > 1_000, "{good} good and {bad} bad texts say too little");
}

/// How many times as many texts as usual: `cargo xtask deep` asks for more.
fn rounds() -> usize {
    std::env::var("TINSMITH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Changes, removes, adds or repeats a piece.
fn mutate(text: &mut Vec<u8>, random: &mut Random) {
    const PIECES: &[u8] = b"{}[]:,\"\\/bfnrtu0189.eE+- \n\td8cDF\x00\x1f\x7f\xc3\xa9\xff";
    let at = random.below(text.len() + 1);
    let end = (at + random.below(4)).min(text.len());
    match random.below(4) {
        0 => drop(text.drain(at..end)),
        1 => text.insert(at, PIECES[random.below(PIECES.len())]),
        2 => {
            let piece = text[at..end].to_vec();
            text.splice(at..at, piece);
        }
        _ => {
            if let Some(byte) = text.get_mut(at) {
                *byte = PIECES[random.below(PIECES.len())];
            }
        }
    }
}

/// The generator of Steele, Lea and Flood (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}
