//! Foreign mail, shown and handed out so that it can do nothing: its HTML in a document of its own under a policy that
//! lets it only be looked at, its files as downloads, its bytes as they came.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use channels::mail::read::{FileBytes, inline};
use data_encoding::BASE64;
use store::StoredFile;
use text::html::RemoteImages;

use super::words::percent;
use crate::web::language::Language;
use crate::web::page::{MAIL_CONTENT_SECURITY_POLICY, MAIL_WITH_PICTURES_CONTENT_SECURITY_POLICY};

/// Pictures inside one mail that are shown, and their bytes together.
const PICTURES_MAX: usize = 30;
const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// What a sanitised document says where a picture of its own is to be shown.
const PICTURE: &str = "src=\"cid:";
/// A file that is handed out may do nothing, wherever it is opened.
const FILE_POLICY: &str = "default-src 'none'; sandbox";
/// What a file is handed out as that browsers must not look into.
const NOTHING_KNOWN: &str = "application/octet-stream";

/// The HTML of a mail as a document of its own.
pub(super) fn document(html: &str, raw: &[u8], images: RemoteImages, language: Language) -> Response {
    let clean = text::html::for_viewing_with(html, images);
    let policy = match images {
        RemoteImages::Blocked => MAIL_CONTENT_SECURITY_POLICY,
        RemoteImages::Shown => MAIL_WITH_PICTURES_CONTENT_SECURITY_POLICY,
    };
    // The link that asks for them stands outside, on the case page: what is followed inside a sandbox carries no session.
    let are_hidden = images == RemoteImages::Blocked && text::html::has_remote_images(html);
    let hidden =
        are_hidden.then(|| format!("<p class=\"hidden\">{}</p>", language.t("message-pictures-hidden")));
    let hidden = hidden.unwrap_or_default();
    let clean = text::cards::mask_html(&clean);
    let body = with_pictures(&clean, raw);
    let (code, title) = (language.code(), language.t("message-html"));
    let document = format!(
        "<!doctype html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>{title}</title>\
         <style>body{{margin:12px;font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;\
         overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}table{{max-width:100%}}\
         .hidden{{margin:0 0 12px;padding:8px 11px;border-radius:8px;background:#f1efe9;color:#1b1f24}}\
         </style></head><body>{hidden}{body}</body></html>"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Html(document)).into_response()
}

/// A mail as it came.
pub(super) fn raw(bytes: Vec<u8>, name: &str) -> Response {
    download(bytes, "message/rfc822", name)
}

/// A file of a mail. Its type is told by its bytes and never by its sender.
pub(super) fn file(file: FileBytes) -> Response {
    let media_type = media_type(&file.bytes);
    download(file.bytes, media_type, &file.name)
}

/// A file that was put with a message, on its way.
pub(super) fn stored(body: Body, file: &StoredFile) -> Response {
    let known = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];
    let media_type = known.into_iter().find(|known| *known == file.media_type).unwrap_or(NOTHING_KNOWN);
    let mut response = download(body, media_type, &file.name);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(file.size_bytes));
    response
}

/// Stands where a picture cannot be made small: it is broken, or too large to be read.
const NO_PREVIEW: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="120" viewBox="0 0 120 120" fill="none" stroke="#8a8f98" stroke-width="3" stroke-linecap="round"><rect x="30" y="36" width="60" height="48" rx="5"/><path d="M44 74l12-14 9 9 5-6 8 11M36 92l48-64"/></svg>"##;

/// A small picture. What it is of never changes, so the browser of whoever may see it keeps it.
pub(super) fn preview(jpeg: Body) -> Response {
    small(jpeg, "image/jpeg")
}

/// What is shown in place of a picture that cannot be made small. The file itself is still there to be fetched.
pub(super) fn no_preview() -> Response {
    small(Body::from(NO_PREVIEW), "image/svg+xml")
}

fn small(body: Body, media_type: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, body).into_response()
}

fn download(body: impl Into<Body>, media_type: &'static str, name: &str) -> Response {
    let disposition = HeaderValue::from_str(&disposition(name));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, body.into()).into_response()
}

/// What a file is handed out as, by its bytes; text is handed out as bytes, since some browsers would look into it.
fn media_type(bytes: &[u8]) -> &'static str {
    let media_type = files::sniff::media_type(bytes);
    let is_known = files::sniff::is_picture(media_type) || media_type == "application/pdf";
    if is_known { media_type } else { NOTHING_KNOWN }
}

/// `Content-Disposition` with a plain name for old browsers and the true one for others (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " ._-()".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let full = percent(&name, b"._-");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

/// Puts the pictures that came with the mail in place of their `cid:` addresses (RFC 2392). What is not there, is too
/// much or is no picture leaves its words.
fn with_pictures(html: &str, raw: &[u8]) -> String {
    let mut out = String::with_capacity(html.len());
    let mut pieces = html.split(PICTURE);
    out.push_str(pieces.next().unwrap_or_default());
    let mut room = PICTURE_BYTES_MAX;
    for (place, piece) in pieces.enumerate() {
        let (address, rest) = piece.split_once('"').unwrap_or((piece, ""));
        let found = if place < PICTURES_MAX { inline(raw, &content_id(address)) } else { None };
        let media_type = found.as_ref().map_or(NOTHING_KNOWN, |file| media_type(&file.bytes));
        if let Some(file) = found
            && media_type.starts_with("image/")
            && file.bytes.len() <= room
        {
            room -= file.bytes.len();
            out.extend(["src=\"data:", media_type, ";base64,", &BASE64.encode(&file.bytes), "\""]);
        }
        out.push_str(rest);
    }
    out
}

/// A `Content-ID` as an address writes it: percent signs of URLs, `&amp;` of HTML.
fn content_id(address: &str) -> String {
    let address = address.replace("&amp;", "&");
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_in_a_header() {
        assert_eq!(
            disposition("photo.jpg"),
            "attachment; filename=\"photo.jpg\"; filename*=UTF-8''photo.jpg"
        );
        assert_eq!(
            disposition("é\"\r\nX: y.html"),
            "attachment; filename=\"__X_ y.html\"; filename*=UTF-8''%C3%A9%22X%3A%20y.html"
        );
    }

    #[test]
    fn pictures_of_the_mail_are_put_in_and_others_leave_their_words() {
        let png = BASE64.encode(b"\x89PNG\r\n\x1a\nxyz");
        let raw = format!(
            "From: a@b.fr\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n\
             Content-Type: text/html\r\n\r\n<img src=\"cid:a b@x\">\r\n--B\r\nContent-Type: image/png\r\n\
             Content-ID: <a b@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{png}\r\n--B--\r\n"
        );
        let html = "<p>1<img alt=\"un\" src=\"cid:a%20b@x\">2<img src=\"cid:none\" alt=\"deux\"></p>";
        let shown = with_pictures(html, raw.as_bytes());
        let expect =
            format!("<p>1<img alt=\"un\" src=\"data:image/png;base64,{png}\">2<img  alt=\"deux\"></p>");
        assert_eq!(shown, expect);
    }
}
