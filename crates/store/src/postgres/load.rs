//! Rows by their keys. Loads that wait at the same time become one query.

use std::collections::HashMap;

use holdfast_core::id::PlatformId;
use holdfast_core::key::RowKey;
use holdfast_core::view::StoredRow;
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;

use super::link::{Link, Waits, in_time};
use super::trouble::Trouble;

/// Loads rows for everybody of this node.
pub(super) struct Loader {
    queue: mpsc::Sender<Wanted>,
}

/// How many loads may wait. Each belongs to a request that was admitted; more than that wait
/// outside.
const WAITING_MAX: usize = 4_096;
/// How many loads become one query.
const TOGETHER_MAX: usize = 256;

type Rows = Vec<Option<StoredRow>>;

struct Wanted {
    platform: PlatformId,
    keys: Vec<RowKey>,
    answer: oneshot::Sender<Result<Rows, StoreError>>,
}

impl Loader {
    /// Starts the task that loads; it ends when this is dropped.
    pub(super) fn start(link: Link) -> Loader {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(run(link, waiting));
        Loader { queue }
    }

    /// The rows under `keys`, in their order.
    pub(super) async fn load(
        &self,
        platform: PlatformId,
        keys: Vec<RowKey>,
    ) -> Result<Rows, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let gone = || StoreError::Unavailable("the loader has ended".to_owned());
        let (answer, loaded) = oneshot::channel();
        let wanted = Wanted { platform, keys, answer };
        self.queue.send(wanted).await.map_err(|_| gone())?;
        loaded.await.map_err(|_| gone())?
    }
}

async fn run(link: Link, mut waiting: mpsc::Receiver<Wanted>) {
    let mut wanted = Vec::new();
    // While one query is under way the next ones gather.
    while waiting.recv_many(&mut wanted, TOGETHER_MAX).await > 0 {
        let loads = std::mem::take(&mut wanted);
        let found = all_of(&link, &loads).await;
        for Wanted { platform, keys, answer } in loads {
            let rows = found.as_ref().map_err(Clone::clone).and_then(|found| {
                keys.iter().map(|key| found.row(&platform.to_string(), key)).collect()
            });
            // The caller may have gone; its rows are then not needed.
            let _ = answer.send(rows);
        }
    }
}

/// What was found, by kind and id: whose it is, its version and its body.
struct Found(HashMap<(String, String), (String, i64, String)>);

impl Found {
    fn row(&self, platform: &str, key: &RowKey) -> Result<Option<StoredRow>, StoreError> {
        let found = self.0.get(&(key.kind().name().to_owned(), key.id()));
        let Some((_, version, body)) = found.filter(|(owner, _, _)| owner == platform) else {
            return Ok(None);
        };
        let version = u64::try_from(*version)
            .map_err(|_| StoreError::Corrupt(format!("{key:?} has a negative version")))?;
        Ok(Some(StoredRow { version, row: serde_json::from_str(body)? }))
    }
}

const LOAD: &str = "SELECT rows.kind, rows.id, rows.platform, rows.version, rows.body
    FROM unnest($1::text[], $2::text[]) AS wanted (kind, id)
    JOIN rows ON rows.kind = wanted.kind AND rows.id = wanted.id";

/// Reads all that is wanted, again where the database was just away.
async fn all_of(link: &Link, loads: &[Wanted]) -> Result<Found, StoreError> {
    let mut waits = Waits::new();
    loop {
        match try_all_of(link, loads).await {
            Err(Trouble::Passing(error)) if !waits.wait().await => return Err(error),
            Err(Trouble::Passing(_)) => {}
            done => return Ok(done?),
        }
    }
}

async fn try_all_of(link: &Link, loads: &[Wanted]) -> Result<Found, Trouble> {
    let mut keys: Vec<(&str, String)> = Vec::new();
    for key in loads.iter().flat_map(|load| &load.keys) {
        keys.push((key.kind().name(), key.id()));
    }
    keys.sort_unstable();
    keys.dedup();
    let (kinds, ids): (Vec<&str>, Vec<String>) = keys.into_iter().unzip();
    let live = link.live().await?;
    let statement = live.prepared(LOAD).await?;
    let rows = in_time(live.client().query(&statement, &[&kinds, &ids])).await;
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => {
            link.drop_live(&live).await;
            return Err(error);
        }
    };
    let found =
        rows.iter().map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3), row.get(4))));
    Ok(Found(found.collect()))
}
