//! What every handler works with: the desk, and what this node remembers of its visitors.

use std::sync::Arc;

use axum::extract::FromRef;
use jiff::SignedDuration;

use crate::auth::allowance::Allowances;
use crate::auth::peers::Peers;
use crate::desk::Desk;

/// What handlers work with.
#[derive(Clone)]
pub(super) struct Web {
    /// The desk.
    pub desk: Desk,
    /// What programs have used up of their requests.
    pub allowances: Arc<Allowances>,
    /// Network addresses that came with tokens that are none.
    pub bad_tokens: Arc<Peers>,
    /// Network addresses that failed to sign in.
    pub peers: Arc<Peers>,
    /// Network addresses that sent public forms lately: by browsers that did a little work for it, and by others.
    pub worked_forms: Arc<Peers>,
    /// The others.
    pub plain_forms: Arc<Peers>,
    /// Network addresses that sent forms with files lately.
    pub uploads: Arc<Peers>,
    /// Network addresses that asked for private links lately.
    pub link_requests: Arc<Peers>,
}

impl Web {
    /// A web side that has seen nobody yet.
    pub fn new(desk: Desk) -> Self {
        let hour = SignedDuration::from_hours(1);
        Self {
            desk,
            allowances: Arc::default(),
            bad_tokens: Arc::new(Peers::at_most(60, SignedDuration::from_mins(15))),
            peers: Arc::default(),
            worked_forms: Arc::new(Peers::at_most(30, hour)),
            plain_forms: Arc::new(Peers::at_most(6, hour)),
            uploads: Arc::new(Peers::at_most(60, hour)),
            link_requests: Arc::new(Peers::at_most(10, hour)),
        }
    }
}

impl FromRef<Web> for Desk {
    fn from_ref(web: &Web) -> Self {
        web.desk.clone()
    }
}
