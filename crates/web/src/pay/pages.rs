//! The templates of the pay pages.

use super::asks::{AskKind, Label, Need, SAME_ID, TERMS_ID};
use super::card_errors::CardProblem;
use super::countries;
use super::views::{Back, Challenge, Checkout, Closed, Confirm, Method, Notice, Paid, Waiting};
use crate::page::{Shell, pages};
use holdfast_core::checkout::markup::{self, Piece};

pages! { Shell;
    /// The checkout with the card form: `GET /c/{session}`.
    CheckoutPage(Checkout) = "pay/checkout.html";
    /// The card is accepted, one button pays: `GET /c/{session}/card?token=`, without script.
    ConfirmPage(Confirm) = "pay/confirm.html";
    /// The bank has not answered yet.
    WaitingPage(Waiting) = "pay/waiting.html";
    /// On to the bank's own page.
    ChallengePage(Challenge) = "pay/challenge.html";
    /// The session can no longer be paid.
    ClosedPage(Closed) = "pay/closed.html";
    /// On to the shop's own page.
    BackPage(Back) = "pay/back.html";
    /// The receipt.
    PaidPage(Paid) = "pay/paid.html";
}
