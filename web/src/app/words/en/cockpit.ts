export default {
  title: 'Cockpit', as_of: 'As of {at}', notice: 'Notice', all_notices: 'All notices', brief: 'In short',
  empty: 'No duties yet', empty_hint: 'Upload and publish a notice; the duties of every unit then show here with their progress.', to_notices: 'Upload a notice',
  say_overdue: '{total} duties in the district, {overdue} overdue, the longest by {days} days.', say_unit: 'Most are with {unit} ({n}).', say_calm: '{total} duties in the district, none overdue.', say_soon: '{n} fall due soon.',
  waiting: 'Evidence to review', by_article: 'By article', late: '{n} late', by_unit: 'By unit', towns: 'Towns', departments: 'Departments', unit: 'Unit', lights: 'Progress', rate: 'Done', rate_hint: 'Share of what has fallen due that is done', no_units: 'No units to show',
  worst: 'Most in need of a call', no_worst: 'Nothing is overdue.', by_month: 'By month due', month: '{m}', ladder: 'Escalation', recent: 'Latest', facts: '{n} facts, {sealed} sealed',
}
