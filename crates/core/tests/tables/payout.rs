//! Payouts: out of a balance, to the bank, and back.

use crate::world::table::check;

#[test]
fn a_standard_payout_rests_leaves_and_arrives() {
    check(
        "
        banks-at amy btok_us        -> amy with 1
        earns amy USD 50.00         -> nothing
        pays-out amy USD 20.00      -> out1 pending USD 20.00
        events                      -> payout.created
        balance amy                 -> USD 30.00
        balance paying amy          -> USD 20.00
        queue                       -> payout-moment out1 in 5m
        wait 4m                     -> nothing
        wait 1m                     -> out1 in_transit USD 20.00
        events                      -> payout.updated
        queue                       -> payout out1 now
        answer out1 accepted        -> nothing
        events                      -> nothing
        repeat out1 accepted later  -> nothing
        events                      -> payout.updated
        wait 10d                    -> nothing
        queue                       -> payout out1 look now, payout out1 look now
        answer out1 arrived         -> out1 paid USD 20.00
        answer out1 arrived         -> nothing
        events                      -> payout.paid
        balance paying amy          -> USD 0.00
        balance clearing            -> USD 30.00
        repeat out1 refused no_account -> nothing
        ",
    );
}

#[test]
fn a_payout_is_called_off_before_it_leaves_and_not_after() {
    check(
        "
        banks-at amy btok_us        -> amy with 1
        earns amy USD 50.00         -> nothing
        pays-out amy USD 20.00      -> out1 pending USD 20.00
        call-off out1               -> out1 canceled USD 20.00
        events                      -> payout.created, payout.canceled
        balance amy                 -> USD 50.00
        balance paying amy          -> USD 0.00
        call-off out1               -> refused payout_unexpected_state
        wait 5m                     -> nothing
        queue                       -> nothing
        pays-out amy USD 20.00      -> out2 pending USD 20.00
        wait 5m                     -> out2 in_transit USD 20.00
        call-off out2               -> refused payout_unexpected_state
        call-off out9               -> refused resource_missing
        ",
    );
}

#[test]
fn an_instant_payout_leaves_at_once() {
    check(
        "
        banks-at amy btok_us                 -> amy with 1
        earns amy USD 20000.00               -> nothing
        pays-out amy USD 9999.01 instant     -> refused instant_payouts_limit_exceeded
        pays-out amy USD 9999.00 instant     -> out1 in_transit USD 9999.00
        queue                                -> payout out1 now
        call-off out1                        -> refused payout_unexpected_state
        answer out1 accepted                 -> nothing
        queue                                -> payout-moment out1 in 30m
        wait 30m                             -> nothing
        answer out1 arrived                  -> out1 paid USD 9999.00
        events                               -> payout.created, payout.paid
        banks-at ben btok_jp                 -> ben with 1
        earns ben JPY 9000                   -> nothing
        pays-out ben JPY 9000 instant        -> refused instant_payouts_unsupported
        pays-out ben JPY 9000                -> out2 pending JPY 9000
        ",
    );
}

#[test]
fn what_the_bank_refuses_is_back_in_the_balance() {
    check(
        "
        banks-at amy btok_us_verified_noAccount -> amy with 1
        earns amy USD 50.00                  -> nothing
        pays-out amy USD 20.00 instant       -> out1 in_transit USD 20.00
        answer out1 accepted                 -> nothing
        wait 30m                             -> nothing
        answer out1 refused no_account       -> amy with 1 but 1 no_account, out1 failed USD 20.00
        events                               -> payout.created, payout.failed,
                                                account.external_account.updated, account.updated
        balance amy                          -> USD 50.00
        balance paying amy                   -> USD 0.00
        repeat out1 arrived                  -> nothing
        ",
    );
}

#[test]
fn an_account_that_its_bank_refuses_gets_no_payouts_until_it_is_changed() {
    check(
        "
        banks-at amy btok_us                 -> amy with 1
        banks-at amy btok_us                 -> amy with 2
        banks-at amy btok_de                 -> amy with 3
        earns amy USD 50.00                  -> nothing
        earns amy EUR 50.00                  -> nothing
        pays-out amy USD 10.00 instant       -> out1 in_transit USD 10.00
        pays-out amy USD 10.00               -> out2 pending USD 10.00
        pays-out amy USD 10.00 instant       -> out3 in_transit USD 10.00
        answer out1 refused account_closed   -> amy with 3 but 1 account_closed,
                                                out1 failed USD 10.00
        events                               -> payout.created, payout.created, payout.created,
                                                payout.failed, account.external_account.updated
        pays-out amy USD 1.00                -> refused bank_account_unusable
        pays-out amy USD 1.00 to second      -> out4 pending USD 1.00
        pays-out amy EUR 1.00                -> out5 pending EUR 1.00
        call-off out4                        -> out4 canceled USD 1.00
        call-off out5                        -> out5 canceled EUR 1.00
        wait 5m                              -> out2 in_transit USD 10.00
        answer out3 refused declined         -> out3 failed USD 10.00
        answer out2 refused declined         -> out2 failed USD 10.00
        balance amy                          -> USD 50.00
        banks-at amy btok_us                 -> amy with 4 but 1 account_closed
        pays-out amy USD 1.00                -> out6 pending USD 1.00
        ",
    );
}

#[test]
fn a_reason_that_passes_does_not_speak_against_the_account() {
    check(
        "
        banks-at amy btok_us                      -> amy with 1
        earns amy USD 50.00                       -> nothing
        pays-out amy USD 20.00 instant            -> out1 in_transit USD 20.00
        answer out1 refused insufficient_funds    -> out1 failed USD 20.00
        pays-out amy USD 20.00 instant            -> out2 in_transit USD 20.00
        answer out2 refused could_not_process     -> out2 failed USD 20.00
        pays-out amy USD 20.00 instant            -> out3 in_transit USD 20.00
        answer out3 refused fire                  -> out3 failed USD 20.00
        events                                    -> payout.created, payout.failed,
            payout.created, payout.failed, payout.created, payout.failed
        earns platform USD 5.00                   -> nothing
        pays-out platform USD 5.00 instant        -> out4 in_transit USD 5.00
        answer out4 refused no_account            -> out4 failed USD 5.00
        pays-out platform USD 5.00 instant        -> out5 in_transit USD 5.00
        ",
    );
}

#[test]
fn an_unknown_outcome_is_looked_up_and_never_a_failure() {
    check(
        "
        banks-at amy btok_us                 -> amy with 1
        earns amy USD 50.00                  -> nothing
        pays-out amy USD 20.00 instant       -> out1 in_transit USD 20.00
        answer out1 never_sent               -> nothing
        queue                                -> payout out1 in 1s
        answer out1 unknown                  -> nothing
        queue                                -> payout out1 again in 1s
        answer out1 unknown                  -> nothing
        queue                                -> payout out1 again in 2s
        answer out1 never_sent               -> nothing
        queue                                -> payout out1 again in 4s
        balance paying amy                   -> USD 20.00
        answer out1 accepted                 -> nothing
        wait 30m                             -> nothing
        answer out1 unknown                  -> nothing
        queue                                -> payout out1 look in 1s
        answer out1 accepted                 -> nothing
        queue                                -> payout-moment out1 in 4s
        wait 4s                              -> nothing
        answer out1 arrived                  -> out1 paid USD 20.00
        events                               -> payout.created, payout.paid
        ",
    );
}

#[test]
fn refusals_of_a_payout_in_their_order() {
    check(
        "
        pays-out nobody USD 1.00             -> refused resource_missing
        pays-out amy USD 1.00                -> refused payouts_not_allowed
        banks-at amy btok_us                 -> amy with 1
        banks-at amy btok_jp                 -> amy with 2
        pays-out amy EUR 1.00                -> refused payouts_not_allowed
        pays-out amy USD 1.00 to other       -> refused resource_missing
        pays-out amy USD 1.00 to second      -> refused currency_mismatch
        pays-out amy USD 1.00                -> refused balance_insufficient
        earns amy USD 1.00                   -> nothing
        pays-out amy USD 1.01                -> refused balance_insufficient
        pays-out amy USD 1.00                -> out1 pending USD 1.00
        pays-out amy USD 0.01                -> refused balance_insufficient
        ",
    );
}

#[test]
fn the_platform_pays_itself_out_of_its_sales_and_its_fees() {
    check(
        "
        pays-out platform USD 5.00           -> refused balance_insufficient
        earns platform USD 5.00              -> nothing
        earns fees USD 3.00                  -> nothing
        pays-out platform USD 7.00           -> refused balance_insufficient
        pays-out platform USD 7.00 fees USD 2.00 -> out1 pending USD 7.00
        balance sales                        -> USD 0.00
        balance fees                         -> USD 1.00
        balance paying platform              -> USD 7.00
        call-off out1                        -> out1 canceled USD 7.00
        balance sales                        -> USD 5.00
        balance fees                         -> USD 3.00
        pays-out platform USD 1.00 to other  -> refused resource_missing
        pays-out platform USD 1.00 instant   -> out2 in_transit USD 1.00
        answer out2 arrived                  -> out2 paid USD 1.00
        balance clearing                     -> USD 7.00
        ",
    );
}

#[test]
fn a_token_of_a_bank_account_is_used_once() {
    check(
        "
        banks-by amy 7        -> refused resource_missing
        token 7 btok_us             -> l1 made
        banks-by amy 7        -> amy with 1
        events                      -> account.external_account.created
        banks-by amy 7        -> refused token_already_used
        banks-by ben 7        -> refused token_already_used
        ",
    );
}
