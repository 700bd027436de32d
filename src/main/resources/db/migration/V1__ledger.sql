-- The ledger. One dialect: PostgreSQL 14 and later.
-- Money and quantities are NUMERIC without scale: exact, whatever a tariff says.
-- Texts that repeat are int ids (half the disk of texts); side rows are written in the transaction that first needs them.

-- What is decided once for a ledger and never changes.
create table ledger (
  one            boolean primary key default true check (one),
  issuer         text not null,
  currency       text,
  proforma       boolean not null default false,
  created_at     timestamptz not null default now()
);

create table term (
  id             integer generated always as identity primary key,
  value          text not null unique
);

create table tenant (
  id             integer generated always as identity primary key,
  realm          text not null,
  name           text not null,
  bucket         smallint not null,
  unique (realm, name)
);

-- What priced an entry. unit_price is null where the amount is not linear in the quantity.
create table price (
  id             integer generated always as identity primary key,
  digest         bytea not null unique,
  tariff         text not null,
  rules          text[] not null,
  unit_price     numeric,
  priced         boolean not null
);

-- The one lock that everything shares which writes or sums entries of a tenant.
create table bucket (
  id             smallint primary key,
  epoch          bigint not null default 0
);
insert into bucket (id) select generate_series(0, 1023);

create sequence batch_id as bigint;

-- One row per committed batch. first_begin, last_end and buckets (a bitmap) narrow down which archives may hold a record.
create table batch (
  id             bigint primary key,
  committed_at   timestamptz not null default now(),
  source         text,
  first_begin    timestamptz,
  last_end       timestamptz,
  buckets        bytea not null,
  records        integer not null,
  accepted       integer not null,
  duplicate      integer not null,
  conflict       integer not null,
  quarantined    integer not null,
  unpriced       integer not null,
  rolled_at      timestamptz,
  archive        bytea,
  archive_digest bytea,
  accepted_rows  bytea
);
alter table batch alter column archive set storage external;
create index batch_unrolled on batch (id) where rolled_at is null;
create index batch_time on batch (first_begin, last_end);

-- Where reading goes on. value: the first position not yet committed.
create table position (
  source         text not null,
  key            text not null,
  value          bigint not null,
  done           boolean not null default false,
  batch          bigint,
  updated_at     timestamptz not null default now(),
  primary key (source, key)
);

create table batch_position (
  source         text not null,
  key            text not null,
  from_value     bigint not null,
  to_value       bigint not null,
  batch          bigint not null,
  primary key (source, key, batch)
);

-- Append-only. One row per line and contiguous run of a batch. Partitions are made as months are first met.
-- kind: 1 usage, 2 correction, 3 adjustment, 4 rerate. timed: false for event meters, whose time may overlap.
create table entry (
  first_begin    timestamptz not null,
  last_end       timestamptz not null,
  batch          bigint not null,
  billing_month  date not null,
  usage_day      date not null,
  tenant         integer not null,
  datacenter     integer not null,
  meter          integer not null,
  resource       integer not null,
  identity       integer not null,
  product        integer not null,
  unit           integer not null,
  price_id       integer not null,
  records        integer not null,
  bucket         smallint not null,
  kind           smallint not null,
  timed          boolean not null default true,
  quantity       numeric not null,
  amount         numeric not null,
  seconds        numeric not null
) partition by list (billing_month);
create index entry_batch on entry using brin (batch) with (pages_per_range = 16);

-- The entries of rolled batches summed per (line, day, price). Appended too: a key may have several rows.
create table rollup (
  first_begin    timestamptz not null,
  last_end       timestamptz not null,
  billing_month  date not null,
  usage_day      date not null,
  tenant         integer not null,
  datacenter     integer not null,
  meter          integer not null,
  resource       integer not null,
  identity       integer not null,
  product        integer not null,
  unit           integer not null,
  price_id       integer not null,
  records        bigint not null,
  bucket         smallint not null,
  kind           smallint not null,
  quantity       numeric not null,
  amount         numeric not null,
  seconds        numeric not null
) partition by list (billing_month);
create index rollup_tenant on rollup (tenant, billing_month);

-- Ids of records of event meters, for ever. row: the record's place in its batch's archive.
create table event (
  tenant         integer not null,
  meter          integer not null,
  id             text not null,
  batch          bigint not null,
  archive_row    integer not null,
  primary key (tenant, meter, id)
);

-- Name and metadata of a resource as they were told, versioned by time.
create table resource (
  tenant         integer not null,
  datacenter     integer not null,
  resource       integer not null,
  meter          integer not null,
  identity       integer not null,
  since          timestamptz not null,
  batch          bigint not null,
  bucket         smallint not null,
  metadata       text not null
);
create index resource_tenant on resource (tenant);
create index resource_batch on resource using brin (batch);

create table quarantine (
  id             bigint generated always as identity primary key,
  source         text,
  key            text,
  position       bigint,
  kind           text not null check (kind in ('unusable', 'conflict')),
  reason         text not null,
  format         text,
  context        text,
  raw            text,
  billed         text,
  tenant         text,
  usage_month    date,
  state          text not null default 'held' check (state in ('held', 'retried', 'accepted', 'dropped')),
  batch          bigint not null,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create unique index quarantine_once on quarantine (source, key, position) where position >= 0;
create index quarantine_held on quarantine (usage_month) where state = 'held';

-- A tenant's months, in calendar order: open -> closing -> closed. A month without a row is open.
create table month (
  tenant         integer not null references tenant,
  month          date not null,
  state          text not null check (state in ('open', 'closing', 'closed')),
  owner          text,
  lease_until    timestamptz,
  document       bigint,
  closed_at      timestamptz,
  primary key (tenant, month)
);
create index month_state on month (month, state);

-- One gapless series per issuer, kind and year; the row is locked by the transaction that takes a number.
create table number_series (
  issuer         text not null,
  kind           text not null,
  year           integer not null,
  last           bigint not null,
  primary key (issuer, kind, year)
);

-- Issued documents never change. body is the document's JSON exactly as connectors get it.
create table document (
  id             bigint generated always as identity primary key,
  key            text not null unique,
  number         text not null,
  kind           text not null check (kind in ('invoice', 'credit-note')),
  issuer         text not null,
  account        text not null,
  month          date not null,
  sequence       integer not null,
  corrects       bigint references document,
  proforma       boolean not null,
  currency       text not null,
  total          numeric not null,
  exact          numeric not null,
  lines          integer not null,
  body           text not null,
  digest         bytea not null,
  issued_at      timestamptz not null,
  unique (issuer, number)
);
create index document_account on document (account, month);
create index document_month on document (month);

-- A document waiting to be fanned out to its connectors.
create table outbox (
  document       bigint primary key references document,
  state          text not null default 'pending' check (state in ('pending', 'fanning', 'done', 'parked')),
  attempt        integer not null default 0,
  due_at         timestamptz not null default now(),
  owner          text,
  lease_until    timestamptz,
  last_error     text,
  updated_at     timestamptz not null default now()
);
create index outbox_due on outbox (due_at) where state in ('pending', 'fanning');

-- One row per (document, connector). Every update names its attempt.
create table delivery (
  id             bigint generated always as identity primary key,
  document       bigint not null references document,
  connector      text not null,
  lane           text not null default '',
  state          text not null default 'pending'
                 check (state in ('pending', 'delivering', 'committed', 'retrying', 'in-doubt', 'parked')),
  attempt        integer not null default 0,
  due_at         timestamptz not null default now(),
  owner          text,
  lease_until    timestamptz,
  reference      text,
  erp_total      numeric,
  last_error     text,
  committed_at   timestamptz,
  updated_at     timestamptz not null default now(),
  unique (document, connector)
);
create index delivery_due on delivery (connector, lane, due_at)
  where state in ('pending', 'delivering', 'retrying', 'in-doubt');

create table delivery_attempt (
  delivery       bigint not null references delivery,
  attempt        integer not null,
  owner          text not null,
  started_at     timestamptz not null,
  ended_at       timestamptz,
  outcome        text,
  detail         text,
  primary key (delivery, attempt)
);
