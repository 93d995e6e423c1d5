//! A hold that grows, and a question to the buyer that is given up.

use crate::world::table::check;

#[test]
fn a_bank_that_agrees_holds_more() {
    check(
        "
        buy USD 5.00 card growing -> p1 processing, a1 sending
        answer a1 approved        -> p1 requires_capture USD 5.00, a1 authorized
        events                    -> payment_intent.created, charge.succeeded,
                                     payment_intent.amount_capturable_updated
        raise p1 USD 5.00         -> refused amount_too_small
        raise p1 USD 4.00         -> refused amount_too_small
        raise p1 EUR 9.00         -> refused currency_mismatch
        raise p1 USD 6.00         -> p1 requires_capture USD 5.00 growing
        events                    -> nothing
        queue                     -> raise a1 by USD 1.00 now, ending a1 in 6d
        # Until the bank has said something nothing else is decided about the money.
        raise p1 USD 7.00         -> refused lock_timeout
        capture p1 USD 5.00       -> refused lock_timeout
        cancel p1                 -> refused lock_timeout
        refund p1 USD 1.00        -> refused lock_timeout
        bank-holds a1 ok          -> p1 requires_capture USD 6.00
        events                    -> payment_intent.amount_capturable_updated, charge.updated
        raise p1 USD 8.00         -> p1 requires_capture USD 6.00 growing
        bank-holds a1 ok          -> p1 requires_capture USD 8.00
        # The processor lets it grow twice.
        raise p1 USD 9.00         -> refused payment_intent_incompatible_payment_method
        capture p1 USD 8.00       -> p1 requires_capture USD 0.00, c1 sending USD 8.00
        answer c1 ok              -> p1 succeeded, c1 succeeded
        balance clearing          -> USD 8.00
        raise p1 USD 9.00         -> refused payment_intent_unexpected_state
        ",
    );
}

#[test]
fn a_bank_that_declines_leaves_the_hold_as_it_was() {
    check(
        "
        buy USD 5.00 card growing -> p1 processing, a1 sending
        answer a1 approved        -> p1 requires_capture USD 5.00, a1 authorized
        raise p1 USD 600.00       -> p1 requires_capture USD 5.00 growing
        events                    -> payment_intent.created, charge.succeeded,
                                     payment_intent.amount_capturable_updated
        bank-holds a1 refused insufficient_funds -> p1 requires_capture USD 5.00
        events                    -> nothing
        # What was refused does not count: it may still grow twice.
        raise p1 USD 6.00         -> p1 requires_capture USD 5.00 growing
        bank-holds a1 ok          -> p1 requires_capture USD 6.00
        raise p1 USD 7.00         -> p1 requires_capture USD 6.00 growing
        bank-holds a1 ok          -> p1 requires_capture USD 7.00
        cancel p1                 -> p1 canceled requested_by_customer,
                                     r1 sending USD 7.00 reversal
        ",
    );
}

#[test]
fn a_hold_that_nobody_wanted_to_grow_does_not() {
    check(
        "
        buy USD 5.00 card         -> p1 processing, a1 sending
        raise p1 USD 6.00         -> refused payment_intent_unexpected_state
        answer a1 approved        -> p1 requires_capture USD 5.00, a1 authorized
        raise p1 USD 6.00         -> refused payment_intent_incompatible_payment_method
        buy USD 5.00 card growing -> p2 processing, a2 sending
        answer a2 approved        -> p2 requires_capture USD 5.00, a2 authorized
        refund p2 USD 1.00        -> p2 requires_capture USD 4.00, r1 sending USD 1.00 reversal
        raise p2 USD 6.00         -> refused payment_intent_unexpected_state
        # A payment of a session has the session's sum.
        bought amy USD 43.00      -> o1 USD 43.00
        raise p3 USD 50.00        -> refused payment_intent_unexpected_state
        ",
    );
}

#[test]
fn an_answer_that_is_missing_is_looked_for_until_there_is_one() {
    check(
        "
        buy USD 5.00 card growing -> p1 processing, a1 sending
        answer a1 approved        -> p1 requires_capture USD 5.00, a1 authorized
        raise p1 USD 6.00         -> p1 requires_capture USD 5.00 growing
        bank-holds a1 never_sent  -> nothing
        queue                     -> raise a1 by USD 1.00 in 1s, ending a1 in 6d
        bank-holds a1 unknown     -> nothing
        queue                     -> raise a1 by USD 1.00 again in 1s,
                                     ending a1 in 5d 23h 59m 59s
        bank-holds a1 unknown     -> nothing
        capture p1 USD 5.00       -> refused lock_timeout
        bank-holds a1 ok          -> p1 requires_capture USD 6.00
        capture p1 USD 6.00       -> p1 requires_capture USD 0.00, c1 sending USD 6.00
        ",
    );
}

#[test]
fn more_that_comes_when_the_hold_is_let_go_goes_back_as_well() {
    check(
        "
        buy USD 5.00 card growing -> p1 processing, a1 sending
        answer a1 approved        -> p1 requires_capture USD 5.00, a1 authorized
        raise p1 USD 6.00         -> p1 requires_capture USD 5.00 growing
        wait 6d                   -> p1 canceled automatic, r1 sending USD 5.00 reversal
        bank-holds a1 ok          -> r2 sending USD 1.00 reversal
        answer r1 ok              -> r1 succeeded
        answer r2 ok              -> r2 succeeded
        ",
    );
}

#[test]
fn a_cancelled_payment_asks_the_buyer_no_more() {
    check(
        "
        buy USD 5.00 card         -> p1 processing, a1 sending
        answer a1 challenge       -> p1 requires_action, a1 challenged
        cancel p1                 -> p1 canceled requested_by_customer,
                                     a1 declined payment_intent_authentication_failure
        queue                     -> give-up a1 by USD 5.00 now, authorize a1 look in 10m 5s
        bank-holds a1 ok          -> nothing
        queue                     -> authorize a1 look in 10m 5s
        answer a1 declined card_declined -> nothing
        queue                     -> nothing
        ",
    );
}

#[test]
fn a_buyer_who_was_quicker_gets_the_money_back() {
    check(
        "
        buy USD 5.00 card         -> p1 processing, a1 sending
        answer a1 challenge       -> p1 requires_action, a1 challenged
        cancel p1                 -> p1 canceled requested_by_customer,
                                     a1 declined payment_intent_authentication_failure
        bank-holds a1 refused not_asked -> nothing
        queue                     -> authorize a1 look now, authorize a1 look in 10m 5s
        answer a1 approved        -> a1 authorized, r1 sending USD 5.00 reversal
        answer r1 ok              -> r1 succeeded
        ",
    );
}

#[test]
fn a_question_is_given_up_until_it_runs_out() {
    check(
        "
        buy USD 5.00 card         -> p1 processing, a1 sending
        answer a1 challenge       -> p1 requires_action, a1 challenged
        cancel p1                 -> p1 canceled requested_by_customer,
                                     a1 declined payment_intent_authentication_failure
        bank-holds a1 never_sent  -> nothing
        bank-holds a1 unknown     -> nothing
        queue                     -> give-up a1 by USD 5.00 again in 2s,
                                     authorize a1 look in 10m 4s
        jump 10m                  -> nothing
        bank-holds a1 unknown     -> nothing
        queue                     -> authorize a1 look in 4s
        ",
    );
}
