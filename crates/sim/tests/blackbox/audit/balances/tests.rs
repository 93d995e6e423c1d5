//! A law that finds nothing may be blind: each of these changes one thing, and is found.

use serde_json::json;

use super::*;

/// A transaction of dollars by its id, type, amount, fee and source.
fn transaction(id: &str, amount: i64, fee: i64, source: (&str, &str)) -> Value {
    let details = if fee == 0 { json!([]) } else { json!([{ "amount": fee }]) };
    json!({
        "id": id, "amount": amount, "fee": fee, "fee_details": details, "net": amount - fee,
        "currency": "usd",
        "source": { "id": source.1, "object": source.0, "currency": "usd" },
    })
}

fn statement(owner: &str, balance: i64, held: i64, transactions: Vec<Value>) -> Statement {
    let funds = |amount| json!([{ "amount": amount, "currency": "usd" }]);
    Statement {
        owner: owner.to_owned(),
        balance: json!({ "available": funds(balance), "pending": funds(held) }),
        held: vec![json!({ "amount_held": held, "currency": "usd" })],
        paged: transactions.iter().map(|it| text(it, "id").to_owned()).collect(),
        transactions,
    }
}

type World = (Vec<Statement>, BTreeMap<String, i64>);

/// A charge of 100 dollars of which 10 went back, with 60 released to a seller for a fee of 6; a
/// transfer of 8 of which 3 came back; a payout of 5 that failed, and one of 4 that did not.
fn sound() -> World {
    let platform = vec![
        transaction("txn_9", 300, 0, ("transfer_reversal", "trr_1")),
        transaction("txn_7", -800, 0, ("transfer", "tr_1")),
        transaction("txn_5", -5_400, 0, ("charge", "ch_1")),
        transaction("txn_3", -1_000, 0, ("refund", "re_1")),
        transaction("txn_1", 10_000, 0, ("charge", "ch_1")),
    ];
    let seller = vec![
        transaction("txn_c", -400, 0, ("payout", "po_2")),
        transaction("txn_b", 500, 0, ("payout", "po_1")),
        transaction("txn_a", -500, 0, ("payout", "po_1")),
        transaction("txn_9", -300, 0, ("transfer_reversal", "trr_1")),
        transaction("txn_7", 800, 0, ("transfer", "tr_1")),
        transaction("txn_5", 6_000, 600, ("charge", "ch_1")),
    ];
    let moved = [("ch_1", 10_000), ("re_1", -1_000), ("po_1", 0), ("po_2", -400)];
    (
        vec![statement("the platform", 3_100, 0, platform), statement("acct_1", 5_500, 70, seller)],
        moved.map(|(id, amount)| (id.to_owned(), amount)).into(),
    )
}

/// Changes something, and what the law has to say about it.
type Change = (&'static str, fn(&mut World));

const CHANGES: [Change; 14] = [
    // The sign of a fee, told alike everywhere.
    ("a fee of -600", |(all, _)| {
        let sale = &mut all[1].transactions[5];
        (sale["fee"], sale["net"]) = (json!(-600), json!(6_600));
        sale["fee_details"] = json!([{ "amount": -600 }]);
    }),
    ("6000 less 600 is not 6600", |(all, _)| all[1].transactions[5]["net"] = json!(6_600)),
    ("a fee of 600 is []", |(all, _)| all[1].transactions[5]["fee_details"] = json!([])),
    // A refund whose transaction is missing, in the list and in the balance.
    ("re_1 says -1000, the balances 0", |(all, _)| {
        all[0].transactions.remove(3);
        all[0].paged.remove(3);
        all[0].balance = json!({ "available": [{ "amount": 4_100, "currency": "usd" }] });
    }),
    ("the platform: the balance is {\"usd\": 3100}", |(all, _)| {
        all[0].transactions.remove(3);
    }),
    // A reversal that gives the seller what it gives the platform.
    ("trr_1 says 0, the balances 600", |(all, _)| {
        let back = &mut all[1].transactions[3];
        (back["amount"], back["net"]) = (json!(300), json!(300));
        all[1].balance["available"][0]["amount"] = json!(6_100);
    }),
    // A payout that failed and did not come back, and one that came back and was paid.
    ("po_1 says 0, the balances -500", |(all, _)| {
        all[1].transactions.remove(1);
    }),
    ("po_2 says 0, the balances -400", |(_, moved)| {
        moved.insert("po_2".to_owned(), 0);
    }),
    ("acct_1: the balance is", |(all, _)| all[1].held[0]["amount_held"] = json!(60)),
    ("its source does not expand: \"tr_1\"", |(all, _)| {
        all[0].transactions[1]["source"] = json!("tr_1");
    }),
    ("its source does not expand: null", |(all, _)| {
        all[0].transactions[1]["source"] = Value::Null;
    }),
    ("\"eur\" of", |(all, _)| all[0].transactions[1]["currency"] = json!("eur")),
    ("txn_7 comes twice", |(all, _)| {
        let again = all[0].transactions[1].clone();
        all[0].transactions.insert(1, again);
    }),
    ("4 transactions on small pages are not the 5", |(all, _)| {
        all[0].paged.pop();
    }),
];

#[test]
fn whatever_is_changed_is_found() {
    let found = |(statements, moved): &World| problems(statements, moved);
    assert_eq!(found(&sound()), Vec::<String>::new());
    for (finding, change) in CHANGES {
        let mut world = sound();
        change(&mut world);
        let found = found(&world);
        assert!(found.iter().any(|it| it.contains(finding)), "{finding}: {found:?}");
    }
}
