//! Tables of a page by their rules: lines drawn on the page make a grid, words fall into its cells.
//!
//! Only what is drawn is believed: a table without rules stays lines of words. Cells that no rule parts are
//! one cell, as a reader sees them.

/// Words at a place on a page.
pub struct Run {
    /// Left end,
    pub x: f64,
    /// height of the base line,
    pub y: f64,
    /// right end,
    pub end: f64,
    /// size of the type, in points of the page.
    pub size: f64,
    /// The words.
    pub words: String,
}

/// A rule drawn on the page.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// At this height, from left to right.
    Level(f64, f64, f64),
    /// At this place, from bottom to top.
    Upright(f64, f64, f64),
}

/// A table as drawn.
pub struct Grid {
    /// Height of its upper edge.
    pub top: f64,
    /// Rows of cells: each cell names a text.
    pub rows: Vec<Vec<usize>>,
    /// Texts of the cells, from the upper left one on.
    pub texts: Vec<String>,
}

/// Most rules looked at on one page; a page with more is a drawing.
pub const RULES_MAX: usize = 6000;
/// Most cells of one table on one page.
const CELLS_MAX: usize = 8000;
/// How far ends of rules may miss each other, in points.
const SLACK: f64 = 3.0;

/// A straight stroke or a thin bar as a rule. Slanted and short strokes are none.
pub fn rule(x0: f64, y0: f64, x1: f64, y1: f64) -> Option<Rule> {
    let (w, h) = ((x1 - x0).abs(), (y1 - y0).abs());
    if !(w.is_finite() && h.is_finite()) {
        return None;
    }
    if h <= 2.5 && w >= 8.0 {
        Some(Rule::Level((y0 + y1) / 2.0, x0.min(x1), x0.max(x1)))
    } else if w <= 2.5 && h >= 6.0 {
        Some(Rule::Upright((x0 + x1) / 2.0, y0.min(y1), y0.max(y1)))
    } else {
        None
    }
}

/// Finds the tables of a page and takes their words out of `runs`.
pub fn tables(rules: &[Rule], runs: &mut Vec<Run>) -> Vec<Grid> {
    let mut level: Vec<(f64, f64, f64)> = Vec::new();
    let mut upright: Vec<(f64, f64, f64)> = Vec::new();
    for r in rules.iter().take(RULES_MAX) {
        match *r {
            Rule::Level(y, a, b) => level.push((y, a, b)),
            Rule::Upright(x, a, b) => upright.push((x, a, b)),
        }
    }
    if level.len() < 2 || upright.len() < 2 {
        return Vec::new();
    }
    let (level, upright) = (joined(level), joined(upright));
    if level.len().saturating_mul(upright.len()) > 2_000_000 {
        return Vec::new();
    }
    // Rules that touch belong to one table.
    let n = level.len();
    let mut group: Vec<usize> = (0..n + upright.len()).collect();
    for (i, &(y, a, b)) in level.iter().enumerate() {
        for (k, &(x, low, high)) in upright.iter().enumerate() {
            let touch = x >= a - SLACK && x <= b + SLACK && y >= low - SLACK && y <= high + SLACK;
            if touch {
                unite(&mut group, i, n + k);
            }
        }
    }
    let mut roots: Vec<usize> = (0..n).map(|i| find(&mut group, i)).collect();
    roots.sort_unstable();
    roots.dedup();
    let mut out = Vec::new();
    for root in roots {
        let mut mine = |from: usize, list: &[(f64, f64, f64)]| -> Vec<(f64, f64, f64)> {
            (0..list.len())
                .filter(|&k| find(&mut group, from + k) == root)
                .map(|k| list[k])
                .collect()
        };
        let (rows, columns) = (mine(0, &level), mine(n, &upright));
        out.extend(one(&rows, &columns, runs));
    }
    out.sort_by(|a, b| b.top.total_cmp(&a.top));
    out
}

/// Rules on the same line whose ends meet, as one.
fn joined(mut list: Vec<(f64, f64, f64)>) -> Vec<(f64, f64, f64)> {
    list.retain(|r| r.0.is_finite() && r.1.is_finite() && r.2.is_finite());
    list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut out: Vec<(f64, f64, f64)> = Vec::new();
    for r in list {
        // Rules drawn cell by cell stand a hair apart.
        let near = out
            .iter_mut()
            .rev()
            .take_while(|l| r.0 - l.0 <= 1.5)
            .find(|l| r.1 <= l.2 + SLACK && r.2 >= l.1 - SLACK);
        match near {
            Some(l) => (l.1, l.2) = (l.1.min(r.1), l.2.max(r.2)),
            None => out.push(r),
        }
    }
    out
}

fn find(group: &mut [usize], mut i: usize) -> usize {
    while group[i] != i {
        group[i] = group[group[i]];
        i = group[i];
    }
    i
}

fn unite(group: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(group, a), find(group, b));
    group[a.max(b)] = a.min(b);
}

/// Places without those that are nearly the same.
fn places(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut v: Vec<f64> = values.collect();
    v.sort_by(f64::total_cmp);
    v.dedup_by(|b, a| *b - *a <= SLACK);
    v
}

fn one(
    level: &[(f64, f64, f64)],
    upright: &[(f64, f64, f64)],
    runs: &mut Vec<Run>,
) -> Option<Grid> {
    let xs = places(upright.iter().map(|r| r.0));
    let mut ys = places(level.iter().map(|r| r.0));
    ys.reverse();
    if xs.len() < 3 || ys.len() < 3 {
        return None;
    }
    let (rows, columns) = (ys.len() - 1, xs.len() - 1);
    if rows.saturating_mul(columns) > CELLS_MAX {
        return None;
    }
    let covers = |list: &[(f64, f64, f64)], at: f64, mid: f64| {
        list.iter()
            .any(|r| (r.0 - at).abs() <= SLACK && r.1 <= mid && r.2 >= mid)
    };
    // Cells that no rule parts are one.
    let mut group: Vec<usize> = (0..rows * columns).collect();
    for i in 0..rows {
        for k in 0..columns {
            let (x, y) = ((xs[k] + xs[k + 1]) / 2.0, (ys[i] + ys[i + 1]) / 2.0);
            if k + 1 < columns && !covers(upright, xs[k + 1], y) {
                unite(&mut group, i * columns + k, i * columns + k + 1);
            }
            if i + 1 < rows && !covers(level, ys[i + 1], x) {
                unite(&mut group, i * columns + k, (i + 1) * columns + k);
            }
        }
    }
    let mut inside: Vec<Vec<Run>> = (0..rows * columns).map(|_| Vec::new()).collect();
    let mut rest = Vec::with_capacity(runs.len());
    for r in runs.drain(..) {
        // A run is where its middle is; the base line is a little above the bottom of the letters.
        let (x, y) = ((r.x + r.end) / 2.0, r.y + 0.3 * r.size);
        let column = (0..columns).find(|&k| x >= xs[k] && x < xs[k + 1]);
        let row = (0..rows).find(|&i| y <= ys[i] && y > ys[i + 1]);
        match (row, column) {
            (Some(i), Some(k)) => {
                let cell = find(&mut group, i * columns + k);
                inside[cell].push(r);
            }
            _ => rest.push(r),
        }
    }
    *runs = rest;
    let mut names: Vec<Option<usize>> = vec![None; rows * columns];
    let mut texts = Vec::new();
    let mut table = Vec::with_capacity(rows);
    for i in 0..rows {
        let mut line = Vec::with_capacity(columns);
        for k in 0..columns {
            let cell = find(&mut group, i * columns + k);
            let name = *names[cell].get_or_insert_with(|| {
                texts.push(words(std::mem::take(&mut inside[cell])));
                texts.len() - 1
            });
            line.push(name);
        }
        table.push(line);
    }
    // A frame around words is no table.
    (texts.iter().filter(|t| !t.is_empty()).count() >= 2).then_some(Grid {
        top: ys[0],
        rows: table,
        texts,
    })
}

/// Words of a cell: line by line, joined as Chinese is.
fn words(runs: Vec<Run>) -> String {
    let mut out = String::new();
    for (_, _, line) in rows(runs) {
        let both = out
            .chars()
            .last()
            .is_some_and(|c| c.is_ascii_alphanumeric())
            && line
                .chars()
                .next()
                .is_some_and(|c| c.is_ascii_alphanumeric());
        if both {
            out.push(' ');
        }
        out.push_str(line.trim());
    }
    out
}

/// Runs put into lines, from the top: height, size of the type, words.
pub fn rows(mut runs: Vec<Run>) -> Vec<(f64, f64, String)> {
    runs.retain(|r| r.x.is_finite() && r.y.is_finite() && r.end.is_finite());
    runs.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Vec<Run>> = Vec::new();
    for r in runs {
        match lines.last_mut() {
            Some(line) if (line[0].y - r.y).abs() <= 0.45 * line[0].size.max(r.size).max(1.0) => {
                line.push(r)
            }
            _ => lines.push(vec![r]),
        }
    }
    lines
        .into_iter()
        .map(|mut line| {
            line.sort_by(|a, b| a.x.total_cmp(&b.x));
            let mut out = String::new();
            let mut end: Option<f64> = None;
            for r in &line {
                if let Some(e) = end
                    && r.x - e > 0.9 * r.size.max(1.0)
                {
                    out.push(' ');
                }
                out.push_str(&r.words);
                end = Some(r.end);
            }
            (line[0].y, line[0].size, out)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(x: f64, y: f64, words: &str) -> Run {
        Run {
            x,
            y,
            end: x + 10.0 * words.chars().count() as f64,
            size: 10.0,
            words: words.into(),
        }
    }

    #[test]
    fn cells_that_no_rule_parts_are_one() {
        // Three rows, two columns; the left cells of the lower two rows are merged.
        let rules = [
            rule(0.0, 300.0, 200.0, 300.0),
            rule(0.0, 280.0, 200.0, 280.0),
            rule(100.0, 260.0, 200.0, 260.0),
            rule(0.0, 240.0, 200.0, 240.0),
            rule(0.0, 240.0, 0.0, 300.0),
            rule(100.0, 240.0, 100.0, 300.0),
            rule(200.0, 240.0, 200.0, 300.0),
        ]
        .map(Option::unwrap);
        let mut runs = vec![
            run(5.0, 320.0, "表前"),
            run(5.0, 286.0, "单位"),
            run(105.0, 286.0, "任务"),
            run(5.0, 256.0, "区应"),
            run(5.0, 244.0, "急局"),
            run(105.0, 266.0, "排查"),
            run(105.0, 246.0, "整改"),
        ];
        let found = tables(&rules, &mut runs);
        assert_eq!(found.len(), 1);
        let told: Vec<Vec<&str>> = found[0]
            .rows
            .iter()
            .map(|r| r.iter().map(|&t| found[0].texts[t].as_str()).collect())
            .collect();
        assert_eq!(
            told,
            [["单位", "任务"], ["区应急局", "排查"], ["区应急局", "整改"]]
        );
        assert_eq!(found[0].rows[1][0], found[0].rows[2][0]);
        assert_eq!(runs.len(), 1, "words outside stay");
    }

    #[test]
    fn a_frame_is_no_table() {
        let rules = [
            rule(0.0, 300.0, 200.0, 300.0),
            rule(0.0, 200.0, 200.0, 200.0),
            rule(0.0, 200.0, 0.0, 300.0),
            rule(200.0, 200.0, 200.0, 300.0),
        ]
        .map(Option::unwrap);
        let mut runs = vec![run(5.0, 250.0, "正文")];
        assert!(tables(&rules, &mut runs).is_empty());
        assert_eq!(runs.len(), 1);
    }
}
