//! A connection that is made anew when it breaks, every step of it under a deadline of our own.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, NoTls, Socket, Statement};

use crate::StoreError;

use super::address::Address;
use super::trouble::Trouble;

/// How long making a connection may take. The driver's own limit does not end a connection to a
/// host that accepts and then says nothing.
const CONNECT: Duration = Duration::from_secs(3);
/// How long one step may take: statements here touch few rows by their keys.
const STEP: Duration = Duration::from_secs(10);

/// What every connection asks for. A transaction whose node is gone must not keep its locks. There
/// is no limit of the time of a statement: the server would also end the wait of a commit for its
/// standby by it, and say that it succeeded.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '10s'; SET jit = off;";
/// None waits for a lock longer than its node waits for the answer.
pub(super) const LOCK_TIMEOUT: &str = "SET lock_timeout = '5s';";
/// What a connection asks for besides that only finds rows by their keys. The tables grow faster
/// than the statistics about them; no plan but by the key is ever right.
pub(super) const BY_KEYS: &str =
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;";
/// Lists are planned by the statistics.
pub(super) const BY_STATISTICS: &str = "";

/// For how long something is tried again because another node was quicker, or because the database
/// moves to another machine: a failover's length.
const PATIENCE: Duration = Duration::from_secs(40);
const FIRST_WAIT: Duration = Duration::from_millis(2);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Waits that grow, until patience ends.
pub(super) struct Waits {
    next: Duration,
    until: Instant,
}

impl Waits {
    /// The first wait is yet to come.
    pub(super) fn new() -> Waits {
        Waits { next: FIRST_WAIT, until: Instant::now() + PATIENCE }
    }

    /// Waits; `false` when it has been long enough.
    pub(super) async fn wait(&mut self) -> bool {
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(LONGEST_WAIT);
        Instant::now() < self.until
    }
}

/// One connection to the database, shared by whoever asks through it: what is asked at the same
/// time is sent without waiting for each other's answers.
pub(super) struct Link {
    address: Address,
    session: &'static str,
    live: AsyncMutex<Option<Arc<Live>>>,
}

/// A connection that was made.
pub(super) struct Live {
    client: Client,
    statements: Mutex<HashMap<String, Statement>>,
}

impl Link {
    /// A connection that is made when it is first needed.
    pub(super) fn new(address: Address, session: &'static str) -> Link {
        Link { address, session, live: AsyncMutex::new(None) }
    }

    /// The connection; a new one when there is none or it broke.
    pub(super) async fn live(&self) -> Result<Arc<Live>, Trouble> {
        let mut live = self.live.lock().await;
        if let Some(live) = live.as_ref().filter(|live| !live.client.is_closed()) {
            return Ok(Arc::clone(live));
        }
        let fresh = Arc::new(connect(&self.address, self.session).await?);
        *live = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Lets go of a connection that did not answer: nobody waits for its late answers.
    pub(super) async fn drop_live(&self, broken: &Arc<Live>) {
        let mut live = self.live.lock().await;
        if live.as_ref().is_some_and(|current| Arc::ptr_eq(current, broken)) {
            *live = None;
        }
    }
}

async fn connect(address: &Address, session: &str) -> Result<Live, Trouble> {
    let client = open(address, session).await?;
    Ok(Live { client, statements: Mutex::default() })
}

/// A connection that nobody shares.
pub(super) async fn connect_alone(address: &Address) -> Result<Client, Trouble> {
    open(address, BY_STATISTICS).await
}

async fn open(address: &Address, session: &str) -> Result<Client, Trouble> {
    let made = async {
        let client = match &address.tls {
            None => reach(address, NoTls).await?,
            Some(tls) => reach(address, tls.clone()).await?,
        };
        client.batch_execute(&format!("{SESSION}{LOCK_TIMEOUT}{session}")).await?;
        Ok::<_, tokio_postgres::Error>(client)
    };
    Ok(tokio::time::timeout(CONNECT, made).await.map_err(|_| late("connecting"))??)
}

/// Connects, and lets the connection work by itself.
async fn reach<T>(address: &Address, tls: T) -> Result<Client, tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = address.config.connect(tls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to the database broke");
        }
    });
    Ok(client)
}

impl Live {
    /// The connection itself.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// A statement, prepared once for each connection.
    pub(super) async fn prepared(&self, sql: &str) -> Result<Statement, Trouble> {
        let known = self.lock().get(sql).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = in_time(self.client.prepare(sql)).await?;
        self.lock().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Statement>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a step of the database, but not for ever.
pub(super) async fn in_time<T>(
    step: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(STEP, step).await {
        Ok(done) => done.map_err(Trouble::from),
        Err(_) => Err(late("a step")),
    }
}

fn late(what: &str) -> Trouble {
    Trouble::Passing(StoreError::Unavailable(format!("{what} of the database took too long")))
}
