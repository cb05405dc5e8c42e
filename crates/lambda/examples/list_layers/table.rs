//! A table for people: as wide as it needs to be, or as the terminal is, with long texts over several lines.

use std::io::{self, Write};

use console::measure_text_width;
use tinsmith_lambda::types::{LayerVersionsListItem, LayersListItem};

/// What the table shows, and what is said below it.
pub(crate) struct Table<'a> {
    pub(crate) layers: &'a [LayersListItem],
    /// Whether layers were left out that do not match.
    pub(crate) filtered: bool,
    /// Where to go on, if there are more layers.
    pub(crate) next_token: Option<&'a str>,
}

/// How wide the table may be: `COLUMNS`, or the width of the terminal, or without limit where the output goes elsewhere.
pub(crate) fn width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || console::Term::stdout().size_checked().map(|(_, columns)| columns.into());
    columns.or_else(terminal).filter(|width| *width > 0)
}

impl Table<'_> {
    pub(crate) fn write(&self, out: &mut impl Write, width: Option<usize>) -> io::Result<()> {
        if !self.layers.is_empty() {
            let rows: Vec<Row> = self.layers.iter().map(row).collect();
            let columns = columns(&rows, width);
            let rule = columns.map(|width| "─".repeat(width));
            line(out, &HEADINGS.map(str::to_owned), columns)?;
            line(out, &rule, columns)?;
            rows.iter().try_for_each(|row| line(out, row, columns))?;
            writeln!(out)?;
        }
        let matching = if self.filtered { " that match" } else { "" };
        match (self.layers.len(), self.next_token) {
            (0, None) => writeln!(out, "No layers{matching}."),
            (count, None) => writeln!(out, "Layers{matching}: {count}."),
            (count, Some(token)) => {
                writeln!(out, "Layers{matching}: {count}, and there are more. To go on, add: --starting-token {token}")
            }
        }
    }
}

const HEADINGS: [&str; 6] = ["NAME", "VERSION", "RUNTIMES", "ARCHITECTURES", "CREATED (UTC)", "DESCRIPTION"];

/// The column that holds numbers, which stand at its right.
const NUMBERS: usize = 1;

/// Spaces between columns.
const GAP: usize = 2;

/// Up to where a column is kept wide enough for its longest word, and how narrow it may become where that is too much.
const WORD: usize = 20;
const NARROWEST: usize = 6;

type Row = [String; HEADINGS.len()];
type Columns = [usize; HEADINGS.len()];

fn row(layer: &LayersListItem) -> Row {
    let nothing = LayerVersionsListItem::default();
    let version = layer.latest_matching_version().unwrap_or(&nothing);
    let runtimes: Vec<&str> = version.compatible_runtimes().iter().map(|runtime| runtime.as_str()).collect();
    let architectures: Vec<&str> = version.compatible_architectures().iter().map(|one| one.as_str()).collect();
    let cells = [
        layer.layer_name().unwrap_or_default().to_owned(),
        version.version().to_string(),
        runtimes.join(", "),
        architectures.join(", "),
        minute(version.created_date().unwrap_or_default()),
        version.description().unwrap_or_default().to_owned(),
    ];
    // What a publisher wrote must not move the cursor or colour the terminal.
    cells.map(|cell| cell.replace(char::is_control, " "))
}

/// `2018-11-15T00:37:46.592+0000` to the minute; what is written otherwise stays.
fn minute(date: &str) -> String {
    match date.strip_suffix("+0000").and_then(|date| date.get(..16)).and_then(|minute| minute.split_once('T')) {
        Some((day, time)) => format!("{day} {time}"),
        None => date.to_owned(),
    }
}

/// The width of each column: of its longest cell; then the widest is made narrower until all fit, first without breaking
/// words, then without regard to them.
fn columns(rows: &[Row], width: Option<usize>) -> Columns {
    let room = width.unwrap_or(usize::MAX).saturating_sub(GAP * (HEADINGS.len() - 1));
    let (mut columns, mut words) = ([0; HEADINGS.len()], [0; HEADINGS.len()]);
    for row in rows.iter().chain([&HEADINGS.map(str::to_owned)]) {
        for ((column, longest), cell) in columns.iter_mut().zip(&mut words).zip(row) {
            *column = (*column).max(measure_text_width(cell));
            *longest = cell.split(' ').map(measure_text_width).fold(*longest, usize::max).min(WORD);
        }
    }
    for narrowest in [words, [NARROWEST; HEADINGS.len()]] {
        while columns.iter().sum::<usize>() > room {
            let shrinkable = columns.iter_mut().zip(narrowest).filter(|(column, narrowest)| **column > *narrowest);
            match shrinkable.map(|(column, _)| column).max() {
                Some(widest) => *widest -= 1,
                None => break,
            }
        }
    }
    columns
}

/// Writes a row, over as many lines as its longest cell needs.
fn line(out: &mut impl Write, row: &Row, columns: Columns) -> io::Result<()> {
    let cells: Vec<_> = row.iter().zip(columns).map(|(cell, width)| wrap(cell, width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for number in 0..height {
        let mut text = String::new();
        for (index, (cell, width)) in cells.iter().zip(columns).enumerate() {
            let part = cell.get(number).map_or("", String::as_str);
            let padding = " ".repeat(width.saturating_sub(measure_text_width(part)));
            let (before, after) = if index == NUMBERS { (padding.as_str(), "") } else { ("", padding.as_str()) };
            text += &format!("{before}{part}{after}{:GAP$}", "");
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Breaks a text between words, and a word that is wider than a line wherever it must be.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word.to_owned();
        loop {
            let line = lines.last_mut().map(|line| (measure_text_width(line), line));
            let Some((used, line)) = line else { break };
            let space = usize::from(used > 0);
            if used + space + measure_text_width(&word) <= width {
                line.push_str(&" ".repeat(space));
                line.push_str(&word);
                break;
            }
            if used == 0 {
                let (head, rest) = split(&word, width);
                line.push_str(&head);
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// The characters of a word that fit, at least one, and the others.
fn split(word: &str, width: usize) -> (String, String) {
    let mut end = 0;
    for (at, character) in word.char_indices() {
        let next = at + character.len_utf8();
        if at > 0 && measure_text_width(&word[..next]) > width {
            break;
        }
        end = next;
    }
    (word[..end].to_owned(), word[end..].to_owned())
}

#[cfg(test)]
mod tests {
    use tinsmith_lambda::types::{LayerVersionsListItem, LayersListItem, Runtime};

    use super::Table;

    fn layer() -> LayersListItem {
        let mut version = LayerVersionsListItem::default();
        version.version = 12;
        version.created_date = Some("2018-11-15T00:37:46.592+0000".into());
        version.compatible_runtimes = Some(vec![Runtime::Python36, Runtime::from("byol")]);
        version.description = Some("測定 of\u{1b}[31m tin".into());
        let mut layer = LayersListItem::default();
        layer.layer_name = Some("my-layer".into());
        layer.latest_matching_version = Some(version);
        layer
    }

    #[track_caller]
    fn check(layers: &[LayersListItem], next_token: Option<&str>, width: Option<usize>, expected: &[&str]) {
        let mut written = Vec::new();
        Table { layers, filtered: false, next_token }.write(&mut written, width).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written.lines().collect::<Vec<_>>(), expected);
        let widest = written.lines().map(console::measure_text_width).max();
        assert!(next_token.is_some() || widest <= width.or(widest), "{widest:?}");
    }

    #[test]
    fn as_wide_as_it_needs_to_be() {
        check(
            &[layer()],
            Some("abc"),
            None,
            &[
                "NAME      VERSION  RUNTIMES         ARCHITECTURES  CREATED (UTC)     DESCRIPTION",
                "────────  ───────  ───────────────  ─────────────  ────────────────  ────────────────",
                "my-layer       12  python3.6, byol                 2018-11-15 00:37  測定 of [31m tin",
                "",
                "Layers: 1, and there are more. To go on, add: --starting-token abc",
            ],
        );
        check(&[], None, None, &["No layers."]);
    }

    #[test]
    fn as_wide_as_the_terminal() {
        check(
            &[layer()],
            None,
            Some(72),
            &[
                "NAME      VERSION  RUNTIMES      ARCHITECTURES  CREATED      DESCRIPTION",
                "                                                (UTC)",
                "────────  ───────  ────────────  ─────────────  ───────────  ───────────",
                "my-layer       12  python3.6,                   2018-11-15   測定 of",
                "                   byol                         00:37        [31m tin",
                "",
                "Layers: 1.",
            ],
        );
    }

    #[test]
    fn words_break_where_they_must() {
        assert_eq!(super::wrap("abcdefg hi", 3), ["abc", "def", "g", "hi"]);
        assert_eq!(super::wrap("測定 a", 3), ["測", "定", "a"]);
        assert_eq!(super::wrap("測", 1), ["測", ""]);
        assert_eq!(super::wrap("", 3), [""]);
    }
}
