//! Every bound of the mail channel in one place, with its reason. No code.

/// Letters above this size are read up to here only, in bytes; the listener refuses far smaller ones.
pub(super) const LETTER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Readable text kept, in bytes of UTF-8.
pub(super) const TEXT_BYTES_MAX: usize = 200 * 1024;
/// HTML kept, in bytes of UTF-8.
pub(super) const HTML_BYTES_MAX: usize = 1024 * 1024;
/// Subject, in characters.
pub(super) const SUBJECT_CHARS_MAX: usize = 500;
/// Display name of a person, in characters.
pub(super) const NAME_CHARS_MAX: usize = 200;
/// File name, in characters.
pub(super) const FILE_NAME_CHARS_MAX: usize = 200;
/// Address, in bytes (RFC 5321 4.5.3.1.3, less the angle brackets).
pub(super) const ADDRESS_BYTES_MAX: usize = 254;
/// A message id, in bytes (one line of RFC 5322 2.1.1).
pub(super) const ID_BYTES_MAX: usize = 998;
/// Addresses kept from `To` and `Cc` together.
pub(super) const RECIPIENTS_MAX: usize = 100;
/// Ids kept from `In-Reply-To` and `References` together.
pub(super) const ANSWERS_MAX: usize = 50;
/// Ids written into `References`.
pub(super) const REFERENCES_MAX: usize = 20;
/// Files listed.
pub(super) const FILES_MAX: usize = 200;
/// Body parts whose text is joined.
pub(super) const BODIES_MAX: usize = 50;
/// Defects reported about one letter.
pub(super) const DEFECTS_MAX: usize = 50;
/// One header field with its folded lines, in bytes; 300 recipients fit.
pub(super) const FIELD_BYTES_MAX: usize = 16 * 1024;
/// Header fields in one block.
pub(super) const FIELDS_MAX: usize = 1_000;
/// Lines with a colon in the whole letter that may be header fields; more lines of text do no harm.
pub(super) const ALL_FIELDS_MAX: usize = 200_000;
/// Lines that may separate parts. Each part costs memory whether it is used or not.
pub(super) const DELIMITER_LINES_MAX: usize = 20_000;
/// Multipart containers, nested or side by side. Each makes the parser look ahead for its end once.
pub(super) const MULTIPARTS_MAX: usize = 50;
/// What may follow the word `boundary` in its field, in bytes (a boundary has 70 at most, RFC 2046 5.1.1).
pub(super) const BOUNDARY_FIELD_BYTES_MAX: usize = 400;
/// A sentence of a foreign mail server kept in an error, in characters.
pub(super) const ANSWER_CHARS_MAX: usize = 300;
/// Mails sent over one connection at the same time to one server.
pub(super) const SENDING_CONNECTIONS_MAX: usize = 4;
/// One answer of a server with all its lines, in bytes; a greeting has some twenty lines of 512 (RFC 5321 4.5.3.1.5).
pub(super) const REPLY_BYTES_MAX: usize = 32 * 1024;
/// Content thrown away after the size limit before the line is cut, in bytes.
pub(super) const DRAIN_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Connections told to come back later at the same time; beyond it they are closed without a word.
pub(super) const REFUSALS_MAX: usize = 64;
/// Failures to accept a connection in a row before the listener gives up.
pub(super) const ACCEPT_FAILURES_MAX: u32 = 600;
