//! Triggers: a condition on events (grades, counts, windows) and what must follow.

use anlan_core::notice::{Condition, Span, Trigger};

use crate::event;
use crate::numerals::{number_at, starts};
use crate::outline::Part;
use crate::sentence::{Nest, pieces, sentences};
use crate::subject;
use crate::text::{Healed, Para};

/// Most triggers taken from one notice.
pub const TRIGGERS_MAX: usize = 5000;

/// Consequences: what an authority does because something happened.
const CONSEQUENCES: &[&str] = &[
    "约谈",
    "通报",
    "问责",
    "移送",
    "追究",
    "挂牌",
    "巡查",
    "停产",
    "停业",
    "取缔",
    "关闭",
    "立案",
    "曝光",
    "一票否决",
    "督办",
    "处罚",
    "惩戒",
    "查处",
    "提级",
    "警示",
    "责令",
    "吊销",
    "取消",
    "追责",
    "倒查",
    "处分",
    "警告",
    "黑名单",
    "暂扣",
    "罚款",
    "调查",
    "上限",
    "从重",
];

fn holds(s: &[char], from: usize, to: usize, word: &str) -> bool {
    at_word(s, from, to, word).is_some()
}

fn at_word(s: &[char], from: usize, to: usize, word: &str) -> Option<usize> {
    let n = word.chars().count();
    if to < from + n {
        return None;
    }
    (from..=to - n).find(|&i| starts(&s[..to], i, word))
}

/// Reads the triggers of a stretch of text.
pub fn read(
    healed: &Healed<'_>,
    part: Part,
    nest: &Nest,
    article: u32,
    out: &mut Vec<Trigger>,
    remarks: &mut Vec<(Span, String)>,
) {
    stretch(
        healed,
        &healed.paras[part.para],
        nest,
        (part.from, part.to),
        article,
        out,
        remarks,
    );
}

/// The same for a paragraph that is not one of the text's own, such as a table cell.
pub fn read_para(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    article: u32,
    out: &mut Vec<Trigger>,
    remarks: &mut Vec<(Span, String)>,
) {
    stretch(healed, p, nest, (0, p.norm.len()), article, out, remarks);
}

fn stretch(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    (from, to): (usize, usize),
    article: u32,
    out: &mut Vec<Trigger>,
    remarks: &mut Vec<(Span, String)>,
) {
    let s = &p.norm;
    for (a, b) in sentences(s, nest, from, to) {
        let list = pieces(s, nest, a, b);
        for (k, piece) in list.iter().enumerate() {
            let Some(e) = piece.event.as_ref().filter(|_| !piece.carried) else {
                continue;
            };
            if out.len() >= TRIGGERS_MAX {
                return;
            }
            // What follows from an accident may go on behind a semicolon.
            let upto = list[k + 1..]
                .iter()
                .take_while(|p| p.carried)
                .last()
                .map_or(piece.to, |p| p.to);
            one(
                healed,
                p,
                nest,
                (piece.from, upto),
                e,
                article,
                out,
                remarks,
            );
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn one(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    (a, b): (usize, usize),
    e: &event::Event,
    article: u32,
    out: &mut Vec<Trigger>,
    remarks: &mut Vec<(Span, String)>,
) {
    let s = &p.norm;
    let any = conditions(healed, p, nest, e.words.0, e.words.1);
    let mut then = e.to;
    while then < b && matches!(s[then], '，' | ' ') {
        then += 1;
    }
    if then >= b {
        return;
    }
    let follows = CONSEQUENCES.iter().any(|w| holds(s, then, b, w));
    let counted = any
        .iter()
        .any(|c| c.count.is_some() || c.within_days.is_some() || c.within_months.is_some());
    let happened = any.iter().any(|c| c.event != "other");
    // 安全生产事故易发 or 对事故隐患 alone make no trigger: something must have happened, or be counted.
    let accident = e.accident
        && any.iter().any(|c| c.event == "accident")
        && (holds(s, e.words.0, e.words.1, "发生")
            || holds(s, e.words.0, e.words.1, "事故的")
            || e.strict
            || any
                .iter()
                .any(|c| c.grade.is_some() || c.grade_at_least.is_some()));
    if !(accident || counted || (follows && (e.strict || happened))) {
        return;
    }
    let clause_end = (then..b)
        .find(|&i| s[i] == '，' && !nest.inside(i))
        .unwrap_or(b);
    let by = subject::find(healed, p, then, clause_end, nest)
        .or_else(|| (e.from > a).then(|| (a, e.from, Vec::new())));
    let (by, from) = match by {
        Some((x, y, _)) if y <= e.from => (Some(healed.tight(p, x, y)), then),
        Some((x, y, _)) => (Some(healed.tight(p, x, y)), y),
        None => (None, then),
    };
    let mut from = from;
    for w in ["应当", "必须", "要", "应", "须"] {
        if starts(s, from, w) {
            from += w.chars().count();
            break;
        }
    }
    let span = p.span(a, b);
    if any.is_empty() {
        remarks.push((span, "触发条件没有读懂，未列入".into()));
        return;
    }
    // Where the events are counted is said by whom the consequence meets.
    let scope = scope(s, e.words, (from, b));
    out.push(Trigger {
        article,
        quote: healed.quote(span),
        span,
        any,
        scope: scope.map(str::to_string),
        then: healed.tight(p, from, b),
        by,
    });
}

fn scope(s: &[char], cond: (usize, usize), then: (usize, usize)) -> Option<&'static str> {
    let town = [
        "镇（街道）",
        "乡镇",
        "镇街",
        "街道",
        "属地镇",
        "镇办",
        "乡（镇",
        "镇",
    ];
    let firm = [
        "企业",
        "生产经营单位",
        "经营单位",
        "公司",
        "煤矿",
        "矿山",
        "场所",
        "项目",
        "工地",
    ];
    for (a, b) in [then, cond] {
        if town.iter().any(|w| holds(s, a, b, w)) {
            return Some("town");
        }
        if firm.iter().any(|w| holds(s, a, b, w)) {
            return Some("enterprise");
        }
        if ["县（市、区）", "县区", "区（县", "县市区"]
            .iter()
            .any(|w| holds(s, a, b, w))
        {
            return Some("district");
        }
    }
    None
}

/// Conditions of a stretch, joined by 或, ， or 以及.
fn conditions(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    from: usize,
    to: usize,
) -> Vec<Condition> {
    let s = &p.norm[..to];
    let mut parts = Vec::new();
    let mut start = from;
    let mut i = from;
    while i < to {
        let cut = if nest.inside(i) {
            0
        } else if s[i] == '，' || s[i] == '或' {
            1
        } else if starts(s, i, "以及") {
            2
        } else if matches!(s[i], '和' | '及' | '、')
            && !starts(s, i, "及以上")
            && ends(s, start, i, "事故")
            && holds(s, i, to, "事故")
        {
            1
        } else {
            0
        };
        if cut > 0 {
            parts.push((start, i));
            i += cut;
            if s.get(i - 1) == Some(&'或') && s.get(i) == Some(&'者') {
                i += 1;
            }
            start = i;
            continue;
        }
        i += 1;
    }
    parts.push((start, to));
    let mut out: Vec<(Condition, bool)> = Vec::new();
    for &(a, b) in &parts {
        if b.saturating_sub(a) < 2 {
            continue;
        }
        out.push(condition(healed, p, a, b));
    }
    // 3个月之内发生2起以上或6个月之内发生3起以上较大事故: what is counted is said once, at the end.
    for k in (0..out.len().saturating_sub(1)).rev() {
        if out[k].1 && !out[k + 1].1 {
            let next = out[k + 1].0.clone();
            let c = &mut out[k].0;
            c.event = next.event;
            c.grade = c.grade.take().or(next.grade);
            c.grade_at_least = c.grade_at_least.take().or(next.grade_at_least);
            c.what = None;
            c.same_kind |= next.same_kind;
            out[k].1 = false;
        }
    }
    // 一年内发生2起一般事故或者1起较大事故: the window holds for both.
    let mut window = (None, None);
    for (c, _) in &mut out {
        if c.within_months.is_some() || c.within_days.is_some() {
            window = (c.within_months, c.within_days);
        } else if c.count.is_some() {
            (c.within_months, c.within_days) = window;
        }
    }
    // 对煤矿…破坏设施，或者篡改数据: parts of one description, not conditions of their own.
    let plain = |c: &Condition| {
        c.event == "other" && c.count.is_none() && c.grade.is_none() && c.grade_at_least.is_none()
    };
    if out.len() > 1
        && out.iter().any(|x| plain(&x.0))
        && !out.iter().any(|x| x.0.event == "accident")
    {
        let event = out
            .iter()
            .map(|x| x.0.event.clone())
            .find(|e| e != "other")
            .unwrap_or_else(|| "other".into());
        let what = healed.tight(p, from, to);
        let (count, within_months, within_days) = out.iter().fold((None, None, None), |acc, x| {
            (
                acc.0.or(x.0.count),
                acc.1.or(x.0.within_months),
                acc.2.or(x.0.within_days),
            )
        });
        return vec![Condition {
            event,
            grade_at_least: None,
            grade: None,
            count,
            within_months,
            within_days,
            same_kind: false,
            during: None,
            what: Some(what),
        }];
    }
    out.into_iter().map(|x| x.0).collect()
}

fn ends(s: &[char], from: usize, to: usize, word: &str) -> bool {
    let n = word.chars().count();
    to >= from + n && starts(s, to - n, word)
}

/// One condition, and whether it names no event of its own.
fn condition(healed: &Healed<'_>, p: &Para, a: usize, b: usize) -> (Condition, bool) {
    let s = &p.norm[..b];
    let has = |w: &str| holds(s, a, b, w);
    let several = s[a..b].contains(&'、') && !has("发生") && !has("事故") && !has("查处");
    let event = if several && !has("等违法") && !has("等违规") {
        "other"
    } else if ["瞒报", "迟报", "谎报", "漏报"].iter().any(|w| has(w)) && !has("事故") {
        "violation"
    } else if has("隐患") && !has("事故隐患举报") {
        "hazard"
    } else if has("事故") {
        "accident"
    } else if has("举报") || has("投诉") {
        "report"
    } else if ["违法", "违规", "违章", "非法", "犯罪", "违反"]
        .iter()
        .any(|w| has(w))
    {
        "violation"
    } else if ["险情", "火灾", "灾害", "事件", "灾情"]
        .iter()
        .any(|w| has(w))
    {
        "incident"
    } else {
        "other"
    };
    let mut c = Condition {
        event: event.into(),
        grade_at_least: None,
        grade: None,
        count: None,
        within_months: None,
        within_days: None,
        same_kind: ["同类", "类似", "同一类", "同一原因"]
            .iter()
            .any(|w| has(w)),
        during: None,
        what: None,
    };
    let mut graded = None;
    for (w, out) in [
        ("特别重大", "特别重大"),
        ("特大", "特别重大"),
        ("重大", "重大"),
        ("较大", "较大"),
        ("一般", "一般"),
    ] {
        if c.event == "other" {
            break;
        }
        if let Some(i) = at_word(s, a, b, w) {
            let e = i + w.chars().count();
            let follows = [
                "及以上",
                "以上",
                "及其以上",
                "事故",
                "生产安全",
                "安全",
                "火灾",
                "隐患",
                "事故隐患",
                "道路",
                "交通",
                "或",
                "、",
                "涉险",
                "突发",
                "亡人",
                "级",
            ]
            .iter()
            .any(|x| starts(s, e, x));
            if follows || (c.event == "accident" && e < b) {
                graded = Some((
                    out,
                    ["及以上", "以上", "及其以上"]
                        .iter()
                        .any(|x| starts(s, e, x)),
                ));
                break;
            }
        }
    }
    let mut i = a;
    while i < b {
        let Some(n) = number_at(s, i) else {
            if starts(s, i, "半年内") || starts(s, i, "半年之内") {
                c.within_months = Some(6);
            } else if ["年度内", "同一年度", "全年", "当年内", "本年内", "自然年"]
                .iter()
                .any(|w| starts(s, i, w))
                || (starts(s, i, "年内") && c.within_months.is_none())
            {
                c.within_months = Some(12);
            } else if starts(s, i, "再次发生") || starts(s, i, "再次出现") {
                c.count = c.count.or(Some(2));
            }
            i += 1;
            continue;
        };
        let e = n.end;
        let within = |k: usize| ["之内", "以内", "内"].iter().any(|w| starts(s, k, w));
        if (starts(s, e, "个月") && within(e + 2))
            || (starts(s, e, "月") && within(e + 1) && n.chinese)
        {
            c.within_months = Some(n.high as u32);
        } else if (starts(s, e, "年") && within(e + 1))
            || ["个自然年", "年度内", "个年度"]
                .iter()
                .any(|w| starts(s, e, w))
        {
            c.within_months = Some((n.high as u32).saturating_mul(12));
        } else if ["日", "天", "个工作日"]
            .iter()
            .any(|w| starts(s, e, w) && within(e + w.chars().count()))
        {
            c.within_days = Some(n.high as u32);
        } else if matches!(s.get(e), Some('起' | '次' | '例' | '件' | '个' | '宗'))
            && !starts(s, e, "个月")
        {
            c.count = Some(n.low as u32);
        }
        i = e.max(i + 1);
    }
    if let Some((g, up)) = graded {
        // A counted grade includes the graver ones: two 较大 accidents are also had with a 重大 one.
        if up || c.count.is_some() {
            c.grade_at_least = Some(g.into());
        } else {
            c.grade = Some(g.into());
        }
    }
    if let Some(k) = at_word(s, a, b, "期间") {
        let mut x = a;
        for w in ["在", "于", "对", "凡", "凡是"] {
            if starts(s, x, w) {
                x += w.chars().count();
            }
        }
        if k > x {
            c.during = Some(healed.tight(p, x, k));
        }
    }
    let said = c.grade.is_some() || c.grade_at_least.is_some() || c.count.is_some() || c.same_kind;
    // 一个学期内: a window that months cannot hold stays in the words.
    if c.event != "accident" || !said || has("学期内") || has("学年内") {
        let mut x = a;
        for w in ["发生", "出现", "存在"] {
            if starts(s, x, w) && c.event == "accident" {
                x += w.chars().count();
            }
        }
        for w in ["凡是", "凡", "因"] {
            if starts(s, x, w) {
                x += w.chars().count();
                break;
            }
        }
        let mut end = b;
        while end > x && matches!(s[end - 1], '的' | '后' | '时') {
            end -= 1;
        }
        c.what = Some(healed.tight(p, x, end));
    }
    let bare = c.event == "other"
        && (c.count.is_some() || c.within_months.is_some() || c.within_days.is_some())
        && b - a < 24;
    (c, bare)
}
