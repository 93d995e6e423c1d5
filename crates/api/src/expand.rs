//! `expand[]`: which references of an answer are to be whole objects.
//!
//! As with parameters, what no reader takes is refused: a path that the object does not have is an
//! error and never silently an unexpanded id.

use std::sync::{Arc, Mutex, PoisonError};

use crate::codes;
use crate::error::ApiError;
use crate::params::{Note, Params};

/// What is to be expanded, seen from one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expand {
    children: Vec<Child>,
    /// Writes down what could be expanded; only where the API describes itself.
    seen: Option<Seen>,
}

/// The paths that a reader asks for, and the one that it is at.
#[derive(Clone, Debug, Default)]
struct Seen {
    paths: Arc<Mutex<Vec<String>>>,
    at: String,
}

impl PartialEq for Seen {
    fn eq(&self, _: &Seen) -> bool {
        true
    }
}

impl Eq for Seen {}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Child {
    name: String,
    /// The path as the client wrote it, and the parameter it came in, for the refusal.
    path: String,
    param: String,
    below: Expand,
}

/// The most levels of a path: `data.payment_intent.latest_charge.balance_transaction`.
pub const DEPTH_MAX: usize = 4;
/// The most paths of one request.
const PATHS_MAX: usize = 20;
/// The longest path, in characters.
const PATH_CHARS_MAX: usize = 160;

impl Expand {
    /// Takes `expand[]` out of `params` and reads it by `read`. This is done before anything is
    /// carried out, so that a path that nobody knows stops the request and not its answer.
    ///
    /// # Refusals
    /// More than 20 paths, more than four levels, a path that is not names joined by dots
    /// (400 with `expand[n]`), and what `read` left (`property_not_expandable`).
    pub fn take<T>(
        params: &mut Params,
        read: impl FnOnce(&mut Expand) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let expand = Expand::parse(params)?;
        if params.recorder().is_none() {
            return expand.finished(read);
        }
        let seen = Seen::default();
        let value = Expand { seen: Some(seen.clone()), ..expand }.finished(read);
        let words = seen.paths.lock().unwrap_or_else(PoisonError::into_inner).clone();
        params.note("expand", || Note { words, ..Note::default() });
        value
    }

    fn parse(params: &mut Params) -> Result<Expand, ApiError> {
        let paths = params.texts("expand", PATHS_MAX, PATH_CHARS_MAX)?.unwrap_or_default();
        let mut expand = Expand::default();
        for (index, path) in paths.iter().enumerate() {
            let param = format!("expand[{index}]");
            let names: Vec<&str> = path.split('.').collect();
            if names.len() > DEPTH_MAX {
                let message = format!("{path} has more than {DEPTH_MAX} levels.");
                return Err(ApiError::param(codes::PROPERTY_NOT_EXPANDABLE, &param, message));
            }
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if names.iter().any(|name| name.is_empty() || !name.bytes().all(plain)) {
                return Err(refused(path, &param));
            }
            expand.insert(&names, path, &param);
        }
        Ok(expand)
    }

    fn insert(&mut self, names: &[&str], path: &str, param: &str) {
        let Some((name, rest)) = names.split_first() else { return };
        let at = self.children.iter().position(|child| child.name == *name);
        let at = at.unwrap_or_else(|| {
            let (path, param) = (path.to_owned(), param.to_owned());
            let below = Expand::default();
            self.children.push(Child { name: (*name).into(), path, param, below });
            self.children.len() - 1
        });
        self.children[at].below.insert(rest, path, param);
    }

    /// Takes one property: what `read` takes within it, or `None` if it stays an id.
    ///
    /// # Refusals
    /// Those of `read`, then what it left.
    pub fn property<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Expand) -> Result<T, ApiError>,
    ) -> Result<Option<T>, ApiError> {
        if let Some(seen) = &self.seen {
            // Read by nobody's wish, only to see what is below.
            let below = Expand { children: Vec::new(), seen: Some(seen.of(name)) };
            return read_only(below.finished(read));
        }
        let Some(at) = self.children.iter().position(|child| child.name == name) else {
            return Ok(None);
        };
        self.children.swap_remove(at).below.finished(read).map(Some)
    }

    fn finished<T>(
        mut self,
        read: impl FnOnce(&mut Expand) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let value = read(&mut self)?;
        match self.children.first() {
            None => Ok(value),
            Some(child) => Err(refused(&child.path, &child.param)),
        }
    }
}

impl Seen {
    /// Writes down a path, and stands at it.
    fn of(&self, name: &str) -> Seen {
        let at = if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) };
        if at.split('.').count() <= DEPTH_MAX {
            self.paths.lock().unwrap_or_else(PoisonError::into_inner).push(at.clone());
        }
        Seen { paths: Arc::clone(&self.paths), at }
    }
}

/// Forgets what was read without anybody's wish.
fn read_only<T>(read: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    read.map(|_| None)
}

fn refused(path: &str, param: &str) -> ApiError {
    let message = format!("This property cannot be expanded ({path}).");
    ApiError::param(codes::PROPERTY_NOT_EXPANDABLE, param, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a form as an object that can expand `charge`, and within it `refund`.
    fn check(form: &str) -> String {
        let within = |charge: &mut Expand| Ok(charge.property("refund", |_| Ok(()))?.is_some());
        let read = |params: &mut Params| {
            let charge = Expand::take(params, |expand| expand.property("charge", within))?;
            Ok(format!("charge {} refund {}", charge.is_some(), charge == Some(true)))
        };
        let result = Params::decode(Some(form), b"").unwrap().read(read);
        result.unwrap_or_else(|error| {
            format!("{} {}", error.code().unwrap(), error.param_name().unwrap())
        })
    }

    #[test]
    fn paths_are_taken_or_refused() {
        let long = format!("expand[]={}", "a".repeat(PATH_CHARS_MAX + 1));
        let many = "expand[]=charge&".repeat(PATHS_MAX + 1);
        let table: &[(&str, &str)] = &[
            ("", "charge false refund false"),
            ("expand=", "charge false refund false"),
            ("expand[]=charge", "charge true refund false"),
            ("expand%5B0%5D=charge.refund", "charge true refund true"),
            ("expand[0]=charge&expand[1]=charge.refund", "charge true refund true"),
            ("expand[]=charge&expand[]=charge", "charge true refund false"),
            ("expand[]=refund", "property_not_expandable expand[0]"),
            ("expand[]=charge&expand[]=charge.x", "property_not_expandable expand[1]"),
            ("expand[]=charge.refund.charge", "property_not_expandable expand[0]"),
            ("expand[]=a.b.c.d.e", "property_not_expandable expand[0]"),
            ("expand[]=charge..refund", "property_not_expandable expand[0]"),
            ("expand[]=Charge", "property_not_expandable expand[0]"),
            ("expand[]=charge%20", "property_not_expandable expand[0]"),
            ("expand[]=", "parameter_invalid_empty expand[]"),
            ("expand=charge", "parameter_invalid_array expand"),
            ("expand[1]=charge", "parameter_invalid_array expand"),
            (&long, "parameter_too_long expand[]"),
            (&many, "parameter_invalid_array expand"),
        ];
        for (form, expected) in table {
            assert_eq!(check(form), *expected, "{form}");
        }
    }
}
