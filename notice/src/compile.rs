//! From a healed text to what the notice says.

use std::collections::HashSet;

use anlan_core::notice::{Article, Compiled, Demand, MeasureKind, Remark, Section, Span, Trigger};

use crate::dates::{self, Known};
use crate::demand::{self, Around};
use crate::front;
use crate::outline::{self, Chunk, Node, Part, Style};
use crate::sentence::Nest;
use crate::table;
use crate::text::{Healed, Text};
use crate::trigger;
use crate::units::{Found, UNITS_MAX};
use crate::words::WHY_TITLES;

/// Most articles read from one notice.
pub const ARTICLES_MAX: usize = 5000;
/// Most remarks kept; one more says that there were more.
pub const REMARKS_MAX: usize = 500;

/// Compiles a notice. Never fails: what is not understood is left out and said in `remarks`.
#[must_use]
pub fn compile(text: &Text) -> Compiled {
    let healed = Healed::new(text);
    let mut notes: Vec<(Span, String)> = Vec::new();
    let front = front::read(&healed, &mut notes);
    let mut out = Compiled {
        title: front.title,
        number: front.number,
        issuer: front.issuer,
        date: front.date,
        year: front.year.or(front.date.map(|d| d.year())),
        draft: front.draft,
        addressees: front.addressees,
        ..Compiled::default()
    };
    if out.year.is_none() {
        out.year = out.number.as_deref().and_then(number_year);
    }
    if out.year.is_none()
        && let Some((year, span)) = body_year(&healed, &front.parts)
    {
        out.year = Some(year);
        notes.push((span, format!("标题和落款没有年份，按正文取 {year} 年")));
    }
    let whole = Span(0, healed.src.len() as u32);
    if out.title.is_empty() {
        notes.push((Span(0, whole.1.min(1)), "没有读出标题".into()));
    }
    if out.year.is_none() {
        notes.push((
            Span(0, whole.1.min(1)),
            "没有读出年份，未写明年份的期限没有换算为日期".into(),
        ));
    }
    let mut chunks: Vec<Chunk> = front
        .parts
        .iter()
        .map(|p| outline::grow(&healed, p, &mut notes))
        .collect();
    let mut build = Build {
        healed: &healed,
        out: &mut out,
        notes: &mut notes,
        later: Vec::new(),
        nests: None,
        section: None,
        sections: 0,
        outer: Vec::new(),
    };
    let alone = chunks.iter().all(|c| c.nodes.is_empty());
    for (k, chunk) in chunks.iter_mut().enumerate() {
        build.chunk(chunk, k, alone);
    }
    let outer = std::mem::take(&mut build.outer);
    number(&mut out, &outer);
    if out.articles.is_empty() && !healed.src.is_empty() {
        notes.push((whole, "没有读出条目".into()));
    }
    finish(&mut out, notes);
    out
}

/// The first year that the opening paragraphs of the body name outside marks.
fn body_year(healed: &Healed<'_>, parts: &[Vec<usize>]) -> Option<(i16, Span)> {
    for &k in parts.first()?.iter().take(12) {
        let p = &healed.paras[k];
        let nest = Nest::new(&p.norm);
        for i in 0..p.norm.len() {
            if !nest.inside(i)
                && (i == 0 || crate::numerals::arabic(p.norm[i - 1]).is_none())
                && let Some((y, e)) = dates::year_at(&p.norm, i)
                && p.norm
                    .get(e)
                    .is_some_and(|&c| crate::numerals::arabic(c).is_some())
            {
                return Some((y, p.span(i, e)));
            }
        }
    }
    None
}

/// 〔2025〕 in a document number.
fn number_year(number: &str) -> Option<i16> {
    let s: Vec<char> = number.chars().collect();
    let open = s
        .iter()
        .position(|&c| matches!(c, '〔' | '[' | '［' | '（' | '(' | '【'))?;
    crate::numerals::arabic_at(&s, open + 1)
        .filter(|(v, _)| (1949.0..=2100.0).contains(v))
        .map(|(v, _)| v as i16)
}

/// Numbers the articles. The level that most articles stand on comes first: where it counts through the
/// document its numbers stay as printed; chapters of prose beside it get the numbers behind.
fn number(out: &mut Compiled, outer: &[bool]) {
    let inner = outer.iter().filter(|o| !**o).count();
    let mut next = (1u32, inner as u32 + 1);
    let mut seen = HashSet::new();
    let all_outer = inner == 0;
    let mut to = Vec::with_capacity(out.articles.len());
    // As printed, when the printed numbers only rise.
    let printed: Vec<Option<u32>> = out
        .articles
        .iter()
        .map(|a| Some(a.no).filter(|n| *n > 0))
        .collect();
    let main: Vec<u32> = printed
        .iter()
        .zip(outer)
        .filter(|(_, o)| all_outer || !**o)
        .filter_map(|(n, _)| *n)
        .collect();
    let rising = main.len() == if all_outer { outer.len() } else { inner }
        && main.windows(2).all(|w| w[0] < w[1])
        && main
            .last()
            .is_some_and(|&l| (l as usize) < main.len() * 2 + 4);
    if rising && !all_outer {
        next.1 = main.last().map_or(1, |l| l + 1);
    }
    for (k, a) in out.articles.iter().enumerate() {
        let no = if rising && (all_outer || !outer[k]) {
            a.no
        } else if all_outer || !outer[k] {
            next.0 += 1;
            next.0 - 1
        } else {
            next.1 += 1;
            next.1 - 1
        };
        seen.insert(no);
        to.push(no);
    }
    // Demands and triggers carry the running index until here.
    let renumber = |k: &mut u32| *k = to.get(*k as usize).copied().unwrap_or(*k);
    for (a, no) in out.articles.iter_mut().zip(&to) {
        a.no = *no;
    }
    let mut count: std::collections::HashMap<u32, u32> = std::collections::HashMap::new();
    for d in &mut out.duties {
        renumber(&mut d.article);
        let n = count.entry(d.article).or_default();
        *n += 1;
        d.id = format!("a{:02}-{n}", d.article);
    }
    for t in &mut out.triggers {
        renumber(&mut t.article);
    }
}

fn finish(out: &mut Compiled, mut notes: Vec<(Span, String)>) {
    notes.sort_by_key(|a| a.0);
    notes.dedup();
    let more = notes.len() > REMARKS_MAX;
    notes.truncate(REMARKS_MAX);
    out.remarks = notes
        .into_iter()
        .map(|(span, message)| Remark { span, message })
        .collect();
    if more {
        out.remarks.push(Remark {
            span: Span(0, 0),
            message: format!("提示过多，只列前 {REMARKS_MAX} 条"),
        });
    }
}

struct Build<'b, 'a> {
    healed: &'b Healed<'a>,
    out: &'b mut Compiled,
    notes: &'b mut Vec<(Span, String)>,
    /// Units that every further article inherits.
    later: Vec<String>,
    /// Nesting of the paragraph looked at last.
    nests: Option<(usize, Nest)>,
    section: Option<u32>,
    sections: u32,
    /// Per article: whether it is a chapter of prose beside chapters with articles.
    outer: Vec<bool>,
}

impl Build<'_, '_> {
    fn chunk(&mut self, chunk: &mut Chunk, index: usize, alone: bool) {
        self.section = None;
        let deeper = chunk
            .nodes
            .iter()
            .any(|n| !outline::is_article(n) && has_article(n));
        for &t in &chunk.tables {
            self.table(t);
        }
        if chunk.nodes.is_empty() {
            self.prose(chunk, index, alone);
            return;
        }
        self.opening(chunk);
        for n in &chunk.nodes {
            self.section = None;
            if deeper {
                self.sections += 1;
                // As printed; where an attachment counts anew, on from the last.
                let printed = n.label.no;
                let last = self.out.sections.last().map_or(0, |s| s.no);
                let no = if printed > last { printed } else { last + 1 };
                let p = &self.healed.paras[n.at.para];
                let title = self.title(n);
                self.out.sections.push(Section {
                    no,
                    title,
                    span: p.span(
                        n.at.from,
                        if n.title.is_empty() {
                            n.at.to
                        } else {
                            n.title.to
                        },
                    ),
                });
                self.section = Some(no);
            }
            self.node(n, deeper);
        }
    }

    /// A letter or attachment without headings: its paragraphs are one article. A covering letter that asks
    /// for nothing beside a plan is none.
    fn prose(&mut self, chunk: &Chunk, index: usize, alone: bool) {
        let mut parts: Vec<Part> = chunk
            .front
            .iter()
            .map(|&k| Part {
                para: k,
                from: 0,
                to: self.healed.paras[k].norm.len(),
            })
            .filter(|p| p.to > 12)
            .collect();
        parts.dedup();
        let sentence = |p: &Part| self.healed.paras[p.para].norm.contains(&'。');
        if parts.is_empty() || (index > 0 && !parts.iter().any(sentence)) {
            return;
        }
        let first = parts[0];
        let units =
            crate::units::take(self.healed, Part { to: 0, ..first }, &mut parts, self.notes);
        parts.retain(|p| !p.is_empty());
        let node = Node {
            label: outline::Label {
                style: Style::Circled,
                no: 0,
                end: 0,
            },
            at: first,
            title: Part {
                to: first.from,
                ..first
            },
            body: parts,
            units,
            children: Vec::new(),
            tables: Vec::new(),
        };
        let before = (self.out.duties.len(), self.out.triggers.len());
        self.article(&node, !alone);
        if !alone && before == (self.out.duties.len(), self.out.triggers.len()) {
            self.out.articles.pop();
            self.outer.pop();
        }
    }

    /// What stands before the first heading is mostly why. A sentence there that sets a date, a number or a
    /// ban is kept as an article of its own.
    fn opening(&mut self, chunk: &Chunk) {
        let before = (
            self.out.articles.len(),
            self.out.duties.len(),
            self.out.triggers.len(),
        );
        let said = self.notes.len();
        self.prose(chunk, 0, false);
        let strong = self.out.triggers.len() > before.2
            || self.out.duties[before.1..].iter().any(|d| {
                // 今年汛期为6月1日至9月30日 has a date and asks for nothing: no verb, little trust.
                d.confidence >= 0.75
                    && (d.deadline.is_some()
                        || d.recurrence.is_some()
                        || d.quantity.is_some()
                        || d.within.is_some()
                        || d.measure == MeasureKind::Prohibition)
            });
        if !strong {
            self.notes.truncate(said);
            self.out.articles.truncate(before.0);
            self.outer.truncate(before.0);
            self.out.duties.truncate(before.1);
            self.out.triggers.truncate(before.2);
        }
    }

    fn node(&mut self, n: &Node, top: bool) {
        if outline::is_article(n) {
            let nothing = n.body.is_empty() && n.children.is_empty() && !n.units.any();
            if nothing && !n.tables.is_empty() {
                for &t in &n.tables {
                    self.table(t);
                }
                return;
            }
            if nothing && (n.label.style <= Style::Dun || n.title.is_empty()) && top {
                return;
            }
            self.article(n, top);
            return;
        }
        // Words of a section itself, such as 二、主要任务 with a sentence before （一）.
        for part in n.body.iter().filter(|p| !p.is_empty()) {
            if let Some(later) = crate::units::later_rule(self.healed, Part { ..*part }) {
                self.later.extend(later);
            }
        }
        for &t in &n.tables {
            self.table(t);
        }
        for c in &n.children {
            self.node(c, false);
        }
    }

    fn title(&self, n: &Node) -> String {
        let p = &self.healed.paras[n.title.para];
        self.healed
            .tight(p, n.title.from, n.title.to)
            .trim_end_matches(['。', '：', '；', '，', '、'])
            .to_string()
    }

    fn article(&mut self, n: &Node, outer: bool) {
        if self.out.articles.len() >= ARTICLES_MAX {
            if self.out.articles.len() == ARTICLES_MAX {
                self.notes.push((
                    Span(0, 0),
                    format!("条目超过 {ARTICLES_MAX} 条，其余没有读入"),
                ));
            }
            return;
        }
        let healed = self.healed;
        let index = self.out.articles.len() as u32;
        let p = &healed.paras[n.at.para];
        let mut units = Found::default();
        gather(n, &mut units);
        let end = units
            .end
            .filter(|e| !e.is_empty())
            .unwrap_or_else(|| n.last_part());
        let last = n.last_part();
        let start = p.span(n.at.from, n.at.to).0;
        let end = healed.paras[end.para]
            .span(end.from, end.to)
            .1
            .max(healed.paras[last.para].span(last.from, last.to).1)
            .max(start);
        let title = self.title(n);
        let own_words = n.body.iter().any(|b| !b.is_empty()) || !n.children.is_empty();
        let mut text = String::new();
        words(healed, n, true, &mut text);
        let inherited: Vec<String> = self
            .later
            .iter()
            .filter(|u| !units.units.contains(u))
            .cloned()
            .collect();
        let label = healed
            .tight(p, n.at.from, n.label.end.min(n.at.to))
            .trim_end_matches(['、', '.', '．', '：', '，'])
            .to_string();
        let short = if title.is_empty() {
            first_words(&text)
        } else {
            title.clone()
        };
        self.out.articles.push(Article {
            no: n.label.no,
            label,
            section: self.section,
            title: short,
            text,
            span: Span(start, end),
            units: units.units.clone(),
            unit_mode: units.mode.clone(),
            inherited_units: inherited.clone(),
            lead_units: units.lead.clone(),
            support_units: units.support.clone(),
        });
        self.outer.push(outer);
        let year = self.heading_year(n);
        let known = Known {
            year: year.or(self.out.year),
            date: self.out.date,
        };
        let mut all = units.units.clone();
        all.extend(inherited);
        let section_title = self
            .section
            .and_then(|_| self.out.sections.last())
            .map_or("", |s| s.title.as_str());
        let why = WHY_TITLES
            .iter()
            .any(|w| title.contains(w) || section_title.contains(w));
        let due = self.due(n, &units, known);
        let around = Around {
            article: index,
            units: all,
            known,
            due,
            why,
            task: false,
        };
        let mut duties: Vec<Demand> = Vec::new();
        let mut triggers: Vec<Trigger> = Vec::new();
        self.demands(n, &around, !own_words, &mut duties, &mut triggers);
        self.out.duties.append(&mut duties);
        self.out.triggers.append(&mut triggers);
        for &t in &n.tables {
            self.table(t);
        }
        self.later.extend(units.later);
        self.later.dedup();
        self.later.truncate(UNITS_MAX);
    }

    /// A heading that names a year (集中攻坚阶段（2026年）) sets the year of what stands under it.
    fn heading_year(&self, n: &Node) -> Option<i16> {
        let p = &self.healed.paras[n.title.para];
        let mut found = None;
        for i in n.title.from..n.title.to {
            if let Some((y, _)) = dates::year_at(&p.norm[..n.title.to], i) {
                if found.is_some_and(|f| f != y) {
                    return None;
                }
                found = Some(y);
            }
        }
        found
    }

    /// 完成时限 of an article: from its closing brackets, else from its heading.
    fn due(
        &mut self,
        n: &Node,
        units: &Found,
        known: Known,
    ) -> Option<(dates::Kind, Span, String)> {
        let healed = self.healed;
        let field = units.due;
        let part = field.unwrap_or(n.title);
        let p = &healed.paras[part.para];
        let times = dates::find(&p.norm, part.from, part.to, &|_| false, known);
        if field.is_some() && times.is_empty() {
            let span = p.span(part.from, part.to);
            let words = healed.tight(p, part.from, part.to);
            if words.contains("长期")
                || words.contains("持续")
                || words.contains("常态")
                || words.contains("全年")
            {
                return Some((dates::Kind::Continuous, span, words));
            }
            let s: Vec<char> = p.norm[part.from..part.to].to_vec();
            if let Some((y, e)) = dates::year_at(&s, 0)
                && e == s.len()
                && let Ok(d) = jiff::civil::Date::new(y, 12, 31)
            {
                return Some((dates::Kind::By(d), span, words));
            }
            self.notes
                .push((span, format!("完成时限“{words}”没有换算为日期")));
            return None;
        }
        let t = times.into_iter().next_back()?;
        let span = p.span(t.from, t.to);
        Some((t.kind, span, healed.tight(p, t.from, t.to)))
    }

    fn demands(
        &mut self,
        n: &Node,
        around: &Around,
        title_too: bool,
        duties: &mut Vec<Demand>,
        triggers: &mut Vec<Trigger>,
    ) {
        let mut parts: Vec<Part> = Vec::new();
        if title_too && !n.title.is_empty() {
            parts.push(n.title);
        }
        parts.extend(n.body.iter().copied());
        for part in parts {
            self.nest(part.para);
            let Some((_, nest)) = &self.nests else {
                continue;
            };
            demand::read(self.healed, part, nest, around, duties, self.notes);
            trigger::read(
                self.healed,
                part,
                nest,
                around.article,
                triggers,
                self.notes,
            );
        }
        for c in &n.children {
            let mut inner = around.clone();
            if c.units.any() {
                inner.units = c.units.units.clone();
                inner.units.extend(
                    self.later
                        .iter()
                        .filter(|u| !c.units.units.contains(u))
                        .cloned(),
                );
            }
            if let Some(due) = self.due(c, &c.units, around.known) {
                inner.due = Some(due);
            }
            let bare = c.body.iter().all(Part::is_empty) && c.children.is_empty();
            self.demands(c, &inner, bare, duties, triggers);
            for &t in &c.tables {
                self.table(t);
            }
        }
    }

    fn nest(&mut self, para: usize) {
        if self.nests.as_ref().is_none_or(|n| n.0 != para) {
            self.nests = Some((para, Nest::new(&self.healed.paras[para].norm)));
        }
    }

    fn table(&mut self, t: usize) {
        let Some(table) = self.healed.text.tables.get(t) else {
            return;
        };
        let known = Known {
            year: self.out.year,
            date: self.out.date,
        };
        let rows = table::read(self.healed, table, known, self.notes);
        for row in rows {
            if self.out.articles.len() >= ARTICLES_MAX {
                return;
            }
            let index = self.out.articles.len() as u32;
            let inherited: Vec<String> = self
                .later
                .iter()
                .filter(|u| !row.article.units.contains(u))
                .cloned()
                .collect();
            let mut article = row.article;
            article.section = self.section;
            article.inherited_units.clone_from(&inherited);
            let mut units = article.units.clone();
            units.extend(inherited);
            self.out.articles.push(article);
            self.outer.push(false);
            let around = Around {
                article: index,
                units,
                known,
                due: row.due,
                why: false,
                task: true,
            };
            for para in row.words {
                let nest = Nest::new(&para.norm);
                demand::read_para(
                    self.healed,
                    &para,
                    &nest,
                    &around,
                    &mut self.out.duties,
                    self.notes,
                );
                trigger::read_para(
                    self.healed,
                    &para,
                    &nest,
                    index,
                    &mut self.out.triggers,
                    self.notes,
                );
            }
        }
    }
}

fn has_article(n: &Node) -> bool {
    n.children
        .iter()
        .any(|c| outline::is_article(c) || has_article(c))
}

fn gather(n: &Node, into: &mut Found) {
    let merge = |from: &[String], to: &mut Vec<String>| {
        for u in from {
            if !to.contains(u) && to.len() < UNITS_MAX {
                to.push(u.clone());
            }
        }
    };
    merge(&n.units.units, &mut into.units);
    merge(&n.units.lead, &mut into.lead);
    merge(&n.units.support, &mut into.support);
    merge(&n.units.later, &mut into.later);
    into.mode = into.mode.take().or_else(|| n.units.mode.clone());
    into.due = into.due.or(n.units.due);
    into.end = into.end.max_part(n.units.end);
    for c in &n.children {
        gather(c, into);
    }
}

trait MaxPart {
    fn max_part(self, other: Self) -> Self;
}

impl MaxPart for Option<Part> {
    fn max_part(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(if (b.para, b.to) > (a.para, a.to) {
                b
            } else {
                a
            }),
            (a, b) => a.or(b),
        }
    }
}

/// The words of an article: paragraphs by line, points with their numbers.
fn words(healed: &Healed<'_>, n: &Node, own: bool, out: &mut String) {
    let mut line = |span: Span| {
        let words = healed.quote(span);
        if words.is_empty() {
            return;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&words);
    };
    let mut body = n.body.iter().copied();
    if !own {
        let p = &healed.paras[n.at.para];
        let first = body.next();
        let to = first
            .filter(|f| f.para == n.at.para)
            .map_or(n.title.to.max(n.label.end), |f| f.to);
        line(p.span(n.at.from, to));
        if let Some(f) = first.filter(|f| f.para != n.at.para) {
            line(healed.paras[f.para].span(f.from, f.to));
        }
    }
    for b in body.filter(|b| !b.is_empty()) {
        line(healed.paras[b.para].span(b.from, b.to));
    }
    for c in &n.children {
        words(healed, c, false, out);
    }
}

/// A name for an article without heading: the words up to the first mark.
fn first_words(text: &str) -> String {
    let head = text
        .split(['，', '。', '；', '：', ',', '\n'])
        .next()
        .unwrap_or("");
    let n = head.chars().count();
    if n <= 30 {
        head.to_string()
    } else {
        head.chars().take(29).collect::<String>() + "…"
    }
}
