//! What happens because time has passed.

use holdfast_core::time::Timestamp;

use super::Network;
use super::authorization::{AuthorizationIndex, MovementIndex};
use super::challenge::ChallengeResult;
use super::dispute::DisputeIndex;
use super::record::{AuthorizationExpired, DisputeDecided, Record, RefundFailed};

/// Something that is due at a certain time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A challenge that nobody answered ends.
    Challenge(AuthorizationIndex),
    /// An authorization's life ends.
    Authorization(AuthorizationIndex),
    /// A refund is sent back.
    Refund(MovementIndex),
    /// The cardholder complains.
    Complaint(AuthorizationIndex),
    /// A bank has waited, or read, for long enough.
    Dispute(DisputeIndex),
}

impl Network {
    /// The record of the next thing that is due at `now`, if any. Apply it and ask again.
    pub fn due(&self, now: Timestamp) -> Option<Record> {
        let (at, timer) = self.timers.first()?;
        if *at > now {
            return None;
        }
        match *timer {
            Timer::Challenge(index) => {
                self.end_challenge(index, now, ChallengeResult::Expired).record
            }
            Timer::Authorization(index) => {
                let authorization = self.authorization(index);
                Some(Record::AuthorizationExpired(AuthorizationExpired {
                    authorization: authorization.id.clone(),
                    released: authorization.sums.remaining(),
                }))
            }
            Timer::Complaint(index) => self.complaint(index),
            Timer::Dispute(index) => {
                let dispute = self.dispute(index);
                Some(Record::DisputeDecided(DisputeDecided {
                    authorization: self.authorization(dispute.authorization).id.clone(),
                    dispute: dispute.id.clone(),
                    verdict: dispute.end(),
                }))
            }
            Timer::Refund(index) => {
                let refund = self.movement(index);
                Some(Record::RefundFailed(RefundFailed {
                    authorization: self.authorization(refund.authorization).id.clone(),
                    reference: refund.reference.clone(),
                    amount: refund.amount,
                }))
            }
        }
    }
}
