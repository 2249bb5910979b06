export default {
  name: '安澜', tagline: '安全生产责任落实与应急管理平台',
  skip: '跳到主要内容', nav: '主导航', more: '更多', account: '账号', theme: '切换深色或浅色', language: 'English', search: '搜索', keys: '快捷键', sign_out: '退出登录',
  live: { live: '实时', connecting: '正在重新连接', off: '未连接', hint: '页面随数据变化自动更新' },
  kinds: { district: '区', committee: '委员会', headquarters: '指挥部', department: '部门', town: '镇街', village: '村（社区）', grid: '网格', enterprise: '企业' },
  roles: { admin: '系统管理员', auditor: '审计员', leader: '区领导', office: '安委办', regulator: '部门监管员', town: '镇街应急员', village: '村（社区）安全员', grid: '网格员', enterprise: '企业主要负责人', safety: '企业安全管理人员', duty: '值班员', media: '融媒体中心' },
  missing: { title: '没有这个页面', hint: '地址可能写错了，或者页面已经移走。', home: '回到首页' },
  palette: {
    title: '搜索全部', placeholder: '搜责任、隐患、事故、通知、条款、单位、人员、台账…', none: '没有找到“{q}”，换一个词试试', begin: '输入两个字以上开始搜索。上下键选择，回车打开。',
    kinds: { duty: '责任', notice: '通知', article: '条款', org: '单位', person: '人员', thing: '对象', fact: '台账', loop: '闭环' },
  },
  keysheet: { title: '快捷键', search: '搜索全部', go: '前往', list: '列表中下移、上移、打开', select: '选择一行', this: '打开本表', close: '关闭窗口' },
  signin: {
    title: '登录', login: '账号', password: '密码', submit: '登录', code: '动态验证码', code_hint: '请输入验证器应用中的 6 位数字', demo: '演示账号', demo_hint: '这是示例数据，点选一个身份即可登录。企业与人员均为虚构。',
    locked: '尝试次数过多，请 {s} 秒后再试', ended: '登录已过期，请重新登录；未提交的内容仍保留在本机。', other: '换一个账号', pick: '以此身份登录', filter: '筛选身份',
    must_change: '请先设置自己的密码', must_hint: '当前使用的是一次性密码，设置新密码后才能继续。', unknown_password: '演示账号共用一个密码，程序启动时已在终端显示，请输入。',
  },
  me: {
    title: '我的账号', positions: '我的职务', password: '修改密码', old: '当前密码', fresh: '新密码', again: '再次输入新密码', change: '修改密码', changed: '密码已修改',
    rule: '至少 10 位，包含字母、数字、符号中的两种，且不含账号。', differ: '两次输入的新密码不一致', short: '新密码至少 10 位',
    totp: '两步验证', totp_on: '已开启：登录时还需验证器中的动态码。', totp_off: '未开启。开启后，即使密码泄露，他人也无法登录。', start: '开启两步验证',
    scan: '在验证器应用中手动添加下面的密钥，然后输入它显示的 6 位数字。', secret: '密钥', confirm: '确认开启', drop: '关闭两步验证', drop_hint: '关闭前请输入当前密码', on: '两步验证已开启', dropped: '两步验证已关闭', open_app: '在本机验证器中打开',
  },
}
