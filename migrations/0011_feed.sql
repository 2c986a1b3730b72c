-- The feed of all events, and who is told of them.

-- Its place in the feed, given after its commit by one sequencer at a time: whoever reads on from a place misses nothing.
alter table events add column position bigint;
create unique index events_by_position on events (position) where position is not null;
create index events_unplaced on events (brand_id, case_id, seq) where position is null;

create table webhooks (
    id uuid not null primary key,
    name text not null unique,
    url text not null,
    -- The secret that signs, sealed.
    sealed_secret bytea not null,
    -- On whose behalf: what they may see is told.
    agent_id uuid not null,
    -- Words of events, separated by spaces; empty for all.
    events text not null,
    -- The last place of the feed that was told.
    position bigint not null,
    is_on boolean not null,
    created_at bigint not null,
    failing_since bigint,
    attempts bigint not null,
    due_at bigint not null,
    lease uuid,
    lease_until bigint not null
);

create table webhook_tries (
    id uuid not null primary key,
    webhook_id uuid not null,
    position bigint not null,
    at bigint not null,
    status bigint,
    took_ms bigint not null,
    detail text not null
);
create index webhook_tries_of on webhook_tries (webhook_id, at);
