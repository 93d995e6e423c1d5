//! Tokens: made of bank accounts, used once, and looked at.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::sellers::BANK;
use crate::shop::Shop;

const NUMBERS: &str = "bank_account[country]=US&bank_account[routing_number]=110000000\
    &bank_account[account_number]=000123456789";

fn valid(value: Value) -> Value {
    assert_eq!(Schema::read().faults("Token_2", &value), Vec::<String>::new(), "{value:#}");
    value
}

#[tokio::test]
async fn a_bank_account_becomes_a_sellers_by_its_token_and_once() {
    let shop = Shop::open();
    let form = format!(
        "{NUMBERS}&bank_account[account_holder_name]=Ada&bank_account[account_holder_type]=company\
         &bank_account[currency]=usd&bank_account[account_type]=checking"
    );
    let made = valid(shop.client.post("/v1/tokens", &form).await.ok());
    let id = text(&made, "id");
    assert!(id.starts_with("btok_"), "{id}");
    assert_eq!((&made["type"], &made["used"]), (&json!("bank_account"), &json!(false)));
    let bank = &made["bank_account"];
    assert_eq!((&bank["last4"], &bank["account_holder_name"]), (&json!("6789"), &json!("Ada")));
    assert_eq!(bank["account"], Value::Null);
    let rows = format!("{:?}", shop.store.all_rows());
    assert!(!rows.contains("000123456789"), "the number was kept");
    let path = format!("/v1/tokens/{id}");
    assert_eq!(shop.client.get(&path).await.ok(), made);

    let (first, second) = (shop.seller("Ada").await, shop.seller("Ben").await);
    let banks = format!("/v1/accounts/{first}/external_accounts");
    let form = format!("external_account={id}&metadata[a]=1");
    let added = shop.client.post(&banks, &form).await.ok();
    assert_eq!((&added["id"], &added["account"]), (&bank["id"], &json!(first)));
    assert_eq!((&added["metadata"], &added["last4"]), (&json!({"a": "1"}), &json!("6789")));
    let used = valid(shop.client.get(&path).await.ok());
    assert_eq!((&used["used"], &used["bank_account"]["account"]), (&json!(true), &json!(first)));

    for seller in [&first, &second] {
        let banks = format!("/v1/accounts/{seller}/external_accounts");
        let refused = shop.client.post(&banks, &form).await;
        assert_eq!(refused.error(), "400 token_already_used external_account");
        let update = format!("external_account={id}");
        let refused = shop.client.post(&format!("/v1/accounts/{seller}"), &update).await;
        assert_eq!(refused.error(), "400 token_already_used external_account");
    }
    let refused = shop.client.post("/v1/accounts", &format!("external_account={id}")).await;
    assert_eq!(refused.error(), "400 token_already_used external_account");
    let banks = shop.client.get(&banks).await.ok();
    assert_eq!(banks["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_account_and_a_changed_one_take_a_token_as_well() {
    let shop = Shop::open();
    let token = shop.client.post("/v1/tokens", NUMBERS).await.ok();
    let form = format!("external_account={}", text(&token, "id"));
    let account = shop.client.post("/v1/accounts", &form).await.ok();
    assert_eq!(account["external_accounts"]["data"][0]["id"], token["bank_account"]["id"]);
    let token = shop.client.post("/v1/tokens", NUMBERS).await.ok();
    let form = format!("external_account={}&metadata[a]=1", text(&token, "id"));
    let path = format!("/v1/accounts/{}", text(&account, "id"));
    let account = shop.client.post(&path, &form).await.ok();
    let banks = account["external_accounts"]["data"].as_array().unwrap();
    assert_eq!(banks.len(), 1, "it takes the place of the one before");
    assert_eq!(banks[0]["id"], token["bank_account"]["id"]);
    let used = shop.client.get(&format!("/v1/tokens/{}", text(&token, "id"))).await.ok();
    assert_eq!(used["used"], true);
}

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_although_the_token_is_used() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "bank-1");
    let token = shop.client.post("/v1/tokens", NUMBERS).await.ok();
    let banks = format!("/v1/accounts/{}/external_accounts", shop.seller("Ada").await);
    let form = format!("external_account={}", text(&token, "id"));
    let first = client.post(&banks, &form).await;
    let second = client.post(&banks, &form).await;
    assert_eq!((second.status, &second.bytes), (200, &first.bytes));
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn a_token_is_given_to_one_of_two_who_ask_at_once() {
    let shop = Shop::open();
    let token = shop.client.post("/v1/tokens", NUMBERS).await.ok();
    let form = format!("external_account={}", text(&token, "id"));
    let (ada, ben) = (shop.seller("Ada").await, shop.seller("Ben").await);
    let paths = [ada, ben].map(|id| format!("/v1/accounts/{id}/external_accounts"));
    let asked = paths.each_ref().map(|path| shop.client.post(path, &form));
    let [ada, ben] = asked;
    let (ada, ben) = tokio::join!(ada, ben);
    let mut statuses = [ada.status, ben.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn a_card_token_shows_its_card_and_nothing_more() {
    let shop = Shop::open();
    let rows: &[(&str, &str)] = &[
        ("tok_1unused", r#"["card","Visa","3184",12,2030,"US","Ada Lovelace",false]"#),
        ("tok_1used", r#"["card","Visa","3184",12,2030,"US",null,true]"#),
        ("tok_visa", r#"["card","Visa","3184",12,2030,"US",null,false]"#),
        ("pm_card_visa", r#"["card","Visa","3184",12,2030,"US",null,false]"#),
    ];
    for (id, expected) in rows {
        let token = valid(shop.client.get(&format!("/v1/tokens/{id}")).await.ok());
        let card = &token["card"];
        let shown = json!([
            token["type"],
            card["brand"],
            card["last4"],
            card["exp_month"],
            card["exp_year"],
            card["country"],
            card["name"],
            token["used"]
        ]);
        assert_eq!(shown.to_string(), *expected, "{id}");
        assert_eq!(token["id"], *id);
    }
    for (id, expected) in [
        ("tok_unheardOf", "404 resource_missing id"),
        ("btok_0000000000000000000000", "404 resource_missing id"),
        ("btok_us", "404 resource_missing id"),
        ("ba_0000000000000000000000", "404 resource_missing id"),
        ("tok_silent", "503 service_unavailable -"),
    ] {
        assert_eq!(shop.client.get(&format!("/v1/tokens/{id}")).await.error(), expected, "{id}");
    }
}

#[tokio::test]
async fn no_token_of_a_card_is_made_here_and_the_answer_says_where() {
    let shop = Shop::open();
    let before = shop.store.all_rows();
    let whole =
        "card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123";
    let rows: &[(&str, &str)] = &[
        (whole, "400 card_number_refused card[number]"),
        ("card[number]=4242", "400 card_number_refused card[number]"),
        ("card[exp_month]=12", "400 card_number_refused card"),
        ("card=tok_visa", "400 card_number_refused card"),
        ("cvc_update[cvc]=123", "400 card_number_refused cvc_update[cvc]"),
    ];
    for (form, expected) in rows {
        let refused = shop.client.post("/v1/tokens", form).await;
        assert_eq!(refused.error(), *expected, "{form}");
        let message = text(&refused.json["error"], "message");
        for word in ["card zone", "POST /v1/tokens", "publishable key", "tok_visa"] {
            assert!(message.contains(word), "{form}: {message}");
        }
    }
    assert_eq!(shop.store.all_rows(), before);
}

#[tokio::test]
async fn what_is_wrong_with_a_bank_account_is_told_by_its_field() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let banks = format!("/v1/accounts/{seller}/external_accounts");
    let before = shop.store.all_rows();
    let rows: &[(&str, &str)] = &[
        ("", "400 parameter_missing bank_account"),
        ("bank_account=ba_1", "400 parameter_invalid_object bank_account"),
        ("bank_account[country]=US", "400 parameter_missing bank_account[account_number]"),
        (
            "bank_account[account_number]=000123456789",
            "400 parameter_missing bank_account[country]",
        ),
        (
            "bank_account[country]=US&bank_account[account_number]=000123456789",
            "400 parameter_missing bank_account[routing_number]",
        ),
        (
            "bank_account[country]=XX&bank_account[account_number]=000123456789",
            "400 country_unsupported bank_account[country]",
        ),
        (
            "bank_account[country]=US&bank_account[routing_number]=1\
             &bank_account[account_number]=000123456789",
            "400 routing_number_invalid bank_account[routing_number]",
        ),
        (
            "bank_account[country]=US&bank_account[routing_number]=110000000\
             &bank_account[account_number]=1",
            "400 account_number_invalid bank_account[account_number]",
        ),
        (
            "bank_account[account_type]=gold",
            "400 parameter_invalid_value bank_account[account_type]",
        ),
        ("account[business_type]=company", "400 parameter_unknown account"),
        ("pii[id_number]=000000000", "400 parameter_unknown pii"),
    ];
    for (form, expected) in rows {
        let known = form.starts_with("account") || form.starts_with("pii");
        let form = if known { format!("{NUMBERS}&{form}") } else { (*form).to_owned() };
        assert_eq!(shop.client.post("/v1/tokens", &form).await.error(), *expected, "{form}");
    }
    let unknown = "external_account=btok_0000000000000000000000";
    let refused = shop.client.post(&banks, unknown).await;
    assert_eq!(refused.error(), "400 resource_missing external_account");
    assert_eq!(shop.store.all_rows(), before);
    assert_eq!(shop.client.post(&banks, BANK).await.status, 200);
}
