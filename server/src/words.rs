//! What a fact says, in one sentence and two languages: for stories, live lines and the ledger page.

use crate::app::World;
use anlan_core::duty::{self, EvidenceKind};
use anlan_core::fact::Event;
use anlan_core::id::OrgId;
use anlan_core::rulebook::Rulebook;

fn evidence(kind: EvidenceKind) -> (&'static str, &'static str) {
    match kind {
        EvidenceKind::Meeting => ("会议", "a meeting"),
        EvidenceKind::File => ("文件", "a file"),
        EvidenceKind::Photo => ("照片", "a photo"),
        EvidenceKind::Number => ("数据", "a number"),
        EvidenceKind::Link => ("关联对象", "a link"),
    }
}

/// The sentence of an event: Chinese, English. `org` is the org the fact concerns, `stream` what it is about.
pub fn sentence(
    event: &Event,
    stream: &str,
    org: Option<&OrgId>,
    world: &World,
    book: &Rulebook,
) -> (String, String) {
    let of = |id: &OrgId| {
        world
            .tree
            .get(id)
            .map_or_else(|| id.to_string(), |org| org.short.clone())
    };
    let whose = org.map(&of).unwrap_or_default();
    let step = |id: &str| {
        book.ladder
            .iter()
            .find(|s| s.id == id)
            .map_or((id.to_owned(), id.to_owned()), |s| {
                (s.zh.clone(), s.en.clone())
            })
    };
    match event {
        Event::Loop(event) => {
            let kind = stream
                .strip_prefix("loop/")
                .and_then(anlan_core::loops::kind_of);
            let (zh, en) = crate::loops::story::words(event, kind, world, book);
            let name = kind.map_or(("事项", "Loop"), |kind| (kind.zh, kind.en));
            match event {
                anlan_core::loops::Event::Opened(_) => (zh, en),
                _ => (
                    format!("{whose}{}：{zh}", name.0),
                    format!("{} of {whose}: {en}", name.1),
                ),
            }
        }
        Event::OrgAdded(org) => (
            format!("登记单位“{}”", org.name),
            format!("Org “{}” was added", org.name),
        ),
        Event::OrgChanged(org) => (
            format!("变更单位“{}”", org.name),
            format!("Org “{}” was changed", org.name),
        ),
        Event::PersonAdded(p) => (
            format!("新增人员“{}”（{}）", p.name, p.login),
            format!("Person “{}” ({}) was added", p.name, p.login),
        ),
        Event::PersonChanged(p) if p.disabled => (
            format!("停用“{}”（{}）", p.name, p.login),
            format!("“{}” ({}) was disabled", p.name, p.login),
        ),
        Event::PersonChanged(p) => (
            format!("变更“{}”（{}）的岗位或信息", p.name, p.login),
            format!("“{}” ({}) was changed", p.name, p.login),
        ),
        Event::PasswordSet { one_time: true, .. } => (
            "发放一次性密码".into(),
            "A one-time password was issued".into(),
        ),
        Event::PasswordSet { .. } => ("修改密码".into(), "The password was changed".into()),
        Event::TotpSet { on: true, .. } => (
            "启用动态验证码".into(),
            "The second factor was switched on".into(),
        ),
        Event::TotpSet { .. } => (
            "停用动态验证码".into(),
            "The second factor was switched off".into(),
        ),
        Event::SignedIn { via, address, .. } if via == "token" => (
            format!("程序登录（{address}）"),
            format!("A program signed in ({address})"),
        ),
        Event::SignedIn { address, .. } => (
            format!("登录（{address}）"),
            format!("Signed in ({address})"),
        ),
        Event::SignInRefused {
            login,
            reason,
            address,
        } => {
            let why = match reason.as_str() {
                "locked" => "账号已锁定",
                "code" => "动态验证码不正确",
                "disabled" => "账号已停用",
                _ => "用户名或密码不正确",
            };
            (
                format!("“{login}”登录被拒：{why}（{address}）"),
                format!("Sign-in of “{login}” was refused: {reason} ({address})"),
            )
        }
        Event::SignedOut { .. } => ("退出登录".into(), "Signed out".into()),
        Event::TokenIssued { name, .. } => (
            format!("签发接口令牌“{name}”"),
            format!("Token “{name}” was issued"),
        ),
        Event::TokenRevoked { .. } => ("吊销接口令牌".into(), "A token was revoked".into()),
        Event::ThingAdded(t) => {
            let kind = anlan_core::thing::kind(&t.kind);
            (
                format!(
                    "{}登记{}“{}”",
                    of(&t.org),
                    kind.map_or("", |k| k.zh),
                    t.name
                ),
                format!(
                    "{} “{}” was registered for {}",
                    kind.map_or("Thing", |k| k.en),
                    t.name,
                    of(&t.org)
                ),
            )
        }
        Event::ThingChanged(t) => (
            format!("变更“{}”", t.name),
            format!("“{}” was changed", t.name),
        ),
        Event::NoticeUploaded { compiled, .. } => (
            format!(
                "导入《{}》，识别 {} 条、{} 项任务",
                compiled.title,
                compiled.articles.len(),
                compiled.duties.len()
            ),
            format!(
                "“{}” was read: {} articles, {} demands",
                compiled.title,
                compiled.articles.len(),
                compiled.duties.len()
            ),
        ),
        Event::NoticeEdited { edit, .. } => {
            use anlan_core::draft::Edit;
            match edit.as_ref() {
                Edit::Correct { id, .. } => (
                    format!("校正任务 {id}"),
                    format!("Demand {id} was corrected"),
                ),
                Edit::Merge { ids } => (
                    format!("合并 {} 项任务", ids.len()),
                    format!("{} demands were merged", ids.len()),
                ),
                Edit::Split { id, .. } => {
                    (format!("拆分任务 {id}"), format!("Demand {id} was split"))
                }
                Edit::Add { article, .. } => (
                    format!("在第 {article} 条增列任务"),
                    format!("A demand was added to article {article}"),
                ),
                Edit::Reject { id, reason } => (
                    format!("剔除任务 {id}：{reason}"),
                    format!("Demand {id} was rejected: {reason}"),
                ),
                Edit::Restore { id } => (
                    format!("恢复任务 {id}"),
                    format!("Demand {id} was restored"),
                ),
                Edit::Head { .. } => (
                    "校正文件标题信息".into(),
                    "Title and number were corrected".into(),
                ),
            }
        }
        Event::NoticePublished {
            generation: 1,
            assigned,
            ..
        } => (
            format!("发布通知，分解责任 {assigned} 项"),
            format!("The notice was published: {assigned} duties"),
        ),
        Event::NoticePublished {
            assigned,
            changed,
            cancelled,
            ..
        } => (
            format!("发布修订：新增 {assigned} 项、变更 {changed} 项、撤销 {cancelled} 项"),
            format!(
                "The amended notice was published: {assigned} new, {changed} changed, {cancelled} cancelled"
            ),
        ),
        Event::NoticeWithdrawn { reason, .. } => (
            format!("撤回通知：{reason}"),
            format!("The notice was withdrawn: {reason}"),
        ),
        Event::CalendarImported(year) => (
            format!("导入 {} 年工作日历", year.year),
            format!("The calendar of {} was imported", year.year),
        ),
        Event::PaperMade { title, org, .. } => {
            let to = org
                .as_ref()
                .map(|org| format!("，送{}", of(org)))
                .unwrap_or_default();
            (
                format!("制发《{title}》{to}"),
                format!("“{title}” was made"),
            )
        }
        Event::Duty(event) => match event {
            duty::Event::Assigned(a) => (
                format!("{whose}领受责任：{}", a.title),
                format!("Assigned to {whose}: {}", a.title),
            ),
            duty::Event::Changed(a) => (
                format!("{whose}的责任随通知修订变更：{}", a.title),
                format!("The duty of {whose} changed with the notice: {}", a.title),
            ),
            duty::Event::Cancelled { reason } => (
                format!("撤销{whose}的责任：{reason}"),
                format!("The duty of {whose} was cancelled: {reason}"),
            ),
            duty::Event::Filed(filed) => {
                let (zh, en) = evidence(filed.kind);
                (
                    format!("{whose}报送佐证（{zh}）"),
                    format!("{whose} filed {en} as evidence"),
                )
            }
            duty::Event::Withdrawn { .. } => (
                format!("{whose}撤回佐证"),
                format!("{whose} withdrew evidence"),
            ),
            duty::Event::Accepted { .. } => (
                format!("{whose}的佐证审核通过"),
                format!("Evidence of {whose} was accepted"),
            ),
            duty::Event::Returned { reason, .. } => (
                format!("退回{whose}的佐证：{reason}"),
                format!("Evidence of {whose} was sent back: {reason}"),
            ),
            duty::Event::Waived { reason } => (
                format!("免除{whose}的责任：{reason}"),
                format!("The duty of {whose} was waived: {reason}"),
            ),
            duty::Event::Unwaived { reason } => (
                format!("恢复{whose}的责任：{reason}"),
                format!("The waiver for {whose} was taken back: {reason}"),
            ),
            duty::Event::ItemAdded(item) => (
                format!("列入子项“{}”", item.title),
                format!("Item “{}” was added", item.title),
            ),
            duty::Event::ItemClosed { result, .. } => (
                format!("子项办结：{result}"),
                format!("An item was closed: {result}"),
            ),
            duty::Event::ItemDropped { reason, .. } => (
                format!("子项撤销：{reason}"),
                format!("An item was dropped: {reason}"),
            ),
            duty::Event::Reminded { note } if note.is_empty() => {
                (format!("催办{whose}"), format!("{whose} was reminded"))
            }
            duty::Event::Reminded { note } => (
                format!("催办{whose}：{note}"),
                format!("{whose} was reminded: {note}"),
            ),
            duty::Event::FellDue { due } => (
                format!("{whose}的责任于 {due} 到期未完成"),
                format!("The duty of {whose} fell due on {due}, not done"),
            ),
            duty::Event::Climbed { step: id, .. } => {
                let (zh, en) = step(id);
                (
                    format!("对{whose}启动“{zh}”"),
                    format!("“{en}” was started for {whose}"),
                )
            }
        },
    }
}
