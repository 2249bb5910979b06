//! Warning education (警示教育): a meeting on site, a film, its distribution to units, each unit's viewing as a measure
//! of that unit with a receipt, closed when all have watched or with the reason why not.
//!
//! Source: 2025 notice, article 三 (较大及以上和典型事故召开现场警示会; 警示教育片由各单位组织集中观看). The days are proposals.

use super::field::Value;
use super::measure;
use super::spec::{
    Clock, Due, Field, Kind, Move, Party, Spec, closed, count, date, ended, files, instant, long,
    photos, reason, text, waits,
};
use super::{Context, Loop, Open, Read, Refusal, Values};
use crate::authority::Command as May;
use crate::id::OrgId;
use std::collections::BTreeSet;

const OVER: &[(Party, May)] = &[(Party::Handler, May::Escalate)];

const UNITS: Field = Field::new(
    "units",
    "发放单位",
    "Units",
    Kind::Rows(&[
        Field::new("unit", "单位", "Unit", Kind::Org(None)).must(),
        count("copies", "份数", "Copies", "份"),
    ]),
)
.must()
.hint(
    "每个单位下达一项组织观看任务",
    "Each unit gets the task to watch it",
);

/// All of them have it already.
pub const NOTHING_NEW: Refusal = Refusal::new(
    "nothing-new",
    "所列单位均已发放",
    "All these units have it already",
);
/// Not all have watched.
pub const NOT_ALL: Refusal = Refusal::new(
    "not-all",
    "尚有单位未组织观看，请说明原因",
    "Not all units have watched it: say why it is closed",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[NOTHING_NEW, NOT_ALL];

/// The share reached, in hundredths; none when nobody was to watch.
pub fn share(watched: u32, total: u32) -> Option<f64> {
    (total > 0).then(|| (f64::from(watched.min(total)) * 1_000.0 / f64::from(total)).round() / 10.0)
}

/// Units that have it.
fn given(it: &Loop) -> BTreeSet<String> {
    match it.values.get("given") {
        Some(Value::Many(units)) => units.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}

/// Keeps those that are new, each once, and adds them to those who have it.
fn distributed(it: &Loop, values: &mut Values, _: &Context<'_>) {
    let mut all = given(it);
    let rows: Vec<Values> = values
        .rows("units")
        .iter()
        .filter(|row| all.insert(row.text("unit").to_owned()))
        .cloned()
        .collect();
    values.insert("units".into(), Value::Rows(rows));
    values.insert("units_total".into(), Value::Number(all.len() as f64));
    values.insert("given".into(), Value::Many(all.into_iter().collect()));
}

fn viewings(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    let what = format!("组织集中观看警示教育片《{}》", it.values.text("film"));
    let deadline = it.values.text("deadline");
    values
        .rows("units")
        .iter()
        .filter_map(|row| OrgId::try_from(row.text("unit")).ok())
        .map(|unit| measure::task(it, unit, &what, deadline, "warning", "distribute"))
        .collect()
}

fn total(it: &Loop) -> f64 {
    it.values.number("units_total").unwrap_or_default()
}

/// 警示教育.
pub const SPEC: Spec = Spec {
    code: "warning",
    zh: "警示教育",
    en: "Warning education",
    prefix: "JS",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 3,
    by_hand: true,
    grades: &[],
    grade: None,
    open: Move::new("open", "提出警示教育", "Propose warning education")
        .to("planned")
        .by(&[(Party::Owner, May::Escalate)])
        .asks(&[
            long("what", "事故（案例）概况", "What it is about").must(),
            long("lessons", "主要教训", "Lessons"),
            files("attachments", "附件", "Files"),
        ]),
    states: &[
        waits(
            "planned",
            "待召开警示会",
            "Meeting to be held",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "met",
            "待制作发放",
            "Film to be distributed",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "watching",
            "集中观看中",
            "Being watched",
            Party::Handler,
            May::Escalate,
        ),
        closed("closed", "已办结", "Closed"),
        ended("dropped", "不开展", "Not done"),
    ],
    moves: &[
        Move::new("call", "发出会议通知", "Call the meeting")
            .from(&["planned"])
            .by(OVER)
            .paper("warning-notice")
            .asks(&[
                instant("at", "会议时间", "When").must(),
                text("venue", "会议地点", "Where").must(),
                text("invited", "参会单位", "Who comes").must(),
                text("host", "主持人（职务）", "Who leads it, by post"),
            ]),
        Move::new("hold", "记录现场警示会", "Record the meeting")
            .from(&["planned"])
            .to("met")
            .by(OVER)
            .asks(&[
                date("met_on", "召开日期", "Day").must(),
                text("venue", "会议地点", "Where").must(),
                count("people", "参会人数", "People", "人").must(),
                long("minutes", "会议纪要", "Minutes").must(),
                photos("meeting_photos", "现场照片", "Photos").must(),
            ]),
        Move::new("distribute", "发放警示教育片", "Distribute the film")
            .from(&["met"])
            .to("watching")
            .by(OVER)
            .paper("film-list")
            .settle(distributed)
            .follows(viewings)
            .asks(&[
                text("film", "片名", "Title of the film").must(),
                Field::new("producer", "制作单位", "Made by", Kind::Org(None)),
                files("film_files", "视频文件", "Film"),
                date("deadline", "观看期限", "Watch by").must(),
                UNITS,
            ]),
        Move::new("distribute-more", "补发", "Distribute to more")
            .from(&["watching"])
            .by(OVER)
            .aside()
            .paper("film-list")
            .check(|it, values, _| {
                let have = given(it);
                let new = values
                    .rows("units")
                    .iter()
                    .any(|row| !have.contains(row.text("unit")));
                if new {
                    Ok(())
                } else {
                    Err(NOTHING_NEW.at("units"))
                }
            })
            .settle(distributed)
            .follows(viewings)
            .asks(&[date("deadline", "观看期限", "Watch by").must(), UNITS]),
        Move::new("finish", "办结", "Close")
            .from(&["watching"])
            .to("closed")
            .by(OVER)
            .check(|it, values, _| {
                let watched = values.number("watched").unwrap_or_default();
                if watched > total(it) {
                    return Err(Refusal::BAD_VALUE.at("watched"));
                }
                if watched < total(it) && !values.has("unwatched") {
                    return Err(NOT_ALL.at("unwatched"));
                }
                Ok(())
            })
            .settle(|it, values, _| {
                let watched = values.number("watched").unwrap_or_default() as u32;
                if let Some(share) = share(watched, total(it) as u32) {
                    values.insert("share".into(), Value::Number(share));
                }
            })
            .asks(&[
                count(
                    "watched",
                    "已组织观看单位数",
                    "Units that have watched",
                    "个",
                )
                .must()
                .hint(
                    "以各单位观看任务验收数为准",
                    "As counted from the units' tasks",
                ),
                long("unwatched", "未观看单位及原因", "Who has not, and why"),
                long("summary", "警示教育情况", "Summary"),
            ]),
        Move::new("drop", "不开展警示教育", "Do not do it")
            .from(&["planned"])
            .to("dropped")
            .by(OVER)
            .apart(&["open"])
            .aside()
            .grave()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("hold", "召开现场警示会", "Hold the meeting", Party::Handler)
            .starts(&["open"])
            .meets(&["hold"]),
        Clock::new(
            "distribute",
            "制作发放警示教育片",
            "Distribute the film",
            Party::Handler,
        )
        .starts(&["hold"])
        .meets(&["distribute"]),
        Clock::new("watch", "组织集中观看", "All have watched", Party::Handler)
            .starts(&["distribute", "distribute-more"])
            .due(Due::Field("deadline"))
            .meets(&["finish"]),
    ],
};

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn the_share_reached() {
        assert_eq!(share(0, 0), None);
        assert_eq!(share(0, 7), Some(0.0));
        assert_eq!(share(2, 3), Some(66.7));
        assert_eq!(share(9, 3), Some(100.0));
    }
}
