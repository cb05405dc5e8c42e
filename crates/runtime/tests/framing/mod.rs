//! Answers that are framed strangely, wrongly or with intent: each is read as RFC 9112 has it, or is an error; and what
//! stands behind an answer never becomes the answer to the next request.

use tinsmith_runtime::transport::Transport;
use tinsmith_runtime::transport::TransportErrorKind::{Io, Protocol};
use tinsmith_runtime::transport::hyper::HyperTransport;

use crate::loopback::Server;
use crate::{OK, answer, check_answer, check_body, check_broken_body, get, read};

#[tokio::test]
async fn interim_answers_are_passed_over() {
    for interim in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"] {
        let mut response = answer(&format!("{}{OK}", interim.repeat(3))).await.unwrap();
        assert_eq!((response.status().as_u16(), read(&mut response).await), (200, "ok".to_owned()), "{interim}");
    }
    // Nobody asked for another protocol; the answer is what it is, and no success.
    let switched = answer("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n").await;
    assert!(switched.is_ok_and(|response| response.status().as_u16() == 101));
    check_answer("HTTP/1.1 100 Continue\r\n\r\n", Some(Io)).await;
}

#[tokio::test]
async fn status_lines() {
    for (line, expected) in [
        ("HTTP/1.1 200", None),
        ("HTTP/1.1 200 ", None),
        ("HTTP/1.0 200 OK", None),
        ("HTTP/2.0 200 OK", Some(Protocol)),
        ("HTTP/0.9 200 OK", Some(Protocol)),
        ("HTTP/1.1 20 OK", Some(Protocol)),
        ("HTTP/1.1 2000 OK", Some(Protocol)),
        ("HTTP/1.1 099 OK", Some(Protocol)),
        ("HTTP/1.1 -200 OK", Some(Protocol)),
        ("ICY 200 OK", Some(Protocol)),
        ("\0\0\0\0", Some(Protocol)),
    ] {
        check_answer(&format!("{line}\r\ncontent-length: 0\r\n\r\n"), expected).await;
    }
}

#[tokio::test]
async fn header_lines() {
    for (line, expected) in [
        ("x-a: b\tc", None),
        ("x-a:", None),
        ("x-a: \u{fc}", None),
        ("x a: b", Some(Protocol)),
        (": b", Some(Protocol)),
        ("x-a", Some(Protocol)),
        ("x-a: b\r\n folded", Some(Protocol)),
        ("x-a: b\0c", Some(Protocol)),
        ("x-a: b\rc", Some(Protocol)),
    ] {
        check_answer(&format!("HTTP/1.1 200 OK\r\n{line}\r\ncontent-length: 0\r\n\r\n"), expected).await;
    }
}

#[tokio::test]
async fn lengths_that_contradict_each_other() {
    for (headers, expected) in [
        ("content-length: 2\r\ncontent-length: 2", None),
        ("content-length: 2\r\ncontent-length: 3", Some(Protocol)),
        ("content-length: 2, 3", Some(Protocol)),
        ("content-length: +2", Some(Protocol)),
        ("content-length: -2", Some(Protocol)),
        ("content-length: 0x2", Some(Protocol)),
        ("content-length: 18446744073709551616", Some(Protocol)),
        ("content-length: 18446744073709551615", Some(Protocol)),
    ] {
        check_answer(&format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\nok"), expected).await;
    }
    // Chunks go before a length (RFC 9112, section 6.3), and a coding that is not the last one lasts to the end.
    check_body("content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok").await;
    check_body("transfer-encoding: chunked, identity\r\n\r\n2\r\nok", "2\r\nok").await;
    check_broken_body("content-length: 9223372036854775807\r\n\r\nok", Io).await;
}

#[tokio::test]
async fn chunks() {
    let chunked = |rest: &str| format!("transfer-encoding: chunked\r\n\r\n{rest}");
    check_body(&chunked("002\r\nok\r\n000\r\n\r\n"), "ok").await;
    check_body(&chunked("A\r\n0123456789\r\n0\r\n\r\n"), "0123456789").await;
    for (rest, expected) in [
        ("\r\nok", Protocol),
        ("-2\r\nok\r\n0\r\n\r\n", Protocol),
        ("2 2\r\nok\r\n0\r\n\r\n", Protocol),
        ("fffffffffffffffff\r\nok", Protocol),
        ("ffffffffffffffff\r\nok", Io),
        ("2\r\nokXX0\r\n\r\n", Protocol),
        ("2\r\nok\r\n0\r\n", Io),
    ] {
        check_broken_body(&chunked(rest), expected).await;
    }
    // What stands beside the data has limits too.
    check_broken_body(&chunked(&format!("2;{}\r\nok\r\n0\r\n\r\n", "x".repeat(1 << 20))), Protocol).await;
    check_broken_body(&chunked(&format!("2\r\nok\r\n0\r\n{}\r\n", "x-t: y\r\n".repeat(10_000))), Protocol).await;
}

/// Two requests: which answers they get, over how many connections.
async fn two(first: &str, connections: usize) {
    let server = Server::start([vec![first.to_owned(), OK.to_owned()], vec![OK.to_owned()]]).await;
    let transport = HyperTransport::default();
    let mut response = transport.send(get(&server.origin)).await.unwrap();
    assert_eq!(read(&mut response).await, "ok", "{first:?}");
    // The connection goes back to the pool, or away, once its task has run.
    tokio::task::yield_now().await;
    let mut response = transport.send(get(&server.origin)).await.unwrap();
    assert_eq!((response.status().as_u16(), read(&mut response).await), (200, "ok".to_owned()), "{first:?}");
    assert_eq!(server.connections(), connections, "{first:?}");
}

#[tokio::test]
async fn connections_are_kept_where_the_answer_says_so() {
    two(OK, 1).await;
    two("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok", 2).await;
    two("HTTP/1.1 200 OK\r\nConnection: x, Close\r\ncontent-length: 2\r\n\r\nok", 2).await;
    two("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", 2).await;
    two("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok", 1).await;
}

/// A second answer behind the first is nobody's: were it kept, the next request would get it.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_thrown_away() {
    two(&format!("{OK}HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsmuggled!"), 2).await;
    two(&format!("{OK}and more"), 2).await;
}
