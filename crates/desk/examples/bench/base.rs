//! The desk that larger ones are copies of: letters by LMTP, and what people did with the cases they became. About five messages
//! a case; most cases are closed, as on a desk that has been at work for a while.

use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use crate::figures::Figures;
use crate::lmtp;
use crate::pages;
use crate::served::Served;

/// Of ten cases, how many are closed; one more waits for the customer and one is taken by an agent.
const CLOSED_OF_TEN: usize = 6;

/// A backup of that desk.
pub struct Base {
    /// Where it is.
    pub backup: PathBuf,
    /// The token of the program that it knows.
    pub token: String,
    /// Its letters.
    pub letters: usize,
    _folder: TempDir,
}

/// Makes it.
pub async fn make(suivi: &std::path::Path, letters: usize) -> anyhow::Result<Base> {
    let served = Served::begin("sqlite", suivi, None).await?;
    lmtp::load(&served, letters, &mut Figures::default()).await?;
    let cases = pages::references(&served, usize::MAX).await?;
    for (number, case) in cases.iter().enumerate() {
        let act = async |path: &str, body: serde_json::Value| {
            served.api(&format!("cases/{case}/{path}"), Some(&body)).await.map(drop)
        };
        act(
            "replies",
            json!({ "text": "Bonjour, nous cherchons votre colis MG-1 et revenons vers vous mardi." }),
        )
        .await?;
        act("notes", json!({ "text": "Vu avec l'entrepôt MG-1, le carton est parti samedi." })).await?;
        match number % 10 {
            place if place < CLOSED_OF_TEN => {
                act("proposals", json!({ "text": "Bonjour, votre remboursement MG-1 est parti." })).await?;
                act("confirmation", json!({})).await?;
            }
            6 => act("status", json!({ "to": "waiting_customer" })).await?,
            7 => act("assignment", json!({ "agent": served.agent })).await?,
            _ => {}
        }
    }
    served.wait_sent().await?;
    let folder = tempfile::tempdir()?;
    let backup = folder.path().join("backup");
    served.admin(&["backup", &backup.display().to_string(), "--with-secret"])?;
    let token = served.token.clone();
    served.end().await?;
    Ok(Base { backup, token, letters, _folder: folder })
}
