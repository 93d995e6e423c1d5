//! From what is stored of a purchase to what its pages show.

use holdfast_core::catalogue::payment_link::AfterPaying;
use holdfast_core::catalogue::promotion_code::CODE_CHARS_MAX;
use holdfast_core::checkout::{CheckoutSession, Line as StoredLine};
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::order::{Order, OrderState};
use holdfast_core::payment::attempt::{AttemptState, Challenge as BankChallenge};
use holdfast_core::payment::card::CardSummary;
use holdfast_core::payment::intent::IntentState;
use holdfast_core::payment::setup::{SetupState, VerificationState};
use holdfast_core::time::{Span, Timestamp};

use super::card_errors::CardErrors;
use super::decline::Decline;
use super::purchase::Purchase;
use super::said::Said;
use super::surface::Pay;
use super::views::{
    Card, CardForm, Challenge, Checkout, Closed, ClosedReason, CodeForm, Confirm, Discount, Line,
    Method, Notice, Paid, PaidOrder, Purpose, Quantities, SellerLines, ShippingOption, Summary,
    Waiting,
};
use crate::address::wire_session;
use crate::receipt::receipt_path;

/// After this time a bank is slow, and the page says so.
const SLOW_AFTER: Span = Span::seconds(15);
/// Codes of a processor that does not know the card's token, or knows it used.
const TOKEN_CODES: [&str; 2] = ["token_already_used", "resource_missing"];
/// What a shop's address says where the session's id is to stand.
const SESSION_PLACE: &str = "{CHECKOUT_SESSION_ID}";

impl Purchase {
    /// The checkout with its card form.
    pub(crate) fn checkout(
        &self,
        pay: &Pay,
        notice: Option<Notice>,
        errors: CardErrors,
    ) -> Result<Checkout, MoneyError> {
        Ok(Checkout {
            path: self.path.clone(),
            purpose: self.purpose(),
            button: self.purpose().button(self.session.page.submit_type.as_deref()),
            asks: self.asks(None),
            texts: (*self.session.page.texts).clone(),
            summary: self.summary(|line| self.quantities(line))?,
            code: self.code_form(),
            shipping: shipping_options(&self.session),
            method: self.method(pay, errors),
            notice: notice.or_else(|| self.last_decline()),
            back_url: self.session.cancel_url.clone(),
        })
    }

    /// The page that asks once more before a card is charged; with what was typed and will not do.
    pub(super) fn confirm(&self, token: &str, typed: Option<&Said>) -> Result<Confirm, MoneyError> {
        Ok(Confirm {
            path: self.path.clone(),
            token: token.to_owned(),
            card: None,
            attempt: self.attempt_name(),
            purpose: self.purpose(),
            button: self.purpose().button(self.session.page.submit_type.as_deref()),
            asks: self.asks(typed),
            texts: (*self.session.page.texts).clone(),
            notice: typed.map(|_| Notice::DetailsMissing),
            summary: self.summary(|_| None)?,
        })
    }

    /// The page of a bank that has not answered.
    pub(crate) fn waiting(&self, now: Timestamp) -> Result<Waiting, MoneyError> {
        let slow_setup = self.setup.as_ref().and_then(|(_, attempt)| attempt.as_ref());
        let slow_setup = slow_setup.is_some_and(|attempt| match attempt.state {
            VerificationState::Unknown { .. } => true,
            VerificationState::Sending { .. } => now.since(attempt.created) > SLOW_AFTER,
            VerificationState::Challenged { .. }
            | VerificationState::Verified
            | VerificationState::Declined(_) => false,
        });
        let slow = self.attempt.as_ref().is_some_and(|attempt| match attempt.state {
            AttemptState::Unknown { .. } => true,
            AttemptState::Sending { .. } => now.since(attempt.created) > SLOW_AFTER,
            AttemptState::Challenged { .. }
            | AttemptState::Authorized(_)
            | AttemptState::Declined(_) => false,
        });
        Ok(Waiting { path: self.path.clone(), total: self.total()?, slow: slow || slow_setup })
    }

    /// The page that leads to the bank's own.
    pub(crate) fn challenge(
        &self,
        challenge: &BankChallenge,
        at_once: bool,
    ) -> Result<Challenge, MoneyError> {
        Ok(Challenge {
            bank_url: challenge.url.clone(),
            total: self.total()?,
            expires_at: Some(challenge.expires_at),
            at_once,
        })
    }

    /// The page of a session that can no longer be paid.
    pub(crate) fn closed(&self, reason: ClosedReason) -> Closed {
        Closed { reason, back_url: self.session.cancel_url.clone() }
    }

    /// The receipt.
    pub(crate) fn paid(
        &self,
        pay: &Pay,
        paid_at: Timestamp,
        again: bool,
    ) -> Result<Paid, MoneyError> {
        let session = wire_session(self.session.id, pay.is_test());
        let success = self.session.success_url.as_ref();
        let intent = self.intent.as_ref().map(|intent| intent.id.to_string());
        let setup = self.setup.as_ref();
        let kept = setup.and_then(|(_, attempt)| attempt.as_ref()?.card.as_ref());
        let charged = self.attempt.as_ref().and_then(|attempt| attempt.card.as_ref());
        let reference = intent.or_else(|| setup.map(|(setup, _)| setup.id.to_string()));
        Ok(Paid {
            purpose: self.purpose(),
            message: self.message(),
            reference: reference.unwrap_or_else(|| session.clone()),
            total: self.total()?,
            paid_at,
            card: charged.or(kept).map(card),
            receipt: self.receipt(pay),
            orders: self.orders.iter().map(|order| self.paid_order(order)).collect(),
            again,
            back_url: success.map(|url| url.replace(SESSION_PLACE, &session)),
        })
    }

    /// What is paid; `None` where nothing is bought.
    fn total(&self) -> Result<Option<Money>, MoneyError> {
        let total = self.session.totals()?.total;
        Ok(self.purpose().is_sale().then_some(total))
    }

    /// What the shop says to whoever has paid by its link.
    fn message(&self) -> Option<String> {
        match &self.link.as_ref()?.after {
            AfterPaying::Page { message } => message.clone(),
            AfterPaying::Redirect { .. } => None,
        }
    }

    /// The path of the receipt, once the bank has agreed to a charge.
    fn receipt(&self, pay: &Pay) -> Option<String> {
        let attempt = self.attempt.as_ref().filter(|it| it.authorization().is_some())?;
        Some(receipt_path(&pay.parts.receipts, attempt.id))
    }

    fn paid_order(&self, order: &Order) -> PaidOrder {
        PaidOrder {
            id: order.id.to_string(),
            seller: self.seller(order.seller),
            total: order.total,
            ship_by: ship_by(order),
            url: order_path(order),
        }
    }

    /// What is paid for; `asked` tells of which lines the buyer may change the quantity here.
    fn summary(
        &self,
        asked: impl Fn(&StoredLine) -> Option<Quantities>,
    ) -> Result<Summary, MoneyError> {
        let totals = self.session.totals()?;
        let lines = |stored: &[StoredLine]| {
            let mut shown = lines(stored)?;
            shown.iter_mut().zip(stored).for_each(|(line, stored)| line.quantities = asked(stored));
            Ok::<_, MoneyError>(shown)
        };
        let mut sellers = Vec::new();
        for part in self.session.parts()? {
            let seller = Some(self.seller(part.seller));
            sellers.push(SellerLines { seller, lines: lines(&part.lines)? });
        }
        if self.purpose() == Purpose::BuyFromShop {
            sellers.push(SellerLines { seller: None, lines: lines(&self.session.lines)? });
        }
        let shipping = (!self.session.shipping_options.is_empty()).then_some(totals.shipping);
        let delivery = self.session.shipping().and_then(|option| option.delivery);
        let discount = self.session.discount.as_deref().map(|applied| (applied, totals.discount));
        let discount = discount.filter(|(_, off)| !off.is_zero()).map(|(applied, off)| {
            let amount = Money::zero(off.currency()).checked_sub(off)?;
            Ok::<_, MoneyError>(Discount { name: applied.name.clone(), amount })
        });
        let (items, total) = (totals.items, totals.total);
        Ok(Summary { sellers, items, discount: discount.transpose()?, shipping, delivery, total })
    }

    /// The field for a code, or the one that was entered.
    fn code_form(&self) -> Option<CodeForm> {
        let is_asked = self.session.page.allow_codes == Some(true) && self.purpose().is_sale();
        let applied = self.session.discount.as_deref().and_then(|applied| applied.name.clone());
        is_asked.then_some(CodeForm { applied, chars_max: CODE_CHARS_MAX })
    }

    fn quantities(&self, line: &StoredLine) -> Option<Quantities> {
        let (least, most) = self.session.quantities(line)?.into_inner();
        let action = format!("{}/quantity", self.path);
        Some(Quantities { action, line: line.id.to_string(), least, most })
    }

    fn method(&self, pay: &Pay, errors: CardErrors) -> Method {
        if self.session.allows_card() {
            return Method::Card(CardForm {
                zone: pay.parts.card_origin.clone(),
                key: pay.parts.publishable_key.clone(),
                attempt: self.attempt_name(),
                blocked: (*self.session.terms.blocked).clone(),
                errors,
            });
        }
        let excluding = self.session.lines.iter().filter(|line| line.excludes_card);
        Method::Unavailable { products: excluding.map(|line| line.name.clone()).collect() }
    }

    fn last_decline(&self) -> Option<Notice> {
        let of_setup = self.setup.as_ref().and_then(|(setup, _)| match &setup.state {
            SetupState::RequiresPaymentMethod { last } => Some(&last.as_ref()?.decline),
            SetupState::RequiresConfirmation
            | SetupState::Processing
            | SetupState::RequiresAction { .. }
            | SetupState::Succeeded
            | SetupState::Canceled { .. } => None,
        });
        let of_payment = self.intent.as_ref().and_then(|intent| match &intent.state {
            IntentState::RequiresPaymentMethod { last } => Some(&last.as_ref()?.decline),
            IntentState::RequiresConfirmation { .. }
            | IntentState::Processing { .. }
            | IntentState::RequiresAction { .. }
            | IntentState::RequiresCapture { .. }
            | IntentState::Succeeded { .. }
            | IntentState::Canceled { .. } => None,
        });
        let decline = of_setup.or(of_payment)?;
        if TOKEN_CODES.contains(&decline.code.as_str()) {
            return Some(Notice::CardEntryOver);
        }
        Some(Notice::Declined(Decline::of(&decline.code, decline.decline_code.as_deref())))
    }
}

/// Lines as every page shows them.
pub(crate) fn lines(stored: &[StoredLine]) -> Result<Vec<Line>, MoneyError> {
    let line = |line: &StoredLine| {
        Ok(Line {
            name: line.name.clone(),
            description: line.description.clone(),
            quantity: line.quantity,
            unit: line.unit,
            total: line.total()?,
            quantities: None,
        })
    };
    stored.iter().map(line).collect()
}

/// What may be shown of a card.
pub(crate) fn card(summary: &CardSummary) -> Card {
    Card { brand: summary.brand.clone(), last4: summary.last4.clone() }
}

/// The path of an order's page.
pub(crate) fn order_path(order: &Order) -> String {
    format!("/o/{}/{}", order.id, order.secret.reveal())
}

/// Until when an order has to be shipped, as long as it is not.
pub(crate) fn ship_by(order: &Order) -> Option<Timestamp> {
    match order.state {
        OrderState::AwaitingShipment { ship_by, .. } => Some(ship_by),
        OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::InClaim { .. }
        | OrderState::Completed { .. }
        | OrderState::Canceled { .. }
        | OrderState::Refunded { .. } => None,
    }
}

/// The ways to ship; none where there is nothing to choose.
fn shipping_options(session: &CheckoutSession) -> Vec<ShippingOption> {
    if session.shipping_options.len() < 2 {
        return Vec::new();
    }
    let options = session.shipping_options.iter().enumerate();
    let option = options.map(|(index, option)| ShippingOption {
        id: index.to_string(),
        name: option.name.clone(),
        price: option.amount,
        delivery: option.delivery,
        chosen: session.shipping_choice.map(usize::from) == Some(index),
    });
    option.collect()
}
