//! The moment at which everything listens: told to people, and to programs by the ready file.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::cli::DevOptions;
use crate::identity::Origins;

use super::keys::Keys;

/// How long everything together may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Waits until each listener is answered by its server.
pub(super) async fn wait(origins: &Origins) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    for (name, origin) in origins.by_name() {
        while !answers(origin).await {
            if Instant::now() >= deadline {
                bail!("{name} at {origin} does not answer");
            }
            sleep(LOOK_EVERY).await;
        }
    }
    Ok(())
}

/// Whether a server answers at all, whatever it says.
async fn answers(origin: &str) -> bool {
    let address = origin.trim_start_matches("http://").to_owned();
    let request = format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let ask = async {
        let mut stream = TcpStream::connect(&address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut start = [0; 9];
        stream.read_exact(&mut start).await?;
        std::io::Result::Ok(start.starts_with(b"HTTP/1.1 "))
    };
    timeout(Duration::from_secs(1), ask).await.is_ok_and(|answer| answer.unwrap_or(false))
}

/// Tells where everything is and what to try first.
pub(super) fn announce(
    options: &DevOptions,
    keys: &Keys,
    origins: &Origins,
    started: Instant,
) -> anyhow::Result<()> {
    if options.beside.is_none() {
        write_addresses(&options.data_dir, origins).context("the addresses")?;
    }
    if let Some(path) = &options.ready_file {
        write_ready_file(path, keys, origins)
            .with_context(|| format!("the ready file {}", path.display()))?;
    }
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(ready_after_ms = ms, "ready");
    greet(keys, origins);
    Ok(())
}

/// Where the nodes beside this one find what only this one runs.
const ADDRESSES: &str = "addresses.json";

fn write_addresses(folder: &Path, origins: &Origins) -> anyhow::Result<()> {
    let path = folder.join(ADDRESSES);
    let draft = path.with_extension("new");
    fs::write(&draft, serde_json::to_vec_pretty(origins)?)?;
    fs::rename(&draft, path)?;
    Ok(())
}

/// The addresses of the installation of a folder, as its last start wrote them.
pub(super) fn read_addresses(folder: &Path) -> anyhow::Result<Origins> {
    let path = folder.join(ADDRESSES);
    let bytes = fs::read(&path)
        .with_context(|| format!("{}: start that installation first", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} makes no sense", path.display()))
}

/// Whole or not at all: whoever waits for the file may read it the moment it is there.
fn write_ready_file(path: &Path, keys: &Keys, origins: &Origins) -> anyhow::Result<()> {
    let secrets = [
        ("secret_key", &keys.secret_key),
        ("publishable_key", &keys.publishable_key),
        ("webhook_secret", &keys.webhook_secret),
    ];
    let addresses = origins.by_name().into_iter();
    let pairs = addresses.chain(secrets.map(|(name, value)| (name, value.as_str())));
    let pairs = pairs.map(|(name, value)| (name.to_owned(), Value::from(value)));
    let json = serde_json::to_vec_pretty(&Value::Object(pairs.collect::<Map<_, _>>()))?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    fs::write(&draft, json)?;
    fs::rename(&draft, path)?;
    Ok(())
}

#[allow(clippy::print_stdout, reason = "a greeting for the person who started the program")]
fn greet(keys: &Keys, origins: &Origins) {
    let Origins { shop, api, pay: _, console, sandbox, card: _ } = origins;
    let Keys { secret_key, publishable_key, .. } = keys;
    println!(
        "
  Holdfast is ready. Everything runs on this machine; no real money moves.

    Shop      {shop}   buy something here
    Console   {console}   where the money is
    Sandbox   {sandbox}   the buyer's phone, mailbox and bank; move the clock
    API       {api}

    Secret key       {secret_key}
    Publishable key  {publishable_key}

  Try first: buy two things in the shop and pay with 4000 0027 6000 3184, any future
  date and any code. The bank asks for a code: it is on the phone in the sandbox.
  Card 4242 4242 4242 4242 pays without a question.

  Ctrl-C stops everything; the data stays in the data folder.
"
    );
}
