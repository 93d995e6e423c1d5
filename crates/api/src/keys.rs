//! The keys that open the API: those of the installation, and those that the platform made.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use holdfast_core::api_key::{ApiKey as StoredKey, KeyPrint, Permission};
use holdfast_core::id::{ApiKeyId, PlatformId};
use holdfast_core::time::Timestamp;
use holdfast_engine::Engine;

use crate::api::ApiKey;
use crate::auth::{Access, KeyDigest, KeyRecord, PresentedKey};
use crate::error::ApiError;
use crate::refusals;

/// The keys of one platform. A stored one is read once a second at most, however much is asked
/// with it.
pub(crate) struct KeyRing {
    platform: PlatformId,
    /// Of the installation: in its configuration and nowhere else.
    fixed: HashMap<KeyDigest, KeyRecord>,
    read: Mutex<Read>,
}

/// What was read lately.
#[derive(Default)]
struct Read {
    keys: HashMap<KeyDigest, ReadKey>,
    /// How often a key was changed in this process: what was read before a change is not kept
    /// after it.
    changes: u64,
}

struct ReadKey {
    id: ApiKeyId,
    record: KeyRecord,
    at: Instant,
}

/// How long a key counts as it was read: whoever revokes one in another process waits no longer
/// than a second.
const FRESH: Duration = Duration::from_millis(900);

/// The most keys that are remembered: many times those that any platform has in use.
const READ_MAX: usize = 10_000;

impl KeyRing {
    pub(crate) fn new(platform: PlatformId, fixed: &[ApiKey]) -> KeyRing {
        let record = |key: &ApiKey| {
            let digest = KeyDigest::of(&key.key);
            let (platform, scopes) = (platform.to_string(), BTreeMap::new());
            (digest, KeyRecord { digest, platform, expires_at: None, scopes })
        };
        let fixed = fixed.iter().map(record).collect();
        KeyRing { platform, fixed, read: Mutex::default() }
    }

    /// What is known of a key, if anybody has it.
    pub(crate) async fn find(
        &self,
        presented: &PresentedKey,
        engine: &Engine,
    ) -> Result<Option<KeyRecord>, ApiError> {
        let digest = presented.digest();
        if let Some(record) = self.fixed.get(&digest) {
            return Ok(Some(record.clone()));
        }
        let Some(id) = presented.row() else { return Ok(None) };
        let changes = {
            let read = self.lock();
            let fresh = read.keys.get(&digest).filter(|key| key.at.elapsed() < FRESH);
            if let Some(key) = fresh {
                return Ok(Some(key.record.clone()));
            }
            read.changes
        };
        let at = Instant::now();
        let row = engine.find::<StoredKey>(self.platform, &id).await;
        let row = row.map_err(|error| refusals::store(&error))?;
        let record = row.and_then(|row| self.record(&row, digest));
        if let Some(record) = record.clone() {
            self.remember(digest, ReadKey { id, record, at }, changes);
        }
        Ok(record)
    }

    /// Makes the next request with a key look it up again.
    pub(crate) fn forget(&self, id: ApiKeyId) {
        let mut read = self.lock();
        read.changes += 1;
        read.keys.retain(|_, key| key.id != id);
    }

    fn remember(&self, digest: KeyDigest, key: ReadKey, changes: u64) {
        let mut read = self.lock();
        if read.changes != changes {
            return;
        }
        if read.keys.len() >= READ_MAX {
            read.keys.retain(|_, key| key.at.elapsed() < FRESH);
        }
        if read.keys.len() < READ_MAX {
            read.keys.insert(digest, key);
        }
    }

    /// What a row says of the key with this digest: the current one, or one that was replaced.
    fn record(&self, row: &StoredKey, digest: KeyDigest) -> Option<KeyRecord> {
        let is_it = |print: &KeyPrint| KeyDigest::from_hex(&print.digest) == Some(digest);
        let (_, ends) = row.prints().find(|(print, _)| is_it(print))?;
        let expires_at = ends.map(Timestamp::seconds);
        let access = |permission: &Permission| match permission {
            Permission::Read => Access::Read,
            Permission::Write => Access::Write,
        };
        let scopes = row.permissions.iter().map(|(name, may)| (name.clone(), access(may)));
        let (platform, scopes) = (self.platform.to_string(), scopes.collect());
        Some(KeyRecord { digest, platform, expires_at, scopes })
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        // Whoever panicked while holding the lock left whole entries.
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
