//! The frame of the console's pages: its sections, and what came of what the operator did.

use holdfast_core::time::Timestamp;

/// The frame of a page of the console.
#[derive(Clone, Debug)]
pub struct ConsoleShell {
    /// The marketplace's name.
    pub shop: String,
    /// Whether no real money moves.
    pub test_mode: bool,
    /// The section that the navigation marks; `None` on a page outside of all.
    pub section: Option<Section>,
    /// The path that the language links lead to, without a query; `None` where there is none.
    pub path: Option<String>,
    /// What the field `form_token` of each form says: see [`crate::guard::FormKey`].
    pub form_token: String,
    /// The engine's time, which in test mode may be ahead of the clock on the wall.
    pub now: Timestamp,
    /// What came of what the operator just did.
    pub notice: Option<ConsoleNotice>,
    /// The neighbours on this machine that the footer links to.
    pub neighbours: Neighbours,
}

/// The other programs that run beside the console; each absent where there is none.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// The example shop.
    pub shop: Option<String>,
    /// The sandbox: the buyers' phones and banks.
    pub sandbox: Option<String>,
    /// The API, which has a reference of itself.
    pub api: Option<String>,
}

impl Neighbours {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.shop.is_some() || self.sandbox.is_some() || self.api.is_some()
    }
}

/// The sections of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The figures.
    Home,
    /// The payments.
    Payments,
    /// The orders.
    Orders,
    /// The sellers.
    Sellers,
    /// The webhook endpoints.
    Webhooks,
    /// The log of events.
    Events,
}

impl Section {
    /// All sections, in the order of the navigation.
    pub const ALL: [Section; 6] = [
        Section::Home,
        Section::Payments,
        Section::Orders,
        Section::Sellers,
        Section::Webhooks,
        Section::Events,
    ];

    /// The section's first page.
    pub fn path(self) -> &'static str {
        match self {
            Section::Home => "/",
            Section::Payments => "/payments",
            Section::Orders => "/orders",
            Section::Sellers => "/sellers",
            Section::Webhooks => "/webhooks",
            Section::Events => "/events",
        }
    }

    /// The text that names it.
    pub fn key(self) -> &'static str {
        match self {
            Section::Home => "nav-home",
            Section::Payments => "nav-payments",
            Section::Orders => "nav-orders",
            Section::Sellers => "nav-sellers",
            Section::Webhooks => "nav-webhooks",
            Section::Events => "events",
        }
    }
}

/// What came of what the operator just did: `?done=` of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleNotice {
    /// The order is shipped.
    Shipped,
    /// The order is delivered.
    Delivered,
    /// The order is canceled.
    Canceled,
    /// The claim is ruled.
    Ruled,
    /// The order has changed since the page was loaded; nothing was done.
    NotPossible,
    /// The bank's hold is over or used up, so that the order's money can no longer be taken;
    /// nothing was done.
    NotCapturable,
    /// The event is delivered once more.
    Resent,
    /// The endpoint is switched off; nothing was sent.
    NotResent,
}

impl ConsoleNotice {
    /// All notices.
    pub const ALL: [ConsoleNotice; 8] = [
        ConsoleNotice::Shipped,
        ConsoleNotice::Delivered,
        ConsoleNotice::Canceled,
        ConsoleNotice::Ruled,
        ConsoleNotice::NotPossible,
        ConsoleNotice::NotCapturable,
        ConsoleNotice::Resent,
        ConsoleNotice::NotResent,
    ];

    /// The value of `?done=`.
    pub fn name(self) -> &'static str {
        match self {
            ConsoleNotice::Shipped => "shipped",
            ConsoleNotice::Delivered => "delivered",
            ConsoleNotice::Canceled => "canceled",
            ConsoleNotice::Ruled => "ruled",
            ConsoleNotice::NotPossible => "not_possible",
            ConsoleNotice::NotCapturable => "not_capturable",
            ConsoleNotice::Resent => "resent",
            ConsoleNotice::NotResent => "not_resent",
        }
    }

    /// The notice of a value of `?done=`.
    pub fn parse(name: &str) -> Option<ConsoleNotice> {
        ConsoleNotice::ALL.into_iter().find(|notice| notice.name() == name)
    }

    /// The text.
    pub fn key(self) -> &'static str {
        match self {
            ConsoleNotice::Shipped => "console-shipped",
            ConsoleNotice::Delivered => "console-delivered",
            ConsoleNotice::Canceled => "console-canceled",
            ConsoleNotice::Ruled => "console-ruled",
            ConsoleNotice::NotPossible => "console-not-possible",
            ConsoleNotice::NotCapturable => "console-not-capturable",
            ConsoleNotice::Resent => "console-resent",
            ConsoleNotice::NotResent => "console-not-resent",
        }
    }

    /// Whether the action was done.
    pub fn is_good(self) -> bool {
        match self {
            ConsoleNotice::Shipped
            | ConsoleNotice::Delivered
            | ConsoleNotice::Canceled
            | ConsoleNotice::Ruled
            | ConsoleNotice::Resent => true,
            ConsoleNotice::NotPossible
            | ConsoleNotice::NotCapturable
            | ConsoleNotice::NotResent => false,
        }
    }
}
