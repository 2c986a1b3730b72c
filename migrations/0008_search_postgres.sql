-- Search: what was indexed, with its tokens. Derived: it can be filled again from messages and customers.

create table search_documents (
    -- The instant of the document in microseconds times 1,024, and ten bits that tell those of one instant apart.
    key bigint not null primary key,
    brand_id bigint not null,
    -- 'message' or 'customer', and whose id it is.
    kind text not null,
    document_id uuid not null,
    case_id uuid,
    words tsvector not null
);
create index search_documents_by_id on search_documents (brand_id, document_id);
create index search_documents_by_word on search_documents using gin (words);
