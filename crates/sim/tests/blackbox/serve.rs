//! `holdfast serve`: two nodes with a part of the work each, over one database.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::api::{Api, Form};
use super::http;
use super::ports;
use super::postgres::Server;
use super::server::{self, Place};
use super::settings;
use super::shop::{self, id};

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const SECRET_KEY: &str = "sk_test_0123456789abcdef0123456789abcdef";

/// Writes the secrets that the settings name, each for its owner only.
fn write_secrets(folder: &Path, database: &str, dev: &Value) {
    let text = |name: &str| dev[name].as_str().expect("a key").to_owned();
    let secrets = [
        ("database", database.to_owned()),
        ("secret-key", SECRET_KEY.to_owned()),
        ("publishable-key", "pk_test_0123456789abcdef0123456789abcdef".to_owned()),
        ("receipt-key", "0123456789abcdef0123456789abcdef".to_owned()),
        ("network-key", text("network_key")),
        ("notify-secret", text("notify_secret")),
    ];
    for (name, secret) in secrets {
        fs::write(folder.join(name), secret).expect("a secret");
        fs::set_permissions(folder.join(name), Permissions::from_mode(0o600)).expect("its mode");
    }
}

/// The settings of a node with these roles, and where its monitors ask.
fn write_settings(folder: &Path, name: &str, roles: &str, sandbox: &str, ports: [u16; 4]) -> u16 {
    let health = ports::free();
    let [api, pay, console, card] = ports;
    let surface = |name: &str, port: u16| {
        format!("[{name}]\norigin = \"http://127.0.0.1:{port}\"\nlisten = \"127.0.0.1:{port}\"\n")
    };
    let settings = format!(
        "roles = [{roles}]\ndata_dir = \"{name}\"\ndatabase = {{ file = \"database\" }}\n\
         [platform]\nid = \"plat_0000000000000000000001\"\n\
         secret_key = {{ file = \"secret-key\" }}\n\
         publishable_key = {{ file = \"publishable-key\" }}\n\
         receipt_key = {{ file = \"receipt-key\" }}\n\
         [processor]\nname = \"sandbox\"\norigin = \"{sandbox}\"\n\
         network_key = {{ file = \"network-key\" }}\n\
         notify_secret = {{ file = \"notify-secret\" }}\n{}{}{}{}\
         [health]\nlisten = \"127.0.0.1:{health}\"\n",
        surface("api", api),
        surface("pay", pay),
        surface("console", console),
        surface("card", card),
    );
    fs::write(folder.join(format!("{name}.toml")), settings).expect("the settings");
    health
}

fn holdfast(folder: &Path, arguments: &[&str]) -> Command {
    let log = fs::File::options().create(true).append(true).open(folder.join("log"));
    let mut command = Command::new(settings::binary());
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::from(log.expect("a log"))).kill_on_drop(true);
    command
}

async fn until_ready(folder: &Path, node: &mut Child, health: u16) {
    let ready = async {
        loop {
            let asked = http::client().get(format!("http://127.0.0.1:{health}/readyz"));
            if http::exchange(asked).await.is_ok_and(|answer| answer.is_ok()) {
                return;
            }
            if let Some(status) = node.try_wait().expect("a child") {
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                panic!("the node ended with {status}:\n{log}");
            }
            sleep(LOOK_EVERY).await;
        }
    };
    timeout(PATIENCE, ready).await.expect("ready in time");
}

/// Hears the types of the events that are posted to it.
async fn receiver() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let (heard, hears) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let heard = heard.clone();
            tokio::spawn(async move {
                let (mut bytes, mut chunk) = (Vec::new(), vec![0; 65_536]);
                while let Ok(count @ 1..) = stream.read(&mut chunk).await {
                    bytes.extend_from_slice(&chunk[..count]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
                    let event = body.and_then(|body| serde_json::from_str::<Value>(&body).ok());
                    if let Some(event) = event {
                        let _ = heard.send(event["type"].as_str().unwrap_or_default().to_owned());
                        let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                        let _ = stream.write_all(ok).await;
                        bytes.clear();
                    }
                }
            });
        }
    });
    (url, hears)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_with_a_part_of_the_work_each_take_a_payment_together() {
    // The world around: only its sandbox is used.
    let place = Place::new();
    let around = place.start().await;
    let database = Server::start();
    let address = database.database();
    let folder: TempDir = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    write_secrets(folder, &address, &server::read(&place.data().join("dev-keys.json")));
    let migrated = holdfast(folder, &["migrate", "--database", &address]).status().await;
    assert!(migrated.expect("a child").success(), "the tables are made");

    let first = ports::free();
    let ports = [first, first + 1, first + 2, first + 3];
    let (sandbox, front) = (&around.ready.sandbox, r#""api", "pay", "console", "card""#);
    let front = write_settings(folder, "front", front, sandbox, ports);
    let worker = write_settings(folder, "worker", r#""worker""#, sandbox, ports);
    let checked = holdfast(folder, &["serve", "--config", "front.toml", "--check"]).status().await;
    assert!(checked.expect("a child").success(), "the settings make sense");
    let mut nodes = Vec::new();
    for (name, health) in [("front.toml", front), ("worker.toml", worker)] {
        let mut node = holdfast(folder, &["serve", "--config", name]).spawn().expect("a node");
        until_ready(folder, &mut node, health).await;
        nodes.push(node);
    }

    let api = Api::new(&format!("http://127.0.0.1:{}", ports[0]), SECRET_KEY);
    let (url, mut hears) = receiver().await;
    let all = Form::of(&[("url", &url), ("enabled_events[]", "*")]);
    api.make("/v1/webhook_endpoints", &all).await;
    let form = shop::payment("pm_card_visa", "manual").with("amount", 1_000);
    let intent = api.make("/v1/payment_intents", &form).await;
    assert_eq!(intent["status"], "requires_capture", "{intent}");
    let capture = format!("/v1/payment_intents/{}/capture", id(&intent));
    let captured = api.make(&capture, &Form::default()).await;
    assert_eq!(captured["status"], "succeeded", "{captured}");
    let heard =
        async { while hears.recv().await.expect("events") != "payment_intent.succeeded" {} };
    timeout(PATIENCE, heard).await.expect("the webhook is sent by the worker");
    let charge = captured["latest_charge"].as_str().expect("a charge");
    let charge = around.network().charge(charge).await.expect("the network knows it");
    assert_eq!((charge.captured, charge.refunded), (1_000, 0));
    assert!(around.stop().await.success(), "an orderly stop");
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused_at_the_start() {
    let folder: TempDir = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let keys =
        serde_json::json!({ "network_key": "n".repeat(40), "notify_secret": "s".repeat(40) });
    write_secrets(folder, "postgres://holdfast@127.0.0.1:1/holdfast", &keys);
    let _ = write_settings(folder, "node", r#""worker""#, "http://127.0.0.1:1", [1, 2, 3, 4]);
    let settings = fs::read_to_string(folder.join("node.toml")).expect("the settings");
    let refused = async |text: &str| {
        fs::write(folder.join("node.toml"), text).expect("the settings");
        let _ = fs::remove_file(folder.join("log"));
        let status =
            holdfast(folder, &["serve", "--config", "node.toml", "--check"]).status().await;
        let log = fs::read_to_string(folder.join("log")).expect("a log");
        (status.expect("a child").success(), log)
    };
    let (is_good, log) = refused(&settings).await;
    assert!(is_good, "{log}");
    let (is_good, log) = refused(&settings.replace("\"worker\"", "\"wrker\"")).await;
    assert!(!is_good && log.contains("node.toml, line 1: `roles[0]`"), "{log}");
    fs::set_permissions(folder.join("secret-key"), Permissions::from_mode(0o644)).expect("a mode");
    let (is_good, log) = refused(&settings).await;
    assert!(!is_good && log.contains("platform.secret_key") && log.contains("mode 644"), "{log}");
}
