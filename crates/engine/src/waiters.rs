//! Those who wait for a row to change: a request whose bank is being asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use holdfast_core::key::RowKey;
use tokio::sync::Notify;

/// Who waits for which row.
#[derive(Default)]
pub(crate) struct Waiters {
    rows: Mutex<HashMap<RowKey, Weak<Notify>>>,
}

/// A place in the queue of a row. A change between registering and waiting is not missed.
pub(crate) struct Changed {
    notify: Arc<Notify>,
}

/// How many rows are kept before those for which nobody waits any more are dropped.
const CLEAN_AT: usize = 1_024;

impl Waiters {
    pub(crate) fn register(&self, key: RowKey) -> Changed {
        let mut rows = self.lock();
        if rows.len() >= CLEAN_AT {
            rows.retain(|_, notify| notify.strong_count() > 0);
        }
        let notify = rows.get(&key).and_then(Weak::upgrade);
        let notify = notify.unwrap_or_else(|| {
            let notify = Arc::new(Notify::new());
            rows.insert(key, Arc::downgrade(&notify));
            notify
        });
        Changed { notify }
    }

    pub(crate) fn wake(&self, keys: impl IntoIterator<Item = RowKey>) {
        let mut rows = self.lock();
        for key in keys {
            if let Some(notify) = rows.remove(&key).and_then(|notify| notify.upgrade()) {
                notify.notify_waiters();
                // One permit stays for somebody who registered and has not begun to wait.
                notify.notify_one();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RowKey, Weak<Notify>>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Changed {
    pub(crate) async fn changed(&self) {
        self.notify.notified().await;
        // Another waiter of the same row may still be on its way to waiting: pass the permit on.
        self.notify.notify_one();
    }
}
