-- The whole schema, in one text that SQLite and PostgreSQL both read.
-- Instants are BIGINT, microseconds since 1970 UTC. UUID is a blob of 16 bytes on SQLite. Brand is part of every key
-- of what grows with customers, so that the tables can be distributed by it.

-- What is true of the whole installation, such as the fingerprint of its secret (never the secret itself).
create table installation (
    name text not null primary key,
    value text not null
);

create table brands (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    language text not null,
    zone text not null
);

create table teams (
    brand_id bigint not null,
    id uuid not null,
    name text not null,
    policy text not null,
    calendar text not null,
    primary key (brand_id, id),
    unique (brand_id, name)
);

create table agents (
    id uuid not null primary key,
    email text not null unique,
    name text not null,
    role text not null,
    password_hash text not null,
    is_active boolean not null,
    created_at bigint not null
);

create table team_members (
    brand_id bigint not null,
    team_id uuid not null,
    agent_id uuid not null,
    primary key (agent_id, brand_id, team_id)
);
create index team_members_by_team on team_members (brand_id, team_id);

create table inboxes (
    brand_id bigint not null,
    id uuid not null,
    address text not null unique,
    name text not null,
    team_id uuid not null,
    primary key (brand_id, id)
);

create table sessions (
    token_hash bytea not null primary key,
    agent_id uuid not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index sessions_by_expiry on sessions (expires_at);

create table sign_in_failures (
    name_hash bytea not null primary key,
    failures bigint not null,
    last_at bigint not null,
    locked_until bigint not null
);

create table api_tokens (
    token_hash bytea not null primary key,
    name text not null unique,
    agent_id uuid not null,
    created_at bigint not null,
    revoked_at bigint
);

create table customers (
    brand_id bigint not null,
    id uuid not null,
    version bigint not null,
    name text,
    language text,
    created_at bigint not null,
    primary key (brand_id, id)
);

create table identities (
    brand_id bigint not null,
    address text not null,
    id uuid not null,
    customer_id uuid not null,
    created_at bigint not null,
    primary key (brand_id, address),
    unique (brand_id, id)
);
create index identities_by_customer on identities (brand_id, customer_id);

create table cases (
    brand_id bigint not null,
    id uuid not null,
    reference text not null,
    seq bigint not null,
    nature text not null,
    status text not null,
    closing text,
    customer_id uuid not null,
    inbox_id uuid not null,
    team_id uuid not null,
    assignee_id uuid,
    subject_id uuid not null,
    language text not null,
    opened_at bigint not null,
    changed_at bigint not null,
    last_message_id uuid,
    last_inbound_at bigint,
    last_answer_at bigint,
    unanswered_since bigint,
    proposed_at bigint,
    reminded_at bigint,
    third_party_id uuid,
    chase_at bigint,
    closed_at bigint,
    rung text not null,
    transfers bigint not null,
    link_generation bigint not null,
    -- Derived: when the desk must next act; the largest bigint when it need not.
    act_by bigint not null,
    primary key (brand_id, id),
    unique (reference, brand_id)
);
create index cases_of_team on cases (team_id, status, act_by, id);
create index cases_of_assignee on cases (assignee_id, status, act_by, id);
create index cases_of_customer on cases (brand_id, customer_id, opened_at);
create index cases_by_change on cases (changed_at, id);

create table events (
    brand_id bigint not null,
    case_id uuid not null,
    seq bigint not null,
    at bigint not null,
    body text not null,
    primary key (brand_id, case_id, seq)
);

create table contents (
    brand_id bigint not null,
    id uuid not null,
    case_id uuid not null,
    kind text not null,
    text text not null,
    primary key (brand_id, id)
);
create index contents_of_case on contents (brand_id, case_id);

create table messages (
    brand_id bigint not null,
    id uuid not null,
    case_id uuid not null,
    at bigint not null,
    author text not null,
    state text not null,
    purpose text,
    identity_id uuid,
    text_id uuid not null,
    html_id uuid,
    subject_id uuid,
    files_id uuid,
    has_layout boolean not null,
    letter_id uuid,
    mail_id text,
    answers text not null,
    automatic text,
    reason_id uuid,
    primary key (brand_id, id)
);
create index messages_of_case on messages (brand_id, case_id, at);
create index messages_to_identity on messages (brand_id, identity_id, at);

create table thread_keys (
    brand_id bigint not null,
    key_hash bytea not null,
    case_id uuid not null,
    primary key (brand_id, key_hash)
);

create table clocks (
    brand_id bigint not null,
    case_id uuid not null,
    kind text not null,
    due_at bigint not null,
    lease_until bigint not null,
    primary key (brand_id, case_id, kind)
);
create index clocks_by_due on clocks (due_at);

create table orders (
    id uuid not null primary key,
    brand_id bigint not null,
    case_id uuid not null,
    message_id uuid not null,
    lane bigint not null,
    state text not null,
    due_at bigint not null,
    ordered_at bigint not null,
    attempts bigint not null,
    lease uuid,
    lease_until bigint not null
);
-- What is done stays and grows; what is to do is little, and its index stays as little.
create index orders_to_do on orders (lane, due_at, id) where state in ('ready', 'leased');
create index orders_given_up on orders (ordered_at, id) where state = 'given_up';
create index orders_of_message on orders (brand_id, message_id);

-- Acts that have been done, so that a form sent twice acts once.
create table acts_done (
    key_hash bytea not null primary key,
    at bigint not null
);
create index acts_done_by_time on acts_done (at);

-- The bytes of a mail, stored before the first try: every try sends the same.
create table outgoing (
    brand_id bigint not null,
    message_id uuid not null,
    sender text not null,
    recipient text not null,
    bytes bytea not null,
    primary key (brand_id, message_id)
);

-- Raw letters, kept durably before the sender is answered. Large ones are files beside the database.
create table letters (
    id uuid not null primary key,
    brand_id bigint not null,
    inbox_id uuid not null,
    recipient text not null,
    sender text not null,
    received_at bigint not null,
    size_bytes bigint not null,
    bytes bytea,
    file text,
    state text not null,
    reason text,
    attempts bigint not null,
    lease_until bigint not null,
    fingerprint bytea,
    case_id uuid,
    message_id uuid
);
create index letters_to_read on letters (received_at, id) where state in ('unread', 'insisted');
create index letters_aside on letters (received_at, id) where state = 'aside';
create unique index letters_filed_once on letters (brand_id, fingerprint) where state = 'filed';

-- The demo's postbox: what would have left by SMTP.
create table postbox (
    id uuid not null primary key,
    at bigint not null,
    sender text not null,
    recipient text not null,
    bytes bytea not null
);
create index postbox_by_time on postbox (at);
