use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kickdb::prelude::*;
use kickdb_testdb::Engine;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::each_with;
use crate::model::{Sample, TaskStatus};

pub(super) fn sample(id: i32) -> Sample {
    let day = NaiveDate::from_ymd_opt(2026, 2, 28).unwrap();
    let clock = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    Sample {
        id,
        truth: true,
        small: i16::MIN,
        big: i64::MAX,
        single: 0.1,
        double: 1e-300,
        text: "Grüße, 'quoted' \"twice\"\n\t🦀".into(),
        bytes: vec![0, 255, 39],
        key: Uuid::from_u128(0x1234_5678_9ABC_DEF0),
        amount: "12345678901234567890.1234567".parse().unwrap(),
        day,
        clock,
        wall: day.and_time(clock),
        instant: "1969-12-31T23:59:59.5Z".parse().unwrap(),
        offset: time::OffsetDateTime::from_unix_timestamp(1_777_000_000).unwrap(),
        stamp: jiff::Timestamp::new(-1, -500_000_000).unwrap(),
        document: json!({"a": [1, 2.5, null, "x\"y"], "ü": {}}),
        status: TaskStatus::InProgress,
        numbers: vec![i64::MIN, 0, i64::MAX],
        floats: vec![0.1, -2.0, 1e300],
        words: vec!["a,b\"{}\\".into(), "NULL".into(), String::new()],
        maybe: None,
    }
}

#[tokio::test]
async fn what_goes_in_comes_back_equal() {
    each_with(async |db, _| {
        let mut rows = vec![sample(1)];
        // MySQL has no infinity, and refuses it; see below.
        let mysql = db.dialect().id().as_str() == "mysql";
        rows.push(Sample {
            truth: false,
            small: i16::MAX,
            big: i64::MIN,
            single: if mysql { f32::MAX } else { f32::INFINITY },
            double: if mysql { f64::MIN } else { f64::NEG_INFINITY },
            text: String::new(),
            bytes: Vec::new(),
            amount: Decimal::new(-100, 2),
            day: NaiveDate::from_ymd_opt(1, 1, 1).unwrap(),
            clock: NaiveTime::MIN,
            instant: DateTime::UNIX_EPOCH,
            document: json!(null),
            numbers: vec![],
            floats: vec![],
            words: vec![],
            maybe: Some(-0.0),
            ..sample(2)
        });
        rows.push(Sample {
            single: f32::MIN_POSITIVE,
            double: f64::MAX,
            amount: Decimal::ZERO,
            day: NaiveDate::from_ymd_opt(9999, 12, 31).unwrap(),
            instant: DateTime::<Utc>::from_timestamp(253_402_300_799, 0).unwrap(),
            maybe: Some(f64::MIN_POSITIVE),
            ..sample(3)
        });
        Sample::insert_many(&rows).exec(db).await.unwrap();
        let back = Sample::query().order_by(Sample::ID).all(db).await.unwrap();
        assert_eq!(back, rows);
        // Equal and found by their own values, too.
        let row = &rows[0];
        let found = Sample::query()
            .filter(
                Sample::KEY
                    .eq(row.key)
                    .and(Sample::INSTANT.eq(row.instant))
                    .and(Sample::WALL.eq(row.wall)),
            )
            .filter(
                Sample::STAMP
                    .eq(row.stamp)
                    .and(Sample::OFFSET.eq(row.offset))
                    .and(Sample::DAY.eq(row.day)),
            )
            .filter(
                Sample::CLOCK
                    .eq(row.clock)
                    .and(Sample::BIG.eq(row.big))
                    .and(Sample::DOUBLE.eq(row.double)),
            )
            .filter(
                Sample::BYTES
                    .eq(&row.bytes[..])
                    .and(Sample::AMOUNT.eq(row.amount))
                    .and(Sample::TRUTH.eq(true)),
            )
            .filter(Sample::TEXT.eq(&row.text).and(Sample::NUMBERS.eq(&row.numbers)));
        assert_eq!(found.select(Sample::ID).all(db).await.unwrap(), [1]);
    })
    .await;
}

#[tokio::test]
async fn dates_sort_as_they_are() {
    each_with(async |db, _| {
        let instants = [
            "1969-12-31T23:59:59Z",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.1Z",
            "2026-01-01T00:00:00.123Z",
        ];
        let rows: Vec<Sample> = (0..)
            .zip(instants)
            .map(|(id, instant)| Sample {
                instant: instant.parse().unwrap(),
                ..sample(id)
            })
            .collect();
        Sample::insert_many(rows.iter().rev()).exec(db).await.unwrap();
        let sorted = Sample::query().order_by(Sample::INSTANT).select(Sample::ID);
        assert_eq!(sorted.all(db).await.unwrap(), [0, 1, 2, 3]);
        let after = Sample::query().filter(Sample::INSTANT.gt(rows[1].instant));
        assert_eq!(after.count(db).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    each_with(async |db, database| {
        let (sqlite, mysql) = (database.engine() == Engine::Sqlite, database.engine() == Engine::Mysql);
        let refused = async |row: Sample| match Sample::insert_row(&row).exec(db).await {
            Err(error) => Some((error.code(), error.to_string())),
            Ok(_) => {
                let back = Sample::find(row.id).one(db).await.unwrap();
                // NaN differs from itself, so what came back is compared as text.
                assert_eq!(format!("{back:?}"), format!("{row:?}"));
                None
            }
        };
        let nul = refused(Sample {
            text: "a\0b".into(),
            ..sample(1)
        })
        .await;
        assert_eq!(nul.map(|(code, _)| code), (!mysql).then_some("validation"));
        let nan = refused(Sample {
            double: f64::NAN,
            ..sample(2)
        })
        .await;
        assert_eq!(nan.is_some(), sqlite || mysql, "{nan:?}");
        let infinite = refused(Sample {
            single: f32::NEG_INFINITY,
            ..sample(5)
        })
        .await;
        assert_eq!(infinite.map(|(code, _)| code), mysql.then_some("validation"));
        let nanos = refused(Sample {
            instant: "2026-01-01T00:00:00.000000001Z".parse().unwrap(),
            ..sample(3)
        })
        .await;
        assert_eq!(nanos.is_none(), sqlite, "{nanos:?}");
        if let Some((_, message)) = nanos {
            assert!(
                message.contains("`now()`") && message.contains("trunc_subsecs(6)"),
                "{message}"
            );
        }
        let before_christ = refused(Sample {
            day: NaiveDate::from_ymd_opt(-44, 3, 15).unwrap(),
            ..sample(4)
        })
        .await;
        assert_eq!(before_christ.is_some(), sqlite || mysql, "{before_christ:?}");
        let nul = Sample::query().filter(Sample::TEXT.eq("a\0b")).count(db).await;
        assert_eq!(nul.ok(), mysql.then_some(1));
    })
    .await;
}

#[tokio::test]
async fn decimals_are_equal_whatever_their_zeros() {
    each_with(async |db, database| {
        let sqlite = database.engine() == Engine::Sqlite;
        let amounts = ["9.50", "10", "-0.00", "100.0"];
        let rows: Vec<Sample> = (0..)
            .zip(amounts)
            .map(|(id, amount)| Sample {
                amount: amount.parse().unwrap(),
                ..sample(id)
            })
            .collect();
        Sample::insert_many(&rows).exec(db).await.unwrap();
        for (id, amount) in [(0, "9.5"), (1, "10.000"), (2, "0"), (3, "100")] {
            let amount: Decimal = amount.parse().unwrap();
            for same in [Sample::AMOUNT.eq(amount), Sample::AMOUNT.in_([amount])] {
                let found = Sample::query().filter(same).select(Sample::ID).all(db).await;
                assert_eq!(found.unwrap(), [id]);
            }
        }
        let nine = Decimal::from(9);
        let by_size = Sample::query().order_by(Sample::AMOUNT.desc()).select(Sample::ID);
        let between = Sample::query().filter(Sample::AMOUNT.between(nine, Decimal::from(10)));
        let extremes = Sample::query().select((min(Sample::AMOUNT), max(Sample::AMOUNT), sum(Sample::AMOUNT)));
        let more = Sample::update()
            .set_to(Sample::AMOUNT, Sample::AMOUNT.plus(nine))
            .all_rows();
        if sqlite {
            // Text would sort "100" before "9.5".
            let conditions = [
                Sample::AMOUNT.lt(nine),
                Sample::AMOUNT.le(nine),
                Sample::AMOUNT.gt(nine),
                !Sample::AMOUNT.ge(nine),
                Sample::NUMBERS.lt(vec![1]),
            ];
            for condition in conditions {
                let error = Sample::query().filter(condition).count(db).await.unwrap_err();
                assert!(matches!(error, kickdb::Error::Unsupported { .. }), "{error}");
                assert!(error.to_string().contains("smallest unit"), "{error}");
            }
            let codes = [
                by_size.all(db).await.unwrap_err().code(),
                between.exists(db).await.unwrap_err().code(),
                extremes.one(db).await.unwrap_err().code(),
                more.exec(db).await.unwrap_err().code(),
            ];
            assert_eq!(codes, ["unsupported_by_dialect"; 4]);
        } else {
            assert_eq!(by_size.all(db).await.unwrap(), [3, 1, 0, 2]);
            assert_eq!(between.count(db).await.unwrap(), 2);
            let sums = extremes.one(db).await.unwrap();
            let expected = ["0", "100", "119.5"].map(|amount| Some(amount.parse::<Decimal>().unwrap()));
            assert_eq!([sums.0, sums.1, sums.2], expected);
            assert_eq!(more.exec(db).await.unwrap(), 4);
        }
    })
    .await;
}

#[tokio::test]
async fn the_clock_of_the_database() {
    each_with(async |db, _| {
        let minute = chrono::Duration::minutes(1);
        let rows = [sample(1), sample(2)];
        Sample::insert_many(&rows).exec(db).await.unwrap();
        let changed = Sample::update()
            .set_to(Sample::INSTANT, now())
            .set(Sample::WALL, now())
            .set_to(Sample::STAMP, now())
            .filter(Sample::ID.eq(1))
            .returning(db)
            .await
            .unwrap();
        let (here, there) = (Utc::now(), changed[0].instant);
        assert!((here - there).abs() < minute, "{here} {there}");
        assert!((here.naive_utc() - changed[0].wall).abs() < minute);
        assert_eq!(there.timestamp_micros(), changed[0].stamp.as_microsecond());
        // What it wrote is found by its value, so it is of the same form.
        for same in [Sample::INSTANT.eq(there), Sample::WALL.eq(changed[0].wall)] {
            assert_eq!(Sample::query().filter(same).count(db).await.unwrap(), 1);
        }
        let later = Sample {
            instant: DateTime::from_timestamp_micros((here + minute).timestamp_micros()).unwrap(),
            ..sample(3)
        };
        Sample::insert_row(&later).exec(db).await.unwrap();
        let past = Sample::query().filter(Sample::INSTANT.le(now())).order_by(Sample::ID);
        assert_eq!(past.select(Sample::ID).all(db).await.unwrap(), [1, 2]);
    })
    .await;
}
