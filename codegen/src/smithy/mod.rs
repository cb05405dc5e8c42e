//! Smithy's JSON AST 2.0 → an indexed [`Model`] in which every id resolves.
//!
//! ```text
//! load(file, text) ─ ast: JSON, version, shapes and `apply` statements, as raw objects
//!                  ─ mixins: members and traits of mixins copied into the shapes that use them
//!                  ─ shapes: raw objects → `Shape`, their traits checked
//!                  ─ prelude: the shapes of `smithy.api` added
//!                  ─ resolve: every target exists, and is of a kind that fits its place
//! ```
//!
//! Every fault is collected; a model comes out only if there is none. What later passes use:
//!
//! - [`Model`]: `shapes`, sorted by id; [`Model::get`], [`Model::target`], [`Model::service`],
//!   [`Model::operations`] (also those under resources), [`Model::paginated`] (service and operation merged),
//!   [`Model::errors`] (service and operation together), [`Model::fault`] for a [`Diagnostic`] at one of its shapes.
//! - [`Shape`]: `id`, `kind`, `traits`; [`ShapeKind`] is plain data, members in the order of the model.
//!   Sets are lists; strings with the `enum` trait are [`ShapeKind::Enum`].
//! - [`Traits`]: an accessor for each trait whose value the generator reads, which `load` has checked. Others keep
//!   their JSON ([`Traits::get`]); those of which nothing is known are counted ([`Model::unknown_traits`]).
//!
//! Nothing here panics on what a file says: JSON nests 128 levels at most, and no walk recurses over shapes.

mod ast;
mod id;
mod mixins;
mod model;
mod prelude;
mod resolve;
mod service;
mod shapes;
mod trait_values;
mod traits;

pub use id::ShapeId;
pub use model::{EnumValue, IntEnumValue, Member, Model, Operation, Resource, Service, Shape, ShapeKind};
pub use trait_values::{
    Acceptor, Endpoint, ErrorSide, Http, HttpChecksum, Matcher, Paginated, PathComparator, PathMatcher, QueryError,
    Retryable, ServiceIds, Signing, TimestampFormat, Waiter, WaiterState,
};
pub use traits::Traits;

use crate::diagnostic::{Diagnostic, Faults};

/// Reads a model. `file` is what faults call it; nothing is opened.
///
/// # Errors
///
/// All faults of the model, sorted by shape: it is not JSON (with line and column), not Smithy 2.0, a shape or a trait
/// that the generator acts on is malformed, or a target is missing or of the wrong kind.
pub fn load(file: &str, text: &str) -> Result<Model, Vec<Diagnostic>> {
    let mut faults = Faults::of(file);
    let Some(ast) = ast::read(text, &mut faults) else { return Err(faults.or(()).err().unwrap_or_default()) };
    let flat = mixins::flatten(ast, &mut faults);
    let mut shapes = shapes::read(flat, &mut faults);
    prelude::add(&mut shapes);
    resolve::check(&shapes, &mut faults);
    faults.or(Model { file: file.to_owned(), shapes })
}
