//! The same facts fold to the same bytes: at once, after every prefix was written and read, and from what the ledger
//! stores.

use crate::walk::{Seen, Story, shown};
use crate::world::World;
use anlan_core::fact::Event;
use anlan_core::loops::{Loop, Mark};

pub fn same_bytes(_: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for story in &seen.stories {
        let bytes = |it: &Loop| serde_json::to_vec(it).unwrap();
        let whole = bytes(&story.it);
        if bytes(&Story::fold(&story.told)) != whole {
            out.push(format!("{}: folded again it is another", seen.spec.code));
        }
        // Written down and read after each fact, as a store does.
        let mut it = Story::fold(&story.told[..1]);
        for (n, fact) in story.told.iter().enumerate() {
            if n > 0 {
                let mark = Mark {
                    by: fact.by.as_ref(),
                    happened: fact.happened,
                    recorded: fact.recorded,
                    version: n as u64 + 1,
                };
                it.apply(&fact.event, mark);
            }
            let text = serde_json::to_string(&it).unwrap();
            match serde_json::from_str::<Loop>(&text) {
                Ok(read) if read == it => it = read,
                Ok(read) => {
                    out.push(format!(
                        "{}: {} reads as {}",
                        seen.spec.code,
                        text,
                        shown(&read)
                    ));
                    break;
                }
                Err(error) => {
                    out.push(format!("{}: {text} does not read: {error}", seen.spec.code));
                    break;
                }
            }
        }
        if bytes(&it) != whole {
            out.push(format!(
                "{}: written and read between facts it is another",
                seen.spec.code
            ));
        }
    }
    out
}

pub fn facts(_: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for fact in seen.stories.iter().flat_map(|story| &story.told) {
        let event = Event::Loop(fact.event.clone());
        let body = event.body().unwrap();
        match Event::read(event.kind(), &body) {
            Ok(read) if read == event && read.body().unwrap() == body => {}
            other => out.push(format!("{}: {} reads as {other:?}", seen.spec.code, body)),
        }
    }
    out
}
