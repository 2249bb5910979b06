export default {
  retry: 'Try again', cancel: 'Cancel', confirm: 'Confirm', close: 'Close', save: 'Save', copied: 'Copied', copy: 'Copy', edit: 'Edit', remove: 'Delete', back: 'Back', all: 'All', loading: 'Loading…',
  time: {
    now: 'just now', minutes_ago: '{n} min ago', minutes_ahead: 'in {n} min', hours_ago: '{n} h ago', hours_ahead: 'in {n} h', days_ago: '{n} d ago', days_ahead: 'in {n} d',
  },
  due: { today: 'Due today', left: '{n} days left', over: '{n} days overdue', none: 'No fixed date' },
  error: { row: 'Row {row}', more_rows: '{n} more rows have problems' },
  file: {
    drop: 'Drop a file here, or click to choose', sending: 'Uploading', type: '"{name}" has the wrong format; choose {accept}', big: '"{name}" is {size}, more than the limit of {max}; compress or split it', empty: '"{name}" is empty; check it and choose again',
  },
  list: { none: 'Nothing matches', shown: '{n} of {total} shown', selected: '{n} selected', all: 'Select all', pick: 'Select this row', changed: 'The list has changed; click to refresh' },
  filter: { clear: 'Clear filters', more: 'Filter' },
  story: { proof: 'Open the fact and its proof', clock: 'The clock', late: ' · recorded later (happened {at})', unsealed: 'not yet sealed' },
  left: { days: '{a} d left', day_hours: '{a} d {b} h left', hour_minutes: '{a} h {b} min left', minutes: '{a} min left' },
  over: { days: '{a} d over', day_hours: '{a} d {b} h over', hour_minutes: '{a} h {b} min over', minutes: '{a} min over' },
  voice: { start: 'Voice note', stop: 'Stop recording', going: 'Recording, {s} s of {max} s at most', name: 'Voice {at}', denied: 'The microphone is not allowed. Allow it in the settings of the browser, or write instead.', play: 'Play {name}' },
  form: {
    must: 'required', personal: 'personal; hidden from public pages and statistics', pick: 'Choose', yes: 'Yes', no: 'No', clear: 'Clear', org: 'Type a name to find a unit', line: 'Line {n}', add_line: 'Add a line', drop_line: 'Delete line {n}',
    need: 'Fill in: {name}', need_pick: 'Choose: {name}', need_file: 'Upload at least one file', need_row: 'Fill in at least one line', number: 'Enter a number', whole: 'Enter a whole number', least: 'At least {n}', most: 'At most {n}', long: 'At most {n} characters', row: 'Line {n} is not complete', many_files: 'At most {n} files', many_rows: 'At most {n} lines',
    place: 'Longitude or latitude is out of range', place_own: 'Use my position', place_none: 'This device or address cannot give a position (HTTPS is needed); type it in', place_denied: 'No permission to read the position; allow it in the browser or type it in', place_lost: 'No position found; try in the open or type it in', lon: 'Longitude (east)', lat: 'Latitude (north)', accuracy: 'Accurate to about {n} m',
    shoot: 'Take a photo', album: 'Choose photos', record: 'Record sound', file: 'Choose files', drop_file: 'Remove {name}', uploading: 'Uploading…',
  },
}
