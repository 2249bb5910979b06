//! Numbers as officials write them: 10, １０, 1,200, 3万, 十一, 廿, 两, 二〇二五, 百分之九十五, 1-2, 三至五.
//!
//! All functions look at a slice of characters and a place in it, and answer with the value and the place
//! after it. None scans further than the number itself.

/// Longest run of digits or numeral characters that is read as one number.
const DIGITS_MAX: usize = 24;

/// A number, or a range such as 1-2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// The value; of a range, the lower one.
    pub low: f64,
    /// The upper end of a range; equal to `low` otherwise.
    pub high: f64,
    /// Whether it was written as a share of a hundred (`%`, 百分之).
    pub percent: bool,
    /// Whether it was written in Chinese numerals only.
    pub chinese: bool,
    /// The place after the number.
    pub end: usize,
}

/// The value of one Chinese digit, 两 and 俩 included.
#[must_use]
pub fn digit(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' | '○' | 'Ｏ' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// Whether a character may stand inside a Chinese number.
#[must_use]
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some() || c == '廿' || c == '卅'
}

/// An ASCII or full-width digit.
#[must_use]
pub fn arabic(c: char) -> Option<u64> {
    match c {
        '0'..='9' => Some(c as u64 - '0' as u64),
        '０'..='９' => Some(c as u64 - '０' as u64),
        _ => None,
    }
}

/// A whole number in Chinese numerals at `at`: value and the place after it.
///
/// Written either by place (二百一十) or digit by digit (二〇二五). A lone 百, 千, 万 or 亿 is no number.
#[must_use]
pub fn chinese_at(s: &[char], at: usize) -> Option<(u64, usize)> {
    let mut end = at;
    while end < s.len() && end - at < DIGITS_MAX && is_numeral(s[end]) {
        end += 1;
    }
    let run = &s[at..end];
    let first = *run.first()?;
    if matches!(unit(first), Some(u) if u > 10) {
        return None;
    }
    let positional = run
        .iter()
        .any(|&c| unit(c).is_some() || c == '廿' || c == '卅');
    if !positional {
        // 两 stands for a number only by itself or before 百, 千, 万, 亿: never inside digits.
        let mut value: u64 = 0;
        for &c in run {
            value = value.checked_mul(10)?.checked_add(digit(c)?)?;
        }
        return Some((value, end));
    }
    let (mut total, mut section, mut pending): (u64, u64, Option<u64>) = (0, 0, None);
    for &c in run {
        if let Some(d) = digit(c) {
            if matches!(pending, Some(p) if p != 0) {
                return None;
            }
            pending = Some(d);
        } else if c == '廿' || c == '卅' {
            section = section.checked_add(if c == '廿' { 20 } else { 30 })?;
        } else {
            let u = unit(c)?;
            if u < 10_000 {
                section = section.checked_add(pending.take().unwrap_or(1).checked_mul(u)?)?;
            } else {
                section = section.checked_add(pending.take().unwrap_or(0))?;
                total = total.checked_add(section)?.checked_mul(u)?;
                section = 0;
            }
        }
    }
    let value = total
        .checked_add(section)?
        .checked_add(pending.unwrap_or(0))?;
    Some((value, end))
}

/// A whole or decimal number in Arabic digits at `at`, with `1,200` and `3万` understood.
#[must_use]
pub fn arabic_at(s: &[char], at: usize) -> Option<(f64, usize)> {
    let mut end = at;
    let mut value: f64 = 0.0;
    let mut seen = 0;
    while end < s.len() && seen < DIGITS_MAX {
        if let Some(d) = arabic(s[end]) {
            value = value * 10.0 + d as f64;
            seen += 1;
            end += 1;
        } else if matches!(s[end], ',' | '，')
            && seen > 0
            && s[at..end].len() <= 3
            && s.get(end + 1..end + 4)
                .is_some_and(|t| t.iter().all(|&c| arabic(c).is_some()))
            && s.get(end + 4).is_none_or(|&c| arabic(c).is_none())
            && s[end] == ','
        {
            end += 1;
        } else {
            break;
        }
    }
    if seen == 0 {
        return None;
    }
    if s.get(end).is_some_and(|&c| c == '.' || c == '．')
        && s.get(end + 1).is_some_and(|&c| arabic(c).is_some())
    {
        let mut scale = 0.1;
        let mut k = end + 1;
        while k < s.len() && k - end < DIGITS_MAX {
            let Some(d) = arabic(s[k]) else { break };
            value += d as f64 * scale;
            scale /= 10.0;
            k += 1;
        }
        // 0.1 + 0.02 is not 0.12 in binary: settle on nine places.
        value = (value * 1e9).round() / 1e9;
        end = k;
    }
    match s.get(end) {
        Some('万') => Some((value * 10_000.0, end + 1)),
        Some('亿') => Some((value * 100_000_000.0, end + 1)),
        _ => Some((value, end)),
    }
}

fn single_at(s: &[char], at: usize) -> Option<(f64, usize, bool)> {
    if let Some((v, e)) = arabic_at(s, at) {
        return Some((v, e, false));
    }
    let (v, mut e) = chinese_at(s, at)?;
    let mut value = v as f64;
    if s.get(e) == Some(&'点') && s.get(e + 1).is_some_and(|&c| digit(c).is_some()) {
        let mut scale = 0.1;
        let mut k = e + 1;
        while k < s.len() && k - e < DIGITS_MAX {
            let Some(d) = digit(s[k]) else { break };
            value += d as f64 * scale;
            scale /= 10.0;
            k += 1;
        }
        value = (value * 1e9).round() / 1e9;
        e = k;
    }
    Some((value, e, true))
}

/// Characters that join the two ends of a range.
#[must_use]
pub fn is_range_mark(c: char) -> bool {
    matches!(
        c,
        '-' | '－' | '—' | '–' | '～' | '~' | '〜' | '至' | '到' | '─'
    )
}

/// A number, a percentage or a range of either at `at`.
#[must_use]
pub fn number_at(s: &[char], at: usize) -> Option<Number> {
    if starts(s, at, "百分之百") {
        return Some(Number {
            low: 100.0,
            high: 100.0,
            percent: true,
            chinese: true,
            end: at + 4,
        });
    }
    if starts(s, at, "百分之") {
        let (v, e, chinese) = single_at(s, at + 3)?;
        let mut n = Number {
            low: v,
            high: v,
            percent: true,
            chinese,
            end: e,
        };
        if let Some(k) = after_mark(s, e) {
            let k = if starts(s, k, "百分之") { k + 3 } else { k };
            if let Some((h, e2, _)) = single_at(s, k).filter(|x| x.0 >= v) {
                n.high = h;
                n.end = e2;
            }
        }
        return Some(n);
    }
    if starts(s, at, "百分百") {
        return Some(Number {
            low: 100.0,
            high: 100.0,
            percent: true,
            chinese: true,
            end: at + 3,
        });
    }
    let (v, e, chinese) = single_at(s, at)?;
    let mut n = Number {
        low: v,
        high: v,
        percent: false,
        chinese,
        end: e,
    };
    let mut tail = e;
    let first_percent = is_percent(s, tail);
    if first_percent {
        tail += 1;
    }
    if let Some(k) = after_mark(s, tail)
        && let Some((h, e2, c2)) = single_at(s, k).filter(|x| x.0 >= v)
        && (c2 == chinese)
    {
        n.high = h;
        n.end = e2;
        tail = e2;
        if is_percent(s, tail) {
            n.percent = true;
            n.end += 1;
        }
        return Some(n);
    }
    if first_percent {
        n.percent = true;
        n.end = e + 1;
    }
    Some(n)
}

fn is_percent(s: &[char], at: usize) -> bool {
    matches!(s.get(at), Some('%' | '％'))
}

fn after_mark(s: &[char], at: usize) -> Option<usize> {
    let mut k = at;
    while k < s.len() && k - at < 2 && is_range_mark(s[k]) {
        k += 1;
    }
    (k > at).then_some(k)
}

/// Whether `words` stand at `at`.
#[must_use]
pub fn starts(s: &[char], at: usize, words: &str) -> bool {
    words.chars().zip(at..).all(|(c, k)| s.get(k) == Some(&c))
}

/// A number below ten thousand in Chinese numerals, for tests and labels.
#[must_use]
pub fn to_chinese(n: u32) -> String {
    const D: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let n = n.min(9999);
    if n == 0 {
        return "零".into();
    }
    let mut out = String::new();
    let mut zero = false;
    let mut rest = n;
    for (unit, word) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let d = rest / unit;
        rest %= unit;
        if d == 0 {
            zero = !out.is_empty();
            continue;
        }
        if zero {
            out.push('零');
            zero = false;
        }
        if !(unit == 10 && d == 1 && out.is_empty()) {
            out.push_str(D[d as usize]);
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, f64, bool, usize)> {
        let s: Vec<char> = text.chars().collect();
        number_at(&s, 0).map(|n| (n.low, n.high, n.percent, n.end))
    }

    #[test]
    fn numbers_of_every_kind() {
        assert_eq!(read("十一项"), Some((11.0, 11.0, false, 2)));
        assert_eq!(read("廿五"), Some((25.0, 25.0, false, 2)));
        assert_eq!(read("两次"), Some((2.0, 2.0, false, 1)));
        assert_eq!(read("１０项"), Some((10.0, 10.0, false, 2)));
        assert_eq!(read("百分之九十五以上"), Some((95.0, 95.0, true, 6)));
        assert_eq!(read("百分之九十九点五"), Some((99.5, 99.5, true, 8)));
        assert_eq!(read("98.5%"), Some((98.5, 98.5, true, 5)));
        assert_eq!(read("1-2项"), Some((1.0, 2.0, false, 3)));
        assert_eq!(read("1—2"), Some((1.0, 2.0, false, 3)));
        assert_eq!(read("3至5"), Some((3.0, 5.0, false, 3)));
        assert_eq!(read("三到五个"), Some((3.0, 5.0, false, 3)));
        assert_eq!(read("1,200人"), Some((1200.0, 1200.0, false, 5)));
        assert_eq!(read("3万元"), Some((30000.0, 30000.0, false, 2)));
        assert_eq!(read("二〇二五年"), Some((2025.0, 2025.0, false, 4)));
        assert_eq!(read("二百零三"), Some((203.0, 203.0, false, 4)));
        assert_eq!(read("一万二千"), Some((12000.0, 12000.0, false, 4)));
        assert_eq!(read("万无一失"), None);
        assert_eq!(read("千方百计"), None);
        assert_eq!(read("80%-90%"), Some((80.0, 90.0, true, 7)));
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(n in 0u32..10_000) {
            let s: Vec<char> = to_chinese(n).chars().collect();
            proptest::prop_assert_eq!(chinese_at(&s, 0), Some((u64::from(n), s.len())));
        }

        #[test]
        fn arabic_is_read_back(n in 0u32..10_000_000) {
            let s: Vec<char> = n.to_string().chars().collect();
            proptest::prop_assert_eq!(arabic_at(&s, 0), Some((f64::from(n), s.len())));
        }
    }
}
