//! Addresses and names: where the desk is reached, where it listens, what it calls itself.

use std::net::{Ipv6Addr, SocketAddr};

use super::written::Written;

/// Links are made by writing a path behind it, and browsers name it as the origin of a form: scheme, host and port only.
pub(super) fn public_url(written: &mut Written) -> Option<String> {
    let name = "public_url";
    if !written.has(name) {
        written.refuse(name, "missing: where customers reach this desk, such as https://desk.brand.fr");
        return None;
    }
    let url = written.take(name)?.to_ascii_lowercase();
    let Some(place) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        written.refuse(name, "must begin with https:// or http://");
        return None;
    };
    let place = place.trim_end_matches('/');
    let complaint = if place.is_empty() {
        "names no host; write it like https://desk.brand.fr"
    } else if place.contains(char::is_whitespace) {
        "must not hold a space"
    } else if place.contains(['/', '?', '#', '@', '\\']) {
        "must end with the host or its port: no path, query, fragment or user; the desk needs a host of its own"
    } else if !is_place(place) {
        "its host or port cannot be; write it like https://desk.brand.fr or https://desk.brand.fr:8443"
    } else {
        return Some(url.trim_end_matches('/').to_owned());
    };
    written.refuse(name, complaint);
    None
}

/// A host, and perhaps a port.
fn is_place(place: &str) -> bool {
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_good_host = match inner {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => is_host(host),
    };
    is_good_host && port.is_none_or(is_port)
}

/// A name or an IPv4 address. Underscores are no part of host names but of container names.
pub(super) fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.trim_end_matches('.').split('.').all(|label| !label.is_empty() && label.len() <= 63)
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// What the listeners call themselves: as written, or the host of the public address.
pub(super) fn hostname(public_url: Option<&str>, written: &mut Written) -> String {
    let own = written.take("mail_in.hostname");
    if own.as_deref().is_some_and(|host| !is_host(host)) {
        written.refuse("mail_in.hostname", "is not a host name, such as desk.brand.fr");
    }
    own.or_else(|| {
        let (_, place) = public_url?.split_once("://")?;
        let host = place.split(':').next()?;
        is_host(host).then(|| host.to_owned())
    })
    .unwrap_or_else(|| "localhost".to_owned())
}

pub(super) fn address(name: &str, written: &mut Written) -> Option<SocketAddr> {
    let text = written.take(name)?;
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    written.refuse(name, &format!("{text:?} is not an address with a port, such as 127.0.0.1:8024"));
    None
}

/// Two listeners cannot share an address; port 0 takes a free one each time.
pub(super) fn apart(listeners: [(&str, Option<SocketAddr>); 3], written: &mut Written) {
    for (at, (name, address)) in listeners.iter().enumerate() {
        for (other_name, other) in &listeners[at + 1..] {
            if let (Some(address), Some(other)) = (address, other)
                && clash(*address, *other)
            {
                written.refuse(
                    &format!("{name} and {other_name}"),
                    &format!("{address} and {other} are the same address: each needs a port of its own"),
                );
            }
        }
    }
}

fn clash(one: SocketAddr, other: SocketAddr) -> bool {
    let is_wide = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port()
        && one.port() != 0
        && (one.ip() == other.ip() || is_wide && one.is_ipv4() == other.is_ipv4())
}
