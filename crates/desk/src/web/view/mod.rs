//! The screens: plain structs with ready-to-print words, each beside the template it fills. No store types, no queries.

pub mod accounts;
pub mod api_page;
pub mod case_list;
pub mod case_page;
pub mod case_side;
pub mod composer;
pub mod customer_page;
pub mod delivery;
pub mod filters;
pub mod form;
pub mod frame;
pub mod hand;
pub mod happening;
pub mod keeping;
pub mod letters;
pub mod message;
pub mod moment;
pub mod postbox;
pub mod search_page;
pub mod sign_in;
pub mod status;
pub mod timeline;
pub mod tracking;
pub mod webhooks;

pub use delivery::Delivery;
pub use happening::{Actor, Happening, ThreadProof};
pub use moment::{Due, Moment, Reader, Urgency};
pub use status::{Nature, Status};
