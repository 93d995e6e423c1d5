//! docs/BENCHMARKS.md: the part that is measured is written anew, the rest stays.

use std::path::Path;

use anyhow::{Context, Result};

use super::Figure;
use super::about::About;
use super::row::{Asked, Row, Spread, parts, verdict};

/// Between these lines the document is the program's.
const BEGIN: &str = "<!-- cargo xtask bench writes from here -->";
const END: &str = "<!-- to here -->";

/// Writes what was measured into the document.
pub(super) fn write(file: &Path, about: &About, rows: &[(Figure, Vec<Row>)]) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
    let text = replaced(&text, &measured(about, rows))?;
    std::fs::write(file, text).with_context(|| format!("{}", file.display()))
}

fn replaced(text: &str, part: &str) -> Result<String> {
    let marks = || format!("the document has no line {BEGIN} and {END}");
    let (before, rest) = text.split_once(BEGIN).with_context(marks)?;
    let (_, after) = rest.split_once(END).with_context(marks)?;
    Ok(format!("{before}{BEGIN}\n\n{part}\n{END}{after}"))
}

fn measured(about: &About, rows: &[(Figure, Vec<Row>)]) -> String {
    let mut text = about.lines.join("\n");
    text.push_str(
        "\n\n| `--only` | figure | value | reference | value | ratio (min to max) | asked | | day, \
         rounds |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for (figure, rows) in rows {
        for row in rows {
            text.push_str(&line(*figure, row));
        }
    }
    for (figure, rows) in rows {
        for note in rows.iter().flat_map(|row| &row.notes) {
            text.push_str(&format!("\n- `{}`: {note}", figure.name()));
        }
    }
    text.push('\n');
    text
}

fn line(figure: Figure, row: &Row) -> String {
    let name = figure.name();
    let (value, reference) = (shown(row.value(), &row.unit), row.reference_value());
    let reference = match row.ratio() {
        Some(_) => shown(reference, &row.unit),
        None => "-".to_owned(),
    };
    let ratio = row.ratio().map_or_else(
        || "-".to_owned(),
        |Spread { median, least, most }| {
            format!("{} ({} to {})", parts(median), parts(least), parts(most))
        },
    );
    let asked = match row.asked {
        None => "-".to_owned(),
        Some(Asked::RatioAtLeast(least)) => format!("at least {}", parts(least)),
        Some(Asked::RatioAtMost(most)) => format!("at most {} times", parts(most)),
        Some(Asked::ValueAtMost(most)) => format!("at most {most} {}", row.unit),
    };
    let Row { figure, reference: of, day, rounds, .. } = row;
    let (verdict, rounds) = (verdict(row.is_met()), rounds.len());
    format!(
        "| `{name}` | {figure} | {value} | {of} | {reference} | {ratio} | {asked} | {verdict} | \
         {day}, {rounds} |\n"
    )
}

fn shown(spread: Spread, unit: &str) -> String {
    format!("{} {unit}", spread.median)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_between_the_marks_is_written_anew() {
        let text = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let expected = format!("before\n{BEGIN}\n\nnew\n{END}\nafter\n");
        assert_eq!(replaced(&text, "new").unwrap(), expected);
        assert_eq!(replaced(&expected, "new").unwrap(), expected);
        assert!(replaced("without marks", "new").is_err());
    }

    #[test]
    fn a_row_says_what_was_asked_and_whether_it_is_met() {
        let row = Row {
            figure: "f".to_owned(),
            reference: "r".to_owned(),
            unit: "payments/s".to_owned(),
            rounds: vec![(30, 100), (50, 100), (40, 100)],
            asked: Some(Asked::RatioAtLeast(410)),
            day: "2026-11-23".to_owned(),
            notes: Vec::new(),
        };
        assert_eq!(
            line(Figure::Pay, &row),
            "| `pay` | f | 40 payments/s | r | 100 payments/s | 0.40 (0.30 to 0.50) | \
             at least 0.41 | **not met** | 2026-11-23, 3 |\n"
        );
    }
}
