//! One suite for every store: whatever a decision relies on holds for all of them alike.

#![allow(clippy::unwrap_used)]

mod balances;
mod copies;
mod dropping;
mod effects;
mod encryption;
mod entries;
mod fixtures;
mod growth;
mod lists;
mod moving;
mod nodes;
#[path = "../support/ports.rs"]
mod ports;
mod postgres;
mod proxy;
mod rows;
#[path = "../support/postgres.rs"]
mod server;
mod sqlite;
mod versions;

use holdfast_store::memory::MemoryStore;
use holdfast_store::sqlite::SqliteStore;

/// Runs each check once for each store.
macro_rules! conformance {
    ($($module:ident { $($check:ident)* })*) => {
        mod memory {
            use super::*;
            $($(
                #[tokio::test]
                async fn $check() {
                    $module::$check(&MemoryStore::new()).await;
                }
            )*)*
        }

        mod embedded {
            use super::*;
            $($(
                #[tokio::test]
                async fn $check() {
                    let folder = tempfile::tempdir().unwrap();
                    $module::$check(&SqliteStore::open(folder.path()).unwrap()).await;
                }
            )*)*
        }

        mod many_nodes {
            use super::*;

            /// One server for all of them, with a database for each: making it takes longer than
            /// all the checks.
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn every_check() {
                let server = server::Server::start();
                $($(
                    println!(concat!(stringify!($module), "::", stringify!($check)));
                    $module::$check(&postgres::store(&server).await).await;
                )*)*
            }
        }
    };
}

conformance! {
    rows {
        absent_rows_are_nothing
        rows_come_in_the_order_of_their_keys
        foreign_rows_are_nothing
        every_kind_of_row_comes_back_as_it_went
    }
    versions {
        a_row_is_seen_as_the_last_commit_left_it
        a_row_is_written_at_the_version_that_it_has
        changes_are_committed_whole_or_not_at_all
        a_batch_is_committed_in_its_order
        an_empty_batch_is_committed
        a_row_that_is_relied_upon_must_be_as_it_was
    }
    balances {
        postings_commute
        limits_hold_within_a_batch
        limits_look_at_the_end_of_a_command
        no_more_fees_are_paid_out_than_there_are
        limits_are_per_currency_and_platform
        what_cannot_be_counted_passes_the_limit
        an_account_that_must_be_empty_has_nothing_left
        balances_are_listed_by_their_sort
        a_journal_is_the_payments_own
    }
    entries {
        a_journal_is_narrowed
        a_journal_is_paged_both_ways
        an_entry_is_found_by_its_id
    }
    effects {
        an_effect_is_recorded_once
        a_recorded_effect_comes_before_a_conflict
        due_effects_are_leased_by_the_commit
        effects_are_claimed_the_longest_due_first
        a_lease_ends
        a_lease_is_renewed_by_whoever_has_it
        the_next_due_is_the_first_of_all_or_the_first_after
        effects_are_counted_by_name
    }
    dropping {
        the_old_is_dropped_the_oldest_first
        what_will_be_tried_again_stays
        what_money_was_decided_upon_stays
        what_was_dropped_can_be_made_again
    }
    lists {
        rows_are_listed_the_newest_first
        cursors_go_both_ways
        pages_are_bounded
        rows_are_narrowed_to_links_and_states
        links_follow_what_a_row_says
        states_are_counted
        events_are_listed_like_rows
        events_are_narrowed_to_kinds_and_payments
        an_event_is_found_by_its_id
    }
}
