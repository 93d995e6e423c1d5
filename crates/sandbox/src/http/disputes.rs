//! The network's API of disputes.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use holdfast_core::currency::Currency;
use serde::{Deserialize, Serialize};

use super::api::{reference, unknown_reference};
use super::reply::Reply;
use super::request;
use super::strike::strike;
use super::wire::lower_case;
use crate::faults::Operation;
use crate::network::Network;
use crate::network::authorization::AuthorizationIndex;
use crate::network::dispute::{Answer, AnswerIndex, AnswerKind, Dispute, FRAUD_TYPE};
use crate::world::World;

type Shared = State<Arc<World>>;

/// The largest answer: 150,000 characters of evidence, of which each may be four bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// An answer to a dispute.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerRequest {
    /// The merchant's reference.
    reference: String,
    /// What is answered.
    kind: AnswerKind,
    /// The evidence by its fields. The network reads `uncategorized_text` only.
    #[serde(default)]
    evidence: std::collections::BTreeMap<String, String>,
}

/// `GET /network/disputes?reference=R`: all that was raised about an authorization.
pub(super) async fn find(world: Shared, RawQuery(query): RawQuery) -> Response {
    let work = async {
        let reference = reference(query.as_deref())?;
        let found = world.look(|network, _| {
            let index = network.find_authorization(&reference);
            index.map(|index| Reply::ok(&complaints(network, index)))
        });
        Ok(found.await?.unwrap_or_else(unknown_reference))
    };
    strike(&world, Operation::Lookup, work).await
}

/// `POST /network/disputes/{id}/answers`. The answer is the dispute as it stands by now.
pub(super) async fn answer(
    world: Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let posted = request::body_bytes_within(body, ANSWER_BYTES_MAX).await;
    let work = async {
        let request: AnswerRequest = request::json(&posted?)?;
        let stamp = request::stamp(&headers, "answer", &(&id, &request))?;
        let answer = Answer {
            dispute: request::name("id", &id)?.into(),
            reference: request::name("reference", &request.reference)?.into(),
            what: request.kind,
            text: request.evidence.get("uncategorized_text").map(|text| text.as_str().into()),
        };
        let answered =
            world.change(|network, now| network.answer_dispute(now, &answer, &stamp), told);
        Ok(answered.await?)
    };
    strike(&world, Operation::Answer, work).await
}

/// `GET /network/dispute_answers?reference=R`.
pub(super) async fn find_answer(world: Shared, RawQuery(query): RawQuery) -> Response {
    let work = async {
        let reference = reference(query.as_deref())?;
        let found = world
            .look(|network, _| network.find_answer(&reference).map(|index| told(network, index)));
        Ok(found.await?.unwrap_or_else(unknown_reference))
    };
    strike(&world, Operation::Lookup, work).await
}

fn told(network: &Network, index: AnswerIndex) -> Reply {
    let answered = network.answer(index);
    match answered.refused {
        Some(refusal) => Reply::error(402, refusal.code(), "the answer was refused, for good"),
        None => {
            let dispute = network.dispute(answered.dispute);
            Reply::ok(&AnswerObject {
                reference: &answered.reference,
                dispute: object(network, dispute),
            })
        }
    }
}

#[derive(Serialize)]
struct AnswerObject<'a> {
    reference: &'a str,
    dispute: DisputeObject<'a>,
}

#[derive(Serialize)]
struct Complaints<'a> {
    reference: &'a str,
    disputes: Vec<DisputeObject<'a>>,
    warnings: Vec<WarningObject<'a>>,
}

#[derive(Serialize)]
struct DisputeObject<'a> {
    id: &'a str,
    authorization: &'a str,
    status: &'static str,
    amount: i64,
    withdrawn: i64,
    #[serde(serialize_with = "lower_case")]
    currency: Currency,
    reason: &'static str,
    network_code: &'static str,
    revision: u32,
    opened_at: i64,
    changes_by: Option<i64>,
}

#[derive(Serialize)]
struct WarningObject<'a> {
    id: &'a str,
    fraud_type: &'static str,
}

fn complaints(network: &Network, index: AuthorizationIndex) -> Complaints<'_> {
    let of = network.authorization(index);
    let disputes = of.dispute.iter().map(|index| object(network, network.dispute(*index)));
    let warnings = of.warning.iter().map(|it| WarningObject { id: &it.id, fraud_type: FRAUD_TYPE });
    Complaints {
        reference: &of.reference,
        disputes: disputes.collect(),
        warnings: warnings.collect(),
    }
}

fn object<'a>(network: &'a Network, dispute: &'a Dispute) -> DisputeObject<'a> {
    let of = network.authorization(dispute.authorization);
    DisputeObject {
        id: &dispute.id,
        authorization: &of.id,
        status: dispute.status(),
        amount: dispute.amount,
        withdrawn: dispute.withdrawn(),
        currency: of.currency,
        reason: dispute.complaint.reason(),
        network_code: dispute.complaint.network_code(),
        revision: dispute.revision,
        opened_at: dispute.opened_at.ms(),
        changes_by: dispute.changes_by().map(|by| by.ms()),
    }
}
