#![allow(clippy::unwrap_used)]

use super::*;

/// The documented example, which is also what every case below begins with.
const EXAMPLE: &str = include_str!("../../../../docs/holdfast.toml");

#[test]
fn the_example_is_read() {
    let config = Config::of(EXAMPLE).unwrap();
    assert_eq!((config.roles.len(), config.lease_seconds), (5, 60));
    assert_eq!(config.database, Some(Source::File("secrets/database".into())));
    let environment = Source::Environment("HOLDFAST_NOTIFY_SECRET".to_owned());
    assert_eq!(config.processor.notify_secret, environment);
    assert_eq!(config.limits.requests_per_second, 100);
    let (shown, usual) = (config.retention.of_days(), Retention::default());
    assert_eq!((shown.replies, shown.events), (usual.replies, usual.events));
}

/// The example with one line changed is refused at a line, for a key, with a reason.
#[track_caller]
fn check(line: &str, changed: &str, expected: &[&str]) {
    assert!(EXAMPLE.contains(line), "{line}");
    let text = EXAMPLE.replacen(line, changed, 1);
    let refused = Config::of(&text).err().unwrap().to_string();
    for part in expected {
        assert!(refused.contains(part), "{refused}");
    }
    let place = refused.strip_prefix("line ").and_then(|rest| rest.split(':').next());
    let place: usize = place.and_then(|line| line.parse().ok()).unwrap();
    assert!((1..=text.lines().count()).contains(&place), "{refused}");
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let all = r#"["api", "pay", "console", "worker", "card"]"#;
    check("lease_seconds = 60", "lease_second = 60", &["lease_second", "unknown field"]);
    check("lease_seconds = 60", "lease_seconds = \"60\"", &["`lease_seconds`", "string"]);
    check("lease_seconds = 60", "lease_seconds = 1", &["`lease_seconds`", "2 to 3600"]);
    check("lease_seconds = 60", "lease_seconds =", &["line 18"]);
    check("data_dir = \"data\"", "", &["missing field `data_dir`"]);
    check(all, "[]", &["`roles`", "api, pay, console, worker, card"]);
    check(all, r#"["api", "wrker"]"#, &["`roles[1]`", "wrker", "worker"]);
    check(all, r#"["api", "api"]"#, &["`roles`", "twice"]);
    check("log = \"info,", "log = \"inf=o=,", &["`log`"]);
    check("name = \"sandbox\"", "name = \"stripe\"", &["`processor.name`", "no connector"]);
    check("https://pay.", "http://pay.", &["`pay.origin`", "not encrypted"]);
    check("pay.example.com", "pay.example.com/", &["`pay.origin`", "no origin"]);
    check("127.0.0.1:4003", "127.0.0.1", &["`console.listen`"]);
    check("127.0.0.1:4003", "127.0.0.1:4001", &["`console`", "another part"]);
    check("\"127.0.0.1:4005\"", "7", &["`card.listen`", "socket address"]);
    check("[card]\norigin", "[card]\nlisten = 7\norigin", &["duplicate key"]);
    check("listen = \"127.0.0.1:4005\"", "", &["`card`", "`listen` is missing"]);
    check("[limits]\n", "[limit]\n", &["limit", "unknown field"]);
    check("database = {", "database2 = {", &["database2"]);
    check("replies_days = 30", "replies_days = 0", &["`retention.replies_days`", "1 to 3650"]);
    check("events_days = 180", "events_days = 29", &["`retention.events_days`", "30 to 3650"]);
    check("events_days = 180", "event_days = 180", &["event_days", "unknown field"]);
}

#[test]
fn a_secret_that_stands_in_the_file_is_refused_and_not_repeated() {
    let place = "secret_key = { file = \"secrets/secret-key\" }";
    check(place, "secret_key = \"sk_test_1234\"", &["`platform.secret_key`", "not kept here"]);
    let text = EXAMPLE.replacen(place, "secret_key = \"sk_test_1234\"", 1);
    assert!(!Config::of(&text).err().unwrap().to_string().contains("1234"));
    check(place, "secret_key = { fil = \"a\" }", &["`platform.secret_key", "expected { file"]);
    check(place, "secret_key = { file = \"a\", env = \"B\" }", &["one place"]);
    check(place, "secret_key = 7", &["`platform.secret_key`", "{ file"]);
}

#[test]
fn roles_are_shared_out_over_a_database_only() {
    let alone = EXAMPLE.replacen("database = {", "# {", 1);
    assert!(Config::of(&alone).is_ok(), "one node without a database does everything");
    let part = alone.replacen("\"worker\", ", "", 1);
    let refused = Config::of(&part).err().unwrap().to_string();
    assert!(refused.contains("`roles`") && refused.contains("`database`"), "{refused}");
}
