//! One suite for both databases. On SQLite every case is a test of its own; on PostgreSQL one test runs them all on
//! one server, each on a fresh database.

mod duties;
mod files;
mod ledger;
mod loops;
mod mix;
mod projections;
mod proofs;
mod search;
mod support;
mod tamper;

use support::{Home, Server};

/// Names each case once, for both databases.
macro_rules! cases {
    ($($module:ident: $($case:ident)*;)*) => {
        mod sqlite {
            $($(#[test] fn $case() { crate::$module::$case(&crate::support::Home::sqlite()); })*)*
        }
        const CASES: &[(&str, fn(&Home))] = &[$($((stringify!($case), $module::$case)),*),*];
    };
}

cases! {
    ledger: versions_are_counted_and_stale_ones_refused answers_are_remembered many_writers_keep_one_order
        two_programs_keep_one_order
        one_failure_takes_nothing_else_with_it a_panic_alone_leaves_the_writer_alive what_clashes_is_undone
        everything_is_there_after_reopening facts_are_found_within_reach;
    proofs: proofs_hold_at_every_kind_of_size big_trees_prove_across_levels altered_proofs_are_refused
        every_two_checkpoints_are_consistent an_outside_reader_follows_the_tiles nothing_is_served_that_is_not_sealed;
    tamper: altered_facts_are_named missing_and_swapped_facts_are_named altered_tiles_are_named
        altered_checkpoints_are_named a_fact_altered_with_its_tiles_is_noticed another_key_is_noticed
        sealing_does_not_carry_on_from_what_was_altered rows_beside_the_ledger_are_noticed;
    projections: a_rebuild_gives_the_same_bytes moved_orgs_take_everything_along orgs_may_come_before_their_parents
        the_many_are_summed_up_for_those_above things_are_counted_where_they_are tokens_and_sessions_stand_beside;
    duties: filters_and_reach_agree_with_core every_order_walks_all_exactly_once counts_are_the_sums_of_the_lists
        the_clock_is_given_what_it_may_act_on hostile_filters_find_nothing;
    loops: loops_are_rebuilt_to_the_byte loop_lists_agree_with_plain_values every_order_of_loops_walks_all_once
        loop_counts_are_those_of_plain_values loop_numbers_and_the_clocks_order loops_move_with_their_orgs
        loops_are_found_by_words_within_reach accidents_are_found_by_when_they_happened;
    search: chinese_is_found_by_any_part search_keeps_to_the_reach no_query_is_an_error;
    files: uploads_are_kept_by_their_hash what_is_too_large_leaves_nothing leftovers_are_swept names_lead_nowhere;
}

/// The same cases, and the same bytes, on a server.
#[test]
fn postgres() {
    let Some(server) = Server::find() else {
        eprintln!("skipped: PostgreSQL not installed");
        return;
    };
    let mut failed = Vec::new();
    // One case alone can be asked for: the server takes its time.
    let only = std::env::var("ANLAN_TEST_CASES").unwrap_or_default();
    for (name, case) in CASES.iter().filter(|(name, _)| name.contains(&only)) {
        let home = server.home();
        eprintln!("postgres: {name}");
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&home))).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "failed on PostgreSQL: {failed:?}");
    let on_server = server.home();
    let digests = [Home::sqlite(), on_server].map(|home| {
        let store = home.open();
        mix::fill(&store);
        store.digest().unwrap()
    });
    assert_eq!(digests[0], digests[1], "the same facts, other projections");
}
