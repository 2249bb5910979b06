//! How official papers write numbers, dates and titles.

use jiff::civil::{Date, DateTime, Weekday};

/// `2025年3月5日`: Arabic numerals, no leading zeros (GB/T 9704-2012, 7.3.5.4).
pub fn date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2025年3月12日（星期三）上午9时30分`.
pub fn date_time(at: DateTime) -> String {
    let weekday = match at.date().weekday() {
        Weekday::Monday => "一",
        Weekday::Tuesday => "二",
        Weekday::Wednesday => "三",
        Weekday::Thursday => "四",
        Weekday::Friday => "五",
        Weekday::Saturday => "六",
        Weekday::Sunday => "日",
    };
    let hour = at.hour();
    let (half, shown) = match hour {
        0..=11 => ("上午", hour),
        12 => ("中午", 12),
        13..=17 => ("下午", hour - 12),
        _ => ("晚上", hour - 12),
    };
    let minute = if at.minute() == 0 {
        String::new()
    } else {
        format!("{}分", at.minute())
    };
    format!(
        "{}（星期{weekday}）{half}{shown}时{minute}",
        date(at.date())
    )
}

/// `2025年3月12日9时30分`: the hour of an event, counted to 24 as reports do.
pub fn moment(at: DateTime) -> String {
    let minute = if at.minute() == 0 {
        String::new()
    } else {
        format!("{}分", at.minute())
    };
    format!("{}{}时{minute}", date(at.date()), at.hour())
}

/// `1小时20分`, `3天2小时`: how long, in the two largest parts; under a minute is `不足1分钟`.
pub fn span(minutes: u64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => "不足1分钟".to_owned(),
        (0, 0, m) => format!("{m}分钟"),
        (0, h, 0) => format!("{h}小时"),
        (0, h, m) => format!("{h}小时{m}分"),
        (d, 0, _) => format!("{d}天"),
        (d, h, _) => format!("{d}天{h}小时"),
    }
}

/// An amount as reports write it: `350元`, `12万元`, `1234.5万元`. Nothing is rounded away.
pub fn yuan(amount: u64) -> String {
    let (tens, rest) = (amount / 10_000, amount % 10_000);
    if tens == 0 {
        return format!("{amount}元");
    }
    let decimals = format!("{rest:04}");
    match decimals.trim_end_matches('0') {
        "" => format!("{tens}万元"),
        decimals => format!("{tens}.{decimals}万元"),
    }
}

/// 1 -> 一, 12 -> 十二, 21 -> 二十一, 105 -> 一百零五. Numbers above 9999 are left in digits.
pub fn numeral(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [&str; 4] = ["", "十", "百", "千"];
    if number == 0 {
        return DIGITS[0].to_owned();
    }
    if number > 9999 {
        return number.to_string();
    }
    let mut out = String::new();
    let mut gap = false;
    for place in (0..4).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push_str(DIGITS[0]);
            gap = false;
        }
        // 十二 and not 一十二, but 一百一十二.
        if !(digit == 1 && place == 1 && out.is_empty()) {
            out.push_str(DIGITS[digit as usize]);
        }
        out.push_str(UNITS[place as usize]);
    }
    out
}

/// `80.0%`, or `—` when there is nothing to divide by.
pub fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    // Rounded half up in whole numbers, so that the same figures print the same everywhere.
    let tenths = (u64::from(part) * 2000 + u64::from(whole)) / (2 * u64::from(whole));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The title of a notice in its own brackets, once.
pub fn in_title_marks(title: &str) -> String {
    let title = title.trim();
    if title.starts_with('《') && title.ends_with('》') {
        title.to_owned()
    } else {
        format!("《{title}》")
    }
}

/// Width of a text in characters of the font size: 1 for a full-width character, a half for ASCII.
pub fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| if c.is_ascii() { 0.5 } else { 1.0 })
        .sum()
}

/// Words that a title is not broken in.
const WHOLE_WORDS: &[&str] = &[
    "关于",
    "安全",
    "生产",
    "安全生产",
    "工作",
    "任务",
    "落实",
    "情况",
    "通报",
    "通知",
    "通知书",
    "街道",
    "办事处",
    "委员会",
    "办公室",
    "重点",
    "重点工作",
    "挂牌督办",
    "约谈",
    "提醒函",
    "有关",
    "进行",
    "实行",
    "调度",
    "人民政府",
    "不到位",
    "按期",
    "全区",
    "季度",
    "上半年",
    "年度",
    "防灾减灾",
    "救灾",
    "应急",
    "管理",
    "整改",
    "隐患",
    "重大",
    "专项",
    "行动",
    "治本攻坚",
    "三年行动",
    "摘牌",
    "开展",
    "予以",
    "曝光",
    "报警",
    "系统",
    "停用",
    "事故隐患",
    "重大事故隐患",
    "销号",
    "事故",
    "警示会",
    "警示教育片",
    "巡查",
    "专项巡查",
    "反馈",
    "意见",
    "责任",
    "倒查",
    "报告",
    "有限公司",
    "有限责任公司",
    "召开",
    "现场",
    "镇",
    "区",
];

/// Breaks a title into lines of at most `most` characters, as even as may be, not inside a word of the
/// trade, a number or a bracket (GB/T 9704-2012, 7.3.1: 回行时要做到词意完整). Line ends in the title win.
pub fn title_lines(title: &str, most: f64) -> Vec<String> {
    title
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .flat_map(|line| break_line(line, most))
        .collect()
}

fn break_line(line: &str, most: f64) -> Vec<String> {
    let total = width(line);
    let chars: Vec<char> = line.chars().collect();
    if total <= most || chars.len() > 400 {
        return vec![line.to_owned()];
    }
    let lines = (total / most).ceil() as usize;
    (lines..lines + 2)
        .find_map(|count| break_into(&chars, count, most, total))
        .unwrap_or_else(|| vec![line.to_owned()])
}

/// The cheapest way to cut into `count` lines, or none when no line would fit.
fn break_into(chars: &[char], count: usize, most: f64, total: f64) -> Option<Vec<String>> {
    let penalties = break_penalties(chars);
    let mut reach = vec![0.0];
    for c in chars {
        let last = *reach.last()?;
        reach.push(last + width(c.encode_utf8(&mut [0; 4])));
    }
    let even = total / count as f64;
    let end = chars.len();
    // best[l][i]: cost of setting the first i characters in l lines, and where the last line began.
    let mut best = vec![vec![(f64::INFINITY, 0_usize); end + 1]; count + 1];
    best[0][0] = (0.0, 0);
    for l in 1..=count {
        for i in 1..=end {
            for j in 0..i {
                let long = reach[i] - reach[j];
                if long > most || best[l - 1][j].0.is_infinite() {
                    continue;
                }
                let cut = if i == end { 0.0 } else { penalties[i] };
                let cost = best[l - 1][j].0 + (long - even).powi(2) + cut;
                if cost < best[l][i].0 {
                    best[l][i] = (cost, j);
                }
            }
        }
    }
    if best[count][end].0.is_infinite() {
        return None;
    }
    let mut cuts = vec![end];
    let mut at = end;
    for l in (1..=count).rev() {
        at = best[l][at].1;
        cuts.push(at);
    }
    cuts.reverse();
    Some(
        cuts.windows(2)
            .map(|w| chars[w[0]..w[1]].iter().collect())
            .collect(),
    )
}

/// What it costs to break before each character.
fn break_penalties(chars: &[char]) -> Vec<f64> {
    let mut out = vec![6.0; chars.len() + 1];
    for i in 1..chars.len() {
        let (before, after) = (chars[i - 1], chars[i]);
        if matches!(
            after,
            '、' | '，' | '》' | '）' | '”' | '〕' | '：' | '的' | '年' | '月' | '日'
        ) || matches!(before, '《' | '（' | '“' | '〔')
            || (before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
        {
            out[i] += 400.0;
        } else if matches!(before, '的' | '、' | '》' | '，') {
            out[i] = 0.0;
        }
    }
    for word in WHOLE_WORDS {
        let letters: Vec<char> = word.chars().collect();
        for start in 0..chars.len().saturating_sub(letters.len() - 1) {
            if chars[start..start + letters.len()] == letters[..] {
                for inside in &mut out[start + 1..start + letters.len()] {
                    *inside += 60.0;
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date as day, datetime};

    #[test]
    fn dates_and_times_read_as_in_papers() {
        assert_eq!(date(day(2025, 3, 5)), "2025年3月5日");
        assert_eq!(
            date_time(datetime(2025, 3, 12, 9, 30, 0, 0)),
            "2025年3月12日（星期三）上午9时30分"
        );
        assert_eq!(
            date_time(datetime(2025, 3, 12, 15, 0, 0, 0)),
            "2025年3月12日（星期三）下午3时"
        );
    }

    #[test]
    fn hours_spans_and_amounts_read_as_in_reports() {
        assert_eq!(
            moment(datetime(2025, 3, 12, 21, 5, 40, 0)),
            "2025年3月12日21时5分"
        );
        assert_eq!(
            moment(datetime(2025, 3, 12, 0, 0, 0, 0)),
            "2025年3月12日0时"
        );
        assert_eq!(
            [0, 9, 60, 80, 1440, 1500, 4320 + 121].map(span).join(" "),
            "不足1分钟 9分钟 1小时 1小时20分 1天 1天1小时 3天2小时"
        );
        assert_eq!(
            [0, 350, 10_000, 12_345_000, 10_001].map(yuan).join(" "),
            "0元 350元 1万元 1234.5万元 1.0001万元"
        );
    }

    #[test]
    fn numerals_of_every_length() {
        let shown: Vec<String> = [0, 1, 10, 12, 20, 21, 100, 105, 110, 112, 1001, 2030, 12000]
            .map(numeral)
            .into();
        assert_eq!(
            shown.join(" "),
            "零 一 十 十二 二十 二十一 一百 一百零五 一百一十 一百一十二 一千零一 二千零三十 12000"
        );
    }

    #[test]
    fn percents_round_half_up_and_nothing_divides_by_nothing() {
        assert_eq!(percent(1, 3), "33.3%");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(5, 5), "100.0%");
        assert_eq!(percent(0, 0), "—");
    }

    #[test]
    fn a_long_title_breaks_between_words() {
        assert_eq!(
            title_lines(
                "关于2025年3月全区安全生产重点工作任务落实情况的调度通报",
                20.0
            ),
            [
                "关于2025年3月全区安全生产",
                "重点工作任务落实情况的调度通报"
            ]
        );
        assert_eq!(
            title_lines("关于东街街道约谈的通知", 20.0),
            ["关于东街街道约谈的通知"]
        );
        assert_eq!(title_lines("上\n下", 20.0), ["上", "下"]);
    }

    #[test]
    fn no_line_of_a_title_is_too_long_and_nothing_is_lost() {
        let title = "关于对北石店镇人民政府落实《关于做好2025年安全生产工作的通知》有关任务逾期未完成问题实行挂牌督办的通知书";
        let lines = title_lines(title, 20.0);
        assert_eq!(lines.concat(), title);
        assert!(lines.iter().all(|line| width(line) <= 20.0), "{lines:?}");
    }
}
