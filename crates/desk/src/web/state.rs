//! What every handler works with: the desk, and what this node remembers of its visitors.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::auth::peers::Peers;
use crate::desk::Desk;

/// What handlers work with.
#[derive(Clone)]
pub(super) struct Web {
    /// The desk.
    pub desk: Desk,
    /// Network addresses that failed to sign in.
    pub peers: Arc<Peers>,
}

impl FromRef<Web> for Desk {
    fn from_ref(web: &Web) -> Self {
        web.desk.clone()
    }
}
