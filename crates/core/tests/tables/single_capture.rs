//! Processors that allow few captures of one authorization.

use crate::world::table::check;

#[test]
fn the_whole_is_taken_at_the_first_shipment() {
    check(
        "
        processor captures 1   -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                  o1 shipped capturing USD 43.00,
                                  o2 awaiting_shipment capturing USD 9.00
        # The other order's money is on its way as well.
        cancel o2 by seller    -> refused order_unexpected_state
        refund o2              -> refused order_unexpected_state
        refund p1              -> refused order_unexpected_state
        answer c1 ok           -> p1 succeeded, c1 succeeded, o1 shipped held,
                                  o2 awaiting_shipment held, h1 held USD 43.00, h2 held USD 9.00
        events                 -> order.shipped, charge.captured, held_funds.created,
                                  held_funds.created, payment_intent.succeeded
        balance held o2        -> USD 9.00
        ship o2                -> o2 shipped held
        queue                  -> close s1 in 1d, ending a1 in 6d, ship-by o1 in 6d,
                                  ship-by o2 in 6d, protection o1 in 60d, protection o2 in 60d
        receive o2             -> o2 completed buyer_confirmed held, h2 settled
        balance ben            -> USD 8.10
        ",
    );
}

#[test]
fn what_was_taken_for_an_order_that_is_not_shipped_is_refunded() {
    check(
        "
        processor captures 1   -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                  o1 shipped capturing USD 43.00,
                                  o2 awaiting_shipment capturing USD 9.00
        ok                     -> p1 succeeded, c1 succeeded, o1 shipped held,
                                  o2 awaiting_shipment held, h1 held USD 43.00, h2 held USD 9.00
        cancel o2 by seller    -> r1 sending USD 9.00 return, o2 canceled requested_by_seller held,
                                  h2 settled
        answer r1 ok           -> r1 succeeded
        balance held o2        -> USD 0.00
        balance clearing       -> USD 43.00
        # The same by the clock.
        bought amy USD 43.00, ben USD 9.00 -> o3 USD 43.00, o4 USD 9.00
        ship o3                -> p2 requires_capture USD 0.00, c2 sending USD 52.00,
                                  o3 shipped capturing USD 43.00,
                                  o4 awaiting_shipment capturing USD 9.00
        ok                     -> p2 succeeded, c2 succeeded, o3 shipped held,
                                  o4 awaiting_shipment held, h3 held USD 43.00, h4 held USD 9.00
        wait 6d                -> r2 sending USD 9.00 return, o4 canceled not_shipped held,
                                  h4 settled
        ok                     -> r2 succeeded
        ",
    );
}

#[test]
fn the_clock_waits_while_the_money_is_being_taken() {
    check(
        "
        processor captures 1   -> nothing
        processor life 30d     -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        cancel o2 by buyer     -> o2 cancel_requested authorized USD 9.00
        wait 47h               -> nothing
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                  o1 shipped capturing USD 43.00,
                                  o2 cancel_requested capturing USD 9.00
        answer c1 unknown      -> c1 unknown
        wait 1h                -> nothing
        queue                  -> capture c1 again now, silence o2 in 1m, ship-by o1 in 9d,
                                  ship-by o2 in 9d, ending a1 in 27d, protection o1 in 59d 23h
        answer c1 ok           -> p1 succeeded, c1 succeeded, o1 shipped held,
                                  o2 cancel_requested held, h1 held USD 43.00, h2 held USD 9.00
        wait 1m                -> r1 sending USD 9.00 return, o2 canceled requested_by_buyer held,
                                  h2 settled
        ",
    );
}

#[test]
fn the_last_capture_takes_what_is_left_of_three_orders() {
    check(
        "
        processor captures 2   -> nothing
        bought amy USD 10.00, ben USD 20.00, cay USD 30.00 -> o1 USD 10.00, o2 USD 20.00,
                                                              o3 USD 30.00
        ship o1                -> p1 requires_capture USD 50.00, c1 sending USD 10.00,
                                  o1 shipped capturing USD 10.00
        ship o2                -> p1 requires_capture USD 0.00, c2 sending USD 50.00,
                                  o2 shipped capturing USD 20.00,
                                  o3 awaiting_shipment capturing USD 30.00
        answer c2 ok           -> c2 succeeded, o2 shipped held, o3 awaiting_shipment held,
                                  h2 held USD 20.00, h3 held USD 30.00
        answer c1 ok           -> p1 succeeded, c1 succeeded, o1 shipped held, h1 held USD 10.00
        ship o3                -> o3 shipped held
        ",
    );
}

#[test]
fn a_refused_capture_gives_the_other_orders_back_their_authorization() {
    check(
        "
        processor captures 1         -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                        o1 shipped capturing USD 43.00,
                                        o2 awaiting_shipment capturing USD 9.00
        answer c1 refused too_late   -> p1 requires_capture USD 52.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 43.00,
                                        o2 awaiting_shipment authorized USD 9.00
        # The next shipment takes what the first one could not.
        ship o2                      -> p1 requires_capture USD 0.00, c2 sending USD 52.00,
                                        o1 shipped capturing USD 43.00,
                                        o2 shipped capturing USD 9.00
        answer c2 ok                 -> p1 succeeded, c2 succeeded, o1 shipped held,
                                        o2 shipped held, h2 held USD 9.00, h1 held USD 43.00
        receive o1                   -> o1 completed buyer_confirmed held, h1 settled
        balance amy                  -> USD 40.85
        ",
    );
}

#[test]
fn a_cancelled_order_is_not_taken_along() {
    check(
        "
        processor captures 1         -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        cancel o2 by seller          -> p1 requires_capture USD 43.00, r1 sending USD 9.00 reversal,
                                        o2 canceled requested_by_seller returning
        answer r1 refused too_late   -> p1 requires_capture USD 52.00, r1 failed too_late,
                                        o2 canceled requested_by_seller authorized USD 9.00
        ship o1                      -> p1 requires_capture USD 9.00, c1 sending USD 43.00,
                                        o1 shipped capturing USD 43.00
        answer c1 ok                 -> c1 succeeded, o1 shipped held, h1 held USD 43.00
        # Its part is let go before the authorization ends.
        wait 6d                      -> p1 requires_capture USD 0.00, r2 sending USD 9.00 reversal,
                                        o2 canceled requested_by_seller returning
        answer r2 ok                 -> p1 succeeded, r2 succeeded,
                                        o2 canceled requested_by_seller returned
        ",
    );
}

#[test]
fn at_the_end_only_what_was_shipped_is_taken() {
    check(
        "
        processor captures 1         -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                        o1 shipped capturing USD 43.00,
                                        o2 awaiting_shipment capturing USD 9.00
        answer c1 refused too_late   -> p1 requires_capture USD 52.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 43.00,
                                        o2 awaiting_shipment authorized USD 9.00
        wait 6d                      -> p1 requires_capture USD 0.00, c2 sending USD 43.00,
                                        r1 sending USD 9.00 reversal,
                                        o1 shipped capturing USD 43.00,
                                        o2 canceled authorization_ending returning
        ok                           -> p1 succeeded, c2 succeeded, r1 succeeded, o1 shipped held,
                                        o2 canceled authorization_ending returned,
                                        h1 held USD 43.00
        ",
    );
}
