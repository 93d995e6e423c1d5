//! The addresses that a buyer types: read, and shown again.

use holdfast_core::address::country::{Needs, known};
use holdfast_core::address::{Address, ShippingTo};
use holdfast_core::checkout::addresses::{LINE_CHARS_MAX, POSTAL_CODE_CHARS_MAX};
use holdfast_core::checkout::answers::NAME_CHARS_MAX;
use holdfast_core::checkout::problem::{AddressOf, AddressPart, AnswerProblem, Question};
use holdfast_core::checkout::{CheckoutSession, Given};

use super::asks::{AddressAsks, Ask, AskKind, Label, Need, SAME_ID};
use super::problems::{Problem, beside, problem_of};
use crate::fields::{Field, Fields};

/// The addresses of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    shipping: ShippingTo,
    billing: Address,
    /// Whether the cardholder lives where the goods go.
    is_same: bool,
}

/// A field of the form: the part of the address, its element, what browsers know it by.
struct Part {
    part: AddressPart,
    field: Field,
    word: &'static str,
}

const fn part(part: AddressPart, name: &'static str, word: &'static str) -> Part {
    // In any script: four bytes a character at most.
    Part { part, field: Field::new(name, 4 * chars_max(part) as usize), word }
}

const SHIPPING: [Part; 7] = [
    part(AddressPart::Name, "ship-name", "shipping name"),
    part(AddressPart::Country, "ship-country", "shipping country"),
    part(AddressPart::Line1, "ship-line1", "shipping address-line1"),
    part(AddressPart::Line2, "ship-line2", "shipping address-line2"),
    part(AddressPart::City, "ship-city", "shipping address-level2"),
    part(AddressPart::State, "ship-state", "shipping address-level1"),
    part(AddressPart::PostalCode, "ship-postal-code", "shipping postal-code"),
];
const BILLING: [Part; 6] = [
    part(AddressPart::Country, "bill-country", "billing country"),
    part(AddressPart::Line1, "bill-line1", "billing address-line1"),
    part(AddressPart::Line2, "bill-line2", "billing address-line2"),
    part(AddressPart::City, "bill-city", "billing address-level2"),
    part(AddressPart::State, "bill-state", "billing address-level1"),
    part(AddressPart::PostalCode, "bill-postal-code", "billing postal-code"),
];
const SAME: Field = Field::new(SAME_ID, 8);

/// The fields of a post that [`Places::of`] looks at.
pub(super) fn fields() -> impl Iterator<Item = Field> {
    SHIPPING.iter().chain(&BILLING).map(|part| part.field).chain([SAME])
}

impl Places {
    /// What a form says of the addresses that the page asks for.
    pub(super) fn of(fields: &Fields, session: &CheckoutSession) -> Places {
        let mut places = Places::default();
        if session.asks_shipping() {
            for Part { part, field, .. } in &SHIPPING {
                match place_in(&mut places.shipping.address, *part) {
                    Some(place) => *place = fields.optional(field),
                    None => places.shipping.name = fields.optional(field).unwrap_or_default(),
                }
            }
        }
        if session.page.requires_billing() {
            places.is_same = session.asks_shipping() && !fields.text(&SAME).is_empty();
            for Part { part, field, .. } in &BILLING {
                if let Some(place) = place_in(&mut places.billing, *part) {
                    *place = fields.optional(field);
                }
            }
        }
        places
    }

    /// What was said before; that both addresses are one until the buyer says otherwise.
    pub(super) fn before(session: &CheckoutSession) -> Places {
        let shipping = session.given.shipping.as_deref().cloned().unwrap_or_default();
        let known = session.given.address.clone();
        let is_same = known.as_ref().is_none_or(|known| *known == shipping.address);
        Places {
            shipping,
            billing: known.unwrap_or_default(),
            is_same: is_same && session.asks_shipping(),
        }
    }

    /// `given` with the addresses.
    pub(super) fn given(&self, session: &CheckoutSession, given: Given) -> Given {
        let billing = if self.is_same { &self.shipping.address } else { &self.billing };
        Given {
            shipping: session.asks_shipping().then(|| Box::new(self.shipping.clone())),
            address: session.page.requires_billing().then(|| billing.clone()),
            ..given
        }
    }

    /// The questions for where the goods go.
    pub(super) fn shipping_asks(
        &self,
        session: &CheckoutSession,
        problems: &[Problem<'_>],
    ) -> Option<AddressAsks> {
        let countries = &session.page.shipping_countries;
        let ask = |part: &Part| {
            let address = &self.shipping.address;
            let value = value_of(address, part.part).unwrap_or(self.shipping.name.as_str());
            let question = Question::Address(AddressOf::Shipping, part.part);
            ask(part, countries, value, problem_of(problems, question))
        };
        session.asks_shipping().then(|| AddressAsks {
            of: AddressOf::Shipping,
            same: None,
            inputs: SHIPPING.iter().map(ask).collect(),
        })
    }

    /// The questions for where the cardholder lives.
    pub(super) fn billing_asks(
        &self,
        session: &CheckoutSession,
        problems: &[Problem<'_>],
    ) -> Option<AddressAsks> {
        let countries: Vec<String> = known().map(str::to_owned).collect();
        let same = session.asks_shipping().then_some(self.is_same);
        let ask = |part: &Part| {
            let value = value_of(&self.billing, part.part).unwrap_or_default();
            let question = Question::Address(AddressOf::Billing, part.part);
            let problem = problem_of(problems, question);
            // What is wrong with an address that is both is said where it was typed.
            let ask = match self.is_same {
                true => ask(part, &countries, "", None),
                false => ask(part, &countries, value, problem),
            };
            // A browser must not insist on a field that the box above makes needless.
            let is_needless = same.is_some() && ask.need == Need::Always;
            if is_needless { Ask { need: Need::Perhaps, ..ask } } else { ask }
        };
        session.page.requires_billing().then(|| AddressAsks {
            of: AddressOf::Billing,
            same,
            inputs: BILLING.iter().map(ask).collect(),
        })
    }
}

const fn chars_max(part: AddressPart) -> u16 {
    match part {
        AddressPart::Name => NAME_CHARS_MAX,
        AddressPart::Country => 2,
        AddressPart::Line1 | AddressPart::Line2 | AddressPart::City | AddressPart::State => {
            LINE_CHARS_MAX
        }
        AddressPart::PostalCode => POSTAL_CODE_CHARS_MAX,
    }
}

/// Where a part of an address stands; a name is none.
fn place_in(address: &mut Address, part: AddressPart) -> Option<&mut Option<String>> {
    match part {
        AddressPart::Name => None,
        AddressPart::Country => Some(&mut address.country),
        AddressPart::Line1 => Some(&mut address.line1),
        AddressPart::Line2 => Some(&mut address.line2),
        AddressPart::City => Some(&mut address.city),
        AddressPart::State => Some(&mut address.state),
        AddressPart::PostalCode => Some(&mut address.postal_code),
    }
}

fn value_of(address: &Address, part: AddressPart) -> Option<&str> {
    let value = match part {
        AddressPart::Name => return None,
        AddressPart::Country => &address.country,
        AddressPart::Line1 => &address.line1,
        AddressPart::Line2 => &address.line2,
        AddressPart::City => &address.city,
        AddressPart::State => &address.state,
        AddressPart::PostalCode => &address.postal_code,
    };
    Some(value.as_deref().unwrap_or_default())
}

fn ask(part: &Part, countries: &[String], value: &str, wrong: Option<AnswerProblem>) -> Ask {
    let word = part.word;
    let kind = match part.part {
        AddressPart::Name => AskKind::Name(word),
        AddressPart::Country => AskKind::Country { word, offered: countries.to_vec() },
        AddressPart::Line1 | AddressPart::Line2 | AddressPart::City => {
            AskKind::Line { word, most: chars_max(part.part), is_half: false }
        }
        AddressPart::State | AddressPart::PostalCode => {
            AskKind::Line { word, most: chars_max(part.part), is_half: true }
        }
    };
    let is_choice = part.part == AddressPart::Country;
    Ask {
        id: part.field.name,
        name: part.field.name,
        label: Label::Ours(label(part.part, countries)),
        kind,
        need: need(part.part, countries),
        value: value.to_owned(),
        problem: beside(wrong, is_choice),
    }
}

/// Whether a part has to be there wherever the goods may go, in some countries, or nowhere.
fn need(part: AddressPart, countries: &[String]) -> Need {
    let needed = |is_needed: fn(Needs) -> bool| {
        let is_needed = |country: &String| is_needed(Needs::of(country));
        match (countries.iter().all(is_needed), countries.iter().any(is_needed)) {
            (true, _) => Need::Always,
            (false, true) => Need::Perhaps,
            (false, false) => Need::Never,
        }
    };
    match part {
        AddressPart::Name | AddressPart::Country | AddressPart::Line1 => Need::Always,
        AddressPart::Line2 => Need::Never,
        AddressPart::City => needed(|needs| needs.city),
        AddressPart::State => needed(|needs| needs.state),
        AddressPart::PostalCode => needed(|needs| needs.postal_code),
    }
}

/// What people call a part of an address: where goods go to one country, by its own word.
fn label(part: AddressPart, countries: &[String]) -> &'static str {
    let only = match countries {
        [only] => only.as_str(),
        _ => "",
    };
    match part {
        AddressPart::Name => "buyer-name",
        AddressPart::Country => "address-country",
        AddressPart::Line1 => "address-line1",
        AddressPart::Line2 => "address-line2",
        AddressPart::City => "address-city",
        AddressPart::State => match only {
            "AU" | "BR" | "IN" | "MX" | "MY" | "US" => "address-state",
            "AE" => "address-emirate",
            _ => "address-region",
        },
        AddressPart::PostalCode => match only {
            "GU" | "PR" | "US" => "address-zip",
            _ => "address-postal-code",
        },
    }
}
