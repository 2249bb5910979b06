//! The notice this project answers, when it is at hand. Its text is the user's and stays out of this
//! repository; without it the test says so and passes.

mod common;

use anlan_core::notice::{Compiled, Every, MeasureKind};
use anlan_notice::{compile, read};

fn notice() -> Option<(Compiled, String)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/notice/notice-2025.md"
    );
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is not there");
        return None;
    };
    let text = read(&bytes, Some("notice-2025.md")).unwrap();
    Some((compile(&text), text.plain))
}

#[test]
fn its_articles_and_units() {
    let Some((c, _)) = notice() else { return };
    assert_eq!(c.title, "关于做好2025年安全生产工作的通知");
    assert!(c.draft);
    assert_eq!(c.year, Some(2025));
    assert_eq!(
        c.addressees,
        ["北石店镇人民政府", "各街道办事处", "区直各单位"]
    );
    assert_eq!(c.sections.len(), 7);
    assert_eq!(
        c.articles.iter().map(|a| a.no).collect::<Vec<_>>(),
        (1..=21).collect::<Vec<_>>()
    );
    assert_eq!(
        c.articles
            .iter()
            .map(|a| a.section.unwrap())
            .collect::<Vec<_>>(),
        [
            1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7
        ]
    );
    assert_eq!(c.articles[0].units, ["各镇（街道）", "各单位"]);
    assert!(c.articles[0].inherited_units.is_empty());
    assert!(
        c.articles[1..]
            .iter()
            .all(|a| a.inherited_units == ["各镇（街道）"])
    );
    let modes: Vec<&str> = c
        .articles
        .iter()
        .map(|a| a.unit_mode.as_deref().unwrap())
        .collect();
    assert_eq!(modes[7], "指导督促落实");
    assert_eq!(modes[3], "分工负责");
    assert_eq!(modes[0], "负责");
    assert_eq!(c.articles[3].units.len(), 7);
    assert_eq!(
        c.articles[13].units,
        [
            "区住建局",
            "区交通局",
            "区水务局",
            "区应急局",
            "区市场监管局",
            "区消防大队"
        ]
    );
    assert_eq!(c.articles[5].title, "强化党政领导责任");
}

#[test]
fn its_numbers_and_no_others() {
    let Some((c, plain)) = notice() else { return };
    let found: Vec<String> = c
        .duties
        .iter()
        .filter(|d| d.deadline.is_some() || d.recurrence.is_some() || d.quantity.is_some())
        .map(|d| {
            let said = common::demand(d);
            let cut = said.split(" | ").next().unwrap().to_string();
            format!(
                "{}{}",
                d.article,
                cut.split_once(' ')
                    .map_or("", |x| x.1)
                    .split_once(' ')
                    .map_or(String::new(), |x| format!(" {}", x.1))
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "6 every half-year >=1",
            "6 >=10项(具体问题)",
            "11 every year 1-2项(制约安全发展的突出问题)",
            "13 <=2小时",
            "14 by 2025-06-30",
            "18 by 2025-12-31 each 村（社区） >=1处(应急避难场所)",
            "19 >=1次(综合性应急演练)",
        ]
    );
    let half = c
        .duties
        .iter()
        .find(|d| d.article == 6 && d.recurrence.is_some())
        .unwrap();
    assert_eq!(half.measure, MeasureKind::Times);
    assert_eq!(half.recurrence.as_ref().unwrap().every, Every::HalfYear);
    let chars: Vec<char> = plain.chars().collect();
    let span: String = chars[half.span.0 as usize..half.span.1 as usize]
        .iter()
        .collect();
    assert!(span.starts_with("每半年至少召开"), "{span}");
    assert!(
        c.duties
            .iter()
            .any(|d| d.measure == MeasureKind::Prohibition && d.article == 20)
    );
}

#[test]
fn its_triggers() {
    let Some((c, _)) = notice() else { return };
    let told: Vec<String> = c
        .triggers
        .iter()
        .filter(|t| t.any.iter().any(|x| x.event == "accident"))
        .map(|t| {
            format!(
                "{} {}",
                t.article,
                common::trigger(t).split(" then ").next().unwrap()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "3 when accident 较大+ or accident \"典型事故\" at -",
            "10 when accident 较大 same during 专项整治 at town",
            "10 when accident 重大+ or accident 较大+ x2 in 3 months or accident 较大+ x3 in 6 months at town",
        ]
    );
    let last = c
        .triggers
        .iter()
        .find(|t| t.by.as_deref() == Some("区安委会"))
        .unwrap();
    assert!(last.then.contains("专项巡查"));
}

#[test]
fn a_list_behind_one_word_is_not_cut() {
    let Some((c, _)) = notice() else { return };
    let first: Vec<&str> = c
        .duties
        .iter()
        .filter(|d| d.article == 1)
        .map(|d| d.action.as_str())
        .collect();
    assert_eq!(first.len(), 3);
    assert!(first.iter().all(|a| a.starts_with('将')), "{first:?}");
    assert!(
        first[2].ends_with("作为重要议题及时传达学习"),
        "{}",
        first[2]
    );
}
