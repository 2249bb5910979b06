//! Times that a demand names: 2025年6月底前, 年底前, 上半年, 每半年, 每月5日前, “十四五”期间, 15个工作日内, 长期坚持.
//!
//! A month means its last day, 年底前 the last day of the notice's year, 上半年 30 June, a quarter its last
//! day. What cannot be turned into a date (汛期前, 近期) is reported, never guessed.

use anlan_core::notice::Every;
use jiff::civil::Date;

use crate::numerals::{arabic, chinese_at, is_numeral, is_range_mark, number_at, starts};
use crate::rhythm::{every_at, next_period_at, one_time, rhythm_at};

/// What is known about time outside the sentence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// The year that a month without a year belongs to.
    pub year: Option<i16>,
    /// The date of the notice.
    pub date: Option<Date>,
}

/// What a stretch of words says about time.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// By a date.
    By(Date),
    /// In every period; with a date where the words name one (每年6月底前).
    Every {
        /// The period.
        every: Every,
        /// 每年6月底前: the date in the notice's year.
        by: Option<Date>,
        /// 每月5日前: the day of the month.
        on: Option<u8>,
        /// 每季度末月25日前: which month of the period `on` stands in.
        month: Option<u8>,
        /// Whether the words name a day in the period that cannot be held (每周五前, 每季度末).
        day: bool,
    },
    /// So long after an event.
    Within {
        /// How long,
        count: f64,
        /// in what, as written: 个工作日, 小时, 日, 个月.
        unit: String,
    },
    /// All the time.
    Continuous,
    /// Words about time that give no date.
    Vague(&'static str),
}

/// Words about time in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// First character,
    pub from: usize,
    /// and the place after the last.
    pub to: usize,
    /// What they say.
    pub kind: Kind,
    /// How sure: 1 unless the words can be read in more than one way.
    pub sure: f64,
}

/// Words that name a time but no date.
const VAGUE: &[(&str, &str)] = &[
    ("汛期前", "“汛期前”没有写明日期"),
    ("入汛前", "“入汛前”没有写明日期"),
    ("主汛期前", "“主汛期前”没有写明日期"),
    ("春节前", "“春节前”没有写明日期"),
    ("清明节前", "“清明节前”没有写明日期"),
    ("清明前", "“清明前”没有写明日期"),
    ("端午节前", "“端午节前”没有写明日期"),
    ("中秋节前", "“中秋节前”没有写明日期"),
    ("元宵节前", "“元宵节前”没有写明日期"),
    ("主汛期来临前", "“主汛期来临前”没有写明日期"),
    ("汛期来临前", "“汛期来临前”没有写明日期"),
    ("汛期到来前", "“汛期到来前”没有写明日期"),
    ("冬季来临前", "“冬季来临前”没有写明日期"),
    ("防火期前", "“防火期前”没有写明日期"),
    ("旺季前", "“旺季前”没有写明日期"),
    ("旅游旺季来临前", "“旅游旺季来临前”没有写明日期"),
    ("供暖期前", "“供暖期前”没有写明日期"),
    ("供暖季前", "“供暖季前”没有写明日期"),
    ("采暖期前", "“采暖期前”没有写明日期"),
    ("开学前", "“开学前”没有写明日期"),
    ("节前", "“节前”没有写明日期"),
    ("近期内", "“近期”没有写明日期"),
    ("规定时限内", "“规定时限”没有写明日期"),
    ("规定时间内", "“规定时间”没有写明日期"),
];

/// A period that the recurrence cannot hold.
pub const ODD_PERIOD: &str = "周期不是日、周、旬、月、季、半年或年，频次未读入";

/// Words that mean all the time.
const ALWAYS: &[&str] = &[
    "长期坚持",
    "长期推进",
    "持续推进",
    "持续实施",
    "常年坚持",
    "常态化推进",
    "长期实施",
    "长期",
];

/// Five-year plans: the last day of each.
const PLANS: &[(&str, i16)] = &[
    ("十三五", 2020),
    ("十四五", 2025),
    ("十五五", 2030),
    ("十六五", 2035),
];

/// All times in `s[from..to]`, left to right. `quoted` tells which characters stand inside quotation marks
/// or book-title marks; what stands there is a name and no time.
pub fn find(
    s: &[char],
    from: usize,
    to: usize,
    quoted: &dyn Fn(usize) -> bool,
    known: Known,
) -> Vec<Time> {
    let mut known = known;
    let mut out = Vec::new();
    let mut i = from;
    let s = &s[..to];
    while i < to {
        if s[i] == '“'
            && let Some(t) = plan_at(s, i).or_else(|| holiday_at(s, i, known))
        {
            i = t.to;
            out.push(t);
            continue;
        }
        if quoted(i) {
            i += 1;
            continue;
        }
        if let Some(t) = at(s, i, from, &mut known) {
            i = t.to.max(i + 1);
            out.push(t);
            continue;
        }
        // Step over a whole number, so that 12月 is never read as 2月.
        if arabic(s[i]).is_some() || is_numeral(s[i]) {
            while i < to && (arabic(s[i]).is_some() || is_numeral(s[i])) {
                i += 1;
            }
            continue;
        }
        i += 1;
    }
    out
}

/// Holidays that stand on the same day of every year: before one means up to the day before it.
const HOLIDAYS: &[(&str, i8, i8)] = &[
    ("元旦", 12, 31),
    ("国庆节", 9, 30),
    ("国庆", 9, 30),
    ("“五一”", 4, 30),
    ("五一劳动节", 4, 30),
    ("五一", 4, 30),
    ("劳动节", 4, 30),
];

/// 元旦前, 国庆节前, “五一”假期前.
fn holiday_at(s: &[char], i: usize, known: Known) -> Option<Time> {
    let (name, month, day) = HOLIDAYS.iter().find(|h| starts(s, i, h.0))?;
    let mut e = i + name.chars().count();
    for w in ["假期", "节日", "长假", "节"] {
        if starts(s, e, w) {
            e += w.chars().count();
            break;
        }
    }
    let to = ["之前", "来临前", "前"]
        .iter()
        .find(|w| starts(s, e, w))
        .map(|w| e + w.chars().count())?;
    // 国庆节前后 is no limit.
    if s.get(to) == Some(&'后') {
        return None;
    }
    let kind = known
        .year
        .and_then(|y| Date::new(y, *month, *day).ok())
        .map_or(Kind::Vague("没有写明年份，未换算为日期"), Kind::By);
    Some(Time {
        from: i,
        to,
        kind,
        sure: 0.85,
    })
}

fn plan_at(s: &[char], i: usize) -> Option<Time> {
    for (name, year) in PLANS {
        if starts(s, i + 1, name) && s.get(i + 4) == Some(&'”') {
            let e = i + 5;
            for tail in [
                "规划期末",
                "期末",
                "末期",
                "末",
                "期间",
                "时期",
                "规划期间",
                "期内",
            ] {
                if starts(s, e, tail) {
                    let day = Date::new(*year, 12, 31).ok()?;
                    return Some(Time {
                        from: i,
                        to: e + tail.chars().count(),
                        kind: Kind::By(day),
                        sure: 0.9,
                    });
                }
            }
        }
    }
    None
}

fn at(s: &[char], i: usize, floor: usize, known: &mut Known) -> Option<Time> {
    let c = s[i];
    let time = |to: usize, kind: Kind, sure: f64| {
        Some(Time {
            from: i,
            to,
            kind,
            sure,
        })
    };
    if c == '每' {
        return every_at(s, i, *known);
    }
    for w in ALWAYS {
        if starts(s, i, w) {
            let e = i + w.chars().count();
            // 长期 alone only at the end of a list or field: 长期以来 and 长期存在 are no times.
            if *w == "长期"
                && s.get(e)
                    .is_some_and(|&c| !matches!(c, '，' | '。' | '；' | '）'))
            {
                return None;
            }
            if *w != "长期"
                && *w != "长期坚持"
                && s.get(e)
                    .is_some_and(|&c| !matches!(c, '，' | '。' | '；' | '）'))
            {
                return None;
            }
            return time(e, Kind::Continuous, 1.0);
        }
    }
    for (w, why) in VAGUE {
        if starts(s, i, w) && s.get(i + w.chars().count()) != Some(&'后') {
            return time(i + w.chars().count(), Kind::Vague(why), 0.7);
        }
    }
    if let Some(t) = next_period_at(s, i).or_else(|| holiday_at(s, i, *known)) {
        return Some(t);
    }
    if let Some(t) = words_at(s, i, *known) {
        return Some(t);
    }
    if let Some(t) = rhythm_at(s, i, floor) {
        return Some(t);
    }
    if arabic(c).is_some() || is_numeral(c) {
        return number_time(s, i, floor, known);
    }
    None
}

/// Times in words: 年底前, 年内, 上半年, 今年底, 明年6月底前, 第一季度, 即日起至….
fn words_at(s: &[char], i: usize, known: Known) -> Option<Time> {
    let time = |to: usize, kind: Kind, sure: f64| {
        Some(Time {
            from: i,
            to,
            kind,
            sure,
        })
    };
    let prev = if i > 0 { s[i - 1] } else { ' ' };
    let (year, mut e, said) =
        if starts(s, i, "今年") || starts(s, i, "本年") || starts(s, i, "当年") {
            (known.year, i + 2, true)
        } else if starts(s, i, "明年") || starts(s, i, "次年") {
            (known.year.and_then(|y| y.checked_add(1)), i + 2, true)
        } else {
            (known.year, i, false)
        };
    if said {
        if s.get(e) == Some(&'度') {
            e += 1;
        }
        if let Some((kind, to, sure)) = year_tail(s, e, year) {
            return time(to, kind, sure);
        }
        return None;
    }
    for (w, count, unit) in [
        ("半小时内", 30.0, "分钟"),
        ("半个小时内", 30.0, "分钟"),
        ("半个月内", 15.0, "日"),
        ("半年内", 6.0, "月"),
    ] {
        let e = i + w.chars().count();
        if starts(s, i, w) && !happens_at(s, e) {
            let unit = unit.to_string();
            return time(e, Kind::Within { count, unit }, 1.0);
        }
    }
    if s[i] == '年'
        && prev != '每'
        && prev != '半'
        && !arabic(prev).is_some_and(|_| true)
        && !is_numeral(prev)
    {
        for w in ["年底以前", "年底之前", "年底前", "年末前", "年终前", "年内"] {
            let e = i + w.chars().count();
            // 年内发生2起: the window of a condition, not a limit.
            if starts(s, i, w) && prev != '今' && prev != '明' && !happens_at(s, e) {
                return time(i + w.chars().count(), end_of(year), 1.0);
            }
        }
        if starts(s, i, "年底")
            && matches!(s.get(i + 2), Some('完' | '，' | '达' | '实' | '全' | '基'))
        {
            return time(i + 2, end_of(year), 0.9);
        }
    }
    if starts(s, i, "上半年") || starts(s, i, "下半年") || starts(s, i, "前三季度") {
        if starts(s, i, "上半年、下半年各") || starts(s, i, "上半年和下半年各") {
            return None;
        }
        if let Some((kind, to, sure)) = year_tail(s, i, year) {
            return time(to, kind, sure);
        }
    }
    if (s[i] == '第' || is_numeral(s[i]))
        && quarter_at(s, i).is_some()
        && let Some((kind, to, sure)) = year_tail(s, i, year)
    {
        return time(to, kind, sure);
    }
    for w in ["即日起至", "从即日起至", "自即日起至", "自发文之日起至"] {
        if starts(s, i, w) {
            let k = i + w.chars().count();
            let (d, to) = full_date(s, k, known.year)?;
            return time(
                to,
                d.map_or(Kind::Vague("起止时间没有写明年份"), Kind::By),
                1.0,
            );
        }
    }
    for w in ["本月底前", "月底前"] {
        if starts(s, i, w)
            && !arabic(prev).is_some_and(|_| true)
            && !is_numeral(prev)
            && prev != '每'
        {
            let kind = known.date.map_or(Kind::Vague("“月底前”没有写明月份"), |d| {
                Kind::By(d.last_of_month())
            });
            return time(i + w.chars().count(), kind, 0.8);
        }
    }
    None
}

/// Whether what follows a stretch of time is something that happens in it.
fn happens_at(s: &[char], mut e: usize) -> bool {
    while matches!(s.get(e), Some('，' | '同')) {
        e += 1;
    }
    [
        "发生",
        "累计",
        "出现",
        "连续",
        "再次",
        "再犯",
        "再度",
        "被",
        "一企业",
        "一单位",
    ]
    .iter()
    .any(|w| starts(s, e, w))
}

fn end_of(year: Option<i16>) -> Kind {
    match year.and_then(|y| Date::new(y, 12, 31).ok()) {
        Some(d) => Kind::By(d),
        None => Kind::Vague("没有写明年份，未换算为日期"),
    }
}

/// 第一季度, 一季度, 1季度: the quarter and the place after it.
fn quarter_at(s: &[char], i: usize) -> Option<(u32, usize)> {
    let k = if s[i] == '第' { i + 1 } else { i };
    let (n, e) = chinese_at(s, k).or_else(|| {
        let d = arabic(*s.get(k)?)?;
        Some((d, k + 1))
    })?;
    ((1..=4).contains(&n) && starts(s, e, "季度")).then_some((n as u32, e + 2))
}

/// What may follow a year: 底前, 上半年, 第二季度末, 6月底前.
fn year_tail(s: &[char], e: usize, year: Option<i16>) -> Option<(Kind, usize, f64)> {
    let date = |m: i8, d: i8| {
        year.and_then(|y| Date::new(y, m, d).ok())
            .map_or(Kind::Vague("没有写明年份，未换算为日期"), Kind::By)
    };
    for w in [
        "年底以前",
        "年底之前",
        "年底前",
        "底以前",
        "底之前",
        "年末前",
        "末前",
        "底前",
        "年底",
        "底",
        "末",
        "年内",
        "内",
        "年终前",
    ] {
        if starts(s, e, w) && !(w == "内" && s.get(e + 1).is_some_and(|&c| "部容设外".contains(c)))
        {
            return Some((date(12, 31), e + w.chars().count(), 1.0));
        }
    }
    for (w, m, d) in [("上半年", 6, 30), ("下半年", 12, 31), ("前三季度", 9, 30)] {
        if starts(s, e, w) {
            return Some((date(m, d), before_words(s, e + w.chars().count()), 0.95));
        }
    }
    if let Some((q, k)) = quarter_at_opt(s, e) {
        // 一季度一次 is a rhythm, not a date.
        if one_time(s, k) || s.get(k) == Some(&'一') {
            return None;
        }
        let m = q as i8 * 3;
        return Some((
            date(m, if q == 1 || q == 4 { 31 } else { 30 }),
            before_words(s, k),
            0.95,
        ));
    }
    let (d, k) = month_at(s, e, year)?;
    Some((
        d.map_or(Kind::Vague("没有写明年份，未换算为日期"), Kind::By),
        k,
        1.0,
    ))
}

fn quarter_at_opt(s: &[char], e: usize) -> Option<(u32, usize)> {
    if e < s.len() { quarter_at(s, e) } else { None }
}

fn before_words(s: &[char], mut e: usize) -> usize {
    for w in [
        "底前", "末前", "之前", "以前", "底", "末", "前", "内", "以内", "之内", "期间",
    ] {
        if starts(s, e, w) {
            e += w.chars().count();
            break;
        }
    }
    e
}

/// A month with or without a day, followed by words that make it a limit (底前, 前, 末, 止).
pub fn month_at(s: &[char], i: usize, year: Option<i16>) -> Option<(Option<Date>, usize)> {
    let (d, e, limit, _) = month_parts(s, i, year)?;
    limit.then_some((d, e))
}

/// Date, end, whether limiting words follow, and how sure.
fn month_parts(
    s: &[char],
    i: usize,
    year: Option<i16>,
) -> Option<(Option<Date>, usize, bool, f64)> {
    let n = number_at(s, i)?;
    if n.percent || n.low != n.high || !(1.0..=12.0).contains(&n.low) || s.get(n.end) != Some(&'月')
    {
        return None;
    }
    let m = n.low as i8;
    let mut e = n.end + 1;
    if s.get(e) == Some(&'份') {
        e += 1;
    }
    let first = year.and_then(|y| Date::new(y, m, 1).ok());
    if let Some(day) = number_at(s, e)
        && matches!(s.get(day.end), Some('日' | '号'))
        && (1.0..=31.0).contains(&day.low)
    {
        let d = year.and_then(|y| Date::new(y, m, day.low as i8).ok());
        let k = day.end + 1;
        for w in ["之前", "以前", "前", "止", "截止", "24时前", "24时"] {
            if starts(s, k, w) {
                return Some((d, k + w.chars().count(), true, 1.0));
            }
        }
        return Some((d, k, false, 0.8));
    }
    for (w, day, sure) in [
        ("底之前", 31, 1.0),
        ("底以前", 31, 1.0),
        ("底前", 31, 1.0),
        ("末前", 31, 1.0),
        ("底", 31, 1.0),
        ("末", 31, 1.0),
        ("上旬前", 10, 0.9),
        ("中旬前", 20, 0.9),
        ("下旬前", 31, 0.9),
        ("上旬", 10, 0.9),
        ("中旬", 20, 0.9),
        ("下旬", 31, 0.9),
        ("之前", 31, 0.85),
        ("以前", 31, 0.85),
        ("前", 31, 0.85),
    ] {
        if starts(s, e, w) {
            let d = if day == 31 {
                first.map(Date::last_of_month)
            } else {
                first.and_then(|f| f.with().day(day).build().ok())
            };
            return Some((d, e + w.chars().count(), true, sure));
        }
    }
    Some((first.map(Date::last_of_month), e, false, 0.8))
}

/// A date written out, with or without year: 2025年11月30日(止), 11月底.
fn full_date(s: &[char], i: usize, year: Option<i16>) -> Option<(Option<Date>, usize)> {
    let mut year = year;
    let mut k = i;
    if let Some((y, e)) = year_at(s, i) {
        year = Some(y);
        k = e;
        if let Some((kind, to, _)) = year_tail(s, e, year)
            && month_parts(s, e, year).is_none()
        {
            return Some((
                if let Kind::By(d) = kind {
                    Some(d)
                } else {
                    None
                },
                to,
            ));
        }
        if month_parts(s, e, year).is_none() {
            return Some((Date::new(y, 12, 31).ok(), e));
        }
    } else if starts(s, i, "今年") || starts(s, i, "当年") {
        k += 2;
    } else if starts(s, i, "明年") || starts(s, i, "次年") {
        year = year.and_then(|y| y.checked_add(1));
        k += 2;
    }
    if starts(s, k, "年底") {
        return Some((year.and_then(|y| Date::new(y, 12, 31).ok()), k + 2));
    }
    let (d, e, _, _) = month_parts(s, k, year)?;
    Some((d, e))
}

/// A four-digit year with 年: 2025年, 二〇二五年.
pub fn year_at(s: &[char], i: usize) -> Option<(i16, usize)> {
    let (v, e) = match s.get(i)? {
        c if arabic(*c).is_some() => {
            let mut e = i;
            let mut v = 0u64;
            while e < s.len() && e - i < 5 {
                let Some(d) = arabic(s[e]) else { break };
                v = v * 10 + d;
                e += 1;
            }
            (v, e)
        }
        c if is_numeral(*c) || *c == '○' => chinese_at(s, i)?,
        _ => return None,
    };
    let year = i16::try_from(v)
        .ok()
        .filter(|y| (1949..=2100).contains(y))?;
    (e - i == 4 && s.get(e) == Some(&'年')).then_some((year, e + 1))
}

fn number_time(s: &[char], i: usize, floor: usize, known: &mut Known) -> Option<Time> {
    let time = |to: usize, kind: Kind, sure: f64| {
        Some(Time {
            from: i,
            to,
            kind,
            sure,
        })
    };
    let before = |w: &str| {
        let n = w.chars().count();
        i >= floor + n && starts(s, i - n, w)
    };
    let led = ["到", "至", "截至", "截止", "于", "在", "力争", "定于"]
        .iter()
        .any(|w| before(w));
    // 2024—2026年
    if let Some(n) = number_at(s, i)
        && n.low != n.high
        && n.low >= 1949.0
        && n.high <= 2100.0
        && s.get(n.end) == Some(&'年')
    {
        let follow = s.get(n.end + 1).copied().unwrap_or('，');
        if matches!(follow, '，' | '期' | '内' | '间') {
            return time(n.end + 1, end_of(Some(n.high as i16)), 0.7);
        }
        return None;
    }
    if let Some((y, e)) = year_at(s, i) {
        let outer = known.year;
        known.year = Some(y);
        if let Some(k) = range_end(s, e)
            && let Some((d, to)) = full_date(s, k, Some(y))
        {
            return time(
                to,
                d.map_or(Kind::Vague("起止时间不是有效日期"), Kind::By),
                0.9,
            );
        }
        if let Some((d, e2, limit, sure)) = month_parts(s, e, Some(y)) {
            if let Some(k) = range_end(s, e2)
                && let Some((d2, to)) = full_date(s, k, Some(y)).or_else(|| bare_day(s, k, d))
            {
                return time(
                    to,
                    d2.map_or(Kind::Vague("起止时间不是有效日期"), Kind::By),
                    0.95,
                );
            }
            if s.get(e2) == Some(&'起') || starts(s, e2, "以来") || starts(s, e2, "以后") {
                known.year = outer;
                return None;
            }
            if limit || led || completes(s, e2) {
                return time(
                    e2,
                    d.map_or(Kind::Vague("不是有效日期"), Kind::By),
                    if limit { sure } else { 0.8 },
                );
            }
            return None;
        }
        if let Some((kind, to, sure)) = year_tail(s, e, Some(y)) {
            return time(to, kind, sure);
        }
        if s.get(e) == Some(&'前') && !s.get(e + 1).is_some_and(|&c| "往期".contains(c)) {
            return time(
                e + 1,
                Kind::Vague("“某年前”可作两种理解，未换算为日期"),
                0.6,
            );
        }
        let led_far = ["到", "至", "截至", "力争"].iter().any(|w| before(w));
        if led_far
            && s.get(e)
                .is_none_or(|&c| matches!(c, '，' | '全' | '基' | '实' | '完' | '形' | '建' | '力'))
        {
            return time(e, end_of(Some(y)), 0.9);
        }
        if !led_far {
            // A year that only names something (2025年工作要点) does not move later months.
            known.year = outer.or(Some(y));
        }
        return None;
    }
    // 15个工作日内, 24小时内, 3个月内
    if let Some(n) = number_at(s, i)
        && !n.percent
    {
        let mut e = n.end;
        if s.get(e) == Some(&'个') {
            e += 1;
        }
        for w in ["工作日", "小时", "分钟", "自然日", "日", "天", "月", "周"] {
            if starts(s, e, w) && (w != "月" || e > n.end) {
                let end = e + w.chars().count();
                for tail in ["以内", "之内", "内"] {
                    if starts(s, end, tail) && !happens_at(s, end + tail.chars().count()) {
                        let unit: String = s[n.end..end].iter().collect();
                        return time(
                            end + tail.chars().count(),
                            Kind::Within {
                                count: n.high,
                                unit,
                            },
                            1.0,
                        );
                    }
                }
            }
        }
    }
    let (d, e, limit, sure) = month_parts(s, i, known.year)?;
    let vague = "没有写明年份，未换算为日期";
    if let Some(k) = range_end(s, e)
        && let Some((d2, to)) = full_date(s, k, known.year).or_else(|| bare_day(s, k, d))
    {
        return time(to, d2.map_or(Kind::Vague(vague), Kind::By), 0.95);
    }
    if s.get(e) == Some(&'起') {
        return None;
    }
    if s.get(e) == Some(&'第')
        && let Some((_, k)) = chinese_at(s, e + 1)
        && s.get(k) == Some(&'周')
    {
        return time(k + 1, Kind::Vague("“某月第几周”没有换算为日期"), 0.8);
    }
    if limit || led || completes(s, e) {
        return time(
            e,
            d.map_or(Kind::Vague(vague), Kind::By),
            if limit { sure } else { 0.75 },
        );
    }
    None
}

/// 3月1日至15日: the second day takes the month of the first.
fn bare_day(s: &[char], k: usize, first: Option<Date>) -> Option<(Option<Date>, usize)> {
    let n = number_at(s, k)?;
    if !matches!(s.get(n.end), Some('日' | '号')) || !(1.0..=31.0).contains(&n.low) {
        return None;
    }
    Some((
        first.and_then(|f| f.with().day(n.low as i8).build().ok()),
        n.end + 1,
    ))
}

/// The place after the mark of a range.
pub fn range_end(s: &[char], e: usize) -> Option<usize> {
    let mut k = e;
    if s.get(k) == Some(&'起') {
        k += 1;
    }
    let from = k;
    while k < s.len() && k - from < 2 && is_range_mark(s[k]) {
        k += 1;
    }
    (k > from).then_some(k)
}

fn completes(s: &[char], e: usize) -> bool {
    [
        "完成",
        "前后完成",
        "全部完成",
        "建成",
        "启动",
        "开展",
        "举办",
        "举行",
        "召开",
        "组织",
    ]
    .iter()
    .any(|w| starts(s, e, w))
}
