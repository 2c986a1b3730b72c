//! TLS towards the server: which certificates are believed (Mozilla's, and the company's own). No SMTP.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Certificates read from the settings; a company has a handful, a whole system store some hundreds.
const EXTRA_ROOTS_MAX: usize = 1_000;

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
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let known = roots.len();
    for certificate in CertificateDer::pem_slice_iter(extra_roots).take(EXTRA_ROOTS_MAX) {
        let certificate = certificate.map_err(|error| format!("a root certificate is not PEM: {error}"))?;
        roots.add(certificate).map_err(|error| format!("a root certificate cannot be used: {error}"))?;
    }
    if roots.len() == known && !extra_roots.trim_ascii().is_empty() {
        return Err("the root certificates hold no certificate in PEM".to_owned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host:?} is no host name"))?;
    Ok(TlsClient { config: Arc::new(config), name })
}
