//! The pay page's session: opened, changed, closed.

use crate::world::table::check;

#[test]
fn a_basket_has_to_cost_something_for_each_seller() {
    check(
        "
        open amy USD 43.00, ben USD 9.00 x2 -> s1 open USD 61.00
        open amy USD 43.00 ship USD 0.00, USD 4.90 -> s2 open USD 43.00
        open amy JPY 4300, ben JPY 900     -> s3 open JPY 5200
        open amy KWD 4.300                 -> s4 open KWD 4.300
        open amy USD 0.00                  -> refused amount_too_small
        open amy USD 43.00, ben USD 0.00   -> refused amount_too_small
        # The second way to ship would leave ben with nothing to capture.
        open amy USD 0.00, ben USD 0.00 ship USD 5.00, USD 0.01 -> refused amount_too_small
        open amy USD 0.00, amy USD 5.00    -> s5 open USD 5.00
        open amy USD 43.00, ben EUR 9.00   -> refused currency_mismatch
        open amy USD 43.00 ship EUR 4.90   -> refused currency_mismatch
        open amy USD 43.00, zoe USD 9.00   -> refused resource_missing
        open amy USD 43.00, ben USD 9.00 own -> refused sellers_mixed
        open amy USD 92233720368547758.07, ben USD 0.01 -> refused amount_too_large
        open amy USD 92233720368547758.07 ship USD 0.00, USD 0.01 -> refused amount_too_large
        ",
    );
}

#[test]
fn the_shop_offers_other_ways_to_ship_until_a_card_is_charged() {
    check(
        "
        open amy USD 43.00 ship USD 4.90, USD 9.90 -> s1 open USD 47.90
        choose s1 1                        -> s1 open USD 52.90
        offer s1 USD 2.00, USD 3.00, USD 0.00 -> s1 open USD 45.00
        # What was shown before is not charged.
        pay s1 USD 52.90                   -> refused total_changed
        choose s1 2                        -> s1 open USD 43.00
        # The same total, and nothing to choose any more.
        offer s1                           -> nothing
        choose s1 0                        -> refused shipping_option_unknown
        offer s1 EUR 2.00                  -> refused currency_mismatch
        offer s1 USD 2.00                  -> s1 open USD 45.00
        pay s1 USD 45.00                   -> p1 processing, a1 sending
        offer s1 USD 1.00                  -> refused payment_intent_unexpected_state
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        offer s1 USD 1.00                  -> s1 open USD 44.00
        pay s1 USD 44.00                   -> p1 processing, a2 sending
        answer a2 approved                 -> s1 complete, p1 requires_capture USD 44.00,
                                              a2 authorized,
                                              o1 awaiting_shipment authorized USD 44.00
        offer s1 USD 2.00                  -> refused checkout_session_not_open
        ",
    );
}

#[test]
fn the_shop_changes_what_it_sells_until_a_payment_is_made() {
    check(
        "
        open amy USD 43.00 ship USD 4.90, USD 9.90 -> s1 open USD 47.90
        choose s1 1                        -> s1 open USD 52.90
        # The buyer's choice of how to ship stays.
        revise s1 amy USD 40.00, ben USD 9.00 -> s1 open USD 58.90
        pay s1 USD 52.90                   -> refused total_changed
        revise s1 says hello               -> nothing
        revise s1                          -> refused amount_too_small
        revise s1 amy USD 40.00, ben USD 9.00 own -> refused sellers_mixed
        revise s1 amy USD 40.00, zoe USD 9.00 -> refused resource_missing
        revise s1 amy EUR 40.00            -> refused currency_mismatch
        revise s1 ben USD 9.00             -> s1 open USD 18.90
        pay s1 USD 18.90                   -> p1 processing, a1 sending
        revise s1 ben USD 10.00            -> refused payment_intent_unexpected_state
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        revise s1 ben USD 10.00            -> refused payment_intent_unexpected_state
        revise s1 says goodbye             -> refused payment_intent_unexpected_state
        # What does not touch the payment may still change.
        offer s1 USD 2.00                  -> s1 open USD 11.00
        pay s1 USD 11.00                   -> p1 processing, a2 sending
        answer a2 approved                 -> s1 complete, p1 requires_capture USD 11.00,
                                              a2 authorized,
                                              o1 awaiting_shipment authorized USD 11.00
        revise s1 ben USD 10.00            -> refused checkout_session_not_open
        ",
    );
}

#[test]
fn the_buyer_chooses_how_to_ship_until_a_card_is_charged() {
    check(
        "
        open amy USD 43.00 ship USD 4.90, USD 9.90 -> s1 open USD 47.90
        choose s1 1                        -> s1 open USD 52.90
        choose s1 2                        -> refused shipping_option_unknown
        choose s9 0                        -> refused resource_missing
        pay s1 USD 47.90                   -> refused total_changed
        pay s1 USD 52.90                   -> p1 processing, a1 sending
        choose s1 0                        -> refused payment_intent_unexpected_state
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        choose s1 0                        -> s1 open USD 47.90
        pay s1 USD 52.90                   -> refused total_changed
        pay s1 USD 47.90                   -> p1 processing, a2 sending
        answer a2 approved                 -> s1 complete, p1 requires_capture USD 47.90,
                                              a2 authorized,
                                              o1 awaiting_shipment authorized USD 47.90
        choose s1 1                        -> refused checkout_session_not_open
        ",
    );
}

#[test]
fn the_buyer_takes_more_or_fewer_until_a_card_is_charged() {
    check(
        "
        open amy USD 43.00 any, ben USD 9.00 x2 from 2 to 5 ship USD 4.90 -> s1 open USD 65.90
        take s1 0 3                        -> s1 open USD 151.90
        take s1 0 99                       -> s1 open USD 4279.90
        take s1 0 100                      -> refused quantity_not_offered
        take s1 1 1                        -> refused quantity_not_offered
        take s1 1 6                        -> refused quantity_not_offered
        take s1 1 0                        -> refused quantity_not_offered
        take s1 1 5                        -> s1 open USD 4306.90
        pay s1 USD 65.90                   -> refused total_changed
        # Out of the basket: the other line is then the last one.
        take s1 0 0                        -> s1 open USD 49.90
        pay s1 USD 49.90                   -> p1 processing, a1 sending
        take s1 0 2                        -> refused payment_intent_unexpected_state
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        take s1 0 2                        -> s1 open USD 22.90
        pay s1 USD 49.90                   -> refused total_changed
        pay s1 USD 22.90                   -> p1 processing, a2 sending
        answer a2 approved                 -> s1 complete, p1 requires_capture USD 22.90,
                                              a2 authorized,
                                              o1 awaiting_shipment authorized USD 22.90
        take s1 0 3                        -> refused checkout_session_not_open
        ",
    );
}

#[test]
fn no_choice_of_a_quantity_leaves_a_sum_that_cannot_be_charged() {
    check(
        "
        open amy USD 43.00                 -> s1 open USD 43.00
        take s1 0 2                        -> refused quantity_not_offered
        take s9 0 2                        -> refused resource_missing
        open amy USD 43.00 any             -> s2 open USD 43.00
        take s2 0 0                        -> refused quantity_not_offered
        open amy USD 1.00 from 0 to 1, amy USD 0.00 any -> s3 open USD 1.00
        take s3 0 0                        -> refused amount_too_small
        open amy USD 5000000000.00 any     -> s4 open USD 5000000000.00
        take s4 0 2                        -> refused amount_too_large
        open amy USD 5.00 any own, amy USD 4.00 own with to amy USD 6.00 -> s5 open USD 9.00
        take s5 0 0                        -> refused part_exceeds_payment
        take s5 0 2                        -> s5 open USD 14.00
        wait 24h                           -> s1 expired, s2 expired, s3 expired, s4 expired,
                                              s5 expired
        take s5 0 1                        -> refused checkout_session_not_open
        ",
    );
}

#[test]
fn a_session_closes_at_its_end_and_gives_up_its_payment() {
    check(
        "
        open amy USD 43.00                 -> s1 open USD 43.00
        queue                              -> close s1 in 1d
        wait 23h                           -> nothing
        wait 1h                            -> s1 expired
        events                             -> checkout.session.expired
        pay s1 USD 43.00                   -> refused checkout_session_not_open
        choose s1 0                        -> refused checkout_session_not_open
        expire s1                          -> refused checkout_session_not_open

        open amy USD 43.00                 -> s2 open USD 43.00
        pay s2 USD 43.00                   -> p1 processing, a1 sending
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        wait 24h                           -> s2 expired, p1 canceled expired
        events                             -> payment_intent.created, charge.failed,
                                              payment_intent.payment_failed,
                                              checkout.session.expired, payment_intent.canceled
        queue                              -> nothing
        ",
    );
}

#[test]
fn the_end_of_a_session_waits_for_the_bank() {
    check(
        "
        open amy USD 43.00   -> s1 open USD 43.00
        pay s1 USD 43.00     -> p1 processing, a1 sending
        expire s1            -> refused payment_intent_unexpected_state
        answer a1 unknown    -> a1 unknown
        wait 24h             -> nothing
        expire s1            -> refused payment_intent_unexpected_state
        pay s1 USD 43.00     -> refused checkout_session_not_open
        answer a1 approved   -> s1 complete, p1 requires_capture USD 43.00, a1 authorized,
                                o1 awaiting_shipment authorized USD 43.00
        wait 10m             -> nothing
        queue                -> ending a1 in 4d 23h 50m, ship-by o1 in 4d 23h 50m
        ",
    );
}

#[test]
fn whoever_gives_up_may_close_the_page() {
    check(
        "
        open amy USD 43.00                 -> s1 open USD 43.00
        expire s1                          -> s1 expired
        expire s1                          -> refused checkout_session_not_open
        expire s9                          -> refused resource_missing
        open amy USD 43.00                 -> s2 open USD 43.00
        pay s2 USD 43.00                   -> p1 processing, a1 sending
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        expire s2                          -> s2 expired, p1 canceled expired
        bought amy USD 43.00               -> o1 USD 43.00
        expire s3                          -> refused checkout_session_not_open
        wait 24h                           -> nothing
        ",
    );
}
