//! Frames that are right, cut in every way, and frames that are not.

use bytes::Bytes;

use super::super::crc32;
use super::super::message::{Header, HeaderValue, StrBytes};
use super::*;
use crate::primitives::DateTime;

/// A header of every type.
fn all_headers() -> Vec<Header> {
    vec![
        Header::new("yes", HeaderValue::Bool(true)),
        Header::new("no", HeaderValue::Bool(false)),
        Header::new("byte", HeaderValue::Byte(-49)),
        Header::new("short", HeaderValue::Int16(i16::MIN)),
        Header::new("int", HeaderValue::Int32(40972)),
        Header::new("long", HeaderValue::Int64(i64::MAX)),
        Header::new("bytes", HeaderValue::ByteArray(Bytes::from_static(b"\xff\0"))),
        Header::new("text", HeaderValue::String("é".into())),
        Header::new("time", HeaderValue::Timestamp(DateTime::from_millis(-1))),
        Header::new("uuid", HeaderValue::Uuid(u128::MAX - 1)),
    ]
}

fn messages() -> Vec<Message> {
    vec![
        Message::new(Bytes::new()),
        Message::new_from_parts(all_headers(), "payload"),
        Message::new("x".repeat(300)),
        Message::new(Bytes::new()).add_header(Header::new("only", HeaderValue::String("".into()))),
    ]
}

/// Reads all messages of these pieces, and of the end behind them.
fn read(pieces: impl IntoIterator<Item = Bytes>) -> Result<Vec<Message>, FrameError> {
    let (mut decoder, mut messages) = (Decoder::default(), Vec::new());
    for mut piece in pieces {
        while let Some(message) = decoder.next(&mut piece)? {
            messages.push(message);
        }
        assert!(piece.is_empty(), "all of a piece is taken");
    }
    decoder.finish().map(|()| messages)
}

/// A frame of these parts, with right checksums, whatever else is wrong.
fn frame(length: usize, headers_length: usize, rest: &[u8]) -> Bytes {
    let mut bytes = [(length as u32).to_be_bytes(), (headers_length as u32).to_be_bytes()].concat();
    bytes.extend(crc32::of(&bytes).to_be_bytes());
    bytes.extend_from_slice(rest);
    bytes.extend(crc32::of(&bytes).to_be_bytes());
    bytes.into()
}

fn with_headers(headers: &[u8]) -> Bytes {
    frame(LEAST + headers.len(), headers.len(), headers)
}

fn fault(frame: Bytes) -> String {
    read([frame]).unwrap_err().to_string()
}

#[test]
fn any_pieces_give_the_same_messages() {
    let stream: Vec<u8> = messages().iter().flat_map(|message| write(message).unwrap()).collect();
    for size in 1..=stream.len() {
        let pieces = stream.chunks(size).map(Bytes::copy_from_slice);
        assert_eq!(read(pieces).unwrap(), messages(), "pieces of {size} bytes");
    }
    for at in 0..=stream.len() {
        let (one, other) = stream.split_at(at);
        let pieces = [Bytes::copy_from_slice(one), Bytes::new(), Bytes::copy_from_slice(other)];
        assert_eq!(read(pieces).unwrap(), messages(), "cut at byte {at}");
    }
}

#[test]
fn every_end_within_a_frame_is_told() {
    let whole = write(&messages()[1]).unwrap();
    for end in 1..whole.len() {
        let expected = format!("the event stream ended within a frame, after {end} bytes of it");
        assert_eq!(fault(whole.slice(..end)), expected);
    }
}

#[test]
fn every_flipped_bit_is_found() {
    let whole = write(&messages()[1]).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let told = fault(bytes.into());
        assert!(told.contains("is damaged"), "bit {bit}: {told}");
    }
}

#[test]
fn lengths_are_checked_before_anything_is_kept() {
    let check = |length, headers, expected: &str| {
        let told = fault(frame(length, headers, &[]));
        assert!(told.contains(expected), "{told}");
    };
    check(0, 0, "has 0 bytes: expected 16 to 25428000");
    check(15, 0, "has 15 bytes");
    check(u32::MAX as usize, 0, "has 4294967295 bytes");
    check(MAX_FRAME + 1, MAX_HEADERS, "has 25428001 bytes");
    check(MAX_FRAME, 0, "a payload of 25427984 bytes: expected at most 25296912");
    check(16, 1, "has 1 bytes of headers");
    check(
        MAX_FRAME,
        MAX_HEADERS + 1,
        "has 131073 bytes of headers: expected no more than fit into it, and at most 131072",
    );
    check(16, u32::MAX as usize, "has 4294967295 bytes of headers");
    // The longest one is waited for, and nothing is set aside for it.
    let mut decoder = Decoder::default();
    let mut prelude = frame(MAX_FRAME, MAX_HEADERS, &[]).slice(..PRELUDE);
    assert_eq!(decoder.next(&mut prelude), Ok(None));
    assert!(decoder.held.capacity() < 100);
}

#[test]
fn headers_that_are_none_are_told_with_their_place() {
    let check = |headers: &[u8], expected: &str| assert_eq!(fault(with_headers(headers)), expected);
    let cut = |at| {
        format!("a frame of the event stream is cut short: the header at byte {at} of its headers goes on beyond them")
    };
    let good = [1, b'a', 0];
    for headers in
        [&[9][..], &[1, b'a'], &[2, b'a'], &[1, b'a', 2], &[1, b'a', 6], &[1, b'a', 7, 0], &[1, b'a', 6, 0, 2, 1]]
    {
        check(headers, &cut(0));
        check(&[&good, headers].concat(), &cut(3));
    }
    for (kind, size) in [(2, 1), (3, 2), (4, 4), (5, 8), (8, 8), (9, 16)] {
        check(&[&[1, b'a', kind], &vec![0; size - 1][..]].concat(), &cut(0));
        assert!(read([with_headers(&[&[1, b'a', kind], &vec![0; size][..]].concat())]).is_ok());
    }
    check(&[0, 0], "the header at byte 0 of a frame's headers has no name");
    check(&[&good, &[0, 0][..]].concat(), "the header at byte 3 of a frame's headers has no name");
    let most = good.repeat(headers::MAX_COUNT);
    assert!(read([with_headers(&most)]).is_ok());
    check(
        &[&most, &good[..]].concat(),
        "a frame of the event stream has more than 1000 headers, the most that is read",
    );
    check(&[1, b'a', 10], "the header at byte 0 of a frame's headers has the type 10: expected 0 to 9");
    check(&[1, 0xff, 0], "the header at byte 0 of a frame's headers is not text in UTF-8");
    check(&[1, b'a', 7, 0, 1, 0xff], "the header at byte 0 of a frame's headers is not text in UTF-8");
}

#[test]
fn what_no_frame_can_hold_is_not_written() {
    let check = |message: Message, expected: &str| {
        let told = write(&message).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    };
    let one = |header| Message::new(Bytes::new()).add_header(header);
    let text = |length| StrBytes::from("n".repeat(length));
    check(one(Header::new(text(256), HeaderValue::Bool(true))), "is too long for a frame");
    check(one(Header::new(text(0), HeaderValue::Bool(true))), "names have 1 to 255 bytes");
    check(one(Header::new("a", HeaderValue::String(text(1 << 15)))), "values at most 32767");
    check(one(Header::new("a", HeaderValue::ByteArray(vec![0; 1 << 15].into()))), "values at most 32767");
    let never = DateTime::from_secs(i64::MAX);
    check(one(Header::new("a", HeaderValue::Timestamp(never))), "a time that cannot be said in milliseconds");
    check(Message::new(vec![0; MAX_PAYLOAD + 1]), "a payload of 25165825 bytes: expected at most 25165824");
    let long = Header::new("a", HeaderValue::String(text((1 << 15) - 1)));
    check(Message::new_from_parts(vec![long; 5], ""), "bytes of headers");
    let many = vec![Header::new("a", HeaderValue::Bool(true)); headers::MAX_COUNT + 1];
    check(Message::new_from_parts(many, ""), "more than 1000 headers");
    let longest = Header::new(text(255), HeaderValue::String(text((1 << 15) - 1)));
    let message = Message::new_from_parts(vec![longest], vec![7; MAX_PAYLOAD]);
    assert!(write(&message).is_ok());
}

/// The limits are those of the event: what signs it comes on top.
#[test]
fn the_longest_event_can_be_signed() {
    let text = |length| HeaderValue::String("n".repeat(length).into());
    let headers = vec![Header::new("four", text((1 << 15) - 8)); 4];
    let event = write(&Message::new_from_parts(headers, vec![7; MAX_PAYLOAD])).unwrap();
    assert_eq!(event.len(), MAX_EVENT);
    let signed =
        Message::new(event).add_header(Header::new(":chunk-signature", HeaderValue::ByteArray(vec![0; 32].into())));
    let told = write(&signed).unwrap_err().to_string();
    assert!(told.ends_with("a payload of 25296912 bytes: expected at most 25165824"), "{told}");
    assert_eq!(read([write_carrier(&signed).unwrap()]).unwrap(), [signed]);
}

#[test]
fn what_is_held_is_not_shown() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.next(&mut Bytes::from_static(b"secret")), Ok(None));
    assert_eq!(format!("{decoder:?}"), "Decoder { held: 6 bytes }");
}
