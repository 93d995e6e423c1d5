//! Mistakes of buyers, failures of the API, and forms of other sites.

use crate::Shop;

#[tokio::test]
async fn a_failure_is_tried_once_more_with_the_same_key() {
    let shop = Shop::open().await;
    for status in [409, 500, 503] {
        let mut browser = shop.browser_with_basket().await;
        shop.api.fail(&[status]);
        let before = shop.api.asked("POST /v1/checkout/sessions").len();
        assert_eq!(browser.post("/checkout", "").await.status, 303, "{status}");
        let asked = shop.api.asked("POST /v1/checkout/sessions").split_off(before);
        assert_eq!(asked.len(), 2);
        assert_eq!(asked[0].key, asked[1].key);
    }
}

#[tokio::test]
async fn a_lasting_failure_is_told_kindly_and_the_next_try_has_a_new_key() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    shop.api.fail(&[500, 500]);
    let answer = browser.post("/checkout", "").await;
    assert_eq!(answer.status, 502);
    answer.has(&["The till could not do this", "req_fake1", "Nothing new was charged", "/basket"]);
    assert!(!answer.body.contains("secret words"));
    assert_eq!(browser.post("/checkout", "").await.status, 303);
    let asked = shop.api.asked("POST /v1/checkout/sessions");
    assert_eq!(asked.len(), 3);
    assert_ne!(asked[1].key, asked[2].key);
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    for status in [400, 401, 402, 429] {
        shop.api.fail(&[status]);
        assert_eq!(browser.post("/checkout", "").await.status, 502, "{status}");
    }
    assert_eq!(shop.api.asked("POST /v1/checkout/sessions").len(), 4);
}

#[tokio::test]
async fn without_an_api_the_shop_still_shows_its_goods() {
    let shop = Shop::with(|config| config.api_url = "http://127.0.0.1:1".to_owned()).await;
    let mut browser = shop.browser_with_basket().await;
    assert_eq!(browser.get("/").await.status, 200);
    let answer = browser.post("/checkout", "").await;
    assert_eq!(answer.status, 503);
    answer.has(&["The till does not answer", "your basket is kept"]);
    browser.get("/basket").await.has(&["Azulejo mug"]);
}

#[tokio::test]
async fn buyers_are_not_sent_to_odd_addresses() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    shop.api.set_pay_page("javascript:alert(1)");
    let answer = browser.post("/checkout", "").await;
    assert_eq!((answer.status, answer.location()), (502, ""));
}

#[tokio::test]
async fn an_email_with_a_slip_is_shown_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    let answer = browser.post("/checkout", "email=%22%3Emira%40example").await;
    assert_eq!(answer.status, 422);
    answer.has(&[
        r#"value="&#34;&#62;mira@example""#,
        r#"aria-invalid="true""#,
        "does not look like an e-mail address",
        "/basket?lang=ar",
    ]);
    assert!(shop.api.asked("POST /v1/checkout/sessions").is_empty());
}

#[tokio::test]
async fn forms_are_refused_where_they_make_no_sense() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    let long = format!("product=tile-set&quantity={}", "1".repeat(5000));
    let table = [
        ("/basket/add", "", 400),
        ("/basket/add", "product=unknown", 400),
        ("/basket/add", "product=tile-set&quantity=0", 400),
        ("/basket/add", "product=tile-set&quantity=-1", 400),
        ("/basket/add", "product=tile-set&quantity=1e3", 400),
        ("/basket/add", &long, 413),
        ("/basket/change", "product=tile-set", 400),
        ("/basket/change", "quantity=1", 400),
        ("/basket/remove", "", 400),
        ("/checkout", "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1", 400),
        ("/thanks", "", 405),
        ("/products/azulejo-mug", "", 405),
    ];
    let basket = browser.cookies["bazaar_basket"].clone();
    for (path, form, status) in table {
        assert_eq!(browser.post(path, form).await.status, status, "{path} {form}");
    }
    assert_eq!(browser.cookies["bazaar_basket"], basket);
    let mut empty = shop.browser();
    assert_eq!(empty.post("/checkout", "").await.location(), "/basket");
}

#[tokio::test]
async fn forms_of_other_sites_do_nothing() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    let basket = browser.cookies.clone();
    for path in ["/basket/add", "/basket/change", "/basket/remove", "/checkout"] {
        for site in ["cross-site", "same-site"] {
            let answer = browser.post_from(site, path, "product=azulejo-mug&quantity=9").await;
            assert_eq!(answer.status, 403, "{path} {site}");
            answer.has(&["That did not come from this shop"]);
        }
    }
    assert_eq!(browser.cookies, basket);
    assert!(shop.api.asked("POST /v1/checkout/sessions").is_empty());
    let request = browser.client().post(format!("{}/checkout", shop.origin));
    let foreign = browser.send(request.header("origin", "https://evil.example")).await;
    assert_eq!(foreign.status, 403);
}
