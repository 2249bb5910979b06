//! What must be done, in short: the clause that says it, without the words that became fields, and never cut
//! inside a word.

use crate::clause::{Clause, aux, bare, scene, verb_in};
use crate::dates::{self, Kind};
use crate::sentence::Nest;
use crate::text::{Healed, Para};

/// Longest action that is told whole, in characters; longer ones end at a border inside them.
pub const ACTION_MAX: usize = 60;

/// The clause that says what must be done.
pub fn at(s: &[char], nest: &Nest, group: &[Clause]) -> (usize, usize) {
    let pick = group
        .iter()
        .find(|c| {
            c.amount.is_some()
                || c.ban
                || c.times
                    .iter()
                    .any(|t| matches!(t.kind, Kind::Every { .. } | Kind::Within { .. }))
        })
        .filter(|c| {
            // 并于每月5日前将进展情况报市防办: what is due by a day of each month is what must be done.
            let by_day = c
                .times
                .iter()
                .any(|t| matches!(t.kind, Kind::Every { on: Some(_), .. }));
            let times = c
                .amount
                .as_ref()
                .is_some_and(|m| m.unit == "次" || m.unit == "场");
            (times || by_day || verb_in(s, c.from, c.to, nest).is_some())
                && bare(s, c).chars().count() >= 4
        })
        .or_else(|| {
            group.iter().find(|c| {
                !scene(s, c)
                    && verb_in(s, c.from, c.to, nest).is_some()
                    && bare(s, c).chars().count() >= 4
            })
        })
        .or_else(|| {
            group
                .iter()
                .find(|c| verb_in(s, c.from, c.to, nest).is_some())
        })
        .unwrap_or(&group[0]);
    let from = pick
        .subject
        .as_ref()
        .map_or(pick.from, |x| x.1.max(pick.from));
    (if from < pick.to { from } else { pick.from }, pick.to)
}

/// The words of the action at `[from, to)`: times, amounts, 每个 and what started a span of time left out.
pub fn tell(
    healed: &Healed<'_>,
    p: &Para,
    group: &[Clause],
    from: usize,
    to: usize,
    started: Option<(usize, usize)>,
) -> String {
    let s = &p.norm;
    let Some(c) = group.iter().find(|c| c.from <= from && to <= c.to) else {
        return healed.tight(p, from, to);
    };
    // A period that the recurrence cannot hold stays in the words.
    let mut skip: Vec<(usize, usize)> = c
        .times
        .iter()
        .filter(|t| !matches!(t.kind, Kind::Vague(w) if w == dates::ODD_PERIOD))
        .map(|t| (t.from, t.to))
        .collect();
    if let Some(m) = &c.amount {
        skip.extend(m.cuts.iter().copied());
    }
    if let Some((x, y, _)) = &c.each {
        skip.push((*x, *y));
    }
    skip.extend(started);
    let mut out = String::new();
    let mut i = from;
    while i < to {
        if let Some(&(_, y)) = skip.iter().find(|&&(x, y)| x <= i && i < y) {
            // 于6月底前, 应在10分钟内: the words that led to the time go with it.
            while out.ends_with(['于', '在', '到', '至', '应', '当', '要', '须', '自', '从'])
            {
                out.pop();
            }
            i = y;
            // 不少于30人的抢险队伍
            if s.get(i) == Some(&'的') {
                i += 1;
            }
            continue;
        }
        if out.is_empty() {
            let next = aux(s, i, to);
            if next > i {
                i = next;
                continue;
            }
        }
        out.push(healed.src[p.pos[i] as usize]);
        i += 1;
    }
    if out.is_empty() {
        return healed.tight(p, from, to);
    }
    shorten(&out)
}

/// A long action by its own borders: a list keeps its first two members and what closes it (…等问题), else
/// it ends where a member ends. Words are never cut; what has no border stays whole.
fn shorten(words: &str) -> String {
    let s: Vec<char> = words.chars().collect();
    if s.len() <= ACTION_MAX {
        return words.to_string();
    }
    let nest = Nest::new(&s);
    let marks: Vec<usize> = (0..s.len())
        .filter(|&i| s[i] == '、' && !nest.inside(i))
        .collect();
    let text = |a: &[char], b: &[char]| a.iter().chain(b).collect::<String>();
    let second = marks.get(1);
    let etc = second.and_then(|m| {
        (*m..s.len() - 1).find(|&i| s[i] == '等' && s[i - 1] != '平' && !nest.inside(i))
    });
    if let (Some(e), Some(second)) = (etc, second)
        && second + s.len() - e <= ACTION_MAX
    {
        return text(&s[..*second], &s[e..]);
    }
    match marks.iter().rfind(|&&m| (12..ACTION_MAX).contains(&m)) {
        Some(&m) => text(&s[..m], &['…']),
        None => words.to_string(),
    }
}
