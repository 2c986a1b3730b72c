//! Who stands behind a letter (SPF, DKIM, DMARC, ARC): a table of contents. Nothing is decided about the case, and the
//! letter is never changed.
//!
//! What is believed, in this order:
//!
//! | what is found | verdict |
//! |---|---|
//! | no `From`, several authors, an author without a domain, header too big | unknown |
//! | through a relay: the topmost `Authentication-Results` has a trusted name and says `dmarc=pass` for the author's domain | proven |
//! | it says `dmarc=fail`, the domain asks for `quarantine` or `reject`, and the server did not overrule it | forged |
//! | it says `dmarc=fail`, and the domain only watches (`p=none`), or it says `arc=pass` as well | unknown |
//! | it says `dmarc=fail` otherwise (policy not told, or `dis=none` against it) | doubtful |
//! | a field right below it, of a trusted name too, says that DMARC failed (each filter of a server may write its own) | as above |
//! | it says `dkim=pass` or `spf=pass` for a domain aligned with the author's | proven |
//! | it says nothing of the kind, or there is none: we ask DNS ourselves, and |
//! | – DMARC passes, or without a DMARC record an aligned DKIM or SPF passes | proven |
//! | – an ARC chain (RFC 8617) is whole, and a trusted sealer vouches as above | proven |
//! | – DMARC fails, the domain asks for `quarantine` or `reject`, and the letter came straight to us | forged |
//! | – everything else: no record, `p=none`, DNS silent, a letter through a relay | unknown |
//!
//! A letter that came through a relay is never forged by our own measure: the relay saw the address that SPF is
//! about, we did not. `dmarc=fail` under `p=none` is what forwarded letters look like, so it accuses nobody.
//!
//! **What the operator must ensure.** A name may be trusted only for an inbox whose letters all come through the server
//! that writes it, and which removes or renames fields of that name in what comes in (RFC 8601 5). Only the topmost
//! field counts: what a writer brought along stands below what servers put on top, and below a field of somebody
//! else's a trusted name may be theirs. So all names that the own servers write belong into the list. In a letter
//! straight from the sender's server such fields are the sender's word, and count for nothing.

mod alignment;
mod authenticator;
mod origin;
mod own;
mod results;
mod stated;
mod trust;

pub use authenticator::{Authenticator, AuthenticatorError};
pub use origin::Origin;
pub use trust::NAMELESS;
