//! One running desk a folder: on the embedded engine two of them would each think that they hold everything.
//! The lock is the operating system's, so it goes with the process, however that ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context, bail};
use store::Location;

/// Holds the folder of an embedded desk until dropped.
#[derive(Debug)]
pub struct Alone {
    /// Locked as long as it is open; nothing for a desk on a server, which may have several nodes.
    _file: Option<File>,
}

/// Takes hold of a location, or says that another desk runs there.
pub fn hold(location: &Location) -> anyhow::Result<Alone> {
    match location {
        Location::Server { .. } => Ok(Alone { _file: None }),
        Location::Folder(folder) => hold_folder(folder),
    }
}

fn hold_folder(folder: &Path) -> anyhow::Result<Alone> {
    make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join("suivi.lock");
    let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Alone { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => bail!("another desk is running on {}", folder.display()),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Makes a folder that only the desk may look into: customers' letters and the secret are in it.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_desk_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let first = hold(&location).unwrap();
        assert!(hold(&location).is_err());
        drop(first);
        assert!(hold(&location).is_ok());
    }
}
