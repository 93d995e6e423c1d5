//! One installation in which money moves in every way there is: what the platform and the sellers
//! are told of their balances adds up, before all has settled and after.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::api::{Api, Form};
use super::audit;
use super::report::refuse;
use super::server::Place;
use super::shop::{self, id};

/// All that a transaction can be, by its type and the word under which reports add it up.
const KINDS: &[&str] = &[
    "adjustment dispute",
    "adjustment dispute_reversal",
    "application_fee platform_earning",
    "application_fee_refund platform_earning_refund",
    "charge charge",
    "payment charge",
    "payment_refund refund",
    "payout payout",
    "payout_cancel payout_reversal",
    "payout_failure payout_reversal",
    "refund refund",
    "refund_failure refund_failure",
    "topup topup",
    "transfer transfer",
    "transfer_refund transfer_reversal",
];
/// How long a notice of the processor may take.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_moves_money_balances_are_their_transactions() {
    let place = Place::new();
    let running = place.start().await;
    let api = running.api();
    let sellers = shop::make_sellers(&api, 2).await;
    sell(&api).await;
    let orders = fulfil(&api).await;
    pass_on(&api, &sellers[0]).await;
    pay_out(&api, &sellers[0], "btok_us").await;
    pay_out(&api, &orders, "btok_us_verified_noAccount").await;
    audit::sweep(&api).await;
    refuse("unlawful at once", &audit::balances_are_their_transactions(&api).await);
    audit::settle(&api).await;
    refuse("unlawful in the end", &audit::balances_are_their_transactions(&api).await);
    let kinds = kinds(&api, [sellers[0].as_str(), &orders]).await;
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), KINDS);
    assert!(running.stop().await.success(), "an orderly stop");
}

/// The platform's own sales: kept, returned, returned in vain, complained about.
async fn sell(api: &Api) {
    for (card, currency) in [("bypassPending", "usd"), ("visa", "usd"), ("visa", "jpy")] {
        let paid = sale(api, card, currency, Form::default()).await;
        api.make("/v1/refunds", &refund_of(&paid).with("amount", 1_000)).await;
    }
    let in_vain = sale(api, "refundFail", "usd", Form::default()).await;
    let refund = api.make("/v1/refunds", &refund_of(&in_vain)).await;
    let part = Form::of(&[("capture_method", "manual")]);
    let part = sale(api, "visa", "eur", part).await;
    let capture = format!("/v1/payment_intents/{}/capture", id(&part));
    api.make(&capture, &Form::of(&[("amount_to_capture", "2300")])).await;
    for evidence in ["winning_evidence", "losing_evidence"] {
        let paid = sale(api, "createDispute", "usd", Form::default()).await;
        let list = format!("/v1/disputes?payment_intent={}", id(&paid));
        let found = api.wait_for(&list, PATIENCE, |list| list["data"][0].is_object()).await;
        let dispute = format!("/v1/disputes/{}", id(&found["data"][0]));
        api.make(&dispute, &Form::of(&[("evidence[uncategorized_text]", evidence)])).await;
    }
    let refund = format!("/v1/refunds/{}", id(&refund));
    let failed = api.wait_for(&refund, PATIENCE, |refund| refund["status"] == "failed").await;
    assert_eq!(failed["status"], "failed", "{failed}");
}

/// Two orders of a basket: one is received and then returned in part, one is only shipped. Answers
/// with the seller of the first.
async fn fulfil(api: &Api) -> String {
    let orders = shop::purchase(api, "tok_visa", 2, 6_000).await;
    for order in &orders {
        api.make(&format!("/v1/orders/{}/ship", id(order)), &Form::default()).await;
    }
    let first = &orders[0];
    api.make(&format!("/v1/orders/{}/confirm_receipt", id(first)), &Form::default()).await;
    let intent = first["payment_intent"].as_str().expect("a payment");
    let refund = Form::of(&[("payment_intent", intent), ("order", id(first)), ("amount", "700")]);
    api.make("/v1/refunds", &refund).await;
    first["seller"].as_str().expect("a seller").to_owned()
}

/// Transfers with a charge and without one, a fee, and what comes back of all of them.
async fn pass_on(api: &Api, seller: &str) {
    api.make("/v1/topups", &Form::of(&[("amount", "20000"), ("currency", "usd")])).await;
    let paid = sale(api, "visa", "usd", Form::default()).await;
    let charge = paid["latest_charge"].as_str().expect("a charge");
    let plain = Form::of(&[("currency", "usd"), ("destination", seller), ("amount", "2500")]);
    for form in [plain.clone(), plain.with("source_transaction", charge)] {
        let transfer = api.make("/v1/transfers", &form).await;
        let reversals = format!("/v1/transfers/{}/reversals", id(&transfer));
        api.make(&reversals, &Form::of(&[("amount", "300")])).await;
    }
    let terms =
        Form::of(&[("transfer_data[destination]", seller), ("application_fee_amount", "200")]);
    let paid = sale(api, "bypassPending", "usd", terms).await;
    let charge = paid["latest_charge"].as_str().expect("a charge");
    let fees = api.object(&format!("/v1/application_fees?charge={charge}")).await;
    let refunds = format!("/v1/application_fees/{}/refunds", id(&fees["data"][0]));
    api.make(&refunds, &Form::of(&[("amount", "50")])).await;
}

/// A payout that is called off, and one that the bank takes or not.
async fn pay_out(api: &Api, seller: &str, bank: &str) {
    let banks = format!("/v1/accounts/{seller}/external_accounts");
    api.make(&banks, &Form::of(&[("external_account", bank)])).await;
    let of_seller = api.of_seller(seller);
    let form = Form::of(&[("amount", "500"), ("currency", "usd")]);
    let payout = of_seller.make("/v1/payouts", &form).await;
    let cancel = format!("/v1/payouts/{}/cancel", id(&payout));
    of_seller.make(&cancel, &Form::default()).await;
    of_seller.make("/v1/payouts", &form.with("method", "instant")).await;
}

async fn sale(api: &Api, card: &str, currency: &str, more: Form) -> Value {
    let form = Form::of(&[("amount", "5000"), ("currency", currency), ("confirm", "true")]);
    let form = form.with("payment_method", format!("pm_card_{card}"));
    api.make("/v1/payment_intents", &form.and(more)).await
}

fn refund_of(paid: &Value) -> Form {
    Form::of(&[("payment_intent", id(paid))])
}

/// What the platform and these sellers have seen.
async fn kinds(api: &Api, sellers: [&str; 2]) -> BTreeSet<String> {
    let of_sellers = sellers.map(|seller| api.of_seller(seller));
    let mut kinds = BTreeSet::new();
    for api in of_sellers.iter().chain([api]) {
        for it in api.all("/v1/balance_transactions", 100).await {
            let word = |name: &str| it[name].as_str().expect("a word").to_owned();
            kinds.insert(format!("{} {}", word("type"), word("reporting_category")));
        }
    }
    kinds
}
