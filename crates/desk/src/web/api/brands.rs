//! `/api/v1/brands`: what a program must name when it opens a case or gives one to somebody.

use axum::Json;

use super::super::trouble::Trouble;
use super::program::Program;
use super::types::brand::{Brand, BrandList, Inbox, Member, Team};

/// The brands that the program works for, with their inboxes, teams and people.
#[utoipa::path(get, path = "/api/v1/brands", tag = "brands", responses((status = 200, body = BrandList)))]
pub(in crate::web) async fn brands(program: Program) -> Result<Json<BrandList>, Trouble> {
    let store = &program.desk.store;
    let all = store.inboxes().await?;
    let mut brands = Vec::new();
    for brand in program.brands().await? {
        let names = store.names(brand.id).await?;
        let own = all.iter().filter(|inbox| inbox.brand == brand.id);
        let inboxes = own
            .map(|inbox| Inbox {
                address: inbox.address.clone(),
                name: inbox.name.clone(),
                team: inbox.team.0,
            })
            .collect();
        let members = |team| {
            let of_team = names.members.iter().filter(|(of, _)| *of == team);
            let people = of_team.filter_map(|(_, agent)| Some((agent, names.agents.get(agent)?)));
            people.map(|(agent, name)| Member { id: agent.0, name: name.clone() }).collect()
        };
        let teams = names.teams.iter();
        let teams =
            teams.map(|(id, name)| Team { id: id.0, name: name.clone(), members: members(*id) }).collect();
        brands.push(Brand {
            slug: brand.slug,
            name: brand.name,
            language: brand.language,
            time_zone: brand.zone,
            inboxes,
            teams,
        });
    }
    Ok(Json(BrandList { brands }))
}
