//! `/v1/disputes`: what cardholders object to at their banks, and what is said against it.

use std::collections::BTreeMap;

use holdfast_core::command::Command;
use holdfast_core::dispute::command::{DisputeCommand, UpdateDispute};
use holdfast_core::dispute::evidence::{FIELD_CHARS_MAX, FieldKind};
use holdfast_core::dispute::{Dispute, EvidenceField};
use holdfast_core::file::File;
use holdfast_core::id::{AttemptId, FileId, Id, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::row::Record;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::MetadataChange;
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, dispute, payment_intent};
use crate::reply::Reply;

/// `GET /v1/disputes/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<Dispute>("dispute").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/charges/{id}/dispute`: the newest one of a charge.
pub(crate) async fn of_charge(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let charge = call.named::<Attempt>("charge").await?;
    let Some(last) = charge.disputes.last() else {
        return Err(ApiError::not_found("dispute", &charge.id.to_string()).into());
    };
    let row = call.present::<Dispute>(&last.dispute).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/disputes`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let narrowed = narrowed(params, RowKind::Dispute)?;
        Ok((Page::take(params)?, narrowed, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<Dispute>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// The filters that disputes and early fraud warnings share.
pub(super) fn narrowed(params: &mut Params, kind: RowKind) -> Result<Narrowed, ApiError> {
    let charge: Option<AttemptId> = fields::id(params, "charge", "charge")?;
    let payment: Option<PaymentIntentId> = fields::id(params, "payment_intent", "payment_intent")?;
    let created = Created::take(params)?;
    Ok(Narrowed::all(kind).link(charge.as_ref()).link(payment.as_ref()).created(created))
}

/// `POST /v1/disputes/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (asked, expanded) =
        call.read(|params| Ok((Asked::take(params)?, Expand::take(params, Expanded::of)?)))?;
    let row = call.named::<Dispute>("dispute").await?;
    asked.check_files(&call).await?;
    // Without new evidence nothing is given to the bank unless it is said so.
    let submit = asked.submit.unwrap_or(!asked.evidence.is_empty());
    let metadata = match asked.metadata {
        change if change.is_empty() => None,
        change => Some(change.applied(&row.metadata)?),
    };
    let evidence = asked.evidence;
    let update = UpdateDispute { dispute: row.id, evidence, metadata, submit };
    let command = Command::Dispute(DisputeCommand::Update(update));
    call.act(Dispute::key(&row.id), command).await?;
    let row = call.present::<Dispute>(&row.id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/disputes/{id}/close`: the cardholder may have the money.
pub(crate) async fn close(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let id = call.id("dispute")?;
    let command = Command::Dispute(DisputeCommand::Accept(id));
    call.act(Dispute::key(&id), command).await?;
    let row = call.present::<Dispute>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

struct Asked {
    evidence: BTreeMap<EvidenceField, Option<String>>,
    metadata: MetadataChange,
    submit: Option<bool>,
}

impl Asked {
    fn take(params: &mut Params) -> Result<Asked, ApiError> {
        // An empty value of the whole takes nothing away: the dialect has no such form.
        let evidence = params.map("evidence", |params| {
            let mut fields = BTreeMap::new();
            for field in EvidenceField::ALL {
                let change = params.text_change(field.name(), FIELD_CHARS_MAX)?;
                match change {
                    Change::Keep => {}
                    Change::Unset => drop(fields.insert(*field, None)),
                    Change::Set(text) => drop(fields.insert(*field, Some(text))),
                }
            }
            Ok(fields)
        })?;
        Ok(Asked {
            evidence: evidence.unwrap_or_default(),
            metadata: MetadataChange::take(params)?,
            submit: params.boolean("submit")?,
        })
    }

    /// Each file has to be there, and to be evidence.
    async fn check_files(&self, call: &Call) -> Result<(), Halt> {
        for (field, text) in &self.evidence {
            let (FieldKind::File, Some(text)) = (field.kind(), text) else { continue };
            let param = format!("evidence[{}]", field.name());
            let missing = || ApiError::not_found("file", text).with_param(&param);
            let id = FileId::parse(text).ok_or_else(missing)?;
            let file = call.find::<File>(&id).await?.ok_or_else(missing)?;
            if !file.purpose.is_evidence() {
                let message = "The file's purpose must be dispute_evidence.";
                let code = crate::codes::PARAMETER_INVALID_VALUE;
                return Err(ApiError::param(code, &param, message.to_owned()).into());
            }
        }
        Ok(())
    }
}

/// What an answer about a dispute expands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expanded {
    charge: bool,
    payment: bool,
}

impl Expanded {
    pub(super) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        // The balance transactions are whole objects always.
        expand.property("balance_transactions", |_| Ok(()))?;
        let charge = expand.property("charge", |_| Ok(()))?.is_some();
        let payment = expand.property("payment_intent", |_| Ok(()))?.is_some();
        Ok(Expanded { charge, payment })
    }

    /// The charge and the payment as they are asked for.
    pub(super) async fn references(
        self,
        call: &Call,
        attempt: &Attempt,
    ) -> Result<References, Halt> {
        let mut references = (None, None);
        if self.charge || self.payment {
            let payment = call.present::<PaymentIntent>(&attempt.intent).await?;
            if self.charge {
                let charge = charge::object(attempt, call.api.receipts());
                references.0 = Some(Expandable::Object(Box::new(charge)));
            }
            if self.payment {
                let payment = Box::new(payment_intent::object(&payment));
                references.1 = Some(Expandable::Object(payment));
            }
        }
        Ok(references)
    }
}

type References = (Option<Expandable<objects::Charge>>, Option<Expandable<objects::PaymentIntent>>);

async fn shown(call: &Call, row: &Dispute, expanded: Expanded) -> Result<objects::Dispute, Halt> {
    let attempt = call.present::<Attempt>(&row.attempt).await?;
    let mut object = dispute::object(row, Some(&attempt), call.api.engine().now());
    let (charge, payment) = expanded.references(call, &attempt).await?;
    if let Some(charge) = charge {
        object.charge = charge;
    }
    object.payment_intent = payment.or(object.payment_intent);
    Ok(object)
}
