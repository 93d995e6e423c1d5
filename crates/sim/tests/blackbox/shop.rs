//! What shops ask for, as requests of the API.

use serde_json::Value;

use super::api::{Api, Form};

/// One line of a basket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) seller: &'a str,
    pub(crate) quantity: u64,
    /// The price of one, in cents.
    pub(crate) price: u64,
}

/// A payment without a pay page, its card charged at once.
pub(crate) fn payment(card: &str, capture_method: &str) -> Form {
    let money = Form::of(&[("currency", "usd"), ("capture_method", capture_method)]);
    money.with("payment_method", card).with("confirm", "true")
}

/// A visit to the pay page with a basket.
pub(crate) fn basket(lines: &[Line<'_>]) -> Form {
    let mut form = Form::of(&[("mode", "payment"), ("success_url", "http://127.0.0.1/thanks")]);
    for (place, line) in lines.iter().enumerate() {
        let of_line = |name: &str| format!("line_items[{place}]{name}");
        form = form
            .with(&of_line("[seller]"), line.seller)
            .with(&of_line("[quantity]"), line.quantity)
            .with(&of_line("[price_data][currency]"), "usd")
            .with(&of_line("[price_data][unit_amount]"), line.price)
            .with(&of_line("[price_data][product_data][name]"), "Lamp");
    }
    form
}

/// *Pay now* on the pay page of a session: where it is asked for, and with what.
pub(crate) fn pay_now(session: &Value, card: &str) -> (String, Form) {
    let form = Form::of(&[("payment_method", card)]);
    let form = form.with("expected_amount", &session["amount_total"]);
    (format!("/v1/payment_pages/{}/confirm", id(session)), form)
}

/// Makes so many sellers.
pub(crate) async fn make_sellers(api: &Api, count: usize) -> Vec<String> {
    let mut sellers = Vec::new();
    for number in 0..count {
        let name = format!("Seller {number}");
        let form = Form::of(&[("business_profile[name]", &name), ("country", "DE")]);
        sellers.push(id(&api.make("/v1/accounts", &form).await).to_owned());
    }
    sellers
}

/// A basket of several sellers, each with one thing at the same price, paid. Answers with the
/// orders.
pub(crate) async fn purchase(api: &Api, card: &str, sellers: usize, price: u64) -> Vec<Value> {
    let sellers = make_sellers(api, sellers).await;
    let lines: Vec<Line<'_>> =
        sellers.iter().map(|seller| Line { seller, quantity: 1, price }).collect();
    let session = api.make("/v1/checkout/sessions", &basket(&lines)).await;
    let (path, form) = pay_now(&session, card);
    let paid = api.make(&path, &form).await;
    let intent = paid["payment_intent"].as_str().expect("a payment");
    let orders = api.object(&format!("/v1/orders?payment_intent={intent}")).await;
    orders["data"].as_array().expect("orders").clone()
}

/// The id of an object that has one.
#[track_caller]
pub(crate) fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap_or_else(|| panic!("no id in {object}"))
}
