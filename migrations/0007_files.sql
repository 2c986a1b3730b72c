-- Files that people put with what they write. Their bytes are kept elsewhere, under their hash.

create table files (
    id uuid not null primary key,
    hash bytea not null,
    name text not null,
    media_type text not null,
    size_bytes bigint not null,
    has_preview boolean not null,
    created_at bigint not null,
    -- Once a message has it. Until then it belongs to whoever knows its signed id, and goes after a day.
    brand_id bigint,
    case_id uuid,
    message_id uuid,
    position bigint
);
create unique index files_of_message on files (brand_id, message_id, position) where message_id is not null;
create index files_unclaimed on files (created_at) where message_id is null;
create index files_by_hash on files (hash);
