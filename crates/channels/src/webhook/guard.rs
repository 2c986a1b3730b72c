//! Which hosts may be told: those outside of the own network (server-side request forgery, OWASP).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use tokio::net::lookup_host;

use super::WebhookFailure;

/// Addresses of one host that are looked at.
const PLACES_MAX: usize = 16;

/// Where a host is. One address inside suffices to refuse it: whichever was connected to, it is not meant for others.
pub(super) async fn places(url: &Url, may_be_inside: bool) -> Result<Vec<SocketAddr>, WebhookFailure> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let found = lookup_host((host.as_str(), port)).await.map_err(|_| WebhookFailure::NoHost)?;
    let places: Vec<SocketAddr> = found.take(PLACES_MAX).collect();
    if places.is_empty() {
        return Err(WebhookFailure::NoHost);
    }
    if !may_be_inside && !places.iter().all(|place| is_public(place.ip())) {
        return Err(WebhookFailure::Inside);
    }
    Ok(places)
}

/// Whether an address belongs to the public internet (IANA's registries of special-purpose addresses).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, .., high, low] = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (first, second) {
        // Another way to write an address of the older kind: mapped, compatible, translated, 6to4.
        (0, 0) => address.to_ipv4_mapped().is_some_and(is_public_v4),
        (0x64, 0xff9b) if third == 0 && fourth == 0 => v4(high, low),
        (0x2002, _) => v4(second, third),
        // Teredo, benchmarks, documentation, discard.
        (0x2001, 0..0x200 | 0xdb8) | (0x3fff | 0x100, _) | (0x64, 0xff9b) => false,
        // The global unicast space is 2000::/3 alone.
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insiders_are_known_however_they_are_written() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "240.0.0.1",
            "192.0.2.1",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "100::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "8.8.8.8",
            "193.0.6.139",
            "2606:4700::1",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
