export default {
  nav: { report: '我要举报', follow: '查询举报', exposures: '曝光台' }, staff: '工作人员登录',
  report: {
    title: '安全生产举报', sub: '无需注册。也可拨打举报电话 {hotline}；遇有火灾、人员伤亡请立即拨打 119、120。', big: '文件超过 {max}，请压缩或剪短后再选', type: '只能上传照片、录音或视频', many: '照片和附件合计最多 {n} 个', limits: '照片、录音、视频合计最多 {n} 个，每个不超过 {max}。',
    place: '地点', town: '所在镇街', town_unknown: '不清楚', address: '详细地址（可不填）', who: '举报方式', anonymous: '匿名举报', named: '实名举报', anonymous_hint: '不收集姓名和联系方式，凭查询码和密码查看办理结果、领取奖励。',
    named_hint: '姓名和联系方式加密保存，只有法定办理人员可以查看，每次查看都有记录。', name: '姓名', contact: '联系电话', need_name: '实名举报请填写姓名和联系电话', pin: '查询密码', pin_hint: '请设置 6 位数字并记住，查询办理结果时使用，无法找回', need_pin: '请设置 6 位数字查询密码',
    work: '正在进行安全校验…', files: '正在上传第 {n} 个文件，共 {of} 个', sending: '正在提交…', send: '提交举报', truth: '请如实举报，对捏造事实、诬告陷害的，依法追究责任。',
    done: '举报已提交', number: '编号 {number}', code: '查询码', copy: '复制查询码', remember: '请保存查询码并记住查询密码，两者缺一不可。丢失后无法查询，也无法领取奖励。', another: '再举报一件',
  },
  follow: { title: '查询举报办理情况', sub: '输入提交举报时得到的查询码和自己设置的查询密码。', code: '查询码', pin: '查询密码', look: '查询', opened: '{at} 收到', handler: '承办单位：{name}', steps: '办理过程', answer: '答复', reward: '奖励', yuan: '{n} 元', claim: '请凭查询码和查询密码，按答复告知的方式领取。' },
  exposures: { title: '曝光台', sub: '经审核公开的安全生产违法行为和重大事故隐患，到期自动撤下。', search: '搜索单位或内容', find: '搜索', none: '当前没有曝光内容', none_hint: '发现安全隐患和违法行为，欢迎举报。', published: '{on} 公开', until: '公开至 {on}', photo: '{title}，照片 {n}', more: '查看更多' },
}
