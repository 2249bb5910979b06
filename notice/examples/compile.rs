//! Prints what the compiler understood of a file, for looking: `cargo run -p anlan-notice --example compile FILE [--json]`.

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: compile FILE [--json]");
        return std::process::ExitCode::from(2);
    };
    let json = args.next().is_some_and(|a| a == "--json");
    let bytes = match std::fs::read(&path) {
        Ok(b) => b,
        Err(e) => {
            eprintln!("{path}: {e}");
            return std::process::ExitCode::FAILURE;
        }
    };
    let text = match anlan_notice::read(&bytes, Some(&path)) {
        Ok(t) => t,
        Err(e) => {
            eprintln!("{e} [{}]", e.code());
            return std::process::ExitCode::FAILURE;
        }
    };
    let c = anlan_notice::compile(&text);
    if json {
        println!("{}", serde_json::to_string_pretty(&c).unwrap_or_default());
        return std::process::ExitCode::SUCCESS;
    }
    println!(
        "{} | {:?} {:?} {:?} {:?} draft={} to {:?}",
        c.title, c.number, c.issuer, c.date, c.year, c.draft, c.addressees
    );
    for s in &c.sections {
        println!("  § {} {}", s.no, s.title);
    }
    for a in &c.articles {
        println!(
            "\n# {} {} [{:?}] {} | {:?} {:?} +{:?} lead {:?} support {:?} ({} chars)",
            a.no,
            a.label,
            a.section,
            a.title,
            a.units,
            a.unit_mode,
            a.inherited_units,
            a.lead_units,
            a.support_units,
            a.text.chars().count()
        );
        for d in c.duties.iter().filter(|d| d.article == a.no) {
            println!(
                "  - {} {:?} {:.2} | {}",
                d.id, d.measure, d.confidence, d.quote
            );
            println!(
                "      do {} | who {:?} by {:?} every {:?} much {:?} each {:?} on {:?} within {}",
                d.action,
                d.actors,
                d.deadline.map(|d| d.to_string()),
                d.recurrence,
                d.quantity
                    .as_ref()
                    .map(|q| format!("{:?}..{:?} {} {:?}", q.at_least, q.at_most, q.unit, q.what)),
                d.each,
                d.on_event,
                serde_json::to_string(&d.within).unwrap_or_default()
            );
        }
        for t in c.triggers.iter().filter(|t| t.article == a.no) {
            println!(
                "  ! {:?} scope {:?} then {} by {:?}",
                t.any, t.scope, t.then, t.by
            );
        }
    }
    for r in &c.remarks {
        println!("? {:?} {}", r.span, r.message);
    }
    std::process::ExitCode::SUCCESS
}
