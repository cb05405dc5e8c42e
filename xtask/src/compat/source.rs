//! The modules of a crate, read from its source: which names they hold, and what those names stand for.
//!
//! This is as much of Rust's name resolution as the official crates need: nested and inline modules, `use` with renames
//! and globs, `cfg` over features. Items that a macro makes are not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token, UseTree};

/// How far a chain of re-exports may go before it is taken for a circle.
const MAX_HOPS: usize = 32;

/// Where something is defined: crate, module path and name. A module is named by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) krate: String,
    pub(super) path: Vec<String>,
}

impl Place {
    pub(super) fn root(krate: &str) -> Self {
        Self { krate: krate.to_owned(), path: Vec::new() }
    }

    pub(super) fn child(&self, name: &str) -> Self {
        let path = self.path.iter().cloned().chain([name.to_owned()]).collect();
        Self { krate: self.krate.clone(), path }
    }

    pub(super) fn parent(&self) -> Self {
        let path = self.path.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec());
        Self { krate: self.krate.clone(), path }
    }

    pub(super) fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// A crate as cargo knows it.
#[derive(Debug)]
pub(super) struct Package {
    /// The file that holds its root module.
    pub(super) root: PathBuf,
    /// The features that are on.
    pub(super) features: BTreeSet<String>,
}

/// One `use`: what it is called here, and the path it stands for. A glob is called `*`.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) path: Vec<String>,
    pub(super) public: bool,
}

/// A module with the items that its `cfg`s leave.
#[derive(Default)]
pub(super) struct Module {
    pub(super) items: Vec<Item>,
    pub(super) imports: Vec<Import>,
}

/// The crates read so far.
pub(super) struct Sources {
    packages: BTreeMap<String, Package>,
    modules: BTreeMap<Place, Module>,
    read: BTreeSet<String>,
    skip: fn(&Place) -> bool,
}

impl Sources {
    /// Sources of the given packages, by the names that code uses. Modules for which `skip` holds are not read.
    pub(super) fn new(packages: BTreeMap<String, Package>, skip: fn(&Place) -> bool) -> Self {
        Self { packages, modules: BTreeMap::new(), read: BTreeSet::new(), skip }
    }

    /// Reads a crate, unless it was read before or is none of the packages.
    pub(super) fn read(&mut self, krate: &str) -> Result<()> {
        let Some(package) = self.packages.get(krate) else { return Ok(()) };
        if !self.read.insert(krate.to_owned()) {
            return Ok(());
        }
        let (root, features) = (package.root.clone(), package.features.clone());
        let folder = root.parent().unwrap_or(Path::new("")).to_path_buf();
        self.read_file(&Place::root(krate), &root, &folder, &features)
    }

    fn read_file(&mut self, place: &Place, file: &Path, folder: &Path, features: &BTreeSet<String>) -> Result<()> {
        let text = super::read(file)?;
        let parsed = syn::parse_file(&text).with_context(|| format!("cannot parse {}", file.display()))?;
        self.read_items(place, parsed.items, folder, features)
    }

    fn read_items(&mut self, place: &Place, items: Vec<Item>, folder: &Path, on: &BTreeSet<String>) -> Result<()> {
        let mut module = Module::default();
        for mut item in items.into_iter().filter(|item| holds(attributes(item), on)) {
            match &mut item {
                Item::Use(item) => {
                    let mut path = if item.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
                    flatten(&item.tree, &mut path, is_public(&item.vis), &mut module.imports);
                }
                Item::Mod(inner) => self.read_module(&place.child(&inner.ident.to_string()), inner, folder, on)?,
                _ => {}
            }
            module.items.push(item);
        }
        self.modules.insert(place.clone(), module);
        Ok(())
    }

    fn read_module(
        &mut self,
        place: &Place,
        item: &mut syn::ItemMod,
        folder: &Path,
        on: &BTreeSet<String>,
    ) -> Result<()> {
        let folder = folder.join(place.name());
        if (self.skip)(place) {
            return Ok(());
        }
        match item.content.take() {
            Some((_, items)) => self.read_items(place, items, &folder, on),
            None => {
                let beside = folder.with_extension("rs");
                let file = if beside.is_file() { beside } else { folder.join("mod.rs") };
                self.read_file(place, &file, &folder, on)
            }
        }
    }

    /// A module that was read.
    pub(super) fn module(&self, place: &Place) -> Option<&Module> {
        self.modules.get(place)
    }

    /// The crates read so far.
    pub(super) fn crates(&self) -> Vec<String> {
        self.read.iter().cloned().collect()
    }

    /// The features of a crate that are on.
    pub(super) fn features(&self, krate: &str) -> BTreeSet<String> {
        self.packages.get(krate).map(|package| package.features.clone()).unwrap_or_default()
    }

    /// The modules of a crate.
    pub(super) fn modules(&self, krate: &str) -> impl Iterator<Item = (&Place, &Module)> {
        self.modules.iter().filter(move |(place, _)| place.krate == krate)
    }

    /// What a path stands for, seen from a module: a module or an item. Reads the crates it leads to.
    pub(super) fn resolve(&mut self, from: &Place, path: &[String]) -> Result<Option<Place>> {
        self.resolve_within(from, path, MAX_HOPS)
    }

    fn resolve_within(&mut self, from: &Place, path: &[String], hops: usize) -> Result<Option<Place>> {
        let (Some(hops), Some((first, rest))) = (hops.checked_sub(1), path.split_first()) else { return Ok(None) };
        let mut place = match first.as_str() {
            "" => return self.resolve_extern(rest, hops),
            "crate" => Place::root(&from.krate),
            "self" => from.clone(),
            "super" => from.parent(),
            name => match self.lookup(from, name, hops)? {
                Some(place) => place,
                None => return self.resolve_extern(path, hops),
            },
        };
        for name in rest {
            let next = if name == "super" { Some(place.parent()) } else { self.lookup(&place, name, hops)? };
            let Some(next) = next else { return Ok(None) };
            place = next;
        }
        Ok(Some(place))
    }

    fn resolve_extern(&mut self, path: &[String], hops: usize) -> Result<Option<Place>> {
        let Some((krate, rest)) = path.split_first() else { return Ok(None) };
        if !self.packages.contains_key(krate) {
            return Ok(None);
        }
        self.read(krate)?;
        let root = Place::root(krate);
        if rest.is_empty() { Ok(Some(root)) } else { self.resolve_within(&root, rest, hops) }
    }

    /// A name in a module: a module or item of its own, else what a `use` brings.
    fn lookup(&mut self, module: &Place, name: &str, hops: usize) -> Result<Option<Place>> {
        let child = module.child(name);
        if self.modules.contains_key(&child) {
            return Ok(Some(child));
        }
        let Some(found) = self.modules.get(module) else { return Ok(None) };
        if found.items.iter().any(|item| item_name(item).is_some_and(|own| own == name)) {
            return Ok(Some(child));
        }
        let imports = found.imports.iter().filter(|import| import.name == name || import.name == "*");
        let mut paths: Vec<(bool, Vec<String>)> =
            imports.map(|import| (import.name == "*", import.path.clone())).collect();
        paths.sort();
        for (glob, mut path) in paths {
            if glob {
                path.push(name.to_owned());
            }
            if let Some(place) = self.resolve_within(module, &path, hops)? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }
}

/// The name that an item defines, as its identifier stands in the source.
pub(super) fn item_name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Whether something is `pub` without a limit.
pub(super) fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// Whether something is kept out of the documentation: it is not meant for users then.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc") && attribute.meta.to_token_stream().to_string().contains("hidden")
    })
}

/// The segments of a path, with an empty first one if it begins with `::`.
pub(super) fn segments(path: &syn::Path) -> Vec<String> {
    let leading = path.leading_colon.as_ref().map(|_| String::new());
    leading.into_iter().chain(path.segments.iter().map(|segment| segment.ident.to_string())).collect()
}

/// The attributes of an item.
pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether every `cfg` holds with the given features on. Conditions on anything else do not.
pub(super) fn holds(attributes: &[Attribute], features: &BTreeSet<String>) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .all(|attribute| attribute.parse_args::<Meta>().is_ok_and(|condition| condition_holds(&condition, features)))
}

fn condition_holds(condition: &Meta, features: &BTreeSet<String>) -> bool {
    match condition {
        Meta::NameValue(pair) if pair.path.is_ident("feature") => {
            matches!(&pair.value, syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. })
                if features.contains(&name.value()))
        }
        Meta::List(list) => {
            let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
            let mut inner = inner.iter().map(|condition| condition_holds(condition, features));
            match () {
                () if list.path.is_ident("all") => inner.all(|holds| holds),
                () if list.path.is_ident("any") => inner.any(|holds| holds),
                () => list.path.is_ident("not") && inner.all(|holds| !holds),
            }
        }
        _ => false,
    }
}

fn flatten(tree: &UseTree, prefix: &mut Vec<String>, public: bool, imports: &mut Vec<Import>) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, public, imports);
            prefix.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix, public, imports)),
        UseTree::Glob(_) => imports.push(Import { name: "*".to_owned(), path: prefix.clone(), public }),
        UseTree::Name(name) if name.ident == "self" => {
            let module = prefix.last().cloned().unwrap_or_default();
            imports.push(Import { name: module, path: prefix.clone(), public });
        }
        UseTree::Name(name) => import(&name.ident, &name.ident, prefix, public, imports),
        UseTree::Rename(rename) => import(&rename.ident, &rename.rename, prefix, public, imports),
    }
}

fn import(from: &syn::Ident, name: &syn::Ident, prefix: &[String], public: bool, imports: &mut Vec<Import>) {
    let last = (from != "self").then(|| from.to_string());
    let path = prefix.iter().cloned().chain(last).collect();
    imports.push(Import { name: name.to_string(), path, public });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolves a path in a crate `k` of two modules, seen from its root.
    fn check(path: &str, expected: Option<&str>) {
        let text = "
            mod a { pub use self::b::Deep as Renamed; pub mod b { pub struct Deep; } pub use super::c::*; }
            mod c { pub fn free() {} #[cfg(feature = \"off\")] pub fn left_out() {} }
            use a::Renamed; pub use crate::c::{self as d, free};
            mod circle { pub use crate::circle::x as y; pub use crate::circle::y as x; }
        ";
        let mut sources = Sources::new(BTreeMap::new(), |_| false);
        let items = syn::parse_file(text).unwrap().items;
        sources.read_items(&Place::root("k"), items, Path::new(""), &BTreeSet::new()).unwrap();
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        let place = sources.resolve(&Place::root("k"), &path).unwrap();
        assert_eq!(place.map(|place| place.path.join("::")).as_deref(), expected, "{path:?}");
    }

    #[test]
    fn paths_are_followed_to_the_definition() {
        check("Renamed", Some("a::b::Deep"));
        check("a::Renamed", Some("a::b::Deep"));
        check("crate::a::free", Some("c::free"));
        check("d::free", Some("c::free"));
        check("d", Some("c"));
        check("c::left_out", None);
        check("circle::x", None);
        check("nothing::at::all", None);
    }

    #[test]
    fn conditions_are_read() {
        let on = BTreeSet::from(["a".to_owned()]);
        let holds = |condition: &str| condition_holds(&syn::parse_str(condition).unwrap(), &on);
        assert!(holds("feature = \"a\"") && !holds("feature = \"b\"") && !holds("test"));
        assert!(holds("any(test, feature = \"a\")") && !holds("all(test, feature = \"a\")") && holds("not(test)"));
    }
}
