//! What may be wanted whole: every reference that the dialect lets its clients expand.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::text;
use crate::reference::document;
use crate::schema::Schema;
use crate::shop::Shop;

/// References of the dialect that are ids only here, and why.
const IDS_ONLY: [(&str, &str); 1] =
    [("ApplicationFee.application", "there is one application, the platform, and no object of it")];

#[tokio::test]
async fn every_reference_of_the_dialect_may_be_whole() {
    let (own, schema) = (document().await, Schema::read());
    let dialect = schema.document();
    let mut walk = Walk { own: &own, dialect, seen: BTreeSet::new(), ids: BTreeSet::new() };
    for root in dialect["roots"].as_object().unwrap().values() {
        let name = root["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        if let Some(ours) = own["components"]["schemas"].get(name) {
            walk.compare(name, ours, &dialect["$defs"][name]);
        }
    }
    assert!(walk.seen.len() > 100, "only {} properties were looked at", walk.seen.len());
    let known: BTreeSet<String> = IDS_ONLY.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(walk.ids, known, "the dialect expands these, or they are expanded by now");
}

/// A walk through two documents at once.
struct Walk<'a> {
    own: &'a Value,
    dialect: &'a Value,
    /// The properties that were looked at.
    seen: BTreeSet<String>,
    /// Those that the dialect expands and that are ids only here.
    ids: BTreeSet<String>,
}

impl Walk<'_> {
    fn compare(&mut self, path: &str, own: &Value, dialect: &Value) {
        let (ours, theirs) = (options(self.own, own), options(self.dialect, dialect));
        for own in ours.iter().filter_map(|own| own["properties"].as_object()) {
            for (name, property) in own {
                let dialect = theirs.iter().find_map(|theirs| theirs["properties"].get(name));
                if let Some(dialect) = dialect {
                    self.property(path, name, property, dialect);
                }
            }
        }
    }

    fn property(&mut self, path: &str, name: &str, own: &Value, dialect: &Value) {
        let path = format!("{path}.{name}");
        let (ours, theirs) = (options(self.own, own), options(self.dialect, dialect));
        let is_object = |schema: &&Value| schema["properties"].is_object();
        let is_id = |schema: &&Value| schema["type"] == "string";
        let expands = |all: &[&Value]| all.iter().any(is_id) && all.iter().any(is_object);
        if expands(&theirs) {
            if ours.iter().any(is_id) && !expands(&ours) {
                self.ids.insert(path.clone());
            }
            self.seen.insert(path);
        } else if self.seen.insert(path.clone()) && path.split('.').count() < DEEPEST {
            self.compare(&path, own, dialect);
        }
    }
}

/// How deep objects lie within each other, at most, where no reference is between them.
const DEEPEST: usize = 7;

/// The schemas of all that may stand somewhere, through names, choices and lists.
fn options<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    if let Some(target) = schema["$ref"].as_str() {
        return options(document, document.pointer(target.trim_start_matches('#')).unwrap());
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return any.iter().flat_map(|schema| options(document, schema)).collect();
    }
    match schema.get("items").filter(|items| items.is_object()) {
        Some(items) => options(document, items),
        None => vec![schema],
    }
}

#[tokio::test]
async fn references_are_whole_as_deep_as_they_are_wanted() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let more = format!("transfer_data[destination]={seller}&on_behalf_of={seller}");
    let paid = shop.pay("tok_visa", &more).await;
    let (intent, charge) = (text(&paid, "id"), text(&paid, "latest_charge"));
    let form = format!("charge={charge}&amount=5&reverse_transfer=true");
    let refund = shop.client.post("/v1/refunds", &form).await.ok();
    // The address, what is wanted of it, where that stands, and what stands there.
    let table = [
        (
            format!("/v1/payment_intents/{intent}"),
            "on_behalf_of",
            "/on_behalf_of/object",
            "account",
        ),
        (
            format!("/v1/payment_intents/{intent}"),
            "latest_charge.transfer.destination",
            "/latest_charge/transfer/destination/id",
            seller.as_str(),
        ),
        (
            "/v1/payment_intents".to_owned(),
            "data.latest_charge.balance_transaction.source",
            "/data/0/latest_charge/balance_transaction/source/id",
            charge,
        ),
        (
            format!("/v1/charges/{charge}"),
            "refunds.data.balance_transaction",
            "/refunds/data/0/balance_transaction/type",
            "refund",
        ),
        (
            format!("/v1/charges/{charge}"),
            "payment_intent.latest_charge.on_behalf_of",
            "/payment_intent/latest_charge/on_behalf_of/id",
            seller.as_str(),
        ),
        (
            format!("/v1/refunds/{}", text(&refund, "id")),
            "balance_transaction.source.charge",
            "/balance_transaction/source/charge/id",
            charge,
        ),
        (
            "/v1/charges/search?query=amount%3E1".to_owned(),
            "data.payment_intent",
            "/data/0/payment_intent/id",
            intent,
        ),
    ];
    for (path, wanted, place, expected) in table {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = shop.client.get(&format!("{path}{sign}expand[]={wanted}")).await.ok();
        assert_eq!(answer.pointer(place), Some(&json!(expected)), "{path} {wanted}: {answer:#}");
    }
}

#[tokio::test]
async fn what_is_no_reference_is_refused_where_it_stands() {
    let shop = Shop::open();
    let paid = shop.pay("tok_visa", "").await;
    let path = format!("/v1/payment_intents/{}", text(&paid, "id"));
    let table = [
        ("expand[]=latest_charge&expand[]=amount", "expand[1]"),
        ("expand[]=latest_charge.amount&expand[]=latest_charge", "expand[0]"),
        ("expand[]=customer&expand[]=latest_charge&expand[]=latest_charge.unicorn", "expand[2]"),
        ("expand[]=data.latest_charge", "expand[0]"),
        ("expand[]=shipping.address", "expand[0]"),
    ];
    for (query, param) in table {
        let refused = shop.client.get(&format!("{path}?{query}")).await;
        let error = &refused.json["error"];
        assert_eq!(refused.status, 400, "{query}");
        assert_eq!(error["code"], "property_not_expandable", "{query}");
        assert_eq!(error["param"], param, "{query}: {error:#}");
    }
    // Nothing to show is nothing to expand.
    let bare = shop.client.get(&format!("{path}?expand[]=customer&expand[]=on_behalf_of")).await;
    let bare = bare.ok();
    assert_eq!((&bare["customer"], &bare["on_behalf_of"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_seller_is_not_shown_what_is_the_platforms() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    shop.pay("tok_visa", &format!("transfer_data[destination]={seller}")).await;
    let own = shop.client.with("stripe-account", &seller);
    let seen = own.get("/v1/balance_transactions?expand[]=data.source").await.ok();
    let source = text(&seen["data"][0], "source");
    assert!(source.starts_with("tr_") || source.starts_with("py_"), "{seen:#}");
}
