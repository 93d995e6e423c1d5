//! I1 and I10: entries balance, balances are the sums of their postings, and every balance can be
//! reckoned anew from the rows.

use std::collections::BTreeMap;

use holdfast_core::currency::Currency;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::refund::RefundMethod;
use holdfast_core::payout::{Payout, PayoutOwner, PayoutState};
use holdfast_core::topup::TopupState;

use super::{Evidence, Findings};

type Sums = BTreeMap<(Account, Currency), i64>;

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let mut posted = Sums::new();
    for entry in &evidence.entries {
        findings.expect(entry.balances(), || format!("I1: {} does not balance", entry.id));
        for posting in &entry.postings {
            let key = (posting.account, posting.amount.currency());
            *posted.entry(key).or_default() += posting.signed_minor();
        }
        // The entries stand in the order in which they were committed.
        for posting in entry.postings.iter().filter(|posting| entry.limits(posting.account)) {
            let (id, account, currency) = (entry.id, posting.account, posting.amount.currency());
            let signed = posted.get(&(account, currency)).copied().unwrap_or(0);
            findings.expect(signed <= 0, || format!("I1: {id} leaves {account} {signed} short"));
        }
    }
    check_zero(evidence, findings);
    findings.same(&evidence.balances, &posted, || "I1: the sums of the postings".to_owned());
    for ((account, currency), signed) in &evidence.balances {
        let passed = account.is_limited() && *signed > 0;
        findings.expect(!passed, || format!("I1: {account} has less than nothing {currency}"));
    }
    let reckoned = reckoned(evidence);
    posted.retain(|_, signed| *signed != 0);
    findings.same(&posted, &reckoned, || "I10: the balances and what the rows say".to_owned());
}

/// All accounts of a currency together hold nothing: money comes from somewhere.
fn check_zero(evidence: &Evidence, findings: &mut Findings) {
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for ((_, currency), signed) in &evidence.balances {
        *sums.entry(*currency).or_default() += signed;
    }
    for (currency, sum) in sums {
        findings.expect(sum == 0, || format!("I1: all accounts hold {sum} {currency}"));
    }
}

/// The balances as the rows of captures, refunds, transfers and held funds make them.
fn reckoned(evidence: &Evidence) -> Sums {
    let mut sums = Sums::new();
    let mut add = |account: Account, amount: Money, sign: i64| {
        *sums.entry((account, amount.currency())).or_default() += sign * amount.minor();
    };
    add_charges(evidence, &mut add);
    add_sales(evidence, &mut add);
    add_passed_on(evidence, &mut add);
    for topup in evidence.topups.iter().filter(|it| it.state == TopupState::Succeeded) {
        add(Account::Bank, topup.amount, 1);
        add(Account::PlatformAvailable, topup.amount, -1);
    }
    for payout in &evidence.payouts {
        add_payout(payout, &mut add);
    }
    sums.retain(|_, signed| *signed != 0);
    sums
}

/// What cards brought and what went back to them.
fn add_charges(evidence: &Evidence, add: &mut impl FnMut(Account, Money, i64)) {
    for capture in &evidence.captures {
        if matches!(capture.state, Asked::Succeeded { .. }) {
            add(Account::ProcessorClearing, capture.amount, 1);
            if capture.shares.is_empty() {
                add(Account::PlatformAvailable, capture.amount, -1);
            }
        }
    }
    for refund in &evidence.refunds {
        if refund.method == RefundMethod::Reversal || failed(&refund.state) {
            continue;
        }
        let settled = matches!(refund.state, Asked::Succeeded { .. });
        let from = if settled { Account::ProcessorClearing } else { Account::RefundsPending };
        add(from, refund.amount, -1);
        for share in &refund.shares {
            match share.seller_account {
                Some(seller) => add(Account::SellerAvailable(seller), share.seller, 1),
                None if share.order.is_none() => add(Account::PlatformAvailable, share.held, 1),
                None => {}
            }
            add(Account::PlatformFees, share.fee, 1);
        }
    }
    for dispute in &evidence.disputes {
        add(Account::PlatformDisputes, dispute.withdrawn, 1);
        add(Account::ProcessorClearing, dispute.withdrawn, -1);
    }
}

/// What sales have not settled yet.
fn add_sales(evidence: &Evidence, add: &mut impl FnMut(Account, Money, i64)) {
    for sale in &evidence.sales {
        for part in &sale.unsettled {
            add(Account::PlatformPending, part.left, -1);
            add(Account::PlatformAvailable, part.left, 1);
            add(Account::PlatformPending, part.fee, -1);
            add(Account::PlatformFees, part.fee, 1);
            for passed in &part.passed {
                add(Account::SellerPending(passed.seller), passed.amount, -1);
                add(Account::SellerAvailable(passed.seller), passed.amount, 1);
            }
        }
    }
}

/// What went on to sellers, came back from them, and is held for them.
fn add_passed_on(evidence: &Evidence, add: &mut impl FnMut(Account, Money, i64)) {
    for transfer in &evidence.transfers {
        let kept = transfer.left().unwrap_or(transfer.amount);
        add(Account::PlatformAvailable, kept, 1);
        add(Account::SellerAvailable(transfer.destination), kept, -1);
    }
    for fee in &evidence.fees {
        let kept = fee.left().unwrap_or(fee.amount);
        add(Account::SellerAvailable(fee.seller), kept, 1);
        add(Account::PlatformFees, kept, -1);
    }
    for funds in evidence.funds.values() {
        for release in &funds.releases {
            add(Account::PlatformFees, release.fee, -1);
            let net = release.net().unwrap_or(release.amount);
            add(Account::SellerAvailable(funds.seller), net, -1);
        }
        let left = funds.left().unwrap_or(funds.amount);
        add(Account::Held(funds.order), left, -1);
    }
}

/// What a payout makes of the balances: out of what is available, on its way, and gone once paid.
fn add_payout(payout: &Payout, add: &mut impl FnMut(Account, Money, i64)) {
    let to = match &payout.state {
        PayoutState::Failed { .. } | PayoutState::Canceled { .. } => return,
        PayoutState::Paid { .. } => Account::ProcessorClearing,
        PayoutState::Pending { .. }
        | PayoutState::Sending { .. }
        | PayoutState::InTransit { .. } => payout.paying(),
    };
    let from_sales = payout.amount.checked_sub(payout.from_fees).unwrap_or(payout.amount);
    match payout.owner {
        PayoutOwner::Seller(seller) => add(Account::SellerAvailable(seller), payout.amount, 1),
        PayoutOwner::Platform => {
            add(Account::PlatformAvailable, from_sales, 1);
            add(Account::PlatformFees, payout.from_fees, 1);
        }
    }
    add(to, payout.amount, -1);
}

/// Whether the processor said no, or took it back.
pub(super) fn failed(state: &Asked) -> bool {
    matches!(state, Asked::Failed { .. })
}
