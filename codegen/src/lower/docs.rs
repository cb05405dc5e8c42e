//! Prose: the first paragraph of what a model says, as Markdown.
//!
//! Official models say it in HTML, or in words alone, the project's own in Markdown.

use crate::smithy::{Member, Shape};

/// The first paragraph; `None` if there is none.
pub(super) fn paragraph(prose: Option<&str>) -> Option<String> {
    let prose = prose?.trim();
    let text = on_one_line(&if is_html(prose) { from_html(prose) } else { from_text(&first(prose)) });
    (!text.is_empty()).then_some(text)
}

/// A text as it can stand in a comment: what breaks the line would end that, and what is not seen itself shows the rest
/// in another order, which rustc refuses.
pub(super) fn on_one_line(text: &str) -> String {
    let line = text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    line.filter(|c| !c.is_control() && !is_mark_of_direction(*c)).collect()
}

fn is_mark_of_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a shape is, in a sentence of our own where the model has none.
pub(super) fn of_shape(shape: &Shape) -> String {
    let own = || format!("The {} `{}`.", shape.kind.name(), shape.id.name());
    paragraph(shape.traits.documentation()).unwrap_or_else(own)
}

/// What a member is, in a sentence of our own where the model has none.
pub(super) fn of_member(member: &Member) -> String {
    paragraph(member.traits.documentation()).unwrap_or_else(|| format!("The member `{}`.", member.name))
}

/// What an operation does, in a sentence of our own where the model has none.
pub(super) fn of_operation(operation: &Shape) -> String {
    let own = || format!("Calls `{}`.", operation.id.name());
    paragraph(operation.traits.documentation()).unwrap_or_else(own)
}

/// The address by which AWS leads to the page of an operation, whatever guide of the service holds it: botocore and the
/// SDKs for Java and C++ print the same. What names the service there, if its model does not say it, is what Smithy
/// says of `docId`: the SDK id with hyphens, and the version.
pub(super) fn reference(service: &Shape, operation: &Shape) -> Option<String> {
    let ids = service.traits.service_ids()?;
    let by_default =
        || Some(format!("{}-{}", ids.sdk_id.replace(' ', "-").to_lowercase(), service.as_service()?.version));
    let id = ids.doc_id.map(str::to_owned).or_else(by_default)?;
    let fits = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    fits.then(|| format!("https://docs.aws.amazon.com/goto/WebAPI/{id}/{}", operation.id.name()))
}

/// Whether the prose has a tag of those that official models use; `Vec<T>` is none.
fn is_html(prose: &str) -> bool {
    let known = |name: &str| ["<N>", "</N>", "<N/>", "<N />"].map(|tag| tag.replace('N', name));
    TAGS.iter().flat_map(|name| known(name)).any(|tag| prose.contains(&tag))
}

const TAGS: [&str; 14] =
    ["p", "a", "b", "br", "code", "dl", "fullname", "i", "important", "li", "note", "ol", "ul", "div"];

/// Up to the first blank line, on one line.
fn first(prose: &str) -> String {
    let lines = prose.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// Markdown, or words that know of none: code and links stay, what else would be a tag or a link is escaped.
fn from_text(text: &str) -> String {
    let (mut markdown, mut code) = (String::new(), false);
    for (at, c) in text.char_indices() {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        let is_link = || after.split_once(']').is_some_and(|(_, behind)| behind.starts_with('('));
        let escaped = match c {
            _ if code => false,
            '<' => !after.starts_with("http"),
            '[' => !is_link(),
            _ => false,
        };
        if c == '`' {
            code = !code && after.contains('`');
        }
        if escaped && !markdown.ends_with('\\') {
            markdown.push('\\');
        }
        markdown.push(c);
    }
    bracket_addresses(&markdown)
}

/// The text up to the end of the first paragraph that has any, with code and links as Markdown.
fn from_html(prose: &str) -> String {
    let mut paragraph = Paragraph::default();
    let mut rest = prose;
    while let Some((text, after)) = rest.split_once('<') {
        paragraph.text(text);
        let Some((tag, after)) = after.split_once('>') else { break };
        if paragraph.tag(tag) {
            return paragraph.finish();
        }
        rest = after;
    }
    paragraph.text(rest);
    paragraph.finish()
}

/// The paragraph as far as it is read.
#[derive(Default)]
struct Paragraph {
    markdown: String,
    code: bool,
    bold: bool,
    /// Whether all of it is bold, which makes it a title.
    title: bool,
    /// Where the text of the open link begins, and its address.
    link: Option<(usize, String)>,
}

impl Paragraph {
    fn text(&mut self, html: &str) {
        let text = unescape(html);
        for c in text.chars() {
            let space = c.is_whitespace();
            if space && (self.markdown.is_empty() || self.markdown.ends_with(' ')) {
                continue;
            }
            if !space {
                self.title = self.bold && (self.title || self.markdown.is_empty());
            }
            if !self.code && matches!(c, '[' | ']' | '<' | '>' | '*' | '`' | '\\') {
                self.markdown.push('\\');
            }
            self.markdown.push(if space { ' ' } else { c });
        }
    }

    /// Takes a tag, and says whether the paragraph ends there.
    fn tag(&mut self, tag: &str) -> bool {
        let name = tag.split_whitespace().next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
        match name.as_str() {
            "code" | "/code" => {
                self.code = name == "code";
                self.markdown.push('`');
            }
            "b" | "/b" => self.bold = name == "b",
            "a" => self.link = address(tag).map(|address| (self.markdown.len(), address)),
            "/a" => self.close_link(),
            // Its content is a title.
            "/fullname" => self.markdown.clear(),
            "p" | "/p" | "ul" | "ol" | "dl" | "note" | "/note" | "important" | "/important" | "div" | "/div" => {
                if std::mem::take(&mut self.title) {
                    self.markdown.clear();
                }
                return !self.markdown.trim().is_empty();
            }
            "br" | "li" => self.text(" "),
            _ => {}
        }
        false
    }

    fn close_link(&mut self) {
        let Some((start, address)) = self.link.take() else { return };
        let text = self.markdown.split_off(start.min(self.markdown.len()));
        match text.trim() {
            "" => {}
            text => self.markdown.push_str(&format!("[{text}]({address})")),
        }
    }

    fn finish(mut self) -> String {
        if self.code {
            self.markdown.push('`');
        }
        self.close_link();
        bracket_addresses(self.markdown.trim()).replace("``", "")
    }
}

/// The address of `a href="…"`, if it is one that works outside the page.
fn address(tag: &str) -> Option<String> {
    let (_, after) = tag.split_once("href=")?;
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = after.get(1..)?.split(quote).next()?.trim();
    (address.starts_with("http") && !address.contains([' ', ')', '('])).then(|| address.to_owned())
}

/// Puts `<>` around addresses that stand in the text, as rustdoc wants it.
fn bracket_addresses(text: &str) -> String {
    let word = |word: &str| {
        let (lead, word) = word.split_at(word.len() - word.trim_start_matches(['(', '"', '\'']).len());
        let (address, rest) = word.split_at(word.trim_end_matches(['.', ',', ';', ')', '"', '\'']).len());
        let bare = address.starts_with("http://") || address.starts_with("https://");
        let bracketed = bare && !address.contains(['\\', '`', ']']);
        if bracketed { format!("{lead}<{address}>{rest}") } else { format!("{lead}{word}") }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The characters that HTML writes as entities.
fn unescape(html: &str) -> String {
    let mut text = html.to_owned();
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&nbsp;", " ")];
    for (entity, character) in entities {
        text = text.replace(entity, character);
    }
    // Last, so that what it makes is not read again.
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{paragraph, reference};
    use crate::smithy;

    #[test]
    fn references() {
        for (ids, expected) in [
            (json!({ "sdkId": "Lambda" }), Some("lambda-2015-03-31")),
            (json!({ "sdkId": "SSO OIDC" }), Some("sso-oidc-2015-03-31")),
            (json!({ "sdkId": "Cost Explorer", "docId": "ce-2017-10-25" }), Some("ce-2017-10-25")),
            (json!({ "sdkId": "Lambda", "docId": "x) [y](z" }), None),
            (json!(null), None),
        ] {
            let traits = if ids.is_null() { json!({}) } else { json!({ "aws.api#service": ids }) };
            let shapes = json!({
                "e#S": { "type": "service", "version": "2015-03-31", "operations": [{ "target": "e#Get" }], "traits": traits },
                "e#Get": { "type": "operation" },
            });
            let text = json!({ "smithy": "2.0", "shapes": shapes }).to_string();
            let model = smithy::load("m.json", &text).expect("the model holds");
            let shape = |id: &str| model.shapes.values().find(|shape| shape.id.name() == id).expect("it is there");
            let expected = expected.map(|id| format!("https://docs.aws.amazon.com/goto/WebAPI/{id}/Get"));
            assert_eq!(reference(shape("S"), shape("Get")), expected, "{ids}");
        }
    }

    #[test]
    fn paragraphs() {
        for (prose, expected) in [
            ("", None),
            ("<p></p>", None),
            ("The layers.", Some("The layers.")),
            (
                "A `Vec<T>` of *layers* [here](x).\nOn a line.\n\nMore.",
                Some("A `Vec<T>` of *layers* [here](x). On a line."),
            ),
            ("<p>The first.</p> <p>The second.</p>", Some("The first.")),
            ("<p></p><p>The\n  second.</p>", Some("The second.")),
            ("<p>The <code>MaxItems</code> of <b>a</b> <i>page</i>.</p>", Some("The `MaxItems` of a page.")),
            (
                "<p>See <a href=\"https://docs.aws.amazon.com/x.html\">Lambda layers</a>.</p>",
                Some("See [Lambda layers](https://docs.aws.amazon.com/x.html)."),
            ),
            ("<p>See <a>CreateFunction</a>.</p>", Some("See CreateFunction.")),
            ("<p>See <a href=\"#here\">this</a>.</p>", Some("See this.")),
            ("<p>From https://a.example/b?c. On.</p>", Some("From <https://a.example/b?c>. On.")),
            ("<p>&lt;name&gt; &amp;lt; [1] a*b</p>", Some("\\<name\\> &lt; \\[1\\] a\\*b")),
            ("<p>One of: <ul><li>a</li></ul></p>", Some("One of:")),
            ("<note><p>Careful.</p></note>", Some("Careful.")),
            ("<fullname>Lambda</fullname> <p>Runs code.</p>", Some("Runs code.")),
            ("<p><b>Overview</b> </p> <p><b>Runs</b> code.</p>", Some("Runs code.")),
            ("<p>Open <code>end", Some("Open `end`")),
            ("<p>Empty <code></code> code.</p>", Some("Empty  code.")),
            ("<p/>", None),
            ("<p>Either.<br/>Or.</p>", Some("Either. Or.")),
            ("A < b <p", Some("A \\< b \\<p")),
            (
                "[Old] \"Selector <N>\" of [a](b), `x[<N>]` and `open",
                Some("\\[Old] \"Selector \\<N>\" of [a](b), `x[<N>]` and `open"),
            ),
            (
                "See (https://a.example/b), <https://c.example>.",
                Some("See (<https://a.example/b>), <https://c.example>."),
            ),
            ("a\rb\u{2028}c\0\u{1b}[31m\u{202e}d", Some("a b c\\[31md")),
            ("<p>a\rb\u{202e}c</p>", Some("a bc")),
        ] {
            assert_eq!(paragraph(Some(prose)).as_deref(), expected, "{prose}");
        }
        assert_eq!(paragraph(None), None);
    }
}
