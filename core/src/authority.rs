//! Who may do what: one table, role × command × scope. Every command is checked here and nowhere else;
//! the portal shows this very table.

use crate::id::{OrgId, PersonId};
use crate::org::{OrgKind, OrgTree};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)* }

        impl $name {
            /// Every one, in the order pages show them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The word in storage and API.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code,)* } }
            /// The Chinese word.
            pub fn zh(self) -> &'static str { match self { $($name::$variant => $zh,)* } }
            /// The English word.
            pub fn en(self) -> &'static str { match self { $($name::$variant => $en,)* } }
            /// The one with this word.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)* _ => None } }
        }
    };
}

words! {
    /// What a person is, in a position.
    Role {
        /// Keeps orgs, people and data; decides nothing of the field.
        Admin = "admin", "系统管理员", "Administrator";
        /// Sees everything, changes nothing.
        Auditor = "auditor", "审计员", "Auditor";
        /// 区领导.
        Leader = "leader", "区领导", "District leader";
        /// 区安委办.
        Office = "office", "安委办", "Safety committee office";
        /// 部门监管员.
        Regulator = "regulator", "部门监管员", "Department regulator";
        /// 镇街应急员.
        Town = "town", "镇街应急员", "Town emergency officer";
        /// 村（社区）安全员.
        Village = "village", "村（社区）安全员", "Village safety officer";
        /// 网格员.
        Grid = "grid", "网格员", "Grid worker";
        /// 企业主要负责人.
        Enterprise = "enterprise", "企业主要负责人", "Enterprise principal";
        /// 企业安全管理人员.
        Safety = "safety", "企业安全管理人员", "Enterprise safety manager";
        /// 值班员.
        Duty = "duty", "值班员", "Duty officer";
        /// 融媒体中心.
        Media = "media", "融媒体中心", "Media centre";
    }
}

words! {
    /// What can be done.
    Command {
        /// See duties and evidence.
        ReadDuties = "read-duties", "查看责任", "See duties";
        /// File or withdraw evidence.
        FileEvidence = "file-evidence", "报送佐证", "File evidence";
        /// Keep the list of sub-items.
        ManageItems = "manage-items", "维护子项清单", "Keep sub-items";
        /// Accept evidence or send it back.
        ReviewEvidence = "review-evidence", "审核佐证", "Review evidence";
        /// Waive a duty with a reason.
        WaiveDuty = "waive-duty", "免除责任", "Waive a duty";
        /// Remind an org.
        Remind = "remind", "催办", "Remind";
        /// See notices.
        ReadNotices = "read-notices", "查看通知", "See notices";
        /// Take in a notice and correct what was read.
        CompileNotice = "compile-notice", "导入并校正通知", "Take in and correct notices";
        /// Publish, amend, withdraw.
        PublishNotice = "publish-notice", "发布通知", "Publish notices";
        /// Bulletins and letters.
        PrintPapers = "print-papers", "印发通报和函件", "Print bulletins and letters";
        /// The district at a glance.
        ReadCockpit = "read-cockpit", "查看驾驶舱", "See the cockpit";
        /// Browse the ledger.
        ReadLedger = "read-ledger", "查看台账", "Browse the ledger";
        /// Check that nothing was altered.
        VerifyLedger = "verify-ledger", "核验台账", "Verify the ledger";
        /// Sign-ins and administration.
        ReadAudit = "read-audit", "查看审计", "See the audit trail";
        /// See things in the registry.
        ReadThings = "read-things", "查看登记对象", "See things";
        /// Import things.
        ImportThings = "import-things", "导入登记对象", "Import things";
        /// Keep the org tree.
        ManageOrgs = "manage-orgs", "维护单位", "Keep orgs";
        /// Keep people and positions.
        ManagePeople = "manage-people", "维护人员", "Keep people";
        /// Keep calendar and rulebook.
        ManageRulebook = "manage-rulebook", "维护规则", "Keep the rulebook";
        /// Issue bearer tokens for programs.
        ManageTokens = "manage-tokens", "签发接口令牌", "Issue tokens";
        /// See loops: hazards, accidents, supervision.
        ReadLoops = "read-loops", "查看闭环", "See loops";
        /// Comment on loops and link them.
        Comment = "comment", "批注关联", "Comment and link";
        /// Register a hazard that was seen.
        ReportHazard = "report-hazard", "登记隐患", "Register hazards";
        /// Do what must be done: rectify, answer, carry out.
        Rectify = "rectify", "整改落实", "Rectify and answer";
        /// Grade, order, re-inspect, decide, penalise.
        Supervise = "supervise", "监管处置", "Supervise";
        /// Circular, interview, listed supervision, patrol, exposure, referral.
        Escalate = "escalate", "督办问责", "Hold to account";
        /// Report an accident, incident or disaster.
        ReportAccident = "report-accident", "报送事故灾情", "Report accidents";
        /// Receive, pass on and respond to accidents.
        HandleAccident = "handle-accident", "接报处置", "Receive and respond";
        /// Investigate accidents, judge late and concealed reports.
        Investigate = "investigate", "事故调查", "Investigate";
        /// See what citizens report.
        ReadReports = "read-reports", "查看举报", "See public reports";
        /// Accept, verify and answer what citizens report.
        HandleReports = "handle-reports", "办理举报", "Handle public reports";
        /// See who reported.
        SeeReporter = "see-reporter", "查看举报人信息", "See who reported";
        /// See what employees report inside the enterprise.
        ReadInternal = "read-internal", "查看内部报告", "See internal reports";
        /// Handle what employees report inside the enterprise.
        HandleInternal = "handle-internal", "办理内部报告", "Handle internal reports";
        /// See violations with names.
        ReadViolations = "read-violations", "查看三违", "See violations";
        /// Record violations and decide on them.
        RecordViolations = "record-violations", "登记处理三违", "Record violations";
        /// Review what is shown to the public.
        Moderate = "moderate", "审核公开内容", "Review what is public";
        /// Void a loop that was opened by mistake.
        VoidLoop = "void-loop", "作废误登事项", "Void loops";
        /// Accept what crosses units, name who leads, check that it is solved.
        Coordinate = "coordinate", "区级协调", "Coordinate across units";
        /// See what is to be exposed, before it is.
        ReadExposures = "read-exposures", "查看曝光", "See exposures";
    }
}

words! {
    /// How far a permission reaches, seen from the position's org.
    Scope {
        /// Not at all.
        None = "none", "无", "None";
        /// The position's own org.
        Org = "org", "本单位", "Own org";
        /// The own org and all below it.
        Subtree = "subtree", "本单位及下级", "Own org and below";
        /// The own org, all below it, and the enterprises in the trades it regulates.
        Sector = "sector", "本单位、下级及所监管行业", "Own org, below, and regulated trades";
        /// The whole district.
        District = "district", "全区", "Whole district";
    }
}

/// The table. What is not written here is not permitted.
pub fn scope(role: Role, command: Command) -> Scope {
    use Command as C;
    use Role as R;
    use Scope as S;
    match (role, command) {
        // The administrator keeps the house and sees it whole, but decides nothing: no evidence, no review,
        // no waiver, no notice. 三员分立: the one who keeps accounts is not the one who judges.
        (
            R::Admin,
            C::ManageOrgs | C::ManagePeople | C::ManageRulebook | C::ManageTokens | C::ImportThings,
        ) => S::District,
        (
            R::Admin,
            C::ReadAudit
            | C::ReadThings
            | C::ReadNotices
            | C::ReadLedger
            | C::VerifyLedger
            | C::ReadDuties
            | C::ReadCockpit,
        ) => S::District,
        (R::Admin, C::ReadLoops) => S::District,
        (R::Admin, _) => S::None,

        (R::Auditor, C::ReadLoops | C::ReadReports | C::ReadExposures) => S::District,
        (
            R::Auditor,
            C::ReadDuties
            | C::ReadNotices
            | C::ReadCockpit
            | C::ReadLedger
            | C::VerifyLedger
            | C::ReadAudit
            | C::ReadThings,
        ) => S::District,
        (R::Auditor, _) => S::None,

        (
            R::Leader,
            C::ReadDuties
            | C::ReadNotices
            | C::ReadCockpit
            | C::ReadLedger
            | C::VerifyLedger
            | C::ReadThings
            | C::Remind,
        ) => S::District,
        (
            R::Leader,
            C::ReadLoops
            | C::Comment
            | C::ReportHazard
            | C::ReportAccident
            | C::ReadReports
            | C::ReadExposures,
        ) => S::District,
        (R::Leader, C::FileEvidence | C::ManageItems | C::Rectify) => S::Org,
        (R::Leader, _) => S::None,

        (R::Office, C::ManageOrgs | C::ManagePeople | C::ManageTokens | C::ReadAudit) => S::None,
        (R::Office, C::FileEvidence | C::ManageItems | C::Rectify) => S::Org,
        // What happens between an enterprise and its workers stays there; the office sees numbers.
        (
            R::Office,
            C::ReadInternal | C::HandleInternal | C::ReadViolations | C::RecordViolations,
        ) => S::None,
        (R::Office, _) => S::District,

        (
            R::Regulator,
            C::ReadDuties
            | C::ReviewEvidence
            | C::Remind
            | C::ReadThings
            | C::ImportThings
            | C::ReadLedger,
        ) => S::Sector,
        (
            R::Regulator,
            C::ReadLoops
            | C::Comment
            | C::Supervise
            | C::Escalate
            | C::HandleAccident
            | C::Investigate
            | C::ReadReports
            | C::HandleReports
            | C::ReadExposures
            | C::VoidLoop,
        ) => S::Sector,
        // A danger that is seen may be said by whoever sees it, wherever it is.
        (R::Regulator, C::ReportHazard | C::ReportAccident) => S::District,
        (R::Regulator, C::FileEvidence | C::ManageItems | C::Rectify) => S::Org,
        (R::Regulator, C::ReadNotices) => S::District,
        (R::Regulator, C::ReadCockpit) => S::Sector,
        (R::Regulator, _) => S::None,

        (
            R::Town,
            C::ReadDuties
            | C::ReviewEvidence
            | C::Remind
            | C::ReadThings
            | C::ImportThings
            | C::ReadLedger
            | C::ReadCockpit,
        ) => S::Subtree,
        (
            R::Town,
            C::ReadLoops
            | C::Comment
            | C::Supervise
            | C::HandleAccident
            | C::ReadReports
            | C::HandleReports
            | C::ReadExposures
            | C::VoidLoop,
        ) => S::Subtree,
        (R::Town, C::ReportHazard | C::ReportAccident) => S::District,
        (R::Town, C::FileEvidence | C::ManageItems | C::Rectify) => S::Org,
        (R::Town, C::ReadNotices) => S::District,
        (R::Town, _) => S::None,

        (R::Village, C::ReadDuties | C::ReadThings | C::ReadLedger) => S::Subtree,
        (R::Village, C::ReadLoops | C::Comment) => S::Subtree,
        (R::Village | R::Grid, C::ReportHazard | C::ReportAccident) => S::District,
        (R::Village, C::FileEvidence | C::ManageItems | C::Rectify) => S::Org,
        (R::Village, C::ReadNotices) => S::District,
        (R::Village, _) => S::None,

        (
            R::Enterprise | R::Safety | R::Grid | R::Media,
            C::ReadDuties
            | C::FileEvidence
            | C::ManageItems
            | C::ReadThings
            | C::ReadLedger
            | C::ReadLoops
            | C::Comment
            | C::Rectify,
        ) => S::Org,
        (
            R::Enterprise | R::Safety,
            C::ReportHazard
            | C::ReportAccident
            | C::ReadInternal
            | C::HandleInternal
            | C::ReadViolations
            | C::RecordViolations,
        ) => S::Org,
        (R::Media, C::Moderate | C::ReadExposures) => S::District,
        (R::Enterprise | R::Safety | R::Grid | R::Media, C::ReadNotices) => S::District,
        (R::Enterprise | R::Safety | R::Grid | R::Media, _) => S::None,

        (
            R::Duty,
            C::ReadDuties
            | C::ReadNotices
            | C::ReadCockpit
            | C::ReadThings
            | C::ReadLedger
            | C::Remind
            | C::ReadLoops
            | C::Comment
            | C::ReportHazard
            | C::ReportAccident
            | C::HandleAccident
            | C::ReadReports
            | C::HandleReports,
        ) => S::District,
        (R::Duty, _) => S::None,
    }
}

/// What a person is, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The org.
    pub org: OrgId,
    /// The role there.
    pub role: Role,
}

/// Who is acting, with all that the table needs to know.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// Positions, the main one first.
    pub positions: Vec<Position>,
    /// A token narrows what its owner may do; none means everything he may.
    pub only: Option<Vec<Command>>,
}

/// One piece of what may be reached; lists are the union of the pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything.
    District,
    /// Orgs whose path begins so.
    Subtree(String),
    /// This org.
    Org(OrgId),
    /// Enterprises in these trades.
    Sectors(Vec<String>),
}

impl Actor {
    /// The main org: that of the first position.
    pub fn org(&self) -> Option<&OrgId> {
        self.positions.first().map(|position| &position.org)
    }

    /// All that the actor may reach with a command. Empty: nothing.
    pub fn reach(&self, command: Command, tree: &OrgTree) -> Vec<Reach> {
        if self
            .only
            .as_ref()
            .is_some_and(|only| !only.contains(&command))
        {
            return Vec::new();
        }
        let mut reach = Vec::new();
        for position in &self.positions {
            match scope(position.role, command) {
                Scope::None => {}
                Scope::Org => reach.push(Reach::Org(position.org.clone())),
                Scope::Subtree => reach.push(Reach::Subtree(tree.path(&position.org).to_owned())),
                Scope::Sector => {
                    reach.push(Reach::Subtree(tree.path(&position.org).to_owned()));
                    if let Some(org) = tree.get(&position.org)
                        && org.kind != OrgKind::Enterprise
                        && !org.sectors.is_empty()
                    {
                        reach.push(Reach::Sectors(org.sectors.clone()));
                    }
                }
                Scope::District => return vec![Reach::District],
            }
        }
        reach
    }

    /// May the actor do this to something of that org?
    pub fn may(&self, command: Command, org: &OrgId, tree: &OrgTree) -> bool {
        self.reach(command, tree)
            .iter()
            .any(|reach| covers(reach, org, tree))
    }

    /// May the actor do this anywhere?
    pub fn may_somewhere(&self, command: Command, tree: &OrgTree) -> bool {
        !self.reach(command, tree).is_empty()
    }

    /// Does the actor hold this role anywhere?
    pub fn is(&self, role: Role) -> bool {
        self.positions.iter().any(|position| position.role == role)
    }
}

/// Does a reach cover an org?
pub fn covers(reach: &Reach, org: &OrgId, tree: &OrgTree) -> bool {
    match reach {
        Reach::District => true,
        // `/` is the path of an org that is not in the tree: nothing lies below it.
        Reach::Subtree(path) => path != "/" && tree.path(org).starts_with(path.as_str()),
        Reach::Org(own) => own == org,
        Reach::Sectors(sectors) => tree.get(org).is_some_and(|org| {
            org.kind == OrgKind::Enterprise && org.sectors.iter().any(|s| sectors.contains(s))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table as text: a change of any cell shows up in a review.
    #[test]
    fn the_table_is_as_agreed() {
        let mut out = String::new();
        for role in Role::ALL {
            for command in Command::ALL {
                let scope = scope(*role, *command);
                if scope != Scope::None {
                    out.push_str(&format!(
                        "{} {} {}\n",
                        role.code(),
                        command.code(),
                        scope.code()
                    ));
                }
            }
        }
        insta::assert_snapshot!(out);
    }

    #[test]
    fn nobody_who_keeps_accounts_judges() {
        for command in [
            Command::FileEvidence,
            Command::ReviewEvidence,
            Command::WaiveDuty,
            Command::PublishNotice,
        ] {
            assert_eq!(scope(Role::Admin, command), Scope::None);
            assert_eq!(scope(Role::Auditor, command), Scope::None);
        }
        for role in Role::ALL.iter().filter(|role| **role != Role::Admin) {
            assert_eq!(scope(*role, Command::ManagePeople), Scope::None, "{role:?}");
        }
    }

    #[test]
    fn whoever_may_change_a_duty_may_see_it() {
        for role in Role::ALL {
            for command in [
                Command::FileEvidence,
                Command::ReviewEvidence,
                Command::WaiveDuty,
                Command::ManageItems,
                Command::Remind,
            ] {
                assert!(
                    scope(*role, command) <= scope(*role, Command::ReadDuties),
                    "{role:?} {command:?}"
                );
            }
        }
    }

    #[test]
    fn words_are_complete_and_distinct() {
        let mut zh: Vec<_> = Command::ALL.iter().map(|c| c.zh()).collect();
        zh.sort_unstable();
        zh.dedup();
        assert_eq!(zh.len(), Command::ALL.len());
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
    }
}
