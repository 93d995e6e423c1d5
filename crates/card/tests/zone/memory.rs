//! What is left in the zone's memory once a card has been exchanged: nothing.
//!
//! The zone runs in a process of its own, which is this test program started again.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

use crate::support::*;

/// Tells a second instance of this program where the network is.
const NETWORK: &str = "HOLDFAST_CARD_TEST_NETWORK";

/// Is a zone if it is told so; otherwise there is nothing to see here.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test program starts itself, as the binary does")]
fn zone_process() {
    let Ok(network) = std::env::var(NETWORK) else { return };
    let zone = Zone::on(TcpListener::bind("127.0.0.1:0").unwrap(), network.parse().unwrap());
    assert_eq!(zone.send("GET /livez HTTP/1.1\r\n\r\n").status, 200);
    // The hardened zone lets no test look. That it is hardened is the hardening's own test.
    set_dumpable_behavior(DumpableBehavior::Dumpable).unwrap();
    let mut out = std::io::stderr();
    writeln!(out, "zone at {}", zone.address).unwrap();
    loop {
        thread::park();
    }
}

struct ZoneProcess {
    child: Child,
    address: SocketAddr,
}

impl ZoneProcess {
    fn start(network: &Network) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["memory::zone_process", "--exact", "--nocapture"])
            .env(NETWORK, network.address.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("zone at ")?.parse().ok());
        Self { child, address: address.expect("the zone starts") }
    }

    /// It was the wiping that cleared the memory, not the zone's end.
    fn assert_serves(&self) {
        let answer = exchange(self.address, b"GET /livez HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!(answer.status, 200);
    }

    /// How often any of `needles` is in the writable memory.
    fn count(&self, needles: &[String]) -> usize {
        let id = self.child.id();
        let memory = File::open(format!("/proc/{id}/mem")).unwrap();
        let maps = fs::read_to_string(format!("/proc/{id}/maps")).unwrap();
        let writable = maps.lines().filter(|line| line.contains(" rw"));
        let regions = writable.filter_map(|line| {
            let (from, to) = line.split(' ').next()?.split_once('-')?;
            let from = u64::from_str_radix(from, 16).ok()?;
            Some((from, usize::try_from(u64::from_str_radix(to, 16).ok()? - from).ok()?))
        });
        regions.map(|(from, length)| count_in(&memory, from, length, needles)).sum()
    }
}

impl Drop for ZoneProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn count_in(memory: &File, from: u64, length: usize, needles: &[String]) -> usize {
    let mut bytes = vec![0; length];
    // A region may be gone by now, or have no pages behind it.
    let Ok(read) = memory.read_at(&mut bytes, from) else { return 0 };
    let pages = bytes[..read].chunks(PAGE).enumerate();
    let used = pages.filter(|(_, page)| *page != &NOTHING[..page.len()]);
    let count = |place: usize| {
        let here = &bytes[place..read];
        needles.iter().filter(|needle| here.starts_with(needle.as_bytes())).count()
    };
    used.flat_map(|(page, bytes)| (0..bytes.len()).map(move |place| page * PAGE + place))
        .filter(|place| bytes[*place].is_ascii_alphanumeric())
        .map(count)
        .sum()
}

const PAGE: usize = 4096;
const NOTHING: [u8; PAGE] = [0; PAGE];

/// A number as it is typed and as it is kept, the half that tells it from others, and its code as
/// it is sent.
fn needles(number: &str, code: &str) -> Vec<String> {
    let groups: Vec<&str> = (0..4).map(|group| &number[group * 4..][..4]).collect();
    vec![
        number.to_owned(),
        number[6..14].to_owned(),
        groups.join("+"),
        groups.join(" "),
        format!("cvc%5D={code}"),
        format!("cvc]={code}"),
    ]
}

#[test]
fn a_number_is_in_memory_while_it_is_posted_and_not_after() {
    let network = Network::start(Act::Hold);
    let zone = ZoneProcess::start(&network);
    let mut used = Vec::new();
    for round in 0..6 {
        let number = fresh_number("40009900", 16);
        let needles = needles(&number, "917");
        let groups: Vec<&str> = (0..4).map(|group| &number[group * 4..][..4]).collect();
        let typed = if round % 2 == 0 { number.clone() } else { groups.join(" ") };
        let body = form(&[
            ("card[cvc]", "917"),
            ("card[number]", &typed),
            ("card[exp]", "12/30"),
            ("card[name]", &"é".repeat(round * 10)),
        ]);
        let mut stream = connect(zone.address).unwrap();
        // In one piece, in two, and with the body alone in the second.
        let request = post_request(&body, &[]);
        let cut = request.len() - [0, 40, body.len()][round % 3];
        stream.write_all(&request.as_bytes()[..cut]).unwrap();
        thread::yield_now();
        stream.write_all(&request.as_bytes()[cut..]).unwrap();
        network.wait_for_requests(round + 1);
        assert!(zone.count(&needles) > 0, "the search finds what is there");
        network.let_go();
        assert_eq!(read_answer(&mut stream).unwrap().status, 200);
        drop(stream);
        wait_until("the number is gone", || zone.count(&needles) == 0);
        used.extend(needles);
    }
    assert_eq!(zone.count(&used), 0, "and they stay gone");
    zone.assert_serves();
}

#[test]
fn refused_numbers_leave_nothing_either() {
    let network = Network::tokens();
    let zone = ZoneProcess::start(&network);
    let number = fresh_number("40009900", 16);
    let needles = needles(&number, "917");
    for (body, status) in [
        (card(&number, "9177"), 402),
        (card(&format!("{number}0000"), "917"), 402),
        (card(&number, "917").replace("exp", "number"), 400),
        (format!("{}&name={number}", card(&number, "917")), 400),
        (card(&number, "917").replace(KEY, "pk_no"), 401),
        (format!("{}&card%5Bname%5D={number}", card(&number, "917")), 402),
        (format!("{}&{number}=1", card(&number, "917")), 400),
    ] {
        let answer = exchange(zone.address, post_request(&body, &[]).as_bytes()).unwrap();
        assert_eq!(answer.status, status, "{body}");
        wait_until("the number is gone", || zone.count(&needles) == 0);
    }
    zone.assert_serves();
}
