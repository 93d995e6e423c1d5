//! A day before its end an authorization is captured for what was shipped, and let go otherwise.

use crate::world::table::check;

#[test]
fn nobody_ships_and_the_money_goes_back_with_an_event() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        wait 143h   -> nothing
        wait 1h     -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                       r2 sending USD 9.00 reversal, o1 canceled authorization_ending returning,
                       o2 canceled authorization_ending returning
        events      -> charge.expired, order.canceled, refund.created, order.canceled,
                       refund.created
        ok          -> p1 canceled automatic, r1 succeeded, r2 succeeded,
                       o1 canceled authorization_ending returned,
                       o2 canceled authorization_ending returned
        queue       -> ending a1 in 1d
        wait 1d     -> nothing
        ship o1     -> refused order_unexpected_state
        ",
    );
}

#[test]
fn ship_by_is_never_later_than_the_money() {
    check(
        "
        processor life 3d      -> nothing
        bought amy USD 43.00   -> o1 USD 43.00
        queue                  -> close s1 in 1d, ending a1 in 2d, ship-by o1 in 2d
        processor life 30d     -> nothing
        bought amy USD 43.00   -> o2 USD 43.00
        queue                  -> close s1 in 1d, close s2 in 1d, ending a1 in 2d, ship-by o1 in 2d,
                                  ship-by o2 in 11d, ending a2 in 29d
        ",
    );
}

#[test]
fn what_was_shipped_is_taken_once_more_and_the_rest_is_let_go() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                      -> p1 requires_capture USD 9.00, c1 sending USD 43.00,
                                        o1 shipped capturing USD 43.00
        answer c1 refused too_late   -> p1 requires_capture USD 52.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 43.00
        wait 6d                      -> p1 requires_capture USD 0.00, c2 sending USD 43.00,
                                        r1 sending USD 9.00 reversal,
                                        o1 shipped capturing USD 43.00,
                                        o2 canceled authorization_ending returning
        answer c2 refused too_late   -> p1 requires_capture USD 43.00, c2 failed too_late,
                                        o1 shipped capture_failed USD 43.00
        answer r1 ok                 -> r1 succeeded, o2 canceled authorization_ending returned
        # After the end nothing is captured; the hold is closed.
        wait 1d                      -> p1 requires_capture USD 0.00, r2 sending USD 43.00 reversal
        answer r2 refused authorization_expired -> p1 canceled automatic, r2 succeeded
        wait 1m                      -> nothing
        queue                        -> protection o1 in 52d 23h 59m
        refund o1                    -> refused refund_exceeds_payment
        receive o1                   -> o1 completed buyer_confirmed capture_failed USD 43.00
        ",
    );
}

#[test]
fn nothing_is_shipped_for_money_that_is_gone() {
    check(
        "
        bought amy USD 43.00   -> o1 USD 43.00
        jump 7d                -> nothing
        ship o1                -> refused charge_expired_for_capture
        wait 1s                -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                                  o1 canceled authorization_ending returning
        answer r1 refused already_expired -> p1 canceled automatic, r1 succeeded,
                                             o1 canceled authorization_ending returned
        ",
    );
}

#[test]
fn a_capture_that_failed_is_made_up_for_by_the_one_that_is_left() {
    check(
        "
        processor captures 2         -> nothing
        bought amy USD 10.00, ben USD 20.00 -> o1 USD 10.00, o2 USD 20.00
        ship o1                      -> p1 requires_capture USD 20.00, c1 sending USD 10.00,
                                        o1 shipped capturing USD 10.00
        ship o2                      -> p1 requires_capture USD 0.00, c2 sending USD 20.00,
                                        o2 shipped capturing USD 20.00
        answer c1 refused too_late   -> p1 requires_capture USD 10.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 10.00
        answer c2 ok                 -> c2 succeeded, o2 shipped held, h2 held USD 20.00
        wait 6d                      -> p1 requires_capture USD 0.00, c3 sending USD 10.00,
                                        o1 shipped capturing USD 10.00
        answer c3 ok                 -> p1 succeeded, c3 succeeded, o1 shipped held,
                                        h1 held USD 10.00
        ",
    );
}

#[test]
fn a_partial_refund_that_came_back_late_is_let_go_too() {
    check(
        "
        bought amy USD 43.00         -> o1 USD 43.00
        refund o1 USD 3.00           -> p1 requires_capture USD 40.00, r1 sending USD 3.00 reversal,
                                        o1 awaiting_shipment authorized USD 40.00
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 40.00,
                                        o1 shipped capturing USD 40.00
        answer c1 ok                 -> c1 succeeded, o1 shipped held, h1 held USD 40.00
        answer r1 refused too_late   -> p1 requires_capture USD 3.00, r1 failed too_late
        wait 6d                      -> p1 requires_capture USD 0.00, r2 sending USD 3.00 reversal
        answer r2 ok                 -> p1 succeeded, r2 succeeded
        balance held o1              -> USD 40.00
        ",
    );
}
