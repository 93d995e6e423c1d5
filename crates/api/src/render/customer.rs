//! A customer as a `customer`.

use holdfast_core::address;
use holdfast_core::customer;

use crate::objects::{
    Address, AnyCustomer, Customer, CustomerNulls, CustomerShipping, CustomerWord, Deleted,
    Expandable, InvoiceSettings,
};

use super::{LIVEMODE, discount};

/// A customer, also one that was deleted, as it was.
pub(crate) fn object(row: &customer::Customer) -> Customer {
    let default = row.default_method.map(|method| Expandable::Id(method.to_string()));
    Customer {
        id: row.id.to_string(),
        object: CustomerWord,
        address: row.address.as_ref().map(address),
        balance: 0,
        business_name: row.business_name.clone(),
        created: row.created.seconds(),
        delinquent: false,
        description: row.description.clone(),
        discount: row.discount.as_ref().map(|it| discount::object(row.id, it)),
        email: row.email.clone(),
        individual_name: row.individual_name.clone(),
        invoice_settings: InvoiceSettings {
            default_payment_method: default,
            ..InvoiceSettings::default()
        },
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        name: row.name.clone(),
        phone: row.phone.clone(),
        preferred_locales: row.preferred_locales.clone(),
        shipping: row.shipping.as_ref().map(|to| CustomerShipping {
            address: address(&to.address),
            name: to.name.clone(),
            phone: to.phone.clone(),
        }),
        sources: None,
        tax_exempt: row.tax_exempt.name(),
        tax_ids: None,
        nulls: CustomerNulls::default(),
    }
}

/// A customer, or that it was deleted.
pub(crate) fn any(row: &customer::Customer) -> AnyCustomer {
    if row.deleted {
        return AnyCustomer::Deleted(Deleted::new("customer", row.id.to_string()));
    }
    AnyCustomer::Live(Box::new(object(row)))
}

/// An address.
pub(crate) fn address(row: &address::Address) -> Address {
    Address {
        city: row.city.clone(),
        country: row.country.clone(),
        line1: row.line1.clone(),
        line2: row.line2.clone(),
        postal_code: row.postal_code.clone(),
        state: row.state.clone(),
    }
}
