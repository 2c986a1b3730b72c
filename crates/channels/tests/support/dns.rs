//! A name server for tests on the loopback (RFC 1035): a handful of records, and the ways in which DNS goes wrong.
//! UDP and TCP on one port. Nothing but what a test puts in is known.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

const A: u16 = 1;
const MX: u16 = 15;
const TXT: u16 = 16;

/// What is known about one name and type.
#[derive(Clone)]
enum Known {
    Records(Vec<Vec<u8>>),
    /// The server says that it failed (RCODE 2).
    Broken,
    /// No answer at all.
    Silent,
    /// Too long for UDP: to be asked again over TCP.
    Long(Vec<Vec<u8>>),
}

/// The records, filled before and while the server runs.
#[derive(Clone, Default)]
pub struct Zone(Arc<Mutex<HashMap<(String, u16), Known>>>);

impl Zone {
    /// Adds a `TXT` record, cut into strings of 255 bytes.
    pub fn txt(&self, name: &str, text: &str) -> &Self {
        self.add(name, TXT, strings(text))
    }

    /// Adds a `TXT` record that does not fit into UDP.
    pub fn long_txt(&self, name: &str, text: &str) -> &Self {
        self.set(name, TXT, Known::Long(vec![strings(text)]))
    }

    /// Adds an `A` record.
    pub fn a(&self, name: &str, address: Ipv4Addr) -> &Self {
        self.add(name, A, address.octets().to_vec())
    }

    /// Adds an `MX` record.
    pub fn mx(&self, name: &str, host: &str) -> &Self {
        let mut value = vec![0, 10];
        for label in host.split('.') {
            value.push(u8::try_from(label.len()).unwrap());
            value.extend_from_slice(label.as_bytes());
        }
        value.push(0);
        self.add(name, MX, value)
    }

    /// Asking for `TXT` of this name fails.
    pub fn broken(&self, name: &str) -> &Self {
        self.set(name, TXT, Known::Broken)
    }

    /// Asking for `TXT` of this name is never answered.
    pub fn silent(&self, name: &str) -> &Self {
        self.set(name, TXT, Known::Silent)
    }

    /// Nothing is known about `TXT` of this name any more.
    pub fn forget(&self, name: &str) -> &Self {
        self.0.lock().unwrap().remove(&(name.to_owned(), TXT));
        self
    }

    fn add(&self, name: &str, kind: u16, value: Vec<u8>) -> &Self {
        let mut known = self.0.lock().unwrap();
        let entry = known.entry((name.to_owned(), kind)).or_insert(Known::Records(vec![]));
        match entry {
            Known::Records(records) => records.push(value),
            _ => *entry = Known::Records(vec![value]),
        }
        drop(known);
        self
    }

    fn set(&self, name: &str, kind: u16, what: Known) -> &Self {
        self.0.lock().unwrap().insert((name.to_owned(), kind), what);
        self
    }

    /// Answers questions until the test ends; says where.
    pub async fn serve(&self) -> SocketAddr {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            // The port is free for UDP; somebody may have it for TCP.
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let address = udp.local_addr().unwrap();
        let zone = self.clone();
        tokio::spawn(async move {
            let mut question = [0; 4096];
            while let Ok((length, peer)) = udp.recv_from(&mut question).await {
                if let Some(answer) = zone.answer(&question[..length], false) {
                    udp.send_to(&answer, peer).await.unwrap();
                }
            }
        });
        let zone = self.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                let zone = zone.clone();
                tokio::spawn(async move {
                    while let Ok(length) = stream.read_u16().await {
                        let mut question = vec![0; usize::from(length)];
                        stream.read_exact(&mut question).await.unwrap();
                        let Some(answer) = zone.answer(&question, true) else { return };
                        stream.write_u16(u16::try_from(answer.len()).unwrap()).await.unwrap();
                        stream.write_all(&answer).await.unwrap();
                    }
                });
            }
        });
        address
    }

    fn answer(&self, question: &[u8], is_tcp: bool) -> Option<Vec<u8>> {
        let (name, end) = read_name(question);
        let kind = u16::from_be_bytes([question[end], question[end + 1]]);
        let (mut flags, mut records) = (0x8180_u16, vec![]);
        let known = self.0.lock().unwrap();
        match known.get(&(name.clone(), kind)) {
            Some(Known::Records(found)) => records.clone_from(found),
            Some(Known::Long(found)) if is_tcp => records.clone_from(found),
            Some(Known::Long(_)) => flags |= 0x0200,
            Some(Known::Broken) => flags |= 2,
            Some(Known::Silent) => return None,
            None if known.keys().any(|(other, _)| *other == name) => {}
            None => flags |= 3,
        }
        let mut answer = question[..2].to_vec();
        for number in [flags, 1, u16::try_from(records.len()).unwrap(), 0, 0] {
            answer.extend_from_slice(&number.to_be_bytes());
        }
        answer.extend_from_slice(&question[12..end + 4]);
        for value in records {
            // The name of the question, class IN, a minute.
            answer.extend_from_slice(&[0xc0, 12]);
            answer.extend_from_slice(&kind.to_be_bytes());
            answer.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
            answer.extend_from_slice(&u16::try_from(value.len()).unwrap().to_be_bytes());
            answer.extend_from_slice(&value);
        }
        Some(answer)
    }
}

fn strings(text: &str) -> Vec<u8> {
    let string = |piece: &[u8]| [&[u8::try_from(piece.len()).unwrap()], piece].concat();
    text.as_bytes().chunks(255).flat_map(string).collect()
}

/// The name asked for, lower case, and where it ends.
fn read_name(question: &[u8]) -> (String, usize) {
    let (mut at, mut labels) = (12, vec![]);
    while question[at] != 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_ascii_lowercase());
        at += length + 1;
    }
    (labels.join("."), at + 1)
}
