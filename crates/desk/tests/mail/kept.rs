//! What is kept of mail: a letter whose file cannot be read does not go round for ever, and a mail of ours lies sealed.

use casework::decision::AsideReason;
use desk::outgoing;
use desk::worker::letters::read_due;
use store::Location;

use crate::on_both_engines;
use crate::support::{BRAND, Engine, INBOX, Letter, TestDesk};

/// Rounds of reading, more than a letter is tried.
const ROUNDS: usize = 8;

#[tokio::test]
async fn a_letter_whose_file_is_gone_is_kept_aside_until_the_file_is_back() {
    // On a server every letter is a row; beside an embedded database large ones are files.
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let text = "La livraison promise n'est pas venue. ".repeat(3_000);
    let letter = Letter { text: &text, ..Letter::default() };
    desk.hand_in(letter.from, INBOX, letter.to_mail(desk.desk.clock.now()).as_bytes()).await;
    let Location::Folder(folder) = &desk.location else { panic!("an embedded database") };
    let file = std::fs::read_dir(folder.join("letters")).unwrap().next().unwrap().unwrap().path();
    let away = folder.join("away.eml");
    std::fs::rename(&file, &away).unwrap();
    for _ in 0..ROUNDS {
        read_due(&desk.desk).await.unwrap();
    }
    let admin = (desk.agent("admin").id, true);
    let (store, reasons) = (&desk.desk.store, [AsideReason::Unreadable]);
    let kept = store.aside_letters(admin, &reasons, None, 10).await.unwrap();
    assert_eq!((kept.len(), store.unread_letters().await.unwrap()), (1, 0));

    std::fs::rename(&away, &file).unwrap();
    assert!(store.insist_on_letter(kept[0].id, admin.0, true).await.unwrap());
    desk.settle().await;
    assert_eq!(desk.only_case().await.brand, BRAND);
}

on_both_engines! {
    async fn a_mail_of_ours_lies_sealed(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let (case, (_, receipt)) = (desk.only_case().await, desk.sent().await.remove(0));
        let reply_to = receipt.reply_to.clone().unwrap().address;
        let states = desk.desk.store.message_states(BRAND, case.id).await.unwrap();
        let mut mails = 0;
        for (message, _) in states {
            let Some(sealed) = desk.desk.store.outgoing(BRAND, message).await.unwrap() else { continue };
            let opened = outgoing::open(&desk.desk.secret, message, &sealed).unwrap();
            let holds = |bytes: &[u8]| bytes.windows(reply_to.len()).any(|words| words == reply_to.as_bytes());
            assert!(holds(&opened.bytes) && !holds(&sealed), "the signed address is in the mail, not in the row");
            let other = casework::Mint::uuid(&mut desk.desk.mint());
            assert!(outgoing::open(&desk.desk.secret, casework::MessageId(other), &sealed).is_err());
            mails += 1;
        }
        assert_eq!(mails, 1, "the receipt");
    }
}
