//! Compares the names of Lambda's whole model: what the generator calls things, and what the official client does.
//!
//! Every operation that can be generated takes part, not those alone that `crates/lambda` has. Both sides become one
//! table: the path of a field with its type, of a variant with what it holds, of a function. What we have has to be there,
//! with the same type. The other way round nothing is said: the pinned client may come from a younger model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, bail};
use quote::ToTokens;
use syn::{Fields, GenericArgument, ImplItem, Item, PathArguments, ReturnType};
use tinsmith_codegen::ir::{Element, Field, Presence, Service, Shape, Stream, Structure, Type, UnionVariant};
use tinsmith_codegen::{Plan, lower, select, smithy};

use super::source::{Place, Sources, attributes, is_hidden, is_public};
use super::{Folder, paths};
use crate::faults::Faults;
use crate::fs;

const CLIENT: &str = "aws_sdk_lambda";
const MODEL: &str = "model/lambda.json";
/// The member of a builder that says whether building can fail.
const BUILD: &str = "build()";

/// The names of one side.
#[derive(Debug, Default, PartialEq, Eq)]
struct Names {
    /// Types, by their paths: fields with their types, or variants with what they hold.
    types: BTreeMap<String, BTreeMap<String, String>>,
    /// Functions of types: `types::builders::CorsBuilder::allow_headers`.
    functions: BTreeSet<String>,
}

/// Compares the names.
pub(super) fn compare(folder: &Folder) -> Result<()> {
    let ours = Names::of_service(&service(&folder.root)?);
    let official = official(folder)?;
    let faults = ours.faults(&official);
    if faults.is_empty() {
        println!("compat: the names of {} types are those of the official client", ours.types.len());
        return Ok(());
    }
    bail!("{} names are not those of the official client:\n{}", faults.len(), faults.join("\n"))
}

/// The model, lowered with all operations that are supported.
fn service(root: &Path) -> Result<Service> {
    let model = smithy::load(MODEL, &fs::read(&root.join(MODEL))?).map_err(Faults::from)?;
    let plan = Plan { operations: vec!["*".to_owned()], ..Plan::default() };
    let (plan, _) = tinsmith_codegen::possible(&model, &plan).map_err(Faults::from)?;
    let selection = select::select(&model, &plan).map_err(Faults::from)?;
    Ok(lower::lower(&model, &selection).map_err(Faults::from)?)
}

fn official(folder: &Folder) -> Result<Names> {
    let elsewhere = |place: &Place| {
        let module = place.path.first().map(String::as_str);
        !matches!(module, Some("types" | "operation" | "client"))
    };
    let mut sources = Sources::new(paths::packages(folder)?, elsewhere);
    sources.read(CLIENT)?;
    let mut names = Names::default();
    for (of, methods) in paths::methods(&mut sources)? {
        let path = shown_path(&of.parent(), of.name());
        names.functions.extend(methods.iter().map(|name| format!("{path}::{name}")));
    }
    for (place, module) in sources.modules(CLIENT) {
        let public = module.items.iter().filter(|item| !is_hidden(attributes(item)));
        public.for_each(|item| names.add_item(place, item));
    }
    Ok(names)
}

impl Names {
    fn of_service(service: &Service) -> Self {
        let mut names = Self::default();
        for operation in &service.operations {
            let (module, name) = (format!("operation::{}", operation.module), &operation.name);
            let builders =
                [format!("{module}::{name}InputBuilder"), format!("{module}::builders::{name}FluentBuilder")];
            names.structure(&module, &operation.input, &builders);
            names.built(&module, &operation.output.structure);
            names.functions.insert(format!("client::Client::{}", operation.module));
            let cases = operation.errors.iter().map(|case| (case.error.name.clone(), case.error.name.clone()));
            let error = format!("{module}::{name}Error");
            names.functions.extend(operation.errors.iter().map(|case| format!("{error}::{}", case.is)));
            names.types.insert(error, cases.collect());
            operation.shapes.iter().for_each(|shape| names.shape(shape));
        }
        service.shapes.iter().for_each(|shape| names.shape(shape));
        service.errors.iter().for_each(|error| names.built("types::error", &error.structure));
        for of in &service.enums {
            let variants = of.variants.iter().map(|variant| (variant.name.clone(), String::new()));
            names.types.insert(format!("types::{}", of.name), variants.collect());
        }
        names
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Structure(structure) => self.built("types", structure),
            Shape::Union(union) => {
                let path = format!("types::{}", union.name);
                let functions = union.variants.iter().flat_map(|variant| [&variant.is, &variant.shown]);
                self.functions.extend(functions.map(|name| format!("{path}::{name}")));
                let held = |one: &UnionVariant| match &one.of {
                    Some(of) if one.boxed => format!("Box<{}>", text(of)),
                    Some(of) => text(of),
                    None => String::new(),
                };
                let variants = union.variants.iter().map(|one| (one.name.clone(), held(one)));
                self.types.insert(path, variants.collect());
            }
        }
    }

    /// A structure, with a builder of its own.
    fn built(&mut self, module: &str, structure: &Structure) {
        let (builder, name) = (&structure.builder, &structure.name);
        let built = if builder.fallible { format!("Result<{name}>") } else { name.clone() };
        let path = format!("{module}::{}", builder.name);
        self.types.insert(path.clone(), [(BUILD.to_owned(), outcome(&built))].into());
        self.structure(module, structure, &[path]);
    }

    fn structure(&mut self, module: &str, structure: &Structure, builders: &[String]) {
        let path = format!("{module}::{}", structure.name);
        for field in &structure.fields {
            self.functions.insert(format!("{path}::{}", field.name));
            let setters = [&field.name, &field.setter.set]
                .into_iter()
                .flat_map(|name| builders.iter().map(move |builder| format!("{builder}::{name}")));
            self.functions.extend(setters);
        }
        let fields = structure.fields.iter().map(|field| (field.name.clone(), of_field(field)));
        self.types.insert(path, fields.collect());
    }

    /// Adds what an item of the official client shows.
    fn add_item(&mut self, place: &Place, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let Fields::Named(fields) = &item.fields else { return };
                let public = fields.named.iter().filter(|field| is_public(&field.vis));
                let fields = public.filter_map(|field| Some((field.ident.as_ref()?.to_string(), spelt(&field.ty))));
                self.types.entry(shown_path(place, &item.ident.to_string())).or_default().extend(fields);
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let build = item.items.iter().find_map(|item| match item {
                    ImplItem::Fn(function) if function.sig.ident == "build" => Some(&function.sig.output),
                    _ => None,
                });
                if let Some(ReturnType::Type(_, built)) = build {
                    let path = shown_path(place, &spelt(&item.self_ty));
                    self.types.entry(path).or_default().insert(BUILD.to_owned(), outcome(&spelt(built)));
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let variants = item.variants.iter().map(|variant| {
                    let held = variant.fields.iter().map(|field| spelt(&field.ty)).collect::<Vec<_>>().join(", ");
                    (variant.ident.to_string(), held)
                });
                self.types.insert(shown_path(place, &item.ident.to_string()), variants.collect());
            }
            _ => {}
        }
    }

    /// What of ours is otherwise in the official client, or not there.
    fn faults(&self, official: &Self) -> Vec<String> {
        let mut faults = Vec::new();
        for (path, ours) in &self.types {
            let Some(theirs) = official.types.get(path) else {
                faults.push(format!("{path}: the official client has no such type"));
                continue;
            };
            for (name, of) in ours {
                match theirs.get(name) {
                    Some(their) if their == of => {}
                    Some(their) => faults.push(format!("{path}::{name}: is {of}, and {their} there")),
                    None => faults.push(format!("{path}::{name}: is not there")),
                }
            }
        }
        let functions = self.functions.difference(&official.functions);
        faults.extend(functions.map(|path| format!("{path}(): is not there")));
        faults
    }
}

/// Whether something can fail, by what it returns.
fn outcome(returned: &str) -> String {
    if returned.starts_with("Result<") { "fallible" } else { "infallible" }.to_owned()
}

/// The path by which the official client shows an item: modules that begin with `_` are private.
fn shown_path(place: &Place, name: &str) -> String {
    let modules = place.path.iter().map(String::as_str).filter(|module| !module.starts_with('_'));
    modules.chain([name]).collect::<Vec<_>>().join("::")
}

fn of_field(field: &Field) -> String {
    let of = if field.boxed { format!("Box<{}>", text(&field.of)) } else { text(&field.of) };
    match field.presence {
        Presence::Optional => format!("Option<{of}>"),
        Presence::Required | Presence::Defaulted(_) => of,
    }
}

fn text(of: &Type) -> String {
    match of {
        Type::Text => "String".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Byte => "i8".to_owned(),
        Type::Short => "i16".to_owned(),
        Type::Integer => "i32".to_owned(),
        Type::Long => "i64".to_owned(),
        Type::Float => "f32".to_owned(),
        Type::Double => "f64".to_owned(),
        Type::BigInteger => "BigInteger".to_owned(),
        Type::BigDecimal => "BigDecimal".to_owned(),
        Type::Blob => "Blob".to_owned(),
        Type::Timestamp => "DateTime".to_owned(),
        Type::Document => "Document".to_owned(),
        Type::List(element) => format!("Vec<{}>", of_element(element)),
        Type::Map(entry) => format!("HashMap<{}, {}>", text(&entry.key), of_element(&entry.value)),
        Type::Named(named) => named.name.clone(),
        Type::Stream(Stream::Bytes { .. }) => "ByteStream".to_owned(),
        Type::Stream(Stream::Events { event, error, sent }) => {
            format!("{}<{}, {}>", if *sent { "EventStreamSender" } else { "EventReceiver" }, event.name, error.name)
        }
    }
}

fn of_element(element: &Element) -> String {
    let of = text(&element.of);
    if element.sparse { format!("Option<{of}>") } else { of }
}

/// A type by the last names of its paths: `::std::option::Option<crate::types::Runtime>` is `Option<Runtime>`.
fn spelt(of: &syn::Type) -> String {
    let syn::Type::Path(path) = of else { return of.to_token_stream().to_string() };
    let Some(last) = path.path.segments.last() else { return String::new() };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return last.ident.to_string() };
    let arguments = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(of) => spelt(of),
        other => other.to_token_stream().to_string(),
    });
    format!("{}<{}>", last.ident, arguments.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(types: &[(&str, &[(&str, &str)])], functions: &[&str]) -> Names {
        let members = |members: &[(&str, &str)]| {
            members.iter().map(|(name, of)| ((*name).to_owned(), (*of).to_owned())).collect::<BTreeMap<_, _>>()
        };
        Names {
            types: types.iter().map(|(path, of)| ((*path).to_owned(), members(of))).collect(),
            functions: functions.iter().map(|path| (*path).to_owned()).collect(),
        }
    }

    #[test]
    fn what_differs_is_told() {
        let official = names(&[("types::A", &[("a", "i32"), ("b", "bool")])], &["types::A::a"]);
        let check = |ours: &Names, expected: &[&str]| assert_eq!(ours.faults(&official), expected);
        check(&names(&[("types::A", &[("a", "i32")])], &["types::A::a"]), &[]);
        check(&names(&[("types::B", &[])], &[]), &["types::B: the official client has no such type"]);
        check(
            &names(&[("types::A", &[("a", "i64"), ("c", "i32")])], &["types::A::c"]),
            &["types::A::a: is i64, and i32 there", "types::A::c: is not there", "types::A::c(): is not there"],
        );
    }

    #[test]
    fn an_official_item_is_read() {
        let place = Place::root(CLIENT).child("types").child("_a");
        let mut read = Names::default();
        for item in [
            "pub struct A { pub r#type: ::std::option::Option<::std::vec::Vec<crate::types::B>>, hidden: i32 }",
            "pub enum B { Json(::std::string::String), Unknown }",
            "impl ABuilder { pub fn build(self) -> ::std::result::Result<crate::types::A, Error> {} }",
        ] {
            read.add_item(&place, &syn::parse_str(item).unwrap());
        }
        let expected = names(
            &[
                ("types::A", &[("r#type", "Option<Vec<B>>")]),
                ("types::ABuilder", &[(BUILD, "fallible")]),
                ("types::B", &[("Json", "String"), ("Unknown", "")]),
            ],
            &[],
        );
        assert_eq!(read, expected);
    }
}
