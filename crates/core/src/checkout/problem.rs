//! A question of a page, and why an answer to it will not do.

/// A question of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'a> {
    /// A field of the shop's own, by its key.
    Field(&'a str),
    /// The name of a company.
    BusinessName,
    /// The name of a person.
    IndividualName,
    /// The buyer's phone number.
    Phone,
    /// A part of an address.
    Address(AddressOf, AddressPart),
    /// Whether the shop's terms are accepted.
    Terms,
}

/// Why an answer will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerProblem {
    /// There is none.
    Missing,
    /// It has too few characters.
    TooShort {
        /// The fewest.
        least: u16,
    },
    /// It has too many characters.
    TooLong {
        /// The most.
        most: u16,
    },
    /// It holds something else than digits.
    NotDigits,
    /// It is none of those that may be chosen.
    NotOffered,
    /// It holds the number of a card, which belongs into the card's own field.
    CardLike,
}

/// Whose address it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressOf {
    /// Of whoever gets the goods.
    Shipping,
    /// Of the cardholder.
    Billing,
}

/// A part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressPart {
    /// To whom goods go.
    Name,
    /// Two letters of ISO 3166-1.
    Country,
    /// Street and number.
    Line1,
    /// Flat, floor or building.
    Line2,
    /// City, district or town.
    City,
    /// State, county or province.
    State,
    /// ZIP or postal code.
    PostalCode,
}
