//! What an authorization and an account allow.

use super::super::record::{AuthorizationExpired, MovementMade, RefundFailed};
use super::super::{Inconsistent, authorization::Kind};
use super::*;

#[test]
fn captures_never_pass_the_authorization() {
    Bench::new().check(
        "
        authorize a1 visa USD 12000      -> approved
        account visa USD                 -> limit 1000000000000 held 12000 owed 0
        capture c1 a1 USD 13000          -> amount_too_large
        capture c2 a1 EUR 1000           -> currency_mismatch
        capture c3 a1 USD 7000           -> succeeded 7000
        account visa USD                 -> limit 1000000000000 held 5000 owed 7000
        capture c4 a1 USD 5001           -> amount_too_large
        capture c5 a1 USD 5000           -> succeeded 5000
        capture c6 a1 USD 1              -> amount_too_large
        show a1                          -> approved 12000 back 0 released 0 left 0
        void v1 a1                       -> nothing_left
        account visa USD                 -> limit 1000000000000 held 0 owed 12000
        capture c9 nobody USD 1          -> UnknownAuthorization
        ",
    );
}

#[test]
fn a_last_capture_gives_the_rest_back() {
    Bench::new().check(
        "
        authorize a1 visa USD 12000      -> approved
        capture c1 a1 USD 2000           -> succeeded 2000
        capture c2 a1 USD 3000 last      -> succeeded 3000
        show a1                          -> approved 5000 back 0 released 7000 left 0
        account visa USD                 -> limit 1000000000000 held 0 owed 5000
        capture c3 a1 USD 1              -> captures_exhausted
        void v1 a1                       -> nothing_left
        ",
    );
}

#[test]
fn a_single_capture_network_takes_one_capture() {
    Bench::new().check(
        "
        authorize a1 amex USD 12000      -> approved
        capture c1 a1 USD 12001          -> amount_too_large
        capture c2 a1 USD 2000           -> succeeded 2000
        capture c3 a1 USD 1              -> captures_exhausted
        show a1                          -> approved 2000 back 0 released 10000 left 0
        ",
    );
}

#[test]
fn the_last_of_fifty_captures_is_the_last() {
    let mut bench = Bench::new();
    bench.check("authorize a1 visa USD 12000 -> approved");
    for number in 0..50 {
        let line = format!("capture c{number} a1 USD 100 -> succeeded 100");
        bench.check(&line);
    }
    bench.check(
        "
        capture c50 a1 USD 100           -> captures_exhausted
        show a1                          -> approved 5000 back 0 released 7000 left 0
        ",
    );
}

#[test]
fn refunds_never_pass_what_was_captured() {
    Bench::new().check(
        "
        authorize a1 visa USD 12000      -> approved
        refund r1 a1 USD 1               -> amount_too_large
        capture c1 a1 USD 7000           -> succeeded 7000
        refund r2 a1 EUR 1               -> currency_mismatch
        refund r3 a1 USD 7001            -> amount_too_large
        refund r4 a1 USD 3000            -> succeeded 3000
        refund r5 a1 USD 4001            -> amount_too_large
        refund r6 a1 USD 4000            -> succeeded 4000
        refund r7 a1 USD 1               -> amount_too_large
        show a1                          -> approved 7000 back 7000 released 0 left 5000
        account visa USD                 -> limit 1000000000000 held 5000 owed 0
        ",
    );
}

#[test]
fn voids_give_back_what_is_left() {
    Bench::new().check(
        "
        authorize a1 visa USD 12000      -> approved
        void v1 a1 2000                  -> succeeded 2000
        void v2 a1 10001                 -> amount_too_large
        void v3 a1                       -> succeeded 10000
        show a1                          -> voided 0 back 0 released 12000 left 0
        void v4 a1                       -> already_voided
        capture c1 a1 USD 1              -> already_voided
        account visa USD                 -> limit 1000000000000 held 0 owed 0

        authorize a2 visa USD 12000      -> approved
        capture c2 a2 USD 2000           -> succeeded 2000
        void v5 a2                       -> succeeded 10000
        show a2                          -> approved 2000 back 0 released 10000 left 0
        refund r1 a2 USD 2000            -> succeeded 2000
        ",
    );
}

#[test]
fn nothing_is_captured_after_the_end_of_an_authorization_s_life() {
    Bench::new().check(
        "
        authorize a1 visa USD 12000      -> approved
        authorize a2 visa USD 12000      -> approved
        authorize a3 visa USD 12000      -> approved
        capture c1 a2 USD 2000           -> succeeded 2000
        capture c2 a3 USD 12000          -> succeeded 12000
        wait 167 h                       ->
        tick                             ->
        capture c3 a1 USD 1              -> succeeded 1
        wait 3600 s                      ->
        capture c4 a1 USD 1              -> authorization_expired
        void v1 a1                       -> authorization_expired
        tick                             ->
        capture c5 a1 USD 1              -> authorization_expired
        show a1                          -> approved 1 back 0 released 11999 left 0
        show a2                          -> approved 2000 back 0 released 10000 left 0
        show a3                          -> approved 12000 back 0 released 0 left 0
        refund r1 a1 USD 1               -> succeeded 1
        account visa USD                 -> limit 1000000000000 held 0 owed 14000
        authorize a4 visa USD 12000      -> approved
        wait 7 d                         ->
        tick                             ->
        show a4                          -> expired 0 back 0 released 12000 left 0
        ",
    );
}

#[test]
fn a_declined_authorization_moves_nothing() {
    Bench::new().check(
        "
        authorize a1 visa_chargeDeclined USD 12000 -> declined generic_decline
        capture c1 a1 USD 1              -> not_approved
        void v1 a1                       -> not_approved
        refund r1 a1 USD 1               -> not_approved
        account visa_chargeDeclined USD  -> limit 1000000000000 held 0 owed 0
        ",
    );
}

#[test]
fn an_exhausted_account_is_declined() {
    Bench::new().check(
        "
        limit visa USD 20000             -> limit 20000 held 0 owed 0
        authorize a1 visa USD 12000      -> approved
        authorize a2 visa USD 8001       -> declined insufficient_funds
        authorize a3 visa USD 8000       -> approved
        authorize a4 visa USD 1          -> declined insufficient_funds
        authorize a5 visa EUR 12000      -> approved
        authorize a6 mastercard USD 9999 -> approved
        void v1 a3                       -> succeeded 8000
        authorize a7 visa USD 8000       -> approved
        capture c1 a1 USD 12000          -> succeeded 12000
        authorize a8 visa USD 1          -> declined insufficient_funds
        refund r1 a1 USD 12000           -> succeeded 12000
        authorize a9 visa USD 12000      -> approved
        ",
    );
}

#[test]
fn the_account_may_be_exhausted_while_the_cardholder_is_asked() {
    Bench::new().check(
        "
        limit threeDSecureRequired USD 20000 -> limit 20000 held 0 owed 0
        authorize a1 threeDSecureRequired USD 12000 -> challenge
        account threeDSecureRequired USD -> limit 20000 held 0 owed 0
        limit threeDSecureRequired USD 11999 -> limit 11999 held 0 owed 0
        pass a1                          -> declined insufficient_funds
        account threeDSecureRequired USD -> limit 11999 held 0 owed 0
        ",
    );
}

#[test]
fn a_challenged_authorization_is_voided_whole() {
    Bench::new().check(
        "
        authorize a1 threeDSecureRequired USD 12000 -> challenge
        capture c1 a1 USD 12000          -> not_approved
        refund r1 a1 USD 1               -> not_approved
        void v1 a1 5000                  -> not_approved
        void v2 a1                       -> succeeded 12000
        show a1                          -> voided 0 back 0 released 12000 left 0
        pass a1                          -> voided
        account threeDSecureRequired USD -> limit 1000000000000 held 0 owed 0
        wait 600 s                       ->
        tick                             ->
        show a1                          -> voided 0 back 0 released 12000 left 0
        ",
    );
}

#[test]
fn a_refund_that_fails_later_is_owed_again() {
    Bench::new().check(
        "
        authorize a1 refundFail USD 12000 -> approved
        capture c1 a1 USD 12000          -> succeeded 12000
        refund r1 a1 USD 12001           -> amount_too_large
        refund r2 a1 USD 5000            -> succeeded 5000
        account refundFail USD           -> limit 1000000000000 held 0 owed 7000
        wait 4 s                         ->
        tick                             ->
        show a1                          -> approved 12000 back 5000 released 0 left 0
        wait 1 s                         ->
        tick                             ->
        show a1                          -> approved 12000 back 0 released 0 left 0
        account refundFail USD           -> limit 1000000000000 held 0 owed 12000
        refund r2 a1 USD 5000            -> expired_or_canceled_card
        wait 9 s                         ->
        tick                             ->
        show a1                          -> approved 12000 back 0 released 0 left 0
        ",
    );
}

#[test]
fn the_clock_never_runs_backwards() {
    let mut bench = Bench::new();
    let moved = |bench: &mut Bench, offset| {
        let change = bench.network.move_clock(offset)?;
        let recorded = change.record.is_some();
        bench.commit(change);
        Ok((recorded, bench.network.offset_ms()))
    };
    assert_eq!(moved(&mut bench, 5_000), Ok((true, 5_000)));
    assert_eq!(moved(&mut bench, 5_000), Ok((false, 5_000)));
    assert_eq!(moved(&mut bench, 4_999), Err(Refusal::ClockBackwards));
    assert_eq!(moved(&mut bench, 6_000), Ok((true, 6_000)));
    // Sandbox time follows the machine's, but a machine whose clock was set back is not followed.
    let machine = START.after(Span::hours(1));
    assert_eq!(bench.network.now(machine), machine.after(Span::seconds(6)));
    assert_eq!(bench.network.now(START.before(Span::hours(1))), START);
}

#[test]
fn records_that_do_not_fit_change_nothing() {
    let mut bench = Bench::new();
    bench.check(
        "
        authorize a1 visa USD 12000      -> approved
        capture c1 a1 USD 7000           -> succeeded 7000
        refund r1 a1 USD 7000            -> succeeded 7000
        ",
    );
    let id = bench.network.authorization(AuthorizationIndex(0)).id.clone();
    let moved = |reference: &str, kind, amount, released| {
        Record::Movement(MovementMade {
            id: "sbp_x".into(),
            authorization: id.clone(),
            reference: reference.into(),
            kind,
            amount,
            refused: None,
            released,
            closes: false,
            fails_at: None,
            complains_at: None,
            stamp: stamp(reference, "x"),
        })
    };
    let expired = |authorization: &Name, released| {
        let authorization = authorization.clone();
        Record::AuthorizationExpired(AuthorizationExpired { authorization, released })
    };
    let failed = |reference: &str, amount| {
        let (authorization, reference) = (id.clone(), reference.into());
        Record::RefundFailed(RefundFailed { authorization, reference, amount })
    };
    let sums = "the sums of an authorization do not hold";
    let unknown = "it names an authorization that does not exist";
    for (record, expected) in [
        (moved("c1", Kind::Capture, 1, 0), "its id or reference was used before"),
        (moved("c2", Kind::Capture, 5_001, 0), sums),
        (moved("c3", Kind::Capture, 5_000, 1), sums),
        (moved("c4", Kind::Capture, -1, 0), sums),
        (moved("v1", Kind::Void, 5_001, 0), sums),
        (moved("r2", Kind::Refund, 1, 0), sums),
        (expired(&id, 5_001), sums),
        (expired(&"sba_unknown".into(), 1), unknown),
        (failed("r9", 1), unknown),
        (failed("r1", 6_999), "the refund did not succeed before it failed"),
        (bench.records[0].1.clone(), "its id or reference was used before"),
    ] {
        let before = bench.replayed();
        assert_eq!(bench.network.apply(bench.now, &record), Err(Inconsistent(expected)));
        assert_eq!(bench.network, before, "{record:?}");
    }
}

#[test]
fn an_authorization_is_raised_as_far_as_its_network_and_account_let_it() {
    let mut bench = Bench::new();
    bench.check(
        "
        authorize a1 visa USD 12000 growing -> approved
        raise i1 a1 EUR 1000             -> currency_mismatch
        raise i2 a1 USD 1000             -> succeeded 1000
        account visa USD                 -> limit 1000000000000 held 13000 owed 0
        limit visa USD 14000             -> limit 14000 held 13000 owed 0
        raise i3 a1 USD 1001             -> insufficient_funds
        show a1                          -> approved 0 back 0 released 0 left 13000
        raise i4 a1 USD 1000             -> succeeded 1000
        capture c1 a1 USD 14001          -> amount_too_large
        capture c2 a1 USD 1              -> succeeded 1
        raise i5 a1 USD 1                -> not_incremental
        void v1 a1                       -> succeeded 13999
        account visa USD                 -> limit 14000 held 0 owed 1
        raise i6 a1 USD 1                -> already_voided
        raise i7 nobody USD 1            -> UnknownAuthorization
        authorize a2 mastercard USD 12000 -> approved
        raise i8 a2 USD 1                -> not_incremental
        authorize a3 amex USD 12000 growing -> approved
        raise i9 a3 USD 1                -> not_incremental
        authorize a4 discover USD 12000 growing -> approved
        void v2 a4 1                     -> succeeded 1
        raise i10 a4 USD 1               -> not_incremental
        authorize a5 mastercard USD 12000 growing -> approved
        wait 7 d                         ->
        raise i11 a5 USD 1               -> authorization_expired
        ",
    );
    bench.check("authorize b1 mastercard USD 100 growing -> approved");
    for number in 0..10 {
        bench.check(&format!("raise n{number} b1 USD 10 -> succeeded 10"));
    }
    bench.check("raise n10 b1 USD 10 -> not_incremental");
    bench.check("show b1 -> approved 0 back 0 released 0 left 200");
}
