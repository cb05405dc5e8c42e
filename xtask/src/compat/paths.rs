//! The public paths that the official crates offer, derived from their source.
//!
//! A path is a module, an item, or a member of an item: a public field, a variant, a method. Members stand once for each
//! definition, below the shortest path that leads to it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use syn::{Fields, ImplItem, Item, Type};

use super::source::{Package, Place, Sources, attributes, is_hidden, is_public, item_name, segments};
use super::{Folder, Side};

/// The crates whose public paths are listed.
const CRATES: [&str; 2] = ["aws_config", "aws_sdk_lambda"];

/// A public path, and how it is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Public {
    /// A module, type, trait, function or static: `use` finds it.
    Item(String),
    /// A function of a type or trait: owner and name.
    Function(String, String),
    /// A variant of an enum: owner and name.
    Variant(String, String),
    /// A field of a structure: owner and name.
    Field(String, String),
}

impl Public {
    /// The path as people write it.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Item(path) => path.clone(),
            Self::Function(owner, name) | Self::Variant(owner, name) | Self::Field(owner, name) => {
                format!("{owner}::{name}")
            }
        }
    }
}

/// Reads the sources that `tests/compat` pins and lists their public paths, sorted.
pub(super) fn derive(folder: &Folder) -> Result<BTreeSet<Public>> {
    let mut sources = Sources::new(packages(folder)?, |_| false);
    let mut walk = Walk::default();
    for krate in CRATES {
        sources.read(krate)?;
        walk.module(&mut sources, &Place::root(krate), krate)?;
    }
    walk.members(&mut sources)
}

/// The packages that the official side is built of, by the names that code uses, with the features that are on.
pub(super) fn packages(folder: &Folder) -> Result<BTreeMap<String, Package>> {
    let output = crate::process::cargo(&folder.file(Side::Official.name()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata prints JSON")?;
    let mut features = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let on = node["features"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        features.insert(node["id"].as_str().unwrap_or_default(), on.collect::<BTreeSet<_>>());
    }
    let mut packages = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let library = package["targets"].as_array().into_iter().flatten().find(|target| target["kind"][0] == "lib");
        let Some((name, root)) = library.and_then(|lib| Some((lib["name"].as_str()?, lib["src_path"].as_str()?)))
        else {
            continue;
        };
        if name.starts_with("aws_") {
            let on = features.get(package["id"].as_str().unwrap_or_default()).cloned().unwrap_or_default();
            packages.insert(name.to_owned(), Package { root: root.into(), features: on });
        }
    }
    Ok(packages)
}

/// What the walk over the public modules has found.
#[derive(Debug, Default)]
struct Walk {
    found: BTreeSet<Public>,
    /// The shortest path to each definition.
    items: BTreeMap<Place, String>,
    entered: BTreeSet<String>,
}

impl Walk {
    fn module(&mut self, sources: &mut Sources, place: &Place, path: &str) -> Result<()> {
        if !self.entered.insert(path.to_owned()) {
            return Ok(());
        }
        let Some(module) = sources.module(place) else { return Ok(()) };
        let mut names = Vec::new();
        for item in module.items.iter().filter(|item| !is_hidden(attributes(item))) {
            let ident = match item {
                Item::Mod(item) if is_public(&item.vis) => Some(item.ident.to_string()),
                item if is_public_item(item) => item_name(item),
                _ => None,
            };
            names.extend(ident.map(|name| (name.clone(), vec!["self".to_owned(), name])));
        }
        let imports = module.imports.iter().filter(|import| import.public && import.name != "*" && import.name != "_");
        names.extend(imports.map(|import| (import.name.clone(), import.path.clone())));
        for (name, target) in names {
            if let Some(target) = definition(sources, place, &target)? {
                self.name(sources, target, format!("{path}::{name}"))?;
            }
        }
        Ok(())
    }

    fn name(&mut self, sources: &mut Sources, target: Place, path: String) -> Result<()> {
        self.found.insert(Public::Item(path.clone()));
        if sources.module(&target).is_some() {
            return self.module(sources, &target, &path);
        }
        let target = behind_alias(sources, target)?;
        let best = self.items.entry(target).or_insert_with(|| path.clone());
        if (path.matches("::").count(), &path) < (best.matches("::").count(), best) {
            *best = path;
        }
        Ok(())
    }

    /// Adds the members of the items found.
    fn members(mut self, sources: &mut Sources) -> Result<BTreeSet<Public>> {
        for (place, owner) in &self.items {
            let Some(module) = sources.module(&place.parent()) else { continue };
            let item = module.items.iter().find(|item| item_name(item).is_some_and(|name| name == place.name()));
            self.found.extend(item.map(|item| own_members(item, owner)).unwrap_or_default());
        }
        for (place, names) in methods(sources)? {
            let owner = self.items.get(&place);
            self.found.extend(
                owner
                    .into_iter()
                    .flat_map(|owner| names.iter().map(|name| Public::Function(owner.clone(), name.clone()))),
            );
        }
        Ok(self.found)
    }
}

/// What a path stands for. Where its module was read and does not show the name, a macro makes it there.
fn definition(sources: &mut Sources, from: &Place, path: &[String]) -> Result<Option<Place>> {
    if let Some(place) = sources.resolve(from, path)? {
        return Ok(Some(place));
    }
    let Some((name, module)) = path.split_last() else { return Ok(None) };
    let module = if module.is_empty() { Some(from.clone()) } else { sources.resolve(from, module)? };
    let module = module.filter(|place| sources.module(place).is_some());
    Ok(module.map(|module| module.child(name)))
}

fn is_public_item(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        _ => return false,
    };
    is_public(visibility)
}

/// The definition that a type alias stands for, whose members it has.
fn behind_alias(sources: &mut Sources, place: Place) -> Result<Place> {
    let module = place.parent();
    let items = sources.module(&module).map(|module| module.items.as_slice()).unwrap_or_default();
    let path = items.iter().find_map(|item| match item {
        Item::Type(alias) if alias.ident == place.name() => type_path(&alias.ty),
        _ => None,
    });
    let Some(path) = path else { return Ok(place) };
    match sources.resolve(&module, &path)? {
        Some(target) => behind_alias(sources, target),
        None => Ok(place),
    }
}

fn type_path(ty: &Type) -> Option<Vec<String>> {
    match ty {
        Type::Path(path) => Some(segments(&path.path)),
        _ => None,
    }
}

/// Public fields, variants, or the functions of a trait.
fn own_members(item: &Item, owner: &str) -> Vec<Public> {
    match item {
        Item::Struct(item) => {
            let Fields::Named(fields) = &item.fields else { return Vec::new() };
            let public = fields.named.iter().filter(|field| is_public(&field.vis));
            let names = public.filter_map(|field| field.ident.as_ref());
            names.map(|name| Public::Field(owner.to_owned(), name.to_string())).collect()
        }
        Item::Enum(item) => {
            let names = item.variants.iter().map(|variant| variant.ident.to_string());
            names.map(|name| Public::Variant(owner.to_owned(), name)).collect()
        }
        Item::Trait(item) => {
            let functions = item.items.iter().filter_map(|item| match item {
                syn::TraitItem::Fn(function) if !is_hidden(&function.attrs) => Some(function.sig.ident.to_string()),
                _ => None,
            });
            functions.map(|name| Public::Function(owner.to_owned(), name)).collect()
        }
        _ => Vec::new(),
    }
}

/// The public inherent methods of all crates read so far, by the definition of their type.
pub(super) fn methods(sources: &mut Sources) -> Result<BTreeMap<Place, BTreeSet<String>>> {
    let mut found = Vec::new();
    for krate in sources.crates() {
        let features = sources.features(&krate);
        for (place, module) in sources.modules(&krate) {
            for item in &module.items {
                let Item::Impl(block) = item else { continue };
                let Some(path) = type_path(&block.self_ty).filter(|_| block.trait_.is_none()) else { continue };
                let names: BTreeSet<String> =
                    block.items.iter().filter_map(|item| public_method(item, &features)).collect();
                found.push((place.clone(), path, names));
            }
        }
    }
    let mut methods: BTreeMap<Place, BTreeSet<String>> = BTreeMap::new();
    for (module, path, names) in found {
        if let Some(place) = definition(sources, &module, &path)? {
            methods.entry(place).or_default().extend(names);
        }
    }
    Ok(methods)
}

fn public_method(item: &ImplItem, features: &BTreeSet<String>) -> Option<String> {
    match item {
        ImplItem::Fn(function)
            if is_public(&function.vis)
                && !is_hidden(&function.attrs)
                && super::source::holds(&function.attrs, features) =>
        {
            Some(function.sig.ident.to_string())
        }
        _ => None,
    }
}
