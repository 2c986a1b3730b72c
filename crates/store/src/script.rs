//! Several statements in one go. The embedded engine works in a thread of its own, and waking it costs more than most
//! statements do; one text of many statements wakes it once. A server is asked one after the other.

use crate::conn::{Conn, Value};
use crate::error::StoreError;

/// Statements of one text: the engine reads what is left of the text again with each.
const STEPS_AT_ONCE: usize = 100;

/// Statements, in order.
#[derive(Debug, Default)]
pub(crate) struct Script {
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    sql: &'static str,
    values: Vec<Value>,
    must_touch_one: bool,
}

impl Script {
    /// A statement.
    pub(crate) fn add(&mut self, sql: &'static str, values: Vec<Value>) {
        self.steps.push(Step { sql, values, must_touch_one: false });
    }

    /// A statement that must touch one row: otherwise what the script relied on has changed, and all of it is a conflict.
    pub(crate) fn add_for_one(&mut self, sql: &'static str, values: Vec<Value>) {
        self.steps.push(Step { sql, values, must_touch_one: true });
    }

    /// Runs all of it, and gives how many rows each statement touched. After an error the caller rolls back.
    pub(crate) async fn play(self, conn: &mut Conn) -> Result<Vec<u64>, StoreError> {
        if conn.is_to_server() {
            return self.play_singly(conn).await;
        }
        let mut all = Vec::with_capacity(self.steps.len());
        let mut steps = self.steps;
        while !steps.is_empty() {
            let rest = steps.split_off(steps.len().min(STEPS_AT_ONCE));
            all.extend(play_joined(conn, steps).await?);
            steps = rest;
        }
        Ok(all)
    }

    async fn play_singly(self, conn: &mut Conn) -> Result<Vec<u64>, StoreError> {
        let mut touched = Vec::with_capacity(self.steps.len());
        for Step { sql, values, must_touch_one } in self.steps {
            let rows = conn.run(sql, values).await?;
            if must_touch_one && rows != 1 {
                return Err(StoreError::Conflict);
            }
            touched.push(rows);
        }
        Ok(touched)
    }
}

async fn play_joined(conn: &mut Conn, steps: Vec<Step>) -> Result<Vec<u64>, StoreError> {
    let musts: Vec<bool> = steps.iter().map(|step| step.must_touch_one).collect();
    let (text, values) = joined(steps);
    let (touched, end) = conn.run_joined(text, values, musts.len()).await;
    // A conflict explains whatever went wrong after it.
    if touched.iter().zip(&musts).any(|(rows, must)| *must && *rows != 1) {
        return Err(StoreError::Conflict);
    }
    end.map(|()| touched)
}

/// One text, in which every parameter has a number of its own.
fn joined(steps: Vec<Step>) -> (String, Vec<Value>) {
    let mut text = String::new();
    let mut all = Vec::new();
    for Step { sql, values, .. } in steps {
        renumber(sql, all.len(), &mut text);
        text.push_str(";\n");
        all.extend(values);
    }
    (text, all)
}

/// Writes a statement with its parameters counted from another place.
fn renumber(sql: &str, offset: usize, out: &mut String) {
    let mut rest = sql;
    while let Some(place) = rest.find('$') {
        let (before, after) = rest.split_at(place + 1);
        out.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: usize = after[..digits].parse().unwrap_or_default();
        out.push_str(&(number + offset).to_string());
        rest = &after[digits..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_count_on_from_statement_to_statement() {
        let mut script = Script::default();
        script.add("delete from a where b = $1 and c = $2", vec![Value::Bool(true), Value::Bool(false)]);
        script.add("insert into d values ($2, $1, $12)", vec![Value::Bool(true)]);
        let (text, values) = joined(script.steps);
        assert_eq!(text, "delete from a where b = $1 and c = $2;\ninsert into d values ($4, $3, $14);\n");
        assert_eq!(values.len(), 3);
    }
}
