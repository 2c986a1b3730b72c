//! Why an answer is not what was asked for: every failure below the web as one of a few kinds. No words and no pages here.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::{BrandId, Refusal};
use store::StoreError;

use crate::auth::password::HashingFailed;
use crate::auth::scope::Scope;
use crate::door::DoorError;
use crate::web::page::Page;
use crate::web::view::message::MessageKind;

/// Why an answer is not what was asked for.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// There is no such thing, or none they may know of.
    NotFound,
    /// Their role does not allow it.
    Forbidden,
    /// They must sign in first.
    SignIn,
    /// A program brought no valid token.
    NoToken,
    /// The token is not good for this.
    NoScope(Scope),
    /// Too many requests; seconds to wait.
    TooMany(u32),
    /// What is there is not asked for in this way.
    WrongMethod,
    /// The body is not of the kind that is read here.
    WrongType,
    /// The body is of the right kind and says what cannot be; what, in the words of the reader.
    Invalid(String),
    /// The case is not as the program knew it.
    Changed,
    /// The key of an act was used for another one.
    KeyReused,
    /// The form is not one that we showed to this visitor lately.
    ExpiredForm,
    /// The private link does not hold; the brand it claims.
    ExpiredLink(Option<BrandId>),
    /// More was sent than is read.
    TooLarge,
    /// What was sent cannot be understood.
    Unreadable,
    /// No inbox of theirs has the address that was named, or any that the letter names.
    NoInbox,
    /// Somebody else was faster, again and again.
    Conflict,
    /// The desk says no.
    Refused(Refusal),
    /// The database is away.
    Unavailable,
    /// Our own failure, in words for the log.
    Failure(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            passing if passing.is_passing() => {
                tracing::warn!(error = %chain(&passing), "the database does not answer");
                Self::Unavailable
            }
            other => Self::Failure(chain(&other)),
        }
    }
}

impl From<DoorError> for Trouble {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Refused(refusal) => refusal.into(),
            DoorError::Gone => Self::NotFound,
            DoorError::Changed => Self::Changed,
            DoorError::OtherBefore => Self::KeyReused,
            DoorError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::NotAllowed { Self::Forbidden } else { Self::Refused(refusal) }
    }
}

impl From<HashingFailed> for Trouble {
    fn from(error: HashingFailed) -> Self {
        Self::Failure(error.to_string())
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::Failure(chain(&error))
    }
}

impl IntoResponse for Trouble {
    /// A bare answer that [`super::error::dress`] makes readable.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Trouble {
    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::ExpiredLink(_) => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::ExpiredForm | Self::NoScope(_) => StatusCode::FORBIDDEN,
            Self::SignIn | Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Refused(_) | Self::NoInbox | Self::Invalid(_) | Self::KeyReused => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failure(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A word for it that programs can rely on; `type` of the problem leads to what is said of it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound | Self::ExpiredLink(_) => "not-found",
            Self::Forbidden | Self::ExpiredForm => "forbidden",
            Self::SignIn | Self::NoToken => "no-token",
            Self::NoScope(_) => "no-scope",
            Self::TooMany(_) => "too-many-requests",
            Self::WrongMethod => "method-not-allowed",
            Self::WrongType => "unsupported-media-type",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
            Self::Invalid(_) => "invalid",
            Self::Changed => "changed",
            Self::KeyReused => "idempotency-key-reused",
            Self::NoInbox => "no-inbox",
            Self::Conflict => "conflict",
            Self::Refused(refusal) => refusal.key().trim_start_matches("refusal-"),
            Self::Unavailable => "unavailable",
            Self::Failure(_) => "failure",
        }
    }

    /// What axum and the time limit answer by themselves, as plain text or nothing at all.
    pub fn of_rejection(response: &Response) -> Option<Self> {
        let media_type = response.headers().get(header::CONTENT_TYPE);
        if media_type.is_some_and(|value| !value.as_bytes().starts_with(b"text/plain")) {
            return None;
        }
        match response.status() {
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::WrongMethod),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::WrongType),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::SERVICE_UNAVAILABLE => Some(Self::Unavailable),
            status if status.is_client_error() => Some(Self::Unreadable),
            status if status.is_server_error() => Some(Self::Failure(status.to_string())),
            _ => None,
        }
    }

    /// What a message says of it.
    pub fn kind(&self, page: &Page) -> MessageKind {
        match self {
            Self::NotFound | Self::ExpiredLink(_) | Self::WrongMethod => MessageKind::NotFound,
            Self::Forbidden => MessageKind::Forbidden,
            Self::SignIn | Self::NoToken => MessageKind::Refused(page.t("refusal-not-signed-in")),
            Self::ExpiredForm => MessageKind::ExpiredForm,
            Self::TooLarge => MessageKind::TooLarge,
            Self::Unreadable => MessageKind::Refused(page.t("refusal-unreadable")),
            Self::NoInbox => MessageKind::Refused(page.t("refusal-no-inbox")),
            Self::NoScope(scope) => {
                MessageKind::Refused(page.lang.ta("refusal-no-scope", [("scope", scope.as_str().into())]))
            }
            Self::TooMany(seconds) => {
                MessageKind::Refused(page.lang.ta("refusal-too-many", [("seconds", (*seconds).into())]))
            }
            Self::WrongType => MessageKind::Refused(page.t("refusal-wrong-type")),
            Self::Invalid(words) => MessageKind::Refused(words.clone()),
            Self::Changed => MessageKind::Refused(page.t("refusal-changed")),
            Self::KeyReused => MessageKind::Refused(page.t("refusal-key-reused")),
            Self::Conflict => MessageKind::Refused(page.t("refusal-conflict")),
            Self::Refused(refusal) => MessageKind::Refused(page.t(refusal.key())),
            Self::Unavailable => MessageKind::Unavailable,
            Self::Failure(_) => MessageKind::Failure,
        }
    }
}

/// The words of problems that are not the desk's saying no, each with the status it is answered with.
pub(super) fn codes() -> Vec<(&'static str, u16)> {
    let all = [
        Trouble::Unreadable,
        Trouble::NoToken,
        Trouble::NoScope(Scope::ReadCases),
        Trouble::Forbidden,
        Trouble::NotFound,
        Trouble::WrongMethod,
        Trouble::Conflict,
        Trouble::Changed,
        Trouble::TooLarge,
        Trouble::WrongType,
        Trouble::Invalid(String::new()),
        Trouble::KeyReused,
        Trouble::NoInbox,
        Trouble::TooMany(0),
        Trouble::Failure(String::new()),
        Trouble::Unavailable,
    ];
    let refusals = Refusal::ALL.iter().map(|refusal| Trouble::Refused(*refusal));
    all.into_iter().chain(refusals).map(|trouble| (trouble.code(), trouble.status().as_u16())).collect()
}

/// An error with all its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    for _ in 0..10 {
        let Some(cause) = source else { break };
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}
