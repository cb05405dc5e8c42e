//! Any text as the shared config or credentials file: it is read or refused by a line of it, and what was read, written as a file,
//! is read as the same.
#![no_main]

use std::collections::BTreeMap;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use tinsmith_runtime::profile::{FileKind, Kind, Place, Profiles, Section, Value};

const KINDS: [Kind; 3] = [Kind::Profile, Kind::SsoSession, Kind::Services];

fuzz_target!(|texts: (&str, &str)| {
    let mut profiles = Profiles::default();
    for (kind, name, text) in [(FileKind::Config, "config", texts.0), (FileKind::Credentials, "credentials", texts.1)] {
        if let Err(error) = profiles.add(kind, &Arc::from(name), text) {
            let told = error.to_string();
            let line = told.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')?.split(':').next()?.parse().ok());
            assert!(is_line(line.unwrap_or_default(), text), "{told}");
            return;
        }
    }
    let in_its_file = |place: &Place| {
        assert!(is_line(place.line, if &*place.path == "config" { texts.0 } else { texts.1 }), "{place}");
    };
    profiles.ignored().iter().for_each(|ignored| in_its_file(&ignored.place));
    for section in KINDS.into_iter().flat_map(|kind| profiles.sections(kind)) {
        in_its_file(&section.place);
        for value in section.values.values().flat_map(|value| value.nested.values().chain([value])) {
            in_its_file(&value.place);
        }
    }
    // At the end of a line it would be a part of its end.
    if !texts.0.contains('\r') && !texts.1.contains('\r') {
        let text = written(&profiles);
        let mut again = Profiles::default();
        again.add(FileKind::Config, &Arc::from("config"), &text).expect("what was read can be written and read");
        assert_eq!(held(&again), held(&profiles), "{text:?}");
        assert!(again.ignored().is_empty(), "{text:?}");
    }
});

fn is_line(line: usize, text: &str) -> bool {
    (1..=text.lines().count()).contains(&line)
}

/// All that the profiles hold, as a config file.
fn written(profiles: &Profiles) -> String {
    let mut text = String::new();
    for (kind, word) in KINDS.into_iter().zip(["profile", "sso-session", "services"]) {
        for Section { name, values, .. } in profiles.sections(kind) {
            text += &format!("[{word} {name}]\n");
            for (name, Value { text: value, .. }) in values {
                // After a blank, `#` would begin a comment.
                text += &format!("{name}={}\n", value.replace('\n', "\n "));
            }
        }
    }
    text
}

/// What counts of the profiles, by kind, name and property, with nested properties beside their text.
type Held<'a> = BTreeMap<(Kind, &'a str, &'a str), (&'a str, BTreeMap<&'a str, &'a str>)>;

fn held(profiles: &Profiles) -> Held<'_> {
    let mut held = Held::new();
    for kind in KINDS {
        for section in profiles.sections(kind) {
            for (name, value) in &section.values {
                let nested = value.nested.iter().map(|(name, value)| (name.as_str(), value.text.as_str())).collect();
                held.insert((kind, &section.name, name), (&value.text, nested));
            }
        }
    }
    held
}
