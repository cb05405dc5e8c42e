//! Identifiers: the one place where a name of a model becomes a name in Rust.
//!
//! The rules of case are those of the official crates, so that code written for them finds the same names: words for
//! fields, methods and modules ([`snake`]), and a coarser division for types and variants ([`pascal`]), which leaves
//! acronyms like `EFSIO` in one piece. `cargo xtask compat` compares what comes of them with the pinned official client.
//! What then clashes with Rust or with what stands around it is renamed, by a table a place.

/// The name of a field, of its accessor and of its setter.
pub(crate) fn field(name: &str) -> String {
    let snake = snake(name);
    match snake.as_str() {
        // Methods of builders and requests, and the private field of errors.
        "as_input" | "build" | "builder" | "customize" | "default" | "into_paginator" | "make_operation" | "meta"
        | "presigned" | "send" | "send_with" => format!("{snake}_value"),
        _ => escape(snake),
    }
}

/// The name of a field of what is sent by a builder that can wait, too.
pub(crate) fn field_of_waitable(name: &str) -> String {
    let field = field(name);
    if field == "wait" { format!("{field}_value") } else { field }
}

/// The name of the setter that takes the whole value of a field.
pub(crate) fn setter(field: &str) -> String {
    format!("set_{}", bare(field).trim_start_matches('_'))
}

/// The name of a type. Names of Rust's prelude get `Value` behind them, for the macros of the runtime use those.
pub(crate) fn type_name(name: &str) -> String {
    let pascal = pascal(name);
    match pascal.as_str() {
        "AsRef" | "Box" | "Default" | "Err" | "From" | "Into" | "None" | "Ok" | "Option" | "Result" | "Self"
        | "Some" | "String" | "Unhandled" | "Vec" => format!("{pascal}Value"),
        _ => identifier(pascal),
    }
}

/// The name of a variant of an enum or a union.
pub(crate) fn variant(name: &str) -> String {
    let pascal = pascal(name);
    match pascal.as_str() {
        "Self" | "Unknown" => format!("{pascal}Value"),
        "SelfValue" | "UnknownValue" => format!("{pascal}_"),
        _ => identifier(pascal),
    }
}

/// The methods that ask for a variant of a union, and show what it holds.
pub(crate) fn of_variant(variant: &str) -> (String, String) {
    let word = snake(variant);
    (format!("is_{word}"), format!("as_{word}"))
}

/// The name of an operation's module, and of the client's method.
pub(crate) fn method(name: &str) -> String {
    let snake = snake(name);
    match snake.as_str() {
        // Methods that every client has.
        "as_ref" | "clone" | "config" | "from_conf" | "from_env" | "new" | "send" => format!("{snake}_operation"),
        // The file `mod.rs` is that of the folder, and the crate of the runtime is named beside the modules.
        "mod" | "tinsmith_runtime" => format!("{snake}_operation"),
        _ => escape(snake),
    }
}

/// An identifier without the `r#` that lets a keyword be one: what file names and longer names are made of.
pub(crate) fn bare(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// A name as words in lower case, with `_` between them.
pub(crate) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// A name as words that begin with a capital.
///
/// A word ends before a capital that follows a small letter or a digit, before the last capital of several if a small
/// letter follows, and at every `_`, `-`, `.` and the like.
pub(crate) fn pascal(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut pascal = String::with_capacity(name.len());
    let mut begins = true;
    for (i, &c) in characters.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            begins = true;
            continue;
        }
        let before = i.checked_sub(1).and_then(|i| characters.get(i));
        let after = characters.get(i + 1);
        let follows_small = before.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let ends_acronym = before.is_some_and(char::is_ascii_uppercase) && after.is_some_and(char::is_ascii_lowercase);
        begins |= c.is_ascii_uppercase() && (follows_small || ends_acronym);
        pascal.push(if begins { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
        begins = false;
    }
    pascal
}

/// Words that are one, however they are written: `IPv4`, `MiB`, `TtL`.
const WHOLE: [&str; 7] = ["ipv4", "ipv6", "sigv4", "mib", "gib", "kib", "ttl"];

/// The words of a name, in lower case. Finer than [`pascal`]: it knows words that are one, plurals of acronyms
/// (`ACLs`), versions behind them (`DBv2`), and where all is in lower case, a letter after a digit (`s3key`).
fn words(name: &str) -> Vec<String> {
    let all_lower = !name.contains(|c: char| c.is_ascii_uppercase());
    let mut words = Vec::new();
    let mut word = String::new();
    // Whether the word at hand can still become one of `WHOLE`.
    let mut whole = true;
    for (at, c) in name.char_indices() {
        if !c.is_ascii_alphanumeric() {
            words.push(std::mem::take(&mut word));
            whole = true;
            continue;
        }
        if let Some(last) = word.chars().last() {
            let rest = name.get(at..).unwrap_or_default();
            whole = whole && is_within_whole(&word, rest);
            let by_case = (last.is_ascii_lowercase() || last.is_ascii_digit()) && c.is_ascii_uppercase();
            let by_digit = all_lower && last.is_ascii_digit() && c.is_ascii_lowercase();
            if (!whole && (by_case || by_digit)) || ends_acronym(last, rest) {
                words.push(std::mem::take(&mut word));
                whole = true;
            }
        }
        word.push(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words.iter_mut().for_each(|word| word.make_ascii_lowercase());
    words
}

/// Whether a word and what follows it are one of `WHOLE`, of which something is still to come.
fn is_within_whole(word: &str, rest: &str) -> bool {
    let text = format!("{word}{rest}").to_ascii_lowercase();
    WHOLE.iter().any(|whole| word.len() < whole.len() && text.starts_with(whole))
}

/// Whether the word ends between two capitals: `DB|Proxy` and `IAM|User`, but neither `ACLs` nor `DynamoDBv2`.
fn ends_acronym(last: char, rest: &str) -> bool {
    let mut rest = rest.chars();
    let (next, peek, beyond) = (rest.next(), rest.next(), rest.next());
    let capitals = last.is_ascii_uppercase() && next.is_some_and(|c| c.is_ascii_uppercase());
    let plural = peek == Some('s') && !beyond.is_some_and(|c| c.is_ascii_lowercase());
    let version = peek == Some('v') && beyond.is_some_and(|c| c.is_ascii_digit());
    capitals && peek.is_some_and(|c| c.is_ascii_lowercase()) && !plural && !version
}

/// Lets a keyword be an identifier.
pub(crate) fn escape(name: String) -> String {
    match name.as_str() {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if is_keyword(&name) => format!("r#{name}"),
        _ => identifier(name),
    }
}

/// Sees to it that the text is an identifier: not empty, and no digit first.
fn identifier(name: String) -> String {
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        Some(_) => format!("_{name}"),
        None => "_0".to_owned(),
    }
}

/// Whether the word is a keyword of edition 2024, in use or reserved, that `r#` makes an identifier of.
fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 48] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{field, method, setter, snake, type_name, variant};

    fn check(of: fn(&str) -> String, table: &[(&str, &str)]) {
        for (name, expected) in table {
            assert_eq!(of(name), *expected, "{name}");
        }
    }

    #[test]
    fn snake_case() {
        check(
            snake,
            &[
                ("MaxItems", "max_items"),
                ("retryAfterSeconds", "retry_after_seconds"),
                ("S3Key", "s3_key"),
                ("CodeSha256", "code_sha256"),
                ("KMSKeyArn", "kms_key_arn"),
                ("Ipv6AllowedForDualStack", "ipv6_allowed_for_dual_stack"),
                ("IPv4Address", "ipv4_address"),
                ("TtLSeconds", "ttl_seconds"),
                ("MiBTotal", "mib_total"),
                ("ACLs", "acls"),
                ("ARNSupport", "arn_support"),
                ("IAMUser", "iam_user"),
                ("DynamoDBv2", "dynamo_dbv2"),
                ("s3key", "s3_key"),
                ("URIs", "uris"),
                ("__type", "type"),
                ("x-amz-id", "x_amz_id"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn fields() {
        check(
            field,
            &[
                ("Type", "r#type"),
                ("Self", "self_"),
                ("super", "super_"),
                ("crate", "crate_"),
                ("gen", "r#gen"),
                ("async", "r#async"),
                ("try", "r#try"),
                ("dyn", "r#dyn"),
                ("Match", "r#match"),
                ("Where", "r#where"),
                ("abstract", "r#abstract"),
                ("union", "union"),
                ("Send", "send_value"),
                ("build", "build_value"),
                ("Meta", "meta_value"),
                ("Default", "default_value"),
                ("_1st", "_1_st"),
                ("AsInput", "as_input_value"),
                ("IntoPaginator", "into_paginator_value"),
            ],
        );
        check(
            setter,
            &[("marker", "set_marker"), ("r#type", "set_type"), ("self_", "set_self_"), ("_1_st", "set_1_st")],
        );
    }

    #[test]
    fn types() {
        check(
            type_name,
            &[
                ("LayersListItem", "LayersListItem"),
                ("KMSAccessDeniedException", "KmsAccessDeniedException"),
                ("EFSIOException", "EfsioException"),
                ("EC2ThrottledException", "Ec2ThrottledException"),
                ("ENILimitReachedException", "EniLimitReachedException"),
                ("S3ObjectStorageMode", "S3ObjectStorageMode"),
                ("layerItem", "LayerItem"),
                ("Option", "OptionValue"),
                ("Vec", "VecValue"),
                ("String", "StringValue"),
                ("Box", "BoxValue"),
                ("Result", "ResultValue"),
                ("Default", "DefaultValue"),
                ("Error", "Error"),
                ("Some", "SomeValue"),
                ("Self", "SelfValue"),
                ("Member", "Member"),
                ("_2nd", "_2nd"),
            ],
        );
    }

    #[test]
    fn variants() {
        check(
            variant,
            &[
                ("x86_64", "X8664"),
                ("nodejs43edge", "Nodejs43edge"),
                ("java8al2", "Java8al2"),
                ("dotnetcore10", "Dotnetcore10"),
                ("go1x", "Go1x"),
                ("ALL_CAPS", "AllCaps"),
                ("PerFunctionXAxis", "PerFunctionXAxis"),
                ("Unknown", "UnknownValue"),
                ("UnknownValue", "UnknownValue_"),
                ("Self", "SelfValue"),
                ("1", "_1"),
                ("__", "_0"),
            ],
        );
    }

    #[test]
    fn methods() {
        check(
            method,
            &[
                ("ListLayers", "list_layers"),
                ("Import", "import"),
                ("Match", "r#match"),
                ("Send", "send_operation"),
                ("Mod", "mod_operation"),
                ("Config", "config_operation"),
                ("AsRef", "as_ref_operation"),
                ("TinsmithRuntime", "tinsmith_runtime_operation"),
            ],
        );
    }
}
