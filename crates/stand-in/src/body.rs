//! The body of an answer as hyper takes it: whole, or event by event.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::{Bytes, Frame, SizeHint};

use crate::pace::Pace;

/// A body that is sent by hyper.
pub(crate) struct Body {
    rest: Bytes,
    /// Where events end, counted from the beginning of the body; those that were sent are taken out. Empty where the
    /// body is sent whole.
    ends: std::vec::IntoIter<usize>,
    sent: usize,
    pace: Pace,
    waiting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// Of a body without a length: it counts those that are under way.
    streamed: Option<Arc<()>>,
}

impl Body {
    /// A body with a length.
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self::of(bytes, Vec::new(), Pace::default(), None)
    }

    /// A body without a length, whose events end at these places. As long as it is sent, `open` is cloned once more.
    pub(crate) fn events(bytes: Vec<u8>, ends: Vec<usize>, pace: Pace, open: &Arc<()>) -> Self {
        Self::of(bytes, ends, pace, Some(Arc::clone(open)))
    }

    fn of(bytes: Vec<u8>, ends: Vec<usize>, pace: Pace, open: Option<Arc<()>>) -> Self {
        Self { rest: bytes.into(), ends: ends.into_iter(), sent: 0, pace, waiting: None, streamed: open }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let Some(end) = self.ends.as_slice().first().copied() else {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))));
        };
        let pace = self.pace.clone();
        ready!(self.waiting.get_or_insert_with(|| Box::pin(pace.next())).as_mut().poll(cx));
        self.waiting = None;
        self.ends.next();
        let length = end.saturating_sub(self.sent).min(self.rest.len());
        self.sent = end;
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.streamed.is_some() { SizeHint::default() } else { SizeHint::with_exact(self.rest.len() as u64) }
    }
}
