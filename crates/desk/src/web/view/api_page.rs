//! The API, described for people.

use askama::Template;

use super::filters;
use crate::web::page::Page;

/// The page.
#[derive(Debug, Template)]
#[template(path = "api_page.html")]
pub struct ApiPage {
    /// The page.
    pub page: Page,
    /// The address of this desk.
    pub server: String,
    /// What can be asked for.
    pub operations: Vec<Operation>,
    /// The types of bodies and answers.
    pub schemas: Vec<Schema>,
    /// The words of problems, each with its status.
    pub problems: Vec<(&'static str, u16)>,
}

/// Something that can be asked for.
#[derive(Debug)]
pub struct Operation {
    /// GET or POST.
    pub method: String,
    /// The path.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// The scope that a token needs.
    pub scope: String,
    /// Parameters of path and query.
    pub parameters: Vec<Field>,
    /// The type of the body, or nothing.
    pub body: String,
    /// The status and the type of the answer.
    pub answer: (String, String),
}

/// A type.
#[derive(Debug)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// What it is.
    pub words: String,
    /// The words it may be, for one that is a word.
    pub values: Vec<String>,
    /// Its fields, for one that is an object.
    pub fields: Vec<Field>,
}

/// A field or a parameter.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type; the name of a schema where it is one.
    pub kind: String,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it says.
    pub words: String,
}
