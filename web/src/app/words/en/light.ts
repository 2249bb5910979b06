export default {
  'in-time': 'In time', 'due-soon': 'Due soon', overdue: 'Overdue', done: 'Done', 'done-late': 'Done late', standing: 'Standing', waived: 'Waived', cancelled: 'Cancelled',
  total: 'Total',
  none: 'No deadline', closed: 'Closed', ended: 'Ended', voided: 'Voided',
}
