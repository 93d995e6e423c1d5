//! Refunds that fail, at once or later.

use crate::world::table::check;

#[test]
fn a_refused_refund_is_held_again_and_frozen() {
    check(
        "
        shipped amy USD 10.00        -> h1 USD 10.00
        refund o1 USD 4.00           -> r1 sending USD 4.00 return, h1 held USD 6.00
        events                       -> held_funds.refunded, refund.created
        answer r1 refused too_late   -> r1 failed too_late, h1 frozen refund_failed USD 10.00
        events                       -> refund.failed, charge.refund.updated, held_funds.frozen
        repeat r1 ok                 -> nothing
        repeat r1 refused too_late   -> nothing
        balance held o1              -> USD 10.00
        balance pending              -> USD 0.00
        balance clearing             -> USD 10.00
        receive o1                   -> refused held_funds_frozen
        wait 60d                     -> nothing
        give-back h1 USD 4.00        -> r2 sending USD 4.00 return,
                                        h1 frozen refund_failed USD 6.00
        release h1                   -> o1 completed operator held, h1 settled
        ",
    );
}

#[test]
fn a_refund_that_comes_back_later() {
    check(
        "
        shipped amy USD 10.00   -> h1 USD 10.00
        refund o1               -> r1 sending USD 10.00 return, o1 refunded held, h1 settled
        # The first answer may be older than the hint.
        look r1                 -> nothing
        queue                   -> refund r1 now, refund r1 look in 1m, close s1 in 1d,
                                   ending a1 in 6d, ship-by o1 in 6d, protection o1 in 60d
        ok                      -> r1 succeeded
        balance clearing        -> USD 0.00
        look r1                 -> nothing
        queue                   -> refund r1 look now, refund r1 look in 1m, close s1 in 1d,
                                   ending a1 in 6d, ship-by o1 in 6d, protection o1 in 60d
        # A look that fails is made up for.
        answer r1 unknown       -> nothing
        queue                   -> refund r1 look in 30s, refund r1 look in 1m, close s1 in 1d,
                                   ending a1 in 6d, ship-by o1 in 6d, protection o1 in 60d
        answer r1 ok            -> nothing
        look r1                 -> nothing
        answer r1 refused expired_or_canceled_card -> r1 failed expired_or_canceled_card,
                                                      h1 frozen refund_failed USD 10.00
        balance held o1         -> USD 10.00
        balance clearing        -> USD 10.00
        look r1                 -> nothing
        look r9                 -> refused resource_missing
        # The seller gets it after all.
        release h1              -> o1 completed operator held, h1 settled
        balance amy             -> USD 9.50
        ",
    );
}

#[test]
fn a_refund_of_released_money_that_comes_back() {
    check(
        "
        shipped amy USD 10.00        -> h1 USD 10.00
        receive o1                   -> o1 completed buyer_confirmed held, h1 settled
        refund o1 USD 4.00           -> r1 sending USD 4.00 return
        balance amy                  -> USD 5.70
        balance fees                 -> USD 0.30
        answer r1 refused too_late   -> r1 failed too_late
        balance amy                  -> USD 9.50
        balance fees                 -> USD 0.50
        refund o1                    -> r2 sending USD 10.00 return, o1 refunded held
        ok                           -> r2 succeeded
        balance amy                  -> USD 0.00
        balance fees                 -> USD 0.00
        ",
    );
}

#[test]
fn a_refund_that_comes_back_after_its_seller_was_deleted_is_held_again() {
    check(
        "
        shipped amy USD 10.00        -> h1 USD 10.00
        receive o1                   -> o1 completed buyer_confirmed held, h1 settled
        refund o1 USD 4.00           -> r1 sending USD 4.00 return
        ok                           -> r1 succeeded
        closes amy                   -> refused balance_insufficient
        pay-out amy USD 5.70         -> nothing
        closes amy                   -> amy deleted
        look r1                      -> nothing
        answer r1 refused expired_or_canceled_card -> r1 failed expired_or_canceled_card,
                                                      h1 frozen refund_failed USD 4.00
        # An account that nobody can see gets nothing, and the fee of what went back is not earned.
        balance amy                  -> USD 0.00
        balance fees                 -> USD 0.30
        balance held o1              -> USD 4.00
        balance clearing             -> USD 10.00
        release h1                   -> refused resource_missing
        # The buyer can be given the same once more, and no more.
        give-back h1 USD 4.01        -> refused release_exceeds_held
        give-back h1                 -> r2 sending USD 4.00 return, h1 settled
        answer r2 refused too_late   -> r2 failed too_late, h1 frozen refund_failed USD 4.00
        refund o1 USD 4.00           -> r3 sending USD 4.00 return, h1 settled
        ok                           -> r3 succeeded
        balance clearing             -> USD 6.00
        refund o1 USD 1.00           -> refused balance_insufficient
        ",
    );
}

#[test]
fn a_refund_of_several_sellers_that_fails_gives_back_to_whoever_is_there() {
    check(
        "
        shipped amy USD 10.00, ben USD 20.00 -> h1 USD 10.00, h2 USD 20.00
        receive o1                   -> o1 completed buyer_confirmed held, h1 settled
        receive o2                   -> o2 completed buyer_confirmed held, h2 settled
        refund p1                    -> r1 sending USD 30.00 return, o1 refunded held,
                                        o2 refunded held
        closes amy                   -> amy deleted
        answer r1 refused too_late   -> r1 failed too_late, h1 frozen refund_failed USD 10.00
        balance held o1              -> USD 10.00
        balance amy                  -> USD 0.00
        balance ben                  -> USD 18.00
        balance fees                 -> USD 2.00
        balance pending              -> USD 0.00
        balance clearing             -> USD 30.00
        ",
    );
}

#[test]
fn a_part_that_came_back_leaves_the_fee_of_later_parts_no_less_than_nothing() {
    check(
        "
        shipped ben USD 0.10         -> h1 USD 0.10
        receive o1                   -> o1 completed buyer_confirmed held, h1 settled
        balance fees                 -> USD 0.01
        refund o1 USD 0.04           -> r1 sending USD 0.04 return
        balance fees                 -> USD 0.01
        refund o1 USD 0.01           -> r2 sending USD 0.01 return
        balance fees                 -> USD 0.00
        answer r1 refused too_late   -> r1 failed too_late
        refund o1 USD 0.01           -> r3 sending USD 0.01 return
        balance fees                 -> USD 0.00
        refund o1                    -> r4 sending USD 0.08 return, o1 refunded held
        balance ben                  -> USD 0.00
        balance fees                 -> USD 0.00
        ok                           -> r2 succeeded, r3 succeeded, r4 succeeded
        balance clearing             -> USD 0.00
        ",
    );
}

#[test]
fn a_refund_over_several_orders_that_fails() {
    check(
        "
        shipped amy USD 10.00, ben USD 20.00 -> h1 USD 10.00, h2 USD 20.00
        refund p1                    -> r1 sending USD 30.00 return, o1 refunded held,
                                        o2 refunded held, h1 settled, h2 settled
        answer r1 refused too_late   -> r1 failed too_late, h1 frozen refund_failed USD 10.00,
                                        h2 frozen refund_failed USD 20.00
        balance held o1              -> USD 10.00
        balance held o2              -> USD 20.00
        balance pending              -> USD 0.00
        ",
    );
}

#[test]
fn a_balance_that_is_spent_pays_for_nothing() {
    check(
        "
        shipped amy USD 10.00   -> h1 USD 10.00
        receive o1              -> o1 completed buyer_confirmed held, h1 settled
        refund o1 USD 10.00     -> r1 sending USD 10.00 return, o1 refunded held
        # What was asked and not answered is gone from the balance already.
        refund o1 USD 0.01      -> refused charge_already_refunded
        balance amy             -> USD 0.00
        # The seller was paid out meanwhile.
        shipped amy USD 10.00   -> h2 USD 10.00
        receive o2              -> o2 completed buyer_confirmed held, h2 settled
        pay-out amy USD 9.00    -> nothing
        refund o2               -> refused balance_insufficient
        refund o2 USD 0.50      -> r2 sending USD 0.50 return
        ",
    );
}
