//! Finds out what an operation reads, by letting its handler read and writing down what it does.
//!
//! The handler is run on made-up parameters: with none at first, then with each one that it says
//! is missing, then once more for each object, array and word that it has come to look at. It
//! never gets beyond reading. So the reference holds what is read and nothing else.

use std::collections::BTreeSet;
use std::task::{Context, Poll, Waker};

use holdfast_core::id::{Id as _, SellerId};

use crate::api::Api;
use crate::auth::{Caller, KeyKind};
use crate::codes;
use crate::error::ApiError;
use crate::params::{Params, ReadAs, Record, Recorder, Seen};
use crate::pipeline::call::Call;
use crate::pipeline::{Operation, Who};

use super::given::Given;

/// What an operation reads.
#[derive(Clone, Debug)]
pub(crate) struct Parameters {
    /// All of them, with what is nested under its whole name.
    pub(crate) all: Vec<Seen>,
    /// The names of those that have to be given, where what they are nested in is given.
    pub(crate) required: BTreeSet<String>,
    /// Groups of which one has to be given.
    pub(crate) one_of: Vec<Vec<String>>,
    /// The prefix of the id in the path.
    pub(crate) path_id: Option<&'static str>,
    /// What kept the handler from reading on, so that something may be left out here.
    pub(crate) cut_short: Vec<String>,
}

/// The most that are supplied to one run: more than any operation requires.
const SUPPLIED_MAX: usize = 60;

/// Explores an operation as each kind of caller that it reads differently for.
pub(crate) fn parameters(api: &Api, operation: &'static Operation) -> Parameters {
    let mut callers = vec![(KeyKind::Secret, None)];
    match operation.who {
        Who::Platform => {}
        Who::Browser => callers.push((KeyKind::Publishable, None)),
        Who::Seller => callers.push((KeyKind::Secret, Some(SellerId::from_number(0)))),
    }
    let recorder = Recorder::default();
    let mut first: Option<Explorer<'_>> = None;
    for (kind, seller) in callers {
        let runs = Runs { api, operation, kind, seller, recorder: recorder.clone() };
        let mut explorer = Explorer::new(runs);
        explorer.explore();
        first.get_or_insert(explorer);
    }
    let explored = first.map(|explorer| (explorer.required, explorer.one_of, explorer.cut_short));
    let (required, one_of, cut_short) = explored.unwrap_or_default();
    let Record { params: all, path_id, .. } = recorder.so_far();
    Parameters { all, required, one_of, path_id, cut_short }
}

/// Runs of one handler as one caller.
struct Runs<'a> {
    api: &'a Api,
    operation: &'static Operation,
    kind: KeyKind,
    seller: Option<SellerId>,
    recorder: Recorder,
}

impl Runs<'_> {
    /// Runs the handler until it has read its parameters; `None` if it wanted something else first.
    fn run(&self, given: &Given) -> Option<Result<(), ApiError>> {
        let params = Params::described(given.entries(), self.recorder.clone());
        let params = params.wanting(self.operation.wanted(self.kind));
        let mut call = Call::new(self.api.clone(), Caller::described(self.kind), params);
        call.seller = self.seller;
        call.path = self.operation.path;
        let mut handler = (self.operation.handler)(call);
        let mut context = Context::from_waker(Waker::noop());
        match handler.as_mut().poll(&mut context) {
            Poll::Ready(_) | Poll::Pending => self.recorder.take_end(),
        }
    }
}

struct Explorer<'a> {
    runs: Runs<'a>,
    required: BTreeSet<String>,
    one_of: Vec<Vec<String>>,
    cut_short: Vec<String>,
    /// For each object that was come to, what has to be given for its handler to look into it.
    ways: Vec<(String, Given)>,
}

impl<'a> Explorer<'a> {
    fn new(runs: Runs<'a>) -> Explorer<'a> {
        Explorer {
            runs,
            required: BTreeSet::new(),
            one_of: Vec::new(),
            cut_short: Vec::new(),
            ways: Vec::new(),
        }
    }

    fn explore(&mut self) {
        let root = self.satisfied(Given::default(), Some(""));
        self.ways.push((String::new(), root));
        // What is found on the way is looked into as well.
        let mut at = 0;
        while let Some(seen) = self.seen().get(at).cloned() {
            for shape in &seen.shapes {
                self.look_into(&seen, shape);
            }
            at += 1;
        }
        self.find_alternatives();
    }

    fn seen(&self) -> Vec<Seen> {
        self.runs.recorder.so_far().params
    }

    fn look_into(&mut self, seen: &Seen, shape: &ReadAs) {
        let path = &seen.path;
        let way = self.way_to(parent(path));
        match shape {
            ReadAs::Map => self.step_into(path.clone(), way.with_object(path)),
            ReadAs::List { .. } => {
                let element = format!("{path}[]");
                let given = way.with_object(&element);
                self.step_into(element, given);
            }
            ReadAs::Choice(words) => {
                for word in words {
                    self.satisfied(way.with(path, word), None);
                }
            }
            ReadAs::Boolean => {
                for word in ["true", "false"] {
                    self.satisfied(way.with(path, word), None);
                }
            }
            ReadAs::Scalar => {
                self.satisfied(way.with(path, "0"), None);
            }
            ReadAs::Text { .. }
            | ReadAs::Integer { .. }
            | ReadAs::Timestamp
            | ReadAs::Texts { .. }
            | ReadAs::Pairs
            | ReadAs::Unset => {}
        }
    }

    fn step_into(&mut self, path: String, given: Given) {
        if self.ways.iter().all(|(known, _)| *known != path) {
            let way = self.satisfied(given, Some(&path));
            self.ways.push((path, way));
        }
    }

    fn way_to(&self, object: &str) -> Given {
        let way = self.ways.iter().find(|(path, _)| path == object);
        way.map(|(_, given)| given.clone()).unwrap_or_default()
    }

    /// Supplies whatever is said to be missing. Within `object` that is then required.
    fn satisfied(&mut self, mut given: Given, object: Option<&str>) -> Given {
        for _ in 0..SUPPLIED_MAX {
            let Some(missing) = self.missing(&given, object.is_some()) else { break };
            if given.has(&missing) {
                self.cut(&format!("{missing} is missing though it was given"));
                break;
            }
            if object.is_some_and(|object| missing.starts_with(object)) {
                self.required.insert(missing.clone());
            }
            given = self.supplied(&given, &missing);
        }
        given
    }

    fn missing(&mut self, given: &Given, is_told: bool) -> Option<String> {
        match self.runs.run(given) {
            Some(Ok(())) => None,
            Some(Err(error)) if error.code() == Some(codes::PARAMETER_MISSING) => {
                Some(error.param_name().unwrap_or_default().replace("[0]", "[]"))
            }
            Some(Err(error)) => {
                // Not to be given together: each is looked at in a run of its own.
                let apart = [codes::PARAMETERS_EXCLUSIVE, codes::PARAMETER_UNKNOWN];
                if is_told && !error.code().is_some_and(|code| apart.contains(&code)) {
                    self.cut(&format!("{error} ({})", error.param_name().unwrap_or("-")));
                }
                None
            }
            None => {
                self.cut("the handler wants something else before it reads its parameters");
                None
            }
        }
    }

    fn cut(&mut self, why: &str) {
        self.cut_short.push(why.to_owned());
    }

    /// The same with something fitting for `path`.
    fn supplied(&self, given: &Given, path: &str) -> Given {
        let seen = self.seen().into_iter().find(|seen| seen.path == path);
        let Some(seen) = seen else { return given.with(path, "a") };
        match seen.shapes.first() {
            Some(ReadAs::Map) => given.with_object(path),
            Some(ReadAs::List { .. }) => given.with_object(&format!("{path}[]")),
            Some(ReadAs::Texts { .. }) => given.with(&format!("{path}[]"), &dummy(&seen)),
            Some(ReadAs::Pairs) => given.with(&format!("{path}[a]"), "a"),
            Some(
                ReadAs::Text { .. }
                | ReadAs::Integer { .. }
                | ReadAs::Boolean
                | ReadAs::Choice(_)
                | ReadAs::Timestamp
                | ReadAs::Scalar
                | ReadAs::Unset,
            )
            | None => given.with(path, &dummy(&seen)),
        }
    }

    /// What is said to be missing may be one of several of which one has to be given.
    fn find_alternatives(&mut self) {
        for needed in self.required.clone() {
            let object = parent(&needed);
            let without = self.way_to(object).without(&needed);
            let others = self.seen().into_iter().filter(|seen| {
                parent(&seen.path) == object && seen.path != needed && !without.has(&seen.path)
            });
            let mut group = vec![needed.clone()];
            for other in others.collect::<Vec<_>>() {
                if self.is_instead(&without, &other.path, &needed) {
                    group.push(other.path);
                }
            }
            if group.len() > 1 {
                self.required.remove(&needed);
                self.one_of.push(group);
            }
        }
    }

    fn is_instead(&self, without: &Given, other: &str, needed: &str) -> bool {
        let mut given = self.supplied(without, other);
        for _ in 0..SUPPLIED_MAX {
            match self.runs.run(&given) {
                Some(Ok(())) => return true,
                Some(Err(error)) if error.code() == Some(codes::PARAMETER_MISSING) => {
                    let name = error.param_name().unwrap_or_default().replace("[0]", "[]");
                    if name == needed || given.has(&name) {
                        return false;
                    }
                    given = self.supplied(&given, &name);
                }
                Some(Err(_)) | None => return false,
            }
        }
        false
    }
}

/// The object that a parameter is in: `a[][b]` is in `a[]`, `a` in the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rfind('[').map_or("", |at| &path[..at])
}

/// A value that the reader of a parameter takes.
fn dummy(seen: &Seen) -> String {
    if let Some(example) = &seen.note.example {
        return example.clone();
    }
    match seen.shapes.first() {
        Some(ReadAs::Integer { least, .. }) => seen.note.least.unwrap_or(*least).to_string(),
        Some(ReadAs::Boolean) => "true".into(),
        Some(ReadAs::Choice(words)) => words.first().cloned().unwrap_or_default(),
        // 2027-01-15: no clock of a sandbox has to go back to it.
        Some(ReadAs::Timestamp | ReadAs::Scalar) => "1800000000".into(),
        Some(
            ReadAs::Text { .. }
            | ReadAs::Texts { .. }
            | ReadAs::List { .. }
            | ReadAs::Map
            | ReadAs::Pairs
            | ReadAs::Unset,
        )
        | None => "a".into(),
    }
}
