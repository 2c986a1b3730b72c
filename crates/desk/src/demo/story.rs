//! The demonstration's story, as it is written in `story.toml`: people, and steps one after the other.

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;

/// A week at a desk.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The brand.
    pub brand: StoryBrand,
    /// The teams.
    pub team: Vec<StoryTeam>,
    /// The people of the desk.
    pub agent: Vec<StoryAgent>,
    /// The customers.
    pub customer: Vec<StoryCustomer>,
    /// What happened, in order of time.
    pub step: Vec<Step>,
}

/// The brand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryBrand {
    /// Short name.
    pub slug: String,
    /// The name customers know.
    pub name: String,
}

/// A team with its inbox.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryTeam {
    /// Its name.
    pub name: String,
    /// The address it answers.
    pub inbox: String,
    /// Hours until the first answer.
    pub first_reply_hours: i64,
}

/// A person of the desk.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryAgent {
    /// How steps name them.
    pub key: String,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// `agent`, `lead` or `admin`.
    pub role: String,
    /// The names of their teams.
    pub teams: Vec<String>,
}

/// A customer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryCustomer {
    /// How steps name them.
    pub key: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
}

/// One thing that happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Working days before the demonstration starts; 0 is the day itself.
    pub ago: u32,
    /// Time of day in Paris, such as `09:12`. On day 0 it is hours and minutes before the start instead.
    pub at: String,
    /// What.
    #[serde(rename = "do")]
    pub deed: Deed,
    /// By whom: a customer for `mail`, an agent otherwise.
    pub by: Option<String>,
    /// The case, by a word of the story's own choice; the first mail of a word opens it.
    pub case: String,
    /// Subject of a first mail.
    pub subject: Option<String>,
    /// The inbox's team of a first mail; the first team when absent.
    pub to_team: Option<String>,
    /// What is said.
    pub text: Option<String>,
    /// For a reply: whether the customer is asked something. For `third_party`: unused.
    #[serde(default)]
    pub waits: bool,
    /// For `third_party`: who, and in how many days they are chased.
    pub third_party: Option<String>,
    /// Days until the third party is chased.
    pub chase_days: Option<i64>,
}

/// The kinds of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A customer writes; a later mail of the same case answers the last mail they got.
    Mail,
    /// A machine writes: a letter with its own header fields, in which `{answered}` is the last mail that the customer got.
    Machine,
    /// An agent takes the case.
    Take,
    /// An agent answers.
    Reply,
    /// An agent writes a note.
    Note,
    /// An agent proposes a solution.
    Propose,
    /// An agent waits for a third party.
    ThirdParty,
    /// The customer confirms.
    Confirm,
    /// The customer reopens.
    Reopen,
}

/// Reads the story that is built into the program.
pub fn read() -> anyhow::Result<Story> {
    Ok(Figment::new().merge(Toml::string(include_str!("story.toml"))).extract()?)
}
