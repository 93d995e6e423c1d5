//! Made-up parameters, by their whole names.

use crate::form::{Entry, Shape};

/// Made-up parameters: names with `[]` for the first element of an array, and values; an object
/// that is given with nothing in it has none.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    leaves: Vec<(String, Option<String>)>,
}

impl Given {
    /// The same with a value.
    pub(super) fn with(&self, path: &str, value: &str) -> Given {
        let mut given = self.without(path);
        given.leaves.push((path.to_owned(), Some(value.to_owned())));
        given
    }

    /// The same with an object.
    pub(super) fn with_object(&self, path: &str) -> Given {
        // What was given as one value is an object instead.
        let is_value = |(known, value): &(String, Option<String>)| known == path && value.is_some();
        let is_given = self.has(path) && !self.leaves.iter().any(is_value);
        let mut given = if is_given { self.clone() } else { self.without(path) };
        if !is_given {
            given.leaves.push((path.to_owned(), None));
        }
        given
    }

    /// The same without a parameter and all that is in it.
    pub(super) fn without(&self, path: &str) -> Given {
        let is_other = |(known, _): &&(String, Option<String>)| !is_within(known, path);
        Given { leaves: self.leaves.iter().filter(is_other).cloned().collect() }
    }

    /// Whether a parameter or something in it is given.
    pub(super) fn has(&self, path: &str) -> bool {
        self.leaves.iter().any(|(known, _)| is_within(known, path))
    }

    /// The tree that a request with these parameters has.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (path, value) in &self.leaves {
            let names: Vec<&str> = path.split('[').map(|name| name.trim_end_matches(']')).collect();
            insert(&mut entries, &names, "", value.as_deref());
        }
        entries
    }
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

fn insert(entries: &mut Vec<Entry>, names: &[&str], outer: &str, value: Option<&str>) {
    let Some((first, rest)) = names.split_first() else { return };
    let name = if first.is_empty() { "0" } else { first };
    let spelled = if outer.is_empty() { name.to_owned() } else { format!("{outer}[{name}]") };
    let at = entries.iter().position(|entry| entry.name == name);
    let at = at.unwrap_or_else(|| {
        let shape = match value {
            Some(value) if rest.is_empty() => Shape::Scalar(value.to_owned()),
            Some(_) | None => Shape::Branch(Vec::new()),
        };
        entries.push(Entry { name: name.to_owned(), spelled: spelled.clone(), shape });
        entries.len() - 1
    });
    if let Shape::Branch(inner) = &mut entries[at].shape {
        insert(inner, rest, &spelled, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::leaves;

    #[test]
    fn parameters_become_the_tree_of_a_request() {
        let given = Given::default()
            .with("amount", "1")
            .with_object("a[]")
            .with("a[][b]", "2")
            .with("a[][c][d]", "3")
            .with("amount", "4");
        let entries = given.entries();
        let shown: Vec<String> =
            leaves(&entries).into_iter().map(|(path, value)| format!("{path}={value}")).collect();
        assert_eq!(shown.join(" "), "a[0][b]=2 a[0][c][d]=3 amount=4");
        assert!(given.has("a[]") && given.has("a[][c]") && !given.has("a[][e]"));
        assert!(!given.without("a").has("a[][b]"));
        assert!(
            leaves(&given.with_object("amount").entries()).iter().all(|(at, _)| at != "amount")
        );
    }
}
