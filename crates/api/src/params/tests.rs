//! One reader a row: what it takes, and how it refuses.

use super::*;

fn params(body: &str) -> Params {
    Params::decode(None, body.as_bytes()).unwrap()
}

/// Reads `body` to its end and shows the value, or the code and the parameter of the refusal.
fn read<T: std::fmt::Debug>(
    body: &str,
    read: impl FnOnce(&mut Params) -> Result<T, ApiError>,
) -> String {
    match params(body).read(read) {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            format!("{} {}", error.code().unwrap_or("-"), error.param_name().unwrap_or("-"))
        }
    }
}

#[test]
fn texts() {
    let table = [
        ("", "None"),
        ("d=shoes", r#"Some("shoes")"#),
        ("d=%D8%AD%D8%B0%D8%A7%D8%A1", r#"Some("حذاء")"#),
        ("d=12345678", r#"Some("12345678")"#),
        ("d=123456789", "parameter_too_long d"),
        ("d=", "parameter_invalid_empty d"),
        ("d[]=x", "parameter_invalid_string d"),
        ("d[a]=x", "parameter_invalid_string d"),
        ("d=x&e=1", "parameter_unknown e"),
        ("d.a=x", "parameter_unknown d.a"),
        ("D=x", "parameter_unknown D"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.text("d", 8)), expected, "{body}");
    }
    assert_eq!(read("", |p| p.required_text("d", 8)), "parameter_missing d");
    assert_eq!(read("d=", |p| p.required_text("d", 8)), "parameter_invalid_empty d");
}

#[test]
fn changes() {
    let table = [
        ("", "Keep"),
        ("d=", "Unset"),
        ("d=x", r#"Set("x")"#),
        ("d=xyzxyzxyz", "parameter_too_long d"),
        ("d[a]=", "parameter_invalid_string d"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.text_change("d", 8)), expected, "{body}");
    }
    let table = [
        ("", "Keep"),
        ("s=", "Unset"),
        ("s[name]=x", r#"Set(Some("x"))"#),
        ("s=x", "parameter_invalid_object s"),
        ("s[nam]=x", "parameter_unknown s[nam]"),
    ];
    for (body, expected) in table {
        let shown = read(body, |p| p.map_change("s", |s| s.text("name", 8)));
        assert_eq!(shown, expected, "{body}");
    }
}

#[test]
fn integers() {
    let table = [
        ("", "None"),
        ("n=0", "Some(0)"),
        ("n=-5", "Some(-5)"),
        ("n=9", "Some(9)"),
        ("n=10", "parameter_invalid_integer n"),
        ("n=-6", "parameter_invalid_integer n"),
        ("n=", "parameter_invalid_integer n"),
        ("n=+1", "parameter_invalid_integer n"),
        ("n=%2B1", "parameter_invalid_integer n"),
        ("n=01", "parameter_invalid_integer n"),
        ("n=-0", "Some(0)"),
        ("n=--1", "parameter_invalid_integer n"),
        ("n=1.0", "parameter_invalid_integer n"),
        ("n=1e0", "parameter_invalid_integer n"),
        ("n=0x1", "parameter_invalid_integer n"),
        ("n= 1", "parameter_invalid_integer n"),
        ("n=%D9%A1", "parameter_invalid_integer n"),
        ("n=9223372036854775808", "parameter_invalid_integer n"),
        ("n[]=1", "parameter_invalid_string n"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.integer("n", -5..=9)), expected, "{body}");
    }
    assert_eq!(read("", |p| p.required_integer("n", 0..=9)), "parameter_missing n");
}

#[test]
fn booleans_choices_and_times() {
    let table = [
        ("", "None"),
        ("b=true", "Some(true)"),
        ("b=false", "Some(false)"),
        ("b=1", "parameter_invalid_boolean b"),
        ("b=True", "parameter_invalid_boolean b"),
        ("b=", "parameter_invalid_boolean b"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.boolean("b")), expected, "{body}");
    }
    let words = [("manual", 'm'), ("automatic", 'a')];
    let table = [
        ("", "None"),
        ("c=manual", "Some('m')"),
        ("c=Manual", "parameter_invalid_value c"),
        ("c=", "parameter_invalid_value c"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.choice("c", &words)), expected, "{body}");
    }
    assert_eq!(read("", |p| p.required_choice("c", &words)), "parameter_missing c");
    let table = [
        ("t=0", "Some(0)"),
        ("t=1795000000", "Some(1795000000)"),
        ("t=253402300800", "parameter_invalid_timestamp t"),
        ("t=-1", "parameter_invalid_timestamp t"),
        ("t=now", "parameter_invalid_timestamp t"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.timestamp("t")), expected, "{body}");
    }
}

#[test]
fn arrays_of_texts() {
    let table = [
        ("", "None"),
        ("a=", "Some([])"),
        ("a[]=x", r#"Some(["x"])"#),
        ("a[]=x&a[]=y", r#"Some(["x", "y"])"#),
        ("a[1]=y&a[0]=x", r#"Some(["x", "y"])"#),
        ("a[0]=x&a[]=y", "parameter_invalid_array a"),
        ("a[0]=x&a[2]=y", "parameter_invalid_array a"),
        ("a[1]=x", "parameter_invalid_array a"),
        ("a[9999999]=x", "parameter_invalid_array a"),
        ("a[00]=x", "parameter_invalid_array a"),
        ("a[k]=x", "parameter_invalid_array a"),
        ("a=x", "parameter_invalid_array a"),
        ("a[]=1&a[]=2&a[]=3&a[]=4", "parameter_invalid_array a"),
        ("a[]=", "parameter_invalid_empty a[]"),
        ("a[0][b]=x", "parameter_invalid_string a[0]"),
        ("a[]=123456789", "parameter_too_long a[]"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.texts("a", 3, 8)), expected, "{body}");
    }
    let eleven: String = (0..11).map(|index| format!("a[{index}]={index}&")).collect();
    let shown = read(&eleven, |p| p.texts("a", ITEMS_MAX, 8));
    assert!(shown.ends_with(r#""9", "10"])"#), "{shown}");
}

#[test]
fn arrays_of_objects_name_the_clients_spelling() {
    let line = |p: &mut Params| {
        let quantity = p.required_integer("quantity", 1..=99)?;
        let unit = p.map("price_data", |data| data.required_integer("unit_amount", 0..=999))?;
        Ok((quantity, unit))
    };
    let table = [
        ("l[0][quantity]=2&l[0][price_data][unit_amount]=5", "Some([(2, Some(5))])"),
        ("l[][quantity]=2&l[][quantity]=3", "Some([(2, None), (3, None)])"),
        ("l[0][quantity]=0", "parameter_invalid_integer l[0][quantity]"),
        ("l[0][price_data][unit_amount]=5", "parameter_missing l[0][quantity]"),
        (
            "l[0][quantity]=1&l[0][price_data][x]=5",
            "parameter_missing l[0][price_data][unit_amount]",
        ),
        (
            "l[0][quantity]=1&l[0][price_data][unit_amount]=5&l[0][price_data][foo]=1",
            "parameter_unknown l[0][price_data][foo]",
        ),
        ("l%5B0%5D%5Bquantity%5D=1&l[0][foo][bar]=1", "parameter_unknown l[0][foo]"),
        ("l[0]=x", "parameter_invalid_object l[0]"),
        ("l[0][quantity]=1&l[0][price_data]=5", "parameter_invalid_object l[0][price_data]"),
        ("l[quantity]=1", "parameter_invalid_array l"),
        ("l[0][]=1", "parameter_invalid_object l[0]"),
    ];
    for (body, expected) in table {
        assert_eq!(read(body, |p| p.list("l", 3, line)), expected, "{body}");
    }
}

#[test]
fn digests_know_the_parameters_whatever_their_order() {
    let same = [
        ("a=1&b=2", "b=2&a=1"),
        ("a[b]=1", "a%5Bb%5D=1"),
        ("a[]=1&a[]=2", "a[1]=2&a[0]=1"),
        ("a=x+y", "a=x%20y"),
    ];
    for (one, other) in same {
        assert_eq!(params(one).digest(), params(other).digest(), "{one} {other}");
    }
    let different = [("a=1", "a=2"), ("a=1", "b=1"), ("a[]=1&a[]=2", "a[]=2&a[]=1"), ("a=", "")];
    for (one, other) in different {
        assert_ne!(params(one).digest(), params(other).digest(), "{one} {other}");
    }
}

#[test]
fn unknown_parameters_are_all_named() {
    let error = params("x=1&y[z]=2").finish().unwrap_err();
    assert_eq!(error.to_string(), "400 Received unknown parameters: x, y");
    assert_eq!(error.param_name(), Some("x"));
    assert!(params("").finish().is_ok());
}
