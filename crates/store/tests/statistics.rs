//! What the server's planner knows of tables that fill fast.

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use crate::engines::{Place, both, only_postgres};

only_postgres!(a_table_is_looked_at_each_time_it_has_doubled);
both!(a_new_desk_has_nothing_to_look_at);

async fn fill(server: &mut PgConnection, from: i64, to: i64) {
    let sql = "insert into acts_done (key_hash, at) select decode(md5(n::text), 'hex'), n from generate_series($1, $2) n";
    sqlx::query(sql).bind(from).bind(to).execute(&mut *server).await.unwrap();
    // The server counts rows when a session tells it, which it does at its leisure.
    server.execute("select pg_stat_force_next_flush()").await.unwrap();
    server.execute("select 1").await.unwrap();
}

async fn expected_rows(server: &mut PgConnection) -> f32 {
    let sql = "select reltuples from pg_class where oid = 'acts_done'::regclass";
    sqlx::query(sql).fetch_one(server).await.unwrap().get(0)
}

async fn a_table_is_looked_at_each_time_it_has_doubled(place: &Place) {
    let store = place.open().await;
    let mut server = place.server().await;
    server.execute("alter table acts_done set (autovacuum_enabled = false)").await.unwrap();
    fill(&mut server, 1, 300).await;
    assert_eq!(store.look_at_grown_tables().await.unwrap(), 1);
    assert!((expected_rows(&mut server).await - 300.0).abs() < 0.5);
    assert_eq!(store.look_at_grown_tables().await.unwrap(), 0, "nothing has grown since");
    fill(&mut server, 301, 500).await;
    assert_eq!(store.look_at_grown_tables().await.unwrap(), 0, "it has not doubled");
    fill(&mut server, 501, 700).await;
    assert_eq!(store.look_at_grown_tables().await.unwrap(), 1);
    assert!((expected_rows(&mut server).await - 700.0).abs() < 0.5);
    server.close().await.unwrap();
}

async fn a_new_desk_has_nothing_to_look_at(place: &Place) {
    assert_eq!(place.open().await.look_at_grown_tables().await.unwrap(), 0);
}
