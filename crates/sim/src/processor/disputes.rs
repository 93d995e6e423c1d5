//! Disputes in the processor's books, and what they mean to whoever asks.

use holdfast_core::dispute::command::RespondRequest;
use holdfast_core::dispute::report::{Complaints, DisputeReport, ResponseOutcome, WarningReport};
use holdfast_core::dispute::{DisputeState, EvidenceField, ResponseKind};
use holdfast_core::id::AttemptId;
use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;
use holdfast_sandbox::network::dispute::{
    Answer, AnswerIndex, AnswerKind, Complaint, Dispute, FRAUD_TYPE, Standing,
};

use super::receive::stamp;
use super::{Books, Look, Processor};

impl Processor {
    /// Looks up what was raised about an authorization.
    pub(crate) fn complaints(&self, now: Timestamp, attempt: AttemptId) -> Look<Complaints> {
        let mut books = self.books();
        books.settle(now);
        let Some(index) = books.network.find_authorization(&attempt.to_string()) else {
            return Look::Nothing;
        };
        let of = books.network.authorization(index);
        let disputes = of.dispute.iter().map(|it| books.report(books.network.dispute(*it)));
        let warnings = of.warning.iter().map(|it| WarningReport {
            reference: it.id.to_string(),
            fraud_type: FRAUD_TYPE.to_owned(),
        });
        let (disputes, warnings) = (disputes.collect(), warnings.collect());
        Look::Found(Complaints { disputes, warnings })
    }

    /// Receives evidence or an acceptance.
    pub(crate) fn respond(&self, now: Timestamp, request: &RespondRequest) -> ResponseOutcome {
        self.books().respond(now, request)
    }

    /// Looks up what became of evidence or an acceptance.
    pub(crate) fn look_at_response(
        &self,
        now: Timestamp,
        reference: &str,
    ) -> Look<ResponseOutcome> {
        let mut books = self.books();
        books.settle(now);
        match books.network.find_answer(reference) {
            None => Look::Nothing,
            Some(index) => Look::Found(books.response(index)),
        }
    }
}

impl Books {
    pub(super) fn respond(&mut self, now: Timestamp, request: &RespondRequest) -> ResponseOutcome {
        self.settle(now);
        let reference = request.own_reference();
        let text = request.evidence.field(EvidenceField::UncategorizedText);
        let answer = Answer {
            dispute: request.reference.as_str().into(),
            reference: reference.as_str().into(),
            what: match request.kind {
                ResponseKind::Evidence => AnswerKind::Evidence,
                ResponseKind::Accept => AnswerKind::Accept,
            },
            text: text.map(Into::into),
        };
        let at = self.now(now);
        match self.network.answer_dispute(at, &answer, &stamp("answer", &reference)) {
            Err(_) => ResponseOutcome::Unknown,
            Ok(change) => {
                let index = self.apply(now, change);
                self.response(index)
            }
        }
    }

    fn response(&self, index: AnswerIndex) -> ResponseOutcome {
        let answered = self.network.answer(index);
        match answered.refused {
            Some(refusal) => ResponseOutcome::Refused { code: refusal.code().to_owned() },
            None => ResponseOutcome::Taken(self.report(self.network.dispute(answered.dispute))),
        }
    }

    fn report(&self, dispute: &Dispute) -> DisputeReport {
        let currency = self.network.authorization(dispute.authorization).currency;
        DisputeReport {
            reference: dispute.id.to_string(),
            amount: Money::new(dispute.amount, currency),
            withdrawn: Money::new(dispute.withdrawn(), currency),
            reason: dispute.complaint.reason().to_owned(),
            network_code: Some(dispute.complaint.network_code().to_owned()),
            revision: dispute.revision,
            opened_at: dispute.opened_at,
            state: state(dispute),
        }
    }
}

fn state(dispute: &Dispute) -> DisputeState {
    let warns = dispute.complaint == Complaint::Inquiry;
    let at = dispute.opened_at;
    match dispute.standing {
        Standing::NeedsResponse { due_by } if warns => {
            DisputeState::WarningNeedsResponse { due_by }
        }
        Standing::NeedsResponse { due_by } => DisputeState::NeedsResponse { due_by },
        Standing::UnderReview { until, .. } if warns => DisputeState::WarningUnderReview { until },
        Standing::UnderReview { until, .. } => DisputeState::UnderReview { until },
        Standing::Won => DisputeState::Won { at },
        Standing::Lost => DisputeState::Lost { at },
        Standing::Closed => DisputeState::WarningClosed { at },
    }
}
