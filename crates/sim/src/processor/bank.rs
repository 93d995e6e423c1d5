//! What the bank does with a payout, and what it finds under a reference.

use holdfast_core::effect::PayoutRequest;
use holdfast_core::payout::{PayoutMethod, PayoutOutcome};
use holdfast_core::time::Timestamp;
use holdfast_sandbox::network::payout::{PayOut, Payout, Progress, Speed};

use super::receive::{Look, stamp};
use super::{Books, Processor};

impl Processor {
    /// Receives the wish to pay an account.
    pub(crate) fn pay_out(&self, now: Timestamp, request: &PayoutRequest) -> PayoutOutcome {
        self.books().pay_out(now, request)
    }

    /// Looks a payout up.
    pub(crate) fn look_at_payout(
        &self,
        now: Timestamp,
        request: &PayoutRequest,
    ) -> Look<PayoutOutcome> {
        let mut books = self.books();
        books.settle(now);
        let at = books.now(now);
        match books.network.find_payout(&request.payout.to_string()) {
            None => Look::Nothing,
            Some(index) => Look::Found(told(books.network.payout(index), at)),
        }
    }
}

impl Books {
    pub(super) fn pay_out(&mut self, now: Timestamp, request: &PayoutRequest) -> PayoutOutcome {
        self.settle(now);
        let reference = request.payout.to_string();
        let wish = PayOut {
            reference: reference.as_str().into(),
            account: request.account,
            amount: request.amount.minor(),
            currency: request.amount.currency(),
            speed: match request.method {
                PayoutMethod::Standard => Speed::Standard,
                PayoutMethod::Instant => Speed::Instant,
            },
        };
        let (seed, at) = (self.seed(), self.now(now));
        match self.network.pay_out(at, &wish, &stamp("payout", &reference), &seed) {
            Err(_) => PayoutOutcome::Unknown,
            Ok(change) => {
                let index = self.apply(now, change);
                let payout = self.network.payout(index);
                // The first answer is told again to whoever asks again.
                told(payout, payout.created_at)
            }
        }
    }
}

fn told(payout: &Payout, at: Timestamp) -> PayoutOutcome {
    let reference = payout.id.to_string();
    match payout.progress(at) {
        Progress::Pending => PayoutOutcome::Accepted { reference, arrives_at: payout.arrives_at },
        Progress::Paid => PayoutOutcome::Paid { reference },
        Progress::Failed(code) => PayoutOutcome::Failed { code: code.to_owned() },
    }
}
