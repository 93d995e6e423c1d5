//! An order's way to the buyer, and its clocks.

use crate::world::table::check;

#[test]
fn each_order_is_captured_when_its_seller_ships() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 ship USD 4.90 -> o1 USD 47.05, o2 USD 9.85
        ship o1 TRACK1     -> p1 requires_capture USD 9.85, c1 sending USD 47.05,
                              o1 shipped capturing USD 47.05
        events             -> order.shipped
        queue              -> capture c1 now, close s1 in 1d, ending a1 in 6d, ship-by o1 in 6d,
                              ship-by o2 in 6d, protection o1 in 60d
        ship o1            -> refused order_unexpected_state
        answer c1 ok       -> c1 succeeded, o1 shipped held, h1 held USD 47.05
        events             -> charge.captured, held_funds.created,
                              payment_intent.amount_capturable_updated
        balance clearing   -> USD 47.05
        balance held o1    -> USD 47.05
        ship o2            -> p1 requires_capture USD 0.00, c2 sending USD 9.85,
                              o2 shipped capturing USD 9.85
        answer c2 ok       -> p1 succeeded, c2 succeeded, o2 shipped held, h2 held USD 9.85
        events             -> order.shipped, charge.captured, held_funds.created,
                              payment_intent.succeeded
        ship o9            -> refused resource_missing
        ",
    );
}

#[test]
fn the_buyer_confirms_and_the_seller_has_the_money() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        receive o1         -> refused order_unexpected_state
        ship o1            -> p1 requires_capture USD 9.00, c1 sending USD 43.00,
                              o1 shipped capturing USD 43.00
        ship o2            -> p1 requires_capture USD 0.00, c2 sending USD 9.00,
                              o2 shipped capturing USD 9.00
        ok                 -> p1 succeeded, c1 succeeded, c2 succeeded, o1 shipped held,
                              o2 shipped held, h1 held USD 43.00, h2 held USD 9.00
        events             -> order.shipped, order.shipped, charge.captured, held_funds.created,
                              payment_intent.amount_capturable_updated, charge.captured,
                              held_funds.created, payment_intent.succeeded
        receive o1         -> o1 completed buyer_confirmed held, h1 settled
        events             -> order.completed, held_funds.released
        receive o2         -> o2 completed buyer_confirmed held, h2 settled
        receive o2         -> refused order_unexpected_state
        receive o9         -> refused resource_missing
        balance amy        -> USD 40.85
        balance ben        -> USD 8.10
        balance fees       -> USD 3.05
        balance held o1    -> USD 0.00
        balance clearing   -> USD 52.00
        # Protection is over, and so is everything.
        wait 60d           -> nothing
        ",
    );
}

#[test]
fn the_buyer_may_be_quicker_than_the_bank() {
    check(
        "
        bought amy USD 43.00   -> o1 USD 43.00
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                  o1 shipped capturing USD 43.00
        answer c1 unknown      -> c1 unknown
        receive o1             -> o1 completed buyer_confirmed capturing USD 43.00
        balance amy            -> USD 0.00
        answer c1 ok           -> p1 succeeded, c1 succeeded, o1 completed buyer_confirmed held,
                                  h1 settled
        balance amy            -> USD 40.85

        # So may the clock.
        bought ben USD 9.00    -> o2 USD 9.00
        ship o2                -> p2 requires_capture USD 0.00, c2 sending USD 9.00,
                                  o2 shipped capturing USD 9.00
        deliver o2             -> o2 delivered capturing USD 9.00
        wait 15d               -> o2 completed protection_ended capturing USD 9.00
        answer c2 ok           -> p2 succeeded, c2 succeeded, o2 completed protection_ended held,
                                  h2 settled
        balance ben            -> USD 8.10
        ",
    );
}

#[test]
fn untracked_goods_are_protected_for_sixty_days() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        wait 59d                -> nothing
        queue                   -> protection o1 in 1d
        wait 1d                 -> o1 completed protection_ended held, h1 settled
        events                  -> order.completed, held_funds.released
        queue                   -> nothing
        balance amy             -> USD 40.85
        ",
    );
}

#[test]
fn delivered_goods_are_protected_for_fifteen_days() {
    check(
        "
        bought amy USD 43.00   -> o1 USD 43.00
        deliver o1             -> refused order_unexpected_state
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                  o1 shipped capturing USD 43.00
        ok                     -> p1 succeeded, c1 succeeded, o1 shipped held, h1 held USD 43.00
        wait 5d                -> nothing
        deliver o1             -> o1 delivered held
        deliver o1             -> refused order_unexpected_state
        deliver o9             -> refused resource_missing
        queue                  -> ending a1 in 1d, ship-by o1 in 1d, protection o1 in 15d,
                                  protection o1 in 55d
        wait 14d               -> nothing
        wait 1d                -> o1 completed protection_ended held, h1 settled
        wait 50d               -> nothing
        ",
    );
}

#[test]
fn a_late_delivery_makes_no_longer_clock() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        wait 50d                -> nothing
        deliver o1              -> o1 delivered held
        wait 10d                -> o1 completed protection_ended held, h1 settled
        ",
    );
}

#[test]
fn the_buyer_may_extend_once() {
    check(
        "
        bought amy USD 43.00   -> o1 USD 43.00
        extend o1              -> refused order_unexpected_state
        extend o9              -> refused resource_missing
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                  o1 shipped capturing USD 43.00
        ok                     -> p1 succeeded, c1 succeeded, o1 shipped held, h1 held USD 43.00
        events                 -> order.shipped, charge.captured, held_funds.created,
                                  payment_intent.succeeded
        extend o1              -> nothing
        events                 -> order.protection_extended
        extend o1              -> refused extensions_exhausted
        queue                  -> close s1 in 1d, ending a1 in 6d, ship-by o1 in 6d,
                                  protection o1 in 60d, protection o1 in 75d
        wait 60d               -> nothing
        wait 15d               -> o1 completed protection_ended held, h1 settled
        extend o1              -> refused order_unexpected_state
        ",
    );
}

#[test]
fn a_delivery_leaves_an_extension_in_place() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        extend o1               -> nothing
        wait 5d                 -> nothing
        deliver o1              -> o1 delivered held
        queue                   -> ending a1 in 1d, ship-by o1 in 1d, protection o1 in 30d,
                                   protection o1 in 55d, protection o1 in 70d
        wait 29d                -> nothing
        wait 1d                 -> o1 completed protection_ended held, h1 settled
        # And never a longer one than before.
        shipped amy USD 43.00   -> h2 USD 43.00
        extend o2               -> nothing
        wait 70d                -> nothing
        deliver o2              -> o2 delivered held
        wait 5d                 -> o2 completed protection_ended held, h2 settled
        ",
    );
}

#[test]
fn an_order_that_is_not_shipped_in_time_is_cancelled() {
    check(
        "
        processor life 30d   -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        queue                -> close s1 in 1d, ship-by o1 in 11d, ship-by o2 in 11d,
                                ending a1 in 29d
        events               -> nothing
        ship o2              -> p1 requires_capture USD 43.00, c1 sending USD 9.00,
                                o2 shipped capturing USD 9.00
        ok                   -> c1 succeeded, o2 shipped held, h2 held USD 9.00
        # Seven business days from a Friday noon.
        wait 10d             -> nothing
        wait 1d              -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                                o1 canceled not_shipped returning
        events               -> order.shipped, charge.captured, held_funds.created,
                                payment_intent.amount_capturable_updated, order.canceled,
                                refund.created
        answer r1 ok         -> p1 succeeded, r1 succeeded, o1 canceled not_shipped returned
        events               -> charge.refunded, refund.updated, charge.refund.updated,
                                payment_intent.succeeded
        ship o1              -> refused order_unexpected_state
        ",
    );
}

#[test]
fn a_capture_that_is_refused_after_the_shipment_leaves_the_order_unpaid() {
    check(
        "
        bought amy USD 43.00         -> o1 USD 43.00
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                        o1 shipped capturing USD 43.00
        events                       -> order.shipped
        answer c1 refused too_late   -> p1 requires_capture USD 43.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 43.00
        events                       -> order.capture_failed,
                                        payment_intent.amount_capturable_updated
        repeat c1 ok                 -> nothing
        receive o1                   -> o1 completed buyer_confirmed capture_failed USD 43.00
        balance amy                  -> USD 0.00
        # It is tried once more a day before the authorization ends.
        wait 6d                      -> p1 requires_capture USD 0.00, c2 sending USD 43.00,
                                        o1 completed buyer_confirmed capturing USD 43.00
        answer c2 ok                 -> p1 succeeded, c2 succeeded,
                                        o1 completed buyer_confirmed held, h1 settled
        balance amy                  -> USD 40.85
        ",
    );
}
