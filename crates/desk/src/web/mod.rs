//! The screens and the API: requests become acts, what is known becomes pages.

pub mod assets;
pub mod language;
pub mod page;
pub mod view;
