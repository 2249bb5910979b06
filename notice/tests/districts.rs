//! Notices of other districts, years and trades, in our own words, with what a reader would take from them.
//! The expectations are written from the text, not from what came out.

mod common;

use anlan_core::notice::Compiled;
use anlan_notice::{compile, read};

fn notice(file: &str) -> Compiled {
    let path = format!("{}/tests/districts/{file}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    compile(&read(&bytes, Some(file)).unwrap())
}

/// The one demand whose quote holds `words`, without its id.
fn told(c: &Compiled, words: &str) -> String {
    let found: Vec<_> = c
        .duties
        .iter()
        .filter(|d| d.quote.contains(words))
        .collect();
    assert_eq!(
        found.len(),
        1,
        "{words}: {:?} of {:#?}",
        found.iter().map(|d| &d.quote).collect::<Vec<_>>(),
        c.duties.iter().map(|d| &d.quote).collect::<Vec<_>>()
    );
    let line = common::demand(found[0]);
    line.split_once(' ').unwrap().1.to_string()
}

#[track_caller]
fn check(c: &Compiled, expected: &[(&str, &str)]) {
    let wrong: Vec<String> = expected
        .iter()
        .map(|(words, want)| (words, want, told(c, words)))
        .filter(|(_, want, got)| *want != got)
        .map(|(words, want, got)| format!("{words}\n  want {want}\n  got  {got}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Units of every article: `label units | lead | support | mode`.
fn units(c: &Compiled) -> Vec<String> {
    c.articles
        .iter()
        .map(|a| {
            format!(
                "{} {} | {} | {} | {}",
                a.label,
                a.units.join("、"),
                a.lead_units.join("、"),
                a.support_units.join("、"),
                a.unit_mode.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

fn triggers(c: &Compiled) -> Vec<String> {
    c.triggers.iter().map(common::trigger).collect()
}

fn remarked(c: &Compiled, words: &str) -> bool {
    c.remarks.iter().any(|r| r.message.contains(words))
}

fn front(c: &Compiled) -> String {
    format!(
        "{} | {} | {} | {} | {}",
        c.title,
        c.number.as_deref().unwrap_or("-"),
        c.issuer.as_deref().unwrap_or("-"),
        c.date.map_or("-".into(), |d| d.to_string()),
        c.addressees.join("、")
    )
}

#[test]
fn gas_points_under_headings_with_keyed_units() {
    let c = notice("gas.md");
    assert_eq!(
        front(&c),
        "澄溪市城镇燃气安全“带病运行”专项治理实施方案 | 澄安办发〔2026〕19号 | 澄溪市安全生产委员会办公室 | 2026-03-05 | 各县（市、区）人民政府、市安委会有关成员单位"
    );
    assert_eq!(
        units(&c),
        [
            "一  |  |  | -",
            "1 市住建局、市市场监管局、市城管局 | 市住建局 | 市市场监管局、市城管局 | -",
            "2 市住建局、各县（市、区）人民政府、市燃气集团 | 市住建局 |  | -",
            "1 市商务局、市消防救援支队 | 市商务局 | 市消防救援支队 | -",
            "2 市燃气集团 | 市燃气集团 |  | -",
            "三  |  |  | -",
        ]
    );
    check(
        &c,
        &[
            (
                "完成率达到90%",
                "coverage by 2026-12-31 >=90%(城镇燃气老旧管网更新改造完成率) |  | 城镇燃气老旧管网更新改造完成率",
            ),
            (
                "入户安检率",
                "coverage by 2026-12-31 >=95%(入户安检率) |  | 入户安检率",
            ),
            (
                "形成评估报告",
                "by-date by 2026-04-30 | 市住建局 | 形成评估报告",
            ),
            (
                "公布改造清单",
                "by-date by 2026-05-31 | 市住建局 | 公布改造清单",
            ),
            (
                "12公里",
                "quota by 2026-06-30 >=12公里(铸铁管道改造) | 市住建局、各县（市、区）人民政府、市燃气集团 | 完成铸铁管道改造",
            ),
            (
                "三季度末前",
                "by-date by 2026-09-30 | 市住建局、各县（市、区）人民政府、市燃气集团 | 完成剩余管道改造",
            ),
            (
                "年底前全部完成",
                "coverage by 2026-12-31 >=100% | 市住建局、各县（市、区）人民政府、市燃气集团 | 全部完成验收",
            ),
            (
                "每季度末月25日前",
                "times every quarter day 25 of month 3 | 各县（市、区） | 将餐饮场所安检情况报市安委办",
            ),
            (
                "一律不得营业",
                "prohibition on [未安装报警装置] | 市商务局、市消防救援支队 | 一律不得营业",
            ),
            (
                "每年至少入户安检",
                "times every year >=1 | 燃气经营企业 | 入户安检",
            ),
            (
                "每半年上门服务",
                "times every half-year >=1 | 燃气经营企业 | 对65岁以上独居老人上门服务",
            ),
            (
                "3个工作日内",
                "on-event on [安检发现的隐患] within 3 working days | 市燃气集团 | 书面告知用户",
            ),
            ("一户一档", "continuous | 市燃气集团 | 建立“一户一档”"),
            ("2万台", "quota by 2026-12-31 >=20000台 | 市燃气集团 | 新装"),
            (
                "制定细化方案",
                "by-date by 2026-03-20 | 各县（市、区） | 制定细化方案",
            ),
            (
                "联络员",
                "quota >=1名(联络员) | 各县（市、区） | 明确联络员",
            ),
            ("每月通报", "times every month >=1 | 市安委办 | 通报进度"),
            (
                "组织网格员",
                "continuous | 各镇（街道） | 组织网格员开展入户宣传",
            ),
        ],
    );
    assert_eq!(
        triggers(&c).last().unwrap(),
        "when other x2 \"连续两个季度排名末位的县（市、区）\" at district then 约谈其分管负责人 by 市安委办"
    );
}

#[test]
fn lifts_clauses_of_a_regulation() {
    let c = notice("lifts.txt");
    assert_eq!(
        front(&c),
        "平湖州电梯使用安全监督管理办法（试行） | - | 平湖州市场监督管理局 | 2026-03-28 | "
    );
    assert_eq!(
        c.sections
            .iter()
            .map(|s| s.title.as_str())
            .collect::<Vec<_>>(),
        ["总则", "使用单位责任", "监督检查", "附则"]
    );
    assert_eq!(c.articles.len(), 11);
    // What the regulation is for, what it covers and when it begins is no duty.
    for no in [1, 2, 11] {
        assert!(!c.duties.iter().any(|d| d.article == no), "第{no}条");
    }
    check(
        &c,
        &[
            (
                "专职或者兼职",
                "continuous | 电梯使用单位 | 配备专职或者兼职安全管理人员",
            ),
            (
                "2名专职人员",
                "quota >=2名(专职人员) | 电梯使用单位 | 使用电梯20台以上的单位配备专职人员",
            ),
            (
                "每月组织一次",
                "times every month >=1 | 电梯使用单位 | 组织安全检查",
            ),
            (
                "立即停止使用",
                "on-event on [电梯发生故障] | 使用单位 | 立即停止使用",
            ),
            (
                "30分钟内",
                "on-event on [乘客被困] within 30 minutes | 维护保养单位 | 到达现场实施救援",
            ),
            (
                "每15日",
                "continuous | 维护保养单位 | 至少每15日进行一次维护保养",
            ),
            (
                "每年至少开展1次",
                "times every year >=1 | 维护保养单位 | 开展自行检查",
            ),
            ("不少于4年", "quota >=4年 | 维护保养单位 | 维护保养记录保存"),
            ("严禁使用", "prohibition |  | 严禁使用超过检验有效期的电梯"),
            (
                "不得伪造",
                "prohibition | 任何单位和个人 | 不得伪造维护保养记录",
            ),
            (
                "5个工作日内作出",
                "on-event on [收到投诉举报] within 5 working days | 市场监督管理部门 | 作出处理",
            ),
            (
                "15个工作日内反馈",
                "on-event on [收到投诉举报] within 15 working days | 市场监督管理部门 | 反馈结果",
            ),
            (
                "约谈其主要负责人",
                "on-event on [一年内累计发生2次以上困人事件的使用单位] | 市场监督管理部门 | 约谈其主要负责人",
            ),
            (
                "每季度公布",
                "times every quarter >=1 | 州市场监督管理局 | 公布维护保养单位质量排名",
            ),
            (
                "每年12月10日前",
                "times by 2026-12-10 every year | 州市场监督管理局 | 向州人民政府报告全州电梯安全状况",
            ),
        ],
    );
    assert_eq!(
        triggers(&c),
        [
            "when incident x2 in 12 months \"一年内累计发生2次以上困人事件的使用单位\" at - then 约谈其主要负责人 by 市场监督管理部门",
            "when accident 较大+ x1 at - then 依法吊销相关许可 by -",
        ]
    );
    assert!(remarked(&c, "频次未读入"));
}

#[test]
fn lake_bold_runs_without_numbers() {
    let c = notice("lake.md");
    assert_eq!(
        front(&c),
        "云麓湖旅游度假区关于抓好2027年旅游旺季安全工作的通知 | 云旅管〔2027〕5号 | 云麓湖旅游度假区管理委员会 | 2027-04-02 | 各街道（社区）、各涉旅企业、管委会各内设机构"
    );
    assert_eq!(
        c.articles
            .iter()
            .map(|a| a.title.as_str())
            .collect::<Vec<_>>(),
        [
            "严管水上项目",
            "紧盯高风险游乐设施",
            "加强客流管控",
            "做好森林防火",
            "强化隐患整改"
        ]
    );
    assert_eq!(
        units(&c),
        [
            " 湖区海事站、度假区文旅局、公安分局 | 湖区海事站 | 度假区文旅局、公安分局 | 配合",
            " 度假区市场监管分局、文旅局 |  |  | 负责",
            " 度假区文旅局、各景区 |  |  | 负责",
            " 度假区林业站、各街道（社区） | 度假区林业站 | 各街道（社区） | 配合",
            " 管委会安委办 |  |  | 负责",
        ]
    );
    check(
        &c,
        &[
            (
                "船舶检验",
                "by-date by 2027-05-01 | 各码头经营单位 | 完成船舶检验",
            ),
            (
                "救生衣",
                "coverage >=100%(救生衣配备率) | 各码头经营单位 | 救生衣配备率",
            ),
            (
                "持证救生员",
                "quota each 船 >=2名(持证救生员) | 各码头经营单位 | 配备持证救生员",
            ),
            (
                "一律停航",
                "on-event on [遇六级以上大风] | 湖区海事站、度假区文旅局、公安分局 | 一律停航",
            ),
            (
                "全覆盖检查",
                "coverage >=100% | 度假区市场监管分局 | 对大型游乐设施开展全覆盖检查",
            ),
            (
                "首轮检查",
                "by-date by 2027-06-15 | 度假区市场监管分局 | 完成首轮检查",
            ),
            (
                "3至5次",
                "times every day 3-5 | 度假区市场监管分局、文旅局 | 玻璃栈道、悬崖秋千等项目开放前要试运行",
            ),
            (
                "80%",
                "coverage <=80%(节假日最高峰值时段瞬时客流量) | 度假区文旅局、各景区 | 节假日最高峰值时段瞬时客流量",
            ),
            (
                "10分钟内",
                "on-event on [客流达到承载量90%] within 10 minutes | 景区 | 启动分流",
            ),
            (
                "半小时内",
                "on-event on [客流达到承载量90%] within 30 minutes | 景区 | 报告管委会值班室",
            ),
            ("24小时值班", "continuous | 各护林站 | 实行24小时值班"),
            (
                "巡护不少于2次",
                "times every day >=2 each 护林员 | 各护林站 | 巡护",
            ),
            ("8公里", "quota >=8公里(巡护里程) | 各护林站 | 巡护里程"),
            (
                "主要路口设卡",
                "continuous | 各街道（社区） | 在主要路口设卡",
            ),
            (
                "严禁火种进山",
                "prohibition | 各街道（社区） | 严禁火种进山",
            ),
            (
                "5个工作日内",
                "on-event on [检查发现的一般隐患] within 5 working days | 管委会安委办 | 整改到位",
            ),
            (
                "百分之百",
                "coverage >=100%(整改完成率) | 管委会安委办 | 整改完成率",
            ),
            (
                "4月20日前",
                "by-date by 2027-04-20 | 各单位 | 将落实情况报管委会安委办",
            ),
        ],
    );
    assert_eq!(
        triggers(&c),
        ["when accident x2 in 12 months at - then 取消其年度评优资格 by -"]
    );
}

#[test]
fn winter_points_with_unit_lines() {
    let c = notice("winter.txt");
    assert_eq!(
        front(&c),
        "北岭县应急管理局关于切实做好今冬明春安全防范工作的紧急通知 | - | 北岭县应急管理局 | 2026-12-01 | 各乡镇人民政府、县直有关单位、中省驻县企业"
    );
    assert_eq!(
        units(&c),
        [
            "1 县应急管理局、各乡镇人民政府 |  |  | -",
            "2 县农业农村局、县民政局、县消防救援大队 | 县农业农村局 | 县民政局、县消防救援大队 | -",
            "3 县交通运输局、县公安局交警大队 |  |  | -",
            "4 各乡镇人民政府、县直各单位 |  |  | -",
            "5 县安委会办公室 |  |  | -",
        ]
    );
    check(
        &c,
        &[
            (
                "48小时内",
                "on-event >=1轮(隐患排查) on [接到本通知] within 48 hours | 各乡镇、各有关部门 | 完成隐患排查",
            ),
            (
                "12月25日前",
                "by-date by 2026-12-25 | 各乡镇、各有关部门 | 完成整改",
            ),
            (
                "落实防控措施",
                "on-event on [不能立即整改] | 各乡镇、各有关部门 | 落实防控措施",
            ),
            (
                "每周五前",
                "on-event every week on [不能立即整改] | 各乡镇、各有关部门 | 报送整改进度",
            ),
            (
                "逐户走访",
                "continuous | 县农业农村局 | 组织村（社区）干部对燃煤取暖户逐户走访",
            ),
            (
                "安全提示",
                "quota each 户 >=1份(安全提示) | 县农业农村局 | 发放安全提示",
            ),
            (
                "200吨",
                "quota by 2026-12-10 >=200吨(融雪剂储备量) | 县交通运输局、县公安局交警大队 | 融雪剂储备量",
            ),
            (
                "15台",
                "quota by 2026-12-10 >=15台(除雪机械) | 县交通运输局、县公安局交警大队 | 除雪机械",
            ),
            (
                "14处",
                "by-date by 2026-12-10 | 县交通运输局、县公安局交警大队 | 对14处易结冰路段安排专人值守",
            ),
            (
                "1小时内",
                "on-event on [突发事件发生] within 1 hours | 各单位 | 向县委、县政府值班室报告",
            ),
            ("4个督导组", "quota >=4个(督导组) | 县安委办 | 组织督导组"),
            ("中旬前", "by-date by 2026-12-20 | 县安委办 | 完成督导检查"),
            ("元旦前", "by-date by 2026-12-31 | 县安委办 | 通报结果"),
        ],
    );
    assert!(remarked(&c, "供暖期前") && remarked(&c, "每周五前"));
}

#[test]
fn flood_a_table_in_a_page() {
    let c = notice("flood.html");
    assert_eq!(
        front(&c),
        "南屏市防汛抗旱指挥部关于印发《2026年防汛备汛任务清单》的通知 | 南汛〔2026〕3号 | 南屏市防汛抗旱指挥部 | 2026-02-26 | 各县（市、区）防汛抗旱指挥部、市防汛抗旱指挥部各成员单位"
    );
    assert_eq!(
        units(&c)[1..],
        [
            "1 市水利局、各县（市、区）政府 | 市水利局 | 各县（市、区）政府 | -",
            "2 市水利局、市应急局 | 市水利局 | 市应急局 | -",
            "3 市水利局、市财政局、市自然资源局 | 市水利局 | 市财政局、市自然资源局 | -",
            "4 市应急局、市消防救援支队 | 市应急局 | 市消防救援支队 | -",
            "5 市应急局 | 市应急局 |  | -",
            "6 市发改委、市应急局 | 市发改委、市应急局 |  | -",
        ]
    );
    check(
        &c,
        &[
            (
                "每月5日前",
                "times every month day 5 |  | 将进展情况报市防办",
            ),
            (
                "公布水库",
                "by-date by 2026-03-31 | 市水利局、各县（市、区）政府 | 公布水库、堤防、山洪灾害危险区防汛责任人名单",
            ),
            (
                "培训率",
                "coverage >=100%(培训率) | 市水利局、市应急局 | 对防汛责任人开展培训",
            ),
            (
                "15座",
                "quota by 2026-12-31 >=15座(水库大坝安全鉴定) | 市水利局、市财政局、市自然资源局 | 开展水库大坝安全鉴定",
            ),
            (
                "50人",
                "quota >=50人(市级抢险队伍) | 市应急局、市消防救援支队 | 组建市级抢险队伍",
            ),
            (
                "1次演练",
                "times every quarter >=1 | 市应急局、市消防救援支队 | 开展演练",
            ),
            (
                "应急预案",
                "by-date by 2026-04-30 | 市应急局 | 修订市级防汛应急预案",
            ),
            (
                "冲锋舟",
                "quota by 2026-05-15 >=20艘(冲锋舟) | 市发改委、市应急局 | 储备冲锋舟、编织袋10万条",
            ),
        ],
    );
    assert!(remarked(&c, "汛期前") && remarked(&c, "10万条"));
}

#[test]
fn minutes_of_a_meeting() {
    let c = notice("minutes.md");
    assert_eq!(
        front(&c),
        "龙溪区安委会2026年第二次全体（扩大）会议纪要 | 〔2026〕第4期 | - | - | "
    );
    assert_eq!(
        c.articles
            .iter()
            .map(|a| a.title.as_str())
            .collect::<Vec<_>>(),
        [
            "关于道路交通安全",
            "关于建筑施工安全",
            "关于经费保障",
            "关于责任落实"
        ]
    );
    check(
        &c,
        &[
            (
                "全面排查",
                "by-date by 2026-04-30 | 区公安分局、区交通运输局 | 对全区农村道路隐患路段进行一次全面排查",
            ),
            (
                "同步劝导",
                "continuous | 各街道（乡镇） | 同步劝导“两轮”“三轮”违法行为",
            ),
            (
                "2小时",
                "quota every day each 劝导站 >=2小时 | 各街道（乡镇） | 劝导",
            ),
            (
                "检查覆盖率",
                "coverage by 2026-06-30 >=100%(在建工地检查覆盖率) | 区住建局 | 对在建工地检查覆盖率",
            ),
            (
                "300万元",
                "quota by 2026-06-30 >=300万元(专项经费) | 区财政局 | 落实专项经费",
            ),
            (
                "每季度至少带队",
                "times every quarter >=1 | 区安委会成员单位主要负责人 | 带队检查",
            ),
            (
                "次月3日前",
                "times every month day 3 | 区安委会成员单位主要负责人 | 检查情况报区安委办",
            ),
        ],
    );
}

#[test]
fn school_ordinals() {
    let c = notice("school.md");
    assert_eq!(
        c.articles
            .iter()
            .map(|a| (a.label.as_str(), a.title.as_str()))
            .collect::<Vec<_>>(),
        [
            ("第一", "抓实开学检查"),
            ("第二", "上好开学第一课"),
            ("第三", "管好校车"),
            ("第四", "严格信息报告"),
            ("第五", "压实责任"),
        ]
    );
    check(
        &c,
        &[
            (
                "8月28日前",
                "by-date by 2026-08-28 | 各学校 | 完成校舍、食堂、消防设施自查",
            ),
            (
                "1场安全教育",
                "quota each 学校 >=1场(安全教育) |  | 开展安全教育",
            ),
            (
                "每学期不少于3次",
                "continuous |  | 每学期不少于3次应急疏散演练",
            ),
            ("至少2场", "quota >=2场(地震演练) |  | 其中为地震演练"),
            (
                "4学时",
                "quota every quarter >=4学时(培训) | 驾驶人 | 接受培训",
            ),
            ("不得上路", "prohibition on [校车逾期未检验] |  | 不得上路"),
            (
                "1小时内",
                "on-event on [发生学生伤亡事件] within 1 hours | 学校 | 口头报告",
            ),
            (
                "2小时内",
                "on-event on [发生学生伤亡事件] within 2 hours | 学校 | 书面报告",
            ),
            (
                "责任书",
                "by-date by 2026-09-15 | 各学校 | 与班主任签订责任书",
            ),
        ],
    );
    assert_eq!(
        triggers(&c).last().unwrap(),
        "when accident x2 \"一个学期内发生2起以上责任事故的学校\" at - then 年度考核实行“一票否决” by -"
    );
    assert!(remarked(&c, "第几周") && remarked(&c, "频次未读入"));
}

#[test]
fn three_years_a_plan_behind_a_letter() {
    let c = notice("three_year.txt");
    assert_eq!(
        front(&c),
        "东岗矿区管理委员会办公室关于印发《东岗矿区安全生产治本攻坚三年行动2026年工作方案》的通知 | 东矿办函〔2026〕11号 | 东岗矿区管理委员会办公室 | 2026-01-15 | 各镇、街道、管委会各部门、驻区各企业"
    );
    check(
        &c,
        &[
            (
                "专题培训",
                "quota by 2026-02-28 >=1次(重大事故隐患判定标准专题培训) | 管委会应急局 | 组织重大事故隐患判定标准专题培训",
            ),
            (
                "参训率",
                "coverage >=100%(各企业主要负责人参训率) | 管委会应急局 | 各企业主要负责人参训率",
            ),
            (
                "隐患自查",
                "times every quarter >=1 | 各生产经营单位主要负责人 | 组织重大事故隐患自查（矿山、危化企业每月至少1次）",
            ),
            (
                "24小时内",
                "on-event on [查出的隐患] within 24 hours | 各生产经营单位主要负责人 | 重大隐患录入信息系统",
            ),
            (
                "35台（套）",
                "quota by 2026-06-30 >=35台（套）(井下非阻燃皮带等落后设备) | 管委会经发局、各镇（街道）、驻区各企业 | 淘汰退出井下非阻燃皮带等落后设备",
            ),
            (
                "3家企业",
                "quota by 2026-12-31 >=3家(企业) | 管委会经发局、各镇（街道）、驻区各企业 | 企业完成智能化改造",
            ),
            (
                "20%以上",
                "coverage >=20%(高风险岗位作业人员减少) | 管委会能源局、应急局 | 高风险岗位作业人员减少",
            ),
            (
                "100人",
                "quota <=100人(单班下井人数) | 管委会能源局、应急局 | 单班下井人数",
            ),
            (
                "600人次",
                "quota >=600人次(企业主要负责人、安全管理人员) | 管委会应急局、人社局 | 全年培训企业主要负责人、安全管理人员",
            ),
            (
                "持证上岗率",
                "coverage >=100%(特种作业人员持证上岗率) | 管委会应急局、人社局 | 特种作业人员持证上岗率保持",
            ),
            (
                "轮训一遍",
                "quota by 2030-12-31 >=1遍(全员轮训) | 管委会应急局、人社局 | 实现全员轮训",
            ),
            (
                "宣传栏",
                "quota each 村（社区） >=1处(宣传栏) | 管委会宣传部、各镇（街道） | 设置宣传栏",
            ),
            (
                "警示教育片",
                "times every year >=2 | 管委会宣传部、各镇（街道） | 观看警示教育片",
            ),
            ("每两周", "continuous |  | 每两周调度一次"),
            (
                "首月10日前",
                "times every quarter day 10 of month 1 |  | 通报上季度情况",
            ),
        ],
    );
    assert_eq!(
        triggers(&c),
        [
            "when accident 一般+ x2 in 6 months or accident 较大+ x1 in 6 months at town then 约谈 by 管委会主要领导",
            "when other x3 in 12 months \"12个月内同一企业累计3次被立案处罚\" at enterprise then 列入安全生产严重失信名单 by -",
        ]
    );
    assert!(remarked(&c, "矿山、危化企业每月至少1次"));
}

#[test]
fn paragraphs_without_headings() {
    let c = notice("paragraphs.txt");
    assert_eq!(c.articles.len(), 1);
    check(
        &c,
        &[
            (
                "逐一检查",
                "continuous |  | 迅速组织对辖区烟花爆竹零售点逐一检查",
            ),
            ("12月20日前", "by-date by 2025-12-20 |  | 完成首轮检查"),
            ("50米", "quota >=50米(零售点之间距离) |  | 零售点之间距离"),
            ("30箱", "quota <=30箱(存放量) |  | 存放量"),
            (
                "到场核查",
                "on-event on [接到群众举报] within 2 hours |  | 到场核查",
            ),
            ("从严查处", "continuous | 县公安局 | 从严查处非法运输行为"),
            (
                "每周抽检",
                "times every week >=1 | 县市场监管局 | 对流通环节抽检",
            ),
            (
                "专人巡查",
                "continuous | 各乡镇、街道 | 在除夕、元宵节等重点时段安排专人巡查",
            ),
            (
                "5日内",
                "on-event on [元宵节] within 5 days | 各乡镇、街道 | 向县烟花办报送工作总结",
            ),
            ("予以通报", "on-event on [逾期未报] |  | 予以通报"),
        ],
    );
}

#[test]
fn fire_two_lists_behind_a_letter() {
    let c = notice("fire_list.md");
    assert_eq!(
        front(&c),
        "关于下达2026年消防安全重点任务的通知 | 河湾经开区消安办〔2026〕第12号 | 河湾经济开发区消防安全委员会办公室 | 2026-02-16 | 各社区、各园区企业、经开区各部门"
    );
    check(
        &c,
        &[
            (
                "每季度末月28日前",
                "times every quarter day 28 of month 3 |  | 报送进展",
            ),
            (
                "98%",
                "coverage by 2026-06-30 >=98%(覆盖率) | 综合执法局、建设局 | 施划消防车通道标线",
            ),
            (
                "2处集中充电棚",
                "quota by 2026-09-30 each 社区 >=2处(集中充电棚) | 建设局、各社区 | 新建集中充电棚",
            ),
            (
                "严禁飞线",
                "prohibition by 2026-09-30 | 建设局、各社区 | 严禁飞线充电",
            ),
            ("拉动演练", "times every month >=2 | 各社区 | 开展拉动演练"),
            (
                "宣传月",
                "by-date by 2026-11-30 | 党群工作部 | 举办“119”消防宣传月活动",
            ),
            (
                "疏散宽度",
                "by-date by 2026-03-15 | 恒新市场管理公司 | 清理杂物",
            ),
            (
                "通过检测",
                "by-date by 2026-04-30 | 恒新市场管理公司 | 维修系统并通过检测",
            ),
        ],
    );
    assert!(c.articles.iter().any(|a| a.lead_units == ["综合执法局"]
        && a.support_units == ["建设局"]
        && a.title == "畅通生命通道"));
}
