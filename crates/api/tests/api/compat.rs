//! The table of `docs/API-COMPAT.md`: every operation of the dialect, and what becomes of it here.
//!
//! It is made from the dialect's operations and from what the API says of itself. Where it is not
//! up to date this test fails; with `HOLDFAST_UPDATE=1` it writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::reference::document;

const OPERATIONS: &str = include_str!("../data/stripe-ops-2026-10-28.json");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/API-COMPAT.md");
const START: &str = "<!-- generated from here on: `cargo xtask generate` -->\n";
const END: &str = "<!-- generated up to here -->\n";

/// Why an operation is not served, by the start of its path; the longest that fits counts.
const ABSENT: &[(&str, &str, &str)] = &[
    ("/v1/account_sessions", OUT, "embedded components are a script of the processor's"),
    ("/v1/accounts/{id}/persons", OUT, "sellers are checked by the platform, not here"),
    ("/v1/accounts/{id}/reject", OUT, "sellers are checked by the platform, not here"),
    ("/v1/accounts", OUT, "not part of a seller's life here"),
    ("/v1/balance_settings", OUT, "payout schedules come with a later version"),
    ("/v1/charges", DIFFERENT, "charges are made by payment intents"),
    ("/v1/checkout/sessions", OUT, "a session is what was opened; open another one"),
    ("/v1/confirmation_tokens", OUT, "made by the processor's own script"),
    ("/v1/country_specs", OUT, "no countries are opened or closed by the processor"),
    ("/v1/customer_sessions", OUT, "embedded components are a script of the processor's"),
    ("/v1/customers/{id}/balance_transactions", OUT, "a balance of invoices"),
    ("/v1/customers/{id}/cash_balance", OUT, "bank transfers; card payments only"),
    ("/v1/customers/{id}/sources", OUT, "sources are older than payment methods"),
    ("/v1/customers/{id}/tax_ids", OUT, "tax ids of invoices"),
    ("/v1/customers/{id}/funding_instructions", OUT, "bank transfers; card payments only"),
    ("/v1/customers", OUT, "not part of card payments"),
    ("/v1/ephemeral_keys", OUT, "keys of mobile SDKs"),
    ("/v1/exchange_rates", OUT, "quotes of rates come as `fx_quotes`"),
    ("/v1/mandates", OUT, "cards need no mandate"),
    ("/v1/payment_intents", OUT, "not part of card payments"),
    ("/v1/payment_links", OUT, "tier 3: a page of the shop opens a session"),
    ("/v1/payment_method_configurations", OUT, "cards are the only method"),
    ("/v1/payment_method_domains", OUT, "wallets of browsers are not offered"),
    ("/v1/payment_methods", OUT, "not part of card payments"),
    ("/v1/products", OUT, "features belong to entitlements of subscriptions"),
    ("/v1/radar/value_list", OUT, "lists of risk rules come with a later version"),
    ("/v1/radar/payment_evaluations", OUT, "risk decisions come with a later version"),
    ("/v1/reviews", OUT, "come with the risk engine"),
    ("/v1/setup_attempts", OUT, "a setup keeps its last error only"),
    ("/v1/setup_intents", OUT, "not part of card payments"),
    ("/v1/shipping_rates", DIFFERENT, "given inline, by `shipping_rate_data`"),
    ("/v1/sources", OUT, "older than payment methods"),
    ("/v1/test_helpers", OUT, "test clocks only"),
];

const OUT: &str = "out of scope";
const DIFFERENT: &str = "different";
const MISSING: &str = "missing";

/// What is served and behaves otherwise, by method and path.
const OTHERWISE: &[(&str, &str)] = &[
    ("POST /v1/checkout/sessions", "lines may name sellers; see Deliberate differences"),
    ("POST /v1/payment_intents/{id}/capture", "not of a session's payment: shipping captures it"),
    ("POST /v1/payouts/{id}/reverse", "always refused: the bank has it"),
    ("POST /v1/refunds/{id}/cancel", "always refused: it is at the network at once"),
    ("POST /v1/tokens", "of bank accounts: cards are exchanged for tokens by the card zone"),
    ("POST /v1/topups/{id}/cancel", "always refused: they succeed at once"),
    ("POST /v1/test_helpers/test_clocks/{id}/advance", "the one clock goes on with real time"),
];

/// Why parameters of sessions, links, payments, setups, charges and refunds are refused, by the
/// whole name or by its last part.
const REFUSED: &[(&str, &str)] = &[
    ("adaptive_pricing", "a session is paid in the currency of its lines"),
    ("allowed_payment_method_types", "`payment_method_types` says it"),
    ("amount_to_confirm", "another amount is said by an update, before the confirmation"),
    ("application_fee", "an older name of `application_fee_amount`"),
    ("application_fee_percent", "of recurring prices; `application_fee_amount` is of one payment"),
    ("branding_settings", "the pay page looks as it looks"),
    (
        "collected_information",
        "of embedded and custom pages; the hosted page is filled in by the buyer",
    ),
    ("confirmation_token", "made by the processor's own script"),
    ("currency_options", "a session is paid in the currency of its lines"),
    ("customer", "a charge's customer is its payment's; refunds go to cards, not to customers"),
    ("customer_account", "customers are `cus_...` here"),
    ("customer_details", "sessions are found by their customer and their payment"),
    ("cvc_token", "a security code goes to the card zone with its card"),
    ("excluded_payment_method_types", "`payment_method_types` says it; a line takes it"),
    ("flow_directions", "a card is kept to be charged; money out goes to bank accounts"),
    ("hooks", "taxes are reckoned by the shop"),
    ("installments", "plans of Mexican and Japanese banks"),
    ("instructions_email", "refunds go to cards; nobody has to say where to"),
    ("integration_identifier", "a word for the processor's own figures"),
    ("invoice_creation", "there are no invoices"),
    ("liability", "taxes are reckoned by the shop"),
    ("mandate", "cards need no mandate"),
    ("optional_items", "the page sells what the session holds"),
    ("origin", "refunds come of charges; there is no cash balance"),
    ("payment_links[application_fee_amount]", "a link's payments do not change after it was made"),
    ("payment_links[line_items]", "a link sells what it was made for; make another one"),
    ("payment_links[on_behalf_of]", "a link's payments do not change after it was made"),
    ("payment_links[payment_intent_data]", "a link's payments do not change after it was made"),
    ("payment_links[shipping_options]", "a link ships as it was made to; make another one"),
    ("payment_links[transfer_data]", "a link's payments do not change after it was made"),
    ("payment_method_collection", "every session takes a payment or a card"),
    ("payment_method_configuration", "cards are the only method"),
    (
        "checkout/sessions[payment_method_data]",
        "of cards that are shown to the buyer again; the page asks for a new one",
    ),
    ("payment_method_options", "of line items: other ways to pay than cards"),
    ("payment_method_types", "a link is paid by card"),
    ("permissions", "of custom pages"),
    ("recurring", "nothing is charged again and again"),
    ("redirect_on_completion", "of embedded pages"),
    ("required", "taxes are reckoned by the shop"),
    ("return_url", "of embedded pages; the hosted page takes `success_url`"),
    ("saved_payment_method_options", "the page asks for a new card"),
    ("setup_intent_data", "of sessions of mode `setup`, which take it"),
    ("setup_intents[payment_method_data]", "a new card is given with the confirmation"),
    ("shipping_rate", "a rate is given inline, by `shipping_rate_data`"),
    ("single_use", "the object of a setup has no place for it"),
    ("statement_descriptor_suffix_kana", "statements are in plain ASCII"),
    ("statement_descriptor_suffix_kanji", "statements are in plain ASCII"),
    ("subscription", "nothing is charged again and again"),
    ("subscription_data", "nothing is charged again and again"),
    ("tax_details", "taxes are reckoned by the shop"),
    ("tax_id", "asked for by vouchers, not by cards"),
    ("tax_rates", "taxes are reckoned by the shop"),
    ("three_d_secure", "the buyer is asked by the network here, not by somebody before it"),
    ("wallet_options", "wallets of browsers are not offered"),
];

/// The operations whose refused parameters all have a reason.
const EXPLAINED: [&str; 6] = [
    "checkout/sessions",
    "payment_links",
    "payment_intents",
    "setup_intents",
    "charges",
    "refunds",
];

/// Why a parameter of an operation is refused.
fn reason(asked: &str, param: &str) -> Option<&'static (&'static str, &'static str)> {
    let resource = EXPLAINED.iter().find(|word| asked.contains(&format!("/v1/{word}")))?;
    let last = param.rsplit('[').next().unwrap_or(param).trim_end_matches(']');
    let whole = format!("{resource}[{param}]");
    REFUSED.iter().find(|(name, _)| *name == whole || *name == last)
}

#[tokio::test]
async fn every_parameter_that_sessions_and_payments_refuse_has_a_reason() {
    let served = served(&document().await);
    let dialect: Value = serde_json::from_str(OPERATIONS).unwrap();
    let mut used = BTreeSet::new();
    for op in dialect["ops"].as_array().unwrap() {
        let Row { asked, refused, .. } = row(op, &served);
        if EXPLAINED.iter().all(|word| !asked.contains(&format!("/v1/{word}"))) {
            continue;
        }
        for param in refused {
            let (name, _) = reason(&asked, &param).unwrap_or_else(|| panic!("{asked}: {param}"));
            used.insert(*name);
        }
    }
    let known: BTreeSet<&str> = REFUSED.iter().map(|(name, _)| *name).collect();
    assert_eq!(known, used, "a reason for a parameter that is not refused");
}

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "`cargo xtask generate` asks for it so")]
async fn the_table_of_the_dialect_is_up_to_date() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(START).expect("the page has a generated part");
    let (_, after) = rest.split_once(END).expect("the generated part ends");
    let table = table(&document().await);
    let wanted = format!("{before}{START}{table}{END}{after}");
    if std::env::var_os("HOLDFAST_UPDATE").is_some() {
        std::fs::write(PAGE, wanted).unwrap();
    } else {
        assert!(page == wanted, "docs/API-COMPAT.md is not up to date: cargo xtask generate");
    }
}

fn table(document: &Value) -> String {
    let served = served(document);
    let dialect: Value = serde_json::from_str(OPERATIONS).unwrap();
    let rows: Vec<Row> =
        dialect["ops"].as_array().unwrap().iter().map(|op| row(op, &served)).collect();
    let mut text = counts(&rows);
    text.push_str("\n| operation | here | what differs, or why not |\n|---|---|---|\n");
    for Row { asked, state, why, .. } in &rows {
        writeln!(text, "| `{asked}` | {state} | {why} |").unwrap();
    }
    text.push_str(
        "\nWhy parameters of sessions, links, payments, setups, charges and refunds \
        are refused:\n\n",
    );
    for (name, why) in REFUSED {
        writeln!(text, "- `{name}`: {why}").unwrap();
    }
    let known: BTreeSet<&str> = rows.iter().map(|row| row.asked.as_str()).collect();
    text.push_str("\nHoldfast's own, by the same conventions:\n\n");
    for (asked, (_, own)) in &served {
        if !known.contains(asked.as_str()) {
            writeln!(text, "- `{asked}`: {}", own["summary"].as_str().unwrap()).unwrap();
        }
    }
    text
}

struct Row {
    asked: String,
    state: &'static str,
    why: String,
    refused: Vec<String>,
}

fn counts(rows: &[Row]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.state).or_default() += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(state, count)| format!("{count} {state}")).collect();
    format!("\n{} operations of the dialect: {}.\n", rows.len(), counts.join(", "))
}

fn row(op: &Value, served: &BTreeMap<String, (BTreeSet<String>, Value)>) -> Row {
    let word = |name: &str| op[name].as_str().unwrap();
    let asked = format!("{} {}", word("method"), template(word("path")));
    let Some((read, _)) = served.get(&asked) else {
        let path = template(word("path"));
        let reason = ABSENT.iter().filter(|(start, ..)| path.starts_with(start));
        let reason = reason.max_by_key(|(start, ..)| start.len());
        let (_, state, why) = reason.unwrap_or(&("", MISSING, "nobody has written it yet"));
        return Row { asked, state, why: (*why).to_owned(), refused: Vec::new() };
    };
    let mut unread = Vec::new();
    find_unread(op["params"].as_object().unwrap(), "", read, &mut unread);
    let otherwise = OTHERWISE.iter().find(|(known, _)| *known == asked).map(|(_, why)| *why);
    let mut why: Vec<String> = otherwise.map(str::to_owned).into_iter().collect();
    if !unread.is_empty() {
        let unread: Vec<String> = unread.iter().map(|name| format!("`{name}`")).collect();
        why.push(format!("refused: {}", unread.join(", ")));
    }
    let state = if otherwise.is_some() { DIFFERENT } else { "supported" };
    Row { asked, state, why: why.join("; "), refused: unread }
}

/// Names of ids differ, `{id}` here and `{charge}` there: a path is the same by its place.
fn template(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let is_name = part.starts_with('{') || part.starts_with(':');
        if is_name { "{id}" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The parameters of each operation that is served.
fn served(document: &Value) -> BTreeMap<String, (BTreeSet<String>, Value)> {
    let mut served = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let mut read = BTreeSet::new();
            for parameter in operation["parameters"].as_array().unwrap() {
                let name = parameter["name"].as_str().unwrap();
                read.insert(name.to_owned());
                // `created[gt]` says that there is `created`, `expand[]` that there is `expand`.
                read.insert(name.split('[').next().unwrap().to_owned());
            }
            let form = &operation["requestBody"]["content"];
            collect(&form["application/x-www-form-urlencoded"]["schema"], "", &mut read);
            collect(&form["multipart/form-data"]["schema"], "", &mut read);
            let asked = format!("{} {}", method.to_ascii_uppercase(), template(path));
            served.insert(asked, (read, operation.clone()));
        }
    }
    served
}

fn collect(schema: &Value, outer: &str, read: &mut BTreeSet<String>) {
    for schema in schema["anyOf"].as_array().into_iter().flatten() {
        collect(schema, outer, read);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], outer, read);
    }
    // Names of the client's own: whatever is asked for is read.
    if schema["additionalProperties"].is_object() {
        read.insert(format!("{outer}[*]"));
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let path = if outer.is_empty() { name.clone() } else { format!("{outer}[{name}]") };
        collect(schema, &path, read);
        read.insert(path);
    }
}

/// Methods of payment that are no cards: their parameters are not listed one by one.
const NO_CARDS: &[&str] = &["payment_method_data", "payment_method_options"];

fn find_unread(
    params: &Map<String, Value>,
    outer: &str,
    read: &BTreeSet<String>,
    unread: &mut Vec<String>,
) {
    for (name, shape) in params {
        let name = name.trim_end_matches('*');
        let path = if outer.is_empty() { name.to_owned() } else { format!("{outer}[{name}]") };
        let is_of_methods =
            NO_CARDS.iter().any(|of| outer == *of || outer.ends_with(&format!("[{of}]")));
        if is_of_methods && !["card", "type", "billing_details", "metadata"].contains(&name) {
            continue;
        }
        if !read.contains(&path) {
            if !read.contains(&format!("{outer}[*]")) {
                unread.push(path);
            }
            continue;
        }
        for inner in objects(shape) {
            find_unread(inner, &path, read, unread);
        }
    }
}

/// The objects that a parameter may hold.
fn objects(shape: &Value) -> Vec<&Map<String, Value>> {
    match shape {
        Value::Object(fields) => {
            if let Some(Value::Object(inner)) = fields.get("object") {
                return vec![inner];
            }
            let any = fields.get("any").and_then(Value::as_array).into_iter().flatten();
            any.chain(fields.get("array")).flat_map(objects).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Vec::new()
        }
    }
}
