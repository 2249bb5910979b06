//! Who may do what to a duty, and every reason why not.

use super::*;
use crate::authority::{Command as May, Scope, scope};
use crate::duty::command::Command;
use crate::org::OrgTree;
use std::collections::BTreeSet;

const NOW: &str = "2026-05-20";

fn file() -> FileRef {
    FileRef {
        sha256: "a".repeat(64),
        name: "纪要.pdf".into(),
        size: 3,
        media_type: "application/pdf".into(),
    }
}

fn decide(duty: &Duty, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
    let tree = tree();
    let files = [file()];
    duty.decide(
        command,
        &Context {
            actor,
            now: noon(NOW),
            tree: &tree,
            files: &files,
            chance: 7,
        },
    )
}

fn paper(happened: &str) -> Command {
    Command::FileEvidence {
        kind: EvidenceKind::File,
        happened: day(happened),
        note: " 见附件 ".into(),
        files: vec![file().sha256],
        meeting: None,
        number: None,
        link: None,
    }
}

fn number(value: f64) -> Command {
    Command::FileEvidence {
        kind: EvidenceKind::Number,
        happened: day("2026-05-01"),
        note: String::new(),
        files: vec![],
        meeting: None,
        number: Some(Number {
            value,
            unit: "次".into(),
        }),
        link: None,
    }
}

fn meeting(date: &str, people: u32, topic: &str) -> Command {
    Command::FileEvidence {
        kind: EvidenceKind::Meeting,
        happened: day("2026-05-20"),
        note: String::new(),
        files: vec![],
        meeting: Some(Meeting {
            date: day(date),
            people,
            topic: topic.into(),
            minutes: String::new(),
        }),
        number: None,
        link: None,
    }
}

fn filer() -> Actor {
    actor(Role::Village, "village", 1)
}

/// A duty of the village with one piece that waits, one that was accepted, an open and a closed item.
fn busy() -> Duty {
    let mut duty = duty(MeasureKind::Times, 4.0, "次");
    let by = |actor: &Actor| Stamp {
        by: Some(actor.person.clone()),
        org: actor.org().cloned(),
        at: noon("2026-05-10"),
    };
    duty.apply(
        &Event::Filed(evidence(0, "2026-05-01", None)),
        &by(&filer()),
    );
    duty.apply(
        &Event::Filed(evidence(1, "2026-05-02", None)),
        &by(&filer()),
    );
    let id = duty.evidence[1].filed.id.clone();
    duty.apply(&accept(&id), &by(&actor(Role::Town, "town", 1)));
    for number in 0..2 {
        let item = Item {
            id: ItemId::try_from(format!("item_{number}")).unwrap(),
            title: "事项".into(),
            owner: String::new(),
            due: None,
            state: ItemState::Open,
            result: None,
            closed_at: None,
        };
        duty.apply(&Event::ItemAdded(item), &by(&filer()));
    }
    let item = duty.items[1].id.clone();
    duty.apply(
        &Event::ItemClosed {
            item,
            result: "办结".into(),
        },
        &by(&filer()),
    );
    duty
}

fn ev(number: usize) -> EvidenceId {
    EvidenceId::try_from(format!("ev_{number}")).unwrap()
}

fn item(number: usize) -> ItemId {
    ItemId::try_from(format!("item_{number}")).unwrap()
}

fn accept_it(number: usize) -> Command {
    Command::AcceptEvidence {
        evidence: ev(number),
        note: String::new(),
    }
}

/// One command of each kind.
fn all() -> Vec<(&'static str, Option<&'static str>, Command)> {
    let why = || "理由".to_owned();
    vec![
        ("file-evidence", None, paper("2026-05-01")),
        (
            "withdraw-evidence",
            Some("ev_0"),
            Command::WithdrawEvidence { evidence: ev(0) },
        ),
        ("accept-evidence", Some("ev_0"), accept_it(0)),
        (
            "return-evidence",
            Some("ev_0"),
            Command::ReturnEvidence {
                evidence: ev(0),
                reason: why(),
            },
        ),
        ("waive", None, Command::Waive { reason: why() }),
        ("unwaive", None, Command::Unwaive { reason: why() }),
        (
            "add-item",
            None,
            Command::AddItem {
                title: "事项".into(),
                owner: String::new(),
                due: None,
            },
        ),
        (
            "close-item",
            Some("item_0"),
            Command::CloseItem {
                item: item(0),
                result: why(),
            },
        ),
        (
            "drop-item",
            Some("item_0"),
            Command::DropItem {
                item: item(0),
                reason: why(),
            },
        ),
        (
            "remind",
            None,
            Command::Remind {
                note: String::new(),
            },
        ),
    ]
}

/// Each refusal with a case that earns it.
fn refusals() -> Vec<(Refusal, Result<Vec<Event>, Refusal>)> {
    let busy = busy();
    let (village, town, office) = (
        filer(),
        actor(Role::Town, "town", 1),
        actor(Role::Office, "office", 1),
    );
    let with_event = |event: Event| {
        let mut duty = busy.clone();
        duty.apply(&event, &stamp("2026-05-11"));
        duty
    };
    let waived = with_event(Event::Waived {
        reason: "免".into(),
    });
    let cancelled = with_event(Event::Cancelled {
        reason: "废".into(),
    });
    let done = super::with(
        super::duty(MeasureKind::ByDate, 1.0, "份"),
        &[("2026-05-01", None)],
    );
    let mut gathers = busy.clone();
    gathers.below = Some(Below::of([]));
    // A town's man who also works in the village, and filed there.
    let mut both = actor(Role::Town, "town", 9);
    both.positions.push(Position {
        org: org("village"),
        role: Role::Village,
    });
    let mut own = busy.clone();
    let mut his = stamp("2026-05-11");
    his.by = Some(both.person.clone());
    own.apply(&Event::Filed(evidence(7, "2026-05-03", None)), &his);
    let long = "长".repeat(TEXT_MAX + 1);
    let mut heap = busy.clone();
    for number in heap.evidence.len()..PIECES_MAX {
        heap.apply(&Event::Filed(evidence(number, "2026-05-03", None)), &his);
    }
    let mut many = paper("2026-05-01");
    if let Command::FileEvidence { files, .. } = &mut many {
        *files = vec![file().sha256; FILES_MAX + 1];
    }
    let mut missing = paper("2026-05-01");
    if let Command::FileEvidence { files, .. } = &mut missing {
        *files = vec!["b".repeat(64)];
    }
    let mut bare = paper("2026-05-01");
    if let Command::FileEvidence { files, .. } = &mut bare {
        files.clear();
    }
    let no_reason = |reason: &str| Command::Waive {
        reason: reason.to_owned(),
    };
    vec![
        (
            Refusal::NotPermitted,
            decide(&busy, &town, paper("2026-05-01")),
        ),
        (Refusal::NotPermitted, decide(&busy, &village, accept_it(0))),
        (Refusal::OwnWork, decide(&own, &both, accept_it(7))),
        (Refusal::OwnOrg, decide(&busy, &both, accept_it(0))),
        (
            Refusal::Cancelled,
            decide(&cancelled, &village, paper("2026-05-01")),
        ),
        (
            Refusal::Waived,
            decide(&waived, &village, paper("2026-05-01")),
        ),
        (Refusal::Waived, decide(&waived, &office, no_reason("再免"))),
        (
            Refusal::NotWaived,
            decide(
                &busy,
                &office,
                Command::Unwaive {
                    reason: "复".into(),
                },
            ),
        ),
        (Refusal::NoSuchEvidence, decide(&busy, &town, accept_it(99))),
        (Refusal::AlreadyReviewed, decide(&busy, &town, accept_it(1))),
        (
            Refusal::AlreadyReviewed,
            decide(
                &busy,
                &village,
                Command::WithdrawEvidence { evidence: ev(1) },
            ),
        ),
        (
            Refusal::NotYours,
            decide(
                &busy,
                &actor(Role::Village, "village", 2),
                Command::WithdrawEvidence { evidence: ev(0) },
            ),
        ),
        (
            Refusal::NoSuchItem,
            decide(
                &busy,
                &village,
                Command::CloseItem {
                    item: item(9),
                    result: "了".into(),
                },
            ),
        ),
        (
            Refusal::ItemClosed,
            decide(
                &busy,
                &village,
                Command::DropItem {
                    item: item(1),
                    reason: "重".into(),
                },
            ),
        ),
        (
            Refusal::NoReason,
            decide(&busy, &office, no_reason(" \n\t")),
        ),
        (
            Refusal::Future,
            decide(&busy, &village, paper("2026-05-21")),
        ),
        (
            Refusal::Future,
            decide(&busy, &village, meeting("2026-05-21", 8, "例会")),
        ),
        (
            Refusal::BeforePeriod,
            decide(&busy, &village, paper("2025-12-31")),
        ),
        (
            Refusal::BeforePeriod,
            decide(&busy, &village, meeting("2025-12-31", 8, "例会")),
        ),
        (Refusal::Incomplete, decide(&busy, &village, bare)),
        (
            Refusal::Incomplete,
            decide(&busy, &village, meeting("2026-05-10", 0, "例会")),
        ),
        (
            Refusal::Incomplete,
            decide(&busy, &village, meeting("2026-05-10", 8, "　")),
        ),
        (
            Refusal::Incomplete,
            decide(
                &busy,
                &village,
                Command::AddItem {
                    title: " ".into(),
                    owner: String::new(),
                    due: None,
                },
            ),
        ),
        (
            Refusal::BadNumber,
            decide(&busy, &village, number(f64::NAN)),
        ),
        (Refusal::BadNumber, decide(&busy, &village, number(-1.0))),
        (Refusal::BadNumber, decide(&busy, &village, number(1e13))),
        (Refusal::TooMuch, decide(&busy, &village, many)),
        (
            Refusal::TooMuch,
            decide(&heap, &village, paper("2026-05-01")),
        ),
        (Refusal::TooMuch, decide(&busy, &office, no_reason(&long))),
        (
            Refusal::TooMuch,
            decide(&busy, &office, Command::Remind { note: long.clone() }),
        ),
        (
            Refusal::TooMuch,
            decide(&busy, &village, meeting("2026-05-10", 8, &long)),
        ),
        (
            Refusal::Fulfilled,
            decide(
                &done,
                &office,
                Command::Remind {
                    note: String::new(),
                },
            ),
        ),
        (
            Refusal::CountedByItself,
            decide(&gathers, &village, paper("2026-05-01")),
        ),
        (Refusal::NoSuchFile, decide(&busy, &village, missing)),
    ]
}

#[test]
fn every_refusal_can_be_met_and_has_its_words() {
    let mut met = BTreeSet::new();
    for (expected, got) in refusals() {
        assert_eq!(got, Err(expected));
        met.insert(expected.words().0);
    }
    let all: BTreeSet<_> = Refusal::ALL.iter().map(|r| r.words().0).collect();
    assert_eq!(met, all, "a refusal nobody can meet, or one without a case");
    assert_eq!(all.len(), Refusal::ALL.len());
    for (code, zh, en) in Refusal::ALL.iter().map(|r| r.words()) {
        assert!(!code.is_empty() && !zh.is_empty() && !en.is_empty());
    }
}

#[test]
fn what_is_permitted_becomes_the_fact() {
    let busy = busy();
    let town = actor(Role::Town, "town", 1);
    let office = actor(Role::Office, "office", 1);
    let Ok(events) = decide(&busy, &filer(), paper("2026-05-01")) else {
        panic!()
    };
    let [Event::Filed(filed)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (filed.note.as_str(), filed.files.as_slice()),
        ("见附件", [file()].as_slice())
    );
    // The day of a meeting is the day of the work.
    let events = decide(&busy, &filer(), meeting("2026-05-08", 12, "例会")).unwrap();
    assert!(matches!(events.as_slice(), [Event::Filed(f)] if f.happened == day("2026-05-08")));
    // What the kind does not call for is not kept.
    let mut mixed = number(3.0);
    if let Command::FileEvidence {
        meeting: m, link, ..
    } = &mut mixed
    {
        *m = Some(Meeting {
            date: day("2020-01-01"),
            people: 1,
            topic: "x".into(),
            minutes: String::new(),
        });
        *link = Some(Link {
            title: "x".into(),
            target: "y".into(),
        });
    }
    let events = decide(&busy, &filer(), mixed).unwrap();
    assert!(matches!(
        events.as_slice(),
        [Event::Filed(Filed {
            meeting: None,
            link: None,
            number: Some(_),
            ..
        })]
    ));
    for (actor, (name, _, command)) in [&town, &office]
        .into_iter()
        .flat_map(|actor| all().into_iter().map(move |command| (actor, command)))
        .filter(|(_, (name, ..))| matches!(*name, "accept-evidence" | "return-evidence" | "remind"))
    {
        assert!(decide(&busy, actor, command).is_ok(), "{name}");
    }
}

#[test]
fn in_the_office_a_colleague_reviews() {
    let (one, two) = (
        actor(Role::Office, "office", 1),
        actor(Role::Office, "office", 2),
    );
    let mut own = assigned(MeasureKind::ByDate, 1.0, "份");
    own.org = org("office");
    let mut duty = Duty::new(own);
    let events = decide(&duty, &one, paper("2026-05-01")).unwrap();
    let mut by = stamp("2026-05-10");
    by.by = Some(one.person.clone());
    duty.apply(&events[0], &by);
    let id = duty.evidence[0].filed.id.clone();
    let accept = || Command::AcceptEvidence {
        evidence: id.clone(),
        note: String::new(),
    };
    assert_eq!(decide(&duty, &one, accept()), Err(Refusal::OwnWork));
    assert!(decide(&duty, &two, accept()).is_ok());
}

/// The permission behind each command.
fn permission(name: &str) -> May {
    match name {
        "file-evidence" | "withdraw-evidence" => May::FileEvidence,
        "accept-evidence" | "return-evidence" => May::ReviewEvidence,
        "waive" | "unwaive" => May::WaiveDuty,
        "add-item" | "close-item" | "drop-item" => May::ManageItems,
        "remind" => May::Remind,
        other => panic!("{other}"),
    }
}

/// Does the table let a position reach an org? Written anew, not asked of `Actor`.
fn reaches(role: Role, at: &str, name: &str, owner: &str, tree: &OrgTree) -> bool {
    let below = tree.path(&org(owner)).starts_with(tree.path(&org(at)));
    match scope(role, permission(name)) {
        Scope::None => false,
        Scope::Org => at == owner,
        Scope::Subtree => below,
        Scope::Sector => below || (at == "bureau" && owner == "works"),
        Scope::District => true,
    }
}

/// The world: every role in every place × every command × a duty of every org in every status. `may` refuses as
/// the table says, and `decide` never does what `may` refuses.
#[test]
fn the_table_rules_everywhere() {
    let tree = tree();
    let orgs: Vec<String> = tree.iter().map(|o| o.id.to_string()).collect();
    let mut duties = Vec::new();
    for owner in &orgs {
        let mut open = busy();
        open.assigned.org = org(owner);
        let after = |event: Event| {
            let mut duty = open.clone();
            duty.apply(&event, &stamp("2026-05-11"));
            duty
        };
        duties.push(after(Event::Waived {
            reason: "免".into(),
        }));
        duties.push(after(Event::Cancelled {
            reason: "废".into(),
        }));
        let mut standing = open.clone();
        standing.assigned.due = None;
        standing.evaluate();
        duties.push(standing);
        duties.push(super::with(open.clone(), &[("2026-05-03", Some(9.0))]));
        duties.push(super::with(open.clone(), &[("2026-07-03", Some(9.0))]));
        duties.push(open);
    }
    let statuses: BTreeSet<_> = duties.iter().map(|d| d.status.as_str()).collect();
    assert_eq!(statuses.len(), 6);
    let (mut allowed, mut refused) = (0, 0);
    for role in Role::ALL {
        for at in &orgs {
            let who = actor(*role, at, 5);
            for duty in &duties {
                for (name, piece, command) in all() {
                    let answer = duty.may(name, piece, &who, &tree);
                    let owner = duty.assigned.org.as_str();
                    let reaches = reaches(*role, at, name, owner, &tree);
                    assert_eq!(
                        answer == Err(Refusal::NotPermitted),
                        !reaches,
                        "{role:?} at {at}: {name} on {owner}"
                    );
                    let decided = decide(duty, &who, command);
                    match answer {
                        Ok(()) => {
                            allowed += 1;
                            assert!(decided.is_ok(), "{name} {decided:?}");
                            // A token narrows: without the command nothing goes.
                            let mut token = who.clone();
                            token.only = Some(vec![May::ReadDuties]);
                            assert_eq!(
                                duty.may(name, piece, &token, &tree),
                                Err(Refusal::NotPermitted)
                            );
                        }
                        Err(refusal) => {
                            refused += 1;
                            assert_eq!(decided, Err(refusal), "{name}");
                        }
                    }
                }
            }
        }
    }
    assert!(allowed > 400 && refused > 10_000, "{allowed} {refused}");
}

/// Whatever the history, reviewing one's own work is refused to every role.
#[test]
fn nobody_ever_reviews_his_own_work() {
    let tree = tree();
    for role in Role::ALL {
        for at in tree.iter().map(|o| o.id.to_string()) {
            let who = actor(*role, &at, 1);
            for owner in tree.iter().map(|o| o.id.to_string()) {
                let mut duty = duty(MeasureKind::ByDate, 1.0, "份");
                duty.assigned.org = org(&owner);
                let mut by = stamp("2026-05-10");
                by.by = Some(who.person.clone());
                duty.apply(&Event::Filed(evidence(0, "2026-05-01", None)), &by);
                for name in ["accept-evidence", "return-evidence"] {
                    let answer = duty.may(name, Some("ev_0"), &who, &tree);
                    assert!(
                        matches!(answer, Err(Refusal::OwnWork | Refusal::NotPermitted)),
                        "{role:?} at {at} {name} on {owner}"
                    );
                }
            }
        }
    }
}
