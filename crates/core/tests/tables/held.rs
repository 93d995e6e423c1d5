//! What an operator does with held funds.

use crate::world::table::check;

#[test]
fn frozen_funds_wait_for_an_operator() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        freeze h9               -> refused resource_missing
        freeze h1               -> h1 frozen operator USD 43.00
        events                  -> held_funds.frozen
        freeze h1               -> refused held_funds_frozen
        receive o1              -> refused held_funds_frozen
        deliver o1              -> o1 delivered held
        wait 90d                -> nothing
        queue                   -> nothing
        release h1 USD 43.01    -> refused release_exceeds_held
        release h1 USD 0.00     -> refused amount_too_small
        release h1 EUR 1.00     -> refused currency_mismatch
        # What stays behind stays frozen.
        release h1 USD 13.00    -> h1 frozen operator USD 30.00
        release h1              -> o1 completed operator held, h1 settled
        release h1              -> refused amount_too_small
        release h9              -> refused resource_missing
        freeze h1               -> refused amount_too_small
        balance amy             -> USD 40.85
        balance fees            -> USD 2.15
        ",
    );
}

#[test]
fn an_operator_gives_money_back() {
    check(
        "
        shipped amy USD 43.00    -> h1 USD 43.00
        give-back h1 USD 43.01   -> refused release_exceeds_held
        give-back h9             -> refused resource_missing
        give-back h1 USD 3.00    -> r1 sending USD 3.00 return, h1 held USD 40.00
        freeze h1                -> h1 frozen operator USD 40.00
        give-back h1             -> r2 sending USD 40.00 return, o1 refunded held, h1 settled
        ok                       -> r1 succeeded, r2 succeeded
        give-back h1             -> refused charge_already_refunded
        balance clearing         -> USD 0.00
        wait 60d                 -> nothing
        ",
    );
}

#[test]
fn released_and_given_back_the_order_is_over() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        freeze h1               -> h1 frozen operator USD 43.00
        wait 60d                -> nothing
        release h1 USD 40.00    -> h1 frozen operator USD 3.00
        give-back h1            -> r1 sending USD 3.00 return, o1 completed operator held,
                                   h1 settled
        give-back h1            -> refused amount_too_small
        balance amy             -> USD 38.00

        shipped amy USD 43.00   -> h2 USD 43.00
        give-back h2 USD 3.00   -> r2 sending USD 3.00 return, h2 held USD 40.00
        release h2              -> o2 completed operator held, h2 settled
        ",
    );
}

#[test]
fn money_that_is_held_for_an_order_to_be_shipped() {
    check(
        "
        processor captures 1   -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                  o1 shipped capturing USD 43.00,
                                  o2 awaiting_shipment capturing USD 9.00
        ok                     -> p1 succeeded, c1 succeeded, o1 shipped held,
                                  o2 awaiting_shipment held, h1 held USD 43.00, h2 held USD 9.00
        # The seller is trusted; the goods are still to be sent.
        release h2             -> h2 settled
        ship o2                -> o2 shipped held
        wait 60d               -> o1 completed protection_ended held,
                                  o2 completed protection_ended held, h1 settled
        balance ben            -> USD 8.10

        bought amy USD 43.00, ben USD 9.00 -> o3 USD 43.00, o4 USD 9.00
        ship o3                -> p2 requires_capture USD 0.00, c2 sending USD 52.00,
                                  o3 shipped capturing USD 43.00,
                                  o4 awaiting_shipment capturing USD 9.00
        ok                     -> p2 succeeded, c2 succeeded, o3 shipped held,
                                  o4 awaiting_shipment held, h3 held USD 43.00, h4 held USD 9.00
        give-back h4           -> r1 sending USD 9.00 return, o4 canceled refunded held, h4 settled
        ship o4                -> refused order_unexpected_state
        ",
    );
}

#[test]
fn money_that_was_paid_out_before_the_shipment_comes_back_when_it_can() {
    check(
        "
        processor captures 1   -> nothing
        banks-at ben btok_us   -> ben with 1
        bought amy USD 43.00, ben USD 9.00 -> o1 USD 43.00, o2 USD 9.00
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 52.00,
                                  o1 shipped capturing USD 43.00,
                                  o2 awaiting_shipment capturing USD 9.00
        ok                     -> p1 succeeded, c1 succeeded, o1 shipped held,
                                  o2 awaiting_shipment held, h1 held USD 43.00, h2 held USD 9.00
        release h2             -> h2 settled
        pays-out ben USD 8.10  -> out1 pending USD 8.10
        # The clock for the shipment rings, and rings again every day: there is nothing to take.
        wait 30d               -> out1 in_transit USD 8.10
        top-up USD 9.00        -> u1 succeeded USD 9.00
        transfer USD 9.00 ben  -> t1 USD 9.00
        wait 2d                -> r1 sending USD 9.00 return, o2 canceled not_shipped held
        balance ben            -> USD 0.90
        ",
    );
}

#[test]
fn fees_of_parts_sum_to_the_fee_of_the_whole() {
    check(
        "
        shipped amy USD 9.99   -> h1 USD 9.99
        release h1 USD 3.33    -> h1 held USD 6.66
        balance fees           -> USD 0.16
        release h1 USD 3.33    -> h1 held USD 3.33
        balance fees           -> USD 0.33
        release h1 USD 3.33    -> o1 completed operator held, h1 settled
        balance fees           -> USD 0.49
        balance amy            -> USD 9.50
        ",
    );
}
