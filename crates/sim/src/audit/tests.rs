//! An auditor who finds nothing may be blind: each of these changes one thing, and is found.

#![allow(clippy::unwrap_used)]

use holdfast_core::ledger::{EntryReason, JournalEntry, Side};
use holdfast_core::money::Money;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{AttemptState, Decline};
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::{CancelReason, IntentState};
use holdfast_core::payment::method::MethodState;
use holdfast_core::payment::refund::{RefundMethod, RefundReason};
use holdfast_core::row::Record;
use holdfast_core::time::{Span, Timestamp};

use super::*;
use crate::simulation::evidence_of;

/// A seed whose run has some of nearly everything.
const SEED: u64 = 13;
/// A seed in whose run a refund takes back a part of a transfer.
const PULLED: u64 = 4;
/// A seed in whose run a payout fails.
const UNPAID: u64 = 2;
/// A seed in whose run a bank takes money after the attempt had been given up.
const LATE: u64 = 96;

fn all(evidence: &Evidence) -> Vec<String> {
    let mut findings = at_any_time(evidence);
    findings.extend(once_answered(evidence));
    findings.extend(at_the_end(evidence));
    findings
}

fn more(amount: Money) -> Money {
    Money::new(amount.minor() + 1, amount.currency())
}

/// Writes other entries of a reason and sums them up anew: books that agree with themselves.
fn rebook(
    evidence: &mut Evidence,
    reason: EntryReason,
    write: fn(JournalEntry) -> Option<JournalEntry>,
) {
    let count = evidence.entries.iter().filter(|entry| entry.reason == reason).count();
    assert_ne!(count, 0, "nothing was booked as {}", reason.name());
    let entries = std::mem::take(&mut evidence.entries).into_iter();
    let entries = entries.filter_map(|it| if it.reason == reason { write(it) } else { Some(it) });
    evidence.entries = entries.collect();
    evidence.balances.clear();
    for posting in evidence.entries.iter().flat_map(|entry| &entry.postings) {
        let key = (posting.account, posting.amount.currency());
        *evidence.balances.entry(key).or_default() += posting.signed_minor();
    }
}

/// The same entry with the columns exchanged.
fn reversed(mut entry: JournalEntry) -> Option<JournalEntry> {
    for posting in &mut entry.postings {
        posting.side = match posting.side {
            Side::Debit => Side::Credit,
            Side::Credit => Side::Debit,
        };
    }
    Some(entry)
}

/// The same entry with a cent more in each line.
fn raised(mut entry: JournalEntry) -> Option<JournalEntry> {
    entry.postings.iter_mut().for_each(|posting| posting.amount = more(posting.amount));
    Some(entry)
}

/// Changes something, and what the auditor has to say about it.
type Change = (&'static str, fn(&mut Evidence));

const CHANGES: [Change; 31] = [
    ("I1: the sums of the postings", |it| {
        *it.balances.values_mut().next().unwrap() += 1;
    }),
    ("does not balance", |it| {
        it.entries[0].postings.pop();
    }),
    ("I3: k", |it| {
        it.entries.retain(|entry| entry.reason != EntryReason::Release);
    }),
    ("I1: two entries", |it| {
        let entry = it.entries[0].clone();
        it.entries.push(entry);
    }),
    ("I10: the balances", |it| {
        let released = it.funds.values_mut().find(|funds| !funds.releases.is_empty());
        released.unwrap().releases.pop();
    }),
    ("I10: captured of", |it| {
        let taken = it.captures.iter_mut().find(|it| matches!(it.state, Asked::Succeeded { .. }));
        let taken = taken.unwrap();
        taken.amount = more(taken.amount);
    }),
    ("is another amount there", |it| {
        let refund = it.refunds.iter_mut().find(|it| it.method == RefundMethod::Return);
        let refund = refund.unwrap();
        refund.amount = more(refund.amount);
    }),
    ("I5:", |it| {
        let attempt = it.attempts.values_mut().find(|it| it.refunded.is_positive());
        attempt.unwrap().authorization_mut().unwrap().captured = Money::zero(Currency::USD);
    }),
    ("is told processing_error and stands", |it| {
        let taken = |attempt: &&mut Attempt| {
            attempt.authorization().is_some_and(|hold| hold.captured.is_positive())
        };
        let attempt = it.attempts.values_mut().find(taken).unwrap();
        attempt.state = AttemptState::Declined(Decline::processing_error());
    }),
    ("is still unknown", |it| {
        it.attempts.values_mut().next().unwrap().state = AttemptState::Unknown { looks: 1 };
    }),
    ("is unknown here", |it| {
        it.attempts.pop_first();
    }),
    ("is charged by", |it| {
        let taken = |attempt: &&Attempt| {
            attempt.authorization().is_some_and(|hold| hold.captured.is_positive())
        };
        let payment = it.attempts.values().find(taken).unwrap().intent;
        it.attempts.values_mut().for_each(|attempt| attempt.intent = payment);
    }),
    ("is cancelled, and something was taken", |it| {
        let paid = it.intents.values_mut().find(|it| it.captured.is_positive()).unwrap();
        let (at, reason) = (paid.created, CancelReason::Automatic);
        paid.state = IntentState::Canceled { at, reason, attempt: None };
    }),
    ("I10: refunded of ord_", |it| {
        let order = it.orders.values_mut().next().unwrap();
        order.refunded = more(order.refunded);
    }),
    ("I9:", |it| {
        for funds in it.funds.values_mut() {
            funds.release_after = Some(Timestamp::from_ms(i64::MAX));
        }
    }),
    ("wrote", |it| {
        let order = *it.orders.first_key_value().unwrap().0;
        it.versions.remove(&Order::key(&order));
    }),
    ("I3: k", |it| {
        it.events.clear();
    }),
    ("I7: deliveries of", |it| {
        it.deliveries.pop();
    }),
    ("I1: all accounts hold", |it| {
        *it.balances.values_mut().next().unwrap() += 1;
    }),
    ("short", |it| {
        it.entries.reverse();
    }),
    ("I10: the balances", |it| {
        it.topups.pop().unwrap();
    }),
    ("I10: reversed of tr_", |it| {
        it.reversals.pop().unwrap();
    }),
    ("I10: refunded of fee_", |it| {
        it.fee_refunds.pop().unwrap();
    }),
    ("I10: the fees of ch_", |it| {
        let fee = it.fees.last_mut().unwrap();
        fee.amount = more(fee.amount);
    }),
    ("I10: the balances", |it| rebook(it, EntryReason::ApplicationFee, reversed)),
    ("I10: the balances", |it| rebook(it, EntryReason::RefundRequested, |_| None)),
    ("I10: the balances", |it| rebook(it, EntryReason::TransferReversal, raised)),
    ("I10: the balances", |it| rebook(it, EntryReason::Settlement, reversed)),
    ("is not kept there", |it| {
        let kept = it.methods.iter_mut().find(|it| it.card().is_some()).unwrap();
        let mut card = kept.card().unwrap().clone();
        card.token = CardToken::new("another".to_owned());
        kept.state = MethodState::Saved { card };
    }),
    ("is unknown here", |it| {
        it.verifications.pop_first().unwrap();
    }),
    ("an effect is left", |it| {
        let kind = holdfast_core::effect::EffectKind::MoveClock { ahead: Span::ZERO };
        let id = holdfast_core::id::IdSource::new(1, 1).make();
        it.effects.push(Effect { id, due: it.now, kind, origin: None });
    }),
];

const CHANGES_OF_PULLED: [Change; 1] = [("I10: taken back of ch_", |it| {
    it.reversals.iter_mut().for_each(|back| back.refund = None);
})];

const CHANGES_OF_UNPAID: [Change; 1] =
    [("I10: the balances", |it| rebook(it, EntryReason::PayoutFailed, |_| None))];

/// What was taken too late was also to go back whole, at once.
const CHANGES_OF_LATE: [Change; 2] = [
    ("I4: ch_", |it| {
        let late = it.refunds.iter_mut().filter(|it| it.reason == RefundReason::LateApproval);
        late.for_each(|refund| refund.created = refund.created.after(Span::seconds(1)));
    }),
    (" captured: ", |it| {
        it.refunds.retain(|it| it.reason != RefundReason::LateApproval);
    }),
];

#[test]
fn whatever_is_changed_is_found() {
    let runs = [
        (SEED, &CHANGES[..]),
        (PULLED, &CHANGES_OF_PULLED),
        (UNPAID, &CHANGES_OF_UNPAID),
        (LATE, &CHANGES_OF_LATE),
    ];
    for (seed, changes) in runs {
        assert_eq!(all(&evidence_of(seed)), Vec::<String>::new());
        for (number, (finding, change)) in changes.iter().enumerate() {
            let mut evidence = evidence_of(seed);
            change(&mut evidence);
            let found = all(&evidence);
            assert!(found.iter().any(|it| it.contains(finding)), "{number} {finding}: {found:?}");
        }
    }
}
