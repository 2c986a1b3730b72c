//! `/api/openapi.json`: the description of the API (`OpenAPI` 3.1), made from the types that speak it; and the page that
//! shows it to people. What every operation has in common (the token, what may go wrong, keys and conditions of acts) is
//! added here once.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::{OpenApi, ToSchema};

use super::super::context::Anyone;
use super::super::trouble::Trouble;
use super::types::act::{Nothing, Receipt};
use super::{acts, brands, cases, customers, events, files, letters, search};
use crate::auth::scope::Scope;
use crate::web::routes;

/// What went wrong, as RFC 9457 says.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described here, written as JSON by `web::error`")]
struct Problem {
    /// Leads to what is said of this kind of problem.
    r#type: String,
    /// The same as a word.
    code: String,
    /// In the reader's language (`Accept-Language`).
    title: String,
    status: u16,
    /// What to do about it.
    detail: String,
    /// Of a failure of ours: the number under which it stands in the log.
    trace: Option<String>,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Suivi", description = "Cases, customers and letters of a desk for customer complaints."),
    paths(
        brands::brands,
        search::search,
        cases::cases,
        cases::open,
        cases::case,
        cases::messages,
        acts::reply,
        acts::propose,
        acts::note,
        acts::state,
        acts::log_call,
        acts::assign,
        acts::change_status,
        acts::change_nature,
        acts::commit,
        acts::keep,
        acts::revoke_links,
        acts::hold,
        acts::lift_hold,
        acts::confirm,
        acts::reopen,
        customers::customers,
        customers::customer,
        customers::identify,
        customers::export,
        customers::erase,
        events::events,
        files::bring_file,
        files::file,
        letters::take_in,
        letters::letter,
    ),
    components(schemas(Problem, Receipt, Nothing))
)]
struct Described;

/// What may go wrong with every operation: the status and when.
const PROBLEMS: [(&str, &str); 11] = [
    ("400", "A header, a parameter or the JSON cannot be read."),
    ("401", "There is no valid token."),
    ("403", "The token is not good for this, or its user may not do it."),
    ("404", "There is no such thing, or none that the token may know of."),
    ("409", "Somebody else was changing the same at the same moment."),
    ("412", "The case does not stand where `If-Match` says."),
    ("413", "More was sent than is read."),
    ("415", "The body is not of the kind that is read here."),
    (
        "422",
        "The desk says no; why stands in `code` and `detail`. Also when an `Idempotency-Key` comes with another request.",
    ),
    ("429", "Too many requests; `Retry-After` says how long to wait."),
    ("503", "The database is away for a moment; `Retry-After` says when to try again."),
];

/// GET `/api/openapi.json`.
pub(in crate::web) async fn document(anyone: Anyone) -> Result<Response, Trouble> {
    let document = described(&anyone.desk.public_url)?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((kind, document.to_string()).into_response())
}

/// The whole description, with the desk's own address.
pub(in crate::web) fn described(public_url: &str) -> Result<Value, Trouble> {
    let described = serde_json::to_value(Described::openapi());
    let mut document = described.map_err(|error| Trouble::Failure(error.to_string()))?;
    document["servers"] = json!([{ "url": public_url }]);
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["components"]["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
    document["security"] = json!([{ "token": [] }]);
    let Some(paths) = document["paths"].as_object_mut() else { return Ok(document) };
    for (path, methods) in paths {
        let Some(methods) = methods.as_object_mut() else { continue };
        for (method, operation) in methods {
            complete(operation, path, method);
        }
    }
    Ok(document)
}

/// Adds to an operation what all have in common.
fn complete(operation: &mut Value, path: &str, method: &str) {
    let scope = routes::scope_of(path, method).map(Scope::as_str);
    operation["x-scope"] = json!(scope);
    for (status, words) in PROBLEMS {
        operation["responses"][status] = json!({
            "description": words,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
    }
    // Letters are told apart by what stands in them, and files by their hash: both are brought as often as one likes.
    let is_brought = ["/api/v1/letters", "/api/v1/files"].iter().any(|own| path.starts_with(own));
    let is_act = method == "post" && !is_brought;
    if is_act {
        let header = |name: &str, words: &str| {
            json!({ "name": name, "in": "header", "required": false, "description": words,
                    "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" } })
        };
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.push(header(
            "Idempotency-Key",
            "A word of the program's choice: the same request under it is carried out once and answered the same, for three days.",
        ));
        if path.contains("{reference}") {
            parameters.push(header("If-Match", "The `ETag` of the case as the program knows it."));
        }
        operation["parameters"] = json!(parameters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_api_is_described_and_nothing_else() {
        let document = described("https://desk.example").unwrap();
        let mut told: Vec<String> = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                told.push(format!("{} {path}", method.to_uppercase()));
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                assert!(operation["x-scope"].is_string(), "{method} {path} has no scope");
            }
        }
        let routes = routes::table();
        let of_api = routes.iter().filter(|route| route.path.starts_with("/api/v1/"));
        let mut there: Vec<String> = of_api.map(|route| format!("{} {}", route.method, route.path)).collect();
        told.sort();
        there.sort();
        assert_eq!(told, there);
    }

    #[test]
    fn it_is_openapi_3_1_and_every_reference_in_it_leads_somewhere() {
        let document = described("https://desk.example").unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let text = document.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }
}
