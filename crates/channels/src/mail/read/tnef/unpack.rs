//! Compressed RTF (MS-OXRTFCP): single bytes and references back into a window of 4,096 bytes, a run byte before
//! every eight of them.

/// What the window is filled with at first (MS-OXRTFCP).
const START: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW_BYTES: usize = 4_096;
/// RTF unpacked, in bytes: text of 200 KiB is kept in the end, and RTF says a character in up to twenty.
const RTF_BYTES_MAX: usize = 4 * 1024 * 1024;
const COMPRESSED: [u8; 4] = *b"LZFu";
const UNCOMPRESSED: [u8; 4] = *b"MELA";

/// The RTF; as much of it as can be read. `None` when it is no compressed RTF.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let kind = bytes.get(8..12)?;
    let content = bytes.get(16..)?;
    if kind == UNCOMPRESSED {
        return Some(content[..content.len().min(RTF_BYTES_MAX)].to_vec());
    }
    (kind == COMPRESSED).then(|| unpacked(content))
}

fn unpacked(mut bytes: &[u8]) -> Vec<u8> {
    let mut window = [0; WINDOW_BYTES];
    window[..START.len()].copy_from_slice(START);
    let mut at = START.len();
    let mut rtf = Vec::new();
    while let Some((&run, rest)) = bytes.split_first() {
        bytes = rest;
        for bit in 0..8 {
            if rtf.len() >= RTF_BYTES_MAX {
                return rtf;
            }
            if run >> bit & 1 == 0 {
                let Some((&byte, rest)) = bytes.split_first() else { return rtf };
                bytes = rest;
                window[at] = byte;
                at = (at + 1) % WINDOW_BYTES;
                rtf.push(byte);
                continue;
            }
            let Some((reference, rest)) = bytes.split_first_chunk::<2>() else { return rtf };
            bytes = rest;
            let reference = usize::from(u16::from_be_bytes(*reference));
            let (from, length) = (reference >> 4, (reference & 0xF) + 2);
            // A reference to the place that is written next ends the text.
            if from == at {
                return rtf;
            }
            for step in 0..length {
                let byte = window[(from + step) % WINDOW_BYTES];
                window[at] = byte;
                at = (at + 1) % WINDOW_BYTES;
                rtf.push(byte);
            }
        }
    }
    rtf
}
