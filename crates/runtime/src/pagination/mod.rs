//! Pagers: all pages of an operation, or all items of all pages, as streams.
//!
//! A pager is lazy: each request is sent when the stream is asked for what the request brings. It ends after the last
//! page or the first error. A page that repeats the token of the page before it is an error, not an endless loop.
//! With [`ItemPaginator::limit`] a listing is cut short, and [`Items::resume_token`] says where to go on, in the form
//! of boto3's `StartingToken`.

mod declare;
mod held;
mod repeats;
mod resume;
mod stream;

use crate::client::Handle;
use crate::error::SdkError;
use crate::operation::Operation;
use resume::Position;

pub use held::PageList;
pub use resume::InvalidResumeToken;
pub use stream::{Items, Pages};

/// What a pager yields: a page or an item, or why the listing ended early.
pub type Yielded<T, O> = Result<T, SdkError<<O as Operation>::Error>>;

/// An operation that answers in pages, by a token in its output that goes into the next input.
pub trait Paginated: Operation {
    /// The wire name of the input member that takes the token: `Marker`.
    const TOKEN: &'static str;
    /// What a page holds; an empty list where the model does not say which member that is.
    type Items: PageList;

    /// Sets the token of an input.
    fn set_token(input: &mut Self::Input, token: Option<String>);
    /// The token of an input.
    fn token(input: &Self::Input) -> Option<&str>;
    /// The token that an output gives for the page after it.
    fn next_token(output: &Self::Output) -> Option<&str>;
    /// The items of a page, to be cut or taken; `None` where the service left the list out, or there is none.
    fn items(output: &mut Self::Output) -> Option<&mut Self::Items> {
        let _ = output;
        None
    }
}

/// What the pages of an operation list: an element, or the key and the value of an entry.
pub type Item<O> = <<O as Paginated>::Items as PageList>::Item;

/// An operation whose pages are sized by its caller.
pub trait PageSize: Paginated {
    /// Sets how many items a page may hold.
    fn set_page_size(input: &mut Self::Input, size: i32);
}

/// An operation whose pages list items, which [`Paginated::items`] reaches.
pub trait PageItems: Paginated {}

/// Asks for all pages of an operation.
pub struct Paginator<O: Operation> {
    handle: Handle,
    input: O::Input,
    start: Result<Option<Position>, InvalidResumeToken>,
    limit: Option<usize>,
    stop_on_duplicate_token: bool,
}

/// Asks for all items of all pages of an operation.
pub struct ItemPaginator<O: Operation>(Paginator<O>);

impl<O: Paginated> Paginator<O> {
    #[doc(hidden)]
    pub fn new(handle: Handle, input: O::Input) -> Self {
        Self { handle, input, start: Ok(None), limit: None, stop_on_duplicate_token: true }
    }

    /// Whether a repeated token ends the listing with an error, as it does unless this is set to `false`.
    pub fn stop_on_duplicate_token(mut self, stop: bool) -> Self {
        self.stop_on_duplicate_token = stop;
        self
    }

    /// Starts where an earlier listing of the same input stopped, given its resume token; `None` starts at the
    /// beginning. boto3's `StartingToken` is such a token. A text that is none fails the first page.
    pub fn starting_token(mut self, token: impl Into<Option<String>>) -> Self {
        self.start = token.into().map(|token| Position::parse::<O>(&token)).transpose();
        self
    }

    /// The stream of pages. Nothing is sent until it is asked for the first.
    pub fn send(self) -> Pages<O> {
        Pages::new(self)
    }
}

impl<O: PageSize> Paginator<O> {
    /// Sets how many items a page may hold, in place of what the input says.
    pub fn page_size(mut self, size: i32) -> Self {
        O::set_page_size(&mut self.input, size);
        self
    }
}

impl<O: PageItems> Paginator<O> {
    /// Asks for the items of the pages, one by one.
    pub fn items(self) -> ItemPaginator<O> {
        ItemPaginator(self)
    }

    /// Ends after this many items in all; the last page is cut.
    pub fn limit(mut self, items: usize) -> Self {
        self.limit = Some(items);
        self
    }
}

impl<O: PageItems> ItemPaginator<O> {
    /// Ends after this many items in all.
    pub fn limit(self, items: usize) -> Self {
        Self(self.0.limit(items))
    }

    /// Starts where an earlier listing stopped: see [`Paginator::starting_token`].
    pub fn starting_token(self, token: impl Into<Option<String>>) -> Self {
        Self(self.0.starting_token(token))
    }

    /// The stream of items. Nothing is sent until it is asked for the first.
    pub fn send(self) -> Items<O> {
        Items::new(self.0.send())
    }
}

impl<O: Operation> std::fmt::Debug for Paginator<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paginator").field("operation", &O::META.name).finish_non_exhaustive()
    }
}

impl<O: Operation> std::fmt::Debug for ItemPaginator<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ItemPaginator").field("operation", &O::META.name).finish_non_exhaustive()
    }
}
