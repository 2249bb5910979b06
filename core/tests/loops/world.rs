//! A small district in which every kind of loop can live: one org of each kind, two of those that are compared, and
//! three people for each role at each org.

use anlan_core::authority::{Actor, Command as May, Position, Role, Scope, scope};
use anlan_core::calendar::Calendar;
use anlan_core::criteria::Criteria;
use anlan_core::duty::FileRef;
use anlan_core::id::{OrgId, PersonId};
use anlan_core::loops::spec::{Move, Party};
use anlan_core::loops::{Context, Loop, Refusal, Shot, Stage};
use anlan_core::org::{Org, OrgKind, OrgTree, Place};
use anlan_core::rulebook::Rulebook;
use jiff::Timestamp;
use std::sync::OnceLock;

/// Chance, in the order of its seed. On a calm day no figure is ever more than nothing.
pub struct Dice {
    state: u64,
    pub calm: bool,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            calm: false,
        }
    }
    pub fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }
    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        match n {
            0 => 0,
            n => (self.next() >> 16) as usize % n,
        }
    }
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

pub struct World {
    /// Some ids of criteria, from each document.
    pub criteria: Vec<String>,
    pub tree: OrgTree,
    pub book: Rulebook,
    pub calendar: Calendar,
    pub files: Vec<Shot>,
    /// Three for every role at each org where it belongs: one does, one decides, one has a hand in neither.
    pub people: Vec<Actor>,
    /// One for every role at every org, however odd.
    pub everybody: Vec<Actor>,
    pub orgs: Vec<Org>,
}

pub fn org(id: &str) -> OrgId {
    OrgId::try_from(id).unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Somebody in a role at an org; the number tells colleagues apart.
pub fn somebody(role: Role, at: &OrgId, number: usize) -> Actor {
    Actor {
        person: PersonId::try_from(format!("person_{}-{at}-{number}", role.code())).unwrap(),
        positions: vec![Position {
            org: at.clone(),
            role,
        }],
        only: None,
    }
}

/// Does this role belong at an org of this kind?
fn belongs(role: Role, org: &Org) -> bool {
    match role {
        Role::Admin | Role::Auditor | Role::Leader | Role::Duty => org.kind == OrgKind::District,
        Role::Office => org.kind == OrgKind::Committee,
        Role::Regulator => org.kind == OrgKind::Department,
        Role::Media => org.id.as_str() == "dept-media",
        Role::Town => org.kind == OrgKind::Town,
        Role::Village => org.kind == OrgKind::Village,
        Role::Grid => org.kind == OrgKind::Grid,
        Role::Enterprise | Role::Safety => org.kind == OrgKind::Enterprise,
    }
}

impl World {
    /// The one of this process.
    pub fn get() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(Self::new)
    }

    fn new() -> Self {
        let book = Rulebook::built_in().unwrap();
        let calendar = Calendar::new(&book.calendar);
        let gas = book
            .sectors
            .iter()
            .find(|s| s.code == "gas")
            .unwrap_or(&book.sectors[0])
            .clone();
        let other = book
            .sectors
            .iter()
            .find(|s| s.lead != gas.lead)
            .unwrap()
            .clone();
        let make = |id: &str, kind, parent: Option<&str>, sectors: &[&str]| Org {
            id: org(id),
            kind,
            name: format!("示范{id}"),
            short: id.into(),
            en: String::new(),
            aliases: vec![],
            parent: parent.map(org),
            code: None,
            sectors: sectors.iter().map(|s| (*s).to_owned()).collect(),
            place: Some(PLACE),
            sample: true,
            closed: false,
        };
        let orgs = vec![
            make("district", OrgKind::District, None, &[]),
            make(&book.office, OrgKind::Committee, Some("district"), &[]),
            make(
                &gas.lead,
                OrgKind::Department,
                Some("district"),
                &[&gas.code],
            ),
            make(
                &other.lead,
                OrgKind::Department,
                Some("district"),
                &[&other.code],
            ),
            make("dept-media", OrgKind::Department, Some("district"), &[]),
            make("town-a", OrgKind::Town, Some("district"), &[]),
            make("town-b", OrgKind::Town, Some("district"), &[]),
            make("village-a", OrgKind::Village, Some("town-a"), &[]),
            make("grid-a", OrgKind::Grid, Some("village-a"), &[]),
            make(
                "works",
                OrgKind::Enterprise,
                Some("village-a"),
                &[&gas.code],
            ),
            make("mill", OrgKind::Enterprise, Some("town-b"), &[&other.code]),
        ];
        let mut people = Vec::new();
        let mut everybody = Vec::new();
        for role in Role::ALL {
            for org in &orgs {
                everybody.push(somebody(*role, &org.id, 9));
                if belongs(*role, org) {
                    people.extend((1..=3).map(|number| somebody(*role, &org.id, number)));
                }
            }
        }
        // Somebody with two hats, and a program whose token lets it look and no more.
        let mut both = somebody(Role::Safety, &org("works"), 3);
        both.positions.push(Position {
            org: org("town-a"),
            role: Role::Town,
        });
        everybody.push(both);
        let mut program = somebody(Role::Office, &org(&book.office), 3);
        program.only = Some(vec![May::ReadLoops]);
        everybody.push(program);
        Self {
            criteria: criteria(),
            tree: OrgTree::new(orgs.clone()),
            book,
            calendar,
            files: files(),
            people,
            everybody,
            orgs,
        }
    }

    pub fn context<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        now: Timestamp,
        chance: u64,
    ) -> Context<'a> {
        Context {
            actor,
            now,
            happened: now,
            tree: &self.tree,
            book: &self.book,
            calendar: &self.calendar,
            files: &self.files,
            chance: u128::from(chance),
            serial: chance % 90_000,
        }
    }

    /// What a position reaches with a permission, said anew from the meaning of the scopes.
    fn reaches(&self, position: &Position, may: May, of: &OrgId) -> bool {
        let below = || {
            let mut at = self.tree.get(of);
            while let Some(org) = at {
                if org.id == position.org {
                    return true;
                }
                at = org.parent.as_ref().and_then(|parent| self.tree.get(parent));
            }
            false
        };
        match scope(position.role, may) {
            Scope::None => false,
            Scope::Org => position.org == *of,
            Scope::Subtree => below(),
            Scope::Sector => {
                let own = self.tree.get(&position.org);
                let trades = own.is_some_and(|own| {
                    let of = self.tree.get(of);
                    own.kind != OrgKind::Enterprise
                        && of.is_some_and(|of| {
                            of.kind == OrgKind::Enterprise
                                && of.sectors.iter().any(|s| own.sectors.contains(s))
                        })
                });
                trades || below()
            }
            Scope::District => true,
        }
    }

    fn holds<'a>(&self, actor: &'a Actor, may: May, of: &OrgId) -> Option<&'a OrgId> {
        if actor.only.as_ref().is_some_and(|only| !only.contains(&may)) {
            return None;
        }
        let found = actor
            .positions
            .iter()
            .find(|position| self.reaches(position, may, of));
        found.map(|position| &position.org)
    }

    /// What the tables say of a move: the contract, written a second time and in other words than the program's.
    pub fn says(&self, it: &Loop, m: &Move, actor: &Actor) -> Result<OrgId, Refusal> {
        let mut stand = None;
        for (party, may) in m.who {
            let of = if *party == Party::Owner {
                Some(&it.org)
            } else {
                it.parties.get(party)
            };
            stand = of.and_then(|of| self.holds(actor, *may, of));
            if stand.is_none() && *party == Party::Handler {
                // Whoever oversees the owner, but not the owner over itself.
                stand = self
                    .holds(actor, *may, &it.org)
                    .filter(|org| **org != it.org || of == Some(*org));
            }
            if stand.is_some() {
                break;
            }
        }
        let stand = stand.ok_or(Refusal::NOT_PERMITTED)?;
        if it.voided.is_some() {
            return Err(Refusal::VOIDED);
        }
        if !m.from.contains(&it.state.as_str()) {
            let open = it.spec().unwrap().state(&it.state).unwrap().stage == Stage::Open;
            return Err(if open {
                Refusal::NOT_NOW
            } else {
                Refusal::ENDED
            });
        }
        for other in m.apart {
            let Some(doer) = it.did.get(*other) else {
                continue;
            };
            let same = doer.by.as_ref() == Some(&actor.person);
            let colleague = doer.org.as_ref() == Some(stand) && *stand == it.org;
            let office = actor.positions.iter().any(|p| p.role == Role::Office);
            // What stays inside an enterprise is decided by a colleague: nobody else sees it.
            let inside = m
                .who
                .iter()
                .all(|(_, may)| [May::HandleInternal, May::RecordViolations].contains(may));
            if same || (colleague && !office && !inside) {
                return Err(Refusal::OWN_WORK);
            }
        }
        if let Some(ready) = m.ready {
            ready(it)?;
        }
        Ok(stand.clone())
    }
}

/// The first criterion of each document.
fn criteria() -> Vec<String> {
    let mut items = Criteria::built_in().unwrap().items;
    items.dedup_by(|a, b| a.doc_no == b.doc_no);
    items.into_iter().map(|item| item.id).collect()
}

/// Where everything in this world is.
pub const PLACE: Place = Place {
    lon: 112.85,
    lat: 35.5,
};

fn files() -> Vec<Shot> {
    let shot = |n: u8, name: &str, media_type: &str| Shot {
        file: FileRef {
            sha256: format!("{n:02x}").repeat(32),
            name: name.into(),
            size: 1_000 + u64::from(n),
            media_type: media_type.into(),
        },
        taken: (n < 3).then(|| at("2026-03-02T01:00:00Z")),
        place: (n < 2).then_some(PLACE),
        metres_off: None,
        minutes_off: None,
    };
    vec![
        shot(1, "现场一.jpg", "image/jpeg"),
        shot(2, "现场二.jpg", "image/jpeg"),
        shot(3, "现场三.png", "image/png"),
        shot(4, "附件.pdf", "application/pdf"),
        shot(5, "语音.m4a", "audio/mp4"),
        shot(6, "警示片.mp4", "video/mp4"),
    ]
}
