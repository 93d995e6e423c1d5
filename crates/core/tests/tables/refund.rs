//! Refunds: who pays for them, and what is refused.

use crate::world::table::check;

#[test]
fn before_the_capture_a_part_of_the_hold_is_let_go() {
    check(
        "
        bought amy USD 43.00   -> o1 USD 43.00
        refund o1 USD 43.01    -> refused refund_exceeds_payment
        refund o1 USD 0.00     -> refused amount_too_small
        refund o1 EUR 1.00     -> refused currency_mismatch
        refund o9              -> refused resource_missing
        refund p9              -> refused resource_missing
        refund a9              -> refused resource_missing
        events                 -> nothing
        refund o1 USD 3.00     -> p1 requires_capture USD 40.00, r1 sending USD 3.00 reversal,
                                  o1 awaiting_shipment authorized USD 40.00
        events                 -> refund.created
        answer r1 ok           -> r1 succeeded
        events                 -> charge.refunded, refund.updated, charge.refund.updated,
                                  payment_intent.amount_capturable_updated
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 40.00,
                                  o1 shipped capturing USD 40.00
        refund o1              -> refused order_unexpected_state
        refund p1              -> refused order_unexpected_state
        answer c1 ok           -> p1 succeeded, c1 succeeded, o1 shipped held, h1 held USD 40.00
        balance held o1        -> USD 40.00
        ",
    );
}

#[test]
fn a_whole_order_that_goes_back_is_cancelled() {
    check(
        "
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        refund o1      -> p1 requires_capture USD 9.00, r1 sending USD 43.00 reversal,
                          o1 canceled refunded returning
        refund o1      -> refused charge_already_refunded
        ship o1        -> refused order_unexpected_state
        answer r1 ok   -> r1 succeeded, o1 canceled refunded returned
        refund o1      -> refused charge_already_refunded
        refund p1      -> p1 requires_capture USD 0.00, r2 sending USD 9.00 reversal,
                          o2 canceled refunded returning
        ok             -> p1 canceled automatic, r2 succeeded, o2 canceled refunded returned
        refund p1      -> refused charge_already_refunded
        ",
    );
}

#[test]
fn held_money_goes_back_first() {
    check(
        "
        shipped amy USD 10.00   -> h1 USD 10.00
        refund o1 USD 1.00      -> r1 sending USD 1.00 return, h1 held USD 9.00
        balance held o1         -> USD 9.00
        balance pending         -> USD 1.00
        balance clearing        -> USD 10.00
        answer r1 ok            -> r1 succeeded
        balance pending         -> USD 0.00
        balance clearing        -> USD 9.00
        release h1 USD 6.00     -> h1 held USD 3.00
        # Three are held; the rest comes from the seller, and the fee's part from the platform.
        refund o1 USD 5.00      -> r2 sending USD 5.00 return, o1 completed operator held,
                                   h1 settled
        balance held o1         -> USD 0.00
        balance amy             -> USD 3.80
        balance fees            -> USD 0.20
        refund o1 USD 4.01      -> refused refund_exceeds_payment
        refund o1               -> r3 sending USD 4.00 return, o1 refunded held
        balance amy             -> USD 0.00
        balance fees            -> USD 0.00
        refund o1               -> refused charge_already_refunded
        ok                      -> r2 succeeded, r3 succeeded
        balance clearing        -> USD 0.00
        ",
    );
}

#[test]
fn after_the_release_the_seller_and_the_platform_pay() {
    check(
        "
        shipped ben USD 100.00   -> h1 USD 100.00
        receive o1               -> o1 completed buyer_confirmed held, h1 settled
        balance ben              -> USD 90.00
        balance fees             -> USD 10.00
        refund a1 USD 50.00      -> r1 sending USD 50.00 return
        balance ben              -> USD 45.00
        balance fees             -> USD 5.00
        refund o1                -> r2 sending USD 50.00 return, o1 refunded held
        ok                       -> r1 succeeded, r2 succeeded
        balance ben              -> USD 0.00
        balance fees             -> USD 0.00
        balance clearing         -> USD 0.00
        ",
    );
}

#[test]
fn over_several_orders_by_largest_remainder() {
    check(
        "
        bought amy USD 10.00, ben USD 20.00 -> o1 USD 10.00, o2 USD 20.00
        refund p1 USD 1.00    -> p1 requires_capture USD 29.00, r1 sending USD 1.00 reversal,
                                 o1 awaiting_shipment authorized USD 9.67,
                                 o2 awaiting_shipment authorized USD 19.33
        ship o1               -> p1 requires_capture USD 19.33, c1 sending USD 9.67,
                                 o1 shipped capturing USD 9.67
        ship o2               -> p1 requires_capture USD 0.00, c2 sending USD 19.33,
                                 o2 shipped capturing USD 19.33
        ok                    -> p1 succeeded, c1 succeeded, c2 succeeded, r1 succeeded,
                                 o1 shipped held, o2 shipped held, h1 held USD 9.67,
                                 h2 held USD 19.33
        refund p1 USD 0.01    -> r2 sending USD 0.01 return, h2 held USD 19.32
        refund p1 USD 29.00   -> refused refund_exceeds_payment
        refund p1 USD 10.00   -> r3 sending USD 10.00 return, h1 held USD 6.33, h2 held USD 12.66
        balance held o1       -> USD 6.33
        balance held o2       -> USD 12.66
        refund p1             -> r4 sending USD 18.99 return, o1 refunded held, o2 refunded held,
                                 h1 settled, h2 settled
        refund p1             -> refused charge_already_refunded
        ok                    -> r2 succeeded, r3 succeeded, r4 succeeded
        balance clearing      -> USD 0.00
        ",
    );
}

#[test]
fn orders_whose_money_was_taken_pay_before_those_whose_money_is_on_the_card() {
    check(
        "
        bought amy USD 10.00, ben USD 20.00 -> o1 USD 10.00, o2 USD 20.00
        ship o1               -> p1 requires_capture USD 20.00, c1 sending USD 10.00,
                                 o1 shipped capturing USD 10.00
        # It is just being taken: only the other one can pay.
        refund p1 USD 20.01   -> refused refund_exceeds_payment
        ok                    -> c1 succeeded, o1 shipped held, h1 held USD 10.00
        refund p1 USD 10.01   -> refused refund_exceeds_payment
        refund p1             -> r1 sending USD 10.00 return, o1 refunded held, h1 settled
        refund p1 USD 5.00    -> p1 requires_capture USD 15.00, r2 sending USD 5.00 reversal,
                                 o2 awaiting_shipment authorized USD 15.00
        refund p1             -> p1 requires_capture USD 0.00, r3 sending USD 15.00 reversal,
                                 o2 canceled refunded returning
        refund p1             -> refused charge_already_refunded
        ok                    -> p1 succeeded, r1 succeeded, r2 succeeded, r3 succeeded,
                                 o2 canceled refunded returned
        ",
    );
}

#[test]
fn sales_of_the_platform() {
    check(
        "
        create USD 5.00 without-card       -> p1 requires_payment_method
        refund p1                          -> refused payment_intent_unexpected_state
        confirm p1                         -> p1 processing, a1 sending
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        refund p1                          -> refused payment_intent_unexpected_state
        confirm p1                         -> p1 processing, a2 sending
        answer a2 approved                 -> a2 authorized, c1 sending USD 5.00
        ok                                 -> p1 succeeded, c1 succeeded
        # Another attempt took nothing.
        refund a1                          -> refused payment_intent_unexpected_state
        refund a2 USD 2.00                 -> r1 sending USD 2.00 return
        refund p1 USD 3.01                 -> refused refund_exceeds_payment
        refund p1                          -> r2 sending USD 3.00 return
        refund p1                          -> refused charge_already_refunded
        balance sales                      -> USD 0.00
        ok                                 -> r1 succeeded, r2 succeeded
        balance clearing                   -> USD 0.00

        charge USD 5.00 manual             -> p2 processing, a3 sending
        answer a3 approved                 -> p2 requires_capture USD 5.00, a3 authorized
        refund p2 USD 2.00                 -> p2 requires_capture USD 3.00,
                                              r3 sending USD 2.00 reversal
        capture p2                         -> p2 requires_capture USD 0.00, c2 sending USD 3.00
        ok                                 -> p2 succeeded, c2 succeeded, r3 succeeded
        balance sales                      -> USD 3.00

        charge USD 5.00 manual             -> p3 processing, a4 sending
        answer a4 approved                 -> p3 requires_capture USD 5.00, a4 authorized
        refund p3                          -> p3 requires_capture USD 0.00,
                                              r4 sending USD 5.00 reversal
        refund p3                          -> refused charge_already_refunded
        capture p3                         -> refused payment_intent_unexpected_state
        cancel p3                          -> p3 canceled requested_by_customer
        ok                                 -> r4 succeeded
        ",
    );
}

#[test]
fn a_shipped_order_whose_capture_failed() {
    check(
        "
        bought amy USD 10.00         -> o1 USD 10.00
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 10.00,
                                        o1 shipped capturing USD 10.00
        answer c1 refused too_late   -> p1 requires_capture USD 10.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 10.00
        refund p1 USD 1.00           -> p1 requires_capture USD 9.00, r1 sending USD 1.00 reversal,
                                        o1 shipped capture_failed USD 9.00
        refund o1                    -> p1 requires_capture USD 0.00, r2 sending USD 9.00 reversal,
                                        o1 refunded returning
        answer r2 refused too_late   -> p1 requires_capture USD 9.00, r2 failed too_late,
                                        o1 refunded authorized USD 9.00
        # It is never taken after all.
        wait 6d                      -> p1 requires_capture USD 0.00, r3 sending USD 9.00 reversal,
                                        o1 refunded returning
        ok                           -> p1 canceled automatic, r1 succeeded, r3 succeeded,
                                        o1 refunded returned
        ",
    );
}
