//! Payments without a pay page: the platform's own sales.

use crate::world::table::check;

#[test]
fn an_automatic_sale_is_taken_at_once() {
    check(
        "
        charge USD 100.00    -> p1 processing, a1 sending
        events               -> payment_intent.created
        answer a1 approved   -> a1 authorized, c1 sending USD 100.00
        events               -> charge.succeeded
        capture p1           -> refused payment_intent_unexpected_state
        cancel p1            -> refused payment_intent_unexpected_state
        refund p1            -> refused payment_intent_unexpected_state
        answer c1 ok         -> p1 succeeded, c1 succeeded
        events               -> charge.captured, payment_intent.succeeded
        balance clearing     -> USD 100.00
        balance sales        -> USD 100.00
        balance sales-pending   -> USD 100.00
        queue                -> settle sale1 in 4d, ending a1 in 6d
        wait 7d              -> nothing
        balance sales-pending   -> USD 0.00
        balance sales-available -> USD 100.00
        queue                -> report-balance now
        ",
    );
}

#[test]
fn an_automatic_sale_whose_capture_is_refused_can_still_be_captured() {
    check(
        "
        charge USD 100.00            -> p1 processing, a1 sending
        answer a1 approved           -> a1 authorized, c1 sending USD 100.00
        answer c1 refused too_late   -> p1 requires_capture USD 100.00, c1 failed too_late
        events                       -> payment_intent.created, charge.succeeded,
                                        payment_intent.amount_capturable_updated
        capture p1 USD 60.00         -> p1 requires_capture USD 40.00, c2 sending USD 60.00
        answer c2 ok                 -> p1 requires_capture USD 0.00, c2 succeeded,
                                        r1 sending USD 40.00 reversal
        answer r1 ok                 -> p1 succeeded, r1 succeeded
        balance sales                -> USD 60.00
        ",
    );
}

#[test]
fn a_manual_sale_is_captured_by_hand() {
    check(
        "
        charge USD 100.00 manual          -> p1 processing, a1 sending
        capture p1                        -> refused payment_intent_unexpected_state
        answer a1 approved                -> p1 requires_capture USD 100.00, a1 authorized
        capture p1 USD 100.01             -> refused capture_exceeds_authorization
        capture p1 USD 0.00               -> refused amount_too_small
        capture p1 EUR 1.00               -> refused currency_mismatch
        capture p9                        -> refused resource_missing
        capture p1 USD 30.00 more-later   -> p1 requires_capture USD 70.00, c1 sending USD 30.00
        answer c1 ok                      -> c1 succeeded
        cancel p1                         -> refused payment_intent_unexpected_state
        capture p1 USD 70.01 more-later   -> refused capture_exceeds_authorization
        capture p1 USD 20.00 more-later   -> p1 requires_capture USD 50.00, c2 sending USD 20.00
        # The last one, and the rest is given back.
        capture p1 USD 40.00              -> p1 requires_capture USD 10.00, c3 sending USD 40.00
        answer c3 ok                      -> p1 requires_capture USD 0.00, c3 succeeded,
                                             r1 sending USD 10.00 reversal
        answer c2 refused too_late        -> p1 requires_capture USD 20.00, c2 failed too_late
        answer r1 ok                      -> r1 succeeded
        balance sales                     -> USD 70.00
        # What the failed capture left behind is given back a day before the end.
        wait 6d                           -> p1 requires_capture USD 0.00,
                                             r2 sending USD 20.00 reversal
        ok                                -> p1 succeeded, r2 succeeded
        capture p1                        -> refused payment_intent_unexpected_state
        ",
    );
}

#[test]
fn the_last_capture_that_is_allowed_is_the_final_one() {
    check(
        "
        processor captures 1              -> nothing
        charge USD 100.00 manual          -> p1 processing, a1 sending
        answer a1 approved                -> p1 requires_capture USD 100.00, a1 authorized
        capture p1 USD 30.00 more-later   -> p1 requires_capture USD 70.00, c1 sending USD 30.00
        capture p1 USD 30.00              -> refused captures_exhausted
        answer c1 ok                      -> p1 requires_capture USD 0.00, c1 succeeded,
                                             r1 sending USD 70.00 reversal
        ok                                -> p1 succeeded, r1 succeeded
        ",
    );
}

#[test]
fn a_card_may_come_later() {
    check(
        "
        create USD 0.00                    -> refused amount_too_small
        charge USD 5.00 without-card       -> refused payment_intent_unexpected_state
        create USD 5.00 without-card       -> p1 requires_payment_method
        confirm p1                         -> p1 processing, a1 sending
        confirm p1                         -> refused payment_intent_unexpected_state
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        confirm p1                         -> p1 processing, a2 sending
        answer a2 approved                 -> a2 authorized, c1 sending USD 5.00
        confirm p1                         -> refused payment_intent_unexpected_state
        create USD 5.00                    -> p2 requires_confirmation, m1 saving
        answer m1 ok                       -> m1 saved
        confirm p2                         -> p2 processing, a3 sending
        confirm p9                         -> refused resource_missing
        # The payment of a session is confirmed through its session.
        open amy USD 43.00                 -> s1 open USD 43.00
        pay s1 USD 43.00                   -> p3 processing, a4 sending
        answer a4 declined card_declined   -> p3 requires_payment_method, a4 declined card_declined
        confirm p3                         -> refused payment_intent_unexpected_state
        ",
    );
}

#[test]
fn a_sale_may_be_given_up() {
    check(
        "
        create USD 5.00 without-card     -> p1 requires_payment_method
        cancel p1                        -> p1 canceled requested_by_customer
        cancel p1                        -> refused payment_intent_unexpected_state
        confirm p1                       -> refused payment_intent_unexpected_state
        charge USD 5.00 manual           -> p2 processing, a1 sending
        cancel p2                        -> refused payment_intent_unexpected_state
        answer a1 challenge              -> p2 requires_action, a1 challenged
        answer a1 approved               -> p2 requires_capture USD 5.00, a1 authorized
        cancel p2                        -> p2 canceled requested_by_customer,
                                            r1 sending USD 5.00 reversal
        events                           -> payment_intent.created, payment_intent.canceled,
                                            payment_intent.created, payment_intent.requires_action,
                                            charge.succeeded,
                                            payment_intent.amount_capturable_updated,
                                            refund.created, payment_intent.canceled
        answer r1 ok                     -> r1 succeeded
        # Nothing is cancelled while something is being taken.
        charge USD 5.00 manual           -> p3 processing, a2 sending
        answer a2 approved               -> p3 requires_capture USD 5.00, a2 authorized
        capture p3 USD 2.00 more-later   -> p3 requires_capture USD 3.00, c1 sending USD 2.00
        cancel p3                        -> refused payment_intent_unexpected_state
        cancel p9                        -> refused resource_missing
        ",
    );
}

#[test]
fn a_sale_whose_buyer_is_being_asked_may_be_given_up() {
    check(
        "
        charge USD 5.00 manual   -> p1 processing, a1 sending
        answer a1 challenge      -> p1 requires_action, a1 challenged
        cancel p1                -> p1 canceled requested_by_customer,
                                    a1 declined payment_intent_authentication_failure
        events                   -> payment_intent.created, payment_intent.requires_action,
                                    charge.failed, payment_intent.canceled
        cancel p1                -> refused payment_intent_unexpected_state
        confirm p1               -> refused payment_intent_unexpected_state
        # The bank approves all the same: what it holds goes back.
        answer a1 approved       -> a1 authorized, r1 sending USD 5.00 reversal
        answer r1 ok             -> r1 succeeded
        balance clearing         -> USD 0.00
        ",
    );
}

#[test]
fn a_sale_that_nobody_captures_is_given_back_a_day_before_its_end() {
    check(
        "
        charge USD 5.00 manual   -> p1 processing, a1 sending
        answer a1 approved       -> p1 requires_capture USD 5.00, a1 authorized
        queue                    -> ending a1 in 6d
        events                   -> payment_intent.created, charge.succeeded,
                                    payment_intent.amount_capturable_updated
        wait 6d                  -> p1 canceled automatic, r1 sending USD 5.00 reversal
        events                   -> charge.expired, refund.created, payment_intent.canceled
        answer r1 ok             -> r1 succeeded
        queue                    -> ending a1 in 1d
        wait 1d                  -> nothing
        # Nothing is taken after the end, whatever the clocks do.
        charge USD 5.00 manual   -> p2 processing, a2 sending
        answer a2 approved       -> p2 requires_capture USD 5.00, a2 authorized
        jump 7d                  -> nothing
        capture p2               -> refused charge_expired_for_capture
        wait 1s                  -> p2 canceled automatic, r2 sending USD 5.00 reversal
        answer r2 refused authorization_expired -> r2 succeeded
        ",
    );
}

#[test]
fn a_capture_under_way_outlives_the_end() {
    check(
        "
        charge USD 5.00 manual           -> p1 processing, a1 sending
        answer a1 approved               -> p1 requires_capture USD 5.00, a1 authorized
        capture p1 USD 2.00 more-later   -> p1 requires_capture USD 3.00, c1 sending USD 2.00
        answer c1 unknown                -> c1 unknown
        wait 6d                          -> p1 requires_capture USD 0.00,
                                            r1 sending USD 3.00 reversal
        answer r1 ok                     -> r1 succeeded
        answer c1 ok                     -> p1 succeeded, c1 succeeded
        balance sales                    -> USD 2.00

        charge USD 5.00 manual           -> p2 processing, a2 sending
        answer a2 approved               -> p2 requires_capture USD 5.00, a2 authorized
        capture p2                       -> p2 requires_capture USD 0.00, c2 sending USD 5.00
        answer c2 unknown                -> c2 unknown
        wait 7d                          -> nothing
        # It is looked into until there is an answer, and then the hold is closed.
        answer c2 refused authorization_expired -> p2 requires_capture USD 5.00,
                                                   c2 failed authorization_expired
        wait 1m                          -> p2 canceled automatic, r2 sending USD 5.00 reversal
        answer r2 refused authorization_expired -> r2 succeeded
        queue                            -> report-balance now, ending a2 in 1m
        wait 1m                          -> nothing
        queue                            -> report-balance now
        ",
    );
}
