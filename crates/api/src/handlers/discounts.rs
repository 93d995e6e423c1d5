//! The coupon that a customer has: `coupon` and `promotion_code` of `/v1/customers`, and
//! `DELETE /v1/customers/{id}/discount`.

use holdfast_core::catalogue::coupon::Coupon;
use holdfast_core::catalogue::promotion_code::PromotionCode;
use holdfast_core::customer::{Customer, Discount};
use holdfast_core::event::EventKind;
use holdfast_core::id::PromotionCodeId;

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::objects::DeletedDiscount;
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::discount;
use crate::reply::Reply;

use super::catalogue;
use super::customers::living;

/// What a request says about a customer's coupon.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    coupon: Change<String>,
    code: Change<String>,
}

impl Asked {
    /// Takes `coupon` or `promotion_code`; an empty one takes the coupon away.
    pub(super) fn take(params: &mut Params) -> Result<Asked, ApiError> {
        let coupon = params.text_change("coupon", fields::NAME_CHARS_MAX)?;
        let code = params.text_change("promotion_code", fields::NAME_CHARS_MAX)?;
        if coupon != Change::Keep && code != Change::Keep {
            return Err(ApiError::exclusive("coupon", "promotion_code"));
        }
        Ok(Asked { coupon, code })
    }

    /// What becomes of the coupon that a customer has.
    pub(super) async fn change(&self, call: &Call) -> Result<Change<Discount>, Halt> {
        let (coupon, promotion_code) = match (&self.coupon, &self.code) {
            (Change::Set(text), _) => {
                (catalogue::of_param::<Coupon>(call, text, "coupon").await?, None)
            }
            (_, Change::Set(text)) => {
                let code = promotion_code(call, text).await?;
                (call.present::<Coupon>(&code.coupon.id).await?, Some(code.id))
            }
            (Change::Unset, _) | (_, Change::Unset) => return Ok(Change::Unset),
            (Change::Keep, Change::Keep) => return Ok(Change::Keep),
        };
        let now = call.api.engine().now();
        if !coupon.is_valid(now) {
            let message = "The coupon is over, or was redeemed as often as it may be.";
            let code = codes::PARAMETER_INVALID_VALUE;
            return Err(ApiError::param(code, "coupon", message).into());
        }
        let id = call.api.engine().fresh_id();
        Ok(Change::Set(Discount { id, coupon: coupon.called(), start: now, promotion_code }))
    }
}

/// The event of a change, where there is one.
pub(super) fn event(before: Option<&Discount>, change: &Change<Discount>) -> Option<EventKind> {
    match (before, change) {
        (None, Change::Set(_)) => Some(EventKind::CustomerDiscountCreated),
        (Some(_), Change::Set(_)) => Some(EventKind::CustomerDiscountUpdated),
        (Some(_), Change::Unset) => Some(EventKind::CustomerDiscountDeleted),
        (None, Change::Unset) | (_, Change::Keep) => None,
    }
}

/// `DELETE /v1/customers/{id}/discount`.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let customer = living(&call).await?;
    let missing = || ApiError::not_found("discount", &call.path_id);
    let gone = customer.discount.as_ref().ok_or_else(missing)?;
    let object: DeletedDiscount = discount::deleted(customer.id, gone);
    let event = Some(EventKind::CustomerDiscountDeleted);
    let edit = |row: &mut Customer| {
        row.discount = None;
        Ok(())
    };
    call.edit::<Customer>("customer", event, edit).await?;
    Ok(Reply::ok(&object))
}

async fn promotion_code(call: &Call, text: &str) -> Result<PromotionCode, Halt> {
    use holdfast_core::id::Id as _;
    let missing = || ApiError::unknown_reference("promotion_code", text, "promotion_code");
    let id = PromotionCodeId::parse(text).ok_or_else(missing)?;
    let code = call.find::<PromotionCode>(&id).await?;
    let now = call.api.engine().now();
    Ok(code.filter(|code| code.is_active(now)).ok_or_else(missing)?)
}
