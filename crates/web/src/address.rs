//! The two segments that name and open a buyer's page: an id and its secret.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use holdfast_core::id::{
    AttemptId, CheckoutSessionId, Id, OrderId, PaymentIntentId, PaymentLinkId,
};

/// The id and the secret of a path such as `/c/{id}/{secret}/card`, as they came. Not printed.
pub(crate) struct Address {
    id: String,
    /// What the page's own secret is compared with.
    pub(crate) secret: String,
}

/// The name of sessions on the wire in test mode. Inside, no id says which mode it is of.
const WIRE_PREFIXES: [&str; 2] = ["cs_test_", "cs_live_"];

impl Address {
    /// The session that the path names, by its name on the wire or inside.
    pub(crate) fn session(&self) -> Option<CheckoutSessionId> {
        let digits = WIRE_PREFIXES.iter().find_map(|prefix| self.id.strip_prefix(prefix));
        match digits {
            Some(digits) => CheckoutSessionId::parse(&format!("cs_{digits}")),
            None => CheckoutSessionId::parse(&self.id),
        }
    }

    /// The payment that the path names.
    pub(crate) fn payment(&self) -> Option<PaymentIntentId> {
        PaymentIntentId::parse(&self.id)
    }

    /// The payment link that the path names.
    pub(crate) fn link(&self) -> Option<PaymentLinkId> {
        PaymentLinkId::parse(&self.id)
    }

    /// The charge that the path names.
    pub(crate) fn charge(&self) -> Option<AttemptId> {
        AttemptId::parse(&self.id)
    }

    /// The order that the path names.
    pub(crate) fn order(&self) -> Option<OrderId> {
        OrderId::parse(&self.id)
    }
}

/// The name of a session on the wire.
pub(crate) fn wire_session(id: CheckoutSessionId, test_mode: bool) -> String {
    let text = id.to_string();
    let digits = text.strip_prefix(CheckoutSessionId::PREFIX).unwrap_or(&text);
    format!("{}{digits}", WIRE_PREFIXES[usize::from(!test_mode)])
}

/// A path that cannot be read names nothing, and gets the same page as any that leads nowhere.
impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Address, Infallible> {
        let mut address = Address { id: String::new(), secret: String::new() };
        if let Ok(params) = RawPathParams::from_request_parts(parts, state).await {
            for (name, value) in &params {
                match name {
                    "id" => address.id = value.to_owned(),
                    "secret" => address.secret = value.to_owned(),
                    _ => {}
                }
            }
        }
        Ok(address)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use holdfast_core::id::IdSource;

    use super::*;

    #[test]
    fn a_session_is_known_by_either_name() {
        let id: CheckoutSessionId = IdSource::new(1_795_176_000_000, 7).make();
        let named = |id: String| Address { id, secret: String::new() }.session();
        assert_eq!(named(id.to_string()), Some(id));
        assert_eq!(named(wire_session(id, true)), Some(id));
        assert_eq!(named(wire_session(id, false)), Some(id));
        for text in ["", "cs_", "cs_test_", "cs_test_cs_1", "ord_0000000000000000000001"] {
            assert_eq!(named(text.to_owned()), None, "{text}");
        }
    }
}
