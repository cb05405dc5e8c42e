//! The figures as rows of text: of a terminal, and of Markdown.

use super::metric::{Metric, Part, Peer};
use super::report::Report;
use super::words::{figure, ratio};

/// Figures of a part, ready to be shown.
#[derive(Debug)]
pub(super) struct Table {
    /// Of which part.
    pub(super) part: Part,
    /// Under what the rows were taken, and how often.
    pub(super) notes: Vec<String>,
    /// The names of the columns, that of the metric first.
    pub(super) head: Vec<&'static str>,
    /// A row a metric.
    pub(super) rows: Vec<Vec<String>>,
}

/// A table a part of which there are figures.
pub(super) fn tables(report: &Report) -> Vec<Table> {
    Part::ALL.into_iter().filter_map(|part| table(report, part)).collect()
}

fn table(report: &Report, part: Part) -> Option<Table> {
    let taken = |metric: Metric, peer: Peer| report.figure(metric, peer).is_some();
    let metrics = Metric::ALL.iter().copied().filter(|metric| metric.about().part == part);
    let metrics: Vec<_> = metrics.filter(|metric| Peer::ALL.iter().any(|peer| taken(*metric, *peer))).collect();
    let peers: Vec<_> =
        Peer::ALL.into_iter().filter(|peer| metrics.iter().any(|metric| taken(*metric, *peer))).collect();
    metrics.first()?;
    // To no one is compared what has no figure of ours, or of them.
    let compared: Vec<_> = [(Peer::Official, "× official"), (Peer::Bare, "× bare")]
        .into_iter()
        .filter(|(peer, _)| metrics.iter().any(|metric| report.ratio(*metric, *peer).is_some()))
        .collect();
    let mut head = vec![""];
    head.extend(peers.iter().map(|peer| peer.title()));
    head.extend(compared.iter().map(|(_, title)| *title));
    let conditions = Notes::of(&metrics);
    let row = |metric: &Metric| {
        let cells = peers.iter().map(|peer| cell(report, *metric, *peer));
        let ratios = compared.iter().map(|(peer, _)| report.ratio(*metric, *peer).map_or_else(nothing, ratio));
        [conditions.title(*metric)].into_iter().chain(cells).chain(ratios).collect()
    };
    let rows = metrics.iter().map(row).collect();
    let notes = conditions.lines().into_iter().chain(repetitions(report, part)).collect();
    Some(Table { part, notes, head, rows })
}

/// How often what depends on time was measured.
fn repetitions(report: &Report, part: Part) -> Option<String> {
    let timed = |metric: Metric| metric.about().part == part && metric.about().timed;
    let counts = report.figures.iter().filter(|figure| timed(figure.metric)).map(|figure| figure.samples.len());
    let (least, most) = (counts.clone().min()?, counts.max()?);
    Some(if least == most { format!("repetitions: {most}") } else { format!("repetitions: {least} to {most}") })
}

/// Under what figures were taken: each set of conditions once, named by its number where there are several.
#[derive(Debug)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    pub(super) fn of(metrics: &[Metric]) -> Self {
        let mut notes = Vec::new();
        for metric in metrics {
            let line = metric.about().conditions.line();
            if !notes.contains(&line) {
                notes.push(line);
            }
        }
        Self(notes)
    }

    /// The title of one of the metrics with the number of its conditions.
    pub(super) fn title(&self, metric: Metric) -> String {
        format!("{}{}", metric.about().title, self.mark(metric))
    }

    /// The number of the conditions of one of the metrics, behind a space.
    pub(super) fn mark(&self, metric: Metric) -> String {
        let line = metric.about().conditions.line();
        let at = self.0.iter().filter(|line| !line.is_empty()).position(|note| *note == line);
        at.filter(|_| self.0.len() > 1).map(|at| format!(" [{}]", at + 1)).unwrap_or_default()
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let lines = self.0.iter().filter(|line| !line.is_empty()).enumerate();
        let is_one = self.0.len() == 1;
        lines.map(|(at, line)| if is_one { line.clone() } else { format!("[{}] {line}", at + 1) }).collect()
    }
}

fn cell(report: &Report, metric: Metric, peer: Peer) -> String {
    let Some(found) = report.figure(metric, peer) else { return nothing() };
    let words = figure(found.summary.median, metric.about().unit);
    match &found.disturbed {
        Some(why) => format!("{words} (disturbed: {why})"),
        None => words,
    }
}

fn nothing() -> String {
    "–".to_owned()
}

impl Table {
    /// For a terminal: columns of one width, numbers to the right.
    pub(super) fn terminal(&self) -> String {
        let rows =
            || std::iter::once(self.head.iter().map(ToString::to_string).collect()).chain(self.rows.iter().cloned());
        let mut widths = vec![0; self.head.len()];
        for row in rows() {
            for (width, cell) in widths.iter_mut().zip(&row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |row: Vec<String>| {
            let mut cells = row.iter().zip(&widths);
            let first = cells.next().map(|(cell, width)| format!("{cell:<width$}")).unwrap_or_default();
            let others = cells.map(|(cell, width)| format!("  {cell:>width$}"));
            format!("  {first}{}\n", others.collect::<String>())
        };
        let notes: String = self.notes.iter().map(|note| format!("  ({note})\n")).collect();
        format!("{}\n{notes}{}", self.name(), rows().map(line).collect::<String>())
    }

    /// For Markdown.
    pub(super) fn markdown(&self) -> String {
        let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
        let head = line(self.head.clone());
        let rule = format!(
            "|{}\n",
            self.head.iter().enumerate().map(|(i, _)| if i == 0 { "---|" } else { "--:|" }).collect::<String>()
        );
        let rows = self.rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
        let notes: String = self.notes.iter().map(|note| format!("{note}  \n")).collect();
        format!("{}\n\n{head}{rule}{}", notes.trim_end(), rows.collect::<String>())
    }

    /// The name by which `--only` knows the part.
    pub(super) fn name(&self) -> String {
        super::name(self.part)
    }
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::bench::fixture::report;
    use crate::bench::metric::{Metric, Peer};

    #[test]
    fn a_table_a_part() {
        let mut report = report(|metric, peer| match (metric, peer) {
            (_, Peer::Boto3) => None,
            (Metric::ReleaseWall, Peer::Ours) => Some(99.0),
            (Metric::ReleaseWall, Peer::Official) => Some(278.0),
            (Metric::DevWall, Peer::Ours) => Some(48.7),
            (Metric::Crates, Peer::Bare) => Some(49.0),
            _ => None,
        });
        report.figures[0].disturbed = Some("spread 20 %".to_owned());
        report.figures[0].samples = vec![99.0];
        let tables = tables(&report);
        let [build, tree] = &tables[..] else { panic!("{tables:?}") };
        let expected = "\
build
  ([1] profile: release, strip)
  ([2] profile: dev)
  (repetitions: 1 to 3)
                                                      ours  official  × official
  clean release build [1]  99.0 s (disturbed: spread 20 %)     278 s        0.36
  clean dev build [2]                               48.7 s         –           –
";
        assert_eq!(build.terminal(), expected);
        let expected = "|  | bare |\n|---|--:|\n| crates in the tree | 49 |\n";
        assert_eq!(tree.markdown().trim_start(), expected);
        let expected = "\
[1] profile: release, strip  
[2] profile: dev  
repetitions: 1 to 3

|  | ours | official | × official |
|---|--:|--:|--:|
| clean release build [1] | 99.0 s (disturbed: spread 20 %) | 278 s | 0.36 |
| clean dev build [2] | 48.7 s | – | – |
";
        assert_eq!(build.markdown(), expected);
    }
}
