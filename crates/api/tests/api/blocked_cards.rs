//! Cards that a shop does not take: `payment_method_options[card][restrictions]` of a session.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const LINE: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=10000\
                    &line_items[0][price_data][product_data][name]=Lamp\
                    &line_items[0][quantity]=1";
const BLOCKS: &str = "payment_method_options[card][restrictions]";
const LINKS: &str = "/v1/payment_links";
const SESSIONS: &str = "/v1/checkout/sessions";

async fn open(shop: &Shop, form: &str) -> Value {
    let made = shop.client.post(SESSIONS, form).await.ok();
    assert_eq!(Schema::read().faults("Session", &made), Vec::<String>::new(), "{made:#}");
    made
}

/// The status of a session after its confirmation, or the refusal.
async fn paid(shop: &Shop, session: &Value, form: &str) -> String {
    let path = format!("/v1/payment_pages/{}/confirm", text(session, "id"));
    let answer = shop.client.post(&path, form).await;
    if answer.status == 200 { text(&answer.ok(), "status").to_owned() } else { answer.error() }
}

#[tokio::test]
async fn a_card_that_is_not_taken_is_refused_before_its_bank_is_asked() {
    let shop = Shop::open();
    // What the shop blocks, and what becomes of a credit card of Visa.
    let table = [
        ("[brands_blocked][]=visa", "400 card_blocked payment_method"),
        (
            "[brands_blocked][]=mastercard&{}[brands_blocked][]=visa",
            "400 card_blocked payment_method",
        ),
        ("[funding_types_blocked][]=credit", "400 card_blocked payment_method"),
        ("[brands_blocked][]=american_express", "complete"),
        ("[brands_blocked][]=discover_global_network", "complete"),
        ("[funding_types_blocked][]=debit&{}[funding_types_blocked][]=prepaid", "complete"),
        ("[brands_blocked]=", "complete"),
    ];
    for (said, expected) in table {
        let form = format!("{LINE}&{BLOCKS}{}", said.replace("{}", BLOCKS));
        let session = open(&shop, &form).await;
        let done = paid(&shop, &session, "payment_method=tok_1unused").await;
        assert_eq!(done, expected, "{said}");
        let path = format!("{SESSIONS}/{}", text(&session, "id"));
        let after = shop.client.get(&path).await.ok();
        assert_eq!(after["payment_intent"].is_null(), expected != "complete", "{said}");
    }
}

#[tokio::test]
async fn what_is_not_taken_is_shown() {
    let shop = Shop::open();
    let form = format!(
        "{LINE}&{BLOCKS}[brands_blocked][]=visa&{BLOCKS}[brands_blocked][]=american_express\
         &{BLOCKS}[funding_types_blocked][]=prepaid"
    );
    let session = open(&shop, &form).await;
    let expected = json!({
        "brands_blocked": ["american_express", "visa"],
        "funding_types_blocked": ["prepaid"],
    });
    assert_eq!(session["payment_method_options"]["card"]["restrictions"], expected);
    let plain = open(&shop, LINE).await;
    assert_eq!(plain["payment_method_options"]["card"].get("restrictions"), None);
}

#[tokio::test]
async fn a_link_says_which_brands_its_sessions_do_not_take() {
    let shop = Shop::open();
    let form = format!("{LINE}&{BLOCKS}[brands_blocked][]=visa");
    let link = shop.client.post(LINKS, &form).await.ok();
    assert_eq!(Schema::read().faults("PaymentLink", &link), Vec::<String>::new(), "{link:#}");
    let path = format!("{LINKS}/{}", text(&link, "id"));
    let blocking =
        |brand: &str| json!({ "card": { "restrictions": { "brands_blocked": [brand] } } });
    assert_eq!(link["payment_method_options"], blocking("visa"));
    let all = ["american_express", "discover_global_network", "mastercard", "visa"];
    let all = all.map(|brand| format!("{BLOCKS}[brands_blocked][]={brand}")).join("&");
    // What is said, and what is blocked then.
    let table = [
        ("metadata[a]=1".to_owned(), Ok(blocking("visa"))),
        (format!("{BLOCKS}[brands_blocked][]=mastercard"), Ok(blocking("mastercard"))),
        (format!("{BLOCKS}="), Ok(Value::Null)),
        (format!("{BLOCKS}[brands_blocked][]=visa"), Ok(blocking("visa"))),
        (format!("{BLOCKS}[brands_blocked]="), Ok(Value::Null)),
        (format!("{BLOCKS}[brands_blocked][]=visa"), Ok(blocking("visa"))),
        ("payment_method_options[card]=".to_owned(), Ok(Value::Null)),
        ("payment_method_options=".to_owned(), Ok(Value::Null)),
        (all, Err(format!("400 parameter_invalid_value {BLOCKS}[brands_blocked]"))),
        (
            format!("{BLOCKS}[funding_types_blocked][]=debit"),
            Err(format!("400 parameter_unknown {BLOCKS}[funding_types_blocked]")),
        ),
    ];
    for (said, expected) in table {
        let answer = shop.client.post(&path, &said).await;
        match expected {
            Ok(options) => assert_eq!(answer.ok()["payment_method_options"], options, "{said}"),
            Err(refused) => assert_eq!(answer.error(), refused, "{said}"),
        }
    }
}

#[tokio::test]
async fn a_kept_card_is_held_to_it_as_well() {
    let shop = Shop::open();
    let owner = shop.client.post("/v1/customers", "name=Ada").await.ok();
    let owner = text(&owner, "id");
    let attach = format!("customer={owner}");
    let card = shop.client.post("/v1/payment_methods/pm_card_visa/attach", &attach).await.ok();
    let form = format!("payment_method={}", text(&card, "id"));
    for (said, expected) in
        [("visa", "400 card_blocked payment_method"), ("mastercard", "complete")]
    {
        let blocks = format!("{LINE}&customer={owner}&{BLOCKS}[brands_blocked][]={said}");
        let session = open(&shop, &blocks).await;
        assert_eq!(paid(&shop, &session, &form).await, expected, "{said}");
    }
}

#[tokio::test]
async fn a_card_that_nobody_can_tell_of_is_not_taken_either() {
    let shop = Shop::open();
    for (token, expected) in [
        ("tok_unheardOf", "400 resource_missing payment_method"),
        ("tok_silent", "503 service_unavailable -"),
    ] {
        let form = format!("{LINE}&{BLOCKS}[brands_blocked][]=american_express");
        let session = open(&shop, &form).await;
        let done = paid(&shop, &session, &format!("payment_method={token}")).await;
        assert_eq!(done, expected, "{token}");
    }
}

#[tokio::test]
async fn a_session_that_keeps_a_card_blocks_as_well() {
    let shop = Shop::open();
    let form = format!("mode=setup&currency=usd&{BLOCKS}[brands_blocked][]=visa");
    let session = open(&shop, &form).await;
    let done = paid(&shop, &session, "payment_method=tok_1unused").await;
    assert_eq!(done, "400 card_blocked payment_method");
}

#[tokio::test]
async fn bad_blocks_are_refused_by_name() {
    let shop = Shop::open();
    let brands = format!("{BLOCKS}[brands_blocked]");
    let fundings = format!("{BLOCKS}[funding_types_blocked]");
    let table = [
        (format!("{brands}[]=amex"), format!("400 parameter_invalid_value {brands}")),
        (format!("{brands}=visa"), format!("400 parameter_invalid_array {brands}")),
        (
            format!(
                "{brands}[]=visa&{brands}[]=mastercard&{brands}[]=american_express\
                 &{brands}[]=discover_global_network"
            ),
            format!("400 parameter_invalid_value {brands}"),
        ),
        (format!("{fundings}[]=gift"), format!("400 parameter_invalid_value {fundings}")),
        (
            format!("{fundings}[]=credit&{fundings}[]=debit&{fundings}[]=prepaid"),
            format!("400 parameter_invalid_value {fundings}"),
        ),
        (format!("{BLOCKS}[countries][]=US"), format!("400 parameter_unknown {BLOCKS}[countries]")),
        (format!("{BLOCKS}=visa"), format!("400 parameter_invalid_object {BLOCKS}")),
    ];
    for (form, expected) in table {
        let answer = shop.client.post(SESSIONS, &format!("{LINE}&{form}")).await.error();
        assert_eq!(answer, expected, "{form}");
    }
}
