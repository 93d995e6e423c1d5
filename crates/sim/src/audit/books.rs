//! I1 and I10: entries balance, balances are the sums of their postings, and every balance can be
//! reckoned anew from the rows.

use std::collections::BTreeMap;

use holdfast_core::currency::Currency;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::refund::RefundMethod;

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
    }
    findings.same(&evidence.balances, &posted, || "I1: the sums of the postings".to_owned());
    for ((account, currency), signed) in &evidence.balances {
        let passed = account.is_limited() && *signed > 0;
        findings.expect(!passed, || format!("I1: {account} has less than nothing {currency}"));
    }
    let reckoned = reckoned(evidence);
    posted.retain(|_, signed| *signed != 0);
    findings.same(&posted, &reckoned, || "I10: the balances and what the rows say".to_owned());
}

/// The balances as the rows of captures, refunds and held funds make them.
fn reckoned(evidence: &Evidence) -> Sums {
    let mut sums = Sums::new();
    let mut add = |account: Account, amount: Money, sign: i64| {
        *sums.entry((account, amount.currency())).or_default() += sign * amount.minor();
    };
    for capture in &evidence.captures {
        if matches!(capture.state, Asked::Succeeded { .. }) {
            add(Account::ProcessorClearing, capture.amount, 1);
            if capture.shares.is_empty() {
                add(Account::PlatformSales, capture.amount, -1);
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
                None if share.order.is_none() => add(Account::PlatformSales, share.held, 1),
                None => {}
            }
            add(Account::PlatformFees, share.fee, 1);
        }
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
    sums.retain(|_, signed| *signed != 0);
    sums
}

/// Whether the processor said no, or took it back.
pub(super) fn failed(state: &Asked) -> bool {
    matches!(state, Asked::Failed { .. })
}
