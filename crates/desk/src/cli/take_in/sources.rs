//! Where letters are: what an argument is, is found out by looking at it. Files are read and nothing else is done to them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use channels::mail::mbox::{Mbox, begins_mbox, is_field};

/// Largest letter taken, in bytes: what the desk takes.
const LETTER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// So much of a file is looked at to tell what it is, in bytes: its first line, and spare.
const HEAD_BYTES: u64 = 4 * 1024;
/// Files of one import; their names are held in memory (a gigabyte at most).
const FILES_MAX: usize = 5_000_000;
/// Folders inside folders; deeper is a mistake.
const DEPTH_MAX: usize = 32;

/// All that letters are read from, in order.
#[derive(Debug)]
pub(super) struct Sources {
    /// One after the other.
    pub list: Vec<Source>,
    /// Their size in bytes; unknown with standard input.
    pub bytes: Option<u64>,
    /// Maildirs inside those that were named, such as `.Sent`: not all of them hold what customers wrote.
    pub left_out: Vec<PathBuf>,
}

/// Something that letters are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// Standard input: one letter or an mbox.
    Input,
    /// A file that was named: one letter or an mbox, or else a mistake.
    Named(PathBuf),
    /// A file found in a folder: one letter, whatever its state, or an mbox.
    Found(PathBuf),
    /// A file of a Maildir: one letter, whatever its state.
    Delivered(PathBuf),
}

/// A letter, or why it cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// File and, in an mbox, number.
    pub place: String,
    /// Its bytes.
    pub bytes: Result<Vec<u8>, String>,
    /// By how much reading it went forward, in bytes.
    pub weight: u64,
}

/// Finds everything that the arguments name. Nothing is sent when one of them does not exist.
pub(super) fn find(arguments: &[PathBuf]) -> anyhow::Result<Sources> {
    let (mut list, mut left_out) = (Vec::new(), Vec::new());
    for path in arguments {
        if path == Path::new("-") {
            list.push(Source::Input);
            continue;
        }
        let about = std::fs::metadata(path).with_context(|| shown(path))?;
        if !about.is_dir() {
            list.push(Source::Named(path.clone()));
            continue;
        }
        let before = list.len();
        if is_maildir(path) {
            list.extend(delivered(path)?.into_iter().map(Source::Delivered));
            left_out.extend(entries(path)?.into_iter().filter(|inner| is_maildir(inner)));
        } else {
            gather(path, 0, &mut list)?;
            if list.len() == before {
                bail!("{}: neither a Maildir nor a folder with .eml files", shown(path));
            }
        }
        if list.len() > FILES_MAX {
            bail!("more than {FILES_MAX} files: take them in by parts");
        }
    }
    left_out.retain(|inner| !arguments.contains(inner));
    let bytes = list.iter().map(size).sum();
    Ok(Sources { list, bytes, left_out })
}

fn size(source: &Source) -> Option<u64> {
    match source {
        Source::Input => None,
        // Whatever cannot be read is told when its turn comes.
        Source::Named(path) | Source::Found(path) | Source::Delivered(path) => {
            Some(std::fs::metadata(path).map_or(0, |about| about.len()))
        }
    }
}

/// A folder with `new` or `cur` in it. Folders beside those, such as `.Sent`, are Maildirs of their own.
fn is_maildir(folder: &Path) -> bool {
    ["cur", "new"].iter().any(|name| folder.join(name).is_dir())
}

/// The letters of a Maildir, oldest first: names begin with the second of their delivery. `tmp` holds what is not there yet.
fn delivered(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for name in ["cur", "new"] {
        let inner = folder.join(name);
        if inner.is_dir() {
            files.extend(entries(&inner)?.into_iter().filter(|path| path.is_file() && !is_hidden(path)));
        }
    }
    files.sort_by_cached_key(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digits: String = name.chars().take_while(char::is_ascii_digit).take(18).collect();
        (digits.parse::<u64>().unwrap_or_default(), name)
    });
    Ok(files)
}

/// The `.eml` files of a folder and those inside it, by name.
fn gather(folder: &Path, depth: usize, list: &mut Vec<Source>) -> anyhow::Result<()> {
    if depth > DEPTH_MAX {
        bail!("{}: more than {DEPTH_MAX} folders deep", shown(folder));
    }
    for path in entries(folder)? {
        // A link to a folder may lead round in a circle.
        let is_folder = std::fs::symlink_metadata(&path).is_ok_and(|about| about.is_dir());
        if is_folder {
            gather(&path, depth + 1, list)?;
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml")) {
            list.push(Source::Found(path));
        }
        if list.len() > FILES_MAX {
            bail!("more than {FILES_MAX} files: take them in by parts");
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| shown(folder))? {
        paths.push(entry.with_context(|| shown(folder))?.path());
        if paths.len() > FILES_MAX {
            bail!("{}: more than {FILES_MAX} files", shown(folder));
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// A path for people: names of files may hold anything.
fn shown(path: &Path) -> String {
    path.to_string_lossy().chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

impl Source {
    /// Reads its letters one by one, until `take` says that no more are wanted. What cannot be read is given as a
    /// letter with the reason, so that it is counted and told.
    pub fn read(&self, take: &mut dyn FnMut(Letter) -> bool) -> bool {
        let (place, opened): (String, io::Result<Box<dyn Read>>) = match self {
            Self::Input => ("standard input".to_owned(), Ok(Box::new(io::stdin()))),
            Self::Named(path) | Self::Found(path) | Self::Delivered(path) => {
                (shown(path), File::open(path).map(|file| Box::new(file) as Box<dyn Read>))
            }
        };
        let read = opened.and_then(|file| self.read_from(file, &place, take));
        read.unwrap_or_else(|error| {
            take(Letter { place, bytes: Err(format!("cannot be read: {error}")), weight: 0 })
        })
    }

    fn read_from(
        &self,
        mut file: Box<dyn Read>,
        place: &str,
        take: &mut dyn FnMut(Letter) -> bool,
    ) -> io::Result<bool> {
        let mut head = Vec::new();
        file.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        let is_mbox = begins_mbox(&head) && !matches!(self, Self::Delivered(_));
        let is_letter = matches!(self, Self::Found(_) | Self::Delivered(_)) || begins_letter(&head);
        let whole = Cursor::new(head).chain(BufReader::new(file));
        if is_mbox {
            return read_mbox(whole, place, take);
        }
        let bytes =
            if is_letter { read_letter(whole)? } else { Err("neither a letter nor an mbox".to_owned()) };
        let weight = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        Ok(take(Letter { place: place.to_owned(), bytes, weight }))
    }
}

/// Whether a file begins as letters do: with a header field. Some programs put an empty line or a mark of UTF-8 before.
fn begins_letter(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    is_field(head.trim_ascii_start())
}

fn read_letter(source: impl Read) -> io::Result<Result<Vec<u8>, String>> {
    let mut bytes = Vec::new();
    source.take(LETTER_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(match bytes.len() {
        0 => Err("empty".to_owned()),
        1..=LETTER_BYTES_MAX => Ok(bytes),
        _ => Err(too_large()),
    })
}

fn read_mbox(source: impl BufRead, place: &str, take: &mut dyn FnMut(Letter) -> bool) -> io::Result<bool> {
    let mut mbox = Mbox::open(source, LETTER_BYTES_MAX)?;
    let mut begin = 0;
    while let Some(entry) = mbox.next_letter()? {
        let letter = Letter {
            place: format!("{place}, letter {}", entry.number),
            bytes: entry.bytes.ok_or_else(too_large),
            weight: entry.end - begin,
        };
        begin = entry.end;
        if !take(letter) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn too_large() -> String {
    format!("larger than {} MiB", LETTER_BYTES_MAX / 1024 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes files, reads what an argument names, and gives place and content of each letter, a line each.
    fn read(files: &[(&str, &str)], argument: &str) -> anyhow::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let root = format!("{}/", folder.path().display());
        let mut lines = Vec::new();
        for source in find(&[folder.path().join(argument)])?.list {
            source.read(&mut |letter| {
                let bytes = letter.bytes.map_or_else(|why| why, |bytes| String::from_utf8(bytes).unwrap());
                lines.push(format!("{}: {bytes:?}", letter.place.replace(&root, "")));
                true
            });
        }
        Ok(lines.join("\n"))
    }

    const MBOX: &str = "From a Tue Mar  3 09:00:00 2026\nA: 1\n\nFrom b Tue Mar  3 09:00:00 2026\nB: 2\n\n";

    #[test]
    fn a_maildir_is_read_by_delivery() {
        let files = [
            ("box/cur/1000000002.b.host:2,S", "Second: 1\n"),
            ("box/cur/999999999.a.host:2,RS", "First: 1\n"),
            ("box/cur/.hidden", "No: 1\n"),
            ("box/new/1000000003.c.host", "\nstrange\n"),
            ("box/tmp/1000000004.d.host", "No: 2\n"),
            ("box/.Sent/cur/1000000001.e.host", "No: 3\n"),
            ("box/dovecot-uidlist", "3 V1\n"),
        ];
        let expect = "box/cur/999999999.a.host:2,RS: \"First: 1\\n\"\n\
                      box/cur/1000000002.b.host:2,S: \"Second: 1\\n\"\n\
                      box/new/1000000003.c.host: \"\\nstrange\\n\"";
        assert_eq!(read(&files, "box").unwrap(), expect);
    }

    #[test]
    fn maildirs_inside_are_left_out_and_told_unless_they_are_named_too() {
        let folder = tempfile::tempdir().unwrap();
        let (named, inner) = (folder.path().join("box"), folder.path().join("box/.Sent"));
        for part in ["cur", ".Sent/cur", ".Junk/new", "courierimapkeywords"] {
            std::fs::create_dir_all(named.join(part)).unwrap();
        }
        let left_out = find(std::slice::from_ref(&named)).unwrap().left_out;
        assert_eq!(left_out, [named.join(".Junk"), inner.clone()]);
        assert_eq!(find(&[named.clone(), inner]).unwrap().left_out, [named.join(".Junk")]);
    }

    #[test]
    fn an_empty_maildir_holds_nothing_and_is_no_mistake() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("new")).unwrap();
        let found = find(&[folder.path().to_owned()]).unwrap();
        assert_eq!((found.list.len(), found.bytes), (0, Some(0)));
    }

    #[test]
    fn folders_give_their_eml_files_by_name() {
        let files = [
            ("in/b.EML", "B: 1\n"),
            ("in/a/2.eml", MBOX),
            ("in/a/1.eml", "whatever it is\n"),
            ("in/readme.txt", "No: 1\n"),
        ];
        let expect = "in/a/1.eml: \"whatever it is\\n\"\nin/a/2.eml, letter 1: \"A: 1\\n\"\n\
                      in/a/2.eml, letter 2: \"B: 2\\n\"\nin/b.EML: \"B: 1\\n\"";
        assert_eq!(read(&files, "in").unwrap(), expect);
        let error = read(&[("in/readme.txt", "x")], "in").unwrap_err().to_string();
        assert!(error.ends_with("in: neither a Maildir nor a folder with .eml files"), "{error}");
    }

    #[test]
    fn named_files_are_looked_at() {
        for (content, expect) in [
            ("Subject: x\n\ny\n", "f: \"Subject: x\\n\\ny\\n\""),
            ("\u{feff}\r\nSubject: x\n", "f: \"\\u{feff}\\r\\nSubject: x\\n\""),
            (MBOX, "f, letter 1: \"A: 1\\n\"\nf, letter 2: \"B: 2\\n\""),
            ("", "f: \"neither a letter nor an mbox\""),
            ("%PDF-1.7\n", "f: \"neither a letter nor an mbox\""),
        ] {
            assert_eq!(read(&[("f", content)], "f").unwrap(), expect);
        }
        assert!(read(&[], "missing").is_err());
    }

    #[test]
    fn sizes_are_known_but_for_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, MBOX).unwrap();
        assert_eq!(find(std::slice::from_ref(&path)).unwrap().bytes, Some(MBOX.len() as u64));
        assert_eq!(find(&[path.clone(), PathBuf::from("-")]).unwrap().bytes, None);
        let mut weight = 0;
        Source::Named(path).read(&mut |letter| {
            weight += letter.weight;
            true
        });
        assert_eq!(weight, MBOX.len() as u64);
    }

    #[test]
    fn reading_stops_when_no_more_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, MBOX).unwrap();
        let mut count = 0;
        let goes_on = Source::Named(path).read(&mut |_| {
            count += 1;
            false
        });
        assert_eq!((goes_on, count), (false, 1));
    }
}
