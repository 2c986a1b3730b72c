//! winmail.dat, built here byte by byte: the specification's own example, and streams made to break the reader.

use casework::inbound::Inbound;
use channels::mail::read::{file, read};

use super::bounds::check_bounds;
use super::expect::fixtures;

/// An attribute of level 1 (message) or 2 (file).
fn attribute(level: u8, id: u32, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [&[level], &id.to_le_bytes()[..], &length, bytes, &[0, 0]].concat()
}

/// A property of binary type.
fn binary(id: u16, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let padding = vec![0; bytes.len().wrapping_neg() % 4];
    [&[0x02, 0x01], &id.to_le_bytes()[..], &1u32.to_le_bytes(), &length, bytes, &padding].concat()
}

fn properties(list: &[Vec<u8>]) -> Vec<u8> {
    [u32::try_from(list.len()).unwrap().to_le_bytes().to_vec(), list.concat()].concat()
}

fn letter(stream: &[u8]) -> Vec<u8> {
    let stream = [&[0x78, 0x9F, 0x3E, 0x22, 1, 0], stream].concat();
    let encoded = data_encoding::BASE64_MIME.encode(&stream);
    let head = "From: a@exemple.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n";
    format!("{head}Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n").into_bytes()
}

fn check(stream: &[u8]) -> Inbound {
    let raw = letter(stream);
    let (letter, defects) = read(&raw, "mark");
    check_bounds(&raw, &letter, &defects);
    letter
}

fn rtf(packed: &[u8]) -> String {
    check(&attribute(1, 0x0006_9003, &properties(&[binary(0x1009, packed)]))).text
}

#[test]
fn compressed_rtf_is_unpacked_as_the_specification_shows() {
    // The two examples of MS-OXRTFCP.
    let simple = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B2\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
    assert_eq!(rtf(simple), "hello world");
    let crossing = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4\x4b\x51\x41\0\x04\x20WXYZ\x0dn}\x01\x0e\xb0";
    assert_eq!(rtf(crossing), "WXYZWXYZWXYZWXYZWXYZ");
    assert_eq!(rtf(b"\x20\0\0\0\x0a\0\0\0MELA\0\0\0\0{\\rtf1 tel quel}"), "tel quel");
}

#[test]
fn rtf_becomes_the_words_in_it() {
    let plain = |source: &str| rtf(&[b"\0\0\0\0\0\0\0\0MELA\0\0\0\0", source.as_bytes()].concat());
    for (source, words) in [
        (r"{\rtf1\ansi\ansicpg1250 z\'9alut}", "zšlut"),
        (r"{\rtf1\uc1 \u8364?\u-10179?\u-8704? fin}", "€😀 fin"),
        (r"{\rtf1\uc2 a\u233\'c3\'a9b}", "aéb"),
        (r"{\rtf1 {\*\inconnu rien}{\fonttbl{\f0 Arial;}}mot\par autre\tab bout}", "mot\nautre\tbout"),
        (r"{\rtf1 avant \bin5 12345apr\'e8s \\ \{\}}", "avant après \\ {}"),
        (r"{\rtf1 \lquote mot\rquote\emdash fin}", "‘mot’—fin"),
    ] {
        assert_eq!(plain(source), words, "{source}");
    }
    assert_eq!(plain(&"{".repeat(100_000)), "");
    assert_eq!(plain(&format!("{}fond", r"{\b ".repeat(50_000))), "fond");
}

#[test]
fn hostile_streams_are_read_as_far_as_they_go() {
    let huge = u32::MAX.to_le_bytes();
    // Lengths and counts that promise more than there is.
    check(&[&[1], &0x0002_800C_u32.to_le_bytes()[..], &huge, b"x"].concat());
    check(&attribute(1, 0x0006_9003, &huge));
    check(&attribute(1, 0x0006_9003, &[&1u32.to_le_bytes()[..], &[0x1F, 0x10, 0, 0x10], &huge].concat()));
    check(&attribute(
        1,
        0x0006_9003,
        &[&1u32.to_le_bytes()[..], &[0x1E, 0, 1, 0x80], &[0; 16], &[1, 0, 0, 0], &huge].concat(),
    ));
    // A file's attributes without a file, and more files than are listed.
    assert!(check(&attribute(2, 0x0006_800F, b"x")).files.is_empty());
    let one = [attribute(2, 0x0006_9002, &[]), attribute(2, 0x0006_800F, b"x")].concat();
    let many = check(&one.repeat(300));
    assert_eq!(many.files.len(), 200);
    assert!(
        many.files.iter().any(|file| file.name == "winmail.dat"),
        "what is not listed stays in its envelope"
    );
    // References into the window for ever, and a run byte without what it announces.
    let bomb = [b"\0\0\0\0\0\0\0\0LZFu\0\0\0\0".to_vec(), b"\xff".repeat(3_000_000)].concat();
    assert!(rtf(&bomb).len() <= 200 * 1024);
    rtf(b"\0\0\0\0\0\0\0\0LZFu\0\0\0\0\xff\x01");
}

#[test]
fn a_stream_cut_or_changed_anywhere_is_read_within_bounds() {
    let path = fixtures("mails", "eml").into_iter().find(|path| path.ends_with("winmail_rtf_and_files.eml"));
    let whole = file(&std::fs::read(path.unwrap()).unwrap(), 0).unwrap().bytes;
    let stream = &whole[6..];
    for at in 0..stream.len() {
        check(&stream[..at]);
        for value in [0, 0x7F, 0xFF] {
            let mut changed = stream.to_vec();
            changed[at] = value;
            check(&changed);
        }
    }
}

#[test]
fn the_class_of_a_message_tells_a_program_from_a_person() {
    use casework::inbound::Automatic::{Invitation, Receipt};
    for (class, expected) in [
        ("IPM.Note\0", None),
        ("IPM.Schedule.Meeting.Resp.Pos\0", Some(Invitation)),
        ("IPM.Microsoft Schedule.MtgReq\0", Some(Invitation)),
        ("REPORT.IPM.Note.IPNRN\0", Some(Receipt)),
    ] {
        assert_eq!(check(&attribute(1, 0x0007_8008, class.as_bytes())).automatic, expected, "{class}");
    }
}
