//! What requests say about a payment, each as it is to change: read once, applied to a new payment
//! or to the one that is there.

use holdfast_core::address::Address;
use holdfast_core::id::SellerId;
use holdfast_core::money::Money;
use holdfast_core::payment::capture_method::{CaptureMethod, CaptureWords};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::notes::{
    Confirmation, DESCRIPTOR_CHARS_MAX, Notes, PaymentData, Redirects, Shipping, TransferData,
};
use holdfast_core::seller::Seller;

use crate::error::ApiError;
use crate::fields::{self, invalid};
use crate::metadata::MetadataChange;
use crate::method_types::{self, CARD, Choices, METHOD_TYPES};
use crate::params::{Change, Params};
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

use super::card_terms::{self, SaidTerms};
use super::sum_params::{self, SaidAmounts, SaidDetails};

/// What a request says about a payment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    description: Keep<String>,
    receipt_email: Keep<String>,
    transfer_group: Keep<String>,
    metadata: MetadataChange,
    shipping: Keep<Shipping>,
    statement_descriptor: Keep<String>,
    statement_descriptor_suffix: Keep<String>,
    fee: Keep<i64>,
    transfer: Option<SaidTransfer>,
    on_behalf_of: Option<SellerId>,
    confirmation: Option<Confirmation>,
    card: SaidTerms,
    details: Keep<SaidDetails>,
    amounts: Keep<SaidAmounts>,
    radar_session: Option<String>,
    capture: Option<(CaptureMethod, CaptureWords)>,
    automatic: Option<Option<Redirects>>,
    allowed: Keep<Vec<String>>,
    excluded: Keep<Vec<String>>,
}

/// A change whose absence is the default.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Keep<T>(Change<T>);

impl<T> Default for Keep<T> {
    fn default() -> Keep<T> {
        Keep(Change::Keep)
    }
}

impl<T: Clone> Keep<T> {
    fn apply(&self, to: &mut Option<T>) {
        match &self.0 {
            Change::Keep => {}
            Change::Unset => *to = None,
            Change::Set(value) => *to = Some(value.clone()),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct SaidTransfer {
    destination: Option<SellerId>,
    minor: Option<i64>,
    description: Option<String>,
    metadata: MetadataChange,
    payment: Option<(Option<String>, MetadataChange)>,
}

/// The longest name of a transfer group or of a carrier: one line of a page.
const LINE_CHARS_MAX: usize = fields::NAME_CHARS_MAX;
/// The longest phone number with its spaces: 15 digits (ITU-T E.164) and as much around them.
const PHONE_CHARS_MAX: usize = 30;

/// What is done to a parameter that is given empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    Refused,
    Unsets,
}

impl Said {
    /// What `POST /v1/payment_intents` says.
    pub(crate) fn of_new(params: &mut Params) -> Result<Said, ApiError> {
        let mut said = Said::default();
        said.take_words(params, Empty::Refused)?;
        said.take_way(params, Empty::Refused)?;
        said.take_charge(params)?;
        said.on_behalf_of = fields::id(params, "on_behalf_of", "account")?;
        let words = [("automatic", Confirmation::Automatic), ("manual", Confirmation::Manual)];
        said.confirmation = params.choice("confirmation_method", &words)?;
        said.automatic = automatic(params)?;
        said.take_sum(params)?;
        said.radar_session = card_terms::radar_session(params)?;
        Ok(said)
    }

    /// What `POST /v1/payment_intents/{id}` says.
    pub(crate) fn of_update(params: &mut Params) -> Result<Said, ApiError> {
        let mut said = Said::default();
        said.take_words(params, Empty::Unsets)?;
        said.take_way(params, Empty::Unsets)?;
        said.take_charge(params)?;
        said.take_sum(params)?;
        said.radar_session = card_terms::radar_session(params)?;
        Ok(said)
    }

    /// What a confirmation says; a browser may say less.
    pub(crate) fn of_confirm(call: &Call, params: &mut Params) -> Result<Said, ApiError> {
        let mut said = Said {
            receipt_email: email(params, Empty::Unsets)?,
            shipping: shipping(params)?,
            radar_session: card_terms::radar_session(params)?,
            ..Said::default()
        };
        if !call.is_browser() {
            said.take_charge(params)?;
            said.take_sum(params)?;
        }
        Ok(said)
    }

    /// What a capture says.
    pub(crate) fn of_capture(params: &mut Params) -> Result<Said, ApiError> {
        let mut said = Said { metadata: MetadataChange::take(params)?, ..Said::default() };
        said.take_statement(params, Empty::Unsets)?;
        said.fee = fee(params, Empty::Unsets)?;
        said.transfer = transfer_amount(params)?;
        said.take_sum(params)?;
        Ok(said)
    }

    /// What a wish for a larger authorization says.
    pub(crate) fn of_increment(params: &mut Params) -> Result<Said, ApiError> {
        let empty = Empty::Unsets;
        let mut said = Said { metadata: MetadataChange::take(params)?, ..Said::default() };
        said.description = text(params, "description", fields::DESCRIPTION_CHARS_MAX, empty)?;
        said.statement_descriptor = descriptor(params, "statement_descriptor", empty)?;
        said.fee = fee(params, empty)?;
        said.transfer = transfer_amount(params)?;
        said.take_sum(params)?;
        Ok(said)
    }

    /// What the capture of a charge says.
    pub(crate) fn of_charge_capture(params: &mut Params) -> Result<Said, ApiError> {
        let mut said = Said { receipt_email: email(params, Empty::Unsets)?, ..Said::default() };
        said.take_statement(params, Empty::Unsets)?;
        said.fee = fee(params, Empty::Unsets)?;
        said.transfer = transfer_amount(params)?;
        said.transfer_group = text(params, "transfer_group", LINE_CHARS_MAX, Empty::Refused)?;
        Ok(said)
    }

    fn take_words(&mut self, params: &mut Params, empty: Empty) -> Result<(), ApiError> {
        self.description = text(params, "description", fields::DESCRIPTION_CHARS_MAX, empty)?;
        self.receipt_email = email(params, empty)?;
        self.metadata = MetadataChange::take(params)?;
        self.shipping = shipping(params)?;
        // Woocommerce sends it; the sandbox's network has no field for it.
        params.ignore("level3");
        Ok(())
    }

    fn take_statement(&mut self, params: &mut Params, empty: Empty) -> Result<(), ApiError> {
        self.statement_descriptor = descriptor(params, "statement_descriptor", empty)?;
        self.statement_descriptor_suffix =
            descriptor(params, "statement_descriptor_suffix", empty)?;
        Ok(())
    }

    fn take_way(&mut self, params: &mut Params, empty: Empty) -> Result<(), ApiError> {
        self.take_statement(params, empty)?;
        self.transfer_group = text(params, "transfer_group", LINE_CHARS_MAX, empty)?;
        self.fee = fee(params, empty)?;
        self.transfer = match empty {
            Empty::Refused => transfer(params)?,
            Empty::Unsets => transfer_amount(params)?,
        };
        Ok(())
    }

    fn take_sum(&mut self, params: &mut Params) -> Result<(), ApiError> {
        self.details = Keep(sum_params::details(params)?);
        self.amounts = Keep(sum_params::amounts(params)?);
        Ok(())
    }

    fn take_charge(&mut self, params: &mut Params) -> Result<(), ApiError> {
        self.capture = capture_method(params)?;
        self.card = options(params)?;
        if self.card.is_manual {
            self.capture = Some((CaptureMethod::Manual, CaptureWords::ManualForCards));
        }
        fields::card_only(params, "payment_method_types")?;
        let Choices { allowed, excluded } = method_types::choices(params)?;
        (self.allowed, self.excluded) = (Keep(allowed), Keep(excluded));
        Ok(())
    }

    /// Whether the accounts that it names are there.
    ///
    /// # Refusals
    /// 404 with the parameter, the same for one that is not there and one that is another's.
    pub(crate) async fn check_accounts(&self, call: &Call) -> Result<(), Halt> {
        let destination = self.transfer.as_ref().and_then(|transfer| transfer.destination);
        let named =
            [("on_behalf_of", self.on_behalf_of), ("transfer_data[destination]", destination)];
        for (param, id) in named {
            let Some(id) = id else { continue };
            if call.find::<Seller>(&id).await?.is_none() {
                return Err(ApiError::not_found("account", &id.to_string())
                    .with_param(param)
                    .into());
            }
        }
        Ok(())
    }

    /// The terms as the request wants them.
    ///
    /// # Refusals
    /// More metadata than may be, and parts that do not add up.
    pub(crate) fn apply(&self, terms: Terms) -> Result<Terms, ApiError> {
        let whole = terms.amount;
        self.apply_of(terms, whole)
    }

    /// The same where the parts of the sum are those of `whole`, which is not the payment's own.
    pub(crate) fn apply_of(&self, mut terms: Terms, whole: Money) -> Result<Terms, ApiError> {
        self.description.apply(&mut terms.description);
        self.receipt_email.apply(&mut terms.receipt_email);
        self.transfer_group.apply(&mut terms.transfer_group);
        terms.metadata = self.metadata.clone().applied(&terms.metadata)?;
        if let Some((method, words)) = self.capture {
            terms.capture_method = method;
            terms.notes.capture_words = words;
        }
        self.apply_notes(&mut terms.notes);
        self.apply_sum(&mut terms.notes, whole)?;
        self.apply_way(&mut terms)?;
        Ok(terms)
    }

    fn apply_notes(&self, notes: &mut Notes) {
        self.shipping.apply(&mut notes.shipping);
        self.statement_descriptor.apply(&mut notes.statement_descriptor);
        self.statement_descriptor_suffix.apply(&mut notes.statement_descriptor_suffix);
        notes.on_behalf_of = self.on_behalf_of.or(notes.on_behalf_of);
        notes.confirmation = self.confirmation.unwrap_or(notes.confirmation);
        notes.three_d_secure = self.card.three_d_secure.unwrap_or(notes.three_d_secure);
        self.card.apply(&mut notes.card);
        notes.radar_session = self.radar_session.clone().or(notes.radar_session.take());
        notes.automatic_methods = self.automatic.unwrap_or(notes.automatic_methods);
        self.allowed.apply(&mut notes.allowed_types);
        self.excluded.apply(&mut notes.excluded_types);
    }

    fn apply_sum(&self, notes: &mut Notes, whole: Money) -> Result<(), ApiError> {
        match &self.details.0 {
            Change::Keep => {}
            Change::Unset => notes.details = None,
            Change::Set(said) => notes.details = Some(said.applied(notes.details.take())),
        }
        match &self.amounts.0 {
            Change::Keep => {}
            Change::Unset => notes.amounts = None,
            Change::Set(said) => {
                notes.amounts = Some(said.applied(notes.amounts.take(), whole)?);
            }
        }
        Ok(())
    }

    fn apply_way(&self, terms: &mut Terms) -> Result<(), ApiError> {
        let currency = terms.amount.currency();
        let money = |minor: i64| Money::new(minor, currency);
        let mut fee = terms.notes.application_fee.map(Money::minor);
        self.fee.apply(&mut fee);
        terms.notes.application_fee = fee.map(money);
        if let Some(said) = &self.transfer {
            let before = terms.notes.transfer_data.take();
            terms.notes.transfer_data = Some(said.applied(before, terms.amount)?);
        }
        if let Some(data) = &mut terms.notes.transfer_data {
            data.amount = data.amount.map(|amount| money(amount.minor()));
        }
        Ok(())
    }
}

impl SaidTransfer {
    fn applied(
        &self,
        before: Option<TransferData>,
        whole: Money,
    ) -> Result<TransferData, ApiError> {
        let destination = self.destination.or(before.as_ref().map(|data| data.destination));
        let Some(destination) = destination else {
            return Err(ApiError::missing("transfer_data[destination]"));
        };
        let (amount, description, metadata, payment) = match before {
            Some(data) => (data.amount, data.description, data.metadata, data.payment),
            None => Default::default(),
        };
        let amount = self.minor.map(|minor| Money::new(minor, whole.currency())).or(amount);
        let description = self.description.clone().or(description);
        let metadata = self.metadata.clone().applied(&metadata)?;
        let payment = match &self.payment {
            None => payment,
            Some((description, metadata)) => {
                let before = payment.unwrap_or_default();
                Some(PaymentData {
                    description: description.clone().or(before.description),
                    metadata: metadata.clone().applied(&before.metadata)?,
                })
            }
        };
        Ok(TransferData { destination, amount, description, metadata, payment })
    }
}

/// The terms of a payment that requests write.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) amount: Money,
    pub(crate) capture_method: CaptureMethod,
    pub(crate) description: Option<String>,
    pub(crate) receipt_email: Option<String>,
    pub(crate) transfer_group: Option<String>,
    pub(crate) metadata: crate::metadata::Metadata,
    pub(crate) notes: Notes,
}

impl Terms {
    /// Those of a payment of which nothing is said but its sum.
    pub(crate) fn new(amount: Money) -> Terms {
        Terms {
            amount,
            capture_method: CaptureMethod::Automatic,
            description: None,
            receipt_email: None,
            transfer_group: None,
            metadata: Default::default(),
            notes: Notes::default(),
        }
    }

    /// Those of a payment.
    pub(crate) fn of(row: &PaymentIntent) -> Terms {
        Terms {
            amount: row.amount,
            capture_method: row.capture_method,
            description: row.description.clone(),
            receipt_email: row.receipt_email.clone(),
            transfer_group: row.transfer_group.clone(),
            metadata: row.metadata.clone(),
            notes: row.notes.clone(),
        }
    }

    /// Writes them onto the payment.
    pub(crate) fn write(self, row: &mut PaymentIntent) {
        row.amount = self.amount;
        row.capture_method = self.capture_method;
        row.description = self.description;
        row.receipt_email = self.receipt_email;
        row.transfer_group = self.transfer_group;
        row.metadata = self.metadata;
        row.notes = self.notes;
    }
}

fn text(
    params: &mut Params,
    name: &str,
    chars_max: usize,
    empty: Empty,
) -> Result<Keep<String>, ApiError> {
    Ok(Keep(match empty {
        Empty::Unsets => params.text_change(name, chars_max)?,
        Empty::Refused => params.text(name, chars_max)?.map_or(Change::Keep, Change::Set),
    }))
}

fn email(params: &mut Params, empty: Empty) -> Result<Keep<String>, ApiError> {
    let name = "receipt_email";
    if empty == Empty::Unsets && params.is_empty_text(name) {
        params.ignore(name);
        return Ok(Keep(Change::Unset));
    }
    Ok(Keep(fields::email(params, name)?.map_or(Change::Keep, Change::Set)))
}

/// What a statement may show: printable ASCII without what networks cut or mistake, and a letter.
fn descriptor(params: &mut Params, name: &str, empty: Empty) -> Result<Keep<String>, ApiError> {
    let said = text(params, name, DESCRIPTOR_CHARS_MAX, empty)?;
    if let Change::Set(text) = &said.0 {
        let plain = |byte: u8| (b' '..=b'~').contains(&byte) && !b"<>\\'\"*".contains(&byte);
        let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        if !has_letter || !text.bytes().all(plain) {
            let must = "must have a letter and none of < > \\ ' \" *, in plain ASCII";
            return Err(invalid(params, name, must));
        }
    }
    Ok(said)
}

fn fee(params: &mut Params, empty: Empty) -> Result<Keep<i64>, ApiError> {
    let name = "application_fee_amount";
    if empty == Empty::Unsets && params.is_empty_text(name) {
        params.ignore(name);
        return Ok(Keep(Change::Unset));
    }
    Ok(Keep(fields::minor(params, name)?.map_or(Change::Keep, Change::Set)))
}

fn transfer(params: &mut Params) -> Result<Option<SaidTransfer>, ApiError> {
    params.map("transfer_data", |data| {
        let destination = fields::id(data, "destination", "account")?;
        let destination = Some(destination.ok_or_else(|| data.missing("destination"))?);
        Ok(SaidTransfer { destination, ..transfer_rest(data)? })
    })
}

fn transfer_amount(params: &mut Params) -> Result<Option<SaidTransfer>, ApiError> {
    params.map("transfer_data", transfer_rest)
}

fn transfer_rest(data: &mut Params) -> Result<SaidTransfer, ApiError> {
    Ok(SaidTransfer {
        destination: None,
        minor: fields::positive(data, "amount")?,
        description: data.text("description", fields::DESCRIPTION_CHARS_MAX)?,
        metadata: MetadataChange::take(data)?,
        payment: data.map("payment_data", |payment| {
            let description = payment.text("description", fields::DESCRIPTION_CHARS_MAX)?;
            Ok((description, MetadataChange::take(payment)?))
        })?,
    })
}

fn automatic(params: &mut Params) -> Result<Option<Option<Redirects>>, ApiError> {
    params.map("automatic_payment_methods", |automatic| {
        let enabled = automatic.boolean("enabled")?.ok_or_else(|| automatic.missing("enabled"))?;
        let words = [("always", Redirects::Always), ("never", Redirects::Never)];
        let redirects = automatic.choice("allow_redirects", &words)?;
        Ok(enabled.then_some(redirects.unwrap_or(Redirects::Always)))
    })
}

fn capture_method(params: &mut Params) -> Result<Option<(CaptureMethod, CaptureWords)>, ApiError> {
    let words = [
        ("automatic", (CaptureMethod::Automatic, CaptureWords::Plain)),
        ("automatic_async", (CaptureMethod::Automatic, CaptureWords::Async)),
        ("manual", (CaptureMethod::Manual, CaptureWords::Plain)),
    ];
    params.choice("capture_method", &words)
}

/// `payment_method_options`: those for cards are read, those of other ways to pay left alone.
fn options(params: &mut Params) -> Result<SaidTerms, ApiError> {
    let said = params.map("payment_method_options", |options| {
        let card = options.map(CARD, SaidTerms::of_payment)?;
        METHOD_TYPES.iter().for_each(|word| options.ignore(word));
        Ok(card.unwrap_or_default())
    })?;
    Ok(said.unwrap_or_default())
}

fn shipping(params: &mut Params) -> Result<Keep<Shipping>, ApiError> {
    params.map_change("shipping", shipping_of).map(Keep)
}

/// Where goods go: a name and an address.
pub(crate) fn shipping_of(shipping: &mut Params) -> Result<Shipping, ApiError> {
    let address = shipping.map("address", address)?;
    Ok(Shipping {
        address: address.ok_or_else(|| shipping.missing("address"))?,
        carrier: optional(shipping, "carrier", LINE_CHARS_MAX)?,
        name: shipping.required_text("name", LINE_CHARS_MAX)?,
        phone: optional(shipping, "phone", PHONE_CHARS_MAX)?,
        tracking_number: optional(shipping, "tracking_number", LINE_CHARS_MAX)?,
    })
}

fn address(address: &mut Params) -> Result<Address, ApiError> {
    Ok(Address {
        city: optional(address, "city", LINE_CHARS_MAX)?,
        country: optional(address, "country", COUNTRY_CHARS)?,
        line1: optional(address, "line1", LINE_CHARS_MAX)?,
        line2: optional(address, "line2", LINE_CHARS_MAX)?,
        postal_code: optional(address, "postal_code", LINE_CHARS_MAX)?,
        state: optional(address, "state", LINE_CHARS_MAX)?,
    })
}

/// A country of ISO 3166-1 has two letters.
const COUNTRY_CHARS: usize = 2;

/// A text that shops send empty where their buyers gave none.
fn optional(params: &mut Params, name: &str, chars_max: usize) -> Result<Option<String>, ApiError> {
    Ok(match params.text_change(name, chars_max)? {
        Change::Keep | Change::Unset => None,
        Change::Set(text) => Some(text),
    })
}
