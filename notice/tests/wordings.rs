//! One wording after another, each in a small notice: deadlines, rhythms, amounts, spans of time, brackets of
//! units, conditions. The year is 2026 and the units are 区应急局 unless the sentence says otherwise.

mod common;

use anlan_core::notice::Compiled;
use anlan_notice::compile_str;

fn notice(body: &str) -> Compiled {
    compile_str(&format!(
        "关于做好2026年安全生产工作的通知\n\n各镇（街道）：\n\n一、工作任务\n\n（一）重点工作。{body}（区应急局负责）\n\n（二）其他工作。加强值班值守。（区应急局负责）\n"
    ))
}

/// The demands of the first article: kind and measures only.
fn measures(body: &str) -> Vec<String> {
    notice(body)
        .duties
        .iter()
        .filter(|d| d.article == 1)
        .map(|d| {
            let line = common::demand(d);
            let said = line.split(" | ").next().unwrap();
            said.split_once(' ').unwrap().1.to_string()
        })
        .collect()
}

#[track_caller]
fn all(cases: &[(&str, &[&str])]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(words, want)| {
            let got = measures(words);
            (got != *want).then(|| format!("{words}\n  want {want:?}\n  got  {got:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn deadlines() {
    all(&[
        ("2026年6月底前完成排查。", &["by-date by 2026-06-30"]),
        ("６月３０日前完成排查。", &["by-date by 2026-06-30"]),
        ("于9月15日之前完成排查。", &["by-date by 2026-09-15"]),
        ("2026年底前完成排查。", &["by-date by 2026-12-31"]),
        ("年底前完成排查。", &["by-date by 2026-12-31"]),
        ("年内完成排查。", &["by-date by 2026-12-31"]),
        ("今年内完成排查。", &["by-date by 2026-12-31"]),
        ("上半年完成排查。", &["by-date by 2026-06-30"]),
        ("下半年完成排查。", &["by-date by 2026-12-31"]),
        ("三季度末完成排查。", &["by-date by 2026-09-30"]),
        ("第一季度完成排查。", &["by-date by 2026-03-31"]),
        ("二季度前完成排查。", &["by-date by 2026-06-30"]),
        ("10月中旬前完成排查。", &["by-date by 2026-10-20"]),
        ("十一月底前完成排查。", &["by-date by 2026-11-30"]),
        ("明年3月底前完成排查。", &["by-date by 2027-03-31"]),
        ("2027年2月底前完成排查。", &["by-date by 2027-02-28"]),
        ("“十五五”期间完成排查。", &["by-date by 2030-12-31"]),
        ("即日起至5月20日开展排查。", &["by-date by 2026-05-20"]),
        ("4月1日至6月20日开展排查。", &["by-date by 2026-06-20"]),
        ("国庆节前完成排查。", &["by-date by 2026-09-30"]),
        ("元旦前完成排查。", &["by-date by 2026-12-31"]),
        ("“五一”假期前完成排查。", &["by-date by 2026-04-30"]),
        // No day is written: none is given.
        ("汛期前完成排查。", &["continuous"]),
        ("春节前完成排查。", &["continuous"]),
        ("开学前完成排查。", &["continuous"]),
        ("近期完成排查。", &["continuous"]),
        // Two dates, two demands.
        (
            "3月底前制定方案，10月底前完成整治。",
            &["by-date by 2026-03-31", "by-date by 2026-10-31"],
        ),
    ]);
}

#[test]
fn rhythms() {
    all(&[
        ("每月5日前报送情况。", &["times every month day 5"]),
        ("每月底前报送情况。", &["times every month day 31"]),
        (
            "每季度末月25日前报送情况。",
            &["times every quarter day 25 of month 3"],
        ),
        (
            "每季度首月10日前报送情况。",
            &["times every quarter day 10 of month 1"],
        ),
        (
            "每季度末前报送情况。",
            &["times every quarter day 31 of month 3"],
        ),
        (
            "每季度最后一个月的20日前报送情况。",
            &["times every quarter day 20 of month 3"],
        ),
        ("每半年报送一次情况。", &["times every half-year >=1"]),
        (
            "每年11月底前报送情况。",
            &["times by 2026-11-30 every year"],
        ),
        ("每周至少检查2次。", &["times every week >=2"]),
        ("每旬报送情况。", &["times every ten-days"]),
        ("每日巡查不少于三次。", &["times every day >=3"]),
        ("每三个月组织1次演练。", &["times every quarter >=1"]),
        ("按月通报进展。", &["times every month"]),
        ("半年组织一次演练。", &["times every half-year >=1"]),
        ("全年组织演练不少于4次。", &["times every year >=4"]),
        ("一季度一通报工作进展。", &["times every quarter"]),
        ("实行月调度、季通报工作机制。", &["times every month"]),
        ("每月检查不超过1次。", &["times every month <=1"]),
        ("每季度开展1至2次抽查。", &["times every quarter 1-2"]),
        // Periods that the field cannot hold are said in remarks, not bent.
        ("每两周调度一次。", &["continuous"]),
        ("每学期至少组织1次演练。", &["continuous"]),
    ]);
    let c = notice("每两周调度一次。");
    assert!(c.remarks.iter().any(|r| r.message.contains("频次未读入")));
}

#[test]
fn amounts() {
    all(&[
        ("组织培训不少于3次。", &["quota >=3次(培训)"]),
        ("举办现场会至少2场。", &["quota >=2场(现场会)"]),
        ("实现重点场所全覆盖。", &["coverage >=100%"]),
        ("隐患整改率达到100%。", &["coverage >=100%(隐患整改率)"]),
        ("持证上岗率不低于95%。", &["coverage >=95%(持证上岗率)"]),
        (
            "参保率力争达到百分之九十以上。",
            &["coverage >=90%(参保率)"],
        ),
        ("打造3至5个示范点。", &["quota 3-5个(示范点)"]),
        ("配备两名以上专职安全员。", &["quota >=2名(专职安全员)"]),
        ("事故起数控制在5起以内。", &["quota <=5起(事故起数)"]),
        ("新建微型消防站20个。", &["quota >=20个(微型消防站)"]),
        ("改造老旧管网十二公里。", &["quota >=12公里(老旧管网)"]),
        (
            "每个村（社区）至少设置1处避难场所。",
            &["quota each 村（社区） >=1处(避难场所)"],
        ),
        ("每家企业培训不少于8学时。", &["quota each 企业 >=8学时"]),
        ("安排专项资金500万元。", &["quota >=500万元(专项资金)"]),
        ("落实“三个必须”要求。", &["continuous"]),
        ("落实安全生产11项职责。", &["continuous"]),
        (
            "储备水泵不少于20台、编织袋不少于5万条。",
            &["quota >=20台(水泵)", "quota >=50000条(编织袋)"],
        ),
    ]);
}

#[test]
fn spans_of_time_and_what_starts_them() {
    all(&[
        (
            "接报后2小时内赶到现场。",
            &["on-event on [接报] within 2 hours"],
        ),
        (
            "接到举报后3个工作日内完成核查。",
            &["on-event on [接到举报] within 3 working days"],
        ),
        (
            "事故发生后1小时内书面报告。",
            &["on-event on [事故发生] within 1 hours"],
        ),
        (
            "自检查之日起15日内完成整改。",
            &["on-event on [检查] within 15 days"],
        ),
        (
            "检查发现的问题要在5个工作日内整改到位。",
            &["on-event on [检查发现的问题] within 5 working days"],
        ),
        (
            "接报后半小时内到场处置。",
            &["on-event on [接报] within 30 minutes"],
        ),
        (
            "项目竣工后3个月内组织验收。",
            &["on-event on [项目竣工] within 3 months"],
        ),
        (
            "收到整改通知后两周内反馈结果。",
            &["on-event on [收到整改通知] within 14 days"],
        ),
        // Nothing says from when.
        (
            "于10个工作日内报送方案。",
            &["continuous within 10 working days"],
        ),
        (
            "发现险情后，10分钟内转移群众，1小时内报告区防办。",
            &[
                "on-event on [发现险情] within 10 minutes",
                "on-event on [发现险情] within 1 hours",
            ],
        ),
    ]);
    let c = notice("于10个工作日内报送方案。");
    assert!(c.remarks.iter().any(|r| r.message.contains("从何时起算")));
    assert!(c.duties.iter().all(|d| d.quantity.is_none()));
}

fn closing(words: &str) -> String {
    let c = compile_str(&format!(
        "关于做好2026年工作的通知\n\n一、任务\n\n（一）排查。开展隐患排查。{words}\n\n（二）整改。完成隐患整改。（区应急局）\n"
    ));
    let a = &c.articles[0];
    format!(
        "{} | {} | {} | {}",
        a.units.join("、"),
        a.lead_units.join("、"),
        a.support_units.join("、"),
        a.unit_mode.as_deref().unwrap_or("-")
    )
}

#[test]
fn brackets_of_units() {
    for (words, want) in [
        (
            "（责任单位：区应急局、区住建局）",
            "区应急局、区住建局 |  |  | -",
        ),
        (
            "（牵头单位：区应急局；配合单位：区住建局、各镇（街道））",
            "区应急局、区住建局、各镇（街道） | 区应急局 | 区住建局、各镇（街道） | -",
        ),
        ("【区应急局负责】", "区应急局 |  |  | 负责"),
        (
            "［区应急局牵头，区住建局、区水务局等部门配合］",
            "区应急局、区住建局、区水务局 | 区应急局 | 区住建局、区水务局 | 配合",
        ),
        (
            "(区应急局会同区住建局负责)",
            "区应急局、区住建局 |  | 区住建局 | 负责",
        ),
        (
            "（各县（市、区）人民政府，市直有关部门按职责分工负责）",
            "各县（市、区）人民政府、市直有关部门 |  |  | 按职责分工负责",
        ),
        (
            "\n责任单位：区应急局、各乡镇（街道）",
            "区应急局、各乡镇（街道） |  |  | -",
        ),
        (
            "\n牵头单位：区应急局\n配合单位：区住建局",
            "区应急局、区住建局 | 区应急局 | 区住建局 | -",
        ),
        (
            "（区应急局、区住建局，完成时限：2026年6月底前）",
            "区应急局、区住建局 |  |  | -",
        ),
        (
            "（牵头部门：区应急局，责任部门：区住建局、区水务局）",
            "区应急局、区住建局、区水务局 | 区应急局 |  | -",
        ),
        (
            "（区应急局、区住建局和各镇（街道）按职责分工负责）",
            "区应急局、区住建局、各镇（街道） |  |  | 按职责分工负责",
        ),
    ] {
        assert_eq!(closing(words), want, "{words}");
    }
}

fn trigger(words: &str) -> Vec<String> {
    notice(words).triggers.iter().map(common::trigger).collect()
}

#[test]
fn conditions_on_events() {
    for (words, want) in [
        (
            "发生1起较大事故的，约谈属地镇（街道）主要负责人。",
            "when accident 较大+ x1 at town then 约谈属地镇（街道）主要负责人 by -",
        ),
        (
            "一年内累计2次被通报批评的单位，由区安委会约谈主要负责人。",
            "when other x2 in 12 months \"一年内累计2次被通报批评的单位\" at - then 约谈主要负责人 by 区安委会",
        ),
        (
            "对连续两个季度考核排名末位的镇（街道），区安委办予以通报。",
            "when other x2 \"连续两个季度考核排名末位的镇（街道）\" at town then 予以通报 by 区安委办",
        ),
        (
            "对3个月内发生2起及以上一般事故的企业，依法责令停产整顿。",
            "when accident 一般+ x2 in 3 months at enterprise then 依法责令停产整顿 by -",
        ),
        (
            "发生重大及以上事故的，提级调查。",
            "when accident 重大+ at - then 提级调查 by -",
        ),
        (
            "半年内发生同类型事故2起以上的，挂牌督办。",
            "when accident x2 in 6 months same at - then 挂牌督办 by -",
        ),
        (
            "对瞒报、谎报事故的，依法从重处罚。",
            "when accident \"瞒报、谎报事故\" at - then 依法从重处罚 by -",
        ),
        (
            "凡重大隐患逾期未整改的，一律停产整顿。",
            "when hazard 重大 \"重大隐患逾期未整改\" at - then 一律停产整顿 by -",
        ),
    ] {
        assert_eq!(trigger(words), [want], "{words}");
    }
}

/// Who must act, demand by demand.
fn actors(body: &str) -> Vec<String> {
    notice(body)
        .duties
        .iter()
        .filter(|d| d.article == 1)
        .map(|d| format!("{}: {}", d.actors.join("、"), d.action))
        .collect()
}

#[test]
fn a_change_of_subject_behind_a_comma() {
    assert_eq!(
        actors("区住建局要制定方案，明确任务，各镇（街道）要抓好落实，每月报送进展。"),
        [
            "区住建局: 制定方案",
            "各镇（街道）: 抓好落实",
            "各镇（街道）: 报送进展"
        ]
    );
    assert_eq!(
        actors("区水务局牵头修订预案，各县（市、区）组织演练不少于2次，乡镇人民政府落实专人值守。"),
        [
            "区水务局: 牵头修订预案",
            "各县（市、区）: 组织演练",
            "乡镇人民政府: 落实专人值守"
        ]
    );
    assert_eq!(
        actors("各企业要建立台账，区应急局、区消防大队每季度抽查1次，对整改不力的，予以通报。"),
        [
            "各企业: 建立台账",
            "区应急局、区消防大队: 抽查",
            "区应急局: 予以通报"
        ]
    );
    assert_eq!(
        actors("由区教育局牵头，区公安分局配合，5月底前完成校车检查。"),
        ["区教育局、区公安分局: 完成校车检查"]
    );
    assert_eq!(
        actors("防火期内各护林站要加强巡护，节日期间各景区要安排专人值守。"),
        ["各护林站: 加强巡护", "各景区: 安排专人值守"]
    );
}

#[test]
fn actions_end_where_their_words_end() {
    let long = "着力解决高层建筑、医疗机构、养老机构、人员密集场所、文物建筑、地下空间、仓储物流场所、九小场所、农村自建房、密室逃脱场所等消防设施器材不完善问题。";
    assert_eq!(
        actors(long),
        ["区应急局: 着力解决高层建筑、医疗机构等消防设施器材不完善问题"]
    );
    let listed = "将党中央、国务院，省委、省政府，市委、市政府关于安全生产的决策部署作为重要议题及时传达学习，建立落实清单。";
    assert_eq!(
        actors(listed),
        [
            "区应急局: 将党中央、国务院，省委、省政府，市委、市政府关于安全生产的决策部署作为重要议题及时传达学习"
        ]
    );
    for d in &notice(long).duties {
        assert!(!d.action.is_empty());
    }
}
