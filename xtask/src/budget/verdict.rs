//! What a figure is beside the one that is recorded, and how that is told.

use std::cmp::Ordering;

use super::figure::Figure;
use super::file::{Guarded, NAME, SHARE};
use crate::numbers::grouped;

/// What became of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is what was recorded, within the tolerance.
    Held,
    Better,
    Worse,
}

pub(super) fn judge(now: u64, guarded: &Guarded) -> Verdict {
    match now.cmp(&guarded.recorded) {
        Ordering::Less if guarded.recorded - now > guarded.tolerance => Verdict::Better,
        Ordering::Greater if now - guarded.recorded > guarded.tolerance => Verdict::Worse,
        _ => Verdict::Held,
    }
}

/// What stands above the rows.
pub(super) fn head() -> String {
    line(["", "now", "recorded", "at most", "aim"], "")
}

pub(super) fn row(figure: Figure, now: u64, guarded: &Guarded) -> String {
    let aim = guarded.aim.map(grouped).unwrap_or_default();
    let [now, recorded, at_most] = [now, guarded.recorded, guarded.at_most].map(grouped);
    line([figure.name(), &now, &recorded, &at_most, &aim], figure.unit())
}

fn line([name, now, recorded, at_most, aim]: [&str; 5], unit: &str) -> String {
    format!("{name:20} {now:>10} {recorded:>10} {at_most:>10} {aim:>10}  {unit}").trim_end().to_owned()
}

/// What is to be written where a figure got better.
pub(super) fn better(figure: Figure, now: u64, guarded: &Guarded) -> String {
    let difference = difference(now, guarded.recorded);
    format!("{figure}: {difference} less than recorded: {}", lines(figure, now, guarded))
}

/// What a figure got worse by, where more of it can be seen, and what is to be written if it has to be.
pub(super) fn worse(figure: Figure, now: u64, guarded: &Guarded) -> String {
    let Guarded { recorded, tolerance, unit, .. } = guarded;
    let difference = difference(now, *recorded);
    let [shown, expected, tolerance] = [now, *recorded, *tolerance].map(grouped);
    format!(
        "{figure}: {shown} {unit}, {difference} more than the {expected} that are recorded (tolerance {tolerance}); \
         `{}` shows more; if it has to be, {}",
        figure.more(),
        lines(figure, now, guarded)
    )
}

/// The lines that record a figure.
fn lines(figure: Figure, now: u64, guarded: &Guarded) -> String {
    let best = guarded.best.min(now);
    let mut lines = vec![format!("recorded = {now}")];
    lines.extend((best < guarded.best).then(|| format!("best = {best}")));
    let most = now / SHARE;
    lines.extend((guarded.tolerance > most).then(|| format!("tolerance = {most}")));
    let needs_reason = now > best || now > guarded.at_most;
    lines.extend(needs_reason.then(|| format!("reason = {{ recorded = {now}, text = \"…\" }}")));
    let no_reason = if guarded.reason.is_some() && !needs_reason { ", without its `reason`" } else { "" };
    format!("write under [guarded.{figure}] of {NAME}{no_reason}:\n    {}", lines.join("\n    "))
}

/// How far two figures are apart, and what share of the recorded one that is.
fn difference(now: u64, recorded: u64) -> String {
    let apart = now.abs_diff(recorded);
    // In tenths of a percent.
    let share = (u128::from(apart) * 1000).checked_div(u128::from(recorded));
    let share = share.map(|share| format!(" ({}.{} %)", share / 10, share % 10)).unwrap_or_default();
    format!("{}{share}", grouped(apart))
}

#[cfg(test)]
mod tests {
    use super::super::file::Reason;
    use super::*;

    fn guarded() -> Guarded {
        Guarded {
            unit: "bytes".to_owned(),
            at_most: 3_600_000,
            aim: Some(3_200_000),
            recorded: 3_500_000,
            best: 3_400_000,
            tolerance: 10_000,
            reason: None,
        }
    }

    #[test]
    fn verdicts() {
        for (now, expected) in [
            (0, Verdict::Better),
            (3_489_999, Verdict::Better),
            (3_490_000, Verdict::Held),
            (3_500_000, Verdict::Held),
            (3_510_000, Verdict::Held),
            (3_510_001, Verdict::Worse),
            (u64::MAX, Verdict::Worse),
        ] {
            assert_eq!(judge(now, &guarded()), expected, "{now}");
        }
    }

    #[test]
    fn how_it_is_told() {
        assert_eq!(
            [head(), row(Figure::Binary, 999, &guarded())],
            [
                "                            now   recorded    at most        aim",
                "binary                      999  3,500,000  3,600,000  3,200,000  bytes",
            ]
        );
        assert_eq!(
            worse(Figure::Binary, 3_600_001, &guarded()),
            "binary: 3,600,001 bytes, 100,001 (2.8 %) more than the 3,500,000 that are recorded (tolerance 10,000); `cargo bloat \
             --manifest-path bench/Cargo.toml -p ours --release --crates --config profile.release.strip=false` shows more; if it \
             has to be, write under [guarded.binary] of budget.toml:\n    recorded = 3600001\n    reason = { recorded = 3600001, \
             text = \"…\" }"
        );
        let reason = || Some(Reason { recorded: 3_500_000, text: "TLS".to_owned() });
        for (now, reason, expected) in [
            (
                3_450_000,
                reason(),
                "50,000 (1.4 %) less than recorded: write under [guarded.binary] of budget.toml:\n    recorded = 3450000\n    \
                 reason = { recorded = 3450000, text = \"…\" }",
            ),
            (
                3_300_000,
                reason(),
                "200,000 (5.7 %) less than recorded: write under [guarded.binary] of budget.toml, without its `reason`:\n    \
                 recorded = 3300000\n    best = 3300000",
            ),
            (
                400_000,
                None,
                "3,100,000 (88.5 %) less than recorded: write under [guarded.binary] of budget.toml:\n    recorded = 400000\n    \
                 best = 400000\n    tolerance = 8000",
            ),
        ] {
            assert_eq!(better(Figure::Binary, now, &Guarded { reason, ..guarded() }), format!("binary: {expected}"));
        }
        // Of nothing there is no share.
        let none = Guarded { recorded: 0, best: 0, tolerance: 0, ..guarded() };
        assert!(worse(Figure::Macros, 1, &none).starts_with("macros: 1 bytes, 1 more than the 0 that are recorded"));
    }
}
