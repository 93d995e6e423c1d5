//! What a shop changes of an open session: `POST /v1/checkout/sessions/{id}`.

use holdfast_core::checkout::{Adjustable, CheckoutSession, Line, ShippingOption};
use holdfast_core::id::{LineId, SellerId};
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::usage::FutureUsage;
use holdfast_core::refusal::Refusal;

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::metadata::MetadataChange;
use crate::params::{Change, Params};
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

use super::session_terms::{self, LINES_MAX, Priced, STATEMENT_CHARS_MAX, SUM, Source};
use super::shipping_params;

/// What a request wants changed.
pub(super) struct Changes {
    metadata: MetadataChange,
    options: Option<Vec<ShippingOption>>,
    lines: Option<Vec<LineChange>>,
    payment: Option<PaymentChange>,
}

impl Changes {
    /// Takes the parameters of an update.
    pub(super) fn take(params: &mut Params) -> Result<Changes, ApiError> {
        let why = "the buyer fills the page in by hand; it is not changed from outside";
        fields::unsupported(params, &["collected_information"], why)?;
        Ok(Changes {
            metadata: MetadataChange::take(params)?,
            options: shipping_params::take(params)?,
            lines: params.list("line_items", LINES_MAX, LineChange::take)?,
            payment: params.map("payment_intent_data", PaymentChange::take)?,
        })
    }

    /// Whether the core has something to decide about it.
    pub(super) fn revises(&self) -> bool {
        self.options.is_some() || self.lines.is_some() || self.payment.is_some()
    }

    /// The sellers that it names, each with its parameter.
    pub(super) fn sellers(&self) -> Vec<(String, SellerId)> {
        let lines = self.lines.iter().flatten();
        lines.filter_map(|line| Some((format!("{}[seller]", line.at), line.seller?))).collect()
    }

    /// Looks up what the catalogue says of the prices that it names.
    pub(super) async fn look_up(&mut self, call: &Call) -> Result<(), Halt> {
        for line in self.lines.iter_mut().flatten() {
            line.look_up(call).await?;
        }
        Ok(())
    }

    /// Makes the changes on a session.
    ///
    /// # Refusals
    /// Whatever a new session is refused for, with the parameter that is the reason.
    pub(super) fn apply(&self, row: &mut CheckoutSession) -> Result<(), ApiError> {
        row.metadata = self.metadata.clone().applied(&row.metadata)?;
        if let Some(options) = &self.options {
            shipping_params::refuse_of(row, options)?;
            row.shipping_options.clone_from(options);
        }
        if let Some(lines) = &self.lines {
            refuse_setup(row, "line_items")?;
            let known = std::mem::take(&mut row.lines);
            row.lines =
                lines.iter().map(|line| line.applied(&known)).collect::<Result<Vec<_>, _>>()?;
            refuse_lines(row, lines)?;
        }
        if let Some(payment) = &self.payment {
            refuse_setup(row, "payment_intent_data")?;
            payment.apply(row)?;
        }
        Ok(())
    }
}

/// One element of `line_items`: a line that is there, by its id, or another one.
struct LineChange {
    id: Option<LineId>,
    seller: Option<SellerId>,
    source: Option<Source>,
    /// What the catalogue says of the source.
    priced: Option<Priced>,
    /// The line that there is to be, where none is named.
    added: Option<Line>,
    quantity: Option<u32>,
    adjustable: Option<Option<Adjustable>>,
    excludes_card: bool,
    metadata: MetadataChange,
    /// The line's parameter.
    at: String,
}

impl LineChange {
    fn take(params: &mut Params) -> Result<LineChange, ApiError> {
        fields::unsupported(params, &["tax_rates"], SUM)?;
        let id = fields::id::<LineId>(params, "id", "item")?;
        let seller = fields::id(params, "seller", "account")?;
        let source = Source::take(params)?;
        let adjustable = params.map("adjustable_quantity", session_terms::adjustable)?;
        let quantity = session_terms::quantity(params, adjustable.flatten())?;
        let excluded = "excluded_payment_method_types";
        let excludes_card = fields::card_only(params, excluded)?.is_some();
        let of_new = [("seller", seller.is_some()), (excluded, excludes_card)];
        let of_new = of_new.into_iter().find(|(_, is_said)| *is_said);
        match (id, of_new) {
            (Some(_), Some((name, _))) => {
                return Err(ApiError::exclusive(&params.spelled("id"), &params.spelled(name)));
            }
            (None, _) if source.is_none() => return Err(params.missing("price")),
            (None, _) if quantity.is_none() => return Err(params.missing("quantity")),
            (Some(_) | None, _) => {}
        }
        Ok(LineChange {
            id,
            seller,
            source,
            priced: None,
            added: None,
            quantity,
            adjustable,
            excludes_card,
            metadata: MetadataChange::take(params)?,
            at: params.place().to_owned(),
        })
    }

    async fn look_up(&mut self, call: &Call) -> Result<(), Halt> {
        let Some(source) = &self.source else { return Ok(()) };
        let priced = source.resolved(call, &self.at).await?;
        let added = || Line {
            id: call.api.engine().fresh_id(),
            seller: self.seller,
            listed: None,
            of: None,
            name: String::new(),
            description: None,
            unit: priced.unit,
            quantity: 1,
            adjustable: None,
            excludes_card: self.excludes_card,
            metadata: Default::default(),
        };
        self.added = self.id.is_none().then(added);
        self.priced = Some(priced);
        Ok(())
    }

    /// The line as the request wants it, of those that are there.
    fn applied(&self, known: &[Line]) -> Result<Line, ApiError> {
        let old = match self.id {
            Some(id) => known.iter().find(|line| line.id == id),
            None => self.added.as_ref(),
        };
        let id = || self.id.map(|id| id.to_string()).unwrap_or_default();
        let missing = || ApiError::not_found("item", &id()).with_param(&self.param("[id]"));
        let mut line = old.ok_or_else(missing)?.clone();
        if let Some(priced) = self.priced.clone() {
            let Priced { listed, of, name, description, unit } = priced;
            line = Line { listed, of, name, description, unit, ..line };
        }
        line.quantity = self.quantity.unwrap_or(line.quantity);
        line.adjustable = self.adjustable.unwrap_or(line.adjustable);
        line.metadata = self.metadata.clone().applied(&line.metadata)?;
        match line.adjustable.map(Adjustable::range) {
            Some(range) if !range.contains(&line.quantity) => {
                let (least, most) = range.into_inner();
                let message = format!("The quantity of this line must be from {least} to {most}.");
                Err(invalid(&self.param("[quantity]"), &message))
            }
            Some(_) | None => Ok(line),
        }
    }

    fn param(&self, name: &str) -> String {
        format!("{}{name}", self.at)
    }
}

/// What is said of a payment that was not made yet.
struct PaymentChange {
    description: Change<String>,
    metadata: MetadataChange,
    future_usage: Change<FutureUsage>,
    statement: Change<String>,
    statement_suffix: Change<String>,
}

impl PaymentChange {
    fn take(params: &mut Params) -> Result<PaymentChange, ApiError> {
        let suffix = "statement_descriptor_suffix";
        Ok(PaymentChange {
            description: params.text_change("description", fields::DESCRIPTION_CHARS_MAX)?,
            metadata: MetadataChange::take(params)?,
            future_usage: fields::card::usage_change(params)?,
            statement: params.text_change("statement_descriptor", STATEMENT_CHARS_MAX)?,
            statement_suffix: params.text_change(suffix, STATEMENT_CHARS_MAX)?,
        })
    }

    fn apply(&self, row: &mut CheckoutSession) -> Result<(), ApiError> {
        self.description.apply_to(&mut row.terms.description);
        self.future_usage.apply_to(&mut row.terms.setup_future_usage);
        self.statement.apply_to(&mut row.terms.statement_descriptor);
        self.statement_suffix.apply_to(&mut row.terms.statement_descriptor_suffix);
        row.payment_metadata = self.metadata.clone().applied(&row.payment_metadata)?;
        Ok(())
    }
}

/// Nothing is sold where a card is kept.
fn refuse_setup(row: &CheckoutSession, param: &str) -> Result<(), ApiError> {
    if row.setup.is_none() {
        return Ok(());
    }
    let message = format!("{param} is of sessions that sell something.");
    Err(ApiError::param(codes::PARAMETER_UNSUPPORTED, param, message))
}

/// Refuses lines that a session cannot be paid with, as those of a new one.
fn refuse_lines(row: &CheckoutSession, lines: &[LineChange]) -> Result<(), ApiError> {
    if lines.is_empty() {
        return Err(invalid("line_items", "A session sells at least one thing."));
    }
    for (at, (change, line)) in lines.iter().zip(&row.lines).enumerate() {
        if row.lines[..at].iter().any(|before| before.id == line.id) {
            return Err(invalid(&change.param("[id]"), "Another line has this id already."));
        }
        if line.unit.currency() != row.currency {
            let name = if line.listed.is_some() { "[price]" } else { "[price_data][currency]" };
            let message = "All amounts of a session must be of one currency.";
            let code = Refusal::CurrencyMismatch.code();
            return Err(ApiError::param(code, &change.param(name), message));
        }
        if line.seller.is_some() && row.terms.capture_method == Some(CaptureMethod::Automatic) {
            let message = "The payment of a session with sellers is captured as they ship.";
            let param = change.param("[seller]");
            return Err(ApiError::param(codes::PARAMETER_UNSUPPORTED, &param, message));
        }
    }
    shipping_params::refuse_large(row, &row.shipping_options, "line_items")
}

fn invalid(param: &str, message: &str) -> ApiError {
    ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message)
}
