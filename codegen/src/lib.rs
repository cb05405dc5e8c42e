//! Smithy models in, thin Rust clients out.
//!
//! A library of functions of their arguments: it opens no file and reads no environment and no clock. Its caller (the
//! program `tinsmith`, xtask, or a build script by way of [`build`]) reads models and writes files.

pub mod build;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod fault;
pub mod files;
pub mod import;
pub mod ir;
pub mod jmespath;
pub mod lower;
pub mod plan;
pub mod render;
pub mod select;
pub mod show;
pub mod smithy;
pub mod surface;

pub use diagnostic::Diagnostic;
pub use files::{Drift, Files};
pub use plan::{Form, Plan, RuntimeSource};
pub use select::Selection;

use smithy::Model;

/// What of a plan can be generated: the plan with every other operation skipped, and why those cannot be.
///
/// Where none can be, the plan is as it was, for [`generate`] tells what is wrong with the service too.
///
/// # Errors
///
/// The plan asks for what the model does not have.
pub fn possible(model: &Model, plan: &Plan) -> Result<(Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    let selection = select::select(model, plan)?;
    let unsupported = lower::unsupported(model, &selection);
    if unsupported.len() == selection.operations.len() {
        return Ok((plan.clone(), Vec::new()));
    }
    let skip = plan.skip.iter().cloned().chain(unsupported.keys().map(ToString::to_string)).collect();
    Ok((Plan { skip, ..plan.clone() }, unsupported.into_values().flatten().collect()))
}

/// Generates what the plan asks for, all of it.
///
/// # Errors
///
/// Everything that keeps an operation of the plan from being generated.
pub fn generate(model: &Model, plan: &Plan) -> Result<Files, Vec<Diagnostic>> {
    let selection = select::select(model, plan)?;
    let service = lower::lower(model, &selection)?;
    emit::emit(&service, &plan.form).map_err(|fault| vec![fault])
}
