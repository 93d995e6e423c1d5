//! One row of the table: a figure, its reference, and what was asked for.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Figure;

/// One figure as it was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// What was measured, in words.
    pub(crate) figure: String,
    /// What beside it, in words.
    pub(crate) reference: String,
    /// What the numbers count.
    pub(crate) unit: String,
    /// The figure and its reference in each round.
    pub(crate) rounds: Vec<(u64, u64)>,
    /// What was asked for; without it the row is only told.
    pub(crate) asked: Option<Asked>,
    /// The day.
    pub(crate) day: String,
    /// What else there is to say.
    pub(crate) notes: Vec<String>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// At least this part of the reference, in thousandths.
    RatioAtLeast(u64),
    /// At most this many times the reference, in thousandths.
    RatioAtMost(u64),
    /// At most this, whatever the reference.
    ValueAtMost(u64),
}

/// The middle one of some numbers, and the smallest and the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spread {
    pub(crate) median: u64,
    pub(crate) least: u64,
    pub(crate) most: u64,
}

impl Spread {
    pub(crate) fn of(numbers: impl IntoIterator<Item = u64>) -> Spread {
        let mut sorted: Vec<u64> = numbers.into_iter().collect();
        sorted.sort_unstable();
        let at = |place: usize| sorted.get(place).copied().unwrap_or(0);
        let last = sorted.len().saturating_sub(1);
        Spread { median: at(sorted.len() / 2), least: at(0), most: at(last) }
    }
}

impl Row {
    /// The figure over the rounds.
    pub(crate) fn value(&self) -> Spread {
        Spread::of(self.rounds.iter().map(|(value, _)| *value))
    }

    /// The reference over the rounds.
    pub(crate) fn reference_value(&self) -> Spread {
        Spread::of(self.rounds.iter().map(|(_, reference)| *reference))
    }

    /// The ratio of each round, in thousandths; nothing where there is no reference.
    pub(crate) fn ratio(&self) -> Option<Spread> {
        let compared = self.rounds.iter().filter(|(_, reference)| *reference > 0);
        let ratios: Vec<u64> =
            compared.map(|(value, reference)| value.saturating_mul(1_000) / reference).collect();
        (!ratios.is_empty()).then(|| Spread::of(ratios))
    }

    /// Whether what was asked for was met, by the median.
    pub(crate) fn is_met(&self) -> Option<bool> {
        let ratio = self.ratio().map(|ratio| ratio.median);
        Some(match self.asked? {
            Asked::RatioAtLeast(least) => ratio? >= least,
            Asked::RatioAtMost(most) => ratio? <= most,
            Asked::ValueAtMost(most) => self.value().median <= most,
        })
    }

    /// One line for whoever watches.
    pub(crate) fn told(&self) -> String {
        let ratio = self.ratio().map_or_else(String::new, |ratio| {
            format!(
                ", ratio {} ({} to {})",
                parts(ratio.median),
                parts(ratio.least),
                parts(ratio.most)
            )
        });
        let (value, reference) = (self.value().median, self.reference_value().median);
        let Row { figure, unit, .. } = self;
        format!("{figure}: {value} {unit}, beside {reference}{ratio}, {}", verdict(self.is_met()))
    }

    fn json(&self) -> Value {
        let (kind, limit) = match self.asked {
            None => ("none", 0),
            Some(Asked::RatioAtLeast(limit)) => ("ratio_at_least", limit),
            Some(Asked::RatioAtMost(limit)) => ("ratio_at_most", limit),
            Some(Asked::ValueAtMost(limit)) => ("value_at_most", limit),
        };
        json!({
            "figure": self.figure, "reference": self.reference, "unit": self.unit,
            "rounds": self.rounds, "asked": kind, "limit": limit, "day": self.day,
            "notes": self.notes,
        })
    }

    fn of_json(value: &Value) -> Option<Row> {
        let text = |name: &str| value[name].as_str().map(ToOwned::to_owned);
        let limit = value["limit"].as_u64()?;
        let asked = match value["asked"].as_str()? {
            "ratio_at_least" => Some(Asked::RatioAtLeast(limit)),
            "ratio_at_most" => Some(Asked::RatioAtMost(limit)),
            "value_at_most" => Some(Asked::ValueAtMost(limit)),
            _ => None,
        };
        let rounds = value["rounds"].as_array()?.iter();
        let notes = value["notes"].as_array()?.iter();
        Some(Row {
            figure: text("figure")?,
            reference: text("reference")?,
            unit: text("unit")?,
            rounds: rounds
                .map(|pair| Some((pair[0].as_u64()?, pair[1].as_u64()?)))
                .collect::<Option<_>>()?,
            asked,
            day: text("day")?,
            notes: notes.filter_map(|note| note.as_str().map(ToOwned::to_owned)).collect(),
        })
    }
}

/// Met, not met, or only told.
pub(crate) fn verdict(is_met: Option<bool>) -> &'static str {
    match is_met {
        Some(true) => "met",
        Some(false) => "**not met**",
        None => "told",
    }
}

/// Thousandths with two digits behind the point, rounded down: what is asked for is not met by
/// rounding.
pub(crate) fn parts(permille: u64) -> String {
    format!("{}.{:02}", permille / 1_000, permille % 1_000 / 10)
}

/// Keeps what was measured, so that one figure can be measured again by itself.
pub(crate) fn keep(folder: &Path, figure: Figure, rows: &[Row]) -> Result<()> {
    let rows: Vec<Value> = rows.iter().map(Row::json).collect();
    std::fs::write(file(folder, figure), Value::Array(rows).to_string()).context("the figures")
}

/// What was kept of a figure.
pub(crate) fn kept(folder: &Path, figure: Figure) -> Option<Vec<Row>> {
    let text = std::fs::read(file(folder, figure)).ok()?;
    let rows: Value = serde_json::from_slice(&text).ok()?;
    rows.as_array()?.iter().map(Row::of_json).collect()
}

fn file(folder: &Path, figure: Figure) -> PathBuf {
    folder.join(format!("{}.json", figure.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rounds: &[(u64, u64)], asked: Option<Asked>) -> Row {
        Row { rounds: rounds.to_vec(), asked, day: "2026-11-23".to_owned(), ..Row::default() }
    }

    #[test]
    fn what_is_asked_for_is_met_by_the_median_of_the_ratios() {
        let rounds = [(40, 100), (90, 100), (20, 100)];
        for (asked, expected) in [
            (Some(Asked::RatioAtLeast(400)), Some(true)),
            (Some(Asked::RatioAtLeast(401)), Some(false)),
            (Some(Asked::RatioAtMost(400)), Some(true)),
            (Some(Asked::RatioAtMost(399)), Some(false)),
            (Some(Asked::ValueAtMost(40)), Some(true)),
            (Some(Asked::ValueAtMost(39)), Some(false)),
            (None, None),
        ] {
            assert_eq!(row(&rounds, asked).is_met(), expected, "{asked:?}");
        }
        let ratio = row(&rounds, None).ratio();
        assert_eq!(ratio, Some(Spread { median: 400, least: 200, most: 900 }));
    }

    #[test]
    fn without_a_reference_there_is_no_ratio_and_nothing_is_met_by_it() {
        let alone = row(&[(7, 0)], Some(Asked::RatioAtLeast(0)));
        assert_eq!((alone.ratio(), alone.is_met()), (None, None));
        assert_eq!(row(&[(7, 0)], Some(Asked::ValueAtMost(7))).is_met(), Some(true));
    }

    #[test]
    fn ratios_are_not_rounded_up() {
        for (permille, expected) in [(0, "0.00"), (399, "0.39"), (1_000, "1.00"), (12_345, "12.34")]
        {
            assert_eq!(parts(permille), expected);
        }
    }

    #[test]
    fn what_was_kept_is_what_was_measured() {
        for asked in [
            None,
            Some(Asked::RatioAtLeast(400)),
            Some(Asked::RatioAtMost(8_000)),
            Some(Asked::ValueAtMost(100)),
        ] {
            let notes = vec!["a note".to_owned()];
            let row = Row { notes, ..row(&[(1, 2), (3, 4)], asked) };
            assert_eq!(Row::of_json(&row.json()), Some(row));
        }
    }
}
