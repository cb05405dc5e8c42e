//! The chart: what ours takes as a share of what the official crates take, a bar a metric, with the figures in words.
//!
//! It is an SVG of its own, drawn here: a page needs no script for it, and it is legible on light and dark grounds. Widths
//! of texts are estimated, and generously, so that none runs into another whatever font there is.

use super::metric::{Metric, Peer};
use super::pages::{COMPILED, DISTURBED_MEANS, words};
use super::report::Report;
use super::table::Notes;
use super::words::ratio;

/// What the chart shows: for each the less, the better.
const SHOWN: [(Metric, &str); 10] = [
    (Metric::ReleaseWall, "Clean release build"),
    (Metric::ReleaseFullWall, "Same, all operations in ours"),
    (Metric::DevWall, "Clean dev build"),
    (Metric::Crates, "Crates in the tree"),
    (Metric::Binary, "Stripped program"),
    (Metric::InstructionsOne, "Instructions a call, 1 layer"),
    (Metric::InstructionsFifty, "Instructions a call, 50 layers"),
    (Metric::InstructionsStart, "Instructions, start to end"),
    (Metric::CpuFifty, "CPU time a call, 50 layers"),
    (Metric::PeakMemory, "Peak memory, 2,000 calls"),
];

const WIDTH: f64 = 880.0;
const MARGIN: f64 = 20.0;
const SIZE: f64 = 14.0;
const BAR: f64 = 12.0;
const ROW: f64 = 54.0;
/// Where the bars begin, and how long that of the official crates is.
const BARS: f64 = 320.0;
const WHOLE: f64 = 250.0;
/// How wide a character is at most, on average over a text, as a share of its size.
const CHARACTER: f64 = 0.62;

const STYLE: &str = "
    text { font: 14px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328; }
    .title { font-weight: 600; }
    .quiet { fill: #59636e; }
    .whole { fill: #d1d9e0; }
    .ours { fill: #0969da; }
    .bare { fill: #818b98; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .quiet { fill: #9198a1; }
      .whole { fill: #3d444d; }
      .ours { fill: #4493f8; }
      .bare { fill: #9198a1; }
    }
  ";

/// A text, where it begins, and on which line.
struct Text {
    x: f64,
    y: f64,
    class: &'static str,
    words: String,
}

struct Bar {
    x: f64,
    y: f64,
    width: f64,
    class: &'static str,
}

/// What is drawn.
#[derive(Default)]
struct Drawing {
    texts: Vec<Text>,
    bars: Vec<Bar>,
    height: f64,
}

/// Draws the chart. `None` where nothing was measured of both, ours and the official crates.
pub(super) fn chart(report: &Report) -> Option<String> {
    let shown: Vec<_> = SHOWN
        .into_iter()
        .filter_map(|(metric, title)| Some((metric, title, report.ratio(metric, Peer::Official)?)))
        .collect();
    if shown.is_empty() {
        return None;
    }
    let spoken = shown.iter().map(|(_, title, share)| format!("{title}: {} of the official.", ratio(*share)));
    let spoken = spoken.collect::<Vec<_>>().join(" ");
    Some(drawing(report, &shown).svg("Tinsmith beside the official crates", &spoken))
}

fn drawing(report: &Report, shown: &[(Metric, &'static str, f64)]) -> Drawing {
    let mut drawing = Drawing::default();
    let mut y = MARGIN + SIZE;
    drawing.text(MARGIN, y, "title", "Tinsmith beside the official crates: less is better".to_owned());
    y += SIZE * 1.7;
    let mut x = MARGIN;
    for (class, words) in
        [("ours", "ours"), ("bare", "bare hyper + rustls + serde"), ("whole", "official, the whole width")]
    {
        drawing.bars.push(Bar { x, y: y - BAR + 1.0, width: BAR, class });
        drawing.text(x + BAR + 6.0, y, "quiet", words.to_owned());
        x += BAR + 30.0 + width(words);
    }
    y += SIZE * 1.4;
    let notes = Notes::of(&shown.iter().map(|(metric, ..)| *metric).collect::<Vec<_>>());
    for (metric, title, share) in shown {
        drawing.row(report, y, *metric, &format!("{title}{}", notes.mark(*metric)), *share);
        y += ROW;
    }
    let disturbed = drawing.texts.iter().any(|text| text.words.contains('†')).then(|| DISTURBED_MEANS.to_owned());
    let told = [notes.lines().join("; "), COMPILED.to_owned()].into_iter().chain(disturbed).chain([report.made.line()]);
    for line in told.flat_map(|told| wrapped(&told, WIDTH - 2.0 * MARGIN)) {
        y += SIZE * 1.4;
        drawing.text(MARGIN, y, "quiet", line);
    }
    drawing.height = y + MARGIN;
    drawing
}

impl Drawing {
    fn row(&mut self, report: &Report, top: f64, metric: Metric, title: &str, share: f64) {
        let words = |peer: Peer| words(report, metric, peer).unwrap_or_default();
        let first = top + SIZE;
        self.text(MARGIN, first, "title", title.to_owned());
        self.text(MARGIN, first + SIZE * 1.3, "quiet", format!("official {}", words(Peer::Official)));
        let second = first + SIZE * 1.3;
        let bars = [(first, "ours", Peer::Ours, Some(share)), (second, "bare", Peer::Bare, bare(report, metric))];
        for (y, class, peer, share) in bars {
            let Some(share) = share else { continue };
            self.bars.push(Bar { x: BARS, y: y - BAR + 1.0, width: WHOLE, class: "whole" });
            self.bars.push(Bar { x: BARS, y: y - BAR + 1.0, width: WHOLE * share.clamp(0.004, 1.0), class });
            let said = format!("{} {}, {} × official", peer.title(), words(peer), ratio(share));
            self.text(BARS + WHOLE + 12.0, y, if class == "ours" { "title" } else { "quiet" }, said);
        }
    }

    fn text(&mut self, x: f64, y: f64, class: &'static str, words: String) {
        self.texts.push(Text { x, y, class, words });
    }

    fn svg(&self, title: &str, spoken: &str) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" height=\"{height:.0}\" \
             role=\"img\" aria-labelledby=\"title description\">\n  <title id=\"title\">{}</title>\n  \
             <desc id=\"description\">{}</desc>\n  <style>{STYLE}</style>\n",
            escaped(title),
            escaped(spoken),
            height = self.height,
        );
        for Bar { x, y, width, class } in &self.bars {
            svg += &format!(
                "  <rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\"/>\n"
            );
        }
        for Text { x, y, class, words } in &self.texts {
            svg += &format!("  <text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escaped(words));
        }
        svg + "</svg>\n"
    }
}

/// What bare takes as a share of what the official crates take.
fn bare(report: &Report, metric: Metric) -> Option<f64> {
    let (bare, official) = (report.value(metric, Peer::Bare)?, report.value(metric, Peer::Official)?);
    (official != 0.0).then(|| bare / official)
}

/// How wide a text is at most.
fn width(words: &str) -> f64 {
    words.chars().count() as f64 * SIZE * CHARACTER
}

/// A text in lines of at most this width, broken at spaces.
fn wrapped(words: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + width(word) + width(" ") <= most => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{BAR, CHARACTER, Drawing, SHOWN, SIZE, WIDTH, chart, drawing, width, wrapped};
    use crate::bench::fixture::{report, xml_fault};
    use crate::bench::metric::{Metric, Peer};

    /// Left, top, right and bottom of what is drawn: of texts, and of bars.
    fn boxes(drawing: &Drawing) -> (Vec<[f64; 4]>, Vec<[f64; 4]>) {
        let texts =
            drawing.texts.iter().map(|text| [text.x, text.y - SIZE, text.x + width(&text.words), text.y + SIZE * 0.25]);
        let bars = drawing.bars.iter().map(|bar| [bar.x, bar.y, bar.x + bar.width, bar.y + BAR]);
        (texts.collect(), bars.collect())
    }

    fn overlap(one: &[f64; 4], other: &[f64; 4]) -> bool {
        one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
    }

    #[test]
    fn nothing_runs_into_another() {
        // Figures as wide as they get, and more of ours than of the official crates.
        let wide = report(|metric, peer| match peer {
            Peer::Official => Some(999_999.0),
            Peer::Ours if metric == Metric::Crates => Some(2_000_000.0),
            _ => Some(41_234.5),
        });
        let mut disturbed = wide.clone();
        disturbed.figures.iter_mut().for_each(|figure| figure.disturbed = Some("spread 20 %".to_owned()));
        for report in [report(|_, peer| Some(if peer == Peer::Official { 100.0 } else { 1.0 })), wide, disturbed] {
            let shown: Vec<_> = SHOWN.iter().map(|(metric, title)| (*metric, *title, 0.5)).collect();
            let drawing = drawing(&report, &shown);
            let (texts, bars) = boxes(&drawing);
            for (at, text) in texts.iter().enumerate() {
                let words = &drawing.texts[at].words;
                assert!(text[0] >= 0.0 && text[2] <= WIDTH && text[3] <= drawing.height, "{words}: {text:?}");
                assert!(!bars.iter().any(|bar| overlap(text, bar)), "{words}");
                for (other, others) in texts.iter().enumerate().skip(at + 1) {
                    assert!(!overlap(text, others), "{words} and {}", drawing.texts[other].words);
                }
            }
        }
    }

    #[test]
    fn is_well_formed_and_says_what_it_shows() {
        let report = report(|_, peer| Some(if peer == Peer::Official { 400.0 } else { 76.0 }));
        let svg = chart(&report).unwrap();
        assert_eq!(xml_fault(&svg), None, "{svg}");
        for said in [
            "role=\"img\" aria-labelledby=\"title description\"",
            "<title id=\"title\">Tinsmith beside the official crates</title>",
            "Clean release build: 0.19 of the official.",
            "prefers-color-scheme: dark",
            ">ours 76.0 s, 0.19 × official<",
            ">official 400 s<",
            // What a machine calls itself is text, not markup.
            "Some&lt;R&gt; &amp; Sons",
        ] {
            assert!(svg.contains(said), "{said}: {svg}");
        }
    }

    #[test]
    fn without_the_official_there_is_no_chart() {
        assert_eq!(chart(&report(|_, peer| (peer != Peer::Official).then_some(1.0))), None);
        // A metric that one of the two lacks has no bar.
        let svg = chart(&report(|metric, _| (metric != Metric::DevWall).then_some(1.0))).unwrap();
        assert!(svg.contains("Clean release build") && !svg.contains("Clean dev build"), "{svg}");
    }

    #[test]
    fn lines_are_broken_at_spaces() {
        let most = 7.0 * SIZE * CHARACTER;
        assert_eq!(wrapped("one two three fourfive six", most), ["one two", "three", "fourfive", "six"]);
    }
}
