//! Notices of many styles, trades and years, all invented: what the compiler makes of each is kept in
//! `tests/snapshots`. Every span must give back the words it says.

mod common;

use anlan_core::notice::Span;
use anlan_notice::{compile, read};

fn sample(name: &str) -> String {
    let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap();
    let text = read(&bytes, Some(name)).unwrap();
    let compiled = compile(&text);
    let chars: Vec<char> = text.plain.chars().collect();
    let words = |s: Span| -> String {
        chars[s.0 as usize..s.1 as usize]
            .iter()
            .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '#' | '|'))
            .collect()
    };
    let tight = |s: &str| -> String {
        s.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '#' | '|'))
            .collect()
    };
    for d in &compiled.duties {
        // A page number may stand inside the span; it is no part of the words.
        assert!(
            words(d.span).contains(&tight(&d.quote))
                || subsequence(&tight(&d.quote), &words(d.span)),
            "{}: {}",
            d.id,
            d.quote
        );
        for s in &d.sources {
            assert!(
                subsequence(&tight(&s.words), &words(s.span)),
                "{} {}: {}",
                d.id,
                s.field,
                s.words
            );
        }
        assert!(
            compiled.articles.iter().any(|a| a.no == d.article),
            "{} has its article",
            d.id
        );
    }
    common::tell(&compiled)
}

fn subsequence(short: &str, long: &str) -> bool {
    let mut chars = long.chars();
    short.chars().all(|c| chars.any(|x| x == c))
}

macro_rules! samples {
    ($($name:ident $file:literal)*) => { $(
        #[test]
        fn $name() {
            insta::assert_snapshot!(sample($file));
        }
    )* };
}

samples! {
    a_plan_behind_a_covering_letter "01-fire-plan.md"
    key_points_numbered_through "02-key-points.txt"
    three_years_in_clauses "03-three-year.md"
    chapters_that_are_articles "04-chapters-direct.txt"
    a_table_of_tasks "05-task-table.md"
    points_under_articles "06-points.md"
    points_without_headings "07-numbered-prose.txt"
    firstly_and_secondly "08-firstly.md"
    a_page_of_a_government_site "09-page.html"
    lines_wrapped_by_hand "10-wrapped.txt"
}
