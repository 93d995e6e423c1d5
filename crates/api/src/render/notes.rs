//! What the platform says about a payment, as payments and charges show it.

use holdfast_core::address;
use holdfast_core::payment::notes::{Notes, Redirects, Shipping, TransferData};

use crate::objects::{self, AutomaticPaymentMethods};

/// Where the goods go.
pub(crate) fn shipping(row: &Shipping) -> objects::Shipping {
    objects::Shipping {
        address: address(&row.address),
        carrier: row.carrier.clone(),
        name: row.name.clone(),
        phone: row.phone.clone(),
        tracking_number: row.tracking_number.clone(),
    }
}

/// A postal address.
pub(crate) fn address(row: &address::Address) -> objects::Address {
    objects::Address {
        city: row.city.clone(),
        country: row.country.clone(),
        line1: row.line1.clone(),
        line2: row.line2.clone(),
        postal_code: row.postal_code.clone(),
        state: row.state.clone(),
    }
}

/// To whom the money goes on, as the payment shows it.
pub(crate) fn transfer_data(row: &TransferData) -> objects::TransferData {
    objects::TransferData {
        amount: row.amount.map(|amount| amount.minor()),
        description: row.description.clone(),
        destination: super::named::account(row.destination),
        metadata: Some(row.metadata.clone()).filter(|metadata| !metadata.is_empty()),
        payment_data: row.payment.as_ref().map(|payment| objects::PaymentData {
            description: payment.description.clone(),
            metadata: Some(payment.metadata.clone()).filter(|metadata| !metadata.is_empty()),
        }),
    }
}

/// Whether the choice among the ways to pay is ours.
pub(crate) fn automatic_methods(row: &Notes) -> Option<AutomaticPaymentMethods> {
    let allow_redirects = match row.automatic_methods? {
        Redirects::Always => "always",
        Redirects::Never => "never",
    };
    Some(AutomaticPaymentMethods { allow_redirects, enabled: true })
}
