//! The records of disputes, applied.

use holdfast_core::time::Timestamp;

use super::super::authorization::AuthorizationIndex;
use super::super::dispute::{
    AnswerIndex, AnswerKind, Answered, Complaint, Dispute, DisputeIndex, Standing, Verdict, Warning,
};
use super::super::idempotency::Made;
use super::super::record::{DisputeAnswered, DisputeDecided, DisputeRaised};
use super::super::tick::Timer;
use super::super::{Inconsistent, Network};
use super::TWICE;

const NO_DISPUTE: Inconsistent = Inconsistent("it names a dispute that does not exist");

impl Network {
    /// A capture was done: its cardholder will complain.
    pub(super) fn expect_complaint(&mut self, of: AuthorizationIndex, at: Timestamp) {
        self.authorizations[of.0].complains_at = Some(at);
        self.timers.insert((at, Timer::Complaint(of)));
    }

    /// All that was captured went back: there is nothing left to complain about.
    pub(super) fn forget_complaint(&mut self, of: AuthorizationIndex) {
        let authorization = &mut self.authorizations[of.0];
        if let Some(at) = authorization.complains_at.filter(|_| authorization.is_uncomplained()) {
            authorization.complains_at = None;
            self.timers.remove(&(at, Timer::Complaint(of)));
        }
    }

    pub(super) fn dispute_raised(
        &mut self,
        at: Timestamp,
        raised: &DisputeRaised,
    ) -> Result<(), Inconsistent> {
        let of = self.index(&raised.authorization)?;
        if !self.authorizations[of.0].is_uncomplained() {
            return Err(TWICE);
        }
        if raised.complaint == Complaint::FraudWarning {
            self.authorizations[of.0].warning = Some(Warning { id: raised.id.clone() });
        } else {
            let index = DisputeIndex(self.disputes.len());
            let dispute = Dispute {
                id: raised.id.clone(),
                authorization: of,
                complaint: raised.complaint,
                amount: raised.amount,
                standing: Standing::NeedsResponse { due_by: raised.due_by },
                revision: 1,
                opened_at: at,
            };
            self.move_disputed(of, 0, dispute.withdrawn())?;
            self.authorizations[of.0].dispute = Some(index);
            self.by_dispute.insert(raised.id.clone(), index);
            self.timers.insert((raised.due_by, Timer::Dispute(index)));
            self.disputes.push(dispute);
        }
        if let Some(due) = self.authorizations[of.0].complains_at {
            self.timers.remove(&(due, Timer::Complaint(of)));
        }
        Ok(())
    }

    pub(super) fn dispute_answered(&mut self, made: &DisputeAnswered) -> Result<(), Inconsistent> {
        let index = *self.by_dispute.get(&made.dispute).ok_or(NO_DISPUTE)?;
        if self.by_answer.contains_key(&made.reference) {
            return Err(TWICE);
        }
        if made.refused.is_none() {
            let standing = match (made.what, self.disputes[index.0].complaint) {
                (AnswerKind::Evidence, _) => {
                    Standing::UnderReview { until: made.until, wins: made.wins }
                }
                (AnswerKind::Accept, Complaint::Inquiry | Complaint::FraudWarning) => {
                    Standing::Closed
                }
                (AnswerKind::Accept, Complaint::Fraudulent | Complaint::ProductNotReceived) => {
                    Standing::Lost
                }
            };
            self.dispute_stands(index, standing)?;
        }
        let answer = AnswerIndex(self.answers.len());
        self.answers.push(Answered {
            dispute: index,
            reference: made.reference.clone(),
            refused: made.refused,
            fingerprint: made.stamp.fingerprint,
        });
        self.by_answer.insert(made.reference.clone(), answer);
        self.use_key(&made.stamp, Made::Answer(answer));
        Ok(())
    }

    pub(super) fn dispute_decided(&mut self, decided: &DisputeDecided) -> Result<(), Inconsistent> {
        let index = *self.by_dispute.get(&decided.dispute).ok_or(NO_DISPUTE)?;
        let standing = match decided.verdict {
            Verdict::Won => Standing::Won,
            Verdict::Lost => Standing::Lost,
            Verdict::Closed => Standing::Closed,
        };
        self.dispute_stands(index, standing)
    }

    /// Gives a dispute another standing, with the money and the clock that belong to it.
    fn dispute_stands(
        &mut self,
        index: DisputeIndex,
        standing: Standing,
    ) -> Result<(), Inconsistent> {
        let dispute = &self.disputes[index.0];
        let Some(due) = dispute.changes_by() else {
            return Err(Inconsistent("the dispute was decided before"));
        };
        let before = dispute.withdrawn();
        let after = Dispute { standing, id: dispute.id.clone(), ..*dispute };
        self.move_disputed(after.authorization, before, after.withdrawn())?;
        self.timers.remove(&(due, Timer::Dispute(index)));
        if let Some(by) = after.changes_by() {
            self.timers.insert((by, Timer::Dispute(index)));
        }
        let dispute = &mut self.disputes[index.0];
        dispute.standing = standing;
        dispute.revision = dispute.revision.saturating_add(1);
        Ok(())
    }

    fn move_disputed(
        &mut self,
        of: AuthorizationIndex,
        before: i64,
        after: i64,
    ) -> Result<(), Inconsistent> {
        let authorization = &self.authorizations[of.0];
        let sums = authorization.sums.dispute(after - before)?;
        let key = authorization.account();
        let account = self.account(key).moved(0, before - after)?;
        self.accounts.insert(key, account);
        self.authorizations[of.0].sums = sums;
        Ok(())
    }
}
