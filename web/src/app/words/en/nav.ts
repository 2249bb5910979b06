export default { cockpit: 'Cockpit', inbox: 'Inbox', duties: 'Duties', notices: 'Notices', ledger: 'Ledger', admin: 'Admin', papers: 'Papers', loops: 'Loops', field: 'Field' }
