//! The sign-in screen.

use askama::Template;

use crate::web::page::Page;
use crate::web::view::filters;

/// GET and POST `/sign-in`: fields `csrf`, `email`, `password`, `next`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// The page around it.
    pub page: Page,
    /// What was typed before, so that nobody types it again.
    pub email: String,
    /// Where to go afterwards; a path of this desk.
    pub next: String,
    /// Why it did not work.
    pub problem: Option<SignInProblem>,
    /// In a demonstration: the logins that work, shown under the form.
    pub demo_logins: Vec<DemoLogin>,
}

/// Why signing in did not work.
#[derive(Debug, Clone)]
pub enum SignInProblem {
    /// Address or password is wrong; never says which.
    Wrong,
    /// Too many tries; how long to wait, in words ("12 min").
    Locked(String),
}

/// A login of the demonstration.
#[derive(Debug, Clone)]
pub struct DemoLogin {
    /// Name and role.
    pub name: String,
    /// Address to type.
    pub email: String,
    /// Password to type.
    pub password: String,
}

impl SignIn {
    /// The sentence for what went wrong.
    pub fn problem_words(&self) -> String {
        match &self.problem {
            None => String::new(),
            Some(SignInProblem::Wrong) => self.page.t("sign-in-wrong"),
            Some(SignInProblem::Locked(wait)) => {
                self.page.lang.ta("sign-in-locked", [("wait", wait.as_str().into())])
            }
        }
    }
}
