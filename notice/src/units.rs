//! Who is responsible: the closing brackets of an article, and lines such as 责任单位：….

use anlan_core::notice::Span;

use crate::numerals::starts;
use crate::outline::Part;
use crate::text::Healed;

/// Most units taken from one article; more are a sign of a text that is no list of units.
pub const UNITS_MAX: usize = 200;
/// Longest name of a unit, in characters.
pub const NAME_MAX: usize = 60;
/// Longest closing bracket that is searched for units, in characters.
const BRACKET_MAX: usize = 2000;

/// What an article says about responsibility.
#[derive(Debug, Default, Clone)]
pub struct Found {
    /// All units in the order written.
    pub units: Vec<String>,
    /// Those that lead.
    pub lead: Vec<String>,
    /// Those that support.
    pub support: Vec<String>,
    /// The closing words.
    pub mode: Option<String>,
    /// Units that every later article gets (以下均需…负责).
    pub later: Vec<String>,
    /// Words about time beside the units (完成时限：…).
    pub due: Option<Part>,
    /// The title without the bracket, when the bracket stood in the title.
    pub title: Option<Part>,
    /// Where the closing bracket ends.
    pub end: Option<Part>,
    /// Where the units stand.
    pub span: Option<Span>,
}

impl Found {
    /// What stands behind what is known already.
    fn add(&mut self, more: Found) {
        let join = |to: &mut Vec<String>, from: Vec<String>| {
            for name in from {
                if !to.contains(&name) && to.len() < UNITS_MAX {
                    to.push(name);
                }
            }
        };
        join(&mut self.units, more.units);
        join(&mut self.lead, more.lead);
        join(&mut self.support, more.support);
        join(&mut self.later, more.later);
        self.mode = more.mode.or(self.mode.take());
        self.due = self.due.or(more.due);
        self.title = self.title.take().or(more.title);
        self.end = more.end.or(self.end);
        self.span = self.span.or(more.span);
    }

    /// Whether anything about units was found.
    pub fn any(&self) -> bool {
        !self.units.is_empty()
    }
}

/// Closing words of a list of units, longest first, and what they make of the units before them.
const MODES: &[(&str, Role)] = &[
    ("按照职责分工负责", Role::Plain),
    ("按各自职责分工负责", Role::Plain),
    ("根据职责分工负责", Role::Plain),
    ("依职责分工负责", Role::Plain),
    ("按职责分工负责", Role::Plain),
    ("按职责分工落实", Role::Plain),
    ("按职责分工", Role::Plain),
    ("按职责负责", Role::Plain),
    ("负责指导督促落实", Role::Plain),
    ("负责督促指导落实", Role::Plain),
    ("负责组织实施", Role::Plain),
    ("指导督促落实", Role::Plain),
    ("督促指导落实", Role::Plain),
    ("督促落实", Role::Plain),
    ("分别负责落实", Role::Plain),
    ("负责具体落实", Role::Plain),
    ("具体组织实施", Role::Plain),
    ("牵头组织实施", Role::Lead),
    ("组织实施", Role::Plain),
    ("牵头抓总", Role::Lead),
    ("牵头负责", Role::Lead),
    ("共同牵头", Role::Lead),
    ("牵头落实", Role::Lead),
    ("牵头", Role::Lead),
    ("共同负责", Role::Plain),
    ("分别负责", Role::Plain),
    ("分工负责", Role::Plain),
    ("具体负责", Role::Plain),
    ("负责落实", Role::Plain),
    ("配合落实", Role::Support),
    ("协同配合", Role::Support),
    ("协助配合", Role::Support),
    ("参加配合", Role::Support),
    ("参与配合", Role::Support),
    ("配合", Role::Support),
    ("协助", Role::Support),
    ("协办", Role::Support),
    ("协同", Role::Support),
    ("参与", Role::Support),
    ("参加", Role::Support),
    ("分工落实", Role::Plain),
    ("具体落实", Role::Plain),
    ("组织落实", Role::Plain),
    ("抓好落实", Role::Plain),
    ("落实", Role::Plain),
    ("负责", Role::Plain),
    ("承办", Role::Plain),
    ("实施", Role::Plain),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    Lead,
    Support,
    Due,
    Person,
}

/// Words before a colon that say what follows.
const KEYS: &[(&str, Role)] = &[
    ("牵头责任单位", Role::Lead),
    ("牵头单位", Role::Lead),
    ("牵头部门", Role::Lead),
    ("主要责任单位", Role::Lead),
    ("主责单位", Role::Lead),
    ("主责部门", Role::Lead),
    ("主办单位", Role::Lead),
    ("配合责任单位", Role::Support),
    ("责任配合单位", Role::Support),
    ("配合单位", Role::Support),
    ("配合部门", Role::Support),
    ("协同单位", Role::Support),
    ("协同部门", Role::Support),
    ("协办单位", Role::Support),
    ("协助单位", Role::Support),
    ("参与单位", Role::Support),
    ("参加单位", Role::Support),
    ("责任单位", Role::Plain),
    ("责任部门", Role::Plain),
    ("责任主体", Role::Plain),
    ("责任科室", Role::Plain),
    ("落实单位", Role::Plain),
    ("实施单位", Role::Plain),
    ("承办单位", Role::Plain),
    ("完成时限", Role::Due),
    ("完成时间", Role::Due),
    ("整改时限", Role::Due),
    ("整治时限", Role::Due),
    ("时间节点", Role::Due),
    ("时间安排", Role::Due),
    ("时间要求", Role::Due),
    ("时限要求", Role::Due),
    ("工作时限", Role::Due),
    ("推进时限", Role::Due),
    ("实施时间", Role::Due),
    ("时限", Role::Due),
    ("牵头领导", Role::Person),
    ("分管领导", Role::Person),
    ("责任领导", Role::Person),
    ("包保领导", Role::Person),
    ("牵头人", Role::Person),
    ("责任人", Role::Person),
    ("联系人", Role::Person),
];

fn key_at(s: &[char], at: usize) -> Option<(Role, usize)> {
    for (word, role) in KEYS {
        if starts(s, at, word) {
            let e = at + word.chars().count();
            // 责任单位及责任人：
            if s.get(e) == Some(&'：') {
                return Some((*role, e + 1));
            }
            if (s.get(e) == Some(&'为')) && *role != Role::Due {
                return Some((*role, e + 1));
            }
            if matches!(s.get(e), Some('及' | '和' | '、'))
                && s.get(e + 1..e + 10).is_some_and(|t| t.contains(&'：'))
            {
                let colon = s[e..e + 10].iter().position(|&c| c == '：')?;
                return Some((*role, e + colon + 1));
            }
        }
    }
    None
}

/// Last characters of names of units. A name is believed when it ends in one of these.
const TAILS: &[&str] = &[
    "局",
    "委",
    "办",
    "厅",
    "部",
    "处",
    "科",
    "站",
    "所",
    "院",
    "校",
    "会",
    "镇",
    "乡",
    "街道",
    "社区",
    "村",
    "政府",
    "单位",
    "部门",
    "企业",
    "公司",
    "集团",
    "中心",
    "大队",
    "支队",
    "总队",
    "中队",
    "指挥部",
    "委员会",
    "办公室",
    "小组",
    "专班",
    "管委会",
    "开发区",
    "园区",
    "学校",
    "医院",
    "银行",
    "机构",
    "协会",
    "商会",
    "联合会",
    "工会",
    "团委",
    "妇联",
    "法院",
    "检察院",
    "街办",
    "办事处",
    "队",
    "党组",
    "党委",
    "党工委",
    "县",
    "区",
    "市",
    "分局",
    "专委会",
    "安委会",
    "安委办",
    "消防",
    "公安",
    "电力",
    "联社",
    "馆",
    "台",
    "社",
    "景区",
    "林场",
    "农场",
    "部队",
    "战区",
    "人武部",
    "旗",
    "苏木",
    "网格",
    "网格员",
    "物业",
    "主体",
    "团体",
    "组织",
    "成员",
    "（街道）",
    "（镇）",
    "（乡）",
    "（社区）",
    "（村）",
    "街",
    "厂",
    "矿",
    "科室",
];

/// Whether words look like the name of a unit.
pub fn looks_like_unit(name: &str) -> bool {
    let n = name.chars().count();
    (2..=NAME_MAX).contains(&n)
        && (TAILS.iter().any(|t| name.ends_with(t))
            || (name.ends_with('）') && name.contains('（'))
            || name.ends_with(']'))
}

/// Takes units out of an article's own words: what stands in closing brackets or after 责任单位： is cut
/// off `body`, what it says is returned.
pub fn take(
    healed: &Healed<'_>,
    title: Part,
    body: &mut [Part],
    remarks: &mut Vec<(Span, String)>,
) -> Found {
    let mut found = Found::default();
    let last = body.iter().rposition(|b| !b.is_empty());
    match last {
        Some(_) => {
            // From the end backwards: several lines of units may close an article. Units are listed as
            // written, the first line first.
            let mut blocks: Vec<Found> = Vec::new();
            for b in body.iter_mut().rev().filter(|b| !b.is_empty()) {
                let had = *b;
                let mut block = Found::default();
                *b = cut(healed, *b, &mut block, remarks);
                if *b == had {
                    break;
                }
                blocks.push(block);
            }
            // A closing line behind the bracket (请各单位于…前报送) does not hide it.
            if blocks.is_empty() {
                for b in body.iter_mut().rev().filter(|b| !b.is_empty()).skip(1) {
                    let had = *b;
                    let mut block = Found::default();
                    *b = cut(healed, *b, &mut block, remarks);
                    if *b != had {
                        blocks.push(block);
                        break;
                    }
                }
            }
            for block in blocks.into_iter().rev() {
                found.add(block);
            }
            for b in body.iter_mut().filter(|b| !b.is_empty()) {
                cut_keys(healed, b, &mut found, remarks);
            }
        }
        None => {
            let rest = cut(healed, title, &mut found, remarks);
            if rest != title {
                found.title = Some(rest);
            }
        }
    }
    found
}

/// Cuts a closing bracket or a line of keys off the end of a stretch.
fn cut(
    healed: &Healed<'_>,
    part: Part,
    found: &mut Found,
    remarks: &mut Vec<(Span, String)>,
) -> Part {
    let p = &healed.paras[part.para];
    let s = &p.norm[..part.to];
    if key_at(s, part.from).is_some() {
        read_keys(healed, part, found, remarks);
        return Part {
            to: part.from,
            ..part
        };
    }
    let mut end = part.to;
    while end > part.from && matches!(s[end - 1], '。' | '；' | '.' | ' ') {
        end -= 1;
    }
    if end <= part.from || !matches!(s[end - 1], '）' | '〕') {
        return part;
    }
    let mut depth = 0usize;
    let mut open = None;
    for i in (part.from..end).rev().take(BRACKET_MAX) {
        match s[i] {
            '）' | '〕' => depth += 1,
            '（' | '〔' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    open = Some(i);
                    break;
                }
            }
            _ => {}
        }
    }
    let Some(open) = open else { return part };
    let inner = Part {
        para: part.para,
        from: open + 1,
        to: end - 1,
    };
    if inner.is_empty() || !is_unit_bracket(healed, inner) {
        return part;
    }
    read_bracket(healed, inner, found, remarks);
    found.end.get_or_insert(Part {
        para: part.para,
        from: end - 1,
        to: end,
    });
    found.span.get_or_insert(p.span(open, end));
    let rest = Part { to: open, ..part };
    // (区应急局牵头)(2025年6月底前完成): two brackets, one behind the other.
    if rest.is_empty() || !matches!(s[open - 1], '）' | '〕') {
        rest
    } else {
        cut(healed, rest, found, remarks)
    }
}

/// Whether the words in a closing bracket are about units or time.
fn is_unit_bracket(healed: &Healed<'_>, inner: Part) -> bool {
    let p = &healed.paras[inner.para];
    let s = &p.norm[inner.from..inner.to];
    if key_at(s, 0).is_some() {
        return true;
    }
    // 区应急局、区住建局，完成时限：…: names first, keys behind.
    let key = (1..s.len())
        .find(|&i| matches!(s[i - 1], '，' | '；') && key_at(s, i).is_some())
        .map_or(s.len(), |i| i - 1);
    let words: String = s[..key].iter().collect();
    let first = words.split(['。', '；', '，']).next().unwrap_or("");
    if MODES
        .iter()
        .any(|(m, _)| first.ends_with(m) || words.ends_with(m))
    {
        return true;
    }
    // Names only: every one of them must look like a unit.
    let names = split_names(&words);
    !names.is_empty()
        && names.iter().all(|n| looks_like_unit(strip_etc(n).0))
        && (names.len() > 1 || {
            let only = &names[0];
            only.starts_with('各')
                || only.starts_with('区')
                || only.starts_with('县')
                || only.starts_with('市')
                || only.chars().count() >= 4
        })
}

/// Splits at 、，； outside brackets.
pub fn split_names(words: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut depth = 0usize;
    let mut name = String::new();
    for c in words.chars() {
        match c {
            '（' | '〔' | '《' | '(' | '[' => depth += 1,
            '）' | '〕' | '》' | ')' | ']' => depth = depth.saturating_sub(1),
            '、' | '，' | '；' | '。' | ',' | ';' if depth == 0 => {
                if !name.is_empty() {
                    out.push(std::mem::take(&mut name));
                }
                continue;
            }
            _ => {}
        }
        name.push(c);
    }
    if !name.is_empty() {
        out.push(name);
    }
    out
}

/// Parts 区公安局和各镇 where both sides look like names of units.
pub fn split_and(name: &str) -> Vec<&str> {
    for mark in ['和', '及', '与'] {
        for (i, _) in name.match_indices(mark) {
            let (a, b) = (&name[..i], &name[i + mark.len_utf8()..]);
            let b = b.strip_prefix('其').unwrap_or(b);
            if looks_like_unit(strip_etc(a).0) && looks_like_unit(strip_etc(b).0) {
                let mut out = vec![a];
                out.extend(split_and(b));
                return out;
            }
        }
    }
    vec![name]
}

/// Takes 等单位, 等部门, 等 off a name.
pub fn strip_etc(name: &str) -> (&str, bool) {
    for tail in [
        "等有关部门和单位",
        "等相关部门和单位",
        "等有关单位",
        "等相关单位",
        "等有关部门",
        "等相关部门",
        "等部门和单位",
        "等部门单位",
        "等成员单位",
        "等责任单位",
        "等单位",
        "等部门",
        "等",
    ] {
        if let Some(rest) = name.strip_suffix(tail)
            && !rest.is_empty()
        {
            return (rest, true);
        }
    }
    (name, false)
}

fn read_bracket(
    healed: &Healed<'_>,
    inner: Part,
    found: &mut Found,
    remarks: &mut Vec<(Span, String)>,
) {
    let p = &healed.paras[inner.para];
    if key_at(&p.norm[..inner.to], inner.from).is_some() {
        read_keys(healed, inner, found, remarks);
        return;
    }
    // Sentences first: the rule for later articles is a sentence of its own.
    let mut from = inner.from;
    while from < inner.to {
        let mut to = from;
        while to < inner.to
            && p.norm[to] != '。'
            && p.norm[to] != '；'
            && !(p.norm[to] == '，' && key_at(&p.norm[..inner.to], to + 1).is_some())
        {
            to += 1;
        }
        let part = Part {
            para: inner.para,
            from,
            to,
        };
        if let Some(later) = later_rule(healed, part) {
            found.later.extend(later);
        } else if key_at(&p.norm[..to], from).is_some() {
            read_keys(healed, part, found, remarks);
        } else {
            read_names(healed, part, Role::Plain, found, remarks);
        }
        from = to + 1;
    }
}

/// 以下均需各镇（街道）负责，不再一一列出: the units every later article gets.
pub fn later_rule(healed: &Healed<'_>, part: Part) -> Option<Vec<String>> {
    let p = &healed.paras[part.para];
    let words = healed.tight(p, part.from, part.to);
    let rest = words
        .strip_prefix("以下")
        .or_else(|| words.strip_prefix("后续"))
        .or_else(|| words.strip_prefix("下列"))?;
    // 以下各项任务均由…: a few words up to 均, 都 or 由.
    let (k, _) = rest
        .char_indices()
        .take(10)
        .find(|(_, c)| matches!(c, '均' | '都' | '皆' | '由' | '需' | '须'))?;
    let rest = rest[k..].trim_start_matches(['均', '都', '皆', '需', '由', '须', '应', '要']);
    let head = rest.split(['，', '。', ',']).next().unwrap_or("");
    let (names, _) = MODES
        .iter()
        .find_map(|(m, _)| head.strip_suffix(m).map(|n| (n, m)))?;
    let names: Vec<String> = split_names(names)
        .iter()
        .map(|n| strip_etc(n).0.to_string())
        .filter(|n| !n.is_empty())
        .collect();
    (!names.is_empty()).then_some(names)
}

/// Reads `区应急局牵头，区公安局、区交通局等单位配合` and the like.
fn read_names(
    healed: &Healed<'_>,
    part: Part,
    default: Role,
    found: &mut Found,
    remarks: &mut Vec<(Span, String)>,
) {
    let p = &healed.paras[part.para];
    let words = healed.tight(p, part.from, part.to);
    let words = words.trim_end_matches(['。', '；', '.', ' ', ';']);
    let mut waiting: Vec<String> = Vec::new();
    for raw in split_names(words) {
        let raw = raw.trim();
        let raw = raw.strip_prefix('由').unwrap_or(raw);
        if raw.starts_with("不再") || raw.starts_with("不一一") {
            continue;
        }
        if looks_like_date(raw) {
            found.due.get_or_insert(part);
            continue;
        }
        let mode = MODES.iter().find(|(m, _)| raw.ends_with(m));
        let (name, role) = match mode {
            Some((m, role)) => {
                let mut said = (*m).to_string();
                // 负责指导督促落实: the words that say more are the mode.
                if let Some(more) = said.strip_prefix("负责").filter(|x| x.contains("督促")) {
                    said = more.to_string();
                }
                found.mode = Some(said);
                (
                    &raw[..raw.len() - m.len()],
                    if *role == Role::Plain { default } else { *role },
                )
            }
            None => (raw, default),
        };
        let name = name.trim_end_matches(['，', '、', ' ']);
        let (name, _) = strip_etc(name);
        // 由区应急局会同区公安局: the second one supports.
        for (k, one) in name.split("会同").flat_map(|x| split_and(x)).enumerate() {
            let one = strip_etc(one.trim()).0;
            if one.is_empty() {
                continue;
            }
            if one.chars().count() > NAME_MAX || found.units.len() + waiting.len() >= UNITS_MAX {
                remarks.push((
                    p.span(part.from, part.to),
                    "责任单位一栏过长，未全部读入".into(),
                ));
                return;
            }
            if k > 0 && name.contains("会同") && !found.support.iter().any(|u| u == one) {
                found.support.push(one.to_string());
            }
            waiting.push(one.to_string());
        }
        if mode.is_some() {
            flush(&mut waiting, role, found);
        }
    }
    flush(&mut waiting, default, found);
}

fn flush(waiting: &mut Vec<String>, role: Role, found: &mut Found) {
    for name in waiting.drain(..) {
        if found.units.contains(&name) {
            continue;
        }
        match role {
            Role::Lead => found.lead.push(name.clone()),
            Role::Support if !found.support.contains(&name) => found.support.push(name.clone()),
            _ => {}
        }
        found.units.push(name);
    }
}

fn looks_like_date(words: &str) -> bool {
    let has = |c: char| words.contains(c);
    words
        .chars()
        .any(|c| c.is_ascii_digit() || crate::numerals::is_numeral(c))
        && (has('月') || has('年'))
        && (words.ends_with('前')
            || words.ends_with("完成")
            || words.ends_with('底')
            || words.ends_with("月"))
        || matches!(
            words,
            "长期坚持" | "持续推进" | "年底前" | "全年" | "长期" | "年底前完成" | "持续实施"
        )
}

/// Reads `牵头单位：…；配合单位：…；完成时限：…` from the start of a stretch.
fn read_keys(
    healed: &Healed<'_>,
    part: Part,
    found: &mut Found,
    remarks: &mut Vec<(Span, String)>,
) {
    let p = &healed.paras[part.para];
    let s = &p.norm[..part.to];
    let mut marks = Vec::new();
    let mut i = part.from;
    while i < part.to {
        if let Some((role, e)) = key_at(s, i) {
            marks.push((i, role, e));
            i = e;
        } else {
            i += 1;
        }
    }
    for (k, &(_, role, from)) in marks.iter().enumerate() {
        let to = marks.get(k + 1).map_or(part.to, |m| m.0);
        let inner = trim(
            s,
            Part {
                para: part.para,
                from,
                to,
            },
        );
        if inner.is_empty() {
            continue;
        }
        match role {
            Role::Due => {
                found.due.get_or_insert(inner);
            }
            Role::Person => {
                remarks.push((
                    p.span(inner.from, inner.to),
                    "责任人姓名不列入责任单位".into(),
                ));
            }
            _ => read_names(healed, inner, role, found, remarks),
        }
    }
    found.end.get_or_insert(Part {
        para: part.para,
        from: part.to.saturating_sub(1),
        to: part.to,
    });
    found.span.get_or_insert(p.span(part.from, part.to));
}

fn trim(s: &[char], mut part: Part) -> Part {
    let noise = |c: char| matches!(c, '；' | '。' | '，' | '、' | '（' | '〔' | ' ');
    while part.to > part.from && noise(s[part.to - 1]) {
        part.to -= 1;
    }
    // A bracket that opened before the keys closes here.
    while part.to > part.from && matches!(s[part.to - 1], '）' | '〕') {
        let opens = s[part.from..part.to]
            .iter()
            .filter(|c| matches!(c, '（' | '〔'))
            .count();
        let closes = s[part.from..part.to]
            .iter()
            .filter(|c| matches!(c, '）' | '〕'))
            .count();
        if closes <= opens {
            break;
        }
        part.to -= 1;
    }
    while part.from < part.to && matches!(s[part.from], '；' | '，' | '：' | ' ') {
        part.from += 1;
    }
    part
}

/// Cuts `责任单位：…` off the end of a stretch in which it follows a sentence.
fn cut_keys(
    healed: &Healed<'_>,
    part: &mut Part,
    found: &mut Found,
    remarks: &mut Vec<(Span, String)>,
) {
    let p = &healed.paras[part.para];
    let s = &p.norm[..part.to];
    for i in part.from + 1..part.to {
        if matches!(s[i - 1], '。' | '；' | '（' | '〔' | '）' | ' ') && key_at(s, i).is_some()
        {
            let from = if matches!(s[i - 1], '（' | '〔') {
                i - 1
            } else {
                i
            };
            read_keys(healed, Part { from: i, ..*part }, found, remarks);
            part.to = from;
            return;
        }
    }
}

/// Units named in words such as 主送机关: `北石店镇人民政府、各街道办事处，区直各单位：`.
pub fn addressees(words: &str) -> Vec<String> {
    split_names(words.trim_end_matches(['：', ':', ' ']))
        .iter()
        .map(|n| n.trim().to_string())
        .filter(|n| !n.is_empty())
        .collect()
}
