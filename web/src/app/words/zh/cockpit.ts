export default {
  title: '驾驶舱', as_of: '截至 {at}', notice: '通知文件', all_notices: '全部通知', brief: '总体情况',
  empty: '还没有责任', empty_hint: '上传并发布一份通知后，各单位的责任会在这里按进度显示。', to_notices: '去上传通知',
  say_overdue: '全区 {total} 项责任，{overdue} 项已逾期，最长逾期 {days} 天。', say_unit: '逾期最多的是{unit}（{n} 项）。', say_calm: '全区 {total} 项责任，目前没有逾期。', say_soon: '近期到期 {n} 项。',
  waiting: '佐证待审核', by_article: '按条款', late: '逾期 {n}', by_unit: '按单位', towns: '镇街', departments: '部门', unit: '单位', lights: '进度', rate: '完成率', rate_hint: '已到期责任中完成的比例', no_units: '没有可显示的单位',
  worst: '最需要过问', no_worst: '没有逾期的责任。', by_month: '按到期月份', month: '{m}月', ladder: '督办阶梯', recent: '最新动态', facts: '共 {n} 条记录，已封存 {sealed} 条',
}
