//! *Pay now*: from the basket to the bank's answer.

use crate::world::table::check;

#[test]
fn no_more_goes_on_or_is_kept_than_the_buyer_pays() {
    check(
        "
        create USD 10.00 to amy USD 10.01       -> refused parameter_invalid_value
        create USD 10.00 to amy USD 0.00        -> refused amount_too_small
        create USD 10.00 to amy EUR 1.00        -> refused currency_mismatch
        create USD 10.00 to amy fee USD 10.01   -> refused parameter_invalid_value
        create USD 10.00 to amy USD 5.00 fee USD 1.00 -> refused parameters_exclusive
        create USD 10.00 fee USD 1.00           -> refused parameter_invalid_value
        create USD 10.00 to zoe                 -> refused resource_missing
        create USD 10.00 to amy fee USD 10.00   -> p1 requires_confirmation, m1 saving
        # The sum may become less than the fee no more than the fee more than the sum.
        change p1 USD 9.99                      -> refused parameter_invalid_value
        change p1 USD 10.00 to amy USD 10.00    -> refused parameters_exclusive
        change p1 USD 10.00 fee USD 10.01       -> refused parameter_invalid_value
        change p1 USD 9.99 to zoe fee USD 9.99  -> refused resource_missing
        change p1 USD 9.99 to amy fee USD 9.99  -> nothing
        change p1 EUR 9.99                      -> refused currency_mismatch
        buy USD 6.00 card growing               -> p2 processing, a1 sending
        answer a1 approved                      -> p2 requires_capture USD 6.00, a1 authorized
        # What goes on may grow with what the bank holds, and not before.
        change p2 USD 6.00 to amy USD 6.01      -> refused parameter_invalid_value
        raise p2 USD 8.00 to amy USD 8.01       -> refused parameter_invalid_value
        raise p2 USD 8.00 to amy USD 8.00       -> p2 requires_capture USD 6.00 growing
        ",
    );
}

#[test]
fn a_bank_that_approves_makes_an_order_for_each_seller() {
    check(
        "
        open amy USD 43.00, ben USD 9.00 ship USD 4.90 -> s1 open USD 56.90
        pay s1 USD 56.90                   -> p1 processing, a1 sending
        queue                              -> authorize a1 now, close s1 in 1d
        answer a1 approved                 -> s1 complete, p1 requires_capture USD 56.90,
                                              a1 authorized,
                                              o1 awaiting_shipment authorized USD 47.05,
                                              o2 awaiting_shipment authorized USD 9.85
        repeat a1 approved                 -> nothing
        repeat a1 declined card_declined   -> nothing
        repeat a1 challenge                -> nothing
        repeat a1 not_found                -> nothing
        repeat a1 never_sent               -> nothing
        repeat a1 unknown                  -> nothing
        queue                              -> close s1 in 1d, ending a1 in 6d, ship-by o1 in 6d,
                                              ship-by o2 in 6d
        events                             -> payment_intent.created, charge.succeeded,
                                              order.created, order.created,
                                              checkout.session.completed,
                                              payment_intent.amount_capturable_updated
        ",
    );
}

#[test]
fn cards_that_the_shop_does_not_take_are_refused_before_their_bank_is_asked() {
    check(
        "
        open amy USD 43.00 with no-amex   -> s1 open USD 43.00
        pay s1 USD 43.00 by amex      -> refused card_blocked
        # Nobody knows the card.
        pay s1 USD 43.00              -> refused card_blocked
        pay s1 USD 43.00 by visa      -> p1 processing, a1 sending
        open amy USD 43.00 with no-credit -> s2 open USD 43.00
        pay s2 USD 43.00 by visa      -> refused card_blocked
        ",
    );
}

#[test]
fn who_may_pay_what() {
    check(
        "
        pay s9 USD 43.00      -> refused resource_missing
        open amy USD 43.00, ben USD 9.00 no-card -> s1 open USD 52.00
        pay s1 USD 52.00      -> refused card_not_allowed
        open amy USD 43.00    -> s2 open USD 43.00
        pay s2 USD 42.99      -> refused total_changed
        pay s2 EUR 43.00      -> refused total_changed
        pay s2 USD 43.00      -> p1 processing, a1 sending
        # The second tab.
        pay s2 USD 43.00      -> refused payment_intent_unexpected_state
        answer a1 challenge   -> p1 requires_action, a1 challenged
        pay s2 USD 43.00      -> refused payment_intent_unexpected_state
        answer a1 approved    -> s2 complete, p1 requires_capture USD 43.00, a1 authorized,
                                 o1 awaiting_shipment authorized USD 43.00
        pay s2 USD 43.00      -> refused checkout_session_not_open
        # The ways to ship.
        open amy USD 43.00 ship USD 4.90   -> s3 open USD 47.90
        forget-choice s3                   -> s3 open USD 43.00
        pay s3 USD 43.00                   -> refused shipping_option_required
        choose s3 0                        -> s3 open USD 47.90
        pay s3 USD 47.90                   -> p2 processing, a2 sending
        ",
    );
}

#[test]
fn a_decline_leaves_the_buyer_free_to_try_another_card() {
    check(
        "
        open amy USD 43.00                -> s1 open USD 43.00
        pay s1 USD 43.00                  -> p1 processing, a1 sending
        answer a1 declined expired_card   -> p1 requires_payment_method, a1 declined expired_card
        events                            -> payment_intent.created, charge.failed,
                                             payment_intent.payment_failed
        repeat a1 declined expired_card   -> nothing
        pay s1 USD 43.00                  -> p1 processing, a2 sending
        # The bank's second thoughts about the first card: given back at once.
        repeat a1 approved                -> a1 authorized, r1 sending USD 43.00 reversal
        answer a2 approved                -> s1 complete, p1 requires_capture USD 43.00,
                                             a2 authorized,
                                             o1 awaiting_shipment authorized USD 43.00
        ok                                -> r1 succeeded
        repeat a2 declined expired_card   -> nothing
        ",
    );
}

#[test]
fn a_challenge_ends_with_the_banks_word() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        answer a1 challenge   -> p1 requires_action, a1 challenged
        events                -> payment_intent.created, payment_intent.requires_action
        queue                 -> authorize a1 look in 10m 5s, close s1 in 1d
        # The buyer is back: one look, however often the page is loaded.
        look a1               -> nothing
        look a1               -> nothing
        queue                 -> authorize a1 look now, authorize a1 look in 10m 5s, close s1 in 1d
        answer a1 challenge   -> nothing
        look a1               -> nothing
        answer a1 approved    -> s1 complete, p1 requires_capture USD 43.00, a1 authorized,
                                 o1 awaiting_shipment authorized USD 43.00
        look a1               -> nothing
        answer a1 approved    -> nothing
        queue                 -> close s1 in 23h 49m 55s, ending a1 in 5d 23h 49m 55s,
                                 ship-by o1 in 5d 23h 49m 55s
        ",
    );
}

#[test]
fn a_challenge_that_nobody_answers_is_looked_at_until_the_bank_decides() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        answer a1 challenge   -> p1 requires_action, a1 challenged
        answer a1 challenge   -> nothing
        queue                 -> authorize a1 look in 30s, close s1 in 23h 49m 55s
        # The next look is on its way: a hint adds none.
        look a1               -> nothing
        queue                 -> authorize a1 look in 30s, close s1 in 23h 49m 55s
        answer a1 unknown     -> nothing
        queue                 -> authorize a1 look in 30s, close s1 in 23h 49m 25s
        answer a1 declined authentication_required -> p1 requires_payment_method,
                                                      a1 declined authentication_required
        queue                 -> close s1 in 23h 48m 55s
        ",
    );
}

#[test]
fn a_failed_look_at_a_challenge_is_made_up_for() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        answer a1 challenge   -> p1 requires_action, a1 challenged
        look a1               -> nothing
        answer a1 unknown     -> nothing
        look a1               -> nothing
        queue                 -> authorize a1 look in 30s, authorize a1 look in 10m 5s,
                                 close s1 in 1d
        answer a1 challenge   -> nothing
        queue                 -> authorize a1 look in 9m 35s, close s1 in 23h 59m 30s
        look a9               -> refused resource_missing
        ",
    );
}

#[test]
fn a_challenge_may_follow_an_unknown_answer_and_come_to_nothing() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        answer a1 unknown     -> a1 unknown
        answer a1 challenge   -> p1 requires_action, a1 challenged
        wait 24h              -> nothing
        repeat a1 not_found   -> p1 requires_payment_method, a1 declined processing_error
        ",
    );
}
