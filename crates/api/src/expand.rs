//! `expand[]`: which references of an answer are to be whole objects.
//!
//! A handler reads what it makes whole itself: lists that are left out otherwise, and what it has
//! at hand. What it leaves is done on the finished answer (`handlers::wholes`) where the answer's
//! type has such a reference ([`Shape`]). As with parameters, the rest is refused: a path that the
//! object does not have is an error and never silently an unexpanded id.

pub(crate) mod shape;

use std::sync::{Arc, Mutex, PoisonError};

use shape::Shape;

use crate::codes;
use crate::error::ApiError;
use crate::params::{Note, Params};

/// What is to be expanded, seen from one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expand {
    children: Vec<Child>,
    /// What was asked for below properties that were taken, and was not taken.
    left: Vec<Asked>,
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
    /// All that lead through here.
    asked: Vec<Asked>,
    below: Expand,
}

/// A path as the client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    /// Which one of the request.
    index: usize,
    path: String,
}

/// What a request wants whole of the answer of an operation, beside what its handler does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    operation: &'static str,
    paths: Arc<Mutex<Vec<String>>>,
}

// The parameters of two requests are the same whatever is left of them.
impl PartialEq for Wanted {
    fn eq(&self, _: &Wanted) -> bool {
        true
    }
}

impl Eq for Wanted {}

impl Wanted {
    /// Nothing yet, of the answer of an operation.
    pub(crate) fn of(operation: &'static str) -> Wanted {
        Wanted { operation, ..Wanted::default() }
    }

    /// What the answer may hold; `None` where nothing of it may be wanted.
    pub(crate) fn shape(&self) -> Option<Shape> {
        Shape::of_answer(self.operation)
    }

    /// The paths, each once.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, path: &str) {
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        if !paths.iter().any(|known| known == path) {
            paths.push(path.to_owned());
        }
    }

    /// Takes what the handler left.
    ///
    /// # Refusals
    /// `property_not_expandable` for the first path that leads to no reference.
    fn take(&self, mut left: Vec<Asked>) -> Result<(), ApiError> {
        let shape = if left.is_empty() { None } else { self.shape() };
        left.sort_by_key(|asked| asked.index);
        for Asked { index, path } in &left {
            if !shape.as_ref().is_some_and(|shape| shape.leads(path)) {
                return Err(refused(path, &format!("expand[{index}]")));
            }
        }
        left.iter().for_each(|asked| self.add(&asked.path));
        Ok(())
    }
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
    /// (400 with `expand[n]`), and what `read` left and the answer has no reference for
    /// (`property_not_expandable`).
    pub fn take<T>(
        params: &mut Params,
        read: impl FnOnce(&mut Expand) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let expand = Expand::parse(params)?;
        if params.recorder().is_none() {
            let (value, left) = expand.finished(read)?;
            params.wanted().take(left)?;
            return Ok(value);
        }
        let seen = Seen::default();
        let value = Expand { seen: Some(seen.clone()), ..expand }.finished(read);
        let mut words = seen.paths.lock().unwrap_or_else(PoisonError::into_inner).clone();
        words.extend(params.wanted().shape().iter().flat_map(Shape::references));
        params.note("expand", || Note { words, ..Note::default() });
        value.map(|(value, _)| value)
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
            expand.insert(&names, &Asked { index, path: path.clone() });
        }
        Ok(expand)
    }

    fn insert(&mut self, names: &[&str], asked: &Asked) {
        let Some((name, rest)) = names.split_first() else { return };
        let at = self.children.iter().position(|child| child.name == *name);
        let at = at.unwrap_or_else(|| {
            let (asked, below) = (Vec::new(), Expand::default());
            self.children.push(Child { name: (*name).into(), asked, below });
            self.children.len() - 1
        });
        self.children[at].asked.push(asked.clone());
        self.children[at].below.insert(rest, asked);
    }

    /// Takes one property: what `read` takes within it, or `None` if it stays an id.
    ///
    /// # Refusals
    /// Those of `read`.
    pub fn property<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Expand) -> Result<T, ApiError>,
    ) -> Result<Option<T>, ApiError> {
        if let Some(seen) = &self.seen {
            // Read by nobody's wish, only to see what is below.
            let below = Expand { seen: Some(seen.of(name)), ..Expand::default() };
            return read_only(below.finished(read));
        }
        let Some(at) = self.children.iter().position(|child| child.name == name) else {
            return Ok(None);
        };
        let (value, left) = self.children.swap_remove(at).below.finished(read)?;
        self.left.extend(left);
        Ok(Some(value))
    }

    /// What `read` takes, and what it leaves.
    fn finished<T>(
        mut self,
        read: impl FnOnce(&mut Expand) -> Result<T, ApiError>,
    ) -> Result<(T, Vec<Asked>), ApiError> {
        let value = read(&mut self)?;
        let mut left = self.left;
        left.extend(self.children.into_iter().flat_map(|child| child.asked));
        Ok((value, left))
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
fn read_only<T>(read: Result<(T, Vec<Asked>), ApiError>) -> Result<Option<T>, ApiError> {
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
