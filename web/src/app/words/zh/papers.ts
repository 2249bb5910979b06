export default {
  title: '文书', bulletin: '调度通报', letters: '函件', bulletin_sub: '数字和表格取自当前数据，文字可以直接在纸面上修改', letters_sub: '对单个单位的提醒、通报、约谈和挂牌督办',
  month: '月份', number: '发文字号', no_number: '未编号', heading: '第 {n} 段标题', text: '第 {n} 段正文', drop: '删除第 {n} 段', add: '增加一段', print: '生成 Word 文件', red: '红头', kept: '修改已保存在本机。', restart: '放弃修改，重新生成',
  org: '收件单位', kind: '种类', kinds: { reminder: '提醒函', circular: '通报', interview: '约谈通知', supervision: '挂牌督办' },
  late: '有逾期责任的单位', none_late: '没有逾期的单位', none_late_hint: '也可以在上方直接选择单位起草函件。', unit: '单位', write: '起草{kind}',
  issue: '印发并下载', answer_by: '书面反馈期限', meeting_at: '约谈时间', place: '约谈地点', duties: '涉及责任', duties_n: '{n} 项', no_duties: '请至少选择一项责任。', annex: '附：涉及责任清单',
  read_back: '请核对后印发', leaves_fact: '印发后会在台账留下记录，并出现在收件单位的动态中。',
}
