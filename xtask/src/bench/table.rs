//! The figures as rows of text: of a terminal, and of Markdown.

use super::metric::{Metric, Part, Peer};
use super::report::Report;
use super::words::{figure, ratio};

/// Figures of a part, ready to be shown.
#[derive(Debug)]
pub(super) struct Table {
    /// Of which part.
    pub(super) part: Part,
    /// What the rows have in common: the conditions under which they were taken, a line each that there is.
    pub(super) conditions: Vec<String>,
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
    let first = metrics.first()?;
    // To no one is compared what has no figure of ours, or of them.
    let compared: Vec<_> = [(Peer::Official, "× official"), (Peer::Bare, "× bare")]
        .into_iter()
        .filter(|(peer, _)| metrics.iter().any(|metric| report.ratio(*metric, *peer).is_some()))
        .collect();
    let mut head = vec![""];
    head.extend(peers.iter().map(|peer| peer.title()));
    head.extend(compared.iter().map(|(_, title)| *title));
    let row = |metric: &Metric| {
        let cells = peers.iter().map(|peer| cell(report, *metric, *peer));
        let ratios = compared.iter().map(|(peer, _)| report.ratio(*metric, *peer).map_or_else(nothing, ratio));
        [title(*metric)].into_iter().chain(cells).chain(ratios).collect()
    };
    let mut conditions = vec![first.about().conditions.line()];
    for metric in &metrics {
        let line = metric.about().conditions.line();
        if !conditions.contains(&line) {
            conditions.push(line);
        }
    }
    conditions.retain(|line| !line.is_empty());
    Some(Table { part, conditions, head, rows: metrics.iter().map(row).collect() })
}

fn title(metric: Metric) -> String {
    metric.about().title.to_owned()
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
        let conditions: String = self.conditions.iter().map(|conditions| format!("  ({conditions})\n")).collect();
        format!("{}\n{conditions}{}", self.name(), rows().map(line).collect::<String>())
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
        let conditions: String = self.conditions.iter().map(|conditions| format!("{conditions}  \n")).collect();
        format!("{}\n\n{head}{rule}{}", conditions.trim_end(), rows.collect::<String>())
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
        let tables = tables(&report);
        let [build, tree] = &tables[..] else { panic!("{tables:?}") };
        let expected = "\
build
  (profile: release, strip)
  (profile: dev)
                                                  ours  official  × official
  clean release build  99.0 s (disturbed: spread 20 %)     278 s        0.36
  clean dev build                               48.7 s         –           –
";
        assert_eq!(build.terminal(), expected);
        let expected = "|  | bare |\n|---|--:|\n| crates in the tree | 49 |\n";
        assert_eq!(tree.markdown().trim_start(), expected);
        let expected = "\
profile: release, strip  
profile: dev

|  | ours | official | × official |
|---|--:|--:|--:|
| clean release build | 99.0 s (disturbed: spread 20 %) | 278 s | 0.36 |
| clean dev build | 48.7 s | – | – |
";
        assert_eq!(build.markdown(), expected);
    }
}
