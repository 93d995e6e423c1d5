//! Form bodies with nested brackets: `line_items[0][price_data][currency]=usd`.

/// Pairs in the order in which they were set.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Sets the value at a path; `["a", "0", "b"]` is spelled `a[0][b]`.
    pub(crate) fn set(&mut self, path: &[&str], value: impl Into<String>) -> &mut Form {
        let mut segments = path.iter();
        let mut name = segments.next().map_or_else(String::new, |first| (*first).to_owned());
        for segment in segments {
            name = format!("{name}[{segment}]");
        }
        self.0.push((name, value.into()));
        self
    }

    pub(crate) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_spelled_with_brackets() {
        let table: [(&[&str], &str, &str); 6] = [
            (&["mode"], "payment", "mode=payment"),
            (&["metadata", "basket"], "a b", "metadata%5Bbasket%5D=a+b"),
            (
                &["line_items", "0", "price_data", "unit_amount"],
                "2800",
                "line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=2800",
            ),
            (&["name"], "كوب", "name=%D9%83%D9%88%D8%A8"),
            (&["x"], "a&b=c[d]+e%", "x=a%26b%3Dc%5Bd%5D%2Be%25"),
            (&["customer_email"], "", "customer_email="),
        ];
        for (path, value, encoded) in table {
            assert_eq!(Form::default().set(path, value).encode(), encoded);
        }
    }

    #[test]
    fn order_is_kept() {
        let mut form = Form::default();
        form.set(&["b"], "1").set(&["a"], "2");
        assert_eq!(form.encode(), "b=1&a=2");
        assert_eq!(Form::default().encode(), "");
    }
}
