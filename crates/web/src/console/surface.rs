//! The console's surface. Nobody is asked to log in: it is served on the operator's own machine.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::Response;

use super::pages::{ConsoleBadFieldPage, ConsoleProblemPage};
use super::views::{ConsoleNotice, ConsoleShell, Neighbours, Section};
use crate::fields::{Field, Fields};
use crate::guard::FormKey;
use crate::page::{Policy, Problem, page};
use crate::parts::{ConsoleParts, SHOP};
use crate::share::Shares;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What the handlers of the console hold.
pub(crate) struct Console {
    pub(crate) parts: ConsoleParts,
    pub(crate) form_key: FormKey,
    policy: Policy,
    shares: Shares,
}

/// The parameter that names what came of what the operator did.
pub(crate) const DONE: &str = "done";

/// The id in a path such as `/orders/{id}/ship`; empty when it cannot be read, which names
/// nothing.
#[derive(Debug)]
pub(crate) struct Named(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named, Infallible> {
        let params = RawPathParams::from_request_parts(parts, state).await.ok();
        let id = params.as_ref().and_then(|params| params.iter().find(|(name, _)| *name == "id"));
        Ok(Named(id.map(|(_, value)| value.to_owned()).unwrap_or_default()))
    }
}

impl Console {
    /// A console over an engine.
    ///
    /// # Panics
    /// When the system gives no random bytes: forms could then not be told from forged ones.
    pub(super) fn new(parts: ConsoleParts) -> Console {
        Console {
            shares: Shares::new(parts.limits),
            parts,
            policy: Policy::console(),
            form_key: FormKey::new().expect("the system has a source of randomness"),
        }
    }

    /// Whether no real money moves.
    pub(crate) fn is_test(&self) -> bool {
        !self.parts.sandbox_origin.is_empty()
    }

    /// The frame of a page; `path` is where its language links lead to.
    pub(crate) fn shell(
        &self,
        visit: &Visit,
        section: Option<Section>,
        path: Option<&str>,
    ) -> ConsoleShell {
        ConsoleShell {
            shop: SHOP.to_owned(),
            test_mode: self.is_test(),
            section,
            path: path.map(str::to_owned),
            form_token: self.form_key.token().to_owned(),
            now: self.parts.engine.now(),
            notice: visit.query(DONE).and_then(ConsoleNotice::parse),
            neighbours: Neighbours {
                shop: link(&self.parts.shop_origin),
                sandbox: link(&self.parts.sandbox_origin),
                api: link(&self.parts.api_origin),
            },
        }
    }
}

/// The proof that a form came from a page of this process: 32 bytes as hex.
const FORM_TOKEN: Field = Field::new("form_token", 64);

impl Console {
    /// Reads a form that a page of this process made.
    pub(crate) async fn admitted(&self, body: Body, asked: &[Field]) -> Result<Fields, Trouble> {
        let fields = Fields::read(body, &[&[FORM_TOKEN], asked].concat()).await?;
        if self.form_key.admits(fields.text(&FORM_TOKEN)) {
            Ok(fields)
        } else {
            Err(Problem::Foreign.into())
        }
    }
}

fn link(origin: &str) -> Option<String> {
    (!origin.is_empty()).then(|| origin.to_owned())
}

impl Surface for Console {
    fn origin(&self) -> &str {
        &self.parts.console_origin
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn shares(&self) -> &Shares {
        &self.shares
    }

    fn trouble(&self, visit: &Visit, trouble: Trouble) -> Response {
        let (t, shell) = (visit.texts(), &self.shell(visit, None, None));
        if let Trouble::Field(v) = &trouble {
            return page(trouble.status(), &ConsoleBadFieldPage { t, shell, v });
        }
        page(trouble.status(), &ConsoleProblemPage { t, shell, v: &trouble.problem() })
    }
}
