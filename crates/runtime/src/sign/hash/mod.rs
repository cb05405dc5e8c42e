//! SHA-256 and HMAC-SHA256: from the cryptography that TLS brings anyway, else from the implementation beside this file.

#[cfg(any(test, not(any(feature = "rustls", feature = "aws-lc-rs"))))]
mod portable;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
mod provider;

#[cfg(not(any(feature = "rustls", feature = "aws-lc-rs")))]
pub(crate) use portable::Sha256 as Hasher;
#[cfg(not(any(feature = "rustls", feature = "aws-lc-rs")))]
pub(super) use portable::{HmacKey, sha256};
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
pub(crate) use provider::Hasher;
#[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
pub(super) use provider::{HmacKey, sha256};

use crate::primitives::hex;

/// The 32 bytes of a hash.
pub(super) type Digest = [u8; 32];

/// The hash of no bytes, which is that of nearly every request without a body.
pub(super) const OF_NOTHING: Digest = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
    0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// Writes a hash as lower-case hex.
pub(super) fn push_hex(out: &mut String, digest: &Digest) {
    out.push_str(hex::text(&hex::digits(*digest)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks one hash against the vectors of FIPS 180-4 (as NIST publishes them) and of RFC 4231.
    fn check_vectors(sha256: impl Fn(&[u8]) -> Digest, hmac: impl Fn(&[u8], &[u8]) -> Digest) {
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        let hashes: [(&[u8], &str); 4] = [
            (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (two_blocks, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
            (&[b'a'; 1_000_000], "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ];
        for (message, expected) in hashes {
            assert_eq!(hex(sha256(message)), expected, "{} bytes", message.len());
        }

        let counting: Vec<u8> = (1..=25).collect();
        let long = "This is a test using a larger than block-size key and a larger than block-size data. \
                    The key needs to be hashed before being used by the HMAC algorithm.";
        let macs: [(&[u8], &[u8], &str); 6] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&counting, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (&[0xaa; 131], long.as_bytes(), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        ];
        for (key, message, expected) in macs {
            assert_eq!(hex(hmac(key, message)), expected, "{} bytes of key", key.len());
        }
    }

    fn hex(digest: Digest) -> String {
        let mut out = String::new();
        push_hex(&mut out, &digest);
        out
    }

    #[test]
    fn the_portable_hash_passes_the_published_vectors() {
        check_vectors(portable::sha256, |key, message| portable::HmacKey::new(key).sign(message));
    }

    #[test]
    fn the_hash_in_use_passes_the_published_vectors() {
        check_vectors(sha256, |key, message| HmacKey::new(key).sign(message));
    }

    #[cfg(any(feature = "rustls", feature = "aws-lc-rs"))]
    #[test]
    fn both_hashes_agree_at_every_length_around_the_block_size() {
        let bytes: Vec<u8> = (0..400_u32).map(|n| (n * 167 % 251) as u8).collect();
        for length in 0..bytes.len() {
            let (message, key) = (&bytes[..length], &bytes[bytes.len() - length..]);
            assert_eq!(portable::sha256(message), provider::sha256(message), "{length} bytes");
            let macs = (portable::HmacKey::new(key).sign(message), provider::HmacKey::new(key).sign(message));
            assert_eq!(macs.0, macs.1, "{length} bytes of key and message");
        }
    }

    #[test]
    fn the_hash_of_nothing_is_known() {
        assert_eq!(OF_NOTHING, sha256(b""));
    }
}
