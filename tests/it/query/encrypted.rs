//! A conversion of one's own, both ways: a column that only the program can read.

use kickdb::prelude::*;
use kickdb::{Error, query::Column};
use ring::aead::NONCE_LEN;

use super::each;
use crate::model::{Secret, Vault};

#[tokio::test]
async fn an_encrypted_column() {
    each(async |db| {
        let vault = Vault {
            id: 1,
            secret: Secret::from("swordfish"),
            spare: None,
        };
        Vault::insert_row(&vault).exec(db).await.unwrap();
        assert_eq!(Vault::find(1).one(db).await.unwrap(), vault);
        let patch = Vault::patch().set(Vault::SPARE, Secret::from("tuna"));
        let changed = Vault::edit(&vault).patch(patch).returning(db).await.unwrap();
        assert_eq!(changed.spare, Some(Secret::from("tuna")));

        // What the database holds is no text of ours, and what it should not hold is an error with the column's name.
        let kept: Column<Vault, Vec<u8>> = Column::new("secret");
        let bytes = Vault::query().select(kept).one(db).await.unwrap();
        assert!(bytes.len() > "swordfish".len() + NONCE_LEN);
        assert!(!bytes.windows(9).any(|part| part == b"swordfish"));
        let mut broken = bytes;
        broken[NONCE_LEN] ^= 1;
        Vault::update().set(kept, broken).filter(Vault::ID.eq(1)).exec(db).await.unwrap();
        let error = Vault::find(1).one(db).await.unwrap_err();
        assert!(
            matches!(&error, Error::Decode { column, message, .. } if column == "secret" && message == "it was not sealed with this key"),
            "{error}"
        );
    })
    .await;
}
