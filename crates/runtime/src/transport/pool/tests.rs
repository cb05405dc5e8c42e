//! The pool by itself: its connections lead to nobody.

use std::future::{pending, ready};
use std::io;

use hyper::Uri;
use tokio::io::{AsyncReadExt, DuplexStream, duplex};

use super::*;
use crate::transport::connect::ConnectError;

/// A connection, and its other end.
async fn connection() -> (Http1, DuplexStream) {
    let (ours, theirs) = duplex(1024);
    let mut connection = Http1::open(Box::pin(ours)).await.unwrap();
    assert!(connection.ready().await);
    (connection, theirs)
}

fn host(address: &'static str) -> Host {
    Host::of(&Uri::from_static(address), Handle::current().id()).unwrap()
}

fn pool(change: impl FnOnce(&mut HyperSettings)) -> Pool {
    let mut settings = HyperSettings::default();
    change(&mut settings);
    Pool::new(&settings)
}

/// Whether the other end of a connection sees its end.
async fn is_closed(theirs: &mut DuplexStream) -> bool {
    tokio::time::timeout(Duration::from_millis(1), theirs.read(&mut [0])).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_for_its_host_and_no_other() {
    let (pool, first) = (pool(|_| {}), host("http://a.example"));
    let (connection, _theirs) = connection().await;
    pool.put(&first, connection);
    for other in ["https://a.example", "http://a.example:81", "http://b.example"] {
        assert!(pool.take(&host(other)).is_none(), "{other}");
    }
    assert!(pool.take(&first).is_some());
    assert!(pool.take(&first).is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_idle_for_too_long_is_closed_and_what_is_used_is_not() {
    let (pool, to) = (pool(|settings| settings.pool_idle_timeout = Duration::from_secs(10)), host("http://a.example"));
    let ((used, mut used_end), (idle, mut idle_end)) = (connection().await, connection().await);
    pool.put(&to, idle);
    tokio::time::sleep(Duration::from_secs(6)).await;
    pool.put(&to, used);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(is_closed(&mut idle_end).await && !is_closed(&mut used_end).await);
    let used = pool.take(&to).unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(!is_closed(&mut used_end).await && pool.0.lock().hosts.is_empty() && !pool.0.lock().cleaner.is_there());
    pool.put(&to, used);
    drop(pool);
    assert!(is_closed(&mut used_end).await);
}

#[tokio::test(start_paused = true)]
async fn so_many_are_kept_and_no_more() {
    for (max, ends) in [(0, [true; 2]), (1, [false, true]), (2, [false; 2])] {
        let (pool, to) = (pool(|settings| settings.pool_max_idle_per_host = max), host("http://a.example"));
        let ((first, mut first_end), (second, mut second_end)) = (connection().await, connection().await);
        pool.put(&to, first);
        pool.put(&to, second);
        assert_eq!([is_closed(&mut first_end).await, is_closed(&mut second_end).await], ends, "{max}");
        assert_eq!(pool.0.lock().hosts.len(), max.min(1), "{max}");
    }
}

/// Polls a call once, which waits then.
async fn begin<T>(call: &mut Pin<Box<impl Future<Output = T>>>) {
    assert!(poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await.is_pending());
}

/// A connection that is opened when the test says so, and its other end. Whoever drives it has not begun to.
fn opening() -> (oneshot::Sender<()>, Opening, DuplexStream) {
    let ((open, told), (ours, theirs)) = (oneshot::channel(), duplex(1024));
    let opening = Box::pin(async {
        let _ = told.await;
        Ok(Connection::Http1(Http1::open(Box::pin(ours)).await.unwrap()))
    });
    (open, opening, theirs)
}

#[tokio::test(start_paused = true)]
async fn what_another_call_is_done_with_is_taken_and_what_was_opened_is_kept() {
    let (pool, to) = (pool(|_| {}), host("http://a.example"));
    let ((done, _done_end), (open, opening, mut opened_end)) = (connection().await, opening());
    let mut call = Box::pin(pool.first_of(&to, opening));
    begin(&mut call).await;
    drop(pool.lend(to.clone(), Connection::Http1(done)));
    let Ok(Connection::Http1(taken)) = call.await else { panic!("there was one") };
    assert!(taken.is_kept && pool.take(&to).is_none());
    open.send(()).unwrap();
    // It was there before the call that takes it, though no call was answered on it.
    assert!(!is_closed(&mut opened_end).await && pool.take(&to).is_some_and(|opened| opened.is_kept));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_opened_for_a_pool_that_is_gone() {
    let (pool, to) = (pool(|_| {}), host("http://a.example"));
    let ((done, _done_end), (_open, opening, mut opened_end)) = (connection().await, opening());
    let mut call = Box::pin(pool.first_of(&to, opening));
    begin(&mut call).await;
    pool.put(&to, done);
    assert!(call.await.is_ok() && !is_closed(&mut opened_end).await);
    drop(pool);
    assert!(is_closed(&mut opened_end).await);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_any_more_goes_to_the_next() {
    let (pool, to) = (pool(|_| {}), host("http://a.example"));
    let (done, _end) = connection().await;
    let mut calls = [(); 2].map(|()| Box::pin(pool.first_of(&to, Box::pin(pending()))));
    for call in &mut calls {
        begin(call).await;
    }
    let [first, second] = calls;
    // It is on its way to the first when that is dropped.
    pool.put(&to, done);
    drop(first);
    assert!(matches!(second.await, Ok(Connection::Http1(_))));
    assert!(pool.0.lock().hosts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_waits_no_longer_leaves_the_others_in_their_order() {
    let (pool, to) = (pool(|_| {}), host("http://a.example"));
    let mut calls: Vec<_> = (0..5).map(|_| Some(Box::pin(pool.first_of(&to, Box::pin(pending()))))).collect();
    for call in calls.iter_mut().flatten() {
        begin(call).await;
    }
    for (left, others) in [(2, [0, 1, 3, 4].as_slice()), (4, &[0, 1, 3]), (0, &[1, 3])] {
        calls[left] = None;
        let waiting: Vec<_> = pool.0.lock().hosts[&to].waiting.iter().map(|(number, _)| *number).collect();
        assert_eq!(waiting, others);
    }
    for next in [1, 3] {
        let (done, _end) = connection().await;
        pool.put(&to, done);
        assert!(calls[next].take().unwrap().await.is_ok());
    }
    assert!(pool.0.lock().hosts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_kept_of_a_host_that_is_not_reached() {
    let (pool, to) = (pool(|_| {}), host("http://a.example"));
    let refused =
        || ConnectError::Tcp("a.example".to_owned(), io::Error::from(io::ErrorKind::ConnectionRefused).into());
    assert!(matches!(pool.first_of(&to, Box::pin(ready(Err(refused())))).await, Err(Failure::Connect(_))));
    assert!(pool.0.lock().hosts.is_empty());
}
