//! Who is let in, and what stands on every answer.

use std::sync::atomic::Ordering;

use holdfast_core::key::RowKind;
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::Attempt;
use holdfast_engine::rate_limit::{Limits, Rate};

use crate::support::{ADDRESS, Answer, CARD_ZONE, SANDBOX, Stage, order_path, path, receipt_path};

#[tokio::test]
async fn a_wrong_secret_and_no_such_page_look_the_same() {
    let stage = Stage::new().await;
    let (session, orders) = stage.paid().await;
    let buyer = stage.buyer();
    let unknown = buyer.get("/c/cs_test_0000000000000000000001/x").await;
    assert_eq!(unknown.status, 404);
    let charges: Vec<Attempt> = stage.rows(RowKind::Attempt).await;
    let receipt = receipt_path(charges[0].id);
    let (paid, order) = (path(&session), order_path(&orders[0]));
    let shorter = &paid[..paid.len() - 1];
    let other = format!("{shorter}9");
    let swapped = format!("/o/{}/x", orders[0].id);
    let (shorter_receipt, no_receipt) = (&receipt[..receipt.len() - 1], "/r/ch_1/x");
    let receipts = [shorter_receipt, no_receipt, &order.replacen("/o/", "/r/", 1)];
    let pages = [shorter, &other, &order[..order.len() - 1], &swapped, "/", "/c/x", "/c/%ff/%ff"];
    for wrong in receipts.into_iter().chain(pages) {
        let answer = buyer.get(wrong).await;
        assert_eq!((answer.status, &answer.body), (404, &unknown.body), "{wrong}");
    }
    for below in ["/pay", "/shipping", "/claim", "/cancel", "/receipt", "/extend"] {
        for wrong in [&other, &swapped] {
            let answer = buyer.post(&format!("{wrong}{below}"), &[("token", "tok_visa")]).await;
            assert!([404, 405].contains(&answer.status), "{wrong}{below}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn posts_of_other_sites_are_refused() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let form = [("token", "tok_visa"), ("attempt", "first"), ("total", "3500")];
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
        let stranger = stage.buyer().sending(name, value);
        let answer = stranger.post(&format!("{}/pay", path(&session)), &form).await;
        assert_eq!(answer.status, 403, "{name}: {value}");
        answer.shows(&["That did not come from this page"]);
    }
    assert_eq!(stage.world.charges(), 0);
    stage.pay(&session, "tok_visa", 3_500).await;

    let orders: Vec<Order> = stage.rows(RowKind::Order).await;
    let ship = format!("/orders/{}/ship", orders[0].id);
    let operator = stage.operator();
    for form in [&[][..], &[("form_token", "guess")]] {
        assert_eq!(operator.post(&ship, form).await.status, 403);
    }
    let page = operator.get(&format!("/orders/{}", orders[0].id)).await;
    let form = [("form_token", page.field("form_token"))];
    let stranger = stage.operator().sending("sec-fetch-site", "cross-site");
    assert_eq!(stranger.post(&ship, &form).await.status, 403);
    let old = stage.operator().sending("sec-fetch-site", "none").sending("origin", "http://x");
    assert_eq!(old.post(&ship, &form).await.status, 303);
}

#[tokio::test]
async fn a_name_pointed_at_our_address_is_not_let_in() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let rebound = stage.buyer().sending("host", "evil.example");
    assert_eq!(rebound.get(&path(&session)).await.status, 404);
    for path in ["/", "/orders", "/payments", "/events", "/assets/x"] {
        let rebound = stage.operator().sending("host", "evil.example:4003");
        assert_eq!(rebound.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_its_policy_in_both_languages() {
    let stage = Stage::new().await;
    let open = stage.checkout(|_| {}).await;
    let (paid, orders) = stage.paid().await;
    let order = order_path(&orders[0]);
    let pages = [path(&open), path(&paid), order.clone(), format!("{order}/cancel"), "/x".into()];
    for language in ["en", "ar"] {
        for page in &pages {
            let answer = stage.buyer().get(&format!("{page}?lang={language}")).await;
            let policy = answer.header("content-security-policy").unwrap();
            let posts = format!("form-action 'self' {CARD_ZONE} {SANDBOX};");
            assert!(policy.contains(&posts) && policy.contains("default-src 'none'"), "{policy}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{page}");
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{page}");
            answer.shows(&[&format!("<html lang=\"{language}\"")]);
        }
        let console = ["/", "/payments", "/orders", "/sellers", "/webhooks", "/events", "/x"];
        for page in console {
            let answer = stage.operator().get(&format!("{page}?lang={language}")).await;
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.contains("form-action 'self';"), "{policy}");
            assert!(!policy.contains("script"), "{policy}");
            answer.shows(&[&format!("<html lang=\"{language}\""), "127.0.0.1:4000"]);
        }
    }
}

#[tokio::test]
async fn the_language_is_the_clicked_one_then_the_shops() {
    let stage = Stage::new().await;
    let session = stage.checkout(|create| create.locale = Some("ar".to_owned())).await;
    let (buyer, path) = (stage.buyer().sending("accept-language", "en"), path(&session));
    buyer.get(&path).await.shows(&["<html lang=\"ar\" dir=\"rtl\">"]);
    buyer.get(&format!("{path}?lang=en")).await.shows(&["<html lang=\"en\""]);
    // The click is remembered where the next address does not name it.
    let form = [("token", "tok_poor"), ("attempt", "first"), ("total", "3500")];
    buyer.submit(&format!("{path}/pay"), &form).await.shows(&["<html lang=\"en\""]);
}

#[tokio::test]
async fn a_store_that_fails_is_told_calmly_and_truly() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, path) = (stage.buyer().sending("accept-language", "ar"), path(&session));
    stage.store.no_reads.store(true, Ordering::Relaxed);
    let answer = buyer.get(&path).await;
    assert_eq!(answer.status, 503);
    answer.shows(&["<html lang=\"ar\""]);
    assert_eq!(stage.operator().get("/").await.status, 503);
    stage.store.no_reads.store(false, Ordering::Relaxed);

    // Whether a commit that failed was carried out nobody knows, so the page does not say so.
    stage.store.no_commits.store(true, Ordering::Relaxed);
    let answer = stage.pay(&session, "tok_visa", 3_500).await;
    assert_eq!(answer.status, 503);
    answer.shows(&["You are never charged twice"]).hides(&["Nothing was changed"]);
    stage.store.no_commits.store(false, Ordering::Relaxed);
    assert_eq!(stage.pay(&session, "tok_visa", 3_500).await.status, 303);
}

#[tokio::test]
async fn forms_are_bounded() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    let (buyer, pay) = (stage.buyer(), format!("{}/pay", path(&session)));
    let long = "x".repeat(70_000);
    assert_eq!(buyer.post(&pay, &[("token", &long)]).await.status, 413);
    let table: [(&[(&str, &str)], &str); 4] = [
        (&[("token", &long[..121]), ("total", "1")], "“token” is longer than 120 bytes"),
        (&[("token", "a"), ("token", "b")], "“token” came more than once"),
        (&[("token", "4242424242424242"), ("total", "3500")], "“token” holds"),
        (&[("token", "tok_visa"), ("total", "35.00")], "“total” holds"),
    ];
    for (form, message) in table {
        let answer = buyer.post(&pay, form).await;
        assert_eq!(answer.status, 400, "{message}");
        answer.shows(&[message]);
    }
    assert_eq!(stage.world.charges(), 0);
}

#[tokio::test]
async fn an_address_that_asks_for_more_than_its_share_is_told_when_to_come_again() {
    let rate = |burst| Some(Rate { per_second: 1, burst });
    let limits = Limits { page_reads: rate(SHARE), page_writes: rate(SHARE), ..Limits::OFF };
    let stage = Stage::limited(limits).await;
    // Nobody has an address here yet, so that nobody is counted.
    let (session, orders) = stage.paid().await;
    let charges: Vec<Attempt> = stage.rows(RowKind::Attempt).await;
    let (receipt, paid) = (receipt_path(charges[0].id), path(&session));
    let order = order_path(&orders[0]);

    let visitor = stage.buyer().sending(ADDRESS, "192.0.2.7").sending("accept-language", "ar");
    let wrong = format!("{receipt}x");
    for page in [&receipt, &wrong, &paid, &order] {
        let (_, stopped) = until_stopped(|| visitor.get(page)).await;
        assert_eq!(stopped.header("retry-after"), Some("1"), "{page}");
        stopped.shows(&["dir=\"rtl\"", "طلبات كثيرة جدًا من شبكتك"]);
    }
    // Forms are counted for themselves, whatever comes of them.
    let pay = format!("{paid}/pay");
    let (passed, _) = until_stopped(|| visitor.post(&pay, &[])).await;
    assert!(passed >= SHARE, "{passed}");

    // Of IPv6 a whole network is one visitor; anybody else has a share of their own.
    let buyer = |address: &str| stage.buyer().sending(ADDRESS, address);
    for (address, is_new) in
        [("2001:db8::1", true), ("2001:db8::2", false), ("2001:db8:0:1::1", true)]
    {
        let visitor = buyer(address);
        let (passed, _) = until_stopped(|| visitor.get(&receipt)).await;
        assert_eq!(passed >= SHARE, is_new, "{address}: {passed}");
    }
    let operator = stage.operator().sending(ADDRESS, "192.0.2.7");
    let (passed, _) = until_stopped(|| operator.get("/")).await;
    assert!(passed >= SHARE, "{passed}");
}

/// What an address may ask for at once: more than comes back while one page is loaded.
const SHARE: u32 = 6;

/// Asks until it is too much: how often it was not, and what was answered then.
async fn until_stopped<F: Future<Output = Answer>>(ask: impl Fn() -> F) -> (u32, Answer) {
    for passed in 0..1_000 {
        let answer = ask().await;
        if answer.status == 429 {
            return (passed, answer);
        }
    }
    panic!("nobody was stopped");
}
