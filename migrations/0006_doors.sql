-- The other doors: what is told by form, phone, visit, paper or program; promises; customers known by other signs than a
-- mail address; forms, drafts, uploads' place in a message.

alter table identities add column kind text not null default 'mail';
-- False while somebody merely said so, as in a form.
alter table identities add column is_proved boolean not null default true;

alter table messages add column channel text not null default 'mail';
update messages set channel = 'page' where state = 'received' and letter_id is null;

alter table cases add column call_again_at bigint;
alter table cases add column commitments text not null default '[]';

-- Public forms of a brand: questions and words as JSON, so that a new question needs no new column.
create table forms (
    brand_id bigint not null,
    id uuid not null,
    slug text not null,
    inbox_id uuid not null,
    nature text not null,
    body text not null,
    is_open boolean not null,
    created_at bigint not null,
    primary key (brand_id, id),
    unique (brand_id, slug)
);

-- Forms that somebody began to fill in, sealed; whoever has the token of a draft may go on with it.
create table form_drafts (
    token_hash bytea not null primary key,
    brand_id bigint not null,
    form_id uuid not null,
    sealed bytea not null,
    expires_at bigint not null
);
create index form_drafts_by_expiry on form_drafts (expires_at);
