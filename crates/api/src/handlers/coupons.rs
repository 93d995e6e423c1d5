//! `/v1/coupons`: the discounts that the platform grants.

use holdfast_core::catalogue::coupon::{Coupon, Duration, Off};
use holdfast_core::catalogue::product::Product;
use holdfast_core::command::Command;
use holdfast_core::event::EventKind;
use holdfast_core::id::CouponId;
use holdfast_core::key::RowKind;
use holdfast_core::money::{BasisPoints, Money};
use holdfast_core::time::Timestamp;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::Deleted;
use crate::paging::Narrowed;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::coupon;
use crate::reply::Reply;

use super::catalogue::{self, Wordy};

/// The longest name of a coupon, in characters; as in the dialect.
const NAME_CHARS_MAX: usize = 40;
/// The most products that a coupon may be limited to.
const PRODUCTS_MAX: usize = 100;
/// The longest that a coupon may repeat, in months: ten years.
const MONTHS_MAX: i64 = 120;
/// The longest percentage: `100.00` and a little more.
const PERCENT_CHARS_MAX: usize = 8;

impl Wordy for Coupon {
    const OBJECT: &'static str = "coupon";

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}

/// `POST /v1/coupons`.
pub(crate) async fn create(call: Call) -> Answer {
    let (row, products) = call.read(|params| {
        expand_nothing(params)?;
        let products = params
            .map("applies_to", |to| to.texts("products", PRODUCTS_MAX, fields::NAME_CHARS_MAX))?;
        Ok((new_coupon(&call, params)?, products.flatten().unwrap_or_default()))
    })?;
    let id = call.made_once::<Coupon>(made(&call, row, &products)).await?;
    answer(&call, &call.present::<Coupon>(&id).await?)
}

async fn made(call: &Call, mut row: Coupon, products: &[String]) -> Result<CouponId, Halt> {
    for (index, text) in products.iter().enumerate() {
        let param = format!("applies_to[products][{index}]");
        let product = catalogue::of_param::<Product>(call, text, &param).await?;
        row.applies_to.push(product.called());
    }
    let mut keeps = Vec::new();
    let own = row.own_id.clone().unwrap_or_default();
    if row.own_id.is_some() {
        if catalogue::find::<Coupon>(call, &own).await?.is_some_and(|known| !known.deleted) {
            return Err(catalogue::taken("id", &own).into());
        }
        let target = row.id.to_string();
        keeps.push(catalogue::give_name(call, Coupon::OBJECT, &own, target).await?);
    }
    keeps.push(catalogue::new(row, EventKind::CouponCreated));
    let made = call.make::<Coupon>(Command::KeepAll(keeps), RowKind::Coupon).await;
    made.map_err(|halt| catalogue::or_taken(halt, "id", &own))
}

/// `GET /v1/coupons/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(expand_nothing)?;
    answer(&call, &catalogue::of_path::<Coupon>(&call).await?)
}

/// `POST /v1/coupons/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (metadata, name) = call.read(|params| {
        expand_nothing(params)?;
        fields::unsupported(params, &["currency_options"], "a coupon has one currency")?;
        Ok((MetadataChange::take(params)?, params.text_change("name", NAME_CHARS_MAX)?))
    })?;
    let row = catalogue::of_path::<Coupon>(&call).await?;
    let event = Some(EventKind::CouponUpdated);
    let edit = |row: &mut Coupon| {
        row.metadata = metadata.clone().applied(&row.metadata)?;
        name.apply_to(&mut row.name);
        Ok(())
    };
    answer(&call, &call.edit_row::<Coupon>(row.id, "coupon", event, edit).await?)
}

/// `DELETE /v1/coupons/{id}`. Whoever has its discount keeps it.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let row = catalogue::of_path::<Coupon>(&call).await?;
    let event = Some(EventKind::CouponDeleted);
    let delete = |row: &mut Coupon| {
        row.deleted = true;
        Ok(())
    };
    let row = call.edit_row::<Coupon>(row.id, "coupon", event, delete).await?;
    Ok(Reply::ok(&Deleted::new("coupon", row.called().to_string())))
}

/// `GET /v1/coupons`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, created) = call.read(|params| {
        expand_nothing(params)?;
        Ok((Page::take(params)?, Created::take(params)?))
    })?;
    let narrowed = catalogue::there(Narrowed::all(RowKind::Coupon), None).created(created);
    let rows = catalogue::rows::<Coupon>(&call, &page, narrowed).await?;
    let now = call.api.engine().now();
    let objects = rows.iter().map(|row| coupon::object(row, now)).collect();
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `applies_to` is always there; clients of the dialect ask for it by `expand[]`.
fn expand_nothing(params: &mut Params) -> Result<(), ApiError> {
    Expand::take(params, |expand| {
        expand.property("applies_to", |_| Ok(()))?;
        expand.property("data", |data| data.property("applies_to", |_| Ok(())))?;
        Ok(())
    })
}

fn answer(call: &Call, row: &Coupon) -> Answer {
    Ok(Reply::ok(&coupon::object(row, call.api.engine().now())))
}

fn new_coupon(call: &Call, params: &mut Params) -> Result<Coupon, ApiError> {
    fields::unsupported(params, &["currency_options"], "a coupon has one currency")?;
    let now = call.api.engine().now();
    Ok(Coupon {
        id: call.api.engine().fresh_id(),
        own_id: catalogue::own_id::<CouponId>(params)?,
        created: now,
        deleted: false,
        name: params.text("name", NAME_CHARS_MAX)?,
        off: off(params)?,
        duration: duration(params)?,
        applies_to: Vec::new(),
        max_redemptions: redemptions(params)?,
        redeem_by: future(params, "redeem_by", now)?,
        times_redeemed: 0,
        metadata: metadata::of_new(params)?,
    })
}

fn off(params: &mut Params) -> Result<Off, ApiError> {
    let percent = percent(params)?;
    let amount = fields::positive(params, "amount_off")?;
    let currency = fields::optional_currency(params, "currency")?;
    match (percent, amount, currency) {
        (Some(_), Some(_), _) => Err(ApiError::exclusive("percent_off", "amount_off")),
        (None, None, _) => Err(params.missing("percent_off")),
        (None, Some(_), None) => Err(params.missing("currency")),
        (None, Some(minor), Some(currency)) => Ok(Off::Amount(Money::new(minor, currency))),
        (Some(_), None, Some(_)) => {
            Err(fields::invalid(params, "currency", "belongs to amount_off, not to percent_off"))
        }
        (Some(rate), None, None) => Ok(Off::Percent(rate)),
    }
}

/// A percentage above 0 and up to 100, with at most two decimals, read without a float.
fn percent(params: &mut Params) -> Result<Option<BasisPoints>, ApiError> {
    params.example("percent_off", "25.5");
    let Some(text) = params.text("percent_off", PERCENT_CHARS_MAX)? else { return Ok(None) };
    let rate = basis_points(&text);
    let must = "must be more than 0 and at most 100, with at most two decimals";
    rate.map(Some).ok_or_else(|| fields::invalid(params, "percent_off", must))
}

fn basis_points(text: &str) -> Option<BasisPoints> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let hundredths = format!("{part:0<2}").parse::<u16>().ok()?;
    let points = whole.parse::<u16>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    BasisPoints::new(points).filter(|rate| *rate > BasisPoints::ZERO)
}

fn duration(params: &mut Params) -> Result<Duration, ApiError> {
    let months = params.integer("duration_in_months", 1..=MONTHS_MAX)?;
    let words = [("forever", 0), ("once", 1), ("repeating", 2)];
    match (params.choice("duration", &words)?.unwrap_or(1), months) {
        (2, None) => Err(params.missing("duration_in_months")),
        // The range above is within that of the type.
        (2, Some(months)) => Ok(Duration::Repeating { months: u16::try_from(months).unwrap_or(1) }),
        (_, Some(_)) => {
            Err(fields::invalid(params, "duration_in_months", "belongs to duration=repeating"))
        }
        (0, None) => Ok(Duration::Forever),
        (_, None) => Ok(Duration::Once),
    }
}

/// How often something may be redeemed.
pub(super) fn redemptions(params: &mut Params) -> Result<Option<u32>, ApiError> {
    let most = params.integer("max_redemptions", 1..=i64::from(u32::MAX))?;
    Ok(most.and_then(|most| u32::try_from(most).ok()))
}

/// A moment that has not come yet.
pub(super) fn future(
    params: &mut Params,
    name: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, ApiError> {
    let Some(seconds) = params.timestamp(name)? else { return Ok(None) };
    let at = Timestamp::from_seconds(seconds);
    if at <= now {
        return Err(fields::invalid(params, name, "must be a time that has not come yet"));
    }
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages() {
        let table = [
            ("20", Some(2_000)),
            ("25.5", Some(2_550)),
            ("33.33", Some(3_333)),
            ("0.01", Some(1)),
            ("100", Some(10_000)),
            ("100.00", Some(10_000)),
            ("0", None),
            ("100.01", None),
            ("101", None),
            ("-1", None),
            ("1.234", None),
            ("1.", None),
            (".5", None),
            ("1e1", None),
            ("", None),
        ];
        for (text, points) in table {
            assert_eq!(basis_points(text).map(BasisPoints::points), points, "{text}");
        }
    }
}
