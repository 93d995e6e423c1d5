//! Keys of the API that the platform makes itself: made, used, rotated, revoked.

use std::time::Duration;

use holdfast_engine::rate_limit::{Limits, Rate};
use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::shop::{SECRET_KEY, Shop};

/// Makes a key, and answers with its object, the key included.
async fn made(shop: &Shop, form: &str) -> Value {
    shop.client.post("/v1/api_keys", form).await.ok()
}

fn with_key(client: &Client, key: &Value) -> Client {
    client.with("authorization", &format!("Bearer {}", text(key, "secret")))
}

#[tokio::test]
async fn a_key_is_shown_once_and_only_its_digest_is_stored() {
    let shop = Shop::open();
    let key = made(&shop, "kind=secret&name=The+warehouse").await;
    let secret = text(&key, "secret").to_owned();
    assert!(secret.starts_with("sk_test_") && secret.len() >= 8 + 24);
    assert!(secret[8..].bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(
        (&key["object"], &key["kind"], &key["status"], &key["livemode"], &key["name"]),
        (
            &json!("api_key"),
            &json!("secret"),
            &json!("active"),
            &json!(false),
            &json!("The warehouse")
        )
    );
    assert_eq!(text(&key, "redacted"), format!("sk_test_...{}", &secret[secret.len() - 4..]));
    let path = format!("/v1/api_keys/{}", text(&key, "id"));
    let seen = shop.client.get(&path).await.ok();
    assert_eq!(seen.get("secret"), None);
    let list = shop.client.get("/v1/api_keys?kind=secret&limit=1").await.ok();
    assert_eq!(list["data"], json!([seen]));
    let none = shop.client.get("/v1/api_keys?kind=publishable").await.ok();
    assert_eq!(none["data"], json!([]));
    assert!(!format!("{:?}", shop.store.all_rows()).contains(&secret));
    with_key(&shop.client, &key).get("/v1/accounts").await.ok();
    with_key(&shop.other_process(), &key).get("/v1/accounts").await.ok();
    let other = with_key(&shop.other_platform(), &key).get("/v1/accounts").await;
    assert_eq!(other.status, 401, "another platform's key is nobody's");
    let basic = shop.client.with("authorization", "Basic c2tfdGVzdF8wOg==");
    assert_eq!(basic.get("/v1/accounts").await.status, 401);
}

#[tokio::test]
async fn a_repeated_request_makes_one_key_and_does_not_show_it_again() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let first = client.post("/v1/api_keys", "kind=secret").await.ok();
    let again = client.post("/v1/api_keys", "kind=secret").await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let again = again.ok();
    assert_eq!((&again["id"], again.get("secret")), (&first["id"], None));
    assert!(!format!("{:?}", shop.store.all_rows()).contains(text(&first, "secret")));
    let rotate = format!("/v1/api_keys/{}/rotate", text(&first, "id"));
    let client = shop.client.with("idempotency-key", "r");
    let rotated = client.post(&rotate, "").await.ok();
    let again = client.post(&rotate, "").await.ok();
    assert_eq!((&again["redacted"], again.get("secret")), (&rotated["redacted"], None));
    with_key(&shop.client, &rotated).get("/v1/accounts").await.ok();
}

#[tokio::test]
async fn what_a_restricted_key_may_do() {
    let shop = Shop::open();
    let form = "kind=restricted&permissions[payment_intents]=write&permissions[accounts]=read\
                &permissions[refunds]=none";
    let key = made(&shop, form).await;
    assert!(text(&key, "secret").starts_with("rk_test_"));
    assert_eq!(key["permissions"], json!({ "accounts": "read", "payment_intents": "write" }));
    let restricted = with_key(&shop.client, &key);
    let (missing, write) = ("403 permission_missing -", "amount=100&currency=usd");
    let table = [
        ("GET", "/v1/accounts", "", "200 - -"),
        ("POST", "/v1/accounts", "", missing),
        ("GET", "/v1/payment_intents", "", "200 - -"),
        ("POST", "/v1/payment_intents", write, "200 - -"),
        ("GET", "/v1/refunds", "", missing),
        ("POST", "/v1/refunds", "", missing),
        ("GET", "/v1/events", "", missing),
        ("GET", "/v1/balance", "", missing),
        ("GET", "/v1/api_keys", "", missing),
        ("POST", "/v1/api_keys", "kind=secret", missing),
        ("GET", "/v1/webhook_endpoints", "", missing),
    ];
    for (method, path, form, expected) in table {
        assert_eq!(restricted.send(method, path, form).await.error(), expected, "{method} {path}");
    }
    let refused = restricted.post("/v1/refunds", "").await;
    let message = text(&refused.json["error"], "message").to_owned();
    assert!(message.contains("refunds") && message.contains("write"), "{message}");

    let path = format!("/v1/api_keys/{}", text(&key, "id"));
    let form = "name=&permissions[accounts]=none&permissions[refunds]=read";
    let changed = shop.client.post(&path, form).await.ok();
    assert_eq!(changed["permissions"], json!({ "payment_intents": "write", "refunds": "read" }));
    assert_eq!(restricted.get("/v1/accounts").await.error(), missing, "at once");
    restricted.get("/v1/refunds").await.ok();
}

#[tokio::test]
async fn publishable_and_restricted_keys_manage_no_keys() {
    let shop = Shop::open();
    let key = made(&shop, "kind=publishable").await;
    assert!(text(&key, "secret").starts_with("pk_test_"));
    let path = format!("/v1/api_keys/{}", text(&key, "id"));
    let restricted = made(&shop, "kind=restricted").await;
    for client in [with_key(&shop.client, &key), with_key(&shop.client, &restricted)] {
        for (method, path) in [
            ("GET", "/v1/api_keys".to_owned()),
            ("POST", "/v1/api_keys".to_owned()),
            ("GET", path.clone()),
            ("POST", path.clone()),
            ("POST", format!("{path}/rotate")),
            ("POST", format!("{path}/revoke")),
        ] {
            let answer = client.send(method, &path, "").await;
            assert_eq!(answer.status, 403, "{method} {path}: {}", answer.error());
        }
    }
    let form = "amount=100&currency=usd";
    let payment = shop.client.post("/v1/payment_intents", form).await.ok();
    let (id, secret) = (text(&payment, "id"), text(&payment, "client_secret"));
    let path = format!("/v1/payment_intents/{id}?client_secret={secret}");
    with_key(&shop.client, &key).get(&path).await.ok();
}

#[tokio::test]
async fn a_rotated_key_overlaps_with_its_successor() {
    let shop = Shop::open();
    let first = made(&shop, "kind=secret").await;
    let path = format!("/v1/api_keys/{}/rotate", text(&first, "id"));
    let second = shop.client.post(&path, "expire_previous_in=2").await.ok();
    assert_eq!(second["id"], first["id"]);
    assert_eq!(second["previous_keys"][0]["redacted"], first["redacted"]);
    for key in [&first, &second] {
        with_key(&shop.client, key).get("/v1/accounts").await.ok();
    }
    let third = shop.client.post(&path, "").await.ok();
    for (key, status) in [(&first, 200), (&second, 401), (&third, 200)] {
        let answer = with_key(&shop.client, key).get("/v1/accounts").await;
        assert_eq!(answer.status, status, "{}", answer.error());
    }
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let ended = with_key(&shop.client, &first).get("/v1/accounts").await;
    assert_eq!(ended.error(), "401 api_key_expired -");
    with_key(&shop.client, &third).get("/v1/accounts").await.ok();
    let path = format!("/v1/api_keys/{}", text(&first, "id"));
    assert_eq!(shop.client.get(&path).await.ok()["previous_keys"], json!([]));
}

#[tokio::test]
async fn a_revoked_key_stops_at_once_here_and_within_a_second_elsewhere() {
    let shop = Shop::open();
    let key = made(&shop, "kind=secret").await;
    let (here, there) = (with_key(&shop.client, &key), with_key(&shop.other_process(), &key));
    here.get("/v1/accounts").await.ok();
    there.get("/v1/accounts").await.ok();
    let path = format!("/v1/api_keys/{}/revoke", text(&key, "id"));
    let revoked = shop.client.post(&path, "").await.ok();
    assert_eq!(revoked["status"], "revoked");
    assert_eq!(here.get("/v1/accounts").await.error(), "401 api_key_expired -");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(there.get("/v1/accounts").await.error(), "401 api_key_expired -");
    let again = shop.client.post(&path, "").await.ok();
    assert_eq!(again["revoked_at"], revoked["revoked_at"]);
    let rotate = path.replace("revoke", "rotate");
    assert_eq!(shop.client.post(&rotate, "").await.error(), "400 api_key_inactive -");
}

#[tokio::test]
async fn a_key_may_end_by_itself() {
    let shop = Shop::open();
    let soon = shop.engine.system_now().seconds() + 4;
    let key = made(&shop, &format!("kind=secret&expires_at={soon}")).await;
    let client = with_key(&shop.client, &key);
    client.get("/v1/accounts").await.ok();
    tokio::time::sleep(Duration::from_millis(4_100)).await;
    assert_eq!(client.get("/v1/accounts").await.error(), "401 api_key_expired -");
    let path = format!("/v1/api_keys/{}", text(&key, "id"));
    assert_eq!(shop.client.get(&path).await.ok()["status"], "expired");
}

#[tokio::test]
async fn bad_requests_about_keys() {
    let shop = Shop::open();
    let key = made(&shop, "kind=secret").await;
    let path = format!("/v1/api_keys/{}", text(&key, "id"));
    let rotate = format!("{path}/rotate");
    let long = format!("kind=secret&name={}", "n".repeat(251));
    let table = [
        ("/v1/api_keys", "", "400 parameter_missing kind"),
        ("/v1/api_keys", "kind=root", "400 parameter_invalid_value kind"),
        ("/v1/api_keys", "kind=secret&livemode=true", "400 parameter_invalid_value livemode"),
        ("/v1/api_keys", "kind=secret&name=", "400 parameter_invalid_empty name"),
        ("/v1/api_keys", &long, "400 parameter_too_long name"),
        ("/v1/api_keys", "kind=secret&expires_at=1", "400 parameter_invalid_value expires_at"),
        ("/v1/api_keys", "kind=secret&expires_at=x", "400 parameter_invalid_timestamp expires_at"),
        (
            "/v1/api_keys",
            "kind=secret&permissions[refunds]=read",
            "400 parameter_invalid_value permissions",
        ),
        (
            "/v1/api_keys",
            "kind=restricted&permissions[api_keys]=read",
            "400 parameter_unknown permissions[api_keys]",
        ),
        (
            "/v1/api_keys",
            "kind=restricted&permissions[unicorns]=read",
            "400 parameter_unknown permissions[unicorns]",
        ),
        (
            "/v1/api_keys",
            "kind=restricted&permissions[refunds]=all",
            "400 parameter_invalid_value permissions[refunds]",
        ),
        ("/v1/api_keys", "kind=secret&secret=x", "400 parameter_unknown secret"),
        (&path, "kind=publishable", "400 parameter_unknown kind"),
        (&path, "permissions[refunds]=read", "400 parameter_invalid_value permissions"),
        (&rotate, "expire_previous_in=-1", "400 parameter_invalid_integer expire_previous_in"),
        (&rotate, "expire_previous_in=604801", "400 parameter_invalid_integer expire_previous_in"),
        ("/v1/api_keys/key_0000000000000000000000/rotate", "", "404 resource_missing id"),
        ("/v1/api_keys/x/revoke", "", "404 resource_missing id"),
    ];
    let rows = shop.store.all_rows();
    for (path, form, expected) in table {
        assert_eq!(shop.client.post(path, form).await.error(), expected, "{path} {form}");
    }
    assert_eq!(shop.store.all_rows(), rows, "nothing was changed");
    for _ in 0..4 {
        shop.client.post(&rotate, "expire_previous_in=60").await.ok();
    }
    let fifth = shop.client.post(&rotate, "expire_previous_in=60").await;
    assert_eq!(fifth.error(), "400 api_key_rotations_exhausted expire_previous_in");
    shop.client.post(&rotate, "").await.ok();
}

#[tokio::test]
async fn a_key_in_the_address_is_refused_even_if_it_is_right() {
    let shop = Shop::open();
    let dashed = SECRET_KEY.replace("_test_", "%5Ftest%5f");
    for path in [
        format!("/v1/accounts?key={SECRET_KEY}"),
        format!("/v1/accounts?{SECRET_KEY}"),
        format!("/v1/accounts?api_key={dashed}"),
        format!("/v1/accounts/{SECRET_KEY}"),
    ] {
        for client in [&shop.client, &shop.client.with("authorization", "")] {
            let answer = client.get(&path).await;
            assert_eq!(answer.error(), "400 api_key_in_url -", "{path}");
            assert!(!String::from_utf8_lossy(&answer.bytes).contains(SECRET_KEY), "{path}");
        }
    }
    shop.client.get("/v1/accounts?limit=1").await.ok();
}

#[tokio::test]
async fn whoever_tries_keys_is_told_to_stop() {
    let shop = Shop::open();
    let strangers = Some(Rate { per_second: 1, burst: 3 });
    let client = shop.limited(Limits { strangers, ..Limits::OFF });
    let guess = client.with("authorization", "Bearer sk_test_zzzzzzzzzzzzzzzzzzzzzzzz");
    for _ in 0..3 {
        assert_eq!(guess.at("9.9.9.9:1").get("/v1/accounts").await.status, 401);
    }
    let stopped = guess.at("9.9.9.9:2").get("/v1/accounts").await;
    assert_eq!(stopped.error(), "429 rate_limit -");
    assert_eq!(stopped.header("stripe-should-retry"), Some("false"));
    assert_eq!(guess.at("9.9.9.8:1").get("/v1/accounts").await.status, 401, "another address");
    client.at("9.9.9.9:1").get("/v1/accounts").await.ok();
    for host in 0..3 {
        let at = guess.at(&format!("[2001:db8::{host}]:1"));
        assert_eq!(at.get("/v1/accounts").await.status, 401);
    }
    assert_eq!(guess.at("[2001:db8::ff]:1").get("/v1/accounts").await.status, 429, "one network");
}

/// More than a share, also while it fills up again on a busy machine.
const TRIES: usize = 50;

#[tokio::test]
async fn what_needs_no_key_is_shared_among_addresses() {
    let shop = Shop::open();
    let page_reads = Some(Rate { per_second: 1, burst: 3 });
    let strangers = Some(Rate { per_second: 1, burst: 2 });
    let client = shop.limited(Limits { page_reads, strangers, ..Limits::OFF });
    let (one, other) = (client.at("9.9.9.9:1"), client.at("9.9.9.8:1"));
    assert_eq!(one.get("/openapi.json").await.status, 200);
    assert_eq!(one.get("/links/nobodys").await.status, 404);
    for path in ["/openapi.json", "/links/nobodys"] {
        let mut answer = one.get(path).await;
        for _ in 0..TRIES {
            if answer.status == 429 {
                break;
            }
            answer = one.get(path).await;
        }
        assert_eq!(answer.error(), "429 rate_limit -", "{path}");
        assert_ne!(other.get(path).await.status, 429, "{path}");
    }
    one.get("/v1/accounts").await.ok();

    let notices = "/webhooks/processors/sandbox";
    let mut error = one.post(notices, "{}").await.error();
    assert_eq!(error, "400 notice_refused -");
    for _ in 0..TRIES {
        if error == "429 rate_limit -" {
            break;
        }
        error = one.post(notices, "{}").await.error();
    }
    assert_eq!(error, "429 rate_limit -");
    assert_eq!(other.post(notices, "{}").await.error(), "400 notice_refused -");
}
