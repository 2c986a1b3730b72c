//! How the delivery of a mail goes, in words.

use crate::web::language::Language;
use crate::web::view::Moment;

/// Where a mail of ours is.
#[derive(Debug, Clone, Default)]
pub enum Delivery {
    /// In the queue.
    #[default]
    Waiting,
    /// Accepted by the next server.
    Sent(Moment),
    /// Put off; tried again at the instant.
    Delayed {
        /// The next try.
        retry_at: Moment,
        /// What the server said.
        reason: String,
    },
    /// Shown on the customer's page alone: there is no address to send it to.
    Posted,
    /// Given up: the customer does not have it.
    Refused {
        /// What the server said.
        reason: String,
    },
}

impl Delivery {
    /// The words of its state.
    pub fn words(&self, language: impl Into<Language>) -> String {
        let language = language.into();
        match self {
            Self::Waiting => language.t("delivery-waiting"),
            Self::Posted => language.t("delivery-posted"),
            Self::Sent(at) => language.ta("delivery-sent", [("at", at.words.as_str().into())]),
            Self::Delayed { retry_at, .. } => {
                language.ta("delivery-delayed", [("at", retry_at.words.as_str().into())])
            }
            Self::Refused { .. } => language.t("delivery-refused"),
        }
    }

    /// What the other server said, when it did not simply accept.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Waiting | Self::Sent(_) | Self::Posted => None,
            Self::Delayed { reason, .. } | Self::Refused { reason } => Some(reason),
        }
    }

    /// The class that colours it.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Waiting => "is-waiting",
            Self::Sent(_) | Self::Posted => "is-sent",
            Self::Delayed { .. } => "is-delayed",
            Self::Refused { .. } => "is-refused",
        }
    }

    /// The icon that goes with it.
    pub fn icon(&self) -> &'static str {
        match self {
            Self::Waiting => "hourglass",
            Self::Sent(_) | Self::Posted => "check",
            Self::Delayed { .. } => "clock-exclamation",
            Self::Refused { .. } => "alert-triangle",
        }
    }
}
