-- What a held record would come to, whether its text is whole, and how it ended.
alter table quarantine
  -- True if raw (with context) is the record exactly as it came: only then it can be read again.
  add column complete      boolean not null default true,
  -- SHA-256 of a conflicting record's text: the same one set aside again is held once.
  add column digest        bytea,
  -- What the record costs, and what the first billed record beside it cost, when it was set aside; null = unknown.
  add column amount        numeric,
  add column billed_amount numeric,
  -- How it ended, and the batch whose entries bill it; null where nothing was billed.
  add column note          text,
  add column effect        bigint;

-- Before, a cut text was not marked. A conflict's text is the record as it was converted to billed units.
update quarantine set complete = false
 where raw is null or octet_length(raw) >= 4096 or octet_length(context) >= 4096
    or raw ~ '… \(\d+ bytes\)$' or position(U&'\FFFD' in raw) > 0;
update quarantine set context = 'billed units' where kind = 'conflict';

create unique index quarantine_same on quarantine (digest) where state = 'held';
create index quarantine_state on quarantine (state, id);

-- Billed records that an accepted one took the place of: no batch's archive is ever changed, but a row that stands here
-- is not billed any more. The key lets a record be reversed once.
create table reversal (
  batch          bigint not null,
  archive_row    integer not null,
  by_batch       bigint not null,
  primary key (batch, archive_row)
);
create index reversal_by on reversal (by_batch);
