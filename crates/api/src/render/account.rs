//! A seller as an `account`, and the platform itself.

use std::collections::BTreeMap;

use holdfast_core::seller::{
    Company, Individual, PayoutInterval, PostalAddress, Seller, SellerKind, SellerSettings, Terms,
};

use crate::objects::{
    Account, AccountCompany, AccountSettings, AccountWord, Address, Birth, Branding,
    BusinessProfile, Capability, CapabilityWord, CardPaymentSettings, Controller,
    DashboardSettings, List, PaymentSettings, PayoutScheduleObject, PayoutSettings, Person,
    PersonWord, Requirements, TosAcceptance,
};

use super::{bank_account, currency};

/// What every seller may do from the start.
pub(crate) const FROM_THE_START: [&str; 2] = ["card_payments", "transfers"];

/// The days that a sale rests before it is paid out, where the platform has set none.
const DELAY_DAYS: u8 = 2;

/// A seller. It may sell from the start: what it has not said yet stands in `requirements`, and
/// keeps it from nothing but being paid out without a bank account.
pub(crate) fn object(row: &Seller) -> Account {
    let profile = &row.profile;
    let accounts = format!("/v1/accounts/{}/external_accounts", row.id);
    let banks = row.bank_accounts.iter().map(|bank| bank_account::object(bank, Some(row.id)));
    Account {
        id: row.id.to_string(),
        object: AccountWord,
        business_profile: business_profile(row),
        business_type: profile.business_type.map(|kind| kind.name().to_owned()),
        capabilities: capabilities(row),
        charges_enabled: true,
        company: (profile.company != Company::default()).then(|| company(&profile.company)),
        controller: Controller::default(),
        country: row.country.clone(),
        created: row.created.seconds(),
        default_currency: currency(row.currency),
        details_submitted: row.has_submitted(),
        email: row.email.clone(),
        external_accounts: List::whole(accounts, banks.collect()),
        future_requirements: Requirements::default(),
        individual: (profile.individual != Individual::default()).then(|| person(row)),
        metadata: row.metadata.clone(),
        payouts_enabled: row.may_be_paid_out(),
        requirements: requirements(row),
        settings: settings(row),
        tos_acceptance: terms(&profile.terms),
        kind: profile.kind.name(),
    }
}

/// The platform's own account.
pub(crate) fn of_platform(row: &Seller) -> Account {
    let mut account = object(row);
    account.details_submitted = true;
    account.payouts_enabled = true;
    account.requirements = Requirements::default();
    account.kind = SellerKind::Standard.name();
    account
}

/// One capability, by its name; `None` when the seller does not have it and did not ask for it.
pub(crate) fn capability(row: &Seller, name: &str) -> Option<Capability> {
    let status = *capabilities(row).get(name)?;
    Some(Capability {
        id: name.to_owned(),
        object: CapabilityWord,
        account: row.id.to_string(),
        future_requirements: Requirements::default(),
        requested: true,
        requested_at: Some(row.created.seconds()),
        requirements: Requirements::default(),
        status,
    })
}

/// The names of what a seller has or asked for, each with how it stands.
pub(crate) fn capabilities(row: &Seller) -> BTreeMap<String, &'static str> {
    let asked = row.profile.capabilities.iter().map(|name| (name.clone(), "inactive"));
    let active = FROM_THE_START.into_iter().map(|name| (name.to_owned(), "active"));
    asked.chain(active).collect()
}

fn requirements(row: &Seller) -> Requirements {
    let due: Vec<String> = row.due().into_iter().map(str::to_owned).collect();
    Requirements { currently_due: due.clone(), eventually_due: due, ..Requirements::default() }
}

fn business_profile(row: &Seller) -> BusinessProfile {
    let shop = &row.profile.business;
    BusinessProfile {
        mcc: shop.mcc.clone(),
        name: row.name.clone(),
        product_description: shop.product_description.clone(),
        support_address: shop.support_address.as_ref().map(address),
        support_email: shop.support_email.clone(),
        support_phone: shop.support_phone.clone(),
        support_url: shop.support_url.clone(),
        url: shop.url.clone(),
        ..BusinessProfile::default()
    }
}

fn company(row: &Company) -> AccountCompany {
    AccountCompany {
        address: row.address.as_ref().map(address),
        name: row.name.clone(),
        phone: row.phone.clone(),
        tax_id_provided: row.has_tax_id,
    }
}

fn person(row: &Seller) -> Person {
    let individual = &row.profile.individual;
    let digits = row.id.to_string();
    let digits = digits.rsplit('_').next().unwrap_or_default();
    Person {
        id: format!("person_{digits}"),
        object: PersonWord,
        account: row.id.to_string(),
        address: individual.address.as_ref().map(address),
        created: row.created.seconds(),
        dob: individual.born.map(|born| Birth {
            day: Some(born.day),
            month: Some(born.month),
            year: Some(born.year),
        }),
        email: individual.email.clone(),
        first_name: individual.first_name.clone(),
        id_number_provided: individual.has_id_number,
        last_name: individual.last_name.clone(),
        metadata: BTreeMap::new(),
        phone: individual.phone.clone(),
    }
}

fn address(row: &PostalAddress) -> Address {
    Address {
        city: row.city.clone(),
        country: row.country.clone(),
        line1: row.line1.clone(),
        line2: row.line2.clone(),
        postal_code: row.postal_code.clone(),
        state: row.state.clone(),
    }
}

fn settings(row: &Seller) -> AccountSettings {
    let set = &row.profile.settings;
    let prefix = set.card_descriptor_prefix.clone();
    AccountSettings {
        branding: Branding::default(),
        card_payments: CardPaymentSettings {
            statement_descriptor_prefix: prefix,
            ..CardPaymentSettings::default()
        },
        dashboard: DashboardSettings {
            display_name: set.display_name.clone().or_else(|| row.name.clone()),
            timezone: "Etc/UTC",
        },
        payments: PaymentSettings {
            statement_descriptor: set.payment_descriptor.clone(),
            ..PaymentSettings::default()
        },
        payouts: PayoutSettings {
            debit_negative_balances: set.debits_negative_balances,
            schedule: schedule(set),
            statement_descriptor: set.payout_descriptor.clone(),
        },
    }
}

fn schedule(set: &SellerSettings) -> PayoutScheduleObject {
    let row = &set.schedule;
    let monthly = row.interval == PayoutInterval::Monthly;
    let weekly = row.interval == PayoutInterval::Weekly;
    PayoutScheduleObject {
        delay_days: row.delay_days.unwrap_or(DELAY_DAYS),
        interval: row.interval.name(),
        monthly_anchor: row.monthly_days.first().copied().filter(|_| monthly),
        monthly_payout_days: monthly.then(|| row.monthly_days.clone()),
        weekly_anchor: row.weekly_days.first().cloned().filter(|_| weekly),
        weekly_payout_days: weekly.then(|| row.weekly_days.clone()),
    }
}

fn terms(row: &Terms) -> TosAcceptance {
    TosAcceptance {
        date: row.accepted_at.map(|at| at.seconds()),
        ip: row.ip.clone(),
        service_agreement: row.service_agreement.clone(),
        user_agent: row.user_agent.clone(),
    }
}
