//! What the compiler makes of a service: of all of it, of none of its operations, and of some of them alone.

use super::Service;
use super::build::{Compiled, Place};
use crate::sample;

/// A service that was compiled.
pub(super) struct Checked {
    /// With all its operations.
    pub(super) whole: Compiled,
    /// With none of them, each being a feature.
    none: Compiled,
    /// With one of them, by its feature.
    pub(super) alone: Vec<(String, Compiled)>,
}

impl Checked {
    /// Compiles a service, and alone those of its operations that turn on more, and so many of the others.
    pub(super) fn of(place: &Place<'_>, name: &str, service: &Service, alone: usize) -> anyhow::Result<Self> {
        let drawn = service.features.drawn(&sample::seed(&[&place.sources_of_gated(name)])?, alone);
        let alone = drawn.into_iter().map(|feature| Ok((feature.to_owned(), place.check_alone(name, feature)?)));
        Ok(Self {
            whole: place.check(name)?,
            none: place.check_alone(name, "")?,
            alone: alone.collect::<anyhow::Result<_>>()?,
        })
    }

    /// What is wrong: why operations were left out, and what the compiler says.
    pub(super) fn notes(self, service: &Service) -> Vec<String> {
        let left_out = service.left_out.iter().map(ToString::to_string);
        let alone = self.alone.into_iter().map(|(feature, compiled)| (format!("with {feature} alone: "), compiled));
        let parts = [(String::new(), self.whole), ("without operations: ".to_owned(), self.none)];
        let said = parts.into_iter().chain(alone).flat_map(|(about, compiled)| said(&about, compiled));
        left_out.chain(said).collect()
    }
}

/// What the compiler says of one of these, shortened.
fn said(about: &str, compiled: Compiled) -> Vec<String> {
    const MOST: usize = 5;
    let count = compiled.messages.len();
    let said = compiled.messages.into_iter().take(MOST);
    let said = said.map(|message| format!("{about}{}", message.trim_end().replace('\n', "\n  ")));
    said.chain((count > MOST).then(|| format!("{about}{} more of the compiler", count - MOST))).collect()
}
