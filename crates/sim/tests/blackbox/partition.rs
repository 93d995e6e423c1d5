//! A line to the database that can be cut: nothing goes through, and neither side hears of it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The line.
pub(crate) struct Line {
    pub(crate) port: u16,
    is_whole: watch::Sender<bool>,
}

impl Line {
    /// A line to a port of this machine.
    pub(crate) async fn to(port: u16) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let (is_whole, told) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(join(client, port, told.clone()));
            }
        });
        Line { port: own, is_whole }
    }

    /// From now on nothing goes through. What is sent waits, as it does in a network.
    pub(crate) fn cut(&self) {
        self.is_whole.send_replace(false);
    }

    /// What waits goes through, late.
    pub(crate) fn mend(&self) {
        self.is_whole.send_replace(true);
    }
}

async fn join(client: TcpStream, port: u16, mut is_whole: watch::Receiver<bool>) {
    if is_whole.wait_for(|is_whole| *is_whole).await.is_err() {
        return;
    }
    // A server that is away is a line that ends at once.
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(
        carry(from_client, to_server, is_whole.clone()),
        carry(from_server, to_client, is_whole)
    );
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut is_whole: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count) = from.read(&mut bytes).await {
        // An end is not heard of either.
        if is_whole.wait_for(|is_whole| *is_whole).await.is_err() {
            return;
        }
        if count == 0 || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
