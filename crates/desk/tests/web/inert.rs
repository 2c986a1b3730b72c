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
        let handlers =
            lower.split([' ', '\n', '/']).filter(|word| word.starts_with("on") && word.contains('='));
        assert_eq!(handlers.count(), 0, "<{tag}> in {what}");
        assert!(!lower.contains("javascript:"), "<{tag}> in {what}");
        let is_own = match name {
            "script" => lower.contains(" src=\"/assets/"),
            "iframe" => lower.contains(" sandbox ") && lower.contains(" src=\"/"),
            "form" => lower.contains(" action=\"/") || lower.contains(" method=\"dialog\""),
            "meta" => !lower.contains("http-equiv"),
            "img" => lower.contains(" src=\"data:image/") || !lower.contains(" src="),
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
