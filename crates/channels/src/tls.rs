//! TLS for every line that we open ourselves (IMAP, OAuth, SMTP): rustls with *ring*, Mozilla's roots, and a company's own.
//! No sockets here, and no provider for the whole process: each line is given its settings.

use std::sync::Arc;

use thiserror::Error;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A company has a few roots; a whole system's bundle (about 150) is three times smaller.
const ROOTS_BYTES_MAX: usize = 1024 * 1024;
/// A system's bundle fits.
const ROOTS_MAX: usize = 300;

/// The extra root certificates cannot be used. A person has to look at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RootsFailure {
    /// Something in them is no certificate in PEM (RFC 7468).
    #[error("the extra root certificates are not readable PEM")]
    Unreadable,
    /// There is text, but no certificate in it.
    #[error("the extra root certificates hold no certificate")]
    Empty,
    /// More than 1 MiB or 300 certificates.
    #[error("the extra root certificates are too many")]
    TooMany,
}

/// Settings of a client that believes Mozilla's roots and those in `extra_roots_pem`, which may be empty.
/// TLS 1.2 and 1.3; the server's name is always checked.
pub fn client_config(extra_roots_pem: &[u8]) -> Result<ClientConfig, RootsFailure> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in certificates(extra_roots_pem)? {
        roots.add(certificate).map_err(|_| RootsFailure::Unreadable)?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    // Ring speaks both versions, so this cannot fail; should it, no line is opened.
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| RootsFailure::Unreadable)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, RootsFailure> {
    if pem.len() > ROOTS_BYTES_MAX {
        return Err(RootsFailure::TooMany);
    }
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).take(ROOTS_MAX + 1).collect();
    let read = read.map_err(|_| RootsFailure::Unreadable)?;
    if read.len() > ROOTS_MAX {
        return Err(RootsFailure::TooMany);
    }
    if read.is_empty() && !pem.trim_ascii().is_empty() {
        return Err(RootsFailure::Empty);
    }
    Ok(read)
}
