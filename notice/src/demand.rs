//! Sentences into demands: what must be done, by whom, by when, how often, how much.
//!
//! A sentence is one demand; a semicolon, a new responsible unit, or a clause with its own number, date or
//! frequency begins another. Every field is read from words that can be pointed at.

use anlan_core::notice::{Demand, MeasureKind, Quantity, Recurrence, Source, Span, Within};

use crate::clause::{Clause, aux, bans, bare, group, scene, verb_in};
use crate::dates::{self, Kind, Known};
use crate::event;
use crate::numerals::starts;
use crate::outline::Part;
use crate::quantity;
use crate::sentence::{Nest, pieces, sentences, tells};
use crate::subject;
use crate::text::{Healed, Para};
use crate::words::SINGLE;

/// Most demands taken from one notice.
pub const DEMANDS_MAX: usize = 20_000;
/// Most clauses read in one sentence; a sentence with more is no sentence.
const CLAUSES_MAX: usize = 200;
/// Longest sentence that is read, in characters; what is behind is left out.
const SENTENCE_MAX: usize = 4000;
/// Most times read in one clause.
const TIMES_MAX: usize = 12;
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
    /// Whether the words are a task of a table: those are demands even without a verb.
    pub task: bool,
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
    if tells(&p.norm, from, to) {
        return;
    }
    for piece in pieces(&p.norm, nest, from, to) {
        // Behind a semicolon another may have to act.
        let mut carried: Option<(usize, usize, Vec<String>)> = None;
        clauses(
            healed,
            p,
            nest,
            (piece.from, piece.to),
            piece.event.as_ref(),
            &mut carried,
            around,
            out,
            remarks,
        );
    }
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
    let b = b.min(a + SENTENCE_MAX);
    // What stands in the condition is no measure of what must follow.
    let body = event
        .filter(|e| e.from >= a && e.to <= b)
        .map_or(a, |e| if e.from <= a + 2 { e.to } else { a });
    let body = if body >= b { a } else { body };
    let mut known = around.known;
    let mut list: Vec<Clause> = Vec::new();
    let mut start = body;
    for i in body..=b {
        if list.len() > CLAUSES_MAX {
            break;
        }
        if i < b
            && (nest.inside(i)
                || !(s[i] == '，' || (s[i] == '、' && both_measured(s, start, i, b))))
        {
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
            // （当年11月1日至次年5月31日）describes; （6月底前）demands.
            times.retain(|t| {
                !nest.inside(t.from)
                    || !matches!(t.kind, Kind::By(_))
                    || s[t.from] == '“'
                    || matches!(s[t.to - 1], '前' | '底' | '末' | '止')
            });
            times.truncate(TIMES_MAX);
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
                subject: subject::find(
                    healed,
                    p,
                    // 3月底前各单位制定…: who must act stands behind the time.
                    times
                        .iter()
                        .find(|t| t.from == start)
                        .map_or(start, |t| t.to),
                    i,
                    nest,
                ),
                times,
                amount,
            });
        }
        start = i + 1;
    }
    list.truncate(CLAUSES_MAX);
    if list.is_empty() {
        return;
    }
    let groups = group(s, nest, list, event.is_some());
    for (k, g) in groups.iter().enumerate() {
        // Who is named behind the demand's own words (…，分管领导汇报…) acts in that clause only.
        let named = g
            .iter()
            .take_while({
                let mut open = true;
                move |c| std::mem::replace(&mut open, scene(s, c) && c.subject.is_none())
            })
            .find_map(|c| c.subject.clone());
        if named.is_some() {
            *carried = named.clone();
        }
        let who = named.or_else(|| carried.clone());
        let lead = if k == 0 { a } else { g[0].from };
        build(healed, p, nest, lead, g, event, who, around, out, remarks);
    }
}

/// 编织袋不少于2000条、水泵不少于2台: what 、 parts is measured on both sides.
fn both_measured(s: &[char], from: usize, at: usize, to: usize) -> bool {
    const BOUNDS: &[&str] = &[
        "不少于",
        "至少",
        "不低于",
        "不超过",
        "每月",
        "每季",
        "每年",
        "每周",
        "每半年",
        "每日",
        "每次",
        "分钟内",
        "小时内",
        "工作日内",
    ];
    let has = |a: usize, b: usize| (a..b).any(|k| BOUNDS.iter().any(|w| starts(&s[..b], k, w)));
    let end = (at + 1..to.min(at + 40))
        .find(|&k| matches!(s[k], '，' | '、' | '；'))
        .unwrap_or(to.min(at + 40));
    has(at + 1, end) && has(from.max(at.saturating_sub(60)), at)
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
    if verb.is_none() && !single && !strong && event.is_none() && !around.task {
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
    let (mut deadline, mut recurrence, mut span_of_time) = (None, None, None);
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
            Kind::Within { count, unit } if span_of_time.is_none() => {
                span_of_time = Some((*count, unit.as_str(), t.from, t.to));
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
    for m in group
        .iter()
        .filter_map(|c| c.amount.as_ref())
        .filter(|m| best.is_some_and(|b| b.from != m.from))
    {
        remarks.push((
            p.span(m.from, m.to),
            format!(
                "同一要求中还有“{}”，没有单列",
                healed.tight(p, m.from, m.to)
            ),
        ));
    }
    let mut each = None;
    if let Some((x, y, what)) = group.iter().find_map(|c| c.each.clone()) {
        note("each", x, y);
        each = Some(what);
    }
    let mut on_event = None;
    let mut started = None;
    if let Some(e) = event {
        on_event = Some(healed.tight(p, e.words.0, e.words.1));
        note("on_event", e.words.0, e.words.1);
        sure = sure.min(e.sure);
    }
    let mut within = None;
    if let Some((count, unit, x, y)) = span_of_time {
        if on_event.is_none() {
            // 接报后2小时内: what stands before the span of time is what starts it.
            let c = group.iter().find(|c| c.from <= x && x < c.to);
            let head = c.map(|c| {
                let from = c.subject.as_ref().map_or(c.from, |s| s.1);
                event::start_of(s, from.min(x), x)
            });
            match head.flatten() {
                Some((f, t)) => {
                    started = Some((f, t));
                    on_event = Some(healed.tight(p, f, t));
                    note("on_event", f, t);
                }
                None => {
                    remarks.push((p.span(x, y), "时限从何时起算没有写明".into()));
                    sure = sure.min(0.7);
                }
            }
        }
        within = period(count, unit);
        match within {
            Some(_) => note("within", x, y),
            None => remarks.push((
                p.span(x, y),
                format!("时限“{}”没有换算", healed.tight(p, x, y)),
            )),
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
    // Under a condition what must follow comes first: …的，2小时内报告，不得瞒报.
    let ban = if on_event.is_some() {
        group[0].ban
    } else {
        group.iter().any(|c| c.ban)
    };
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
    let action = action(healed, p, group, x, y, started);

    out.push(Demand {
        // Given when the articles are numbered.
        id: String::new(),
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
        within,
        confidence: (sure.clamp(0.1, 1.0) * 100.0).round() / 100.0,
        measure,
        sources,
    });
}

/// 2小时, 5个工作日 as a period; fractions only where a smaller unit makes them whole.
fn period(count: f64, unit: &str) -> Option<Within> {
    let whole = |v: f64| {
        (v >= 1.0 && v.fract() == 0.0 && v <= f64::from(u32::MAX)).then_some(v as u32)
    };
    let mut out = Within::default();
    match unit.trim_start_matches('个') {
        "分钟" => out.minutes = Some(whole(count)?),
        "小时" if count.fract() != 0.0 => out.minutes = Some(whole(count * 60.0)?),
        "小时" => out.hours = Some(whole(count)?),
        "工作日" => out.working_days = Some(whole(count)?),
        "自然日" | "日" | "天" => out.days = Some(whole(count)?),
        "周" | "星期" => out.days = Some(whole(count * 7.0)?),
        "月" => out.months = Some(whole(count)?),
        _ => return None,
    }
    Some(out)
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

fn action(
    healed: &Healed<'_>,
    p: &Para,
    group: &[Clause],
    from: usize,
    to: usize,
    started: Option<(usize, usize)>,
) -> String {
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
    skip.extend(started);
    let mut out = String::new();
    let mut i = from;
    while i < to {
        if let Some(&(_, y)) = skip.iter().find(|&&(x, y)| x <= i && i < y) {
            // 于6月底前, 应在10分钟内: the words that led to the time go with it.
            while out.ends_with(['于', '在', '到', '至', '应', '要', '须']) {
                out.pop();
            }
            i = y;
            // 不少于30人的抢险队伍
            if s.get(i) == Some(&'的') {
                i += 1;
            }
            continue;
        }
        if out.is_empty() {
            let next = aux(s, i, to);
            if next > i {
                i = next;
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
