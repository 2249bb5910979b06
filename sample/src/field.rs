//! What people in the field write: hazards, accidents, reports, and the words that go into forms. Invented for the
//! sample district and the simulated year; nobody and nothing real.

/// A hazard as somebody describes it: trade (empty: any), words, may it be major.
pub const HAZARDS: &[(&str, &str, bool)] = &[
    (
        "hazchem",
        "罐区可燃气体报警器故障未修复，声光报警不动作",
        true,
    ),
    ("hazchem", "储罐区消防泵压力不足，稳压系统频繁启动", false),
    (
        "hazchem",
        "动火作业未办理特殊作业审批票，现场无监护人",
        true,
    ),
    ("hazchem", "危险化学品仓库禁忌物料混存，堆垛超高", true),
    ("hazchem", "操作室面向装置一侧玻璃未采取防爆措施", true),
    ("coal", "采煤工作面回风隅角瓦斯传感器位置不符合规定", true),
    ("coal", "主排水泵房备用水泵检修后未及时恢复", false),
    ("coal", "井下人员定位系统部分读卡分站离线", true),
    ("coal", "掘进工作面局部通风机未实现双电源自动切换", true),
    ("mine", "露天采场边坡浮石未清理，台阶宽度不足", false),
    ("gas", "燃气用户软管老化超期，无自动切断装置", false),
    ("gas", "地下管沟内中压燃气管道未采取防护措施", true),
    ("gas", "餐饮场所未安装可燃气体报警装置", false),
    ("fire", "疏散通道堆放货物，安全出口上锁", true),
    ("fire", "自动喷水灭火系统管网无压，末端试水不出水", true),
    ("fire", "消火栓箱内水带、水枪缺失", false),
    ("industry", "除尘系统未按规定清灰，积尘厚度超标", true),
    (
        "industry",
        "有限空间未设置警示标识，未落实先通风再检测后作业",
        true,
    ),
    ("industry", "冲压设备安全防护装置被拆除", false),
    ("construction", "深基坑临边防护缺失，坑边堆载", false),
    ("construction", "塔式起重机附着装置螺栓松动", true),
    ("", "配电箱未接地，线路私拉乱接", false),
    ("", "电动自行车在楼道停放充电", false),
    ("", "安全警示标志缺失，员工未佩戴劳动防护用品", false),
    ("", "灭火器压力不足且超过检验期限", false),
    ("", "应急照明和疏散指示标志损坏", false),
    (
        "",
        "租赁厂房未签订安全管理协议，出租方未统一协调管理",
        false,
    ),
    ("", "临时用电未经审批，电缆拖地", false),
    ("", "危险作业现场无人监护", false),
    ("", "排水沟堵塞，汛期存在内涝风险", false),
];

/// An accident or incident: class, words, dead, seriously hurt, type.
pub const ACCIDENTS: &[(&str, &str, u32, u32, &str)] = &[
    (
        "accident",
        "检修人员从平台坠落受伤，已送医救治",
        0,
        1,
        "WSA10010",
    ),
    (
        "accident",
        "车间机械伤害，一名操作工手部重伤",
        0,
        1,
        "WSA10004",
    ),
    ("accident", "厂内叉车倒车时撞击行人", 1, 0, "WSA10002"),
    (
        "accident",
        "仓库起火，明火已扑灭，正在清点人员",
        0,
        0,
        "WSA10009",
    ),
    (
        "accident",
        "有限空间作业中毒窒息，救援正在进行",
        2,
        1,
        "WSA10024",
    ),
    ("accident", "货车与面包车相撞，多人受伤", 3, 4, "WSA10003"),
    ("accident", "施工围墙坍塌，有人员被埋", 1, 2, "WSA10012"),
    (
        "incident",
        "管道法兰泄漏，已关闭阀门并疏散周边人员",
        0,
        0,
        "WSA10026",
    ),
    ("incident", "燃气管线被挖断，已停气并警戒", 0, 0, "WSA10026"),
    ("disaster", "短时强降雨造成低洼路段积水，转移群众", 0, 0, ""),
    ("disaster", "山体滑坡阻断村道，暂无人员伤亡", 0, 0, ""),
];

/// What citizens and employees report.
pub const REPORTS: &[&str] = &[
    "小区门口饭店夜间违规使用液化气罐，气味很大",
    "工地夜间焊接没有接火盆，下面堆着木板",
    "加油站旁边有人吸烟，工作人员没有制止",
    "楼道里长期停放电动车充电，消防通道被堵",
    "厂里让没有证的人开叉车",
    "仓库把安全出口锁上了，里面有十几个人干活",
    "矿车超员拉人下井",
    "化工厂晚上排放刺鼻气体，报警器一直响没人管",
    "上个月厂里有人受伤一直没有上报",
    "商场顶层装修把喷淋头包住了",
    "村口废品站堆放大量气瓶",
    "校车超员，司机打电话",
];

/// What a violation looked like.
pub const VIOLATIONS: &[&str] = &[
    "未系安全带登高作业",
    "未佩戴安全帽进入作业区域",
    "设备运转中伸手清理物料",
    "擅自摘除设备防护罩",
    "特种作业无证上岗",
    "交接班未检查现场擅自离岗",
    "当班饮酒后上岗",
    "指挥员工在未检测的有限空间作业",
];

/// Problems that no unit solves alone.
pub const PROBLEMS: &[&str] = &[
    "城乡结合部老旧燃气管网产权不清，改造资金无法落实",
    "物流园区多家单位混用一个出入口，消防通道管理责任不明",
    "跨镇道路急弯陡坡段防护设施缺失，涉及两个镇和交通部门",
    "停产矿区周边民用水井下降，监测责任单位不明确",
];

/// Words for a field that no other list serves, by the beginning of its code.
pub fn words(code: &str) -> &'static [&'static str] {
    match code {
        "what" => &[
            "重点工作推进缓慢，多次督促仍未按期完成",
            "对检查发现的问题整改不力",
            "安全生产责任落实不到位，隐患反复出现",
        ],
        "headline" => &["某企业安全通道堵塞被责令整改", "某工地违规动火被立案查处"],
        "demands" | "list_demands" => &[
            "立即整改，整改期间落实专人看护，确保安全",
            "制定整改方案，明确责任人和时限，按期完成并书面反馈",
            "举一反三，对同类问题全面排查",
        ],
        "plan_measures" | "measures" => &[
            "更换失效部件，委托有资质单位检测合格后投入使用",
            "停用相关设备，设置警戒，安排专业队伍维修",
            "清理现场，恢复原状，完善管理制度并组织培训",
        ],
        "plan_responsible" | "responsible" => &["安全生产部负责人", "设备科科长", "分管副总经理"],
        "plan_emergency" => &["设置警戒区域，配备应急物资，异常时立即撤人并报告"],
        "progress" => &[
            "已完成采购，正在安装调试",
            "已制定方案并完成招标，预计下周进场",
            "已完成八成，剩余部分正在施工",
        ],
        "extend_reason" => &["设备需定制，供货周期较长", "施工受天气影响，工期顺延"],
        "result" => &[
            "已按要求完成整改，现场验收合格",
            "已更换设备并完成调试，运行正常",
        ],
        "reinspection_note" | "reinspection" => {
            &["经现场复查，整改措施已落实", "经复查，部分问题未整改到位"]
        }
        "spot" => &[
            "生产车间东侧",
            "仓库二层",
            "罐区南侧",
            "办公楼一层",
            "配电室",
        ],
        "reason" => &["情况核实后按规定办理", "经研究，按有关规定处理"],
        "public_text" | "text" => {
            &["经检查发现，该单位安全生产主体责任不落实，现予以公开曝光，请引以为戒。"]
        }
        "answer" => &["您反映的问题已核查处理，感谢您对安全生产工作的监督"],
        "facts" => &["经查阅资料、询问有关人员、现场核查，基本事实清楚"],
        "minutes" | "record" => &["会议听取了情况汇报，分析了原因，明确了整改措施和时限"],
        _ => &["已按要求办理", "情况属实，按规定落实", "现场情况与记录一致"],
    }
}
