export default {
  title: 'Papers', bulletin: 'Monthly bulletin', letters: 'Letters', bulletin_sub: 'Figures and tables come from the data; the words can be changed on the page', letters_sub: 'A reminder, circular, interview or listed supervision for one unit',
  month: 'Month', number: 'Document number', no_number: 'None', heading: 'Heading {n}', text: 'Text {n}', drop: 'Delete part {n}', add: 'Add a part', print: 'Make the Word file', red: 'Red header', kept: 'Changes are kept on this machine.', restart: 'Discard them and begin anew',
  org: 'To', kind: 'Kind', kinds: { reminder: 'Reminder', circular: 'Circular', interview: 'Interview', supervision: 'Listed supervision' },
  late: 'Units with overdue duties', none_late: 'No unit is overdue', none_late_hint: 'You can also choose a unit above and write to it.', unit: 'Unit', write: 'Write: {kind}',
  issue: 'Issue and download', answer_by: 'Answer in writing by', meeting_at: 'Interview at', place: 'Place', duties: 'Duties', duties_n: '{n}', no_duties: 'Choose at least one duty.', annex: 'Annex: the duties',
  read_back: 'Check before issuing', leaves_fact: 'Issuing leaves a fact in the ledger and shows in the unit\'s story.',
}
