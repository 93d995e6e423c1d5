//! Disputes at the network: looked up by our reference of the authorization, and answered.

use holdfast_core::currency::Currency;
use holdfast_core::dispute::command::{ComplaintsRequest, RespondRequest};
use holdfast_core::dispute::report::{
    Complaints, ComplaintsOutcome, DisputeReport, ResponseOutcome, WarningReport,
};
use holdfast_core::dispute::{DisputeState, Evidence};
use holdfast_core::effect::Ask;
use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use super::classify::{self, Doubt, Heard, How, Verdict};
use super::{JSON, SandboxNetwork, heard, wire};

/// The most disputes, and the most warnings, that one authorization may have: a network allows a
/// few.
const COMPLAINTS_MAX: usize = 20;

impl SandboxNetwork {
    /// Looks up what was raised about an authorization.
    pub async fn complaints(&self, request: &ComplaintsRequest) -> ComplaintsOutcome {
        let reference = request.attempt.to_string();
        let mut url = self.url(&["network", "disputes"]);
        url.query_pairs_mut().append_pair("reference", &reference);
        let heard = heard(How::Looked, self.client.get(url)).await;
        match complaints(&reference, &heard) {
            Ok(complaints) => ComplaintsOutcome::Known(complaints),
            Err(doubt) => {
                tracing::warn!(%reference, %doubt, "the disputes at the network are unknown");
                ComplaintsOutcome::Unknown
            }
        }
    }

    /// Gives evidence to the network, or accepts a dispute; or looks up what became of it.
    pub async fn respond(&self, request: &RespondRequest) -> ResponseOutcome {
        let heard = match request.ask {
            Ask::First => self.send_response(How::Sent, request).await,
            Ask::Look => self.look_at_response(request).await,
            Ask::Again => {
                let looked = self.look_at_response(request).await;
                if classify::is_never_received(&looked) {
                    self.send_response(How::SentAgain, request).await
                } else {
                    looked
                }
            }
        };
        match response(request, &heard) {
            Ok(outcome) => outcome,
            Err(doubt) => {
                let reference = request.own_reference();
                tracing::warn!(%reference, %doubt, "the outcome at the network is unknown");
                ResponseOutcome::Unknown
            }
        }
    }

    async fn send_response(&self, how: How, request: &RespondRequest) -> Heard {
        let reference = request.own_reference();
        let body = AnswerBody {
            reference: &reference,
            kind: request.kind.name(),
            evidence: &request.evidence,
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let url = self.url(&["network", "disputes", &request.reference, "answers"]);
        let post = self.client.post(url).header(CONTENT_TYPE, JSON);
        heard(how, post.header("idempotency-key", reference).body(body)).await
    }

    async fn look_at_response(&self, request: &RespondRequest) -> Heard {
        let mut url = self.url(&["network", "dispute_answers"]);
        url.query_pairs_mut().append_pair("reference", &request.own_reference());
        heard(How::Looked, self.client.get(url)).await
    }
}

#[derive(Serialize)]
struct AnswerBody<'a> {
    reference: &'a str,
    kind: &'static str,
    evidence: &'a Evidence,
}

#[derive(Deserialize)]
struct ComplaintsObject {
    reference: String,
    disputes: Vec<DisputeObject>,
    warnings: Vec<WarningObject>,
}

#[derive(Deserialize)]
struct AnswerObject {
    reference: String,
    dispute: DisputeObject,
}

#[derive(Deserialize)]
struct DisputeObject {
    id: String,
    status: Status,
    amount: i64,
    withdrawn: i64,
    currency: String,
    reason: String,
    network_code: Option<String>,
    revision: u32,
    /// In milliseconds since the start of 1970.
    opened_at: i64,
    /// In milliseconds since the start of 1970.
    changes_by: Option<i64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    WarningNeedsResponse,
    WarningUnderReview,
    WarningClosed,
    NeedsResponse,
    UnderReview,
    Won,
    Lost,
    Prevented,
    AppealNeedsResponse,
    AppealUnderReview,
}

#[derive(Deserialize)]
struct WarningObject {
    id: String,
    fraud_type: String,
}

fn complaints(reference: &str, heard: &Heard) -> Result<Complaints, Doubt> {
    let body = match classify::verdict(heard)? {
        Verdict::Object(body) => body,
        // It has captured the authorization, so that it cannot say that it never received it.
        Verdict::NotReceived => return Err(Doubt::NotReceived),
        Verdict::Refused(_) | Verdict::NeverSent => return Err(Doubt::NoAnswer),
    };
    let object: ComplaintsObject = wire::read(body).ok_or(Doubt::Unreadable)?;
    if object.reference != reference {
        return Err(Doubt::Other("reference"));
    }
    if object.disputes.len() > COMPLAINTS_MAX || object.warnings.len() > COMPLAINTS_MAX {
        return Err(Doubt::Unreadable);
    }
    let disputes = object.disputes.into_iter().map(report);
    let warnings = object.warnings.into_iter().map(warning);
    Ok(Complaints {
        disputes: disputes.collect::<Option<_>>().ok_or(Doubt::Unreadable)?,
        warnings: warnings.collect::<Option<_>>().ok_or(Doubt::Unreadable)?,
    })
}

fn response(request: &RespondRequest, heard: &Heard) -> Result<ResponseOutcome, Doubt> {
    let body = match classify::verdict(heard) {
        Ok(Verdict::Object(body)) => body,
        Ok(Verdict::Refused(code)) => {
            return Ok(ResponseOutcome::Refused { code: wire::code_or_error(Some(code)) });
        }
        Ok(Verdict::NeverSent) => return Ok(ResponseOutcome::NeverSent),
        Ok(Verdict::NotReceived) => return Err(Doubt::NotReceived),
        // A look at an answer that was refused says so, too: by a code, as only the network does.
        Err(doubt) => {
            let code = code_of(heard).filter(|_| doubt == Doubt::Status(402)).ok_or(doubt)?;
            return Ok(ResponseOutcome::Refused { code: wire::code_or_error(Some(code)) });
        }
    };
    let object: AnswerObject = wire::read(body).ok_or(Doubt::Unreadable)?;
    if object.reference != request.own_reference() {
        return Err(Doubt::Other("reference"));
    }
    if object.dispute.id != request.reference {
        return Err(Doubt::Other("dispute"));
    }
    report(object.dispute).map(ResponseOutcome::Taken).ok_or(Doubt::Unreadable)
}

fn code_of(heard: &Heard) -> Option<String> {
    heard.answer.as_ref().ok().and_then(|answer| wire::error_code(&answer.body))
}

/// A report; `None` when a word is none, or a deadline is missing where there must be one.
fn report(object: DisputeObject) -> Option<DisputeReport> {
    let currency = Currency::parse(&object.currency)?;
    let code = object.network_code;
    let is_code = |code: &String| {
        code.len() <= 20 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    };
    if !wire::is_name(&object.id) || !wire::is_code(&object.reason) {
        return None;
    }
    let opened_at = Timestamp::from_ms(object.opened_at);
    let by = object.changes_by.map(Timestamp::from_ms);
    Some(DisputeReport {
        reference: object.id,
        amount: Money::new(object.amount, currency),
        withdrawn: Money::new(object.withdrawn, currency),
        reason: object.reason,
        network_code: code.filter(is_code),
        revision: object.revision,
        opened_at,
        state: state(object.status, by, opened_at)?,
    })
}

fn state(status: Status, by: Option<Timestamp>, at: Timestamp) -> Option<DisputeState> {
    Some(match status {
        Status::WarningNeedsResponse => DisputeState::WarningNeedsResponse { due_by: by? },
        Status::WarningUnderReview => DisputeState::WarningUnderReview { until: by? },
        Status::WarningClosed => DisputeState::WarningClosed { at },
        Status::NeedsResponse => DisputeState::NeedsResponse { due_by: by? },
        Status::UnderReview => DisputeState::UnderReview { until: by? },
        Status::Won => DisputeState::Won { at },
        Status::Lost => DisputeState::Lost { at },
        Status::Prevented => DisputeState::Prevented { at },
        Status::AppealNeedsResponse => DisputeState::AppealNeedsResponse { due_by: by? },
        Status::AppealUnderReview => DisputeState::AppealUnderReview { until: by? },
    })
}

fn warning(object: WarningObject) -> Option<WarningReport> {
    let is_sane = wire::is_name(&object.id) && wire::is_code(&object.fraud_type);
    let WarningObject { id: reference, fraud_type } = object;
    is_sane.then_some(WarningReport { reference, fraud_type })
}

#[cfg(test)]
mod tests;
