export default {
  name: 'Anlan', tagline: 'Work-safety duties and emergency management',
  skip: 'Skip to main content', nav: 'Main navigation', more: 'More', account: 'Account', theme: 'Switch dark or light', language: '中文', search: 'Search', keys: 'Keyboard', sign_out: 'Sign out',
  live: { live: 'Live', connecting: 'Reconnecting', off: 'Not connected', hint: 'Pages follow the data by themselves' },
  kinds: { district: 'District', committee: 'Committee', headquarters: 'Headquarters', department: 'Department', town: 'Town', village: 'Village', grid: 'Grid', enterprise: 'Enterprise' },
  roles: { admin: 'Administrator', auditor: 'Auditor', leader: 'District leader', office: 'Safety committee office', regulator: 'Department regulator', town: 'Town emergency officer', village: 'Village safety officer', grid: 'Grid worker', enterprise: 'Enterprise principal', safety: 'Enterprise safety manager', duty: 'Duty officer', media: 'Media centre' },
  missing: { title: 'There is no such page', hint: 'The address may be wrong, or the page has moved.', home: 'Go to the first page' },
  palette: {
    title: 'Search everything', placeholder: 'Duties, notices, articles, units, people, facts…', none: 'Nothing found for "{q}"; try another word', begin: 'Type two characters or more. Arrow keys choose, Enter opens.',
    kinds: { duty: 'Duty', notice: 'Notice', article: 'Article', org: 'Unit', person: 'Person', thing: 'Thing', fact: 'Fact', loop: 'Loop' },
  },
  keysheet: { title: 'Keyboard', search: 'Search everything', go: 'Go to', list: 'In a list: down, up, open', select: 'Select a row', this: 'Show this sheet', close: 'Close a window' },
  signin: {
    title: 'Sign in', login: 'Account', password: 'Password', submit: 'Sign in', code: 'One-time code', code_hint: 'Enter the six digits from your authenticator', demo: 'Sample accounts', demo_hint: 'This is sample data: choose who to be. Enterprises and people are invented.',
    locked: 'Too many attempts; try again in {s} s', ended: 'Your session has ended. Sign in again; what you typed is still on this machine.', other: 'Use another account', pick: 'Sign in as this person', filter: 'Filter',
    must_change: 'Set your own password first', must_hint: 'You are using a one-time password. Set a new one to go on.', unknown_password: 'Sample accounts share one password, printed when the program started; please type it.',
  },
  me: {
    title: 'My account', positions: 'My positions', password: 'Change password', old: 'Current password', fresh: 'New password', again: 'New password again', change: 'Change password', changed: 'Password changed',
    rule: 'At least 10 characters, two of letters, digits and signs, and not the account name.', differ: 'The two new passwords differ', short: 'The new password needs at least 10 characters',
    totp: 'Two-step sign-in', totp_on: 'On: signing in also needs the code from your authenticator.', totp_off: 'Off. When on, a stolen password alone does not open your account.', start: 'Turn on',
    scan: 'Add the key below to your authenticator, then enter the six digits it shows.', secret: 'Key', confirm: 'Confirm', drop: 'Turn off', drop_hint: 'Enter your password to turn it off', on: 'Two-step sign-in is on', dropped: 'Two-step sign-in is off', open_app: 'Open in an authenticator on this device',
  },
}
