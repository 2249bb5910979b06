//! Sentences into demands: what must be done, by whom, by when, how often, how much.
//!
//! A sentence is one demand; a semicolon, a new responsible unit, or a clause with its own number, date or
//! frequency begins another. Every field is read from words that can be pointed at.

use anlan_core::notice::{Demand, MeasureKind, Quantity, Recurrence, Source, Span, Within};

use crate::action;
use crate::clause::{Clause, aux, bans, group, only_time, scene, verb_in};
use crate::dates::{self, Kind, Known};
use crate::each;
use crate::event;
use crate::numerals::starts;
use crate::outline::Part;
use crate::quantity;
use crate::sentence::{Nest, asks_behind, pieces, sentences, tells};
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
    let mut from = from;
    let mut around = around;
    let measured;
    if tells(&p.norm, from, to) {
        let Some(at) = asks_behind(&p.norm, nest, from, to) else {
            return;
        };
        // 请认真贯彻落实 asks for nothing of its own; what has a number or a date does.
        measured = Around {
            why: true,
            ..around.clone()
        };
        (from, around) = (at, &measured);
    }
    let mut carried: Option<(usize, usize, Vec<String>)> = None;
    for piece in pieces(&p.norm, nest, from, to) {
        // Behind a semicolon another may have to act; and who is called to account does not do it himself.
        if !piece.goes_on || accounts(&p.norm, piece.from, piece.to) {
            carried = None;
        }
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
                || !(s[i] == '，' || (s[i] == '、' && both_measured(s, start, i, b)))
                || (s[i] == '，' && disposal_open(s, nest, start, i, b)))
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
            // （矿山企业每月至少1次）: another measure for some, which one demand cannot hold.
            if let Some(t) = times
                .iter()
                .find(|t| nest.inside(t.from) && matches!(t.kind, Kind::Every { .. }))
                && let Some(open) = (start..t.from).rfind(|&k| s[k] == '（')
                && open > start
            {
                let close = (t.to..i).find(|&k| s[k] == '）').map_or(i, |k| k + 1);
                remarks.push((
                    p.span(open, close),
                    format!("括号内另有要求{}，没有单列", healed.tight(p, open, close)),
                ));
                times.retain(|t| t.from < open || t.from >= close);
            }
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
                each: each::find(s, start, i, nest),
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
    // 由区公安分局牵头，区交通运输局配合，…: who leads and who helps, before what must be done.
    let mut roles: Option<(usize, usize, Vec<String>)> = None;
    while list.len() > 1
        && let Some((x, y, names)) = list[0].subject.clone()
        && is_role(s, y, list[0].to)
    {
        let r = roles.get_or_insert((x, y, Vec::new()));
        r.1 = y;
        r.2.extend(names);
        list.remove(0);
    }
    if roles.is_some() {
        *carried = roles;
    }
    if list.is_empty() {
        return;
    }
    let groups = group(s, nest, list, event.is_some());
    // 接报后30分钟内电话报告、1小时内书面报告: both spans begin with the same event.
    let mut began: Option<(usize, usize)> = None;
    for (k, g) in groups.iter().enumerate() {
        // Who is named behind the demand's own words (…，分管领导汇报…) acts in that clause only.
        let named = g
            .iter()
            .take_while({
                let mut open = true;
                move |c| {
                    std::mem::replace(
                        &mut open,
                        c.subject.is_none()
                            && (scene(s, c)
                                || only_time(s, c)
                                || ends_within(c)
                                || !c.strong() && verb_in(s, c.from, c.to, nest).is_none()),
                    )
                }
            })
            .find_map(|c| c.subject.clone());
        if named.is_some() {
            *carried = named.clone();
        }
        let who = named.or_else(|| carried.clone());
        let lead = if k == 0 { a } else { g[0].from };
        build(
            healed, p, nest, lead, g, event, who, &mut began, around, out, remarks,
        );
    }
}

/// 将党中央、国务院，省委、省政府…部署作为…: a comma in a list behind 将 whose verb is still to come.
fn disposal_open(s: &[char], nest: &Nest, from: usize, at: usize, to: usize) -> bool {
    let head = aux(s, from, at);
    let marks = (head..at.min(head + 24)).find(|&k| matches!(s[k], '将' | '把') && !nest.inside(k));
    let Some(k) = marks.filter(|&k| k == head || s[k - 1] == '要') else {
        return false;
    };
    // Only a list goes on so: every part so far has a 、 and no verb.
    let listed = s[k..at].contains(&'、') && at - k <= 80 && verb_in(s, k + 1, at, nest).is_none();
    listed
        && (at + 1..to.min(at + 80)).any(|i| {
            ["作为", "纳入", "列入", "列为", "融入", "报"]
                .iter()
                .any(|w| starts(s, i, w))
        })
}

/// Whether words call somebody to account.
fn accounts(s: &[char], from: usize, to: usize) -> bool {
    const WORDS: &[&str] = &[
        "约谈", "通报", "问责", "追究", "处罚", "处分", "取消", "移送", "曝光", "查处", "否决",
        "严肃", "从严", "惩戒", "责令", "不得", "一律",
    ];
    (from..to).any(|k| WORDS.iter().any(|w| starts(&s[..to], k, w)))
}

/// 元宵节后5日内: a clause that only says within what time of what.
fn ends_within(c: &Clause) -> bool {
    c.amount.is_none()
        && c.times
            .iter()
            .any(|t| t.to == c.to && matches!(t.kind, Kind::Within { .. }))
}

/// 牵头, 配合, 牵头负责 and no more.
fn is_role(s: &[char], from: usize, to: usize) -> bool {
    let words: String = s[from..to].iter().collect();
    matches!(
        words.as_str(),
        "牵头"
            | "牵头负责"
            | "牵头组织"
            | "配合"
            | "协助"
            | "参与"
            | "负责"
            | "共同负责"
            | "参加"
            | "协同"
            | "具体负责"
    )
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
    began: &mut Option<(usize, usize)>,
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
            Kind::Every {
                every,
                by,
                on,
                month,
                day,
            } if recurrence.is_none() => {
                recurrence = Some(Recurrence {
                    every: *every,
                    at_least: None,
                    at_most: None,
                    by_day: *on,
                    by_month: *month,
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
        let times = is_times(&m.unit);
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
    for (x, y) in group
        .iter()
        .filter_map(|c| c.amount.as_ref())
        .flat_map(|m| &m.more)
    {
        remarks.push((
            p.span(*x, *y),
            format!("同一要求中还有“{}”，没有单列", healed.tight(p, *x, *y)),
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
        // 接报后2小时内: what stands before the span of time is what starts it; 发现的隐患，要在3日内…: it may
        // stand in the clause before.
        let k = group.iter().position(|c| c.from <= x && x < c.to);
        let head = k.and_then(|k| {
            let c = &group[k];
            let from = c.subject.as_ref().map_or(c.from, |s| s.1);
            event::start_of(s, from.min(x), x).or_else(|| {
                let before = &group[k.checked_sub(1)?];
                let named = before.times.is_empty() && before.amount.is_none();
                named
                    .then(|| event::found_thing(s, before.from, before.to))
                    .flatten()
            })
        });
        if let Some((f, t)) = head {
            started = Some((
                f,
                if t <= x && s[t..x].iter().all(|c| *c != '，') {
                    x
                } else {
                    t
                },
            ));
            if on_event.is_none() {
                on_event = Some(healed.tight(p, f, t));
                note("on_event", f, t);
                *began = Some((f, t));
            }
        } else if on_event.is_none()
            && let Some((f, t)) = *began
        {
            on_event = Some(healed.tight(p, f, t));
            note("on_event", f, t);
            sure = sure.min(0.8);
        } else if on_event.is_none() {
            remarks.push((p.span(x, y), "时限从何时起算没有写明".into()));
            sure = sure.min(0.7);
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
            Kind::Every {
                every,
                by,
                on,
                month,
                ..
            } => {
                recurrence = Some(Recurrence {
                    every: *every,
                    at_least: None,
                    at_most: None,
                    by_day: *on,
                    by_month: *month,
                });
                deadline = *by;
                from_article("recurrence");
                // 至少2场 with 每季度 in the column of dates: so many times in each.
                if let Some(q) = quantity.take_if(|q| is_times(&q.unit))
                    && let Some(r) = recurrence.as_mut()
                {
                    r.at_least = q.at_least.map(|v| v as u32);
                    r.at_most = q.at_most.map(|v| v as u32);
                    for s in sources.iter_mut().filter(|s| s.field == "quantity") {
                        s.field = "recurrence".into();
                    }
                }
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
    let (x, y) = action::at(s, nest, group);
    note("action", x, y);
    let action = action::tell(healed, p, group, x, y, started);

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

/// Whether a unit counts how often.
fn is_times(unit: &str) -> bool {
    matches!(unit, "次" | "场" | "期" | "轮" | "遍" | "回" | "场次")
}

/// 2小时, 5个工作日 as a period; fractions only where a smaller unit makes them whole.
fn period(count: f64, unit: &str) -> Option<Within> {
    let whole =
        |v: f64| (v >= 1.0 && v.fract() == 0.0 && v <= f64::from(u32::MAX)).then_some(v as u32);
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
