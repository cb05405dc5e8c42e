//! `operation.rs`, and a file for each operation: input, output, error, request, pager, and the shapes of its own.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::scope::{Scope, ident};
use super::structure::{self, Private};
use super::{endpoint, enums, gates, spell, waiters};
use crate::ir::{Auth, ErrorCase, Finish, Home, Operation, Pages, Protocol, Sensitive, Service, Way};
use crate::lower::names::bare;
use crate::render::{Definition, Item, Row, Source, Table};

/// `operation.rs`, which names them all.
pub(super) fn list(service: &Service, runtime: &str) -> Source {
    let mut scope = Scope::beside_root(runtime);
    if !scope.is_inside() {
        scope.export_runtime("operation", &["RequestId", "ResponseContext"]);
    }
    let modules = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        let gate = gates::cfg(&gates::of(operation));
        quote! { #gate pub mod #module; }
    });
    Source {
        path: "operation.rs".to_owned(),
        docs: vec!["The operations, each in a module of its name.".to_owned()],
        items: vec![Item::Lines(modules.collect())],
        uses: scope.uses,
        ..Source::default()
    }
}

/// The file of one operation.
pub(super) fn source(operation: &Operation, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Operation(operation.module.clone()));
    define(&mut scope, operation);
    let mut items = meta(&mut scope, operation);
    items.extend(input(&mut scope, operation));
    items.extend(output(&mut scope, operation));
    items.push(error(&mut scope, operation));
    items.extend(operation.pages.as_ref().map(|pages| paginated(&mut scope, operation, pages)));
    items.extend(waiters::of_operation(&mut scope, operation));
    for shape in &operation.shapes {
        items.extend(structure::shape(&mut scope, shape));
    }
    items.extend(operation.enums.iter().map(|of| enums::open_enum(&mut scope, of)));
    items.push(builders(&mut scope, operation));
    items.extend(operation.pages.as_ref().map(|pages| paginator(&mut scope, operation, pages)));
    let name = &operation.model_name;
    Source {
        path: format!("operation/{}.rs", bare(&operation.module)),
        docs: vec![format!(
            "`{name}`: its input, output and errors, the request, and the shapes that no other operation here uses."
        )],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

/// The same within the runtime: the facts, and the shapes.
pub(super) fn inside(operation: &Operation, runtime: &str) -> Source {
    let mut scope = Scope::of_shapes(runtime, Home::Operation(operation.module.clone()));
    define(&mut scope, operation);
    let mut items = meta(&mut scope, operation);
    items.extend(structure::structure(&mut scope, &operation.input, None));
    items.extend(output(&mut scope, operation));
    for shape in &operation.shapes {
        items.extend(structure::shape(&mut scope, shape));
    }
    items.extend(operation.enums.iter().map(|of| enums::open_enum(&mut scope, of)));
    let name = &operation.model_name;
    Source {
        path: format!("operation/{}.rs", bare(&operation.module)),
        docs: vec![format!("`{name}`: its input, output, and the shapes that no other operation here uses.")],
        items,
        uses: scope.uses,
        ..Source::default()
    }
}

fn define(scope: &mut Scope<'_>, operation: &Operation) {
    for suffix in ["", "Input", "Output", "Error", "Builder"] {
        scope.define(&format!("{}{suffix}", operation.name));
    }
    scope.define(&operation.output.structure.builder.name);
    waiters::defines(scope, operation);
    for shape in &operation.shapes {
        structure::defines(scope, shape);
    }
    operation.enums.iter().for_each(|of| scope.define(&of.name));
}

/// The type of the operation, and the facts that a call needs.
fn meta(scope: &mut Scope<'_>, operation: &Operation) -> Vec<Item> {
    let name = ident(&operation.name);
    let [input, output, error] = ["Input", "Output", "Error"].map(|suffix| format_ident!("{name}{suffix}"));
    let (definition, error) = if scope.is_inside() {
        let docs = spell::docs(&operation.docs);
        (quote! { #docs pub struct #name; }, scope.runtime("error", "Unhandled"))
    } else {
        let client = scope.own("client", "Client");
        let docs = spell::docs(&format!("The operation behind [`{client}::{}`].", bare(&operation.module)));
        (quote! { #docs #[derive(Clone, Copy, Debug, Default)] pub struct #name; }, error)
    };
    let [of, meta] = ["Operation", "Meta"].map(|name| scope.runtime("operation", name));
    let (protocol, policy) = (protocol(scope, operation.protocol), scope.runtime("retry", "Policy"));
    let (model_name, method, uri, root) = (&operation.model_name, &operation.method, &operation.uri, scope.root());
    let host_prefix = &operation.host_prefix;
    let retryable = operation.retryable.iter().map(|retryable| {
        let (code, throttling) = (&retryable.code, retryable.throttling);
        quote! { (#code, #throttling) }
    });
    let scheme = scope.runtime("operation", "Auth");
    let auth = operation.auth.iter().map(|auth| {
        let auth = ident(match auth {
            Auth::SigV4 => "SigV4",
            Auth::SigV4Unsigned => "SigV4Unsigned",
            Auth::HttpBearer => "HttpBearer",
            Auth::None => "None",
        });
        quote! { #scheme::#auth }
    });
    let answer_seconds = Literal::u32_unsuffixed(operation.answer_seconds);
    let sensitives = scope.runtime("operation", "Sensitive");
    let sensitive = ident(match operation.sensitive {
        Sensitive::None => "None",
        Sensitive::Bodies => "Bodies",
        Sensitive::All => "All",
    });
    let endpoint = operation.endpoint.as_ref().map(|own| endpoint::own(scope, own));
    let finish = finish(scope, &operation.finish);
    let facts = quote! {
        impl #of for #name {
            type Input = #input;
            type Output = #output;
            type Error = #error;
            type Protocol = #protocol;
            const META: &'static #meta = &#meta {
                name: #model_name,
                service: &#root::SERVICE,
                method: #method,
                host_prefix: #host_prefix,
                uri: #uri,
                retryable: &[#(#retryable),*],
                retry: #policy::STANDARD,
                answer_seconds: #answer_seconds,
                auth: &[#(#auth),*],
                sensitive: #sensitives::#sensitive,
            };
            #endpoint
            #finish
        }
    };
    vec![Item::Code(definition), Item::Code(facts)]
}

/// What is done to its requests, where that is anything.
fn finish(scope: &mut Scope<'_>, steps: &[Finish]) -> Option<TokenStream> {
    let steps = steps.iter().map(|step| match step {
        Finish::QueryAsForm => "QueryAsForm",
        Finish::PresignedAsGet => "PresignedAsGet",
        Finish::Gzip => "Gzip",
        Finish::ContentMd5 => "ContentMd5",
        Finish::TreeHash => "TreeHash",
    });
    let steps: Vec<_> = steps.map(|step| scope.runtime("finish", step)).collect();
    (!steps.is_empty()).then(|| {
        let of = scope.runtime("finish", "Finish");
        quote! { const FINISH: &'static [&'static dyn #of] = &[#(&#steps),*]; }
    })
}

/// The runtime's type of a protocol.
pub(super) fn protocol(scope: &mut Scope<'_>, protocol: Protocol) -> Ident {
    match protocol {
        Protocol::RestJson1 => scope.runtime("codec", "RestJson1"),
        Protocol::AwsQuery => scope.runtime("codec", "AwsQuery"),
    }
}

/// The input, and its builder, which is also the request.
fn input(scope: &mut Scope<'_>, operation: &Operation) -> Vec<Item> {
    let name = ident(&operation.name);
    let (input, builder) = (format_ident!("{name}Input"), format_ident!("{name}Builder"));
    let mut items = structure::structure(scope, &operation.input, None);
    let rows = structure::setters(scope, &operation.input);
    let with_stream = (!operation.input.derives_clone).then(|| quote! { with stream });
    let of = quote! { #builder => #input #with_stream };
    items.push(Item::Table(Table { call: scope.call("builder"), of, rows }));
    let paginated = operation.pages.as_ref().map(|_| quote! { paginated });
    let (client, method) = (scope.own("client", "Client"), ident(&operation.module));
    let request = quote! { #method: #builder => #name(#input) #paginated };
    items.push(Item::Definition(Definition {
        call: scope.call("fluent"),
        attribute: None,
        docs: String::new(),
        head: quote! { impl #client },
        rows: vec![Row {
            docs: Some(docs(operation)),
            attribute: spell::deprecated(operation.deprecated.as_ref()),
            tokens: request,
        }],
    }));
    items
}

/// What it does, and where AWS says all of it.
fn docs(operation: &Operation) -> String {
    let reference = operation.reference.iter().map(|page| format!("\n\n[API reference]({page})"));
    [operation.docs.clone()].into_iter().chain(reference).collect()
}

fn output(scope: &mut Scope<'_>, operation: &Operation) -> Vec<Item> {
    let name = ident(&operation.output.structure.name);
    let metadata = scope.runtime("operation", "ResponseMetadata");
    let private = Private { name: operation.output.metadata.clone(), of: quote! { #metadata }, settable: false };
    let mut items = structure::structure(scope, &operation.output.structure, Some(&private));
    if !scope.is_inside() {
        items.push(structure::builder(scope, &operation.output.structure, Some(&private)));
    }
    let field = ident(&operation.output.metadata);
    items.push(Item::Call(scope.call("output"), quote! { #name, #field }));
    items
}

fn error(scope: &mut Scope<'_>, operation: &Operation) -> Item {
    let name = format_ident!("{}Error", ident(&operation.name));
    let docs = format!("What [`{}`] refuses with.", operation.name);
    let all = scope.own("error", "Error");
    let rows = cases(scope, &operation.errors);
    Item::Definition(Definition {
        call: scope.call("operation_error"),
        attribute: Some(quote! { #[into(#all)] }),
        docs,
        head: quote! { pub enum #name },
        rows,
    })
}

/// The variants of an error enum, a line each.
pub(super) fn cases(scope: &mut Scope<'_>, cases: &[ErrorCase]) -> Vec<Row> {
    let row = |case: &ErrorCase| {
        let (is, variant, code, also) = (ident(&case.is), ident(&case.error.name), &case.code, &case.also);
        let of = scope.named(&case.error);
        Row { docs: None, attribute: Some(quote! { #[is(#is)] }), tokens: quote! { #variant(#of) = #code #(| #also)* } }
    };
    cases.iter().map(row).collect()
}

fn paginated(scope: &mut Scope<'_>, operation: &Operation, pages: &Pages) -> Item {
    let name = ident(&operation.name);
    let (token, wire_name, next) = (ident(&pages.token), &pages.token_name, next_token(&pages.next_token));
    let mut rows = vec![quote! { token: #token = #wire_name }, quote! { next_token(page): #next }];
    rows.extend(pages.page_size.as_ref().map(|size| {
        let size = ident(size);
        quote! { page_size: #size }
    }));
    rows.extend(pages.items.as_ref().map(|items| {
        let (held, of) = (held(&items.way), spell::of(scope, &items.of));
        quote! { items(page): #held => #of }
    }));
    Item::Table(Table { call: scope.call("paginated"), of: quote! { #name }, rows })
}

/// The text at the end of a way, as an option.
fn next_token(way: &Way) -> TokenStream {
    let (lead, field) = (lead(way, "as_ref"), ident(&way.to.field));
    if way.to.optional {
        quote! { #lead.#field.as_deref() }
    } else {
        quote! { Some(#lead.#field.as_str()) }
    }
}

/// What is held at the end of a way, to be changed, as an option.
fn held(way: &Way) -> TokenStream {
    let (lead, field) = (lead(way, "as_mut"), ident(&way.to.field));
    if way.to.optional {
        quote! { #lead.#field.as_mut() }
    } else {
        quote! { Some(&mut #lead.#field) }
    }
}

/// The structures on a way, from a `page` on.
fn lead(way: &Way, borrow: &str) -> TokenStream {
    let (mut lead, borrow) = (quote! { page }, ident(borrow));
    for stop in &way.through {
        let field = ident(&stop.field);
        lead = if stop.optional {
            quote! { #lead.#field.#borrow()? }
        } else {
            quote! { #lead.#field }
        };
    }
    lead
}

/// The names that the official crates give to request and builder.
fn builders(scope: &mut Scope<'_>, operation: &Operation) -> Item {
    let name = ident(&operation.name);
    let handle = scope.runtime("client", "Handle");
    let [builder, fluent, input] =
        ["Builder", "FluentBuilder", "InputBuilder"].map(|suffix| format_ident!("{name}{suffix}"));
    let head = quote! {
        /// The request, and the builders of input and output.
        pub mod builders
    };
    let deprecated = spell::deprecated(operation.deprecated.as_ref());
    let types = quote! {
        /// The request, with a client in it.
        #deprecated
        pub type #fluent = #builder<#handle>;
        /// The builder of the input.
        pub type #input = #builder;
    };
    let output = ident(&operation.output.structure.builder.name);
    Item::Braced(head, vec![quote! { use super::{#handle, #builder}; }, quote! { pub use super::#output; }, types])
}

/// The names that the official crates give to pagers.
fn paginator(scope: &mut Scope<'_>, operation: &Operation, pages: &Pages) -> Item {
    let name = ident(&operation.name);
    let pager = scope.runtime("pagination", "Paginator");
    let (of_pages, of_items) = (format_ident!("{name}Paginator"), format_ident!("{name}PaginatorItems"));
    let head = quote! {
        /// The pagers.
        pub mod paginator
    };
    let mut types = quote! {
        /// All pages.
        pub type #of_pages = #pager<#name>;
    };
    let mut imports = quote! { #name, #pager };
    if pages.items.is_some() {
        let item_pager = scope.runtime("pagination", "ItemPaginator");
        types.extend(quote! {
            /// All items of all pages.
            pub type #of_items = #item_pager<#name>;
        });
        imports = quote! { #item_pager, #imports };
    }
    Item::Braced(head, vec![quote! { use super::{#imports}; }, types])
}
