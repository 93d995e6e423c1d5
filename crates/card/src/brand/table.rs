//! The brand table: data, dated and with its source.

use super::Brand;

/// One brand's row.
pub(super) struct Rule {
    pub(super) brand: Brand,
    pub(super) wire_name: &'static str,
    pub(super) title: &'static str,
    pub(super) is_accepted: bool,
    /// Ranges of leading digits, both ends included, each end with the same number of digits.
    pub(super) prefixes: &'static [(u32, u32)],
    /// Number lengths; the usual one first.
    pub(super) lengths: &'static [usize],
    pub(super) code_length: usize,
    pub(super) groups: &'static [usize],
    pub(super) source: &'static str,
    /// The day when the row was compared with its source.
    pub(super) checked_on: &'static str,
}

const TYPES: &str = "braintree/credit-card-type:src/lib/card-types.ts";
const TYPES_AND_MERCHANT: &str = "braintree/credit-card-type:src/lib/card-types.ts; lengths \
    activemerchant/active_merchant:lib/active_merchant/billing/credit_card_methods.rb";
const CHECKED_ON: &str = "2026-11-23";

const BY_FOUR: &[usize] = &[4, 4, 4, 4];

const fn one(prefix: u32) -> (u32, u32) {
    (prefix, prefix)
}

/// All brands, in the order of [`Brand`].
pub(super) const RULES: &[Rule] = &[
    Rule {
        brand: Brand::Visa,
        wire_name: "visa",
        title: "Visa",
        is_accepted: true,
        prefixes: &[one(4)],
        // Numbers of 13 digits are no longer issued: one is a number that was not typed to its end.
        lengths: &[16, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Mastercard,
        wire_name: "mastercard",
        title: "Mastercard",
        is_accepted: true,
        prefixes: &[(51, 55), (2221, 2720)],
        lengths: &[16],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Amex,
        wire_name: "amex",
        title: "American Express",
        is_accepted: true,
        prefixes: &[one(34), one(37)],
        lengths: &[15],
        code_length: 4,
        groups: &[4, 6, 5],
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Discover,
        wire_name: "discover",
        title: "Discover",
        is_accepted: true,
        // Discover also routes UnionPay's 622126 to 622925; the cards are UnionPay's.
        prefixes: &[one(6011), (644, 649), one(65)],
        lengths: &[16, 17, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES_AND_MERCHANT,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Jcb,
        wire_name: "jcb",
        title: "JCB",
        is_accepted: false,
        prefixes: &[(3528, 3589), one(2131), one(1800)],
        lengths: &[16, 17, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Diners,
        wire_name: "diners",
        title: "Diners Club",
        is_accepted: false,
        prefixes: &[(300, 305), one(36), one(38), one(39)],
        lengths: &[14, 16, 19],
        code_length: 3,
        groups: &[4, 6, 4],
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::UnionPay,
        wire_name: "unionpay",
        title: "UnionPay",
        is_accepted: false,
        prefixes: UNIONPAY,
        lengths: &[16, 14, 15, 17, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Maestro,
        wire_name: "maestro",
        title: "Maestro",
        is_accepted: false,
        // All of 6 that no longer prefix claims.
        prefixes: &[
            one(493698),
            (500000, 504174),
            (504176, 506698),
            (506779, 508999),
            (56, 59),
            one(63),
            one(67),
            one(6),
        ],
        lengths: &[16, 12, 13, 14, 15, 17, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Elo,
        wire_name: "elo",
        title: "Elo",
        is_accepted: false,
        prefixes: ELO,
        lengths: &[16],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Mir,
        wire_name: "mir",
        title: "Mir",
        is_accepted: false,
        prefixes: &[(2200, 2204)],
        lengths: &[16, 17, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Hiper,
        wire_name: "hiper",
        title: "Hiper",
        is_accepted: false,
        prefixes: &[
            one(637095),
            one(637568),
            one(637599),
            one(637609),
            one(637612),
            one(63737423),
            one(63743358),
        ],
        lengths: &[16],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Hipercard,
        wire_name: "hipercard",
        title: "Hipercard",
        is_accepted: false,
        prefixes: &[one(606282)],
        lengths: &[16],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
    Rule {
        brand: Brand::Verve,
        wire_name: "verve",
        title: "Verve",
        is_accepted: false,
        prefixes: VERVE,
        lengths: &[16, 18, 19],
        code_length: 3,
        groups: BY_FOUR,
        source: TYPES,
        checked_on: CHECKED_ON,
    },
];

/// UnionPay's gaps belong to others: 627780 is Elo's.
#[rustfmt::skip]
const UNIONPAY: &[(u32, u32)] = &[
    one(620), (62100, 62182), (62184, 62197), (62200, 62205), (62207, 62209),
    (622010, 622999), (623, 626), one(6270), one(6272), one(6276),
    (627700, 627779), (627781, 627799), (6282, 6289), one(6291), one(6292),
    one(810), (8110, 8171),
];

/// Single issuers' ranges, most of them inside Visa's 4 and Discover's 65.
#[rustfmt::skip]
const ELO: &[(u32, u32)] = &[
    (401178, 401179), one(431274), one(438935), one(451416), one(457393), (457631, 457632),
    one(504175), (506699, 506778), (509000, 509999), one(627780), one(636297), one(636368),
    (650031, 650033), (650035, 650051), (650405, 650439), (650485, 650538), (650541, 650598),
    (650700, 650718), (650720, 650727), (650901, 650978), (651652, 651679), (655000, 655019),
    (655021, 655058),
];

/// Single issuers' ranges, all of them inside Maestro's.
#[rustfmt::skip]
const VERVE: &[(u32, u32)] = &[
    (506099, 506127), one(506129), (506133, 506150), (506158, 506163), one(506166), one(506168),
    one(506170), one(506173), (506176, 506180), one(506184), (506187, 506188), one(506191),
    one(506195), one(506197), (507865, 507866), (507868, 507877), (507880, 507888), one(507900),
    one(507941),
];
