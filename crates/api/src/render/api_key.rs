//! A key of the API as an `api_key`.

use holdfast_core::api_key::{self, ApiKeyKind, KeyPrint, Permission};
use holdfast_core::time::Timestamp;

use crate::objects::{ApiKey, ApiKeyWord, PreviousKey};

use super::LIVEMODE;

/// A key as it is at a moment of the machine's clock, without itself.
pub(crate) fn object(row: &api_key::ApiKey, now: Timestamp) -> ApiKey {
    let redacted = |print: &KeyPrint| format!("{}_test_...{}", prefix(row.kind), print.last4);
    let previous = row.previous.iter().filter(|previous| now < previous.expires_at);
    ApiKey {
        id: row.id.to_string(),
        object: ApiKeyWord,
        created: row.created.seconds(),
        expires_at: row.expires_at.map(Timestamp::seconds),
        kind: kind(row.kind),
        livemode: LIVEMODE,
        name: row.name.clone(),
        permissions: row
            .permissions
            .iter()
            .map(|(resource, may)| (resource.clone(), permission(*may)))
            .collect(),
        previous_keys: previous
            .map(|previous| PreviousKey {
                expires_at: previous.expires_at.seconds(),
                redacted: redacted(&previous.print),
            })
            .collect(),
        redacted: redacted(&row.current),
        revoked_at: row.revoked_at.map(Timestamp::seconds),
        secret: None,
        status: status(row, now),
    }
}

fn status(row: &api_key::ApiKey, now: Timestamp) -> &'static str {
    if row.revoked_at.is_some() {
        "revoked"
    } else if row.is_active(now) {
        "active"
    } else {
        "expired"
    }
}

fn kind(kind: ApiKeyKind) -> &'static str {
    match kind {
        ApiKeyKind::Publishable => "publishable",
        ApiKeyKind::Secret => "secret",
        ApiKeyKind::Restricted => "restricted",
    }
}

fn prefix(kind: ApiKeyKind) -> &'static str {
    match kind {
        ApiKeyKind::Publishable => "pk",
        ApiKeyKind::Secret => "sk",
        ApiKeyKind::Restricted => "rk",
    }
}

fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "read",
        Permission::Write => "write",
    }
}
