//! On what event: 对…的，, 凡…一律…, 发生…后, 一旦…, 接报后2小时内.

use crate::numerals::starts;
use crate::sentence::Nest;
use crate::words::verb_at;

/// A condition at the start of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// From its first word (对, 凡),
    pub from: usize,
    /// to the place after it.
    pub to: usize,
    /// The condition itself, without 对 and the closing 的.
    pub words: (usize, usize),
    /// Whether it is about an accident.
    pub accident: bool,
    /// Whether it has the form …的，.
    pub strict: bool,
    /// How sure.
    pub sure: f64,
}

/// Longest condition, in characters.
const EVENT_MAX: usize = 300;

/// Things that happen, in conditions without 的，.
const HAPPEN: &[&str] = &[
    "违法",
    "违规",
    "违章",
    "事故",
    "隐患",
    "不合格",
    "不到位",
    "不力",
    "发现",
    "举报",
    "投诉",
    "险情",
    "未按",
    "未经",
    "问题突出",
    "拒不",
    "非法",
    "不达标",
    "超期",
    "逾期",
    "失信",
    "灾害",
    "发生",
    "被通报",
    "连续",
    "累计",
    "火情",
    "火灾",
    "逾期未",
    "问题",
];

fn contains(s: &[char], from: usize, to: usize, word: &str) -> bool {
    let n = word.chars().count();
    to >= from + n && (from..=to - n).any(|i| starts(s, i, word))
}

/// The condition a clause group begins with.
pub fn find(s: &[char], nest: &Nest, a: usize, b: usize) -> Option<Event> {
    let s = &s[..b];
    let make = |from: usize, to: usize, words: (usize, usize), strict: bool, sure: f64| {
        let accident = contains(s, words.0, words.1, "事故");
        Some(Event {
            from,
            to,
            words,
            accident,
            strict,
            sure,
        })
    };
    // 学校发生疑似食物中毒的，应当…: a first clause that closes with 的 is a condition.
    if !opens(s, a) {
        let comma = (a..b.min(a + 80)).find(|&i| s[i] == '，' && !nest.inside(i));
        if let Some(k) = comma
            && k > a + 4
            && !starts(s, a, "将")
        {
            let last = s[k - 1];
            let before = s[k - 2];
            if last == '的' && !matches!(before, '目' | '标' | '有') && !contains(s, a, k, "是")
            {
                return make(a, k, (a, k - 1), true, 0.85);
            }
            // 文件印发后，…: what has happened is the condition.
            if last == '后'
                && !matches!(
                    before,
                    '前' | '今' | '最' | '先' | '善' | '灾' | '然' | '售' | '此' | '背'
                )
            {
                return make(a, k, (a, k), false, 0.85);
            }
        }
    }
    // The condition may follow the one who must act: 各镇对发现的隐患，….
    let start = if opens(s, a) {
        a
    } else {
        (a + 1..b.min(a + 24)).find(|&k| {
            s[k] == '对'
                && !nest.inside(k)
                && matches!(
                    s[k - 1],
                    '局' | '道' | '位' | '门' | '业' | '）' | '府' | '会' | '办' | '队' | '镇'
                )
        })?
    };
    let lead = ["对于", "对"]
        .iter()
        .find(|w| starts(s, start, w))
        .map_or(0, |w| w.chars().count());
    let stop = b.min(start + EVENT_MAX);
    // …的， with further …的，… before what must follow.
    let mut end = None;
    for i in start + 2..stop {
        if nest.inside(i) || s[i] != '的' {
            continue;
        }
        if matches!(s.get(i + 1), Some('，')) || (starts(s, i + 1, "一律")) {
            end = Some(i);
        }
    }
    if let Some(e) = end {
        let sure = if lead > 0 || starts(s, start, "凡") {
            0.95
        } else {
            0.9
        };
        return make(start, e + 1, (start + lead, e), true, sure);
    }
    let comma = (start..stop).find(|&i| s[i] == '，' && !nest.inside(i));
    if starts(s, start, "凡") {
        let e = comma
            .or_else(|| (start..stop).find(|&i| starts(s, i, "一律") || starts(s, i, "必须")))?;
        return make(start, e, (start, e), true, 0.9);
    }
    for w in [
        "一旦",
        "如遇",
        "如发生",
        "如有",
        "如出现",
        "若发生",
        "若出现",
        "遇有",
        "遇到",
        "遇",
    ] {
        if starts(s, start, w) {
            let e = comma.filter(|&e| e - start <= 60)?;
            return make(start, e, (start, e), false, 0.85);
        }
    }
    if starts(s, start, "涉及") {
        let e = (start + 4..stop.min(start + 60))
            .find(|&i| matches!(s[i], '要' | '应' | '须' | '，' | '由') && !nest.inside(i))?;
        return make(start, e, (start, e), false, 0.75);
    }
    if lead == 0 {
        // 发生事故后, 接到报告后, 发现隐患时.
        let upto = comma.unwrap_or(stop).min(start + 40);
        let e = (start + 2..upto).find(|&i| {
            !nest.inside(i)
                && (s[i] == '后'
                    && !starts(s, i, "后勤")
                    && !starts(s, i, "后续")
                    && !starts(s, i, "后果")
                    || (s[i] == '时'
                        && !matches!(
                            s[i - 1],
                            '及' | '同'
                                | '按'
                                | '定'
                                | '随'
                                | '适'
                                | '准'
                                | '小'
                                | '临'
                                | '限'
                                | '平'
                                | '实'
                        )
                        && (s.get(i + 1) == Some(&'，') || verb_at(s, i + 1))))
        })?;
        return make(start, e + 1, (start, e + 1), false, 0.85);
    }
    // 对检查发现的重大隐患采取…, 对考核不合格人员，采取….
    let words = start + lead;
    let upto = comma.unwrap_or(stop).min(words + 60);
    let e = (words + 2..upto)
        .find(|&i| {
            !nest.inside(i)
                && HAPPEN.iter().any(|w| contains(s, words, i, w))
                && [
                    "采取", "依法", "实行", "实施", "予以", "给予", "严肃", "坚决", "及时", "立即",
                    "要", "一律", "严格", "进行", "逐一", "从严", "落实",
                ]
                .iter()
                .any(|w| starts(s, i, w))
        })
        .unwrap_or(upto);
    HAPPEN
        .iter()
        .any(|w| contains(s, words, e, w))
        .then_some(())?;
    // 加强对…的监督 is no condition; the sentence must go on.
    (e < b).then_some(())?;
    make(start, e, (words, e), false, 0.75)
}

fn opens(s: &[char], a: usize) -> bool {
    if starts(s, a, "对照") || starts(s, a, "对标") || starts(s, a, "对接") {
        return false;
    }
    [
        "对",
        "凡",
        "一旦",
        "如遇",
        "如发生",
        "如有",
        "如出现",
        "若发生",
        "若出现",
        "遇",
        "发生",
        "发现",
        "接到",
        "收到",
        "接报",
        "出现",
        "逾期",
        "未按",
        "未经",
        "因",
        "存在",
        "事故发生",
        "经核实",
        "经查",
        "经检查",
        "连续",
        "累计",
        "年内",
        "一年内",
        "同一",
    ]
    .iter()
    .any(|w| starts(s, a, w))
        || a + 1 < s.len()
            && crate::numerals::number_at(s, a).is_some_and(|n| {
                ["个月内", "年内", "个月之内", "年度内"]
                    .iter()
                    .any(|w| starts(s, n.end, w))
            })
        || starts(s, a, "涉及") && s.len() > a + 8
}

/// The event that starts a span of time: 接报后 in 接报后2小时内.
pub fn start_of(s: &[char], from: usize, at: usize) -> Option<(usize, usize)> {
    let mut k = at;
    while k > from && matches!(s[k - 1], '的' | '在' | '于' | '须' | '应' | '要' | '，') {
        k -= 1;
    }
    let ends = ["之日起", "之后", "日起", "后", "起"].iter().any(|w| {
        let n = w.chars().count();
        k >= from + n && starts(s, k - n, w)
    });
    if !ends {
        // 检查发现的问题要在15个工作日内整改: what was found starts the time.
        let found = ["发现", "接到", "收到", "举报", "交办", "查出", "反馈"]
            .iter()
            .any(|w| contains(s, from, k, w));
        if at >= from + 4 && s[at - 1] == '的' {
            return Some((from, at - 1));
        }
        return (found && k > from).then_some((from, k));
    }
    let mut f = from;
    for w in [
        "自",
        "从",
        "在",
        "并在",
        "并于",
        "于",
        "应在",
        "应当在",
        "要在",
        "须在",
    ] {
        if starts(s, f, w) {
            f += w.chars().count();
            break;
        }
    }
    (f < k).then_some((f, k))
}
