//! Publishable keys that come and go while the zone runs.

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use holdfast_card::zone::KeyGrant;
use jiff::Timestamp;

use crate::support::*;

const NEW: &str = "pk_test_new";

fn with(key: &str) -> String {
    visa().replacen(KEY, key, 1)
}

fn untold(network: &Network) -> Zone {
    Zone::untold(TcpListener::bind("127.0.0.1:0").unwrap(), network.address)
}

#[test]
fn a_key_opens_the_zone_from_one_word_of_the_parent_to_the_next() {
    let network = Network::tokens();
    let mut zone = Zone::start(&network);
    let refused = zone.post(&with(NEW));
    assert_eq!(refused.status, 401);
    zone.tell(&[KeyGrant::of_key(KEY), KeyGrant::of_key(NEW)]);
    wait_until("the new key counts", || zone.post(&with(NEW)).status == 200);
    assert_eq!(zone.post(&visa()).status, 200);
    zone.tell(&[KeyGrant::of_key(KEY)]);
    wait_until("it counts no more", || zone.post(&with(NEW)).status == 401);
    assert_eq!(zone.post(&with(NEW)).error(), refused.error());
    assert_eq!(zone.post(&visa()).status, 200);
}

#[test]
fn a_key_runs_out_without_another_word() {
    let network = Network::tokens();
    let mut zone = untold(&network);
    let until_ms = Some(Timestamp::now().as_millisecond() + 3_000);
    zone.tell(&[KeyGrant::of_key(KEY), KeyGrant { until_ms, ..KeyGrant::of_key(NEW) }]);
    assert_eq!(zone.post(&with(NEW)).status, 200);
    wait_until("it has run out", || zone.post(&with(NEW)).status == 401);
    assert_eq!(zone.post(&visa()).status, 200);
}

#[test]
fn nobody_is_served_before_the_keys_are_told() {
    let network = Network::tokens();
    let mut zone = untold(&network);
    let mut early = connect(zone.address).unwrap();
    early.write_all(post_request(&visa(), &[]).as_bytes()).unwrap();
    early.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(read_answer(&mut early).is_err(), "nobody has answered");
    zone.tell(&[KeyGrant::of_key(KEY)]);
    early.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert_eq!(read_answer(&mut early).unwrap().status, 200);
}

#[test]
fn a_parent_that_makes_no_sense_ends_the_zone() {
    let mut zone = Zone::start(&Network::tokens());
    assert_eq!(zone.post(&visa()).status, 200);
    zone.say(b"pk_test_new\n");
    let ended = zone.outcome().unwrap_err();
    assert_eq!(ended.kind(), std::io::ErrorKind::InvalidData);
}

#[test]
fn a_parent_that_is_gone_ends_the_zone() {
    let mut zone = Zone::start(&Network::tokens());
    zone.fall_silent();
    zone.wait_until_it_returns();
    let mut untold = untold(&Network::tokens());
    untold.fall_silent();
    untold.wait_until_it_returns();
}
