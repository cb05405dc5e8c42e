//! IR → sources: one file an output concern. Nothing is decided here, only spelt; the model is out of sight.

mod client;
mod config;
pub mod endpoint;
mod enums;
mod errors;
mod example;
mod gates;
mod manifest;
mod operation;
pub mod partitions;
mod path;
mod root;
mod scope;
mod spell;
mod structure;
mod types;
mod waiters;

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::ir::Service;
use crate::plan::Form;
use crate::render::{self, Source};

/// Writes every file of a service in this form.
///
/// # Errors
///
/// The Cargo.toml of a crate that is there has no place for its features.
pub fn emit(service: &Service, form: &Form) -> Result<Files, Diagnostic> {
    let sources = match form {
        Form::RuntimeModule => calls(service),
        Form::Module | Form::Crate { .. } | Form::NewCrate { .. } => surface(service, form),
    };
    let folder = if matches!(form, Form::Module | Form::RuntimeModule) { "" } else { "src/" };
    let command = match form {
        Form::Crate { .. } | Form::RuntimeModule => "cargo xtask regenerate",
        Form::Module | Form::NewCrate { .. } => "tinsmith generate",
    };
    let origin = format!(" from the model of {}. Change that, and run `{command}`.", service.title);
    let mut files = Files::default();
    for source in &sources {
        files.insert(format!("{folder}{}", source.path), render::text(source, &origin)?);
    }
    manifest::add(&mut files, service, form, &origin)?;
    Ok(files)
}

/// What programs use.
fn surface(service: &Service, form: &Form) -> Vec<Source> {
    let runtime = "tinsmith_runtime";
    let mut sources = vec![
        root::source(service, runtime, form),
        client::source(service, runtime),
        root::endpoint(service, runtime),
        config::config(runtime),
        config::meta(),
        config::primitives(service, runtime, form),
        enums::source(service, runtime),
        errors::root(service, runtime),
        errors::shapes(service, runtime),
        types::source(service, runtime),
        operation::list(service, runtime),
    ];
    sources.extend(service.groups.iter().map(|group| types::group_source(group, runtime)));
    sources.extend(service.error_groups.iter().map(|group| errors::group_source(group, runtime)));
    sources.extend(waiters::are_there(service).then(|| waiters::source(service, runtime)));
    sources.extend(service.operations.iter().map(|operation| operation::source(operation, runtime)));
    sources
}

/// What the runtime itself calls. It writes inputs as literals, reads fields and goes by the codes of errors, so that each
/// operation has its facts and its shapes, and nothing that programs compile in vain. None that it calls has a union, whose
/// macro asks of what a variant holds to be cloned, compared and shown.
fn calls(service: &Service) -> Vec<Source> {
    let runtime = scope::INSIDE;
    let mut sources =
        vec![root::inside(service, runtime), root::endpoint(service, runtime), operation::list(service, runtime)];
    sources.extend((!service.shapes.is_empty()).then(|| types::inside(service, runtime)));
    sources.extend((!service.enums.is_empty()).then(|| enums::source(service, runtime)));
    sources.extend(service.operations.iter().map(|operation| operation::inside(operation, runtime)));
    sources
}
