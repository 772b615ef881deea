use super::*;

/// A folder of reviewed migrations `a`, `b`, `c`, … one after the other.
fn folder(ids: &str) -> Vec<Known> {
    let mut previous = None;
    ids.chars()
        .map(|id| Known {
            id: id.to_string(),
            present: true,
            recorded: format!("sha256:{id}"),
            actual: format!("sha256:{id}"),
            same_meaning: true,
            reviewed: true,
            previous: previous.replace(id.to_string()),
            reversible: true,
        })
        .collect()
}

/// A database in which these were applied, `(id, batch)`.
fn database(rows: &[(&str, i64)]) -> Found {
    let applied = rows.iter().map(|(id, batch)| Applied {
        id: (*id).to_owned(),
        name: (*id).to_owned(),
        hash: format!("sha256:{id}"),
        batch: *batch,
        applied_at: "2026-04-27T15:30:12Z".to_owned(),
    });
    Found {
        applied: applied.collect(),
        progress: BTreeMap::new(),
    }
}

const GATES: Gates<'static> = Gates {
    require_reviewed: true,
    confirm_enum_drop: false,
    folder: "migrations",
    unlisted: &[],
    losses: &|_, _| Ok(Vec::new()),
    begun: &|_, _, number| format!("first-{number}"),
};

fn run(goal: Goal, known: &[Known], found: &Found) -> Result<String> {
    let decision = decide(&goal, known, found, &GATES)?;
    let words = decision.work.iter().map(|work| {
        let sign = if work.direction == Direction::Up { '+' } else { '-' };
        format!("{sign}{}", known[work.index].id)
    });
    Ok(words.collect::<Vec<_>>().join(" "))
}

fn code(goal: Goal, known: &[Known], found: &Found) -> &'static str {
    run(goal, known, found).expect_err("this is refused").code()
}

#[test]
fn each_goal_takes_its_part_in_order() {
    let known = folder("abcde");
    let found = database(&[("a", 1), ("b", 2), ("c", 2)]);
    for (goal, words) in [
        (Goal::Latest, "+d +e"),
        (Goal::Up, "+d"),
        (Goal::Down, "-c"),
        (Goal::Rollback, "-c -b"),
        (Goal::RollbackAll, "-c -b -a"),
        (Goal::Redo, "-c +c"),
        (Goal::To("d".into()), "+d"),
        (Goal::To("a".into()), "-c -b"),
        (Goal::To("c".into()), ""),
    ] {
        assert_eq!(run(goal.clone(), &known, &found).expect("allowed"), words, "{goal:?}");
    }
    for goal in [Goal::Down, Goal::Rollback, Goal::RollbackAll, Goal::Redo] {
        assert_eq!(run(goal, &known, &Found::default()).expect("nothing to do"), "");
    }
}

#[test]
fn an_unknown_target_names_the_near_ones() {
    let error = run(Goal::To("x".into()), &folder("ab"), &Found::default()).expect_err("unknown");
    assert_eq!(error.code(), "migration_unknown");
}

#[test]
fn what_is_applied_but_not_in_the_folder_is_refused() {
    assert_eq!(
        code(Goal::Latest, &folder("b"), &database(&[("a", 1)])),
        "migration_missing"
    );
}

#[test]
fn what_is_older_than_the_newest_applied_is_refused() {
    let error = run(Goal::Latest, &folder("abc"), &database(&[("a", 1), ("c", 1)])).expect_err("refused");
    assert_eq!(error.code(), "migration_out_of_order");
    assert!(
        error.to_string().contains("`b`") && error.to_string().contains("`c`"),
        "{error}"
    );
}

#[test]
fn two_branches_are_refused_until_both_are_applied() {
    let mut known = folder("abc");
    known[2].previous = Some("a".into());
    assert_eq!(code(Goal::Latest, &known, &database(&[("a", 1)])), "migration_diverged");
    let both = database(&[("a", 1), ("b", 1), ("c", 1)]);
    assert_eq!(run(Goal::Latest, &known, &both).expect("history"), "");
    let mut roots = folder("ab");
    roots[1].previous = None;
    assert_eq!(code(Goal::Latest, &roots, &Found::default()), "migration_diverged");
}

#[test]
fn changed_files_are_refused_whether_pending_or_applied() {
    let mut known = folder("ab");
    known[1].actual = "sha256:other".into();
    known[1].same_meaning = false;
    assert_eq!(
        code(Goal::Latest, &known, &database(&[("a", 1)])),
        "migration_hash_mismatch"
    );
    let error = run(Goal::Down, &known, &database(&[("a", 1), ("b", 1)])).expect_err("refused");
    assert!(error.to_string().contains("the database"), "{error}");
    // Generated anew after it was applied: journal and files agree, the database does not.
    known[1].recorded = "sha256:other".into();
    assert_eq!(
        code(Goal::Latest, &known, &database(&[("a", 1), ("b", 1)])),
        "migration_hash_mismatch"
    );
}

#[test]
fn a_change_of_comments_only_is_accepted_with_a_note() {
    let mut known = folder("ab");
    known[1].actual = "sha256:other".into();
    for found in [database(&[("a", 1)]), database(&[("a", 1), ("b", 1)])] {
        let decision = decide(&Goal::Latest, &known, &found, &GATES).expect("accepted");
        assert_eq!(decision.notes.len(), 1, "{:?}", decision.notes);
        // What is recorded is what the journal says, so that the next run and other tools agree.
        assert!(decision.work.iter().all(|work| work.hash == "sha256:b"));
    }
}

#[test]
fn every_pending_one_must_be_reviewed_before_the_first_runs() {
    let mut known = folder("ab");
    known[1].reviewed = false;
    assert_eq!(code(Goal::Latest, &known, &Found::default()), "migration_unreviewed");
    assert_eq!(run(Goal::Up, &known, &Found::default()).expect("a is reviewed"), "+a");
    let relaxed = Gates {
        require_reviewed: false,
        ..GATES
    };
    let decision = decide(&Goal::Latest, &known, &Found::default(), &relaxed).expect("not asked for");
    assert_eq!(decision.work.len(), 2);
}

#[test]
fn lost_enum_values_ask_for_a_word_in_either_direction() {
    let known = folder("ab");
    let losses = |index, direction| {
        let lost = RemovedValues {
            name: "state".into(),
            values: vec!["open".into()],
            columns: vec!["tasks.state".into()],
        };
        let loses = (index, direction) == (0, Direction::Up) || (index, direction) == (1, Direction::Down);
        Ok(if loses { vec![lost] } else { Vec::new() })
    };
    let gates = |confirm_enum_drop| Gates {
        confirm_enum_drop,
        losses: &losses,
        ..GATES
    };
    let error = decide(&Goal::Up, &known, &Found::default(), &gates(false)).expect_err("refused");
    assert_eq!(error.code(), "migration_enum_drop");
    assert!(error.to_string().contains("tasks.state"), "{error}");
    assert!(decide(&Goal::Up, &known, &Found::default(), &gates(true)).is_ok());
    assert!(decide(&Goal::Up, &known, &database(&[("a", 1)]), &gates(false)).is_ok());
    let both = database(&[("a", 1), ("b", 1)]);
    let error = decide(&Goal::Down, &known, &both, &gates(false)).expect_err("refused");
    assert_eq!(error.code(), "migration_enum_drop");
}

#[test]
fn nothing_is_reversed_without_a_reverse() {
    let mut known = folder("ab");
    known[0].reversible = false;
    let found = database(&[("a", 1), ("b", 1)]);
    assert_eq!(code(Goal::RollbackAll, &known, &found), "migrations_folder");
    assert_eq!(run(Goal::Down, &known, &found).expect("b has one"), "-b");
}

fn stopped(direction: Direction, hash: &str) -> BTreeMap<String, Progress> {
    let progress = Progress {
        direction,
        hash: hash.into(),
        done: 2,
        attempted: 3,
    };
    BTreeMap::from([("b".to_owned(), progress)])
}

#[test]
fn a_stopped_migration_goes_on_where_it_stopped() {
    let known = folder("ab");
    let mut found = database(&[("a", 1)]);
    found.progress = stopped(Direction::Up, "sha256:b");
    let decision = decide(&Goal::Latest, &known, &found, &GATES).expect("goes on");
    assert_eq!((decision.work[0].done, decision.work[0].attempted), (2, 3));
    assert_eq!(code(Goal::Down, &known, &found), "validation");
    found.progress = stopped(Direction::Up, "sha256:before");
    assert_eq!(code(Goal::Latest, &known, &found), "migration_hash_mismatch");
}

#[test]
fn what_has_not_run_yet_may_be_mended() {
    let known = folder("ab");
    let mut found = database(&[("a", 1)]);
    // The third statement may have been broken off, so it must be as it was.
    for (hash, goes_on) in [
        (mark("sha256:before", "first-2", "first-3"), true),
        (mark("sha256:before", "first-2", "others"), false),
        (mark("sha256:before", "others", "others"), false),
        (mark("sha256:b", "others", "others"), true),
    ] {
        found.progress = stopped(Direction::Up, &hash);
        let decision = decide(&Goal::Latest, &known, &found, &GATES);
        assert_eq!(decision.is_ok(), goes_on, "{hash}");
    }
    // Refused by the server, so that nothing of it is done.
    found.progress = stopped(Direction::Up, &mark("sha256:before", "first-2", "others"));
    found.progress.values_mut().for_each(|progress| progress.attempted = 2);
    assert!(decide(&Goal::Latest, &known, &found, &GATES).is_ok());
}

#[test]
fn a_half_reversed_migration_is_only_reversed_further() {
    let known = folder("abc");
    let mut found = database(&[("a", 1), ("b", 1)]);
    found.progress = stopped(Direction::Down, "sha256:b");
    assert_eq!(code(Goal::Latest, &known, &found), "validation");
    let decision = decide(&Goal::Down, &known, &found, &GATES).expect("goes on");
    assert_eq!(
        (decision.work[0].done, decision.work[0].direction),
        (2, Direction::Down)
    );
}
