//! Cards that are saved without a payment.

use crate::world::table::check;

#[test]
fn a_bank_that_agrees_saves_the_card_for_its_customer() {
    check(
        "
        customer                 -> u1 known
        set-up u1 card now       -> i1 processing, v1 sending
        queue                    -> verify v1 now
        answer v1 verified       -> m1 saved owned, i1 succeeded, v1 verified
        events                   -> customer.created, setup_intent.created,
                                    setup_intent.succeeded, payment_method.attached
        repeat v1 verified       -> nothing
        repeat v1 declined card_declined -> nothing
        repeat v1 challenge      -> nothing
        queue                    -> nothing
        confirm-setup i1 card    -> refused setup_intent_unexpected_state
        cancel-setup i1          -> refused setup_intent_unexpected_state
        # A card that is kept already, now for a customer.
        keep-card                -> m2 saving
        set-up u1 m2 now         -> refused payment_method_not_ready
        ok                       -> m2 saved
        set-up u1 m2 now         -> i2 processing, v2 sending
        answer v2 verified       -> m2 saved owned, i2 succeeded, v2 verified
        set-up m2 now            -> refused payment_method_customer_mismatch
        set-up u9 card now       -> refused resource_missing
        set-up now               -> refused setup_intent_unexpected_state
        ",
    );
}

#[test]
fn a_setup_waits_for_its_card() {
    check(
        "
        set-up                   -> i1 requires_payment_method
        confirm-setup i1         -> refused setup_intent_unexpected_state
        confirm-setup i9 card    -> refused resource_missing
        confirm-setup i1 card    -> i1 processing, v1 sending
        confirm-setup i1 card    -> refused setup_intent_unexpected_state
        cancel-setup i1          -> refused setup_intent_unexpected_state
        answer v1 declined expired_card -> i1 requires_payment_method, v1 declined expired_card
        events                   -> setup_intent.created, setup_intent.setup_failed
        repeat v1 verified       -> nothing
        confirm-setup i1 card    -> i1 processing, v2 sending
        answer v2 verified       -> m1 saved, i1 succeeded, v2 verified
        set-up card              -> m2 saving, i2 requires_confirmation
        confirm-setup i2         -> refused payment_method_not_ready
        answer m2 ok             -> m2 saved
        confirm-setup i2         -> i2 processing, v3 sending
        answer v3 verified       -> i2 succeeded, v3 verified
        set-up                   -> i3 requires_payment_method
        cancel-setup i3          -> i3 canceled
        cancel-setup i3          -> refused setup_intent_unexpected_state
        confirm-setup i3 card    -> refused setup_intent_unexpected_state
        ",
    );
}

#[test]
fn a_challenge_ends_with_the_banks_word() {
    check(
        "
        set-up card now          -> i1 processing, v1 sending
        answer v1 challenge      -> i1 requires_action, v1 challenged
        events                   -> setup_intent.created, setup_intent.requires_action
        queue                    -> verify v1 look in 10m 5s
        # The buyer is back: one look, however often the page is loaded.
        look v1                  -> nothing
        look v1                  -> nothing
        queue                    -> verify v1 look now, verify v1 look in 10m 5s
        answer v1 unknown        -> nothing
        answer v1 verified       -> m1 saved, i1 succeeded, v1 verified
        look v1                  -> nothing
        # Nobody answers: it is looked at until the bank decides.
        set-up card now          -> i2 processing, v2 sending
        answer v2 challenge      -> i2 requires_action, v2 challenged
        answer v2 challenge      -> nothing
        answer v2 declined payment_intent_authentication_failure -> i2 requires_payment_method,
                                    v2 declined payment_intent_authentication_failure
        # Given up meanwhile: whatever the bank says saves nothing.
        set-up card now          -> i3 processing, v3 sending
        answer v3 challenge      -> i3 requires_action, v3 challenged
        cancel-setup i3          -> i3 canceled
        answer v3 verified       -> v3 verified
        set-up card now          -> i4 processing, v4 sending
        answer v4 challenge      -> i4 requires_action, v4 challenged
        cancel-setup i4          -> i4 canceled
        answer v4 declined card_declined -> v4 declined card_declined
        ",
    );
}

#[test]
fn a_setup_that_is_given_up_has_the_bank_ask_no_more() {
    check(
        "
        set-up card now          -> i1 processing, v1 sending
        answer v1 challenge      -> i1 requires_action, v1 challenged
        cancel-setup i1          -> i1 canceled
        queue                    -> give-up v1 by USD 0.00 now, verify v1 look in 10m 5s
        bank-holds v1 ok         -> nothing
        # The bank's last word is looked up at once.
        queue                    -> verify v1 look now, verify v1 look in 10m 5s
        answer v1 declined processing_error -> v1 declined processing_error
        # The buyer was quicker: the bank's yes keeps no card.
        set-up card now          -> i2 processing, v2 sending
        answer v2 challenge      -> i2 requires_action, v2 challenged
        cancel-setup i2          -> i2 canceled
        bank-holds v2 refused not_asked -> nothing
        answer v2 verified       -> v2 verified
        # Nobody knows whether the bank has heard: it is told until the question has run out.
        set-up card now          -> i3 processing, v3 sending
        answer v3 challenge      -> i3 requires_action, v3 challenged
        cancel-setup i3          -> i3 canceled
        bank-holds v3 never_sent -> nothing
        bank-holds v3 unknown    -> nothing
        jump 10m                 -> nothing
        bank-holds v3 unknown    -> nothing
        answer v3 declined processing_error -> v3 declined processing_error
        ",
    );
}

#[test]
fn a_setup_that_no_bank_is_asked_about_tells_no_bank() {
    check(
        "
        set-up card              -> m1 saving, i1 requires_confirmation
        answer m1 ok             -> m1 saved
        cancel-setup i1          -> i1 canceled
        queue                    -> nothing
        ",
    );
}

#[test]
fn unknown_is_a_state_and_never_a_failure() {
    check(
        "
        set-up card now          -> i1 processing, v1 sending
        answer v1 unknown        -> v1 unknown
        queue                    -> verify v1 again in 1s
        answer v1 never_sent     -> nothing
        queue                    -> verify v1 again in 2s
        answer v1 challenge      -> i1 requires_action, v1 challenged
        set-up card now          -> i2 processing, v2 sending
        answer v2 unknown        -> v2 unknown
        jump 3m                  -> nothing
        repeat v2 unknown        -> nothing
        queue                    -> verify v2 again now, verify v2 look in 2s,
                                    verify v1 look in 7m 2s
        repeat v2 not_found      -> i2 requires_payment_method, v2 declined processing_error
        # No byte left: three more tries.
        set-up card now          -> i3 processing, v3 sending
        answer v3 never_sent     -> nothing
        answer v3 never_sent     -> nothing
        answer v3 never_sent     -> nothing
        answer v3 never_sent     -> i3 requires_payment_method, v3 declined processing_error
        ",
    );
}
