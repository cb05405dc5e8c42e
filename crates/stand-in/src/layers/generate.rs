//! Layers made up: every combination of what may be absent, and the example of the reference.

use super::{ACCOUNT, Layer, LayerVersion, Layers};
use crate::clock;
use crate::scatter::scatter;

const SUBJECTS: [&str; 8] =
    ["auth", "billing", "fonts", "images", "metrics", "observability", "pandas", "shared_utils"];
const LICENSES: [&str; 4] = ["MIT", "Apache-2.0", "BSD-3-Clause", "https://opensource.org/license/mpl-2-0"];
const DESCRIPTIONS: [&str; 6] = [
    "",
    "What our functions share",
    "Fonts, \"quoted\" and \\escaped\\ for <html> & co.",
    "Überwachung für alle Dienste – naïve café, 測定 🛠",
    "Two lines:\nthis is the second.\tWith a tab.",
    "Built nightly from the main branch; pinned versions of the libraries that most of the functions in this account \
     import, so that their own packages stay small and a fix in one of those libraries needs one publication only.",
];
const RUNTIMES: [&[&str]; 7] = [
    &["python3.12"],
    &["python3.9", "python3.10", "python3.11", "python3.12", "python3.13"],
    &["nodejs20.x", "nodejs22.x"],
    &["java17", "java21"],
    &["provided.al2", "provided.al2023"],
    // The service accepts the last two, and published models do not list them.
    &["nodejs24.x", "nodejs26.x", "python3.15"],
    &[],
];
const ARCHITECTURES: [&[&str]; 4] = [&["x86_64"], &["arm64"], &["x86_64", "arm64"], &[]];

/// The layer of an index: the same each time. Each facet is drawn on its own, so that all combinations occur.
pub(super) fn layer(region: &str, index: usize) -> Layer {
    let mut dice = Dice::new(index as u64);
    let name = format!("{}-{index:05}", dice.choose(&SUBJECTS));
    let version = 1 + dice.below(200) as i64;
    // Between the autumn of 2018, when layers came, and seven years later.
    let created = 1_543_536_000 + dice.below(220_000_000) as i64;
    let list = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    let version = LayerVersion {
        compatible_runtimes: dice.maybe(4).then(|| list(dice.choose(&RUNTIMES))),
        created_date: Some(clock::created_date(created, dice.below(1_000) as u16)),
        license_info: dice.maybe(1).then(|| dice.choose(&LICENSES).to_owned()),
        version,
        layer_version_arn: None,
        description: dice.maybe(2).then(|| dice.choose(&DESCRIPTIONS).to_owned()),
        compatible_architectures: dice.maybe(2).then(|| list(dice.choose(&ARCHITECTURES))),
    };
    with_arns(region, &name, version)
}

/// The layers of [`Layers::reference`].
pub(super) fn reference(region: &str) -> Layers {
    let list = |values: &[&str]| Some(values.iter().map(ToString::to_string).collect::<Vec<_>>());
    let my_layer = LayerVersion {
        compatible_runtimes: list(&["python3.6", "python3.7"]),
        created_date: Some("2018-11-15T00:37:46.592+0000".into()),
        version: 2,
        description: Some("My layer".into()),
        ..LayerVersion::default()
    };
    let build_tools = LayerVersion {
        compatible_runtimes: list(&["provided.al2", "provided.al2023"]),
        created_date: Some("2024-03-12T16:10:00.942+0000".into()),
        license_info: Some("Apache-2.0".into()),
        version: 7,
        description: Some("Compilers and linkers".into()),
        compatible_architectures: list(&["arm64"]),
        ..LayerVersion::default()
    };
    let node_metrics = LayerVersion {
        compatible_runtimes: list(&["nodejs20.x", "nodejs22.x"]),
        created_date: Some("2023-11-02T09:05:13.007+0000".into()),
        license_info: Some("MIT".into()),
        version: 31,
        compatible_architectures: list(&["x86_64", "arm64"]),
        ..LayerVersion::default()
    };
    let shared_fonts = LayerVersion {
        created_date: Some("2021-06-30T23:59:59.999+0000".into()),
        version: 1,
        ..LayerVersion::default()
    };
    let layers = [
        ("my-layer", my_layer),
        ("build-tools", build_tools),
        ("node-metrics", node_metrics),
        ("shared-fonts", shared_fonts),
    ];
    Layers::new(layers.map(|(name, version)| with_arns(region, name, version)))
}

fn with_arns(region: &str, name: &str, mut version: LayerVersion) -> Layer {
    let arn = format!("arn:aws:lambda:{region}:{ACCOUNT}:layer:{name}");
    version.layer_version_arn = Some(format!("{arn}:{}", version.version));
    Layer { latest_matching_version: version, layer_arn: Some(arn), layer_name: name.to_owned() }
}

/// Draws that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(scatter(seed))
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(1);
        scatter(self.0) % limit
    }

    /// True `times` in `times + 1`.
    fn maybe(&mut self, times: u64) -> bool {
        self.below(times + 1) > 0
    }

    fn choose<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_layers_are_the_same_each_time_and_of_every_kind() {
        let layers = Layers::generate(2_000);
        assert_eq!(layers, Layers::generate(2_000));
        assert_eq!(layers.len(), 2_000);
        let versions: Vec<_> = layers.sorted.iter().map(|l| &l.layer.latest_matching_version).collect();
        let seen: std::collections::BTreeSet<[bool; 4]> = versions
            .iter()
            .map(|v| {
                let runtimes = v.compatible_runtimes.is_none();
                [runtimes, v.license_info.is_none(), v.description.is_none(), v.compatible_architectures.is_none()]
            })
            .collect();
        assert_eq!(seen.len(), 16, "each of the four optional members is absent with and without each other one");
    }
}
