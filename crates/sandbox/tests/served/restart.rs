//! The ledger file: what survives, what is dropped, what is refused.

use std::collections::BTreeMap;
use std::fs;

use holdfast_sandbox::ledger;
use serde_json::{Value, json};

use crate::support::{Sandbox, authorize_body};

/// A few of everything.
async fn busy() -> Sandbox {
    let sandbox = Sandbox::start().await;
    let id = sandbox.authorize("a1", "visa").await["id"].as_str().unwrap().to_owned();
    sandbox.authorize("a2", "visa_chargeDeclined").await;
    sandbox.authorize("a3", "threeDSecureRequired").await;
    let path = |kind: &str| format!("/network/authorizations/{id}/{kind}");
    let money = |reference: &str, amount: i64| {
        let currency = "usd";
        json!({"reference": reference, "amount": amount, "currency": currency})
    };
    let mut capture = money("c1", 7_000);
    capture["final"] = json!(false);
    sandbox.post(&path("captures"), "k1", &capture).await;
    sandbox.post(&path("refunds"), "k2", &money("r1", 3_000)).await;
    sandbox.post(&path("refunds"), "k3", &money("r2", 5_000)).await;
    sandbox.post(&path("voids"), "k4", &json!({"reference": "v1", "amount": 1_000})).await;
    let last = sandbox.authorize("a4", "visa").await["id"].as_str().unwrap().to_owned();
    let mut capture = money("c2", 2_000);
    capture["final"] = json!(true);
    sandbox.post(&format!("/network/authorizations/{last}/captures"), "k5", &capture).await;
    let refunded = sandbox.authorize("a5", "refundFail").await["id"].as_str().unwrap().to_owned();
    capture["reference"] = json!("c3");
    sandbox.post(&format!("/network/authorizations/{refunded}/captures"), "k6", &capture).await;
    let refund = money("r3", 1_500);
    sandbox.post(&format!("/network/authorizations/{refunded}/refunds"), "k7", &refund).await;
    sandbox.move_clock(60).await;
    sandbox
}

#[tokio::test]
async fn a_restart_changes_nothing() {
    let sandbox = busy().await;
    let ledger = sandbox.get("/network/ledger").await;
    let code = sandbox.page("/").await.code("a3");
    let first = sandbox.post("/network/authorizations", "a1", &authorize_body("a1", "visa")).await;
    let sandbox = sandbox.restart().await;
    let mut after = sandbox.get("/network/ledger").await.json();
    // The sandbox is on another port now, which the page's address tells.
    let before = ledger.json();
    let url = "/authorizations/2/challenge/url";
    *after.pointer_mut(url).unwrap() = before.pointer(url).unwrap().clone();
    assert_eq!(after, before);
    assert_eq!(sandbox.get("/clock").await.json()["offset_ms"], 60_000);
    let again = sandbox.post("/network/authorizations", "a1", &authorize_body("a1", "visa")).await;
    assert_eq!(again, first);
    let mut more = authorize_body("a1", "visa");
    more["amount"] = json!(1);
    let reused = sandbox.post("/network/authorizations", "a1", &more).await;
    assert_eq!(reused.refusal(), (409, "idempotency_key_reused".to_owned()));
    // A challenge goes on where it stood.
    assert_eq!(sandbox.page("/").await.code("a3"), code);
    let challenge = sandbox.look_up("a3").await["challenge"]["url"].as_str().unwrap().to_owned();
    let path = challenge.strip_prefix(&sandbox.origin).unwrap();
    assert_eq!(sandbox.submit(path, &format!("code={code}")).await.status, 303);
    assert_eq!(sandbox.look_up("a3").await["status"], "approved");
}

/// What became of an authorization, from the lines of the file and nothing else.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    captured: i64,
    refunded: i64,
    released: i64,
}

fn recomputed(file: &str) -> BTreeMap<String, Sums> {
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for line in file.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (kind, entry) = line["entry"].as_object().unwrap().iter().next().unwrap();
        let number = |name: &str| entry[name].as_i64().unwrap();
        let of = |name: &str| entry[name].as_str().unwrap().to_owned();
        match kind.as_str() {
            "authorization" => drop(sums.insert(of("id"), Sums::default())),
            "authorization_expired" => {
                sums.get_mut(&of("authorization")).unwrap().released += number("released");
            }
            "refund_failed" => {
                sums.get_mut(&of("authorization")).unwrap().refunded -= number("amount");
            }
            "movement" if entry["refused"].is_null() => {
                let sums = sums.get_mut(&of("authorization")).unwrap();
                match of("kind").as_str() {
                    "capture" => {
                        sums.captured += number("amount");
                        sums.released += number("released");
                    }
                    "void" => sums.released += number("amount"),
                    "refund" => sums.refunded += number("amount"),
                    other => panic!("{other}"),
                }
            }
            _ => {}
        }
    }
    sums
}

#[tokio::test]
async fn the_file_alone_tells_what_became_of_every_authorization() {
    let sandbox = busy().await;
    sandbox.move_clock(8 * 24 * 3_600).await;
    let told = sandbox.get("/network/ledger").await.json();
    let told: BTreeMap<String, Sums> = told["authorizations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            let number = |name: &str| of[name].as_i64().unwrap();
            let (captured, refunded) = (number("captured"), number("refunded"));
            let sums = Sums { captured, refunded, released: number("released") };
            (of["id"].as_str().unwrap().to_owned(), sums)
        })
        .collect();
    let file = fs::read_to_string(sandbox.ledger_file()).unwrap();
    assert_eq!(recomputed(&file), told);
    let mut sums: Vec<_> = told.values().map(|s| (s.captured, s.refunded, s.released)).collect();
    sums.sort_unstable();
    assert_eq!(
        sums,
        [(0, 0, 0), (0, 0, 0), (2_000, 0, 10_000), (2_000, 0, 10_000), (7_000, 3_000, 5_000)]
    );
    // The library reads the same from it, while it is in use.
    let network = ledger::read(&sandbox.ledger_file()).unwrap();
    assert_eq!(network.authorizations_from(0).len(), 5);
}

#[tokio::test]
async fn a_torn_last_line_is_dropped() {
    let sandbox = busy().await;
    sandbox.authorize("a6", "visa").await;
    let (stopped, config, folder) = sandbox.stop().await;
    stopped.unwrap();
    let whole = fs::read(&config.ledger).unwrap();
    let lines = whole.iter().filter(|byte| **byte == b'\n').count();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in [last + 1, (last + whole.len()) / 2, whole.len() - 1] {
        fs::write(&config.ledger, &whole[..cut]).unwrap();
        let shutdown = std::future::ready(());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        holdfast_sandbox::serve(listener, config.clone(), shutdown).await.unwrap();
        assert_eq!(fs::read(&config.ledger).unwrap(), &whole[..last], "cut at {cut}");
        let network = ledger::read(&config.ledger).unwrap();
        assert_eq!(network.find_authorization("a6"), None);
        assert_eq!(network.authorizations_from(0).len(), 5);
    }
    assert!(lines > 10);
    drop(folder);
}

#[tokio::test]
async fn a_line_that_cannot_be_right_refuses_the_start_and_is_named() {
    let sandbox = busy().await;
    let (stopped, config, folder) = sandbox.stop().await;
    stopped.unwrap();
    let whole = fs::read_to_string(&config.ledger).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    let with = |number: usize, line: &str| {
        let mut lines = lines.clone();
        lines[number - 1] = line;
        joined(&lines)
    };
    let changed = lines[3].replace("7000", "7001");
    assert_ne!(changed, lines[3]);
    let without_third = [&lines[..2], &lines[3..]].concat();
    let last = lines.len();
    for (file, problem) in [
        (with(4, &changed), "line 4: its checksum is not that of its content".to_owned()),
        (with(2, "nonsense"), "line 2: it does not begin with a checksum".to_owned()),
        (with(2, ""), "line 2: it does not begin with a checksum".to_owned()),
        (with(3, lines[1]), "line 3: it says that it is line 2".to_owned()),
        (joined(&without_third), "line 3: it says that it is line 4".to_owned()),
        (with(last, "{}"), format!("line {last}: it does not begin with a checksum")),
    ] {
        fs::write(&config.ledger, &file).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let served =
            holdfast_sandbox::serve(listener, config.clone(), std::future::ready(())).await;
        let error = served.unwrap_err().to_string();
        assert!(error.ends_with(&problem), "{error}");
        assert_eq!(fs::read_to_string(&config.ledger).unwrap(), file);
    }
    drop(folder);
}

#[tokio::test]
async fn two_sandboxes_do_not_share_a_file() {
    let sandbox = Sandbox::start().await;
    sandbox.authorize("a1", "visa").await;
    let ledger = sandbox.ledger_file();
    let other = Sandbox::start_with(|config| config.ledger = ledger).await;
    let (served, ..) = other.stop().await;
    let error = served.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ResourceBusy);
    assert!(error.to_string().ends_with("is in use by another process"), "{error}");
    assert_eq!(sandbox.look_up("a1").await["status"], "approved");
}

#[tokio::test]
async fn an_endless_line_is_not_read_to_its_end() {
    let (served, ..) =
        Sandbox::start_with(|config| config.ledger = "/dev/zero".into()).await.stop().await;
    let error = served.unwrap_err().to_string();
    assert_eq!(error, "ledger file /dev/zero, line 1: it is longer than 65536 bytes");
}

#[tokio::test]
async fn a_ledger_that_cannot_be_synced_acknowledges_nothing_and_ends_the_sandbox() {
    // This device takes every write and refuses to sync.
    let sandbox = Sandbox::start_with(|config| config.ledger = "/dev/null".into()).await;
    let body = authorize_body("a1", "visa");
    let answer = sandbox.post("/network/authorizations", "k1", &body).await;
    assert_eq!(answer.refusal(), (503, "unavailable".to_owned()));
    let ended = tokio::time::timeout(std::time::Duration::from_secs(10), sandbox.ended());
    assert_eq!(ended.await.unwrap().unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_missing_folder_is_said() {
    let sandbox = Sandbox::start().await;
    let ledger = sandbox.folder().join("nowhere/ledger.jsonl");
    let (served, ..) = Sandbox::start_with(|config| config.ledger = ledger).await.stop().await;
    assert_eq!(served.unwrap_err().kind(), std::io::ErrorKind::NotFound);
}
