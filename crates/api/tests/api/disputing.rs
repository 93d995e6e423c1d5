//! What cardholders' banks raise, as the bank of the tests does it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use holdfast_core::currency::Currency;
use holdfast_core::dispute::command::RespondRequest;
use holdfast_core::dispute::report::{Complaints, DisputeReport, ResponseOutcome, WarningReport};
use holdfast_core::dispute::{DisputeState, EvidenceField, ResponseKind};
use holdfast_core::effect::{AuthorizeRequest, CaptureRequest};
use holdfast_core::money::Money;
use holdfast_core::time::{Span, Timestamp};

use crate::world::START_MS;

/// The bank's books of disputes, by our name of the authorization.
#[derive(Default)]
pub(crate) struct Desk(Mutex<BTreeMap<String, Complaints>>);

impl Desk {
    /// Notes a card that will complain, by the name of its shortcut.
    pub(crate) fn note(&self, request: &AuthorizeRequest) {
        let token = request.token.reveal();
        let name = token.strip_prefix("tok_").or_else(|| token.strip_prefix("pm_card_"));
        let reference = request.attempt.to_string();
        let due_by = Timestamp::from_ms(START_MS).after(Span::days(20));
        let report = |reason: &str, state| DisputeReport {
            reference: format!("sbd_{reference}"),
            amount: request.amount,
            withdrawn: request.amount,
            reason: reason.to_owned(),
            network_code: Some("10.4".to_owned()),
            revision: 1,
            opened_at: Timestamp::from_ms(START_MS),
            state,
        };
        let none = Money::zero(request.amount.currency());
        let mut complaints = Complaints::default();
        match name {
            Some("createDispute") => {
                let state = DisputeState::NeedsResponse { due_by };
                complaints.disputes.push(report("fraudulent", state));
            }
            Some("createDisputeInquiry") => {
                let state = DisputeState::WarningNeedsResponse { due_by };
                let inquiry = report("general", state);
                complaints.disputes.push(DisputeReport { withdrawn: none, ..inquiry });
            }
            Some("createIssuerFraudRecord") => complaints.warnings.push(WarningReport {
                reference: format!("sbw_{reference}"),
                fraud_type: "unauthorized_use_of_card".to_owned(),
            }),
            _ => return,
        }
        self.0.lock().unwrap().insert(reference, complaints);
    }

    /// Disputes what was taken, not what was held.
    pub(crate) fn taken(&self, request: &CaptureRequest) {
        let mut books = self.0.lock().unwrap();
        let reference = request.authorization.strip_prefix("sba_").unwrap_or_default();
        let Some(complaints) = books.get_mut(reference) else { return };
        for dispute in &mut complaints.disputes {
            dispute.amount = request.amount;
            if dispute.withdrawn.is_positive() {
                dispute.withdrawn = request.amount;
            }
        }
    }

    pub(crate) fn complaints(&self, reference: &str) -> Complaints {
        self.0.lock().unwrap().get(reference).cloned().unwrap_or_default()
    }

    /// Decides at once, as the text of the evidence says.
    pub(crate) fn respond(&self, request: &RespondRequest) -> ResponseOutcome {
        let mut books = self.0.lock().unwrap();
        let all = books.values_mut().flat_map(|it| &mut it.disputes);
        let Some(dispute) = all.into_iter().find(|it| it.reference == request.reference) else {
            return ResponseOutcome::Unknown;
        };
        let at = dispute.opened_at;
        let is_inquiry = matches!(dispute.state, DisputeState::WarningNeedsResponse { .. });
        let text = request.evidence.field(EvidenceField::UncategorizedText).unwrap_or_default();
        dispute.revision += 1;
        dispute.state = match (request.kind, text) {
            (ResponseKind::Accept, _) if is_inquiry => DisputeState::WarningClosed { at },
            (ResponseKind::Accept, _) | (_, "losing_evidence") => DisputeState::Lost { at },
            (ResponseKind::Evidence, "winning_evidence") => {
                dispute.withdrawn = Money::zero(Currency::USD);
                DisputeState::Won { at }
            }
            (ResponseKind::Evidence, _) => {
                let until = at.after(Span::days(60));
                if is_inquiry {
                    DisputeState::WarningUnderReview { until }
                } else {
                    DisputeState::UnderReview { until }
                }
            }
        };
        ResponseOutcome::Taken(dispute.clone())
    }
}
