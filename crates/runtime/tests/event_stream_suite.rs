//! The frames of other SDKs: right ones, read and written byte for byte, and damaged ones. Cases are those found in
//! `conformance/eventstream`.

use std::error::Error;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use tinsmith_runtime::event_stream::{Decoder, FrameError, HeaderValue, Message, write};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/eventstream", trials)
}

/// A trial a frame, named by its folder and file.
fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let mut trials = Vec::new();
    for (name, frame) in files(&folder.join("smithy-rs"))? {
        let damage = if name.starts_with("valid_") { None } else { Some(named(&name)?) };
        trials.push(trial(format!("smithy-rs::{name}"), move || match damage {
            // The suite damaged headers and left the checksum, which is looked at first here.
            Some(damage) if !name.ends_with("checksum") => {
                read([&*frame].into_iter()).err().ok_or("a wrong checksum is believed")?;
                check(&with_checksum(&frame), Some(damage)).map(drop)
            }
            damage => check(&frame, damage).map(drop),
        }));
    }
    for sign in ["positive", "negative"] {
        let decoded = folder.join("smithy-go/decoded").join(sign);
        for (name, frame) in files(&folder.join("smithy-go/encoded").join(sign))? {
            let expected = fs::read(decoded.join(&name))?;
            trials.push(trial(format!("smithy-go::{sign}::{name}"), move || match sign {
                "positive" => compare(check(&frame, None)?.as_ref(), &serde_json::from_slice(&expected)?),
                _ => check(&frame, Some(named(&String::from_utf8(expected)?)?)).map(drop),
            }));
        }
    }
    if trials.is_empty() { Err("it holds no frame".into()) } else { Ok(trials) }
}

fn trial(name: String, check: impl FnOnce() -> Outcome<()> + Send + 'static) -> Trial {
    Trial::test(name, || check().map_err(|error| Failed::from(error.to_string())))
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?))
    };
    let mut files: Vec<_> = fs::read_dir(folder)?.map(read).collect::<Outcome<_>>()?;
    files.sort();
    Ok(files)
}

/// What an error says of a damage, by what the suites call it: smithy-rs in the name of the file, smithy-go in its text.
fn named(damage: &str) -> Outcome<&'static str> {
    const SAID: [(&str, &str); 5] = [
        ("prelude checksum", "its prelude says the checksum"),
        ("message checksum", "damaged: it says the checksum"),
        ("value type", "has the type"),
        ("headers length", "bytes of headers: expected no more than fit into it"),
        ("length", "goes on beyond them"),
    ];
    let words = damage.to_lowercase().replace('_', " ");
    let said = SAID.into_iter().find_map(|(named, said)| words.contains(named).then_some(said));
    said.ok_or_else(|| format!("say here what an error has to say of `{damage}`").into())
}

/// Reads a frame whole and byte by byte. One without damage is written again, to the same bytes; of any other the error
/// says what is wrong.
fn check(frame: &[u8], damage: Option<&str>) -> Outcome<Option<Message>> {
    let whole = read([frame].into_iter());
    if read(frame.chunks(1)) != whole {
        return Err("read byte by byte it is something else".into());
    }
    match (whole, damage) {
        (Ok(message), None) if write(&message)? == frame => Ok(Some(message)),
        (Ok(message), None) => Err(format!("written again it is something else: {message:?}").into()),
        (Ok(message), Some(damage)) => Err(format!("expected an error that says `{damage}`, got {message:?}").into()),
        (Err(told), Some(damage)) if told.to_string().contains(damage) => Ok(None),
        (Err(told), Some(damage)) => Err(format!("expected an error that says `{damage}`, got `{told}`").into()),
        (Err(told), None) => Err(told.into()),
    }
}

fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Result<Message, FrameError> {
    let (mut decoder, mut message) = (Decoder::default(), None);
    for piece in pieces {
        let mut piece = Bytes::copy_from_slice(piece);
        message = decoder.next(&mut piece)?.or(message);
    }
    decoder.finish()?;
    Ok(message.unwrap_or_else(|| Message::new(Bytes::new())))
}

/// The frame that is as long as it says, with the checksum that it ought to have: CRC-32 as zlib has it, bit by bit.
fn with_checksum(frame: &[u8]) -> Vec<u8> {
    let length = frame.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let Some(checked) = frame.get(..length.saturating_sub(4)) else { return frame.to_vec() };
    let bit = |sum: u32| (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
    let sum = !checked.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| bit(sum)));
    [checked, &sum.to_be_bytes()].concat()
}

/// Compares a message with what smithy-go found in its frame.
fn compare(message: Option<&Message>, expected: &Value) -> Outcome<()> {
    let message = message.ok_or("there is no message")?;
    let headers: Vec<_> = message
        .headers()
        .iter()
        .map(|header| {
            let (kind, value) = value(header.value());
            json!({ "name": header.name().as_str(), "type": kind, "value": value })
        })
        .collect();
    let found = json!({ "headers": headers, "payload": base64(message.payload()) });
    let expected = json!({ "headers": expected["headers"], "payload": expected["payload"] });
    if found == expected { Ok(()) } else { Err(format!("expected {expected}, got {found}").into()) }
}

/// The number of a type, and a value of it as smithy-go spells it.
fn value(value: &HeaderValue) -> (u8, Value) {
    match value {
        HeaderValue::Bool(true) => (0, json!(true)),
        HeaderValue::Bool(false) => (1, json!(false)),
        HeaderValue::Byte(value) => (2, json!(value)),
        HeaderValue::Int16(value) => (3, json!(value)),
        HeaderValue::Int32(value) => (4, json!(value)),
        HeaderValue::Int64(value) => (5, json!(value)),
        HeaderValue::ByteArray(value) => (6, json!(base64(value))),
        HeaderValue::String(value) => (7, json!(base64(value.as_bytes()))),
        HeaderValue::Timestamp(value) => (8, json!(value.to_millis().ok())),
        HeaderValue::Uuid(value) => (9, json!(base64(&value.to_be_bytes()))),
        other => (u8::MAX, json!(format!("{other:?}"))),
    }
}

/// Bytes in base64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or_default()));
        (0..4)
            .map(move |at| match at <= group.len() {
                true => char::from(DIGITS[bits >> (18 - 6 * at) & 63]),
                false => '=',
            })
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
