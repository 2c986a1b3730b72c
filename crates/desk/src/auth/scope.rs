//! What a program may do with its token.

use std::fmt;

/// A thing that a token may be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Read cases, their messages and timelines; search.
    ReadCases,
    /// Open cases and act in them.
    WriteCases,
    /// Read customers and the signs they are known by.
    ReadCustomers,
    /// Add signs to customers.
    WriteCustomers,
    /// Speak in the customer's name: confirm a solution, reopen a case.
    SpeakForCustomers,
    /// Bring letters in.
    BringLetters,
    /// Read the feed of events.
    ReadEvents,
}

/// The word for all scopes.
pub const ALL: &str = "all";

impl Scope {
    /// Every scope.
    pub const EVERY: [Self; 7] = [
        Self::ReadCases,
        Self::WriteCases,
        Self::ReadCustomers,
        Self::WriteCustomers,
        Self::SpeakForCustomers,
        Self::BringLetters,
        Self::ReadEvents,
    ];

    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadCases => "cases:read",
            Self::WriteCases => "cases:write",
            Self::ReadCustomers => "customers:read",
            Self::WriteCustomers => "customers:write",
            Self::SpeakForCustomers => "customers:speak",
            Self::BringLetters => "letters:write",
            Self::ReadEvents => "events:read",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|scope| scope.as_str() == word)
    }

    /// Whether it is among these words; `all` is every scope, and a word that nobody knows is none.
    pub fn is_in(self, words: &str) -> bool {
        words.split(' ').any(|word| word == ALL || word == self.as_str())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_only_those_that_stand_there_count() {
        for scope in Scope::EVERY {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
            assert!(scope.is_in("all") && scope.is_in(&format!("odd {scope}")));
            assert!(!scope.is_in("") && !scope.is_in("odd") && !scope.is_in(&format!("{scope}s")));
        }
        assert!(!Scope::WriteCases.is_in("cases:read customers:read"));
    }
}
