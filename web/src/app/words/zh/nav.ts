export default { cockpit: '驾驶舱', inbox: '待办', duties: '责任', notices: '通知文件', ledger: '台账', admin: '管理', papers: '文书', loops: '闭环', field: '现场' }
