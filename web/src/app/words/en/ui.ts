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
}
