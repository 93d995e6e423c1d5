//! Cards that are kept: exchanged, given to a customer, charged again, taken away.

use crate::world::table::check;

#[test]
fn a_token_is_exchanged_for_one_that_lasts() {
    check(
        "
        keep-card              -> m1 saving
        queue                  -> save m1 now
        answer m1 unknown      -> nothing
        queue                  -> save m1 again in 1s
        answer m1 unknown      -> nothing
        queue                  -> save m1 again in 2s
        answer m1 ok           -> m1 saved
        repeat m1 ok           -> nothing
        repeat m1 refused token_already_used -> nothing
        events                 -> nothing
        keep-card              -> m2 saving
        answer m2 refused token_already_used -> m2 failed
        repeat m2 ok           -> nothing
        customer               -> u1 known
        keep-card u1           -> m3 saving owned
        ok                     -> m3 saved owned
        events                 -> customer.created, payment_method.attached
        # A customer with a card from the start.
        customer card          -> m4 saving owned
        queue                  -> check m4 now
        ok                     -> u2 known, m4 saved owned
        events                 -> customer.created, payment_method.attached
        keep-card              -> m5 saving
        ok                     -> m5 saved
        customer m5            -> m5 attaching
        ok                     -> u3 known, m5 saved owned
        events                 -> customer.created, payment_method.attached
        customer m5            -> refused payment_method_customer_mismatch
        customer m9            -> refused resource_missing
        ",
    );
}

#[test]
fn who_may_have_which_card() {
    check(
        "
        customer               -> u1 known
        customer               -> u2 known
        keep-card              -> m1 saving
        attach m1 u1           -> refused payment_method_not_ready
        ok                     -> m1 saved
        attach m1 u9           -> refused resource_missing
        attach m9 u1           -> refused resource_missing
        attach m1 u1           -> m1 attaching
        ok                     -> m1 saved owned
        attach m1 u1           -> nothing
        attach m1 u2           -> refused payment_method_customer_mismatch
        events                 -> customer.created, customer.created, payment_method.attached
        detach m1              -> m1 detached
        events                 -> payment_method.detached
        detach m1              -> refused payment_method_unexpected_state
        attach m1 u1           -> refused payment_method_unexpected_state
        attach m1 u2           -> refused payment_method_unexpected_state
        keep-card              -> m2 saving
        ok                     -> m2 saved
        detach m2              -> refused payment_method_unexpected_state
        delete u2              -> u2 deleted
        attach m2 u2           -> refused resource_missing
        keep-card u2           -> refused resource_missing
        keep-card              -> m3 saving
        answer m3 refused resource_missing -> m3 failed
        attach m3 u1           -> refused payment_method_unexpected_state
        ",
    );
}

#[test]
fn who_may_charge_which_card() {
    check(
        "
        customer                 -> u1 known
        keep-card u1             -> m1 saving owned
        buy USD 5.00 u1 m1    -> refused payment_method_not_ready
        ok                       -> m1 saved owned
        customer                 -> u2 known
        buy USD 5.00 m1       -> refused payment_method_customer_mismatch
        buy USD 5.00 u2 m1    -> refused payment_method_customer_mismatch
        buy USD 5.00 u9 m1    -> refused resource_missing
        buy USD 5.00 u1 m9    -> refused resource_missing
        buy USD 5.00 u1 m1 away -> p1 processing, a1 sending
        answer a1 approved       -> p1 requires_capture USD 5.00, a1 authorized
        buy USD 5.00 u1 m1    -> p2 processing, a2 sending
        answer a2 declined authentication_required -> p2 requires_payment_method,
                                    a2 declined authentication_required
        # A declined payment names its card again, or another.
        confirm p2               -> p2 processing, a3 sending
        delete u1                -> u1 deleted
        buy USD 5.00 u1 m1    -> refused resource_missing
        ",
    );
}

#[test]
fn a_payment_keeps_its_card_once_the_bank_has_approved() {
    check(
        "
        customer                  -> u1 known
        buy USD 5.00 u1 card keep -> p1 processing, a1 sending
        answer a1 declined card_declined -> p1 requires_payment_method,
                                     a1 declined card_declined
        confirm p1                -> p1 processing, a2 sending
        answer a2 approved        -> p1 requires_capture USD 5.00, a2 authorized, m1 saved owned
        repeat a2 approved        -> nothing
        # The bank's second thoughts about the first card: its money is let go, and it is not kept.
        repeat a1 approved        -> a1 authorized, r1 sending USD 5.00 reversal
        # Without a customer the card is kept for nobody yet.
        buy USD 5.00 card keep -> p2 processing, a3 sending
        answer a3 approved        -> p2 requires_capture USD 5.00, a3 authorized, m2 saved
        attach m2 u1              -> m2 attaching
        answer m2 ok              -> m2 saved owned
        ",
    );
}

#[test]
fn a_payment_waits_with_a_card_of_its_own() {
    check(
        "
        buy USD 5.00 card later -> p1 requires_confirmation, m1 saving
        confirm p1                 -> refused payment_method_not_ready
        answer m1 ok               -> m1 saved
        confirm p1                 -> p1 processing, a1 sending
        answer a1 approved         -> p1 requires_capture USD 5.00, a1 authorized
        # What is wrong with a token is the bank's to say.
        buy USD 5.00 card later -> p2 requires_confirmation, m2 saving
        answer m2 refused resource_missing -> m2 failed
        confirm p2                 -> p2 processing, a2 sending
        # Given to a customer and taken away meanwhile.
        buy USD 5.00 card later -> p3 requires_confirmation, m3 saving
        answer m3 ok               -> m3 saved
        customer                   -> u1 known
        attach m3 u1               -> m3 attaching
        answer m3 ok               -> m3 saved owned
        detach m3                  -> m3 detached
        confirm p3                 -> refused payment_method_unexpected_state
        ",
    );
}

#[test]
fn a_shop_that_does_not_want_the_buyer_asked_is_told_no() {
    check(
        "
        buy USD 5.00 card unasked -> p1 processing, a1 sending
        answer a1 challenge       -> p1 requires_payment_method,
                                     a1 declined authentication_required
        events                    -> payment_intent.created, charge.failed,
                                     payment_intent.payment_failed
        queue                     -> give-up a1 by USD 5.00 now, authorize a1 look in 10m 5s
        # The bank lets the buyer confirm all the same: what it holds goes back.
        answer a1 approved        -> a1 authorized, r1 sending USD 5.00 reversal
        # Without the wish the buyer is asked; with it a bank that does not ask just approves.
        buy USD 5.00 card         -> p2 processing, a2 sending
        answer a2 challenge       -> p2 requires_action, a2 challenged
        buy USD 5.00 card unasked -> p3 processing, a3 sending
        answer a3 approved        -> p3 requires_capture USD 5.00, a3 authorized
        ",
    );
}

#[test]
fn the_bank_is_asked_before_a_card_becomes_a_customers() {
    check(
        "
        customer                   -> u1 known
        keep-card                  -> m1 saving
        queue                      -> save m1 now
        ok                         -> m1 saved
        attach m1 u1               -> m1 attaching
        queue                      -> check m1 now
        attach m1 u1               -> refused payment_method_not_ready
        detach m1                  -> refused payment_method_not_ready
        buy USD 5.00 m1            -> refused payment_method_not_ready
        answer m1 refused card_declined -> m1 saved
        repeat m1 ok               -> nothing
        events                     -> customer.created
        # It is asked anew, and looked up while nothing is known.
        attach m1 u1               -> m1 attaching
        answer m1 unknown          -> nothing
        queue                      -> check m1 again in 1s
        answer m1 unknown          -> nothing
        queue                      -> check m1 again in 2s
        answer m1 ok               -> m1 saved owned
        repeat m1 refused card_declined -> nothing
        events                     -> payment_method.attached
        # A token that becomes a customer's is asked about as it is kept.
        keep-card u1               -> m2 saving owned
        queue                      -> check m2 now
        answer m2 refused card_declined -> m2 failed owned
        events                     -> nothing
        # The customer is deleted before the bank has answered.
        keep-card                  -> m3 saving
        ok                         -> m3 saved
        attach m3 u1               -> m3 attaching
        delete u1                  -> u1 deleted
        answer m3 ok               -> m3 saved
        events                     -> nothing
        ",
    );
}

#[test]
fn a_customer_whose_card_is_refused_was_never_there() {
    check(
        "
        customer card              -> m1 saving owned
        answer m1 unknown          -> nothing
        answer m1 refused card_declined -> m1 failed owned
        repeat m1 ok               -> nothing
        events                     -> nothing
        keep-card                  -> m2 saving
        ok                         -> m2 saved
        customer m2                -> m2 attaching
        answer m2 refused card_declined -> m2 saved
        events                     -> nothing
        # The card is nobody's still, and the next customer has it.
        customer m2                -> m2 attaching
        ok                         -> u1 known, m2 saved owned
        events                     -> customer.created, payment_method.attached
        ",
    );
}
