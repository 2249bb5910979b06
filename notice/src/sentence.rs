//! Sentences and the clauses in them: where one ends, what stands inside marks, what only announces.

use crate::event::{self, Event};
use crate::numerals::starts;
use crate::outline::label_at;
use crate::words::{ANNOUNCING, TELLING, verb_at};

/// Which characters of a paragraph stand inside quotation marks or brackets.
pub struct Nest {
    quoted: Vec<bool>,
    bracketed: Vec<bool>,
}

impl Nest {
    /// Reads a paragraph once. Only pairs that close count.
    pub fn new(s: &[char]) -> Self {
        let mut quoted = vec![0i32; s.len() + 1];
        let mut bracketed = vec![0i32; s.len() + 1];
        let mut open: Vec<(usize, char)> = Vec::new();
        for (i, &c) in s.iter().enumerate() {
            match c {
                '“' | '‘' | '《' | '「' | '（' | '〔' => {
                    open.push((i, c));
                    // Unclosed marks must not pile up.
                    if open.len() > 64 {
                        open.remove(0);
                    }
                }
                '”' | '’' | '》' | '」' | '）' | '〕' => {
                    let want = match c {
                        '”' => '“',
                        '’' => '‘',
                        '》' => '《',
                        '」' => '「',
                        '）' => '（',
                        _ => '〔',
                    };
                    if let Some(k) = open.iter().rposition(|&(_, o)| o == want) {
                        let from = open[k].0;
                        open.truncate(k);
                        if i - from <= 400 {
                            let lane = if matches!(want, '（' | '〔') {
                                &mut bracketed
                            } else {
                                &mut quoted
                            };
                            lane[from] += 1;
                            lane[i + 1] -= 1;
                        }
                    }
                }
                _ => {}
            }
        }
        let sum = |lane: Vec<i32>| {
            let mut n = 0;
            lane.iter()
                .take(s.len())
                .map(|d| {
                    n += d;
                    n > 0
                })
                .collect()
        };
        Nest {
            quoted: sum(quoted),
            bracketed: sum(bracketed),
        }
    }

    /// Inside “…” or 《…》.
    pub fn quoted(&self, i: usize) -> bool {
        self.quoted.get(i).copied().unwrap_or(false)
    }

    /// Inside “…”, 《…》, （…） or 〔…〕.
    pub fn inside(&self, i: usize) -> bool {
        self.quoted(i) || self.bracketed.get(i).copied().unwrap_or(false)
    }
}

/// Sentences of a stretch: [from, to) with the closing mark.
pub fn sentences(s: &[char], nest: &Nest, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = from;
    for (i, &c) in s.iter().enumerate().take(to).skip(from) {
        if matches!(c, '。' | '！' | '？') && !nest.inside(i) {
            out.push((start, i + 1));
            start = i + 1;
        }
    }
    if start < to {
        out.push((start, to));
    }
    out
}

/// Where a sentence that only hands something over goes on to ask: 现将…印发给你们，请…，并于每月5日前….
pub fn asks_behind(s: &[char], nest: &Nest, from: usize, to: usize) -> Option<usize> {
    let hands = ["现将", "现就", "特此"].iter().any(|w| starts(s, from, w));
    hands
        .then(|| {
            (from..to.saturating_sub(6))
                .find(|&i| s[i] == '，' && s[i + 1] == '请' && !nest.inside(i))
                .map(|i| i + 1)
        })
        .flatten()
}

/// Whether a sentence tells or announces and demands nothing.
pub fn tells(s: &[char], from: usize, to: usize) -> bool {
    if TELLING.iter().any(|w| starts(s, from, w)) {
        return true;
    }
    // 听取了汇报, 传达了精神: it is done already.
    let done = [
        "听取了",
        "传达了",
        "学习了",
        "通报了",
        "分析了",
        "研判了",
        "研究了",
        "部署了",
        "召开了",
        "审议了",
        "，决定",
    ];
    if (from..to).any(|k| done.iter().any(|w| starts(&s[..to], k, w))) {
        return true;
    }
    let mut end = to;
    while end > from && matches!(s[end - 1], '。' | '；' | '！') {
        end -= 1;
    }
    ANNOUNCING.iter().any(|w| {
        let n = w.chars().count();
        end - from >= n && starts(s, end - n, w)
    })
}

/// Steps over 一是, 首先, ①, and over an opening that only announces a list (…以下工作：).
pub fn skip_lead(s: &[char], nest: &Nest, from: usize, to: usize) -> (usize, usize) {
    let mut a = from;
    let mut b = to;
    while b > a && matches!(s[b - 1], '。' | '；' | '！' | '，' | ' ') {
        b -= 1;
    }
    // …如下：一是…
    let colon = (a..b.min(a + 60)).find(|&i| s[i] == '：' && !nest.inside(i));
    if let Some(k) = colon {
        let words = &s[a..k];
        let announces = ["以下", "如下", "下列", "做到", "主要包括", "包括"]
            .iter()
            .any(|w| {
                let w: Vec<char> = w.chars().collect();
                words.windows(w.len()).any(|x| x == w)
            });
        if announces
            || k + 1 == b
            || ordinal_at(s, k + 1).is_some()
            || (k - a <= 8 && !verb_at(s, a))
        {
            a = k + 1;
        }
    }
    if let Some(e) = ordinal_at(s, a) {
        a = e;
    }
    if let Some(l) = label_at(&s[a..b]) {
        a += l.end;
    }
    while a < b && matches!(s[a], '，' | '：' | ' ' | '、') {
        a += 1;
    }
    (a, b)
}

/// 一是, 首先 at `a`: the place after it.
fn ordinal_at(s: &[char], a: usize) -> Option<usize> {
    for w in ["首先", "其次", "再次", "最后"] {
        if starts(s, a, w) {
            return Some(a + 2);
        }
    }
    let (n, e) = crate::numerals::chinese_at(s, a).or_else(|| {
        let d = crate::numerals::arabic(*s.get(a)?)?;
        Some((d, a + 1))
    })?;
    (n <= 20 && matches!(s.get(e), Some('是'))
        || (n <= 20 && s.get(e) == Some(&'要') && s.get(a) != Some(&'两')))
    .then_some(e + 1)
}

/// A condition that begins behind a comma: …，对…的，…; …，校车逾期未检验的，…; …，逾期未报的予以通报.
fn late_event(s: &[char], nest: &Nest, a: usize, b: usize) -> Option<Event> {
    if matches!(s[a], '对' | '凡' | '一')
        && let Some(e) = event::find(s, nest, a, b)
        && e.from == a
    {
        return Some(e);
    }
    let end = (a..b.min(a + 60)).find(|&i| s[i] == '，' && !nest.inside(i));
    let of = (a + 3..end.unwrap_or(b).min(a + 40)).rfind(|&i| s[i] == '的' && !nest.inside(i))?;
    let closes = end == Some(of + 1);
    let goes_on = [
        "予以", "要", "应", "须", "一律", "由", "依法", "立即", "给予", "不得",
    ]
    .iter()
    .any(|w| starts(&s[..b], of + 1, w));
    if !(closes || goes_on) || matches!(s[of - 1], '目' | '标' | '有') {
        return None;
    }
    // What the condition says must be able to happen: not, failed, late.
    let happens = (a..of).any(|i| {
        [
            "未",
            "不能",
            "不力",
            "不到位",
            "不落实",
            "不及时",
            "逾期",
            "发现",
            "存在",
            "发生",
            "违",
            "造成",
            "拒",
            "超过",
            "连续",
            "累计",
            "被",
            "不合格",
            "不符合",
            "瞒报",
            "迟报",
            "漏报",
            "受困",
            "出现",
            "导致",
            "擅自",
            "排名",
        ]
        .iter()
        .any(|w| starts(&s[..of], i, w))
    });
    happens.then(|| Event {
        from: a,
        to: of + 1,
        words: (a, of),
        accident: (a..of).any(|i| starts(&s[..of], i, "事故")),
        strict: true,
        sure: 0.85,
    })
}

/// A clause with the condition it stands under.
#[derive(Debug, Clone)]
pub struct Piece {
    /// From its first character, ordinals such as 一是 stepped over,
    pub from: usize,
    /// to before its closing mark.
    pub to: usize,
    /// The condition, when there is one.
    pub event: Option<Event>,
    /// Whether the condition was carried on from the clause before.
    pub carried: bool,
    /// Whether it stands behind a comma, so that who had to act so far may still have to.
    pub goes_on: bool,
}

/// Parts a sentence at semicolons, and where a condition of its own begins (…，对…的，…).
pub fn pieces(s: &[char], nest: &Nest, from: usize, to: usize) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut start = from;
    for i in from..=to {
        let end = i == to || (s[i] == '；' && !nest.inside(i));
        if !end {
            continue;
        }
        let (a, b) = skip_lead(s, nest, start, i);
        start = i + 1;
        if b.saturating_sub(a) < 3 {
            continue;
        }
        if let Some(e) = event::find(s, nest, a, b) {
            out.push(Piece {
                from: a,
                to: b,
                event: Some(e),
                carried: false,
                goes_on: false,
            });
            continue;
        }
        // A later clause about the same accident stands under the same condition.
        let before = out
            .last()
            .and_then(|p| p.event.clone())
            .filter(|e| e.accident);
        if let Some(e) = before
            && s[a..b].windows(2).any(|w| w == ['事', '故'])
        {
            out.push(Piece {
                from: a,
                to: b,
                event: Some(e),
                carried: true,
                goes_on: false,
            });
            continue;
        }
        let mut at = a;
        for k in a + 8..b.saturating_sub(4) {
            if s[k] == '，'
                && !nest.inside(k)
                && k - at >= 8
                && let Some(e) = late_event(s, nest, k + 1, b)
            {
                out.push(Piece {
                    from: at,
                    to: k,
                    event: None,
                    carried: false,
                    goes_on: false,
                });
                out.push(Piece {
                    from: k + 1,
                    to: b,
                    event: Some(e),
                    carried: false,
                    goes_on: true,
                });
                at = b;
                break;
            }
        }
        if at < b {
            out.push(Piece {
                from: at,
                to: b,
                event: None,
                carried: false,
                goes_on: false,
            });
        }
    }
    out
}
