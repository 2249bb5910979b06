//! What the published notice itself attaches to accidents: two 较大 within three months in one town, and the committee
//! looks into that town (2025 notice, articles 三 and 十).
//!
//! A firing is a pure function of the set of accidents, never of the order in which they came to be known. Each accident
//! that completes a condition fires it, so that a later one does not undo what an earlier one called for. Windows are
//! rolling and inclusive, counted in civil days of China by when the accidents happened: n months from the 31st of January
//! end on the last day of a shorter month. [`Index`] gives the same answer as [`fired`], one accident at a time.

use super::accident::occurred;
use super::field::{LONG_MAX, Read};
use super::{Link, Loop, Open};
use crate::calendar::date_of;
use crate::id::{LoopId, OrgId};
use crate::notice::{Condition, Trigger};
use crate::org::OrgTree;
use crate::rulebook::Rulebook;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Most accidents that one firing names: the latest of them. No condition counts further.
pub const MEMBERS_MAX: usize = 100;

/// What must follow, as far as there is a kind of loop for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// 专项巡查.
    Patrol,
    /// 约谈.
    Interview,
    /// 现场警示会, 警示教育片.
    Warning,
}

impl Then {
    /// The kind of loop, and what it is called in Chinese.
    pub fn kind(self) -> (&'static str, &'static str) {
        match self {
            Then::Patrol => ("patrol", "专项巡查"),
            Then::Interview => ("interview", "约谈"),
            Then::Warning => ("warning", "警示教育"),
        }
    }
}

/// Where accidents are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In a town; an accident that lies in none counts nowhere.
    Town,
    /// In an enterprise.
    Enterprise,
    /// In the whole district.
    District,
    /// The notice does not say: each accident for itself, in its town if it lies in one.
    Each,
}

/// From the first accident to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Window {
    Months(u32),
    Days(u32),
    Always,
}

impl Window {
    /// The last day on which an accident still counts together with one of this day.
    fn end(self, from: Date) -> Date {
        let span = match self {
            Window::Months(n) => i64::from(n).months(),
            Window::Days(n) => i64::from(n).days(),
            Window::Always => return Date::MAX,
        };
        from.checked_add(span).unwrap_or(Date::MAX)
    }
}

/// One condition, as far as accidents can answer it.
#[derive(Debug, Clone, PartialEq)]
struct Test {
    /// 1 is the gravest: at least so grave.
    at_least: Option<u8>,
    /// Exactly so grave.
    exactly: Option<u8>,
    count: usize,
    window: Window,
    same_kind: bool,
    during: Option<String>,
    typical: bool,
    deadly: bool,
}

/// A trigger of the notice that accidents can fire.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Stable within the notice: `<notice>:a10:2987`, article and first character.
    pub key: String,
    /// The article.
    pub article: u32,
    /// The words.
    pub quote: String,
    /// Who must see to it, as written.
    pub by: Option<String>,
    /// Where accidents are counted.
    pub scope: Scope,
    /// What must follow.
    pub then: BTreeSet<Then>,
    any: Vec<Test>,
    /// Conditions that no accident's figures can answer: they stay with people.
    pub unread: Vec<String>,
}

/// A campaign (专项整治): a time in which the same kind of accident weighs more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// What it is against: codes of accident types or of trades. None: any kind that happens twice within it.
    #[serde(default)]
    pub types: Vec<String>,
    /// Towns or enterprises; none: the whole district.
    #[serde(default)]
    pub scope: Vec<OrgId>,
}

impl Campaign {
    fn covers(&self, accident: &Accident) -> bool {
        let day = date_of(accident.at);
        let here = self.scope.is_empty()
            || self.scope.contains(&accident.org)
            || accident
                .town
                .as_ref()
                .is_some_and(|town| self.scope.contains(town));
        here && self.from <= day && day <= self.to
    }

    /// Is it the one that a condition speaks of? 专项整治 alone means any.
    fn is(&self, words: &str) -> bool {
        const ANY: &[&str] = &[
            "专项整治",
            "专项整治行动",
            "专项行动",
            "集中整治",
            "专项治理",
            "整治",
        ];
        ANY.contains(&words) || self.name.contains(words) || words.contains(&self.name)
    }

    fn against(&self, accident: &Accident) -> bool {
        let of = |code: &Option<String>| code.as_ref().is_some_and(|c| self.types.contains(c));
        of(&accident.kind) || of(&accident.sector)
    }
}

/// An accident, as far as triggers look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accident {
    /// Its loop.
    pub id: LoopId,
    /// The org.
    pub org: OrgId,
    /// The town.
    pub town: Option<OrgId>,
    /// The trade.
    pub sector: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// Its grade as counted, 1 the gravest; none when it is not known.
    pub grade: Option<u8>,
    /// Its type.
    pub kind: Option<String>,
    /// It was found typical.
    pub typical: bool,
    /// Somebody died.
    pub deadly: bool,
    /// It opened its own warning already.
    pub warned: bool,
    /// It is a work accident that stands: not voided, not found to be none, no incident, no disaster.
    pub counts: bool,
}

impl Accident {
    /// What triggers see of a loop; none when it is no accident loop at all.
    pub fn of(it: &Loop, book: &Rulebook) -> Option<Self> {
        if it.kind != "accident" {
            return None;
        }
        let place = book
            .accidents
            .iter()
            .position(|g| Some(g.id.as_str()) == it.grade.as_deref());
        let kind = it.values.text("type");
        Some(Self {
            id: it.id.clone(),
            org: it.org.clone(),
            town: it.town.clone(),
            sector: it.sector.clone(),
            at: occurred(it),
            grade: place.and_then(|place| u8::try_from(place + 1).ok()),
            kind: (!kind.is_empty()).then(|| kind.to_owned()),
            typical: it.values.yes("typical"),
            deadly: it.values.number("counted_deaths").is_some_and(|n| n > 0.0),
            warned: it.values.yes("warned"),
            counts: it.values.text("class") == "accident"
                && it.voided.is_none()
                && it.state != "not-accident",
        })
    }

    fn key(&self) -> (Timestamp, LoopId) {
        (self.at, self.id.clone())
    }
}

/// A trigger that has fired: by the last of the accidents that completed a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Firing {
    /// The trigger.
    pub trigger: String,
    /// The town (or enterprise, or district) in which the accidents were counted.
    pub org: OrgId,
    /// The accident that completed it.
    pub anchor: LoopId,
    /// When that happened.
    pub at: Timestamp,
    /// All accidents that were counted.
    pub members: BTreeSet<LoopId>,
}

impl Firing {
    /// What stays the same while members come and go.
    pub fn key(&self) -> (&str, &OrgId, &LoopId) {
        (&self.trigger, &self.org, &self.anchor)
    }
}

/// What a change of the facts changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Fired now and not before.
    pub new: BTreeSet<Firing>,
    /// Fired before and not now.
    pub lapsed: BTreeSet<Firing>,
    /// Fired still, with other members or at another time; as they are now.
    pub changed: BTreeSet<Firing>,
}

impl Difference {
    /// Nothing.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.lapsed.is_empty() && self.changed.is_empty()
    }

    fn note(&mut self, before: Option<Firing>, after: Option<Firing>) {
        match (before, after) {
            (None, Some(now)) => _ = self.new.insert(now),
            (Some(was), None) => _ = self.lapsed.insert(was),
            (Some(was), Some(now)) if was != now => _ = self.changed.insert(now),
            _ => {}
        }
    }
}

/// What fired, what lapsed, what changed between two answers.
pub fn difference(before: &BTreeSet<Firing>, after: &BTreeSet<Firing>) -> Difference {
    let keyed = |set: &BTreeSet<Firing>| -> BTreeMap<(String, OrgId, LoopId), Firing> {
        let owned = |f: &Firing| (f.trigger.clone(), f.org.clone(), f.anchor.clone());
        set.iter()
            .map(|firing| (owned(firing), firing.clone()))
            .collect()
    };
    let (mut was, mut out) = (keyed(before), Difference::default());
    for (key, now) in keyed(after) {
        out.note(was.remove(&key), Some(now));
    }
    for (_, gone) in was {
        out.note(Some(gone), None);
    }
    out
}

/// Reads the triggers of a published notice. Those that speak of other things than accidents are left to others; a
/// condition on accidents that figures cannot answer is named in `unread`.
pub fn read(notice: &str, triggers: &[Trigger], book: &Rulebook) -> Vec<Rule> {
    let rule = |trigger: &Trigger| {
        let mut rule = Rule {
            key: format!("{notice}:a{}:{}", trigger.article, trigger.span.0),
            article: trigger.article,
            quote: trigger.quote.clone(),
            by: trigger.by.clone(),
            scope: match trigger.scope.as_deref() {
                Some("town") => Scope::Town,
                Some("enterprise") => Scope::Enterprise,
                Some("district") => Scope::District,
                _ => Scope::Each,
            },
            then: then(&trigger.then),
            any: Vec::new(),
            unread: Vec::new(),
        };
        for condition in trigger.any.iter().filter(|c| c.event == "accident") {
            match test(condition, book) {
                Some(test) => rule.any.push(test),
                None => rule.unread.push(condition.what.clone().unwrap_or_default()),
            }
        }
        (!rule.any.is_empty() || !rule.unread.is_empty()).then_some(rule)
    };
    triggers.iter().filter_map(rule).collect()
}

fn then(words: &str) -> BTreeSet<Then> {
    [
        ("巡查", Then::Patrol),
        ("约谈", Then::Interview),
        ("警示", Then::Warning),
    ]
    .into_iter()
    // 警示约谈 is an interview, not a film.
    .filter(|(word, then)| match then {
        Then::Warning => words.replace("警示约谈", "约谈").contains(word),
        _ => words.contains(word),
    })
    .map(|(_, then)| then)
    .collect()
}

fn test(condition: &Condition, book: &Rulebook) -> Option<Test> {
    let rank = |word: &Option<String>| -> Result<Option<u8>, ()> {
        let Some(word) = word else {
            return Ok(None);
        };
        let place = book
            .accidents
            .iter()
            .position(|g| g.zh == *word)
            .ok_or(())?;
        u8::try_from(place + 1).map(Some).map_err(|_| ())
    };
    let (at_least, exactly) = (
        rank(&condition.grade_at_least).ok()?,
        rank(&condition.grade).ok()?,
    );
    let what = condition.what.as_deref().unwrap_or_default();
    let typical = what.contains("典型");
    let deadly = ["亡人", "死亡", "人员伤亡"]
        .iter()
        .any(|word| what.contains(word));
    let plain = [
        "",
        "事故",
        "安全事故",
        "生产安全事故",
        "安全生产事故",
        "责任事故",
        "生产安全责任事故",
    ];
    let counted =
        at_least.is_some() || exactly.is_some() || condition.count.is_some() || condition.same_kind;
    if !counted && !typical && !deadly && !plain.contains(&what) {
        return None;
    }
    // 同类型 without a campaign means that it happened before.
    let alone = if condition.same_kind && condition.during.is_none() {
        2
    } else {
        1
    };
    let count = condition
        .count
        .map_or(alone, |n| n as usize)
        .clamp(1, MEMBERS_MAX);
    Some(Test {
        at_least,
        exactly,
        count,
        window: match (condition.within_months, condition.within_days) {
            (Some(months), _) => Window::Months(months),
            (None, Some(days)) => Window::Days(days),
            (None, None) => Window::Always,
        },
        same_kind: condition.same_kind,
        during: condition.during.clone(),
        typical,
        deadly,
    })
}

impl Test {
    fn suits(&self, accident: &Accident) -> bool {
        let grade = |ok: &dyn Fn(u8) -> bool| accident.grade.is_some_and(ok);
        accident.counts
            && self.at_least.is_none_or(|least| grade(&|g| g <= least))
            && self.exactly.is_none_or(|exact| grade(&|g| g == exact))
            && (!self.typical || accident.typical)
            && (!self.deadly || accident.deadly)
            && (!self.same_kind || accident.kind.is_some())
    }
}

impl Rule {
    /// Where an accident is counted.
    fn place<'a>(&self, accident: &'a Accident, district: &'a OrgId) -> Option<&'a OrgId> {
        match self.scope {
            Scope::Town => accident.town.as_ref(),
            Scope::Enterprise => Some(&accident.org),
            Scope::District => Some(district),
            Scope::Each => accident.town.as_ref().or(Some(&accident.org)),
        }
    }

    /// What must follow from a firing: loops for the town (or whatever org it is about). A warning that the accident
    /// itself opened is not opened again: `warned` says whether it did.
    pub fn follow(
        &self,
        firing: &Firing,
        tree: &OrgTree,
        warned: impl Fn(&LoopId) -> bool,
    ) -> Vec<Open> {
        let name = tree
            .get(&firing.org)
            .map_or(firing.org.as_str(), |org| org.short.as_str());
        self.then
            .iter()
            .filter(|then| !(**then == Then::Warning && warned(&firing.anchor)))
            .map(|then| {
                let (kind, zh) = then.kind();
                let what = format!(
                    "第{}条：{}（涉及事故{}起）",
                    self.article,
                    self.quote,
                    firing.members.len()
                );
                let what: String = what.chars().take(LONG_MAX).collect();
                let mut open =
                    Open::new(kind, firing.org.clone(), format!("{name}{zh}")).with("what", what);
                open.from = Some(Link {
                    id: firing.anchor.clone(),
                    how: "from".into(),
                    why: self.key.clone(),
                });
                open
            })
            .collect()
    }
}

/// All that has fired, over a set of accidents. `district` is the org in which district-wide conditions are counted.
pub fn fired<'a>(
    rules: &[Rule],
    campaigns: &[Campaign],
    district: &OrgId,
    accidents: impl IntoIterator<Item = &'a Accident>,
) -> BTreeSet<Firing> {
    let mut index = Index::new(rules.to_vec(), campaigns.to_vec(), district.clone());
    index.load(accidents.into_iter().cloned());
    index.firings()
}

/// A row of accidents that are counted together: those that suit one condition, in one place, of one kind, within one
/// campaign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    rule: usize,
    test: usize,
    org: OrgId,
    kind: Option<String>,
    campaign: Option<usize>,
}

/// The same answer, one accident at a time: a change looks at the accidents beside it in its own rows, at most
/// [`MEMBERS_MAX`] of them each. Accidents that suit no condition take no room.
#[derive(Debug, Clone)]
pub struct Index {
    rules: Vec<Rule>,
    campaigns: Vec<Campaign>,
    district: OrgId,
    known: BTreeMap<LoopId, Accident>,
    rows: BTreeMap<Row, BTreeSet<(Timestamp, LoopId)>>,
    firings: BTreeMap<(usize, LoopId), Firing>,
}

impl Index {
    /// An index without accidents.
    pub fn new(rules: Vec<Rule>, campaigns: Vec<Campaign>, district: OrgId) -> Self {
        Self {
            rules,
            campaigns,
            district,
            known: BTreeMap::new(),
            rows: BTreeMap::new(),
            firings: BTreeMap::new(),
        }
    }

    /// The rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of a firing.
    pub fn rule(&self, firing: &Firing) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.key == firing.trigger)
    }

    /// All that has fired.
    pub fn firings(&self) -> BTreeSet<Firing> {
        self.firings.values().cloned().collect()
    }

    /// Did an accident open its own warning?
    pub fn warned(&self, id: &LoopId) -> bool {
        self.known.get(id).is_some_and(|accident| accident.warned)
    }

    /// An accident as it now is: new, corrected or voided.
    pub fn put(&mut self, accident: Accident) -> Difference {
        self.replace(accident.id.clone(), Some(accident))
    }

    /// An accident is gone.
    pub fn remove(&mut self, id: &LoopId) -> Difference {
        self.replace(id.clone(), None)
    }

    /// Many at once, at the start: each is looked at once, when all stand in their rows.
    pub fn load(&mut self, accidents: impl IntoIterator<Item = Accident>) -> Difference {
        let mut ids = Vec::new();
        let mut touched = BTreeSet::new();
        let afresh = self.known.is_empty();
        for accident in accidents {
            self.displace(&accident.id, &mut touched);
            ids.push(accident.id.clone());
            for row in self.rows_of(&accident) {
                self.rows.entry(row).or_default().insert(accident.key());
                self.known
                    .entry(accident.id.clone())
                    .or_insert_with(|| accident.clone());
            }
        }
        for id in ids {
            let rows = self
                .known
                .get(&id)
                .map(|accident| (self.rows_of(accident), accident.key()));
            for row in rows.iter().flat_map(|(rows, _)| rows) {
                touched.insert((row.rule, id.clone()));
            }
            // Those that stood there before have a new neighbour.
            if let Some((rows, key)) = rows.filter(|_| !afresh) {
                for row in &rows {
                    self.beside(row, &key, &mut touched);
                }
            }
        }
        self.reckon(touched)
    }

    fn replace(&mut self, id: LoopId, now: Option<Accident>) -> Difference {
        let mut touched = BTreeSet::new();
        self.displace(&id, &mut touched);
        if let Some(now) = now {
            let rows = self.rows_of(&now);
            for row in &rows {
                self.rows.entry(row.clone()).or_default().insert(now.key());
                self.beside(row, &now.key(), &mut touched);
            }
            if !rows.is_empty() {
                self.known.insert(id, now);
            }
        }
        self.reckon(touched)
    }

    /// Takes an accident out of its rows.
    fn displace(&mut self, id: &LoopId, touched: &mut BTreeSet<(usize, LoopId)>) {
        let Some(was) = self.known.remove(id) else {
            return;
        };
        for row in self.rows_of(&was) {
            self.beside(&row, &was.key(), touched);
            if let Some(list) = self.rows.get_mut(&row) {
                list.remove(&was.key());
                if list.is_empty() {
                    self.rows.remove(&row);
                }
            }
        }
    }

    /// Works out anew what these accidents complete.
    fn reckon(&mut self, touched: BTreeSet<(usize, LoopId)>) -> Difference {
        let mut out = Difference::default();
        for (rule, anchor) in touched {
            let now = self
                .known
                .get(&anchor)
                .and_then(|anchor| self.firing(rule, anchor));
            let key = (rule, anchor);
            let was = match &now {
                Some(now) => self.firings.insert(key, now.clone()),
                None => self.firings.remove(&key),
            };
            // An accident that moved to another town lapses there and fires here.
            match (was, now) {
                (Some(was), Some(now)) if was.key() != now.key() => {
                    out.note(Some(was), None);
                    out.note(None, Some(now));
                }
                (was, now) => out.note(was, now),
            }
        }
        out
    }

    /// The rows in which an accident stands.
    fn rows_of(&self, accident: &Accident) -> Vec<Row> {
        let mut rows = Vec::new();
        for (r, rule) in self.rules.iter().enumerate() {
            let Some(org) = rule.place(accident, &self.district) else {
                continue;
            };
            for (t, test) in rule
                .any
                .iter()
                .enumerate()
                .filter(|(_, t)| t.suits(accident))
            {
                let row = |kind: Option<String>, campaign: Option<usize>| Row {
                    rule: r,
                    test: t,
                    org: org.clone(),
                    kind,
                    campaign,
                };
                let kind = accident.kind.clone().filter(|_| test.same_kind);
                let Some(words) = &test.during else {
                    rows.push(row(kind, None));
                    continue;
                };
                for (c, campaign) in self.campaigns.iter().enumerate() {
                    if !campaign.is(words) || !campaign.covers(accident) {
                        continue;
                    }
                    // A campaign that says what it is against asks for that; its first accident of the kind is enough.
                    if test.same_kind && !campaign.types.is_empty() {
                        if campaign.against(accident) {
                            rows.push(row(None, Some(c)));
                        }
                    } else {
                        rows.push(row(kind.clone(), Some(c)));
                    }
                }
            }
        }
        rows
    }

    /// How many a row needs: one that goes by kind needs two of a kind.
    fn needed(&self, row: &Row) -> usize {
        let count = self.rules[row.rule].any[row.test].count;
        if row.kind.is_some() {
            count.max(2)
        } else {
            count
        }
    }

    /// Those whose answer an accident may change: itself and the next in the row, as far as they count back.
    fn beside(&self, row: &Row, key: &(Timestamp, LoopId), out: &mut BTreeSet<(usize, LoopId)>) {
        out.insert((row.rule, key.1.clone()));
        // What needs but one is answered by each accident for itself.
        if self.needed(row) == 1 {
            return;
        }
        let Some(list) = self.rows.get(row) else {
            return;
        };
        let end = self.rules[row.rule].any[row.test]
            .window
            .end(date_of(key.0));
        let after = list.range((Bound::Excluded(key), Bound::Unbounded));
        for (at, id) in after.take(MEMBERS_MAX) {
            if date_of(*at) > end {
                break;
            }
            out.insert((row.rule, id.clone()));
        }
    }

    /// What an accident completes under a rule.
    fn firing(&self, rule: usize, anchor: &Accident) -> Option<Firing> {
        let mut members = BTreeSet::new();
        let mut holds = false;
        let day = date_of(anchor.at);
        for row in self.rows_of(anchor).iter().filter(|row| row.rule == rule) {
            let needed = self.needed(row);
            if needed == 1 {
                holds = true;
                members.insert(anchor.id.clone());
                continue;
            }
            let window = self.rules[rule].any[row.test].window;
            let Some(list) = self.rows.get(row) else {
                continue;
            };
            let counted: Vec<&LoopId> = list
                .range(..=anchor.key())
                .rev()
                .take(MEMBERS_MAX)
                .take_while(|(at, _)| window.end(date_of(*at)) >= day)
                .map(|(_, id)| id)
                .collect();
            if counted.len() >= needed {
                holds = true;
                members.extend(counted.into_iter().cloned());
            }
        }
        let of = &self.rules[rule];
        holds
            .then(|| of.place(anchor, &self.district))
            .flatten()
            .map(|org| Firing {
                trigger: of.key.clone(),
                org: org.clone(),
                anchor: anchor.id.clone(),
                at: anchor.at,
                members,
            })
    }
}

#[cfg(test)]
mod tests;
