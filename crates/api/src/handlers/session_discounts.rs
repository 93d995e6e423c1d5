//! `discounts` of a new checkout session: a coupon, or a promotion code.

use holdfast_core::catalogue::coupon::Coupon;
use holdfast_core::catalogue::promotion_code::PromotionCode;
use holdfast_core::command::{CreateCheckoutSession, DiscountBy, NewDiscount};
use holdfast_core::id::{Id as _, PromotionCodeId};
use holdfast_core::refusal::Refusal;

use crate::error::ApiError;
use crate::fields;
use crate::params::Params;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::refusals;

use super::catalogue;

/// A session has one discount at most; as in the dialect.
const DISCOUNTS_MAX: usize = 1;

/// What a request says of a discount, not yet looked up.
#[derive(Clone, Debug)]
pub(super) struct SaidDiscount {
    by: SaidBy,
    /// Its parameter, for refusals that are found later.
    pub(super) param: String,
}

#[derive(Clone, Debug)]
enum SaidBy {
    Coupon(String),
    Code(String),
}

/// Takes `discounts`.
///
/// # Refusals
/// A discount of a session whose buyer may enter a code: there is one at most.
pub(super) fn take(
    params: &mut Params,
    allow_codes: Option<bool>,
) -> Result<Option<SaidDiscount>, ApiError> {
    let said = params.list("discounts", DISCOUNTS_MAX, one)?.unwrap_or_default();
    match said.into_iter().next() {
        Some(_) if allow_codes == Some(true) => {
            Err(ApiError::exclusive("allow_promotion_codes", "discounts"))
        }
        said => Ok(said),
    }
}

fn one(params: &mut Params) -> Result<SaidDiscount, ApiError> {
    let coupon = params.text("coupon", fields::NAME_CHARS_MAX)?;
    let code = params.text("promotion_code", fields::NAME_CHARS_MAX)?;
    match (coupon, code) {
        (Some(coupon), None) => {
            Ok(SaidDiscount { by: SaidBy::Coupon(coupon), param: params.spelled("coupon") })
        }
        (None, Some(code)) => {
            Ok(SaidDiscount { by: SaidBy::Code(code), param: params.spelled("promotion_code") })
        }
        (Some(_), Some(_)) => {
            let (one, other) = (params.spelled("coupon"), params.spelled("promotion_code"));
            Err(ApiError::exclusive(&one, &other))
        }
        (None, None) => Err(params.missing("coupon")),
    }
}

impl SaidDiscount {
    /// The discount, of a session that is otherwise known.
    pub(super) async fn resolved(
        &self,
        call: &Call,
        session: &CreateCheckoutSession,
    ) -> Result<NewDiscount, Halt> {
        match &self.by {
            SaidBy::Coupon(text) => {
                let coupon = catalogue::of_param::<Coupon>(call, text, &self.param).await?;
                Ok(NewDiscount { by: DiscountBy::Coupon(coupon.id), is_first_purchase: true })
            }
            SaidBy::Code(text) => {
                let missing = || ApiError::unknown_reference("promotion_code", text, &self.param);
                let id = PromotionCodeId::parse(text).ok_or_else(missing)?;
                let code = call.find::<PromotionCode>(&id).await?.ok_or_else(missing)?;
                let (engine, platform) = (call.api.engine(), call.api.platform());
                let email = session.customer_email.as_deref();
                // Asked of the lists only where it matters.
                let is_first_purchase = !code.first_time_only
                    || engine.is_first_purchase(platform, session.customer, email).await?;
                Ok(NewDiscount { by: DiscountBy::Code(id), is_first_purchase })
            }
        }
    }

    /// Names the discount's parameter in what it was refused for.
    pub(super) fn blamed(&self, halt: Halt) -> Halt {
        match halt {
            Halt::Refused(
                refusal @ (Refusal::DiscountOver
                | Refusal::RedemptionsExhausted
                | Refusal::DiscountNotApplicable
                | Refusal::MinimumNotReached
                | Refusal::FirstPurchaseOnly
                | Refusal::CodeOfAnotherCustomer
                | Refusal::CurrencyMismatch
                | Refusal::AmountTooSmall),
            ) => refusals::refused(refusal).with_param(&self.param).into(),
            Halt::Refused(_) | Halt::Error(_) | Halt::Replay(_) => halt,
        }
    }
}
