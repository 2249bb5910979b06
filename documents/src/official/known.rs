//! What a paper says where a fact is not known. A blank is shown as such and never filled by a guess.

use jiff::civil::{Date, DateTime};

use crate::words;
use crate::xml::clean;

/// For what somebody is still finding out: figures, causes, grades.
pub const TO_VERIFY: &str = "待核实";
/// For what nobody has told.
pub const UNKNOWN: &str = "不详";

/// Nothing that would be printed.
pub fn blank(text: &str) -> bool {
    clean(text).trim().is_empty()
}

/// The text, or 不详.
pub fn told(text: &str) -> String {
    or(text, UNKNOWN)
}

/// The text, or 待核实.
pub fn verified(text: &str) -> String {
    or(text, TO_VERIFY)
}

/// The text, or what stands for a blank one.
pub fn or(text: &str, otherwise: &str) -> String {
    if blank(text) {
        otherwise.to_owned()
    } else {
        text.trim().to_owned()
    }
}

/// `3人`, or 待核实.
pub fn people(count: Option<u32>) -> String {
    count.map_or_else(|| TO_VERIFY.to_owned(), |n| format!("{n}人"))
}

/// `约1200万元`, or 待核实.
pub fn loss(amount: Option<u64>) -> String {
    amount.map_or_else(|| TO_VERIFY.to_owned(), |n| format!("约{}", words::yuan(n)))
}

/// The moment, or what stands for an unknown one.
pub fn moment(at: Option<DateTime>, otherwise: &str) -> String {
    at.map_or_else(|| otherwise.to_owned(), words::moment)
}

/// The day, or what stands for an unknown one.
pub fn day(at: Option<Date>, otherwise: &str) -> String {
    at.map_or_else(|| otherwise.to_owned(), words::date)
}

/// Those that are not blank.
pub fn several(texts: &[String]) -> Vec<&str> {
    texts
        .iter()
        .map(|text| text.trim())
        .filter(|text| !blank(text))
        .collect()
}

/// Names in a row, or what stands for none.
pub fn names(names: &[String], otherwise: &str) -> String {
    or(&several(names).join("、"), otherwise)
}

/// The text without the stop at its end, to go on after it.
pub fn clause(text: &str) -> &str {
    text.trim()
        .trim_end_matches(['。', '；', ';', '.', '，', ',', ' '])
}

/// The text with one stop at its end.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['。', '！', '？', '：', '”']) {
        text.to_owned()
    } else {
        format!("{}。", clause(text))
    }
}

/// The mark of a law's name, once; blank stays blank.
pub fn law(name: &str) -> String {
    let name = name.trim();
    if name.is_empty() || name.contains('《') {
        name.to_owned()
    } else {
        format!("《{name}》")
    }
}

/// A number in brackets after a name, without doubling its own; nothing for a blank one.
pub fn bracketed(number: &str) -> String {
    let number = number.trim();
    if blank(number) {
        String::new()
    } else if number.starts_with('（') {
        number.to_owned()
    } else {
        format!("（{number}）")
    }
}

/// How what was done stands to its deadline, on the day of the paper. Says what the times say; whether
/// it is 迟报 in law is for a person to find.
pub fn timeliness(due: Option<DateTime>, done: Option<DateTime>, as_of: DateTime) -> String {
    let late = |until: DateTime| {
        due.filter(|due| until > *due)
            .map(|due| words::span(until.duration_since(due).as_mins().unsigned_abs()))
    };
    match (due, done) {
        (None, Some(_)) => "未设时限".to_owned(),
        (None, None) => UNKNOWN.to_owned(),
        (Some(_), Some(done)) => {
            late(done).map_or_else(|| "按时".to_owned(), |span| format!("超时{span}"))
        }
        (Some(_), None) => late(as_of).map_or_else(
            || "未到时限".to_owned(),
            |span| format!("逾期未见，已超{span}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn what_is_not_known_is_said_so() {
        assert_eq!(
            [
                told(" \u{0} "),
                verified("\n"),
                people(None),
                people(Some(0)),
                loss(None)
            ]
            .join(" "),
            "不详 待核实 待核实 0人 待核实"
        );
        assert_eq!(loss(Some(12_000_000)), "约1200万元");
        assert_eq!(moment(None, TO_VERIFY), "待核实");
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!(sentence("已整改；"), "已整改。");
        assert_eq!(sentence("已整改。"), "已整改。");
        assert_eq!(clause("已整改。 "), "已整改");
        assert_eq!(law("安全生产法"), "《安全生产法》");
        assert_eq!(law("《安全生产法》第四十一条"), "《安全生产法》第四十一条");
    }

    #[test]
    fn a_deadline_met_to_the_minute_is_met() {
        let due = Some(datetime(2025, 3, 5, 10, 30, 0, 0));
        let as_of = datetime(2025, 3, 5, 12, 0, 0, 0);
        let at = |minute, second| Some(datetime(2025, 3, 5, 10, minute, second, 0));
        assert_eq!(timeliness(due, due, as_of), "按时");
        assert_eq!(timeliness(due, at(30, 1), as_of), "超时不足1分钟");
        assert_eq!(timeliness(due, at(50, 0), as_of), "超时20分钟");
        assert_eq!(timeliness(due, None, as_of), "逾期未见，已超1小时30分");
        assert_eq!(
            timeliness(due, None, datetime(2025, 3, 5, 10, 30, 0, 0)),
            "未到时限"
        );
        assert_eq!(timeliness(None, due, as_of), "未设时限");
        assert_eq!(timeliness(None, None, as_of), "不详");
    }
}
