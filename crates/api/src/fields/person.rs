//! What is said of a person: name, address, phone, whose card it is.

use holdfast_core::address::{Address, BillingDetails, ShippingTo};

use crate::error::ApiError;
use crate::params::{Change, Params};

use super::{EMAIL_CHARS_MAX, NAME_CHARS_MAX, checked_email, invalid};

/// The longest phone number, in characters: E.164 has 15 digits, people write more around them.
const PHONE_CHARS_MAX: usize = 40;

/// A phone number as people write it.
pub(crate) fn phone(params: &mut Params) -> Result<Change<String>, ApiError> {
    params.text_change("phone", PHONE_CHARS_MAX)
}

/// A name, in any script.
pub(crate) fn name(params: &mut Params) -> Result<Change<String>, ApiError> {
    params.text_change("name", NAME_CHARS_MAX)
}

/// An e-mail address that an empty value takes away.
pub(crate) fn email(params: &mut Params) -> Result<Change<String>, ApiError> {
    match params.text_change("email", EMAIL_CHARS_MAX)? {
        Change::Set(email) => Ok(Change::Set(checked_email(params, "email", email)?)),
        change @ (Change::Keep | Change::Unset) => Ok(change),
    }
}

/// A postal address that an empty value takes away.
pub(crate) fn address(params: &mut Params, name: &str) -> Result<Change<Address>, ApiError> {
    params.map_change(name, read_address)
}

fn read_address(params: &mut Params) -> Result<Address, ApiError> {
    let mut line = |name: &str| {
        let change = params.text_change(name, NAME_CHARS_MAX)?;
        Ok::<_, ApiError>(applied(change, &None))
    };
    let [city, line1, line2] = [line("city")?, line("line1")?, line("line2")?];
    let [postal_code, state] = [line("postal_code")?, line("state")?];
    let country = applied(params.text_change("country", 2)?, &None);
    let is_code =
        |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if country.as_ref().is_some_and(|code| !is_code(code)) {
        return Err(invalid(params, "country", "must be two capital letters (ISO 3166-1)"));
    }
    Ok(Address { city, country, line1, line2, postal_code, state })
}

/// Where goods go; an empty value takes it away.
pub(crate) fn shipping(params: &mut Params, name_of: &str) -> Result<Change<ShippingTo>, ApiError> {
    params.map_change(name_of, |shipping| {
        let address = shipping.map("address", read_address)?;
        Ok(ShippingTo {
            address: address.ok_or_else(|| shipping.missing("address"))?,
            name: shipping.required_text("name", NAME_CHARS_MAX)?,
            phone: applied(phone(shipping)?, &None),
        })
    })
}

/// Whose card it is: what is given changes `present`, the rest stays.
pub(crate) fn billing(
    params: &mut Params,
    name_of: &str,
    present: &BillingDetails,
) -> Result<Option<BillingDetails>, ApiError> {
    params.map(name_of, |billing| {
        Ok(BillingDetails {
            address: applied(address(billing, "address")?, &present.address),
            email: applied(email(billing)?, &present.email),
            name: applied(name(billing)?, &present.name),
            phone: applied(phone(billing)?, &present.phone),
        })
    })
}

/// What a value is after a change.
pub(crate) fn applied<T: Clone>(change: Change<T>, present: &Option<T>) -> Option<T> {
    match change {
        Change::Keep => present.clone(),
        Change::Unset => None,
        Change::Set(value) => Some(value),
    }
}
