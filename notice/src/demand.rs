//! Sentences into demands: what must be done, by whom, by when, how often, how much.
//!
//! A sentence is one demand; a semicolon, a new responsible unit, or a clause with its own number, date or
//! frequency begins another. Every field is read from words that can be pointed at.

use anlan_core::notice::{Demand, MeasureKind, Quantity, Recurrence, Source, Span};

use crate::dates::{self, Kind, Known, Time};
use crate::event;
use crate::numerals::starts;
use crate::outline::{Part, label_at};
use crate::quantity::{self, Amount};
use crate::subject;
use crate::text::{Healed, Para};
use crate::words::{ANNOUNCING, SCENE, SINGLE, TELLING, adverb_at, verb_at};

/// Most demands taken from one notice.
pub const DEMANDS_MAX: usize = 20_000;
/// Longest action, in characters; longer ones are cut with an ellipsis.
pub const ACTION_MAX: usize = 40;

/// What the article around a sentence says.
#[derive(Debug, Clone)]
pub struct Around {
    /// The article's `no`.
    pub article: u32,
    /// Its units, and inherited units behind them.
    pub units: Vec<String>,
    /// Year and date for times without them.
    pub known: Known,
    /// 完成时限 of the whole article.
    pub due: Option<(Kind, Span, String)>,
    /// Whether the title says why and not what (指导思想, 工作目标).
    pub why: bool,
}

/// Which characters of a paragraph stand inside quotation marks or brackets.
pub struct Nest {
    quoted: Vec<bool>,
    bracketed: Vec<bool>,
}

impl Nest {
    /// Reads a paragraph once. Only pairs that close count.
    pub fn new(s: &[char]) -> Self {
        let mut quoted = vec![0i32; s.len() + 1];
        let mut bracketed = vec![0i32; s.len() + 1];
        let mut open: Vec<(usize, char)> = Vec::new();
        for (i, &c) in s.iter().enumerate() {
            match c {
                '“' | '‘' | '《' | '「' | '（' | '〔' => {
                    open.push((i, c));
                    // Unclosed marks must not pile up.
                    if open.len() > 64 {
                        open.remove(0);
                    }
                }
                '”' | '’' | '》' | '」' | '）' | '〕' => {
                    let want = match c {
                        '”' => '“',
                        '’' => '‘',
                        '》' => '《',
                        '」' => '「',
                        '）' => '（',
                        _ => '〔',
                    };
                    if let Some(k) = open.iter().rposition(|&(_, o)| o == want) {
                        let from = open[k].0;
                        open.truncate(k);
                        if i - from <= 400 {
                            let lane = if matches!(want, '（' | '〔') {
                                &mut bracketed
                            } else {
                                &mut quoted
                            };
                            lane[from] += 1;
                            lane[i + 1] -= 1;
                        }
                    }
                }
                _ => {}
            }
        }
        let sum = |lane: Vec<i32>| {
            let mut n = 0;
            lane.iter()
                .take(s.len())
                .map(|d| {
                    n += d;
                    n > 0
                })
                .collect()
        };
        Nest {
            quoted: sum(quoted),
            bracketed: sum(bracketed),
        }
    }

    /// Inside “…” or 《…》.
    pub fn quoted(&self, i: usize) -> bool {
        self.quoted.get(i).copied().unwrap_or(false)
    }

    /// Inside “…”, 《…》, （…） or 〔…〕.
    pub fn inside(&self, i: usize) -> bool {
        self.quoted(i) || self.bracketed.get(i).copied().unwrap_or(false)
    }
}

/// A clause between commas with what was found in it.
#[derive(Debug, Clone)]
struct Clause {
    from: usize,
    to: usize,
    times: Vec<Time>,
    amount: Option<Amount>,
    each: Option<(usize, usize, String)>,
    ban: bool,
    subject: Option<(usize, usize, Vec<String>)>,
}

impl Clause {
    fn strong(&self) -> bool {
        self.amount.is_some()
            || self.ban
            || self.times.iter().any(|t| !matches!(t.kind, Kind::Vague(_)))
    }
}

/// Reads the demands of a stretch of text. Returns whole sentences too, for the triggers.
pub fn read(
    healed: &Healed<'_>,
    part: Part,
    nest: &Nest,
    around: &Around,
    out: &mut Vec<Demand>,
    remarks: &mut Vec<(Span, String)>,
) {
    let p = &healed.paras[part.para];
    stretch(healed, p, nest, part.from, part.to, around, out, remarks);
}

/// The same for a paragraph that is not one of the text's own, such as a table cell.
pub fn read_para(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    around: &Around,
    out: &mut Vec<Demand>,
    remarks: &mut Vec<(Span, String)>,
) {
    stretch(healed, p, nest, 0, p.norm.len(), around, out, remarks);
}

#[allow(clippy::too_many_arguments)]
fn stretch(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    from: usize,
    to: usize,
    around: &Around,
    out: &mut Vec<Demand>,
    remarks: &mut Vec<(Span, String)>,
) {
    for (a, b) in sentences(&p.norm, nest, from, to) {
        if out.len() >= DEMANDS_MAX {
            return;
        }
        sentence(healed, p, nest, a, b, around, out, remarks);
    }
}

/// Sentences of a stretch: [from, to) with the closing mark.
pub fn sentences(s: &[char], nest: &Nest, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = from;
    for i in from..to {
        if matches!(s[i], '。' | '！' | '？') && !nest.inside(i) {
            out.push((start, i + 1));
            start = i + 1;
        }
    }
    if start < to {
        out.push((start, to));
    }
    out
}

#[allow(clippy::too_many_arguments)]
fn sentence(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    from: usize,
    to: usize,
    around: &Around,
    out: &mut Vec<Demand>,
    remarks: &mut Vec<(Span, String)>,
) {
    let s = &p.norm;
    if tells(s, from, to) {
        return;
    }
    let mut carried: Option<(usize, usize, Vec<String>)> = None;
    let mut carried_event: Option<event::Event> = None;
    let mut start = from;
    for i in from..=to {
        let split = i == to || (s[i] == '；' && !nest.inside(i));
        if !split {
            continue;
        }
        let (a, b) = skip_lead(s, nest, start, i);
        start = i + 1;
        if b.saturating_sub(a) < 3 {
            continue;
        }
        let own = event::find(s, nest, a, b);
        let event = match (own, &carried_event) {
            (Some(e), _) => Some(e),
            // A later clause about the same accident stands under the same condition.
            (None, Some(e)) if e.accident && s[a..b].windows(2).any(|w| w == ['事', '故']) => {
                Some(e.clone())
            }
            _ => None,
        };
        clauses(
            healed,
            p,
            nest,
            (a, b),
            event.as_ref(),
            &mut carried,
            around,
            out,
            remarks,
        );
        if event.is_some() {
            carried_event = event;
        }
    }
}

/// Whether a sentence tells or announces and demands nothing.
fn tells(s: &[char], from: usize, to: usize) -> bool {
    if TELLING.iter().any(|w| starts(s, from, w)) {
        return true;
    }
    let mut end = to;
    while end > from && matches!(s[end - 1], '。' | '；' | '！') {
        end -= 1;
    }
    ANNOUNCING.iter().any(|w| {
        let n = w.chars().count();
        end - from >= n && starts(s, end - n, w)
    })
}

/// Steps over 一是, 首先, ①, and over an opening that only announces a list (…以下工作：).
fn skip_lead(s: &[char], nest: &Nest, from: usize, to: usize) -> (usize, usize) {
    let mut a = from;
    let mut b = to;
    while b > a && matches!(s[b - 1], '。' | '；' | '！' | '，' | ' ') {
        b -= 1;
    }
    // …如下：一是…
    let colon = (a..b.min(a + 60)).find(|&i| s[i] == '：' && !nest.inside(i));
    if let Some(k) = colon {
        let words = &s[a..k];
        let announces = ["以下", "如下", "下列", "做到", "主要包括", "包括"]
            .iter()
            .any(|w| {
                let w: Vec<char> = w.chars().collect();
                words.windows(w.len()).any(|x| x == w)
            });
        if announces
            || k + 1 == b
            || ordinal_at(s, k + 1).is_some()
            || (k - a <= 8 && !verb_at(s, a))
        {
            a = k + 1;
        }
    }
    if let Some(e) = ordinal_at(s, a) {
        a = e;
    }
    if let Some(l) = label_at(&s[a..b]) {
        a += l.end;
    }
    while a < b && matches!(s[a], '，' | '：' | ' ' | '、') {
        a += 1;
    }
    (a, b)
}

fn ordinal_at(s: &[char], a: usize) -> Option<usize> {
    for w in ["首先", "其次", "再次", "最后"] {
        if starts(s, a, w) {
            return Some(a + 2);
        }
    }
    let (n, e) = crate::numerals::chinese_at(s, a).or_else(|| {
        let d = crate::numerals::arabic(*s.get(a)?)?;
        Some((d, a + 1))
    })?;
    (n <= 20 && matches!(s.get(e), Some('是'))
        || (n <= 20 && s.get(e) == Some(&'要') && s.get(a) != Some(&'两')))
    .then_some(e + 1)
}

#[allow(clippy::too_many_arguments)]
fn clauses(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    (a, b): (usize, usize),
    event: Option<&event::Event>,
    carried: &mut Option<(usize, usize, Vec<String>)>,
    around: &Around,
    out: &mut Vec<Demand>,
    remarks: &mut Vec<(Span, String)>,
) {
    let s = &p.norm;
    // What stands in the condition is no measure of what must follow.
    let body = event
        .filter(|e| e.from >= a && e.to <= b)
        .map_or(a, |e| if e.from <= a + 2 { e.to } else { a });
    let body = if body >= b { a } else { body };
    let mut known = around.known;
    let mut list: Vec<Clause> = Vec::new();
    let mut start = body;
    for i in body..=b {
        if i < b && !(s[i] == '，' && !nest.inside(i)) {
            continue;
        }
        if i > start {
            let mut times = dates::find(s, start, i, &|k| nest.quoted(k), known);
            // An explicit year holds for the rest of the sentence.
            for k in start..i {
                if !nest.inside(k)
                    && let Some((y, _)) = dates::year_at(s, k)
                    && times.iter().any(|t| t.from == k)
                {
                    known.year = Some(y);
                }
            }
            let amount = quantity::find(s, start, i, nest, &times);
            times.retain(|t| {
                !(matches!(t.kind, Kind::Within { .. })
                    && amount
                        .as_ref()
                        .is_some_and(|m| m.from <= t.from && t.to <= m.to))
            });
            list.push(Clause {
                from: start,
                to: i,
                each: quantity::each(s, start, i, nest),
                ban: bans(s, start, i, nest),
                subject: subject::find(healed, p, start, i, nest),
                times,
                amount,
            });
        }
        start = i + 1;
    }
    if list.is_empty() {
        return;
    }
    let mut groups: Vec<Vec<Clause>> = Vec::new();
    for c in list {
        let Some(last) = groups.last_mut() else {
            groups.push(vec![c]);
            continue;
        };
        if !begins(s, nest, last, &c, event.is_some()) {
            last.push(c);
            continue;
        }
        // The scene that was set just before belongs to what begins here.
        let mut pulled = Vec::new();
        while last.len() > 1 && last.last().is_some_and(|x| scene(s, x) && !x.strong()) {
            if let Some(x) = last.pop() {
                pulled.insert(0, x);
            }
        }
        pulled.push(c);
        groups.push(pulled);
    }
    for (k, g) in groups.iter().enumerate() {
        let named = g.iter().find_map(|c| c.subject.clone());
        if named.is_some() {
            *carried = named.clone();
        }
        let who = named.or_else(|| carried.clone());
        let lead = if k == 0 { a } else { g[0].from };
        build(healed, p, nest, lead, g, event, who, around, out, remarks);
    }
}

/// Whether a clause begins a demand of its own.
fn begins(s: &[char], nest: &Nest, group: &[Clause], c: &Clause, in_event: bool) -> bool {
    let substance = group.iter().any(|x| !scene(s, x) && concrete(s, x, nest));
    if !substance {
        return false;
    }
    let open = verb_in(s, c.from, c.to, nest);
    if c.ban && !group.iter().any(|x| x.ban) && !in_event {
        return true;
    }
    if in_event {
        return false;
    }
    if c.subject.is_some()
        && open.is_some()
        && c.subject.as_ref().map(|x| &x.2)
            != group
                .iter()
                .rev()
                .find_map(|x| x.subject.as_ref())
                .map(|x| &x.2)
    {
        return group.iter().any(|x| x.subject.is_some()) || c.strong();
    }
    if !c.strong() {
        return false;
    }
    // 2025年6月底前完成 and 覆盖率达到100% say more about what stands before.
    let rest = bare(s, c);
    let trailing = rest.is_empty()
        || [
            "完成",
            "全部完成",
            "完成整改",
            "整改到位",
            "落实到位",
            "全面完成",
            "基本完成",
            "建成",
            "投入使用",
            "完成任务",
            "全部整改到位",
            "实施",
            "启动",
            "执行",
            "到位",
            "前完成",
            "销号",
            "报送",
            "上报",
        ]
        .contains(&rest.as_str());
    let measured = group.iter().any(Clause::strong);
    if trailing && !(measured && c.amount.is_some() && group.iter().any(|x| x.amount.is_some())) {
        return false;
    }
    if let Some(m) = &c.amount
        && m.percent
        && !measured
    {
        return false;
    }
    open.is_some() || c.each.is_some() || measured
}

/// What is left of a clause without its words about time, number and manner.
fn bare(s: &[char], c: &Clause) -> String {
    let mut out = String::new();
    let mut i = c.from;
    while i < c.to {
        if let Some(t) = c.times.iter().find(|t| t.from == i) {
            i = t.to.max(i + 1);
            continue;
        }
        if let Some(m) = c.amount.as_ref().filter(|m| m.from == i) {
            i = m.to.max(i + 1);
            continue;
        }
        if !matches!(
            s[i],
            '前' | '力' | '争' | '确' | '保' | '须' | '要' | '并' | '于' | '在' | '应' | '需'
        ) {
            out.push(s[i]);
        }
        i += 1;
    }
    out
}

/// A clause that only sets the scene: 针对…事项, 结合实际.
fn scene(s: &[char], c: &Clause) -> bool {
    let a = c.subject.as_ref().map_or(c.from, |x| x.1);
    let opens = SCENE.iter().any(|w| starts(s, a, w));
    opens && !c.strong()
}

/// A clause with a verb of demand and something it acts on.
fn concrete(s: &[char], c: &Clause, nest: &Nest) -> bool {
    c.to - c.from >= 7
        && verb_in(s, c.from, c.to, nest).is_some()
        && ![
            "采取有力措施",
            "采取有效措施",
            "久久为功",
            "加强组织领导",
            "提高思想认识",
            "高度重视",
        ]
        .iter()
        .any(|w| starts(s, c.from, w))
}

/// The first verb of demand in a stretch.
pub fn verb_in(s: &[char], from: usize, to: usize, nest: &Nest) -> Option<usize> {
    (from..to.saturating_sub(1))
        .find(|&i| !nest.inside(i) && verb_at(&s[..to], i) && !adverb_at(s, i))
        .or_else(|| (from..to.saturating_sub(1)).find(|&i| !nest.inside(i) && verb_at(&s[..to], i)))
}

fn bans(s: &[char], from: usize, to: usize, nest: &Nest) -> bool {
    (from..to).any(|i| {
        if nest.inside(i) {
            return false;
        }
        if starts(s, i, "不得") {
            // 不得少于 is a number, not a ban.
            return !["少", "低", "超", "多", "高", "小", "大", "晚", "迟"]
                .iter()
                .any(|w| starts(s, i + 2, w));
        }
        [
            "严禁",
            "禁止",
            "不准",
            "严厉禁止",
            "决不允许",
            "绝不允许",
            "不允许",
            "一律不",
            "不再",
        ]
        .iter()
        .any(|w| starts(s, i, w) && (*w != "禁止" || i == 0 || s[i - 1] != '令') && *w != "不再")
    })
}

#[allow(clippy::too_many_arguments)]
fn build(
    healed: &Healed<'_>,
    p: &Para,
    nest: &Nest,
    lead: usize,
    group: &[Clause],
    event: Option<&event::Event>,
    who: Option<(usize, usize, Vec<String>)>,
    around: &Around,
    out: &mut Vec<Demand>,
    remarks: &mut Vec<(Span, String)>,
) {
    let s = &p.norm;
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let (from, to) = (lead.min(first.from), last.to);
    let strong = group.iter().any(Clause::strong);
    let verb = group.iter().find_map(|c| verb_in(s, c.from, c.to, nest));
    let single = group
        .iter()
        .any(|c| SINGLE.contains(&s[c.subject.as_ref().map_or(c.from, |x| x.1.min(c.to - 1))]));
    if around.why && !strong {
        return;
    }
    let span = p.span(from, to);
    if verb.is_none() && !single && !strong && event.is_none() {
        if to - from >= 12 {
            remarks.push((span, "没有读出要求，未列入".into()));
        }
        return;
    }
    let mut sources = Vec::new();
    let mut note = |field: &str, a: usize, b: usize| {
        let span = p.span(a, b);
        sources.push(Source {
            field: field.into(),
            span,
            words: healed.quote(span),
        });
    };
    let mut sure: f64 = if verb.is_some() {
        0.95
    } else if strong {
        0.7
    } else {
        0.5
    };
    // 时间
    let (mut deadline, mut recurrence, mut within) = (None, None, None);
    let mut always = false;
    for t in group.iter().flat_map(|c| &c.times) {
        sure = sure.min(0.95 * t.sure);
        match &t.kind {
            Kind::By(d) if deadline.is_none() => {
                deadline = Some(*d);
                note("deadline", t.from, t.to);
            }
            Kind::Every { every, by, on, day } if recurrence.is_none() => {
                recurrence = Some(Recurrence {
                    every: *every,
                    at_least: None,
                    at_most: None,
                    by_day: *on,
                });
                note("recurrence", t.from, t.to);
                if let Some(d) = by.filter(|_| deadline.is_none()) {
                    deadline = Some(d);
                    note("deadline", t.from, t.to);
                }
                if *day {
                    remarks.push((
                        p.span(t.from, t.to),
                        format!(
                            "周期内的具体日子（{}）只在原文中保留",
                            healed.tight(p, t.from, t.to)
                        ),
                    ));
                }
            }
            Kind::Within { count, unit } if within.is_none() => {
                within = Some((*count, unit.clone(), t.from, t.to));
            }
            Kind::Continuous => always = true,
            Kind::Vague(why) => remarks.push((p.span(t.from, t.to), (*why).to_string())),
            _ => {}
        }
    }
    // 数量
    let mut quantity = None;
    let mut coverage = false;
    let best = group
        .iter()
        .filter_map(|c| c.amount.as_ref())
        .max_by_key(|m| u8::from(m.bound));
    if let Some(m) = best {
        let times = matches!(
            m.unit.as_str(),
            "次" | "场" | "期" | "轮" | "遍" | "回" | "场次"
        );
        match recurrence.as_mut() {
            Some(r) if times => {
                r.at_least = m.at_least.map(|v| v as u32);
                r.at_most = m.at_most.map(|v| v as u32);
                note("recurrence", m.from, m.to);
            }
            _ => {
                coverage = m.coverage || m.percent;
                note("quantity", m.from, m.to);
                quantity = Some(Quantity {
                    at_least: m.at_least,
                    at_most: m.at_most,
                    unit: m.unit.clone(),
                    what: m
                        .what
                        .map(|(x, y)| healed.tight(p, x, y))
                        .filter(|w| !w.is_empty()),
                });
            }
        }
        sure = sure.min(if m.bound { 0.95 } else { 0.8 });
    }
    let mut each = None;
    if let Some((x, y, what)) = group.iter().find_map(|c| c.each.clone()) {
        note("each", x, y);
        each = Some(what);
    }
    let mut on_event = None;
    if let Some(e) = event {
        on_event = Some(healed.tight(p, e.words.0, e.words.1));
        note("on_event", e.words.0, e.words.1);
        sure = sure.min(e.sure);
    }
    if let Some((count, unit, x, y)) = within {
        if on_event.is_none() {
            // 接报后2小时内: what stands before the span of time is what starts it.
            let c = group.iter().find(|c| c.from <= x && x < c.to);
            let head = c.map(|c| event::start_of(s, c.from, x));
            match head.flatten() {
                Some((f, t)) => {
                    on_event = Some(healed.tight(p, f, t));
                    note("on_event", f, t);
                }
                None => {
                    remarks.push((p.span(x, y), "时限从何时起算没有写明".into()));
                    sure = sure.min(0.7);
                }
            }
        }
        if quantity.is_none() {
            quantity = Some(Quantity {
                at_least: None,
                at_most: Some(count),
                unit,
                what: None,
            });
            note("quantity", x, y);
        }
    }
    if let (None, None, Some((kind, span, words))) = (deadline, &recurrence, &around.due) {
        let mut from_article = |field: &str| {
            sources.push(Source {
                field: field.into(),
                span: *span,
                words: words.clone(),
            })
        };
        match kind {
            Kind::By(d) => {
                deadline = Some(*d);
                from_article("deadline");
            }
            Kind::Every { every, by, on, .. } => {
                recurrence = Some(Recurrence {
                    every: *every,
                    at_least: None,
                    at_most: None,
                    by_day: *on,
                });
                deadline = *by;
                from_article("recurrence");
            }
            Kind::Continuous => always = true,
            _ => {}
        }
    }
    let mut note = |field: &str, a: usize, b: usize| {
        let span = p.span(a, b);
        sources.push(Source {
            field: field.into(),
            span,
            words: healed.quote(span),
        });
    };
    // 责任主体
    let actors = match &who {
        Some((x, y, names)) => {
            note("actors", *x, *y);
            names.clone()
        }
        None => around.units.clone(),
    };
    if actors.is_empty() {
        sure -= 0.1;
    }
    let ban = group.iter().any(|c| c.ban);
    let measure = if ban {
        MeasureKind::Prohibition
    } else if on_event.is_some() {
        MeasureKind::OnEvent
    } else if recurrence.as_ref().is_some() && quantity.is_none() {
        MeasureKind::Times
    } else if coverage {
        MeasureKind::Coverage
    } else if quantity.is_some() {
        MeasureKind::Quota
    } else if recurrence.is_some() {
        MeasureKind::Times
    } else if deadline.is_some() && !always {
        MeasureKind::ByDate
    } else {
        MeasureKind::Continuous
    };
    let (x, y) = action_at(s, nest, group);
    note("action", x, y);
    let action = action(healed, p, group, x, y);
    let n = out
        .iter()
        .rev()
        .take_while(|d| d.article == around.article)
        .count()
        + 1;
    out.push(Demand {
        id: format!("a{:02}-{n}", around.article),
        article: around.article,
        quote: healed.quote(span),
        span,
        actors,
        action,
        deadline,
        recurrence,
        quantity,
        each,
        on_event,
        confidence: (sure.clamp(0.1, 1.0) * 100.0).round() / 100.0,
        measure,
        sources,
    });
}

/// The clause that says what must be done.
fn action_at(s: &[char], nest: &Nest, group: &[Clause]) -> (usize, usize) {
    let pick = group
        .iter()
        .find(|c| {
            c.amount.is_some()
                || c.ban
                || c.times.iter().any(|t| matches!(t.kind, Kind::Every { .. }))
        })
        .filter(|c| verb_in(s, c.from, c.to, nest).is_some() && bare(s, c).chars().count() >= 4)
        .or_else(|| {
            group.iter().find(|c| {
                !scene(s, c)
                    && verb_in(s, c.from, c.to, nest).is_some()
                    && bare(s, c).chars().count() >= 4
            })
        })
        .or_else(|| {
            group
                .iter()
                .find(|c| verb_in(s, c.from, c.to, nest).is_some())
        })
        .unwrap_or(&group[0]);
    let from = pick
        .subject
        .as_ref()
        .map_or(pick.from, |x| x.1.max(pick.from));
    (if from < pick.to { from } else { pick.from }, pick.to)
}

fn action(healed: &Healed<'_>, p: &Para, group: &[Clause], from: usize, to: usize) -> String {
    let s = &p.norm;
    let Some(c) = group.iter().find(|c| c.from <= from && to <= c.to) else {
        return healed.tight(p, from, to);
    };
    let mut skip: Vec<(usize, usize)> = c.times.iter().map(|t| (t.from, t.to)).collect();
    if let Some(m) = &c.amount {
        skip.extend(m.cuts.iter().copied());
    }
    if let Some((x, y, _)) = &c.each {
        skip.push((*x, *y));
    }
    let mut out = String::new();
    let mut i = from;
    while i < to {
        if let Some(&(_, y)) = skip.iter().find(|&&(x, y)| x <= i && i < y) {
            i = y;
            continue;
        }
        if out.is_empty() {
            if let Some(w) = [
                "应当", "必须", "需要", "力争", "确保", "均要", "都要", "要", "应", "须", "需",
                "都", "均", "并", "再", "还", "则", "由其", "前", "内", "，", "、", "的",
            ]
            .iter()
            .find(|w| starts(s, i, w))
            {
                i += w.chars().count();
                continue;
            }
        }
        out.push(healed.src[p.pos[i] as usize]);
        i += 1;
    }
    let n = out.chars().count();
    if n == 0 {
        return healed.tight(p, from, to);
    }
    if n > ACTION_MAX {
        let cut: String = out.chars().take(ACTION_MAX - 1).collect();
        return cut + "…";
    }
    out
}
