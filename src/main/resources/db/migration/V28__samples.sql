-- Samples of Ceilometer, kept until usage was made of them, and a while longer so that it can be made again.
-- Times are microseconds since 1970, as in batches: hours are cut from them.

create table sample_tenant (
  id              integer generated always as identity primary key,
  realm           text not null,
  name            text not null,
  -- The end of the newest hour that usage was made of; null before the first. Equals the ledger's position of the tenant.
  -- Who stores samples of a tenant and who makes usage of them locks this row, so that no sample falls between the two.
  collected_until bigint,
  -- Samples of it before this were removed: the hours up to there can't be computed again.
  pruned_until    bigint not null default 0,
  newest          bigint not null default 0,
  held            bigint not null default 0,
  stored          bigint not null default 0,
  late            bigint not null default 0,
  unique (realm, name)
);

-- late: usage of its hour had been made when it came, and has not been made again since.
create table sample (
  id              uuid primary key,
  tenant          integer not null,
  at              bigint not null,
  late            boolean not null,
  meter           text not null,
  resource        text not null,
  unit            text not null,
  volume          numeric,
  metadata        text not null
);
create index sample_time on sample (tenant, at);
create index sample_late on sample (tenant, at) where late;

-- How far in time a source's samples reach, per partition of a topic; key is empty for other sources.
create table sample_reach (
  source          text not null,
  key             text not null,
  newest          bigint not null,
  primary key (source, key)
);

-- What became of a source's samples, since it was begun.
create table sample_count (
  source          text primary key,
  stored          bigint not null default 0,
  late            bigint not null default 0,
  duplicate       bigint not null default 0,
  untrusted       bigint not null default 0,
  ignored         bigint not null default 0,
  unmapped        bigint not null default 0,
  quarantined     bigint not null default 0,
  -- one of the sources that are not trusted, as its samples called it
  untrusted_name  text,
  updated_at      timestamptz not null
);
