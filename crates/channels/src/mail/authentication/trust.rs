//! Whose statements count. Values only.

/// How a list of trusted names calls fields that bear no name, as Microsoft 365 writes them.
pub const NAMELESS: &str = "-";

/// Whether a name is one of those that count.
pub(super) fn is_trusted(name: Option<&str>, trusted: &[String]) -> bool {
    trusted.iter().any(|known| known.trim().eq_ignore_ascii_case(name.unwrap_or(NAMELESS)))
}
