//! How an answer reaches the wire: by hyper, or by a script of writes and pauses where HTTP is to be broken.

use std::sync::Arc;
use std::time::Duration;

use hyper::{Response, StatusCode};

use crate::answer::{Answer, Events};
use crate::body::Body;
use crate::fault::{EventFault, Fault};

/// No answer takes longer than this, however slow it was told to be.
pub(crate) const SCRIPT_LIMIT: Duration = Duration::from_secs(60);

/// Leaves the peer time to read what came before a reset, which would otherwise throw it away.
const BEFORE_RESET: Duration = Duration::from_millis(20);

/// Headers that say where a body ends, or what becomes of the connection.
const FRAMING: [&str; 3] = ["content-length", "transfer-encoding", "connection"];

/// What is to be sent.
pub(crate) enum Delivery {
    /// An answer as HTTP has it; the connection stays open.
    Response(Response<Body>),
    /// Bytes and pauses; the connection ends.
    Script(Script),
}

/// Steps in order, and then the end of the connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) end: End,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Nothing, until the client leaves.
    Silence,
}

/// How the stand-in ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// In order, with FIN.
    Close,
    /// At once, with RST.
    Reset,
}

/// Plans the sending of an answer under a fault. A streamed one clones `streams` as long as it is under way.
pub(crate) fn plan(fault: &Fault, answer: Answer, streams: &Arc<()>) -> Delivery {
    match script(fault, &answer) {
        Some(script) => Delivery::Script(script),
        None => as_http(answer, streams),
    }
}

/// The script of a fault that HTTP does not have.
fn script(fault: &Fault, answer: &Answer) -> Option<Script> {
    let whole = || length(answer.body.len());
    let (half, _) = answer.body.split_at(answer.body.len() / 2);
    Some(match fault {
        Fault::ResetBeforeRequest | Fault::ResetAfterRequest => Script::reset(Vec::new()),
        Fault::CloseAfterRequest => Script::close(Vec::new()),
        Fault::ResetMidBody => {
            Script::reset(vec![Step::Send([&head(answer, &whole()), half].concat()), Step::Wait(BEFORE_RESET)])
        }
        Fault::CloseMidBody => Script::close(vec![Step::Send([&head(answer, CHUNKED)[..], &chunk(half)].concat())]),
        Fault::TruncatedBody => Script::close(vec![Step::Send([&head(answer, &whole()), half].concat())]),
        Fault::WrongLength(by) => {
            let told = i64::try_from(answer.body.len()).unwrap_or(i64::MAX).saturating_add(*by);
            Script::close(vec![Step::Send(message(answer, &length(usize::try_from(told).unwrap_or(0))))])
        }
        Fault::SlowHeaders(pause) => Script::close(vec![Step::Wait(*pause), Step::Send(message(answer, &whole()))]),
        Fault::SlowBody { piece, pause } => {
            let pieces = answer.body.chunks((*piece).max(1));
            let pieces = pieces.flat_map(|piece| [Step::Wait(*pause), Step::Send(piece.to_vec())]);
            Script::close([Step::Send(head(answer, &whole()))].into_iter().chain(pieces).collect())
        }
        Fault::StalledBody => Script::close(vec![Step::Send([&head(answer, &whole()), half].concat()), Step::Silence]),
        Fault::NoAnswer => Script::close(vec![Step::Silence]),
        Fault::EndAfterAnswer(end) => {
            let length = format!("content-length: {}\r\n", answer.body.len());
            let pause = (*end == End::Reset).then_some(Step::Wait(BEFORE_RESET));
            Script { steps: [Step::Send(message(answer, &length))].into_iter().chain(pause).collect(), end: *end }
        }
        Fault::Raw(bytes) => Script::close(vec![Step::Send(bytes.clone())]),
        Fault::Events { after, fault: EventFault::Stall } => {
            Script::close(vec![Step::Send(events(answer, *after)?), Step::Silence])
        }
        Fault::Events { after, fault: EventFault::Reset } => {
            Script::reset(vec![Step::Send(events(answer, *after)?), Step::Wait(BEFORE_RESET)])
        }
        _ => return None,
    })
}

impl Script {
    fn close(steps: Vec<Step>) -> Self {
        Self { steps, end: End::Close }
    }

    fn reset(steps: Vec<Step>) -> Self {
        Self { steps, end: End::Reset }
    }
}

/// By hyper, unless hyper would refuse it: false framing, interim statuses and invalid headers are written by hand.
fn as_http(answer: Answer, streams: &Arc<()>) -> Delivery {
    let framed =
        answer.headers.iter().any(|(name, _)| FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing)));
    let status = StatusCode::from_u16(answer.status).ok().filter(|status| !status.is_informational() && !framed);
    let response = status.and_then(|status| {
        let response = Response::builder().status(status);
        let response = answer.headers.iter().fold(response, |response, (name, value)| response.header(name, value));
        let body = match &answer.events {
            Some(Events { ends, pace }) => Body::events(answer.body.clone(), ends.clone(), pace.clone(), streams),
            None => Body::whole(answer.body.clone()),
        };
        response.body(body).ok()
    });
    match response {
        Some(response) => Delivery::Response(response),
        None => {
            let framing = if framed { String::new() } else { length(answer.body.len()) };
            Delivery::Script(Script::close(vec![Step::Send(message(&answer, &framing))]))
        }
    }
}

/// An answer with its first events, in a chunk that is not the last; `None` where it has no events.
fn events(answer: &Answer, count: usize) -> Option<Vec<u8>> {
    let end = answer.events.as_ref()?.end(count);
    let sent = answer.body.get(..end).unwrap_or(&answer.body);
    // A chunk without a byte would be the last.
    let chunk = if sent.is_empty() { Vec::new() } else { chunk(sent) };
    Some([head(answer, CHUNKED), chunk].concat())
}

const CHUNKED: &str = "transfer-encoding: chunked\r\nconnection: close\r\n";

fn length(bytes: usize) -> String {
    format!("content-length: {bytes}\r\nconnection: close\r\n")
}

fn message(answer: &Answer, framing: &str) -> Vec<u8> {
    [&head(answer, framing)[..], &answer.body].concat()
}

fn head(answer: &Answer, framing: &str) -> Vec<u8> {
    let reason =
        StatusCode::from_u16(answer.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {} {reason}\r\n{headers}{framing}\r\n", answer.status).into_bytes()
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(fault: &Fault, answer: &Answer) -> (String, End) {
        let Delivery::Script(script) = plan(fault, answer.clone(), &Arc::default()) else {
            panic!("{fault:?} is sent by hyper")
        };
        let steps = script.steps.iter().map(|step| match step {
            Step::Send(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Step::Wait(pause) => format!("<{}>", pause.as_millis()),
            Step::Silence => "<…>".to_owned(),
        });
        (steps.collect(), script.end)
    }

    #[test]
    fn scripts() {
        let answer = Answer::new(200, "a/b", "12345678");
        let head =
            |framing: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: a/b\r\n{framing}\r\nconnection: close\r\n\r\n");
        let eight = head("content-length: 8");
        let kept = eight.replace("connection: close\r\n", "");
        let slow = Fault::SlowBody { piece: 5, pause: Duration::from_millis(9) };
        let cases = [
            (Fault::ResetAfterRequest, String::new(), End::Reset),
            (Fault::CloseAfterRequest, String::new(), End::Close),
            (Fault::ResetMidBody, format!("{eight}1234<20>"), End::Reset),
            (Fault::CloseMidBody, format!("{}4\r\n1234\r\n", head("transfer-encoding: chunked")), End::Close),
            (Fault::TruncatedBody, format!("{eight}1234"), End::Close),
            (Fault::WrongLength(2), format!("{}12345678", head("content-length: 10")), End::Close),
            (Fault::WrongLength(-2), format!("{}12345678", head("content-length: 6")), End::Close),
            (Fault::WrongLength(-20), format!("{}12345678", head("content-length: 0")), End::Close),
            (Fault::SlowHeaders(Duration::from_secs(1)), format!("<1000>{eight}12345678"), End::Close),
            (slow, format!("{eight}<9>12345<9>678"), End::Close),
            (Fault::StalledBody, format!("{eight}1234<…>"), End::Close),
            (Fault::NoAnswer, "<…>".to_owned(), End::Close),
            (Fault::EndAfterAnswer(End::Close), format!("{kept}12345678"), End::Close),
            (Fault::EndAfterAnswer(End::Reset), format!("{kept}12345678<20>"), End::Reset),
            (Fault::Raw(b"\0".to_vec()), "\0".to_owned(), End::Close),
        ];
        for (fault, sent, end) in cases {
            assert_eq!(script(&fault, &answer), (sent, end), "{fault:?}");
        }
    }

    #[test]
    fn what_hyper_would_refuse_is_written_as_it_is() {
        let answer = |status, name: &str, value: &str| {
            let headers = vec![(name.into(), value.into())];
            Answer { headers, ..Answer::new(status, "", "x") }
        };
        let cases = [
            (answer(200, "Content-Length", "9"), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"),
            (
                answer(999, "a b", "\u{1}"),
                "HTTP/1.1 999 \r\na b: \u{1}\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx",
            ),
            (answer(100, "a", "b"), "HTTP/1.1 100 Continue\r\na: b\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        ];
        for (answer, sent) in cases {
            assert_eq!(script(&Fault::None, &answer), (sent.to_owned(), End::Close));
        }
        assert!(matches!(plan(&Fault::None, answer(404, "a", "b"), &Arc::default()), Delivery::Response(_)));
    }
}
