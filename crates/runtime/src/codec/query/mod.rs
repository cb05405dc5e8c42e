//! Wire tables as form parameters, the way of the query protocols: a parameter a value, its name the path of members.

mod write;

pub(crate) use write::QueryWriter;
