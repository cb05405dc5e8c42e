//! The table: a row a service.

use std::time::Duration;

/// The figures of a service, or of all of them.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) operations: usize,
    pub(super) left_out: usize,
    pub(super) shapes: usize,
    pub(super) lines: usize,
    pub(super) bytes: usize,
    pub(super) generating: Duration,
    pub(super) checking: Duration,
    /// What the compiler had to say: warnings and errors.
    pub(super) warnings: usize,
    /// How many operations were compiled alone, each being a feature.
    pub(super) alone: usize,
}

/// Rows of one width.
#[derive(Debug)]
pub(super) struct Table {
    names: usize,
}

const COLUMNS: [(&str, usize); 9] = [
    ("operations", 10),
    ("left out", 8),
    ("shapes", 7),
    ("lines", 9),
    ("bytes", 11),
    ("generating", 10),
    ("checking", 9),
    ("warnings", 8),
    ("alone", 5),
];

impl Table {
    /// A table of things of these names.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self { names: names.map(|name| name.chars().count()).chain(["all of them".len()]).max().unwrap_or_default() }
    }

    pub(super) fn head(&self) -> String {
        self.cells("model", COLUMNS.map(|(title, _)| title.to_owned()))
    }

    pub(super) fn row(&self, name: &str, row: &Row) -> String {
        let seconds = |took: Duration| format!("{:.2} s", took.as_secs_f64());
        let cells = [
            grouped(row.operations),
            grouped(row.left_out),
            grouped(row.shapes),
            grouped(row.lines),
            grouped(row.bytes),
            seconds(row.generating),
            seconds(row.checking),
            grouped(row.warnings),
            grouped(row.alone),
        ];
        self.cells(name, cells)
    }

    /// A row without figures.
    pub(super) fn line(&self, name: &str, text: &str) -> String {
        format!("{name:<width$}  {text}", width = self.names)
    }

    fn cells(&self, name: &str, cells: [String; 9]) -> String {
        let cells = cells.iter().zip(COLUMNS).map(|(cell, (_, width))| format!("  {cell:>width$}"));
        format!("{name:<width$}{}", cells.collect::<String>(), width = self.names)
    }
}

impl Row {
    /// Adds the figures of another.
    pub(super) fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.left_out += other.left_out;
        self.shapes += other.shapes;
        self.lines += other.lines;
        self.bytes += other.bytes;
        self.generating += other.generating;
        self.checking += other.checking;
        self.warnings += other.warnings;
        self.alone += other.alone;
    }
}

/// A number with a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let comma = |i: usize| if i > 0 && (digits.len() - i).is_multiple_of(3) { "," } else { "" };
    digits.chars().enumerate().map(|(i, digit)| format!("{}{digit}", comma(i))).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Row, Table, grouped};

    #[test]
    fn rows() {
        let table = Table::of(["polly", "transcribe-streaming"].into_iter());
        let polly =
            Row { operations: 10, alone: 1, lines: 1234, generating: Duration::from_millis(1234), ..Row::default() };
        let mut sum = Row { operations: 5, bytes: 1_000_000, warnings: 2, ..Row::default() };
        sum.add(&polly);
        let lines = [table.head(), table.row("polly", &polly), table.line("sqs", "speaks"), table.row("all", &sum)];
        let expected = "\
model                 operations  left out   shapes      lines        bytes  generating   checking  warnings  alone
polly                         10         0        0      1,234            0      1.23 s     0.00 s         0      1
sqs                   speaks
all                           15         0        0      1,234    1,000,000      1.23 s     0.00 s         2      1";
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn digits() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }
}
