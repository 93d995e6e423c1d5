//! Requests about payments, charges and refunds that are refused: each with its status, code and
//! parameter, and nothing changed.

use holdfast_core::row::Row;

use crate::client::text;
use crate::shop::Shop;

/// Path, form, and the status, code and parameter of the answer. `{paid}` is a payment that is
/// paid, `{ch}` its charge, `{re}` a refund of it, `{open}` a payment that waits for a card,
/// `{held}` one that can be captured, `{gone}` one that was called off, `{acct}` a seller.
const TABLE: &[(&str, &str, &str)] = &[
    // How a card is charged, what the sum is made of, what the purchase is called.
    (
        "payment_intents",
        "error_on_requires_action=true",
        "400 parameter_invalid_value error_on_requires_action",
    ),
    (
        "payment_intents",
        "payment_method_options[card][network]=maestro",
        "400 parameter_invalid_value payment_method_options[card][network]",
    ),
    (
        "payment_intents",
        "payment_method_options[card][moto]=1",
        "400 parameter_invalid_boolean payment_method_options[card][moto]",
    ),
    (
        "payment_intents",
        "payment_method_options[card][setup_credential_usage]=monthly",
        "400 parameter_invalid_value payment_method_options[card][setup_credential_usage]",
    ),
    (
        "payment_intents",
        "payment_method_options[card][mandate_options][amount]=5",
        "400 parameter_missing payment_method_options[card][mandate_options][start_date]",
    ),
    (
        "payment_intents",
        "payment_method_options[card][mandate_options][amount]=0",
        "400 amount_too_small payment_method_options[card][mandate_options][amount]",
    ),
    (
        "payment_intents",
        "payment_details[order_reference]=12345678901234567890123456",
        "400 parameter_too_long payment_details[order_reference]",
    ),
    (
        "payment_intents",
        "amount_details[tax][total_tax_amount]=-1",
        "400 parameter_invalid_integer amount_details[tax][total_tax_amount]",
    ),
    (
        "payment_intents",
        "amount_details[line_items][0][quantity]=0&amount_details[line_items][0][product_name]=L",
        "400 parameter_invalid_integer amount_details[line_items][0][quantity]",
    ),
    (
        "payment_intents",
        "amount_details[line_items][0][product_name]=L&amount_details[line_items][0][quantity]=1",
        "400 parameter_missing amount_details[line_items][0][unit_cost]",
    ),
    (
        "payment_intents",
        "amount_details[discount_amount]=1001",
        "400 amount_details_tax_shipping_discount_greater_than_amount amount_details",
    ),
    (
        "payment_intents",
        "amount_details[line_items][0][product_name]=L&amount_details[line_items][0][quantity]=1\
         &amount_details[line_items][0][unit_cost]=999",
        "400 amount_details_amount_mismatch amount_details",
    ),
    (
        "payment_intents/{held}/capture",
        "amount_to_capture=900&amount_details[tax][total_tax_amount]=901",
        "400 amount_details_tax_shipping_discount_greater_than_amount amount_details",
    ),
    (
        "payment_intents/{open}/confirm",
        "mandate_data[customer_acceptance][accepted_at]=1",
        "400 parameter_missing mandate_data[customer_acceptance][type]",
    ),
    (
        "payment_intents/{open}/confirm",
        "mandate_data[customer]=x",
        "400 parameter_unknown mandate_data[customer]",
    ),
    (
        "payment_intents/{open}",
        "radar_options[session][a]=1",
        "400 parameter_invalid_string radar_options[session]",
    ),
    (
        "setup_intents",
        "allowed_payment_method_types[]=klarna",
        "400 parameter_invalid_value allowed_payment_method_types",
    ),
    (
        "setup_intents",
        "payment_method_options[card][request_three_d_secure]=always",
        "400 parameter_invalid_value payment_method_options[card][request_three_d_secure]",
    ),
    ("setup_intents", "single_use[amount]=5", "400 parameter_unknown single_use"),
    // What is said of a new payment.
    (
        "payment_intents",
        "statement_descriptor=22",
        "400 parameter_invalid_value statement_descriptor",
    ),
    (
        "payment_intents",
        "statement_descriptor=A*B",
        "400 parameter_invalid_value statement_descriptor",
    ),
    (
        "payment_intents",
        "statement_descriptor=%C3%84hre",
        "400 parameter_invalid_value statement_descriptor",
    ),
    (
        "payment_intents",
        "statement_descriptor=ABCDEFGHIJKLMNOPQRSTUVW",
        "400 parameter_too_long statement_descriptor",
    ),
    (
        "payment_intents",
        "statement_descriptor_suffix=%3CB%3E",
        "400 parameter_invalid_value statement_descriptor_suffix",
    ),
    (
        "payment_intents",
        "statement_descriptor=",
        "400 parameter_invalid_empty statement_descriptor",
    ),
    ("payment_intents", "description=", "400 parameter_invalid_empty description"),
    ("payment_intents", "receipt_email=salma", "400 parameter_invalid_value receipt_email"),
    ("payment_intents", "shipping[name]=Salma", "400 parameter_missing shipping[address]"),
    ("payment_intents", "shipping[address][city]=Aden", "400 parameter_missing shipping[name]"),
    ("payment_intents", "shipping=home", "400 parameter_invalid_object shipping"),
    (
        "payment_intents",
        "shipping[name]=S&shipping[address][town]=Aden",
        "400 parameter_unknown shipping[address][town]",
    ),
    (
        "payment_intents",
        "shipping[name]=S&shipping[address][country]=YEM",
        "400 parameter_too_long shipping[address][country]",
    ),
    ("payment_intents", "on_behalf_of=acct_1", "404 resource_missing on_behalf_of"),
    (
        "payment_intents",
        "on_behalf_of=acct_0000000000000000000001",
        "404 resource_missing on_behalf_of",
    ),
    (
        "payment_intents",
        "transfer_data[amount]=5",
        "400 parameter_missing transfer_data[destination]",
    ),
    (
        "payment_intents",
        "transfer_data[destination]=acct_0000000000000000000001",
        "404 resource_missing transfer_data[destination]",
    ),
    (
        "payment_intents",
        "transfer_data[destination]={acct}&transfer_data[amount]=101",
        "400 parameter_invalid_value transfer_data[amount]",
    ),
    (
        "payment_intents",
        "transfer_data[destination]={acct}&transfer_data[amount]=0",
        "400 amount_too_small transfer_data[amount]",
    ),
    (
        "payment_intents",
        "transfer_data[destination]={acct}&transfer_data[to]=x",
        "400 parameter_unknown transfer_data[to]",
    ),
    (
        "payment_intents",
        "application_fee_amount=5",
        "400 parameter_invalid_value application_fee_amount",
    ),
    (
        "payment_intents",
        "transfer_data[destination]={acct}&application_fee_amount=101",
        "400 parameter_invalid_value application_fee_amount",
    ),
    (
        "payment_intents",
        "transfer_data[destination]={acct}&application_fee_amount=1.5",
        "400 parameter_invalid_integer application_fee_amount",
    ),
    (
        "payment_intents",
        "transfer_data[destination]={acct}&transfer_data[amount]=5&application_fee_amount=5",
        "400 parameters_exclusive transfer_data[amount]",
    ),
    (
        "payment_intents",
        "confirmation_method=never",
        "400 parameter_invalid_value confirmation_method",
    ),
    ("payment_intents", "capture_method=soon", "400 parameter_invalid_value capture_method"),
    (
        "payment_intents",
        "payment_method_options[card][request_three_d_secure]=never",
        "400 parameter_invalid_value payment_method_options[card][request_three_d_secure]",
    ),
    (
        "payment_intents",
        "payment_method_options[card][capture_method]=automatic",
        "400 parameter_invalid_value payment_method_options[card][capture_method]",
    ),
    (
        "payment_intents",
        "payment_method_options[card][cvc_token]=x",
        "400 parameter_unknown payment_method_options[card][cvc_token]",
    ),
    (
        "payment_intents",
        "payment_method_options[barter][goat]=1",
        "400 parameter_unknown payment_method_options[barter]",
    ),
    (
        "payment_intents",
        "allowed_payment_method_types[]=paypal",
        "400 parameter_invalid_value allowed_payment_method_types",
    ),
    (
        "payment_intents",
        "allowed_payment_method_types[]=barter",
        "400 parameter_invalid_value allowed_payment_method_types",
    ),
    (
        "payment_intents",
        "excluded_payment_method_types[]=card",
        "400 parameter_invalid_value excluded_payment_method_types",
    ),
    (
        "payment_intents",
        "automatic_payment_methods[enabled]=maybe",
        "400 parameter_invalid_boolean automatic_payment_methods[enabled]",
    ),
    ("payment_intents", "transfer_group=", "400 parameter_invalid_empty transfer_group"),
    ("payment_intents", "amount_to_capture=5", "400 parameter_unknown amount_to_capture"),
    ("payment_intents", "expand[]=charges.amount", "400 property_not_expandable expand[0]"),
    // Changes of a payment.
    ("payment_intents/pi_1", "description=x", "404 resource_missing id"),
    ("payment_intents/{open}", "amount=0", "400 amount_too_small amount"),
    ("payment_intents/{open}", "amount=1000000000000", "400 amount_too_large amount"),
    ("payment_intents/{open}", "currency=bitcoin", "400 parameter_invalid_value currency"),
    ("payment_intents/{open}", "confirm=true", "400 parameter_unknown confirm"),
    (
        "payment_intents/{open}",
        "confirmation_method=manual",
        "400 parameter_unknown confirmation_method",
    ),
    (
        "payment_intents/{open}",
        "transfer_data[destination]={acct}",
        "400 parameter_unknown transfer_data[destination]",
    ),
    (
        "payment_intents/{open}",
        "transfer_data[amount]=5",
        "400 parameter_missing transfer_data[destination]",
    ),
    ("payment_intents/{open}", "payment_method=card_1", "400 resource_missing payment_method"),
    ("payment_intents/{held}", "amount=101", "400 payment_intent_unexpected_state -"),
    ("payment_intents/{held}", "currency=eur", "400 payment_intent_unexpected_state -"),
    ("payment_intents/{held}", "capture_method=automatic", "400 payment_intent_unexpected_state -"),
    ("payment_intents/{held}", "payment_method=tok_visa", "400 payment_intent_unexpected_state -"),
    ("payment_intents/{paid}", "amount=101", "400 payment_intent_unexpected_state -"),
    (
        "payment_intents/{paid}",
        "statement_descriptor=LATE",
        "400 payment_intent_unexpected_state -",
    ),
    ("payment_intents/{paid}", "metadata[a][b]=x", "400 parameter_invalid_string metadata[a]"),
    ("payment_intents/{gone}", "amount=101", "400 payment_intent_unexpected_state -"),
    // Their actions.
    ("payment_intents/{open}/confirm", "", "400 payment_intent_unexpected_state -"),
    (
        "payment_intents/{open}/confirm",
        "payment_method=tok_visa&amount=5",
        "400 parameter_unknown amount",
    ),
    (
        "payment_intents/{open}/confirm",
        "payment_method=tok_visa&return_url=shop",
        "400 parameter_invalid_value return_url",
    ),
    (
        "payment_intents/{paid}/confirm",
        "payment_method=tok_visa",
        "400 payment_intent_unexpected_state -",
    ),
    (
        "payment_intents/{gone}/confirm",
        "payment_method=tok_visa",
        "400 payment_intent_unexpected_state -",
    ),
    ("payment_intents/{open}/capture", "", "400 payment_intent_unexpected_state -"),
    ("payment_intents/{paid}/capture", "", "400 payment_intent_unexpected_state -"),
    (
        "payment_intents/{held}/capture",
        "amount_to_capture=2501",
        "400 capture_exceeds_authorization amount_to_capture",
    ),
    (
        "payment_intents/{held}/capture",
        "amount_to_capture=0",
        "400 amount_too_small amount_to_capture",
    ),
    (
        "payment_intents/{held}/capture",
        "application_fee_amount=5",
        "400 parameter_invalid_value application_fee_amount",
    ),
    (
        "payment_intents/{held}/capture",
        "statement_descriptor=1",
        "400 parameter_invalid_value statement_descriptor",
    ),
    (
        "payment_intents/{held}/capture",
        "final_capture=1",
        "400 parameter_invalid_boolean final_capture",
    ),
    ("payment_intents/{held}/capture", "description=x", "400 parameter_unknown description"),
    (
        "payment_intents/{held}/increment_authorization",
        "amount=5000",
        "400 payment_intent_incompatible_payment_method -",
    ),
    ("payment_intents/{paid}/cancel", "", "400 payment_intent_unexpected_state -"),
    ("payment_intents/{gone}/cancel", "", "400 payment_intent_unexpected_state -"),
    (
        "payment_intents/{open}/cancel",
        "cancellation_reason=expired",
        "400 parameter_invalid_value cancellation_reason",
    ),
    ("payment_intents/{open}/apply_customer_balance", "", "404 - -"),
    // Charges.
    ("charges", "amount=100&currency=usd", "404 - -"),
    ("charges/ch_1", "description=x", "404 resource_missing id"),
    ("charges/{ch}", "amount=5", "400 parameter_unknown amount"),
    ("charges/{ch}", "transfer_group=other", "400 parameter_invalid_value transfer_group"),
    (
        "charges/{ch}",
        "fraud_details[user_report]=perhaps",
        "400 parameter_invalid_value fraud_details[user_report]",
    ),
    (
        "charges/{ch}",
        "fraud_details[stripe_report]=x",
        "400 parameter_missing fraud_details[user_report]",
    ),
    ("charges/{ch}", "receipt_email=salma", "400 parameter_invalid_value receipt_email"),
    ("charges/{ch}", "shipping[name]=S", "400 parameter_missing shipping[address]"),
    ("charges/{ch}/capture", "", "400 charge_already_captured -"),
    ("charges/ch_1/capture", "", "404 resource_missing id"),
    (
        "charges/{heldch}/capture",
        "amount=2501",
        "400 capture_exceeds_authorization amount_to_capture",
    ),
    ("charges/{heldch}/capture", "amount_to_capture=5", "400 parameter_unknown amount_to_capture"),
    // Refunds.
    ("refunds", "payment_intent={paid}&currency=eur", "400 parameter_invalid_value currency"),
    (
        "refunds",
        "payment_intent={paid}&reverse_transfer=true",
        "400 parameter_invalid_value reverse_transfer",
    ),
    (
        "refunds",
        "payment_intent={paid}&refund_application_fee=true",
        "400 parameter_invalid_value refund_application_fee",
    ),
    (
        "refunds",
        "payment_intent={paid}&reverse_transfer=yes",
        "400 parameter_invalid_boolean reverse_transfer",
    ),
    ("refunds", "payment_intent={paid}&origin=customer_balance", "400 parameter_unknown origin"),
    ("refunds", "payment_intent={open}", "400 payment_intent_unexpected_state -"),
    ("refunds", "charge={ch}&amount=2401", "400 refund_exceeds_payment amount"),
    ("refunds/{re}", "amount=5", "400 parameter_unknown amount"),
    ("refunds/{re}", "reason=duplicate", "400 parameter_unknown reason"),
    ("refunds/re_1", "metadata[a]=b", "404 resource_missing id"),
    ("refunds/{re}/cancel", "", "400 status_transition_invalid -"),
    ("refunds/re_1/cancel", "", "404 resource_missing id"),
];

/// What a new payment needs beside what a row of the table says.
const NEW: &str = "amount=100&currency=usd";

#[tokio::test]
async fn bad_requests_about_payments_change_nothing() {
    let shop = Shop::open();
    let names = names(&shop).await;
    let (rows, entries) = (shop.store.all_rows(), shop.store.all_entries());
    for (index, (path, form, expected)) in TABLE.iter().enumerate() {
        let fill = |text: &str| {
            names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
        };
        let form =
            if *path == "payment_intents" { format!("{NEW}&{form}") } else { (*form).into() };
        let (path, form) = (format!("/v1/{}", fill(path)), fill(&form));
        let mut client = shop.client.clone();
        if index % 2 == 1 {
            client = client.with("idempotency-key", &format!("k{index}"));
        }
        let answer = client.post(&path, &form).await;
        assert_eq!(answer.error(), *expected, "{path} {form}: {:#}", answer.json);
        let error = &answer.json["error"];
        assert!(!text(error, "message").is_empty(), "{path} {form}");
        if text_or_none(error, "code") == "payment_intent_unexpected_state" {
            assert!(error["payment_intent"]["status"].is_string(), "{path} {form}: {error:#}");
        }
    }
    // What the domain refused is kept under its idempotency key, and nothing else.
    let mut after = shop.store.all_rows();
    after.retain(|stored| rows.contains(stored) || !matches!(*stored.row, Row::Replay(_)));
    assert_eq!(after, rows);
    assert_eq!(shop.store.all_entries(), entries);
}

fn text_or_none<'a>(value: &'a serde_json::Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

async fn names(shop: &Shop) -> Vec<(&'static str, String)> {
    let post = async |path: &str, form: &str| shop.client.post(path, form).await.ok();
    let paid = shop.pay("tok_visa", "transfer_group=basket").await;
    let held = shop.pay("tok_visa", "capture_method=manual").await;
    let open = post("/v1/payment_intents", NEW).await;
    let gone = post("/v1/payment_intents", NEW).await;
    post(&format!("/v1/payment_intents/{}/cancel", text(&gone, "id")), "").await;
    let form = format!("amount=100&payment_intent={}", text(&paid, "id"));
    let refund = post("/v1/refunds", &form).await;
    let name = |value: &serde_json::Value, field: &str| text(value, field).to_owned();
    vec![
        ("{paid}", name(&paid, "id")),
        ("{ch}", name(&paid, "latest_charge")),
        ("{re}", name(&refund, "id")),
        ("{open}", name(&open, "id")),
        ("{heldch}", name(&held, "latest_charge")),
        ("{held}", name(&held, "id")),
        ("{gone}", name(&gone, "id")),
        ("{acct}", shop.seller("Ada").await),
    ]
}
