//! Claims and how they are ruled.

use crate::world::table::check;

#[test]
fn a_claim_freezes_until_it_is_ruled() {
    check(
        "
        bought amy USD 43.00      -> o1 USD 43.00
        claim o1                  -> refused order_unexpected_state
        rule o1 buyer             -> refused order_unexpected_state
        claim o9                  -> refused resource_missing
        rule o9 seller            -> refused resource_missing
        ship o1                   -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                     o1 shipped capturing USD 43.00
        ok                        -> p1 succeeded, c1 succeeded, o1 shipped held, h1 held USD 43.00
        events                    -> order.shipped, charge.captured, held_funds.created,
                                     payment_intent.succeeded
        claim o1                  -> o1 in_claim held, h1 frozen claim USD 43.00
        events                    -> held_funds.frozen, order.claim_opened
        claim o1                  -> refused order_unexpected_state
        receive o1                -> refused order_unexpected_state
        extend o1                 -> refused order_unexpected_state
        deliver o1                -> refused order_unexpected_state
        cancel o1 by seller       -> refused order_unexpected_state
        refund o1 USD 1.00        -> refused held_funds_frozen
        refund p1                 -> refused held_funds_frozen
        freeze h1                 -> refused held_funds_frozen
        release h1                -> refused held_funds_frozen
        give-back h1              -> refused held_funds_frozen
        wait 90d                  -> nothing
        rule o1 split USD 43.01   -> refused ruling_exceeds_held
        rule o1 split USD -0.01   -> refused ruling_exceeds_held
        rule o1 split EUR 1.00    -> refused currency_mismatch
        ",
    );
}

#[test]
fn for_the_buyer() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        claim o1                -> o1 in_claim held, h1 frozen claim USD 43.00
        events                  -> held_funds.frozen, order.claim_opened
        rule o1 buyer           -> r1 sending USD 43.00 return, o1 refunded held, h1 settled
        events                  -> order.claim_ruled, held_funds.refunded, refund.created
        rule o1 buyer           -> refused order_unexpected_state
        balance pending         -> USD 43.00
        answer r1 ok            -> r1 succeeded
        balance pending         -> USD 0.00
        balance clearing        -> USD 0.00
        ",
    );
}

#[test]
fn for_the_seller() {
    check(
        "
        shipped amy USD 43.00   -> h1 USD 43.00
        claim o1                -> o1 in_claim held, h1 frozen claim USD 43.00
        events                  -> held_funds.frozen, order.claim_opened
        rule o1 seller          -> o1 completed ruling held, h1 settled
        events                  -> order.claim_ruled, held_funds.released
        balance amy             -> USD 40.85
        balance fees            -> USD 2.15
        ",
    );
}

#[test]
fn for_both() {
    check(
        "
        shipped amy USD 43.00     -> h1 USD 43.00
        claim o1                  -> o1 in_claim held, h1 frozen claim USD 43.00
        rule o1 split USD 13.00   -> r1 sending USD 13.00 return, o1 completed ruling held,
                                     h1 settled
        balance amy               -> USD 28.50
        balance fees              -> USD 1.50
        answer r1 ok              -> r1 succeeded
        balance clearing          -> USD 30.00

        # All of it is the buyer's, none of it the seller's.
        shipped amy USD 43.00     -> h2 USD 43.00
        claim o2                  -> o2 in_claim held, h2 frozen claim USD 43.00
        rule o2 split USD 43.00   -> r2 sending USD 43.00 return, o2 refunded held, h2 settled
        shipped amy USD 43.00     -> h3 USD 43.00
        claim o3                  -> o3 in_claim held, h3 frozen claim USD 43.00
        rule o3 split USD 0.00    -> o3 completed ruling held, h3 settled
        ",
    );
}

#[test]
fn only_what_is_held_is_ruled() {
    check(
        "
        shipped amy USD 43.00     -> h1 USD 43.00
        refund o1 USD 3.00        -> r1 sending USD 3.00 return, h1 held USD 40.00
        release h1 USD 10.00      -> h1 held USD 30.00
        claim o1                  -> o1 in_claim held, h1 frozen claim USD 30.00
        rule o1 split USD 30.01   -> refused ruling_exceeds_held
        rule o1 buyer             -> r2 sending USD 30.00 return, o1 completed ruling held,
                                     h1 settled

        # Nothing is held any more: the seller has kept what was released.
        processor captures 1      -> nothing
        bought amy USD 43.00, ben USD 9.00 -> o2 USD 43.00, o3 USD 9.00
        ship o2                   -> p2 requires_capture USD 0.00, c2 sending USD 52.00,
                                     o2 shipped capturing USD 43.00,
                                     o3 awaiting_shipment capturing USD 9.00
        ok                        -> p2 succeeded, c2 succeeded, r1 succeeded, r2 succeeded,
                                     o2 shipped held, o3 awaiting_shipment held, h2 held USD 43.00,
                                     h3 held USD 9.00
        release h3                -> h3 settled
        ship o3                   -> o3 shipped held
        claim o3                  -> o3 in_claim held, h3 frozen claim USD 0.00
        rule o3 seller            -> o3 completed ruling held, h3 settled
        ",
    );
}

#[test]
fn a_claim_waits_for_the_capture() {
    check(
        "
        bought amy USD 43.00   -> o1 USD 43.00
        ship o1                -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                  o1 shipped capturing USD 43.00
        claim o1               -> o1 in_claim capturing USD 43.00
        refund o1              -> refused order_unexpected_state
        rule o1 seller         -> refused order_unexpected_state
        answer c1 ok           -> p1 succeeded, c1 succeeded, o1 in_claim held,
                                  h1 frozen claim USD 43.00
        wait 61d               -> nothing
        rule o1 seller         -> o1 completed ruling held, h1 settled
        ",
    );
}

#[test]
fn a_claim_on_goods_that_could_not_be_charged() {
    check(
        "
        bought amy USD 43.00         -> o1 USD 43.00
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                        o1 shipped capturing USD 43.00
        answer c1 refused too_late   -> p1 requires_capture USD 43.00, c1 failed too_late,
                                        o1 shipped capture_failed USD 43.00
        claim o1                     -> o1 in_claim capture_failed USD 43.00
        refund o1                    -> refused held_funds_frozen
        rule o1 split USD 43.01      -> refused ruling_exceeds_held
        rule o1 buyer                -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                                        o1 refunded returning
        answer r1 ok                 -> p1 canceled automatic, r1 succeeded, o1 refunded returned

        bought amy USD 43.00         -> o2 USD 43.00
        ship o2                      -> p2 requires_capture USD 0.00, c2 sending USD 43.00,
                                        o2 shipped capturing USD 43.00
        answer c2 refused too_late   -> p2 requires_capture USD 43.00, c2 failed too_late,
                                        o2 shipped capture_failed USD 43.00
        claim o2                     -> o2 in_claim capture_failed USD 43.00
        rule o2 split USD 13.00      -> p2 requires_capture USD 30.00,
                                        r2 sending USD 13.00 reversal,
                                        o2 completed ruling capture_failed USD 30.00
        wait 6d                      -> p2 requires_capture USD 0.00, c3 sending USD 30.00,
                                        o2 completed ruling capturing USD 30.00
        ok                           -> p2 succeeded, c3 succeeded, r2 succeeded,
                                        o2 completed ruling held, h2 settled
        balance amy                  -> USD 28.50

        # The hold is gone: neither has anything to give.
        bought amy USD 43.00         -> o3 USD 43.00
        ship o3                      -> p3 requires_capture USD 0.00, c4 sending USD 43.00,
                                        o3 shipped capturing USD 43.00
        answer c4 refused too_late   -> p3 requires_capture USD 43.00, c4 failed too_late,
                                        o3 shipped capture_failed USD 43.00
        claim o3                     -> o3 in_claim capture_failed USD 43.00
        wait 6d                      -> p3 requires_capture USD 0.00, c5 sending USD 43.00,
                                        o3 in_claim capturing USD 43.00
        answer c5 refused too_late   -> p3 requires_capture USD 43.00, c5 failed too_late,
                                        o3 in_claim capture_failed USD 43.00
        wait 1d                      -> p3 requires_capture USD 0.00, r3 sending USD 43.00 reversal
        ok                           -> p3 canceled automatic, r3 succeeded
        rule o3 buyer                -> o3 refunded capture_failed USD 43.00
        ",
    );
}
