//! What the pay pages show. Plain values: the handlers fill them, the templates print them.

use holdfast_core::checkout::questions::PageTexts;
use holdfast_core::checkout::{BlockedBrand, BlockedCards, BlockedFunding, DeliveryEstimate};
use holdfast_core::money::Money;
use holdfast_core::payment::card::DEBIT_BRAND;
use holdfast_core::time::Timestamp;

use super::asks::Asks;
use super::card_errors::CardErrors;
use super::decline::Decline;

/// What a buyer comes to the pay page for: the pages differ in what they promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To buy from sellers, who are paid once their goods have arrived.
    BuyFromSellers,
    /// To buy from the shop itself, which is paid at once.
    BuyFromShop,
    /// To have a card kept. Nothing is charged.
    KeepCard,
}

impl Purpose {
    /// Whether anything is bought, so that there is a total.
    pub fn is_sale(self) -> bool {
        self != Purpose::KeepCard
    }

    /// The text that is the page's heading.
    pub fn title(self) -> &'static str {
        if self.is_sale() { "pay-title" } else { "keep-title" }
    }

    /// The text of the button, which the shop may have named: `pay`, `book` or `donate`.
    pub fn button(self, submit_type: Option<&str>) -> &'static str {
        match (self.is_sale(), submit_type) {
            (false, _) => "keep-button",
            (true, Some("book")) => "book-button",
            (true, Some("donate")) => "donate-button",
            (true, _) => "pay-button",
        }
    }

    /// The text below the button: what the buyer's bank is asked for.
    pub fn promise(self) -> &'static str {
        match self {
            Purpose::BuyFromSellers => "promise",
            Purpose::BuyFromShop => "promise-shop",
            Purpose::KeepCard => "keep-promise",
        }
    }

    /// The heading of the page that asks once more.
    pub fn confirm(self) -> &'static str {
        if self.is_sale() { "confirm" } else { "keep-confirm" }
    }

    /// The heading where a bank has said no.
    pub fn declined(self) -> &'static str {
        if self.is_sale() { "declined" } else { "keep-declined" }
    }

    /// The heading once it is done.
    pub fn done(self) -> &'static str {
        if self.is_sale() { "paid" } else { "kept" }
    }

    /// What it then means for the buyer.
    pub fn done_lead(self) -> &'static str {
        match self {
            Purpose::BuyFromSellers => "paid-lead",
            Purpose::BuyFromShop => "paid-lead-shop",
            Purpose::KeepCard => "kept-lead",
        }
    }

    /// What is said to whoever does it once more.
    pub fn again(self) -> &'static str {
        if self.is_sale() { "paid-again" } else { "kept-again" }
    }

    /// What the moment is called at which it was done.
    pub fn done_at(self) -> &'static str {
        if self.is_sale() { "paid-at" } else { "kept-at" }
    }
}

/// The checkout: the whole sum, the ways to ship, the way to pay.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// The page's own path with its secret, `/c/{session}/{secret}`: what the forms post below.
    pub path: String,
    /// What the buyer is here for.
    pub purpose: Purpose,
    /// The text of the button.
    pub button: &'static str,
    /// What is asked beside the card.
    pub asks: Asks,
    /// What the shop adds.
    pub texts: PageTexts,
    /// What is paid for.
    pub summary: Summary,
    /// The field for a promotion code, where the shop takes them.
    pub code: Option<CodeForm>,
    /// The ways to ship; empty when there is nothing to choose.
    pub shipping: Vec<ShippingOption>,
    /// How it can be paid.
    pub method: Method,
    /// What the buyer has to know first, such as why the last attempt was declined.
    pub notice: Option<Notice>,
    /// Where the shop wants buyers who turn back.
    pub back_url: Option<String>,
}

/// What is paid for, by seller.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The lines of each seller, in the order of the basket.
    pub sellers: Vec<SellerLines>,
    /// The sum of all lines.
    pub items: Money,
    /// What is taken off them.
    pub discount: Option<Discount>,
    /// What shipping costs; `None` where nothing is shipped.
    pub shipping: Option<Money>,
    /// How long the parcel is on its way, where the shop says so.
    pub delivery: Option<DeliveryEstimate>,
    /// What the buyer pays: the sum of the above.
    pub total: Money,
}

impl Summary {
    /// How many things are bought, counted with their quantities.
    pub fn quantity(&self) -> u64 {
        self.sellers.iter().flat_map(|s| &s.lines).map(|line| u64::from(line.quantity)).sum()
    }

    /// Whether the list is short enough to stand open on a phone without pushing the form away.
    pub fn is_short(&self) -> bool {
        self.sellers.iter().map(|seller| seller.lines.len()).sum::<usize>() <= LINES_OPEN_MAX
    }
}

/// With more lines than this the list starts folded on a phone: four fill a third of its screen.
const LINES_OPEN_MAX: usize = 4;

/// The lines of one seller.
#[derive(Clone, Debug)]
pub struct SellerLines {
    /// The seller's name; `None` where the shop itself sells.
    pub seller: Option<String>,
    /// What is bought from this seller.
    pub lines: Vec<Line>,
}

/// One product and how many of it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The product's name.
    pub name: String,
    /// What the shop says about it.
    pub description: Option<String>,
    /// How many, at least 1.
    pub quantity: u32,
    /// What one costs.
    pub unit: Money,
    /// What all of them cost.
    pub total: Money,
    /// How many the buyer may take, where that is asked.
    pub quantities: Option<Quantities>,
}

/// How many of a line the buyer may take.
#[derive(Clone, Debug)]
pub struct Quantities {
    /// Where the form posts.
    pub action: String,
    /// The id of the line.
    pub line: String,
    /// The fewest; none takes the line out of the basket.
    pub least: u32,
    /// The most.
    pub most: u32,
}

/// One way to ship.
#[derive(Clone, Debug)]
pub struct ShippingOption {
    /// What the field `shipping` posts.
    pub id: String,
    /// What the shop calls it.
    pub name: String,
    /// What it costs.
    pub price: Money,
    /// How long the parcel is on its way, where the shop says so.
    pub delivery: Option<DeliveryEstimate>,
    /// Whether the total counts with this one.
    pub chosen: bool,
}

/// How the basket can be paid.
#[derive(Clone, Debug)]
pub enum Method {
    /// By credit or debit card.
    Card(CardForm),
    /// Not at all: these products may not be paid by card.
    Unavailable {
        /// The names of the products that exclude cards, at least one.
        products: Vec<String>,
    },
}

/// What the card form needs to know. It never holds anything of a card.
#[derive(Clone, Debug)]
pub struct CardForm {
    /// The card zone's origin.
    pub zone: String,
    /// The publishable key that the card zone asks for.
    pub key: String,
    /// Names the attempt that this page makes: it changes with every attempt that ended, and with
    /// nothing else. Two tabs, a reload and a double click all post the same name, so that only
    /// the first of them asks the bank.
    pub attempt: String,
    /// The cards that the shop does not take.
    pub blocked: BlockedCards,
    /// What the card zone found wrong, when the buyer comes back from there without script.
    pub errors: CardErrors,
}

impl CardForm {
    /// Whether cards of a brand may pay, by its code.
    pub fn takes(&self, brand: &str) -> bool {
        !self.blocked.brands.iter().any(|blocked| blocked.covers(brand))
    }

    /// The names of the brands that are not taken.
    pub fn brands_blocked(&self) -> Vec<&'static str> {
        let name = |brand: &BlockedBrand| match brand {
            BlockedBrand::AmericanExpress => "American Express",
            BlockedBrand::DiscoverGlobalNetwork => "Discover",
            BlockedBrand::Mastercard => "Mastercard",
            BlockedBrand::Visa => "Visa",
        };
        self.blocked.brands.iter().map(name).collect()
    }

    /// The texts that name the kinds of cards that are not taken.
    pub fn kinds_blocked(&self) -> Vec<&'static str> {
        let key = |funding: &BlockedFunding| match funding {
            BlockedFunding::Credit => "cards-credit",
            BlockedFunding::Debit => "cards-debit",
            BlockedFunding::Prepaid => "cards-prepaid",
        };
        self.blocked.fundings.iter().map(key).collect()
    }
}

/// What stands above the card form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The bank said no.
    Declined(Decline),
    /// The total changed between showing and paying, so nothing was charged.
    TotalChanged,
    /// The token of the card was used or is too old, so the card has to be entered again.
    CardEntryOver,
    /// The shop does not take cards of this brand or kind.
    CardBlocked,
    /// Shipping has to be chosen before paying.
    ShippingNotChosen,
    /// Shipping could not be changed.
    ShippingRefused,
    /// So many of a line cannot be had.
    QuantityRefused,
    /// What was asked beside the card is missing, or is none.
    DetailsMissing,
    /// The promotion code gives nothing.
    Code(CodeProblem),
}

/// Why a promotion code gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// There is none of this word, or not for this buyer.
    Unknown,
    /// It is over, or used up.
    Over,
    /// It is for other products, or for a larger sum.
    OtherBasket,
    /// It is for the first purchase of a buyer.
    FirstPurchase,
}

impl CodeProblem {
    /// The text that says so.
    pub fn key(self) -> &'static str {
        match self {
            CodeProblem::Unknown => "code-unknown",
            CodeProblem::Over => "code-over",
            CodeProblem::OtherBasket => "code-basket",
            CodeProblem::FirstPurchase => "code-first",
        }
    }
}

/// The field for a promotion code.
#[derive(Clone, Debug)]
pub struct CodeForm {
    /// The code that was entered; none where there is a field for one.
    pub applied: Option<String>,
    /// How many characters one may have.
    pub chars_max: usize,
}

/// What a summary takes off.
#[derive(Clone, Debug)]
pub struct Discount {
    /// The code, or what the shop calls it.
    pub name: Option<String>,
    /// How much, less than nothing.
    pub amount: Money,
}

/// The card was accepted without script: the buyer pays with one button.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// See [`Checkout::path`].
    pub path: String,
    /// The single-use token that the card zone gave.
    pub token: String,
    /// Brand and last digits, where known.
    pub card: Option<Card>,
    /// See [`CardForm::attempt`].
    pub attempt: String,
    /// What the buyer is here for.
    pub purpose: Purpose,
    /// The text of the button.
    pub button: &'static str,
    /// What is asked beside the card.
    pub asks: Asks,
    /// What the shop adds.
    pub texts: PageTexts,
    /// What the buyer has to know first: that something beside the card is missing.
    pub notice: Option<Notice>,
    /// What is paid for.
    pub summary: Summary,
}

/// What may be shown of a card.
#[derive(Clone, Debug)]
pub struct Card {
    /// The brand's code: `visa`, `mastercard`, `amex`, `discover`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
}

impl Card {
    /// The brand as people know it; the code itself for one that we do not know.
    pub fn brand_name(&self) -> &str {
        match self.brand.as_str() {
            "visa" => "Visa",
            "mastercard" => "Mastercard",
            "amex" => "American Express",
            "discover" => "Discover",
            DEBIT_BRAND => "SEPA",
            other => other,
        }
    }
}

/// The bank has been asked and has not answered yet, or its answer is unknown.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The path that tells how it stands: this page again, until there is an answer.
    pub path: String,
    /// What was asked for; `None` where nothing is bought.
    pub total: Option<Money>,
    /// Whether it takes longer than banks usually do.
    pub slow: bool,
}

/// The bank wants to know that it is the buyer who pays.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// The bank's page.
    pub bank_url: String,
    /// What is asked for; `None` where nothing is bought.
    pub total: Option<Money>,
    /// Until when the bank waits.
    pub expires_at: Option<Timestamp>,
    /// Whether to lead on at once: only right after *Pay*, so that *Back* does not trap anyone.
    pub at_once: bool,
}

/// A session that can no longer be paid.
#[derive(Clone, Debug)]
pub struct Closed {
    /// Why.
    pub reason: ClosedReason,
    /// Where the shop wants buyers who turn back.
    pub back_url: Option<String>,
}

/// The way back to a shop that has no pay page of ours.
#[derive(Clone, Debug)]
pub struct Back {
    /// The shop's page.
    pub url: Option<String>,
}

/// Why a session can no longer be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedReason {
    /// It was not paid in time.
    Expired,
    /// The shop or the buyer called it off.
    Canceled,
    /// Too many cards were declined.
    TooManyAttempts,
}

impl ClosedReason {
    /// All reasons.
    pub const ALL: [ClosedReason; 3] =
        [ClosedReason::Expired, ClosedReason::Canceled, ClosedReason::TooManyAttempts];

    /// The text that is the page's heading.
    pub fn heading(self) -> &'static str {
        match self {
            ClosedReason::Expired => "closed-expired",
            ClosedReason::Canceled => "closed-canceled",
            ClosedReason::TooManyAttempts => "closed-attempts",
        }
    }

    /// The text that says what it means for the buyer.
    pub fn lead(self) -> &'static str {
        match self {
            ClosedReason::Expired => "closed-expired-lead",
            ClosedReason::Canceled => "closed-canceled-lead",
            ClosedReason::TooManyAttempts => "closed-attempts-lead",
        }
    }
}

/// The receipt, right after paying and whenever the address is opened again.
#[derive(Clone, Debug)]
pub struct Paid {
    /// What the buyer was here for.
    pub purpose: Purpose,
    /// What the shop says to whoever has paid.
    pub message: Option<String>,
    /// The payment's reference.
    pub reference: String,
    /// What was paid; `None` where nothing was bought.
    pub total: Option<Money>,
    /// When.
    pub paid_at: Timestamp,
    /// The card, where known.
    pub card: Option<Card>,
    /// The path of the receipt, where something was bought.
    pub receipt: Option<String>,
    /// One order per seller.
    pub orders: Vec<PaidOrder>,
    /// Whether somebody tried to pay once more, which was not charged.
    pub again: bool,
    /// The shop's page for buyers who have paid.
    pub back_url: Option<String>,
}

/// One seller's part of what was paid.
#[derive(Clone, Debug)]
pub struct PaidOrder {
    /// The order's id.
    pub id: String,
    /// The seller's name.
    pub seller: String,
    /// The order's total with its shipping.
    pub total: Money,
    /// Until when the seller has to ship.
    pub ship_by: Option<Timestamp>,
    /// The buyer's order page, with its secret.
    pub url: String,
}
