//! Resume tokens, both ways: what one client stops at, the other goes on from, and each layer comes once and in order.

use anyhow::ensure;
use serde_json::{Value, json};

use super::peer::{Pair, Peer, Peers, paginate};
use crate::process::stand_in;

const LAYERS: usize = 23;

/// How many layers a page holds; `None` leaves it to the service.
const PAGE_SIZES: [Option<usize>; 5] = [Some(1), Some(4), Some(7), Some(50), None];

/// After how many layers a listing stops. Some are at the end of a page, some inside, and some at the end of all.
const STOPS: [usize; 9] = [1, 3, 4, 7, 8, 14, 22, 23, 30];

pub(super) fn compare(peers: &Peers, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let (_serving, environment) = stand_in(peers.stand_in()?, &["--layers", &LAYERS.to_string()])?;
    let mut pair = peers.start(&environment)?;
    let whole = list(&mut pair.boto3, None, None, None)?.names;
    ensure!(whole.len() == LAYERS, "boto3 lists {} layers of {LAYERS}", whole.len());
    let (mut listings, mut tokens) = (0, 0);
    for page_size in PAGE_SIZES {
        for stop in STOPS {
            for ours_first in [true, false] {
                let relay = relay(&mut pair, page_size, stop, ours_first)?;
                let about = format!("tokens: pages of {page_size:?}, stops after {stop}, ours first: {ours_first}");
                differences.extend(relay.differences.iter().map(|difference| format!("{about}: {difference}")));
                if relay.names != whole {
                    differences.push(format!("{about}: listed {:?}", relay.names));
                }
                listings += 1;
                tokens += relay.tokens;
            }
        }
    }
    Ok(format!("tokens: {listings} listings of {LAYERS} layers, {tokens} tokens passed on between the clients"))
}

/// A listing by both in turn.
#[derive(Default)]
struct Relay {
    names: Vec<Value>,
    tokens: usize,
    differences: Vec<String>,
}

/// Lists some layers with one client, then some with the other, until there are no more. Both are asked each time, so
/// that their tokens and layers can be compared as well.
fn relay(pair: &mut Pair, page_size: Option<usize>, stop: usize, ours_first: bool) -> anyhow::Result<Relay> {
    let (mut relay, mut token, mut our_turn) = (Relay::default(), None, ours_first);
    loop {
        let ours = list(&mut pair.ours, page_size, Some(stop), token.as_deref())?;
        let boto3 = list(&mut pair.boto3, page_size, Some(stop), token.as_deref())?;
        if ours != boto3 {
            relay.differences.push(format!("from {token:?}: ours is {ours:?}, boto3's is {boto3:?}"));
        }
        let part = if our_turn { ours } else { boto3 };
        // An endless listing would be a difference, and not one to wait for.
        let stuck = part.names.is_empty() || relay.names.len() > LAYERS;
        relay.names.extend(part.names);
        match part.token.filter(|_| !stuck) {
            Some(next) => token = Some(next),
            None => return Ok(relay),
        }
        relay.tokens += 1;
        our_turn = !our_turn;
    }
}

/// A part of a listing, and where it goes on.
#[derive(Debug, PartialEq)]
struct Part {
    names: Vec<Value>,
    token: Option<String>,
}

fn list(peer: &mut Peer, page_size: Option<usize>, stop: Option<usize>, token: Option<&str>) -> anyhow::Result<Part> {
    let limits = json!({ "page_size": page_size, "max_items": stop, "starting_token": token });
    let output = peer.output(&paginate(limits))?;
    let layers = output["Layers"].as_array();
    let names = layers.into_iter().flatten().map(|layer| layer["LayerName"].clone()).collect();
    Ok(Part { names, token: output["NextToken"].as_str().map(str::to_owned) })
}
