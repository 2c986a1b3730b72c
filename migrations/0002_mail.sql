-- Mail in full: accounts read by IMAP, aliases, junk, addresses that are dead, signatures, cases merged into others.

alter table brands add column signature text;

alter table identities add column undeliverable_at bigint;

alter table cases add column undelivered_at bigint;
alter table cases add column merged_into uuid;

-- Whether the domain of a letter's sender stands behind it; absent when nobody can tell.
alter table messages add column sender_proof text;

-- Which machine handed a letter over, for SPF, and how it greeted; absent when a mail server of ours did.
alter table letters add column peer text;
alter table letters add column greeting text;
-- Brought over from elsewhere: no receipt is sent for it.
alter table letters add column is_history boolean not null default false;
create index letters_aside_by_reason on letters (reason, received_at, id) where state = 'aside';

-- Further addresses of an inbox.
create table inbox_aliases (
    address text not null primary key,
    brand_id bigint not null,
    inbox_id uuid not null
);
create index inbox_aliases_of_inbox on inbox_aliases (brand_id, inbox_id);

-- The desk's own rules about what is junk.
create table junk_rules (
    brand_id bigint not null,
    id uuid not null,
    verdict text not null,
    field text not null,
    pattern text not null,
    created_at bigint not null,
    primary key (brand_id, id),
    unique (brand_id, field, pattern)
);

-- A mail account elsewhere that feeds an inbox, and how far it has been read. Secrets are sealed with the desk's own secret.
create table mail_accounts (
    brand_id bigint not null,
    id uuid not null,
    inbox_id uuid not null,
    host text not null,
    port bigint not null,
    tls text not null,
    username text not null,
    folder text not null,
    after_reading text not null,
    sealed_password bytea,
    -- A grant (OAuth 2) instead of a password.
    oauth text,
    sealed_client_secret bytea,
    sealed_refresh_token bytea,
    grant_ends_at bigint,
    -- The server that takes this inbox's mails, with the same login; absent when the desk's own does.
    smtp text,
    created_at bigint not null,
    -- Whether letters that were there before are taken too.
    takes_history boolean not null,
    -- Letters up to this one were there when the account was connected: they get no receipt.
    history_uid bigint,
    uid_validity bigint,
    last_uid bigint not null,
    read_at bigint,
    failed_at bigint,
    failure text,
    failures bigint not null,
    -- The node that reads it: a lease, and a number that grows with each new holder.
    lease uuid,
    lease_until bigint not null,
    fence bigint not null,
    primary key (brand_id, id),
    unique (brand_id, inbox_id)
);

-- Keys that sign our mails (DKIM), one a domain.
create table dkim_keys (
    domain text not null primary key,
    selector text not null,
    sealed_key bytea not null,
    dns_record text not null,
    created_at bigint not null
);
