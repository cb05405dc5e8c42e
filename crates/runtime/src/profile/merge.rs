//! Sections as they stand in a file → sections by kind and name, merged with what other files said.

use std::collections::BTreeMap;

use super::parse::{BLANK, RawProperty, RawSection};
use super::{FileKind, Ignored, Kind, Profiles, Section, Value};

const DEFAULT: &str = "default";

/// Merges the sections of a file, in their order, into the profiles.
pub(super) fn into(profiles: &mut Profiles, file: FileKind, sections: Vec<RawSection>) {
    // `[profile default]` replaces `[default]`, wherever in the file either stands.
    let shadowed = file == FileKind::Config && sections.iter().any(|section| is_prefixed_default(&section.header));
    for section in sections {
        if shadowed && section.header == DEFAULT {
            let reason = "[profile default] of the same file replaces it".to_owned();
            profiles.ignored.push(Ignored { place: section.place, header: section.header, reason });
            continue;
        }
        match kind_and_name(file, &section.header) {
            Ok((kind, name)) => {
                let name = name.to_owned();
                add(profiles, kind, name, section);
            }
            Err(reason) => {
                profiles.ignored.push(Ignored { place: section.place, header: section.header, reason });
            }
        }
    }
}

fn is_prefixed_default(header: &str) -> bool {
    kind_and_name(FileKind::Config, header) == Ok((Kind::Profile, DEFAULT)) && header != DEFAULT
}

/// What a header means in a file, or why it is passed over.
fn kind_and_name(file: FileKind, header: &str) -> Result<(Kind, &str), String> {
    let (prefix, name) = match header.split_once(BLANK) {
        Some((prefix, name)) => (Some(prefix), name.trim_matches(BLANK)),
        None => (None, header),
    };
    let kind = match (file, prefix) {
        (FileKind::Config, None) if name == DEFAULT => Kind::Profile,
        (FileKind::Config, None) => return Err(format!("in the config file it would have to be [profile {name}]")),
        (FileKind::Config, Some("profile")) | (FileKind::Credentials, None) => Kind::Profile,
        (FileKind::Config, Some("sso-session")) => Kind::SsoSession,
        (FileKind::Config, Some("services")) => Kind::Services,
        (FileKind::Config, Some(_)) => return Err("no section of this kind is known".to_owned()),
        (FileKind::Credentials, Some("profile")) => {
            return Err(format!("in the credentials file it would have to be [{name}]"));
        }
        (FileKind::Credentials, Some(_)) => return Err("in the credentials file there are only profiles".to_owned()),
    };
    if is_identifier(name) {
        Ok((kind, name))
    } else {
        Err("names hold only ASCII letters, digits and _-/.%@:+".to_owned())
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte))
}

fn add(profiles: &mut Profiles, kind: Kind, name: String, raw: RawSection) {
    let RawSection { header, place, properties } = raw;
    let fresh = || Section { name: name.clone(), place, values: Default::default() };
    let section = profiles.sections.entry((kind, name.clone())).or_insert_with(fresh);
    for raw in properties {
        if is_identifier(&raw.name) {
            insert(&mut section.values, raw);
        } else {
            let reason = format!("`{}` is no name of a property", raw.name.escape_debug());
            profiles.ignored.push(Ignored { place: raw.place, header: header.clone(), reason });
        }
    }
}

/// A map that is collected would have code for sorting, beside what single insertions take.
fn insert(values: &mut BTreeMap<String, Value>, raw: RawProperty) {
    let RawProperty { name, text, place, nested } = raw;
    let mut value = Value { text, place, nested: BTreeMap::new() };
    for raw in nested {
        insert(&mut value.nested, raw);
    }
    values.insert(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_is_remembered_with_its_reason() {
        let mut profiles = Profiles::default();
        let config = "[prod]\n[default]\n[profile default]\ntwo words = x\n[plugins x]\n[profile a!]\n[]\n";
        assert_eq!(profiles.add(FileKind::Config, &"c".into(), config), Ok(()));
        assert_eq!(profiles.add(FileKind::Credentials, &"k".into(), "[profile p]\n[services s]\n"), Ok(()));
        let told = |one: &Ignored| format!("{} [{}] {}", one.place, one.header, one.reason);
        let ignored: Vec<String> = profiles.ignored().iter().map(told).collect();
        let expected = [
            "c:1 [prod] in the config file it would have to be [profile prod]",
            "c:2 [default] [profile default] of the same file replaces it",
            "c:4 [profile default] `two words` is no name of a property",
            "c:5 [plugins x] no section of this kind is known",
            "c:6 [profile a!] names hold only ASCII letters, digits and _-/.%@:+",
            "c:7 [] in the config file it would have to be [profile ]",
            "k:1 [profile p] in the credentials file it would have to be [p]",
            "k:2 [services s] in the credentials file there are only profiles",
        ];
        assert_eq!(ignored, expected);
        assert_eq!(profiles.sections(Kind::Profile).map(|section| &section.name).collect::<Vec<_>>(), ["default"]);
    }
}
