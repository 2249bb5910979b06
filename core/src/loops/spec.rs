//! What a kind of loop is made of: states, moves, fields and clocks, as constant tables. A loop's own file fills
//! them in; everything else — storage, API, forms, inbox, diagrams, the compliance test — is worked out from them.

use super::field::Values;
use super::{Context, Loop, Refusal};
use crate::authority::Command as May;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A code with its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// In storage and API.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// A word.
pub const fn word(code: &'static str, zh: &'static str, en: &'static str) -> Word {
    Word { code, zh, en }
}

/// What an org is to a loop.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// 责任单位: whose danger, accident or task it is.
    Owner,
    /// 监管（承办）单位: who sees to it that it is closed.
    Handler,
    /// 发起单位: who opened it.
    Opener,
    /// 牵头单位: who leads where several are concerned.
    Lead,
}

impl Party {
    /// All of them.
    pub const ALL: [Party; 4] = [Party::Owner, Party::Handler, Party::Opener, Party::Lead];

    /// The word in storage.
    pub fn code(self) -> &'static str {
        match self {
            Party::Owner => "owner",
            Party::Handler => "handler",
            Party::Opener => "opener",
            Party::Lead => "lead",
        }
    }
    /// Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Party::Owner => ("责任单位", "Responsible unit"),
            Party::Handler => ("承办（监管）单位", "Handling unit"),
            Party::Opener => ("发起单位", "Opened by"),
            Party::Lead => ("牵头单位", "Lead unit"),
        }
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One line, at most 200 characters.
    Text,
    /// Several lines, at most 4,000 characters.
    Long,
    /// A number within bounds; `whole` allows no fraction.
    Number {
        /// 人, 元, 米.
        unit: &'static str,
        /// At least.
        min: f64,
        /// At most.
        max: f64,
        /// No fraction.
        whole: bool,
    },
    /// Yes or no.
    Flag,
    /// One of these.
    Choice(&'static [Word]),
    /// Any of these.
    Many(&'static [Word]),
    /// One word of a table of the rulebook: `accident-types`, `disaster-kinds`, `violations`.
    Table(&'static str),
    /// A day.
    Date,
    /// A moment.
    Instant,
    /// An org; one that plays a part in the loop takes that part.
    Org(Option<Party>),
    /// Files; `photos` wants at least a picture.
    Files {
        /// Pictures only.
        photos: bool,
    },
    /// Lines of a table.
    Rows(&'static [Field]),
    /// A point on the map.
    Place,
    /// A criterion of `rulebook/criteria` by its id, with the answers that decided it.
    Criterion,
    /// Another loop of one of these kinds.
    Loop(&'static [&'static str]),
}

/// When a field must be filled.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// Always.
    Must,
    /// As one likes: unknown stays unknown.
    May,
    /// When another field of the same form has one of these values; otherwise it is not asked at all.
    When(&'static str, &'static [&'static str]),
    /// As `When`, but may stay empty.
    MayWhen(&'static str, &'static [&'static str]),
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its code, the key of the value.
    pub code: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Must it be filled?
    pub need: Need,
    /// A word of help.
    pub hint: (&'static str, &'static str),
    /// Nothing that public pages or district statistics may show.
    pub personal: bool,
}

impl Field {
    /// A field that may stay empty.
    pub const fn new(code: &'static str, zh: &'static str, en: &'static str, kind: Kind) -> Self {
        Self {
            code,
            zh,
            en,
            kind,
            need: Need::May,
            hint: ("", ""),
            personal: false,
        }
    }
    /// It must be filled.
    pub const fn must(mut self) -> Self {
        self.need = Need::Must;
        self
    }
    /// It must be filled when another field has one of these values, and is not asked otherwise.
    pub const fn when(mut self, field: &'static str, values: &'static [&'static str]) -> Self {
        self.need = Need::When(field, values);
        self
    }
    /// It may be filled when another field has one of these values, and is not asked otherwise.
    pub const fn may_when(mut self, field: &'static str, values: &'static [&'static str]) -> Self {
        self.need = Need::MayWhen(field, values);
        self
    }
    /// A word of help beside it.
    pub const fn hint(mut self, zh: &'static str, en: &'static str) -> Self {
        self.hint = (zh, en);
        self
    }
    /// It names or describes a person.
    pub const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }
}

/// One line of text.
pub const fn text(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Text)
}
/// Several lines.
pub const fn long(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Long)
}
/// A number of people or pieces.
pub const fn count(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    unit: &'static str,
) -> Field {
    Field::new(
        code,
        zh,
        en,
        Kind::Number {
            unit,
            min: 0.0,
            max: 1_000_000.0,
            whole: true,
        },
    )
}
/// An amount of money in yuan.
pub const fn yuan(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(
        code,
        zh,
        en,
        Kind::Number {
            unit: "元",
            min: 0.0,
            max: 1e12,
            whole: false,
        },
    )
}
/// Yes or no.
pub const fn flag(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Flag)
}
/// One of these.
pub const fn choice(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    of: &'static [Word],
) -> Field {
    Field::new(code, zh, en, Kind::Choice(of))
}
/// A day.
pub const fn date(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Date)
}
/// A moment.
pub const fn instant(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Instant)
}
/// Files of any kind.
pub const fn files(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Files { photos: false })
}
/// Pictures.
pub const fn photos(code: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new(code, zh, en, Kind::Files { photos: true })
}
/// A line in the story with a reason that must be given.
pub const fn reason() -> Field {
    long("reason", "理由", "Reason").must()
}
/// A word beside it.
pub const fn note() -> Field {
    long("note", "说明", "Note")
}

/// How a state stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Somebody must act.
    Open,
    /// Closed as it should be.
    Closed,
    /// Ended without being closed: not true, merged, dropped.
    Ended,
}

/// A state.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// Its code.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// How it stands.
    pub stage: Stage,
    /// Whose move it is, and what that takes: who finds it in his inbox.
    pub turn: Option<(Party, May)>,
}

/// A state in which a party must act.
pub const fn waits(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    party: Party,
    may: May,
) -> State {
    State {
        code,
        zh,
        en,
        stage: Stage::Open,
        turn: Some((party, may)),
    }
}
/// A state in which it is closed.
pub const fn closed(code: &'static str, zh: &'static str, en: &'static str) -> State {
    State {
        code,
        zh,
        en,
        stage: Stage::Closed,
        turn: None,
    }
}
/// A state in which it has ended without being closed.
pub const fn ended(code: &'static str, zh: &'static str, en: &'static str) -> State {
    State {
        code,
        zh,
        en,
        stage: Stage::Ended,
        turn: None,
    }
}

/// A condition on the loop alone.
pub type Ready = fn(&Loop) -> Result<(), Refusal>;
/// A condition beyond state, role and fields. Called with the values of this move, those of before not merged in.
pub type Check = fn(&Loop, &Values, &Context<'_>) -> Result<(), Refusal>;
/// Works out further values of a move from those that were given.
pub type Settle = fn(&Loop, &mut Values, &Context<'_>);
/// Chooses where a move leads; called with the loop as it was and the values of the move.
pub type Choose = fn(&Loop, &Values) -> &'static str;
/// What else comes of a move: loops to open. Called with the loop as it then is and the values of the move.
pub type Follows = fn(&Loop, &Values, &Context<'_>) -> Vec<super::Open>;

/// Where a move leads.
#[derive(Debug, Clone, Copy)]
pub enum To {
    /// The state stays.
    Stay,
    /// To this state.
    State(&'static str),
    /// To one of these.
    One(&'static [&'static str], Choose),
}

/// A move: a command, who may give it in which states, what it asks for, where it leads.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// Its code.
    pub code: &'static str,
    /// Chinese: 下达整改.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// In which states; empty for the opening.
    pub from: &'static [&'static str],
    /// Where it leads.
    pub to: To,
    /// Any of these: the permission, held over the org that plays this part. Whoever holds it over the owner may
    /// stand in for the handler.
    pub who: &'static [(Party, May)],
    /// Whoever did one of these last may not do this, nor his colleagues: nobody approves his own work. `open` is the
    /// opening.
    pub apart: &'static [&'static str],
    /// What it asks for.
    pub fields: &'static [Field],
    /// A condition on the loop alone: known before anything is filled in, so the button already says why not.
    pub ready: Option<Ready>,
    /// A further condition, on what was filled in.
    pub check: Option<Check>,
    /// Further values.
    pub settle: Option<Settle>,
    /// What else comes of it.
    pub follows: Option<Follows>,
    /// The official document that goes with it, by its code in the documents crate.
    pub paper: Option<&'static str>,
    /// Shown last and in plain: not the usual way.
    pub aside: bool,
    /// It ends the loop's usual way badly or takes something away: asked again before it is done.
    pub grave: bool,
}

impl Move {
    /// A move with its words.
    pub const fn new(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self {
            code,
            zh,
            en,
            from: &[],
            to: To::Stay,
            who: &[],
            apart: &[],
            fields: &[],
            ready: None,
            check: None,
            settle: None,
            follows: None,
            paper: None,
            aside: false,
            grave: false,
        }
    }
    /// In these states.
    pub const fn from(mut self, states: &'static [&'static str]) -> Self {
        self.from = states;
        self
    }
    /// Leads to this state.
    pub const fn to(mut self, state: &'static str) -> Self {
        self.to = To::State(state);
        self
    }
    /// Leads to one of these.
    pub const fn to_one(mut self, states: &'static [&'static str], choose: Choose) -> Self {
        self.to = To::One(states, choose);
        self
    }
    /// By whom.
    pub const fn by(mut self, who: &'static [(Party, May)]) -> Self {
        self.who = who;
        self
    }
    /// Not by whoever did these.
    pub const fn apart(mut self, moves: &'static [&'static str]) -> Self {
        self.apart = moves;
        self
    }
    /// Asks for these.
    pub const fn asks(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }
    /// Once the loop is so far.
    pub const fn ready(mut self, ready: Ready) -> Self {
        self.ready = Some(ready);
        self
    }
    /// On this condition.
    pub const fn check(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }
    /// With values worked out.
    pub const fn settle(mut self, settle: Settle) -> Self {
        self.settle = Some(settle);
        self
    }
    /// Followed by these loops.
    pub const fn follows(mut self, follows: Follows) -> Self {
        self.follows = Some(follows);
        self
    }
    /// With a document.
    pub const fn paper(mut self, code: &'static str) -> Self {
        self.paper = Some(code);
        self
    }
    /// Not the usual way.
    pub const fn aside(mut self) -> Self {
        self.aside = true;
        self
    }
    /// Asked again before it is done.
    pub const fn grave(mut self) -> Self {
        self.grave = true;
        self
    }
    /// Made by the enterprise alone: nobody outside holds what it takes.
    pub fn inside(&self) -> bool {
        let own = |may: &May| matches!(may, May::HandleInternal | May::RecordViolations);
        !self.who.is_empty() && self.who.iter().all(|(_, may)| own(may))
    }
    /// All states it can lead to.
    pub fn targets(&self) -> Vec<&'static str> {
        match self.to {
            To::Stay => Vec::new(),
            To::State(state) => vec![state],
            To::One(states, _) => states.to_vec(),
        }
    }
}

/// When a clock runs out.
#[derive(Debug, Clone, Copy)]
pub enum Due {
    /// At the end of the day (or at the moment) in this field of the move.
    Field(&'static str),
    /// After the limit of `rulebook/loops.toml` for this loop and clock, from the moment the move is made.
    Limit,
    /// After that limit, from the moment (or day) in this field of the loop; from when it happened if that is not known.
    LimitFrom(&'static str),
    /// As the function works it out, with the loop as it then is; none: it does not start.
    By(fn(&Loop, &Context<'_>) -> Option<jiff::Timestamp>),
}

/// A clock: what must be done by when, by whom, by which rule.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Its code.
    pub code: &'static str,
    /// What must be done, Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Who must.
    pub party: Party,
    /// Moves that start it (anew); `open` is the opening.
    pub starts: &'static [&'static str],
    /// Started only if so: asked with the loop as it then is.
    pub only: Option<fn(&Loop) -> bool>,
    /// When it runs out.
    pub due: Due,
    /// Moves that meet it.
    pub meets: &'static [&'static str],
    /// Moves that stop it without meeting it.
    pub stops: &'static [&'static str],
    /// The ladder of `rulebook/ladder.toml` is climbed when it passes.
    pub ladder: bool,
    /// Met when the report arrives here, not when whoever sends it says it was made.
    pub on_arrival: bool,
}

impl Clock {
    /// A clock with its words.
    pub const fn new(code: &'static str, zh: &'static str, en: &'static str, party: Party) -> Self {
        Self {
            code,
            zh,
            en,
            party,
            starts: &[],
            only: None,
            due: Due::Limit,
            meets: &[],
            stops: &[],
            ladder: false,
            on_arrival: false,
        }
    }
    /// Started by these moves.
    pub const fn starts(mut self, moves: &'static [&'static str]) -> Self {
        self.starts = moves;
        self
    }
    /// Only if so.
    pub const fn only(mut self, only: fn(&Loop) -> bool) -> Self {
        self.only = Some(only);
        self
    }
    /// Runs out so.
    pub const fn due(mut self, due: Due) -> Self {
        self.due = due;
        self
    }
    /// Met by these moves.
    pub const fn meets(mut self, moves: &'static [&'static str]) -> Self {
        self.meets = moves;
        self
    }
    /// Stopped by these moves.
    pub const fn stops(mut self, moves: &'static [&'static str]) -> Self {
        self.stops = moves;
        self
    }
    /// The ladder is climbed.
    pub const fn ladder(mut self) -> Self {
        self.ladder = true;
        self
    }
    /// Met on arrival.
    pub const fn on_arrival(mut self) -> Self {
        self.on_arrival = true;
        self
    }
}

/// A kind of loop.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its code: hazard.
    pub code: &'static str,
    /// Chinese: 隐患.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Letters before its number: YH.
    pub prefix: &'static str,
    /// What it takes to see one: held over any org that has a part in it.
    pub read: May,
    /// What it takes to void one that was opened by mistake.
    pub void: May,
    /// How it is opened; `from` is empty, `to` its first state.
    pub open: Move,
    /// Its states.
    pub states: &'static [State],
    /// Its moves.
    pub moves: &'static [Move],
    /// Its clocks.
    pub clocks: &'static [Clock],
    /// Works out the grade from the values as they then are: `major`, `较大` …
    pub grade: Option<fn(&Loop, &Context<'_>) -> Option<String>>,
    /// Grades with their words, gravest first.
    pub grades: &'static [Word],
    /// Opened by people from the general page; others come from triggers, ladders and other loops alone.
    pub by_hand: bool,
    /// The article of the notice it serves.
    pub article: u32,
}

impl Spec {
    /// The state of this code.
    pub fn state(&self, code: &str) -> Option<&'static State> {
        self.states.iter().find(|state| state.code == code)
    }
    /// The move of this code; the opening is `open`.
    pub fn find(&self, code: &str) -> Option<&'static Move> {
        self.moves.iter().find(|m| m.code == code)
    }
    /// The clock of this code.
    pub fn clock(&self, code: &str) -> Option<&'static Clock> {
        self.clocks.iter().find(|clock| clock.code == code)
    }
    /// The field of this code, in whichever move asks for it.
    pub fn field(&self, code: &str) -> Option<&'static Field> {
        let opening: &'static [Field] = self.open.fields;
        opening
            .iter()
            .chain(self.moves.iter().flat_map(|m| m.fields))
            .find(|field| field.code == code)
    }
}
