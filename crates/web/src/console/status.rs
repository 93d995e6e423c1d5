//! The states that the console lists and filters by.

/// How a payment stands. The names are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// No card yet, or the last one was declined.
    RequiresPaymentMethod,
    /// A card, but nobody has said *Pay* yet.
    RequiresConfirmation,
    /// The buyer's bank wants to hear from the buyer.
    RequiresAction,
    /// The processor has been asked, or its answer is unknown.
    Processing,
    /// Held on the card, not captured in full.
    RequiresCapture,
    /// Captured.
    Succeeded,
    /// Called off.
    Canceled,
}

impl PaymentStatus {
    /// All states, in the order of a payment's life.
    pub const ALL: [PaymentStatus; 7] = [
        PaymentStatus::RequiresPaymentMethod,
        PaymentStatus::RequiresConfirmation,
        PaymentStatus::RequiresAction,
        PaymentStatus::Processing,
        PaymentStatus::RequiresCapture,
        PaymentStatus::Succeeded,
        PaymentStatus::Canceled,
    ];

    /// The name on the wire and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            PaymentStatus::RequiresPaymentMethod => "requires_payment_method",
            PaymentStatus::RequiresConfirmation => "requires_confirmation",
            PaymentStatus::RequiresAction => "requires_action",
            PaymentStatus::Processing => "processing",
            PaymentStatus::RequiresCapture => "requires_capture",
            PaymentStatus::Succeeded => "succeeded",
            PaymentStatus::Canceled => "canceled",
        }
    }

    /// The state of a name.
    pub fn parse(name: &str) -> Option<PaymentStatus> {
        PaymentStatus::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The text that names the state.
    pub fn key(self) -> &'static str {
        match self {
            PaymentStatus::RequiresPaymentMethod => "payment-requires-payment-method",
            PaymentStatus::RequiresConfirmation => "payment-requires-confirmation",
            PaymentStatus::RequiresAction => "payment-requires-action",
            PaymentStatus::Processing => "payment-processing",
            PaymentStatus::RequiresCapture => "payment-requires-capture",
            PaymentStatus::Succeeded => "payment-succeeded",
            PaymentStatus::Canceled => "payment-canceled",
        }
    }

    /// How a badge shows it: `good`, `busy`, `warn` or `quiet`.
    pub fn tone(self) -> &'static str {
        match self {
            PaymentStatus::Succeeded => "good",
            PaymentStatus::RequiresCapture | PaymentStatus::RequiresAction => "busy",
            PaymentStatus::Processing => "warn",
            PaymentStatus::RequiresPaymentMethod
            | PaymentStatus::RequiresConfirmation
            | PaymentStatus::Canceled => "quiet",
        }
    }
}

/// How one attempt to authorize a payment stands. The names are those of the stored rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptStatus {
    /// The processor is being asked.
    Sending,
    /// Whether the bank said yes is not known.
    Unknown,
    /// The buyer's bank wants to hear from the buyer.
    Challenged,
    /// The bank said yes.
    Authorized,
    /// The bank said no.
    Declined,
}

impl AttemptStatus {
    /// All states.
    pub const ALL: [AttemptStatus; 5] = [
        AttemptStatus::Sending,
        AttemptStatus::Unknown,
        AttemptStatus::Challenged,
        AttemptStatus::Authorized,
        AttemptStatus::Declined,
    ];

    /// The text that names the state.
    pub fn key(self) -> &'static str {
        match self {
            AttemptStatus::Sending => "attempt-sending",
            AttemptStatus::Unknown => "attempt-unknown",
            AttemptStatus::Challenged => "attempt-challenged",
            AttemptStatus::Authorized => "attempt-authorized",
            AttemptStatus::Declined => "attempt-declined",
        }
    }

    /// How a badge shows it: `good`, `busy`, `warn` or `quiet`.
    pub fn tone(self) -> &'static str {
        match self {
            AttemptStatus::Authorized => "good",
            AttemptStatus::Sending | AttemptStatus::Challenged => "busy",
            AttemptStatus::Unknown => "warn",
            AttemptStatus::Declined => "quiet",
        }
    }
}

/// What moves money, beside the attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// A part of an authorization is taken from the card.
    Capture,
    /// Captured money is kept for an order.
    Held,
    /// Captured money goes back to the card.
    Refund,
    /// A part of an authorization is let go.
    Reversal,
}

impl MoveKind {
    /// All kinds.
    pub const ALL: [MoveKind; 4] =
        [MoveKind::Capture, MoveKind::Held, MoveKind::Refund, MoveKind::Reversal];

    /// The text that names it.
    pub fn key(self) -> &'static str {
        match self {
            MoveKind::Capture => "move-capture",
            MoveKind::Held => "move-held",
            MoveKind::Refund => "move-refund",
            MoveKind::Reversal => "move-reversal",
        }
    }
}

/// How such a move stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveStatus {
    /// The processor is being asked.
    Sending,
    /// Whether the processor did it is not known.
    Unknown,
    /// The processor did it.
    Succeeded,
    /// The processor refused it, or took it back.
    Failed,
    /// Held, until the buyer confirms or the protection ends.
    Held,
    /// Held, and nothing may move.
    Frozen,
    /// Nothing is held any more.
    Settled,
}

impl MoveStatus {
    /// All states.
    pub const ALL: [MoveStatus; 7] = [
        MoveStatus::Sending,
        MoveStatus::Unknown,
        MoveStatus::Succeeded,
        MoveStatus::Failed,
        MoveStatus::Held,
        MoveStatus::Frozen,
        MoveStatus::Settled,
    ];

    /// The text that names the state.
    pub fn key(self) -> &'static str {
        match self {
            MoveStatus::Sending => "attempt-sending",
            MoveStatus::Unknown => "attempt-unknown",
            MoveStatus::Succeeded => "move-succeeded",
            MoveStatus::Failed => "move-failed",
            MoveStatus::Held => "move-is-held",
            MoveStatus::Frozen => "move-frozen",
            MoveStatus::Settled => "move-settled",
        }
    }

    /// How a badge shows it: `good`, `busy`, `warn` or `quiet`.
    pub fn tone(self) -> &'static str {
        match self {
            MoveStatus::Succeeded => "good",
            MoveStatus::Sending | MoveStatus::Held => "busy",
            MoveStatus::Unknown | MoveStatus::Failed | MoveStatus::Frozen => "warn",
            MoveStatus::Settled => "quiet",
        }
    }
}

/// Where the money of an order is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Funding {
    /// On the buyer's card: the bank has set it aside.
    Authorized,
    /// Being captured.
    Capturing,
    /// Captured and held.
    Held,
    /// On its way back to the buyer.
    Returning,
    /// Back with the buyer, or never taken.
    Returned,
    /// The capture failed with this code, which somebody has to look at.
    CaptureFailed(String),
}

impl Funding {
    /// The text that names it.
    pub fn key(&self) -> &'static str {
        match self {
            Funding::Authorized => "funding-authorized",
            Funding::Capturing => "funding-capturing",
            Funding::Held => "funding-held",
            Funding::Returning => "funding-returning",
            Funding::Returned => "funding-returned",
            Funding::CaptureFailed(_) => "funding-capture-failed",
        }
    }

    /// The processor's code of a capture that failed.
    pub fn failure(&self) -> Option<&str> {
        match self {
            Funding::CaptureFailed(code) => Some(code),
            Funding::Authorized
            | Funding::Capturing
            | Funding::Held
            | Funding::Returning
            | Funding::Returned => None,
        }
    }
}

/// How the delivery of one event to one endpoint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Not tried yet.
    Pending,
    /// The last try failed; there will be another.
    Retrying,
    /// The endpoint took it.
    Delivered,
    /// The endpoint never took it.
    Failed,
}

impl DeliveryStatus {
    /// All states.
    pub const ALL: [DeliveryStatus; 4] = [
        DeliveryStatus::Pending,
        DeliveryStatus::Retrying,
        DeliveryStatus::Delivered,
        DeliveryStatus::Failed,
    ];

    /// The text that names the state.
    pub fn key(self) -> &'static str {
        match self {
            DeliveryStatus::Pending => "delivery-pending",
            DeliveryStatus::Retrying => "delivery-retrying",
            DeliveryStatus::Delivered => "delivery-delivered",
            DeliveryStatus::Failed => "delivery-failed",
        }
    }

    /// How a badge shows it: `good`, `busy`, `warn` or `quiet`.
    pub fn tone(self) -> &'static str {
        match self {
            DeliveryStatus::Delivered => "good",
            DeliveryStatus::Pending => "busy",
            DeliveryStatus::Retrying | DeliveryStatus::Failed => "warn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for status in PaymentStatus::ALL {
            assert_eq!(PaymentStatus::parse(status.name()), Some(status));
        }
        assert_eq!(PaymentStatus::parse("paid"), None);
    }
}
