//! Clauses between commas, and which of them belong together in one demand.

use crate::dates::{Kind, ODD_PERIOD, Time};
use crate::numerals::starts;
use crate::quantity::Amount;
use crate::sentence::Nest;
use crate::words::{SCENE, SINGLE, adverb_at, verb_at};

/// A clause between commas with what was found in it.
#[derive(Debug, Clone)]
pub struct Clause {
    pub from: usize,
    pub to: usize,
    pub times: Vec<Time>,
    pub amount: Option<Amount>,
    pub each: Option<(usize, usize, String)>,
    pub ban: bool,
    pub subject: Option<(usize, usize, Vec<String>)>,
}

impl Clause {
    /// Whether it has a number, a date, a frequency or a ban of its own.
    pub fn strong(&self) -> bool {
        self.amount.is_some()
            || self.ban
            || self
                .times
                .iter()
                .any(|t| !matches!(t.kind, Kind::Vague(w) if w != ODD_PERIOD))
    }
}

/// Whether a clause begins a demand of its own.
fn begins(s: &[char], nest: &Nest, group: &[Clause], c: &Clause, in_event: bool) -> bool {
    let amounts = c.amount.is_some() && group.iter().any(|x| x.amount.is_some());
    let substance = amounts || group.iter().any(|x| !scene(s, x) && concrete(s, x, nest));
    if !substance {
        return false;
    }
    let open = verb_in(s, c.from, c.to, nest).or_else(|| {
        let at = c
            .times
            .iter()
            .filter(|t| t.from <= c.from + 1)
            .map(|t| t.to)
            .max()?;
        s[..c.to].get(at).filter(|x| SINGLE.contains(x)).map(|_| at)
    });
    if c.ban && !group.iter().any(|x| x.ban) && !in_event {
        return true;
    }
    if in_event {
        // 30分钟内电话报告、1小时内书面报告: two limits, two demands.
        let within = |x: &Clause| {
            x.times
                .iter()
                .any(|t| !matches!(t.kind, Kind::Vague(_) | Kind::Continuous))
                || x.amount.is_some()
        };
        return within(c)
            && group
                .iter()
                .any(|x| within(x) || (!scene(s, x) && concrete(s, x, nest)));
    }
    // 将…作为…，将…作为…: a row of demands of the same form.
    let after = |x: &Clause| aux(s, x.subject.as_ref().map_or(x.from, |y| y.1), x.to);
    if s[c.from] == '将'
        && c.to - c.from >= 6
        && group.iter().any(|x| s.get(after(x)) == Some(&'将'))
    {
        return true;
    }
    let names = |x: &Clause| x.subject.as_ref().map(|y| y.2.clone());
    if let Some(subject) = &c.subject
        && open.is_some()
        && names(c) != group.iter().rev().find_map(names)
    {
        let must = s
            .get(subject.1)
            .is_some_and(|&x| matches!(x, '要' | '应' | '须' | '需'));
        return must || c.strong() || group.iter().any(|x| x.subject.is_some());
    }
    if !c.strong() {
        return false;
    }
    if amounts {
        return true;
    }
    // 2025年6月底前完成 and 覆盖率达到100% say more about what stands before.
    let by = |x: &Clause| {
        x.times
            .iter()
            .any(|t| matches!(t.kind, Kind::By(_) | Kind::Within { .. }))
    };
    if trails(&bare(s, c)) {
        return by(c) && group.iter().any(by) && !bare(s, c).is_empty();
    }
    let measured = group.iter().any(Clause::strong);
    let plain = (c.from..c.to.saturating_sub(1)).all(|k| {
        nest.inside(k)
            || !verb_at(&s[..c.to], k)
            || ["达到", "实现", "保持", "提升", "提高", "完成"]
                .iter()
                .any(|w| starts(s, k, w))
            || s[k..c.to].iter().take(4).any(|x| *x == '率')
    });
    if c.amount.as_ref().is_some_and(|m| m.percent || m.coverage) && !measured && plain {
        return false;
    }
    open.is_some() || c.each.is_some() || measured || c.amount.as_ref().is_some_and(|m| m.bound)
}

/// Whether the words left of a clause only say that something is to be finished.
fn trails(rest: &str) -> bool {
    const DONE: &[&str] = &[
        "完成",
        "全部完成",
        "完成整改",
        "整改到位",
        "落实到位",
        "全面完成",
        "基本完成",
        "建成",
        "投入使用",
        "完成任务",
        "全部整改到位",
        "实施",
        "启动",
        "执行",
        "到位",
        "前完成",
        "销号",
        "报送",
        "上报",
        "备案",
        "完成建设",
        "建成投用",
        "完工",
        "竣工",
        "见效",
        "取得实效",
        "初见成效",
        "形成长效机制",
    ];
    rest.is_empty()
        || DONE.contains(&rest)
        || rest.starts_with("建成并")
        || rest.starts_with("完成并")
        || (rest.starts_with("全部") && rest.chars().count() <= 8)
}

/// A clause that is only a time: 到2026年底.
pub fn only_time(s: &[char], c: &Clause) -> bool {
    c.amount.is_none()
        && !c.ban
        && c.times.iter().any(|t| !matches!(t.kind, Kind::Continuous))
        && bare(s, c).is_empty()
}

/// Groups clauses into demands.
pub fn group(s: &[char], nest: &Nest, list: Vec<Clause>, in_event: bool) -> Vec<Vec<Clause>> {
    let mut groups: Vec<Vec<Clause>> = Vec::new();
    let n = list.len();
    // A time that stands before several clauses holds for all of them.
    let mut lead: Option<Clause> = None;
    for (k, c) in list.into_iter().enumerate() {
        let leads = k + 1 < n && only_time(s, &c);
        let Some(last) = groups.last_mut() else {
            if leads {
                lead = Some(c.clone());
            }
            groups.push(vec![c]);
            continue;
        };
        let fresh = last.iter().any(|x| !scene(s, x) && concrete(s, x, nest))
            || last.iter().any(|x| x.amount.is_some());
        if leads && fresh && !in_event {
            lead = Some(c.clone());
            groups.push(vec![c]);
            continue;
        }
        if !begins(s, nest, last, &c, in_event) {
            last.push(c);
            continue;
        }
        // The scene that was set just before belongs to what begins here.
        let mut pulled = Vec::new();
        while last.len() > 1 && last.last().is_some_and(|x| scene(s, x) && !x.strong()) {
            if let Some(x) = last.pop() {
                pulled.push(x);
            }
        }
        pulled.reverse();
        pulled.push(c);
        if let Some(l) = &lead
            && pulled.iter().all(|x| x.times.is_empty())
        {
            let at = pulled.len() - 1;
            pulled[at].times.extend(l.times.iter().cloned());
        }
        groups.push(pulled);
    }
    groups
}

/// What is left of a clause without its words about time, number and manner.
pub fn bare(s: &[char], c: &Clause) -> String {
    let mut out = String::new();
    let mut i = c.from;
    while i < c.to {
        if let Some(t) = c.times.iter().find(|t| t.from == i) {
            // 到2026年底, 于6月前: the word before goes with the time.
            while out.ends_with(['到', '至', '自', '从']) {
                out.pop();
            }
            i = t.to.max(i + 1);
            continue;
        }
        if let Some(m) = c.amount.as_ref().filter(|m| m.from == i) {
            i = m.to.max(i + 1);
            continue;
        }
        if !matches!(
            s[i],
            '前' | '力' | '争' | '确' | '保' | '须' | '要' | '并' | '于' | '在' | '应' | '需'
        ) {
            out.push(s[i]);
        }
        i += 1;
    }
    out
}

/// Steps over 要, 应, 须 and the like.
pub fn aux(s: &[char], mut a: usize, to: usize) -> usize {
    while a + 1 < to {
        let n = match s[a] {
            '应' if starts(s, a, "应当") => 2,
            '应' if matches!(
                s[a + 1],
                '用' | '急' | '对' | '变' | '收' | '知' | '改' | '查' | '建' | '保'
            ) =>
            {
                return a;
            }
            '要' if matches!(s[a + 1], '素' | '点' | '求' | '害') => return a,
            '需' if s[a + 1] == '求' => return a,
            '均' if s[a + 1] == '衡' => return a,
            '请' if ["示", "求", "进", "教", "假"]
                .iter()
                .any(|w| starts(s, a + 1, w)) =>
            {
                return a;
            }
            '请' => 1,
            '你' if starts(s, a, "你们") => 2,
            '你' if starts(s, a, "你单位") => 3,
            '再' | '还' | '则' | '并' if verb_at(s, a) => return a,
            '必' if starts(s, a, "必须") => 2,
            '力' if starts(s, a, "力争") => 2,
            '确' if starts(s, a, "确保") && a + 4 < to => 2,
            '要' | '应' | '须' | '需' | '都' | '均' | '并' | '再' | '还' | '则' | '也' | '，'
            | '、' | '前' | '的' => 1,
            _ => return a,
        };
        a += n;
    }
    a
}

/// A clause that only sets the scene: 针对…事项, 结合实际.
pub fn scene(s: &[char], c: &Clause) -> bool {
    let a = aux(s, c.subject.as_ref().map_or(c.from, |x| x.1), c.to);
    // 从严查处, 自查自改: verbs that begin as prepositions do.
    let verb = [
        "从严",
        "从快",
        "从重",
        "从速",
        "自查",
        "自检",
        "自评",
        "自纠",
        "以案促",
        "以查促",
        "由浅",
    ]
    .iter()
    .any(|w| starts(s, a, w));
    if c.strong() || verb || !SCENE.iter().any(|w| starts(s, a, w)) {
        return false;
    }
    let s = &s[..c.to];
    // 对全区水库开展…: what is done to something is no scene.
    if s.get(a) == Some(&'对')
        && (a + 2..c.to).any(|k| {
            [
                "开展", "进行", "实施", "采取", "实行", "组织", "落实", "予以", "给予", "加强",
                "加大", "建立", "强化", "逐", "依法", "从严", "从重", "严肃", "约谈", "通报",
            ]
            .iter()
            .any(|w| starts(s, k, w))
        })
    {
        return false;
    }
    // 结合实际开展…, 在检查中实行…: the clause goes on to a verb of its own.
    !(a + 3..c.to.saturating_sub(1)).any(|k| {
        verb_at(s, k)
            && matches!(
                s[k - 1],
                '际' | '式'
                    | '等'
                    | '中'
                    | '内'
                    | '段'
                    | '台'
                    | '制'
                    | '势'
                    | '线'
                    | '点'
                    | '上'
                    | '里'
                    | '体'
                    | '”'
                    | '）'
                    | '会'
                    | '间'
                    | '合'
                    | '区'
                    | '口'
            )
            && !starts(s, k, "方面")
    })
}

/// A clause with a verb of demand and something it acts on.
fn concrete(s: &[char], c: &Clause, nest: &Nest) -> bool {
    c.to - c.from >= 6
        && verb_in(s, c.from, c.to, nest).is_some()
        && ![
            "采取有力措施",
            "采取有效措施",
            "久久为功",
            "加强组织领导",
            "提高思想认识",
            "高度重视",
        ]
        .iter()
        .any(|w| starts(s, c.from, w))
}

/// The first verb of demand in a stretch.
pub fn verb_in(s: &[char], from: usize, to: usize, nest: &Nest) -> Option<usize> {
    (from..to.saturating_sub(1))
        .find(|&i| !nest.inside(i) && verb_at(&s[..to], i) && !adverb_at(s, i))
        .or_else(|| (from..to.saturating_sub(1)).find(|&i| !nest.inside(i) && verb_at(&s[..to], i)))
}

/// Whether a clause forbids something.
pub fn bans(s: &[char], from: usize, to: usize, nest: &Nest) -> bool {
    (from..to).any(|i| {
        if nest.inside(i) {
            return false;
        }
        if starts(s, i, "不得") {
            // 不得少于 is a number, not a ban.
            return !["少", "低", "超", "多", "高", "小", "大", "晚", "迟"]
                .iter()
                .any(|w| starts(s, i + 2, w));
        }
        [
            "严禁",
            "禁止",
            "不准",
            "严厉禁止",
            "决不允许",
            "绝不允许",
            "不允许",
            "一律不",
            "不再",
        ]
        .iter()
        .any(|w| starts(s, i, w) && (*w != "禁止" || i == 0 || s[i - 1] != '令') && *w != "不再")
    })
}
