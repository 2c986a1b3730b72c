//! `/api`: the description of the API as a page for people, in the house's own clothes and without a script.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

use super::super::bare::plain_page;
use super::super::context::Anyone;
use super::super::trouble::{self, Trouble};
use super::openapi::described;
use crate::web::page::Page;
use crate::web::view::api_page::{ApiPage, Field, Operation, Schema};

/// GET `/api`.
pub(in crate::web) async fn page(anyone: Anyone) -> Result<Response, Trouble> {
    let document = described(&anyone.desk.public_url)?;
    let plain = plain_page(&anyone.desk, &anyone.visit);
    let view = ApiPage {
        page: Page { title: "API".to_owned(), here: "/api".to_owned(), ..plain },
        server: anyone.desk.public_url.clone(),
        operations: operations(&document),
        schemas: schemas(&document),
        problems: trouble::codes(),
    };
    Ok(Html(view.render()?).into_response())
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(&operation["summary"]),
                scope: text(&operation["x-scope"]),
                parameters: parameters(operation),
                body: reference(first_schema(&operation["requestBody"])),
                answer: answer(operation),
            });
        }
    }
    operations
}

/// Parameters of the path and the query; the headers are told once for all.
fn parameters(operation: &Value) -> Vec<Field> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    let own = all.filter(|parameter| parameter["in"] != "header");
    own.map(|parameter| Field {
        name: text(&parameter["name"]),
        kind: kind(&parameter["schema"]),
        is_required: parameter["required"] == true,
        words: text(&parameter["description"]),
    })
    .collect()
}

/// The status and the type of the answer when all goes well.
fn answer(operation: &Value) -> (String, String) {
    let responses = operation["responses"].as_object().into_iter().flatten();
    let good = responses.into_iter().find(|(status, _)| status.starts_with('2'));
    good.map(|(status, response)| (status.clone(), reference(first_schema(response)))).unwrap_or_default()
}

fn first_schema(holder: &Value) -> &Value {
    let contents = holder["content"].as_object();
    contents.and_then(|kinds| kinds.values().next()).map_or(&Value::Null, |content| &content["schema"])
}

fn schemas(document: &Value) -> Vec<Schema> {
    let all = document["components"]["schemas"].as_object().into_iter().flatten();
    all.map(|(name, schema)| Schema {
        name: name.clone(),
        words: text(&schema["description"]),
        values: schema["enum"].as_array().into_iter().flatten().map(text).collect(),
        fields: fields(schema),
    })
    .collect()
}

/// The fields of an object, also of one that is put together from several.
fn fields(schema: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        match reference(part).as_str() {
            "" => fields.extend(self::fields(part)),
            name => fields.push(Field {
                name: "…".to_owned(),
                kind: name.to_owned(),
                is_required: true,
                words: "all of its fields".to_owned(),
            }),
        }
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        fields.push(Field {
            name: name.clone(),
            kind: kind(field),
            is_required: required.iter().any(|word| word == name),
            words: text(&field["description"]),
        });
    }
    fields
}

/// The type of a value in a few words.
fn kind(schema: &Value) -> String {
    let name = reference(schema);
    if !name.is_empty() {
        return name;
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    let choices = ["oneOf", "anyOf", "allOf"].into_iter().find_map(|word| schema[word].as_array());
    if let Some(choices) = choices {
        return choices.iter().map(kind).filter(|kind| kind != "null").collect::<Vec<_>>().join(" | ");
    }
    let base = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).find(|kind| kind != "null").unwrap_or_default(),
        other => text(other),
    };
    if base == "array" {
        return format!("list of {}", kind(&schema["items"]));
    }
    match schema["format"].as_str() {
        Some(format) => format!("{base} ({format})"),
        None => base,
    }
}

/// The name of the schema that is referred to.
fn reference(schema: &Value) -> String {
    let path = schema["$ref"].as_str().unwrap_or_default();
    path.rsplit_once('/').map_or_else(String::new, |(_, name)| name.to_owned())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
