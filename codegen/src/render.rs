//! Tokens → text: code an item at a time, tables of macros a line a row, and the header.
//!
//! prettyplease puts no blank lines between items and does not look into macros, so that both are done here. Without it
//! (feature `pretty`), in build scripts, whose output nobody reads, an item is a line.

mod code;
mod inline;
mod uses;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::files::MARK;

pub use uses::Uses;

/// A source file before it is text.
#[derive(Debug, Default)]
pub struct Source {
    /// The path within the crate or module.
    pub path: String,
    /// What it is for: paragraphs of Markdown.
    pub docs: Vec<String>,
    /// Whether it can carry documentation of its own. What is included in another file cannot.
    pub is_included: bool,
    /// What it imports.
    pub uses: Uses,
    /// What it defines, a blank line between each.
    pub items: Vec<Item>,
}

/// Something that a file holds.
#[derive(Debug)]
pub enum Item {
    /// An item of Rust.
    Code(TokenStream),
    /// Items of Rust with no blank line between them.
    Lines(Vec<TokenStream>),
    /// An `impl` or a `mod`, without its braces, and what stands in them, a blank line between each.
    Braced(TokenStream, Vec<TokenStream>),
    /// A macro that is called in one line: `output!(ListLayersOutput, metadata);`
    Call(&'static str, TokenStream),
    /// A macro that takes rows alone.
    Rows(&'static str, Vec<Row>),
    /// A macro that takes a table.
    Table(Table),
    /// A macro that takes the definition of a type.
    Definition(Definition),
    /// A macro that takes items of Rust with no blank line between them.
    Within(&'static str, Vec<TokenStream>),
    /// A macro that takes items of Rust, with the condition on which they are compiled.
    Gated(&'static str, Vec<Gated>),
    /// A public module within the file.
    Module {
        /// What it holds.
        docs: String,
        /// Its name.
        name: &'static str,
        /// Its items, a blank line between each.
        items: Vec<Item>,
    },
}

/// Items that are compiled on a condition.
#[derive(Debug)]
pub struct Gated {
    /// The condition: `feature = "a"`.
    pub condition: TokenStream,
    /// The items.
    pub items: Vec<TokenStream>,
}

/// A macro that takes rows for something: `members! { Layer { row, row, } }`.
#[derive(Debug)]
pub struct Table {
    /// The macro.
    pub call: &'static str,
    /// What the rows are for.
    pub of: TokenStream,
    /// The rows.
    pub rows: Vec<TokenStream>,
}

/// A macro that takes the definition of a type, its parts with more to them than Rust has.
#[derive(Debug)]
pub struct Definition {
    /// The macro.
    pub call: &'static str,
    /// What stands above the documentation.
    pub attribute: Option<TokenStream>,
    /// What the type is.
    pub docs: String,
    /// What stands before the braces: `pub enum Runtime`.
    pub head: TokenStream,
    /// Its parts: variants, or methods.
    pub rows: Vec<Row>,
}

/// A part of such a type.
#[derive(Debug)]
pub struct Row {
    /// What it is.
    pub docs: Option<String>,
    /// What stands above it.
    pub attribute: Option<TokenStream>,
    /// The rest.
    pub tokens: TokenStream,
}

/// The widest that prose may be, indented or not.
const WIDTH: usize = 112;

/// The widest that a line may be.
const LINE: usize = 120;

/// The text of a file. `origin` is what else is said of its making.
///
/// # Errors
///
/// A piece of it is not Rust: the generator is at fault, not the model.
pub fn text(source: &Source, origin: &str) -> Result<String, Diagnostic> {
    let lead = if source.is_included { "//" } else { "//!" };
    let mut blocks = vec![header(lead, &source.docs, origin)];
    blocks.extend(source.uses.blocks());
    for item in &source.items {
        let text = block(item).map_err(|error| Diagnostic::new(&source.path, format!("generated no Rust: {error}")))?;
        blocks.push(text);
    }
    Ok(blocks.join("\n"))
}

/// The first paragraph, then who wrote the file: near enough to the top for [`is_generated`](crate::files::is_generated).
fn header(lead: &str, docs: &[String], origin: &str) -> String {
    let mark = format!("// {MARK}{origin}\n");
    // A block of code keeps its lines.
    let lines = |text: &String| match text.starts_with("```") {
        true => text.lines().map(str::to_owned).collect(),
        false => wrap(text),
    };
    let line = |line: &String| format!("{}\n", format!("{lead} {line}").trim_end());
    let paragraph = |text: &String| lines(text).iter().map(line).collect::<String>();
    let Some((first, rest)) = docs.split_first() else { return mark };
    let rest: String = rest.iter().map(|text| format!("{lead}\n{}", paragraph(text))).collect();
    format!("{}{mark}{rest}", paragraph(first))
}

fn block(item: &Item) -> Result<String, code::Error> {
    Ok(match item {
        Item::Code(tokens) => code::item(tokens)?,
        Item::Lines(lines) => lines.iter().map(code::item).collect::<Result<_, _>>()?,
        Item::Braced(head, parts) => code::braced(head, parts)?,
        Item::Call(call, tokens) => format!("{call}!({});\n", inline::text(tokens)),
        Item::Rows(call, rows) => {
            let rows: String = rows.iter().map(row).collect();
            format!("{call}! {{\n{}}}\n", indent(&rows))
        }
        Item::Definition(of) => definition(of),
        Item::Table(table) => {
            let rows: String = table.rows.iter().map(|row| format!("{},\n", inline::text(row))).collect();
            braces(table.call, &inline::text(&table.of), &rows)
        }
        Item::Within(call, lines) => {
            let lines: String = lines.iter().map(code::item).collect::<Result<_, _>>()?;
            format!("{call}! {{\n{}}}\n", indent(&lines))
        }
        Item::Gated(call, all) => {
            let all: String = all.iter().map(gated).collect::<Result<_, _>>()?;
            format!("{call}! {{\n{}}}\n", indent(&all))
        }
        Item::Module { docs: about, name, items } => {
            let items = items.iter().map(block).collect::<Result<Vec<_>, _>>()?.join("\n");
            format!("{}pub mod {name} {{\n{}}}\n", docs(about), indent(&items))
        }
    })
}

fn gated(gated: &Gated) -> Result<String, code::Error> {
    let condition = &gated.condition;
    let condition = inline::text(&quote! { #[cfg(#condition)] });
    let items: String = gated.items.iter().map(code::item).collect::<Result<_, _>>()?;
    Ok(format!("if {} {{\n{}}}\n", filled(&condition), indent(&items)))
}

fn definition(of: &Definition) -> String {
    let rows: String = of.rows.iter().map(row).collect();
    let attribute = of.attribute.as_ref().map(attribute).unwrap_or_default();
    braces(of.call, &format!("{attribute}{}{}", docs(&of.docs), inline::text(&of.head)), &rows)
}

/// The call of a macro that takes rows within braces of their own.
fn braces(call: &str, head: &str, rows: &str) -> String {
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}", indent(rows)) };
    format!("{call}! {{\n{}}}\n", indent(&format!("{head} {{{rows}}}\n")))
}

fn row(row: &Row) -> String {
    let attribute = row.attribute.as_ref().map(attribute).unwrap_or_default();
    let docs = row.docs.as_deref().map(docs).unwrap_or_default();
    format!("{docs}{attribute}{},\n", inline::text(&row.tokens))
}

/// Attributes, a line each.
fn attribute(tokens: &TokenStream) -> String {
    let mut lines: Vec<TokenStream> = Vec::new();
    for token in tokens.clone() {
        match (&token, lines.last_mut()) {
            (TokenTree::Group(_), Some(line)) => line.extend([token]),
            _ => lines.push(token.into()),
        }
    }
    lines.iter().map(|line| format!("{}\n", filled(&inline::text(line)))).collect()
}

/// A text that stands indented once, with a new line at a comma wherever it would be too long.
fn filled(text: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in text.split_inclusive(", ") {
        if line.len() + piece.len() + 4 > LINE {
            lines.push(std::mem::replace(&mut line, String::from("    ")));
        }
        line.push_str(piece);
    }
    lines.push(line);
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn docs(prose: &str) -> String {
    if prose.is_empty() {
        return String::new();
    }
    let paragraphs = prose.split("\n\n").map(|text| wrap(text).iter().map(|line| format!("/// {line}\n")).collect());
    paragraphs.collect::<Vec<String>>().join("///\n")
}

fn indent(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}

/// Prose in lines. No line begins with what Markdown would take for a list, a title or a quotation.
pub fn wrap(prose: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in prose.split_whitespace() {
        let fits = line.len() + 1 + word.len() <= WIDTH;
        if !line.is_empty() && !fits && !begins_block(word) {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

fn begins_block(word: &str) -> bool {
    let is_numbered = word.trim_end_matches(['.', ')']).bytes().all(|byte| byte.is_ascii_digit());
    is_numbered || word.starts_with(['#', '>', '-', '+', '*', '=', '|', '~']) || word.starts_with("```")
}
