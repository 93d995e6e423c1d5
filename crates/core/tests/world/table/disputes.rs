//! The verbs of disputes: what a cardholder's bank raises, and what is answered.

use std::collections::BTreeMap;

use holdfast_core::command::Command;
use holdfast_core::dispute::command::{
    ComplaintsRequest, DisputeCommand, LookCause, UpdateDispute,
};
use holdfast_core::dispute::report::{
    Complaints, ComplaintsOutcome, DisputeReport, ResponseOutcome, WarningReport,
};
use holdfast_core::dispute::{Dispute, DisputeState, EvidenceField};
use holdfast_core::id::DisputeId;
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::refusal::Refusal;
use holdfast_core::time::Span;

use super::super::words::Words;
use super::Table;

type Outcome = Result<(), Refusal>;

impl Table {
    /// `raised a1 1 needs_response USD 25.00 taken USD 25.00`: what the network says by now, with
    /// its revision; `raised a1 warning` for a bank's word of fraud.
    pub(super) fn raised(&mut self, words: &mut Words<'_>) -> Outcome {
        let attempt = self.world.names.id::<Attempt>(words.word());
        let mut complaints = Complaints::default();
        if words.is("warning") {
            complaints.warnings.push(WarningReport {
                reference: "sbw_1".to_owned(),
                fraud_type: "unauthorized_use_of_card".to_owned(),
            });
        } else {
            let revision = u32::from(words.number());
            complaints.disputes.push(self.report(revision, words));
        }
        let request = ComplaintsRequest { attempt, cause: LookCause::Hint, tries: 0 };
        let record = DisputeCommand::Record(request, ComplaintsOutcome::Known(complaints));
        self.world.ask(Command::Dispute(record)).map(|_| ())
    }

    /// `unheard a1`: a look whose answer is missing.
    pub(super) fn unheard(&mut self, words: &mut Words<'_>) -> Outcome {
        let attempt = self.world.names.id::<Attempt>(words.word());
        let request = ComplaintsRequest { attempt, cause: LookCause::Hint, tries: 0 };
        let record = DisputeCommand::Record(request, ComplaintsOutcome::Unknown);
        self.world.ask(Command::Dispute(record)).map(|_| ())
    }

    /// `evidence x1 winning_evidence`, `evidence x1 text staged`, `evidence x1` to submit what is
    /// there.
    pub(super) fn evidence(&mut self, words: &mut Words<'_>) -> Outcome {
        let dispute = self.world.names.id::<Dispute>(words.word());
        let text = words.any().map(str::to_owned);
        let given = text.into_iter().map(|text| (EvidenceField::UncategorizedText, Some(text)));
        let evidence = BTreeMap::from_iter(given);
        let submit = !words.is("staged");
        let update = UpdateDispute { dispute, evidence, metadata: None, submit };
        self.world.ask(Command::Dispute(DisputeCommand::Update(update))).map(|_| ())
    }

    /// `accept x1`.
    pub(super) fn accept(&mut self, words: &mut Words<'_>) -> Outcome {
        let dispute = self.world.names.id::<Dispute>(words.word());
        self.world.ask(Command::Dispute(DisputeCommand::Accept(dispute))).map(|_| ())
    }

    /// `2 under_review USD 25.00 taken USD 25.00`, `refused too_late`, `never_sent`, `unknown`.
    pub(super) fn bank_takes(&self, id: DisputeId, words: &mut Words<'_>) -> ResponseOutcome {
        let known: Dispute = self.world.row(&id);
        match words.word() {
            "refused" => ResponseOutcome::Refused { code: words.word().to_owned() },
            "never_sent" => ResponseOutcome::NeverSent,
            "unknown" => ResponseOutcome::Unknown,
            revision => {
                let revision = revision.parse().expect("a revision");
                let report = self.report(revision, words);
                ResponseOutcome::Taken(DisputeReport { reference: known.reference, ..report })
            }
        }
    }

    fn report(&self, revision: u32, words: &mut Words<'_>) -> DisputeReport {
        let opened_at = self.world.now;
        let by = opened_at.after(Span::days(20));
        let state = match words.word() {
            "needs_response" => DisputeState::NeedsResponse { due_by: by },
            "under_review" => DisputeState::UnderReview { until: by },
            "won" => DisputeState::Won { at: opened_at },
            "lost" => DisputeState::Lost { at: opened_at },
            "warning_needs_response" => DisputeState::WarningNeedsResponse { due_by: by },
            "warning_closed" => DisputeState::WarningClosed { at: opened_at },
            what => panic!("a network does not say {what}"),
        };
        let amount = words.money();
        let withdrawn =
            if words.is("taken") { words.money() } else { Money::zero(amount.currency()) };
        DisputeReport {
            reference: "sbd_1".to_owned(),
            amount,
            withdrawn,
            reason: "fraudulent".to_owned(),
            network_code: Some("10.4".to_owned()),
            revision,
            opened_at,
            state,
        }
    }
}
