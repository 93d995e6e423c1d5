//! The journal as a list: narrowed, paged both ways, and one platform's only.

use holdfast_core::change::Changes;
use holdfast_core::id::{EntryId, SellerId};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::time::Span;
use holdfast_store::Store;
use holdfast_store::query::{Created, EntriesQuery, Page};

use crate::fixtures::*;

const AVAILABLE: Account = Account::PlatformAvailable;

fn seller_of(number: u32) -> Account {
    Account::SellerAvailable(id::<SellerId>(number))
}

/// Entries 1 to 6: the odd ones to seller 1, the even ones to seller 2, an hour apart; the sources
/// are `source 7` and `source 8` in turns of three.
fn journal() -> Vec<JournalEntry> {
    (1..=6)
        .map(|number| {
            let payment = if number <= 3 { 7 } else { 8 };
            let to = seller_of(if number % 2 == 1 { 1 } else { 2 });
            let at = NOW.after(Span::hours(number));
            JournalEntry { at, ..entry(number, payment, (AVAILABLE, to, usd(1))) }
        })
        .collect()
}

async fn with_journal(store: &dyn Store) {
    let top_up = entry(100, 9, (Account::Bank, AVAILABLE, usd(100)));
    must(store, entries(vec![top_up])).await;
    must(store, entries(journal())).await;
    let foreign = entry(50, 7, (Account::Bank, seller_of(1), usd(1)));
    must(store, Changes { platform: theirs(), ..entries(vec![foreign]) }).await;
}

fn all() -> EntriesQuery {
    EntriesQuery {
        platform: ours(),
        accounts: Vec::new(),
        source: None,
        created: Created::default(),
        page: Page::first(100),
    }
}

async fn found(store: &dyn Store, query: EntriesQuery) -> Vec<u128> {
    use holdfast_core::id::Id as _;
    let entries = store.entries(&query).await.unwrap();
    entries.iter().map(|entry| entry.id.number()).collect()
}

pub(crate) async fn a_journal_is_narrowed(store: &dyn Store) {
    assert_eq!(found(store, all()).await, Vec::<u128>::new());
    with_journal(store).await;
    let both = vec![seller_of(1), seller_of(2)];
    let within =
        |from, to| Created { from: NOW.after(Span::hours(from)), to: NOW.after(Span::hours(to)) };
    let source = |name: &str| Some(name.to_owned());
    let table = [
        (all(), vec![100, 6, 5, 4, 3, 2, 1]),
        (EntriesQuery { accounts: vec![seller_of(1)], ..all() }, vec![5, 3, 1]),
        // An entry that posts to two of the accounts is one entry.
        (EntriesQuery { accounts: both.clone(), ..all() }, vec![6, 5, 4, 3, 2, 1]),
        (
            EntriesQuery { accounts: vec![AVAILABLE, seller_of(2)], ..all() },
            vec![100, 6, 5, 4, 3, 2, 1],
        ),
        (EntriesQuery { accounts: vec![Account::PlatformFees], ..all() }, vec![]),
        (EntriesQuery { source: source("source 8"), ..all() }, vec![6, 5, 4]),
        (EntriesQuery { source: source("source 1"), ..all() }, vec![]),
        (EntriesQuery { created: within(2, 4), ..all() }, vec![4, 3, 2]),
        (EntriesQuery { created: within(7, 9), ..all() }, vec![]),
        (
            EntriesQuery {
                accounts: vec![seller_of(2)],
                source: source("source 7"),
                created: within(1, 6),
                ..all()
            },
            vec![2],
        ),
        (EntriesQuery { platform: theirs(), ..all() }, vec![50]),
        (EntriesQuery { platform: id(3), ..all() }, vec![]),
    ];
    for (query, expected) in table {
        assert_eq!(found(store, query.clone()).await, expected, "{query:?}");
    }
}

pub(crate) async fn a_journal_is_paged_both_ways(store: &dyn Store) {
    with_journal(store).await;
    let cursor = |number: u32| Some(id::<EntryId>(number).to_string());
    let table = [
        (None, None, 2, vec![100, 6]),
        (cursor(6), None, 2, vec![5, 4]),
        (cursor(2), None, 2, vec![1]),
        (cursor(1), None, 2, vec![]),
        (None, cursor(2), 2, vec![4, 3]),
        (None, cursor(100), 2, vec![]),
        (cursor(6), cursor(1), 100, vec![5, 4, 3, 2]),
    ];
    for (older_than, newer_than, limit, expected) in table {
        let page = Page { older_than, newer_than, limit };
        let query = EntriesQuery { page, ..all() };
        assert_eq!(found(store, query.clone()).await, expected, "{query:?}");
    }
    let page = Page { older_than: cursor(5), newer_than: None, limit: 1 };
    let query = EntriesQuery { accounts: vec![seller_of(1)], page, ..all() };
    assert_eq!(found(store, query).await, [3]);
}

pub(crate) async fn an_entry_is_found_by_its_id(store: &dyn Store) {
    with_journal(store).await;
    let one = store.entry(ours(), id(3)).await.unwrap();
    assert_eq!(one.as_ref(), journal().get(2));
    assert_eq!(store.entry(theirs(), id(3)).await.unwrap(), None);
    assert_eq!(store.entry(ours(), id(50)).await.unwrap(), None);
    assert_eq!(store.entry(ours(), id(99)).await.unwrap(), None);
}
