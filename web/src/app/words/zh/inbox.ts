export default {
  title: '待办', sub: '逾期 {overdue} 项，即将到期 {soon} 项，待审核 {review} 项，被退回 {returned} 项', kind: '类型',
  kinds: { duty: '责任', loop: '闭环', returned: '被退回', review: '待审核', ladder: '督办', notice: '通知' },
  groups: { overdue: '已逾期', now: '三天内到期', week: '一周内到期', later: '以后', open: '无固定期限' },
  empty: '没有待办事项', empty_hint: '新的责任、被退回的佐证和需要您审核的材料会出现在这里。', all_duties: '查看全部责任', move: '上下移动', open: '打开',
}
