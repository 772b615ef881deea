//! Keys that are texts, and equal by a collation that does not mind the case.

use kickdb::prelude::*;
use kickdb::testing;
use kickdb_core::dialect::live;
use kickdb_testdb::{Engine, engines};

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "people", unmanaged, reason = "made by the test")]
#[has_many(pets: Pet, key = owner, references = name)]
#[many_to_many(clubs: Club, through = Member, key = person, target_key = club)]
struct Person {
    #[column(primary_key, collation = "NOCASE")]
    name: String,
    age: i32,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "pets", unmanaged, reason = "made by the test")]
#[belongs_to(person: Person, key = owner, references = name)]
struct Pet {
    #[column(primary_key)]
    id: i32,
    #[column(collation = "NOCASE")]
    owner: String,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "clubs", unmanaged, reason = "made by the test")]
struct Club {
    #[column(primary_key)]
    id: i32,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "members", unmanaged, reason = "made by the test")]
#[primary_key(columns(person, club))]
struct Member {
    #[column(references = Person::name, collation = "NOCASE")]
    person: String,
    #[column(references = Club::id)]
    club: i32,
}

/// Known by a number and a text.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "shelves", unmanaged, reason = "made by the test")]
#[primary_key(columns(org, code))]
#[has_many(books: Book, key(org, shelf))]
struct Shelf {
    org: i32,
    #[column(collation = "NOCASE")]
    code: String,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "books", unmanaged, reason = "made by the test")]
struct Book {
    #[column(primary_key)]
    id: i32,
    org: i32,
    #[column(collation = "NOCASE")]
    shelf: String,
}

async fn with_people(test: impl AsyncFn(&Db)) {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let mut connection = live::connect(database.url()).await.unwrap();
        let text = match engine {
            Engine::Sqlite => "text COLLATE NOCASE",
            Engine::Postgres => {
                let collation =
                    r#"CREATE COLLATION "NOCASE" (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"#;
                connection.execute(collation).await.unwrap();
                r#"text COLLATE "NOCASE""#
            }
            // Another one than that of the connection.
            Engine::Mysql => "varchar(50) COLLATE utf8mb4_general_ci",
        };
        for table in [
            "people (name TEXT PRIMARY KEY, age integer NOT NULL)",
            "pets (id integer PRIMARY KEY, owner TEXT NOT NULL)",
            "clubs (id integer PRIMARY KEY)",
            "members (person TEXT NOT NULL, club integer NOT NULL, PRIMARY KEY (person, club))",
            "shelves (org integer NOT NULL, code TEXT NOT NULL, PRIMARY KEY (org, code))",
            "books (id integer PRIMARY KEY, org integer NOT NULL, shelf TEXT NOT NULL)",
        ] {
            let sql = format!("CREATE TABLE {}", table.replace("TEXT", text));
            connection.execute(&sql).await.unwrap();
        }
        connection.close().await.unwrap();
        let db = Db::connect(database.url()).await.unwrap();
        let people = [("ada", 1), ("Bob", 2)].map(|(name, age)| Person {
            name: name.to_owned(),
            age,
        });
        Person::insert_many(&people).exec(&db).await.unwrap();
        let pets = [(1, "ADA"), (2, "ada"), (3, "bob"), (4, "Carol")].map(|(id, owner)| Pet {
            id,
            owner: owner.to_owned(),
        });
        Pet::insert_many(&pets).exec(&db).await.unwrap();
        test(&db).await;
        db.close().await;
    }
}

fn ids(rows: Vec<(Person, Vec<Pet>)>) -> Vec<(String, Vec<i32>)> {
    let ids = |pets: Vec<Pet>| pets.into_iter().map(|pet| pet.id).collect();
    rows.into_iter()
        .map(|(person, pets)| (person.name, ids(pets)))
        .collect()
}

#[tokio::test]
async fn rows_are_related_by_what_the_engine_takes_for_equal() {
    with_people(async |db| {
        let people = Person::query().order_by(Person::AGE);
        let (all, sent) = testing::watch(people.clone().with(Person::PETS.order_by(Pet::ID)).all(db)).await;
        assert_eq!(
            ids(all.unwrap()),
            [("ada".to_owned(), vec![1, 2]), ("Bob".to_owned(), vec![3])]
        );
        // One more than for other keys, however many rows there are.
        assert_eq!(sent.statements().len(), 3, "{sent:?}");
        for (relation, expected) in [
            (Person::PETS.order_by(Pet::ID.desc()).limit(1), [vec![2], vec![3]]),
            (Person::PETS.order_by(Pet::ID).offset(1), [vec![2], vec![]]),
            (Person::PETS.filter(Pet::ID.ne(2)).order_by(Pet::ID), [vec![1], vec![3]]),
        ] {
            let found = ids(people.clone().with(relation).all(db).await.unwrap());
            assert_eq!([found[0].1.clone(), found[1].1.clone()], expected);
        }
        let asked = people.clone().filter(Person::PETS.count().eq(2));
        assert_eq!(asked.count(db).await.unwrap(), 1);

        // Several rows that spell one key in different ways, and one that points nowhere.
        let pets = Pet::query().order_by(Pet::ID);
        let owners = pets.clone().with(Pet::PERSON.optional()).all(db).await.unwrap();
        let owners: Vec<Option<i32>> = owners
            .into_iter()
            .map(|(_, owner)| owner.map(|person| person.age))
            .collect();
        assert_eq!(owners, [Some(1), Some(1), Some(2), None]);
        let owned = pets.clone().filter(Pet::ID.lt(4)).with(Pet::PERSON).all(db).await;
        assert_eq!(owned.unwrap().len(), 3);
        assert_eq!(pets.with(Pet::PERSON).all(db).await.unwrap_err().code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn by_a_table_between_and_by_several_columns() {
    with_people(async |db| {
        Club::insert_many(&[Club { id: 7 }, Club { id: 8 }])
            .exec(db)
            .await
            .unwrap();
        let members = [("ADA", 7), ("ada", 8), ("bob", 7)].map(|(person, club)| Member {
            person: person.to_owned(),
            club,
        });
        Member::insert_many(&members).exec(db).await.unwrap();
        let clubs = Person::query()
            .order_by(Person::AGE)
            .with(Person::CLUBS.order_by(Club::ID))
            .all(db)
            .await
            .unwrap();
        let clubs: Vec<Vec<i32>> = clubs
            .into_iter()
            .map(|(_, clubs)| clubs.into_iter().map(|club| club.id).collect())
            .collect();
        assert_eq!(clubs, [vec![7, 8], vec![7]]);

        let shelf = |org, code: &str| Shelf {
            org,
            code: code.to_owned(),
        };
        let book = |id, org, shelf: &str| Book {
            id,
            org,
            shelf: shelf.to_owned(),
        };
        Shelf::insert_many(&[shelf(1, "a"), shelf(1, "b"), shelf(2, "A")])
            .exec(db)
            .await
            .unwrap();
        let books = [book(1, 1, "A"), book(2, 1, "a"), book(3, 2, "a"), book(4, 2, "B")];
        Book::insert_many(&books).exec(db).await.unwrap();
        let shelves = Shelf::query()
            .order_by((Shelf::ORG, Shelf::CODE))
            .with(Shelf::BOOKS.order_by(Book::ID))
            .all(db)
            .await
            .unwrap();
        let shelves: Vec<Vec<i32>> = shelves
            .into_iter()
            .map(|(_, books)| books.into_iter().map(|book| book.id).collect())
            .collect();
        assert_eq!(shelves, [vec![1, 2], vec![], vec![3]]);
    })
    .await;
}

#[tokio::test]
async fn rows_are_found_and_written_by_such_a_key() {
    with_people(async |db| {
        assert_eq!(Person::find("ADA").one(db).await.unwrap().name, "ada");
        let names = (0..600).map(|n| format!("nobody {n}")).chain(["BOB".to_owned()]);
        let found = Person::query().filter(Person::NAME.in_(names)).select(Person::AGE);
        assert_eq!(found.all(db).await.unwrap(), [2]);
        let older = Person {
            name: "ADA".to_owned(),
            age: 10,
        };
        assert_eq!(Person::update_rows([&older]).exec(db).await.unwrap(), 1);
        let met = Person::insert_row(&Person {
            name: "BOB".to_owned(),
            age: 20,
        });
        met.on_conflict(Person::NAME)
            .do_update(Person::AGE)
            .exec(db)
            .await
            .unwrap();
        let ages = Person::query()
            .order_by(Person::AGE)
            .select((Person::NAME, Person::AGE));
        let ages: Vec<(String, i32)> = ages.all(db).await.unwrap();
        assert_eq!(ages, [("ada".to_owned(), 10), ("Bob".to_owned(), 20)]);
        // More keys than one statement takes.
        let many: Vec<Person> = (0..2_500)
            .map(|n| Person {
                name: format!("p{n}"),
                age: 100 + n,
            })
            .collect();
        Person::insert_many(&many).exec(db).await.unwrap();
        let pets: Vec<Pet> = (0..2_500)
            .map(|n| Pet {
                id: 100 + n,
                owner: format!("P{n}"),
            })
            .collect();
        Pet::insert_many(&pets).exec(db).await.unwrap();
        let all = Person::query()
            .filter(Person::AGE.ge(100))
            .with(Person::PETS)
            .all(db)
            .await;
        let all = all.unwrap();
        assert_eq!(all.len(), 2_500);
        assert!(
            all.iter()
                .all(|(person, pets)| pets.len() == 1 && pets[0].id == person.age)
        );
    })
    .await;
}
