//! Where a page of a list begins, as text in a URL: the sort key and the id of a row. Opaque to whoever carries it.

use uuid::Uuid;

/// Writes a cursor.
pub(super) fn write(key: i64, id: Uuid) -> String {
    format!("{key}.{}", id.simple())
}

/// Reads a cursor; `None` when it is not one of ours.
pub(super) fn read(text: &str) -> Option<(i64, Uuid)> {
    let (key, id) = text.split_once('.')?;
    Some((key.parse().ok()?, Uuid::try_parse(id).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for key in [0, -5, i64::MAX, i64::MIN] {
            assert_eq!(read(&write(key, Uuid::max())), Some((key, Uuid::max())));
        }
        for odd in ["", ".", "1", "1.", "x.y", "1.0000"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
