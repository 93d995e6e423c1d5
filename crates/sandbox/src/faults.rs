//! Scripted faults: what a real processor does on its bad days, on demand.
//!
//! They live in memory only: a restart ends them all.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How many faults may wait at a time.
pub(crate) const FAULTS_MAX: usize = 100;
/// How often one fault may strike.
pub(crate) const TIMES_MAX: u32 = 1_000;
/// The longest delay: longer than any client's deadline.
pub(crate) const DELAY_MAX_MS: u64 = 120_000;
/// How long a time-out holds the connection open: longer than clients wait.
const HOLD: Duration = Duration::from_secs(30);
/// How long `slow` delays an answer: long to a person, short to a deadline.
const SLOW: Duration = Duration::from_secs(2);

/// The faults that wait to strike, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: VecDeque<Fault>,
}

/// A fault that strikes the next requests of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Which requests.
    pub(crate) operation: Operation,
    /// What happens to them.
    pub(crate) fault: FaultKind,
    /// How many of them: 1 to [`TIMES_MAX`].
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// How long `slow` delays and a time-out holds, at most [`DELAY_MAX_MS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delay_ms: Option<u64>,
}

/// What a request of the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operation {
    /// `POST /network/tokens`.
    Token,
    /// `POST /network/cards`.
    SaveCard,
    /// `POST /network/verifications`.
    Verify,
    /// `POST /network/authorizations`.
    Authorize,
    /// A capture.
    Capture,
    /// An increment.
    Increment,
    /// A void.
    Void,
    /// A refund.
    Refund,
    /// An answer to a dispute.
    Answer,
    /// `POST /network/payouts`.
    Payout,
    /// A look-up by reference.
    Lookup,
}

/// What happens to a request. `before` and `after` say whether it is still, or already, done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// Done, and answered late.
    Slow,
    /// Not done; the connection stays open without an answer, then closes.
    TimeoutBefore,
    /// Done; the connection stays open without an answer, then closes.
    TimeoutAfter,
    /// Not done; the connection is reset.
    ResetBefore,
    /// Done; the connection is reset.
    ResetAfter,
    /// Not done; answered with status 500.
    ErrorBefore,
    /// Done; answered with status 500.
    ErrorAfter,
    /// Done; half the answer comes, then the connection closes.
    Truncated,
    /// Done; the answer names one minor unit more than was asked for.
    WrongAmount,
    /// Not done; answered with status 429.
    RateLimited,
    /// Not done; a proxy in between answers with status 502 and a page of HTML.
    BadGateway,
}

impl Operation {
    /// All operations.
    pub(crate) const ALL: [Operation; 11] = [
        Self::Token,
        Self::SaveCard,
        Self::Verify,
        Self::Authorize,
        Self::Capture,
        Self::Increment,
        Self::Void,
        Self::Refund,
        Self::Answer,
        Self::Payout,
        Self::Lookup,
    ];

    /// The name in requests and forms.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::SaveCard => "save_card",
            Self::Verify => "verify",
            Self::Authorize => "authorize",
            Self::Capture => "capture",
            Self::Increment => "increment",
            Self::Void => "void",
            Self::Refund => "refund",
            Self::Answer => "answer",
            Self::Payout => "payout",
            Self::Lookup => "lookup",
        }
    }
}

impl FaultKind {
    /// All faults.
    pub(crate) const ALL: [FaultKind; 11] = [
        Self::Slow,
        Self::TimeoutBefore,
        Self::TimeoutAfter,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::Truncated,
        Self::WrongAmount,
        Self::RateLimited,
        Self::BadGateway,
    ];

    /// The name in requests and forms.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::TimeoutBefore => "timeout_before",
            Self::TimeoutAfter => "timeout_after",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::ErrorBefore => "error_before",
            Self::ErrorAfter => "error_after",
            Self::Truncated => "truncated",
            Self::WrongAmount => "wrong_amount",
            Self::RateLimited => "rate_limited",
            Self::BadGateway => "bad_gateway",
        }
    }
}

impl Fault {
    /// Whether every number is in its range.
    ///
    /// # Errors
    /// The name of the field that is not.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if !(1..=TIMES_MAX).contains(&self.times) {
            return Err("times");
        }
        if self.delay_ms.is_some_and(|delay| delay > DELAY_MAX_MS) {
            return Err("delay_ms");
        }
        Ok(())
    }

    /// How long the fault waits.
    pub(crate) fn delay(&self) -> Duration {
        let usual = if self.fault == FaultKind::Slow { SLOW } else { HOLD };
        self.delay_ms.map_or(usual, Duration::from_millis)
    }
}

impl Faults {
    /// Lets `fault` wait behind the others.
    ///
    /// # Errors
    /// The fault, when [`FAULTS_MAX`] wait already.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), Fault> {
        if self.waiting.len() >= FAULTS_MAX {
            return Err(fault);
        }
        self.waiting.push_back(fault);
        Ok(())
    }

    /// The fault that strikes this request of `operation`, if one waits.
    pub(crate) fn strike(&mut self, operation: Operation) -> Option<Fault> {
        let place = self.waiting.iter().position(|fault| fault.operation == operation)?;
        let waiting = self.waiting.get_mut(place)?;
        let fault = *waiting;
        waiting.times = waiting.times.saturating_sub(1);
        if waiting.times == 0 {
            self.waiting.remove(place);
        }
        Some(fault)
    }

    /// The faults that wait.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.waiting.iter().copied().collect()
    }

    /// Forgets all faults.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }
}

fn once() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(operation: Operation, fault: FaultKind, times: u32) -> Fault {
        Fault { operation, fault, times, delay_ms: None }
    }

    #[test]
    fn faults_strike_their_operation_in_order() {
        let mut faults = Faults::default();
        faults.add(fault(Operation::Capture, FaultKind::ErrorBefore, 2)).unwrap();
        faults.add(fault(Operation::Authorize, FaultKind::Slow, 1)).unwrap();
        faults.add(fault(Operation::Capture, FaultKind::Truncated, 1)).unwrap();
        let mut struck = |operation| faults.strike(operation).map(|fault| fault.fault);
        for (operation, expected) in [
            (Operation::Refund, None),
            (Operation::Capture, Some(FaultKind::ErrorBefore)),
            (Operation::Capture, Some(FaultKind::ErrorBefore)),
            (Operation::Authorize, Some(FaultKind::Slow)),
            (Operation::Capture, Some(FaultKind::Truncated)),
            (Operation::Capture, None),
            (Operation::Authorize, None),
        ] {
            assert_eq!(struck(operation), expected, "{operation:?}");
        }
    }

    #[test]
    fn the_list_is_bounded_and_can_be_cleared() {
        let mut faults = Faults::default();
        let slow = fault(Operation::Lookup, FaultKind::Slow, 1);
        for _ in 0..FAULTS_MAX {
            faults.add(slow).unwrap();
        }
        assert_eq!(faults.add(slow), Err(slow));
        faults.clear();
        assert_eq!(faults.list(), []);
    }

    #[test]
    fn names_are_those_of_the_wire() {
        for kind in FaultKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for operation in Operation::ALL {
            assert_eq!(serde_json::to_value(operation).unwrap(), operation.name());
        }
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let read = |json| serde_json::from_str::<Fault>(json).unwrap();
        let table = [
            (r#"{"operation":"void","fault":"slow"}"#, Ok(())),
            (r#"{"operation":"void","fault":"slow","times":1000,"delay_ms":120000}"#, Ok(())),
            (r#"{"operation":"void","fault":"slow","times":0}"#, Err("times")),
            (r#"{"operation":"void","fault":"slow","times":1001}"#, Err("times")),
            (r#"{"operation":"void","fault":"slow","delay_ms":120001}"#, Err("delay_ms")),
        ];
        for (json, expected) in table {
            assert_eq!(read(json).check(), expected, "{json}");
        }
        assert_eq!(read(table[0].0).delay(), SLOW);
        assert_eq!(read(table[1].0).delay(), Duration::from_secs(120));
    }
}
