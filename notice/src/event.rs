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
            // 镇（街道）发生重大事故，或者3个月内发生2起以上较大事故的，…: the parts of one condition.
            if contains(s, a, k, "发生")
                && let Some(e) = alternatives(s, nest, k, b.min(a + EVENT_MAX))
            {
                return make(a, e + 1, (a, e), true, 0.9);
            }
            // 文件印发后，…: what has happened is the condition.
            if last == '后'
                && !matches!(
                    before,
                    '前' | '今' | '最' | '先' | '善' | '灾' | '然' | '售' | '此' | '背'
                )
            {
                return make(a, k, (a, k - 1), false, 0.85);
            }
            // 客流达到承载量90%时，…
            if last == '时' && at_that_time(before) {
                return make(a, k, (a, k - 1), false, 0.85);
            }
        }
    }
    // 一年内累计发生2次以上…的使用单位，…: the one it happened to closes the condition.
    if let Some(k) = to_whom(s, nest, a, b) {
        return make(a, k, (a, k), true, 0.85);
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
            let words = if s[e - 1] == '时' && at_that_time(s[e - 2]) {
                e - 1
            } else {
                e
            };
            return make(start, e, (start, words), false, 0.85);
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
        let found = (start + 2..upto).find(|&i| {
            !nest.inside(i)
                && (s[i] == '后'
                    && !starts(s, i, "后勤")
                    && !starts(s, i, "后续")
                    && !starts(s, i, "后果")
                    || (s[i] == '时'
                        && at_that_time(s[i - 1])
                        && (s.get(i + 1) == Some(&'，') || verb_at(s, i + 1))))
        });
        if let Some(e) = found {
            return make(start, e + 1, (start, e), false, 0.85);
        }
        // 发生学生伤亡事件，学校应当…: it has happened, and somebody must act on it.
        let e = comma.filter(|&e| e - start <= 40 && e + 4 < b)?;
        let happened = ["发生", "出现", "接到", "收到", "发现"]
            .iter()
            .any(|w| starts(s, start, w))
            && !matches!(s[start + 2], '和' | '、' | '并' | '及' | '的');
        let next = (e + 1..b).find(|&i| s[i] == '，').unwrap_or(b);
        let must = (e + 1..next).any(|i| {
            [
                "应当",
                "应",
                "要",
                "须",
                "必须",
                "立即",
                "及时",
                "第一时间",
                "迅速",
                "由",
            ]
            .iter()
            .any(|w| starts(s, i, w))
        });
        return (happened && must)
            .then(|| make(start, e, (start, e), false, 0.8))
            .flatten();
    }
    // 对检查发现的重大隐患采取…, 对考核不合格人员，采取….
    let words = start + lead;
    let upto = comma.unwrap_or(stop).min(words + 60);
    let e = (words + 2..upto)
        .find(|&i| {
            !nest.inside(i)
                && HAPPEN.iter().any(|w| contains(s, words, i, w))
                && [
                    "采取",
                    "依法",
                    "实行",
                    "实施",
                    "予以",
                    "给予",
                    "严肃",
                    "坚决",
                    "及时",
                    "立即",
                    "要",
                    "一律",
                    "严格",
                    "进行",
                    "逐一",
                    "从严",
                    "落实",
                    "建立",
                    "逐项",
                    "限期",
                    "挂牌",
                    "立查立改",
                    "立行立改",
                    "督促",
                    "组织",
                    "明确",
                    "建账",
                    "建档",
                    "制定",
                    "形成",
                    "按照",
                    "责令",
                    "约谈",
                    "应当",
                    "必须",
                    "由",
                    "分类",
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

/// The 的 that closes a row of clauses that each begin with 或, 或者 or 以及.
fn alternatives(s: &[char], nest: &Nest, mut comma: usize, to: usize) -> Option<usize> {
    loop {
        ["或", "以及"]
            .iter()
            .any(|w| starts(s, comma + 1, w))
            .then_some(())?;
        let next = (comma + 1..to).find(|&i| s[i] == '，' && !nest.inside(i))?;
        if s[next - 1] == '的' {
            return Some(next - 1);
        }
        comma = next;
    }
}

/// Whether 时 behind `before` means when: not 及时, 同时, 按时, 小时.
fn at_that_time(before: char) -> bool {
    !matches!(
        before,
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
            | '学'
            | '课'
            | '届'
            | '暂'
    )
}

/// The comma behind 年内发生2起以上…事故的景区: something counted, and the one it happened to.
fn to_whom(s: &[char], nest: &Nest, a: usize, b: usize) -> Option<usize> {
    let comma = (a..b.min(a + 100)).find(|&i| s[i] == '，' && !nest.inside(i))?;
    let windowed = windowed(s, a);
    let happened = ["发生", "累计", "连续", "出现", "被"]
        .iter()
        .any(|w| contains(s, a, comma, w));
    if !(happened
        && (windowed
            || ["发生", "累计", "连续", "出现"]
                .iter()
                .any(|w| starts(s, a, w))))
    {
        return None;
    }
    let of = (comma.saturating_sub(16).max(a)..comma.saturating_sub(1)).rfind(|&i| s[i] == '的')?;
    let counted = (a..of).any(|i| {
        crate::numerals::number_at(s, i).is_some_and(|n| {
            s.get(n.end)
                .is_some_and(|&c| "起次例件宗个人名".contains(c))
        })
    });
    counted.then_some(comma)
}

/// 一年内, 半年内, 12个月内, 一个学期内, 年内 at `a`.
fn windowed(s: &[char], a: usize) -> bool {
    [
        "年内",
        "半年内",
        "半年之内",
        "当年",
        "年度内",
        "同一年度",
        "全年",
        "自然年度",
    ]
    .iter()
    .any(|w| starts(s, a, w))
        || crate::numerals::number_at(s, a).is_some_and(|n| {
            [
                "个月内",
                "年内",
                "个月之内",
                "年之内",
                "年度内",
                "个学期内",
                "个自然年",
                "个季度内",
                "日内",
                "天内",
            ]
            .iter()
            .any(|w| starts(s, n.end, w))
        })
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
        || a + 1 < s.len() && windowed(s, a)
        || starts(s, a, "涉及") && s.len() > a + 8
}

/// The event that starts a span of time: 接报后 in 接报后2小时内.
pub fn start_of(s: &[char], from: usize, at: usize) -> Option<(usize, usize)> {
    let mut k = at;
    loop {
        let word = [
            "应当", "必须", "均应", "均要", "的", "在", "于", "须", "应", "要", "，",
        ]
        .iter()
        .find(|w| k >= from + w.chars().count() && starts(s, k - w.chars().count(), w));
        let Some(w) = word else { break };
        k -= w.chars().count();
    }
    let tail = ["之日起", "之时起", "之后", "日起", "后", "起"]
        .iter()
        .find(|w| {
            let n = w.chars().count();
            k >= from + n && starts(s, k - n, w)
        });
    let k = k - tail.map_or(0, |w| w.chars().count());
    if tail.is_none() {
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
        "应当自",
        "应自",
        "要自",
        "须自",
        "必须在",
        "应当于",
        "应当",
    ] {
        if starts(s, f, w) {
            f += w.chars().count();
            break;
        }
    }
    (f < k).then_some((f, k))
}

/// 检查发现的一般隐患: a clause that only names what was found.
pub fn found_thing(s: &[char], from: usize, to: usize) -> Option<(usize, usize)> {
    let found = [
        "发现",
        "查出",
        "排查出",
        "反馈",
        "交办",
        "举报",
        "移交",
        "收到",
        "接到",
    ]
    .iter()
    .any(|w| contains(s, from, to, w));
    (found && to - from <= 30 && s[from..to].contains(&'的')).then_some((from, to))
}
