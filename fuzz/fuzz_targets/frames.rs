//! Event streams: any bytes are the frames that `aws-smithy-eventstream` finds in them, in whatever pieces they come, and any message
//! is written as it writes it.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use aws_smithy_eventstream::frame::{read_message_from, write_message_to};
use aws_smithy_types::event_stream as theirs;
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use tinsmith_runtime::event_stream::{Decoder, FrameError, Header, HeaderValue, Message, StrBytes, write};
use tinsmith_runtime::primitives::DateTime;

/// Bytes, with what checksums ought to be, or a message.
#[derive(Debug)]
enum Input {
    Bytes(Vec<u8>),
    Message(Message),
}

fuzz_target!(|input: Input| {
    match input {
        Input::Bytes(bytes) => read(&bytes),
        Input::Message(message) => written(&message),
    }
});

/// The first frame of the bytes, if it is whole, is the same to both.
fn read(bytes: &[u8]) {
    let whole = frames([Bytes::copy_from_slice(bytes)]);
    for size in [1, 3, 16] {
        let pieces = bytes.chunks(size).map(Bytes::copy_from_slice);
        assert_eq!(frames(pieces), whole, "in pieces of {size}");
    }
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let Some(frame) = bytes.get(..length).filter(|frame| !frame.is_empty()) else { return };
    let theirs = read_message_from(frame).ok();
    let ours = frames([Bytes::copy_from_slice(frame)]).ok().map(|mut messages| messages.remove(0));
    match (&ours, &theirs) {
        (Some(ours), Some(theirs)) => assert_eq!(of(ours), *theirs),
        // What has no name, or more headers than any event, is read by the official crate.
        (None, Some(theirs)) => {
            let nameless = theirs.headers().iter().any(|header| header.name().as_str().is_empty());
            assert!(nameless || theirs.headers().len() > 1000, "{theirs:?}");
        }
        _ => assert_eq!(ours.is_some(), theirs.is_some(), "{ours:?}, {theirs:?}"),
    }
}

fn written(message: &Message) {
    let mut expected = Vec::new();
    let theirs = write_message_to(&of(message), &mut expected);
    match write(message) {
        Ok(ours) => {
            theirs.expect("what we write can be written");
            assert_eq!(ours, expected);
            assert_eq!(frames([ours]), Ok(vec![message.clone()]));
        }
        // Nor would the official crate read it.
        Err(error) => {
            assert!(theirs.is_err() || read_message_from(&*expected).is_err() || nameless(message), "{error}")
        }
    }
}

fn nameless(message: &Message) -> bool {
    message.headers().iter().any(|header| header.name().as_str().is_empty())
}

/// All messages of these pieces.
fn frames(pieces: impl IntoIterator<Item = Bytes>) -> std::result::Result<Vec<Message>, FrameError> {
    let (mut decoder, mut messages) = (Decoder::default(), Vec::new());
    for mut piece in pieces {
        while let Some(message) = decoder.next(&mut piece)? {
            messages.push(message);
        }
    }
    decoder.finish().map(|()| messages)
}

/// The same message, as the official crate has it.
fn of(message: &Message) -> theirs::Message {
    let text = |text: &StrBytes| text.as_str().to_owned();
    let headers = message.headers().iter().map(|header| {
        let value = match header.value() {
            HeaderValue::Bool(value) => theirs::HeaderValue::Bool(*value),
            HeaderValue::Byte(value) => theirs::HeaderValue::Byte(*value),
            HeaderValue::Int16(value) => theirs::HeaderValue::Int16(*value),
            HeaderValue::Int32(value) => theirs::HeaderValue::Int32(*value),
            HeaderValue::Int64(value) => theirs::HeaderValue::Int64(*value),
            HeaderValue::ByteArray(value) => theirs::HeaderValue::ByteArray(value.clone()),
            HeaderValue::String(value) => theirs::HeaderValue::String(text(value).into()),
            HeaderValue::Timestamp(value) => theirs::HeaderValue::Timestamp(
                aws_smithy_types::DateTime::from_secs_and_nanos(value.secs(), value.subsec_nanos()),
            ),
            HeaderValue::Uuid(value) => theirs::HeaderValue::Uuid(*value),
            other => unreachable!("there is no {other:?}"),
        };
        theirs::Header::new(text(header.name()), value)
    });
    theirs::Message::new_from_parts(headers.collect(), message.payload().clone())
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.arbitrary()? {
            let headers = (0..u.int_in_range(0..=12)?).map(|_| Ok(Header::new(u.arbitrary::<String>()?, value(u)?)));
            let headers = headers.collect::<Result<Vec<_>>>()?;
            return Ok(Self::Message(Message::new_from_parts(headers, u.arbitrary::<Vec<u8>>()?)));
        }
        let (is_whole, is_right): (bool, bool) = (u.arbitrary()?, u.arbitrary()?);
        let mut bytes = u.bytes(u.len())?.to_vec();
        if let (true, Ok(length)) = (is_whole && bytes.len() >= 16, u32::try_from(bytes.len())) {
            bytes[..4].copy_from_slice(&length.to_be_bytes());
        }
        // No mutation finds a checksum.
        if is_right {
            checksum(&mut bytes, 8);
            let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
            checksum(&mut bytes, length.saturating_sub(4));
        }
        Ok(Self::Bytes(bytes))
    }
}

fn value(u: &mut Unstructured<'_>) -> Result<HeaderValue> {
    Ok(match u.int_in_range(0..=8)? {
        0 => HeaderValue::Bool(u.arbitrary()?),
        1 => HeaderValue::Byte(u.arbitrary()?),
        2 => HeaderValue::Int16(u.arbitrary()?),
        3 => HeaderValue::Int32(u.arbitrary()?),
        4 => HeaderValue::Int64(u.arbitrary()?),
        5 => HeaderValue::ByteArray(u.arbitrary::<Vec<u8>>()?.into()),
        6 => HeaderValue::String(u.arbitrary::<String>()?.into()),
        7 => HeaderValue::Timestamp(DateTime::from_millis(u.arbitrary()?)),
        _ => HeaderValue::Uuid(u.arbitrary()?),
    })
}

/// Writes the checksum of all bytes before this place, if there is room for it.
fn checksum(bytes: &mut [u8], at: usize) {
    if let Some((checked, [a, b, c, d, ..])) = bytes.split_at_mut_checked(at) {
        [*a, *b, *c, *d] = crc32fast::hash(checked).to_be_bytes();
    }
}
