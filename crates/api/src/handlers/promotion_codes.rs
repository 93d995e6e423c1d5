//! `/v1/promotion_codes`: words that give buyers a coupon's discount.

use holdfast_core::catalogue::coupon::Coupon;
use holdfast_core::catalogue::promotion_code::{CODE_CHARS_MAX, PromotionCode, WORD, code_link};
use holdfast_core::command::Command;
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, PromotionCodeId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::{self, Metadata, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{coupon, promotion_code};
use crate::reply::Reply;

use super::catalogue;
use super::coupons::{future, redemptions};

/// How many letters and digits a word has that Holdfast draws.
const DRAWN_CHARS: usize = 8;

/// `POST /v1/promotion_codes`.
pub(crate) async fn create(call: Call) -> Answer {
    let (new, coupon, expanded) = call.read(|params| {
        Ok((New::take(&call, params)?, coupon_param(params)?, Expanded::take(params)?))
    })?;
    let id = call.made_once::<PromotionCode>(made(&call, new, &coupon)).await?;
    let row = call.present::<PromotionCode>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

async fn made(call: &Call, new: New, coupon: &str) -> Result<PromotionCodeId, Halt> {
    let coupon = catalogue::of_param::<Coupon>(call, coupon, "promotion[coupon]").await?;
    let row = new.row(call, &coupon);
    let code = row.code.clone();
    if let Some(other) = holder(call, &row).await?
        && other.is_active(call.api.engine().now())
    {
        return Err(catalogue::taken("code", &code).into());
    }
    let name = catalogue::give_name(call, WORD, &word(&row), row.id.to_string()).await?;
    let keeps = vec![name, catalogue::new(row, EventKind::PromotionCodeCreated)];
    let command = Command::KeepAll(keeps);
    let made = call.make::<PromotionCode>(command, RowKind::PromotionCode).await;
    made.map_err(|halt| catalogue::or_taken(halt, "code", &code))
}

/// `GET /v1/promotion_codes/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = call.named::<PromotionCode>("promotion_code").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/promotion_codes/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (active, metadata, expanded) = call.read(|params| {
        fields::unsupported(params, &["restrictions"], "only notes and active change")?;
        let active = params.boolean("active")?;
        Ok((active, MetadataChange::take(params)?, Expanded::take(params)?))
    })?;
    let row = call.named::<PromotionCode>("promotion_code").await?;
    if active == Some(true) && !row.active {
        let other = holder(&call, &row).await?.filter(|other| other.id != row.id);
        if other.is_some_and(|other| other.is_active(call.api.engine().now())) {
            return Err(catalogue::taken("code", &row.code).into());
        }
    }
    let event = Some(EventKind::PromotionCodeUpdated);
    let edit = |row: &mut PromotionCode| {
        row.active = active.unwrap_or(row.active);
        row.metadata = metadata.clone().applied(&row.metadata)?;
        Ok(())
    };
    let row = call.edit::<PromotionCode>("promotion_code", event, edit).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/promotion_codes`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, coupon, expanded) = call.read(|params| {
        let narrowed =
            catalogue::there(Narrowed::all(RowKind::PromotionCode), params.boolean("active")?);
        let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
        let code = params.text("code", CODE_CHARS_MAX)?.map(|code| code_link(&code));
        let coupon = params.text("coupon", fields::NAME_CHARS_MAX)?;
        let narrowed = narrowed.link(code.as_ref()).link(customer.as_ref());
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let narrowed = narrowed.created(Created::take(params)?);
        Ok((Page::take(params)?, narrowed, coupon, expanded.unwrap_or_default()))
    })?;
    let coupon = match coupon {
        None => None,
        Some(text) => {
            let found = catalogue::find::<Coupon>(&call, &text).await?;
            let missing = || ApiError::not_found("coupon", &text).with_param("coupon");
            Some(found.ok_or_else(missing)?.id)
        }
    };
    let narrowed = narrowed.link(coupon.as_ref());
    let mut objects = Vec::new();
    for row in paging::rows::<PromotionCode>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// The code that a word stands for at this moment, for the same buyers.
async fn holder(call: &Call, row: &PromotionCode) -> Result<Option<PromotionCode>, Halt> {
    match catalogue::named::<PromotionCodeId>(call, WORD, &word(row)).await? {
        Some(id) => call.find::<PromotionCode>(&id).await,
        None => Ok(None),
    }
}

fn word(row: &PromotionCode) -> String {
    PromotionCode::word(&row.code, row.customer)
}

/// The coupon, by its older name too.
fn coupon_param(params: &mut Params) -> Result<String, ApiError> {
    let old = params.text("coupon", fields::NAME_CHARS_MAX)?;
    let new = params.map("promotion", |promotion| {
        promotion.required_choice("type", &[("coupon", ())])?;
        promotion.required_text("coupon", fields::NAME_CHARS_MAX)
    })?;
    match (old, new) {
        (Some(_), Some(_)) => Err(ApiError::exclusive("promotion", "coupon")),
        (Some(coupon), None) | (None, Some(coupon)) => Ok(coupon),
        (None, None) => Err(params.missing("promotion")),
    }
}

/// A promotion code that is to be made, its coupon not yet known.
struct New {
    active: bool,
    code: String,
    customer: Option<CustomerId>,
    expires_at: Option<Timestamp>,
    max_redemptions: Option<u32>,
    first_time_only: bool,
    minimum: Option<Money>,
    metadata: Metadata,
}

impl New {
    fn take(call: &Call, params: &mut Params) -> Result<New, ApiError> {
        fields::unsupported(params, &["customer_account"], "buyers are customers")?;
        let restrictions = params.map("restrictions", restrictions)?;
        let (first_time_only, minimum) = restrictions.unwrap_or_default();
        Ok(New {
            active: params.boolean("active")?.unwrap_or(true),
            code: match code(params)? {
                Some(code) => code,
                None => drawn(call),
            },
            customer: fields::id(params, "customer", "customer")?,
            expires_at: future(params, "expires_at", call.api.engine().now())?,
            max_redemptions: redemptions(params)?,
            first_time_only,
            minimum,
            metadata: metadata::of_new(params)?,
        })
    }

    fn row(self, call: &Call, coupon: &Coupon) -> PromotionCode {
        PromotionCode {
            id: call.api.engine().fresh_id(),
            created: call.api.engine().now(),
            active: self.active,
            code: self.code,
            coupon: coupon.called(),
            customer: self.customer,
            expires_at: self.expires_at,
            max_redemptions: self.max_redemptions,
            first_time_only: self.first_time_only,
            minimum: self.minimum,
            times_redeemed: 0,
            metadata: self.metadata,
        }
    }
}

/// A word that buyers type: ASCII letters and digits, so that it is typed the same everywhere.
fn code(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(code) = params.text("code", CODE_CHARS_MAX)? else { return Ok(None) };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !code.bytes().all(plain) {
        return Err(fields::invalid(params, "code", "must be letters, digits, _ and -"));
    }
    Ok(Some(code))
}

fn drawn(call: &Call) -> String {
    let secret = call.api.secret();
    secret.reveal().chars().take(DRAWN_CHARS).collect::<String>().to_uppercase()
}

fn restrictions(params: &mut Params) -> Result<(bool, Option<Money>), ApiError> {
    fields::unsupported(params, &["currency_options"], "a minimum has one currency")?;
    let first = params.boolean("first_time_transaction")?.unwrap_or(false);
    let minor = fields::positive(params, "minimum_amount")?;
    let currency = fields::optional_currency(params, "minimum_amount_currency")?;
    match (minor, currency) {
        (None, None) => Ok((first, None)),
        (Some(minor), Some(currency)) => Ok((first, Some(Money::new(minor, currency)))),
        (Some(_), None) => Err(params.missing("minimum_amount_currency")),
        (None, Some(_)) => Err(params.missing("minimum_amount")),
    }
}

/// What an answer about a promotion code expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    coupon: bool,
}

impl Expanded {
    fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let within =
            |promotion: &mut Expand| Ok(promotion.property("coupon", |_| Ok(()))?.is_some());
        let new = expand.property("promotion", within)?.unwrap_or_default();
        let old = expand.property("coupon", |_| Ok(()))?.is_some();
        Ok(Expanded { coupon: new || old })
    }
}

/// A promotion code as the caller may see it.
async fn shown(
    call: &Call,
    row: &PromotionCode,
    expanded: Expanded,
) -> Result<objects::PromotionCode, Halt> {
    let now = call.api.engine().now();
    let mut object = promotion_code::object(row, now);
    if expanded.coupon {
        let row = call.present::<Coupon>(&row.coupon.id).await?;
        object.promotion.coupon = Some(Expandable::Object(Box::new(coupon::object(&row, now))));
    }
    Ok(object)
}
