//! Phrases of a working day. None names a person or a real enterprise.

/// Beside accepted evidence; empty most of the time, as in life.
pub const ACCEPTED: &[&str] = &[
    "",
    "",
    "",
    "",
    "材料齐全，予以认可。",
    "已核。",
    "同意销号。",
];

/// Why evidence goes back.
pub const RETURNED: &[&str] = &[
    "缺少签到表，请补充后重新报送。",
    "佐证与任务要求不符，请补充现场照片。",
    "会议纪要未加盖公章，请补正。",
    "数据与上月台账不一致，请核对后重报。",
    "未写明整改责任人和完成时限，请补充。",
    "附件无法看清，请重新上传。",
];

/// Why a duty is waived.
pub const WAIVED: &[&str] = &[
    "辖区内无此类对象，经区安委办核实予以免除。",
    "该项工作由上级部门统一组织，本单位不再单独实施。",
    "机构职能调整，任务已并入其他责任单位。",
    "已由市级部门同步完成，避免重复报送。",
];

/// Why a waiver is taken back.
pub const UNWAIVED: &str = "情况发生变化，恢复该项责任。";

/// What a reminder says.
pub const REMINDED: &[&str] = &[
    "该项任务已逾期，请抓紧落实并报送佐证。",
    "请于三个工作日内完成并说明逾期原因。",
    "请主要负责人过问此项工作。",
];

/// Beside evidence filed in time.
pub const FILED: &[&str] = &[
    "已按要求完成，佐证材料见附件。",
    "按方案组织实施，台账已建立。",
    "已完成，相关材料存档备查。",
    "如期完成，见附件。",
    "",
];

/// Beside evidence filed late.
pub const LATE: &[&str] = &[
    "因人员调整有所延误，现已补齐。",
    "受天气影响推迟，已完成。",
    "前期材料不全，补报。",
];

/// Beside evidence filed again.
pub const AGAIN: &str = "已按审核意见补充完善，重新报送。";

/// Topics beside the duty's own.
pub const DECIDED: &[&str] = &[
    "会议传达了上级要求，明确了责任分工和完成时限。",
    "会议通报了前期进展，研究了存在问题的解决办法。",
    "会议部署了下一步工作，要求逐项销号、按期报送。",
];

/// Problems on the leaders' list (article 六).
pub const PROBLEMS: &[&str] = &[
    "镇（街道）应急管理站专职人员不足",
    "基层执法记录设备短缺",
    "区级应急物资库面积不足",
    "森林防火检查站无供电",
    "老旧小区消防水源不足",
    "重点路段隐患整治经费缺口",
    "应急广播村级终端覆盖不全",
    "监管执法车辆老化",
    "矿山远程监测数据接入不全",
    "专职消防队营房条件差",
    "救援队伍人身意外保险未落实",
    "村（社区）避难场所标识缺失",
    "危化品停车场选址未定",
    "执法人员专业培训经费不足",
];

/// What became of them.
pub const SOLVED: &[&str] = &[
    "经区政府专题会议研究，已落实经费并组织实施。",
    "已调剂补充到位，形成长效机制。",
    "设备已采购到货并投入使用。",
    "已协调相关部门办结。",
];

/// Follow-ups of study.
pub const FOLLOWUPS: &[&str] = &[
    "制定贯彻落实措施并报区安委办备查",
    "组织重点岗位人员专题培训",
    "对照要求开展一次自查",
];

/// Gates of a project, in order.
pub const GATES: &[&str] = &["立项", "开工", "验收", "移交"];

/// Why an item is dropped.
pub const DROPPED: &str = "与已列事项重复，合并办理。";
