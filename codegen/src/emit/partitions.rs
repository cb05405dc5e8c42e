//! The table of partitions, for the runtime's `endpoint/partitions.rs`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::fault::Fault;
use crate::ir::partitions::{Part, Partition, Partitions};
use crate::lower;
use crate::render::{self, Item, Source};

/// The whole text of `crates/runtime/src/endpoint/partitions.rs`, from that of `model/partitions.json`.
///
/// # Errors
///
/// What is wrong with the facts; see [`lower::partitions::lower`].
pub fn emit(json: &str) -> Result<String, Vec<Fault>> {
    let partitions = lower::partitions::lower(json)?;
    let source = Source {
        path: "partitions.rs".to_owned(),
        docs: vec!["The partitions of the cloud and their regions.".to_owned()],
        items: [imports(), table(&partitions), default(&partitions)].map(Item::Code).into(),
        ..Source::default()
    };
    let text = render::text(&source, " from model/partitions.json. Change that, and run `cargo xtask regenerate`.");
    text.map_err(|error| vec![Fault { at: String::new(), reason: error.reason }])
}

fn imports() -> TokenStream {
    quote!(
        use super::partition::{Entry, Part, Partition};
    )
}

fn table(partitions: &Partitions) -> TokenStream {
    let entries = partitions.entries.iter().map(entry);
    let count = Literal::usize_unsuffixed(partitions.entries.len());
    quote!(pub(super) static PARTITIONS: [Entry; #count] = [#(#entries),*];)
}

fn default(partitions: &Partitions) -> TokenStream {
    let index = Literal::usize_unsuffixed(partitions.default);
    let doc = " The partition of regions that no other claims.";
    quote!(#[doc = #doc] pub(super) static DEFAULT: &Entry = &PARTITIONS[#index];)
}

fn entry(partition: &Partition) -> TokenStream {
    let Partition { name, dns_suffix, dual_stack_dns_suffix, implicit_global_region, .. } = partition;
    let Partition { supports_fips, supports_dual_stack, regions, pattern, .. } = partition;
    let pattern = pattern.iter().map(part);
    quote! {
        Entry {
            partition: Partition {
                name: #name,
                dns_suffix: #dns_suffix,
                dual_stack_dns_suffix: #dual_stack_dns_suffix,
                implicit_global_region: #implicit_global_region,
                supports_fips: #supports_fips,
                supports_dual_stack: #supports_dual_stack,
            },
            regions: &[#(#regions),*],
            pattern: &[#(#pattern),*],
        }
    }
}

fn part(part: &Part) -> TokenStream {
    match part {
        Part::Text(text) => quote!(Part::Text(#text)),
        Part::OneOf(options) => quote!(Part::OneOf(&[#(#options),*])),
        Part::Word => quote!(Part::Word),
        Part::Digits => quote!(Part::Digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_has_the_table_of_these_facts() {
        let facts = include_str!("../../../model/partitions.json");
        let table = include_str!("../../../crates/runtime/src/endpoint/partitions.rs");
        assert!(emit(facts).unwrap() == table, "the table is another: run `cargo xtask regenerate`");
    }
}
