//! Facts (事实): what happened, once, by whom, when it happened and when we learned it. Never changed, never
//! deleted. A fact's JSON is a contract for ever: fields are added, none changes its meaning, every form ever
//! written still reads (`tests/facts.json` pins them).

use crate::calendar::Year;
use crate::draft::Edit;
use crate::duty;
use crate::id::{FactId, LoopId, NoticeId, OrgId, PaperId, PersonId, TokenId};
use crate::loops;
use crate::notice::Compiled;
use crate::org::Org;
use crate::person::Person;
use crate::thing::Thing;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything that can have happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum Event {
    /// An org came to be known.
    #[serde(rename = "org.added")]
    OrgAdded(Org),
    /// An org changed.
    #[serde(rename = "org.changed")]
    OrgChanged(Org),
    /// A person was added.
    #[serde(rename = "person.added")]
    PersonAdded(Person),
    /// A person's name, positions or right to sign in changed.
    #[serde(rename = "person.changed")]
    PersonChanged(Person),
    /// A password was set: by its owner, or as a one-time password.
    #[serde(rename = "person.password-set")]
    PasswordSet {
        /// Whose.
        person: PersonId,
        /// Good for one sign-in, then it must be changed.
        one_time: bool,
    },
    /// The second factor was switched on or off.
    #[serde(rename = "person.totp-set")]
    TotpSet {
        /// Whose.
        person: PersonId,
        /// On.
        on: bool,
    },
    /// Somebody signed in.
    #[serde(rename = "session.signed-in")]
    SignedIn {
        /// Who.
        person: PersonId,
        /// cookie or token.
        via: String,
        /// From where.
        address: String,
    },
    /// A sign-in failed.
    #[serde(rename = "session.refused")]
    SignInRefused {
        /// The login that was typed, cut to 32 characters.
        login: String,
        /// wrong, code, locked, disabled.
        reason: String,
        /// From where.
        address: String,
    },
    /// Somebody signed out.
    #[serde(rename = "session.signed-out")]
    SignedOut {
        /// Who.
        person: PersonId,
    },
    /// A bearer token was issued.
    #[serde(rename = "token.issued")]
    TokenIssued {
        /// Its id.
        id: TokenId,
        /// Its name.
        name: String,
        /// What it may do.
        commands: Vec<String>,
        /// Until when.
        expires: Timestamp,
    },
    /// And revoked.
    #[serde(rename = "token.revoked")]
    TokenRevoked {
        /// Its id.
        id: TokenId,
    },
    /// A thing was registered.
    #[serde(rename = "thing.added")]
    ThingAdded(Thing),
    /// A thing changed.
    #[serde(rename = "thing.changed")]
    ThingChanged(Thing),
    /// A notice was taken in and read.
    #[serde(rename = "notice.uploaded")]
    NoticeUploaded {
        /// Its id.
        id: NoticeId,
        /// The file as it came.
        file: duty::FileRef,
        /// md, txt, docx, pdf, html.
        format: String,
        /// The text as read; spans count its characters.
        text: String,
        /// What the compiler read.
        compiled: Box<Compiled>,
    },
    /// Somebody corrected what was read.
    #[serde(rename = "notice.edited")]
    NoticeEdited {
        /// The notice.
        id: NoticeId,
        /// The correction.
        edit: Box<Edit>,
    },
    /// The notice took effect, for the first time or as amended.
    #[serde(rename = "notice.published")]
    NoticePublished {
        /// The notice.
        id: NoticeId,
        /// 1 for the first time.
        generation: u32,
        /// How many duties it laid down, changed, cancelled.
        assigned: u32,
        /// Changed.
        changed: u32,
        /// Cancelled.
        cancelled: u32,
    },
    /// The notice no longer holds.
    #[serde(rename = "notice.withdrawn")]
    NoticeWithdrawn {
        /// The notice.
        id: NoticeId,
        /// Why.
        reason: String,
    },
    /// A year of the working-day calendar was imported.
    #[serde(rename = "calendar.imported")]
    CalendarImported(Year),
    /// A bulletin or letter was made.
    #[serde(rename = "paper.made")]
    PaperMade {
        /// Its id.
        id: PaperId,
        /// bulletin, reminder, circular, interview, supervision.
        paper: String,
        /// To whom, if to one.
        org: Option<OrgId>,
        /// 发文字号.
        number: Option<String>,
        /// Its title.
        title: String,
        /// The duties it is about.
        duties: Vec<crate::id::DutyId>,
        /// SHA-256 of the file.
        sha256: String,
    },
    /// Something happened to a loop.
    #[serde(untagged)]
    Loop(loops::Event),
    /// Something happened to a duty.
    #[serde(untagged)]
    Duty(duty::Event),
}

impl Event {
    /// The kind, as stored and searched.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::OrgAdded(_) => "org.added",
            Event::OrgChanged(_) => "org.changed",
            Event::PersonAdded(_) => "person.added",
            Event::PersonChanged(_) => "person.changed",
            Event::PasswordSet { .. } => "person.password-set",
            Event::TotpSet { .. } => "person.totp-set",
            Event::SignedIn { .. } => "session.signed-in",
            Event::SignInRefused { .. } => "session.refused",
            Event::SignedOut { .. } => "session.signed-out",
            Event::TokenIssued { .. } => "token.issued",
            Event::TokenRevoked { .. } => "token.revoked",
            Event::ThingAdded(_) => "thing.added",
            Event::ThingChanged(_) => "thing.changed",
            Event::NoticeUploaded { .. } => "notice.uploaded",
            Event::NoticeEdited { .. } => "notice.edited",
            Event::NoticePublished { .. } => "notice.published",
            Event::NoticeWithdrawn { .. } => "notice.withdrawn",
            Event::CalendarImported(_) => "calendar.imported",
            Event::PaperMade { .. } => "paper.made",
            Event::Loop(event) => event.kind(),
            Event::Duty(event) => event.kind(),
        }
    }

    /// The body as it is stored: the JSON of what the kind carries.
    ///
    /// # Errors
    /// Never for the events here; kept because JSON writing can fail in general.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        #[derive(Deserialize)]
        struct Tagged<'a> {
            #[serde(borrow)]
            body: &'a serde_json::value::RawValue,
        }
        let mut whole = serde_json::to_string(self)?;
        // The body stands between a head that is known and a brace: no need to read what was just written.
        let head = ["{\"kind\":\"", self.kind(), "\",\"body\":"].concat();
        if whole.starts_with(&head) && whole.ends_with('}') {
            whole.pop();
            whole.drain(..head.len());
            return Ok(whole);
        }
        let tagged: Tagged<'_> = serde_json::from_str(&whole)?;
        Ok(tagged.body.get().to_owned())
    }

    /// Reads an event back from its kind and body.
    ///
    /// # Errors
    /// When the kind is unknown or the body is not of its shape.
    pub fn read(kind: &str, body: &str) -> Result<Self, serde_json::Error> {
        let whole = format!(
            "{{\"kind\":{},\"body\":{body}}}",
            serde_json::to_string(kind)?
        );
        if matches!(
            kind.split_once('.'),
            Some(("duty" | "evidence" | "item", _))
        ) {
            return Ok(Event::Duty(serde_json::from_str(&whole)?));
        }
        if kind.starts_with("loop.") {
            return Ok(Event::Loop(serde_json::from_str(&whole)?));
        }
        serde_json::from_str(&whole)
    }
}

/// A fact as it is sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its place in the ledger, from 0, without gaps.
    pub seq: u64,
    /// Its id; its chance also keeps the content from being guessed from the hash.
    pub id: FactId,
    /// What it is about: `duty/…`, `notice/…`, `org/…`.
    pub stream: String,
    /// Its number in the stream, from 1.
    pub version: u64,
    /// When it happened.
    pub happened: Timestamp,
    /// When we learned it.
    pub recorded: Timestamp,
    /// Who did it; none is the clock.
    pub actor: Option<PersonId>,
    /// The org it concerns.
    pub org: Option<OrgId>,
    /// Articles of a notice that it touches, as `notice#article`.
    pub articles: Vec<String>,
    /// Things and files that it touches.
    pub things: Vec<String>,
    /// What kind of event.
    pub kind: String,
    /// The body's JSON, as stored.
    pub body: String,
}

/// The fact as JSON in the one order that is hashed.
#[derive(Serialize)]
struct Canonical<'a> {
    seq: u64,
    id: &'a str,
    stream: &'a str,
    version: u64,
    happened: i64,
    recorded: i64,
    actor: Option<&'a str>,
    org: Option<&'a str>,
    articles: &'a [String],
    things: &'a [String],
    kind: &'a str,
    body: &'a str,
}

impl Fact {
    /// The bytes that are hashed into the ledger: JSON with these keys in this order, instants as microseconds
    /// since 1970, the body as a string so that not one blank of it can change.
    pub fn canonical(&self) -> Vec<u8> {
        let canonical = Canonical {
            seq: self.seq,
            id: self.id.as_str(),
            stream: &self.stream,
            version: self.version,
            happened: self.happened.as_microsecond(),
            recorded: self.recorded.as_microsecond(),
            actor: self.actor.as_ref().map(PersonId::as_str),
            org: self.org.as_ref().map(OrgId::as_str),
            articles: &self.articles,
            things: &self.things,
            kind: &self.kind,
            body: &self.body,
        };
        // Strings, numbers and lists of strings: writing them cannot fail.
        serde_json::to_vec(&canonical).unwrap_or_default()
    }

    /// What happened.
    ///
    /// # Errors
    /// When the kind is unknown or the body is not of its shape.
    pub fn event(&self) -> Result<Event, serde_json::Error> {
        Event::read(&self.kind, &self.body)
    }
}

/// A fact before it has its place: what a command, the clock or an import hands to the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it is about; see [`stream`].
    pub stream: String,
    /// What happened.
    pub event: Event,
    /// Who did it; none is the clock.
    pub actor: Option<PersonId>,
    /// The org it concerns.
    pub org: Option<OrgId>,
    /// Articles that it touches, as `notice#article`.
    pub articles: Vec<String>,
    /// Orgs that have a part in it besides.
    pub touches: Vec<OrgId>,
    /// When it happened.
    pub happened: Timestamp,
    /// When we learned it.
    pub recorded: Timestamp,
}

impl Entry {
    /// An entry that happened when it was recorded.
    pub fn new(
        stream: String,
        event: Event,
        actor: Option<PersonId>,
        org: Option<OrgId>,
        at: Timestamp,
    ) -> Self {
        Self {
            stream,
            event,
            actor,
            org,
            articles: Vec::new(),
            touches: Vec::new(),
            happened: at,
            recorded: at,
        }
    }

    /// An entry of a duty: its stream, org and article come from what was assigned.
    pub fn of_duty(
        assigned: &duty::Assigned,
        event: duty::Event,
        actor: Option<PersonId>,
        at: Timestamp,
    ) -> Self {
        let happened = match &event {
            // Evidence tells of a day of its own; the hour is not asked.
            duty::Event::Filed(filed) => crate::calendar::start_of(filed.happened).min(at),
            _ => at,
        };
        Self {
            stream: stream::duty(&assigned.id),
            event: Event::Duty(event),
            actor,
            org: Some(assigned.org.clone()),
            articles: vec![format!("{}#{}", assigned.notice, assigned.article)],
            touches: Vec::new(),
            happened,
            recorded: at,
        }
    }

    /// An entry of a loop: its stream and org come from the loop, with all orgs that have a part in it. `happened` is
    /// as claimed, never after `at`.
    pub fn of_loop(
        id: &LoopId,
        org: &OrgId,
        touches: Vec<OrgId>,
        event: loops::Event,
        actor: Option<PersonId>,
        happened: Timestamp,
        at: Timestamp,
    ) -> Self {
        Self {
            stream: stream::of_loop(id),
            articles: Vec::new(),
            touches,
            event: Event::Loop(event),
            actor,
            org: Some(org.clone()),
            happened: happened.min(at),
            recorded: at,
        }
    }

    /// Things and files that the event names: their pages list it, and whoever may see it may open the files.
    pub fn things(&self) -> Vec<String> {
        match &self.event {
            Event::ThingAdded(thing) | Event::ThingChanged(thing) => vec![thing.id.to_string()],
            Event::NoticeUploaded { file, .. } => vec![file.sha256.clone()],
            Event::PaperMade { sha256, .. } => vec![sha256.clone()],
            Event::Duty(duty::Event::Filed(filed)) => filed
                .files
                .iter()
                .map(|f| f.sha256.clone())
                .chain(filed.link.iter().map(|l| l.target.clone()))
                .collect(),
            Event::Loop(event) => {
                let mut out: Vec<String> = event
                    .files()
                    .iter()
                    .map(|shot| shot.file.sha256.clone())
                    .collect();
                match event {
                    loops::Event::Linked(link) => out.push(link.id.to_string()),
                    loops::Event::Opened(opened) => {
                        out.extend(opened.from.iter().map(|link| link.id.to_string()));
                    }
                    _ => {}
                }
                out.extend(self.touches.iter().map(OrgId::to_string));
                out.sort();
                out.dedup();
                out
            }
            _ => Vec::new(),
        }
    }
}

/// Names of streams.
pub mod stream {
    use crate::id::{DutyId, LoopId, NoticeId, OrgId, PersonId, ThingId};

    /// A loop's.
    pub fn of_loop(id: &LoopId) -> String {
        format!("loop/{id}")
    }

    /// A duty's.
    pub fn duty(id: &DutyId) -> String {
        format!("duty/{id}")
    }
    /// A notice's.
    pub fn notice(id: &NoticeId) -> String {
        format!("notice/{id}")
    }
    /// An org's.
    pub fn org(id: &OrgId) -> String {
        format!("org/{id}")
    }
    /// A person's: name, positions, the right to sign in. Its version is the one that pages send back.
    pub fn person(id: &PersonId) -> String {
        format!("person/{id}")
    }
    /// A person's sign-ins, passwords and second factor: apart, so that signing in does not make a page stale on
    /// which somebody is changing that person.
    pub fn sign_in(id: &PersonId) -> String {
        format!("sign-in/{id}")
    }
    /// A thing's.
    pub fn thing(id: &ThingId) -> String {
        format!("thing/{id}")
    }
    /// Failed sign-ins.
    pub const SIGN_IN: &str = "sign-in";
    /// The calendar.
    pub const CALENDAR: &str = "calendar";
    /// Papers made.
    pub const PAPERS: &str = "papers";
    /// Tokens.
    pub const TOKENS: &str = "tokens";
}
