-- A letter that is kept aside is recognised when it is brought in again.
create index letters_aside_by_fingerprint on letters (brand_id, fingerprint) where state = 'aside';
