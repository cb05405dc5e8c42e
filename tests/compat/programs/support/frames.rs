//! Messages of event streams, as a service writes them.

/// A message: its headers, all of them text, and its payload. One that is broken has a checksum that is not its own.
#[derive(Clone, Copy)]
pub struct Frame {
    pub headers: &'static [(&'static str, &'static str)],
    pub payload: &'static str,
    pub broken: bool,
}

impl Frame {
    /// The message in the binary form `application/vnd.amazon.eventstream`.
    pub fn encode(&self) -> Vec<u8> {
        let headers: Vec<u8> = self.headers.iter().flat_map(|(name, value)| header(name, value)).collect();
        // Two lengths with a checksum of them, headers, payload, and a checksum of all.
        let length = 12 + headers.len() + self.payload.len() + 4;
        let mut message = [number(length), number(headers.len())].concat();
        message.extend(checksum(&message).to_be_bytes());
        message.extend(headers);
        message.extend(self.payload.as_bytes());
        let checksum = checksum(&message) ^ u32::from(self.broken);
        message.extend(checksum.to_be_bytes());
        message
    }
}

/// A header whose value is text, which is type 7.
fn header(name: &str, value: &str) -> Vec<u8> {
    let mut header = vec![u8::try_from(name.len()).expect("names are short")];
    header.extend(name.as_bytes());
    header.push(7);
    header.extend(u16::try_from(value.len()).expect("values are short").to_be_bytes());
    header.extend(value.as_bytes());
    header
}

fn number(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("messages are short").to_be_bytes()
}

/// CRC-32, bit by bit: messages are short.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(sum & 1)))
    })
}
