//! The pages, as a browser without scripts sees them.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use serde_json::json;

use crate::support::{PAY, Page, Sandbox};

/// Asks for an authorization with a challenge; the path of its page.
async fn challenged(sandbox: &Sandbox, reference: &str) -> String {
    let answer = sandbox.authorize(reference, "threeDSecureRequired").await;
    let url = answer["challenge"]["url"].as_str().unwrap();
    url.strip_prefix(&sandbox.origin).unwrap().to_owned()
}

fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_buyer_reads_the_code_and_confirms() {
    let sandbox = Sandbox::start().await;
    let path = challenged(&sandbox, "a1").await;
    let page = sandbox.page(&path).await;
    assert_eq!(page.status, 200);
    for text in [
        "<html lang=\"en\" dir=\"ltr\">",
        "BAZAAR",
        "USD 120.00",
        "Bank of Amber",
        "••• ••• ••20",
        "autocomplete=\"one-time-code\"",
        "inputmode=\"numeric\"",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let code = sandbox.page("/").await.code("a1");
    assert!(!page.text.contains(&code), "the bank's page shows the code");
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with(&format!("form-action 'self' {PAY}")), "{policy}");
    let confirmed = sandbox.submit(&path, &format!("code={code}")).await;
    assert_eq!(confirmed.status, 303);
    assert_eq!(confirmed.header("location"), format!("{PAY}/c/cs_1/return?challenge=done"));
    assert_eq!(sandbox.look_up("a1").await["status"], "approved");
    // A double click, a reload and the back button lead to the same place.
    let again = sandbox.submit(&path, &format!("code={code}")).await;
    assert_eq!(again.header("location"), confirmed.header("location"));
    let over = sandbox.page(&path).await;
    assert!(over.text.contains("You are done here"), "{}", over.text);
    assert!(over.text.contains(&format!("{PAY}/c/cs_1/return?challenge=done")));
}

#[tokio::test]
async fn wrong_codes_are_counted_and_slips_are_not() {
    let sandbox = Sandbox::start().await;
    let path = challenged(&sandbox, "a1").await;
    let code = sandbox.page("/").await.code("a1");
    for slip in ["", "code=", "code=12345", "code=abcdef"] {
        let slipped = sandbox.submit(&path, slip).await;
        assert_eq!(slipped.header("location"), format!("{path}?lang=en&said=format"), "{slip}");
    }
    let slipped = sandbox.page(&format!("{path}?said=format")).await;
    assert!(slipped.text.contains("Enter the 6 digits"));
    assert!(slipped.text.contains("aria-invalid=\"true\""));
    for left in [4, 3, 2, 1] {
        let wrong = sandbox.submit(&path, &format!("code={}", other(&code))).await;
        assert_eq!(wrong.header("location"), format!("{path}?lang=en"));
        let page = sandbox.page(&path).await;
        assert!(page.text.contains(&format!("Tries left: \u{2066}{left}\u{2069}")), "{left}");
    }
    let failed = sandbox.submit(&path, &format!("code={}", other(&code))).await;
    assert_eq!(failed.header("location"), format!("{PAY}/c/cs_1/return?challenge=done"));
    let late = sandbox.submit(&path, &format!("code={code}")).await;
    assert_eq!(late.header("location"), failed.header("location"));
    let now = sandbox.look_up("a1").await;
    assert_eq!((&now["status"], &now["authentication"]), (&json!("declined"), &json!("failed")));
}

#[tokio::test]
async fn a_new_code_comes_by_mail_or_after_thirty_seconds() {
    let sandbox = Sandbox::start().await;
    let path = challenged(&sandbox, "a1").await;
    let first = sandbox.page("/").await.code("a1");
    let early = sandbox.submit(&format!("{path}/resend"), "channel=phone").await;
    assert_eq!(early.header("location"), format!("{path}?lang=en&said=early"));
    let told = sandbox.page(&format!("{path}?said=early")).await;
    assert!(told.text.contains("You can ask for a new code in"));
    let by_mail = sandbox.submit(&format!("{path}/resend"), "channel=mailbox").await;
    assert_eq!(by_mail.header("location"), format!("{path}?lang=en&said=renewed"));
    let page = sandbox.page(&format!("{path}?said=renewed")).await;
    assert!(page.text.contains("b•••••20@mailbox.example"));
    assert!(page.text.contains("We sent a new code."));
    let home = sandbox.page("/").await;
    let mailbox = home.text.split_once("id=\"mailbox\"").unwrap().1.to_owned();
    let second = Page { text: mailbox, ..home }.code("a1");
    assert_ne!(first, second);
    let old = sandbox.submit(&path, &format!("code={first}")).await;
    assert_eq!(old.header("location"), format!("{path}?lang=en"));
    sandbox.move_clock(30).await;
    let again = sandbox.submit(&format!("{path}/resend"), "channel=phone").await;
    assert_eq!(again.header("location"), format!("{path}?lang=en&said=renewed"));
    let third = sandbox.page("/").await.code("a1");
    assert_eq!(sandbox.submit(&path, &format!("code={third}")).await.status, 303);
    assert_eq!(sandbox.look_up("a1").await["status"], "approved");
}

#[tokio::test]
async fn a_challenge_can_be_cancelled_and_expires() {
    let sandbox = Sandbox::start().await;
    let canceled = challenged(&sandbox, "a1").await;
    let sent = sandbox.submit(&format!("{canceled}/cancel"), "").await;
    assert_eq!(sent.header("location"), format!("{PAY}/c/cs_1/return?challenge=done"));
    assert_eq!(sandbox.look_up("a1").await["authentication"], "canceled");
    let expired = challenged(&sandbox, "a2").await;
    let code = sandbox.page("/").await.code("a2");
    sandbox.move_clock(600).await;
    let late = sandbox.submit(&expired, &format!("code={code}")).await;
    assert_eq!(late.status, 303);
    assert_eq!(sandbox.look_up("a2").await["authentication"], "expired");
}

#[tokio::test]
async fn a_code_is_bound_to_its_payment() {
    let sandbox = Sandbox::start().await;
    let first = challenged(&sandbox, "a1").await;
    let second = challenged(&sandbox, "a2").await;
    let home = sandbox.page("/").await;
    let (code1, code2) = (home.code("a1"), home.code("a2"));
    assert_ne!(code1, code2, "one in a million");
    sandbox.submit(&first, &format!("code={code2}")).await;
    sandbox.submit(&second, &format!("code={code1}")).await;
    assert_eq!(sandbox.look_up("a1").await["status"], "challenge");
    assert_eq!(sandbox.look_up("a2").await["status"], "challenge");
}

#[tokio::test]
async fn posts_to_a_challenge_are_limited() {
    let sandbox = Sandbox::start().await;
    let path = challenged(&sandbox, "a1").await;
    let mut statuses = Vec::new();
    for _ in 0..22 {
        statuses.push(sandbox.submit(&path, "code=1").await.status);
    }
    assert_eq!(statuses[..20], [303; 20]);
    assert_eq!(statuses[20..], [429; 2]);
    assert_eq!(sandbox.submit("/challenge/sbc_nothing", "code=123456").await.status, 404);
}

#[tokio::test]
async fn a_challenge_without_a_way_back_says_so() {
    let sandbox = Sandbox::start().await;
    let mut body = crate::support::authorize_body("a1", "threeDSecureRequired");
    body["return_url"] = json!(null);
    let answer = sandbox.post("/network/authorizations", "k1", &body).await.json();
    let url = answer["challenge"]["url"].as_str().unwrap();
    let path = url.strip_prefix(&sandbox.origin).unwrap();
    let code = sandbox.page("/").await.code("a1");
    let confirmed = sandbox.submit(path, &format!("code={code}")).await;
    assert_eq!(confirmed.header("location"), format!("{path}?lang=en"));
    assert!(sandbox.page(path).await.text.contains("You can close this window."));
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let sandbox = Sandbox::start().await;
    let path = challenged(&sandbox, "a1").await;
    for form in [&path, "/forms/limit", "/forms/clock", "/forms/faults", "/forms/faults/clear"] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "http://127.0.0.1:4000"),
            ("origin", "null"),
        ] {
            let request = sandbox.client.post(sandbox.url(form)).header(name, value);
            let answer = request.body("code=123456").send().await.unwrap();
            assert_eq!(answer.status(), 403, "{form} {name} {value}");
        }
    }
}

#[tokio::test]
async fn the_pages_speak_arabic() {
    let sandbox = Sandbox::start().await;
    let path = challenged(&sandbox, "a1").await;
    let page = sandbox.page(&format!("{path}?lang=ar")).await;
    assert!(page.text.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(page.text.contains("أكِّد عملية الدفع"));
    let request = sandbox.client.get(sandbox.url("/")).header("accept-language", "ar-SA,en;q=0.5");
    let home = Page::of(request.send().await.unwrap()).await;
    assert!(home.text.contains("العالم الخارجي"));
    // Arabic digits, and the language stays.
    let slipped = sandbox.submit(&path, "lang=ar&code=%D9%A1%D9%A2").await;
    assert_eq!(slipped.header("location"), format!("{path}?lang=ar&said=format"));
    let code = home.code("a1");
    let digits = code.chars().map(|digit| "٠١٢٣٤٥٦٧٨٩".chars().nth(digit as usize - 48).unwrap());
    let form: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("lang", "ar")
        .append_pair("code", &digits.collect::<String>())
        .finish();
    assert_eq!(sandbox.submit(&path, &form).await.status, 303);
    assert_eq!(sandbox.look_up("a1").await["status"], "approved");
}

#[tokio::test]
async fn what_comes_from_outside_is_escaped() {
    let sandbox = Sandbox::start().await;
    let mut body = crate::support::authorize_body("a\"><b>1", "threeDSecureRequired");
    body["descriptor"] = json!("<script>alert(1)</script>");
    let answer = sandbox.post("/network/authorizations", "k1", &body).await.json();
    let url = answer["challenge"]["url"].as_str().unwrap();
    let path = url.strip_prefix(&sandbox.origin).unwrap();
    for path in [path, "/"] {
        let page = sandbox.page(path).await;
        assert!(!page.text.contains("<script"), "{path}");
        assert!(!page.text.contains("<b>"), "{path}");
        assert!(page.text.contains("alert(1)"), "{path}");
    }
    let strange = sandbox.page("/challenge/%22%3E%3Cscript%3E").await;
    assert_eq!(strange.status, 404);
    assert!(!strange.text.contains("<script"));
}

#[tokio::test]
async fn the_page_refreshes_itself_only_when_asked() {
    let sandbox = Sandbox::start().await;
    assert!(!sandbox.page("/").await.text.contains("http-equiv"));
    let live = sandbox.page("/?live=1").await;
    assert!(live.text.contains("<meta http-equiv=\"refresh\" content=\"5\">"));
}

#[tokio::test]
async fn a_changed_limit_is_kept_and_counts() {
    let sandbox = Sandbox::start().await;
    let form = "profile=visa&currency=usd&limit=119.99";
    let changed = sandbox.submit("/forms/limit", form).await;
    assert_eq!(changed.header("location"), "/?lang=en&done=limit#accounts");
    let sandbox = sandbox.restart().await;
    let answer = sandbox.authorize("a1", "visa").await;
    assert_eq!(answer["decline"]["decline_code"], "insufficient_funds");
    let home = sandbox.page("/?done=limit").await;
    assert!(home.text.contains("USD 119.99"));
    assert!(home.text.contains("The credit limit was changed."));
    for wrong in ["profile=x&currency=usd&limit=1", "profile=visa&currency=x&limit=1", ""] {
        assert_eq!(sandbox.submit("/forms/limit", wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn faults_are_added_and_removed_with_forms() {
    let sandbox = Sandbox::start().await;
    let form = "operation=lookup&fault=error_before&times=7&delay_ms=";
    let added = sandbox.submit("/forms/faults", form).await;
    assert_eq!(added.header("location"), "/?lang=en&done=faults#faults");
    assert!(sandbox.page("/").await.text.contains("error_before\u{2069} on the next \u{2066}7"));
    assert_eq!(sandbox.get("/faults").await.json()["faults"][0]["times"], 7);
    assert_eq!(sandbox.submit("/forms/faults", "operation=lookup").await.status, 400);
    assert_eq!(sandbox.submit("/forms/faults/clear", "").await.status, 303);
    assert_eq!(sandbox.get("/faults").await.json(), json!({"faults": []}));
}

/// What the API was asked to advance.
type Advanced = Arc<Mutex<Vec<String>>>;

/// As much of Holdfast's API as the clock form calls.
async fn api() -> (String, Advanced) {
    let advanced = Advanced::default();
    let authorized = |headers: &HeaderMap| headers["authorization"] == "Bearer sk_test_1";
    let list = move |headers: HeaderMap| async move {
        assert!(authorized(&headers));
        r#"{"object":"list","data":[{"id":"clock_1","frozen_time":1}],"has_more":false}"#
    };
    let advance = move |State(advanced): State<Advanced>,
                        Path(id): Path<String>,
                        headers: HeaderMap,
                        body: String| async move {
        assert!(authorized(&headers) && id == "clock_1");
        advanced.lock().unwrap().push(body);
        r#"{"id":"clock_1"}"#
    };
    let router = Router::new()
        .route("/v1/test_helpers/test_clocks", get(list))
        .route("/v1/test_helpers/test_clocks/{id}/advance", post(advance))
        .with_state(advanced.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, advanced)
}

#[tokio::test]
async fn the_clock_form_asks_holdfast() {
    let (url, advanced) = api().await;
    let sandbox = Sandbox::start_with(|config| config.api_url = url).await;
    let now = sandbox.get("/clock").await.json()["now_ms"].as_i64().unwrap() / 1_000;
    let moved = sandbox.submit("/forms/clock", "by=3&unit=days").await;
    assert_eq!(moved.header("location"), "/?lang=en&done=clock#clock");
    let moved = sandbox.submit("/forms/clock", "to=2099-01-31+12:00").await;
    assert_eq!(moved.status, 303);
    let asked: Vec<i64> = advanced
        .lock()
        .unwrap()
        .iter()
        .map(|form| form.strip_prefix("frozen_time=").unwrap().parse().unwrap())
        .collect();
    let three_days = 3 * 24 * 3_600;
    assert!((now + three_days..now + three_days + 30).contains(&asked[0]), "{asked:?}");
    assert_eq!(asked[1], 4_073_544_000);
    assert_eq!(sandbox.submit("/forms/clock", "by=0&unit=days").await.status, 400);
    assert_eq!(sandbox.submit("/forms/clock", "to=1999-01-31+12:00").await.status, 400);
}

#[tokio::test]
async fn the_clock_form_says_when_holdfast_is_not_there() {
    let sandbox = Sandbox::start().await;
    let page = sandbox.submit("/forms/clock", "by=1&unit=hours").await;
    assert_eq!(page.status, 502);
    assert!(page.text.contains("did not move the clock"));
}
