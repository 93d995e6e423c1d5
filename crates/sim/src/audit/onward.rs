//! What went on to sellers and came back from them: the parts are exact, each is counted once, and
//! nobody keeps what went back whole (I5, I10).

use holdfast_core::fee::ApplicationFee;
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::{Pulls, Refund, RefundMethod};
use holdfast_core::sale::Sale;
use holdfast_core::transfer::Transfer;

use super::books::failed;
use super::{Evidence, Findings};

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    for transfer in &evidence.transfers {
        check_transfer(evidence, findings, transfer);
    }
    for fee in &evidence.fees {
        check_fee(evidence, findings, fee);
    }
    for sale in &evidence.sales {
        check_sale(evidence, findings, sale);
    }
}

fn check_transfer(evidence: &Evidence, findings: &mut Findings, transfer: &Transfer) {
    let (id, amount) = (transfer.id, transfer.amount);
    let of_it: Vec<_> = evidence.reversals.iter().filter(|it| it.transfer == id).collect();
    let back = Money::sum(amount.currency(), of_it.iter().map(|it| it.amount));
    findings.same(&Ok(transfer.reversed), &back, || format!("I10: reversed of {id}"));
    let times = u32::try_from(of_it.len());
    findings.same(&Ok(transfer.reversals), &times, || format!("I10: reversals of {id}"));
    let over = transfer.reversed.exceeds(amount);
    findings.expect(over == Ok(false), || format!("I5: more of {id} came back than went"));
}

fn check_fee(evidence: &Evidence, findings: &mut Findings, fee: &ApplicationFee) {
    let (id, amount) = (fee.id, fee.amount);
    let of_it: Vec<_> = evidence.fee_refunds.iter().filter(|it| it.fee == id).collect();
    let back = Money::sum(amount.currency(), of_it.iter().map(|it| it.amount));
    findings.same(&Ok(fee.refunded), &back, || format!("I10: refunded of {id}"));
    let times = u32::try_from(of_it.len());
    findings.same(&Ok(fee.refunds), &times, || format!("I10: refunds of {id}"));
    let over = fee.refunded.exceeds(amount);
    findings.expect(over == Ok(false), || format!("I5: more of {id} was given back than taken"));
}

fn check_sale(evidence: &Evidence, findings: &mut Findings, sale: &Sale) {
    let id = sale.attempt;
    let currency = sale.transferred.currency();
    let of_it = evidence.transfers.iter().filter(|transfer| transfer.source == Some(id));
    let left = of_it.map(Transfer::left).collect::<Result<Vec<_>, MoneyError>>();
    let left = left.and_then(|left| Money::sum(currency, left));
    findings.same(&Ok(sale.transferred), &left, || format!("I10: transferred of {id}"));

    let sent = |of: &Transfer| sale.onward.iter().any(|onward| onward.transfer == of.id);
    let sent: Vec<_> = evidence.transfers.iter().filter(|it| sent(it)).collect();
    let kept = |of: &ApplicationFee| sale.onward.iter().any(|onward| onward.fee == Some(of.id));
    let kept: Vec<_> = evidence.fees.iter().filter(|it| kept(it)).collect();
    let Some(intent) = evidence.intents.get(&sale.intent) else {
        return findings.expect(false, || format!("I10: {id} is a sale of no payment"));
    };
    let data = intent.notes.transfer_data.as_ref();
    let whole = data.map(|data| data.amount.unwrap_or(intent.amount));
    let amount = Money::sum(currency, sent.iter().map(|it| it.amount));
    findings.same(&amount, &part(intent, whole), || format!("I10: sent on of {id}"));
    let fee = intent.notes.application_fee.filter(|_| data.is_some());
    let taken = Money::sum(currency, kept.iter().map(|it| it.amount));
    findings.same(&taken, &part(intent, fee), || format!("I10: the fees of {id}"));

    let back = evidence.reversals.iter().filter(|back| {
        back.refund.is_some() && sent.iter().any(|transfer| transfer.id == back.transfer)
    });
    let back = Money::sum(currency, back.map(|it| it.amount));
    findings.same(&Ok(sale.pulled_transfer.back), &back, || format!("I10: taken back of {id}"));
    if went_back_whole(evidence, intent, sale, |pulls| pulls.transfer) {
        let empty = sent.iter().all(|it| it.left().is_ok_and(Money::is_zero));
        findings.expect(empty, || format!("I5: a seller keeps some of {id}"));
    }
    if went_back_whole(evidence, intent, sale, |pulls| pulls.fee) {
        let empty = kept.iter().all(|it| it.left().is_ok_and(Money::is_zero));
        findings.expect(empty, || format!("I5: the platform keeps its fee of {id}"));
    }
}

/// The part of `whole` that goes with what was captured of a payment.
fn part(intent: &PaymentIntent, whole: Option<Money>) -> Result<Money, MoneyError> {
    let Some(whole) = whole else { return Ok(Money::zero(intent.amount.currency())) };
    let rest = intent.amount.checked_sub(intent.captured)?;
    let parts = whole.allocate(&[intent.captured.minor(), rest.minor()])?;
    Ok(parts.first().copied().unwrap_or(whole))
}

/// Whether all that was captured went back to the buyer, by refunds that asked for so much more.
fn went_back_whole(
    evidence: &Evidence,
    intent: &PaymentIntent,
    sale: &Sale,
    asked: impl Fn(&Pulls) -> bool,
) -> bool {
    let counts = |it: &&Refund| {
        it.attempt == sale.attempt
            && it.method == RefundMethod::Return
            && !failed(&it.state)
            && asked(&it.pulls)
    };
    let back = evidence.refunds.iter().filter(counts).map(|it| it.amount);
    intent.captured.is_positive()
        && Money::sum(intent.amount.currency(), back) == Ok(intent.captured)
}
