//! The states of an order and the reasons behind them, as pages and forms name them.

use holdfast_core::order::{ClaimReason, OrderCancelReason, ReleaseReason};

/// How an order stands. The names are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStatus {
    /// Paid; the seller has to ship.
    AwaitingShipment,
    /// On its way.
    Shipped,
    /// It has arrived.
    Delivered,
    /// The buyer has it and the seller's part is released.
    Completed,
    /// Called off.
    Canceled,
    /// The buyer has opened a claim.
    InClaim,
    /// The money went back to the buyer.
    Refunded,
}

impl OrderStatus {
    /// All states, in the order of an order's life.
    pub const ALL: [OrderStatus; 7] = [
        OrderStatus::AwaitingShipment,
        OrderStatus::Shipped,
        OrderStatus::Delivered,
        OrderStatus::Completed,
        OrderStatus::Canceled,
        OrderStatus::InClaim,
        OrderStatus::Refunded,
    ];

    /// The name on the wire and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            OrderStatus::AwaitingShipment => "awaiting_shipment",
            OrderStatus::Shipped => "shipped",
            OrderStatus::Delivered => "delivered",
            OrderStatus::Completed => "completed",
            OrderStatus::Canceled => "canceled",
            OrderStatus::InClaim => "in_claim",
            OrderStatus::Refunded => "refunded",
        }
    }

    /// The state of a name.
    pub fn parse(name: &str) -> Option<OrderStatus> {
        OrderStatus::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The text that names the state.
    pub fn key(self) -> &'static str {
        match self {
            OrderStatus::AwaitingShipment => "order-awaiting-shipment",
            OrderStatus::Shipped => "order-shipped",
            OrderStatus::Delivered => "order-delivered",
            OrderStatus::Completed => "order-completed",
            OrderStatus::Canceled => "order-canceled",
            OrderStatus::InClaim => "order-in-claim",
            OrderStatus::Refunded => "order-refunded",
        }
    }

    /// The text that tells the buyer what happens next.
    pub fn lead(self) -> &'static str {
        match self {
            OrderStatus::AwaitingShipment => "order-awaiting-shipment-lead",
            OrderStatus::Shipped => "order-shipped-lead",
            OrderStatus::Delivered => "order-delivered-lead",
            OrderStatus::Completed => "order-completed-lead",
            OrderStatus::Canceled => "order-canceled-lead",
            OrderStatus::InClaim => "order-in-claim-lead",
            OrderStatus::Refunded => "order-refunded-lead",
        }
    }

    /// How a badge shows it: `good`, `busy`, `warn` or `quiet`.
    pub fn tone(self) -> &'static str {
        match self {
            OrderStatus::Completed | OrderStatus::Delivered => "good",
            OrderStatus::AwaitingShipment | OrderStatus::Shipped => "busy",
            OrderStatus::InClaim => "warn",
            OrderStatus::Canceled | OrderStatus::Refunded => "quiet",
        }
    }
}

/// What a buyer may claim, in the order of the form.
pub const CLAIM_REASONS: [ClaimReason; 4] = [
    ClaimReason::NotReceived,
    ClaimReason::NotAsDescribed,
    ClaimReason::Damaged,
    ClaimReason::Other,
];

/// The reason of a name on the wire and in forms.
pub fn claim_reason(name: &str) -> Option<ClaimReason> {
    CLAIM_REASONS.into_iter().find(|reason| reason.name() == name)
}

/// The text that names what is claimed.
pub fn claim_key(reason: &ClaimReason) -> &'static str {
    match reason {
        ClaimReason::NotReceived => "claim-not-received",
        ClaimReason::NotAsDescribed => "claim-not-as-described",
        ClaimReason::Damaged => "claim-damaged",
        ClaimReason::Other => "claim-other",
    }
}

/// The text that says why an order was canceled.
pub fn cancel_key(reason: OrderCancelReason) -> &'static str {
    match reason {
        OrderCancelReason::RequestedByBuyer => "canceled-by-buyer",
        OrderCancelReason::RequestedBySeller => "canceled-by-seller",
        OrderCancelReason::RequestedByPlatform => "canceled-by-platform",
        OrderCancelReason::NotShipped => "canceled-not-shipped",
        OrderCancelReason::AuthorizationEnding => "canceled-authorization-ending",
        OrderCancelReason::Refunded => "canceled-refunded",
    }
}

/// The text that says why an order is completed.
pub fn release_key(reason: ReleaseReason) -> &'static str {
    match reason {
        ReleaseReason::BuyerConfirmed => "completed-confirmed",
        ReleaseReason::ProtectionEnded => "completed-protection-ended",
        ReleaseReason::Ruling => "completed-ruling",
        ReleaseReason::Operator => "completed-operator",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::parse(status.name()), Some(status));
        }
        for reason in CLAIM_REASONS {
            assert_eq!(claim_reason(reason.name()), Some(reason));
        }
        assert_eq!(OrderStatus::parse("Shipped"), None);
        assert_eq!(claim_reason(""), None);
    }
}
