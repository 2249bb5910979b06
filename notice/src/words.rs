//! The vocabulary of official demands: verbs that ask for something, words that only lead up to it.
//! One list per question, so that a new wording is one more word here.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Two-character verbs that open a demand, parted by blanks.
const VERBS: &str = "\
制定 制订 编制 修订 修编 拟定 出台 印发 下发 发布 公布 公示 公开 曝光 通报 约谈 问责 追究 移送 处罚 处理 处置 查处 查封 关停 \
建立 建设 建成 建造 新建 改建 扩建 设立 设置 成立 组建 组织 召开 举办 举行 开展 开办 开设 开辟 实施 实行 推行 推进 推动 推广 \
加强 强化 深化 深入 完善 健全 优化 规范 严格 严控 严管 严查 严打 严惩 从严 落实 压实 夯实 筑牢 织密 守牢 守住 把好 把牢 树牢 牢固 \
明确 厘清 理顺 划定 划分 界定 细化 分解 确定 明晰 公告 承接 承担 履行 履职 担负 负责 牵头 带头 配合 协同 协调 协助 统筹 统一 \
排查 摸排 排摸 摸清 核查 检查 抽查 督查 督导 督促 督办 巡查 巡检 巡护 监督 监管 监测 监控 预警 预报 研判 评估 评价 评定 评审 考核 考评 \
整改 整治 治理 消除 化解 防范 防控 防止 预防 杜绝 避免 遏制 打击 取缔 关闭 清理 清零 清查 清退 拆除 查纠 解决 破解 纠正 攻坚 \
宣传 宣讲 宣贯 学习 传达 贯彻 领会 教育 培训 轮训 演练 演习 练兵 竞赛 比武 考试 测试 指导 帮扶 服务 辅导 引导 动员 发动 鼓励 支持 \
提升 提高 提质 增强 增加 扩大 加大 加快 加密 加速 改进 改造 改善 改革 升级 更新 更换 淘汰 替代 配备 配齐 配强 配置 补充 补齐 充实 \
报送 上报 报告 报备 备案 登记 填报 汇报 反馈 公函 录入 上传 汇总 建档 归档 留存 记录 统计 分析 总结 梳理 汇聚 整合 融合 共享 \
储备 储存 调拨 调度 调配 保障 落地 确保 保证 保持 保护 维护 维修 养护 检测 检验 检修 鉴定 验收 审查 审核 审批 审议 审验 许可 \
安装 加装 接入 联网 对接 打通 打造 打牢 构建 搭建 培育 培养 创建 创新 探索 试点 示范 选树 评选 表彰 奖励 激励 聘请 选派 选聘 \
成为 实现 完成 达到 做好 做到 做实 做细 抓好 抓实 抓细 抓紧 紧盯 聚焦 突出 注重 坚持 坚决 坚守 巩固 拓展 延伸 延长 纳入 列入 融入 \
运用 利用 应用 使用 采用 采取 引入 引进 启用 启动 编印 印制 制作 发放 张贴 悬挂 播放 刊播 开通 畅通 疏通 公开 收集 征集 受理 核实 核定 \
限制 控制 管控 封闭 封堵 隔离 转移 撤离 疏散 救援 救助 抢修 抢险 值守 值班 关注 掌握 了解 走访 入户 上门 包保 包联 挂牌 联合 会同 会商 \
提请 提交 申报 申请 争取 投入 安排 列支 拨付 提取 购买 投保 参保 签订 签署 承诺 遵守 执行 依法 追责 倒查 惩戒 惩处 吊销 暂停 停产 停业 \
修复 加固 疏浚 清淤 清运 除险 迁建 搬迁 避让 绿化 美化 种植 收购 回收 处分 熟悉 汲取 吸取 举一 发挥 形成 营造 激发 促进 助力 结合 深度 持续 \
参加 参与 出席 观看 接受 主动 缴纳 公正 调整 调查 调研 复查 复核 复盘 回访 回头 抽检 送检 跟踪 跟进 盯办 销号 办理 办结 交办 转办 移交 \
聚力 着力 着眼 全面 大力 积极 加紧 加固 充分 稳步 扎实 切实 优先 有序 科学 合理 精准 定期 及时 立即 务必 必须 认真 \
试行 复制 贯通 衔接 支撑 赋能 盘活 挖掘 引育 招录 补贴 减免 清偿 发展 壮大 布局 规划 选址 供应 供给 抽取 比对 标注 标识 设计 研发 开发 推出 \
修编 编撰 编写 起草 论证 征求 听取 研究 部署 谋划 召集 主持 轮流 领导 包抓 联系 点评 晒出 亮牌 提醒 函告 警示 教育 曝光 受教 逢查 评查 抽考";

/// Words that only lead up to a demand: how, not what.
const ADVERBS: &str = "\
聚力 着力 着眼 全面 大力 积极 加紧 充分 稳步 扎实 切实 优先 有序 科学 合理 精准 定期 及时 立即 务必 必须 认真 持续 深度 依法 坚决 主动 \
深入 从严 严格 突出 注重 坚持 结合 聚焦 紧盯 牢固 公正 统筹 全力 继续 适时 广泛 逐步 尽快 常态 不断 进一 有力 有效 重点 分别 共同 因地 力争";

/// One-character verbs that may open a demand when something follows them.
pub const SINGLE: &[char] = &[
    '抓', '建', '设', '配', '报', '查', '改', '治', '管', '选', '派', '送', '学', '讲', '用', '做',
    '办', '定', '明', '促', '保', '防', '控', '将', '把',
];

fn set(
    words: &'static str,
    cell: &'static OnceLock<HashSet<(char, char)>>,
) -> &'static HashSet<(char, char)> {
    cell.get_or_init(|| {
        words
            .split_whitespace()
            .filter_map(|w| {
                let mut c = w.chars();
                Some((c.next()?, c.next()?))
            })
            .collect()
    })
}

/// Whether a verb of demand stands at `at`.
pub fn verb_at(s: &[char], at: usize) -> bool {
    static CELL: OnceLock<HashSet<(char, char)>> = OnceLock::new();
    at + 1 < s.len() && set(VERBS, &CELL).contains(&(s[at], s[at + 1]))
}

/// Whether a word that only says how stands at `at`.
pub fn adverb_at(s: &[char], at: usize) -> bool {
    static CELL: OnceLock<HashSet<(char, char)>> = OnceLock::new();
    at + 1 < s.len() && set(ADVERBS, &CELL).contains(&(s[at], s[at + 1]))
}

/// Openings of sentences that tell, and demand nothing.
pub const TELLING: &[&str] = &[
    "近年来",
    "近年",
    "近期，",
    "近日",
    "当前",
    "目前",
    "今年以来",
    "去年",
    "一直以来",
    "截至目前",
    "据统计",
    "据通报",
    "特制定",
    "现将",
    "现就",
    "经研究",
    "经区",
    "经县",
    "经市",
    "本方案",
    "本通知",
    "本办法",
    "本意见",
    "本要点",
    "本计划",
    "本细则",
    "本规定",
    "附件",
    "联系人",
    "联系电话",
    "电子邮箱",
    "此件",
    "抄送",
    "特此",
    "主要目标如下",
    "为认真",
    "为深入",
    "为全面",
    "为切实",
    "为进一步",
    "为扎实",
    "为有效",
    "为贯彻",
    "为加强",
    "以习近平",
    "为推动",
    "为确保",
    "根据《",
    "按照《",
    "为做好",
    "为持续",
    "传真",
];

/// Ends of sentences that announce what follows.
pub const ANNOUNCING: &[&str] = &[
    "如下",
    "如下：",
    "制定本方案",
    "制定本计划",
    "制定本要点",
    "制定本意见",
    "制定如下",
    "以下方案",
    "以下措施",
    "以下工作：",
    "以下几点：",
    "以下要求：",
    "请认真贯彻执行",
    "请认真贯彻落实",
    "请遵照执行",
    "请结合实际认真贯彻落实",
    "请结合实际抓好贯彻落实",
    "请认真组织实施",
    "方案如下：",
    "特制定本方案",
    "特制定如下方案",
];

/// Titles under which stands why, not what.
pub const WHY_TITLES: &[&str] = &[
    "指导思想",
    "总体思路",
    "基本原则",
    "工作原则",
    "总体要求",
    "工作背景",
    "编制依据",
    "编制目的",
    "适用范围",
    "工作目标",
    "总体目标",
    "主要目标",
    "行动目标",
    "目标任务",
    "整治目标",
    "面临形势",
    "形势分析",
    "重要意义",
    "重大意义",
    "思路目标",
];

/// Openings of clauses that set the scene for the clause after them.
pub const SCENE: &[&str] = &[
    "针对",
    "围绕",
    "聚焦",
    "根据",
    "按照",
    "依据",
    "依托",
    "对照",
    "对标",
    "结合",
    "以",
    "在",
    "通过",
    "利用",
    "运用",
    "为",
    "对",
    "于",
    "立足",
    "坚持",
    "紧扣",
    "紧紧围绕",
    "充分利用",
    "综合运用",
    "充分发挥",
    "从",
    "自",
    "由",
    "本着",
    "遵循",
    "着眼",
    "参照",
    "借助",
    "涉及",
    "因地制宜",
];
