//! The names of one file: what it defines, what it imports, and how it spells both.
//!
//! Files import what they name, so that a line of generated code is as short as one written by hand. Where a name is
//! taken already (a service may well have a shape `Member`), what is imported goes by another.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{Home, Named};
use crate::lower::names;
use crate::render::Uses;

/// The names of one file.
pub(super) struct Scope<'a> {
    /// The crate that the runtime is, from here.
    runtime: &'a str,
    /// The way to the module that holds all generated files: `super::super`.
    root: &'a str,
    /// The file, where it is one that defines shapes.
    home: Option<Home>,
    /// The module of each name.
    taken: BTreeMap<String, String>,
    /// The imported name of each path.
    imported: BTreeMap<(String, String), String>,
    /// What the file imports.
    pub uses: Uses,
}

/// The runtime, from within it.
pub(super) const INSIDE: &str = "crate";

/// The module of names that the file itself defines.
const HERE: &str = "self";

impl<'a> Scope<'a> {
    /// The names of a file beside the root module.
    pub(super) fn beside_root(runtime: &'a str) -> Self {
        Self {
            runtime,
            root: "super",
            home: None,
            taken: BTreeMap::new(),
            imported: BTreeMap::new(),
            uses: Uses::default(),
        }
    }

    /// The names of the root module.
    pub(super) fn of_root(runtime: &'a str) -> Self {
        Self { root: "self", ..Self::beside_root(runtime) }
    }

    /// The names of a file that defines shapes.
    pub(super) fn of_shapes(runtime: &'a str, home: Home) -> Self {
        let root = match home {
            Home::Enums | Home::Types => "super",
            Home::Errors | Home::Operation(_) | Home::Group(_) => "super::super",
            Home::ErrorGroup(_) => "super::super::super",
        };
        Self { root, home: Some(home), ..Self::beside_root(runtime) }
    }

    /// Whether the file is one of the runtime's own, which holds what a call needs and no more.
    pub(super) fn is_inside(&self) -> bool {
        self.runtime == INSIDE
    }

    /// Takes a name for a definition of the file. Definitions come before imports.
    pub(super) fn define(&mut self, name: &str) {
        self.taken.insert(name.to_owned(), HERE.to_owned());
    }

    /// A name of the standard library: `collections`, `HashMap`.
    pub(super) fn std(&mut self, module: &str, name: &str) -> Ident {
        self.import(format!("std::{module}"), name)
    }

    /// A name of the runtime: `wire`, `Member`.
    pub(super) fn runtime(&mut self, module: &str, name: &str) -> Ident {
        self.import(format!("{}::{module}", self.runtime), name)
    }

    /// A macro of the runtime.
    pub(super) fn call(&mut self, name: &'static str) -> &'static str {
        self.uses.import(self.runtime, name.to_owned());
        name
    }

    /// A name of the generated files: `error`, `Error`.
    pub(super) fn own(&mut self, module: &str, name: &str) -> Ident {
        let module = self.path(module);
        self.import(module, name)
    }

    /// A shape.
    pub(super) fn named(&mut self, named: &Named) -> Ident {
        if self.home.as_ref() == Some(&named.home) {
            return ident(&named.name);
        }
        let module = self.path(&module_of(&named.home));
        self.import(module, &named.name)
    }

    /// Shows a shape of another file as one of this.
    pub(super) fn export(&mut self, named: &Named) {
        let module = self.path(&module_of(&named.home));
        self.taken.insert(named.name.clone(), module.clone());
        self.imported.insert((module.clone(), named.name.clone()), named.name.clone());
        self.uses.export(&module, named.name.clone());
    }

    /// The line that shows a shape of another file as one of this, for where it is not always compiled.
    pub(super) fn reexport(&self, name: &str, home: &Home) -> TokenStream {
        let segments = self.path(&module_of(home));
        let segments = segments.split("::").map(ident);
        let name = ident(name);
        quote! { pub use #(#segments)::*::#name; }
    }

    /// Shows names of the runtime as names of this file.
    pub(super) fn export_runtime(&mut self, module: &str, names: &[&str]) {
        let module = format!("{}::{module}", self.runtime);
        for name in names {
            self.taken.insert((*name).to_owned(), module.clone());
            self.uses.export(&module, (*name).to_owned());
        }
    }

    /// The way to the root module.
    pub(super) fn root(&self) -> TokenStream {
        let segments = self.root.split("::").map(ident);
        quote! { #(#segments)::* }
    }

    /// The way to a module of the generated files.
    fn path(&self, module: &str) -> String {
        if module.is_empty() { self.root.to_owned() } else { format!("{}::{module}", self.root) }
    }

    fn import(&mut self, module: String, name: &str) -> Ident {
        let key = (module, name.to_owned());
        if let Some(known) = self.imported.get(&key) {
            return ident(known);
        }
        let mut free = name.to_owned();
        while self.taken.contains_key(&free) {
            let of = key.0.rsplit("::").next().unwrap_or_default();
            free = format!("{}{free}", names::type_name(names::bare(of)));
        }
        let imported = if free == name { free.clone() } else { format!("{name} as {free}") };
        self.uses.import(&key.0, imported);
        self.taken.insert(free.clone(), key.0.clone());
        self.imported.insert(key, free.clone());
        ident(&free)
    }
}

fn module_of(home: &Home) -> String {
    match home {
        Home::Enums => "enums".to_owned(),
        Home::Types | Home::Group(_) => "types".to_owned(),
        Home::Errors | Home::ErrorGroup(_) => "types::error".to_owned(),
        Home::Operation(module) => format!("operation::{module}"),
    }
}

/// An identifier of the IR, which may be raw.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(keyword) => format_ident!("r#{keyword}"),
        None => format_ident!("{name}"),
    }
}
