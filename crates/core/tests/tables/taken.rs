//! Sales whose money the processor takes as the bank approves.

use crate::world::table::check;

#[test]
fn an_approval_may_bring_the_money_with_it() {
    check(
        "
        charge USD 100.00    -> p1 processing, a1 sending
        events               -> payment_intent.created
        answer a1 taken      -> p1 succeeded, a1 authorized, c1 succeeded
        events               -> charge.succeeded, charge.captured, payment_intent.succeeded
        balance clearing     -> USD 100.00
        balance sales-pending -> USD 100.00
        # Nothing is left on the card that could end.
        queue                -> settle sale1 in 4d
        repeat a1 taken      -> nothing
        repeat a1 approved   -> nothing
        capture p1           -> refused payment_intent_unexpected_state
        refund p1 USD 30.00  -> r1 sending USD 30.00 return
        answer r1 ok         -> r1 succeeded
        wait 4d              -> nothing
        balance sales-available -> USD 70.00
        ",
    );
}

#[test]
fn money_that_is_taken_later_is_not_taken_at_once() {
    check(
        "
        charge USD 5.00 manual  -> p1 processing, a1 sending
        answer a1 taken         -> a1 unknown
        answer a1 approved      -> p1 requires_capture USD 5.00, a1 authorized
        open amy USD 43.00      -> s1 open USD 43.00
        pay s1 USD 43.00        -> p2 processing, a2 sending
        answer a2 taken         -> a2 unknown
        charge USD 5.00         -> p3 processing, a3 sending
        answer a3 taken USD 6.00 -> a3 unknown
        balance clearing        -> USD 0.00
        ",
    );
}

#[test]
fn what_was_taken_is_found_whenever_it_is_looked_for() {
    check(
        "
        charge USD 5.00       -> p1 processing, a1 sending
        answer a1 unknown     -> a1 unknown
        answer a1 taken       -> p1 succeeded, a1 authorized, c1 succeeded
        charge USD 6.00       -> p2 processing, a2 sending
        answer a2 challenge   -> p2 requires_action, a2 challenged
        answer a2 taken       -> p2 succeeded, a2 authorized, c2 succeeded
        charge USD 7.00       -> p3 processing, a3 sending
        answer a3 pending     -> a3 unknown
        answer a3 taken       -> p3 succeeded, a3 authorized, c3 succeeded
        # The hold would be over by now; its money was taken while it was not.
        charge USD 8.00       -> p4 processing, a4 sending
        wait 8d               -> nothing
        answer a4 taken       -> p4 succeeded, a4 authorized, c4 succeeded
        balance clearing      -> USD 26.00
        ",
    );
}

#[test]
fn what_is_taken_after_it_was_given_up_is_refunded() {
    check(
        "
        charge USD 5.00 to amy fee USD 1.00 -> p1 processing, a1 sending
        answer a1 unknown     -> a1 unknown
        answer a1 not_found   -> p1 requires_payment_method, a1 declined processing_error
        confirm p1            -> p1 processing, a2 sending
        answer a2 declined card_declined -> p1 requires_payment_method, a2 declined card_declined
        events                -> payment_intent.created, payment_intent.processing, charge.failed,
                                 payment_intent.payment_failed, charge.failed,
                                 payment_intent.payment_failed
        # Nothing of it is the seller's.
        repeat a1 taken       -> a1 authorized, c1 succeeded, r1 sending USD 5.00 return
        events                -> charge.succeeded, charge.captured, refund.created
        balance clearing      -> USD 5.00
        balance sales         -> USD 0.00
        repeat a1 taken       -> nothing
        answer r1 ok          -> r1 succeeded
        balance clearing      -> USD 0.00
        refund p1             -> refused payment_intent_unexpected_state
        # The payment itself can still be made.
        confirm p1            -> p1 processing, a3 sending
        ",
    );
}

#[test]
fn a_sale_that_was_cancelled_while_the_bank_asked_is_refunded() {
    check(
        "
        charge USD 5.00       -> p1 processing, a1 sending
        answer a1 challenge   -> p1 requires_action, a1 challenged
        cancel p1             -> p1 canceled requested_by_customer,
                                 a1 declined payment_intent_authentication_failure
        answer a1 taken       -> a1 authorized, c1 succeeded, r1 sending USD 5.00 return
        # A refund that is refused leaves the money where everybody sees it.
        answer r1 refused no  -> r1 failed no
        balance sales         -> USD 5.00
        refund p1             -> r2 sending USD 5.00 return
        answer r2 ok          -> r2 succeeded
        balance clearing      -> USD 0.00
        ",
    );
}

#[test]
fn what_was_given_up_and_not_refunded_is_refunded_by_its_charge() {
    check(
        "
        charge USD 5.00       -> p1 processing, a1 sending
        answer a1 unknown     -> a1 unknown
        answer a1 not_found   -> p1 requires_payment_method, a1 declined processing_error
        confirm p1            -> p1 processing, a2 sending
        answer a2 taken       -> p1 succeeded, a2 authorized, c1 succeeded
        refund a1             -> refused payment_intent_unexpected_state
        repeat a1 taken       -> a1 authorized, c2 succeeded, r1 sending USD 5.00 return
        refund a1             -> refused charge_already_refunded
        answer r1 refused no  -> r1 failed no
        balance sales         -> USD 10.00
        refund a1 USD 5.01    -> refused refund_exceeds_payment
        refund a1 USD 2.00    -> r2 sending USD 2.00 return
        refund a1             -> r3 sending USD 3.00 return
        # The charge that did pay is another matter.
        refund p1             -> r4 sending USD 5.00 return
        answer r2 ok          -> r2 succeeded
        answer r3 ok          -> r3 succeeded
        answer r4 ok          -> r4 succeeded
        balance clearing      -> USD 0.00
        ",
    );
}

#[test]
fn money_that_is_settled_at_once_is_taken_and_refunded_as_well() {
    check(
        "
        charge USD 5.00       -> p1 processing, a1 sending
        answer a1 taken settling-at-once -> p1 succeeded, a1 authorized, c1 succeeded
        balance sales-available -> USD 5.00
        charge USD 6.00       -> p2 processing, a2 sending
        answer a2 unknown     -> a2 unknown
        answer a2 not_found   -> p2 requires_payment_method, a2 declined processing_error
        repeat a2 taken settling-at-once -> a2 authorized, c2 succeeded, r1 sending USD 6.00 return
        balance sales-available -> USD 5.00
        ",
    );
}

#[test]
fn a_visit_without_sellers_is_paid_by_one_answer() {
    check(
        "
        open amy USD 100.00 own with to amy fee USD 7.00 -> s1 open USD 100.00
        pay s1 USD 100.00     -> p1 processing, a1 sending
        answer a1 taken       -> s1 complete, p1 succeeded, a1 authorized, c1 succeeded,
                                 t1 USD 100.00, f1 USD 7.00
        events                -> payment_intent.created, charge.succeeded,
                                 checkout.session.completed, transfer.created,
                                 application_fee.created, charge.captured,
                                 payment_intent.succeeded
        ",
    );
}
