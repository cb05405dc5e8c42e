//! XML documents over wire tables.
//!
//! Members are found by the names of elements. Namespaces say nothing: `<a:b>` is read as `b`, unless a member has the
//! whole name.

mod read;
mod scan;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use walk::XmlReader;
