//! Files that a district may write, and those that are refused.

use super::super::*;
use super::criteria;
use jiff::civil::date;

#[test]
fn a_file_that_could_mislead_is_refused() {
    let document = "[[document]]\nid = \"d\"\ndoc_no = \"n\"\nzh = \"文\"\nen = \"d\"\nvalid_from = \"2026-01-01\"\nsectors = [\"coal\"]\n";
    let item = |rest: &str| {
        format!(
            "{document}[[item]]\nid = \"i\"\ndocument = \"d\"\nno = \"1\"\nzh = \"项\"\nen = \"item\"\ncertain = true\n{rest}\n"
        )
    };
    let q = |id: &str| format!("{{ id = \"{id}\", zh = \"问\", en = \"ask\" }}");
    let number = |more: &str| {
        format!(
            "questions = [{{ id = \"n\", kind = \"number\", zh = \"问\", en = \"ask\"{more} }}]\n"
        )
    };
    let (a, b) = (q("a"), q("b"));
    let ask = format!("questions = [{a}, {b}]\n");
    let refused = [
        (
            item(&format!("questions = [{a}]\ncondition = {{ yes = \"b\" }}")),
            "asks `b`",
        ),
        (
            item(&format!("{ask}condition = {{ yes = \"a\" }}")),
            "answer to question `b` changes nothing",
        ),
        (
            item(&format!(
                "{ask}condition = {{ any = [{{ yes = \"a\" }}, {{ no = \"a\" }}, {{ yes = \"b\" }}] }}"
            )),
            "always fulfilled",
        ),
        (
            item(&format!(
                "{ask}condition = {{ all = [{{ yes = \"a\" }}, {{ no = \"a\" }}, {{ yes = \"b\" }}] }}"
            )),
            "never be fulfilled",
        ),
        (item(&format!("{ask}condition = {{ any = [] }}")), "1 of 0"),
        (
            item(&format!(
                "{ask}condition = {{ count = {{ at-least = 3, of = [{{ yes = \"a\" }}, {{ yes = \"b\" }}] }} }}"
            )),
            "3 of 2",
        ),
        (
            item(&format!(
                "{ask}condition = {{ above = {{ question = \"a\", value = 1 }} }}"
            )),
            "`a` is not answered by a number",
        ),
        (
            item(&format!(
                "{ask}condition = {{ is = {{ question = \"a\", any = [\"x\"] }} }}"
            )),
            "`a` is not answered by a choice",
        ),
        (
            item(&format!(
                "{}condition = {{ yes = \"n\" }}",
                number(", unit = \"%\"")
            )),
            "has 1 answers that differ",
        ),
        (
            item(&format!(
                "{}condition = {{ above = {{ question = \"n\", value = 1 }} }}",
                number("")
            )),
            "has no unit",
        ),
        (
            item(&format!(
                "{}condition = {{ at-least = {{ question = \"n\", value = 0 }} }}",
                number(", unit = \"%\", min = 0")
            )),
            "always fulfilled",
        ),
        (
            item(&format!(
                "{}condition = {{ above = {{ question = \"n\", value = 100 }} }}",
                number(", unit = \"%\", max = 100")
            )),
            "never be fulfilled",
        ),
        (
            item(&format!(
                "{}condition = {{ above = {{ question = \"n\", value = nan }} }}",
                number(", unit = \"%\"")
            )),
            "is no number",
        ),
        (
            item(&number(", unit = \"%\", min = 1, max = 1")),
            "no room for an answer",
        ),
        (
            item("questions = [{ id = \"a\", zh = \"问\", en = \"ask\", unit = \"%\" }]"),
            "fields of another kind",
        ),
        (
            item(&format!("questions = [{a}, {a}]")),
            "`a` is there twice",
        ),
        (
            item("questions = [{ id = \"A b\", zh = \"问\", en = \"ask\" }]"),
            "an id is 1 to 64",
        ),
        (
            item("questions = [{ id = \"a\", zh = \"问\", en = \" \" }]"),
            "words are missing",
        ),
        (item("questions = []"), "1 to 64 questions"),
        (
            item(&format!("questions = [{a}]\nsectors = []")),
            "no trade is named",
        ),
        (
            item(&format!("questions = [{a}]\ngroup = \"g\"")),
            "no group `g`",
        ),
        (
            item(&format!("questions = [{a}]\nsevere = true")),
            "unknown field",
        ),
        (
            item(&format!("questions = [{a}]")).replace("document = \"d\"", "document = \"x\""),
            "no document `x`",
        ),
        (
            item(&format!("questions = [{a}]"))
                .replace("2026-01-01\"", "2026-01-01\"\nvalid_to = \"2025-12-31\""),
            "ends before it begins",
        ),
    ];
    for (text, message) in refused {
        let error = Criteria::parse([("district.toml", text.as_str())]).unwrap_err();
        let told = error.to_string();
        assert!(
            told.contains(message) && told.contains("district.toml"),
            "{told}\nin\n{text}"
        );
    }
    let good = item(&format!("questions = [{a}]"));
    assert_eq!(
        Criteria::parse([("district.toml", good.as_str())])
            .unwrap()
            .items
            .len(),
        1
    );
    let twice =
        Criteria::parse([("one.toml", good.as_str()), ("two.toml", good.as_str())]).unwrap_err();
    assert_eq!(
        twice.to_string(),
        "criteria file `two.toml`, `i`: the id is taken"
    );
    let deep = (0..20).fold("{ yes = \"a\" }".to_owned(), |inner, _| {
        format!("{{ not = {inner} }}")
    });
    let deep = item(&format!("questions = [{a}]\ncondition = {deep}"));
    assert!(
        Criteria::parse([("district.toml", deep.as_str())])
            .unwrap_err()
            .to_string()
            .contains("nested")
    );
}

#[test]
fn a_district_adds_a_file() {
    let own = "[[document]]\nid = \"own\"\ndoc_no = \"示范应急〔2026〕1号\"\nzh = \"示范区标准\"\nen = \"District rules\"\nvalid_from = \"2026-01-01\"\nsectors = [\"mine\"]\n\
        [[item]]\nid = \"own-1\"\ndocument = \"own\"\nno = \"第1项\"\nzh = \"尾矿库超高\"\nen = \"Tailings too high\"\ncertain = false\n\
        questions = [{ id = \"height\", kind = \"number\", unit = \"m\", min = 0, zh = \"超高多少？\", en = \"By how much?\" }]\n\
        condition = { above = { question = \"height\", value = 0 } }\n";
    let all = Criteria::parse(Criteria::FILES.into_iter().chain([("own.toml", own)])).unwrap();
    assert_eq!(all.items.len(), criteria().items.len() + 1);
    let item = all.for_sector("mine", date(2026, 3, 1)).next().unwrap();
    assert_eq!(
        judge(item, &Answers::new().with("height", 0.5)),
        Ok(Verdict::Major)
    );
}
