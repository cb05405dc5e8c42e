//! The text of one file → its sections, as they stand.

use std::sync::Arc;

use super::{Place, ProfileError};

/// What the format takes for white space.
pub(super) const BLANK: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

/// A section as it stands in a file: no name is checked, nothing is merged.
pub(super) struct RawSection {
    /// What is between the brackets.
    pub(super) header: String,
    pub(super) place: Place,
    pub(super) properties: Vec<RawProperty>,
}

/// A property as it stands in a file.
pub(super) struct RawProperty {
    /// Its name, in lower case.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) place: Place,
    /// The lines below it that are properties themselves, where its own line holds nothing.
    pub(super) nested: Vec<RawProperty>,
}

/// Reads the sections of a file.
pub(super) fn sections(path: &Arc<str>, text: &str) -> Result<Vec<RawSection>, ProfileError> {
    let mut sections = Vec::new();
    // Editors of Windows begin a file with a byte order mark.
    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        let place = Place { path: path.clone(), line: index.saturating_add(1) };
        if line.trim_matches(BLANK).is_empty() || line.starts_with(COMMENT) {
            continue;
        }
        let read = if line.starts_with('[') {
            header(line, place.clone()).map(|section| sections.push(section))
        } else if line.starts_with(BLANK) {
            continuation(&mut sections, line, place.clone())
        } else {
            own_line(&mut sections, line, place.clone())
        };
        read.map_err(|problem| ProfileError { place, problem })?;
    }
    Ok(sections)
}

fn header(line: &str, place: Place) -> Result<RawSection, String> {
    // No name can hold a sign that begins a comment, so that here it need not follow white space.
    let line = line.split(COMMENT).next().unwrap_or_default().trim_matches(BLANK);
    let header = line
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or("Profile definition must end with ']', such as [default] or [profile NAME]")?;
    Ok(RawSection { header: header.trim_matches(BLANK).to_owned(), place, properties: Vec::new() })
}

fn own_line(sections: &mut [RawSection], line: &str, place: Place) -> Result<(), String> {
    let section = sections.last_mut().ok_or_else(no_section)?;
    section.properties.push(property("property", line, place)?);
    Ok(())
}

/// A line that begins with white space continues the property above. Where that has no value of its own, the lines
/// below it are properties too.
fn continuation(sections: &mut [RawSection], line: &str, place: Place) -> Result<(), String> {
    let section = sections.last_mut().ok_or_else(no_section)?;
    let above = section
        .properties
        .last_mut()
        .ok_or("Expected a property definition, found continuation: only a line NAME = VALUE can be continued")?;
    let line = line.trim_matches(BLANK);
    if above.text.is_empty() || !above.nested.is_empty() {
        // The format says nothing about a comment here; that it should be an error is in nobody's interest.
        if line.starts_with(COMMENT) {
            return Ok(());
        }
        above.nested.push(property("sub-property", line, place)?);
    }
    above.text.push('\n');
    above.text.push_str(line);
    Ok(())
}

fn no_section() -> String {
    "Expected a profile definition, such as [default] or [profile NAME], before this line".to_owned()
}

/// `NAME = VALUE`, and a comment where its sign follows white space.
fn property(what: &str, line: &str, place: Place) -> Result<RawProperty, String> {
    let (name, text) = without_comment(line)
        .split_once('=')
        .ok_or_else(|| format!("Expected an '=' sign defining a {what}: NAME = VALUE"))?;
    let name = name.trim_matches(BLANK).to_ascii_lowercase();
    if name.is_empty() {
        let what = if what == "property" { "Property" } else { "Sub-property" };
        return Err(format!("{what} did not have a name before its '=' sign"));
    }
    Ok(RawProperty { name, text: text.trim_matches(BLANK).to_owned(), place, nested: Vec::new() })
}

fn without_comment(line: &str) -> &str {
    let mut blank = false;
    for (at, sign) in line.char_indices() {
        if blank && COMMENT.contains(&sign) {
            return line.get(..at).unwrap_or(line);
        }
        blank = BLANK.contains(&sign);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_line_and_what_belongs_there() {
        let check = |text: &str, expected: &str| {
            let error = sections(&"f".into(), text).err().map(|error| error.to_string());
            assert_eq!(error.as_deref(), Some(expected), "{text:?}");
        };
        check("\n[a", "f:2: Profile definition must end with ']', such as [default] or [profile NAME]");
        check(
            "# c\r\na = b",
            "f:2: Expected a profile definition, such as [default] or [profile NAME], before this line",
        );
        check("[a]\nb", "f:2: Expected an '=' sign defining a property: NAME = VALUE");
        check("[a]\nb =\n c", "f:3: Expected an '=' sign defining a sub-property: NAME = VALUE");
        check("[a]\n= c", "f:2: Property did not have a name before its '=' sign");
    }

    #[test]
    fn a_byte_order_mark_and_comments_among_nested_lines_are_passed_over() {
        let read = sections(&"f".into(), "\u{feff}[a]\nb =\n # c\n d = e\n").unwrap_or_default();
        let property = read.first().and_then(|section| section.properties.first());
        assert_eq!(property.map(|property| (property.text.as_str(), property.nested.len())), Some(("\nd = e", 1)));
    }

    /// All texts of up to six of these pieces: none makes the reader panic, and whatever it tells has a line of the
    /// text.
    #[test]
    fn any_text_is_read_or_refused_by_a_line() {
        let pieces = ["[", "]", "a", "é", " ", "=", "#", "\n"];
        for number in 0..pieces.len().pow(6) {
            let piece = |place: u32| pieces.get(number / pieces.len().pow(place) % pieces.len()).copied();
            let text: String = (0..6).filter_map(piece).collect();
            let told = match sections(&"f".into(), &text) {
                Err(error) => vec![error.place.line],
                Ok(sections) => sections.iter().flat_map(lines).collect(),
            };
            assert!(told.iter().all(|line| (1..=text.lines().count()).contains(line)), "{text:?}: {told:?}");
        }
    }

    fn lines(section: &RawSection) -> Vec<usize> {
        let nested = section.properties.iter().flat_map(|property| &property.nested);
        let properties = section.properties.iter().chain(nested).map(|property| property.place.line);
        properties.chain([section.place.line]).collect()
    }
}
