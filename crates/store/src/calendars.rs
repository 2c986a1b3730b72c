//! Calendars by the text they are stored as. Evaluating opening hours costs more than a decision: equal texts share one
//! calendar, whose years are evaluated once. A cache and nothing else: a text that is not in it is read.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use calendar::Calendar;

use crate::error::StoreError;

/// Calendars kept at most: more teams than that share a process rarely. Past it the cache begins anew.
const KEPT_MAX: usize = 256;

/// Reads a stored calendar.
pub(crate) fn read(text: String) -> Result<Calendar, StoreError> {
    static KEPT: LazyLock<Mutex<HashMap<String, Calendar>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(calendar) = kept.get(&text) {
        return Ok(calendar.clone());
    }
    let calendar: Calendar = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt("calendar"))?;
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(text, calendar.clone());
    Ok(calendar)
}
