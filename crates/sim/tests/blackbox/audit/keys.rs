//! One key, one effect: the load writes the key of each request on what the request makes.

use std::collections::{BTreeMap, BTreeSet};

use super::Books;

/// The note that holds the key.
const NOTE: &str = "request";

/// Keys under which more than one object was made.
pub(crate) fn once_for_each_key(books: &Books) -> Vec<String> {
    let intents = books.intents.iter().map(|it| (it.id.to_string(), &it.metadata));
    let refunds = books.refunds.iter().map(|it| (it.id.to_string(), &it.metadata));
    let sessions = books.sessions.iter().map(|it| (it.id.to_string(), &it.metadata));
    let transfers = books.transfers.iter().map(|it| (it.id.to_string(), &it.metadata));
    let reversals = books.reversals.iter().map(|it| (it.id.to_string(), &it.metadata));
    let mut seen = BTreeSet::new();
    let made = intents.chain(refunds).chain(sessions).chain(transfers).chain(reversals);
    made.filter_map(|(id, notes): (String, &BTreeMap<String, String>)| {
        let key = notes.get(NOTE)?;
        (!seen.insert(key.clone())).then(|| format!("{key} has made {id} as well"))
    })
    .collect()
}
