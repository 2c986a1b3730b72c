//! The signature of Standard Webhooks: HMAC-SHA256 over id, instant and body, in base64, with its version before it.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Message;

/// Bytes of a secret; the specification wants 24 to 64.
pub const SECRET_BYTES: usize = 32;

/// A secret as people carry it to the other program.
pub fn written(secret: &[u8]) -> String {
    format!("whsec_{}", BASE64.encode(secret))
}

/// The header `webhook-signature`.
pub fn signature(secret: &[u8], message: &Message) -> String {
    let Message { id, at, body } = message;
    match Hmac::<Sha256>::new_from_slice(secret) {
        Ok(mut mac) => {
            mac.update(format!("{id}.{at}.{body}").as_bytes());
            format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
        }
        // HMAC takes keys of any length.
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference implementations.
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            at: 1_614_265_330,
            body: "{\"test\": 2432232314}".to_owned(),
        };
        assert_eq!(signature(&secret, &message), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(written(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }
}
