//! A backup holds everything there is, taken at one instant while others write; it restores whole, on either engine, or
//! not at all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casework::act::Act;
use casework::{Actor, fold};
use sqlx::{AssertSqlSafe, Executor as _};
use store::{BackupError, Kind, LEFT_OUT, Location, Manifest, Store, TABLES, restore};

use crate::engines::{Place, both, only_postgres, only_sqlite};
use crate::fixture::{Desk, mail, minute, opened, words};

both!(
    every_column_of_the_schema_is_carried,
    what_was_backed_up_comes_back,
    a_backup_is_of_one_instant_while_others_write,
    a_damaged_backup_or_a_desk_in_use_is_refused,
);
only_sqlite!(a_missing_letter_does_not_pass_unseen);
only_postgres!(a_backup_goes_from_one_engine_to_the_other_and_back);

/// Another place of the same kind, and what takes it away again.
async fn another(place: &Place, name: &str) -> Location {
    let folder = place.folder().join(name);
    match &place.location {
        Location::Folder(_) => Location::Folder(folder),
        Location::Server { url, .. } => {
            let (start, database) = url.rsplit_once('/').unwrap();
            let database = format!("{database}_{name}");
            let create = format!("create database {database}");
            place.server().await.execute(AssertSqlSafe(create)).await.unwrap();
            Location::Server { url: format!("{start}/{database}"), folder }
        }
    }
}

async fn drop_database(place: &Place, location: &Location) {
    if let Location::Server { url, .. } = location {
        let name = url.rsplit_once('/').unwrap().1;
        let drop_it = format!("drop database {name} with (force)");
        place.server().await.execute(AssertSqlSafe(drop_it)).await.unwrap();
    }
}

async fn back_up(store: &Store, folder: PathBuf) -> (PathBuf, Manifest) {
    let backed_up = store.back_up(&folder, minute(99)).await.unwrap();
    backed_up.manifest.finish(&folder).unwrap();
    (folder, backed_up.manifest)
}

/// A letter whose file has gone while its row says that it is there: no backup says that all is well.
async fn a_missing_letter_does_not_pass_unseen(place: &Place) {
    let desk = lived_in(place).await;
    let folder = desk.store.folder().join("letters");
    let lost: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(lost.len(), 1);
    std::fs::remove_file(&lost[0]).unwrap();
    let refused = desk.store.back_up(&place.folder().join("taken"), minute(99)).await.unwrap_err();
    assert!(matches!(refused, BackupError::Store(store::StoreError::File(_))), "{refused}");
}

/// The rows of a backup, table by table, in one order.
fn rows(folder: &Path) -> Vec<(String, BTreeSet<String>)> {
    let rows = |name: &str| {
        let text = std::fs::read_to_string(folder.join("tables").join(format!("{name}.jsonl"))).unwrap();
        (name.to_owned(), text.lines().map(str::to_owned).collect())
    };
    TABLES.iter().map(|table| rows(table.name)).collect()
}

/// A desk with a bit of everything: cases, notes, a letter too large for a row, one that waits to be read.
async fn lived_in(place: &Place) -> Desk {
    let desk = Desk::new(place).await;
    for number in 0..5 {
        let letter = mail(&format!("luc{number}@exemple.fr"), &format!("{number}@exemple.fr"));
        let case = opened(&desk.receive(letter, minute(number)).await.unwrap()).after.id;
        desk.act(&desk.alice, case, Act::Note(words("a 'note' \"with\" \\ and \u{1f60a}")), minute(9))
            .await
            .unwrap();
    }
    desk.keep(&vec![b'x'; 200 * 1024]).await;
    desk
}

async fn assert_folds(store: &Store, desk: &Desk) -> usize {
    let mut conn = store.reader().await.unwrap();
    let ids = conn.rows("select id from cases", Vec::new()).await.unwrap();
    for row in &ids {
        let case = store::Lookup(&mut conn).case(desk.brand, row.id("id").unwrap()).await.unwrap().unwrap();
        let page = store.case_page(case.clone(), None).await.unwrap();
        assert_eq!(fold::fold(desk.brand, case.id, &page.events).unwrap(), case);
        // The words of automatic mails are made when they leave.
        let of_people = page.messages.iter().filter(|shown| shown.message.author != Actor::Desk);
        assert!(of_people.clone().count() >= 1 && of_people.clone().all(|shown| !shown.text.is_empty()));
    }
    ids.len()
}

async fn every_column_of_the_schema_is_carried(place: &Place) {
    let store = place.open().await;
    let mut conn = store.reader().await.unwrap();
    let sql = match place.location {
        Location::Folder(_) => {
            "select t.name as place, c.name as column_name, lower(c.type) as kind from sqlite_schema t \
             join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite_%' \
             and t.name not like 'search_words_%'"
        }
        Location::Server { .. } => {
            "select cast(table_name as text) as place, cast(column_name as text) as column_name, \
             cast(data_type as text) as kind from information_schema.columns where table_schema = 'public'"
        }
    };
    let mut found = BTreeSet::new();
    for row in conn.rows(sql, Vec::new()).await.unwrap() {
        let get = |column| row.get::<String>(column).unwrap();
        let table = get("place");
        if table != "_sqlx_migrations" && !LEFT_OUT.contains(&table.as_str()) {
            found.insert((table, get("column_name"), get("kind")));
        }
    }
    let word = |kind: Kind| match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Id => "uuid",
        Kind::Bool => "boolean",
    };
    let listed = TABLES.iter().flat_map(|table| {
        let column =
            |(name, kind): &(&str, Kind)| (table.name.to_owned(), (*name).to_owned(), word(*kind).to_owned());
        table.columns.iter().map(column)
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), found);
}

async fn what_was_backed_up_comes_back(place: &Place) {
    let desk = lived_in(place).await;
    let (first, manifest) = back_up(&desk.store, place.folder().join("first")).await;
    assert_eq!(manifest.letters.len(), usize::from(place.keeps_files()));
    assert!(manifest.tables["events"].rows >= 15 && manifest.tables["letters"].rows == 6);
    let elsewhere = another(place, "elsewhere").await;
    restore(&elsewhere, &first).await.unwrap();
    let store = Store::open(&elsewhere).await.unwrap();
    let (second, _) = back_up(&store, place.folder().join("second")).await;
    assert_eq!(rows(&first), rows(&second));
    assert_eq!(assert_folds(&store, &desk).await, 5);
    // The large letter is whole, and the search is filled anew.
    let mut conn = store.reader().await.unwrap();
    let row = conn.row("select id from letters where state = 'unread'", Vec::new()).await.unwrap().unwrap();
    let letter = store.unread_letter(row.id("id").unwrap()).await.unwrap().unwrap();
    assert_eq!(letter.bytes.len(), 200 * 1024);
    drop(conn);
    let mut filled = 0;
    while let Some(more) = store.fill_search().await.unwrap() {
        filled += more;
    }
    assert!(filled >= 10, "{filled}");
    store.close().await;
    drop_database(place, &elsewhere).await;
}

async fn a_backup_is_of_one_instant_while_others_write(place: &Place) {
    let desk = lived_in(place).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (writing, stopped) = (desk.clone(), Arc::clone(&stop));
    let writer = tokio::spawn(async move {
        let mut number = 100;
        while !stopped.load(Ordering::Relaxed) {
            let letter = mail(&format!("eva{number}@exemple.fr"), &format!("{number}@exemple.fr"));
            let case = opened(&writing.receive(letter, minute(number)).await.unwrap()).after.id;
            writing.act(&writing.alice, case, Act::Note(words("note")), minute(number)).await.unwrap();
            number += 1;
        }
        number - 100
    });
    let mut taken = Vec::new();
    for number in 0..4 {
        taken.push(back_up(&desk.store, place.folder().join(format!("taken{number}"))).await.0);
        tokio::task::yield_now().await;
    }
    stop.store(true, Ordering::Relaxed);
    assert!(writer.await.unwrap() > 0, "somebody wrote meanwhile");
    for (number, folder) in taken.iter().enumerate() {
        let elsewhere = another(place, &format!("restored{number}")).await;
        restore(&elsewhere, folder).await.unwrap();
        let store = Store::open(&elsewhere).await.unwrap();
        assert!(assert_folds(&store, &desk).await >= 5);
        store.close().await;
        drop_database(place, &elsewhere).await;
    }
}

async fn a_damaged_backup_or_a_desk_in_use_is_refused(place: &Place) {
    let desk = lived_in(place).await;
    let (folder, manifest) = back_up(&desk.store, place.folder().join("taken")).await;
    assert!(matches!(restore(&place.location, &folder).await, Err(BackupError::InUse)));
    let elsewhere = another(place, "elsewhere").await;
    let path = folder.join("tables/contents.jsonl");
    let whole = std::fs::read(&path).unwrap();
    let mut torn = whole.clone();
    torn[10] ^= 1;
    std::fs::write(&path, &torn).unwrap();
    let refused = restore(&elsewhere, &folder).await.unwrap_err();
    assert!(matches!(&refused, BackupError::Damaged(what) if what == "contents"), "{refused}");
    std::fs::write(&path, &whole).unwrap();
    let newer = Manifest { schema: manifest.schema + 1, ..manifest.clone() };
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    newer.finish(&folder).unwrap();
    assert!(matches!(restore(&elsewhere, &folder).await, Err(BackupError::TooNew)));
    // A name that would be more than a name.
    let mut odd = manifest.clone();
    let table = odd.tables.remove("contents").unwrap();
    odd.tables.insert("contents; drop table cases".to_owned(), table);
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    odd.finish(&folder).unwrap();
    assert!(matches!(restore(&elsewhere, &folder).await, Err(BackupError::Damaged(_))));
    // After all these refusals the place is still a new one.
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    manifest.finish(&folder).unwrap();
    restore(&elsewhere, &folder).await.unwrap();
    drop_database(place, &elsewhere).await;
}

async fn a_backup_goes_from_one_engine_to_the_other_and_back(place: &Place) {
    let desk = lived_in(place).await;
    let (first, _) = back_up(&desk.store, place.folder().join("first")).await;
    let file = Location::Folder(place.folder().join("as-a-file"));
    restore(&file, &first).await.unwrap();
    let store = Store::open(&file).await.unwrap();
    let (second, _) = back_up(&store, place.folder().join("second")).await;
    assert_eq!(assert_folds(&store, &desk).await, 5);
    store.close().await;
    let back = another(place, "back").await;
    restore(&back, &second).await.unwrap();
    let store = Store::open(&back).await.unwrap();
    let (third, _) = back_up(&store, place.folder().join("third")).await;
    store.close().await;
    assert_eq!(rows(&first), rows(&second));
    assert_eq!(rows(&second), rows(&third));
    drop_database(place, &back).await;
}
