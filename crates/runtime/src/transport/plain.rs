//! HTTP without TLS, that knows TLS when it sees it.

use std::io;

use super::tls::TlsError;
use super::watched::Watch;

/// Watches a connection to a server that should speak HTTP. One that speaks TLS answers with an alert, which is told as
/// such.
pub(super) struct Plain {
    peer: String,
    has_answered: bool,
}

impl Plain {
    pub(super) fn new(peer: String) -> Self {
        Self { peer, has_answered: false }
    }
}

impl Watch for Plain {
    fn read(&mut self, read: io::Result<&[u8]>) -> io::Result<()> {
        let come = read?;
        if !self.has_answered && is_tls(come) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TlsError::unexpected(&self.peer)));
        }
        self.has_answered = true;
        Ok(())
    }
}

/// Whether an answer begins as a record of TLS that holds an alert or a step of the handshake (RFC 8446, section 5.1).
fn is_tls(answer: &[u8]) -> bool {
    matches!(answer, [0x15 | 0x16, 0x03, ..])
}
