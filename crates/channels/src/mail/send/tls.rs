//! What is needed to open TLS to one SMTP server: whom we believe, and which name we ask for. No SMTP.

use std::sync::Arc;

use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::tls::client_config;

/// What is needed to open TLS to one server.
#[derive(Clone)]
pub(super) struct TlsClient {
    /// Versions, ciphers and roots.
    pub config: Arc<ClientConfig>,
    /// The name or address that the certificate must bear.
    pub name: ServerName<'static>,
}

/// Prepares TLS for a host. Fails, in words, when a certificate of the settings cannot be read or the host is no name.
pub(super) fn prepare(host: &str, extra_roots: &[u8]) -> Result<TlsClient, String> {
    let config = client_config(extra_roots).map_err(|failure| failure.to_string())?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host:?} is no host name"))?;
    Ok(TlsClient { config: Arc::new(config), name })
}
