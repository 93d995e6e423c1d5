//! Refusals about rows that are given as they are, without the history that leads to them.

use std::collections::BTreeMap;

use holdfast_core::command::{Command, CreateFeeRefund, FundsCommand, Keep, Request};
use holdfast_core::currency::Currency;
use holdfast_core::decide::decide;
use holdfast_core::fee::ApplicationFee;
use holdfast_core::id::{Id, IdSource, PlatformId, SellerId};
use holdfast_core::key::RowKey;
use holdfast_core::money::Money;
use holdfast_core::replay::Replay;
use holdfast_core::row::Record;
use holdfast_core::rules::Rules;
use holdfast_core::sale::Sale;
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;
use holdfast_core::view::{Stop, StoredRow, View};

const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);

/// The code of the refusal of `command` over `rows`, each written twice before; `ok` without one.
fn refused(rows: Vec<(RowKey, Option<StoredRow>)>, command: Command) -> &'static str {
    let (rules, platform) = (Rules::default(), PlatformId::from_number(1));
    let mut view = View::new(platform, &rules);
    view.insert(RowKey::WebhookEndpoints(platform), None);
    for (key, row) in rows {
        view.insert(key, row);
    }
    let ids = IdSource::new(NOW.ms(), 7);
    let request = Request { platform, ids, effect: None, claim: None, origin: None, command };
    match decide(&view, NOW, &request) {
        Ok(_) => "ok",
        Err(Stop::Refused(refusal)) => refusal.code(),
        Err(Stop::Need(keys)) => panic!("needs {keys:?}"),
    }
}

fn stored<R: Record>(row: R) -> (RowKey, Option<StoredRow>) {
    (row.own_key(), Some(StoredRow { version: 2, row: row.into_row().into() }))
}

#[test]
fn a_row_is_kept_only_as_it_was_seen() {
    let row = || Replay {
        key: "k".to_owned(),
        created: NOW,
        fingerprint: "f".to_owned(),
        subject: None,
        reply: None,
    };
    for (expected, code) in
        [(2, "ok"), (1, "lock_timeout"), (3, "lock_timeout"), (0, "lock_timeout")]
    {
        let keep = Keep { row: row().into_row(), expected, event: None };
        let code_now = refused(vec![stored(row())], Command::Keep(Box::new(keep)));
        assert_eq!(code_now, code, "{expected}");
    }
}

#[test]
fn no_more_of_a_fee_goes_back_than_is_left() {
    let usd = |minor| Money::new(minor, Currency::USD);
    let mut ids = IdSource::new(NOW.ms(), 3);
    let (attempt, intent) = (ids.make(), ids.make());
    let fee = ApplicationFee {
        id: ids.make(),
        created: NOW,
        seller: ids.make(),
        attempt,
        intent,
        transfer: ids.make(),
        amount: usd(100),
        refunded: usd(40),
        refunds: 1,
        entry: None,
    };
    let table = [
        (Some(usd(61)), "fee_refund_exceeds_fee"),
        (Some(usd(0)), "amount_too_small"),
        (Some(Money::new(1, Currency::EUR)), "currency_mismatch"),
        (Some(usd(60)), "ok"),
        (None, "ok"),
    ];
    for (amount, code) in table {
        let metadata = BTreeMap::new();
        let create = CreateFeeRefund { fee: fee.id, amount, metadata };
        let sale = Sale::new(attempt, intent, NOW, usd(0));
        let rows = |seller| vec![stored(fee.clone()), stored(sale.clone()), seller];
        let command = Command::Funds(Box::new(FundsCommand::RefundFee(create)));
        let seller = stored(seller(fee.seller));
        assert_eq!(refused(rows(seller.clone()), command.clone()), code, "{amount:?}");
        // Nobody is there to get it.
        let code = if code == "ok" { "resource_missing" } else { code };
        assert_eq!(refused(rows((seller.0, None)), command), code, "{amount:?}");
    }
}

fn seller(id: SellerId) -> Seller {
    Seller::new(id, NOW, "US", Currency::USD)
}
