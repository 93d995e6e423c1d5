//! The capture comes with the approval.

use super::super::authorization::Kind;
use super::super::history::What;
use super::*;

#[test]
fn an_approval_takes_all_of_it_at_once() {
    let mut bench = Bench::new();
    bench.check(
        "authorize a1 visa USD 12000 taking c1 -> approved
         show a1 -> approved 12000 back 0 released 0 left 0
         account visa USD -> limit 1000000000000 held 0 owed 12000
         capture c2 a1 USD 1 -> amount_too_large
         void v1 a1 -> nothing_left
         refund r1 a1 USD 2000 -> succeeded 2000
         wait 8 d ->
         tick ->
         show a1 -> approved 12000 back 2000 released 0 left 0",
    );
    let what: Vec<What> = bench.network.happenings().map(|it| it.what).collect();
    assert_eq!(what[what.len() - 2..], [What::Movement(Kind::Capture), What::Authorization]);
}

#[test]
fn it_is_one_record_and_the_same_request_is_one_request() {
    let mut bench = Bench::new();
    bench.check("authorize a1 visa USD 12000 taking c1 -> approved");
    let records = bench.records.len();
    bench.check(
        "authorize a1 visa USD 12000 taking c1 -> approved
         show a1 -> approved 12000 back 0 released 0 left 0
         authorize a1 visa USD 12000 taking c2 -> KeyReused
         authorize a2 visa USD 500 taking c1 -> ReferenceInUse
         capture c1 a1 USD 12000 -> ReferenceInUse",
    );
    assert_eq!(bench.records.len(), records);
    let index = bench.network.find_authorization("a1").unwrap();
    let sold = bench.network.sold_with(bench.network.authorization(index)).unwrap();
    assert_eq!(bench.network.find_movement(Kind::Capture, "c1"), Some(sold));
    assert_eq!(bench.network.movement(sold).amount, 12_000);
}

#[test]
fn nothing_is_taken_before_the_cardholder_has_confirmed() {
    Bench::new().check(
        "authorize a1 threeDSecureRequired USD 12000 taking c1 -> challenge
         show a1 -> challenge 0 back 0 released 0 left 12000
         pass a1 -> approved
         show a1 -> approved 12000 back 0 released 0 left 0
         account threeDSecureRequired USD -> limit 1000000000000 held 0 owed 12000
         authorize a2 threeDSecureRequired USD 500 taking c2 -> challenge
         give-up v2 a2 500 -> succeeded 500
         show a2 -> voided 0 back 0 released 500 left 0
         authorize a3 threeDSecure2Required USD 500 taking c3 -> challenge
         wait 1 h ->
         tick ->
         show a3 -> declined 0 back 0 released 0 left 500",
    );
}

#[test]
fn a_reference_that_was_used_meanwhile_takes_nothing() {
    Bench::new().check(
        "authorize a1 threeDSecureRequired USD 12000 taking c1 -> challenge
         authorize a2 visa USD 500 -> approved
         capture c1 a2 USD 500 -> succeeded 500
         pass a1 -> approved
         show a1 -> approved 0 back 0 released 0 left 12000",
    );
}

#[test]
fn what_is_declined_takes_nothing() {
    Bench::new().check(
        "limit visa USD 499 -> limit 499 held 0 owed 0
         authorize a1 visa USD 500 taking c1 -> declined insufficient_funds
         show a1 -> declined 0 back 0 released 0 left 500",
    );
}
