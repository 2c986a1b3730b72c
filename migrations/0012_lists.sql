-- The lists that agents work by: each read in its own order, whatever else the table holds. Team and assignee stand in
-- them too, because they say who may see a row.

drop index cases_of_team;
drop index cases_of_assignee;
create index cases_open on cases (act_by, id, brand_id, team_id, assignee_id) where status <> 'closed';
create index cases_open_of_team on cases (brand_id, team_id, act_by, id) where status <> 'closed';
create index cases_open_of_assignee on cases (assignee_id, act_by, id) where status <> 'closed';
create index cases_unassigned on cases (act_by, id, brand_id, team_id)
    where assignee_id is null and status in ('new', 'open');
create index cases_waiting on cases (act_by, id, brand_id, team_id, assignee_id)
    where status in ('waiting_customer', 'waiting_third_party', 'resolved');
create index cases_closed on cases (changed_at, id, brand_id, team_id, assignee_id) where status = 'closed';
create index cases_by_opening on cases (opened_at, brand_id, team_id, assignee_id);
