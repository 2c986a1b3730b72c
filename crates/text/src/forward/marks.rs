//! Marks of quotation before a forwarded letter: Apple Mail and Orange put them before its header as well.
//!
//! Here: taking marks away. Not here: what the lines say.

use crate::copied::line::Line;

/// Marks that may stand before a header; a letter that was quoted deeper is nobody's forward.
const DEPTH_MAX: usize = 3;

/// A line without its marks.
#[derive(Clone, Copy)]
pub(super) struct Unmarked<'a> {
    pub(super) depth: usize,
    pub(super) line: Line<'a>,
}

/// The line without up to three marks at its start.
pub(super) fn unmarked(text: &str) -> Unmarked<'_> {
    let mut rest = text;
    let mut depth = 0;
    while depth < DEPTH_MAX
        && let Some(shorter) = rest.trim_start_matches([' ', '\u{a0}']).strip_prefix('>')
    {
        rest = shorter;
        depth += 1;
    }
    let rest = if depth == 0 { rest } else { rest.strip_prefix(' ').unwrap_or(rest) };
    Unmarked { depth, line: Line::of(rest) }
}

/// The lines with one mark less; when one written line has none, nobody marked them, and all stay as they are.
pub(super) fn unmarked_once(lines: Vec<&str>) -> Vec<&str> {
    let is_marked = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('>');
    if !lines.iter().all(is_marked) {
        return lines;
    }
    let bare = |line: &'_ str| -> Option<usize> {
        let mark = line.find('>')?;
        let rest = &line[mark + 1..];
        Some(mark + 1 + usize::from(rest.starts_with(' ')))
    };
    lines.into_iter().map(|line| bare(line).and_then(|from| line.get(from..)).unwrap_or(line)).collect()
}
