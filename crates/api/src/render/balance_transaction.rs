//! An entry of the journal as a `balance_transaction` of its owner.

use holdfast_core::balance::{Owner, TransactionKind};
use holdfast_core::id::{BalanceTransactionId, EntryId, Id};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;

use crate::objects::{BalanceTransaction, BalanceTransactionWord, Expandable, FeeDetail, Source};

use super::currency;

/// An entry as `owner` sees it at `now`; `None` when it changed nothing for the owner.
pub(crate) fn object(
    entry: &JournalEntry,
    owner: Owner,
    now: Timestamp,
) -> Option<BalanceTransaction> {
    let net = owner.change(entry)?;
    let kind = owner.kind(entry);
    let fee = owner.fee(entry);
    let settles_at = entry.settles_at.unwrap_or(entry.at);
    let fee_details = (fee > 0).then(|| FeeDetail {
        amount: fee,
        application: (),
        currency: currency(net.currency()),
        description: Some("Platform's fee".to_owned()),
        kind: "application_fee",
    });
    Some(BalanceTransaction {
        // A fee is a part of what was released, so that the sum fits.
        amount: net.minor().saturating_add(fee),
        available_on: settles_at.seconds(),
        fee,
        fee_details: fee_details.into_iter().collect(),
        source: Some(Source::Id(entry.source.clone())).filter(|_| !entry.source.is_empty()),
        status: if settles_at > now { "pending" } else { "available" },
        ..moved(entry.id, entry.at, net, kind)
    })
}

/// What an entry changed of a balance: all of it at once, without a fee.
pub(crate) fn moved(
    entry: EntryId,
    at: Timestamp,
    net: Money,
    kind: TransactionKind,
) -> BalanceTransaction {
    BalanceTransaction {
        id: id(entry),
        object: BalanceTransactionWord,
        amount: net.minor(),
        available_on: at.seconds(),
        balance_type: "payments",
        created: at.seconds(),
        currency: currency(net.currency()),
        description: description(kind).map(str::to_owned),
        exchange_rate: (),
        fee: 0,
        fee_details: Vec::new(),
        net: net.minor(),
        reporting_category: kind.category(),
        source: None,
        status: "available",
        kind: kind.name(),
    }
}

/// What the word of the wire leaves open.
fn description(kind: TransactionKind) -> Option<&'static str> {
    let words = [
        (TransactionKind::Dispute, "Chargeback withdrawal"),
        (TransactionKind::DisputeReversal, "Chargeback reversal"),
    ];
    words.iter().find(|(known, _)| *known == kind).map(|(_, words)| *words)
}

/// The id of an entry's balance transaction.
pub(crate) fn id(entry: EntryId) -> String {
    BalanceTransactionId::from_number(entry.number()).to_string()
}

/// The reference to an entry's balance transaction, where a row has one.
pub(crate) fn reference(entry: Option<EntryId>) -> Option<Expandable<BalanceTransaction>> {
    entry.map(|entry| Expandable::Id(id(entry)))
}
