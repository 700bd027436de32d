-- Re-rating: what was billed is billed at today's rules, by entries of its own. Nothing that stands is changed or deleted.

-- One order to re-rate.
--   reprocess   a window of time of open months, asked for by the rating API
--   reset       the same from a moment on, without an end
--   correction  an issued month; what it differs by is billed in the tenant's oldest open month
create table rerating (
  id             bigint generated always as identity primary key,
  kind           text not null check (kind in ('reprocess', 'reset', 'correction')),
  -- Records that begin in [from_at, until_at); null: no end.
  from_at        timestamptz not null,
  until_at       timestamptz,
  reason         text not null check (char_length(reason) between 1 and 1000),
  state          text not null default 'pending' check (state in ('pending', 'running', 'done', 'failed')),
  -- Who is at it, by the database's clock.
  owner          text,
  lease_until    timestamptz,
  -- Version of the tariff that the pass rates by; when another holds, a new pass begins.
  tariff         text,
  -- Batches up to the first are done. A pass takes those above it up to the second, in order of their time and id.
  done_through   bigint not null default 0,
  pass_through   bigint,
  cursor_at      timestamptz,
  cursor_batch   bigint,
  last_error     text,
  last_error_at  timestamptz,
  created_by     text not null check (char_length(created_by) between 1 and 255),
  created_at     timestamptz not null,
  ended_at       timestamptz,
  check (until_at > from_at),
  check (kind <> 'correction' or until_at is not null)
);
create index rerating_open on rerating (id) where state in ('pending', 'running', 'failed');

-- Whom an order is about, and what it came to. Amounts are exact; after = before + difference.
create table rerating_tenant (
  rerating       bigint not null references rerating,
  tenant         integer not null references tenant,
  -- Of a correction its month and reason: whoever gives the same reason again bills nothing more.
  once           text,
  -- Records looked at, and those of them that cost something else now.
  records        bigint not null default 0,
  changed        bigint not null default 0,
  before         numeric not null default 0,
  after          numeric not null default 0,
  difference     numeric not null default 0,
  -- Records left as they were: today's rules can't rate them; their line was credited; their month was issued meanwhile.
  unratable      bigint not null default 0,
  credited       bigint not null default 0,
  issued         bigint not null default 0,
  primary key (rerating, tenant),
  unique (tenant, once)
);

-- The batch of an order's entries. It has no archive and no records of its own.
alter table batch add column rerating bigint references rerating;
create index batch_rerating on batch (rerating) where rerating is not null;

-- What archived records are billed at since: of the batches that re-rated a record, the one with the highest id says it.
-- Nobody else's archive is changed. prices: rows, prices and amounts, compressed; digest: SHA-256 of it.
create table repriced (
  batch          bigint not null references batch,
  by_batch       bigint not null references batch,
  records        integer not null check (records > 0),
  prices         bytea not null,
  digest         bytea not null,
  primary key (batch, by_batch)
);
alter table repriced alter column prices set storage external;
create index repriced_by on repriced (by_batch);

comment on column entry.kind is
  '1 usage, 2 correction, 3 adjustment, 4 rerate of what another month''s document bears; 41, 42, 43: rerate of an entry of'
  ' kind 1, 2, 3 whose month is still open, so that both are one line of its document';
