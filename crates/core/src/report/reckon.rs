//! Reckoning a report from the journal, entry by entry: nothing is read here.

use std::collections::BTreeMap;

use crate::balance::Owner;
use crate::currency::Currency;
use crate::file::Bytes;
use crate::id::{EntryId, Id};
use crate::ledger::JournalEntry;
use crate::money::Money;
use crate::time::Timestamp;

use super::csv::{self, Field};
use super::{ReportError, ReportParameters, ReportRun, ReportType};

/// The most lines of one report: with about 200 bytes each, the file stays below what one row of
/// the store should hold.
pub const LINES_MAX: usize = 50_000;

/// The change of an owner's balance by one entry: the same as its balance transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// From when on it may be used.
    pub available_at: Timestamp,
    /// What the owner has more, less what was kept of it before.
    pub net: Money,
    /// In minor units: what was kept of it before.
    pub fee: i64,
    /// The dialect's word for it.
    pub category: &'static str,
    /// What it is about.
    pub source: String,
    /// The payment.
    pub payment: Option<String>,
}

impl Change {
    /// What an entry changes for an owner; nothing for what only moves within the owner's accounts.
    pub fn of(owner: Owner, entry: &JournalEntry) -> Option<Change> {
        Some(Change {
            entry: entry.id,
            at: entry.at,
            available_at: entry.settles_at.unwrap_or(entry.at),
            net: owner.change(entry)?,
            fee: owner.fee(entry),
            category: owner.kind(entry).category(),
            source: entry.source.clone(),
            payment: entry.payment.map(|payment| payment.to_string()),
        })
    }
}

/// Sums in minor units, and of how many changes.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: u64,
    net: i64,
    fee: i64,
}

impl Sum {
    fn add(&mut self, other: Sum) -> Result<(), ReportError> {
        self.count = self.count.saturating_add(other.count);
        add(&mut self.net, other.net)?;
        add(&mut self.fee, other.fee)
    }

    fn gross(self) -> Result<i64, ReportError> {
        self.net.checked_add(self.fee).ok_or(ReportError::SumTooLarge)
    }
}

/// A report in the making. It is given the entries in any order.
#[derive(Debug)]
pub struct Reckoner {
    report_type: ReportType,
    parameters: ReportParameters,
    lines: Vec<Change>,
    before: BTreeMap<Currency, i64>,
    within: BTreeMap<(&'static str, Currency), Sum>,
}

impl Reckoner {
    /// Nothing reckoned yet.
    pub fn new(run: &ReportRun) -> Reckoner {
        Reckoner {
            report_type: run.report_type,
            parameters: run.parameters.clone(),
            lines: Vec::new(),
            before: BTreeMap::new(),
            within: BTreeMap::new(),
        }
    }

    /// The first moment that has to be looked at: the start of all time where the report says
    /// what there was before.
    pub fn from(&self) -> Timestamp {
        match self.report_type {
            ReportType::BalanceSummary => Timestamp::from_ms(i64::MIN),
            ReportType::ChangeItemized | ReportType::ChangeSummary => self.parameters.from,
        }
    }

    /// Takes an entry into account.
    ///
    /// # Errors
    /// A sum that does not fit, and more lines than a file may have.
    pub fn add(&mut self, entry: &JournalEntry) -> Result<(), ReportError> {
        let parameters = &self.parameters;
        if entry.at >= parameters.to {
            return Ok(());
        }
        let Some(change) =
            Change::of(parameters.seller.map_or(Owner::Platform, Owner::Seller), entry)
        else {
            return Ok(());
        };
        let currency = change.net.currency();
        let is_wanted = parameters.currency.is_none_or(|it| it == currency)
            && parameters.category.as_ref().is_none_or(|it| it == change.category);
        if !is_wanted {
            return Ok(());
        }
        let sum = Sum { count: 1, net: change.net.minor(), fee: change.fee };
        if change.at < parameters.from {
            return add(self.before.entry(currency).or_insert(0), sum.net);
        }
        self.within.entry((change.category, currency)).or_default().add(sum)?;
        if self.report_type == ReportType::ChangeItemized {
            if self.lines.len() >= LINES_MAX {
                return Err(ReportError::TooManyLines);
            }
            self.lines.push(change);
        }
        Ok(())
    }

    /// The finished table.
    ///
    /// # Errors
    /// A sum that does not fit.
    pub fn finish(mut self) -> Result<Bytes, ReportError> {
        let rows = match self.report_type {
            ReportType::BalanceSummary => self.balance()?,
            ReportType::ChangeItemized => {
                self.lines.sort_by_key(|line| line.entry);
                self.lines.iter().map(itemized).collect::<Result<_, _>>()?
            }
            ReportType::ChangeSummary => self.summary()?,
        };
        let all = self.report_type.columns();
        let wanted: Vec<usize> = if self.parameters.columns.is_empty() {
            (0..all.len()).collect()
        } else {
            let place = |name: &String| all.iter().position(|known| known == name);
            self.parameters.columns.iter().filter_map(place).collect()
        };
        let mut table = String::new();
        let head: Vec<Field> = all.iter().map(|name| text(name)).collect();
        for row in std::iter::once(head).chain(rows) {
            csv::line(&mut table, wanted.iter().map(|place| &row[*place]));
        }
        Ok(Bytes::new(table.into_bytes()))
    }

    fn summary(&self) -> Result<Vec<Vec<Field>>, ReportError> {
        let mut totals: BTreeMap<Currency, Sum> = BTreeMap::new();
        let mut rows = Vec::new();
        for ((category, currency), sum) in &self.within {
            rows.push(summary_row(category, *currency, *sum)?);
            totals.entry(*currency).or_default().add(*sum)?;
        }
        for (currency, total) in totals {
            rows.push(summary_row("total", currency, total)?);
        }
        Ok(rows)
    }

    /// Before, what happened, what was paid out, and after.
    fn balance(&self) -> Result<Vec<Vec<Field>>, ReportError> {
        let mut currencies: Vec<Currency> = self.before.keys().copied().collect();
        currencies.extend(self.within.keys().map(|(_, currency)| *currency));
        currencies.extend(self.parameters.currency);
        currencies.sort_unstable();
        currencies.dedup();
        let mut rows = Vec::new();
        for currency in currencies {
            let before = self.before.get(&currency).copied().unwrap_or(0);
            let (mut activity, mut payouts) = (Sum::default(), Sum::default());
            for ((category, of), sum) in &self.within {
                if *of == currency {
                    let is_payout = matches!(*category, "payout" | "payout_reversal");
                    if is_payout { &mut payouts } else { &mut activity }.add(*sum)?;
                }
            }
            let mut after = before;
            add(&mut after, activity.net)?;
            add(&mut after, payouts.net)?;
            let (from, to) = (day(self.parameters.from), day(self.parameters.to));
            for (category, description, minor) in [
                ("starting_balance", format!("Starting balance ({from})"), before),
                ("activity_gross", "Account activity".to_owned(), activity.gross()?),
                ("activity_fee", "Less fees".to_owned(), -activity.fee),
                ("activity", "Net balance change from activity".to_owned(), activity.net),
                ("payouts_gross", "Payouts".to_owned(), payouts.gross()?),
                ("payouts_fee", "Less fees".to_owned(), -payouts.fee),
                ("payouts", "Total payouts".to_owned(), payouts.net),
                ("ending_balance", format!("Ending balance ({to})"), after),
            ] {
                let amount = number(minor, currency);
                rows.push(vec![text(category), Field::Text(description), amount, code(currency)]);
            }
        }
        Ok(rows)
    }
}

fn summary_row(category: &str, currency: Currency, sum: Sum) -> Result<Vec<Field>, ReportError> {
    Ok(vec![
        text(category),
        code(currency),
        Field::Number(sum.count.to_string()),
        number(sum.gross()?, currency),
        number(sum.fee, currency),
        number(sum.net, currency),
    ])
}

fn itemized(change: &Change) -> Result<Vec<Field>, ReportError> {
    let entry = change.entry.to_string();
    let digits = entry.strip_prefix(EntryId::PREFIX).unwrap_or_default();
    let (created, available) = (moment(change.at), moment(change.available_at));
    let (net, currency) = (change.net.minor(), change.net.currency());
    let gross = net.checked_add(change.fee).ok_or(ReportError::SumTooLarge)?;
    Ok(vec![
        Field::Text(format!("txn_{digits}")),
        text(&created),
        Field::Text(created),
        text(&available),
        Field::Text(available),
        code(currency),
        number(gross, currency),
        number(change.fee, currency),
        number(net, currency),
        text(change.category),
        text(&change.source),
        text(""),
        Field::Text(change.payment.clone().unwrap_or_default()),
    ])
}

fn add(sum: &mut i64, minor: i64) -> Result<(), ReportError> {
    *sum = sum.checked_add(minor).ok_or(ReportError::SumTooLarge)?;
    Ok(())
}

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

fn code(currency: Currency) -> Field {
    Field::Text(currency.code().to_ascii_lowercase())
}

/// An amount with its point, as people and spreadsheets write it: `-5.00`, `500`, `1.250`.
fn number(minor: i64, currency: Currency) -> Field {
    let amount = Money::new(minor, currency);
    let exponent = usize::from(currency.exponent());
    let digits = format!("{:0>width$}", amount.minor().unsigned_abs(), width = exponent + 1);
    let (whole, fraction) = digits.split_at(digits.len() - exponent);
    let sign = if minor < 0 { "-" } else { "" };
    let point = if exponent == 0 { "" } else { "." };
    Field::Number(format!("{sign}{whole}{point}{fraction}"))
}

const DAY_SECONDS: i64 = 86_400;

/// `2026-11-20 12:00:00`, UTC.
fn moment(at: Timestamp) -> String {
    let second = at.seconds().rem_euclid(DAY_SECONDS);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", day(at))
}

/// `2026-11-20`, UTC, in the calendar of Gregory.
fn day(at: Timestamp) -> String {
    // Days since 0000-03-01, so that the leap day is the last of its year (the algorithm of
    // Howard Hinnant's "chrono-compatible low-level date algorithms").
    let days = at.seconds().div_euclid(DAY_SECONDS).saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        // Computed with: date -u -d @... '+%F %T'
        let table = [
            (0, "1970-01-01 00:00:00"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_709_251_199, "2024-02-29 23:59:59"),
            (1_795_176_000, "2026-11-20 12:00:00"),
            (4_107_542_400, "2100-03-01 00:00:00"),
            (-1, "1969-12-31 23:59:59"),
        ];
        for (seconds, expected) in table {
            assert_eq!(moment(Timestamp::from_seconds(seconds)), expected);
        }
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let table = [
            (500, Currency::USD, "5.00"),
            (-5, Currency::USD, "-0.05"),
            (0, Currency::USD, "0.00"),
            (500, Currency::JPY, "500"),
            (1_250, Currency::KWD, "1.250"),
            (i64::MIN, Currency::USD, "-92233720368547758.08"),
        ];
        for (minor, currency, expected) in table {
            assert_eq!(number(minor, currency), Field::Number(expected.to_owned()));
        }
    }
}
