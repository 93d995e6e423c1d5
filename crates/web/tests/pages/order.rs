//! The buyer's order page, state by state.

use holdfast_web::language::Language;
use holdfast_web::order::pages::{CancelOrderPage, ConfirmReceiptPage, OpenClaimPage, OrderPage};
use holdfast_web::order::views::{DESCRIPTION_CHARS_MAX, DescriptionProblem, OpenClaim, Order};
use holdfast_web::texts::Texts;

use crate::samples::buyers::{
    asked_to_cancel, awaiting, cancel, canceled, claim_form, completed, in_claim, receipt, shipped,
};
use crate::samples::shell;
use crate::{hides, shows};

const PATH: &str = "/o/ord_1Lamp/k3Qz";

#[track_caller]
fn check(order: &Order, shown: &[&str], hidden: &[&str]) {
    let (t, shell) = (Texts::of(Language::English), shell(PATH));
    let page = OrderPage { t, shell: &shell, v: order };
    shows(&page, shown);
    hides(&page, hidden);
}

#[test]
fn an_order_that_waits_can_be_canceled_and_nothing_else() {
    check(
        &awaiting(),
        &[
            "Your order from Noura&#39;s Kitchen",
            "Waiting to be shipped",
            "26 November 2026",
            "6 days left",
            "<dt>Total</dt><dd><bdi>$15.83</bdi></dd>",
            "href=\"/o/ord_1Lamp/k3Qz/cancel\"",
            "still to come",
        ],
        &["/receipt\"", "/extend\"", "/claim\"", "Protected until"],
    );
}

#[test]
fn a_shipped_order_can_be_confirmed_extended_and_claimed() {
    check(
        &shipped(),
        &[
            "Aramex",
            "ARX-2231-884",
            "19 January 2027",
            "60 days left",
            "href=\"/o/ord_1Lamp/k3Qz/receipt\"",
            "action=\"/o/ord_1Lamp/k3Qz/extend\" method=\"post\"",
            "name=\"ends_at\" value=\"1800360000000\"",
            "Extend by 15 days",
            "to 3 February 2027",
            "href=\"/o/ord_1Lamp/k3Qz/claim\"",
            "role=\"status\">The protection is extended.",
        ],
        &["/cancel\"", "Ship by"],
    );
}

#[test]
fn a_claim_shows_the_words_and_the_ruling() {
    check(
        &in_claim(),
        &[
            "In claim",
            "It arrived damaged",
            "One spoon is split along the handle.",
            "Claim opened",
            "<dt>To the buyer</dt><dd><bdi>$7.10</bdi></dd>",
            "<dt>To the seller</dt><dd><bdi>$8.73</bdi></dd>",
        ],
        &["What you can do"],
    );
}

#[test]
fn an_order_that_is_over_says_why() {
    check(
        &completed(),
        &["The seller has been paid. You confirmed that it arrived."],
        &["/claim\""],
    );
    check(
        &canceled(),
        &[
            "Canceled",
            "It was not shipped in time.",
            "<dt>Refunded</dt><dd><bdi>$15.83</bdi></dd>",
            "class=\"alert\" role=\"status\">That is no longer possible",
        ],
        &["What you can do", "Ship by"],
    );
    check(
        &asked_to_cancel(),
        &["Cancellation requested", "the seller may object until 22 November 2026, 12:00 UTC"],
        &["What you can do"],
    );
}

#[test]
fn each_action_says_what_it_does_before_it_does_it() {
    let (t, shell) = (Texts::of(Language::English), shell(PATH));
    let v = receipt();
    shows(
        &ConfirmReceiptPage { t, shell: &shell, v: &v },
        &[
            "When you confirm, $15.83 goes to Noura&#39;s Kitchen.",
            "cannot be undone",
            "action=\"/o/ord_1Lamp/k3Qz/receipt\" method=\"post\"",
            "href=\"/o/ord_1Lamp/k3Qz\">Not yet",
        ],
    );
    let (asks, at_once) = (cancel(Some(48)), cancel(None));
    shows(
        &CancelOrderPage { t, shell: &shell, v: &asks },
        &["has 48 hours to object", "$15.83 back", "Ask for cancellation</button>"],
    );
    shows(
        &CancelOrderPage { t, shell: &shell, v: &at_once },
        &["canceled at once", "Cancel the order</button>"],
    );
}

#[test]
fn a_claim_that_is_not_complete_keeps_what_was_written() {
    let (t, shell) = (Texts::of(Language::English), shell(PATH));
    let empty = claim_form();
    shows(
        &OpenClaimPage { t, shell: &shell, v: &empty },
        &[
            "$15.83 stays here until the marketplace has decided",
            "value=\"damaged\" required checked",
            "value=\"not_received\"",
            "maxlength=\"2000\"",
            "Write what happened",
        ],
    );
    let long = OpenClaim {
        reason: None,
        reason_missing: true,
        description: "It\n</textarea>broke".to_owned(),
        description_problem: Some(DescriptionProblem::TooLong),
        ..claim_form()
    };
    let page = OpenClaimPage { t, shell: &shell, v: &long };
    shows(
        &page,
        &[
            "Choose what is wrong.",
            "value=\"not_received\" required autofocus",
            "It\n&#60;/textarea&#62;broke</textarea>",
            "Shorten it to at most 2000 characters.",
        ],
    );
    assert_eq!(DESCRIPTION_CHARS_MAX, 2_000);
}
