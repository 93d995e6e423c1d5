//! The buyer's receipt, state by state.

use holdfast_web::language::Language;
use holdfast_web::receipt::pages::ReceiptPage;
use holdfast_web::receipt::views::Receipt;
use holdfast_web::texts::Texts;

use crate::samples::receipts::{
    PATH, authorized, long, made_up, paid, partly_paid, partly_refunded, plain, refunded, released,
};
use crate::samples::shell;
use crate::{hides, shows};

#[track_caller]
fn check(receipt: &Receipt, shown: &[&str], hidden: &[&str]) {
    let (t, shell) = (Texts::of(Language::English), shell(PATH));
    let page = ReceiptPage { t, shell: &shell, v: receipt };
    shows(&page, shown);
    hides(&page, hidden);
    // A receipt is handed on: nothing can be done from it, and it leads to no other page.
    hides(&page, &["<form", "<button", "<script", "/o/", "/c/"]);
}

#[test]
fn a_paid_one_says_what_was_bought_and_with_what() {
    check(
        &paid(),
        &[
            "<h1 id=\"title\">Receipt from Bazaar</h1>",
            "<span class=\"badge good\">Paid</span>",
            "<strong><bdi>$48.70</bdi></strong>",
            "17 November 2026, 12:00 UTC",
            "Visa",
            "3184",
            "BAZAAR* LAMPS",
            "ch_02ywwkvI7PQZEYlPnyMKvl",
            "pi_02ywwkvI7PQZEYlPnyMKvk",
            "Sold by <bdi>Blue Lamp Studio</bdi>",
            "ord_02ywwkvI7PQZEYlPnyMKvm",
            "Olive wood spoon",
            "<dt>Items</dt><dd><bdi>$43.70</bdi></dd>",
            "<dt>Shipping</dt><dd><bdi>$5.00</bdi></dd>",
            "<dt>Total</dt><dd><bdi>$48.70</bdi></dd>",
        ],
        &["On your card", "Money back", "Refunded"],
    );
}

#[test]
fn each_state_says_what_became_of_the_money() {
    check(
        &authorized(),
        &[
            "Set aside, not charged",
            "Nothing has been taken yet.",
            "<span>Set aside</span> <strong><bdi>$48.70</bdi></strong>",
            "<dt>You have paid</dt><dd><bdi>$0.00</bdi></dd>",
        ],
        &["Money back"],
    );
    check(
        &partly_paid(),
        &[
            "Paid in part",
            "<span>Paid</span> <strong><bdi>$32.87</bdi></strong>",
            "<dt>Set aside, not yet taken</dt><dd><bdi>$15.83</bdi></dd>",
        ],
        &["Money back"],
    );
    check(
        &partly_refunded(),
        &[
            "Refunded in part",
            "<dt>Refunded</dt><dd><bdi>-$14.20</bdi></dd>",
            "<dt>You have paid</dt><dd><bdi>$34.50</bdi></dd>",
            "19 November 2026",
            "Refund on its way",
        ],
        &["Only the latest"],
    );
    check(&refunded(), &["All that you paid goes back", "No longer set aside"], &[]);
    check(&released(), &["Not charged", "Nothing was taken from your card"], &[]);
    check(&long(), &["Only the latest are listed here."], &[]);
}

#[test]
fn a_payment_without_a_session_shows_what_the_shop_said_of_it() {
    check(
        &plain(),
        &[
            "<dt>Sold by</dt><dd><bdi>Blue Lamp Studio</bdi></dd>",
            "Repair of a lamp &#60;script&#62;",
        ],
        &["What was bought", "<dt>Card</dt>"],
    );
    check(
        &made_up(),
        &[
            "Brass lamp",
            "<dt>Discount</dt><dd><bdi>-$4.00</bdi></dd>",
            "<dt>Tax</dt><dd><bdi>$7.70</bdi></dd>",
        ],
        &["Sold by"],
    );
}
