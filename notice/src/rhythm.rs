//! How often: 每日, 每两周, 每月5日前, 每半年, 按季度, 一季一调度, 全年不少于4次.

use anlan_core::notice::Every;
use jiff::civil::Date;

use crate::dates::{Kind, Known, ODD_PERIOD, Time, month_at, range_end};
use crate::numerals::{number_at, starts};
use crate::words::verb_at;

/// 每日, 每两周, 每月5日前, 每季度末, 每半年, 每年6月底前.
pub fn every_at(s: &[char], i: usize, known: Known) -> Option<Time> {
    let mut e = i + 1;
    if s.get(e) == Some(&'个') {
        e += 1;
    }
    let mut n = 1.0;
    for w in ["半个月", "半月", "学期", "学年"] {
        if starts(s, e, w) {
            return Some(Time {
                from: i,
                to: e + w.chars().count(),
                kind: Kind::Vague(ODD_PERIOD),
                sure: 0.6,
            });
        }
    }
    if starts(s, e, "半年") {
        return Some(Time {
            from: i,
            to: e + 2,
            kind: Kind::Every {
                every: Every::HalfYear,
                by: None,
                on: None,
                month: None,
                day: false,
            },
            sure: 1.0,
        });
    }
    if let Some(num) = number_at(s, e)
        && num.low == num.high
        && !num.percent
    {
        n = num.low;
        e = num.end;
        if s.get(e) == Some(&'个') {
            e += 1;
        }
    }
    if starts(s, e, "小时") || starts(s, e, "分钟") {
        return Some(Time {
            from: i,
            to: e + 2,
            kind: Kind::Vague(ODD_PERIOD),
            sure: 0.6,
        });
    }
    let (mut every, len) = match s.get(e)? {
        '日' | '天' => (Every::Day, 1),
        '周' => (Every::Week, 1),
        '星' if s.get(e + 1) == Some(&'期') => (Every::Week, 2),
        '旬' => (Every::TenDays, 1),
        '月' => (Every::Month, 1),
        '季' if s.get(e + 1) == Some(&'度') => (Every::Quarter, 2),
        '季' => (Every::Quarter, 1),
        '年' if s.get(e + 1) == Some(&'度') => (Every::Year, 2),
        '年' => (Every::Year, 1),
        _ => return None,
    };
    e += len;
    if n != 1.0 {
        every = match (every, n as u32) {
            (Every::Month, 3) => Every::Quarter,
            (Every::Month, 6) => Every::HalfYear,
            (Every::Month, 12) => Every::Year,
            (Every::Day, 7) => Every::Week,
            (Every::Day, 10) => Every::TenDays,
            (Every::Day, 30) => Every::Month,
            _ => {
                return Some(Time {
                    from: i,
                    to: e,
                    kind: Kind::Vague(ODD_PERIOD),
                    sure: 0.6,
                });
            }
        };
    }
    let mut by = None;
    let mut day = false;
    let mut on = None;
    let mut month = None;
    match every {
        Every::Year => {
            if let Some((d, e2)) = month_at(s, e, known.year) {
                by = d;
                e = e2;
            } else if starts(s, e, "年底前")
                || starts(s, e, "底前")
                || starts(s, e, "年底")
                || starts(s, e, "末")
            {
                by = known.year.and_then(|y| Date::new(y, 12, 31).ok());
                while e < s.len() && matches!(s[e], '年' | '底' | '前' | '末') {
                    e += 1;
                }
            }
        }
        Every::Month | Every::Quarter | Every::Week => {
            let mut k = e;
            for w in [
                "度",
                "首月",
                "末月",
                "最后一个月",
                "第一个月",
                "首个月",
                "初",
                "末",
                "底",
                "的",
                "前",
                "之",
            ] {
                if starts(s, k, w) {
                    k += w.chars().count();
                    day = true;
                }
            }
            if let Some(num) = number_at(s, k)
                && matches!(s.get(num.end), Some('日' | '号'))
            {
                // 每月1日至20日 is a stretch of days, not a limit.
                if range_end(s, num.end + 1).is_some() {
                    return None;
                }
                let words: String = s[e..k].iter().collect();
                k = num.end + 1;
                let said = num.low == num.high && (1.0..=31.0).contains(&num.low);
                month = match words
                    .trim_end_matches('的')
                    .trim_start_matches(['度', '的'])
                {
                    "首月" | "第一个月" | "首个月" => Some(1),
                    "末月" | "最后一个月" => Some(3),
                    _ => None,
                }
                .filter(|_| every == Every::Quarter);
                if said && (every == Every::Month && !day || month.is_some()) {
                    on = Some(num.low as u8);
                }
                day = true;
            } else if every == Every::Week
                && s.get(k).is_some_and(|&c| "一二三四五六日".contains(c))
                && s.get(k + 1)
                    .is_some_and(|&c| matches!(c, '前' | '，' | '上' | '下' | '定'))
            {
                k += 1;
                day = true;
            }
            if day {
                for w in ["之前", "以前", "前"] {
                    if starts(s, k, w) {
                        k += w.chars().count();
                        break;
                    }
                }
                // 每月底前: the last day of the month.
                if on.is_none()
                    && every == Every::Month
                    && s[e..k].iter().any(|c| matches!(c, '底' | '末'))
                    && s[e..k]
                        .iter()
                        .all(|c| matches!(c, '底' | '末' | '前' | '之'))
                {
                    on = Some(31);
                }
                // 每季度末: the last day of its last month.
                let words: String = s[e..k].iter().collect();
                if every == Every::Quarter
                    && matches!(
                        words.trim_start_matches('度'),
                        "末" | "末前" | "底" | "底前" | "末之前" | "底之前"
                    )
                {
                    (on, month) = (Some(31), Some(3));
                }
                e = k;
            }
        }
        _ => {}
    }
    Some(Time {
        from: i,
        to: e,
        kind: Kind::Every {
            every,
            by,
            on,
            month,
            day: day && on.is_none(),
        },
        sure: 1.0,
    })
}

/// 次月3日前, 下季度首月10日前: each time, in the period after the one reported on.
pub fn next_period_at(s: &[char], i: usize) -> Option<Time> {
    let (every, month, k) = if starts(s, i, "次月") || starts(s, i, "下月") {
        (Every::Month, None, i + 2)
    } else if starts(s, i, "下季度首月") {
        (Every::Quarter, Some(1), i + 5)
    } else if starts(s, i, "次季度首月") || starts(s, i, "下一季度首月") {
        (
            Every::Quarter,
            Some(1),
            i + if s[i] == '次' { 5 } else { 6 },
        )
    } else {
        return None;
    };
    let n = number_at(s, k).filter(|n| n.low == n.high && (1.0..=31.0).contains(&n.low))?;
    if !matches!(s.get(n.end), Some('日' | '号')) {
        return None;
    }
    let e = ["之前", "以前", "前"]
        .iter()
        .find(|w| starts(s, n.end + 1, w))
        .map(|w| n.end + 1 + w.chars().count())?;
    Some(Time {
        from: i,
        to: e,
        kind: Kind::Every {
            every,
            by: None,
            on: Some(n.low as u8),
            month,
            day: false,
        },
        sure: 0.85,
    })
}

/// 按月, 一季一调度, 半年一次, 上半年下半年各, 全年不少于4次.
pub fn rhythm_at(s: &[char], i: usize, floor: usize) -> Option<Time> {
    let every = |e: Every, to: usize, sure: f64| {
        Some(Time {
            from: i,
            to,
            kind: Kind::Every {
                every: e,
                by: None,
                on: None,
                month: None,
                day: false,
            },
            sure,
        })
    };
    const FIXED: &[(&str, Every)] = &[
        ("按季度", Every::Quarter),
        ("逐季度", Every::Quarter),
        ("分季度", Every::Quarter),
        ("按季", Every::Quarter),
        ("按月", Every::Month),
        ("逐月", Every::Month),
        ("按周", Every::Week),
        ("逐周", Every::Week),
        ("按旬", Every::TenDays),
        ("按日", Every::Day),
        ("逐日", Every::Day),
        ("按半年", Every::HalfYear),
        ("按年度", Every::Year),
        ("逐年", Every::Year),
        ("上下半年各", Every::HalfYear),
        ("上半年和下半年各", Every::HalfYear),
        ("上半年、下半年各", Every::HalfYear),
    ];
    for (w, e) in FIXED {
        if starts(s, i, w) {
            let end = i + w.chars().count();
            if *w == "按月" || *w == "按日" || *w == "按周" || *w == "按旬" {
                // 按月饼 is not a rhythm; a verb or a mark must follow.
                if s.get(end).is_some_and(|&c| matches!(c, '份' | '饼')) {
                    return None;
                }
            }
            return every(*e, end, 0.95);
        }
    }
    if starts(s, i, "半年")
        && !(i > floor && matches!(s[i - 1], '上' | '下' | '每'))
        && (one_time(s, i + 2)
            || verb_at(s, i + 2)
                && (i + 4..s.len().min(i + 8))
                    .take_while(|&k| s[k] != '，')
                    .any(|k| one_time(s, k)))
    {
        return every(Every::HalfYear, i + 2, 0.95);
    }
    if s[i] == '一' {
        for (w, e) in [
            ("一季度", Every::Quarter),
            ("一季", Every::Quarter),
            ("一月", Every::Month),
            ("一周", Every::Week),
            ("一旬", Every::TenDays),
            ("一日", Every::Day),
            ("一年", Every::Year),
        ] {
            let end = i + w.chars().count();
            if starts(s, i, w)
                && (one_time(s, end)
                    || (s.get(end) == Some(&'一')
                        && s.get(end + 1)
                            .is_some_and(|&c| "调通研会总报督评考检小分演排梳例".contains(c))))
            {
                return every(e, end, 0.9);
            }
        }
    }
    if starts(s, i, "全年") || starts(s, i, "年度内") {
        let end = i + if s[i] == '全' { 2 } else { 3 };
        let near = &s[end..(end + 14).min(s.len())];
        let cut = near
            .iter()
            .position(|c| matches!(c, '，' | '。' | '；'))
            .unwrap_or(near.len());
        let counted = (0..cut).any(|k| {
            number_at(near, k)
                .is_some_and(|n| near.get(n.end).is_some_and(|&c| "次场期轮".contains(c)))
        });
        if counted {
            return every(Every::Year, end, 0.95);
        }
    }
    let boundary = i == floor
        || matches!(
            s[i - 1],
            '、' | '，' | '“' | '行' | '立' | '施' | '持' | '实' | '善'
        );
    if boundary
        && matches!(s[i], '日' | '周' | '旬' | '月' | '季')
        && ["调度", "通报", "研判", "会商", "例会", "报告", "总结"]
            .iter()
            .any(|w| starts(s, i + 1, w))
    {
        let e = match s[i] {
            '日' => Every::Day,
            '周' => Every::Week,
            '旬' => Every::TenDays,
            '月' => Every::Month,
            _ => Every::Quarter,
        };
        return every(e, i + 1, 0.85);
    }
    None
}

/// A count of times at `at`, with or without a word of bound.
pub fn one_time(s: &[char], at: usize) -> bool {
    let k = if ["至少", "不少于"].iter().any(|w| starts(s, at, w)) {
        at + if s[at] == '至' { 2 } else { 3 }
    } else {
        at
    };
    number_at(s, k).is_some_and(|n| s.get(n.end).is_some_and(|&c| "次轮场期".contains(c)))
}
