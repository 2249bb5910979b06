//! Facts for the official papers. Public names of offices; units and posts are made up, people have none.

use anlan_documents::official::accident::{
    Casualties, Change, Event, EventReport, GradeFound, Indicator, Stage, Told, UnitProfile,
};
use anlan_documents::official::hazard::{Criterion, HazardFacts, Plan};
use anlan_documents::official::order::{Measure, Officer, OrderItem, Recheck, RecheckItem, Remedy};
use anlan_documents::official::patrol::{Counted, Member};
use anlan_documents::official::referral::Material;
use anlan_documents::official::supervise::Demand;
use anlan_documents::official::trace::{Asked, Did, FactProof, Knew, LedgerHead};
use anlan_documents::official::warning::Viewing;
use anlan_documents::official::{
    Circular, Delisting, Exposure, FilmList, InterviewNotice, InterviewRecord, Listing,
    MajorHazard, OnSiteMeasures, PatrolFeedback, PatrolNotice, Problem, Rectification, Referral,
    Reinspection, TraceBack, WarningMeeting,
};
use anlan_documents::{Head, Official};
use jiff::civil::{Date, DateTime, date};

const BUREAU: &str = "晋城市城区应急管理局";
const UNIT: &str = "晋城市示范化工有限公司";
const TOWN: &str = "北石店镇人民政府";

pub fn head(number: &str) -> Head {
    Head {
        office: BUREAU.into(),
        office_short: "区应急局".into(),
        number: Some(number.into()),
        date: date(2025, 3, 6),
        to: Vec::new(),
        copies_to: Vec::new(),
        contact: None,
        red_header: true,
        title: None,
    }
}

fn day(day: i8) -> Option<Date> {
    Some(date(2025, 3, day))
}

fn at(day: i8, hour: i8, minute: i8) -> Option<DateTime> {
    Some(date(2025, 3, day).at(hour, minute, 0, 0))
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

pub fn follow_up() -> EventReport {
    EventReport {
        name: "晋城市示范化工有限公司“3·5”火灾事故".into(),
        kind: "火灾".into(),
        sector: "危险化学品".into(),
        occurred_at: at(5, 9, 30),
        learned_at: at(5, 9, 35),
        place: "北石店镇工业园区二号路".into(),
        scene: "二车间东侧原料暂存间起火，火势已扑灭".into(),
        unit: UnitProfile {
            name: UNIT.into(),
            code: "91140500MA0EXAMPLE".into(),
            address: "北石店镇工业园区二号路6号".into(),
            ownership: "有限责任公司（民营）".into(),
            capacity: "年产树脂8000吨".into(),
            ..UnitProfile::default()
        },
        course: "作业人员在原料暂存间外动火作业时引燃可燃物，现场人员立即报警并组织扑救".into(),
        casualties: Casualties {
            deaths: Some(3),
            missing: Some(0),
            serious: Some(2),
            at_risk: Some(14),
            evacuated: Some(46),
            ..Casualties::default()
        },
        loss: Some(3_500_000),
        measures: list(&[
            "启动三级应急响应，消防、医疗、公安力量到场处置",
            "疏散园区内46人，对现场实施警戒",
            "责令该公司停产，对同类企业开展排查",
        ]),
        reporter: "区应急局值班室".into(),
        reporter_phone: "0356-0000000".into(),
        supervisor: BUREAU.into(),
        grade: Some(GradeFound {
            grade: "较大事故".into(),
            test: "死亡3人（3人以上10人以下）".into(),
            rule: "《生产安全事故报告和调查处理条例》第三条".into(),
        }),
        previous: "2025年3月5日10时20分快报".into(),
        changes: vec![
            Change {
                field: "死亡人数".into(),
                before: "2人".into(),
                now: "3人".into(),
                reason: "1名重伤人员经抢救无效死亡".into(),
            },
            Change {
                field: "事故等级".into(),
                before: "一般事故".into(),
                now: "较大事故".into(),
                reason: "死亡人数增加，等级重新判定".into(),
            },
            Change {
                field: "直接经济损失".into(),
                before: String::new(),
                now: "约350万元".into(),
                reason: String::new(),
            },
        ],
        told: vec![
            Told {
                receiver: BUREAU.into(),
                by: UNIT.into(),
                means: "电话".into(),
                due: at(5, 10, 35),
                received: at(5, 10, 5),
                rule: "《生产安全事故报告和调查处理条例》第九条".into(),
            },
            Told {
                receiver: "晋城市应急管理局".into(),
                by: BUREAU.into(),
                means: "书面".into(),
                due: at(5, 12, 5),
                received: at(5, 12, 47),
                rule: "《生产安全事故报告和调查处理条例》第十一条".into(),
            },
            Told {
                receiver: "区总工会".into(),
                by: BUREAU.into(),
                due: at(5, 12, 5),
                rule: "《生产安全事故报告和调查处理条例》第十条".into(),
                ..Told::default()
            },
        ],
        ..EventReport::unknown(
            Event::Accident,
            Stage::FollowUp(1),
            date(2025, 3, 6).at(8, 0, 0, 0),
        )
    }
}

pub fn hazard() -> HazardFacts {
    HazardFacts {
        number: "YH-2025-0012".into(),
        name: "原料罐区可燃气体报警系统停用".into(),
        unit: UNIT.into(),
        place: "原料罐区".into(),
        sector: "危险化学品".into(),
        found_on: day(1),
        found_by: "执法检查".into(),
        description: "罐区6台可燃气体探测器中4台断电停用，报警信号未接入控制室".into(),
        criterion: Criterion {
            document: "化工和危险化学品生产经营单位重大生产安全事故隐患判定标准（试行）".into(),
            number: "安监总管三〔2017〕121号".into(),
            item: "第十二项".into(),
            text: "涉及可燃和有毒有害气体泄漏的场所未按标准设置检测报警装置".into(),
        },
    }
}

fn problems() -> Vec<Problem> {
    vec![
        Problem {
            what: "重大事故隐患“原料罐区可燃气体报警系统停用”未按期治理".into(),
            unit: UNIT.into(),
            basis: "《安全生产法》第四十一条".into(),
            due: day(20),
            status: "逾期12天".into(),
        },
        Problem {
            what: "对辖区危险化学品企业检查频次不足".into(),
            unit: TOWN.into(),
            basis: String::new(),
            due: None,
            status: String::new(),
        },
    ]
}

fn officers() -> Vec<Officer> {
    ["04050001", "04050002"]
        .map(|certificate| Officer {
            name: String::new(),
            certificate: certificate.into(),
        })
        .into()
}

fn remedy() -> Remedy {
    Remedy {
        review_body: "晋城市城区人民政府".into(),
        court: "晋城市城区人民法院".into(),
    }
}

/// Every kind, with a name for its file.
pub fn all() -> Vec<(&'static str, Head, Official)> {
    let mut out = reports();
    out.extend(orders());
    out.extend(supervision());
    out.extend(education());
    out.push((
        "trace",
        head("城应急查〔2025〕1号"),
        Official::TraceBack(trace()),
    ));
    out
}

fn reports() -> Vec<(&'static str, Head, Official)> {
    let first = EventReport {
        stage: Stage::First,
        changes: Vec::new(),
        previous: String::new(),
        ..follow_up()
    };
    let last = EventReport {
        stage: Stage::Final,
        conclusion: "现场处置结束，无次生灾害；伤员全部出院，善后工作完成".into(),
        ..follow_up()
    };
    let unknown = EventReport::unknown(
        Event::Incident,
        Stage::First,
        date(2025, 3, 5).at(9, 50, 0, 0),
    );
    let flood = EventReport {
        name: "城区“7·20”洪涝灾害".into(),
        kind: "洪涝".into(),
        place: "北石店镇".into(),
        indicators: [
            ("受灾人口", "1200人"),
            ("紧急转移安置人口", "120人"),
            ("农作物受灾面积", ""),
        ]
        .map(|(name, value)| Indicator {
            name: name.into(),
            value: value.into(),
        })
        .into(),
        ..EventReport::unknown(
            Event::Disaster,
            Stage::Final,
            date(2025, 7, 25).at(8, 0, 0, 0),
        )
    };
    [
        ("first", "城应急报〔2025〕11号", first),
        ("followup", "城应急报〔2025〕12号", follow_up()),
        ("final", "城应急报〔2025〕20号", last),
        ("incident", "城应急报〔2025〕10号", unknown),
        ("disaster", "城应急报〔2025〕30号", flood),
    ]
    .map(|(name, number, report)| {
        let mut head = head(number);
        head.to = list(&["晋城市应急管理局", "晋城市城区人民政府"]);
        (name, head, Official::EventReport(Box::new(report)))
    })
    .into()
}

fn orders() -> Vec<(&'static str, Head, Official)> {
    let rectification = Rectification {
        unit: UNIT.into(),
        place: "二车间、原料罐区".into(),
        inspected_on: day(1),
        record_number: "城应急检记〔2025〕8号".into(),
        items: vec![
            OrderItem {
                problem: "原料罐区4台可燃气体探测器断电停用".into(),
                grade: "重大隐患".into(),
                basis: "《安全生产法》第三十六条".into(),
                demand: "恢复运行并将报警信号接入控制室".into(),
                due: date(2025, 3, 20),
            },
            OrderItem {
                problem: "二车间疏散通道堆放原料".into(),
                grade: "一般隐患".into(),
                basis: String::new(),
                demand: String::new(),
                due: date(2025, 3, 7),
            },
        ],
        extension_days: Some(10),
        recheck_days: Some(10),
        remedy: remedy(),
        officers: officers(),
    };
    let reinspection = Reinspection {
        unit: UNIT.into(),
        order: "责令限期整改指令书".into(),
        order_number: "城应急责改〔2025〕8号".into(),
        order_on: day(1),
        checked_on: day(21),
        items: vec![
            RecheckItem {
                problem: "原料罐区4台可燃气体探测器断电停用".into(),
                due: day(20),
                result: Recheck::Partly,
                seen: "3台已恢复，1台待更换".into(),
            },
            RecheckItem {
                problem: "二车间疏散通道堆放原料".into(),
                due: day(7),
                result: Recheck::Passed,
                seen: "通道畅通".into(),
            },
        ],
        next: String::new(),
        officers: officers(),
    };
    let on_site = OnSiteMeasures {
        unit: UNIT.into(),
        inspected_on: day(1),
        record_number: "城应急检记〔2025〕8号".into(),
        facts: list(&["原料罐区4台可燃气体探测器断电停用，排除前无法保证安全"]),
        basis: list(&["《中华人民共和国安全生产法》第六十五条第一款第三项"]),
        measures: vec![Measure {
            what: "责令暂时停产，撤出作业人员".into(),
            scope: "原料罐区及二车间".into(),
            from: at(1, 16, 0),
            until: None,
        }],
        resume: String::new(),
        remedy: remedy(),
        officers: officers(),
    };
    let mut unit_head = head("示范化工安〔2025〕3号");
    unit_head.office = UNIT.into();
    unit_head.office_short = String::new();
    vec![
        (
            "rectification",
            head("（城）应急责改〔2025〕8号"),
            Official::Rectification(rectification),
        ),
        (
            "reinspection",
            head("（城）应急复查〔2025〕8号"),
            Official::Reinspection(reinspection),
        ),
        (
            "onsite",
            head("（城）应急现决〔2025〕2号"),
            Official::OnSiteMeasures(on_site),
        ),
        (
            "majorhazard",
            unit_head,
            Official::MajorHazard(Box::new(MajorHazard {
                hazard: hazard(),
                cause: "探测器老化，检修后未恢复供电".into(),
                harm: "可燃气体泄漏不能及时发现，可能造成火灾爆炸".into(),
                difficulty: "需更换探测器并重新接线，整改期间罐区停用，难度中等".into(),
                interim: list(&["罐区停用，每2小时人工巡检一次", "配备便携式检测仪"]),
                plan: Plan {
                    goal: "3月20日前恢复全部探测器并接入控制室".into(),
                    responsible: "主要负责人总负责，设备部具体实施".into(),
                    measures: "更换4台探测器，重新布线、标定".into(),
                    funds: String::new(),
                    due: day(20),
                    emergency: "修订罐区泄漏现场处置方案并演练".into(),
                },
                regulator: BUREAU.into(),
                regulator_told_on: day(2),
                congress_told_on: None,
                head_of_unit: String::new(),
            })),
        ),
    ]
}

fn supervision() -> Vec<(&'static str, Head, Official)> {
    let mut circular_head = head("城应急通〔2025〕5号");
    circular_head.to = list(&["各镇人民政府、街道办事处", "区直各有关单位"]);
    circular_head.copies_to = list(&["晋城市应急管理局"]);
    vec![
        (
            "circular",
            circular_head,
            Official::Circular(Circular {
                unit: UNIT.into(),
                matter: "重大事故隐患整改不力".into(),
                facts: list(&[
                    "2025年3月1日，执法检查发现该公司存在1项重大事故隐患，责令3月20日前整改",
                    "经两次督促，截至4月1日仍未整改到位",
                ]),
                problems: problems(),
                basis: list(&["《关于做好2025年安全生产工作的通知》第十条"]),
                demands: Vec::new(),
                answer_by: Some(date(2025, 4, 10)),
            }),
        ),
        (
            "interviewnotice",
            head("城应急约〔2025〕2号"),
            Official::InterviewNotice(InterviewNotice {
                unit: TOWN.into(),
                reasons: list(&["专项整治期间，辖区发生同类型较大事故"]),
                basis: list(&["《关于做好2025年安全生产工作的通知》第十条"]),
                at: at(12, 9, 30),
                place: "区应急局三楼会议室".into(),
                host: "区应急局主要负责人".into(),
                attendees: list(&["镇人民政府主要负责人", "分管负责人"]),
                problems: problems(),
                materials: list(&["事故整改方案"]),
                answer_by: day(31),
                receipt_by: day(10),
            }),
        ),
        (
            "interviewrecord",
            head("城应急约纪〔2025〕2号"),
            Official::InterviewRecord(InterviewRecord {
                unit: TOWN.into(),
                notice_number: "城应急约〔2025〕2号".into(),
                from: at(12, 9, 30),
                until: at(12, 11, 0),
                place: "区应急局三楼会议室".into(),
                host: "区应急局主要负责人".into(),
                attendees: list(&["镇人民政府主要负责人"]),
                absent: list(&["分管负责人（外出培训，已书面说明）"]),
                reasons: list(&["专项整治期间，辖区发生同类型较大事故"]),
                problems: problems(),
                statements: list(&["诚恳接受约谈，一个月内完成整改"]),
                demands: vec![Demand {
                    what: "对辖区危险化学品企业逐家检查，建立问题清单".into(),
                    who: String::new(),
                    due: day(31),
                }],
                ..InterviewRecord::default()
            }),
        ),
        (
            "listing",
            head("城安督〔2025〕1号"),
            Official::Listing(Listing {
                hazard: hazard(),
                level: "区级".into(),
                list_number: "2025-1".into(),
                supervisor: String::new(),
                lead: BUREAU.into(),
                town: TOWN.into(),
                basis: String::new(),
                due: day(31),
                report_every: "每周".into(),
                published_at: "区人民政府门户网站".into(),
                demands: Vec::new(),
            }),
        ),
        (
            "delisting",
            head("城安督销〔2025〕1号"),
            Official::Delisting(Delisting {
                hazard: hazard(),
                listing_number: "城安督〔2025〕1号".into(),
                listed_on: day(6),
                applied_on: day(28),
                reviewed_on: day(30),
                reviewers: list(&["区应急局执法人员2名", "化工专家1名"]),
                findings: list(&["6台探测器全部运行，报警信号已接入控制室", "操作人员已培训"]),
                demands: Vec::new(),
            }),
        ),
        (
            "patrolnotice",
            head("城安委巡〔2025〕1号"),
            Official::PatrolNotice(PatrolNotice {
                unit: TOWN.into(),
                rule: "3个月之内发生2起以上较大生产安全事故".into(),
                rule_source: "《关于做好2025年安全生产工作的通知》第十条".into(),
                counted: vec![
                    Counted {
                        name: "某物流公司“1·18”爆炸事故".into(),
                        at: Some(date(2025, 1, 18).at(15, 20, 0, 0)),
                        grade: "较大事故".into(),
                        number: "SG-2025-0002".into(),
                    },
                    Counted {
                        name: "晋城市示范化工有限公司“3·5”火灾事故".into(),
                        at: at(5, 9, 30),
                        grade: "较大事故".into(),
                        number: "SG-2025-0007".into(),
                    },
                ],
                from: day(10),
                until: day(21),
                team: vec![Member {
                    part: "组长".into(),
                    post: "区安委会办公室主任".into(),
                    name: String::new(),
                }],
                scope: Vec::new(),
                demands: Vec::new(),
            }),
        ),
        (
            "patrolfeedback",
            head("城安委巡〔2025〕2号"),
            Official::PatrolFeedback(PatrolFeedback {
                unit: TOWN.into(),
                notice_number: "城安委巡〔2025〕1号".into(),
                from: day(10),
                until: day(21),
                overview: list(&["个别谈话21人次，查阅资料140份，抽查企业12家"]),
                problems: problems(),
                advice: Vec::new(),
                handed_over: list(&["某物流公司涉嫌超许可范围储存，移交区交通局处理"]),
                plan_by: Some(date(2025, 4, 5)),
                report_by: Some(date(2025, 6, 30)),
            }),
        ),
        (
            "exposure",
            head("城应急曝〔2025〕3号"),
            Official::Exposure(Exposure {
                unit: UNIT.into(),
                matter: "重大事故隐患整改不力".into(),
                kind: "隐患场景".into(),
                area: "北石店镇".into(),
                found_on: day(1),
                facts: list(&[
                    "罐区可燃气体报警系统停用，值班员王小二（电话13800138000、晋E12345）未报告",
                ]),
                problems: Vec::new(),
                basis: list(&["《安全生产法》第四十一条"]),
                outcome: list(&["责令停产整改，对企业和主要负责人分别立案处罚"]),
                advice: Vec::new(),
                published_until: Some(date(2025, 6, 6)),
                hotline: "12350".into(),
                withhold: list(&["王小二"]),
            }),
        ),
        (
            "referral",
            head("（城）应急移〔2025〕1号"),
            Official::Referral(Referral {
                receiver: "晋城市公安局城区分局".into(),
                case_name: "晋城市示范化工有限公司涉嫌危险作业案".into(),
                case_number: "城应急案〔2025〕4号".into(),
                source: "执法检查".into(),
                parties: list(&[UNIT]),
                found_on: day(1),
                facts: list(&["关闭直接关系生产安全的报警设备，有现实危险"]),
                handled: list(&["已作出现场处理措施决定，责令停产"]),
                broken: list(&["《中华人民共和国刑法》第一百三十四条之一"]),
                basis: list(&["《行政执法机关移送涉嫌犯罪案件的规定》"]),
                materials: vec![
                    Material {
                        name: "现场检查记录".into(),
                        form: "复印件".into(),
                        copies: Some(1),
                        pages: Some(4),
                        hash: String::new(),
                    },
                    Material {
                        name: "报警系统运行日志".into(),
                        form: "电子数据".into(),
                        copies: Some(1),
                        pages: None,
                        hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                            .into(),
                    },
                ],
                answer_days: Some(3),
            }),
        ),
    ]
}

pub fn film() -> FilmList {
    FilmList {
        film: "血的教训".into(),
        accident: "晋城市示范化工有限公司“3·5”火灾事故".into(),
        made_by: list(&["区应急局", "区融媒体中心"]),
        watch_by: day(31),
        as_of: date(2025, 4, 1).at(9, 0, 0, 0),
        rows: vec![
            Viewing {
                unit: "北石店镇".into(),
                delivered_at: at(20, 9, 0),
                received_by: "安监站".into(),
                watched_at: at(24, 15, 0),
                watched: Some(57),
                people: Some(60),
            },
            Viewing {
                unit: "东街街道办事处".into(),
                delivered_at: at(20, 9, 40),
                received_by: "应急办".into(),
                watched_at: None,
                watched: Some(0),
                people: Some(40),
            },
            Viewing {
                unit: UNIT.into(),
                ..Viewing::default()
            },
        ],
    }
}

fn education() -> Vec<(&'static str, Head, Official)> {
    let mut meeting_head = head("城应急函〔2025〕9号");
    meeting_head.to = list(&["各镇人民政府、街道办事处", "有关生产经营单位"]);
    meeting_head.contact = Some("联系电话：0356-0000000".into());
    vec![
        (
            "meeting",
            meeting_head,
            Official::WarningMeeting(WarningMeeting {
                accident: "晋城市示范化工有限公司“3·5”火灾事故".into(),
                course: "2025年3月5日9时30分，该公司原料暂存间发生火灾，造成3人死亡、2人重伤"
                    .into(),
                basis: "《关于做好2025年安全生产工作的通知》第三条".into(),
                at: at(18, 9, 0),
                place: "晋城市示范化工有限公司厂区".into(),
                hosts: list(&["区应急局", TOWN]),
                attendees: list(&["各镇（街道）分管负责人", "危险化学品企业主要负责人"]),
                agenda: Vec::new(),
                demands: Vec::new(),
                receipt_by: day(16),
            }),
        ),
        ("film", head(""), Official::FilmList(film())),
    ]
}

pub fn trace() -> TraceBack {
    let fact = |n: u64| format!("fact_{n:04}");
    TraceBack {
        name: "原料罐区可燃气体报警系统停用".into(),
        number: "YH-2025-0012".into(),
        kind: "重大事故隐患".into(),
        state: "逾期未整改，挂牌督办中".into(),
        as_of: date(2025, 4, 1).at(9, 0, 0, 0),
        summary: list(&["2025年3月1日执法检查发现，责令3月20日前整改，至今未完成"]),
        knew: vec![
            Knew {
                who: format!("{UNIT}主要负责人"),
                what: "收到责令限期整改指令书".into(),
                at: at(1, 16, 30),
                how: "书面送达".into(),
                facts: vec![fact(1)],
            },
            Knew {
                who: format!("{TOWN}分管负责人"),
                what: "收到逾期提醒".into(),
                at: at(21, 8, 0),
                how: "系统推送".into(),
                facts: vec![fact(2), fact(99)],
            },
        ],
        asked: vec![
            Asked {
                who: UNIT.into(),
                rule: "《安全生产法》第四十一条".into(),
                text: "及时消除事故隐患，重大事故隐患排查治理情况及时报告".into(),
                from: at(1, 16, 30),
                due: at(20, 18, 0),
                did: Vec::new(),
            },
            Asked {
                who: TOWN.into(),
                rule: "《关于做好2025年安全生产工作的通知》第十二条".into(),
                text: "逾期隐患3日内现场督促".into(),
                from: at(21, 8, 0),
                due: at(24, 8, 0),
                did: vec![
                    Did {
                        what: "到现场督促并制作记录".into(),
                        at: at(25, 10, 0),
                        facts: vec![fact(3)],
                    },
                    Did {
                        what: "报告区应急局".into(),
                        at: at(25, 16, 0),
                        facts: Vec::new(),
                    },
                ],
            },
        ],
        facts: (1..=3)
            .map(|n| FactProof {
                id: fact(n),
                kind: "文书送达".into(),
                at: at(1, 16, 30),
                position: Some(1000 + n),
                hash: format!("{n:064x}"),
            })
            .collect(),
        ledger: LedgerHead {
            size: 20_000,
            root: "ab".repeat(32),
            signed_at: at(31, 0, 0),
        },
        gaps: Vec::new(),
    }
}
