//! The figures that are guarded.

use std::fmt;

use serde::Deserialize;

use crate::bench::metric::Metric;

/// A figure that no load on the machine changes. All are of the program `ours` of `bench/`, and of Lambda's client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// Crates in the program's normal tree, itself included.
    Crates,
    /// Proc macros in that tree, and syn.
    Macros,
    /// The stripped program, built for release.
    Binary,
    /// A call whose answer has one layer.
    InstructionsOne,
    /// A call whose answer has 50.
    InstructionsFifty,
    /// From the start of the program to its end, with one call.
    InstructionsStart,
    /// Generated lines of the whole client, divided by its operations.
    LinesEach,
    /// Generated lines of ListLayers' own file.
    LinesListLayers,
}

impl Figure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Crates,
        Self::Macros,
        Self::Binary,
        Self::InstructionsOne,
        Self::InstructionsFifty,
        Self::InstructionsStart,
        Self::LinesEach,
        Self::LinesListLayers,
    ];

    /// Its name in `budget.toml` and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crates => "crates",
            Self::Macros => "macros",
            Self::Binary => "binary",
            Self::InstructionsOne => "instructions-one",
            Self::InstructionsFifty => "instructions-fifty",
            Self::InstructionsStart => "instructions-start",
            Self::LinesEach => "lines-each",
            Self::LinesListLayers => "lines-list-layers",
        }
    }

    /// What it is a number of.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Crates | Self::Macros => "crates",
            Self::Binary => "bytes",
            Self::InstructionsOne | Self::InstructionsFifty => "instructions a call",
            Self::InstructionsStart => "instructions",
            Self::LinesEach => "lines an operation",
            Self::LinesListLayers => "lines",
        }
    }

    /// What `cargo xtask bench` calls it, where a run has it too.
    pub const fn metric(self) -> Option<Metric> {
        match self {
            Self::Crates => Some(Metric::Crates),
            Self::Binary => Some(Metric::Binary),
            Self::InstructionsOne => Some(Metric::InstructionsOne),
            Self::InstructionsFifty => Some(Metric::InstructionsFifty),
            Self::InstructionsStart => Some(Metric::InstructionsStart),
            // These are properties of sources, not of a run.
            Self::Macros | Self::LinesEach | Self::LinesListLayers => None,
        }
    }

    /// The command that shows more of it.
    pub const fn more(self) -> &'static str {
        match self {
            Self::Crates => "cargo tree --manifest-path bench/Cargo.toml -p ours -e normal",
            Self::Macros => "cargo tree --manifest-path bench/Cargo.toml -p ours -e normal -i syn",
            Self::Binary => {
                "cargo bloat --manifest-path bench/Cargo.toml -p ours --release --crates --config profile.release.strip=false"
            }
            Self::InstructionsOne | Self::InstructionsFifty | Self::InstructionsStart => {
                "cargo xtask bench --only instructions"
            }
            Self::LinesEach => "git diff --stat -- crates/lambda/src",
            Self::LinesListLayers => "git diff -- crates/lambda/src/operation/list_layers.rs",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use serde::Deserialize;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn a_figure_has_one_name() {
        for figure in Figure::ALL {
            assert_eq!(Figure::from_str(figure.name(), false), Ok(figure));
            assert_eq!(Figure::deserialize(StrDeserializer::<Error>::new(figure.name())), Ok(figure));
            assert!(figure.metric().is_none_or(|metric| crate::bench::name(metric) == figure.name()), "{figure}");
        }
        assert_eq!(Figure::value_variants(), Figure::ALL);
    }
}
