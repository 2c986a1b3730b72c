//! A large desk out of a small one: a backup whose cases are written many times over, each copy with ids, references, customers
//! and dates of its own. Raw letters and attachments stay out of the copies, and so does what is still to be sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use casework::Reference;
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use store::{Kind, Manifest, TableFile};
use uuid::Uuid;

use crate::corpus::{RARE_END, rare_end};

/// Tables of which a copy of a case has rows.
const COPIED: [&str; 8] =
    ["cases", "clocks", "contents", "customers", "events", "identities", "messages", "thread_keys"];
/// Tables of which the large desk has none.
const EMPTIED: [&str; 6] = ["acts_done", "files", "letters", "orders", "outgoing", "postbox"];
/// What is installed once, whose ids stay.
const ONCE: [&str; 4] = ["agents", "inboxes", "teams", "forms"];
/// The desk's secret, in a backup that has it.
const SECRET: &str = "secret.key";
/// Copies that the bits of an id have room for.
const COPIES_MAX: usize = 4_096;
/// Microseconds between two copies: half a day.
const APART: i64 = 12 * 3_600 * 1_000_000;
/// Below this, a number is not an instant.
const FIRST_INSTANT: i64 = 1_000_000_000_000_000;
/// References there are: eight letters out of 24.
const REFERENCES: u64 = 24_u64.pow(8);
/// Has no divisor in common with it, so that no two numbers give the same reference.
const STRIDE: u64 = 48_271_000_007;
const LETTERS: &[u8; 24] = b"2346789ACDEFGHJKMNPQRTWX";

/// Writes the large backup into a new folder; gives how many copies it holds of each case.
pub fn multiply(small: &Path, cases: usize, large: &Path) -> anyhow::Result<usize> {
    let mut manifest: Manifest = store::manifest(small)?;
    let held = usize::try_from(manifest.tables.get("cases").context("cases")?.rows)?;
    let copies = cases.div_ceil(held.max(1));
    ensure!(copies <= COPIES_MAX, "{copies} copies are too many");
    let fixed = ids_of(small, &manifest.tables)?;
    for part in ["tables", "letters", "files"] {
        std::fs::create_dir_all(large.join(part))?;
    }
    std::fs::copy(small.join(SECRET), large.join(SECRET))?;
    manifest.letters.clear();
    manifest.files.clear();
    for (name, table) in &mut manifest.tables {
        let hand = Copier { table: name, columns: &table.columns, fixed: &fixed };
        let (from, to) = (file_of(small, name), file_of(large, name));
        let (rows, sha256) = hand.write(&from, &to, copies).with_context(|| name.clone())?;
        *table = TableFile { columns: table.columns.clone(), rows, sha256 };
    }
    manifest.finish(large)?;
    Ok(copies)
}

fn file_of(folder: &Path, table: &str) -> std::path::PathBuf {
    folder.join("tables").join(format!("{table}.jsonl"))
}

fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Vec<Json>>>> {
    let lines = BufReader::new(File::open(path)?).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}

fn ids_of(folder: &Path, tables: &BTreeMap<String, TableFile>) -> anyhow::Result<BTreeSet<Uuid>> {
    let mut ids = BTreeSet::new();
    for name in ONCE {
        let place =
            tables.get(name).and_then(|table| table.columns.iter().position(|(name, _)| name == "id"));
        for row in lines(&file_of(folder, name))? {
            ids.insert(row?[place.context("an id")?].as_str().unwrap_or_default().parse()?);
        }
    }
    Ok(ids)
}

struct Copier<'a> {
    table: &'a str,
    columns: &'a [(String, Kind)],
    fixed: &'a BTreeSet<Uuid>,
}

impl Copier<'_> {
    fn write(&self, from: &Path, to: &Path, copies_of_cases: usize) -> anyhow::Result<(u64, String)> {
        let copies = match self.table {
            table if EMPTIED.contains(&table) => 0,
            table if COPIED.contains(&table) => copies_of_cases,
            _ => 1,
        };
        let mut out = BufWriter::new(File::create_new(to)?);
        let (mut rows, mut hash) = (0, Sha256::new());
        // Copy after copy, as time would have brought them.
        for copy in 0..copies {
            for (number, row) in lines(from)?.enumerate() {
                let row = match self.table {
                    "installation" => Self::counted(row?, copies_of_cases),
                    _ if copies == 1 => row?,
                    _ => self.copy(row?, copy, number)?,
                };
                let mut line = serde_json::to_vec(&row)?;
                line.push(b'\n');
                hash.update(&line);
                out.write_all(&line)?;
                rows += 1;
            }
        }
        out.flush()?;
        Ok((rows, HEXLOWER.encode(&hash.finalize())))
    }

    /// Where the feed stands: after the places of all copies.
    fn counted(row: Vec<Json>, copies: usize) -> Vec<Json> {
        let is_feed = row.first().and_then(Json::as_str) == Some("feed");
        let last = row.last().and_then(Json::as_str).and_then(|last| last.parse::<usize>().ok());
        match last.filter(|_| is_feed && copies > 1) {
            Some(last) => vec![Json::from("feed"), Json::from(((last + 1) * COPIES_MAX).to_string())],
            None => row,
        }
    }

    fn copy(&self, row: Vec<Json>, copy: usize, number: usize) -> anyhow::Result<Vec<Json>> {
        let mut copied = Vec::with_capacity(row.len());
        for ((name, kind), value) in self.columns.iter().zip(row) {
            copied.push(match (name.as_str(), kind, value) {
                (_, _, Json::Null) | ("letter_id", ..) => Json::Null,
                ("reference", _, _) => Json::from(reference(number * COPIES_MAX + copy)?),
                ("address", _, Json::String(text)) => Json::from(format!("c{copy}.{text}")),
                ("position", _, Json::Number(_)) => Json::from(1 + number * COPIES_MAX + copy),
                ("key_hash", _, Json::String(text)) => Json::from(other_hash(&text, copy)?),
                ("text", _, Json::String(text)) => Json::from(self.varied(&text, copy)),
                (name, Kind::Int, value) => {
                    Json::from(moved(name, value.as_i64().context("a number")?, copy)?)
                }
                (_, Kind::Id | Kind::Text, Json::String(text)) => {
                    Json::from(self.with_other_ids(&text, copy))
                }
                (_, _, value) => value,
            });
        }
        Ok(copied)
    }

    /// A text of its own, where it is not the JSON of file names.
    fn varied(&self, text: &str, copy: usize) -> String {
        if text.starts_with(['[', '{']) {
            return self.with_other_ids(text, copy);
        }
        text.replace("MG-", &format!("MG-{copy}")).replace(RARE_END, &rare_end(copy))
    }

    /// The text with every id in it that is not of the installation changed for that of the copy.
    fn with_other_ids(&self, text: &str, copy: usize) -> String {
        const LENGTH: usize = 36;
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(dash) = rest.find('-') {
            let start = dash.saturating_sub(8);
            let id = rest.get(start..start + LENGTH).and_then(|id| Uuid::try_parse(id).ok());
            let Some(id) = id.filter(|_| dash >= 8) else {
                out.push_str(&rest[..=dash]);
                rest = &rest[dash + 1..];
                continue;
            };
            out.push_str(&rest[..start]);
            let id = if self.fixed.contains(&id) { id } else { other_id(id, copy) };
            out.push_str(&id.to_string());
            rest = &rest[start + LENGTH..];
        }
        out + rest
    }
}

/// The twelve bits after the version tell the copies apart; the instant and the random tail stay.
fn other_id(id: Uuid, copy: usize) -> Uuid {
    let mut bytes = *id.as_bytes();
    bytes[6] = (bytes[6] & 0xf0) | u8::try_from(copy >> 8 & 0x0f).unwrap_or_default();
    bytes[7] = u8::try_from(copy & 0xff).unwrap_or_default();
    Uuid::from_bytes(bytes)
}

fn other_hash(text: &str, copy: usize) -> anyhow::Result<String> {
    let mut bytes = BASE64.decode(text.as_bytes())?;
    for (byte, more) in bytes.iter_mut().zip(copy.to_le_bytes().into_iter().take(2)) {
        *byte ^= more;
    }
    Ok(BASE64.encode(&bytes))
}

fn reference(number: usize) -> anyhow::Result<String> {
    let mut rest = u64::try_from(number)?.wrapping_mul(STRIDE % REFERENCES) % REFERENCES;
    let mut text = String::new();
    for _ in 0..8 {
        text.push(char::from(LETTERS[usize::try_from(rest % 24)?]));
        rest /= 24;
    }
    Ok(Reference::parse(&text).context("a reference")?.as_str().to_owned())
}

/// What has happened is earlier by so many half days, what is to come later.
fn moved(name: &str, number: i64, copy: usize) -> anyhow::Result<i64> {
    if !(FIRST_INSTANT..i64::MAX).contains(&number) {
        return Ok(number);
    }
    let by = APART * i64::try_from(copy)?;
    Ok(if matches!(name, "act_by" | "due_at" | "chase_at" | "call_again_at") {
        number + by
    } else {
        number - by
    })
}
