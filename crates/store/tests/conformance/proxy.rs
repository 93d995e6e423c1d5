//! A line to the database that breaks at the worst moment: in the middle of a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How the line breaks, once, at the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It does not.
    None,
    /// The server never hears of the commit.
    Before,
    /// The server commits, and its answer is lost.
    After,
    /// The server commits, and its answer does not come. The line stays open.
    Silent,
}

const CUTS: [Cut; 4] = [Cut::None, Cut::Before, Cut::After, Cut::Silent];

/// The line.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    next: Arc<AtomicU8>,
}

impl Proxy {
    /// A line to a port of this machine.
    pub(crate) async fn to(port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let next = Arc::new(AtomicU8::new(0));
        let proxy = Proxy { port: listener.local_addr().unwrap().port(), next: Arc::clone(&next) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A server that is away is a line that ends at once.
                if let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await {
                    tokio::spawn(join(client, server, Arc::clone(&next)));
                }
            }
        });
        proxy
    }

    /// Breaks at the next commit.
    pub(crate) fn cut(&self, cut: Cut) {
        let number = CUTS.iter().position(|it| *it == cut).unwrap();
        self.next.store(u8::try_from(number).unwrap(), Ordering::SeqCst);
    }

    /// Whether it broke.
    pub(crate) fn has_cut(&self) -> bool {
        self.next.load(Ordering::SeqCst) == 0
    }
}

async fn join(client: TcpStream, server: TcpStream, next: Arc<AtomicU8>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (say, said) = watch::channel(Cut::None);
    let answers = tokio::spawn(answers(from_server, to_client, said));
    questions(from_client, to_server, &next, &say).await;
    if *say.borrow() == Cut::None || *say.borrow() == Cut::Before {
        answers.abort();
    }
    // Otherwise the answers end by themselves.
    let _ = answers.await;
}

async fn questions(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    next: &AtomicU8,
    say: &watch::Sender<Cut>,
) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count) = client.read(&mut bytes).await {
        if count == 0 {
            return;
        }
        let read = &bytes[..count];
        if read.windows(7).any(|window| window == b"COMMIT\0") {
            let cut = CUTS[usize::from(next.swap(0, Ordering::SeqCst))];
            say.send_replace(cut);
            if cut == Cut::Before {
                return;
            }
        }
        if server.write_all(read).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    said: watch::Receiver<Cut>,
) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count) = server.read(&mut bytes).await {
        let cut = *said.borrow();
        match cut {
            Cut::After => return,
            Cut::Silent => std::future::pending().await,
            Cut::None | Cut::Before => {}
        }
        if count == 0 || client.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
