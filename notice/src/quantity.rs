//! How much: 至少10项, 1-2项, 不低于95%, 全覆盖, 每个村（社区）至少1处. A number is a demand only when words
//! about it say so; 11项职责, 国办发〔2024〕54号 and “五进” are names.

use crate::dates::{Kind, Time};
use crate::numerals::{arabic, is_numeral, number_at, starts};
use crate::sentence::Nest;
use crate::words::{adverb_at, verb_at};

/// An amount in a clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// From the first to the last word about it.
    pub from: usize,
    /// The place after it.
    pub to: usize,
    /// 不少于.
    pub at_least: Option<f64>,
    /// 不超过.
    pub at_most: Option<f64>,
    /// 项, 次, %, …
    pub unit: String,
    /// What is counted.
    pub what: Option<(usize, usize)>,
    /// Whether a word such as 至少 stands with it.
    pub bound: bool,
    /// A share of all.
    pub percent: bool,
    /// 全覆盖, 全部完成.
    pub coverage: bool,
    /// The words to leave out when the action is told.
    pub cuts: Vec<(usize, usize)>,
    /// Further amounts in the same clause, which one demand cannot hold.
    pub more: Vec<(usize, usize)>,
}

/// Words that count things, longest first.
const UNITS: &[&str] = &[
    "平方公里",
    "立方米",
    "立方",
    "公顷",
    "箱",
    "枚",
    "瓶",
    "桶",
    "盒",
    "袋",
    "床",
    "顶",
    "把",
    "根",
    "片",
    "头",
    "幢",
    "孔",
    "千瓦",
    "秒",
    "千克",
    "公斤",
    "毫米",
    "厘米",
    "学分",
    "克",
    "字",
    "平方米",
    "个百分点",
    "公里",
    "千米",
    "万元",
    "亿元",
    "人次",
    "家次",
    "户次",
    "批次",
    "场次",
    "课时",
    "学时",
    "小时",
    "分钟",
    "工作日",
    "次",
    "场",
    "期",
    "轮",
    "遍",
    "回",
    "项",
    "个",
    "件",
    "处",
    "家",
    "户",
    "名",
    "人",
    "座",
    "条",
    "起",
    "支",
    "所",
    "栋",
    "台",
    "部",
    "辆",
    "米",
    "亩",
    "吨",
    "元",
    "天",
    "份",
    "篇",
    "只",
    "具",
    "例",
    "门",
    "块",
    "盏",
    "口",
    "眼",
    "宗",
    "对",
    "节",
    "堂",
    "幅",
    "间",
    "艘",
    "架",
    "棵",
    "株",
    "张",
    "层",
    "类",
    "批",
    "套",
    "级",
];

/// Words that make a number a lower bound.
const LEAST: &[&str] = &[
    "不得少于",
    "不得低于",
    "不少于",
    "不低于",
    "不小于",
    "不得小于",
    "不应少于",
    "不应低于",
    "不短于",
    "至少",
    "最少",
    "达到",
    "超过",
    "突破",
    "提高到",
    "提升到",
    "提高至",
    "提升至",
    "提升",
    "增长",
    "下降",
    "降低",
    "新增",
    "力争",
    "完成",
    "保持在",
    "稳定在",
    "≥",
    "达",
    "不下于",
    "各",
];
/// Words that make it an upper bound.
const MOST: &[&str] = &[
    "不得超过",
    "不得多于",
    "不得高于",
    "不得大于",
    "不应超过",
    "不应大于",
    "不应高于",
    "不超过",
    "不多于",
    "不高于",
    "不大于",
    "最多",
    "控制在",
    "≤",
    "压缩至",
    "缩短至",
    "压减至",
];

/// Things that are counted but never asked for: 两个方面, 三个阶段.
const NAMES: &[&str] = &[
    "方面",
    "阶段",
    "环节",
    "层面",
    "必须",
    "确保",
    "维护",
    "意识",
    "自信",
    "坚持",
    "重点",
    "到位",
    "不放过",
    "文件",
    "规定",
    "要求",
    "职责",
    "标准",
    "百分点以",
    "步骤",
    "月",
    "年",
    "五年",
    "全面",
];

/// The amount a clause asks for.
pub fn find(s: &[char], from: usize, to: usize, nest: &Nest, times: &[Time]) -> Option<Amount> {
    let s = &s[..to];
    let mut best: Option<Amount> = None;
    let mut i = from;
    while i < to {
        if let Some(t) = times.iter().find(|t| t.from <= i && i < t.to) {
            i = t.to;
            continue;
        }
        if nest.inside(i) {
            i += 1;
            continue;
        }
        if best.is_none()
            && let Some(a) = all_at(s, i, from)
        {
            i = a.to;
            best = Some(a);
            continue;
        }
        if !(arabic(s[i]).is_some() || is_numeral(s[i])) {
            i += 1;
            continue;
        }
        // 第十届, 〔2024〕54号: part of a name.
        let named = i > from && matches!(s[i - 1], '第' | '〕' | '号' | '/' | '-');
        let Some(n) = number_at(s, i) else {
            while i < to && is_numeral(s[i]) {
                i += 1;
            }
            continue;
        };
        if !named && let Some(mut a) = amount_at(s, i, n, from, times) {
            i = a.to.max(n.end);
            match best.take() {
                None => best = Some(a),
                Some(b) if (a.bound && !b.bound) || (b.coverage && !b.percent) => {
                    // 一支不少于20人的队伍: one of a kind is no second count.
                    if b.at_least != Some(1.0) {
                        a.more.push((b.from, b.to));
                    }
                    best = Some(a);
                }
                Some(mut b) => {
                    b.more.push((a.from, a.to));
                    best = Some(b);
                }
            }
            continue;
        }
        // 冲锋舟20艘以上、编织袋10万条: a second count behind the first.
        if let Some(b) = best.as_mut().filter(|b| !named && !b.percent && b.to < i)
            && let Some(u) = UNITS.iter().find(|u| starts(s, n.end, u))
            && s[b.to..i].contains(&'、')
            && (n.end + u.chars().count() == s.len()
                || matches!(s.get(n.end + u.chars().count()), Some('、' | '，' | '（')))
        {
            b.more.push((i, n.end + u.chars().count()));
        }
        i = n.end.max(i + 1);
    }
    best
}

/// 全覆盖, 全部完成, 百分之百 in words.
fn all_at(s: &[char], i: usize, from: usize) -> Option<Amount> {
    for w in [
        "全覆盖",
        "全部完成",
        "全部整改",
        "全部达标",
        "全部销号",
        "全部清零",
        "应改尽改",
    ] {
        if starts(s, i, w) {
            let to = i + w.chars().count();
            let _ = from;
            return Some(Amount {
                from: i,
                to,
                at_least: Some(100.0),
                at_most: None,
                unit: "%".into(),
                what: None,
                bound: true,
                percent: false,
                coverage: true,
                cuts: Vec::new(),
                more: Vec::new(),
            });
        }
    }
    None
}

fn amount_at(
    s: &[char],
    i: usize,
    n: crate::numerals::Number,
    from: usize,
    times: &[Time],
) -> Option<Amount> {
    // Between clause start and the number: the nearest word of bound, with at most a verb between.
    let floor = from.max(i.saturating_sub(14));
    let mut least: Option<(usize, usize)> = None;
    let mut most: Option<(usize, usize)> = None;
    for k in floor..i {
        if let Some(w) = MOST.iter().find(|w| starts(s, k, w)) {
            let e = k + w.chars().count();
            if e <= i {
                most = Some((k, e));
            }
        } else if let Some(w) = LEAST.iter().find(|w| starts(s, k, w)) {
            let e = k + w.chars().count();
            let tight = matches!(
                *w,
                "达" | "完成"
                    | "力争"
                    | "提升"
                    | "增长"
                    | "下降"
                    | "降低"
                    | "新增"
                    | "各"
                    | "达到"
                    | "超过"
            );
            if e <= i && (!tight || e == i) && most.is_none_or(|m| k >= m.1) {
                least = Some((k, e));
            }
        }
    }
    let mut e = n.end;
    let plus = |e: usize| {
        ["及以上", "以上", "余"]
            .iter()
            .find(|w| starts(s, e, w))
            .map(|w| e + w.chars().count())
    };
    let minus = |e: usize| {
        ["及以下", "以下", "以内", "之内", "内"]
            .iter()
            .find(|w| starts(s, e, w))
            .map(|w| e + w.chars().count())
    };
    let mut a = Amount {
        from: i,
        to: e,
        at_least: None,
        at_most: None,
        unit: String::new(),
        what: None,
        bound: false,
        percent: n.percent,
        coverage: false,
        cuts: Vec::new(),
        more: Vec::new(),
    };
    let ranged = n.low != n.high;
    let settle = |a: &mut Amount, up: bool, down: bool| {
        if ranged {
            a.at_least = Some(n.low);
            a.at_most = Some(n.high);
        } else if most.is_some() || down {
            a.at_most = Some(n.low);
        } else {
            a.at_least = Some(n.low);
        }
        a.bound = ranged && least.is_some() || least.is_some() || most.is_some() || up || down;
    };
    if n.percent {
        let (mut up, mut down) = (false, false);
        if let Some(k) = plus(e) {
            (up, e) = (true, k);
        } else if let Some(k) = minus(e) {
            (down, e) = (true, k);
        }
        // 占比30%的企业 describes.
        if least.is_none() && most.is_none() && !up && !down && s.get(e) == Some(&'的') {
            return None;
        }
        settle(&mut a, up, down);
        a.unit = "%".into();
        a.to = e;
        a.from = least.or(most).map_or(i, |b| b.0);
        // 治理完成率“十四五”期间达到100%: the time stands between.
        let end = times
            .iter()
            .rev()
            .find(|t| t.to == a.from && t.from > from)
            .map_or(a.from, |t| t.from);
        let floor = times
            .iter()
            .map(|t| t.to)
            .filter(|t| *t <= end)
            .max()
            .unwrap_or(from);
        a.what = rate_before(s, floor, end);
        a.cuts.push((a.from, a.to));
        a.coverage = true;
        return Some(a);
    }
    // 3名以上, 10余个, 50人以上
    let (mut up, mut down) = (false, false);
    if s.get(e) == Some(&'余') || s.get(e) == Some(&'多') {
        up = true;
        e += 1;
    }
    // 一名 and 一次 inside words: 第一, 统一, 唯一, 一律, 一体.
    // 保存不少于3年: years are counted only with a word of bound.
    let years = "年";
    let unit = UNITS.iter().find(|u| starts(s, e, u)).or_else(|| {
        let bound = least.is_some() || most.is_some();
        (bound && n.low < 100.0 && s.get(e) == Some(&'年')).then_some(&years)
    })?;
    let mut end = e + unit.chars().count();
    // 35台（套）, 12处（段）
    if s.get(end) == Some(&'（') && s.get(end + 2) == Some(&'）') {
        end += 3;
    }
    let unit_end = end;
    if let Some(k) = plus(end) {
        (up, end) = (true, k);
    } else if let Some(k) = minus(end)
        && (!matches!(*unit, "个" | "家" | "项" | "条") || most.is_some())
    {
        (down, end) = (true, k);
    }
    let duration = matches!(*unit, "小时" | "分钟" | "天" | "工作日" | "年" | "秒");
    let reach = duration
        && ["可抵达", "可到达", "抵达", "到达", "响应", "处置", "可达"]
            .iter()
            .any(|w| starts(s, end, w));
    if starts(s, end, "性")
        || (starts(s, end, "制") && !s.get(end + 1).is_some_and(|&c| "约定作造止".contains(c)))
        || starts(s, end, "化")
    {
        return None;
    }
    let counted = matches!(*unit, "次" | "场" | "期" | "轮" | "遍" | "回" | "场次");
    if !counted && NAMES.iter().any(|w| starts(s, end, w)) && !(least.is_some() || most.is_some()) {
        return None;
    }
    if *unit == "个" && starts(s, end, "月") || *unit == "级" || (*unit == "类" && least.is_none())
    {
        return None;
    }
    let verb_before = i >= from + 2
        && (verb_at(s, i - 2) && !adverb_at(s, i - 2)
            || (i >= from + 3 && s[i - 1] == '了' && verb_at(s, i - 3)));
    let single_before = i > from
        && matches!(
            s[i - 1],
            '建' | '办'
                | '设'
                | '配'
                | '查'
                | '改'
                | '选'
                | '聘'
                | '成'
                | '讲'
                | '训'
                | '报'
                | '少'
                | '各'
        );
    let periodic = times.iter().any(|t| matches!(t.kind, Kind::Every { .. }));
    // 新建气象站12个, 改造管网三十五公里: the count closes a clause that opens with a verb.
    let verb = (from.max(i.saturating_sub(60))..i.saturating_sub(3))
        .find(|&k| verb_at(s, k) && !adverb_at(s, k));
    // 罚款500元 threatens, 落实经费300万元 asks.
    let money = *unit == "元"
        && !["落实", "安排", "投入", "列支", "拨付", "配套", "争取"]
            .iter()
            .any(|w| (from.max(i.saturating_sub(20))..i).any(|k| starts(s, k, w)));
    let closing = end == s.len() && verb.is_some() && i > from + 4 && !duration && !money;
    // 3家企业完成智能化改造: so many are to have done it.
    let first = times
        .iter()
        .filter(|t| t.to <= i)
        .map(|t| t.to)
        .max()
        .unwrap_or(from);
    let leading = (i == first || i == first + 1 && matches!(s[first], '，' | '有'))
        && !counted
        && (end + 1..s.len().min(end + 12)).any(|k| {
            ["完成", "实现", "达到", "建成", "通过", "退出", "达标"]
                .iter()
                .any(|w| starts(s, k, w))
        });
    // 为1.2万户居民加装: those who are served are counted.
    let served = i > from
        && matches!(s[i - 1], '为' | '给')
        && (end + 1..s.len().min(end + 24)).any(|k| verb_at(s, k));
    let said = least.map_or("", |(x, _)| {
        LEAST
            .iter()
            .find(|w| starts(s, x, w))
            .copied()
            .unwrap_or("")
    });
    // 入井超过200人的矿井 describes; 不少于30人的队伍 demands.
    if s.get(end) == Some(&'的')
        && (matches!(said, "超过" | "达到" | "达" | "突破") || (up && least.is_none()))
    {
        return None;
    }
    // 24小时值班: a length of time is asked for only with a word of bound.
    if duration && !(least.is_some() || most.is_some() || up || down || reach) {
        return None;
    }
    // 每半月自检一次: without its period the count would say too little.
    if counted
        && times
            .iter()
            .any(|t| t.kind == Kind::Vague(crate::dates::ODD_PERIOD))
    {
        return None;
    }
    let asked = closing
        || leading
        || served
        || least.is_some()
        || most.is_some()
        || up
        || down
        || reach
        || verb_before
        || single_before
        || (periodic && (counted || ranged))
        || (i == from && periodic);
    if !asked {
        return None;
    }
    // 建立一套, 形成一批, 实施一体化: one of a kind is no quota, unless it is said so.
    if n.chinese
        && n.low == 1.0
        && !(least.is_some() || most.is_some())
        && matches!(
            *unit,
            "栋" | "户"
                | "企"
                | "套"
                | "批"
                | "张"
                | "条"
                | "个"
                | "项"
                | "层"
                | "级"
                | "类"
                | "对"
                | "部"
                | "节"
        )
    {
        return None;
    }
    if matches!(*unit, "套" | "批" | "类") && least.is_none() && !up {
        return None;
    }
    settle(&mut a, up, down || reach);
    a.unit = s[e..unit_end].iter().collect();
    // 300万元 is said in units of 万元.
    if *unit == "元" && matches!(s.get(e - 1), Some('万' | '亿')) {
        let (by, name) = if s[e - 1] == '万' {
            (1e4, "万元")
        } else {
            (1e8, "亿元")
        };
        a.at_least = a.at_least.map(|v| v / by);
        a.at_most = a.at_most.map(|v| v / by);
        a.unit = name.into();
    }
    a.from = least.or(most).map_or(i, |b| b.0);
    a.to = end;
    let mut what_from = end;
    if matches!(s.get(end), Some('的' | '为')) {
        what_from += 1;
    }
    let mut what_to = what_end(s, what_from);
    if (served || leading)
        && let Some(k) = (what_from + 1..what_to).find(|&k| verb_at(s, k))
    {
        what_to = k;
    }
    // 融雪剂储备量不低于200吨, 单班下井人数不超过100人: the measure stands before its bound.
    let measure = a.from > from
        && [
            "量", "数", "率", "度", "积", "里程", "距离", "间距", "比例", "额", "人数", "时间",
        ]
        .iter()
        .any(|w| {
            let n = w.chars().count();
            a.from >= from + n && starts(s, a.from - n, w)
        });
    let named_before = (least.is_some() || most.is_some()) && !counted && what_to <= what_from;
    if named_before && (measure || (!duration && verb.is_none())) {
        let floor = times
            .iter()
            .map(|t| t.to)
            .filter(|t| *t <= a.from)
            .max()
            .unwrap_or(from);
        a.what = rate_before(s, floor, a.from);
    } else if closing && what_to <= what_from {
        let object = verb.map(|k| {
            let mut k = k + 2;
            while verb_at(s, k) && k + 3 < a.from {
                k += 2;
            }
            k
        });
        // 完成改造的企业不少于12家: the verb only says which.
        let object = if object.is_some_and(|k| s[k] == '的') {
            verb
        } else {
            object
        };
        if let Some(k) = object.filter(|k| *k < a.from && s[*k] != '每') {
            a.what = Some((k, a.from));
        }
    } else if what_to > what_from && !duration {
        a.what = Some((what_from, what_to));
    }
    // A count whose thing stands in front and is bounded elsewhere: 冲锋舟20艘以上.
    if a.what.is_none() && up && !duration && what_to <= what_from && i > from + 2 {
        let k = verb.map_or(from, |k| k + 2);
        if k < i {
            a.what = rate_before(s, k, i);
        }
    }
    // 完成一轮排查: a bound that is the verb stays in the words of the action.
    if let Some((x, y)) = least.or(most)
        && !matches!(
            said,
            "完成" | "新增" | "提升" | "增长" | "下降" | "降低" | "力争"
        )
    {
        a.cuts.push((x, y));
    }
    a.cuts.push((i, end));
    Some(a)
}

/// The words after a count that say what is counted.
fn what_end(s: &[char], from: usize) -> usize {
    let mut k = from;
    while k < s.len() && k - from < 24 {
        if matches!(
            s[k],
            '，' | '。'
                | '；'
                | '、'
                | '：'
                | '（'
                | '〔'
                | '）'
                | '“'
                | '《'
                | '并'
                | '和'
                | '及'
        ) {
            break;
        }
        k += 1;
    }
    k
}

/// 整改率 in 整改率达到95%.
fn rate_before(s: &[char], from: usize, at: usize) -> Option<(usize, usize)> {
    let mut k = at;
    while k > from && at - k < 20 && !matches!(s[k - 1], '，' | '。' | '；' | '、' | '：') {
        k -= 1;
    }
    let mut to = at;
    loop {
        let word = [
            "保持", "稳定", "分别", "力争", "确保", "控制", "在", "要", "应", "均", "须", "到",
            "的", "达",
        ]
        .iter()
        .find(|w| to >= k + w.chars().count() && starts(s, to - w.chars().count(), w));
        let Some(w) = word else { break };
        to -= w.chars().count();
    }
    for w in ["确保", "力争", "对", "使"] {
        if starts(s, k, w) && k + w.chars().count() + 1 < to {
            k += w.chars().count();
            break;
        }
    }
    // 每个镇（街道） says for each of what.
    (to > k && s[k] != '每').then_some((k, to))
}
