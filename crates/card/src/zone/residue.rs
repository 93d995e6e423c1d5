//! The posted bytes that the HTTP library has handed out and still owns.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use tokio::time::timeout;
use zeroize::{Zeroize, Zeroizing};

/// Largest form that is read. The longest honest one, a name of 120 characters of four
/// percent-encoded bytes each, has about 2,000 bytes.
pub(super) const BODY_BYTES_MAX: usize = 4 * 1024;

/// For the whole body, which fits into a few packets.
const BODY_DEADLINE: Duration = Duration::from_secs(5);

/// Views into the library's read buffers, kept until the connection has let go of them: only then
/// may they be overwritten.
#[derive(Default)]
pub(super) struct Residue(Mutex<Vec<Bytes>>);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    /// Without a length a body cannot be bounded before it is read.
    LengthMissing,
    /// More than [`BODY_BYTES_MAX`].
    TooLarge,
    /// Not whole within the deadline.
    TooSlow,
    /// The client went away.
    Broken,
}

impl Residue {
    /// Reads a whole body; the result is wiped when dropped, its source by [`Residue::wipe`].
    pub(super) async fn read(&self, body: Incoming) -> Result<Zeroizing<Vec<u8>>, BodyError> {
        let length = body.size_hint().exact().ok_or(BodyError::LengthMissing)?;
        let length = usize::try_from(length).map_err(|_| BodyError::TooLarge)?;
        if length > BODY_BYTES_MAX {
            return Err(BodyError::TooLarge);
        }
        let whole = timeout(BODY_DEADLINE, self.collect(body, length)).await;
        whole.unwrap_or(Err(BodyError::TooSlow))
    }

    /// Keeps a view to be wiped.
    pub(super) fn keep(&self, posted: Bytes) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(posted);
    }

    /// Overwrites all that was kept. To be called when the connection no longer exists.
    pub(super) fn wipe(&self) {
        let kept = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for posted in kept.into_iter().rev() {
            // A view that shares its buffer with another cannot be had for writing. That happens
            // only where a client sends more than it announced; the process ends soon anyway.
            if let Ok(mut posted) = posted.try_into_mut() {
                posted.as_mut().zeroize();
            }
        }
    }

    async fn collect(
        &self,
        mut body: Incoming,
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, BodyError> {
        // Never grows: the library lets no more than the announced length through.
        let mut whole = Zeroizing::new(Vec::with_capacity(length));
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| BodyError::Broken)?;
            if let Ok(posted) = frame.into_data() {
                if whole.len() + posted.len() > length {
                    return Err(BodyError::Broken);
                }
                whole.extend_from_slice(&posted);
                self.keep(posted);
            }
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_of_its_own_is_wiped_in_place() {
        let posted = Bytes::from(b"4242".to_vec());
        let place = posted.as_ptr();
        let residue = Residue::default();
        residue.keep(posted);
        let kept = residue.0.lock().map(|kept| kept[0].as_ptr() == place);
        assert!(kept.is_ok_and(|is_same| is_same), "the buffer itself is kept, not a copy");
        residue.wipe();
        assert!(residue.0.lock().is_ok_and(|kept| kept.is_empty()));
    }

    #[test]
    fn a_shared_view_is_let_go() {
        let posted = Bytes::from(b"4242".to_vec());
        let other = posted.clone();
        let residue = Residue::default();
        residue.keep(posted);
        residue.wipe();
        assert_eq!(&other[..], b"4242");
    }
}
