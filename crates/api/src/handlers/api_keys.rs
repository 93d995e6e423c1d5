//! `/v1/api_keys`: the keys that open the API. Only an unrestricted secret key comes here: no
//! permission of a restricted key names this resource.

use std::collections::BTreeMap;

use holdfast_core::api_key::{ApiKey, ApiKeyKind, KeyPrint, PREVIOUS_MAX, Permission, PreviousKey};
use holdfast_core::id::ApiKeyId;
use holdfast_core::key::RowKind;
use holdfast_core::time::{Span, Timestamp};

use crate::auth::{KeyDigest, KeyKind, key_text};
use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::objects;
use crate::paging::{self, Narrowed};
use crate::params::{Change, Pairs, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::render::api_key;
use crate::reply::Reply;
use crate::routes;

/// The longest overlap of a replaced key with its successor: a week of deployments.
const OVERLAP_MAX: Span = Span::days(7);

const KINDS: [(&str, ApiKeyKind); 3] = [
    ("secret", ApiKeyKind::Secret),
    ("publishable", ApiKeyKind::Publishable),
    ("restricted", ApiKeyKind::Restricted),
];

/// `POST /v1/api_keys`. The only answer that holds the key.
pub(crate) async fn create(call: Call) -> Answer {
    let now = call.api.engine().system_now();
    let new = call.read(|params| new(params, now))?;
    let id: ApiKeyId = call.api.engine().fresh_id();
    let key = fresh(&call, new.kind, id);
    let row = ApiKey {
        id,
        created: call.api.engine().now(),
        name: new.name,
        kind: new.kind,
        current: print(&key),
        previous: Vec::new(),
        permissions: new.permissions,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    let id = call.keep_new(row, None).await?;
    let row = call.present::<ApiKey>(&id).await?;
    Ok(shown_once(&row, key, now))
}

/// `GET /v1/api_keys/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let row = call.named::<ApiKey>("api_key").await?;
    Ok(shown(&call, &row))
}

/// `GET /v1/api_keys`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, kind) = call.read(|params| {
        let words = KINDS.map(|(word, _)| (word, word));
        Ok((Page::take(params)?, params.choice("kind", &words)?))
    })?;
    let narrowed = Narrowed::all(RowKind::ApiKey).state(kind);
    let rows = paging::rows::<ApiKey>(&call, &page, narrowed).await?;
    let now = call.api.engine().system_now();
    let objects = rows.iter().map(|row| api_key::object(row, now)).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `POST /v1/api_keys/{id}`: its name, and what a restricted key may do.
pub(crate) async fn update(call: Call) -> Answer {
    let (name, given) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        Ok((params.text_change("name", fields::NAME_CHARS_MAX)?, permissions(params)?))
    })?;
    let edit = |row: &mut ApiKey| {
        match &name {
            Change::Keep => {}
            Change::Unset => row.name = None,
            Change::Set(name) => row.name = Some(name.clone()),
        }
        let Some(given) = &given else { return Ok(()) };
        if row.kind != ApiKeyKind::Restricted {
            return Err(only_restricted());
        }
        for (resource, permission) in given {
            match permission {
                Some(permission) => row.permissions.insert(resource.clone(), *permission),
                None => row.permissions.remove(resource),
            };
        }
        Ok(())
    };
    let row = call.edit::<ApiKey>("api_key", None, edit).await?;
    call.api.forget_key(row.id);
    Ok(shown(&call, &row))
}

/// `POST /v1/api_keys/{id}/rotate`: a new key in the place of the old one, which goes on counting
/// for `expire_previous_in` seconds.
pub(crate) async fn rotate(call: Call) -> Answer {
    let overlap_max = OVERLAP_MAX.ms() / 1_000;
    let overlap = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        params.integer("expire_previous_in", 0..=overlap_max)
    })?;
    let now = call.api.engine().system_now();
    let until = now.after(Span::from_ms(overlap.unwrap_or(0) * 1_000));
    let id: ApiKeyId = call.id("api_key")?;
    // The kind is never changed, so that the key may be made before the row is locked.
    let found = call.named::<ApiKey>("api_key").await?;
    let key = fresh(&call, found.kind, id);
    let edit = |row: &mut ApiKey| {
        if !row.is_active(now) {
            let message = "The key is revoked or expired. Make another one.";
            return Err(ApiError::invalid(codes::API_KEY_INACTIVE, message));
        }
        row.previous.retain(|previous| now < previous.expires_at);
        let replaced = std::mem::replace(&mut row.current, print(&key));
        if now < until {
            if row.previous.len() >= PREVIOUS_MAX {
                let message = "Too many replaced keys still count. Rotate without an overlap.";
                let code = codes::API_KEY_ROTATIONS_EXHAUSTED;
                return Err(ApiError::param(code, "expire_previous_in", message));
            }
            row.previous.push(PreviousKey { print: replaced, expires_at: until });
        }
        Ok(())
    };
    let row = call.edit::<ApiKey>("api_key", None, edit).await?;
    call.api.forget_key(id);
    Ok(shown_once(&row, key, now))
}

/// `POST /v1/api_keys/{id}/revoke`: it and those that it replaced count no more.
pub(crate) async fn revoke(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let now = call.api.engine().system_now();
    let edit = |row: &mut ApiKey| {
        row.revoked_at = row.revoked_at.or(Some(now));
        row.previous.clear();
        Ok(())
    };
    let row = call.edit::<ApiKey>("api_key", None, edit).await?;
    call.api.forget_key(row.id);
    Ok(shown(&call, &row))
}

/// The parameters of a new key.
struct New {
    kind: ApiKeyKind,
    name: Option<String>,
    permissions: BTreeMap<String, Permission>,
    expires_at: Option<Timestamp>,
}

fn new(params: &mut Params, now: Timestamp) -> Result<New, ApiError> {
    Expand::take(params, |_| Ok(()))?;
    let kind = params.required_choice("kind", &KINDS)?;
    params.choice("livemode", &[("false", ())])?;
    let name = params.text("name", fields::NAME_CHARS_MAX)?;
    let given = permissions(params)?;
    if given.is_some() && kind != ApiKeyKind::Restricted {
        return Err(only_restricted());
    }
    let allowed = given.unwrap_or_default().into_iter();
    let allowed = allowed.filter_map(|(resource, permission)| Some((resource, permission?)));
    let expires_at = params.timestamp("expires_at")?.map(Timestamp::from_seconds);
    if expires_at.is_some_and(|at| at <= now) {
        return Err(fields::invalid(params, "expires_at", "must be in the future"));
    }
    Ok(New { kind, name, permissions: allowed.collect(), expires_at })
}

/// What a request says of permissions, by the names of resources; `None` takes one away.
type Given = Vec<(String, Option<Permission>)>;

/// `permissions[resource]=none|read|write`.
fn permissions(params: &mut Params) -> Result<Option<Given>, ApiError> {
    let words =
        [("none", None), ("read", Some(Permission::Read)), ("write", Some(Permission::Write))];
    let resources = routes::resources();
    match params.pairs("permissions")? {
        None | Some(Pairs::Cleared) => Ok(None),
        Some(Pairs::Given(pairs)) => {
            let permission = |(resource, scalar): (String, crate::params::Scalar)| {
                if !resources.contains(resource.as_str()) {
                    let must = "must name a resource of the API";
                    return Err(scalar.refused(codes::PARAMETER_UNKNOWN, must));
                }
                Ok((resource, scalar.choice(&words)?))
            };
            pairs.into_iter().map(permission).collect::<Result<_, _>>().map(Some)
        }
    }
}

fn only_restricted() -> ApiError {
    let message = "Invalid permissions: only a restricted key has them.";
    ApiError::param(codes::PARAMETER_INVALID_VALUE, "permissions", message)
}

fn fresh(call: &Call, kind: ApiKeyKind, id: ApiKeyId) -> String {
    let kind = match kind {
        ApiKeyKind::Publishable => KeyKind::Publishable,
        ApiKeyKind::Secret => KeyKind::Secret,
        ApiKeyKind::Restricted => KeyKind::Restricted,
    };
    key_text(kind, id, call.api.secret().reveal())
}

/// How many characters of a key are kept: few enough to give nothing away.
const LAST_CHARS: usize = 4;

fn print(key: &str) -> KeyPrint {
    let last4 = key.get(key.len().saturating_sub(LAST_CHARS)..).unwrap_or_default().to_owned();
    KeyPrint { digest: KeyDigest::of(key).to_hex(), last4 }
}

fn shown(call: &Call, row: &ApiKey) -> Reply {
    Reply::ok(&api_key::object(row, call.api.engine().system_now()))
}

/// The answer with the key, of which an idempotency key keeps everything but the key. Where the
/// command was carried out before, by a process that is gone, the key is lost with it.
fn shown_once(row: &ApiKey, key: String, now: Timestamp) -> Reply {
    let without = api_key::object(row, now);
    let is_it = row.current == print(&key);
    let secret = Some(key).filter(|_| is_it);
    Reply::ok(&objects::ApiKey { secret, ..without.clone() }).keeping(&without)
}
