//! The desk's secret: a file that only the desk may read, made on the first start. Never in the database.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::Context;
use casework::proof::Secret;
use data_encoding::HEXLOWER;

use crate::chance::Chance;

/// Reads the secret, or makes one when there is no such file yet.
pub fn read_or_make(file: &Path) -> anyhow::Result<Secret> {
    match std::fs::read_to_string(file) {
        Ok(words) => parse(&words).with_context(|| format!("{} does not hold a secret", file.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => make(file),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

fn parse(words: &str) -> anyhow::Result<Secret> {
    Ok(Secret::new(HEXLOWER.decode(words.trim().as_bytes())?)?)
}

/// Two nodes may start at once: only one creates the file, the other reads what it wrote.
fn make(file: &Path) -> anyhow::Result<Secret> {
    let words = HEXLOWER.encode(&Chance::System.bytes());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(mut written) => {
            writeln!(written, "{words}")?;
            written.sync_all()?;
            parse(&words)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => parse(&std::fs::read_to_string(file)?),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/secret.key");
        let first = read_or_make(&file).unwrap().sign("x", &[]);
        assert_eq!(read_or_make(&file).unwrap().sign("x", &[]), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_broken_file_is_refused_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        std::fs::write(&file, "abc").unwrap();
        assert!(read_or_make(&file).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "abc");
    }
}
