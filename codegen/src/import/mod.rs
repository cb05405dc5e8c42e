//! What others publish, reduced to the facts that the project keeps in `model/`.
//!
//! An official model → the text of `model/NAME.json`: facts only, and the project's own prose.
//!
//! Shapes are sorted by id, traits too; members keep the order of the model, which is that of generated code. Prose is
//! left out ([`facts`] lists what else), and the documentation that this project wrote before is put back by the
//! id of its shape or member (`prose.rs`). The same model and the same prose give the same bytes.

pub mod lock;
pub mod partitions;

mod facts;
mod prose;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::smithy::{self, Model};

/// An imported model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The name of its file without `.json`: the service's SDK id in lower case, `-` between words (`sso-oidc`).
    pub name: String,
    /// The id of the service.
    pub service: String,
    /// The version of its API.
    pub version: String,
    /// The text of its file, yet without documentation.
    pub facts: String,
}

/// Imports the facts of a model.
///
/// # Errors
///
/// Every fault of the model ([`smithy::load`]), or that it has no service, several, or one without an SDK id.
pub fn import(file: &str, text: &str) -> Result<Imported, Vec<Diagnostic>> {
    let model = smithy::load(file, text)?;
    let (shape, service) = model.service(None).map_err(|fault| vec![fault])?;
    Ok(Imported {
        name: name(&model)?,
        service: shape.id.to_string(),
        version: service.version.clone(),
        facts: facts(file, text)?,
    })
}

/// The name of a model's file without `.json`, and of its crate without `tinsmith-`.
///
/// # Errors
///
/// The model has no service, several, or one without an SDK id.
pub fn name(model: &Model) -> Result<String, Vec<Diagnostic>> {
    let (shape, _) = model.service(None).map_err(|fault| vec![fault])?;
    let Some(ids) = shape.traits.service_ids() else {
        let reason = "has no trait aws.api#service, whose `sdkId` gives the name";
        return Err(vec![model.fault(&shape.id, reason)]);
    };
    let words = ids.sdk_id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    Ok(words.collect::<Vec<_>>().join("-").to_ascii_lowercase())
}

/// Carries the documentation of an older text over to new facts, by the ids of shapes and members. Returns the new text,
/// and the places whose documentation is lost, because the new facts do not have them.
///
/// # Errors
///
/// One of the texts is not JSON.
pub fn with_prose_of(file: &str, old: &str, facts: &str) -> Result<(String, Vec<String>), Vec<Diagnostic>> {
    let mut model = parse(file, facts)?;
    let homeless = prose::restore(&mut model, prose::collect(&parse(file, old)?));
    Ok((pretty(&model), homeless))
}

/// The facts of a model that was imported: its text without documentation, sorted, and without what is no fact.
///
/// # Errors
///
/// The text is not JSON.
pub fn facts(file: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    let mut value = parse(file, text)?;
    facts::keep(&mut value);
    Ok(pretty(&value))
}

fn parse(file: &str, text: &str) -> Result<Value, Vec<Diagnostic>> {
    serde_json::from_str(text).map_err(|error| vec![Diagnostic::new(file, format!("is not JSON: {error}"))])
}

/// Two spaces a level, a line a value, one line feed at the end.
fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
