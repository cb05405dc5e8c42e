//! What others publish, reduced to the facts that the project keeps in `model/`.

pub mod partitions;
