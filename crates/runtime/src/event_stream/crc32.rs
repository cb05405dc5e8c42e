//! CRC-32 as frames have it: the one of ISO 3309 and gzip (RFC 1952, section 8).

#![allow(clippy::arithmetic_side_effects, reason = "the loops end where their tables do")]

/// The checksum of some bytes.
#[allow(clippy::indexing_slicing, reason = "a byte is an index of 256, and there are eight tables")]
pub(crate) fn of(bytes: &[u8]) -> u32 {
    let mut crc = !0;
    let (groups, rest) = bytes.as_chunks::<8>();
    for group in groups {
        // Eight bytes at a time, each by the table that knows how far it is from the end of its group.
        let [first @ .., e, f, g, h] = *group;
        let [a, b, c, d] = (crc ^ u32::from_le_bytes(first)).to_le_bytes();
        let bytes = [a, b, c, d, e, f, g, h];
        crc = bytes.iter().rev().zip(&TABLES).fold(0, |crc, (byte, table)| crc ^ table[usize::from(*byte)]);
    }
    for byte in rest {
        crc = (crc >> 8) ^ TABLES[0][usize::from(crc as u8 ^ byte)];
    }
    !crc
}

/// What becomes of each byte, followed by as many zeros as the table has before it.
static TABLES: [[u32; 256]; 8] = tables();

#[allow(clippy::indexing_slicing, reason = "the loops end where their tables do")]
const fn tables() -> [[u32; 256]; 8] {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut table = 0;
        while table < 8 {
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
                bit += 1;
            }
            tables[table][byte] = crc;
            table += 1;
        }
        byte += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn published_values() {
        for (bytes, expected) in [
            (&b""[..], 0),
            (b"a", 0xe8b7_be43),
            (b"123456789", 0xcbf4_3926),
            (b"The quick brown fox jumps over the lazy dog", 0x414f_a339),
        ] {
            assert_eq!(of(bytes), expected, "{bytes:?}");
        }
    }

    /// The definition, a bit at a time.
    fn by_bits(bytes: &[u8]) -> u32 {
        let shift = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
    }

    #[test]
    fn groups_and_rests_of_every_length() {
        let bytes: Vec<u8> = (0..100_u32).map(|n| (n * 167 % 251) as u8).collect();
        for length in 0..bytes.len() {
            assert_eq!(of(&bytes[..length]), by_bits(&bytes[..length]), "{length} bytes");
        }
    }
}
