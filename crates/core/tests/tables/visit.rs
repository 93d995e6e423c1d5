//! Visits to the pay page that keep a card, welcome a customer, or send the money on to a seller.

use crate::world::table::check;

#[test]
fn a_visit_may_keep_a_card_and_charge_nothing() {
    check(
        "
        customer                     -> u1 known
        open-setup u1                -> s1 open USD 0.00, i1 requires_payment_method
        events                       -> customer.created, setup_intent.created
        # It is confirmed and ended on its page only.
        confirm-setup i1 card        -> refused setup_intent_unexpected_state
        cancel-setup i1              -> refused setup_intent_unexpected_state
        pay s1 USD 0.01              -> refused total_changed
        pay s1 USD 0.00              -> i1 processing, v1 sending
        pay s1 USD 0.00              -> refused setup_intent_unexpected_state
        expire s1                    -> refused setup_intent_unexpected_state
        answer v1 declined card_declined -> i1 requires_payment_method, v1 declined card_declined
        pay s1 USD 0.00              -> i1 processing, v2 sending
        answer v2 challenge          -> i1 requires_action, v2 challenged
        expire s1                    -> refused setup_intent_unexpected_state
        answer v2 verified           -> s1 complete, m1 saved owned, i1 succeeded, v2 verified
        events                       -> setup_intent.setup_failed, setup_intent.requires_action,
                                        setup_intent.succeeded, payment_method.attached,
                                        checkout.session.completed
        repeat v2 verified           -> nothing
        pay s1 USD 0.00              -> refused checkout_session_not_open
        expire s1                    -> refused checkout_session_not_open
        balance clearing             -> USD 0.00
        open-setup u9                -> refused resource_missing
        ",
    );
}

#[test]
fn a_visit_that_keeps_no_card_gives_its_setup_up() {
    check(
        "
        open-setup                   -> s1 open USD 0.00, i1 requires_payment_method
        expire s1                    -> s1 expired, i1 canceled
        events                       -> setup_intent.created, checkout.session.expired,
                                        setup_intent.canceled
        pay s1 USD 0.00              -> refused checkout_session_not_open
        open-setup                   -> s2 open USD 0.00, i2 requires_payment_method
        wait 2d                      -> s2 expired, i2 canceled
        # A bank that is asked has the last word, after the page has closed as well.
        open-setup                   -> s3 open USD 0.00, i3 requires_payment_method
        pay s3 USD 0.00              -> i3 processing, v1 sending
        jump 2d                      -> nothing
        answer v1 verified           -> s3 complete, m1 saved, i3 succeeded, v1 verified
        wait 2d                      -> nothing
        ",
    );
}

#[test]
fn a_buyer_becomes_a_customer_once_and_only_when_the_bank_agrees() {
    check(
        "
        open-setup welcome           -> s1 open USD 0.00, i1 requires_payment_method
        pay s1 USD 0.00              -> i1 processing, v1 sending
        answer v1 declined card_declined -> i1 requires_payment_method, v1 declined card_declined
        pay s1 USD 0.00              -> i1 processing, v2 sending
        answer v2 verified           -> s1 complete, u1 known, m1 saved owned,
                                        i1 succeeded, v2 verified
        repeat v2 verified           -> nothing
        events                       -> setup_intent.created, setup_intent.setup_failed,
                                        customer.created, setup_intent.succeeded,
                                        payment_method.attached, checkout.session.completed
        # With a payment, whose card is kept as the new customer's.
        open amy USD 43.00 with welcome keep -> s2 open USD 43.00
        pay s2 USD 43.00             -> p1 processing, a1 sending
        answer a1 declined card_declined -> p1 requires_payment_method, a1 declined card_declined
        pay s2 USD 43.00             -> p1 processing, a2 sending
        answer a2 approved           -> s2 complete, p1 requires_capture USD 43.00,
                                        a2 authorized, o1 awaiting_shipment authorized USD 43.00,
                                        u2 known, m2 saved owned
        repeat a2 approved           -> nothing
        # Whom the platform knows is not made anew.
        open amy USD 43.00 with u1 welcome -> s3 open USD 43.00
        pay s3 USD 43.00             -> p2 processing, a3 sending
        answer a3 approved           -> s3 complete, p2 requires_capture USD 43.00,
                                        a3 authorized, o2 awaiting_shipment authorized USD 43.00
        # Nobody is made without being asked for.
        open-setup                   -> s4 open USD 0.00, i2 requires_payment_method
        pay s4 USD 0.00              -> i2 processing, v3 sending
        answer v3 verified           -> s4 complete, m3 saved, i2 succeeded, v3 verified
        ",
    );
}

#[test]
fn the_money_of_the_platforms_own_sale_goes_on_to_a_seller() {
    check(
        "
        open amy USD 100.00 own with to amy fee USD 7.00 -> s1 open USD 100.00
        pay s1 USD 100.00            -> p1 processing, a1 sending
        answer a1 approved           -> s1 complete, a1 authorized, c1 sending USD 100.00
        answer c1 ok                 -> p1 succeeded, c1 succeeded, t1 USD 100.00, f1 USD 7.00
        balance clearing             -> USD 100.00
        balance sales                -> USD 7.00
        balance pending-of amy       -> USD 93.00
        wait 5d                      -> nothing
        balance sales                -> USD 0.00
        balance fees                 -> USD 7.00
        balance pending-of amy       -> USD 0.00
        balance amy                  -> USD 93.00
        # A part of it, and no fee.
        open amy USD 100.00 own with to amy USD 40.01 -> s2 open USD 100.00
        pay s2 USD 100.00            -> p2 processing, a2 sending
        answer a2 approved           -> s2 complete, a2 authorized, c2 sending USD 100.00
        answer c2 ok                 -> p2 succeeded, c2 succeeded, t2 USD 40.01
        wait 5d                      -> nothing
        balance sales                -> USD 59.99
        balance amy                  -> USD 133.01
        # The money of sellers' lines goes by their orders.
        open amy USD 100.00 with to amy -> refused sellers_mixed
        open amy USD 100.00 with fee USD 7.00 -> refused sellers_mixed
        open amy USD 100.00 own with to zoe -> refused resource_missing
        # No more goes on, or is kept, than the buyer pays for the cheapest way to ship.
        open amy USD 100.00 own with to amy USD 100.00 -> s3 open USD 100.00
        open amy USD 100.00 own with to amy USD 100.01 -> refused part_exceeds_payment
        open amy USD 100.00 own with to amy fee USD 100.00 -> s4 open USD 100.00
        open amy USD 100.00 own with to amy fee USD 100.01 -> refused part_exceeds_payment
        ",
    );
}

#[test]
fn nobody_is_asked_before_the_buyer_has_answered() {
    check(
        "
        open amy USD 43.00 with terms -> s1 open USD 43.00
        pay s1 USD 43.00             -> refused checkout_answers_missing
        pay s1 USD 43.00 agreeing    -> p1 processing, a1 sending
        answer a1 declined card_declined -> p1 requires_payment_method, a1 declined card_declined
        # What was accepted once need not be accepted again.
        pay s1 USD 43.00             -> p1 processing, a2 sending
        open-setup terms             -> s2 open USD 0.00, i1 requires_payment_method
        pay s2 USD 0.00              -> refused checkout_answers_missing
        pay s2 USD 0.00 agreeing     -> i1 processing, v1 sending
        ",
    );
}

#[test]
fn nobody_is_asked_before_the_buyer_has_said_where_the_goods_go() {
    check(
        "
        open amy USD 43.00 with ships bills calls -> s1 open USD 43.00
        pay s1 USD 43.00             -> refused checkout_answers_missing
        pay s1 USD 43.00 shipping DE living DE -> refused checkout_answers_missing
        pay s1 USD 43.00 shipping DE phone -> refused checkout_answers_missing
        pay s1 USD 43.00 living DE phone -> refused checkout_answers_missing
        # Nothing is sent to where the shop does not send, or where the state is missing.
        pay s1 USD 43.00 shipping FR living DE phone -> refused checkout_answers_missing
        pay s1 USD 43.00 shipping AE living DE phone -> refused checkout_answers_missing
        pay s1 USD 43.00 shipping DE living US phone -> refused checkout_answers_missing
        pay s1 USD 43.00 shipping DE living FR phone -> p1 processing, a1 sending
        answer a1 declined card_declined -> p1 requires_payment_method, a1 declined card_declined
        # What was said once need not be said again.
        pay s1 USD 43.00             -> p1 processing, a2 sending
        # Nothing is sent to whoever only keeps a card.
        open-setup ships bills       -> s2 open USD 0.00, i1 requires_payment_method
        pay s2 USD 0.00              -> refused checkout_answers_missing
        pay s2 USD 0.00 living DE    -> i1 processing, v1 sending
        ",
    );
}
