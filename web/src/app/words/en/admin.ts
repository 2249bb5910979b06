export default {
  title: 'Administration', sample: 'Sample', saved: 'Saved', noted: 'I have noted it', yes: 'yes', no: 'no',
  orgs: {
    title: 'Units', sub: 'District, committees, departments, towns, villages, grids and enterprises', tree: 'Tree of units', way: 'Where you are', children: 'Units below', add: 'Add unit', edit: 'Edit {name}', search: 'Find by name, alias or code', found: '{n} units found',
    kind: 'Kind', parent: 'Above', name: 'Name', short: 'Short name', en: 'English name', aliases: 'Aliases', addAlias: 'Add alias', aliasesHint: 'Other names in notices. Units are found by them when a notice is read.', code: 'Code', sectors: 'Trades', lon: 'Longitude', lat: 'Latitude', halfPlace: 'Give both longitude and latitude, or neither',
    closed: 'Closed (gets no new duties)', closedTag: 'Closed', people: 'People', peopleN: '{n} people', duties: 'Duties', dutiesLink: 'See this unit and all below', childrenN: 'Below', noChildren: 'No units below', more: 'Only the first {shown} of {n}; search to narrow down',
  },
  people: {
    title: 'People', sub: 'Accounts and positions', search: 'Find by name or login', add: 'Add person', create: 'Add and make a one-time password', edit: 'Edit {name}', name: 'Name', login: 'Login', loginHint: '2 to 40 letters, digits, dots or dashes; cannot be changed later',
    positions: 'Positions', org: 'Unit', role: 'Role', addPosition: 'Another position', dropPosition: 'Remove this position', mainHint: 'The first position is the main one.', disable: 'Disable the account (signs out at once)',
    state: 'State', active: 'Active', disabled: 'Disabled', locked: 'Locked until {at}', totp: 'Two-step', last: 'Last sign-in', never: 'Never signed in', act: 'Actions', reset: 'Reset password',
    resetTitle: 'Reset the password', resetHint: 'The old password stops working and a one-time password is made; the person must set an own one at the next sign-in.', secret: 'One-time password', secretHint: 'Tell it in person or by a safe way. It is not shown again; if lost, make a new one.',
  },
  authority: { title: 'Authority', sub: 'What each role may do and how far it reaches. The system decides by this table alone', legend: 'Reach', command: 'What', none: 'not permitted', hint: 'The table is part of the program and tested cell by cell; it is shown here, not edited. Several positions add up.' },
  things: {
    title: 'Registry', sub: 'Enterprises, places, supplies and other base data', kind: 'Kind', search: 'Find by name', name: 'Name', org: 'Unit', fields: 'Main facts', place: 'Place', noPlace: 'not set', empty: 'Nothing registered yet', emptyHint: 'Choose a kind, download its template, fill it in and import it.',
    importButton: 'Import', kindFirst: 'Choose a kind on the left first', importTitle: 'Import: {kind}', template: 'Download the template', columns: 'How to fill it in ({n} columns)', must: 'required', formats: 'Excel (.xlsx), CSV or GeoJSON', checking: 'Checking…', another: '{name} (press to choose another)',
    rows: '{n} rows', good: '{n} can be imported', bad: '{n} with errors', row: 'Row', column: 'Column', wrong: 'What is wrong', partial: 'Import the {n} good rows now, the others after correction', preview: 'First {n} rows', import: 'Import {n} rows', importNone: 'Import', fixFirst: 'Correct the file and choose it again, or tick the box above.', imported: '{n} rows imported',
    type: { string: 'text', integer: 'whole number', number: 'number', boolean: 'yes or no', date: 'date, such as 2026-03-01', choice: 'one of', array: 'several, separated by 、' },
  },
  tokens: {
    title: 'Tokens', sub: 'For other programs', hint: 'A token lets a program call the API for the ticked commands only, until it expires.', issue: 'Issue token', name: 'Name', nameHint: 'What it is for, e.g. “weather feed”', commands: 'May', expires: 'Expires', expired: 'expired', last: 'Last used', never: 'Never used', created: 'issued {day}',
    days: 'Valid for', day: 'days', revoke: 'Revoke', revokeTitle: 'Revoke the token', revokeHint: 'The program using it is shut out at once; this cannot be undone.', secret: 'New token', secretHint: 'Copy it into the program’s settings now. It is not shown again.', empty: 'No tokens yet',
  },
  rulebook: {
    title: 'Rulebook', sub: 'Who regulates what, the ladder, the working calendar', sectors: 'Who regulates what', sector: 'Trade', lead: 'Lead', support: 'Support', certain: 'Basis', yes: 'checked', unsure: 'to be checked', unsureOnly: 'Only to be checked ({n})', newTrade: 'new trade', search: 'Find trade or department',
    before: '{n} working days before due', days: '{n} days', yuan: '{n} × ¥10,000 or more', people: '{n} or more', ladder: 'Ladder', after: 'working day {n} after due', letter: 'Paper: {name}', letters: { reminder: 'reminder', circular: 'circular', interview: 'interview notice', supervision: 'supervision notice' },
    calendar: 'Working calendar', import: 'Import calendar', year: 'Year', holidays: 'Holidays', workdays: 'Working weekends', source: 'Source', run: '{from} to {to} ({n} days)', importTitle: 'Import holidays', importHint: 'One date a line: 2027-01-01,holiday or 2027-01-09,workday. Weekends need not be listed.', paste: 'Or paste here', check: 'Check', apply: 'Use for {year}', imported: 'Calendar of {year} updated',
    accidents: 'Grades of accidents', grade: 'Grade', accident: { deaths_min: 'Deaths', injuries_min: 'Serious injuries', loss_min_yuan: 'Direct loss', deaths: 'Deaths', dead: 'Deaths', injuries: 'Serious injuries', injured: 'Serious injuries', loss: 'Direct loss', source: 'Source', grade: 'Grade' },
  },
  audit: {
    title: 'Audit', sub: 'Sign-ins and administration, all from the ledger', all: 'All {n}', empty: 'No records yet.', ledger: 'Open the ledger',
    kinds: { 'session_signed-in': 'Sign-ins', session_refused: 'Refused sign-ins', person_added: 'People added', person_changed: 'People changed', 'person_password-set': 'Passwords set', org_added: 'Units added', org_changed: 'Units changed', token_issued: 'Tokens issued', token_revoked: 'Tokens revoked', thing_added: 'Things added', calendar_imported: 'Calendars imported' },
  },
}
