//! Disputes: what the network says of them, what is answered, and what may not happen meanwhile.

use crate::world::table::check;

#[test]
fn a_dispute_takes_the_money_and_a_win_brings_it_back() {
    check(
        "
        charge USD 25.00      -> p1 processing, a1 sending
        answer a1 approved    -> a1 authorized, c1 sending USD 25.00
        answer c1 ok          -> p1 succeeded, c1 succeeded
        events                -> payment_intent.created, charge.succeeded, charge.captured,
                                 payment_intent.succeeded
        raised a1 1 needs_response USD 25.01 taken USD 25.01 -> nothing
        raised a1 1 needs_response USD 25.00 taken USD 25.00 -> x1 needs_response USD 25.00
        events                -> charge.dispute.created, charge.dispute.funds_withdrawn
        balance disputes      -> USD 25.00
        balance clearing      -> USD 0.00
        # Hearing it again, or older news, changes nothing.
        raised a1 1 needs_response USD 25.00 taken USD 25.00 -> nothing
        refund p1             -> refused charge_disputed
        evidence x1           -> refused dispute_evidence_missing
        evidence x9 text      -> refused resource_missing
        evidence x1 good      -> x1 needs_response asking USD 25.00
        evidence x1 better    -> refused dispute_unexpected_state
        accept x1             -> refused dispute_unexpected_state
        answer x1 unknown     -> nothing
        answer x1 2 under_review USD 25.00 taken USD 25.00 -> x1 under_review USD 25.00
        events                -> charge.dispute.updated
        evidence x1 more      -> refused dispute_unexpected_state
        raised a1 1 needs_response USD 25.00 taken USD 25.00 -> nothing
        raised a1 3 won USD 25.00 -> x1 won USD 25.00
        events                -> charge.dispute.closed, charge.dispute.funds_reinstated
        balance disputes      -> USD 0.00
        balance clearing      -> USD 25.00
        accept x1             -> refused dispute_unexpected_state
        refund p1 USD 25.00   -> r1 sending USD 25.00 return
        ",
    );
}

#[test]
fn all_evidence_together_has_an_end() {
    let most = "x".repeat(150_000);
    check(&format!(
        "
        charge USD 25.00      -> p1 processing, a1 sending
        answer a1 approved    -> a1 authorized, c1 sending USD 25.00
        answer c1 ok          -> p1 succeeded, c1 succeeded
        raised a1 1 needs_response USD 25.00 taken USD 25.00 -> x1 needs_response USD 25.00
        evidence x1 {most}x staged -> refused dispute_evidence_too_long
        evidence x1 {most} staged -> nothing
        "
    ));
}

#[test]
fn silence_and_acceptance_lose() {
    check(
        "
        charge USD 25.00      -> p1 processing, a1 sending
        answer a1 approved    -> a1 authorized, c1 sending USD 25.00
        answer c1 ok          -> p1 succeeded, c1 succeeded
        refund p1 USD 5.00    -> r1 sending USD 5.00 return
        answer r1 ok          -> r1 succeeded
        raised a1 1 needs_response USD 20.00 taken USD 20.00 -> x1 needs_response USD 20.00
        evidence x1 good staged -> nothing
        accept x1             -> x1 needs_response asking USD 20.00
        answer x1 refused too_late -> x1 needs_response USD 20.00
        raised a1 2 lost USD 20.00 taken USD 20.00 -> x1 lost USD 20.00
        balance disputes      -> USD 20.00
        balance clearing      -> USD 0.00
        refund p1             -> refused charge_disputed
        evidence x1 late      -> refused dispute_unexpected_state
        ",
    );
}

#[test]
fn a_question_of_the_bank_moves_nothing() {
    check(
        "
        charge USD 25.00      -> p1 processing, a1 sending
        answer a1 approved    -> a1 authorized, c1 sending USD 25.00
        answer c1 ok          -> p1 succeeded, c1 succeeded
        raised a1 1 warning_needs_response USD 25.00 -> x1 warning_needs_response USD 25.00
        balance disputes      -> USD 0.00
        refund p1             -> r1 sending USD 25.00 return
        raised a1 2 warning_closed USD 25.00 -> x1 warning_closed USD 25.00
        raised a1 warning     -> w1 unauthorized_use_of_card
        raised a1 warning     -> nothing
        unheard a1            -> nothing
        ",
    );
}

#[test]
fn the_money_of_orders_waits_for_the_bank_and_then_for_an_operator() {
    check(
        "
        shipped amy USD 10.00   -> h1 USD 10.00
        raised a1 1 needs_response USD 10.00 taken USD 10.00 -> x1 needs_response USD 10.00,
                                   h1 frozen dispute USD 10.00
        release h1 USD 1.00     -> refused held_funds_frozen
        refund o1               -> refused held_funds_frozen
        receive o1              -> refused held_funds_frozen
        raised a1 2 lost USD 10.00 taken USD 10.00 -> x1 lost USD 10.00,
                                   h1 frozen operator USD 10.00
        refund o1               -> refused charge_disputed
        balance disputes        -> USD 10.00
        ",
    );
}

#[test]
fn what_the_network_never_had_is_not_looked_at_for_ever() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        unheard a1            -> nothing
        # Money may have been taken: there is another look.
        queue                 -> authorize a1 now, look in 2s Hint, close s1 in 1d
        answer a1 declined card_declined -> p1 requires_payment_method, a1 declined card_declined
        unheard a1            -> nothing
        queue                 -> look in 2s Hint, close s1 in 1d
        ",
    );
}
