export default {
  nav: { report: 'Report', follow: 'Follow', exposures: 'Exposures' }, staff: 'Sign in for staff',
  report: {
    title: 'Report a danger', sub: 'No account is needed. Or call {hotline}. In a fire or when people are hurt call 119 or 120 at once.', big: 'The file is larger than {max}. Compress or shorten it.', type: 'Only photos, recordings and films are taken', many: 'At most {n} photos and files', limits: 'At most {n} photos, recordings and films of {max} each.',
    place: 'Place', town: 'Town', town_unknown: 'Not known', address: 'Address (optional)', who: 'Who reports', anonymous: 'Anonymous', named: 'By name', anonymous_hint: 'No name and no contact is collected. The code and the PIN show what became of it and are enough for a reward.',
    named_hint: 'Name and contact are kept encrypted; only those who by law handle reports may see them, and every look is recorded.', name: 'Name', contact: 'Telephone', need_name: 'Give name and telephone', pin: 'PIN', pin_hint: 'Choose 6 digits and remember them; they cannot be recovered', need_pin: 'Choose a PIN of 6 digits',
    work: 'Security check…', files: 'Sending file {n} of {of}', sending: 'Sending…', send: 'Send the report', truth: 'Report what is true. Whoever makes false accusations is held to account by law.',
    done: 'The report was sent', number: 'Number {number}', code: 'Code', copy: 'Copy the code', remember: 'Keep the code and remember the PIN. Both are needed to follow the report and to claim a reward, and neither can be recovered.', another: 'Report another',
  },
  follow: { title: 'Follow a report', sub: 'Enter the code you were given and the PIN you chose.', code: 'Code', pin: 'PIN', look: 'Look', opened: 'received {at}', handler: 'handled by {name}', steps: 'Steps', answer: 'Answer', reward: 'Reward', yuan: 'CNY {n}', claim: 'Claim it with the code and the PIN as the answer says.' },
  exposures: { title: 'Exposure board', sub: 'Breaches and major hazards made public after review; taken down when their time is over.', search: 'Search unit or text', find: 'Search', none: 'Nothing is exposed now', none_hint: 'If you see a danger or a breach, report it.', published: 'published {on}', until: 'until {on}', photo: '{title}, photo {n}', more: 'Show more' },
}
