//! The platform's sales: settled, transferred on to sellers, moved back, topped up.

use crate::world::table::check;

#[test]
fn a_sale_is_settled_two_business_days_later() {
    check(
        "
        charge USD 100.00           -> p1 processing, a1 sending
        answer a1 approved          -> a1 authorized, c1 sending USD 100.00
        answer c1 ok                -> p1 succeeded, c1 succeeded
        balance sales-pending       -> USD 100.00
        balance sales-available     -> USD 0.00
        transfer USD 1.00 amy       -> refused balance_insufficient
        # A Friday's sale is settled on Tuesday.
        wait 3d                     -> nothing
        balance sales-pending       -> USD 100.00
        wait 1d                     -> nothing
        balance sales-pending       -> USD 0.00
        balance sales-available     -> USD 100.00
        transfer USD 100.01 amy     -> refused balance_insufficient
        transfer USD 100.00 amy     -> t1 USD 100.00
        balance amy                 -> USD 100.00
        balance sales               -> USD 0.00
        ",
    );
}

#[test]
fn a_processor_may_settle_at_once() {
    check(
        "
        charge USD 5.00                       -> p1 processing, a1 sending
        answer a1 approved settling-at-once   -> a1 authorized, c1 sending USD 5.00
        answer c1 ok                          -> p1 succeeded, c1 succeeded
        balance sales-pending                 -> USD 0.00
        balance sales-available               -> USD 5.00
        queue                                 -> report-balance now, ending a1 in 6d
        transfer USD 3.00 amy from a1         -> t1 USD 3.00
        balance pending-of amy                -> USD 0.00
        balance amy                           -> USD 3.00
        transfer USD 2.01 amy from a1         -> refused transfer_exceeds_charge
        ",
    );
}

#[test]
fn a_transfer_out_of_a_charge_waits_with_it() {
    check(
        "
        charge USD 10.00                  -> p1 processing, a1 sending
        transfer USD 1.00 amy from a1     -> refused source_transaction_unusable
        answer a1 approved                -> a1 authorized, c1 sending USD 10.00
        transfer USD 1.00 amy from a1     -> refused source_transaction_unusable
        answer c1 ok                      -> p1 succeeded, c1 succeeded
        transfer USD 4.00 amy from a9     -> refused resource_missing
        transfer USD 4.00 zoe from a1     -> refused resource_missing
        transfer EUR 4.00 amy from a1     -> refused currency_mismatch
        transfer USD 0.00 amy from a1     -> refused amount_too_small
        transfer USD 10.01 amy from a1    -> refused transfer_exceeds_charge
        transfer USD 4.00 amy from a1     -> t1 USD 4.00
        events                            -> payment_intent.created, charge.succeeded,
                                             charge.captured, payment_intent.succeeded,
                                             transfer.created
        transfer USD 6.01 ben from a1     -> refused transfer_exceeds_charge
        transfer ben from a1              -> t2 USD 6.00
        balance pending-of amy            -> USD 4.00
        balance amy                       -> USD 0.00
        balance sales                     -> USD 0.00
        # What is pending goes back to pending.
        reverse t2 USD 6.01               -> refused reversal_exceeds_transfer
        reverse t2 USD 0.00               -> refused amount_too_small
        reverse t2 EUR 1.00               -> refused currency_mismatch
        reverse t9                        -> refused resource_missing
        reverse t2 USD 2.00               -> t2 USD 6.00 reversed USD 2.00, b1 USD 2.00
        events                            -> transfer.created, transfer.reversed
        balance sales-pending             -> USD 2.00
        reverse t2                        -> t2 USD 6.00 reversed USD 6.00, b2 USD 4.00
        reverse t2                        -> refused reversal_exceeds_transfer
        balance pending-of ben            -> USD 0.00
        wait 4d                           -> nothing
        balance pending-of amy            -> USD 0.00
        balance amy                       -> USD 4.00
        balance sales-available           -> USD 6.00
        # What is settled goes back to settled, as far as the seller still has it.
        reverse t1 USD 1.00               -> t1 USD 4.00 reversed USD 1.00, b3 USD 1.00
        balance sales-available           -> USD 7.00
        pay-out amy USD 1.00              -> nothing
        reverse t1                        -> refused balance_insufficient
        reverse t1 USD 2.00               -> t1 USD 4.00 reversed USD 3.00, b4 USD 2.00
        ",
    );
}

#[test]
fn so_many_transfers_wait_with_a_charge() {
    let most: String = (1..=200)
        .map(|number| format!("transfer USD 1.00 amy from a1 -> t{number} USD 1.00\n"))
        .collect();
    check(&format!(
        "
        charge USD 300.00                 -> p1 processing, a1 sending
        answer a1 approved                -> a1 authorized, c1 sending USD 300.00
        answer c1 ok                      -> p1 succeeded, c1 succeeded
        {most}
        transfer USD 1.00 amy from a1     -> refused transfers_exhausted
        "
    ));
}

#[test]
fn the_money_of_orders_is_no_source() {
    check(
        "
        shipped amy USD 43.00             -> h1 USD 43.00
        transfer USD 1.00 amy from a1     -> refused source_transaction_unusable
        ",
    );
}

#[test]
fn a_refund_takes_what_is_pending_first() {
    check(
        "
        charge USD 10.00                  -> p1 processing, a1 sending
        answer a1 approved                -> a1 authorized, c1 sending USD 10.00
        answer c1 ok                      -> p1 succeeded, c1 succeeded
        transfer USD 4.00 amy from a1     -> t1 USD 4.00
        refund p1 USD 2.00                -> r1 sending USD 2.00 return
        balance sales-pending             -> USD 4.00
        answer r1 refused too_late        -> r1 failed too_late
        balance sales-pending             -> USD 6.00
        # What the seller has of it is not taken from the seller.
        refund p1 USD 7.00                -> refused balance_insufficient
        top-up USD 3.00                   -> u1 succeeded USD 3.00
        events                            -> payment_intent.created, charge.succeeded,
                                             charge.captured, payment_intent.succeeded,
                                             transfer.created, refund.created, refund.failed,
                                             charge.refund.updated,
                                             topup.created, topup.succeeded
        refund p1 USD 7.00                -> r2 sending USD 7.00 return
        balance sales-pending             -> USD 0.00
        balance sales-available           -> USD 2.00
        # What comes back after the settlement is settled.
        wait 4d                           -> nothing
        answer r2 refused too_late        -> r2 failed too_late
        balance sales-available           -> USD 9.00
        balance amy                       -> USD 4.00
        cancel-top-up u1                  -> refused topup_unexpected_state
        cancel-top-up u9                  -> refused resource_missing
        top-up USD 0.00                   -> refused amount_too_small
        balance bank                      -> USD 3.00
        ",
    );
}
