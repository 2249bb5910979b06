// Files that people hand in, written anew for each run.
export const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
export const YEAR = Number(today().slice(0, 4))

/** A small notice. Its periods always hold today; its deadline is the end of the year. */
export function notice(title, number = 91) {
  return `# ${title}

示范安委办〔${YEAR}〕${number}号

各镇人民政府、街道办事处，区直各有关单位：

为守住安全底线，现就有关工作通知如下。

## 一、压实责任

**（一）定期研究安全工作。** 各镇（街道）每月至少召开1次安全生产专题会议，研究解决突出问题。区安委办每半年至少通报1次进展情况。（各镇（街道）、区安委办负责）

**（二）完善避难场所。** 每个村（社区）至少建立1处应急避难场所，12月底前完成标识设置。（区应急局牵头，各镇（街道）配合）

## 二、严格检查

**（三）开展拉网排查。** 12月底前完成沿街商铺用电用火排查，建立隐患清单。对整改情况逐一复查，复查率达到100%。企业每月至少开展1次自查。（区消防大队牵头，各镇（街道）配合）

**（四）严守作业规定。** 严禁无证动火作业。从事有限空间作业的，先通风、再检测、后作业。（区应急局负责）

示范区安全生产委员会办公室

${YEAR}年1月5日
`
}
