//! How often something came from one network address, in memory: failures to sign in, public forms, wishes for links.
//! Names have a lock of their own in the store; this one slows down those who try many names.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Failures within [`WITHIN`] after which an address has to wait.
const FAILURES_MAX: u32 = 30;
/// Failures older than this are forgotten.
const WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// Addresses remembered at most; beyond, new ones go unwatched until old ones are forgotten.
const PEERS_MAX: usize = 10_000;

/// The addresses that failed lately.
#[derive(Debug)]
pub struct Peers {
    seen: Mutex<HashMap<IpAddr, (Timestamp, u32)>>,
    times_max: u32,
    within: SignedDuration,
}

impl Default for Peers {
    /// As failures to sign in are counted.
    fn default() -> Self {
        Self::at_most(FAILURES_MAX, WITHIN)
    }
}

impl Peers {
    /// Addresses that have to wait after so many times within so long.
    pub fn at_most(times_max: u32, within: SignedDuration) -> Self {
        Self { seen: Mutex::default(), times_max, within }
    }

    /// Until when this address has to wait, if it has to.
    pub fn waits_until(&self, peer: IpAddr, now: Timestamp) -> Option<Timestamp> {
        let key = network(peer)?;
        let (first_at, failures) = *self.lock().get(&key)?;
        let until = first_at.checked_add(self.within).ok()?;
        (failures >= self.times_max && until > now).then_some(until)
    }

    /// Counts one time.
    pub fn count(&self, peer: IpAddr, now: Timestamp) {
        let Some(key) = network(peer) else { return };
        let mut peers = self.lock();
        let is_fresh = |first_at: &Timestamp| first_at.checked_add(self.within).is_ok_and(|end| end > now);
        if peers.len() >= PEERS_MAX {
            peers.retain(|_, (first_at, _)| is_fresh(first_at));
        }
        if peers.len() >= PEERS_MAX && !peers.contains_key(&key) {
            return;
        }
        let entry = peers.entry(key).or_insert((now, 0));
        if !is_fresh(&entry.0) {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, (Timestamp, u32)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands for one household: an IPv4 address, or the first 64 bits of an IPv6 one. Private addresses are a proxy
/// of our own or colleagues behind one door: locking them would lock everybody out.
fn network(peer: IpAddr) -> Option<IpAddr> {
    match peer.to_canonical() {
        IpAddr::V4(v4) if v4.is_private() || v4.is_loopback() || v4.is_link_local() => None,
        IpAddr::V6(v6) if v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() => None,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Some(IpAddr::from([a, b, c, d, 0, 0, 0, 0]))
        }
        v4 @ IpAddr::V4(_) => Some(v4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(peers: &Peers, peer: &str, times: u32, now: Timestamp) -> Option<Timestamp> {
        for _ in 0..times {
            peers.count(peer.parse().unwrap(), now);
        }
        peers.waits_until(peer.parse().unwrap(), now)
    }

    #[test]
    fn one_address_waits_after_many_failures_and_not_for_ever() {
        let (peers, now) = (Peers::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(fail(&peers, "203.0.113.9", FAILURES_MAX - 1, now), None);
        let until = fail(&peers, "203.0.113.9", 1, now).unwrap();
        assert_eq!(until, now + WITHIN);
        assert_eq!(peers.waits_until("203.0.113.9".parse().unwrap(), until), None);
        assert_eq!(fail(&peers, "203.0.113.8", 1, now), None);
    }

    #[test]
    fn neighbours_in_one_network_count_together_and_our_own_proxy_never() {
        let (peers, now) = (Peers::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(fail(&peers, "2001:db8::1", FAILURES_MAX / 2, now), None);
        assert!(fail(&peers, "2001:db8::2", FAILURES_MAX / 2, now).is_some());
        for own in ["127.0.0.1", "10.0.0.3", "::1", "fd00::1", "::ffff:192.168.1.1"] {
            assert_eq!(fail(&peers, own, FAILURES_MAX, now), None, "{own}");
        }
    }
}
