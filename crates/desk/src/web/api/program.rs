//! A program that was admitted with its token: on whose behalf, for which brands.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use casework::{BrandId, Case, Role};
use store::Brand;

use super::super::access::Held;
use super::super::case;
use super::super::context::Signed;
use super::super::state::Web;
use super::super::trouble::Trouble;

/// A program, which may do what its user may, within the brands of its token.
pub(in crate::web) struct Program {
    signed: Signed,
    held: Held,
}

impl FromRequestParts<Web> for Program {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let held = parts.extensions.get::<Held>().cloned().ok_or(Trouble::NoToken)?;
        Ok(Self { signed: Signed::from_request_parts(parts, web).await?, held })
    }
}

impl Deref for Program {
    type Target = Signed;

    fn deref(&self) -> &Signed {
        &self.signed
    }
}

impl Program {
    /// The case of that reference, if this program may see it.
    pub async fn find(&self, reference: &str) -> Result<Case, Trouble> {
        let case = case::find(&self.signed, reference).await?;
        if self.is_for(case.brand) { Ok(case) } else { Err(Trouble::NotFound) }
    }

    /// Whether it works for a brand: that of its user's teams (for administrators every one), as far as its token goes.
    pub fn works_for(&self, brand: BrandId) -> bool {
        let agent = &self.agent;
        let is_users = agent.role == Role::Admin || agent.teams.iter().any(|(own, _)| *own == brand);
        is_users && self.is_for(brand)
    }

    /// The brands that it works for.
    pub async fn brands(&self) -> Result<Vec<Brand>, Trouble> {
        let brands = self.desk.store.brands().await?;
        Ok(brands.into_iter().filter(|brand| self.works_for(brand.id)).collect())
    }

    /// The brand of that short name, if it works for it.
    pub async fn brand(&self, slug: &str) -> Result<Brand, Trouble> {
        self.brands().await?.into_iter().find(|brand| brand.slug == slug).ok_or(Trouble::NotFound)
    }

    /// The hash of its token, where that is not for all brands of its user.
    pub fn limiting_token(&self) -> Option<[u8; 32]> {
        self.held.brands.as_ref().map(|_| self.held.token)
    }

    fn is_for(&self, brand: BrandId) -> bool {
        self.held.brands.as_ref().is_none_or(|brands| brands.contains(&brand))
    }
}
