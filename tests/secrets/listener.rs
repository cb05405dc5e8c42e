//! A subscriber that writes down all there is to hear, at every level.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Runs what is to be watched, and gives what it showed and what was heard meanwhile.
pub(crate) fn listen<F: Future<Output = String>>(watched: impl FnOnce() -> F) -> String {
    listen_to("", watched)
}

/// The same, of the events of one target alone and those below it.
pub(crate) fn listen_to<F: Future<Output = String>>(target: &'static str, watched: impl FnOnce() -> F) -> String {
    let heard = Arc::new(Mutex::new(String::new()));
    let listener = Listener { target, heard: heard.clone(), spans: AtomicU64::new(0) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shown = tracing::subscriber::with_default(listener, || runtime.block_on(watched()));
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    format!("{shown}\n{heard}")
}

struct Listener {
    target: &'static str,
    heard: Arc<Mutex<String>>,
    spans: AtomicU64,
}

impl Listener {
    fn note(&self, metadata: Option<&Metadata<'_>>, fields: impl FnOnce(&mut Fields<'_>)) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metadata) = metadata {
            let _ = write!(heard, "{} {} {}", metadata.level(), metadata.target(), metadata.name());
        }
        fields(&mut Fields(&mut heard));
        heard.push('\n');
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with(self.target)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(Some(span.metadata()), |fields| span.record(fields));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.note(None, |fields| values.record(fields));
    }

    fn event(&self, event: &Event<'_>) {
        self.note(Some(event.metadata()), |fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}
