-- When a letter says it was written, in microseconds since 1970; absent when that is when it was received, more or less.
alter table messages add column written_at bigint;
