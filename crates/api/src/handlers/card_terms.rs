//! What requests say of how a card is charged or kept: `payment_method_options[card]`.

use holdfast_core::checkout::{BlockedBrand, BlockedCards, BlockedFunding};
use holdfast_core::payment::details::{
    CardTerms, CredentialUsage, Keeping, MandateInterval, MandateOptions, Wish,
};
use holdfast_core::payment::notes::ThreeDSecure;
use holdfast_core::time::Timestamp;

use crate::error::ApiError;
use crate::fields;
use crate::method_types::CARD;
use crate::params::{Change, Params};

/// What a request says of how a card is charged; what it does not mention stays as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct SaidTerms {
    /// Whether the bank is to be told to ask the buyer.
    pub(crate) three_d_secure: Option<ThreeDSecure>,
    /// Whether the money is taken by hand, for cards only.
    pub(crate) is_manual: bool,
    mandate: Option<MandateOptions>,
    network: Option<&'static str>,
    setup_usage: Option<CredentialUsage>,
    stored_usage: Option<CredentialUsage>,
    moto: Option<bool>,
    asks_code_again: Option<bool>,
    future_usage: Option<Keeping>,
    extended: Option<Wish>,
    incremental: Option<Wish>,
    multicapture: Option<Wish>,
    overcapture: Option<Wish>,
    /// The cards that the shop does not take, of a session.
    pub(crate) blocked: BlockedCards,
}

/// The longest name of a mandate, in characters: the dialect's own bound.
const MANDATE_REFERENCE_CHARS_MAX: usize = 80;
/// The longest description of a mandate, in characters: the dialect's own bound.
const MANDATE_DESCRIPTION_CHARS_MAX: usize = 200;
/// The most intervals between two charges: a year of days.
const INTERVALS_MAX: i64 = 366;

/// The networks that a card of two may be charged by, in the dialect's words.
const NETWORKS: [(&str, &str); 13] = [
    ("amex", "amex"),
    ("cartes_bancaires", "cartes_bancaires"),
    ("diners", "diners"),
    ("discover", "discover"),
    ("eftpos_au", "eftpos_au"),
    ("girocard", "girocard"),
    ("interac", "interac"),
    ("jcb", "jcb"),
    ("link", "link"),
    ("mastercard", "mastercard"),
    ("unionpay", "unionpay"),
    ("unknown", "unknown"),
    ("visa", "visa"),
];

/// What only makes sense where a card is charged.
const OF_CHARGES: [&str; 6] = [
    "capture_method",
    "setup_future_usage",
    "request_extended_authorization",
    "request_incremental_authorization",
    "request_multicapture",
    "request_overcapture",
];

impl SaidTerms {
    /// What is said of the card of a payment.
    pub(crate) fn of_payment(card: &mut Params) -> Result<SaidTerms, ApiError> {
        let wishes = [Wish::Never, Wish::IfAvailable].map(|wish| (wish.name(), wish));
        let keepings = [Keeping::Nothing, Keeping::OnSession, Keeping::OffSession];
        let keepings = keepings.map(|word| (word.name(), word));
        Ok(SaidTerms {
            is_manual: card.choice("capture_method", &[("manual", ())])?.is_some(),
            mandate: card.map("mandate_options", |mandate| mandate_options(mandate, false))?,
            stored_usage: credential_usage(card, "stored_credential_usage")?,
            asks_code_again: card.boolean("require_cvc_recollection")?,
            future_usage: card.choice("setup_future_usage", &keepings)?,
            extended: card.choice("request_extended_authorization", &wishes)?,
            incremental: card.choice("request_incremental_authorization", &wishes)?,
            multicapture: card.choice("request_multicapture", &wishes)?,
            overcapture: card.choice("request_overcapture", &wishes)?,
            ..SaidTerms::of_both(card)?
        })
    }

    /// What is said of the card of a session; of one that only keeps it, whether its bank is to
    /// ask the buyer.
    pub(crate) fn of_session(card: &mut Params, is_setup: bool) -> Result<SaidTerms, ApiError> {
        card.map("installments", |plans| plans.choice("enabled", &[("false", ())]))?;
        if is_setup {
            let why = "a session of mode setup keeps a card and charges nothing";
            fields::unsupported(card, &OF_CHARGES, why)?;
        }
        let wishes = [Wish::Never, Wish::IfAvailable].map(|wish| (wish.name(), wish));
        let keepings = [Keeping::OnSession, Keeping::OffSession].map(|word| (word.name(), word));
        let words = [ThreeDSecure::Automatic, ThreeDSecure::Any, ThreeDSecure::Challenge];
        Ok(SaidTerms {
            three_d_secure: card
                .choice("request_three_d_secure", &words.map(|wish| (wish.name(), wish)))?,
            is_manual: card.choice("capture_method", &[("manual", ())])?.is_some(),
            future_usage: card.choice("setup_future_usage", &keepings)?,
            extended: card.choice("request_extended_authorization", &wishes)?,
            incremental: card.choice("request_incremental_authorization", &wishes)?,
            multicapture: card.choice("request_multicapture", &wishes)?,
            overcapture: card.choice("request_overcapture", &wishes)?,
            blocked: card.map("restrictions", blocked)?.unwrap_or_default(),
            ..SaidTerms::default()
        })
    }

    /// What is said of a card that is kept without a payment.
    pub(crate) fn of_setup(card: &mut Params) -> Result<SaidTerms, ApiError> {
        Ok(SaidTerms {
            mandate: card.map("mandate_options", |mandate| mandate_options(mandate, true))?,
            ..SaidTerms::of_both(card)?
        })
    }

    fn of_both(card: &mut Params) -> Result<SaidTerms, ApiError> {
        let words = [ThreeDSecure::Automatic, ThreeDSecure::Any, ThreeDSecure::Challenge];
        Ok(SaidTerms {
            three_d_secure: card
                .choice("request_three_d_secure", &words.map(|wish| (wish.name(), wish)))?,
            moto: card.boolean("moto")?,
            network: card.choice("network", &NETWORKS)?,
            setup_usage: credential_usage(card, "setup_credential_usage")?,
            ..SaidTerms::default()
        })
    }

    /// Writes what is said onto the terms of a card.
    pub(crate) fn apply(&self, to: &mut CardTerms) {
        to.mandate = self.mandate.clone().map(Box::new).or(to.mandate.take());
        to.network = self.network.map(str::to_owned).or(to.network.take());
        to.setup_usage = self.setup_usage.or(to.setup_usage);
        to.stored_usage = self.stored_usage.or(to.stored_usage);
        to.moto = self.moto.unwrap_or(to.moto);
        to.asks_code_again = self.asks_code_again.or(to.asks_code_again);
        to.future_usage = self.future_usage.or(to.future_usage);
        to.extended = self.extended.or(to.extended);
        to.incremental = self.incremental.or(to.incremental);
        to.multicapture = self.multicapture.or(to.multicapture);
        to.overcapture = self.overcapture.or(to.overcapture);
    }
}

/// `restrictions`: the cards that the shop does not take.
fn blocked(params: &mut Params) -> Result<BlockedCards, ApiError> {
    let fundings = BlockedFunding::ALL.map(|funding| (funding.name(), funding));
    let fundings = not_all(params, "funding_types_blocked", &fundings)?;
    Ok(BlockedCards { fundings, ..blocked_brands(params)? })
}

fn blocked_brands(params: &mut Params) -> Result<BlockedCards, ApiError> {
    let brands = BlockedBrand::ALL.map(|brand| (brand.name(), brand));
    let brands = not_all(params, "brands_blocked", &brands)?;
    Ok(BlockedCards { brands, ..BlockedCards::default() })
}

/// `payment_method_options` of a link: the brands that its sessions do not take. Whatever is empty
/// lets all pay.
pub(crate) fn blocked_by_link(options: &mut Params) -> Result<BlockedCards, ApiError> {
    let card = options.map_change(CARD, |card| card.map_change("restrictions", blocked_brands))?;
    Ok(match card {
        Change::Set(Change::Set(blocked)) => blocked,
        Change::Set(Change::Keep | Change::Unset) | Change::Keep | Change::Unset => {
            BlockedCards::default()
        }
    })
}

/// Some of the words of a table, each once, in its order, and never all of them.
fn not_all<T: Copy>(
    params: &mut Params,
    name: &str,
    table: &[(&str, T)],
) -> Result<Vec<T>, ApiError> {
    params.example(name, table.first().map_or("", |(word, _)| *word));
    let given = params.texts(name, table.len(), fields::NAME_CHARS_MAX)?.unwrap_or_default();
    if let Some(other) = given.iter().find(|word| table.iter().all(|(known, _)| known != word)) {
        let known: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
        let must = format!("must hold nothing but {}, not {other}", known.join(", "));
        return Err(fields::invalid(params, name, &must));
    }
    let given = |word: &str| given.iter().any(|given| given == word);
    let taken: Vec<T> =
        table.iter().filter(|(word, _)| given(word)).map(|(_, value)| *value).collect();
    if taken.len() == table.len() {
        return Err(fields::invalid(params, name, "must leave cards that can pay"));
    }
    Ok(taken)
}

fn credential_usage(card: &mut Params, name: &str) -> Result<Option<CredentialUsage>, ApiError> {
    let words =
        [CredentialUsage::Installment, CredentialUsage::Recurring, CredentialUsage::Unscheduled];
    card.choice(name, &words.map(|word| (word.name(), word)))
}

fn mandate_options(mandate: &mut Params, of_setup: bool) -> Result<MandateOptions, ApiError> {
    let minor = fields::positive(mandate, "amount")?.ok_or_else(|| mandate.missing("amount"))?;
    let intervals = [
        MandateInterval::Day,
        MandateInterval::Week,
        MandateInterval::Month,
        MandateInterval::Year,
        MandateInterval::Sporadic,
    ];
    let starts = mandate.timestamp("start_date")?.ok_or_else(|| mandate.missing("start_date"))?;
    let count = mandate.integer("interval_count", 1..=INTERVALS_MAX)?;
    Ok(MandateOptions {
        minor,
        currency: if of_setup { Some(fields::currency(mandate, "currency")?) } else { None },
        is_maximum: mandate
            .required_choice("amount_type", &[("fixed", false), ("maximum", true)])?,
        description: mandate.text("description", MANDATE_DESCRIPTION_CHARS_MAX)?,
        ends: mandate.timestamp("end_date")?.map(Timestamp::from_seconds),
        interval: mandate.required_choice("interval", &intervals.map(|it| (it.name(), it)))?,
        interval_count: count.and_then(|count| u16::try_from(count).ok()),
        reference: mandate.required_text("reference", MANDATE_REFERENCE_CHARS_MAX)?,
        starts: Timestamp::from_seconds(starts),
        is_indian: indian(mandate)?,
    })
}

/// `supported_types[]`, of which the dialect knows one.
fn indian(mandate: &mut Params) -> Result<bool, ApiError> {
    let name = "supported_types";
    mandate.example(name, "india");
    let types = mandate.texts(name, 1, fields::NAME_CHARS_MAX)?.unwrap_or_default();
    match types.iter().find(|word| *word != "india") {
        Some(_) => Err(fields::invalid(mandate, name, "must hold india")),
        None => Ok(!types.is_empty()),
    }
}

/// The longest name of a browser that is read, in characters: what servers take of a header.
const USER_AGENT_CHARS_MAX: usize = 8_192;
/// The longest address on the internet, in characters (RFC 4291, with an IPv4 address in it).
const IP_CHARS_MAX: usize = 45;

/// `mandate_data`: that the buyer agreed to something. Cards need no mandate, so that nothing is
/// kept of it; what it would say has to be right all the same.
pub(crate) fn mandate_data(params: &mut Params) -> Result<(), ApiError> {
    params.map_change("mandate_data", |mandate| {
        mandate.map("customer_acceptance", |acceptance| {
            acceptance.required_choice("type", &[("offline", ()), ("online", ())])?;
            acceptance.timestamp("accepted_at")?;
            acceptance.map("offline", |_| Ok(()))?;
            acceptance.map("online", |online| {
                online.text("ip_address", IP_CHARS_MAX)?;
                online.text("user_agent", USER_AGENT_CHARS_MAX)
            })
        })
    })?;
    Ok(())
}

/// `radar_options`: the visit to the shop, as a script of its page named it, and where it came
/// from, of which nothing is kept.
pub(crate) fn radar_session(params: &mut Params) -> Result<Option<String>, ApiError> {
    let session = params.map("radar_options", |radar| {
        radar.text("referrer", fields::URL_CHARS_MAX)?;
        radar.text("session", fields::ID_CHARS_MAX)
    })?;
    Ok(session.flatten())
}
