export default {
  'in-time': 'In time', 'due-soon': 'Due soon', overdue: 'Overdue', done: 'Done', 'done-late': 'Done late', standing: 'Standing', waived: 'Waived', cancelled: 'Cancelled',
  total: 'Total',
}
