//! What queries keep by themselves: versions, moments, rows that are only marked as deleted.

use kickdb::prelude::*;
use kickdb::{Error, dialect};

use super::each;
use crate::model::Note;

async fn note(db: &Db, id: i32, parent: Option<i32>) -> Note {
    let new = Note::insert().id(id).parent_id(parent).body("as it was");
    new.returning(db).await.unwrap()
}

async fn pause() {
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
}

#[tokio::test]
async fn a_change_counts_and_says_when() {
    each(async |db| {
        let first = note(db, 1, None).await;
        assert_eq!((first.version, first.deleted_at), (1, None));
        assert_eq!(first.created_at, first.updated_at);
        pause().await;
        let changed = Note::update()
            .set(Note::BODY, "changed")
            .filter(Note::ID.eq(1))
            .returning(db)
            .await
            .unwrap();
        assert_eq!((changed[0].version, changed[0].created_at), (2, first.created_at));
        assert!(changed[0].updated_at > first.updated_at);

        // What is set by hand stays.
        let by_hand = Note::update()
            .set(Note::UPDATED_AT, first.updated_at)
            .set(Note::VERSION, 9)
            .filter(Note::ID.eq(1))
            .returning(db)
            .await
            .unwrap();
        assert_eq!((by_hand[0].version, by_hand[0].updated_at), (9, first.updated_at));

        // A row that a new one meets is changed, too.
        Note::insert()
            .id(1)
            .body("met")
            .on_conflict(Note::ID)
            .do_update(Note::BODY)
            .exec(db)
            .await
            .unwrap();
        let met = Note::find(1).one(db).await.unwrap();
        assert_eq!((met.version, met.body.as_str()), (10, "met"));
        assert!(met.updated_at > first.updated_at);
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_what_somebody_else_changed_is_stale() {
    each(async |db| {
        let first = note(db, 1, None).await;
        let patch = Note::patch().set_some(Note::BODY, Some("mine")).set_some(Note::PARENT_ID, None::<Option<i32>>);
        assert!(!patch.is_empty());
        let mine = Note::edit(&first).patch(patch).returning(db).await.unwrap();
        assert_eq!((mine.version, mine.body.as_str()), (2, "mine"));

        let theirs = Note::edit(&first).set(Note::BODY, "theirs");
        for stale in [
            theirs.clone().exec(db).await.unwrap_err(),
            theirs.returning(db).await.unwrap_err(),
        ] {
            assert_eq!(stale.code(), "stale");
            assert_eq!(
                stale.to_string(),
                "a row of `notes` was changed or removed since it was read (by its id, version); read it again, and decide anew"
            );
        }
        assert_eq!(Note::find(1).one(db).await.unwrap(), mine);
        Note::edit(&mine)
            .set_to(Note::VERSION, Note::VERSION.plus(5))
            .exec(db)
            .await
            .unwrap();
        assert_eq!(Note::find(1).one(db).await.unwrap().version, 7);
        let nothing = Note::edit(&mine).patch(Note::patch()).exec(db).await.unwrap_err();
        assert!(matches!(nothing, Error::Validation { .. }), "{nothing}");
    })
    .await;
}

#[tokio::test]
async fn of_many_edits_at_once_one_wins() {
    each(async |db| {
        let read = note(db, 1, None).await;
        let edits = (0..8).map(|n| Note::edit(&read).set(Note::BODY, format!("{n}")).exec(db));
        let done = futures_util::future::join_all(edits).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
        assert!(
            done.iter()
                .flat_map(|done| done.as_ref().err())
                .all(|error| error.code() == "stale")
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_deleted_is_not_seen_until_it_is_asked_for() {
    each(async |db| {
        note(db, 1, None).await;
        note(db, 2, Some(1)).await;
        note(db, 3, Some(2)).await;
        let gone = Note::delete().filter(Note::ID.eq(2)).returning(db).await.unwrap();
        assert!(gone[0].deleted_at.is_some() && gone[0].version == 2);
        assert_eq!(Note::delete().filter(Note::ID.eq(2)).exec(db).await.unwrap(), 0);

        let ids =
            async |query: Query<Note, Only<Note>>| query.order_by(Note::ID).select(Note::ID).all(db).await.unwrap();
        assert_eq!(ids(Note::query()).await, [1, 3]);
        assert_eq!(ids(Note::query().with_deleted()).await, [1, 2, 3]);
        assert_eq!(Note::query().count(db).await.unwrap(), 2);
        assert!(!Note::query().filter(Note::ID.eq(2)).exists(db).await.unwrap());
        assert_eq!(Note::find(2).optional(db).await.unwrap(), None);
        assert_eq!(
            Note::find(2).with_deleted().optional(db).await.unwrap(),
            Some(gone[0].clone())
        );

        // Changes leave it alone, too.
        let change = Note::update().set(Note::BODY, "new");
        assert_eq!(change.clone().all_rows().exec(db).await.unwrap(), 2);
        assert_eq!(change.clone().filter(Note::ID.eq(2)).returning(db).await.unwrap(), []);
        assert_eq!(change.clone().with_deleted().all_rows().exec(db).await.unwrap(), 3);
        assert_eq!(
            Note::edit(&gone[0])
                .set(Note::BODY, "x")
                .exec(db)
                .await
                .unwrap_err()
                .code(),
            "stale"
        );

        // Rows that belong to others are not seen; a row that is pointed to is.
        let notes = Note::query()
            .with(Note::REPLIES)
            .with(Note::PARENT)
            .order_by(Note::ID)
            .all(db)
            .await
            .unwrap();
        assert_eq!(notes[0].1, []);
        assert_eq!(notes[1].2.as_ref().map(|parent| parent.id), Some(2));
        let notes = Note::find(1).with(Note::REPLIES.with_deleted()).one(db).await.unwrap();
        assert_eq!(notes.1.len(), 1);
        assert!(!Note::query().filter(Note::REPLIES.exists()).exists(db).await.unwrap());
        assert_eq!(
            ids(Note::query().filter(Note::REPLIES.with_deleted().exists())).await,
            [1]
        );

        // It comes back, or goes for good.
        let back = Note::restore().filter(Note::ID.eq(2));
        assert_eq!(back.exec(db).await.unwrap(), 1);
        assert_eq!(ids(Note::query()).await, [1, 2, 3]);
        assert_eq!(Note::delete().filter(Note::ID.lt(3)).exec(db).await.unwrap(), 2);
        assert_eq!(Note::delete().for_good().all_rows().exec(db).await.unwrap(), 3);
        assert_eq!(ids(Note::query().with_deleted()).await, [0; 0]);
    })
    .await;
}

/// A query of a caller that is narrowed down by a piece that others use, too.
fn of_the_first(query: Query<Note, Only<Note>>) -> Query<String, Only<Note>> {
    query.filter(Note::ID.eq(1)).select(Note::BODY)
}

#[tokio::test]
async fn pieces_that_are_used_again() {
    each(async |db| {
        note(db, 1, None).await;
        note(db, 2, None).await;
        assert_eq!(Note::query().apply(of_the_first).all(db).await.unwrap(), ["as it was"]);
        let old = |change: kickdb::query::Update<Note, kickdb::query::Unfiltered>| change.filter(Note::ID.lt(2));
        let changed = Note::update().set(Note::BODY, "x").apply(old).exec(db).await.unwrap();
        assert_eq!(changed, 1);
    })
    .await;
}

#[test]
fn the_statements_that_keep_by_themselves() {
    let mut text = String::new();
    for dialect in dialect::ALL {
        let statements = [
            Note::query().filter(Note::ID.eq(1).or(Note::ID.eq(2))).render(*dialect),
            Note::update().set(Note::BODY, "x").all_rows().render(*dialect, false),
            Note::delete().filter(Note::ID.eq(1)).render(*dialect, false),
            Note::delete().filter(Note::ID.eq(1)).for_good().render(*dialect, false),
        ];
        for statement in statements {
            text.push_str(&format!("-- {}\n{}\n\n", dialect.id(), statement.unwrap().sql));
        }
    }
    insta::assert_snapshot!(text);
}
