-- A ledger that was put back from a backup. Until recovered_at is set it issues nothing and delivers nothing: numbers and
-- documents issued since the backup would be issued again with other content.
create table restored (
  id              bigint generated always as identity primary key,
  at              timestamptz not null,
  -- Null where the ledger was put back by other means than a backup of ours.
  backup_taken_at timestamptz,
  file_digest     bytea,
  recovered_at    timestamptz
);

-- What became of asking each connector.
create table recovery (
  restored        bigint not null references restored,
  connector       text not null,
  -- How it is known what the connector holds: it was asked, a person listed it, or a person looked and says so.
  source          text not null check (source in ('asked', 'list', 'confirmed')),
  documents       bigint not null,
  newest          text,
  -- True where it can't be asked and what it got twice would be two invoices.
  doubt           boolean not null,
  updated_at      timestamptz not null,
  primary key (restored, connector)
);

-- Documents that a connector holds and the restored ledger lacked. Their numbers are taken: the account's month, issued
-- again, gets the same number and key; document is set then.
create table recovered (
  number          text not null,
  connector       text not null,
  key             text,
  kind            text not null check (kind in ('invoice', 'credit-note')),
  account         text,
  month           date,
  sequence        integer,
  currency        text,
  total           numeric,
  reference       text,
  restored        bigint not null references restored,
  found_at        timestamptz not null,
  -- A difference between this total and the ledger's that a person takes upon themselves.
  accepted_at     timestamptz,
  accepted_reason text,
  document        bigint references document,
  primary key (number, connector)
);
create index recovered_waiting on recovered (month, account) where document is null;
create index recovered_document on recovered (document) where document is not null;
