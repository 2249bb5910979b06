//! Official papers out of loops: what the facts say, put into the words of `anlan_documents::official`. Nothing is
//! invented here: what nobody wrote down stays open on the paper.

use crate::app::{App, World};
use anlan_core::calendar::{OFFSET, date_of};
use anlan_core::fact::{Event as Any, Fact};
use anlan_core::id::OrgId;
use anlan_core::loops::field::Values;
use anlan_core::loops::{Event, Loop, Moved, Party, Read as _, Refusal, Running, Spec};
use anlan_documents::Head;
use anlan_documents::official::accident::{
    Casualties, Change, Event as Class, GradeFound, Stage, Told,
};
use anlan_documents::official::hazard::{Criterion, HazardFacts, Plan};
use anlan_documents::official::order::{Measure, OrderItem, Recheck, RecheckItem};
use anlan_documents::official::patrol::Member;
use anlan_documents::official::referral::Material;
use anlan_documents::official::supervise::{Demand, Problem};
use anlan_documents::official::warning::Viewing;
use anlan_documents::official::{self, Official};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// The step that a paper belongs to has not been taken.
pub const NOT_YET: Refusal = Refusal::new(
    "paper-not-yet",
    "相应环节尚未办理，还不能生成该文书",
    "The step this paper belongs to has not been taken",
);
/// There is no such paper.
pub const NO_SUCH_PAPER: Refusal = Refusal::new(
    "no-such-paper",
    "没有这种文书",
    "There is no such paper for this kind",
);

/// Papers of an accident: not of one move but of each report.
const FIRST: &str = "accident-first";
const FOLLOW: &str = "accident-follow-up";
const FINAL: &str = "accident-final";

/// What a paper is called.
pub fn name(code: &str) -> (&'static str, &'static str) {
    match code {
        "rectification-order" => ("责令限期整改指令书", "Rectification order"),
        "reinspection-opinion" => ("整改复查意见书", "Re-inspection opinion"),
        "on-site-decision" => ("现场处理措施决定书", "On-site decision"),
        "major-hazard-report" => ("重大事故隐患报告", "Major-hazard report"),
        "listing-notice" => ("挂牌督办通知书", "Listed-supervision notice"),
        "delisting-notice" => ("摘牌（销号）通知", "Delisting notice"),
        "circular" => ("通报", "Circular"),
        "interview-notice" => ("约谈通知书", "Interview notice"),
        "interview-record" => ("约谈纪要", "Interview record"),
        "patrol-notice" => ("巡查通知", "Patrol notice"),
        "patrol-feedback" => ("巡查反馈意见", "Patrol feedback"),
        "exposure-sheet" => ("曝光通报", "Exposure sheet"),
        "referral-letter" => ("案件移送书", "Referral letter"),
        "warning-notice" => ("现场警示会通知", "Warning-meeting notice"),
        "film-list" => ("警示教育片发放观看情况表", "Film list"),
        FIRST => ("快报", "First report"),
        FINAL => ("终报", "Final report"),
        _ if code.starts_with(FOLLOW) => ("续报", "Follow-up report"),
        _ => ("文书", "Paper"),
    }
}

/// One thing that happened to a loop: when, by which unit, with what.
struct Step<'a> {
    at: Timestamp,
    code: &'a str,
    org: Option<&'a OrgId>,
    values: &'a Values,
}

/// A loop with its story, as papers need it.
pub struct Source<'a> {
    it: &'a Loop,
    spec: &'static Spec,
    events: Vec<(Timestamp, Event)>,
    world: &'a World,
    app: &'a App,
}

fn date(values: &Values, code: &str) -> Option<Date> {
    let text = values.text(code);
    text.parse()
        .ok()
        .or_else(|| text.parse::<Timestamp>().ok().map(date_of))
}

pub(crate) fn civil(at: Timestamp) -> DateTime {
    OFFSET.to_datetime(at)
}

fn moment(values: &Values, code: &str) -> Option<DateTime> {
    values.text(code).parse::<Timestamp>().ok().map(civil)
}

/// Lines of a long text.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn whole(n: Option<f64>) -> Option<u32> {
    n.filter(|n| *n >= 0.0).map(|n| n as u32)
}

impl<'a> Source<'a> {
    /// From a loop and the facts of its stream.
    pub fn new(it: &'a Loop, facts: &[Fact], world: &'a World, app: &'a App) -> Option<Self> {
        let events = facts
            .iter()
            .filter_map(|fact| match fact.event() {
                Ok(Any::Loop(event)) => Some((fact.happened, event)),
                _ => None,
            })
            .collect();
        Some(Self {
            spec: it.spec()?,
            it,
            events,
            world,
            app,
        })
    }

    fn steps(&self) -> Vec<Step<'_>> {
        self.events
            .iter()
            .filter_map(|(at, event)| match event {
                Event::Opened(opened) => Some(Step {
                    at: *at,
                    code: "open",
                    org: opened.by_org.as_ref(),
                    values: &opened.values,
                }),
                Event::Moved(moved) => {
                    let moved: &Moved = moved;
                    Some(Step {
                        at: *at,
                        code: &moved.code,
                        org: moved.by_org.as_ref(),
                        values: &moved.values,
                    })
                }
                _ => None,
            })
            .collect()
    }

    /// The last step that made a paper.
    fn last(&self, paper: &str) -> Option<Step<'_>> {
        let makes = |code: &str| {
            let m = if code == "open" {
                Some(&self.spec.open)
            } else {
                self.spec.find(code)
            };
            m.is_some_and(|m| m.paper == Some(paper))
        };
        self.steps().into_iter().rfind(|step| makes(step.code))
    }

    fn org(&self, id: Option<&OrgId>) -> String {
        id.and_then(|id| self.world.tree.get(id))
            .map_or_else(String::new, |org| org.name.clone())
    }

    fn unit(&self) -> String {
        self.org(Some(&self.it.org))
    }

    fn party(&self, party: Party) -> String {
        self.org(self.it.party(party))
    }

    fn sector(&self) -> String {
        let code = self.it.sector.as_deref().unwrap_or_default();
        self.app
            .book
            .sectors
            .iter()
            .find(|s| s.code == code)
            .map_or_else(String::new, |s| s.zh.clone())
    }

    fn said(&self, field: &str, values: &Values) -> String {
        let Some(value) = values.get(field) else {
            return String::new();
        };
        super::views::text(self.spec, field, value, self.world, &self.app.book)
    }

    /// Papers that can be printed now: code, Chinese, English.
    pub fn ready(&self) -> Vec<(String, &'static str, &'static str)> {
        let mut out: Vec<String> = Vec::new();
        if self.it.kind == "accident" {
            out.push(FIRST.into());
            let follow = self.reports().len().saturating_sub(1);
            let last = self.it.did.contains_key("final");
            out.extend(
                (1..=follow - usize::from(last && follow > 0)).map(|n| format!("{FOLLOW}-{n}")),
            );
            if last {
                out.push(FINAL.into());
            }
        }
        for m in std::iter::once(&self.spec.open).chain(self.spec.moves) {
            if let Some(paper) = m.paper
                && paper != "event-report"
                && self.it.did.contains_key(m.code)
                && !out.iter().any(|known| known == paper)
            {
                out.push(paper.to_owned());
            }
        }
        out.into_iter()
            .map(|code| {
                let (zh, en) = name(&code);
                (code, zh, en)
            })
            .collect()
    }

    /// The paper of this code: its head and what it says.
    ///
    /// # Errors
    /// When the step it belongs to has not been taken, or there is no such paper.
    pub fn paper(&self, code: &str, number: Option<String>) -> Result<(Head, Official), Refusal> {
        // The report of a move is the one that was made last.
        let last = format!("{FOLLOW}-{}", self.reports().len().saturating_sub(1));
        let code = match code {
            "event-report" if self.it.did.contains_key("final") => FINAL,
            "event-report" if self.reports().len() <= 1 => FIRST,
            "event-report" => last.as_str(),
            code => code,
        };
        if self.it.kind == "accident" && code.starts_with("accident-") {
            return self.report(code, number);
        }
        if !self.spec.moves.iter().any(|m| m.paper == Some(code)) {
            return Err(NO_SUCH_PAPER);
        }
        let step = self.last(code).ok_or(NOT_YET)?;
        let v = &self.it.values;
        let own = step.values;
        let paper = match code {
            "rectification-order" => Official::Rectification(official::Rectification {
                unit: self.unit(),
                place: self.place(),
                inspected_on: Some(date_of(self.it.happened)),
                items: vec![OrderItem {
                    problem: v.text("what").to_owned(),
                    grade: self.said("grade", v),
                    basis: self
                        .criterion()
                        .map(|c| format!("{}{}", c.document, c.item))
                        .unwrap_or_default(),
                    demand: own.text("demands").to_owned(),
                    due: date(own, "deadline").ok_or(NOT_YET)?,
                }],
                recheck_days: self
                    .app
                    .book
                    .limit("hazard", "reinspect")
                    .and_then(|l| l.days),
                ..Default::default()
            }),
            "reinspection-opinion" => {
                let passed = own.text("reinspection") == "pass";
                Official::Reinspection(official::Reinspection {
                    unit: self.unit(),
                    order: "责令限期整改指令书".into(),
                    order_on: self.it.did.get("order").map(|d| date_of(d.at)),
                    checked_on: Some(date_of(step.at)),
                    items: vec![RecheckItem {
                        problem: v.text("what").to_owned(),
                        due: date(v, "deadline"),
                        result: if passed {
                            Recheck::Passed
                        } else {
                            Recheck::Failed
                        },
                        seen: own.text("reinspection_note").to_owned(),
                    }],
                    next: if passed {
                        String::new()
                    } else {
                        date(own, "deadline")
                            .map(|d| format!("限于{d}前重新整改完毕"))
                            .unwrap_or_default()
                    },
                    ..Default::default()
                })
            }
            "on-site-decision" => Official::OnSiteMeasures(official::OnSiteMeasures {
                unit: self.unit(),
                inspected_on: Some(date_of(step.at)),
                facts: std::iter::once(v.text("what").to_owned())
                    .chain(lines(own.text("stop_reason")))
                    .collect(),
                basis: vec!["《中华人民共和国安全生产法》第六十五条、第七十条".into()],
                measures: vec![Measure {
                    what: self.said("stop_scope", own),
                    from: Some(civil(step.at)),
                    ..Default::default()
                }],
                ..Default::default()
            }),
            "major-hazard-report" => Official::MajorHazard(Box::new(official::MajorHazard {
                hazard: self.hazard(),
                cause: own.text("hazard_state").to_owned(),
                harm: own.text("hazard_harm").to_owned(),
                plan: Plan {
                    responsible: v.text("plan_responsible").to_owned(),
                    measures: v.text("plan_measures").to_owned(),
                    funds: self.said("plan_funds", v),
                    due: date(v, "plan_deadline"),
                    emergency: v.text("plan_emergency").to_owned(),
                    ..Default::default()
                },
                regulator: self.said("regulator", own),
                regulator_told_on: Some(date_of(step.at)),
                congress_told_on: date(v, "workers_date"),
                ..Default::default()
            })),
            "listing-notice" => Official::Listing(official::Listing {
                hazard: self.hazard(),
                level: self.said(
                    if own.has("list_level") {
                        "list_level"
                    } else {
                        "level"
                    },
                    if own.has("list_level") { own } else { v },
                ),
                supervisor: self.org(step.org),
                lead: self.party(Party::Handler),
                town: self.org(self.it.town.as_ref()),
                basis: v.text("basis").to_owned(),
                due: date(own, "list_deadline")
                    .or_else(|| date(own, "deadline"))
                    .or_else(|| date(v, "deadline")),
                published_at: own.text("media").to_owned(),
                demands: lines(match own.text("list_demands") {
                    "" => v.text("demands"),
                    demands => demands,
                }),
                ..Default::default()
            }),
            "delisting-notice" => Official::Delisting(official::Delisting {
                hazard: self.hazard(),
                listing_number: self.it.number.clone(),
                listed_on: self.it.did.get("publish").map(|d| date_of(d.at)),
                applied_on: self.it.did.get("ask-delisting").map(|d| date_of(d.at)),
                reviewed_on: self.it.did.get("review").map(|d| date_of(d.at)),
                findings: lines(v.text("review_note")),
                demands: lines(own.text("delisting_notice")),
                ..Default::default()
            }),
            "circular" => Official::Circular(official::Circular {
                unit: self.unit(),
                matter: v.text("what").to_owned(),
                facts: lines(v.text("facts")),
                demands: lines(own.text("demands")),
                answer_by: date(own, "deadline").or_else(|| date(v, "deadline")),
                ..Default::default()
            }),
            "interview-notice" => Official::InterviewNotice(official::InterviewNotice {
                unit: self.unit(),
                reasons: lines(v.text("what")),
                basis: lines(v.text("basis")),
                at: moment(own, "at"),
                place: own.text("venue").to_owned(),
                host: v.text("host").to_owned(),
                attendees: lines(v.text("called")),
                materials: lines(v.text("materials")),
                answer_by: date(v, "deadline"),
                ..Default::default()
            }),
            "interview-record" => Official::InterviewRecord(official::InterviewRecord {
                unit: self.unit(),
                from: moment(v, "at"),
                place: v.text("venue").to_owned(),
                host: v.text("host").to_owned(),
                attendees: lines(own.text("attended")),
                reasons: lines(v.text("what")),
                statements: lines(own.text("record")),
                demands: lines(own.text("demands"))
                    .into_iter()
                    .map(|what| Demand {
                        what,
                        who: self.unit(),
                        due: date(own, "deadline"),
                    })
                    .collect(),
                ..Default::default()
            }),
            "patrol-notice" => Official::PatrolNotice(official::PatrolNotice {
                unit: self.unit(),
                rule: v.text("what").to_owned(),
                rule_source: v.text("basis").to_owned(),
                from: date(own, "from"),
                until: date(own, "until"),
                team: v
                    .rows("team")
                    .iter()
                    .map(|row| Member {
                        part: String::new(),
                        post: format!("{}{}", row.text("unit"), row.text("post")),
                        name: row.text("name").to_owned(),
                    })
                    .collect(),
                scope: lines(v.text("scope")),
                ..Default::default()
            }),
            "patrol-feedback" => Official::PatrolFeedback(official::PatrolFeedback {
                unit: self.unit(),
                from: date(v, "from"),
                until: date(v, "until"),
                overview: lines(own.text("opinion")),
                problems: own
                    .rows("problems")
                    .iter()
                    .map(|row| Problem {
                        what: row.text("what").to_owned(),
                        unit: OrgId::try_from(row.text("unit"))
                            .map(|id| self.org(Some(&id)))
                            .unwrap_or_default(),
                        basis: row.text("basis").to_owned(),
                        due: date(row, "deadline"),
                        status: String::new(),
                    })
                    .collect(),
                report_by: date(own, "deadline"),
                ..Default::default()
            }),
            "exposure-sheet" => Official::Exposure(official::Exposure {
                unit: self.unit(),
                matter: v.text("headline").to_owned(),
                kind: self.said("kind", v),
                area: self.org(self.it.town.as_ref()),
                facts: lines(v.text("text")),
                published_until: date(v, "until"),
                hotline: "12350".into(),
                ..Default::default()
            }),
            "referral-letter" => Official::Referral(official::Referral {
                receiver: v.text("receiver").to_owned(),
                case_name: self.it.title.clone(),
                case_number: self.it.number.clone(),
                parties: vec![self.unit()],
                found_on: Some(date_of(self.it.happened)),
                facts: lines(match v.text("what") {
                    "" => own.text("reason"),
                    what => what,
                }),
                basis: lines(v.text("basis")),
                materials: self
                    .it
                    .values
                    .values()
                    .flat_map(anlan_core::loops::Value::files)
                    .map(|shot| Material {
                        name: shot.file.name.clone(),
                        hash: shot.file.sha256.clone(),
                        ..Default::default()
                    })
                    .collect(),
                ..Default::default()
            }),
            "warning-notice" => Official::WarningMeeting(official::WarningMeeting {
                accident: self.it.title.clone(),
                course: v.text("what").to_owned(),
                at: moment(own, "at"),
                place: own.text("venue").to_owned(),
                hosts: lines(own.text("host")),
                attendees: lines(own.text("invited")),
                demands: lines(v.text("lessons")),
                ..Default::default()
            }),
            "film-list" => Official::FilmList(official::FilmList {
                film: v.text("film").to_owned(),
                accident: self.it.title.clone(),
                made_by: vec![self.said("producer", v)],
                watch_by: date(v, "deadline"),
                as_of: civil(step.at),
                rows: v
                    .rows("units")
                    .iter()
                    .map(|row| Viewing {
                        unit: OrgId::try_from(row.text("unit"))
                            .map(|id| self.org(Some(&id)))
                            .unwrap_or_default(),
                        ..Default::default()
                    })
                    .collect(),
            }),
            _ => return Err(NO_SUCH_PAPER),
        };
        Ok((self.head(step.org, step.at, number), paper))
    }

    fn head(&self, org: Option<&OrgId>, at: Timestamp, number: Option<String>) -> Head {
        let office = org
            .or_else(|| self.it.party(Party::Handler))
            .unwrap_or(&self.it.org);
        let short = self
            .world
            .tree
            .get(office)
            .map(|o| o.short.clone())
            .unwrap_or_default();
        Head {
            office: self.org(Some(office)),
            office_short: short,
            number: number.filter(|n| !n.trim().is_empty()),
            date: date_of(at),
            to: Vec::new(),
            copies_to: Vec::new(),
            contact: None,
            red_header: false,
            title: None,
        }
    }

    fn place(&self) -> String {
        let spot = self.it.values.text("spot");
        match (self.it.address.as_str(), spot) {
            ("", spot) => spot.to_owned(),
            (address, "") => address.to_owned(),
            (address, spot) => format!("{address}（{spot}）"),
        }
    }

    fn criterion(&self) -> Option<Criterion> {
        let item = self
            .app
            .book
            .criteria
            .item(self.it.values.text("criterion"))?;
        Some(Criterion {
            document: item.doc_zh.clone(),
            number: item.doc_no.clone(),
            item: item.no.clone(),
            text: item.zh.clone(),
        })
    }

    fn hazard(&self) -> HazardFacts {
        HazardFacts {
            number: self.it.number.clone(),
            name: self.it.title.clone(),
            unit: self.unit(),
            place: self.place(),
            sector: self.sector(),
            found_on: Some(date_of(self.it.happened)),
            found_by: self.party(Party::Opener),
            description: self.it.values.text("what").to_owned(),
            criterion: self.criterion().unwrap_or_default(),
        }
    }

    /// Moves by which an accident is reported: the first, and each that told more.
    fn reports(&self) -> Vec<usize> {
        const REPORTS: &[&str] = &["open", "follow-up", "figures", "zero-report", "final"];
        let steps = self.steps();
        (0..steps.len())
            .filter(|at| REPORTS.contains(&steps[*at].code))
            .collect()
    }

    /// What was known after so many steps.
    fn known(&self, upto: usize) -> Values {
        let mut known = Values::new();
        for step in self.steps().iter().take(upto + 1) {
            known.extend(step.values.iter().map(|(k, v)| (k.clone(), v.clone())));
        }
        known
    }

    fn report(&self, code: &str, number: Option<String>) -> Result<(Head, Official), Refusal> {
        let (reports, steps) = (self.reports(), self.steps());
        let finals = reports.iter().rposition(|at| steps[*at].code == "final");
        let (at, stage) = match code {
            FIRST => (0, Stage::First),
            FINAL => (finals.ok_or(NOT_YET)?, Stage::Final),
            _ => {
                let n: usize = code
                    .strip_prefix(FOLLOW)
                    .and_then(|n| n.strip_prefix('-'))
                    .and_then(|n| n.parse().ok())
                    .ok_or(NO_SUCH_PAPER)?;
                if n == 0 || n >= reports.len() || finals == Some(n) {
                    return Err(NOT_YET);
                }
                (n, Stage::FollowUp(u32::try_from(n).unwrap_or(u32::MAX)))
            }
        };
        let step = reports
            .get(at)
            .and_then(|at| steps.get(*at))
            .ok_or(NOT_YET)?;
        let v = self.known(reports[at]);
        let event = match v.text("class") {
            "incident" => Class::Incident,
            "disaster" => Class::Disaster,
            _ => Class::Accident,
        };
        let mut report = official::EventReport::unknown(event, stage, civil(step.at));
        report.name.clone_from(&self.it.title);
        report.kind = self.said(if v.has("type") { "type" } else { "disaster" }, &v);
        report.sector = self.sector();
        report.occurred_at = moment(&v, "occurred_at").or_else(|| Some(civil(self.it.happened)));
        report.learned_at = moment(&v, "learned_at");
        report.place = self.place();
        report.unit.name = self.unit();
        report.unit.address = self.it.address.clone();
        report.course = v.text("what").to_owned();
        report.cause = v.text("cause_direct").to_owned();
        report.casualties = Casualties {
            deaths: whole(v.number("deaths")),
            missing: whole(v.number("missing")),
            trapped: whole(v.number("trapped")),
            serious: whole(v.number("serious")),
            slight: whole(v.number("minor")),
            at_risk: whole(v.number("at_risk")),
            evacuated: whole(v.number("evacuated")),
        };
        report.loss = v.number("loss").filter(|n| *n >= 0.0).map(|n| n as u64);
        report.measures = lines(v.text("measures"));
        report.other = lines(v.text("progress"));
        report.reporter = v.text("reporter_post").to_owned();
        report.supervisor = self.party(Party::Handler);
        if at + 1 == reports.len() {
            let grade = self
                .it
                .grade
                .as_ref()
                .and_then(|g| self.app.book.accidents.iter().find(|b| b.id == *g));
            report.grade = grade.map(|grade| GradeFound {
                grade: grade.zh.clone(),
                test: String::new(),
                rule: grade.source.clone(),
            });
            report.told = self.told();
        }
        if at > 0 {
            let before = self.known(reports[at - 1]);
            report.previous = if at == 1 {
                "快报".into()
            } else {
                format!("第{}次续报", at - 1)
            };
            report.changes = self.changes(&before, &v);
        }
        Ok((
            self.head(step.org, step.at, number),
            Official::EventReport(Box::new(report)),
        ))
    }

    /// What differs between two reports, in the order of the forms.
    fn changes(&self, before: &Values, now: &Values) -> Vec<Change> {
        let mut out: Vec<Change> = Vec::new();
        for (code, value) in now {
            let Some(field) = self.spec.field(code) else {
                continue;
            };
            if before.get(code) == Some(value) || !value.files().is_empty() {
                continue;
            }
            out.push(Change {
                field: field.zh.to_owned(),
                before: self.said(code, before),
                now: self.said(code, now),
                reason: String::new(),
            });
        }
        out
    }

    /// Who was told when, beside the clocks that asked for it.
    fn told(&self) -> Vec<Told> {
        let mut out = Vec::new();
        let clock =
            |code: &str| -> Option<&Running> { self.it.clocks.iter().find(|c| c.code == code) };
        let own = ["unit", "unit-itself", "town", "town-itself"]
            .iter()
            .find_map(|code| clock(code));
        if let Some(own) = own {
            out.push(Told {
                receiver: self.party(Party::Handler),
                by: self.unit(),
                due: Some(civil(own.due)),
                received: own.met.map(civil),
                rule: own.rule.clone(),
                ..Default::default()
            });
        }
        for step in self.steps() {
            let running = self
                .spec
                .clocks
                .iter()
                .find(|c| c.meets.contains(&step.code));
            let running = running.and_then(|c| clock(c.code));
            for row in step.values.rows("told") {
                out.push(Told {
                    receiver: row.text("to").to_owned(),
                    by: self.org(step.org),
                    means: self.said_in_row("told", "how", row),
                    due: running.map(|c| civil(c.due)),
                    received: moment(row, "received_at").or_else(|| moment(row, "at")),
                    rule: running.map(|c| c.rule.clone()).unwrap_or_default(),
                });
            }
        }
        out
    }

    fn said_in_row(&self, table: &str, code: &str, row: &Values) -> String {
        use anlan_core::loops::spec::Kind;
        let field = self.spec.field(table).and_then(|table| match table.kind {
            Kind::Rows(fields) => fields.iter().find(|f| f.code == code),
            _ => None,
        });
        match (field.map(|f| f.kind), row.text(code)) {
            (Some(Kind::Choice(words)), text) => words
                .iter()
                .find(|w| w.code == text)
                .map_or_else(|| text.to_owned(), |w| w.zh.to_owned()),
            (_, text) => text.to_owned(),
        }
    }
}
