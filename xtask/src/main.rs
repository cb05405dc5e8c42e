//! The build tool of Tinsmith.
fn main() {}
