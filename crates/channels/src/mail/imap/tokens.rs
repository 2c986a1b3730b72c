//! The words of an answer: atoms, quoted text, literals and brackets (RFC 3501 9), in order and by value.
//! No recursion: a million brackets are a million tokens and no deeper.

use super::frame::Piece;

/// A word of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    /// An atom, such as `UID`, `BODY[]`, `17` or `NIL`.
    Atom(String),
    /// Quoted text or a literal.
    Text(Vec<u8>),
    /// A literal of so many bytes that was passed over.
    Skipped(u64),
}

/// Gives the words of an answer one by one.
pub(super) struct Tokens {
    pieces: std::vec::IntoIter<Piece>,
    text: Vec<u8>,
    at: usize,
}

impl Tokens {
    pub(super) fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces: pieces.into_iter(), text: Vec::new(), at: 0 }
    }

    /// A word that is a number.
    pub(super) fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        match self.next()? {
            Token::Atom(atom) => atom.parse().ok(),
            _ => None,
        }
    }

    /// Passes over one value: a word, or a list with all that is in it.
    pub(super) fn pass_value(&mut self) {
        let mut depth = 0_usize;
        // Each turn takes a word, of which an answer has as many as bytes at most.
        for token in self.by_ref() {
            match token {
                Token::Open => depth += 1,
                Token::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn quoted(&mut self) -> Token {
        let mut text = Vec::new();
        while let Some(byte) = self.text.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    text.extend(self.text.get(self.at));
                    self.at += 1;
                }
                _ => text.push(byte),
            }
        }
        Token::Text(text)
    }

    /// An atom ends at a space, a quote or a bracket, except inside `[…]`, as in `BODY[HEADER.FIELDS (TO)]`.
    fn atom(&mut self) -> Token {
        let start = self.at;
        let mut is_inside = false;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'[' => is_inside = true,
                b']' => is_inside = false,
                b' ' | b'"' | b'(' | b')' if !is_inside => break,
                _ => {}
            }
            self.at += 1;
        }
        Token::Atom(String::from_utf8_lossy(&self.text[start..self.at]).into_owned())
    }
}

impl Iterator for Tokens {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            while self.text.get(self.at) == Some(&b' ') {
                self.at += 1;
            }
            let Some(byte) = self.text.get(self.at).copied() else {
                match self.pieces.next()? {
                    Piece::Text(text) => (self.text, self.at) = (text, 0),
                    Piece::Literal(bytes) => return Some(Token::Text(bytes)),
                    Piece::Skipped(size) => return Some(Token::Skipped(size)),
                }
                continue;
            };
            if matches!(byte, b'(' | b')' | b'"') {
                self.at += 1;
            }
            return Some(match byte {
                b'(' => Token::Open,
                b')' => Token::Close,
                b'"' => self.quoted(),
                _ => self.atom(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(pieces: &[Piece]) -> Vec<Token> {
        Tokens::new(pieces.to_vec()).collect()
    }

    #[test]
    fn words_come_in_order() {
        let pieces = [
            Piece::Text(br#"(UID 7 A "x \"y\" \\" BODY[HEADER.FIELDS (TO CC)] "#.to_vec()),
            Piece::Literal(b"a) b".to_vec()),
            Piece::Text(b" B ".to_vec()),
            Piece::Skipped(9),
            Piece::Text(b" C NIL)".to_vec()),
        ];
        let atom = |text: &str| Token::Atom(text.to_owned());
        let expected = vec![
            Token::Open,
            atom("UID"),
            atom("7"),
            atom("A"),
            Token::Text(br#"x "y" \"#.to_vec()),
            atom("BODY[HEADER.FIELDS (TO CC)]"),
            Token::Text(b"a) b".to_vec()),
            atom("B"),
            Token::Skipped(9),
            atom("C"),
            atom("NIL"),
            Token::Close,
        ];
        assert_eq!(tokens(&pieces), expected);
    }

    #[test]
    fn broken_text_ends_where_it_ends() {
        for text in ["\"", "\"\\", "[ (", ")", "   ", ""] {
            assert!(tokens(&[Piece::Text(text.as_bytes().to_vec())]).len() <= 1, "{text}");
        }
    }

    #[test]
    fn lists_are_passed_over_without_depth() {
        let deep = format!("{}x{} UID", "(".repeat(30_000), ")".repeat(30_000));
        let mut tokens = Tokens::new(vec![Piece::Text(deep.into_bytes())]);
        tokens.pass_value();
        assert_eq!(tokens.next(), Some(Token::Atom("UID".to_owned())));
    }
}
