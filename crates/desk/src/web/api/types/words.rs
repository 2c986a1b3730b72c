//! The closed lists of words that the law of the desk has, as the description of the API shows them.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($name:ident: $of:ty, $doc:literal;)*) => {$(
        #[doc = $doc]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = <$of>::ALL.iter().map(|word| word.as_str());
                let object = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
                object.description(Some($doc)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

words! {
    Nature: casework::Nature, "What kind of matter it is.";
    Status: casework::Status, "Where a case stands.";
    Closing: casework::Closing, "How a case was closed.";
    IdentityKind: casework::IdentityKind, "What kind of sign a customer is known by.";
    Channel: casework::Channel, "How something reached the desk, or leaves it.";
    MessageState: casework::MessageState, "How far a message has come.";
    Direction: casework::Direction, "Who called whom.";
    CallResult: casework::CallResult, "What came of a call.";
}
