//! Items of Rust as text: as prettyplease has them, or without the feature `pretty` as their tokens are.

use proc_macro2::TokenStream;

#[cfg(not(feature = "pretty"))]
pub(super) use plain::{Error, braced, item};
#[cfg(feature = "pretty")]
pub(super) use pretty::{Error, braced, item};

#[cfg(feature = "pretty")]
mod pretty {
    use quote::quote;

    use super::TokenStream;

    /// What is no Rust.
    pub(in super::super) type Error = syn::Error;

    pub(in super::super) fn item(tokens: &TokenStream) -> syn::Result<String> {
        let item: syn::Item = syn::parse2(tokens.clone())?;
        Ok(prettyplease::unparse(&syn::File { shebang: None, attrs: Vec::new(), items: vec![item] }))
    }

    /// An item in braces. Each part is printed within the head, which then is taken away again.
    pub(in super::super) fn braced(head: &TokenStream, parts: &[TokenStream]) -> syn::Result<String> {
        let empty = item(&quote! { #head {} })?;
        let head_text = empty.trim_end().trim_end_matches("{}").to_owned();
        let mut bodies = Vec::new();
        for part in parts {
            let whole = item(&quote! { #head { #part } })?;
            let body = whole.strip_prefix(&head_text).unwrap_or(&whole).trim_start_matches("{\n");
            bodies.push(body.strip_suffix("}\n").unwrap_or(body).to_owned());
        }
        Ok(format!("{head_text}{{\n{}}}\n", bodies.join("\n")))
    }
}

#[cfg(any(test, not(feature = "pretty")))]
mod plain {
    use proc_macro2::{Delimiter, TokenTree};

    use super::TokenStream;

    /// Nothing is looked at, so that nothing is found: the compiler will.
    pub(in super::super) type Error = std::convert::Infallible;

    pub(in super::super) fn item(tokens: &TokenStream) -> Result<String, Error> {
        let mut text = String::new();
        push(&mut text, tokens);
        Ok(format!("{}\n", text.trim_end()))
    }

    pub(in super::super) fn braced(head: &TokenStream, parts: &[TokenStream]) -> Result<String, Error> {
        let parts = parts.iter().map(item).collect::<Result<String, _>>()?;
        Ok(format!("{head} {{\n{parts}}}\n"))
    }

    /// A statement a line, for the compiler's messages, and for lints that look where a line ends.
    fn push(text: &mut String, tokens: &TokenStream) {
        let mut line = TokenStream::new();
        for token in tokens.clone() {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    text.push_str(&format!("{} {{\n", std::mem::take(&mut line)));
                    push(text, &group.stream());
                    text.push_str("}\n");
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => {
                    text.push_str(&format!("{};\n", std::mem::take(&mut line)));
                }
                _ => line.extend([token]),
            }
        }
        if !line.is_empty() {
            text.push_str(&format!("{line}\n"));
        }
    }

    #[cfg(test)]
    mod tests {
        use quote::quote;

        use super::{braced, item};

        #[test]
        fn a_statement_a_line() {
            let text =
                item(&quote! { fn f(a: &'static str) { if a == "{;}" { return; } if b { c(|x| { x; }) } } }).unwrap();
            let expected = "\
fn f (a : & 'static str) {
if a == \"{;}\" {
return;
}
if b {
c (| x | { x ; })
}
}
";
            assert_eq!(text, expected);
            let parts = [quote! { fn a() {} }, quote! { fn b() {} }];
            assert_eq!(braced(&quote! { impl X }, &parts).unwrap(), "impl X {\nfn a () {\n}\nfn b () {\n}\n}\n");
        }
    }
}
