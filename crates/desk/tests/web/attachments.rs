//! Files that people put with what they write: by every door, for those who may see them, and never the cause of harm.

use axum::http::StatusCode;
use casework::act::Act;
use casework::write::Words;
use casework::{Case, MessageId};
use desk::door::act;
use desk::worker::sweep::sweep;
use jiff::SignedDuration;

use super::browser::{Answer, Browser, link_of};
use crate::on_both_engines;
use crate::support::{BRAND, Engine, Letter, TestDesk};

const PDF: &[u8] = b"%PDF-1.7 une facture";

async fn open() -> (TestDesk, Case, Browser) {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    let case = desk.only_case().await;
    let browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    (desk, case, browser)
}

async fn write(browser: &mut Browser, case: &Case, kind: &str, files: &[(&str, &[u8])]) -> Answer {
    browser.get(&format!("/cases/{}", case.reference)).await;
    let path = format!("/cases/{}/{kind}", case.reference);
    browser.post_files(&path, &[("body", "Voici la facture."), ("then", "open")], files).await
}

/// Where the files of a page are.
fn files_in(page: &Answer) -> Vec<String> {
    let links = page.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    links.filter(|url| url.contains("/files/")).collect()
}

fn png(side: u32) -> Vec<u8> {
    // A picture of one colour, by hand: header, one deflated block, end.
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(side, side).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

on_both_engines! {
    async fn a_file_leaves_with_the_mail_and_stands_on_both_pages(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
        let picture = png(900);
        let files: [(&str, &[u8]); 2] = [("../facture mars.pdf", PDF), ("photo.png", &picture)];
        let answer = write(&mut browser, &case, "replies", &files).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        desk.settle().await;
        let raw = desk.desk.store.postbox(1).await.unwrap().remove(0).bytes;
        let (mail, defects) = channels::mail::read::read(&raw, "");
        assert_eq!(defects, []);
        let named: Vec<_> = mail.files.iter().map(|file| (file.name.as_str(), file.media_type.as_str())).collect();
        assert_eq!(named, [("facture mars.pdf", "application/pdf"), ("photo.png", "image/png")]);
        assert_eq!(channels::mail::read::file(&raw, mail.files[0].index).unwrap().bytes, PDF);
        assert_eq!(channels::mail::read::file(&raw, mail.files[1].index).unwrap().bytes, picture);

        let page = browser.get(&format!("/cases/{}", case.reference)).await;
        let mut stranger = Browser::new(&desk.desk);
        let own = stranger.get(&link_of(&desk.desk, &case)).await;
        for (browser, urls) in [(&mut browser, files_in(&page)), (&mut stranger, files_in(&own))] {
            assert_eq!(urls.len(), 2, "{urls:?}");
            let file = browser.get(&urls[0]).await;
            assert_eq!((file.status, file.body.as_bytes()), (StatusCode::OK, PDF));
            assert_eq!(file.header("content-type"), "application/pdf");
            assert!(file.header("content-disposition").starts_with("attachment; filename=\"facture mars.pdf\""));
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
            let small = browser.get(&format!("{}/preview", urls[1])).await;
            assert_eq!((small.status, small.header("content-type")), (StatusCode::OK, "image/jpeg"));
            assert_eq!(browser.get(&format!("{}/preview", urls[0])).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn files_that_no_message_took_are_forgotten(desk: TestDesk) {
        let mut browser = Browser::new(&desk.desk);
        let review = review(&desk, &mut browser, &[("photo.jpg", b"\xff\xd8\xff 1")]).await;
        assert!(review.body.contains("photo.jpg"), "{}", review.body);
        desk.pass(SignedDuration::from_hours(23));
        sweep(&desk.desk).await.unwrap();
        assert_eq!(kept(&review).len(), 1);
        desk.pass(SignedDuration::from_hours(2));
        assert_eq!(sweep(&desk.desk).await.unwrap(), 1);
        // What the page remembers leads to nothing any more, and the words are taken without it.
        let sent = send(&mut browser, &kept(&review)).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "the form has been open for too long");
    }
}

const FORM: &str = "/f/atelier/contact";

/// Fills a form in with files, and shows it once more.
async fn review(desk: &TestDesk, browser: &mut Browser, files: &[(&str, &[u8])]) -> Answer {
    browser.get(FORM).await;
    desk.pass(SignedDuration::from_mins(3));
    let stamp = browser.stamp.clone();
    let fields = [
        ("stamp", stamp.as_str()),
        ("do", "review"),
        ("what", "Lampe cassée."),
        ("email", "nadia@exemple.fr"),
    ];
    browser.post_files(FORM, &fields, files).await
}

async fn send(browser: &mut Browser, kept: &[String]) -> Answer {
    let stamp = browser.stamp.clone();
    let mut fields = vec![
        ("stamp", stamp.as_str()),
        ("do", "send"),
        ("what", "Lampe cassée."),
        ("email", "nadia@exemple.fr"),
    ];
    fields.extend(kept.iter().map(|word| ("kept", word.as_str())));
    browser.post(FORM, &fields).await
}

/// The signed ids by which a page gives files back.
fn kept(page: &Answer) -> Vec<String> {
    let words = page.body.split("name=\"kept\" value=\"").skip(1);
    words.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn files_of_a_form_are_kept_while_it_is_read_over() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    let shown = review(&desk, &mut browser, &[("photo.jpg", b"\xff\xd8\xff 1"), ("", b"")]).await;
    let words = kept(&shown);
    assert_eq!(words.len(), 1);
    let sent = send(&mut browser, &words).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    desk.settle().await;
    let case = desk.only_case().await;
    let page = browser.get(&link_of(&desk.desk, &case)).await;
    assert_eq!(files_in(&page).len(), 1);
    // Who knows the word cannot put the file into another case: a message has it.
    browser.get(FORM).await;
    desk.pass(SignedDuration::from_mins(3));
    send(&mut browser, &words).await;
    desk.settle().await;
    let other = desk.cases().await.into_iter().find(|other| other.id != case.id).unwrap();
    let page = browser.get(&link_of(&desk.desk, &other)).await;
    assert_eq!(files_in(&page), Vec::<String>::new());
}

#[tokio::test]
async fn a_customer_puts_files_with_what_they_write() {
    let (desk, case, mut agent) = open().await;
    let mut browser = Browser::new(&desk.desk);
    let link = link_of(&desk.desk, &case);
    browser.get(&link).await;
    let path = format!("{link}/messages");
    let sent = browser.post_files(&path, &[("body", "")], &[("preuve.pdf", PDF)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "a file says enough: {}", sent.body);
    let page = agent.get(&format!("/cases/{}", case.reference)).await;
    let urls = files_in(&page);
    assert_eq!(agent.get(&urls[0]).await.body.as_bytes(), PDF);
    desk.settle().await;
}

#[tokio::test]
async fn guessed_links_and_other_peoples_files_lead_nowhere() {
    let (desk, case, mut agent) = open().await;
    assert_eq!(
        write(&mut agent, &case, "notes", &[("interne.pdf", PDF)]).await.status,
        StatusCode::SEE_OTHER
    );
    let page = agent.get(&format!("/cases/{}", case.reference)).await;
    let inside = files_in(&page)[0].clone();
    let message = inside.split('/').nth(4).unwrap();
    let mut other_team = Browser::of(&desk.desk, desk.agent("idriss")).await;
    let mut stranger = Browser::new(&desk.desk);
    let link = link_of(&desk.desk, &case);
    assert_eq!(other_team.get(&inside).await.status, StatusCode::NOT_FOUND);
    assert_ne!(stranger.get(&inside).await.status, StatusCode::OK);
    for path in [
        format!("{link}/files/{message}/0"),
        format!("{link}/files/{message}/0/preview"),
        format!("{link}/files/{}/0", MessageId(uuid::Uuid::nil())),
        format!("{}AAAA/files/{message}/0", &link[..link.len() - 4]),
    ] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for word in ["0195aaaa.x", "x", &format!("{}.{}", uuid::Uuid::nil().simple(), "a".repeat(16))] {
        stranger.get(FORM).await;
        desk.pass(SignedDuration::from_mins(3));
        let sent = send(&mut stranger, &[word.to_owned()]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "a forged word is no file: {}", sent.body);
    }
    desk.settle().await;
}

#[tokio::test]
async fn a_form_that_is_not_ours_brings_no_file() {
    let (desk, case, mut browser) = open().await;
    browser.get(&format!("/cases/{}", case.reference)).await;
    browser.csrf = "forged".to_owned();
    let path = format!("/cases/{}/replies", case.reference);
    let answer = browser.post_files(&path, &[("body", "x")], &[("x.pdf", PDF)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let kept = desk.desk.store.folder().join("files");
    assert!(!kept.exists(), "nothing was kept");
    // A route that takes no files does not read them.
    browser.get(&format!("/cases/{}", case.reference)).await;
    let path = format!("/cases/{}/status", case.reference);
    let answer = browser.post_files(&path, &[("to", "open")], &[("x.pdf", PDF)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!kept.exists());
    desk.settle().await;
}

#[tokio::test]
async fn what_is_too_much_is_refused_and_the_words_stay() {
    let (desk, case, mut browser) = open().await;
    let large = vec![7; 21 * 1024 * 1024];
    let answer = write(&mut browser, &case, "replies", &[("film.mp4", &large), ("facture.pdf", PDF)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("film.mp4") && answer.body.contains("20\u{a0}Mo"), "{}", answer.body);
    assert!(answer.body.contains("Voici la facture."));
    assert!(!kept(&answer).is_empty(), "the other file is kept");
    let many: Vec<(&str, &[u8])> = vec![("a.pdf", PDF); 11];
    let answer = write(&mut browser, &case, "replies", &many).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Dix fichiers"));
    assert!(desk.sent().await.len() < 2, "nothing left but the receipt");
    desk.settle().await;
}

#[tokio::test]
async fn names_and_bytes_of_files_do_nothing() {
    let (desk, case, mut browser) = open().await;
    let names = [
        "<svg onload=alert(1)>.html",
        "../../../etc/passwd",
        "a%00b\u{202e}gpj.exe",
        "C:\\\\x\\\\autorun.inf",
    ];
    let html: &[u8] = b"<html><script>alert(1)</script>";
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, html)).collect();
    assert_eq!(write(&mut browser, &case, "replies", &files).await.status, StatusCode::SEE_OTHER);
    desk.settle().await;
    let page = browser.get(&format!("/cases/{}", case.reference)).await;
    assert!(!page.body.contains("<svg onload"));
    for url in files_in(&page) {
        let file = browser.get(&url).await;
        assert_eq!(file.header("content-type"), "application/octet-stream");
        let disposition = file.header("content-disposition");
        assert!(
            disposition.starts_with("attachment") && !disposition.contains(['/', '\\', '<']),
            "{disposition}"
        );
    }
    // A picture that claims to be 60,000 pixels wide is kept, and nobody tries to draw it.
    let mut bomb = png(1);
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert_eq!(
        write(&mut browser, &case, "notes", &[("bombe.png", &bomb)]).await.status,
        StatusCode::SEE_OTHER
    );
    let page = browser.get(&format!("/cases/{}", case.reference)).await;
    let url = files_in(&page).into_iter().next_back().unwrap();
    assert_eq!(browser.get(&format!("{url}/preview")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn broken_forms_with_files_are_refused() {
    let (desk, case, mut browser) = open().await;
    browser.get(&format!("/cases/{}", case.reference)).await;
    let path = format!("/cases/{}/notes", case.reference);
    for (kind, body) in [
        ("multipart/form-data", "--B\r\n"),
        ("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx"),
        ("multipart/form-data; boundary=B", ""),
        ("multipart/form-data; boundary=B", "--B\r\nX: y\r\n\r\nx\r\n--B--\r\n"),
        ("text/plain", "x"),
    ] {
        let answer = browser.post_as(&path, kind, body.as_bytes()).await;
        assert!(answer.status.is_client_error(), "{kind} {body:?}: {}", answer.status);
    }
    let said = Words { text: "x".to_owned(), html: None, files: Vec::new() };
    act::by_agent(&desk.desk, desk.agent("camille"), (BRAND, case.id), Act::Note(said), None).await.unwrap();
}
