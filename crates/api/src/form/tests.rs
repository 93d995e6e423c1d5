//! What a form means, what is refused, and that no bytes make the decoder panic.

use proptest::prelude::*;

use super::*;

/// The leaves of a form as `path=value` lines.
fn read(body: &str) -> Result<Vec<String>, ApiError> {
    let entries = tree(b"", body.as_bytes())?;
    Ok(leaves(&entries).into_iter().map(|(path, value)| format!("{path}={value}")).collect())
}

#[test]
fn forms_and_their_leaves() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("&&a=1&&", &["a=1"]),
        ("a", &["a="]),
        ("a=", &["a="]),
        ("a=1=2", &["a=1=2"]),
        ("b=2&a=1", &["a=1", "b=2"]),
        ("a=x+y%20z%2B", &["a=x y z+"]),
        ("a%5Bb%5D=1", &["a[b]=1"]),
        ("a[b][c]=1&a[b][d]=2", &["a[b][c]=1", "a[b][d]=2"]),
        ("a[]=x&a[]=y", &["a[0]=x", "a[1]=y"]),
        ("a[1]=y&a[0]=x", &["a[0]=x", "a[1]=y"]),
        ("a[0][b]=1&a[1][b]=2", &["a[0][b]=1", "a[1][b]=2"]),
        ("a[][b]=1&a[][c]=2&a[][b]=3", &["a[0][b]=1", "a[0][c]=2", "a[1][b]=3"]),
        ("a[][b][]=1&a[][b][]=2", &["a[0][b][0]=1", "a[0][b][1]=2"]),
        ("metadata[a.b]=1&a.b=2", &["a.b=2", "metadata[a.b]=1"]),
        ("name=%D8%B3%D9%84%D8%A7%D9%85", &["name=سلام"]),
        ("metadata[%E9%96%A2]=%F0%9F%93%A6", &["metadata[関]=📦"]),
        ("name=سلام", &["name=سلام"]),
    ];
    for (body, expected) in table {
        assert_eq!(read(body).unwrap(), *expected, "{body}");
    }
}

#[test]
fn refused_forms() {
    let long_name = format!("{}=1", "n".repeat(NAME_BYTES_MAX + 1));
    let many = (0..=PAIRS_MAX).map(|index| format!("a{index}=1")).collect::<Vec<_>>().join("&");
    let large = "a".repeat(BODY_BYTES_MAX + 1);
    let deep = format!("a{}=1", "[b]".repeat(DEPTH_MAX));
    let deeper = format!("a{}=1", "[b]".repeat(60));
    let table: &[(&str, u16, &str, Option<&str>)] = &[
        ("a=1&a=2", 400, "parameter_duplicate", Some("a")),
        ("a=1&a=1", 400, "parameter_duplicate", Some("a")),
        ("a%5Bb%5D=1&a[b]=1", 400, "parameter_duplicate", Some("a[b]")),
        ("a[0]=1&a[0]=2", 400, "parameter_duplicate", Some("a[0]")),
        ("a=1&a[b]=2", 400, "parameter_conflict", Some("a[b]")),
        ("a[b]=1&a=2", 400, "parameter_conflict", Some("a")),
        ("a[b][c]=1&a[b]=2", 400, "parameter_conflict", Some("a[b]")),
        ("a[b]=1&a[b][c]=2", 400, "parameter_conflict", Some("a[b][c]")),
        ("=1", 400, "parameter_malformed", Some("")),
        ("[]=1", 400, "parameter_malformed", Some("[]")),
        ("[a]=1", 400, "parameter_malformed", Some("[a]")),
        ("a[b=1", 400, "parameter_malformed", Some("a[b")),
        ("a]b=1", 400, "parameter_malformed", Some("a]b")),
        ("a[b]c=1", 400, "parameter_malformed", Some("a[b]c")),
        ("a[b[c]]=1", 400, "parameter_malformed", Some("a[b[c]]")),
        ("a[[b]]=1", 400, "parameter_malformed", Some("a[[b]]")),
        ("a=%00", 400, "invalid_characters", Some("a")),
        ("a=%", 400, "invalid_characters", Some("a")),
        ("a=%4", 400, "invalid_characters", Some("a")),
        ("a=%zz", 400, "invalid_characters", Some("a")),
        ("a=%FF", 400, "invalid_characters", Some("a")),
        ("a=%C0%AF", 400, "invalid_characters", Some("a")),
        ("%FF=1", 400, "invalid_characters", None),
        ("a%0Ab=1", 400, "invalid_characters", Some("a\u{fffd}b")),
        ("a%00=1", 400, "invalid_characters", Some("a\u{fffd}")),
        (&deep, 400, "parameter_too_deep", Some(&deep[..deep.len() - 2])),
        (&deeper, 400, "parameter_too_deep", Some(&deeper[..deeper.len() - 2])),
        (&many, 400, "parameters_too_many", None),
        (&large, 413, "request_too_large", None),
    ];
    for (body, status, code, param) in table {
        let error = read(body).unwrap_err();
        let shown = &body[..body.len().min(60)];
        assert_eq!(error.status().as_u16(), *status, "{shown}");
        assert_eq!(error.code(), Some(*code), "{shown}");
        assert_eq!(error.param_name(), *param, "{shown}");
    }
    let error = read(&long_name).unwrap_err();
    assert_eq!(error.code(), Some("parameter_too_long"));
}

#[test]
fn query_and_body_are_one_tree() {
    let entries = tree(b"a=1", b"b=2").unwrap();
    assert_eq!(leaves(&entries).len(), 2);
    let error = tree(b"a=1", b"a=2").unwrap_err();
    assert_eq!(error.code(), Some("parameter_duplicate"));
}

#[test]
fn entries_keep_the_clients_spelling() {
    let entries = tree(b"", b"line_items%5B0%5D[price_data][foo]=1").unwrap();
    let mut spelled = Vec::new();
    let mut level = entries.as_slice();
    while let Some(entry) = level.first() {
        spelled.push(entry.spelled.as_str());
        level = match &entry.shape {
            Shape::Branch(inner) => inner,
            Shape::Scalar(_) => &[],
        };
    }
    let expected = [
        "line_items",
        "line_items[0]",
        "line_items[0][price_data]",
        "line_items[0][price_data][foo]",
    ];
    assert_eq!(spelled, expected);
}

proptest! {
    /// Whatever arrives is read or refused; it never ends the program.
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = tree(b"", &body);
    }

    /// What is encoded and read back is what was meant.
    #[test]
    fn encoded_pairs_come_back(value in "[^\\x00]{0,40}") {
        let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let entries = tree(b"", format!("a[b]={encoded}").as_bytes()).unwrap();
        prop_assert_eq!(leaves(&entries), vec![("a[b]".to_owned(), value.as_str())]);
    }

    /// Brackets in any arrangement are read or refused, in bounded depth.
    #[test]
    fn brackets_in_any_order(name in "[a\\[\\]0]{1,30}") {
        let _ = tree(b"", format!("{name}=1&{name}=2&a[0]=3").as_bytes());
    }
}

#[test]
fn a_value_is_bounded_where_the_body_is_not() {
    let read = |bytes: usize| {
        let body = format!("a={}", "v".repeat(bytes));
        let within = tree_within(b"", Body { bytes: body.as_bytes(), bytes_max: body.len() });
        within.map(|entries| entries.len()).map_err(|error| error.code().unwrap())
    };
    assert_eq!(read(VALUE_BYTES_MAX), Ok(1));
    assert_eq!(read(VALUE_BYTES_MAX + 1), Err("parameter_too_long"));
}
