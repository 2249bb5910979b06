export default {
  title: '管理', sample: '示例数据', saved: '已保存', noted: '我已记下', yes: '是', no: '否',
  orgs: {
    title: '单位', sub: '区、委员会、部门、镇街、村（社区）、网格和企业', tree: '单位树', way: '所在位置', children: '下级单位', add: '新增单位', edit: '修改 {name}', search: '按名称、别名、代码查找', found: '找到 {n} 个单位',
    kind: '类别', parent: '上级单位', name: '名称', short: '简称', en: '英文名', aliases: '别名', addAlias: '添加别名', aliasesHint: '通知里的其他叫法，如“应急局”。读通知时据此对应到单位。', code: '代码', sectors: '行业', lon: '经度', lat: '纬度', halfPlace: '经度和纬度要么都填，要么都不填',
    closed: '已撤销（不再分解新的责任）', closedTag: '已撤销', people: '人员', peopleN: '{n} 人', duties: '责任', dutiesLink: '查看本单位及下级', childrenN: '下级', noChildren: '没有下级单位', more: '只显示前 {shown} 个，共 {n} 个；请用查找缩小范围',
  },
  people: {
    title: '人员', sub: '登录账号和职务', search: '按姓名、账号查找', add: '新增人员', create: '新增并生成一次性密码', edit: '修改 {name}', name: '姓名', login: '账号', loginHint: '2 到 40 个字母、数字、点或横线，建立后不能更改',
    positions: '职务', org: '单位', role: '角色', addPosition: '再加一个职务', dropPosition: '去掉这个职务', mainHint: '第一个职务为主要职务。', disable: '停用账号（立即退出登录）',
    state: '状态', active: '正常', disabled: '已停用', locked: '锁定至 {at}', totp: '两步验证', last: '最近登录', never: '从未登录', act: '操作', reset: '重置密码',
    resetTitle: '重置密码', resetHint: '原密码立即失效，并生成新的一次性密码；本人下次登录时须改为自己的密码。', secret: '一次性密码', secretHint: '请当面或用可靠方式告知本人。关闭后不再显示，忘记时只能重新生成。',
  },
  authority: { title: '权限表', sub: '每个角色能做什么、管到哪里。系统只按这张表放行', legend: '范围', command: '事项', none: '不允许', hint: '权限表写在程序中并逐格测试，页面只供查看。一人兼任多个职务时，权限相加。' },
  things: {
    title: '登记对象', sub: '企业、场所、物资等基础数据', kind: '类别', search: '按名称查找', name: '名称', org: '所属单位', fields: '主要信息', place: '坐标', noPlace: '未标注', empty: '还没有登记对象', emptyHint: '先选类别，再下载模板，填好后导入。',
    importButton: '导入', kindFirst: '请先在左边选择类别', importTitle: '导入{kind}', template: '下载填写模板', columns: '填写说明（{n} 列）', must: '必填', formats: 'Excel（.xlsx）、CSV 或 GeoJSON', checking: '正在核对…', another: '{name}（点击换一个文件）',
    rows: '共 {n} 行', good: '可导入 {n} 行', bad: '有问题 {n} 行', row: '行', column: '列', wrong: '问题', partial: '先导入没有问题的 {n} 行，有问题的改好后再导入', preview: '前 {n} 行预览', import: '导入 {n} 行', importNone: '导入', fixFirst: '请改好文件后重新选择，或勾选上面的选项。', imported: '已导入 {n} 行',
    type: { string: '文字', integer: '整数', number: '数字', boolean: '是或否', date: '日期，如 2026-03-01', choice: '从下列中选一项', array: '多项，用顿号分隔' },
  },
  tokens: {
    title: '接口令牌', sub: '供其他程序接入', hint: '令牌供程序调用接口，只能做勾选的事项，到期自动失效。', issue: '签发令牌', name: '名称', nameHint: '写明用途，如“气象数据接入”', commands: '可做的事项', expires: '有效期至', expired: '已过期', last: '最近使用', never: '从未使用', created: '{day} 签发',
    days: '有效天数', day: '天', revoke: '吊销', revokeTitle: '吊销令牌', revokeHint: '使用它的程序立即无法接入，不能恢复。', secret: '新令牌', secretHint: '请立即复制到程序的配置中。关闭后不再显示。', empty: '还没有令牌',
  },
  rulebook: {
    title: '规则', sub: '行业监管分工、督办阶梯和工作日历', sectors: '行业监管分工', sector: '行业', lead: '主管部门', support: '配合部门', certain: '依据', yes: '已核实', unsure: '待核实', unsureOnly: '只看待核实（{n}）', newTrade: '新业态', search: '查找行业或部门',
    before: '到期前 {n} 个工作日', days: '{n} 天', yuan: '{n} 万元以上', people: '{n} 人以上', ladder: '督办阶梯', after: '逾期第 {n} 个工作日', letter: '文书：{name}', letters: { reminder: '提醒函', circular: '通报', interview: '约谈通知', supervision: '挂牌督办通知' },
    calendar: '工作日历', import: '导入日历', year: '年度', holidays: '放假', workdays: '调休上班', source: '依据', run: '{from} 至 {to}（{n} 天）', importTitle: '导入节假日安排', importHint: '每行一个日期：2027-01-01,holiday 为放假，2027-01-09,workday 为调休上班。周末无需列出。', paste: '或者直接粘贴', check: '核对', apply: '用于 {year} 年', imported: '{year} 年日历已更新',
    accidents: '事故等级', grade: '等级', accident: { deaths_min: '死亡', injuries_min: '重伤', loss_min_yuan: '直接经济损失', deaths: '死亡（人）', dead: '死亡', injuries: '重伤（人）', injured: '重伤', loss: '直接经济损失', source: '依据', grade: '等级' },
  },
  audit: {
    title: '审计', sub: '登录和管理操作，全部来自台账', all: '全部 {n} 条', empty: '还没有记录。', ledger: '打开台账',
    kinds: { 'session_signed-in': '登录', session_refused: '登录被拒', person_added: '新增人员', person_changed: '修改人员', 'person_password-set': '密码变更', org_added: '新增单位', org_changed: '修改单位', token_issued: '签发令牌', token_revoked: '吊销令牌', thing_added: '新增登记对象', calendar_imported: '导入日历' },
  },
}
