//! What the pages show, and how they are protected.

use crate::Shop;

const PAGES: [&str; 7] =
    ["/", "/products/azulejo-mug", "/basket", "/thanks", "/orders", "/webhooks", "/nowhere"];

#[tokio::test]
async fn every_page_is_whole_in_both_languages_and_loads_nothing_from_elsewhere() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    for (language, html) in [
        ("en", r#"<html lang="en" dir="ltr">"#),
        ("ar-EG,en;q=0.5", r#"<html lang="ar" dir="rtl">"#),
    ] {
        browser.language = language;
        for path in PAGES {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, if path == "/nowhere" { 404 } else { 200 }, "{path}");
            answer.has(&[html, "<h1", "</html>"]);
            for banned in ["<script", "<iframe", " style=", "src=\"http", "javascript:", "{{"] {
                assert!(!answer.body.contains(banned), "{path} has {banned}");
            }
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn only_the_basket_may_send_a_form_beyond_the_shop() {
    let shop = Shop::with(|config| config.origin = "https://shop.example".to_owned()).await;
    let mut browser = shop.browser();
    for path in PAGES {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        let wide = policy.contains("form-action 'self' https:;");
        assert_eq!(wide, path == "/basket", "{path}: {policy}");
        assert_eq!(policy.contains("form-action 'self';"), path != "/basket", "{path}");
    }
    let cookie = browser.post("/basket/add", "product=tile-set").await;
    assert!(cookie.header("set-cookie").ends_with("; HttpOnly; SameSite=Lax; Secure"));
}

#[tokio::test]
async fn pictures_and_styles_are_served_for_ever_under_their_version() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let home = browser.get("/").await;
    let mut files = 0;
    for rest in home.body.split("\"/assets/").skip(1) {
        let path = format!("/assets/{}", rest.split('"').next().unwrap());
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("cache-control").contains("immutable"), "{path}");
        files += 1;
    }
    assert_eq!(files, 2 + 1 + 8);
    assert_eq!(browser.get("/assets/shop.css?v=old").await.header("cache-control"), "no-cache");
    assert_eq!(browser.get("/assets/..%2FCargo.toml").await.status, 404);
}

#[tokio::test]
async fn the_chosen_language_stays() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    let english = browser.get("/thanks?session=cs_1&x=%22%3E").await;
    english.has(&[r#"href="/thanks?session=cs_1&#38;x=%22%3E&#38;lang=ar""#]);
    browser.get("/?lang=ar").await.has(&[r#"dir="rtl""#, "كوب أزوليجو", "3 قطع"]);
    browser.get("/basket").await.has(&[r#"dir="rtl""#, "إتمام الشراء", "$65.00"]);
    browser.get("/basket?lang=tlh").await.has(&[r#"dir="rtl""#]);
    browser.post("/checkout", "").await;
    let asked = shop.api.asked("POST /v1/checkout/sessions");
    assert_eq!(asked[0].field("locale"), "ar");
    assert_eq!(asked[0].field("line_items[0][price_data][product_data][name]"), "كوب أزوليجو");
}

#[tokio::test]
async fn the_basket_changes_as_asked() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.get("/basket").await.has(&["Your basket is empty."]);
    let added = browser.post("/basket/add", "product=table-runner&quantity=2").await;
    assert_eq!((added.status, added.location()), (303, "/basket?added=table-runner"));
    let basket = browser.get(added.location()).await;
    basket.has(&["Handwoven table runner is in your basket.", "$104.00", "$52.00 each"]);
    assert!(!basket.body.contains("Something in your basket"));
    browser.post("/basket/add", "product=gift-card").await;
    browser.get("/basket").await.has(&["$129.00", "Something in your basket cannot be paid"]);
    browser.post("/basket/remove", "product=gift-card&quantity=1").await;
    browser.post("/basket/change", "product=table-runner&quantity=10").await;
    browser.get("/basket").await.has(&["$520.00", "10 items"]);
    browser.post("/basket/change", "product=table-runner&quantity=0").await;
    browser.get("/basket").await.has(&["Your basket is empty."]);
    // A browser without cookies is told so.
    browser.get("/basket?added=tile-set").await.has(&["did not keep the basket"]);
    assert_eq!(browser.get("/basket/add").await.location(), "/basket");
}

#[tokio::test]
async fn only_a_test_shop_shows_how_to_try_it() {
    let test = Shop::open().await;
    test.browser().get("/").await.has(&["4000 0027 6000 3184", "http://127.0.0.1:4004"]);
    let live = Shop::with(|config| config.secret_key = "sk_live_1".to_owned()).await;
    let mut browser = live.browser();
    let home = browser.get("/").await;
    for hint in ["4242", "127.0.0.1:4004", "example shop"] {
        assert!(!home.body.contains(hint), "{hint}");
    }
    assert_eq!(browser.get("/webhooks").await.status, 404);
}

#[tokio::test]
async fn who_typed_localhost_is_led_to_the_shops_own_address() {
    let shop = Shop::open().await;
    let port = shop.origin.rsplit(':').next().unwrap();
    let mut browser = crate::Browser::new(&format!("http://localhost:{port}"));
    let answer = browser.get("/basket?added=tile-set").await;
    assert_eq!(answer.status, 307);
    assert_eq!(answer.location(), format!("{}/basket?added=tile-set", shop.origin));
}
