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

/// Whether a sentence tells or announces and demands nothing.
pub fn tells(s: &[char], from: usize, to: usize) -> bool {
    if TELLING.iter().any(|w| starts(s, from, w)) {
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
            });
            continue;
        }
        let mut at = a;
        for k in a + 8..b.saturating_sub(4) {
            if s[k] == '，'
                && matches!(s[k + 1], '对' | '凡' | '一')
                && !nest.inside(k)
                && k - at >= 8
                && let Some(e) = event::find(s, nest, k + 1, b)
                && e.from == k + 1
            {
                out.push(Piece {
                    from: at,
                    to: k,
                    event: None,
                    carried: false,
                });
                out.push(Piece {
                    from: k + 1,
                    to: b,
                    event: Some(e),
                    carried: false,
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
            });
        }
    }
    out
}
