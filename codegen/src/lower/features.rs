//! Cargo features, where operations are such: what they are called, and what is compiled with which.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::ir::feature::{COMMON, Feature, Gate};
use crate::select::Selection;
use crate::smithy::ShapeId;

/// The feature of each operation. There are none where the crate always holds all that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Features(BTreeMap<ShapeId, Feature>);

/// Names that a feature cannot have beside those that every crate has. The runtime is there as a dependency.
const RESERVED: [&str; 3] = ["default", "full", "tinsmith-runtime"];

impl Features {
    /// Names the feature of each operation after its module: `list_layers` is `list-layers`. Where that is the name of
    /// another feature, `-operation` stands behind it.
    pub(super) fn of(selection: &Selection, modules: &BTreeMap<ShapeId, String>) -> Self {
        let Some(defaults) = &selection.defaults else { return Self::default() };
        let mut taken: BTreeSet<String> = COMMON.iter().map(|common| common.name.to_owned()).collect();
        taken.extend(RESERVED.map(str::to_owned));
        let plain = |id: &ShapeId| modules.get(id).map_or("", |module| names::bare(module)).replace('_', "-");
        let (free, clashing): (Vec<_>, Vec<_>) =
            selection.operations.iter().partition(|id| !taken.contains(&plain(id)));
        let mut features = BTreeMap::new();
        // Who has a name of its own keeps it, whatever the others are called.
        for id in free.into_iter().chain(clashing) {
            let mut name = plain(id);
            while !taken.insert(name.clone()) {
                name.push_str("-operation");
            }
            features.insert(id.clone(), Feature { name, is_default: defaults.contains(id) });
        }
        Self(features)
    }

    /// The feature of an operation.
    pub(super) fn get(&self, operation: &ShapeId) -> Option<&Feature> {
        self.0.get(operation)
    }

    /// With which features something is compiled that these operations use.
    ///
    /// What more than half of all operations use, those that are on by default among them, is compiled always: its gate
    /// would name nearly all features, and spare nearly nobody anything.
    pub(super) fn gate(&self, users: &BTreeSet<ShapeId>) -> Gate {
        let is_common = users.len() * 2 > self.0.len();
        let defaults_use_it = || self.0.iter().all(|(id, feature)| !feature.is_default || users.contains(id));
        if is_common && defaults_use_it() {
            return Gate::new();
        }
        let mut gate: Gate = users.iter().filter_map(|id| Some(self.get(id)?.name.clone())).collect();
        gate.sort();
        gate
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::unique;
    use super::Features;
    use crate::select::Selection;
    use crate::smithy::ShapeId;

    fn features(operations: &[&str], defaults: &[&str]) -> Features {
        let id = |name: &&str| ShapeId::parse(&format!("a#{name}"));
        let selection = Selection {
            service: ShapeId::prelude("S"),
            operations: operations.iter().filter_map(id).collect(),
            defaults: Some(defaults.iter().filter_map(id).collect()),
            reads_errors: true,
            shapes: BTreeMap::new(),
        };
        Features::of(&selection, &unique::modules(&selection.operations))
    }

    #[test]
    fn features_are_named_after_modules() {
        for (operation, expected) in [
            ("ListLayers", "list-layers"),
            ("GetOAuth2Token", "get-o-auth2-token"),
            ("Match", "match"),
            ("Send", "send-operation"),
            ("Default", "default-operation"),
            ("Full", "full-operation"),
            ("Tracing", "tracing-operation"),
            ("Http2", "http2-operation"),
            ("TestUtil", "test-util-operation"),
            ("Serde", "serde-operation"),
            ("TinsmithRuntime", "tinsmith-runtime-operation"),
        ] {
            let found = features(&[operation], &[]);
            let names: Vec<_> = found.0.values().map(|feature| feature.name.as_str()).collect();
            assert_eq!(names, [expected], "{operation}");
        }
        let clash = features(&["Full", "FullOperation"], &[]);
        let names: Vec<_> = clash.0.values().map(|feature| feature.name.as_str()).collect();
        assert_eq!(names, ["full-operation-operation", "full-operation"]);
    }

    #[test]
    fn what_most_use_is_compiled_always() {
        let all = ["A", "B", "C", "D"];
        let check = |defaults: &[&str], users: &[&str], expected: &[&str]| {
            let users: BTreeSet<_> = users.iter().filter_map(|name| ShapeId::parse(&format!("a#{name}"))).collect();
            assert_eq!(features(&all, defaults).gate(&users), expected, "{users:?}");
        };
        check(&["A"], &["B"], &["b"]);
        check(&["A"], &["D", "A"], &["a", "d"]);
        check(&["A"], &["A", "B", "C"], &[]);
        check(&["A"], &["B", "C", "D"], &["b", "c", "d"]);
        check(&["A", "B"], &["A", "C", "D"], &["a", "c", "d"]);
        check(&[], &["B", "C", "D"], &[]);
        // Without features nothing has a gate.
        assert_eq!(Features::default().gate(&BTreeSet::new()), [""; 0]);
    }
}
