export default {
  'in-time': '正常推进', 'due-soon': '即将到期', overdue: '已逾期', done: '已完成', 'done-late': '逾期完成', standing: '长期坚持', waived: '已免除', cancelled: '已取消',
  total: '合计',
  none: '无时限', closed: '已办结', ended: '已终止', voided: '已作废',
}
