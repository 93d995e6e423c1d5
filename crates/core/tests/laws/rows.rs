//! What is stored is read back as it was.

use std::fmt::Debug;

use holdfast_core::row::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::world::World;

/// Writes everything that a world has stored as JSON, and reads it again.
pub(super) fn check(world: &World) {
    world.all_rows().for_each(same);
    world.queue.values().for_each(same);
    world.events.iter().for_each(same);
    world.entries.iter().for_each(same);
}

fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(stored: &T) {
    let text = serde_json::to_string(stored).expect("it can be written");
    let read: T = serde_json::from_str(&text).expect("it can be read");
    assert_eq!(&read, stored, "{text}");
}

/// Rows as they were written once: whoever changes their form has to go on reading these.
#[test]
fn rows_of_before_can_still_be_read() {
    for text in [ORDER, HELD_FUNDS, ATTEMPT, SALE] {
        let row: Row = serde_json::from_str(text).expect(text);
        let again: Value = serde_json::to_value(&row).expect("it can be written");
        let text: Value = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(again, text);
    }
}

/// Sessions of before there were discounts have none, and cost what they cost.
#[test]
fn a_session_of_before_has_no_discount() {
    let row: Row = serde_json::from_str(SESSION).expect(SESSION);
    let Row::CheckoutSession(session) = row else { panic!("another kind of row") };
    assert_eq!(session.discount, None);
    let totals = session.totals().expect("it fits");
    assert_eq!((totals.items.minor(), totals.discount.minor()), (8_600, 0));
    assert_eq!(totals.total.minor(), 9_090);
    let parts = session.parts().expect("it fits");
    assert_eq!(parts[0].total().map(|total| total.minor()), Ok(9_090));
    assert!(!serde_json::to_string(&session).expect("it can be written").contains("discount"));
}

const SESSION: &str = r#"{"checkout_session": {
    "id": "cs_000Bk9000000000000000X", "created": 1795176000000, "currency": "USD",
    "lines": [{"id": "li_000Bk9000000000000000V", "seller": "acct_000Bk9000000000000000W",
        "name": "Teapot", "description": null, "unit": {"minor": 4300, "currency": "USD"},
        "quantity": 2, "excludes_card": false}],
    "shipping_options": [{"name": "post", "amount": {"minor": 490, "currency": "USD"}}],
    "shipping_choice": 0, "customer_email": null, "client_reference": null, "locale": null,
    "success_url": null, "cancel_url": null, "metadata": {}, "payment_metadata": {},
    "secret": "0123456789abcdef", "expires_at": 1795262400000, "intent": null, "state": "open"
}}"#;

/// As above, of rows that are written with more than was said then.
#[test]
fn rows_of_before_gain_what_was_not_said_then() {
    for text in [SESSION, LINK] {
        let row: Row = serde_json::from_str(text).expect(text);
        let again: Value = serde_json::to_value(&row).expect("it can be written");
        let text: Value = serde_json::from_str(text).expect("it is JSON");
        still_said(&text, &again, "");
        same(&row);
    }
}

/// What was said once is still said, whatever is said beside it.
fn still_said(before: &Value, now: &Value, at: &str) {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => before
            .iter()
            .for_each(|(name, value)| still_said(value, &now[name], &format!("{at}/{name}"))),
        (Value::Array(before), Value::Array(now)) => {
            assert_eq!(before.len(), now.len(), "{at}");
            before.iter().zip(now).for_each(|(before, now)| still_said(before, now, at));
        }
        (before, now) => assert_eq!(before, now, "{at}"),
    }
}

const ORDER: &str = r#"{"order": {
    "id": "ord_000Bk9000000000000000Z", "created": 1795176000000,
    "intent": "pi_000Bk9000000000000000Y", "session": "cs_000Bk9000000000000000X",
    "seller": "acct_000Bk9000000000000000W",
    "lines": [{"id": "li_000Bk9000000000000000V", "seller": "acct_000Bk9000000000000000W",
        "name": "Teapot", "description": null, "unit": {"minor": 4300, "currency": "USD"},
        "quantity": 1, "excludes_card": false}],
    "items": {"minor": 4300, "currency": "USD"}, "shipping": {"minor": 0, "currency": "USD"},
    "total": {"minor": 4300, "currency": "USD"}, "refunded": {"minor": 0, "currency": "USD"},
    "customer_email": null, "secret": "0123456789abcdef", "metadata": {}, "shipments": [],
    "funding": {"capturing": {"capture": "cap_000Bk9000000000000000U"}},
    "state": {"shipped": {"at": 1795176000000,
        "protection": {"ends_at": 1800360000000, "extensions": 0}}}
}}"#;

const HELD_FUNDS: &str = r#"{"held_funds": {
    "id": "hf_000Bk9000000000000000Z", "created": 1795176000000,
    "order": "ord_000Bk9000000000000000Z", "intent": "pi_000Bk9000000000000000Y",
    "seller": "acct_000Bk9000000000000000W",
    "amount": {"minor": 4300, "currency": "USD"}, "released": {"minor": 1000, "currency": "USD"},
    "fee": {"minor": 50, "currency": "USD"}, "refunded": {"minor": 0, "currency": "USD"},
    "clawed_back": {"minor": 0, "currency": "USD"},
    "fee_returned": {"minor": 0, "currency": "USD"},
    "releases": [{"id": "hfr_000Bk9000000000000000Z", "at": 1795176000000,
        "amount": {"minor": 1000, "currency": "USD"}, "fee": {"minor": 50, "currency": "USD"},
        "reason": "operator"}],
    "frozen": "refund_failed", "release_after": null
}}"#;

const ATTEMPT: &str = r#"{"attempt": {
    "id": "ch_000Bk9000000000000000Z", "created": 1795176000000,
    "intent": "pi_000Bk9000000000000000Y", "session": null,
    "amount": {"minor": 4300, "currency": "USD"}, "token": "tok_visa", "card": null,
    "return_url": null, "refunded": {"minor": 0, "currency": "USD"},
    "state": {"authorized": {"reference": "sba_1", "code": "A1",
        "amount": {"minor": 4300, "currency": "USD"},
        "captured": {"minor": 4300, "currency": "USD"},
        "capturing": {"minor": 0, "currency": "USD"},
        "returned": {"minor": 0, "currency": "USD"},
        "returning": {"minor": 0, "currency": "USD"},
        "expires_at": 1795780800000, "captures_left": 49}}
}}"#;

/// With the capture that was asked for together with the approval.
const SALE: &str = r#"{"attempt": {
    "id": "ch_000Bk9000000000000000Z", "created": 1795176000000,
    "intent": "pi_000Bk9000000000000000Y", "session": null, "off_session": true,
    "amount": {"minor": 4300, "currency": "USD"}, "token": "tok_visa", "card": null,
    "return_url": null, "refunded": {"minor": 0, "currency": "USD"},
    "capture": "cap_000Bk9000000000000000U", "state": {"sending": {"unsent": 1}}
}}"#;

const LINK: &str = r#"{"payment_link": {
    "id": "plink_000Bk9000000000000000X", "created": 1795176000000, "active": true,
    "lines": [{"id": "li_000Bk9000000000000000V", "price": "price_000Bk9000000000000000V",
        "quantity": 2, "seller": null}],
    "currency": "USD", "inactive_message": null, "after": {"page": {"message": "Thanks"}},
    "payment": {"capture_method": "manual", "description": "A ticket", "receipt_email": null},
    "payment_metadata": {}, "page": {"submit_type": "book", "shipping_countries": []},
    "sessions_max": 5, "metadata": {}, "secret": "0123456789abcdef"
}}"#;
