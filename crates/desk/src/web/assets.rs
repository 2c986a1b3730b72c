//! Style sheets, scripts and vendored parts, inside the binary. Each has a URL with the hash of its bytes, so that
//! browsers may keep it for ever. A new asset is one line in `FILES`.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Where [`serve`] is mounted, as a route of axum.
pub const ROUTE: &str = "/assets/{file}";

const KEPT_FOR_EVER: &str = "public, max-age=31536000, immutable";

macro_rules! files {
    ($($name:literal from $path:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $path)))),*]
    };
}

/// Name in URLs, then bytes. The media type follows from the name's end.
static FILES: &[(&str, &[u8])] = files![
    "app.css" from "css/app.css",
    "case.css" from "css/case.css",
    "api.css" from "css/api.css",
    "track.css" from "css/track.css",
    "form.css" from "css/form.css",
    "form.js" from "js/form.js",
    "theme.js" from "js/theme.js",
    "keys.js" from "js/keys.js",
    "composer.js" from "js/composer.js",
    "live.js" from "js/live.js",
    "live-worker.js" from "js/live-worker.js",
    "favicon.svg" from "favicon.svg",
    "htmx.js" from "vendor/htmx.min.js",
    "squire.mjs" from "vendor/squire.mjs",
];

struct Asset {
    url: String,
    media_type: &'static str,
    bytes: &'static [u8],
}

static BY_NAME: LazyLock<HashMap<&'static str, Asset>> =
    LazyLock::new(|| FILES.iter().map(|(name, bytes)| (*name, asset(name, bytes))).collect());

static BY_URL: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| BY_NAME.values().map(|asset| (asset.url.as_str(), asset)).collect());

/// The URL of an asset by its plain name, such as `app.css`. An unknown name gives `/assets/unknown`, which is not found;
/// a test walks the templates for names that do not exist.
pub fn url(name: &str) -> &'static str {
    BY_NAME.get(name).map_or("/assets/unknown", |asset| asset.url.as_str())
}

/// Answers a request for `/assets/{file}`.
pub async fn serve(Path(file): Path<String>) -> Response {
    let Some(asset) = BY_URL.get(format!("/assets/{file}").as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, KEPT_FOR_EVER),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}

fn asset(name: &str, bytes: &'static [u8]) -> Asset {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..8]);
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, "bin"));
    Asset { url: format!("/assets/{stem}.{hash}.{end}"), media_type: media_type(end), bytes }
}

fn media_type(end: &str) -> &'static str {
    match end {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_carry_a_hash_and_lead_back_to_the_bytes() {
        for (name, bytes) in FILES {
            let asset = BY_URL.get(url(name)).unwrap();
            assert_eq!(asset.bytes, *bytes, "{name}");
            assert_ne!(asset.media_type, "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn every_asset_named_in_a_template_exists() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for name in text.split("asset(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(BY_NAME.contains_key(name), "{name} in {}", path.display());
            }
        }
    }
}
