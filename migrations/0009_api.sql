-- What a program may do with its token, for which brands, until when and how often; what an act left behind, for whoever
-- asks for it once more.

-- Words of scopes, separated by spaces. Tokens that were made before may do all there is.
alter table api_tokens add column scopes text not null default 'all';
alter table api_tokens add column is_everywhere boolean not null default true;
alter table api_tokens add column expires_at bigint;
-- Requests a minute on one node; the usual number where it is null.
alter table api_tokens add column per_minute bigint;

-- The brands of a token that is not for all of its user's.
create table api_token_brands (
    token_hash bytea not null,
    brand_id bigint not null,
    primary key (token_hash, brand_id)
);

-- The hash of what was asked, and what came of it as JSON of ids, numbers and instants.
alter table acts_done add column asked bytea;
alter table acts_done add column receipt text;
