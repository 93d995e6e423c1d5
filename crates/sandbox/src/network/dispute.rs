//! Disputes: what cardholders' banks raise after a charge, and how they decide.

use holdfast_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::authorization::AuthorizationIndex;
use super::idempotency::{Fingerprint, Made, Stamp};
use super::name::Name;
use super::record::{DisputeAnswered, DisputeRaised, Record};
use super::{Change, Network, Refusal};

/// How long after a capture the cardholder of a disputing test card complains, in sandbox time.
pub const COMPLAINS_AFTER: Span = Span::seconds(2);
/// How long a bank waits for evidence: the shortest that the networks give is about a week, and
/// the usual is 20 days (Visa 13.1, less the acquirer's own).
pub const EVIDENCE_WAIT: Span = Span::days(20);
/// How long a bank waits for an answer to a mere question.
pub const INQUIRY_WAIT: Span = Span::days(20);
/// How long a bank reads evidence that tells it how to decide, as the published test mode has it.
pub const VERDICT_AFTER: Span = Span::seconds(2);
/// How long a bank reads any other evidence before it decides against the merchant.
pub const REVIEW_TAKES: Span = Span::days(60);
/// The text that wins, as the published test mode has it.
pub const WINNING: &str = "winning_evidence";
/// The text that loses at once.
pub const LOSING: &str = "losing_evidence";

/// What the cardholder of a test card does once money was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Complaint {
    /// Disputes the charge as not their own.
    Fraudulent,
    /// Disputes the charge because nothing arrived.
    ProductNotReceived,
    /// Lets the bank ask first.
    Inquiry,
    /// The bank warns of fraud, and nothing follows.
    FraudWarning,
}

impl Complaint {
    /// The reason on the wire.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Fraudulent | Self::FraudWarning => "fraudulent",
            Self::ProductNotReceived => "product_not_received",
            Self::Inquiry => "general",
        }
    }

    /// The network's own code (Visa).
    pub const fn network_code(self) -> &'static str {
        match self {
            Self::Fraudulent | Self::FraudWarning | Self::Inquiry => "10.4",
            Self::ProductNotReceived => "13.1",
        }
    }

    /// Whether the bank takes the money back at once.
    pub const fn takes_back(self) -> bool {
        match self {
            Self::Fraudulent | Self::ProductNotReceived => true,
            Self::Inquiry | Self::FraudWarning => false,
        }
    }
}

/// Where a dispute stands in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DisputeIndex(pub(super) usize);

/// Where an answer of the merchant stands in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerIndex(pub(super) usize);

/// A dispute of a charge, or a bank's question about one.
#[derive(Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The network's id.
    pub id: Name,
    /// What it is about.
    pub authorization: AuthorizationIndex,
    /// Why.
    pub complaint: Complaint,
    /// In minor units of the authorization's currency.
    pub amount: i64,
    /// Where it stands.
    pub standing: Standing,
    /// How often it has changed, its opening included.
    pub revision: u32,
    /// When it was opened, in sandbox time.
    pub opened_at: Timestamp,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The bank waits for an answer.
    NeedsResponse {
        /// Until when.
        due_by: Timestamp,
    },
    /// The bank reads the answer.
    UnderReview {
        /// Until when.
        until: Timestamp,
        /// Whether the merchant will be right.
        wins: bool,
    },
    /// The merchant is right.
    Won,
    /// The cardholder is right.
    Lost,
    /// Nothing came of the bank's question.
    Closed,
}

impl Dispute {
    /// The status on the wire.
    pub const fn status(&self) -> &'static str {
        let warns = matches!(self.complaint, Complaint::Inquiry);
        match self.standing {
            Standing::NeedsResponse { .. } if warns => "warning_needs_response",
            Standing::NeedsResponse { .. } => "needs_response",
            Standing::UnderReview { .. } if warns => "warning_under_review",
            Standing::UnderReview { .. } => "under_review",
            Standing::Won => "won",
            Standing::Lost => "lost",
            Standing::Closed => "warning_closed",
        }
    }

    /// What the cardholder has back by it, in minor units.
    pub const fn withdrawn(&self) -> i64 {
        match self.standing {
            Standing::Won | Standing::Closed => 0,
            Standing::NeedsResponse { .. } | Standing::UnderReview { .. } | Standing::Lost => {
                if self.complaint.takes_back() {
                    self.amount
                } else {
                    0
                }
            }
        }
    }

    /// When it changes by itself at the latest.
    pub const fn changes_by(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::NeedsResponse { due_by: by } | Standing::UnderReview { until: by, .. } => {
                Some(by)
            }
            Standing::Won | Standing::Lost | Standing::Closed => None,
        }
    }

    /// How it ends when its time is over: silence loses, and a question is closed.
    pub(super) const fn end(&self) -> Verdict {
        match (self.complaint, self.standing) {
            (Complaint::Inquiry | Complaint::FraudWarning, _) => Verdict::Closed,
            (_, Standing::UnderReview { wins: true, .. }) => Verdict::Won,
            (
                Complaint::Fraudulent | Complaint::ProductNotReceived,
                Standing::NeedsResponse { .. }
                | Standing::UnderReview { .. }
                | Standing::Won
                | Standing::Lost
                | Standing::Closed,
            ) => Verdict::Lost,
        }
    }
}

/// How a bank decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// For the merchant.
    Won,
    /// For the cardholder.
    Lost,
    /// The question is closed.
    Closed,
}

/// An early fraud warning of a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The network's id.
    pub id: Name,
}

/// The kind of fraud that every warning names.
pub const FRAUD_TYPE: &str = "unauthorized_use_of_card";

/// What a merchant answers to a dispute.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The network's id of the dispute.
    pub dispute: Box<str>,
    /// The merchant's reference, unique among answers.
    pub reference: Name,
    /// What.
    pub what: AnswerKind,
    /// The free text of the evidence, which decides.
    pub text: Option<Box<str>>,
}

/// What a merchant answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Evidence.
    Evidence,
    /// The cardholder may have the money.
    Accept,
}

/// An answer that was taken or refused, for good.
#[derive(Debug, PartialEq, Eq)]
pub struct Answered {
    /// The dispute.
    pub dispute: DisputeIndex,
    /// The merchant's reference.
    pub reference: Name,
    /// Why it was refused, if it was.
    pub refused: Option<AnswerRefusal>,
    pub(super) fingerprint: Fingerprint,
}

/// Why the network refused an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerRefusal {
    /// The bank reads an earlier answer, or has decided.
    NotAwaited,
    /// The time for it is over.
    TooLate,
}

impl AnswerRefusal {
    /// The code on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAwaited => "response_not_awaited",
            Self::TooLate => "response_too_late",
        }
    }
}

impl Network {
    /// The dispute at an index that the network gave.
    pub fn dispute(&self, index: DisputeIndex) -> &Dispute {
        &self.disputes[index.0]
    }

    /// The answer at an index that the network gave.
    pub fn answer(&self, index: AnswerIndex) -> &Answered {
        &self.answers[index.0]
    }

    /// The answer with the merchant's reference; `None`: it was never received.
    pub fn find_answer(&self, reference: &str) -> Option<AnswerIndex> {
        self.by_answer.get(reference).copied()
    }

    /// Takes evidence or an acceptance, or refuses it for good.
    ///
    /// # Refusals
    /// `KeyReused` and `ReferenceInUse` when either names another request, and `UnknownDispute`.
    pub fn answer_dispute(
        &self,
        now: Timestamp,
        answer: &Answer,
        stamp: &Stamp,
    ) -> Result<Change<AnswerIndex>, Refusal> {
        match self.made_under(stamp)? {
            Some(Made::Answer(index)) => return Ok(Change::none(*index)),
            Some(
                Made::Token(_)
                | Made::Authorization(_)
                | Made::Movement(_)
                | Made::Saved(_)
                | Made::Payout(_),
            ) => {
                return Err(Refusal::KeyReused);
            }
            None => {}
        }
        if let Some(index) = self.find_answer(&answer.reference) {
            let same = self.answer(index).fingerprint == stamp.fingerprint;
            return if same { Ok(Change::none(index)) } else { Err(Refusal::ReferenceInUse) };
        }
        let index = self.by_dispute.get(&*answer.dispute).copied();
        let dispute = self.dispute(index.ok_or(Refusal::UnknownDispute)?);
        let refused = match dispute.standing {
            Standing::NeedsResponse { due_by } if now < due_by => None,
            Standing::NeedsResponse { .. } => Some(AnswerRefusal::TooLate),
            Standing::UnderReview { .. } | Standing::Won | Standing::Lost | Standing::Closed => {
                Some(AnswerRefusal::NotAwaited)
            }
        };
        let text = answer.text.as_deref().unwrap_or_default().trim();
        let is_short = text == WINNING || text == LOSING;
        let made = DisputeAnswered {
            authorization: self.authorization(dispute.authorization).id.clone(),
            dispute: dispute.id.clone(),
            reference: answer.reference.clone(),
            what: answer.what,
            wins: text == WINNING,
            until: now.after(if is_short { VERDICT_AFTER } else { REVIEW_TAKES }),
            refused,
            stamp: stamp.clone(),
        };
        let index = AnswerIndex(self.answers.len());
        Ok(Change::recorded(index, Record::DisputeAnswered(made)))
    }

    /// The record of the complaint that is due for an authorization.
    pub(super) fn complaint(&self, index: AuthorizationIndex) -> Option<Record> {
        let of = self.authorization(index);
        let complaint = of.card.profile.complaint?;
        // One authorization has one complaint, so that its id is the authorization's.
        let (_, digits) = of.id.split_once('_')?;
        let prefix = if complaint == Complaint::FraudWarning { "sbw_" } else { "sbd_" };
        let wait = if complaint == Complaint::Inquiry { INQUIRY_WAIT } else { EVIDENCE_WAIT };
        Some(Record::DisputeRaised(DisputeRaised {
            authorization: of.id.clone(),
            id: format!("{prefix}{digits}").as_str().into(),
            complaint,
            amount: of.sums.refundable(),
            due_by: of.complains_at?.after(wait),
        }))
    }
}
