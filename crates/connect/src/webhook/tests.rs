#![allow(clippy::unwrap_used)]

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use holdfast_core::id::IdSource;

use super::names::Lookup;
use super::*;
use crate::test_server::{Act, PATIENT, SHORT, TestServer};

fn target(url: &str) -> WebhookTarget {
    WebhookTarget {
        event: IdSource::new(1, 1).make(),
        url: url.to_owned(),
        signature: "t=1795176000,v1=00ff".to_owned(),
    }
}

fn sender(policy: AddressPolicy) -> WebhookSender {
    WebhookSender::new(policy, PATIENT).unwrap()
}

/// A sender whose names are these, and nothing else is a name.
fn sender_of(names: &'static [(&str, &[&str])], is_allowed: fn(IpAddr) -> bool) -> WebhookSender {
    let lookup: Lookup = Arc::new(move |name| {
        let found = names.iter().find(|(known, _)| *known == name).map(|(_, found)| *found);
        Box::pin(async move {
            let found = found.ok_or(std::io::ErrorKind::NotFound)?;
            Ok(found.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect())
        })
    });
    let names = Names { lookup, is_allowed };
    WebhookSender::with_names(AddressPolicy::PublicOnly, PATIENT, Some(&names)).unwrap()
}

#[tokio::test]
async fn an_event_arrives_as_it_was_signed() {
    let server = TestServer::start([Act::Answer(200, "ok".to_owned())]).await;
    let url = format!("{}/hooks?shop=1", server.origin());
    let body = r#"{"id":"evt_1","object":"event"}"#;
    let sender = sender(AddressPolicy::AnyForSandbox);
    let outcome = sender.deliver(&target(&url), body.as_bytes()).await;
    assert_eq!(outcome, DeliveryOutcome::Accepted { status: 200 });
    let seen = server.seen().remove(0);
    assert_eq!(seen.line, "POST /hooks?shop=1");
    assert_eq!(seen.body, body);
    assert_eq!(seen.header("stripe-signature"), Some("t=1795176000,v1=00ff"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("user-agent"), Some("holdfast/1.0"));
    assert_eq!(seen.header("referer"), None);
}

#[tokio::test]
async fn only_a_status_of_success_is_accepted() {
    let status = |status| DeliveryOutcome::Refused { status };
    let answer = |status| Act::Answer(status, "<p>a receiver's page</p>".to_owned());
    let table = [
        (answer(200), DeliveryOutcome::Accepted { status: 200 }),
        (answer(201), DeliveryOutcome::Accepted { status: 201 }),
        (Act::Answer(204, String::new()), DeliveryOutcome::Accepted { status: 204 }),
        (Act::Truncate("{}".to_owned()), DeliveryOutcome::Accepted { status: 200 }),
        (Act::Stall, DeliveryOutcome::Accepted { status: 200 }),
        (Act::Answer(200, "x".repeat(1_000_000)), DeliveryOutcome::Accepted { status: 200 }),
        (answer(301), status(Some(301))),
        (answer(307), status(Some(307))),
        (answer(400), status(Some(400))),
        (answer(404), status(Some(404))),
        (answer(410), status(Some(410))),
        (answer(500), status(Some(500))),
        (answer(503), status(Some(503))),
        (Act::Hold, status(None)),
        (Act::Reset, status(None)),
        (Act::Close, status(None)),
        (Act::Raw("hello"), status(None)),
        (Act::Slow(2 * SHORT, String::new()), status(None)),
    ];
    let policy = AddressPolicy::AnyForSandbox;
    for (act, expected) in table {
        let server = TestServer::start([act.clone()]).await;
        let sender = WebhookSender::new(policy, act.deadline()).unwrap();
        let outcome = sender.deliver(&target(&server.origin()), b"{}").await;
        assert_eq!(outcome, expected, "{act:?}");
        assert_eq!(server.lines().len(), 1, "{act:?}: no redirect, no second try");
    }
    let nobody = format!("http://{}", TestServer::nobody().await);
    assert_eq!(sender(policy).deliver(&target(&nobody), b"{}").await, status(None));
}

#[tokio::test]
async fn nothing_is_posted_before_a_handshake() {
    let server = TestServer::start([Act::Raw("HTTP/1.1 200 OK\r\n\r\n")]).await;
    let url = server.origin().replace("http:", "https:");
    let outcome = sender(AddressPolicy::AnyForSandbox).deliver(&target(&url), b"{}").await;
    assert_eq!(outcome, DeliveryOutcome::Refused { status: None });
    assert_eq!((server.connections(), server.lines().len()), (1, 0));
}

#[tokio::test]
async fn a_receiver_that_drips_is_left_alone() {
    let server = TestServer::start([Act::Stall]).await;
    let start = Instant::now();
    let sender = WebhookSender::new(AddressPolicy::AnyForSandbox, TIMEOUT).unwrap();
    let outcome = sender.deliver(&target(&server.origin()), b"{}").await;
    assert_eq!(outcome, DeliveryOutcome::Accepted { status: 200 });
    assert!(start.elapsed() >= BODY_DEADLINE && start.elapsed() < TIMEOUT);
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let ok = || Act::Answer(200, "ok".to_owned());
    let server = TestServer::start([ok(), ok(), ok()]).await;
    let sender = sender(AddressPolicy::AnyForSandbox);
    for _ in 0..3 {
        let outcome = sender.deliver(&target(&server.origin()), b"{}").await;
        assert_eq!(outcome, DeliveryOutcome::Accepted { status: 200 });
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_is_no_address_of_the_web_is_not_posted_to() {
    for url in [
        "",
        "receiver.example",
        "/hooks",
        "ftp://receiver.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "unix:/run/docker.sock",
        "http://",
        "http://:80/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:-1/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://1.2.3.4.5/",
        "http://256.256.256.256/",
        "http://exa mple/",
    ] {
        for policy in [AddressPolicy::AnyForSandbox, AddressPolicy::PublicOnly] {
            let refused = sender(policy).post(&target(url), b"{}").await;
            assert_eq!(refused, Err(Undelivered::Malformed), "{url}");
        }
    }
    let forged = "t=1\r\nhost: evil".to_owned();
    let forged = WebhookTarget { signature: forged, ..target("http://127.0.0.1:1/") };
    let refused = sender(AddressPolicy::AnyForSandbox).post(&forged, b"{}").await;
    assert_eq!(refused, Err(Undelivered::Malformed));
}

/// Spellings of the address of this very machine. `PORT` is the server's.
const SELF: [&str; 28] = [
    "http://127.0.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7F.0x0.0x0.0x1:PORT/",
    "http://0x7f.1:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.01:PORT/",
    "http://00000177.0.0.1:PORT/",
    "http://127.0.0.0x1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http://１２７.０.０.１:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0x0:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[0:0:0:0:0:ffff:7f00:0001]:PORT/",
    "http:127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "http://public.example@127.0.0.1:PORT/",
    "http://localhost:PORT/",
];

/// Spellings of other addresses that are nobody's business: none may be tried at all.
const INSIDE: [&str; 56] = [
    "http://127.255.255.254/",
    "http://10.0.0.1/",
    "http://10.1/",
    "http://0xa000001/",
    "http://167772161/",
    "http://012.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://0xc0a80101/",
    "http://3232235777/",
    "http://0300.0250.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://169.16689662/",
    "http://169.254.43518/",
    "http://１６９.２５４.１６９.２５４/",
    "http://169.254.170.2/v2/credentials",
    "http://168.63.129.16/",
    "http://192.0.0.192/opc/v2/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://0.0.0.1/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "https://127.0.0.1/",
    "https://[::1]:8443/",
];

#[tokio::test]
async fn no_spelling_of_an_inside_address_connects() {
    let server = TestServer::start([]).await;
    // That plain http is refused as well must not be all that holds these back.
    let strict = sender(AddressPolicy::PublicOnly);
    let sender = WebhookSender { transport: Transport::Any, ..strict.clone() };
    let port = server.address.port().to_string();
    for spelling in SELF.iter().chain(&INSIDE) {
        let url = spelling.replace("PORT", &port);
        let refused = sender.post(&target(&url), b"{}").await;
        assert_eq!(refused, Err(Undelivered::Forbidden), "{url}");
        let outcome = sender.deliver(&target(&url), b"{}").await;
        assert_eq!(outcome, DeliveryOutcome::Refused { status: None }, "{url}");
        let url = url.replacen("http:", "https:", 1);
        let refused = strict.post(&target(&url), b"{}").await;
        assert_eq!(refused, Err(Undelivered::Forbidden), "{url}");
    }
    assert_eq!(server.connections(), 0);
}

/// That the test above tests something: without the policy, each spelling of this machine that
/// the system can connect to does reach the server.
#[tokio::test]
async fn the_spellings_do_connect_where_they_may() {
    for spelling in SELF {
        let server = TestServer::start([Act::Answer(200, String::new())]).await;
        let url = spelling.replace("PORT", &server.address.port().to_string());
        let sender = sender(AddressPolicy::AnyForSandbox);
        let outcome = sender.deliver(&target(&url), b"{}").await;
        assert_eq!(outcome, DeliveryOutcome::Accepted { status: 200 }, "{url}");
    }
}

#[tokio::test]
async fn names_of_inside_addresses_do_not_connect() {
    const NAMES: [(&str, &[&str]); 8] = [
        ("loopback.example", &["127.0.0.1"]),
        ("private.example", &["10.0.0.1"]),
        ("metadata.example", &["169.254.169.254"]),
        ("six.example", &["::1"]),
        ("mapped.example", &["::ffff:127.0.0.1"]),
        ("unique.example", &["fd00::1"]),
        ("mixed.example", &["9.9.9.9", "127.0.0.1"]),
        ("mixed-six.example", &["2606:4700:4700::1111", "fe80::1"]),
    ];
    let sender = sender_of(&NAMES, is_public);
    for (name, _) in NAMES {
        let url = format!("http://{name}:4001/");
        let refused = sender.post(&target(&url), b"{}").await;
        assert_eq!(refused, Err(Undelivered::Forbidden), "{name}");
    }
    let unknown = sender.post(&target("http://unknown.example/"), b"{}").await;
    assert_eq!(unknown, Err(Undelivered::NoAnswer));
}

#[tokio::test]
async fn the_connection_goes_to_the_address_that_was_checked() {
    let server = TestServer::start([Act::Answer(200, String::new())]).await;
    // No system knows this name: only the checked address can have led to the server.
    let sender = sender_of(&[("receiver.example", &["127.0.0.1"])], |address| {
        address == IpAddr::from([127, 0, 0, 1])
    });
    let url = format!("http://receiver.example:{}/", server.address.port());
    assert_eq!(
        sender.deliver(&target(&url), b"{}").await,
        DeliveryOutcome::Accepted { status: 200 }
    );
    let host = format!("receiver.example:{}", server.address.port());
    assert_eq!(server.seen()[0].header("host"), Some(&*host));
}

#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
    let lookup: Lookup = Arc::new(|_| {
        let first = LOOKUPS.fetch_add(1, Ordering::SeqCst) == 0;
        let address = if first { [9, 9, 9, 9] } else { [127, 0, 0, 1] };
        Box::pin(async move { Ok(vec![SocketAddr::from((address, 0))]) })
    });
    let names = Names { lookup, is_allowed: is_public };
    let resolve = || reqwest::dns::Resolve::resolve(&names, "rebinding.example".parse().unwrap());
    let addresses: Vec<SocketAddr> = resolve().await.unwrap().collect();
    assert_eq!(addresses, [SocketAddr::from(([9, 9, 9, 9], 0))]);
    assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
    assert!(resolve().await.is_err_and(|error| error.is::<Forbidden>()));
}

/// Receivers of real events are on the web and speak TLS.
#[tokio::test]
async fn what_no_receiver_has_is_not_posted_to() {
    for url in [
        "http://8.8.8.8/",
        "http://receiver.example/",
        "https://user@8.8.8.8/",
        "https://user:password@receiver.example/",
        "https://8.8.8.8:22/",
        "https://8.8.8.8:25/",
        "https://8.8.8.8:1023/",
        "https://8.8.8.8:6379/",
        "https://receiver.example:5432/",
        "https://receiver.example:11211/",
    ] {
        let refused = sender(AddressPolicy::PublicOnly).post(&target(url), b"{}").await;
        assert_eq!(refused, Err(Undelivered::Unsuitable), "{url}");
    }
    for url in ["https://8.8.8.8/", "https://8.8.8.8:8443/", "https://receiver.example:4001/"] {
        let checked = check(url, AddressPolicy::PublicOnly, Transport::TlsOnly);
        assert!(checked.is_ok(), "{url}");
    }
}

/// More spellings than the issue asks for, so that nobody thins the tables out.
#[test]
fn there_are_enough_spellings() {
    assert!(SELF.len() + INSIDE.len() >= 60);
}
