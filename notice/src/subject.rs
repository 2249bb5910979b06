//! Who a clause names as the one who must act: 各镇（街道）要…, 由区应急局会同…, 区政府负责人带头….

use crate::numerals::starts;
use crate::sentence::Nest;
use crate::text::{Healed, Para};
use crate::words::{adverb_at, verb_at};

/// Longest subject, in characters.
const SUBJECT_MAX: usize = 80;

/// Ends of names that need nothing else to be believed.
const TAILS: &[&str] = &[
    "单位",
    "部门",
    "政府",
    "企业",
    "公司",
    "集团",
    "中心",
    "大队",
    "支队",
    "总队",
    "中队",
    "指挥部",
    "委员会",
    "办公室",
    "小组",
    "专班",
    "管委会",
    "学校",
    "医院",
    "机构",
    "协会",
    "街道",
    "社区",
    "办事处",
    "安委会",
    "安委办",
    "专委会",
    "（街道）",
    "（镇）",
    "（乡）",
    "（社区）",
    "（村）",
    "（园区）",
    "（办）",
    "（中心）",
    "（市、区）",
    "（县、区）",
    "（区）",
    "（市）",
    "（县）",
    "（旗）",
    "（乡镇）",
    "（幼儿园）",
    "（园）",
    "乡镇",
    "镇街",
    "园区",
    "开发区",
    "街办",
    "村居",
    "村委会",
    "居委会",
    "县区",
    "县市区",
    "党委",
    "党组",
    "党工委",
    "主体",
    "行业协会",
    "成员单位",
    "商会",
    "工会",
    "团委",
    "妇联",
    "法院",
    "检察院",
    "供电公司",
    "物业",
    "网格员",
    "网格",
    "负责人",
    "负责同志",
    "领导干部",
    "副职",
    "责任人",
    "党政领导",
    "班子成员",
    "主要领导",
    "分管领导",
    "专家组",
    "工作组",
    "检查组",
    "煤矿",
    "矿山",
    "门店",
    "商场",
    "酒店",
    "景区",
    "幼儿园",
    "工地",
    "项目部",
    "总承包",
    "业主",
    "经营者",
    "分局",
    "消防救援局",
    "场所",
    "影院",
    "超市",
    "养老机构",
    "共青团",
    "个人",
    "驾驶人",
    "驾驶员",
    "护林员",
    "安全员",
    "校长",
    "园长",
    "河长",
    "林长",
    "楼长",
    "村干部",
    "物业公司",
    "经营户",
    "物业服务企业",
];
/// Ends that are believed when the name begins as names of units do.
const SHORT: &[&str] = &[
    "局", "委", "办", "厅", "部", "处", "站", "所", "院", "校", "会", "镇", "乡", "村", "队", "县",
    "区", "市", "街", "厂", "矿", "台",
];
/// Beginnings of names of units.
const HEADS: &[&str] = &[
    "各",
    "任何",
    "所有",
    "州",
    "盟",
    "新区",
    "开发区",
    "度假区",
    "园区",
    "矿区",
    "管委会",
    "全体",
    "使用单位",
    "区",
    "县",
    "市",
    "省",
    "镇",
    "乡",
    "旗",
    "相关",
    "有关",
    "负有",
    "行业",
    "属地",
    "辖区",
    "企业",
    "生产经营",
    "主管",
    "责任",
    "牵头",
    "成员",
    "村",
    "社区",
    "基层",
    "街道",
    "重点",
    "应急",
    "公安",
    "住建",
    "住房",
    "交通",
    "教育",
    "卫健",
    "民政",
    "文旅",
    "商务",
    "市场监管",
    "自然资源",
    "农业",
    "水务",
    "水利",
    "消防",
    "气象",
    "所有",
    "全区",
    "全县",
    "全市",
    "上述",
    "其他",
    "分管",
    "党委",
    "安委",
    "矿山",
    "施工",
    "建设",
    "监理",
    "用人",
    "燃气",
    "物业",
    "高层",
    "学校",
    "医疗",
    "危险化学品",
    "工贸",
    "主要负责",
    "项目",
];
/// Words behind a subject that begin what it must do.
const THEN: &[&str] = &[
    "要",
    "应",
    "须",
    "需",
    "都",
    "均",
    "也要",
    "会同",
    "联合",
    "对",
    "将",
    "把",
    "结合",
    "针对",
    "按",
    "根据",
    "每",
    "至少",
    "必须",
    "不得",
    "严禁",
    "向",
    "于",
    "在",
    "以",
    "分别",
    "之间要",
    "未经",
    "一律",
    "年底前",
    "可",
    "定期",
    "及时",
    "进一步",
    "严格",
    "全面",
    "切实",
    "认真",
    "共同",
    "具体",
    "主要负责",
    "围绕",
    "聚焦",
    "依托",
    "依据",
    "为主",
    "参照",
    "利用",
    "通过",
    "请",
    "上半年",
    "下半年",
    "年底",
    "年内",
    "全年",
    "月底",
    "带队",
    "予以",
    "给予",
];

/// The subject of a clause: where it stands and the names in it.
pub fn find(
    healed: &Healed<'_>,
    p: &Para,
    from: usize,
    to: usize,
    nest: &Nest,
) -> Option<(usize, usize, Vec<String>)> {
    let s = &p.norm[..to];
    let mut a = from;
    for w in [
        "并由",
        "再由",
        "由",
        "请",
        "同时",
        "其中",
        "原则上",
        "并请",
        "会议要求，",
        "会议要求",
        "要求",
    ] {
        if starts(s, a, w) {
            a += w.chars().count();
            break;
        }
    }
    // 防火期内各护林站…, 节日期间各单位…: who must act stands behind the stage.
    if let Some(k) = (a + 2..to.min(a + 14)).find(|&k| {
        ["期内", "期间", "时段", "时期"]
            .iter()
            .any(|w| k >= a + 2 && starts(s, k - 2, w) && HEADS.iter().any(|h| starts(s, k, h)))
    }) && !s[a..k].iter().any(|c| matches!(c, '，' | '：'))
    {
        a = k;
    }
    let by = a > from && s[a - 1] == '由';
    if a >= to || opens_otherwise(s, a) {
        return None;
    }
    let end = name_end(s, a, nest, by)?;
    // 每个村至少建立1处 says for each of what, not who.
    // 巡查任务纳入网格: a verb that stands in no name.
    const HARD: &[&str] = &[
        "实行", "推行", "纳入", "列入", "制定", "建立", "开展", "完成", "加强", "推进", "推动",
        "提升", "强化", "深化", "健全", "完善", "确保", "实现", "召开", "报送", "上报", "采取",
        "采用", "利用", "运用", "做好", "签订", "印发", "发放", "报告", "进入", "落实", "达到",
    ];
    if (a + 1..end).any(|k| {
        !nest.inside(k) && HARD.iter().any(|w| starts(s, k, w)) && !s[k..end].contains(&'的')
    }) {
        return None;
    }
    let inner = |c: &char| {
        matches!(
            c,
            '每' | '由' | '将' | '把' | '请' | '被' | '于' | '向' | '内'
        )
    };
    // 突发事件发生后1小时内向县委…: a place in time, no name. 后勤 and 内设 are parts of names.
    let timed = (a..end).any(|k| {
        crate::numerals::arabic(s[k]).is_some()
            && s[k..end]
                .iter()
                .take(6)
                .any(|c| matches!(c, '时' | '日' | '月'))
            || s[k] == '后' && !starts(s, k, "后勤")
    });
    if timed {
        return None;
    }
    let inner = |c: &char| {
        inner(c)
            && !(*c == '内'
                && (a..end).any(|k| {
                    starts(s, k, "内设") || starts(s, k, "辖区内") || starts(s, k, "境内")
                }))
    };
    if s[a..end].iter().any(inner) || crate::numerals::arabic(s[a]).is_some() {
        return None;
    }
    let mut names = names(healed, p, a, end);
    if names.is_empty() || names.iter().any(|n| n.chars().count() > 40) {
        return None;
    }
    let mut stop = end;
    for w in ["会同", "联合"] {
        if starts(s, end, w)
            && let Some(e) = name_end(s, end + 2, nest, true)
        {
            names.extend(self::names(healed, p, end + 2, e));
            stop = e;
        }
    }
    Some((a, stop, names))
}

fn names(healed: &Healed<'_>, p: &Para, from: usize, to: usize) -> Vec<String> {
    let words = healed.tight(p, from, to);
    let mut out: Vec<String> = Vec::new();
    for n in crate::units::split_names(&words) {
        let n = crate::units::strip_etc(&n).0.to_string();
        // 各镇和各单位: two names, when both sides look like one.
        let parts: Vec<&str> = n
            .split(['和', '及', '与'])
            .map(|x| x.trim_start_matches('以'))
            .collect();
        if parts.len() > 1 && parts.iter().all(|x| crate::units::looks_like_unit(x)) {
            out.extend(parts.iter().map(|x| (*x).to_string()));
        } else {
            out.push(n);
        }
    }
    out.retain(|n| !n.is_empty());
    out.dedup();
    out
}

/// Clauses that open with a preposition or with a verb whose object would be taken for a subject.
fn opens_otherwise(s: &[char], a: usize) -> bool {
    if [
        "对",
        "在",
        "将",
        "把",
        "以",
        "针对",
        "按照",
        "按",
        "根据",
        "通过",
        "为",
        "从",
        "与",
        "向",
        "确保",
        "让",
        "使得",
        "使其",
        "凡",
        "每",
        "如",
        "若",
        "不",
        "以及",
        "包括",
        "于",
        "至少",
        "其中",
        "主要负责人",
        "其他负责人",
        "分管负责人",
        "党政主要",
        "主要领导",
        "分管领导",
        "班子成员",
        "责任人",
        "年底",
        "年内",
        "今年",
        "上半年",
        "下半年",
        "到",
        "至",
        "力争",
    ]
    .iter()
    .any(|w| starts(s, a, w))
    {
        return true;
    }
    if (verb_at(s, a) || adverb_at(s, a)) && !starts(s, a, "重点") {
        let compound = [
            "牵头", "建设", "监管", "配合", "承办", "联系", "管理", "检测", "检验", "维修", "服务",
            "参加", "培训", "审批", "保障", "排查", "整治", "使用", "维护", "经营", "施工", "生产",
            "监理", "设计", "勘察", "承包", "出租", "运营", "执法", "储存", "运输", "销售", "救援",
            "维保", "统筹", "包保", "救助", "保护",
        ];
        // 维护保养单位, 检验检测机构: two verbs that name what a unit does.
        let double = compound.iter().any(|w| starts(s, a, w))
            && [
                "保养", "检测", "经营", "施工", "设计", "储存", "监管", "管理", "检验",
            ]
            .iter()
            .any(|w| starts(s, a + 2, w))
            && ["单位", "部门", "机构", "企业"]
                .iter()
                .any(|w| starts(s, a + 4, w));
        let as_name = compound.iter().any(|w| starts(s, a, w))
            && ["单位", "部门", "机构", "企业", "负责事故", "责任单位"]
                .iter()
                .any(|w| starts(s, a + 2, w));
        return !(as_name || double);
    }
    false
}

/// Whether what stands behind a name only makes it longer: 管委会|应急局, 区消防|救援大队.
fn longer(s: &[char], k: usize) -> bool {
    const MORE: &[&str] = &[
        "应急", "建设", "监管", "监督", "管理", "教育", "宣传", "公安", "执法", "规划", "发展",
        "服务", "统计", "审批", "检察", "防控", "防范", "救援", "维护", "调度", "保障",
    ];
    MORE.iter().any(|w| starts(s, k, w))
        && (k + 3..=s.len().min(k + 12)).any(|e| {
            const ENDS: &[&str] = &["局", "委", "办", "科", "室", "站", "所", "队", "院", "中心"];
            let plain = s[k + 1..e]
                .iter()
                .all(|c| !matches!(c, '，' | '、' | '的' | '要' | '应' | '向' | '对'));
            plain
                && ENDS.iter().any(|w| starts(s, e - w.chars().count(), w))
                && (e == s.len()
                    || s[e] == '、'
                    || THEN.iter().any(|w| starts(s, e, w))
                    || verb_at(s, e)
                    || crate::numerals::arabic(s[e]).is_some())
        })
}

fn name_end(s: &[char], a: usize, nest: &Nest, by: bool) -> Option<usize> {
    let headed = HEADS.iter().any(|w| starts(s, a, w));
    let stop = s.len().min(a + SUBJECT_MAX);
    // Only verbs inside a name that does not begin as names do give it away.
    let mut verbs = 0usize;
    for k in a + 1..=stop {
        if nest.quoted(k - 1) || matches!(s[k - 1], '，' | '。' | '；' | '：') {
            return None;
        }
        if verb_at(s, k - 1) && !adverb_at(s, k - 1) && k - 1 > a {
            verbs += 1;
        }
        if !(headed || by) && verbs > 1 {
            return None;
        }
        let ends = |w: &&str| {
            let n = w.chars().count();
            k >= a + n && k - a >= n.max(2) && starts(s, k - n, w)
        };
        let strong = TAILS.iter().any(&ends);
        let short = (headed || by) && SHORT.iter().any(ends);
        if !(strong || short) {
            continue;
        }
        if k >= s.len()
            || (s[k - 1] == '主' && s[k] == '要')
            || starts(s, k, "主要负责人")
            || starts(s, k, "主要领导")
            || starts(s, k, "负责人")
            || starts(s, k, "负责同志")
        {
            continue;
        }
        let dated = crate::numerals::arabic(s[k]).is_some()
            && (strong || short && k - a >= 4)
            && s[k..s.len().min(k + 6)]
                .iter()
                .any(|c| matches!(c, '年' | '月'));
        if longer(s, k) {
            continue;
        }
        if dated || THEN.iter().any(|w| starts(s, k, w)) || verb_at(s, k) {
            // 各部门监督管理职责: a name goes on where a verb is followed by 职责 or 工作.
            if verb_at(s, k)
                && !adverb_at(s, k)
                && [
                    "职责",
                    "责任",
                    "工作机制",
                    "能力",
                    "水平",
                    "人员",
                    "部门",
                    "单位",
                    "体系",
                    "机构",
                    "主体责任",
                    "力量",
                    "企业",
                    "公司",
                    "中心",
                    "场所",
                    "组织",
                    "队伍",
                    "局",
                    "站",
                ]
                .iter()
                .any(|w| starts(s, k + 2, w))
            {
                if [
                    "部门", "单位", "机构", "人员", "企业", "公司", "中心", "场所", "组织", "队伍",
                    "局", "站",
                ]
                .iter()
                .any(|w| starts(s, k + 2, w))
                {
                    continue;
                }
                return None;
            }
            return Some(k);
        }
        // 等单位, 等部门
        for w in ["等有关部门", "等相关部门", "等单位", "等部门"] {
            if starts(s, k, w) {
                let e = k + w.chars().count();
                if THEN.iter().any(|t| starts(s, e, t)) || verb_at(s, e) {
                    return Some(e);
                }
            }
        }
    }
    None
}
