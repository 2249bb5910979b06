//! Who there is: orgs from the rulebook, invented enterprises, and an account for every org that answers for
//! something.

use crate::{Account, SampleError};
use anlan_core::authority::{Actor, Command, Position, Role, Scope, scope};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{OrgId, PersonId};
use anlan_core::org::{Org, OrgKind, OrgTree, Place};
use anlan_core::person::Person;
use anlan_core::rulebook::Rulebook;
use jiff::{Timestamp, ToSpan};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct OrgFile {
    org: Vec<OrgRow>,
}
#[derive(Deserialize)]
struct OrgRow {
    id: String,
    zh: String,
    full: String,
    en: String,
    kind: OrgKind,
    #[serde(default)]
    aliases: Vec<String>,
    parent: Option<String>,
    #[serde(default)]
    regulator: bool,
}
#[derive(Deserialize)]
struct TownFile {
    district: DistrictRow,
    town: Vec<TownRow>,
}
#[derive(Deserialize)]
struct DistrictRow {
    code: String,
    lon: f64,
    lat: f64,
}
#[derive(Deserialize)]
struct TownRow {
    id: String,
    zh: String,
    full: String,
    en: String,
    #[serde(default)]
    aliases: Vec<String>,
    code: String,
    lon: f64,
    lat: f64,
    villages: Vec<VillageRow>,
}
#[derive(Deserialize)]
struct VillageRow {
    id: String,
    zh: String,
    full: String,
    code: String,
    lon: f64,
    lat: f64,
}
#[derive(Deserialize)]
struct EnterpriseFile {
    prefix: String,
    code_prefix: String,
    heads: Vec<String>,
    named: Vec<NamedRow>,
    pattern: Vec<PatternRow>,
}
#[derive(Deserialize)]
struct NamedRow {
    id: String,
    zh: String,
    sector: String,
    village: String,
}
#[derive(Deserialize)]
struct PatternRow {
    sector: String,
    count: usize,
    start: usize,
    tails: Vec<String>,
    towns: Vec<String>,
}
#[derive(Deserialize)]
struct PeopleFile {
    grid: Vec<GridRow>,
    person: Vec<PersonRow>,
}
#[derive(Deserialize)]
struct GridRow {
    id: String,
    zh: String,
    village: String,
}
#[derive(Deserialize)]
struct PersonRow {
    login: String,
    title: String,
    en: String,
    org: String,
    role: String,
    #[serde(default)]
    shown: bool,
}

fn parse<T: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<T, SampleError> {
    toml::from_str(text).map_err(|source| SampleError::Data {
        file,
        source: Box::new(source),
    })
}

/// Everybody: the tree, and who acts for which org.
#[derive(Debug, Clone)]
pub struct Who {
    /// All orgs.
    pub tree: OrgTree,
    /// Who can sign in, in the order they were added.
    pub accounts: Vec<Account>,
    actors: BTreeMap<OrgId, Vec<(Role, Actor)>>,
}

impl Who {
    /// Somebody who files evidence for an org.
    pub fn filer(&self, org: &OrgId) -> Option<&Actor> {
        self.actors
            .get(org)?
            .iter()
            .find(|(role, _)| scope(*role, Command::FileEvidence) == Scope::Org)
            .map(|(_, actor)| actor)
    }

    /// People with a role at an org.
    pub fn with_role(&self, org: &OrgId, role: Role) -> Vec<&Actor> {
        self.actors
            .get(org)
            .into_iter()
            .flatten()
            .filter(|(of, _)| *of == role)
            .map(|(_, actor)| actor)
            .collect()
    }

    /// The people of the safety committee's office.
    pub fn office(&self) -> Vec<&Actor> {
        self.actors
            .values()
            .flatten()
            .filter(|(role, _)| *role == Role::Office)
            .map(|(_, actor)| actor)
            .collect()
    }

    /// An administrator: orgs, people and things are entered by one.
    pub fn admin(&self) -> Option<&Actor> {
        self.actors
            .values()
            .flatten()
            .find(|(role, _)| *role == Role::Admin)
            .map(|(_, actor)| actor)
    }
}

/// All orgs, those above before those below. Pure data: no chance but for enterprises' places.
///
/// # Errors
/// When a data file is broken.
pub fn orgs(book: &Rulebook, rng: &mut ChaCha8Rng) -> Result<Vec<Org>, SampleError> {
    let rows: OrgFile = parse("orgs.toml", include_str!("../../rulebook/orgs.toml"))?;
    let towns: TownFile = parse("towns.toml", include_str!("../../rulebook/towns.toml"))?;
    let trade: EnterpriseFile =
        parse("enterprises.toml", include_str!("../data/enterprises.toml"))?;
    let people: PeopleFile = parse("people.toml", include_str!("../data/people.toml"))?;
    let mut out: Vec<Org> = Vec::new();
    let mut waiting = rows.org;
    let mut known = BTreeSet::new();
    // Those above first, whatever the order of the file.
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for row in waiting {
            if row.parent.as_ref().is_some_and(|p| !known.contains(p)) {
                later.push(row);
                continue;
            }
            known.insert(row.id.clone());
            let district = row.kind == OrgKind::District;
            // Who supports a trade sees its enterprises too, if it regulates at all.
            let sectors = book
                .sectors
                .iter()
                .filter(|s| s.lead == row.id || (row.regulator && s.support.contains(&row.id)))
                .map(|s| s.code.clone())
                .collect();
            out.push(Org {
                id: OrgId::try_from(row.id)?,
                kind: row.kind,
                name: row.full,
                short: row.zh,
                en: row.en,
                aliases: row.aliases,
                parent: row.parent.map(OrgId::try_from).transpose()?,
                code: district.then(|| towns.district.code.clone()),
                sectors,
                place: district.then_some(Place {
                    lon: towns.district.lon,
                    lat: towns.district.lat,
                }),
                sample: true,
                closed: false,
            });
        }
        waiting = later;
        if waiting.len() == before {
            break;
        }
    }
    let top = OrgId::try_from("district")?;
    let simple = |id: &str, kind, name: &str, parent: &str| -> Result<Org, SampleError> {
        Ok(Org {
            id: OrgId::try_from(id)?,
            kind,
            name: name.to_owned(),
            short: name.to_owned(),
            en: String::new(),
            aliases: Vec::new(),
            parent: Some(OrgId::try_from(parent)?),
            code: None,
            sectors: Vec::new(),
            place: None,
            sample: true,
            closed: false,
        })
    };
    let mut villages: Vec<(String, String, Place)> = Vec::new();
    for town in &towns.town {
        out.push(Org {
            name: town.full.clone(),
            en: town.en.clone(),
            aliases: town.aliases.clone(),
            code: Some(town.code.clone()),
            place: Some(Place {
                lon: town.lon,
                lat: town.lat,
            }),
            ..simple(&town.id, OrgKind::Town, &town.zh, top.as_str())?
        });
        for village in &town.villages {
            let place = Place {
                lon: village.lon,
                lat: village.lat,
            };
            out.push(Org {
                name: village.full.clone(),
                code: Some(village.code.clone()),
                place: Some(place),
                ..simple(&village.id, OrgKind::Village, &village.zh, &town.id)?
            });
            villages.push((village.id.clone(), town.id.clone(), place));
        }
    }
    for grid in &people.grid {
        let place = villages
            .iter()
            .find(|(id, ..)| *id == grid.village)
            .map(|(.., p)| *p);
        out.push(Org {
            place,
            ..simple(&grid.id, OrgKind::Grid, &grid.zh, &grid.village)?
        });
    }
    for (at, row) in trade.named.iter().enumerate() {
        let place = villages
            .iter()
            .find(|(id, ..)| *id == row.village)
            .map(|(.., p)| *p);
        out.push(Org {
            code: Some(format!("{}{:08}", trade.code_prefix, at + 1)),
            sectors: vec![row.sector.clone()],
            place: place.map(|p| near(p, rng)),
            ..simple(&row.id, OrgKind::Enterprise, &row.zh, &row.village)?
        });
    }
    for pattern in &trade.pattern {
        let choice: Vec<_> = villages
            .iter()
            .filter(|(_, town, _)| pattern.towns.is_empty() || pattern.towns.contains(town))
            .collect();
        for n in 0..pattern.count {
            let head = &trade.heads[(pattern.start + n) % trade.heads.len()];
            let tail = &pattern.tails[n % pattern.tails.len()];
            let name = format!("{}{head}{tail}", trade.prefix);
            let (village, _, place) = choice[rng.random_range(0..choice.len())];
            let id = format!("ent-sample-{}-{}", pattern.sector, n + 1);
            out.push(Org {
                // 1 to 999 are kept for the named ones.
                code: Some(format!("{}{:08}", trade.code_prefix, 1000 + out.len())),
                sectors: vec![pattern.sector.clone()],
                place: Some(near(*place, rng)),
                ..simple(&id, OrgKind::Enterprise, &name, village)?
            });
        }
    }
    Ok(out)
}

/// A place within some 300 m.
fn near(place: Place, rng: &mut ChaCha8Rng) -> Place {
    let mut nudge = |at: f64| (at * 1e5 + f64::from(rng.random_range(-300i32..=300))).round() / 1e5;
    Place {
        lon: nudge(place.lon),
        lat: nudge(place.lat),
    }
}

/// Logins that are shown on the sign-in page.
pub(crate) fn shown_logins() -> Result<Vec<String>, SampleError> {
    let people: PeopleFile = parse("people.toml", include_str!("../data/people.toml"))?;
    Ok(people
        .person
        .into_iter()
        .filter(|person| person.shown)
        .map(|person| person.login)
        .collect())
}

/// The accounts: those of `people.toml`, and one, not shown, for every other org that answers for something. Of the
/// enterprises only the named ones have accounts.
fn accounts(tree: &OrgTree) -> Result<Vec<Account>, SampleError> {
    let people: PeopleFile = parse("people.toml", include_str!("../data/people.toml"))?;
    let account = |login: &str, title: String, en: String, org: &OrgId, role, shown| {
        Ok::<_, SampleError>(Account {
            person: PersonId::try_from(format!("person_{login}"))?,
            login: login.to_owned(),
            title,
            en,
            org: org.clone(),
            role,
            shown,
        })
    };
    let mut out = Vec::new();
    for row in people.person {
        let role = Role::from_code(&row.role).ok_or(SampleError::Role(row.role))?;
        let org = OrgId::try_from(row.org)?;
        out.push(account(
            &row.login, row.title, row.en, &org, role, row.shown,
        )?);
    }
    let served: BTreeSet<OrgId> = out
        .iter()
        .filter(|a| scope(a.role, Command::FileEvidence) == Scope::Org)
        .map(|a| a.org.clone())
        .collect();
    for org in tree.iter().filter(|org| !served.contains(&org.id)) {
        let id = org.id.as_str();
        let (login, title, role) = match org.kind {
            OrgKind::Village => (
                id.replacen("village-", "cun-", 1),
                format!("{} 安全员", org.short),
                Role::Village,
            ),
            OrgKind::Department => (
                id.replacen("dept-", "", 1),
                format!("{} 办公室 联络员", org.short),
                Role::Regulator,
            ),
            OrgKind::Committee | OrgKind::Headquarters => (
                id.to_owned(),
                format!("{} 办公室 联络员", org.short),
                Role::Regulator,
            ),
            _ => continue,
        };
        let login = if out.iter().any(|a: &Account| a.login == login) {
            format!("{login}-bgs")
        } else {
            login
        };
        let en = match role {
            Role::Village => format!(
                "Village {}, safety officer",
                org.code.as_deref().unwrap_or(id)
            ),
            _ => format!("{}, liaison", org.en),
        };
        out.push(account(&login, title, en, &org.id, role, false)?);
    }
    Ok(out)
}

/// The tree, the people, and the facts that say so.
///
/// # Errors
/// When a data file is broken.
pub fn make(
    founded: Timestamp,
    book: &Rulebook,
    rng: &mut ChaCha8Rng,
) -> Result<(Who, Vec<Entry>), SampleError> {
    let orgs = orgs(book, rng)?;
    let tree = OrgTree::new(orgs.iter().cloned()).with_groups(&book.groups);
    let accounts = accounts(&tree)?;
    let mut actors: BTreeMap<OrgId, Vec<(Role, Actor)>> = BTreeMap::new();
    let mut entries = Vec::new();
    let mut at = founded;
    // The programme enters itself what it was delivered with: nobody's act.
    for org in orgs {
        let id = org.id.clone();
        entries.push(Entry::new(
            stream::org(&id),
            Event::OrgAdded(org),
            None,
            Some(id),
            at,
        ));
        at += 1.second();
    }
    for account in &accounts {
        let positions = vec![Position {
            org: account.org.clone(),
            role: account.role,
        }];
        actors.entry(account.org.clone()).or_default().push((
            account.role,
            Actor {
                person: account.person.clone(),
                positions: positions.clone(),
                only: None,
            },
        ));
        entries.push(Entry::new(
            stream::person(&account.person),
            Event::PersonAdded(Person {
                id: account.person.clone(),
                login: account.login.clone(),
                name: account.title.clone(),
                positions,
                disabled: false,
                sample: true,
            }),
            None,
            Some(account.org.clone()),
            at,
        ));
        at += 1.second();
    }
    Ok((
        Who {
            tree,
            accounts,
            actors,
        },
        entries,
    ))
}
