//! Calling off.

use crate::world::table::check;

#[test]
fn the_sellers_silence_grants_the_buyers_wish() {
    check(
        "
        bought amy USD 43.00    -> o1 USD 43.00
        cancel o1 by buyer      -> o1 cancel_requested authorized USD 43.00
        events                  -> order.cancel_requested
        cancel o1 by buyer      -> refused order_unexpected_state
        queue                   -> close s1 in 1d, silence o1 in 2d, ending a1 in 6d,
                                   ship-by o1 in 6d
        wait 47h                -> nothing
        wait 1h                 -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                                   o1 canceled requested_by_buyer returning
        events                  -> order.canceled, refund.created
        queue                   -> refund r1 now, ending a1 in 4d, ship-by o1 in 4d
        cancel o1 by buyer      -> refused order_unexpected_state
        cancel o1 by seller     -> refused order_unexpected_state
        cancel o1 by platform   -> refused order_unexpected_state
        cancel o9 by buyer      -> refused resource_missing
        answer r1 ok            -> p1 canceled automatic, r1 succeeded,
                                   o1 canceled requested_by_buyer returned
        events                  -> charge.refunded, refund.updated, charge.refund.updated,
                                   payment_intent.canceled
        repeat r1 ok            -> nothing
        wait 10d                -> nothing
        ",
    );
}

#[test]
fn the_seller_may_agree_or_ship() {
    check(
        "
        bought amy USD 43.00    -> o1 USD 43.00
        cancel o1 by buyer      -> o1 cancel_requested authorized USD 43.00
        cancel o1 by seller     -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                                   o1 canceled requested_by_buyer returning

        bought amy USD 43.00    -> o2 USD 43.00
        cancel o2 by buyer      -> o2 cancel_requested authorized USD 43.00
        ship o2                 -> p2 requires_capture USD 0.00, c1 sending USD 43.00,
                                   o2 shipped capturing USD 43.00
        wait 48h                -> nothing
        cancel o2 by platform   -> refused order_unexpected_state
        ",
    );
}

#[test]
fn the_seller_and_the_platform_need_nobody() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        cancel o1 by seller     -> p1 requires_capture USD 9.00, r1 sending USD 43.00 reversal,
                                   o1 canceled requested_by_seller returning
        cancel o2 by platform   -> p1 requires_capture USD 0.00, r2 sending USD 9.00 reversal,
                                   o2 canceled requested_by_platform returning
        answer r1 ok            -> r1 succeeded, o1 canceled requested_by_seller returned
        events                  -> order.canceled, refund.created, order.canceled, refund.created,
                                   charge.refunded, refund.updated, charge.refund.updated,
                                   payment_intent.amount_capturable_updated
        answer r2 ok            -> p1 canceled automatic, r2 succeeded,
                                   o2 canceled requested_by_platform returned
        events                  -> charge.refunded, refund.updated, charge.refund.updated,
                                   payment_intent.canceled
        queue                   -> close s1 in 1d, ending a1 in 6d, ship-by o1 in 6d,
                                   ship-by o2 in 6d
        wait 7d                 -> nothing
        ",
    );
}

#[test]
fn a_payment_is_called_off_with_all_its_orders() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        capture p1                   -> refused payment_intent_unexpected_state
        cancel o1 by seller          -> p1 requires_capture USD 9.00, r1 sending USD 43.00 reversal,
                                        o1 canceled requested_by_seller returning
        cancel p1                    -> p1 canceled requested_by_customer,
                                        r2 sending USD 9.00 reversal,
                                        o2 canceled requested_by_platform returning
        ok                           -> r1 succeeded, r2 succeeded,
                                        o1 canceled requested_by_seller returned,
                                        o2 canceled requested_by_platform returned
        cancel p1                    -> refused payment_intent_unexpected_state

        bought amy USD 43.00, ben USD 9.00 -> o3 USD 43.00, o4 USD 9.00
        ship o3                      -> p2 requires_capture USD 9.00, c1 sending USD 43.00,
                                        o3 shipped capturing USD 43.00
        cancel p2                    -> refused payment_intent_unexpected_state
        answer c1 refused too_late   -> p2 requires_capture USD 52.00, c1 failed too_late,
                                        o3 shipped capture_failed USD 43.00
        cancel p2                    -> refused payment_intent_unexpected_state
        ",
    );
}

#[test]
fn a_reversal_that_is_refused_is_tried_again_before_the_end() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        cancel o1 by seller          -> p1 requires_capture USD 9.00, r1 sending USD 43.00 reversal,
                                        o1 canceled requested_by_seller returning
        answer r1 refused too_late   -> p1 requires_capture USD 52.00, r1 failed too_late,
                                        o1 canceled requested_by_seller authorized USD 43.00
        repeat r1 ok                 -> nothing
        events                       -> order.canceled, refund.created, refund.failed,
                                        charge.refund.updated,
                                        payment_intent.amount_capturable_updated
        ship o2                      -> p1 requires_capture USD 43.00, c1 sending USD 9.00,
                                        o2 shipped capturing USD 9.00
        ok                           -> c1 succeeded, o2 shipped held, h2 held USD 9.00
        wait 6d                      -> p1 requires_capture USD 0.00, r2 sending USD 43.00 reversal,
                                        o1 canceled requested_by_seller returning
        answer r2 refused too_late   -> p1 requires_capture USD 43.00, r2 failed too_late,
                                        o1 canceled requested_by_seller authorized USD 43.00
        # At the very end there is nothing left to let go.
        wait 1d                      -> p1 requires_capture USD 0.00, r3 sending USD 43.00 reversal,
                                        o1 canceled requested_by_seller returning
        answer r3 refused too_late   -> p1 succeeded, r3 succeeded,
                                        o1 canceled requested_by_seller returned
        balance clearing             -> USD 9.00
        ",
    );
}

#[test]
fn a_hold_that_is_gone_anyway_was_given_back() {
    check(
        "
        bought amy USD 43.00               -> o1 USD 43.00
        cancel o1 by seller                -> p1 requires_capture USD 0.00,
                                              r1 sending USD 43.00 reversal,
                                              o1 canceled requested_by_seller returning
        answer r1 refused already_voided   -> p1 canceled automatic, r1 succeeded,
                                              o1 canceled requested_by_seller returned
        bought amy USD 43.00               -> o2 USD 43.00
        cancel o2 by seller                -> p2 requires_capture USD 0.00,
                                              r2 sending USD 43.00 reversal,
                                              o2 canceled requested_by_seller returning
        answer r2 refused authorization_expired -> p2 canceled automatic, r2 succeeded,
                                                   o2 canceled requested_by_seller returned
        ",
    );
}
