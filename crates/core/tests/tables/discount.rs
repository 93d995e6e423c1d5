//! What coupons and promotion codes take off a session, and how often.

use crate::world::table::check;

#[test]
fn a_coupon_takes_its_part_off_the_lines_and_nothing_off_the_shipping() {
    check(
        "
        coupon 2500                        -> off1 redeemed 0
        coupon USD 10.00                   -> off2 redeemed 0
        open amy USD 43.00, ben USD 9.00 ship USD 4.90 with off off1 -> s1 open USD 43.90
        open amy USD 43.00 ship USD 4.90 with off off2 -> s2 open USD 37.90
        # No more than the lines cost: the shipping is still paid for.
        open amy USD 7.00 ship USD 4.90 with off off2 -> s3 open USD 4.90
        # A quarter of 0.02 is half a cent, which is rounded up, and a quarter of 0.01 is less.
        open amy USD 0.02 with off off1    -> s4 open USD 0.01
        open amy USD 0.01 with off off1    -> s5 open USD 0.01
        open amy KWD 4.300 with off off1   -> s6 open KWD 3.225
        open amy JPY 4301 with off off1    -> s7 open JPY 3226
        ",
    );
}

#[test]
fn each_seller_bears_the_discount_of_his_own_lines() {
    check(
        "
        coupon USD 10.00                   -> off1 redeemed 0
        open amy USD 43.00, ben USD 9.00 ship USD 5.20 with off off1 -> s1 open USD 47.20
        pay s1 USD 57.20                   -> refused total_changed
        pay s1 USD 47.20                   -> p1 processing, a1 sending, off1 redeemed 1
        # Of 10.00 amy bears 8.27 and ben 1.73; of the shipping amy has 4.30 and ben 0.90.
        answer a1 approved                 -> s1 complete, p1 requires_capture USD 47.20,
                                              a1 authorized,
                                              o1 awaiting_shipment authorized USD 39.03,
                                              o2 awaiting_shipment authorized USD 8.17
        ship o1                            -> p1 requires_capture USD 8.17, c1 sending USD 39.03,
                                              o1 shipped capturing USD 39.03
        ok                                 -> c1 succeeded, o1 shipped held, h1 held USD 39.03
        ",
    );
}

#[test]
fn a_coupon_of_some_products_is_for_their_lines_alone() {
    check(
        "
        coupon 5000 for 1                  -> off1 redeemed 0
        open amy USD 10.00 of 1, ben USD 30.00 of 2 with off off1 -> s1 open USD 35.00
        pay s1 USD 35.00                   -> p1 processing, a1 sending, off1 redeemed 1
        answer a1 approved                 -> s1 complete, p1 requires_capture USD 35.00,
                                              a1 authorized,
                                              o1 awaiting_shipment authorized USD 5.00,
                                              o2 awaiting_shipment authorized USD 30.00
        open amy USD 10.00 of 2, ben USD 30.00 with off off1 -> refused coupon_not_applicable
        ",
    );
}

#[test]
fn what_is_over_or_for_somebody_else_is_refused() {
    check(
        "
        customer                           -> u1 known
        customer                           -> u2 known
        coupon 1000                        -> off1 redeemed 0
        coupon 1000 until 1d               -> off2 redeemed 0
        coupon EUR 5.00                    -> off3 redeemed 0
        coupon 10000                       -> off4 redeemed 0
        code off1 u1                       -> code1 redeemed 0
        code off1 first                    -> code2 redeemed 0
        code off1 least USD 50.00          -> code3 redeemed 0
        code off1 until 1d                 -> code4 redeemed 0
        code off1 idle                     -> code5 redeemed 0
        code off1 least EUR 1.00           -> code6 redeemed 0
        open amy USD 43.00 with off off9   -> refused resource_missing
        open amy USD 43.00 with off code9  -> refused resource_missing
        open amy USD 43.00 with u1 off code1 -> s1 open USD 38.70
        open amy USD 43.00 with u2 off code1 -> refused promotion_code_customer_mismatch
        open amy USD 43.00 with off code1  -> refused promotion_code_customer_mismatch
        open amy USD 43.00 with u1 off code2 -> s2 open USD 38.70
        open amy USD 43.00 with u1 off code2 again -> refused promotion_code_first_purchase_only
        open amy USD 50.00 with off code3  -> s3 open USD 45.00
        open amy USD 49.99 ship USD 9.00 with off code3 \
                                           -> refused promotion_code_minimum_not_reached
        open amy USD 43.00 with off code5  -> refused coupon_expired
        open amy USD 43.00 with off code6  -> refused currency_mismatch
        open amy USD 43.00 with off off3   -> refused currency_mismatch
        # What costs nothing cannot be charged, neither whole nor the part of one seller.
        open amy USD 43.00 with off off4   -> refused amount_too_small
        open amy USD 43.00 own with to amy USD 40.00 off off1 -> refused part_exceeds_payment
        open amy USD 43.00 with off off2   -> s4 open USD 38.70
        jump 1d                            -> nothing
        open amy USD 43.00 with off off2   -> refused coupon_expired
        open amy USD 43.00 with off code4  -> refused coupon_expired
        # Whoever has a discount keeps it.
        withdraw off1                      -> nothing
        open amy USD 43.00 with off off1   -> refused coupon_expired
        open amy USD 43.00 with off code2  -> refused coupon_expired
        ",
    );
}

#[test]
fn a_discount_is_counted_with_the_first_attempt_and_given_back_unpaid() {
    check(
        "
        coupon 1000                        -> off1 redeemed 0
        code off1 max 1                    -> code1 redeemed 0
        open amy USD 10.00 with off code1  -> s1 open USD 9.00
        open amy USD 20.00 with off code1  -> s2 open USD 18.00
        pay s1 USD 9.00                    -> p1 processing, a1 sending,
                                              off1 redeemed 1, code1 redeemed 1
        # The other buyer has seen it and comes too late; so does whoever comes now.
        pay s2 USD 18.00                   -> refused redemptions_exhausted
        open amy USD 30.00 with off code1  -> refused redemptions_exhausted
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        # A second attempt of one session counts once.
        pay s1 USD 9.00                    -> p1 processing, a2 sending
        answer a2 declined card_declined   -> p1 requires_payment_method, a2 declined card_declined
        expire s1                          -> s1 expired, p1 canceled expired,
                                              off1 redeemed 0, code1 redeemed 0
        pay s2 USD 18.00                   -> p2 processing, a3 sending,
                                              off1 redeemed 1, code1 redeemed 1
        answer a3 approved                 -> s2 complete, p2 requires_capture USD 18.00,
                                              a3 authorized,
                                              o1 awaiting_shipment authorized USD 18.00
        ",
    );
}

#[test]
fn a_session_that_runs_out_unpaid_gives_its_discount_back() {
    check(
        "
        coupon 1000 max 1                  -> off1 redeemed 0
        open amy USD 10.00 with off off1   -> s1 open USD 9.00
        open amy USD 10.00 with off off1   -> s2 open USD 9.00
        pay s1 USD 9.00                    -> p1 processing, a1 sending, off1 redeemed 1
        pay s2 USD 9.00                    -> refused redemptions_exhausted
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        wait 1d                            -> s1 expired, s2 expired, p1 canceled expired,
                                              off1 redeemed 0
        ",
    );
}

#[test]
fn a_first_purchase_is_one_of_all_open_sessions() {
    check(
        "
        customer                           -> u1 known
        coupon 1000                        -> off1 redeemed 0
        code off1 first                    -> code1 redeemed 0
        open amy USD 10.00 with u1 off code1 -> s1 open USD 9.00
        open amy USD 20.00 with u1 off code1 -> s2 open USD 18.00
        pay s1 USD 9.00                    -> p1 processing, a1 sending,
                                              off1 redeemed 1, code1 redeemed 1, name1 taken
        pay s2 USD 18.00                   -> refused promotion_code_first_purchase_only
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        expire s1                          -> s1 expired, p1 canceled expired,
                                              off1 redeemed 0, code1 redeemed 0, name1 free
        pay s2 USD 18.00                   -> p2 processing, a2 sending,
                                              off1 redeemed 1, code1 redeemed 1, name1 taken
        ",
    );
}

#[test]
fn a_debit_that_fails_later_gives_the_discount_back() {
    check(
        "
        customer                           -> u1 known
        coupon 1000 max 1                  -> off1 redeemed 0
        code off1 first                    -> code1 redeemed 0
        open amy USD 10.00 with u1 off code1 -> s1 open USD 9.00
        pay s1 USD 9.00                    -> p1 processing, a1 sending,
                                              off1 redeemed 1, code1 redeemed 1, name1 taken
        answer a1 pending                  -> s1 complete, a1 unknown
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined,
                                              off1 redeemed 0, code1 redeemed 0, name1 free
        ",
    );
}

/// A kept card, a declined attempt before it and a code that is counted: all in four questions.
#[test]
fn a_kept_card_pays_with_a_code() {
    check(
        "
        customer                           -> u1 known
        keep-card u1                       -> m1 saving owned
        answer m1 ok                       -> m1 saved owned
        coupon 1000                        -> off1 redeemed 0
        code off1 first                    -> code1 redeemed 0
        open amy USD 10.00 with u1 off code1 -> s1 open USD 9.00
        pay s1 USD 9.00                    -> p1 processing, a1 sending,
                                              off1 redeemed 1, code1 redeemed 1, name1 taken
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        pay s1 USD 9.00 kept m1            -> p1 processing, a2 sending
        ",
    );
}

#[test]
fn the_buyer_enters_a_code_until_a_card_is_charged() {
    check(
        "
        coupon 1000                        -> off1 redeemed 0
        coupon USD 5.00                    -> off2 redeemed 0
        code off1                          -> code1 redeemed 0
        code off2                          -> code2 redeemed 0
        open amy USD 43.00                 -> s1 open USD 43.00
        enter s1 code1                     -> refused promotion_codes_not_allowed
        remove s1                          -> refused promotion_codes_not_allowed
        open amy USD 43.00 with codes      -> s2 open USD 43.00
        remove s2                          -> nothing
        enter s2 code1                     -> s2 open USD 38.70
        enter s2 code2                     -> s2 open USD 38.00
        pay s2 USD 38.00                   -> p1 processing, a1 sending,
                                              off2 redeemed 1, code2 redeemed 1
        enter s2 code1                     -> refused payment_intent_unexpected_state
        answer a1 declined card_declined   -> p1 requires_payment_method, a1 declined card_declined
        # What is taken away, or another takes the place of, is given back.
        enter s2 code1                     -> s2 open USD 38.70, off2 redeemed 0, code2 redeemed 0
        remove s2                          -> s2 open USD 43.00
        enter s2 code2                     -> s2 open USD 38.00
        pay s2 USD 38.00                   -> p1 processing, a2 sending,
                                              off2 redeemed 1, code2 redeemed 1
        answer a2 approved                 -> s2 complete, p1 requires_capture USD 38.00,
                                              a2 authorized,
                                              o1 awaiting_shipment authorized USD 38.00
        remove s2                          -> refused checkout_session_not_open
        ",
    );
}
