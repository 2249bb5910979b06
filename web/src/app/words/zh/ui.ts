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
  left: { days: '还有 {a} 天', day_hours: '还有 {a} 天 {b} 小时', hour_minutes: '还有 {a} 小时 {b} 分', minutes: '还有 {a} 分钟' },
  over: { days: '逾期 {a} 天', day_hours: '逾期 {a} 天 {b} 小时', hour_minutes: '逾期 {a} 小时 {b} 分', minutes: '逾期 {a} 分钟' },
  voice: { start: '语音说明', stop: '停止录音', going: '正在录音 {s} 秒，最长 {max} 秒', name: '语音 {at}', denied: '没有麦克风权限，请在浏览器设置中允许，或改用文字', play: '播放 {name}' },
  form: {
    must: '必填', personal: '含个人信息，公开和统计时隐去', pick: '请选择', yes: '是', no: '否', clear: '清除', org: '输入单位名称查找', line: '第 {n} 行', add_line: '添加一行', drop_line: '删除第 {n} 行',
    need: '请填写{name}', need_pick: '请选择{name}', need_file: '请至少上传一个文件', need_row: '请至少填写一行', number: '请填写数字', whole: '请填写整数', least: '不能小于 {n}', most: '不能大于 {n}', long: '不能超过 {n} 个字', row: '第 {n} 行有内容没有填好', many_files: '最多 {n} 个文件', many_rows: '最多 {n} 行',
    place: '经纬度不在有效范围内', place_own: '用我的位置', place_none: '本设备或当前网址不支持定位（需要 HTTPS），请手工填写经纬度', place_denied: '没有定位权限，请在浏览器设置中允许，或手工填写', place_lost: '暂时定位不到，请到开阔处重试，或手工填写', lon: '经度（东经）', lat: '纬度（北纬）', accuracy: '定位精度约 {n} 米',
    shoot: '拍照', album: '选择照片', record: '录音', file: '选择文件', drop_file: '移除 {name}', uploading: '正在上传…',
  },
}
