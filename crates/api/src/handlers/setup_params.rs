//! What a request says about a setup.

use holdfast_core::command::{CreateSetup, SetupCard};
use holdfast_core::id::{CustomerId, PaymentMethodId, SellerId};
use holdfast_core::payment::setup::{Redirects, SetupCancelReason, SetupIntent, SetupTerms};
use holdfast_core::payment::usage::FutureUsage;

use crate::api::Api;
use crate::error::ApiError;
use crate::fields::{self, card};
use crate::metadata::{self, MetadataChange};
use crate::method_types::{self, CARD, Choices, METHOD_TYPES};
use crate::params::{Change, Params};

use super::card_terms::{self, SaidTerms};

/// A new setup. A card that is kept without a word is kept for payments with the buyer away, as in
/// the dialect.
pub(super) fn create(api: &Api, params: &mut Params) -> Result<CreateSetup, ApiError> {
    let confirm = params.boolean("confirm")?.unwrap_or(false);
    if !confirm && params.has("return_url") {
        return Err(fields::invalid(params, "return_url", "may only be given with confirm=true"));
    }
    let card = card::given(params)?;
    if confirm && !card.is_some() {
        return Err(params.missing("payment_method"));
    }
    refuse_self(params)?;
    fields::card_only(params, "payment_method_types")?;
    let mut terms = Box::new(SetupTerms::default());
    SaidSetup::take(params, true)?.apply(&mut terms);
    habits(params)?;
    Ok(CreateSetup {
        customer: fields::id(params, "customer", "customer")?,
        card: card.of_setup(),
        confirm,
        return_url: fields::url(params, "return_url")?,
        usage: card::usage(params, "usage")?.unwrap_or(FutureUsage::OffSession),
        description: params.text("description", fields::DESCRIPTION_CHARS_MAX)?,
        on_behalf_of: fields::id::<SellerId>(params, "on_behalf_of", "account")?,
        automatic: automatic(params)?,
        terms,
        metadata: metadata::of_new(params)?,
        secret: api.secret(),
    })
}

/// What a confirmation says.
#[derive(Clone, Debug)]
pub(super) struct Confirm {
    pub(super) card: SetupCard,
    pub(super) return_url: Option<String>,
    said: SaidSetup,
}

impl Confirm {
    /// Takes it out of the parameters; a browser may say less.
    pub(super) fn take(params: &mut Params, is_browser: bool) -> Result<Confirm, ApiError> {
        let card = card::given(params)?.of_setup();
        let said = SaidSetup::take(params, !is_browser)?;
        habits(params)?;
        Ok(Confirm { card, said, return_url: fields::url(params, "return_url")? })
    }

    /// Writes what it says onto the setup.
    pub(super) fn apply(&self, row: &mut SetupIntent) {
        self.said.apply(&mut row.terms);
    }
}

/// What a request says of how a card is verified and kept.
#[derive(Clone, Debug)]
struct SaidSetup {
    card: SaidTerms,
    allowed: Change<Vec<String>>,
    excluded: Change<Vec<String>>,
}

impl SaidSetup {
    fn take(params: &mut Params, all: bool) -> Result<SaidSetup, ApiError> {
        if !all {
            let (allowed, excluded) = (Change::Keep, Change::Keep);
            return Ok(SaidSetup { card: SaidTerms::default(), allowed, excluded });
        }
        let card = params.map("payment_method_options", |options| {
            let card = options.map(CARD, SaidTerms::of_setup)?;
            METHOD_TYPES.iter().for_each(|word| options.ignore(word));
            Ok(card.unwrap_or_default())
        })?;
        let Choices { allowed, excluded } = method_types::choices(params)?;
        Ok(SaidSetup { card: card.unwrap_or_default(), allowed, excluded })
    }

    fn apply(&self, terms: &mut SetupTerms) {
        terms.three_d_secure = self.card.three_d_secure.unwrap_or(terms.three_d_secure);
        self.card.apply(&mut terms.card);
        self.allowed.apply_to(&mut terms.allowed_types);
        self.excluded.apply_to(&mut terms.excluded_types);
    }
}

/// What clients send by habit beside a card.
fn habits(params: &mut Params) -> Result<(), ApiError> {
    params.boolean("use_stripe_sdk")?;
    card_terms::mandate_data(params)
}

/// What a request changes of a setup.
pub(super) struct Edit {
    pub(super) customer: Option<CustomerId>,
    pub(super) method: Option<PaymentMethodId>,
    description: Change<String>,
    usage: Option<FutureUsage>,
    metadata: MetadataChange,
    said: SaidSetup,
}

impl Edit {
    /// Takes what may be changed out of the parameters.
    pub(super) fn take(params: &mut Params) -> Result<Edit, ApiError> {
        refuse_self(params)?;
        fields::card_only(params, "payment_method_types")?;
        Ok(Edit {
            said: SaidSetup::take(params, true)?,
            customer: fields::id(params, "customer", "customer")?,
            method: fields::id(params, "payment_method", "payment_method")?,
            description: params.text_change("description", fields::DESCRIPTION_CHARS_MAX)?,
            usage: card::usage(params, "usage")?,
            metadata: MetadataChange::take(params)?,
        })
    }

    /// Changes a setup.
    pub(super) fn apply(self, row: &mut SetupIntent) -> Result<(), ApiError> {
        row.customer = self.customer.or(row.customer);
        row.description = fields::person::applied(self.description, &row.description);
        row.usage = self.usage.unwrap_or(row.usage);
        row.metadata = self.metadata.applied(&row.metadata)?;
        self.said.apply(&mut row.terms);
        Ok(())
    }
}

/// Why a setup is cancelled.
pub(super) fn cancel_reason(params: &mut Params) -> Result<Option<SetupCancelReason>, ApiError> {
    let words = [
        SetupCancelReason::Abandoned,
        SetupCancelReason::Duplicate,
        SetupCancelReason::RequestedByCustomer,
    ];
    params.choice("cancellation_reason", &words.map(|reason| (reason.name(), reason)))
}

/// A platform saves its buyers' cards and never its own.
fn refuse_self(params: &mut Params) -> Result<(), ApiError> {
    if params.boolean("attach_to_self")? == Some(true) {
        return Err(fields::invalid(params, "attach_to_self", "must be false or absent"));
    }
    Ok(())
}

fn automatic(params: &mut Params) -> Result<Option<Redirects>, ApiError> {
    let automatic = params.map("automatic_payment_methods", |automatic| {
        let enabled = automatic.boolean("enabled")?.ok_or_else(|| automatic.missing("enabled"))?;
        let words = [("always", Redirects::Always), ("never", Redirects::Never)];
        let redirects = automatic.choice("allow_redirects", &words)?;
        Ok(enabled.then(|| redirects.unwrap_or(Redirects::Always)))
    })?;
    Ok(automatic.flatten())
}
