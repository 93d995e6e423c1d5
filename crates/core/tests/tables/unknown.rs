//! Answers that are missing: nothing is concluded from them, and nothing is forgotten.

use crate::world::table::check;

#[test]
fn an_unknown_authorization_is_asked_again_under_its_key_and_then_only_looked_up() {
    check(
        "
        open amy USD 43.00     -> s1 open USD 43.00
        pay s1 USD 43.00       -> p1 processing, a1 sending
        answer a1 unknown      -> a1 unknown
        events                 -> payment_intent.created, payment_intent.processing
        queue                  -> authorize a1 again in 1s, close s1 in 1d
        answer a1 unknown      -> nothing
        queue                  -> authorize a1 again in 2s, close s1 in 23h 59m 59s
        answer a1 never_sent   -> nothing
        answer a1 unknown      -> nothing
        answer a1 unknown      -> nothing
        answer a1 unknown      -> nothing
        queue                  -> authorize a1 again in 30s, close s1 in 23h 59m 29s
        answer a1 unknown      -> nothing
        answer a1 unknown      -> nothing
        answer a1 unknown      -> nothing
        # After two minutes the buyer may have left.
        queue                  -> authorize a1 look in 30s, close s1 in 23h 57m 59s
        answer a1 unknown      -> nothing
        answer a1 approved     -> s1 complete, p1 requires_capture USD 43.00, a1 authorized,
                                  o1 awaiting_shipment authorized USD 43.00
        ",
    );
}

#[test]
fn what_never_arrived_is_given_up_and_looked_up_once_more() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        answer a1 unknown     -> a1 unknown
        wait 3m               -> nothing
        answer a1 unknown     -> nothing
        answer a1 not_found   -> p1 requires_payment_method, a1 declined processing_error
        queue                 -> authorize a1 look in 1h, close s1 in 23h 56m 58s
        # The last look fails; it is not the last one then.
        answer a1 unknown     -> nothing
        queue                 -> authorize a1 look in 30s, close s1 in 22h 56m 58s
        answer a1 not_found   -> nothing
        queue                 -> close s1 in 22h 56m 28s
        ",
    );
}

#[test]
fn a_late_approval_is_given_back() {
    check(
        "
        open amy USD 43.00           -> s1 open USD 43.00
        pay s1 USD 43.00             -> p1 processing, a1 sending
        answer a1 unknown            -> a1 unknown
        repeat a1 not_found          -> p1 requires_payment_method, a1 declined processing_error
        pay s1 USD 43.00             -> p1 processing, a2 sending
        answer a2 approved           -> s1 complete, p1 requires_capture USD 43.00, a2 authorized,
                                        o1 awaiting_shipment authorized USD 43.00
        events                       -> payment_intent.created, payment_intent.processing,
                                        charge.failed, payment_intent.payment_failed,
                                        charge.succeeded, order.created, checkout.session.completed,
                                        payment_intent.amount_capturable_updated
        repeat a1 approved           -> a1 authorized, r1 sending USD 43.00 reversal
        events                       -> charge.succeeded, refund.created
        answer r1 unknown            -> r1 unknown
        # A reversal that the processor refuses is tried again before the hold ends.
        answer r1 refused too_late   -> r1 failed too_late
        ship o1                      -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                        o1 shipped capturing USD 43.00
        ok                           -> p1 succeeded, c1 succeeded, o1 shipped held,
                                        h1 held USD 43.00
        wait 6d                      -> r2 sending USD 43.00 reversal
        ok                           -> r2 succeeded
        queue                        -> ending a1 in 23h 59m 59s, protection o1 in 54d
        wait 60d                     -> o1 completed protection_ended held, h1 settled
        ",
    );
}

#[test]
fn an_approval_after_the_page_was_closed_is_given_back() {
    check(
        "
        open amy USD 43.00           -> s1 open USD 43.00
        pay s1 USD 43.00             -> p1 processing, a1 sending
        answer a1 never_sent         -> nothing
        answer a1 never_sent         -> nothing
        answer a1 never_sent         -> nothing
        answer a1 never_sent         -> p1 requires_payment_method, a1 declined processing_error
        expire s1                    -> s1 expired, p1 canceled expired
        answer a1 approved           -> a1 authorized, r1 sending USD 43.00 reversal
        answer r1 refused too_late   -> r1 failed too_late
        refund p1                    -> r2 sending USD 43.00 reversal
        wait 6d                      -> nothing
        ok                           -> r2 succeeded
        queue                        -> ending a1 in 22h 59m 53s
        ",
    );
}

#[test]
fn a_challenge_after_the_attempt_was_given_up_is_looked_at_when_it_is_over() {
    check(
        "
        open amy USD 43.00    -> s1 open USD 43.00
        pay s1 USD 43.00      -> p1 processing, a1 sending
        answer a1 never_sent  -> nothing
        answer a1 never_sent  -> nothing
        answer a1 never_sent  -> nothing
        answer a1 never_sent  -> p1 requires_payment_method, a1 declined processing_error
        answer a1 challenge   -> nothing
        queue                 -> authorize a1 look in 30s, close s1 in 22h 59m 53s
        answer a1 approved    -> a1 authorized, r1 sending USD 43.00 reversal
        ",
    );
}

#[test]
fn an_attempt_that_was_given_up_has_no_part_in_the_orders_of_another() {
    check(
        "
        open amy USD 43.00           -> s1 open USD 43.00
        pay s1 USD 43.00             -> p1 processing, a1 sending
        answer a1 never_sent         -> nothing
        answer a1 never_sent         -> nothing
        answer a1 never_sent         -> nothing
        answer a1 never_sent         -> p1 requires_payment_method, a1 declined processing_error
        wait 20h                     -> nothing
        pay s1 USD 43.00             -> p1 processing, a2 sending
        answer a2 approved           -> s1 complete, p1 requires_capture USD 43.00, a2 authorized,
                                        o1 awaiting_shipment authorized USD 43.00
        answer a1 approved           -> a1 authorized, r1 sending USD 43.00 reversal
        answer r1 refused too_late   -> r1 failed too_late
        # The first hold ends, and only what is left of it is let go.
        wait 124h                    -> r2 sending USD 43.00 reversal
        ",
    );
}

#[test]
fn a_request_that_never_left_is_sent_again_three_times() {
    check(
        "
        open amy USD 43.00     -> s1 open USD 43.00
        pay s1 USD 43.00       -> p1 processing, a1 sending
        answer a1 never_sent   -> nothing
        queue                  -> authorize a1 in 1s, close s1 in 1d
        answer a1 never_sent   -> nothing
        answer a1 never_sent   -> nothing
        queue                  -> authorize a1 in 4s, close s1 in 23h 59m 57s
        answer a1 never_sent   -> p1 requires_payment_method, a1 declined processing_error
        # A crash may have hidden that an earlier one did leave.
        queue                  -> authorize a1 look in 1h, close s1 in 23h 59m 53s
        pay s1 USD 43.00       -> p1 processing, a2 sending
        answer a1 approved     -> a1 authorized, r1 sending USD 43.00 reversal
        ",
    );
}

#[test]
fn a_late_debit_is_looked_at_until_it_can_be_given_back() {
    check(
        "
        open amy USD 43.00           -> s1 open USD 43.00
        pay s1 USD 43.00             -> p1 processing, a1 sending
        answer a1 unknown            -> a1 unknown
        repeat a1 not_found          -> p1 requires_payment_method, a1 declined processing_error
        # The processor has it after all, and says so to the last look.
        answer a1 pending            -> nothing
        answer a1 pending            -> nothing
        answer a1 approved           -> a1 authorized, r1 sending USD 43.00 reversal
        ok                           -> r1 succeeded
        ",
    );
}

#[test]
fn a_hold_of_another_sum_is_no_answer() {
    check(
        "
        open amy USD 43.00             -> s1 open USD 43.00
        pay s1 USD 43.00               -> p1 processing, a1 sending
        answer a1 approved USD 1.00    -> a1 unknown
        answer a1 approved EUR 43.00   -> nothing
        answer a1 approved             -> s1 complete, p1 requires_capture USD 43.00, a1 authorized,
                                          o1 awaiting_shipment authorized USD 43.00
        ",
    );
}

#[test]
fn a_hold_that_is_over_holds_nothing() {
    check(
        "
        open amy USD 43.00   -> s1 open USD 43.00
        pay s1 USD 43.00     -> p1 processing, a1 sending
        answer a1 unknown    -> a1 unknown
        jump 8d              -> nothing
        answer a1 approved   -> p1 requires_payment_method, a1 declined processing_error
        charge USD 20.00     -> p2 processing, a2 sending
        answer a2 unknown    -> s1 expired, p1 canceled expired, a2 unknown
        jump 8d              -> nothing
        answer a2 approved   -> p2 requires_payment_method, a2 declined processing_error
        repeat a2 approved   -> nothing
        ",
    );
}

#[test]
fn captures_and_refunds_are_asked_until_the_processor_says_yes_or_no() {
    check(
        "
        bought amy USD 43.00     -> o1 USD 43.00
        ship o1                  -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                    o1 shipped capturing USD 43.00
        answer c1 never_sent     -> nothing
        answer c1 never_sent     -> nothing
        answer c1 never_sent     -> nothing
        queue                    -> capture c1 in 2s, close s1 in 23h 59m 58s,
                                    ending a1 in 5d 23h 59m 58s, ship-by o1 in 5d 23h 59m 58s,
                                    protection o1 in 59d 23h 59m 58s
        answer c1 unknown        -> c1 unknown
        queue                    -> capture c1 again in 1s, close s1 in 23h 59m 56s,
                                    ending a1 in 5d 23h 59m 56s, ship-by o1 in 5d 23h 59m 56s,
                                    protection o1 in 59d 23h 59m 56s
        answer c1 never_sent     -> nothing
        queue                    -> capture c1 again in 2s, close s1 in 23h 59m 55s,
                                    ending a1 in 5d 23h 59m 55s, ship-by o1 in 5d 23h 59m 55s,
                                    protection o1 in 59d 23h 59m 55s
        answer c1 ok             -> p1 succeeded, c1 succeeded, o1 shipped held, h1 held USD 43.00
        repeat c1 ok             -> nothing
        repeat c1 refused gone   -> nothing
        repeat c1 unknown        -> nothing
        repeat c1 never_sent     -> nothing

        refund o1 USD 3.00       -> r1 sending USD 3.00 return, h1 held USD 40.00
        answer r1 never_sent     -> nothing
        answer r1 never_sent     -> nothing
        answer r1 unknown        -> r1 unknown
        queue                    -> refund r1 again in 1s, close s1 in 23h 59m 51s,
                                    ending a1 in 5d 23h 59m 51s, ship-by o1 in 5d 23h 59m 51s,
                                    protection o1 in 59d 23h 59m 51s
        answer r1 unknown        -> nothing
        queue                    -> refund r1 again in 2s, close s1 in 23h 59m 50s,
                                    ending a1 in 5d 23h 59m 50s, ship-by o1 in 5d 23h 59m 50s,
                                    protection o1 in 59d 23h 59m 50s
        answer r1 ok             -> r1 succeeded
        repeat r1 ok             -> nothing
        repeat c9 ok             -> refused resource_missing
        repeat r9 ok             -> refused resource_missing
        ",
    );
}
