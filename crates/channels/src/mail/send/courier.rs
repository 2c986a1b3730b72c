//! The way to one server: a few connections that are used again and again, one mail each at a time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::command::Mail;
use super::conversation::{Broken, Conversation};
use super::failure::{Accepted, SendFailure, unreachable};
use super::pool::Pool;
use super::settings::{Login, SmtpSettings, Tls};
use super::tls::{TlsClient, prepare};
use crate::mail::limits::SENDING_CONNECTIONS_MAX;

/// Waits for one answer that a whole mail may take: connecting, greeting, TLS, login, envelope, content.
const ANSWERS_A_MAIL: u32 = 6;

/// A pooled way to one server. Clones share the connections.
#[derive(Clone)]
pub struct Courier {
    shared: Arc<Shared>,
}

struct Shared {
    settings: SmtpSettings,
    tls: Option<TlsClient>,
    login: Mutex<Login>,
    /// One for each connection that may be open for a mail.
    places: Semaphore,
    pool: Arc<Pool>,
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Courier {{ {:?} }}", self.shared.settings)
    }
}

impl Courier {
    /// Prepares the way; connects at the first mail.
    /// Fails with [`SendFailure::Unreachable`] when TLS cannot be set up for the host's name or the roots are no PEM.
    pub fn new(settings: SmtpSettings) -> Result<Self, SendFailure> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::StartTls | Tls::Implicit => {
                Some(prepare(&settings.host, &settings.extra_roots).map_err(|words| unreachable(&words))?)
            }
        };
        let login = Mutex::new(settings.login.clone());
        let places = Semaphore::new(SENDING_CONNECTIONS_MAX);
        Ok(Self { shared: Arc::new(Shared { settings, tls, login, places, pool: Arc::default() }) })
    }

    /// Connections opened from now on log in like this: access tokens end while the desk runs.
    pub fn log_in_with(&self, login: Login) {
        *self.shared.login.lock().unwrap_or_else(PoisonError::into_inner) = login;
    }

    /// Hands over one mail for one recipient. `from` is the envelope sender, empty for the null sender (RFC 5321 4.5.5).
    /// Where the server offers it (RFC 3461), a report is asked for when the mail fails or is late, under the mail's
    /// `Message-ID` and with the recipient as we wrote it.
    ///
    /// A connection that waited for this mail and breaks before the content is on its way is replaced once by a new
    /// one. Waiting for a free connection is not counted as time of the mail.
    pub async fn send(&self, from: &str, to: &str, bytes: &[u8]) -> Result<Accepted, SendFailure> {
        let mail = Mail::new(from, to, bytes)?;
        let _place = self.place().await?;
        tokio::time::timeout(self.mail_timeout(), self.carry(&mail)).await.map_err(|_| too_slow())?
    }

    /// Connects, greets and logs in without sending anything.
    pub async fn check(&self) -> Result<(), SendFailure> {
        let _place = self.place().await?;
        let trial = async {
            self.open().await?.quit().await;
            Ok(())
        };
        tokio::time::timeout(self.mail_timeout(), trial).await.map_err(|_| too_slow())?
    }

    async fn carry(&self, mail: &Mail<'_>) -> Result<Accepted, SendFailure> {
        if let Some(waiting) = self.waiting().await {
            match self.carry_over(waiting, mail).await {
                Err(broken) if is_stale(&broken) => self.shared.pool.clear(),
                answer => return answer.map_err(|broken| broken.failure),
            }
        }
        self.carry_over(self.open().await?, mail).await.map_err(|broken| broken.failure)
    }

    async fn carry_over(&self, mut way: Conversation, mail: &Mail<'_>) -> Result<Accepted, Broken> {
        let answer = way.carry(mail).await;
        if way.is_usable() {
            self.shared.pool.put_back(way);
        }
        answer
    }

    /// A connection from the pool that still answers.
    async fn waiting(&self) -> Option<Conversation> {
        let mut conversation = self.shared.pool.take()?;
        if conversation.reset().await.is_ok() {
            return Some(conversation);
        }
        self.shared.pool.clear();
        None
    }

    async fn open(&self) -> Result<Conversation, SendFailure> {
        let login = self.shared.login.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Conversation::open(&self.shared.settings, self.shared.tls.as_ref(), &login).await
    }

    async fn place(&self) -> Result<tokio::sync::SemaphorePermit<'_>, SendFailure> {
        self.shared.places.acquire().await.map_err(|_| unreachable("sending has ended"))
    }

    fn mail_timeout(&self) -> Duration {
        self.shared.settings.timeout.saturating_mul(ANSWERS_A_MAIL)
    }
}

/// Whether a connection that had waited was at fault: it broke, or the server said goodbye (421: too many mails over
/// one line, too long idle), before it could have kept anything.
fn is_stale(broken: &Broken) -> bool {
    let is_at_fault =
        matches!(broken.failure, SendFailure::Unreachable { .. } | SendFailure::Temporary { code: 421, .. });
    is_at_fault && !broken.had_content
}

fn too_slow() -> SendFailure {
    unreachable("no answer in time")
}
