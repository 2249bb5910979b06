//! For each of what: 每个村（社区）, 每家企业, 每镇. 每年, 每次 and 每班次 are times and are left alone.

use crate::numerals::{arabic, is_numeral, starts};
use crate::sentence::Nest;
use crate::words::verb_at;

/// 每个村（社区）, 每家企业, 每镇: for each of what.
pub fn find(s: &[char], from: usize, to: usize, nest: &Nest) -> Option<(usize, usize, String)> {
    let s = &s[..to];
    let mut i = from;
    while i < to {
        let (start, mut k) = if s[i] == '每' {
            (i, i + 1)
        } else {
            i += 1;
            continue;
        };
        i += 1;
        if nest.inside(start) {
            continue;
        }
        if starts(s, k, "个") || starts(s, k, "一个") {
            k += if s[k] == '个' { 1 } else { 2 };
        }
        while k < to
            && !starts(s, k, "项目")
            && matches!(
                s[k],
                '家' | '户'
                    | '座'
                    | '处'
                    | '条'
                    | '位'
                    | '支'
                    | '所'
                    | '栋'
                    | '辆'
                    | '台'
                    | '类'
                    | '一'
                    | '名'
                    | '起'
                    | '艘'
                    | '间'
                    | '幢'
                    | '架'
                    | '口'
                    | '项'
                    | '件'
                    | '只'
                    | '块'
                    | '片'
                    | '宗'
            )
        {
            k += 1;
        }
        if k >= to {
            continue;
        }
        // 每年, 每月, 每半年, 每次 are times.
        if matches!(
            s[k],
            '年' | '月'
                | '日'
                | '天'
                | '周'
                | '季'
                | '旬'
                | '半'
                | '次'
                | '趟'
                | '星'
                | '批'
                | '期'
                | '轮'
        ) || starts(s, k, "班次")
            || starts(s, k, "学期")
            || starts(s, k, "学年")
            || arabic(s[k]).is_some()
            || (is_numeral(s[k]))
        {
            continue;
        }
        let name = k;
        let mut depth = 0usize;
        while k < to && k - name < 24 {
            let c = s[k];
            match c {
                '（' => depth += 1,
                '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && c != '）' {
                if matches!(
                    c,
                    '，' | '。'
                        | '；'
                        | '每'
                        | '至'
                        | '不'
                        | '都'
                        | '均'
                        | '要'
                        | '应'
                        | '须'
                        | '需'
                        | '有'
                        | '必'
                        | '明'
                        | '配'
                        | '最'
                        | '的'
                ) || arabic(c).is_some()
                    || (is_numeral(c) && c != '十' && k > name)
                {
                    break;
                }
                if k > name
                    && verb_at(s, k)
                    && !starts(s, k, "监管")
                    && !starts(s, k, "防控")
                    && !starts(s, k, "服务")
                    && !starts(s, k, "建设")
                {
                    break;
                }
            }
            k += 1;
        }
        if k > name {
            // A lone classifier named nothing: 每家至少 means every one of those just named.
            let what: String = s[name..k].iter().collect();
            return Some((start, k, what));
        }
        let what: String = s[start + 1..k].iter().collect();
        if !what.is_empty()
            && matches!(
                s.get(k),
                Some('至' | '不' | '都' | '均' | '要' | '配' | '建')
            )
        {
            return Some((start, k, what));
        }
    }
    None
}
