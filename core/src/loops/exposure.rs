//! Exposure (曝光): drafted, reviewed by somebody else so that nothing personal is shown, published until a day, taken
//! down. The public page shows what [`shown`] says and nothing else, so that nobody need act for it to go.
//!
//! Source: 2025 notice, articles 三 (曝光台) and 十. How long it is shown is a proposal.

use super::days_after;
use super::field::Value;
use super::spec::{
    Clock, Due, Field, Kind, Move, Party, Spec, Word, choice, closed, date, ended, files, flag,
    long, note, photos, reason, text, waits, word,
};
use super::{Context, Loop, Read, Refusal, Values};
use crate::authority::Command as May;
use crate::calendar::date_of;
use jiff::Timestamp;

const KINDS: &[Word] = &[
    word("accident", "典型事故", "Accident"),
    word("case", "违法案例", "Breach of the law"),
    word("hazard", "隐患场景", "Hazard"),
    word("slow", "整改不力", "Not rectified"),
];
const DECISION: &[Word] = &[
    word("publish", "同意公开", "Publish"),
    word("back", "退回修改", "Send back"),
    word("refuse", "不予公开", "Do not publish"),
];
const WHY: &[Word] = &[
    word("expired", "期满", "The time is over"),
    word("rectified", "已整改销号", "It was rectified"),
    word("mistake", "内容有误", "It was wrong"),
    word("other", "其他", "Other"),
];

const DRAFTS: &[(Party, May)] = &[(Party::Handler, May::Escalate)];
const REVIEWS: &[(Party, May)] = &[(Party::Handler, May::Moderate)];

/// What is personal is not shown.
pub const NOT_CLEAN: Refusal = Refusal::new(
    "not-clean",
    "公开前须确认不含个人信息",
    "Confirm that nothing personal is shown before it is published",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[NOT_CLEAN];

/// Does the public page show it? Not after its day, and not when what it is about (`subject`) has been closed.
pub fn shown(it: &Loop, now: Timestamp, subject_closed: bool) -> bool {
    let until = it.values.moment("until");
    it.kind == SPEC.code
        && it.state == "published"
        && it.voided.is_none()
        && !subject_closed
        && until.is_some_and(|until| now <= until)
}

/// Until when it is shown: as asked, at most as long as the rule has it.
fn until(_: &Loop, values: &mut Values, context: &Context<'_>) {
    if values.text("decision") != "publish" {
        return;
    }
    let days = context
        .book
        .limit("exposure", "take-down")
        .and_then(|limit| limit.days);
    let last = date_of(days_after(context.happened, days.unwrap_or(30).into())).to_string();
    // Days as they are written compare as days.
    if !values.has("until") || *values.text("until") > *last {
        values.insert("until".into(), Value::Text(last));
    }
}

/// 曝光.
pub const SPEC: Spec = Spec {
    code: "exposure",
    zh: "公开曝光",
    en: "Exposure",
    prefix: "BG",
    // Neither whoever is exposed nor anybody else sees a draft but those who write and review.
    read: May::ReadExposures,
    void: May::VoidLoop,
    article: 3,
    by_hand: true,
    grades: KINDS,
    grade: Some(|it, _| {
        let kind = it.values.text("kind");
        (!kind.is_empty()).then(|| kind.to_owned())
    }),
    open: Move::new("open", "提请曝光", "Propose an exposure")
        .to("draft")
        .by(&[(Party::Owner, May::Escalate)])
        .asks(&[
            long("what", "曝光事由", "Why").must(),
            choice("kind", "曝光类型", "Kind", KINDS),
            Field::new(
                "subject",
                "关联事项",
                "What it is about",
                Kind::Loop(&["hazard", "accident"]),
            ),
            files("attachments", "佐证材料", "Files"),
        ]),
    states: &[
        waits(
            "draft",
            "待拟稿",
            "To be written",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "moderating",
            "待审核",
            "To be reviewed",
            Party::Handler,
            May::Moderate,
        ),
        waits(
            "published",
            "曝光中",
            "Published",
            Party::Handler,
            May::Moderate,
        ),
        closed("down", "已撤下", "Taken down"),
        ended("dropped", "不予曝光", "Not published"),
    ],
    moves: &[
        Move::new("submit", "提交审核", "Submit for review")
            .from(&["draft"])
            .to("moderating")
            .by(DRAFTS)
            .asks(&[
                text("headline", "标题", "Headline").must(),
                long("text", "曝光正文", "Text").must().hint(
                    "不得出现个人姓名、电话、证件号码、人脸",
                    "No names, numbers or faces of people",
                ),
                photos("photos", "公开照片", "Photos to be shown"),
                choice("kind", "曝光类型", "Kind", KINDS).must(),
            ]),
        Move::new("moderate", "审核公开", "Review")
            .from(&["moderating"])
            .to_one(
                &["published", "draft", "dropped"],
                |_, values| match values.text("decision") {
                    "publish" => "published",
                    "back" => "draft",
                    _ => "dropped",
                },
            )
            .by(REVIEWS)
            .apart(&["open", "submit"])
            .paper("exposure-sheet")
            .check(|_, values, _| {
                if values.text("decision") == "publish" && !values.yes("clean") {
                    return Err(NOT_CLEAN.at("clean"));
                }
                Ok(())
            })
            .settle(until)
            .asks(&[
                choice("decision", "审核意见", "Decision", DECISION).must(),
                flag("clean", "已核对不含个人信息", "Nothing personal is shown")
                    .when("decision", &["publish"]),
                date("until", "公开至", "Shown until")
                    .may_when("decision", &["publish"])
                    .hint(
                        "不填或超过规定天数的，按规定天数",
                        "Empty or too long: as long as the rule has it",
                    ),
                text("channels", "发布渠道", "Channels").may_when("decision", &["publish"]),
                long(
                    "moderation_note",
                    "修改意见或理由",
                    "What to change, or why not",
                )
                .when("decision", &["back", "refuse"]),
            ]),
        Move::new("take-down", "撤下", "Take down")
            .from(&["published"])
            .to("down")
            .by(&[
                (Party::Handler, May::Moderate),
                (Party::Handler, May::Escalate),
            ])
            .asks(&[
                choice("why", "撤下原因", "Why", WHY).must(),
                long("down_reason", "具体情况", "In words").when("why", &["mistake", "other"]),
                note(),
            ]),
        Move::new("drop", "不再曝光", "Drop")
            .from(&["draft"])
            .to("dropped")
            .by(DRAFTS)
            .aside()
            .grave()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("submit", "拟稿送审", "Write and submit", Party::Handler)
            .starts(&["open", "moderate"])
            .only(|it| it.state == "draft")
            .meets(&["submit"]),
        Clock::new("moderate", "审核公开", "Review", Party::Handler)
            .starts(&["submit"])
            .meets(&["moderate"]),
        Clock::new("take-down", "期满撤下", "Take down", Party::Handler)
            .starts(&["moderate"])
            .only(|it| it.state == "published")
            .due(Due::Field("until"))
            .meets(&["take-down"]),
    ],
};
