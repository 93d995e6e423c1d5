//! From what is stored of a charge to what its receipt shows.

use holdfast_core::checkout::{CheckoutSession, SellerPart};
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::details::{AmountDetails, AmountItem};
use holdfast_core::payment::refund::{Refund, RefundMethod};

use super::known::{KnownCharge, REFUNDS_MAX};
use super::views::{Account, Bill, BillGroup, Receipt, ReceiptState, Return, ReturnKind};
use crate::pay::view_of::{card, lines};
use crate::pay::views::Line;

impl KnownCharge {
    /// The receipt.
    pub(super) fn page(&self) -> Result<Receipt, MoneyError> {
        let (attempt, state) = (&self.attempt, self.state());
        let bill = self.bill()?;
        let has_lines = bill.as_ref().is_some_and(|bill| !bill.groups.is_empty());
        let is_taken = self.hold.captured.is_positive();
        Ok(Receipt {
            number: attempt.id.to_string(),
            reference: attempt.intent.to_string(),
            state,
            sum: if is_taken { self.hold.captured } else { self.hold.amount },
            at: attempt.created,
            card: attempt.card.as_ref().map(card),
            descriptor: attempt.notes.notes.descriptor(),
            seller: attempt.notes.notes.on_behalf_of.map(|seller| self.seller(seller)),
            description: attempt.notes.description.clone().filter(|_| !has_lines),
            bill,
            account: self.account(state)?,
            returns: self.refunds.iter().filter_map(returned).collect(),
            has_more_returns: self.refunds.len() == REFUNDS_MAX,
        })
    }

    fn state(&self) -> ReceiptState {
        let (hold, refunded) = (&self.hold, self.attempt.refunded);
        let is_over = hold.is_settled();
        match (hold.captured.is_positive(), refunded.is_positive()) {
            (false, _) if is_over => ReceiptState::Released,
            (false, _) => ReceiptState::Authorized,
            (true, true) if is_over && refunded == hold.captured => ReceiptState::Refunded,
            (true, true) => ReceiptState::PartlyRefunded,
            (true, false) if is_over => ReceiptState::Paid,
            (true, false) => ReceiptState::PartlyPaid,
        }
    }

    /// What became of the money; `None` where all that was set aside is simply paid.
    fn account(&self, state: ReceiptState) -> Result<Option<Account>, MoneyError> {
        let (hold, attempt) = (&self.hold, &self.attempt);
        let withdrawn = attempt.withdrawn()?;
        let is_plain = state == ReceiptState::Paid && hold.returned.is_zero();
        if is_plain && withdrawn.is_zero() {
            return Ok(None);
        }
        let none = Money::zero(hold.amount.currency());
        let held = hold.left()?.checked_add(hold.capturing)?.checked_add(hold.returning)?;
        let moves = [
            ("receipt-held", held),
            ("receipt-let-go", hold.returned),
            ("receipt-charged", hold.captured),
            ("receipt-given-back", none.checked_sub(attempt.refunded)?),
            ("receipt-disputed", none.checked_sub(withdrawn)?),
        ];
        let moves = moves.into_iter().filter(|(_, amount)| !amount.is_zero()).collect();
        let net = hold.captured.checked_sub(attempt.refunded)?.checked_sub(withdrawn)?;
        Ok(Some(Account { moves, net }))
    }

    /// What was bought: by the session, or by what the shop said of a payment without one.
    fn bill(&self) -> Result<Option<Bill>, MoneyError> {
        match (&self.session, &self.attempt.notes.notes.amounts) {
            (Some(session), _) => self.bill_of_session(session).map(Some),
            (None, Some(amounts)) => self.bill_of_amounts(amounts),
            (None, None) => Ok(None),
        }
    }

    fn bill_of_session(&self, session: &CheckoutSession) -> Result<Bill, MoneyError> {
        let totals = session.totals()?;
        let parts = session.parts()?;
        let mut groups =
            parts.iter().map(|part| self.group(part)).collect::<Result<Vec<_>, _>>()?;
        if session.is_own_sale() {
            let lines = lines(&session.lines)?;
            groups.push(BillGroup { seller: None, order: None, lines });
        }
        let mut parts = vec![("items", totals.items)];
        if !totals.discount.is_zero() {
            parts.push(("discount", Money::zero(session.currency).checked_sub(totals.discount)?));
        }
        if !session.shipping_options.is_empty() {
            parts.push(("shipping", totals.shipping));
        }
        Ok(Bill { groups, parts, total: totals.total })
    }

    fn group(&self, part: &SellerPart) -> Result<BillGroup, MoneyError> {
        let order = self.orders.iter().find(|order| order.seller == part.seller);
        Ok(BillGroup {
            seller: Some(self.seller(part.seller)),
            order: order.map(|order| order.id.to_string()),
            lines: lines(&part.lines)?,
        })
    }

    /// As the shop made the sum up. One that does not add up is not shown: a receipt that cannot
    /// be checked is none.
    fn bill_of_amounts(&self, amounts: &AmountDetails) -> Result<Option<Bill>, MoneyError> {
        let total = self.attempt.amount;
        if amounts.flaw_of(total).is_some() {
            return Ok(None);
        }
        let money = |minor: i64| Money::new(minor, total.currency());
        let sum_of = |part: fn(&AmountItem) -> Option<i64>, whole: Option<i64>| {
            let parts = amounts.items.iter().filter_map(part).chain(whole);
            Money::sum(total.currency(), parts.map(money))
        };
        let tax = sum_of(|item| item.tax, amounts.tax)?;
        let discount = sum_of(|item| item.discount, amounts.discount)?;
        let shipping = money(amounts.shipping.as_ref().and_then(|it| it.minor).unwrap_or(0));
        // Without items the sum says nothing of them: they are what is left.
        let items = total.checked_sub(shipping)?.checked_sub(tax)?.checked_add(discount)?;
        let parts = [
            ("items", items),
            ("discount", money(0).checked_sub(discount)?),
            ("shipping", shipping),
            ("tax", tax),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(_, part)| !part.is_zero()).collect();
        let lines = amounts.items.iter().map(|item| line(item, total)).collect::<Option<Vec<_>>>();
        let group = |lines| BillGroup { seller: None, order: None, lines };
        let groups = lines.filter(|lines| !lines.is_empty()).map(group);
        if groups.is_none() && parts.len() < 2 {
            return Ok(None);
        }
        Ok(Some(Bill { groups: groups.into_iter().collect(), parts, total }))
    }
}

/// A line of the shop's own making; `None` where its numbers are beyond all reason.
fn line(item: &AmountItem, whole: Money) -> Option<Line> {
    let quantity = u32::try_from(item.quantity).ok()?;
    let unit = Money::new(item.unit_cost, whole.currency());
    let total = unit.checked_mul(quantity).ok()?;
    Some(Line {
        name: item.name.clone(),
        description: None,
        quantity,
        unit,
        total,
        quantities: None,
    })
}

/// Money that went back or is on its way; `None` for what never left.
fn returned(refund: &Refund) -> Option<Return> {
    let (is_done, at) = match &refund.state {
        Asked::Sending | Asked::Unknown { .. } => (false, refund.created),
        Asked::Succeeded { at, .. } => (true, *at),
        Asked::Failed { .. } => return None,
    };
    let kind = match (refund.method, is_done) {
        (RefundMethod::Return, true) => ReturnKind::Refunded,
        (RefundMethod::Return, false) => ReturnKind::Refunding,
        (RefundMethod::Reversal, true) => ReturnKind::Released,
        (RefundMethod::Reversal, false) => ReturnKind::Releasing,
    };
    Some(Return { kind, at, amount: refund.amount })
}
