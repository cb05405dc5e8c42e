//! What the suites of settings and credentials have in common: their cases, and the world as a case describes it.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use tinsmith_runtime::environment::{Environment, Files};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The trials of a file of cases. Two cases may have one name, so that each gets its number.
pub(crate) fn cases(suite: &str, path: &Path, check: fn(&Value) -> Outcome) -> Outcome<Vec<Trial>> {
    let cases = json_of(path)?;
    let cases = cases["tests"].as_array().filter(|cases| !cases.is_empty()).ok_or("there are no cases")?;
    let trial = |(index, case): (usize, &Value)| {
        let name = case["name"].as_str().or(case["docs"].as_str()).unwrap_or_default();
        let case = case.clone();
        Trial::test(format!("{suite}::{index}::{name}"), move || check(&case).map_err(failed))
    };
    Ok(cases.iter().enumerate().map(trial).collect())
}

#[derive(Debug)]
pub(crate) struct Variables(BTreeMap<String, String>);

impl Environment for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

pub(crate) fn variables(object: &Value) -> Variables {
    Variables(texts(object))
}

/// The members of an object that are texts.
pub(crate) fn texts(object: &Value) -> BTreeMap<String, String> {
    let object = object.as_object().into_iter().flatten();
    object.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// A folder that stands for the root of the file system.
#[derive(Debug)]
pub(crate) struct Mounted(pub(crate) PathBuf);

impl Files for Mounted {
    fn read(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        std::fs::read(self.0.join(path.strip_prefix("/").unwrap_or(path)))
    }
}

pub(crate) fn json_of(path: &Path) -> Outcome<Value> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

pub(crate) fn same<T: PartialEq + std::fmt::Debug>(got: &T, expected: &T, what: &str) -> Outcome {
    if got == expected { Ok(()) } else { Err(format!("{what}: got {got:?}, expected {expected:?}").into()) }
}

pub(crate) fn failed(error: Box<dyn Error>) -> Failed {
    error.to_string().into()
}
