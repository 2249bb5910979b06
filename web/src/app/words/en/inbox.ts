export default {
  title: 'Inbox', sub: '{overdue} overdue, {soon} due soon, {review} to review, {returned} sent back', kind: 'Kind',
  kinds: { duty: 'Duty', loop: 'Loop', returned: 'Sent back', review: 'To review', ladder: 'Escalation', notice: 'Notice' },
  groups: { overdue: 'Overdue', now: 'Due within three days', week: 'Due within a week', later: 'Later', open: 'No fixed date' },
  empty: 'Nothing to do', empty_hint: 'New duties, evidence sent back and material for you to review appear here.', all_duties: 'See all duties', move: 'move', open: 'open',
}
