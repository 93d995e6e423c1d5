//! Sellers: their accounts, their bank accounts, and the links that let them in.

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::schema::Schema;
use crate::shop::Shop;

/// A US bank account by its published test number.
pub(crate) const BANK: &str = "external_account[object]=bank_account&external_account[country]=US\
    &external_account[routing_number]=110000000&external_account[account_number]=000123456789";

fn valid(object: &str, value: Value) -> Value {
    assert_eq!(Schema::read().faults(object, &value), Vec::<String>::new(), "{value:#}");
    value
}

async fn account(client: &Client, form: &str) -> Value {
    valid("Account", client.post("/v1/accounts", form).await.ok())
}

#[tokio::test]
async fn an_account_without_parameters_may_sell_and_says_what_it_lacks() {
    let shop = Shop::open();
    let account = account(&shop.client, "").await;
    assert_eq!(account["capabilities"], json!({"card_payments": "active", "transfers": "active"}));
    let flags = ["charges_enabled", "payouts_enabled", "details_submitted"];
    assert_eq!(flags.map(|name| account[name].as_bool().unwrap()), [true, false, false]);
    let due: Vec<&str> = account["requirements"]["currently_due"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert!(due.contains(&"external_account") && due.contains(&"tos_acceptance.date"), "{due:?}");
    assert_eq!(account["requirements"]["disabled_reason"], Value::Null);
    assert_eq!((&account["country"], &account["type"]), (&json!("US"), &json!("custom")));
}

#[tokio::test]
async fn an_account_keeps_what_is_said_of_it() {
    let shop = Shop::open();
    let form = "type=express&country=DE&email=salma@shop.example&business_type=individual\
        &business_profile[name]=Lamps&business_profile[url]=https://lamps.example\
        &business_profile[mcc]=5719&business_profile[product_description]=Lamps+of+glass\
        &business_profile[support_email]=help@lamps.example\
        &business_profile[support_address][city]=Leipzig\
        &individual[first_name]=Salma&individual[last_name]=Haddad&individual[dob][day]=1\
        &individual[dob][month]=2&individual[dob][year]=1990&individual[id_number]=987654321\
        &individual[address][line1]=Markt+1&company[name]=Lamps+GmbH&company[tax_id]=987654321\
        &capabilities[card_payments][requested]=true\
        &capabilities[sepa_debit_payments][requested]=true\
        &settings[payouts][schedule][interval]=weekly\
        &settings[payouts][schedule][weekly_anchor]=friday\
        &settings[payouts][statement_descriptor]=LAMPS\
        &tos_acceptance[date]=1795000000&tos_acceptance[ip]=192.0.2.7&metadata[slug]=lamps\
        &external_account=btok_de";
    let account = account(&shop.client, form).await;
    let at = |path: &str| account.pointer(path).cloned().unwrap_or_default();
    for (path, expected) in [
        ("/type", json!("express")),
        ("/default_currency", json!("eur")),
        ("/details_submitted", json!(true)),
        ("/payouts_enabled", json!(true)),
        ("/requirements/currently_due", json!([])),
        ("/business_profile/mcc", json!("5719")),
        ("/business_profile/support_address/city", json!("Leipzig")),
        ("/individual/dob", json!({"day": 1, "month": 2, "year": 1990})),
        ("/individual/id_number_provided", json!(true)),
        ("/company/tax_id_provided", json!(true)),
        ("/capabilities/sepa_debit_payments", json!("inactive")),
        ("/settings/payouts/schedule/interval", json!("weekly")),
        ("/settings/payouts/schedule/weekly_anchor", json!("friday")),
        ("/tos_acceptance/ip", json!("192.0.2.7")),
        ("/external_accounts/data/0/last4", json!("3000")),
        ("/external_accounts/data/0/default_for_currency", json!(true)),
    ] {
        assert_eq!(at(path), expected, "{path}");
    }
    // What identifies a person to the state is never kept.
    let rows = format!("{:?}", shop.store.all_rows());
    assert!(!rows.contains("987654321"), "an identity number was kept");
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_says_so() {
    let shop = Shop::open();
    let first = account(&shop.client, "business_profile[name]=Ada&metadata[a]=1").await;
    let path = format!("/v1/accounts/{}", text(&first, "id"));
    let form = "metadata[foo]=bar&business_profile[support_phone]=%2B1+555&email=a@b.example\
        &settings[payouts][schedule][interval]=manual";
    let second = valid("Account", shop.client.post(&path, form).await.ok());
    assert_eq!(second["metadata"], json!({"a": "1", "foo": "bar"}));
    assert_eq!(second["business_profile"]["name"], "Ada");
    assert_eq!(second["settings"]["payouts"]["schedule"]["interval"], "manual");
    assert_eq!(shop.client.get(&path).await.ok(), second);
    let unset = shop.client.post(&path, "business_profile[support_phone]=&metadata=").await.ok();
    assert_eq!(unset["business_profile"]["support_phone"], Value::Null);
    assert_eq!(unset["metadata"], json!({}));
    shop.client.post(&path, "metadata=").await.ok();
    let events = shop.client.get("/v1/events?type=account.updated").await.ok();
    let events = events["data"].as_array().unwrap();
    assert_eq!(events.len(), 3, "made, changed twice, and once changed nothing");
    assert_eq!(events[0]["account"], first["id"]);
    assert_eq!(events[1]["data"]["object"]["metadata"]["foo"], "bar");
}

#[tokio::test]
async fn the_platform_has_an_account_of_its_own() {
    let shop = Shop::open();
    let own = valid("Account", shop.client.get("/v1/account").await.ok());
    let id = text(&own, "id");
    assert_eq!(
        id.trim_start_matches("acct_"),
        shop.platform.to_string().trim_start_matches("plat_")
    );
    assert_eq!((&own["type"], &own["payouts_enabled"]), (&json!("standard"), &json!(true)));
    let path = format!("/v1/accounts/{id}");
    assert_eq!(shop.client.get(&path).await.ok(), own);
    let banks = shop.client.get(&format!("{path}/external_accounts")).await.ok();
    assert_eq!(banks["data"][0]["last4"], "6789");
    // It is nobody's to change or delete, and sellers are told of themselves.
    assert_eq!(shop.client.post(&path, "email=a@b.example").await.status, 404);
    assert_eq!(shop.client.send("DELETE", &path, "").await.status, 404);
    let seller = shop.seller("Ada").await;
    let of_seller = shop.client.with("stripe-account", &seller).get("/v1/account").await.ok();
    assert_eq!(of_seller["id"], *seller);
}

#[tokio::test]
async fn only_an_empty_account_is_deleted_and_then_it_is_gone() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let path = format!("/v1/accounts/{}", bought.sellers[0]);
    let refused = shop.client.send("DELETE", &path, "").await;
    assert_eq!(refused.error(), "400 account_not_empty -", "it has an order");
    let order = format!("/v1/orders/{}", bought.orders[0]);
    shop.client.post(&format!("{order}/ship"), "").await.ok();
    shop.client.post(&format!("{order}/confirm_receipt"), "").await.ok();
    let refused = shop.client.send("DELETE", &path, "").await;
    assert_eq!(refused.error(), "400 account_not_empty -", "it has a balance");

    let seller = shop.seller("Bo").await;
    let path = format!("/v1/accounts/{seller}");
    let deleted = shop.client.send("DELETE", &path, "").await.ok();
    assert_eq!(deleted, json!({"id": seller, "object": "account", "deleted": true}));
    for (method, path, form) in [
        ("GET", path.clone(), ""),
        ("POST", path.clone(), "email=a@b.example"),
        ("DELETE", path.clone(), ""),
        ("POST", format!("{path}/external_accounts"), "external_account=btok_us"),
        ("POST", format!("{path}/login_links"), ""),
    ] {
        let answer = shop.client.send(method, &path, form).await;
        assert_eq!(answer.error(), "404 resource_missing id", "{method} {path}");
    }
    let listed = shop.client.get("/v1/accounts").await.ok();
    let ids: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(!ids.contains(&&json!(seller)) && ids.len() == 2, "{ids:?}");
    let as_seller = shop.client.with("stripe-account", &seller).get("/v1/balance").await;
    assert_eq!(as_seller.error(), "403 account_invalid -");
}

#[tokio::test]
async fn bank_accounts_are_added_changed_and_removed() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let path = format!("/v1/accounts/{seller}/external_accounts");
    let first = shop.client.post(&path, &format!("{BANK}&metadata[a]=1")).await.ok();
    let first = valid("BankAccount", first);
    assert_eq!(
        (&first["last4"], &first["routing_number"], &first["default_for_currency"]),
        (&json!("6789"), &json!("110000000"), &json!(true))
    );
    let form = "external_account=btok_us_verified_accountClosed&default_for_currency=true";
    let second = shop.client.post(&path, form).await.ok();
    let listed = shop.client.get(&path).await.ok();
    let defaults = |list: &Value| {
        let data = list["data"].as_array().unwrap().iter();
        data.map(|it| it["default_for_currency"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(defaults(&listed), [true, false], "the newest first");
    let one = format!("{path}/{}", text(&first, "id"));
    let changed = "default_for_currency=true&account_holder_name=Ada&metadata[a]=";
    let changed = valid("BankAccount", shop.client.post(&one, changed).await.ok());
    assert_eq!(
        (&changed["account_holder_name"], &changed["metadata"]),
        (&json!("Ada"), &json!({}))
    );
    assert_eq!(shop.client.get(&one).await.ok(), changed);
    let refused = shop.client.send("DELETE", &one, "").await;
    assert_eq!(refused.error(), "400 bank_account_in_use -");
    let other = format!("{path}/{}", text(&second, "id"));
    let deleted = shop.client.send("DELETE", &other, "").await.ok();
    assert_eq!(deleted["object"], "bank_account");
    assert_eq!(shop.client.get(&other).await.error(), "404 resource_missing id");
    let rows = format!("{:?}", shop.store.all_rows());
    assert!(!rows.contains("000123456789"), "a number was kept");
}

#[tokio::test]
async fn each_change_of_a_bank_account_is_an_event_about_it() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let path = format!("/v1/accounts/{seller}/external_accounts");
    // Only events of different milliseconds are listed in the order in which they happened.
    let pause = || tokio::time::sleep(std::time::Duration::from_millis(2));
    let first = shop.client.post(&path, "external_account=btok_us").await.ok();
    pause().await;
    let second = shop.client.post(&path, "external_account=btok_us_verified").await.ok();
    pause().await;
    let one = format!("{path}/{}", text(&second, "id"));
    shop.client.post(&one, "metadata[a]=1").await.ok();
    pause().await;
    shop.client.send("DELETE", &one, "").await.ok();
    let events = shop.client.get("/v1/events?limit=100").await.ok();
    let told: Vec<(String, String)> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| text(event, "type").contains("external_account"))
        .map(|event| {
            let object = valid("BankAccount", event["data"]["object"].clone());
            assert_eq!(event["account"], *seller);
            (text(event, "type").to_owned(), text(&object, "id").to_owned())
        })
        .collect();
    let of = |what: &str, bank: &Value| {
        (format!("account.external_account.{what}"), text(bank, "id").to_owned())
    };
    let expected = [
        of("deleted", &second),
        of("updated", &second),
        of("created", &second),
        of("created", &first),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_is_repeated_under_its_key_is_made_once() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let path = format!("/v1/accounts/{seller}/external_accounts");
    let keyed = shop.client.with("idempotency-key", "bank-1");
    let first = keyed.post(&path, "external_account=btok_us").await;
    let again = keyed.post(&path, "external_account=btok_us").await;
    assert_eq!((again.status, &again.bytes), (200, &first.bytes));
    let listed = shop.client.get(&path).await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn capabilities_are_listed_and_asked_for() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let path = format!("/v1/accounts/{seller}/capabilities");
    let list = shop.client.get(&path).await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    let transfers = shop.client.get(&format!("{path}/transfers")).await.ok();
    assert_eq!(
        (&transfers["status"], &transfers["object"]),
        (&json!("active"), &json!("capability"))
    );
    let asked = shop.client.post(&format!("{path}/link_payments"), "requested=true").await.ok();
    assert_eq!(asked["status"], "inactive");
    for (name, form, error) in [
        ("nonsense", "requested=true", "404 resource_missing id"),
        ("transfers", "requested=false", "400 parameter_invalid_value requested"),
        ("link_payments", "requested=maybe", "400 parameter_invalid_boolean requested"),
    ] {
        assert_eq!(
            shop.client.post(&format!("{path}/{name}"), form).await.error(),
            error,
            "{name}"
        );
    }
}

#[tokio::test]
async fn links_lead_to_the_console_and_are_fresh_each_time() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let form = format!(
        "account={seller}&type=account_onboarding&refresh_url=https://shop.example/again\
         &return_url=https://shop.example/done&collect=eventually_due"
    );
    let link = valid("AccountLink", shop.client.post("/v1/account_links", &form).await.ok());
    assert!(text(&link, "url").starts_with("http://127.0.0.1:4003/seller/enter/acl_"), "{link}");
    let life = link["expires_at"].as_i64().unwrap() - link["created"].as_i64().unwrap();
    assert_eq!(life, 600);
    let other = shop.client.post("/v1/account_links", &form).await.ok();
    assert_ne!(link["url"], other["url"]);
    let login = format!("/v1/accounts/{seller}/login_links");
    let login = shop.client.post(&login, "").await.ok();
    assert_eq!(login["object"], "login_link");
    assert!(text(&login, "url").contains("/seller/enter/acl_"), "{login}");
}

/// Method, path, form, and the status, code and parameter of the answer.
const BAD: &[(&str, &str, &str, &str)] = &[
    (
        "POST",
        "/v1/accounts",
        "type=custom&controller[fees][payer]=application",
        "400 parameters_exclusive controller",
    ),
    (
        "POST",
        "/v1/accounts",
        "controller[fees][payer]=me",
        "400 parameter_invalid_value controller[fees][payer]",
    ),
    ("POST", "/v1/accounts", "business_type=shop", "400 parameter_invalid_value business_type"),
    (
        "POST",
        "/v1/accounts",
        "business_profile[mcc]=12",
        "400 parameter_invalid_value business_profile[mcc]",
    ),
    (
        "POST",
        "/v1/accounts",
        "business_profile[url]=javascript:x",
        "400 parameter_invalid_value business_profile[url]",
    ),
    (
        "POST",
        "/v1/accounts",
        "capabilities[fly][requested]=true",
        "400 parameter_unknown capabilities[fly]",
    ),
    (
        "POST",
        "/v1/accounts",
        "requested_capabilities[]=fly",
        "400 parameter_invalid_value requested_capabilities",
    ),
    (
        "POST",
        "/v1/accounts",
        "individual[dob][day]=1",
        "400 parameter_missing individual[dob][month]",
    ),
    (
        "POST",
        "/v1/accounts",
        "individual[dob][day]=32",
        "400 parameter_invalid_integer individual[dob][day]",
    ),
    (
        "POST",
        "/v1/accounts",
        "tos_acceptance[ip]=home",
        "400 parameter_invalid_value tos_acceptance[ip]",
    ),
    (
        "POST",
        "/v1/accounts",
        "tos_acceptance[date]=today",
        "400 parameter_invalid_timestamp tos_acceptance[date]",
    ),
    (
        "POST",
        "/v1/accounts",
        "settings[payouts][schedule][interval]=hourly",
        "400 parameter_invalid_value settings[payouts][schedule][interval]",
    ),
    (
        "POST",
        "/v1/accounts",
        "settings[payouts][schedule][interval]=weekly",
        "400 parameter_missing settings[payouts][schedule][weekly_anchor]",
    ),
    (
        "POST",
        "/v1/accounts",
        "settings[payouts][schedule][delay_days]=soon",
        "400 parameter_invalid_value settings[payouts][schedule][delay_days]",
    ),
    (
        "POST",
        "/v1/accounts",
        "settings[payments][statement_descriptor]=A+LONG+NAME+OF+A+SHOP+ABROAD",
        "400 parameter_too_long settings[payments][statement_descriptor]",
    ),
    ("POST", "/v1/accounts", "external_account=btok_mars", "400 resource_missing external_account"),
    (
        "POST",
        "/v1/accounts",
        "external_account[object]=card",
        "400 parameter_invalid_value external_account[object]",
    ),
    (
        "POST",
        "/v1/accounts",
        "external_account[object]=bank_account",
        "400 parameter_missing external_account[country]",
    ),
    ("POST", "/v1/accounts/{acct}", "type=express", "400 parameter_unknown type"),
    ("POST", "/v1/accounts/{acct}", "country=DE", "400 parameter_unknown country"),
    ("POST", "/v1/accounts/{acct}", "email=nobody", "400 parameter_invalid_value email"),
    ("POST", "/v1/accounts/acct_1", "email=a@b.example", "404 resource_missing id"),
    ("GET", "/v1/accounts/nobody", "", "404 resource_missing id"),
    ("GET", "/v1/account?id=1", "", "400 parameter_unknown id"),
    ("POST", "/v1/accounts/{acct}/external_accounts", "", "400 parameter_missing external_account"),
    (
        "POST",
        "/v1/accounts/{acct}/external_accounts",
        "external_account[object]=bank_account&external_account[country]=US\
         &external_account[account_number]=000123456789",
        "400 parameter_missing external_account[routing_number]",
    ),
    (
        "POST",
        "/v1/accounts/{acct}/external_accounts",
        "external_account[object]=bank_account&external_account[country]=US\
         &external_account[account_number]=000123456789\
         &external_account[routing_number]=021000021",
        "400 routing_number_invalid external_account[routing_number]",
    ),
    (
        "POST",
        "/v1/accounts/{acct}/external_accounts",
        "external_account[object]=bank_account&external_account[country]=US\
         &external_account[account_number]=000987654321\
         &external_account[routing_number]=110000000",
        "400 account_number_invalid external_account[account_number]",
    ),
    (
        "POST",
        "/v1/accounts/{acct}/external_accounts",
        "external_account[object]=bank_account&external_account[country]=KP\
         &external_account[account_number]=1",
        "400 country_unsupported external_account[country]",
    ),
    ("GET", "/v1/accounts/{acct}/external_accounts/ba_1", "", "404 resource_missing id"),
    ("DELETE", "/v1/accounts/{acct}/external_accounts/ba_1", "", "404 resource_missing id"),
    (
        "GET",
        "/v1/accounts/{acct}/external_accounts?object=purse",
        "",
        "400 parameter_invalid_value object",
    ),
    ("GET", "/v1/accounts/{acct}/capabilities/fly", "", "404 resource_missing id"),
    ("POST", "/v1/account_links", "", "400 parameter_missing account"),
    ("POST", "/v1/account_links", "account={acct}", "400 parameter_missing type"),
    (
        "POST",
        "/v1/account_links",
        "account={acct}&type=custom_account_verification",
        "400 parameter_invalid_value type",
    ),
    (
        "POST",
        "/v1/account_links",
        "account={acct}&type=account_onboarding",
        "400 parameter_missing refresh_url",
    ),
    (
        "POST",
        "/v1/account_links",
        "account={acct}&type=account_onboarding&refresh_url=/x",
        "400 parameter_invalid_value refresh_url",
    ),
    (
        "POST",
        "/v1/account_links",
        "account=acct_0000000000000000000000&type=account_update&refresh_url=https://a.example\
         &return_url=https://a.example",
        "404 resource_missing account",
    ),
    (
        "POST",
        "/v1/accounts/{acct}/login_links",
        "redirect_url=https://a.example",
        "400 parameter_unknown redirect_url",
    ),
];

#[tokio::test]
async fn bad_requests_change_nothing() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let rows = shop.store.all_rows();
    for (method, path, form, expected) in BAD {
        let (path, form) = (path.replace("{acct}", &seller), form.replace("{acct}", &seller));
        let answer = shop.client.send(method, &path, &form).await;
        assert_eq!(answer.error(), *expected, "{method} {path} {form}: {}", answer.json);
    }
    assert_eq!(shop.store.all_rows(), rows, "nothing was changed");
}
