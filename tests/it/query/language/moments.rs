//! Functions of dates and times.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kickdb::prelude::*;
use kickdb_testdb::Engine;

use super::super::each_with;
use super::super::values::sample;
use crate::model::Sample;

#[tokio::test]
async fn dates_and_times() {
    each_with(async |db, database| {
        let instant: DateTime<Utc> = "2026-04-27T15:30:12.500Z".parse().unwrap();
        let mut row = sample(1);
        (row.instant, row.wall, row.day) = (instant, instant.naive_utc(), instant.date_naive());
        Sample::insert_row(&row).exec(db).await.unwrap();
        let zone = matches!(database.engine(), Engine::Postgres);
        let mut tx = db.begin().await.unwrap();
        if zone {
            // What a part of an instant is must not depend on the session.
            fragment_of_a_session(&mut tx).await;
        }
        let (year, month, day, weekday, hour, minute, second) = Sample::query()
            .select((
                Sample::INSTANT.year(),
                Sample::INSTANT.month(),
                Sample::DAY.day(),
                Sample::DAY.weekday(),
                Sample::INSTANT.hour(),
                Sample::WALL.minute(),
                Sample::INSTANT.second(),
            ))
            .one(&mut tx)
            .await
            .unwrap();
        assert_eq!((year, month, day, weekday), (2026, 4, 27, 1));
        assert_eq!((hour, minute, second), (15, 30, 12));
        let starts = Sample::query()
            .select((
                Sample::INSTANT.start_of_year(),
                Sample::INSTANT.start_of_month(),
                Sample::INSTANT.start_of_day(),
                Sample::WALL.start_of_hour(),
                Sample::INSTANT.date(),
            ))
            .one(&mut tx)
            .await
            .unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(starts.0, at("2026-01-01T00:00:00Z"));
        assert_eq!(starts.1, at("2026-04-01T00:00:00Z"));
        assert_eq!(starts.2, at("2026-04-27T00:00:00Z"));
        assert_eq!(starts.3, at("2026-04-27T15:00:00Z").naive_utc());
        assert_eq!(starts.4, row.day);
        let day = Duration::from_secs(86_400);
        let (later, earlier, since) = Sample::query()
            .select((
                Sample::INSTANT.later(day),
                Sample::WALL.earlier(Duration::from_millis(1_500)),
                Sample::INSTANT.seconds_since(at("2026-04-27T15:30:00Z")),
            ))
            .one(&mut tx)
            .await
            .unwrap();
        assert_eq!(later, at("2026-04-28T15:30:12.5Z"));
        assert_eq!(earlier, at("2026-04-27T15:30:11Z").naive_utc());
        assert!((since - 12.5).abs() < 0.001, "{since}");
        // What was computed is found by its value.
        let same = Sample::query().filter(Sample::INSTANT.start_of_month().eq(at("2026-04-01T00:00:00Z")));
        assert_eq!(same.count(&mut tx).await.unwrap(), 1);
        let soon = Sample::query().filter(Sample::INSTANT.later(day).gt(at("2026-04-28T00:00:00Z")));
        assert_eq!(soon.count(&mut tx).await.unwrap(), 1);
    })
    .await;
}

async fn fragment_of_a_session(tx: &mut Transaction) {
    let zone = fragment::<String, _, _>("set_config('TimeZone', {}, true)", val("Pacific/Auckland".to_owned()));
    Sample::query().select(zone).first(tx).await.unwrap();
}
