//! The streams of pagers. They are `Stream`s, and have the methods that most callers need without importing a trait.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{self, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

use super::repeats::{RepeatedToken, Seen};
use super::resume::Position;
use super::{Item, PageList, Paginated, Paginator, Yielded};
use crate::client::Handle;
use crate::client::core::Extras;
use crate::error::{BoxError, Context, SdkError};
use crate::operation::Operation;
use crate::transport::BoxFuture;

/// All pages, in order, up to the limit.
pub struct Pages<O: Paginated> {
    handle: Handle,
    state: State<O>,
    /// What is to come: the next page, and how many of its items were given by an earlier listing.
    next: Position,
    left: Option<usize>,
    seen: Option<Seen>,
}

enum State<O: Paginated> {
    /// The next thing to say is this error.
    Failing(BoxError),
    Idle(O::Input),
    Waiting(Answer<O>),
    Ended,
    /// The listing stopped before its end: by its limit or an error, so that it can be resumed.
    Stopped,
}

/// The answer to come, with the input that it answers, to be sent again with another token.
type Answer<O> = BoxFuture<'static, (<O as Operation>::Input, Yielded<<O as Operation>::Output, O>)>;

impl<O: Paginated> Pages<O> {
    pub(super) fn new(paginator: Paginator<O>) -> Self {
        let Paginator { handle, input, start, limit, stop_on_duplicate_token } = paginator;
        let from_input = Position { token: O::token(&input).map(str::to_owned), skip: 0 };
        let (state, next) = match start {
            Err(invalid) => (State::Failing(invalid.into()), from_input),
            Ok(start) => {
                let state = if limit == Some(0) { State::Stopped } else { State::Idle(input) };
                (state, start.unwrap_or(from_input))
            }
        };
        Self { handle, state, next, left: limit, seen: stop_on_duplicate_token.then(Seen::default) }
    }

    /// The next page, or `None` after the last one, the limit or an error.
    pub async fn next(&mut self) -> Option<Yielded<O::Output, O>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Where to go on: the token of a listing that has not reached its end, `None` at the end.
    pub fn resume_token(&self) -> Option<String> {
        match self.state {
            State::Ended | State::Failing(_) => None,
            _ => Some(self.next.render::<O>()),
        }
    }

    /// As [`next`](Self::next), polled.
    pub fn poll_next(&mut self, cx: &mut task::Context<'_>) -> Poll<Option<Yielded<O::Output, O>>> {
        let mut answer = match std::mem::replace(&mut self.state, State::Stopped) {
            State::Idle(input) => self.ask(input),
            State::Waiting(answer) => answer,
            State::Failing(error) => {
                self.state = State::Ended;
                let context = Context { operation: O::META.name, attempts: 0 };
                return Poll::Ready(Some(Err(SdkError::construction(error, context))));
            }
            over => {
                self.state = over;
                return Poll::Ready(None);
            }
        };
        let Poll::Ready((input, result)) = answer.as_mut().poll(cx) else {
            self.state = State::Waiting(answer);
            return Poll::Pending;
        };
        Poll::Ready(Some(result.map(|page| self.take(input, page))))
    }

    /// Sends the request for the next page.
    fn ask(&self, mut input: O::Input) -> Answer<O> {
        O::set_token(&mut input, self.next.token.clone());
        let handle = self.handle.clone();
        Box::pin(async move {
            let extras = Extras { is_page: true, ..Extras::default() };
            let result = handle.send_with::<O>(&mut input, extras).await;
            (input, result)
        })
    }

    /// Cuts a page to what is asked for, and sees where the listing goes on.
    fn take(&mut self, input: O::Input, mut page: O::Output) -> O::Output {
        let token = O::next_token(&page).filter(|token| !token.is_empty()).map(str::to_owned);
        if let Some(items) = O::items(&mut page) {
            items.skip(self.next.skip);
            if let Some(left) = &mut self.left {
                if items.len() > *left {
                    items.truncate(*left);
                    self.next.skip = self.next.skip.saturating_add(*left);
                    return page;
                }
                *left = left.saturating_sub(items.len());
            }
        }
        let sent = std::mem::take(&mut self.next);
        let Some(token) = token else {
            self.state = State::Ended;
            return page;
        };
        // A listing that has all it wants follows no token, so that a repeated one does no harm.
        if self.left == Some(0) {
            self.next.token = Some(token);
        } else if self.seen.as_mut().is_some_and(|seen| seen.repeats(sent.token.as_deref(), &token)) {
            self.state = State::Failing(RepeatedToken { member: O::TOKEN, token }.into());
        } else {
            self.next.token = Some(token);
            self.state = State::Idle(input);
        }
        page
    }
}

/// All items of all pages, in order, up to the limit.
pub struct Items<O: Paginated> {
    pages: Pages<O>,
    page: IntoIter<Item<O>>,
    /// Where the first item that is still in `page` stands; where it is empty, the page to come.
    at: Position,
}

impl<O: Paginated> Items<O> {
    pub(super) fn new(pages: Pages<O>) -> Self {
        let at = pages.next.clone();
        Self { pages, page: Vec::new().into_iter(), at }
    }

    /// The next item, or `None` after the last one, the limit or an error.
    pub async fn next(&mut self) -> Option<Yielded<Item<O>, O>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Where to go on: the token of a listing that has not given all its items, `None` after the last.
    pub fn resume_token(&self) -> Option<String> {
        if self.page.len() == 0 { self.pages.resume_token() } else { Some(self.at.render::<O>()) }
    }

    /// As [`next`](Self::next), polled.
    pub fn poll_next(&mut self, cx: &mut task::Context<'_>) -> Poll<Option<Yielded<Item<O>, O>>> {
        loop {
            if let Some(item) = self.page.next() {
                self.at.skip = self.at.skip.saturating_add(1);
                return Poll::Ready(Some(Ok(item)));
            }
            // The stream of pages moves on to the page after the one that it gives.
            if !matches!(self.pages.state, State::Waiting(_)) {
                self.at = self.pages.next.clone();
            }
            match ready!(self.pages.poll_next(cx)) {
                Some(Ok(mut page)) => {
                    self.page = O::items(&mut page).map(std::mem::take).unwrap_or_default().into_items().into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// What both streams have beside `next`.
macro_rules! stream {
    ($stream:ident, $item:ty) => {
        impl<O: Paginated> $stream<O> {
            /// The next one, or `None` after the last.
            ///
            /// # Errors
            ///
            /// That of the call which asked for its page, or of a token that came twice; the stream has ended then.
            pub async fn try_next(&mut self) -> Result<Option<$item>, SdkError<O::Error>> {
                self.next().await.transpose()
            }

            /// All that come, as any collection of results: `collect::<Result<Vec<_>, _>>()` stops at an error.
            pub async fn collect<C: FromIterator<Yielded<$item, O>>>(mut self) -> C {
                let mut all = Vec::new();
                while let Some(next) = self.next().await {
                    all.push(next);
                }
                all.into_iter().collect()
            }

            /// All that come.
            ///
            /// # Errors
            ///
            /// The first one; what came before it is dropped.
            pub async fn try_collect(self) -> Result<Vec<$item>, SdkError<O::Error>> {
                self.collect().await
            }
        }

        // No field is ever pinned in place: the future that is waited for is boxed.
        impl<O: Paginated> Unpin for $stream<O> {}

        impl<O: Paginated> Stream for $stream<O> {
            type Item = Yielded<$item, O>;

            fn poll_next(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Option<Self::Item>> {
                $stream::poll_next(self.get_mut(), cx)
            }
        }

        impl<O: Paginated> fmt::Debug for $stream<O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($stream)).field("operation", &O::META.name).finish_non_exhaustive()
            }
        }
    };
}

stream!(Pages, O::Output);
stream!(Items, Item<O>);
