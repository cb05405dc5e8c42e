//! A function: what is known of it, what a look at it finds, and what comes of running it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::look::Look;
use super::outcome::{Invocation, Outcome};

/// The version that an invocation runs unless it names another.
const LATEST: &str = "$LATEST";

/// A function that can be looked at and invoked. Clones are looked at together.
#[derive(Clone, Deserialize)]
#[serde(try_from = "Entry")]
pub struct Function {
    name: String,
    /// Members of the configuration that are not the usual ones.
    known: Map<String, Value>,
    versions: Vec<String>,
    aliases: BTreeMap<String, String>,
    looks: Vec<Look>,
    looked: Arc<AtomicUsize>,
    throttled: bool,
    run: Run,
}

#[derive(Clone)]
enum Run {
    Always(Outcome),
    Code(Arc<dyn Fn(&Invocation) -> Outcome + Send + Sync>),
}

impl Function {
    /// A function that is active, and gives back what it is given.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            known: Map::new(),
            versions: Vec::new(),
            aliases: BTreeMap::new(),
            looks: Vec::new(),
            looked: Arc::default(),
            throttled: false,
            run: Run::Always(Outcome::echo()),
        }
    }

    /// What comes of each invocation.
    #[must_use]
    pub fn answers(mut self, outcome: Outcome) -> Self {
        self.run = Run::Always(outcome);
        self
    }

    /// What comes of an invocation, by what it is given.
    #[must_use]
    pub fn runs(mut self, code: impl Fn(&Invocation) -> Outcome + Send + Sync + 'static) -> Self {
        self.run = Run::Code(Arc::new(code));
        self
    }

    /// A version that was published: a number.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.versions.push(version.into());
        self
    }

    /// Another name of a version.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>, version: impl Into<String>) -> Self {
        self.aliases.insert(alias.into(), version.into());
        self
    }

    /// What those see who look at it with `GetFunction` or `GetFunctionConfiguration`: each takes the next look, and the
    /// last one stays. Whoever invokes it meets what was seen last.
    #[must_use]
    pub fn looks(mut self, looks: impl IntoIterator<Item = Look>) -> Self {
        self.looks = looks.into_iter().collect();
        self
    }

    /// Refuses every invocation, as with a reserved concurrency of 0.
    #[must_use]
    pub fn throttled(mut self) -> Self {
        self.throttled = true;
        self
    }

    /// Its name, without region, account and qualifier.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many times it was looked at.
    pub fn look_count(&self) -> usize {
        self.looked.load(Ordering::Relaxed)
    }

    pub(crate) fn is_throttled(&self) -> bool {
        self.throttled
    }

    /// Members of the configuration, over the usual ones.
    pub(crate) fn known(&self) -> &Map<String, Value> {
        &self.known
    }

    /// The version that a qualifier means, if it means any.
    pub(crate) fn resolve(&self, qualifier: Option<&str>) -> Option<&str> {
        match qualifier {
            None | Some(LATEST) => Some(LATEST),
            Some(qualifier) => {
                let version = self.aliases.get(qualifier).map_or(qualifier, String::as_str);
                self.versions.iter().find(|known| *known == version).map(String::as_str)
            }
        }
    }

    /// What the next one sees who looks at it.
    pub(crate) fn look(&self) -> Look {
        self.at(self.looked.fetch_add(1, Ordering::Relaxed))
    }

    /// What was seen last, or will be seen first.
    pub(crate) fn seen(&self) -> Look {
        self.at(self.look_count().saturating_sub(1))
    }

    pub(crate) fn run(&self, invocation: &Invocation) -> Outcome {
        match &self.run {
            Run::Always(outcome) => outcome.clone(),
            Run::Code(code) => code(invocation),
        }
    }

    fn at(&self, index: usize) -> Look {
        self.looks.get(index).or_else(|| self.looks.last()).cloned().unwrap_or_default()
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Function");
        shown.field("name", &self.name).field("known", &self.known).field("versions", &self.versions);
        shown.field("aliases", &self.aliases).field("looks", &self.looks).field("looked", &self.looked);
        shown.field("throttled", &self.throttled);
        match &self.run {
            Run::Always(outcome) => shown.field("run", outcome).finish(),
            Run::Code(_) => shown.finish_non_exhaustive(),
        }
    }
}

/// A function in a file.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    function_name: String,
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    aliases: BTreeMap<String, String>,
    #[serde(default)]
    looks: Vec<Look>,
    #[serde(default)]
    throttled: bool,
    #[serde(default)]
    outcome: Outcome,
    #[serde(flatten)]
    known: Map<String, Value>,
}

impl TryFrom<Entry> for Function {
    type Error = String;

    fn try_from(entry: Entry) -> Result<Self, String> {
        let Entry { function_name: name, versions, aliases, looks, throttled, outcome, known } = entry;
        if let Some((alias, version)) = aliases.iter().find(|(_, version)| !versions.contains(version)) {
            return Err(format!("`{name}`: alias `{alias}` leads to version {version}, which is not in `Versions`"));
        }
        let run = Run::Always(outcome);
        Ok(Self { name, known, versions, aliases, looks, looked: Arc::default(), throttled, run })
    }
}
