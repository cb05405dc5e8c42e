//! The report as pages: Markdown of all of it, the section of the README, and what a terminal shows.

use std::fmt::Write;

use anyhow::Context;

use super::metric::{Metric, Peer};
use super::report::{Report, Verdict};
use super::table::tables;
use super::words::{figure, ratio};

/// What the README shows, beside the chart.
const CHOSEN: [Metric; 10] = [
    Metric::ReleaseWall,
    Metric::DevWall,
    Metric::Crates,
    Metric::Binary,
    Metric::InstructionsOne,
    Metric::InstructionsFifty,
    Metric::InstructionsStart,
    Metric::CpuFifty,
    Metric::PerCore64,
    Metric::PeakMemory,
];

/// Between these the README's section is written.
const BEGIN: &str = "<!-- cargo xtask bench: begin -->\n";
const END: &str = "<!-- cargo xtask bench: end -->\n";

/// How the figures are to be read, below those of whatever run.
const READING: &str = "\
A figure is the median of its repetitions. It is called disturbed where these spread over 15 % (of five or more, the middle
half), or where others used more than 15 % of the machine during a build. Seconds belong to the machine and the run: compare
within a page, never between two. Memory of a build is that of its largest process. Instructions are callgrind's, which knows
no SHA instructions of the processor: about 22 k of a signed call. Bytes are those of HTTP, without TCP's headers. `bare` signs nothing,
tries nothing again and reads no settings.
";

/// What a terminal shows.
pub(super) fn terminal(report: &Report) -> String {
    let mut text = format!("{}\n", report.made.line());
    for table in tables(report) {
        text += &format!("\n{}", table.terminal());
    }
    if !report.verdicts.is_empty() {
        text += "\nbudgets:\n";
    }
    for verdict in &report.verdicts {
        text += &format!("  {}  {}\n", if verdict.met { "met    " } else { "NOT MET" }, said(verdict));
    }
    if !report.missing.is_empty() {
        text += "\nmissing:\n";
    }
    report.missing.iter().for_each(|line| text += &format!("  {}\n", line.replace('\n', "\n    ")));
    text
}

/// All of it, as a page of its own. The chart is a file beside it.
pub(super) fn markdown(report: &Report, chart: Option<&str>) -> String {
    let mut text = format!("# The numbers\n\nMade by `cargo xtask bench`: {}.\n", report.made.line());
    for (peer, crates) in &report.made.crates {
        let crates = crates.iter().map(|(name, version)| format!("{name} {version}")).collect::<Vec<_>>();
        text += &format!("\n- {}: {}", peer.title(), crates.join(", "));
    }
    if !report.made.crates.is_empty() {
        text += "\n";
    }
    if let Some(chart) = chart {
        text += &format!("\n![What ours takes as a share of what the official crates take]({chart})\n");
    }
    text += &format!("\n{READING}");
    for table in tables(report) {
        text += &format!("\n## {}\n\n{}", table.name(), table.markdown());
    }
    if !report.verdicts.is_empty() {
        text += "\n## Budgets\n\n| | |\n|---|---|\n";
    }
    for verdict in &report.verdicts {
        text += &format!("| {} | {} |\n", said(verdict), if verdict.met { "met" } else { "**not met**" });
    }
    if !report.missing.is_empty() {
        text += "\n## Missing\n\n";
    }
    report.missing.iter().for_each(|line| text += &format!("- {}\n", line.lines().next().unwrap_or_default()));
    text
}

fn said(verdict: &Verdict) -> String {
    let Verdict { limit, found, .. } = verdict;
    let reason = verdict.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{}: {found}, {limit}{reason}", verdict.metric.about().title)
}

/// The README with its section written anew.
///
/// # Errors
///
/// It has no place for it.
pub(super) fn readme(text: &str, report: &Report) -> anyhow::Result<String> {
    let marks =
        || format!("README.md: expected {:?} and {:?} around the section of the figures", BEGIN.trim(), END.trim());
    let (before, rest) = text.split_once(BEGIN).with_context(marks)?;
    let (_, after) = rest.split_once(END).with_context(marks)?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", section(report)))
}

fn section(report: &Report) -> String {
    let mut text =
        String::from("![What ours takes as a share of what the official crates take](docs/benchmark.svg)\n\n");
    text += "| | ours | official | bare | × official |\n|---|--:|--:|--:|--:|\n";
    for metric in CHOSEN {
        let about = metric.about();
        let cell = |peer| report.value(metric, peer).map_or_else(|| "–".to_owned(), |value| figure(value, about.unit));
        let share = report.ratio(metric, Peer::Official).map_or_else(|| "–".to_owned(), ratio);
        // A string takes whatever is written to it.
        let cells = [Peer::Ours, Peer::Official, Peer::Bare].map(cell).join(" | ");
        let _ = writeln!(text, "| {} | {cells} | {share} |", about.title);
    }
    text + &format!(
        "\nMade by `cargo xtask bench` on {}. All figures, what they were taken under, and the budgets: \
         [docs/benchmark.md](docs/benchmark.md).\n",
        report.made.line()
    )
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, markdown, readme, terminal};
    use crate::bench::fixture::{report, verdict};
    use crate::bench::metric::{Metric, Peer};

    #[test]
    fn what_is_met_and_what_is_missing_is_said_at_the_end() {
        let mut report = report(|metric, _| (metric == Metric::Crates).then_some(1.0));
        report.verdicts = vec![verdict(Metric::ReleaseWall, false), verdict(Metric::Crates, true)];
        report.missing.push("official, which is left out: it does not build\nerror: no".to_owned());
        let shown = terminal(&report);
        let expected = "
budgets:
  NOT MET  clean release build: 0.20 × official, at most 0.19 × official: rustls
  met      crates in the tree: 0.20 × official, at most 0.19 × official

missing:
  official, which is left out: it does not build
    error: no
";
        assert!(shown.ends_with(expected), "{shown}");
        let page = markdown(&report, None);
        let expected = "
## Budgets

| | |
|---|---|
| clean release build: 0.20 × official, at most 0.19 × official: rustls | **not met** |
| crates in the tree: 0.20 × official, at most 0.19 × official | met |

## Missing

- official, which is left out: it does not build
";
        assert!(page.ends_with(expected), "{page}");
        assert!(page.contains("\n- ours: tinsmith-lambda 0.1.0\n") && !page.contains("!["), "{page}");
    }

    #[test]
    fn the_readme_keeps_what_is_around() {
        let report = report(|_, peer| Some(if peer == Peer::Official { 4.0 } else { 1.0 }));
        let text = readme(&format!("before\n{BEGIN}old\n{END}after\n"), &report).unwrap();
        assert!(text.starts_with(&format!("before\n{BEGIN}![")) && text.ends_with(&format!("{END}after\n")), "{text}");
        assert!(
            text.contains("| clean release build | 1.00 s | 4.00 s | 1.00 s | 0.25 |\n") && !text.contains("old"),
            "{text}"
        );
        assert!(text.contains("2026-11-23, commit 012345678"), "{text}");
        assert_eq!(readme(&text, &report).unwrap(), text);
        for bad in ["no marks\n".to_owned(), format!("{BEGIN}no end\n"), format!("{END}{BEGIN}")] {
            let error = readme(&bad, &report).unwrap_err().to_string();
            assert!(error.starts_with("README.md: expected \"<!-- cargo xtask bench: begin -->\""), "{error}");
        }
    }
}
