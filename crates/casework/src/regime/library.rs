//! The regimes that are shipped, read from their files once. A test reads them all, and holds what each must have.

use std::sync::LazyLock;

use super::Regime;

macro_rules! files {
    ($($name:literal,)*) => {
        /// Each file by the id of its regime.
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../regimes/", $name, ".toml"))),)*
        ];
    };
}

files! {
    "fr-livraison",
    "fr-retractation",
    "fr-conformite",
    "fr-mediation",
    "fr-telecom",
    "fr-energie",
    "fr-tourisme",
    "eu-air-261",
    "eu-rail",
    "fr-reconduction",
    "fr-resiliation",
    "fr-telephone",
    "fr-acpr",
    "fr-amf",
    "eu-psd2",
    "gdpr-12",
    "be-mediation",
    "uk-disp",
    "us-cfpb",
    "es-10-2025",
    "eu-air-261-reform",
}

/// Every regime, in the order in which screens list them.
pub fn all() -> &'static [Regime] {
    static ALL: LazyLock<Vec<Regime>> =
        LazyLock::new(|| FILES.iter().map(|(id, text)| read(id, text)).collect());
    &ALL
}

/// A regime by its id.
pub fn find(id: &str) -> Option<&'static Regime> {
    all().iter().find(|regime| regime.id == id)
}

fn read(id: &str, text: &str) -> Regime {
    #[allow(clippy::panic, reason = "the files are part of the program, and a test reads them all")]
    toml::from_str(text).unwrap_or_else(|error| panic!("the regime {id} cannot be read: {error}"))
}
