-- How long things are kept, what is held as evidence, and what was erased.

alter table cases add column held_since bigint;
alter table cases add column erased_at bigint;
create index cases_settled on cases (brand_id, nature, closing, closed_at)
    where status = 'closed' and erased_at is null and held_since is null;
create index cases_merged_into on cases (brand_id, merged_into) where merged_into is not null;

alter table customers add column erased_at bigint;

-- Months after the closing until a case is erased. No row: for ever.
create table keeping (
    brand_id bigint not null,
    nature text not null,
    closing text not null,
    months bigint not null,
    primary key (brand_id, nature, closing)
);

-- Whose data somebody asked to have erased. Ids only; the same list stands in a file beside the store, for backups that
-- are older than it.
create table erasures (
    id uuid not null primary key,
    brand_id bigint not null,
    customer_id uuid not null,
    agent_id uuid,
    asked_at bigint not null,
    done_at bigint,
    -- Why it has not been done yet: the word of a refusal.
    obstacle text
);
create index erasures_to_do on erasures (asked_at, id) where done_at is null;

-- The duplicates of a letter lead to its case too.
create index letters_of_case on letters (brand_id, case_id) where case_id is not null;
create index letters_to_remove on letters (id) where state = 'erased' and file is not null;
create index files_to_remove on files (id) where message_id is null and created_at = 0;
