-- Search: what was indexed, and the index. Both are derived and can be filled again from messages and customers.

create table search_documents (
    -- The instant of the document in microseconds times 1,024, and ten bits that tell those of one instant apart.
    key integer primary key,
    brand_id bigint not null,
    -- 'message' or 'customer', and whose id it is.
    kind text not null,
    document_id uuid not null,
    case_id uuid
);
create index search_documents_by_id on search_documents (brand_id, document_id);

-- Tokens only: neither the texts nor their words can be read back from it.
create virtual table search_words using fts5(run, apart, content='', contentless_delete=1, tokenize='ascii');
