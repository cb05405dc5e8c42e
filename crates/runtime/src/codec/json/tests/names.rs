//! Which member a name is.

use super::super::read;
use crate::wire::{Member, Reader, Wire};

/// The members that were read, by their index.
#[derive(Debug, Default, PartialEq)]
struct Seen(Vec<usize>);

impl Wire for Seen {
    const MEMBERS: &'static [Member] = &[
        Member::body("abcdefghijklmnopq"),
        Member::body("abcdefghijklmnopr"),
        Member::body("abcdefghi"),
        Member::body("abcdefgh"),
        Member::body("abcdefg"),
        Member::body("abcde"),
        Member::body("abce"),
        Member::body("abcd"),
        Member::body("abc"),
        Member::body("ab"),
        Member::body("a"),
        Member::body(""),
        Member::header("abd"),
        Member::body("abd"),
        Member::body("é"),
    ];

    fn read_member<R: Reader>(&mut self, index: usize, _: &'static Member, r: &mut R) -> Result<(), R::Error> {
        self.0.push(index);
        r.skip()
    }
}

fn check(text: &str, expected: &[usize]) {
    assert_eq!(read::<Seen>(text.as_bytes()).unwrap().0, expected, "{text}");
}

/// The names of members that travel in the document, with their index.
fn names() -> impl DoubleEndedIterator<Item = (usize, &'static str)> + Clone {
    Seen::MEMBERS
        .iter()
        .enumerate()
        .filter(|(_, member)| member.in_document())
        .map(|(index, member)| (index, member.name))
}

#[test]
fn each_is_found_however_it_is_spelt() {
    for (index, name) in names() {
        check(&format!(r#"{{"{name}":1}}"#), &[index]);
        check(&format!(r#"{{ "{name}" : 1 , "{name}": 2 }}"#), &[index, index]);
        let escaped: String = name.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
        check(&format!(r#"{{"{escaped}":1}}"#), &[index]);
    }
}

#[test]
fn all_are_found_in_whatever_order_they_come() {
    let entry = |(_, name): (usize, &str)| format!(r#""{name}":[]"#);
    let index = |(index, _): (usize, &str)| index;
    let forth: Vec<_> = names().map(entry).collect();
    check(&format!("{{{}}}", forth.join(",")), &names().map(index).collect::<Vec<_>>());
    let back: Vec<_> = names().rev().map(entry).collect();
    check(&format!("{{{}}}", back.join(",")), &names().rev().map(index).collect::<Vec<_>>());
}

#[test]
fn what_differs_in_one_byte_is_none() {
    let is_known = |name: &str| names().any(|(_, known)| known == name);
    for (_, name) in names().filter(|(_, name)| name.is_ascii()) {
        for at in 0..name.len() {
            let mut other = name.to_owned();
            other.replace_range(at..=at, "_");
            check(&format!(r#"{{"{other}":1}}"#), &[]);
        }
        for longer in [format!("{name}_"), format!("_{name}")].iter().filter(|name| !is_known(name)) {
            check(&format!(r#"{{"{longer}":1}}"#), &[]);
        }
    }
    for broken in [r#"{"abc"#, r#"{"abc""#, r#"{"abc":"#, r#"{"abc"1}"#, r#"{"a"#, r#"{""#] {
        assert!(read::<Seen>(broken.as_bytes()).is_err(), "{broken}");
    }
}
