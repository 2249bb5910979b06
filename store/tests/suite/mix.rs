//! A small district in which something of everything happened: what the cases look at.

use crate::support::{Dice, at, fact_id, org_id, person_id};
use anlan_core::authority::{Position, Role};
use anlan_core::calendar::{Year, date_of};
use anlan_core::draft::Edit;
use anlan_core::duty::{
    Assigned, Event as DutyEvent, EvidenceKind, FileRef, Filed, Item, ItemState, Link, Measure,
    Meeting, Number, Part, Period,
};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{DutyId, EvidenceId, ItemId, NoticeId, PaperId, ThingId, TokenId};
use anlan_core::notice::{Article, Compiled, MeasureKind, Span};
use anlan_core::org::{Org, OrgKind, OrgTree};
use anlan_core::person::Person;
use anlan_core::thing::Thing;
use anlan_store::{Store, StoreError, registry};
use jiff::civil::{Date, date};

pub fn org(id: &str, kind: OrgKind, name: &str, parent: Option<&str>, sectors: &[&str]) -> Org {
    Org {
        id: org_id(id),
        kind,
        name: name.into(),
        short: name.into(),
        en: String::new(),
        aliases: vec![format!("{name}别称")],
        parent: parent.map(org_id),
        code: None,
        sectors: sectors.iter().map(|s| (*s).to_owned()).collect(),
        place: None,
        sample: true,
        closed: false,
    }
}

pub fn orgs() -> Vec<Org> {
    vec![
        org("qu", OrgKind::District, "示例区", None, &[]),
        org("ban", OrgKind::Committee, "区安委办", Some("qu"), &[]),
        org(
            "yingji",
            OrgKind::Department,
            "区应急局",
            Some("qu"),
            &["mine"],
        ),
        org(
            "zhujian",
            OrgKind::Department,
            "区住建局",
            Some("qu"),
            &["gas"],
        ),
        org("bei", OrgKind::Town, "北石镇", Some("qu"), &[]),
        org("bei-2", OrgKind::Town, "北石街道", Some("qu"), &[]),
        org("dong", OrgKind::Town, "东街街道", Some("qu"), &[]),
        org("cun1", OrgKind::Village, "东沟村", Some("bei"), &[]),
        org("cun2", OrgKind::Village, "西沟村", Some("bei"), &[]),
        org("cun3", OrgKind::Village, "南坡村", Some("bei"), &[]),
        org("she1", OrgKind::Village, "凤台社区", Some("dong"), &[]),
        org("she2", OrgKind::Village, "泽州路社区", Some("dong"), &[]),
        org(
            "qi1",
            OrgKind::Enterprise,
            "示例燃气公司",
            Some("bei"),
            &["gas"],
        ),
        org(
            "qi2",
            OrgKind::Enterprise,
            "示例煤矿",
            Some("dong"),
            &["mine", "gas"],
        ),
        org(
            "qi3",
            OrgKind::Enterprise,
            "示例商场",
            Some("dong"),
            &["shop"],
        ),
    ]
}

pub fn org_entry(org: Org, added: bool, minute: i64) -> Entry {
    let (name, id) = (stream::org(&org.id), org.id.clone());
    let event = if added {
        Event::OrgAdded(org)
    } else {
        Event::OrgChanged(org)
    };
    Entry::new(name, event, None, Some(id), at(minute))
}

pub fn tree(store: &Store) -> OrgTree {
    OrgTree::new(
        store
            .read(registry::orgs)
            .unwrap()
            .into_iter()
            .map(|(org, _)| org),
    )
}

pub fn thing(id: &str, org: &str, name: &str) -> Thing {
    Thing {
        id: ThingId::try_from(id).unwrap(),
        kind: "shelter".into(),
        name: name.into(),
        org: org_id(org),
        place: None,
        fields: serde_json::Map::from_iter([("capacity".to_owned(), 300.into())]),
        sample: true,
    }
}

pub fn thing_entry(thing: Thing, added: bool, minute: i64) -> Entry {
    let (name, org) = (stream::thing(&thing.id), thing.org.clone());
    let event = if added {
        Event::ThingAdded(thing)
    } else {
        Event::ThingChanged(thing)
    };
    Entry::new(name, event, Some(person_id("p1")), Some(org), at(minute))
}

pub fn measure(kind: MeasureKind, needed: Option<f64>, unit: &str) -> Measure {
    Measure {
        kind,
        needed,
        at_most: None,
        unit: unit.into(),
        what: None,
        event: None,
        counts: None,
    }
}

/// A duty of article `article` for the half-year or another period that ends on `due`.
pub fn assigned(
    id: &str,
    article: u32,
    org: &str,
    part: Part,
    due: Option<Date>,
    measure: Measure,
) -> Assigned {
    let to = due.unwrap_or(date(2026, 12, 31));
    Assigned {
        id: DutyId::try_from(id).unwrap(),
        notice: NoticeId::try_from("notice_a").unwrap(),
        article,
        demand: format!("a{article:02}-1"),
        title: TITLES[article as usize % TITLES.len()].into(),
        quote: "各单位要切实履行安全生产职责。".into(),
        span: Span(0, 10),
        org: org_id(org),
        period: Period {
            label: format!("{}年{}月底前", to.year(), to.month()),
            from: date(2026, 1, 1),
            to,
        },
        due,
        measure,
        part,
    }
}

const TITLES: [&str; 8] = [
    "组织学习习近平总书记关于安全生产的重要论述",
    "每半年至少开展1次安全生产宣传",
    "建立问题清单，解决突出问题10项以上",
    "每个村（社区）开展1次应急演练",
    "燃气用户入户安检覆盖率达到95%以上",
    "设置应急避难场所并在AQ-100%平台登记",
    "严禁违规动火作业_含夜间",
    "发生事故后1小时内上报，不得迟报、漏报",
];

pub fn duty_entry(assigned: &Assigned, event: DutyEvent, minute: i64) -> Entry {
    Entry::of_duty(assigned, event, Some(person_id("p2")), at(minute))
}

pub fn filed(id: &str, happened: Date) -> Filed {
    Filed {
        id: EvidenceId::try_from(id).unwrap(),
        kind: EvidenceKind::File,
        happened,
        note: "见附件".into(),
        meeting: None,
        number: None,
        link: None,
        files: vec![FileRef {
            sha256: format!("{:0>64}", id.len()),
            name: "总结.docx".into(),
            size: 12,
            media_type: "text/plain".into(),
        }],
    }
}

/// All duties of the mix, as laid down.
pub fn duties() -> Vec<Assigned> {
    let mut out: Vec<Assigned> = Vec::new();
    let id = |out: &Vec<Assigned>| format!("duty_a_1_{}", out.len());
    let towns = ["bei", "bei-2", "dong"];
    let villages = ["cun1", "cun2", "cun3", "she1", "she2"];
    let units = ["ban", "yingji", "zhujian", "bei", "dong", "bei-2"];
    for due in [date(2026, 6, 30), date(2026, 12, 31)] {
        for org in towns.iter().chain(&["yingji"]) {
            let percent = measure(MeasureKind::Coverage, Some(100.0), "%");
            out.push(assigned(
                &id(&out),
                3,
                org,
                Part::Gathers,
                Some(due),
                percent,
            ));
        }
        for org in villages {
            let once = measure(MeasureKind::Times, Some(1.0), "次");
            out.push(assigned(&id(&out), 3, org, Part::Each, Some(due), once));
        }
        for org in units {
            let once = measure(MeasureKind::Times, Some(1.0), "次");
            out.push(assigned(&id(&out), 1, org, Part::Whole, Some(due), once));
        }
    }
    for (at, org) in units.iter().enumerate() {
        let due = date(2026, 7, 10 + at as i8);
        let quota = measure(MeasureKind::Quota, Some(2.0), "项");
        out.push(assigned(&id(&out), 2, org, Part::Whole, Some(due), quota));
        let never = measure(MeasureKind::Prohibition, None, "次");
        out.push(assigned(&id(&out), 6, org, Part::Whole, None, never));
    }
    for org in ["qi1", "qi2", "qi3"] {
        let share = measure(MeasureKind::Coverage, Some(95.0), "%");
        out.push(assigned(
            &id(&out),
            4,
            org,
            Part::Whole,
            Some(date(2026, 7, 15)),
            share,
        ));
        let event = measure(MeasureKind::OnEvent, None, "次");
        out.push(assigned(&id(&out), 7, org, Part::Whole, None, event));
    }
    for org in towns.iter().chain(&["qu"]) {
        let percent = measure(MeasureKind::Coverage, Some(100.0), "%");
        out.push(assigned(
            &id(&out),
            5,
            org,
            Part::Gathers,
            Some(date(2026, 9, 30)),
            percent,
        ));
    }
    for org in villages {
        let mut counted = measure(MeasureKind::Quota, Some(1.0), "处");
        counted.counts = Some("shelter".into());
        out.push(assigned(
            &id(&out),
            5,
            org,
            Part::Each,
            Some(date(2026, 9, 30)),
            counted,
        ));
    }
    out
}

/// What happened to one duty, thrown by dice.
fn life(assigned: &Assigned, dice: &mut Dice, minute: &mut i64) -> Vec<Entry> {
    let mut out = Vec::new();
    let evidence = |n: u64| format!("ev_{}_{n}", assigned.id);
    let happened = |dice: &mut Dice| date(2026, 1 + dice.roll(8) as i8, 1 + dice.roll(28) as i8);
    let mut say = |event: DutyEvent| {
        *minute += 1;
        out.push(duty_entry(assigned, event, *minute));
    };
    for n in 0..dice.roll(4) {
        let mut piece = filed(&evidence(n), happened(dice));
        match dice.roll(5) {
            0 => {
                piece.kind = EvidenceKind::Number;
                piece.number = Some(Number {
                    value: 90.0 + dice.roll(12) as f64 + 0.5,
                    unit: assigned.measure.unit.clone(),
                });
            }
            1 => {
                piece.kind = EvidenceKind::Link;
                piece.link = Some(Link {
                    title: "避难场所".into(),
                    target: "thing_1".into(),
                });
                piece.files.clear();
            }
            2 => {
                piece.kind = EvidenceKind::Meeting;
                piece.meeting = Some(Meeting {
                    date: piece.happened,
                    people: 12,
                    topic: "专题学习\0\"“引号”".into(),
                    minutes: String::new(),
                });
            }
            _ => {}
        }
        let id = piece.id.clone();
        say(DutyEvent::Filed(piece));
        match dice.roll(6) {
            0 => say(DutyEvent::Withdrawn { evidence: id }),
            1 => say(DutyEvent::Returned {
                evidence: id,
                reason: "缺少签到表".into(),
            }),
            2 => {}
            _ => say(DutyEvent::Accepted {
                evidence: id,
                note: String::new(),
            }),
        }
    }
    match dice.roll(9) {
        0 => say(DutyEvent::Waived {
            reason: "已并入其他任务".into(),
        }),
        1 => {
            say(DutyEvent::Waived {
                reason: "误免".into(),
            });
            say(DutyEvent::Unwaived {
                reason: "更正".into(),
            });
        }
        2 => say(DutyEvent::Cancelled {
            reason: "通知已修订".into(),
        }),
        3 => {
            let item = ItemId::try_from(format!("item_{}", assigned.id)).unwrap();
            say(DutyEvent::ItemAdded(Item {
                id: item.clone(),
                title: "整改配电室".into(),
                owner: "安全科".into(),
                due: None,
                state: ItemState::Open,
                result: None,
                closed_at: None,
            }));
            say(DutyEvent::ItemClosed {
                item,
                result: "已完成".into(),
            });
        }
        4 => {
            if let Some(due) = assigned.due {
                say(DutyEvent::FellDue { due });
                say(DutyEvent::Climbed {
                    step: "reminder".into(),
                    due,
                });
            }
        }
        5 => {
            let mut later = assigned.clone();
            later.title.push_str("（修订）");
            later.due = assigned.due.and_then(|due| due.tomorrow().ok());
            say(DutyEvent::Changed(later));
        }
        6 => say(DutyEvent::Reminded {
            note: "请尽快".into(),
        }),
        _ => {}
    }
    out
}

fn compiled() -> Compiled {
    Compiled {
        title: "关于进一步加强安全生产工作的通知".into(),
        number: Some("示安委〔2026〕1号".into()),
        year: Some(2026),
        articles: (1..=7u32)
            .map(|no| Article {
                no,
                label: format!("（{no}）"),
                section: None,
                title: format!("第{no}项工作"),
                text: format!("{}。", TITLES[no as usize % TITLES.len()]),
                span: Span(no * 10, no * 10 + 9),
                units: vec!["各镇（街道）".into()],
                unit_mode: Some("负责".into()),
                inherited_units: vec![],
                lead_units: vec![],
                support_units: vec![],
            })
            .collect(),
        ..Compiled::default()
    }
}

/// Everything that happened, in order.
pub fn entries() -> Vec<Entry> {
    let mut out: Vec<Entry> = orgs()
        .into_iter()
        .map(|org| org_entry(org, true, 0))
        .collect();
    let by = Some(person_id("p1"));
    for (n, (login, org, role)) in [
        ("office", "ban", Role::Office),
        ("bei", "bei", Role::Town),
        ("cun1", "cun1", Role::Village),
    ]
    .into_iter()
    .enumerate()
    {
        let person = Person {
            id: person_id(&format!("p{}", n + 1)),
            login: login.into(),
            name: format!("岗位{n}"),
            positions: vec![Position {
                org: org_id(org),
                role,
            }],
            disabled: false,
            sample: true,
        };
        let name = stream::person(&person.id);
        let id = person.id.clone();
        out.push(Entry::new(
            name.clone(),
            Event::PersonAdded(person.clone()),
            None,
            Some(org_id(org)),
            at(1),
        ));
        out.push(Entry::new(
            name.clone(),
            Event::PasswordSet {
                person: id.clone(),
                one_time: true,
            },
            by.clone(),
            Some(org_id(org)),
            at(2),
        ));
        out.push(Entry::new(
            name.clone(),
            Event::SignedIn {
                person: id.clone(),
                via: "cookie".into(),
                address: "192.0.2.9".into(),
            },
            Some(id.clone()),
            Some(org_id(org)),
            at(3),
        ));
        let mut promoted = person;
        promoted.name.push_str("（主任）");
        out.push(Entry::new(
            name,
            Event::PersonChanged(promoted),
            by.clone(),
            Some(org_id(org)),
            at(4),
        ));
    }
    let notice = NoticeId::try_from("notice_a").unwrap();
    let mut about = |event: Event, minute: i64| {
        out.push(Entry::new(
            stream::notice(&notice),
            event,
            by.clone(),
            Some(org_id("ban")),
            at(minute),
        ));
    };
    about(
        Event::NoticeUploaded {
            id: notice.clone(),
            file: filed("ev_n", date(2026, 3, 1)).files.remove(0),
            format: "md".into(),
            text: "关于进一步加强安全生产工作的通知".repeat(9),
            compiled: Box::new(compiled()),
        },
        10,
    );
    let head = |title: &str| {
        Box::new(Edit::Head {
            title: title.into(),
            number: Some("示安委〔2026〕2号".into()),
            issuer: Some("区安委会".into()),
            date: Some(date(2026, 3, 1)),
            year: Some(2026),
        })
    };
    about(
        Event::NoticeEdited {
            id: notice.clone(),
            edit: head("关于切实加强安全生产工作的通知"),
        },
        11,
    );
    let all = duties();
    about(
        Event::NoticePublished {
            id: notice.clone(),
            generation: 1,
            assigned: all.len() as u32,
            changed: 0,
            cancelled: 0,
        },
        12,
    );
    about(
        Event::NoticeEdited {
            id: notice.clone(),
            edit: head("关于进一步做好安全生产工作的通知"),
        },
        13,
    );
    for (id, org, name) in [
        ("thing_1", "cun1", "东沟村广场避难场所"),
        ("thing_2", "cun2", "西沟村小学操场"),
        ("thing_3", "she1", "凤台公园"),
    ] {
        out.push(thing_entry(thing(id, org, name), true, 20));
    }
    out.extend(
        all.iter()
            .map(|duty| duty_entry(duty, DutyEvent::Assigned(duty.clone()), 30)),
    );
    let mut dice = Dice(11);
    let mut minute = 40;
    for (n, duty) in all.iter().enumerate() {
        out.extend(life(duty, &mut dice, &mut minute));
        if n == 20 {
            let mut moved = org("cun3", OrgKind::Village, "南坡社区", Some("dong"), &[]);
            moved.aliases.clear();
            out.push(org_entry(moved, false, minute));
        }
        if n == 30 {
            out.push(thing_entry(
                thing("thing_3", "she2", "凤台公园"),
                false,
                minute,
            ));
            out.push(thing_entry(
                thing("thing_4", "cun3", "南坡体育场"),
                true,
                minute,
            ));
        }
    }
    out.push(Entry::new(
        stream::CALENDAR.into(),
        Event::CalendarImported(Year {
            year: 2026,
            holidays: vec![date(2026, 10, 1)],
            workdays: vec![date(2026, 10, 10)],
            source: "示例".into(),
            certain: false,
        }),
        by.clone(),
        None,
        at(minute),
    ));
    out.push(Entry::new(
        stream::PAPERS.into(),
        Event::PaperMade {
            id: PaperId::try_from("paper_1").unwrap(),
            paper: "reminder".into(),
            org: Some(org_id("bei")),
            number: None,
            title: "提醒函".into(),
            duties: vec![all[0].id.clone()],
            sha256: format!("{:0>64}", 5),
        },
        by.clone(),
        Some(org_id("bei")),
        at(minute),
    ));
    out.push(Entry::new(
        stream::TOKENS.into(),
        Event::TokenIssued {
            id: TokenId::try_from("token_1").unwrap(),
            name: "大屏".into(),
            commands: vec!["read-duties".into()],
            expires: at(1_000_000),
        },
        by.clone(),
        Some(org_id("ban")),
        at(minute),
    ));
    out.extend(crate::loops::entries());
    debug_assert!(date_of(at(minute)) > date(2026, 3, 1));
    out
}

/// Puts the mix into a store.
pub fn fill(store: &Store) {
    put(store, entries());
}

/// Appends entries in one write.
pub fn put(store: &Store, entries: Vec<Entry>) {
    store
        .write(move |tx| -> Result<(), StoreError> {
            for entry in &entries {
                tx.append(entry, fact_id(), None)?;
            }
            Ok(())
        })
        .wait()
        .unwrap();
}
