//! What the planner of the server knows about how full the tables are.
//!
//! A server looks at its tables again once a minute at most. A desk that has just been installed fills them within
//! seconds; until the server looks, it plans every statement as for empty tables, and reads them from end to end.
//! Here a table is looked at as soon as it has doubled. The embedded engine plans by its indexes alone.

use crate::Store;
use crate::conn::{Conn, values};
use crate::error::StoreError;

/// A table with fewer rows is read as fast from end to end.
const ROWS_MIN: i64 = 200;

/// Tables of this schema that hold more than twice the rows that the planner counts on.
const GROWN: &str = "select c.relname::text as name from pg_stat_user_tables s join pg_class c on c.oid = s.relid \
    where s.schemaname = current_schema() and s.n_live_tup >= $1 and s.n_live_tup > 2 * greatest(c.reltuples, 0) \
    order by c.relname";

impl Store {
    /// Has the planner look at the tables that have doubled since it last did. Gives how many those were. Several nodes
    /// may ask at once: who finds a table being looked at leaves it alone.
    pub async fn look_at_grown_tables(&self) -> Result<usize, StoreError> {
        if !self.reader().await?.is_to_server() {
            return Ok(0);
        }
        self.write(Box::new(|conn| Box::pin(look(conn)))).await
    }
}

async fn look(conn: &mut Conn) -> Result<usize, StoreError> {
    let rows = conn.rows(GROWN, values![ROWS_MIN]).await?;
    let mut looked_at = 0;
    for row in rows {
        let name: String = row.get("name")?;
        // Names come from the catalogue of the database itself; those of this schema need no quotation marks.
        if name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        {
            conn.run_built(format!("analyze (skip_locked) {name}"), Vec::new()).await?;
            looked_at += 1;
        }
    }
    Ok(looked_at)
}
