//! The future that providers return: an answer that is there already, or one that is waited for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::transport::BoxFuture;

/// An answer, now or later.
pub struct NowOrLater<'a, T>(Answer<'a, T>);

enum Answer<'a, T> {
    Now(Option<T>),
    Later(BoxFuture<'a, T>),
}

impl<'a, T> NowOrLater<'a, T> {
    /// An answer that has to be waited for.
    pub fn new(future: impl Future<Output = T> + Send + 'a) -> Self {
        Self(Answer::Later(Box::pin(future)))
    }

    /// An answer that is there.
    pub fn ready(answer: T) -> Self {
        Self(Answer::Now(Some(answer)))
    }
}

impl<T: Unpin> Future for NowOrLater<'_, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match &mut self.0 {
            // Polled again after it was taken, it never wakes: the contract of `Future` leaves that to us.
            Answer::Now(answer) => answer.take().map_or(Poll::Pending, Poll::Ready),
            Answer::Later(future) => future.as_mut().poll(context),
        }
    }
}

impl<T> fmt::Debug for NowOrLater<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NowOrLater").finish_non_exhaustive()
    }
}
