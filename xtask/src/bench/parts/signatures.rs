//! Whether those that sign sign right. Nobody looks at signatures while something is measured, for `bare` makes none.

use crate::bench::Bench;
use crate::bench::clients::Calls;
use crate::bench::metric::{Part, Peer};
use crate::bench::server::Server;

/// Has each of them make a call that a server accepts by its signature alone, before anything is measured of them.
pub(super) fn check(bench: &mut Bench<'_>) {
    let sends =
        |part: &Part| ![Part::Build, Part::Rebuild, Part::Tree, Part::Size, Part::Codec, Part::Generate].contains(part);
    let peers: Vec<_> = bench.peers.runnable().into_iter().filter(|peer| *peer != Peer::Bare).collect();
    if peers.is_empty() || !bench.parts.iter().any(sends) {
        return;
    }
    let server = match bench.tool("tinsmith-stand-in").and_then(|program| Server::that_checks(&program)) {
        Ok(server) => server,
        Err(error) => return bench.miss("signatures", &error),
    };
    for peer in peers {
        let calls = Calls { count: 1, in_flight: 1, warm: 0 };
        if let Err(error) = bench.peers.client(peer).and_then(|client| client.calls(calls, &server.environment)) {
            bench.miss(&format!("signature of {}, which is left out", peer.title()), &error);
            bench.peers.leave_out(peer);
        }
    }
}
