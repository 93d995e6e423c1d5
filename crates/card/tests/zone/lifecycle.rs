//! Deadlines, stopping, and being replaced without losing anybody.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use holdfast_card::zone::RECYCLE_AFTER;

use crate::support::*;

/// All deadlines of a connection, side by side: each is five seconds.
#[test]
fn nothing_waits_for_ever() {
    let (silent_network, network) = (Network::start(Act::Hold), Network::tokens());
    let (held_zone, zone) = (Zone::start(&silent_network), Zone::start(&network));
    let check = |what: &str, zone: SocketAddr, sent: &str, expected: &str| {
        let begun = Instant::now();
        let mut stream = connect(zone).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let waited = begun.elapsed().as_secs();
        assert!((4..=20).contains(&waited), "{what}: {waited} s");
        assert!(answer.starts_with(expected), "{what}: {answer}");
        assert!(!expected.is_empty() || answer.is_empty(), "{what}: {answer}");
    };
    let (held, serving) = (held_zone.address, zone.address);
    let half_body = post_request(&visa(), &[]).replace("cvc", "");
    let whole = post_request(&visa(), &[]);
    thread::scope(|scope| {
        scope.spawn(|| check("nothing", serving, "", ""));
        scope.spawn(|| check("half a head", serving, "POST /v1/tokens HTTP/1.1\r\nHost:", ""));
        scope.spawn(|| check("half a body", serving, &half_body, "HTTP/1.1 408"));
        scope.spawn(|| check("a silent network", held, &whole, "HTTP/1.1 504"));
    });
    assert_eq!(silent_network.requests().len(), 1, "asked once, never again");
    assert_eq!(zone.post(&visa()).status, 200, "the others are served");
}

#[test]
fn a_head_without_end_is_refused() {
    let zone = Zone::start(&Network::tokens());
    let many = "X-A: b\r\n".repeat(100);
    assert_eq!(zone.send(&format!("GET /livez HTTP/1.1\r\n{many}\r\n")).status, 431);
    let long = "b".repeat(9000);
    assert_eq!(zone.send(&format!("GET /livez HTTP/1.1\r\nX-A: {long}\r\n\r\n")).status, 431);
}

#[test]
fn one_request_a_connection() {
    let zone = Zone::start(&Network::tokens());
    let request = "GET /livez HTTP/1.1\r\nConnection: keep-alive\r\n\r\n";
    let answer = zone.send(&request.repeat(2));
    assert_eq!(answer.raw.matches("HTTP/1.1 200").count(), 1, "{}", answer.raw);
}

#[test]
fn a_form_in_many_pieces_is_read_whole() {
    let zone = Zone::start(&Network::tokens());
    let mut stream = connect(zone.address).unwrap();
    for piece in post_request(&visa(), &[]).as_bytes().chunks(7) {
        stream.write_all(piece).unwrap();
        thread::yield_now();
    }
    assert_eq!(read_answer(&mut stream).unwrap().status, 200);
}

#[test]
fn shutting_down_finishes_what_has_begun_and_accepts_nothing_more() {
    let network = Network::start(Act::Hold);
    let mut zone = Zone::start(&network);
    let address = zone.address;
    let request = post_request(&visa(), &[]);
    thread::scope(|scope| {
        let begun = scope.spawn(|| exchange(address, request.as_bytes()));
        network.wait_for_requests(1);
        zone.shut_down();
        zone.wait_until_it_stops_accepting();
        assert!(connect(address).is_err(), "the listener is closed first");
        assert!(zone.is_running(), "a request is still in flight");
        network.let_go();
        assert_eq!(begun.join().unwrap().unwrap().status, 200);
        zone.wait_until_it_returns();
    });
}

#[test]
fn an_idle_connection_does_not_hold_up_a_shutdown() {
    let mut zone = Zone::start(&Network::tokens());
    let idle = connect(zone.address).unwrap();
    assert_eq!(zone.send("GET /livez HTTP/1.1\r\n\r\n").status, 200);
    let begun = Instant::now();
    zone.shut_down();
    zone.wait_until_it_returns();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    drop(idle);
}

#[test]
fn a_request_on_its_way_while_the_zone_stops_is_served() {
    let mut zone = Zone::start(&Network::tokens());
    let mut late = connect(zone.address).unwrap();
    // Answered, so `late`, which stood before it in the queue, is accepted.
    assert_eq!(zone.send("GET /livez HTTP/1.1\r\n\r\n").status, 200);
    zone.shut_down();
    zone.wait_until_it_stops_accepting();
    late.write_all(post_request(&visa(), &[]).as_bytes()).unwrap();
    assert_eq!(read_answer(&mut late).unwrap().status, 200);
    zone.wait_until_it_returns();
}

/// The whole life of a zone: ten seconds after its first card it gives way to a successor on the
/// same listener, under load, and nobody notices.
#[test]
fn a_zone_that_saw_a_card_is_replaced_and_no_request_is_lost() {
    let network = Network::tokens();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut zone = Zone::on(listener.try_clone().unwrap(), network.address);
    let address = zone.address;
    let (is_over, served) = (AtomicBool::new(false), AtomicUsize::new(0));
    let body = visa();
    let load = || {
        while !is_over.load(Ordering::Relaxed) {
            assert_eq!(exchange(address, post_request(&body, &[]).as_bytes()).unwrap().status, 200);
            served.fetch_add(1, Ordering::Relaxed);
            // Below the rate at which one peer may post.
            thread::sleep(Duration::from_millis(60));
        }
    };
    thread::scope(|scope| {
        let begun = Instant::now();
        let clients = [scope.spawn(load), scope.spawn(load)];
        zone.wait_until_it_stops_accepting();
        let waited = begun.elapsed();
        let successor = Zone::on(listener.try_clone().unwrap(), network.address);
        assert!(waited >= RECYCLE_AFTER && waited < RECYCLE_AFTER + Duration::from_secs(15));
        zone.wait_until_it_returns();
        let before = served.load(Ordering::Relaxed);
        wait_until("the successor serves", || served.load(Ordering::Relaxed) > before + 10);
        is_over.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().unwrap();
        }
        assert!(successor.is_running());
    });
}
