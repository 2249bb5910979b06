export default {
  retry: '重试', cancel: '取消', confirm: '确认', close: '关闭', save: '保存', copied: '已复制', copy: '复制', edit: '修改', remove: '删除', back: '返回', all: '全部', loading: '正在读取…',
  time: {
    now: '刚刚', minutes_ago: '{n} 分钟前', minutes_ahead: '{n} 分钟后', hours_ago: '{n} 小时前', hours_ahead: '{n} 小时后', days_ago: '{n} 天前', days_ahead: '{n} 天后',
  },
  due: { today: '今天到期', left: '还有 {n} 天', over: '逾期 {n} 天', none: '无固定期限' },
  error: { row: '第 {row} 行', more_rows: '另有 {n} 行有问题' },
  file: {
    drop: '把文件拖到这里，或点击选择', sending: '正在上传', type: '“{name}”的格式不对，请选择 {accept}', big: '“{name}”有 {size}，超过上限 {max}，请压缩或拆分后再传', empty: '“{name}”是空文件，请检查后重新选择',
  },
  list: { none: '没有符合条件的内容', shown: '已显示 {n} 条，共 {total} 条', selected: '已选 {n} 条', all: '全选', pick: '选择本条', changed: '列表有新变化，点此刷新' },
  filter: { clear: '清除筛选', more: '筛选' },
  story: { proof: '查看记录与证明', clock: '系统按时间', late: ' · 补录（发生于 {at}）', unsealed: '待封存' },
}
