//! Orgs (单位): the district, its committees, departments, towns, villages, grids and enterprises, and how the
//! names that notices use are found among them.

use crate::id::OrgId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What an org is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum OrgKind {
    /// 区 (the district government itself)
    District,
    /// 委员会 (安委会, 防灾减灾救灾委员会, 专业委员会)
    Committee,
    /// 专项指挥部
    Headquarters,
    /// 区直部门
    Department,
    /// 镇、街道
    Town,
    /// 村、社区
    Village,
    /// 网格
    Grid,
    /// 企业
    Enterprise,
}

impl OrgKind {
    /// All kinds, from the top.
    pub const ALL: [OrgKind; 8] = [
        OrgKind::District,
        OrgKind::Committee,
        OrgKind::Headquarters,
        OrgKind::Department,
        OrgKind::Town,
        OrgKind::Village,
        OrgKind::Grid,
        OrgKind::Enterprise,
    ];

    /// The word used in storage and API.
    pub fn as_str(self) -> &'static str {
        match self {
            OrgKind::District => "district",
            OrgKind::Committee => "committee",
            OrgKind::Headquarters => "headquarters",
            OrgKind::Department => "department",
            OrgKind::Town => "town",
            OrgKind::Village => "village",
            OrgKind::Grid => "grid",
            OrgKind::Enterprise => "enterprise",
        }
    }
}

/// A point in WGS-84 (CGCS2000 agrees with it to centimetres), degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// Longitude, degrees east.
    pub lon: f64,
    /// Latitude, degrees north.
    pub lat: f64,
}

/// An organisation, as a fact records it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// What it is.
    pub kind: OrgKind,
    /// 全称.
    pub name: String,
    /// 简称, as notices write it: 区应急局.
    pub short: String,
    /// English name.
    #[serde(default)]
    pub en: String,
    /// Other ways notices write it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The org above; none for the district.
    pub parent: Option<OrgId>,
    /// 行政区划代码 or 统一社会信用代码.
    #[serde(default)]
    pub code: Option<String>,
    /// For enterprises: the trades they are in. For departments: the trades they regulate.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Where it is.
    #[serde(default)]
    pub place: Option<Place>,
    /// Invented for the sample district.
    #[serde(default)]
    pub sample: bool,
    /// No longer active: keeps its history, gets no new duties.
    #[serde(default)]
    pub closed: bool,
}

/// All orgs, with the way to the top of each, and the names they are known by.
#[derive(Debug, Default, Clone)]
pub struct OrgTree {
    orgs: BTreeMap<OrgId, Org>,
    paths: BTreeMap<OrgId, String>,
    names: BTreeMap<String, OrgId>,
    groups: Vec<Group>,
}

/// Names that mean many at once, and whom: 各镇（街道）, 各有关单位.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// Its word in data.
    pub id: String,
    /// How notices write it.
    pub zh: String,
    /// Other ways.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// towns, departments, regulators, headquarters, committees, units, villages, enterprises, schools.
    #[serde(default)]
    pub selects: Option<String>,
    /// Or these orgs.
    #[serde(default)]
    pub members: Vec<String>,
    /// The notice leaves no choice open.
    #[serde(default)]
    pub certain: bool,
}

/// Folds the ways a name can be written: brackets, blanks and the district's own name in front.
fn fold(name: &str) -> String {
    let mut out: String = name
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' | '〔' | '[' => '（',
            ')' | '〕' | ']' => '）',
            c => c,
        })
        .collect();
    for head in ["各级", "全体"] {
        if let Some(rest) = out.strip_prefix(head) {
            out = rest.to_owned();
        }
    }
    out
}

impl OrgTree {
    /// The tree with the groups that notices name.
    pub fn with_groups(mut self, groups: &[Group]) -> Self {
        self.groups = groups.to_vec();
        self
    }

    /// Active orgs that a group means.
    fn members(&self, group: &Group) -> Vec<OrgId> {
        let active = self.orgs.values().filter(|org| !org.closed);
        let ids = |keep: &dyn Fn(&Org) -> bool| {
            active
                .filter(|org| keep(org))
                .map(|org| org.id.clone())
                .collect()
        };
        match group.selects.as_deref() {
            Some("towns") => ids(&|org| org.kind == OrgKind::Town),
            Some("departments") => ids(&|org| org.kind == OrgKind::Department),
            Some("regulators") => {
                ids(&|org| org.kind == OrgKind::Department && !org.sectors.is_empty())
            }
            Some("headquarters") => ids(&|org| org.kind == OrgKind::Headquarters),
            // The professional committees, not the one above them nor its office.
            Some("committees") => {
                ids(&|org| org.kind == OrgKind::Committee && org.name.contains("专业委员会"))
            }
            Some("units") => ids(&|org| matches!(org.kind, OrgKind::Town | OrgKind::Department)),
            Some("villages") => ids(&|org| org.kind == OrgKind::Village),
            Some("enterprises") => ids(&|org| org.kind == OrgKind::Enterprise),
            Some("schools") => ids(&|org| {
                org.kind == OrgKind::Enterprise && org.sectors.iter().any(|s| s.contains("school"))
            }),
            _ => ids(&|org| group.members.iter().any(|member| member == org.id.as_str())),
        }
    }

    /// Builds the tree. An org whose parents form a circle or are missing hangs directly under the root.
    pub fn new(orgs: impl IntoIterator<Item = Org>) -> Self {
        let orgs: BTreeMap<OrgId, Org> =
            orgs.into_iter().map(|org| (org.id.clone(), org)).collect();
        let mut paths = BTreeMap::new();
        for id in orgs.keys() {
            let mut chain = vec![id.as_str()];
            let mut at = orgs[id].parent.as_ref();
            while let Some(above) = at {
                if chain.contains(&above.as_str()) || chain.len() > 16 {
                    break;
                }
                let Some(org) = orgs.get(above) else { break };
                chain.push(above.as_str());
                at = org.parent.as_ref();
            }
            chain.reverse();
            paths.insert(id.clone(), format!("/{}/", chain.join("/")));
        }
        let mut names = BTreeMap::new();
        for org in orgs.values().filter(|org| !org.closed) {
            for name in [&org.name, &org.short].into_iter().chain(&org.aliases) {
                if !name.is_empty() {
                    names.entry(fold(name)).or_insert_with(|| org.id.clone());
                }
            }
        }
        Self {
            orgs,
            paths,
            names,
            groups: Vec::new(),
        }
    }

    /// The org with this id.
    pub fn get(&self, id: &OrgId) -> Option<&Org> {
        self.orgs.get(id)
    }

    /// All orgs, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Org> {
        self.orgs.values()
    }

    /// The way from the top: `/district/town/village/`. Every org below has it as its beginning.
    pub fn path(&self, id: &OrgId) -> &str {
        self.paths.get(id).map_or("/", String::as_str)
    }

    /// Active orgs of a kind, by id.
    pub fn of_kind(&self, kind: OrgKind) -> Vec<&Org> {
        self.orgs
            .values()
            .filter(|org| org.kind == kind && !org.closed)
            .collect()
    }

    /// Active orgs of a kind at or below an org.
    pub fn under(&self, above: &OrgId, kind: OrgKind) -> Vec<&Org> {
        let path = self.path(above);
        self.of_kind(kind)
            .into_iter()
            .filter(|org| self.path(&org.id).starts_with(path))
            .collect()
    }

    /// The nearest org of a kind at or above an org.
    pub fn above(&self, id: &OrgId, kind: OrgKind) -> Option<&Org> {
        let mut at = self.orgs.get(id)?;
        for _ in 0..16 {
            if at.kind == kind {
                return Some(at);
            }
            at = self.orgs.get(at.parent.as_ref()?)?;
        }
        None
    }

    /// Who is meant by a name in a notice: one org by its name or alias, or a group by its kind
    /// (各镇（街道）, 区直各单位, 各村（社区）, 各企业 …). Empty when nobody is known by it.
    pub fn resolve(&self, name: &str) -> Vec<OrgId> {
        let folded = fold(name);
        if let Some(id) = self.names.get(&folded) {
            return vec![id.clone()];
        }
        for head in ["区", "县", "市"] {
            if let Some(id) = self.names.get(&format!("{head}{folded}")) {
                return vec![id.clone()];
            }
        }
        let stem = bare(&folded);
        let named = |same: &dyn Fn(&str) -> bool| {
            self.groups.iter().find(|group| {
                std::iter::once(&group.zh)
                    .chain(&group.aliases)
                    .any(|name| same(&fold(name)))
            })
        };
        // As written first: 区直各单位 are the departments, 各单位 are the towns as well.
        let mut found: Vec<OrgId> = named(&|name| name == folded)
            .or_else(|| named(&|name| bare(name) == stem))
            .map(|group| self.members(group))
            .unwrap_or_default();
        if found.is_empty() {
            // A full name that ends in the short one: 晋城市城区应急管理局 known as 应急管理局.
            let stem = folded.trim_start_matches(['区', '县', '市']);
            if stem.chars().count() >= 3 {
                found = self
                    .names
                    .iter()
                    .filter(|(known, _)| {
                        known.chars().count() >= 3
                            && (known.ends_with(stem) || folded.ends_with(known.as_str()))
                    })
                    .map(|(_, id)| id.clone())
                    .collect();
                found.sort();
                found.dedup();
                // More than one answer is no answer: a person must choose.
                if found.len() > 1 {
                    found.clear();
                }
            }
        }
        found
    }
}

/// A name without the words that only say "all of them".
fn bare(name: &str) -> &str {
    let mut name = name;
    for head in [
        "全区", "所有", "辖区", "区级", "区直", "各", "每", "个", "家", "所",
    ] {
        name = name.strip_prefix(head).unwrap_or(name);
    }
    name.trim_end_matches('等')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> OrgTree {
        let org = |id: &str, kind, name: &str, short: &str, parent: Option<&str>| Org {
            id: OrgId::try_from(id).unwrap(),
            kind,
            name: name.into(),
            short: short.into(),
            en: String::new(),
            aliases: vec![],
            parent: parent.map(|p| OrgId::try_from(p).unwrap()),
            code: None,
            sectors: vec![],
            place: None,
            sample: true,
            closed: false,
        };
        OrgTree::new([
            org("qu", OrgKind::District, "晋城市城区", "区政府", None),
            org(
                "yingji",
                OrgKind::Department,
                "晋城市城区应急管理局",
                "区应急局",
                Some("qu"),
            ),
            org(
                "shuiwu",
                OrgKind::Department,
                "晋城市城区水务局",
                "区水务局",
                Some("qu"),
            ),
            org(
                "beishidian",
                OrgKind::Town,
                "北石店镇",
                "北石店镇",
                Some("qu"),
            ),
            org("dongjie", OrgKind::Town, "东街街道", "东街街道", Some("qu")),
            org("cun1", OrgKind::Village, "某村", "某村", Some("beishidian")),
        ])
        .with_groups(&crate::rulebook::Rulebook::built_in().unwrap().groups)
    }

    fn ids(name: &str) -> String {
        tree()
            .resolve(name)
            .iter()
            .map(OrgId::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn names_in_notices_find_their_orgs() {
        assert_eq!(ids("区应急局"), "yingji");
        assert_eq!(ids("水务局"), "shuiwu");
        assert_eq!(ids("各镇（街道）"), "beishidian dongjie");
        assert_eq!(ids("各镇(街道)"), "beishidian dongjie");
        assert_eq!(ids("区直各单位"), "shuiwu yingji");
        assert_eq!(ids("每个村（社区）"), "cun1");
        assert_eq!(ids("应急管理局"), "yingji");
        assert_eq!(ids("火星局"), "");
    }

    #[test]
    fn paths_lead_from_the_top() {
        let tree = tree();
        assert_eq!(
            tree.path(&OrgId::try_from("cun1").unwrap()),
            "/qu/beishidian/cun1/"
        );
        assert_eq!(
            tree.under(&OrgId::try_from("beishidian").unwrap(), OrgKind::Village)
                .len(),
            1
        );
        assert_eq!(
            tree.under(&OrgId::try_from("dongjie").unwrap(), OrgKind::Village)
                .len(),
            0
        );
    }
}
