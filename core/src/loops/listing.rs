//! Listed supervision (挂牌督办): put on the list in public, rectified against a deadline, reviewed by somebody else,
//! taken off the list in public.
//!
//! Sources: 安全生产法 (2021) article 41 (重大事故隐患治理督办制度); 2025 notice, articles 五 and 十. The days are proposals.

use super::extend;
use super::hazard::{LEVELS, NO_REQUEST, NOT_LATER, REQUESTED, TOO_LATE};
use super::spec::{
    Clock, Due, Move, Party, Spec, choice, closed, date, ended, files, long, note, photos, reason,
    text, waits,
};
use super::{Read, Refusal};
use crate::authority::Command as May;

const OVER: &[(Party, May)] = &[(Party::Handler, May::Escalate)];
const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[TOO_LATE, NO_REQUEST, REQUESTED, NOT_LATER];

/// 挂牌督办.
pub const SPEC: Spec = Spec {
    code: "listing",
    zh: "挂牌督办",
    en: "Listed supervision",
    prefix: "GP",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 5,
    by_hand: true,
    grades: LEVELS,
    grade: Some(|it, _| {
        let level = it.values.text("level");
        (!level.is_empty()).then(|| level.to_owned())
    }),
    open: Move::new("open", "提请挂牌督办", "Propose for the list")
        .to("listed")
        .by(&[(Party::Owner, May::Escalate)])
        .asks(&[
            long("what", "督办事项", "What is supervised").must(),
            choice("level", "督办级别", "Level", LEVELS),
            date("deadline", "督办期限", "Deadline"),
            long("demands", "督办要求", "Demands"),
            long("basis", "挂牌依据", "Why it is listed"),
        ]),
    states: &[
        waits(
            "listed",
            "待下达公示",
            "To be published",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "rectifying",
            "督办整改中",
            "Being rectified",
            Party::Owner,
            May::Rectify,
        ),
        waits(
            "asked",
            "待审核销号",
            "Delisting to be reviewed",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "approved",
            "待公告摘牌",
            "Delisting to be announced",
            Party::Handler,
            May::Escalate,
        ),
        closed("delisted", "已摘牌销号", "Delisted"),
        ended("cancelled", "已撤销", "Cancelled"),
    ],
    moves: &[
        Move::new("publish", "下达并公示", "Issue and publish")
            .from(&["listed"])
            .to("rectifying")
            .by(OVER)
            .paper("listing-notice")
            .check(|it, values, _| {
                if !values.has("level") && !it.values.has("level") {
                    return Err(Refusal::MISSING.at("level"));
                }
                extend::deadline_given(it, values)
            })
            .settle(|it, values, _| extend::keep_deadline(it, values))
            .asks(&[
                choice("level", "督办级别", "Level", LEVELS),
                date("deadline", "督办期限", "Deadline")
                    .hint("不填则沿用提请时的期限", "Empty: as proposed"),
                long("demands", "督办要求", "Demands").must(),
                long("notice", "公示内容", "Public notice").must(),
                text("media", "公示渠道", "Where it is published").must(),
            ]),
        Move::new("progress", "报告进展", "Report progress")
            .from(&["rectifying"])
            .by(OWN)
            .asks(&[
                long("progress", "进展情况", "How far it is").must(),
                photos("progress_photos", "照片", "Photos"),
            ]),
        extend::ASK.from(&["rectifying"]).by(OWN),
        extend::DECIDE.from(&["rectifying"]).by(OVER),
        Move::new("ask-delisting", "申请销号", "Ask to be delisted")
            .from(&["rectifying"])
            .to("asked")
            .by(OWN)
            .asks(&[
                long("result", "整改完成情况", "What was done").must(),
                long("assessment", "治理效果评估结论", "Assessment of the result")
                    .must()
                    .hint(
                        "重大事故隐患治理后须组织专家或委托机构评估",
                        "A major hazard's treatment is assessed by experts or an institution",
                    ),
                files("proof", "评估报告及证明材料", "Assessment and proofs").must(),
            ]),
        Move::new("review", "审核销号", "Review the delisting")
            .from(&["asked"])
            .to_one(&["approved", "rectifying"], |_, values| {
                if values.text("review") == "pass" {
                    "approved"
                } else {
                    "rectifying"
                }
            })
            .by(OVER)
            .apart(&["ask-delisting", "progress"])
            .asks(&[
                choice("review", "审核结论", "Result", extend::RESULT).must(),
                long("review_note", "审核意见", "Opinion").must(),
                photos("review_photos", "现场核查照片", "Photos of the site"),
                date("deadline", "重新整改期限", "New deadline").when("review", &["fail"]),
            ]),
        Move::new("delist", "公告摘牌", "Announce the delisting")
            .from(&["approved"])
            .to("delisted")
            .by(OVER)
            .apart(&["ask-delisting"])
            .paper("delisting-notice")
            .asks(&[
                long("delisting_notice", "公告内容", "Public notice").must(),
                text("delisting_media", "公告渠道", "Where it is published").must(),
                note(),
            ]),
        Move::new("withdraw", "撤回申请", "Withdraw the request")
            .from(&["asked"])
            .to("rectifying")
            .by(OWN)
            .aside()
            .asks(&[reason()]),
        Move::new("cancel", "撤销督办", "Cancel the supervision")
            .from(&["listed", "rectifying"])
            .to("cancelled")
            .by(OVER)
            .apart(&["open"])
            .aside()
            .grave()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("publish", "下达并公示", "Publish", Party::Handler)
            .starts(&["open"])
            .meets(&["publish"]),
        Clock::new("rectify", "完成督办整改", "Rectify", Party::Owner)
            .starts(&["publish", "decide-extension", "review"])
            .only(|it| it.state == "rectifying")
            .due(Due::Field("deadline"))
            .meets(&["ask-delisting"])
            .ladder(),
        extend::CLOCK.stops(&["ask-delisting"]),
        Clock::new("review", "审核销号", "Review the delisting", Party::Handler)
            .starts(&["ask-delisting"])
            .meets(&["review"])
            .stops(&["withdraw"]),
        Clock::new(
            "delist",
            "公告摘牌",
            "Announce the delisting",
            Party::Handler,
        )
        .starts(&["review"])
        .only(|it| it.state == "approved")
        .meets(&["delist"]),
    ],
};
