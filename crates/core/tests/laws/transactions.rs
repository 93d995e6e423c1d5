//! The journal as its owners see it: balance transactions add up to balances, and so do reports.

use std::collections::BTreeMap;

use holdfast_core::balance::{Owner, Sums};
use holdfast_core::currency::Currency;
use holdfast_core::id::{EntryId, Id, ReportRunId};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::money::Money;
use holdfast_core::report::reckon::Reckoner;
use holdfast_core::report::{ReportParameters, ReportRun, ReportState, ReportType};
use holdfast_core::seller::Seller;
use holdfast_core::time::{Span, Timestamp};

use crate::world::World;

/// Holds the balance of the platform and of each seller against its balance transactions, and
/// against the reports that begin at one of the moments of the run.
pub(super) fn check(world: &World, from: Timestamp) {
    let sellers = world.all::<Seller>().into_iter().map(|seller| Owner::Seller(seller.id));
    for owner in sellers.chain([Owner::Platform]) {
        assert_eq!(nets(owner, &world.entries), balance(world, owner), "{owner:?}");
        check_summary(world, owner, from);
        check_items(world, owner);
    }
}

/// What there is, available and pending, where it is more or less than nothing.
fn balance(world: &World, owner: Owner) -> Sums {
    let mut sums = Sums::new();
    for ((account, currency), signed) in &world.balances {
        if owner.part(*account).is_some() {
            *sums.entry(*currency).or_insert(0) -= signed;
        }
    }
    told(sums)
}

/// What the balance transactions of these entries add up to.
fn nets<'a>(owner: Owner, entries: impl IntoIterator<Item = &'a JournalEntry>) -> Sums {
    let mut sums = Sums::new();
    for net in entries.into_iter().filter_map(|entry| owner.change(entry)) {
        *sums.entry(net.currency()).or_insert(0) += net.minor();
    }
    told(sums)
}

fn told(mut sums: Sums) -> Sums {
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// A report of balances begins and ends with what there was, and its lines lead from one to the
/// other.
fn check_summary(world: &World, owner: Owner, from: Timestamp) {
    let lines = report(world, owner, ReportType::BalanceSummary, from);
    let mut by_name: BTreeMap<&str, Sums> = BTreeMap::new();
    for line in &lines {
        let [name, _, amount, currency] = &line[..] else { panic!("{line:?}") };
        let currency = Currency::parse(currency).expect("a currency");
        by_name.entry(name).or_default().insert(currency, minor(amount, currency));
    }
    let of = |name: &str| told(by_name.get(name).cloned().unwrap_or_default());
    let before = world.entries.iter().filter(|entry| entry.at < from);
    assert_eq!(of("starting_balance"), nets(owner, before), "{owner:?} from {from:?}");
    assert_eq!(of("ending_balance"), balance(world, owner), "{owner:?} from {from:?}");
    for (parts, whole) in [
        (vec!["activity_gross", "activity_fee"], "activity"),
        (vec!["payouts_gross", "payouts_fee"], "payouts"),
        (vec!["starting_balance", "activity", "payouts"], "ending_balance"),
    ] {
        let mut sums = Sums::new();
        for (currency, sum) in parts.into_iter().flat_map(of) {
            *sums.entry(currency).or_insert(0) += sum;
        }
        assert_eq!(told(sums), of(whole), "{whole} of {owner:?}");
    }
}

/// An itemized report has a line for each balance transaction, and nothing else.
fn check_items(world: &World, owner: Owner) {
    let lines = report(world, owner, ReportType::ChangeItemized, Timestamp::from_ms(0));
    let mut entries: Vec<(EntryId, Money, i64, &str)> = Vec::new();
    for entry in &world.entries {
        if let Some(net) = owner.change(entry) {
            entries.push((entry.id, net, owner.fee(entry), owner.kind(entry).category()));
        }
    }
    entries.sort_by_key(|(id, ..)| *id);
    assert_eq!(lines.len(), entries.len(), "{owner:?}");
    for (line, (_, net, fee, category)) in lines.iter().zip(entries) {
        let currency = net.currency();
        let said = [6, 7, 8].map(|column| minor(&line[column], currency));
        assert_eq!(said, [net.minor() + fee, fee, net.minor()], "{line:?}");
        assert!(fee >= 0 && line[9] == category, "{line:?}");
    }
}

/// The lines of a report of everything from a moment on, without its head.
fn report(
    world: &World,
    owner: Owner,
    report_type: ReportType,
    from: Timestamp,
) -> Vec<Vec<String>> {
    let seller = match owner {
        Owner::Platform => None,
        Owner::Seller(seller) => Some(seller),
    };
    let to = world.now.after(Span::days(1));
    let parameters = ReportParameters {
        from,
        to,
        currency: None,
        columns: Vec::new(),
        seller,
        timezone: None,
        category: None,
    };
    let id = ReportRunId::from_number(1);
    let state = ReportState::Pending;
    let run = ReportRun { id, created: to, report_type, parameters, state };
    let mut reckoner = Reckoner::new(&run);
    for entry in &world.entries {
        reckoner.add(entry).expect("a short report");
    }
    let table = reckoner.finish().expect("small sums");
    let table = std::str::from_utf8(table.as_slice()).expect("text");
    let cells = |line: &str| line.split(',').map(|cell| cell.replace('"', "")).collect();
    table.lines().skip(1).map(cells).collect()
}

/// An amount as reports write it, in minor units.
fn minor(amount: &str, currency: Currency) -> i64 {
    let decimals = amount.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    assert_eq!(decimals, usize::from(currency.exponent()), "{amount}");
    amount.replace('.', "").parse().expect("an amount")
}
