//! Foreign mail does nothing: whatever stands in its subject, name, text, HTML and file names is shown as words.

use axum::http::StatusCode;

use super::browser::{Browser, link_of, received};
use crate::support::{BRAND, Engine, INBOX, TestDesk};

fn hostile() -> String {
    let html = "<html><head><meta http-equiv=refresh content='0;url=http://evil.example'><style>@import 'x'</style></head>\
                <body onload=alert(1)><p>Bonjour <b>vous</b></p><script>alert(1)</script><img src=x onerror=alert(1)>\
                <a href=\"javascript:alert(1)\">lien</a><svg onload=alert(1)></svg>\
                <iframe src=\"http://evil.example\"></iframe><form action=\"http://evil.example\"><input name=a></form>\
                <img src=\"http://evil.example/pixel.gif\" alt=pixel></body></html>";
    format!(
        "From: \"<script>alert(1)</script>\" <eve@exemple.org>\r\nTo: <{INBOX}>\r\n\
         Subject: <img src=x onerror=alert(1)>\r\nMessage-ID: <x@exemple.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=M\r\n\r\n--M\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n\
         --A\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour <script>alert(1)</script> \
         </textarea><svg onload=alert(1)>\r\n--A\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--A--\r\n\
         --M\r\nContent-Type: text/html; name=\"<svg onload=alert(1)>.html\"\r\n\
         Content-Disposition: attachment; filename=\"<svg onload=alert(1)>.html\"\r\n\r\n<script>alert(1)</script>\r\n--M--\r\n"
    )
}

/// Every tag of a document, without its angle brackets. Words that were made harmless hold no `<`.
fn tags(body: &str) -> impl Iterator<Item = &str> {
    body.split('<').skip(1).map(|rest| rest.split('>').next().unwrap())
}

fn assert_inert(what: &str, body: &str) {
    for tag in tags(body) {
        let lower = tag.to_lowercase();
        let name = lower.split([' ', '\n']).next().unwrap();
        // Between quotation marks nothing is an attribute.
        let bare: String = lower.split('"').step_by(2).collect::<Vec<_>>().join("\"");
        let handlers =
            bare.split([' ', '\n', '/', '"']).filter(|word| word.starts_with("on") && word.contains('='));
        assert_eq!(handlers.count(), 0, "<{tag}> in {what}");
        assert!(!lower.contains("javascript:"), "<{tag}> in {what}");
        let is_own = match name {
            "script" => lower.contains(" src=\"/assets/"),
            "iframe" => lower.contains(" sandbox ") && lower.contains(" src=\"/"),
            "form" => lower.contains(" action=\"/") || lower.contains(" method=\"dialog\""),
            "meta" => !lower.contains("http-equiv"),
            "img" => {
                [" src=\"data:image/", " src=\"/"].iter().any(|own| lower.contains(own))
                    || !lower.contains(" src=")
            }
            "object" | "embed" | "base" | "applet" => false,
            _ => true,
        };
        assert!(is_own, "<{tag}> in {what}");
    }
}

#[tokio::test]
async fn a_hostile_mail_is_shown_and_does_nothing() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.hand_in("eve@exemple.org", INBOX, hostile().as_bytes()).await;
    desk.settle().await;
    let case = desk.only_case().await;
    let message = received(&desk, &case).await;
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    let base = format!("/cases/{}", case.reference);
    let customer = format!("/customers/{BRAND}/{}", case.customer);
    let link = link_of(&desk.desk, &case);
    let pages =
        ["/cases?view=team", "/cases/rows?view=team", &base, &format!("{base}/timeline"), &customer, &link];
    for path in pages {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_inert(path, &page.body);
    }
    let page = browser.get(&base).await;
    assert!(page.body.contains("&#60;script&#62;") || page.body.contains("&lt;script&gt;"), "{}", page.body);

    let html = browser.get(&format!("{base}/messages/{message}/html")).await;
    assert_eq!(html.status, StatusCode::OK);
    assert!(html.body.contains("<b>vous</b>"), "{}", html.body);
    assert_inert("the HTML of the mail", &html.body);
    assert!(!html.body.contains("evil.example"), "nothing is fetched from elsewhere: {}", html.body);

    let file = browser.get(&format!("{base}/messages/{message}/files/0")).await;
    assert_eq!(file.header("content-type"), "application/octet-stream");
    let disposition = file.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename=\"_svg onload_alert(1)_.html\""), "{disposition}");
    assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");

    let raw = browser.get(&format!("{base}/messages/{message}/letter.eml")).await;
    assert_eq!(raw.header("content-type"), "message/rfc822");
    assert!(raw.header("content-disposition").starts_with("attachment"));
    assert_eq!(
        browser.get(&format!("{base}/messages/{message}/files/9")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_agents_write_is_cleaned_before_it_is_kept() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.hand_in("eve@exemple.org", INBOX, hostile().as_bytes()).await;
    desk.settle().await;
    let case = desk.only_case().await;
    let base = format!("/cases/{}", case.reference);
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    browser.get(&base).await;
    let rich = "<div>Bonjour <b onmouseover=alert(1)>vous</b><script>alert(1)</script><img src=x onerror=alert(1)></div>";
    for form in ["replies", "notes"] {
        let seen = desk.only_case().await.seq.to_string();
        let answer = browser.post(&format!("{base}/{form}"), &[("body_html", rich), ("seen", &seen)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        desk.settle().await;
    }
    let page = browser.get(&base).await;
    assert!(page.body.matches("<b>vous</b>").count() == 2, "{}", page.body);
    assert!(!page.body.contains("onmouseover"));
    assert_inert("the case", &page.body);
    for (_, mail) in desk.sent().await {
        assert_inert("a mail of ours", &mail.html.unwrap_or_default());
    }
}

const XSS: &str =
    "\"'></title></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>{{1234*9}}";

/// Everything that a page lets somebody type holds markup; the acts of a case by their routes.
async fn type_it_everywhere(desk: &TestDesk, case: &str) {
    let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
    camille.get(&format!("/cases/{case}")).await;
    let file: [(&str, &[u8]); 1] = [("<img src=x onerror=alert(1)>.png", b"\x89PNG\r\n\x1a\n")];
    for act in ["replies", "notes", "proposals"] {
        let path = format!("/cases/{case}/{act}");
        let answer = camille.post_files(&path, &[("body", XSS), ("then", "open")], &file).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act}");
    }
    let told = [("channel", "visit"), ("body", XSS)];
    let path = format!("/cases/{case}/statements");
    assert_eq!(camille.post_files(&path, &told, &file).await.status, StatusCode::SEE_OTHER);
    let third = [("to", "waiting_third_party"), ("third_party", XSS), ("chase_on", "2026-03-20")];
    for (act, fields) in [
        ("status", &third[..]),
        ("nature", &[("to", "dispute"), ("reason", XSS)]),
        ("calls", &[("direction", "outbound"), ("result", "reached"), ("body", XSS)]),
        ("commitments", &[("promise", XSS), ("due_on", "2026-03-20")]),
    ] {
        let answer = camille.post(&format!("/cases/{case}/{act}"), fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act}: {}", answer.body);
    }
    let mut sophie = Browser::of(&desk.desk, desk.agent("sophie")).await;
    sophie.get(&format!("/cases/{case}")).await;
    let held = sophie.post(&format!("/cases/{case}/hold"), &[("reason", XSS)]).await;
    assert_eq!(held.status, StatusCode::SEE_OTHER);
    sophie.get("/letters").await;
    sophie.post("/letters/rules", &[("verdict", "junk"), ("field", "subject"), ("pattern", XSS)]).await;
}

#[tokio::test]
async fn stored_xss_in_every_free_field_and_file_name_does_nothing() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.hand_in("eve@exemple.org", INBOX, hostile().as_bytes()).await;
    desk.settle().await;
    let case = desk.only_case().await;
    type_it_everywhere(&desk, case.reference.as_str()).await;
    let mut admin = Browser::of(&desk.desk, desk.agent("admin")).await;
    admin.get("/webhooks").await;
    admin
        .post("/webhooks", &[("name", XSS), ("url", "https://hooks.exemple.fr/<img src=x onerror=alert(1)>")])
        .await;
    admin.get("/cases/new").await;
    let told =
        [("inbox", INBOX), ("act", "1"), ("body", XSS), ("name", XSS), ("subject", XSS), ("number", "CL-42")];
    let made = admin.post("/cases", &told).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    desk.settle().await;
    let mut customer = Browser::new(&desk.desk);
    let link = link_of(
        &desk.desk,
        &desk.desk.store.find_case(&case.reference, desk.agent("admin")).await.unwrap().unwrap(),
    );
    customer.get(&link).await;
    let wrote = customer.post(&format!("{link}/messages"), &[("body", XSS)]).await;
    assert_eq!(wrote.status, StatusCode::SEE_OTHER, "{}", wrote.body);
    desk.settle().await;

    let mut pages = vec![
        "/cases?view=all".to_owned(),
        "/webhooks".to_owned(),
        "/keeping".to_owned(),
        "/outbox".to_owned(),
    ];
    pages.extend(["/letters", "/accounts", "/cases/new?who=CL-42"].map(str::to_owned));
    for case in desk.cases().await {
        pages.push(format!("/cases/{}", case.reference));
        pages.push(format!("/customers/{BRAND}/{}", case.customer));
    }
    for word in ["alert", "%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg+src=x+onerror=alert(1)%3E"] {
        pages.push(format!("/search?q={word}"));
    }
    let mut seen = 0;
    for page in pages {
        let answer = admin.get(&page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert_inert(&page, &answer.body);
        seen += answer.body.matches("alert(1)").count();
    }
    assert!(seen > 20, "what was typed is shown, as words: {seen}");
    let own = customer.get(&link).await;
    assert_inert("the private page", &own.body);
    assert!(own.body.contains("alert(1)") && !own.body.contains("11106"), "no template reads it either");
}
