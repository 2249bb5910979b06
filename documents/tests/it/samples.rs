//! A month in the district, for papers. Public names of units; no people.

use anlan_documents::bulletin::{
    ArticleFigures, DutyRow, Figures, Tally, UnitFigures, default_blocks, default_sections,
    default_title,
};
use anlan_documents::{Bulletin, Letter, LetterDuty, LetterKind};
use jiff::civil::{date, datetime};

pub const OFFICE: &str = "晋城市城区安全生产委员会办公室";
pub const NOTICE: &str = "关于做好2025年安全生产工作的通知";

fn unit(name: &str, due: u32, done_in_time: u32, done_late: u32) -> UnitFigures {
    UnitFigures {
        unit: name.into(),
        tally: Tally {
            due,
            done_in_time,
            done_late,
            overdue: due - done_in_time - done_late,
        },
    }
}

fn duty(unit: &str, article: u32, title: &str, (month, day): (i8, i8), days_late: u32) -> DutyRow {
    DutyRow {
        unit: unit.into(),
        article,
        title: title.into(),
        due: date(2025, month, day),
        days_late,
    }
}

pub fn figures() -> Figures {
    Figures {
        notice_title: NOTICE.into(),
        office_short: "区安委办".into(),
        period_label: "2025年3月".into(),
        as_of: date(2025, 3, 31),
        units: vec![
            unit("北石店镇", 14, 14, 0),
            unit("东街街道", 12, 9, 1),
            unit("西街街道", 12, 12, 0),
            unit("南街街道", 12, 11, 1),
            unit("北街街道", 12, 8, 2),
            unit("钟家庄街道", 13, 12, 0),
            unit("西上庄街道", 13, 10, 0),
            unit("区应急局", 18, 18, 0),
            unit("区住建局", 11, 9, 1),
            unit("区交通局", 9, 8, 1),
            unit("区水务局", 7, 7, 0),
            unit("区市场监管局", 8, 6, 0),
            unit("区消防大队", 10, 10, 0),
            unit("区气象局", 0, 0, 0),
        ],
        articles: [
            (1, "强化学习贯彻", 26, 25, 0),
            (2, "加大宣传力度", 24, 22, 1),
            (6, "强化党政领导责任", 21, 18, 2),
            (7, "强化部门监管责任", 30, 26, 2),
            (12, "着力从根本上消除重大隐患", 32, 27, 1),
            (14, "扎实开展安全工程治理", 18, 16, 0),
        ]
        .into_iter()
        .map(
            |(article, title, due, done_in_time, done_late)| ArticleFigures {
                article,
                title: title.into(),
                tally: Tally {
                    due,
                    done_in_time,
                    done_late,
                    overdue: due - done_in_time - done_late,
                },
            },
        )
        .collect(),
        overdue: vec![
            duty(
                "西上庄街道",
                12,
                "开展重大事故隐患自查自改并报送“双报告”",
                (3, 10),
                21,
            ),
            duty(
                "西上庄街道",
                6,
                "制定领导干部安全生产职责清单和年度重点工作任务清单",
                (3, 15),
                16,
            ),
            duty("北街街道", 7, "制定安全生产工作要点", (3, 20), 11),
            duty("东街街道", 2, "将安全生产纳入宣传计划", (3, 25), 6),
            duty("区市场监管局", 14, "电梯安全筑底治理进展报送", (3, 28), 3),
        ],
        upcoming: vec![
            duty("各镇（街道）", 6, "召开上半年安全生产专题会议", (6, 30), 0),
            duty("区应急局", 14, "煤矿区域性隐蔽致灾因素普查", (6, 30), 0),
        ],
    }
}

pub fn bulletin() -> Bulletin {
    let figures = figures();
    Bulletin {
        office: OFFICE.into(),
        number: Some("城安办发〔2025〕7号".into()),
        title: default_title(&figures.period_label),
        date: date(2025, 4, 3),
        period_label: figures.period_label.clone(),
        summary: default_blocks(&figures),
        sections: default_sections(&figures),
        addressees: vec!["北石店镇人民政府、各街道办事处，区直各有关单位".into()],
        copies_to: vec![
            "市安委会办公室".into(),
            "区委办公室".into(),
            "区人大常委会办公室".into(),
            "区政府办公室".into(),
            "区政协办公室".into(),
        ],
        red_header: true,
        issued_by: None,
        contact: Some("联系电话：0356-0000000".into()),
    }
}

pub fn letter(kind: LetterKind) -> Letter {
    Letter {
        kind,
        to: "西上庄街道办事处".into(),
        notice_title: NOTICE.into(),
        duties: vec![
            LetterDuty {
                article: 12,
                title: "重大事故隐患自查自改".into(),
                quote: "落实重大隐患自查自改常态化机制和“双报告”制度，推进重大隐患动态清零".into(),
                due: Some(date(2025, 3, 10)),
                days_late: 21,
            },
            LetterDuty {
                article: 6,
                title: "领导干部职责清单".into(),
                quote: "制定党政领导干部安全生产职责清单和2025年重点工作任务清单".into(),
                due: Some(date(2025, 3, 15)),
                days_late: 16,
            },
            LetterDuty {
                article: 18,
                title: "应急避难场所".into(),
                quote: "每个村（社区）至少建立1处应急避难场所".into(),
                due: Some(date(2025, 12, 31)),
                days_late: 0,
            },
        ],
        as_of: date(2025, 3, 31),
        answer_by: Some(date(2025, 4, 15)),
        meet_at: Some(datetime(2025, 4, 9, 9, 30, 0, 0)),
        meet_place: Some("区应急局三楼会议室".into()),
        office: OFFICE.into(),
        office_short: "区安委办".into(),
        number: Some("城安办函〔2025〕12号".into()),
        date: date(2025, 4, 3),
        red_header: true,
        title: None,
        addressees: Vec::new(),
        copies_to: vec!["区委办公室".into(), "区政府办公室".into()],
        contact: None,
        blocks: Vec::new(),
    }
}
