//! Receivers of webhooks, and what they answered.

use crate::world::table::check;

#[test]
fn an_event_goes_to_each_receiver_that_wants_it() {
    check(
        "
        hook *                          -> endpoints 1
        hook checkout.session.expired   -> endpoints 2
        hook order.shipped              -> endpoints 3
        open amy USD 43.00              -> s1 open USD 43.00
        queue                           -> close s1 in 1d
        expire s1                       -> s1 expired
        queue                           -> deliver now, deliver now, close s1 in 1d
        receiver 200                    -> d1 delivered after 1
        unhook 9                        -> refused resource_missing
        unhook 1                        -> endpoints 2
        bought amy USD 43.00            -> o1 USD 43.00
        ship o1                         -> p1 requires_capture USD 0.00, c1 sending USD 43.00,
                                           o1 shipped capturing USD 43.00
        queue                           -> deliver now, capture c1 now, deliver now, close s1 in 1d,
                                           close s2 in 1d, ending a1 in 6d, ship-by o1 in 6d,
                                           protection o1 in 60d
        ",
    );
}

#[test]
fn a_delivery_is_tried_ten_times_in_three_days() {
    check(
        "
        hook order.canceled    -> endpoints 1
        processor life 30d     -> nothing
        bought amy USD 43.00   -> o1 USD 43.00
        cancel o1 by seller    -> p1 requires_capture USD 0.00, r1 sending USD 43.00 reversal,
                                  o1 canceled requested_by_seller returning
        ok                     -> p1 canceled automatic, r1 succeeded,
                                  o1 canceled requested_by_seller returned
        queue                  -> deliver now, close s1 in 1d, ship-by o1 in 11d, ending a1 in 29d
        receiver 500           -> d1 retrying after 1
        queue                  -> deliver in 5m, close s1 in 1d, ship-by o1 in 11d,
                                  ending a1 in 29d
        receiver silent        -> d1 retrying after 2
        queue                  -> deliver in 30m, close s1 in 23h 55m, ship-by o1 in 10d 23h 55m,
                                  ending a1 in 28d 23h 55m
        receiver 302           -> d1 retrying after 3
        receiver 500           -> d1 retrying after 4
        receiver 500           -> d1 retrying after 5
        receiver 500           -> d1 retrying after 6
        receiver 500           -> d1 retrying after 7
        receiver 500           -> d1 retrying after 8
        receiver 500           -> d1 retrying after 9
        queue                  -> deliver in 12h, ship-by o1 in 8d 18h 25m,
                                  ending a1 in 26d 18h 25m
        receiver 500           -> d1 given_up after 10
        queue                  -> ship-by o1 in 8d 6h 25m, ending a1 in 26d 6h 25m
        ",
    );
}

#[test]
fn a_receiver_that_is_gone_ends_the_delivery() {
    check(
        "
        unhook 1                        -> refused resource_missing
        hook checkout.session.expired   -> endpoints 1
        open amy USD 43.00              -> s1 open USD 43.00
        expire s1                       -> s1 expired
        receiver gone                   -> d1 given_up after 1
        open amy USD 43.00              -> s2 open USD 43.00
        expire s2                       -> s2 expired
        receiver 500                    -> d2 retrying after 1
        receiver 200                    -> d2 delivered after 2
        ",
    );
}

#[test]
fn a_platform_has_sixteen_receivers() {
    let hooks: String = (1..=16).map(|number| format!("hook x -> endpoints {number}\n")).collect();
    check(&format!("{hooks} hook x -> refused webhook_endpoints_exhausted"));
}

#[test]
fn a_receiver_that_is_switched_off_gets_nothing() {
    check(
        "
        switch 1 off                    -> refused resource_missing
        hook *                          -> endpoints 1
        switch 1 off                    -> nothing
        open amy USD 43.00              -> s1 open USD 43.00
        expire s1                       -> s1 expired
        queue                           -> close s1 in 1d
        resend 1                        -> refused webhook_endpoint_disabled
        resend 2                        -> refused resource_missing
        switch 1 on                     -> nothing
        resend 1                        -> nothing
        queue                           -> deliver now, close s1 in 1d
        receiver 500                    -> d1 retrying after 1
        receiver 200                    -> d1 delivered after 2
        ",
    );
}
