//! How each figure is measured: which turns, beside what.

use anyhow::Result;

use super::folder::Folder;
use super::postgres::Server;
use super::programs::{Programs, Turn};
use super::row::{Asked, Row};
use super::{Figure, Options, about, fsync, today};

/// Enough for the machine to be busy all the time.
const SATURATING: u16 = 64;
const PAY: Turn<'static> = Turn { mix: "pay", connections: SATURATING, more: &[] };

/// Measures a figure; one that is judged in several ways has several rows.
pub(super) fn measure(
    figure: Figure,
    programs: &Programs<'_>,
    options: &Options,
) -> Result<Vec<Row>> {
    let mut rows = match figure {
        Figure::Pay => pay(programs, options),
        Figure::Postgres => postgres(programs, options),
        Figure::Nodes => nodes(programs, options),
        Figure::Life => life(programs, options),
        Figure::Read => read(programs, options),
        Figure::Latency => latency(programs, options),
        Figure::Stored => stored(programs, options),
        Figure::Burst => burst(programs, options),
    }?;
    let day = today(programs.machine)?;
    rows.iter_mut().for_each(|row| row.day.clone_from(&day));
    Ok(rows)
}

fn row(figure: &str, reference: &str, unit: &str, asked: Option<Asked>) -> Row {
    let (figure, reference) = (figure.to_owned(), reference.to_owned());
    Row { figure, reference, unit: unit.to_owned(), asked, ..Row::default() }
}

fn pay(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let figure = "create with confirm, SQLite";
    let all = "the same payments' rows written straight to SQLite, groups of 100";
    let least = "one row, four postings and one event a payment written straight, groups of 100";
    let mut rows = [
        row(figure, all, "payments/s", Some(Asked::RatioAtLeast(400))),
        row(figure, least, "payments/s", None),
    ];
    let folder = Folder::new("template")?;
    let data_dir = folder.text()?;
    programs.turns(Turn { more: &["--data-dir", data_dir], ..PAY }, 1, &["--alone"])?;
    let mut taken = Vec::new();
    for _ in 0..options.rounds {
        let ours = programs.turn(PAY)?;
        let (straight, tenths) = programs.straight(&folder.path, &[])?;
        let (smallest, _) = programs.straight(&folder.path, &["--least"])?;
        rows[0].rounds.push((ours.per_second()?, straight));
        rows[1].rounds.push((ours.per_second()?, smallest));
        rows[0].notes = vec![format!(
            "Holdfast keeps {}.{} rows of such a payment (rows, links, entries, postings, effects \
             and events); the balances are written once a group.",
            tenths / 10,
            tenths % 10
        )];
        taken = ours.processor_us();
    }
    let taken: Vec<String> = taken.iter().map(|(role, us)| format!("{role} {us} us")).collect();
    rows[0].notes.push(format!(
        "Processor time of one payment by process, last round: {}.",
        taken.join(", ")
    ));
    rows[1].notes.push("The smallest that a payment could be; nothing was asked of it.".to_owned());
    Ok(rows.into())
}

fn postgres(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let server = Server::start(programs.machine)?;
    server.prepare_reference()?;
    let reference = "pgbench TPC-B-like, 32 clients";
    let asked = Some(Asked::RatioAtLeast(600));
    let mut row = row("create with confirm, PostgreSQL, one node", reference, "payments/s", asked);
    row.notes.push("The goal is 1.0.".to_owned());
    for _ in 0..options.rounds {
        let database = server.database("holdfast")?;
        let ours = programs.turn(Turn { more: &["--database", &database], ..PAY })?;
        server.checkpoint()?;
        row.rounds.push((ours.per_second()?, server.reference(options.seconds)?));
        server.checkpoint()?;
    }
    Ok(vec![row])
}

fn nodes(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let server = Server::start(programs.machine)?;
    let asked = Some(Asked::RatioAtLeast(950));
    let figure = "create with confirm, PostgreSQL, two nodes, one hot seller";
    let mut row = row(figure, "one node, the same seller", "payments/s", asked);
    for _ in 0..options.rounds {
        let mut sides = [0; 2];
        for (side, nodes) in sides.iter_mut().zip(["2", "1"]) {
            let database = server.database("holdfast")?;
            let more = ["--database", &database, "--nodes", nodes, "--hot-seller"];
            *side = programs.turn(Turn { more: &more, ..PAY })?.per_second()?;
            server.checkpoint()?;
        }
        row.rounds.push((sides[0], sides[1]));
    }
    Ok(vec![row])
}

fn life(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let asked = Some(Asked::RatioAtLeast(300));
    let figure = "whole life (session, payment, shipment with capture, receipt, release), SQLite";
    let mut row = row(figure, "create with confirm", "payments/s", asked);
    for _ in 0..options.rounds {
        let whole = programs.turn(Turn { mix: "life", ..PAY })?.per_second()?;
        row.rounds.push((whole, programs.turn(PAY)?.per_second()?));
    }
    Ok(vec![row])
}

fn read(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let asked = Some(Asked::RatioAtLeast(400));
    let reference = "bare axum handler with a body of the same size";
    let mut row = row("`GET /v1/payment_intents/:id`", reference, "requests/s", asked);
    let rounds = options.rounds.to_string();
    let turn = Turn { mix: "read", ..PAY };
    row.rounds = programs.turns(turn, options.seconds, &["--rounds", &rounds])?.beside_bare();
    Ok(vec![row])
}

fn latency(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let asked = Some(Asked::RatioAtMost(8_000));
    let figure = "p99 of one confirm at 8 connections, SQLite, less the sandbox's own time";
    let mut row = row(figure, "one fsync of 4 KiB", "us", asked);
    for _ in 0..options.rounds {
        let ours = programs.turn(Turn { connections: 8, ..PAY })?;
        // The network by itself, asked as often as Holdfast asked it.
        let rate = ours.per_second()?.max(1).to_string();
        let network = Turn { mix: "network", connections: 8, more: &["--rate", &rate] };
        let sandbox = programs.turn(network)?.figure("p50_us")?;
        let (p50, p99) = (ours.figure("p50_us")?, ours.figure("p99_us")?);
        let flush = fsync::median_us(&std::env::temp_dir())?;
        row.rounds.push((p99.saturating_sub(sandbox), flush));
        row.notes = vec![format!(
            "Last round: p50 {p50} us, p99 {p99} us; the sandbox's own time is the median of \
             {sandbox} us that it takes at the same rate."
        )];
    }
    Ok(vec![row])
}

/// A payment takes so many bytes in the file, its indexes included, and somewhat more while they
/// are made.
const BYTES_EACH: u64 = 16_000;
/// What is left to others on the disk.
const KEPT_FREE: u64 = 15 << 30;
const MANY: u64 = 5_000_000;
const FEW: u64 = 10_000;

fn stored(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let (big, small) = (Folder::new("many")?, Folder::new("few")?);
    let room = about::room(programs.machine, &std::env::temp_dir())?;
    let fitting = room.saturating_sub(KEPT_FREE) / BYTES_EACH;
    let many = programs.fill(&big.path, options.stored.unwrap_or(MANY).min(fitting))?;
    let few = programs.fill(&small.path, FEW)?;
    let reference = format!("with {few} stored");
    // What was asked for is asked of five millions: fewer are told and not judged.
    let asked_of = |asked| (many >= MANY).then_some(asked);
    let asked = asked_of(Asked::RatioAtLeast(900));
    let mut speed = row(&format!("payments/s with {many} stored"), &reference, "payments/s", asked);
    let asked = asked_of(Asked::ValueAtMost(100 << 10));
    let mut memory =
        row(&format!("memory at rest with {many} payments, SQLite"), &reference, "KiB", asked);
    let asked = asked_of(Asked::ValueAtMost(2_000));
    let mut start = row(&format!("start to ready with {many} payments"), &reference, "ms", asked);
    for _ in 0..options.rounds {
        let mut sides = Vec::new();
        for folder in [&big, &small] {
            let more = ["--data-dir", folder.text()?];
            sides.push(programs.turn(Turn { more: &more, ..PAY })?);
        }
        let [ours, theirs] = sides.as_slice() else { continue };
        speed.rounds.push((ours.per_second()?, theirs.per_second()?));
        memory.rounds.push((ours.memory_kib("at_rest")?, theirs.memory_kib("at_rest")?));
        start.rounds.push((ours.ready_ms()?, theirs.ready_ms()?));
        memory.notes = vec![format!(
            "The serving process, without the sandbox's; {} KiB after the last load.",
            ours.memory_kib("at_end")?
        )];
    }
    if many < MANY {
        speed.notes.push(format!(
            "Asked for are {MANY}; the disk or `--stored` allowed {many}, so that these rows are \
             not judged."
        ));
    }
    Ok(vec![speed, memory, start])
}

/// As many connections as one client may have, below the server's 1,000.
const BURST_CONNECTIONS: u16 = 900;

fn burst(programs: &Programs<'_>, options: &Options) -> Result<Vec<Row>> {
    let reference = "sustainable rate, 64 connections";
    let asked = Some(Asked::RatioAtLeast(900));
    let mut kept = row("a burst of 10 times as much, served", reference, "payments/s", asked);
    let asked = Some(Asked::RatioAtMost(2_000));
    let mut memory = row("the largest memory in that burst", reference, "KiB", asked);
    let asked = Some(Asked::ValueAtMost(0));
    let mut other = row("answers of that burst but success, 429 and 503", "-", "answers", asked);
    let sustained = programs.turn(PAY)?;
    let before = sustained.per_second()?.max(1);
    let all = (before * 10).to_string();
    let turn = Turn { mix: "pay", connections: BURST_CONNECTIONS, more: &["--rate", &all] };
    let burst = programs.turns(turn, options.burst_seconds, &["--alone"])?;
    // Before and after: on a machine that others use, one of them may be anything.
    let after = programs.turn(PAY)?.per_second()?;
    kept.rounds.push((burst.per_second()?, before.max(after)));
    memory.rounds.push((burst.memory_kib("largest")?, sustained.memory_kib("largest")?));
    let errors = burst.errors();
    let is_shed = |why: &str| why.starts_with("429") || why.starts_with("503");
    let others = errors.iter().filter(|(why, _)| !is_shed(why)).map(|(_, count)| count).sum();
    other.rounds.push((others, 0));
    let errors: Vec<String> = errors.iter().map(|(why, count)| format!("{why}: {count}")).collect();
    let errors = if errors.is_empty() { "none".to_owned() } else { errors.join(", ") };
    kept.notes.push(format!(
        "{} s, {BURST_CONNECTIONS} connections; sustainable were {before}/s before and {after}/s \
         after, of which the larger counts. {} were due and could not be begun, p50 {} us, p99 {} \
         us from when they were due. Answers but success: {errors}.",
        options.burst_seconds,
        burst.figure("unsent")?,
        burst.figure("p50_us")?,
        burst.figure("p99_us")?,
    ));
    Ok(vec![kept, memory, other])
}
