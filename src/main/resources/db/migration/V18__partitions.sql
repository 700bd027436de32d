-- Partitions of topics, as their readers saw them last. key is that of position: <cluster id>/<topic id>/<partition>, so that
-- a topic that was deleted and made again is another one.
create table topic_partition (
  source           text not null,
  key              text not null,
  topic            text not null,
  -- <cluster id>/<topic id>
  topic_key        text not null,
  partition        integer not null check (partition >= 0),
  -- What the log holds: offsets in [log_start, log_end), and when that was seen.
  log_start        bigint not null,
  log_end          bigint not null,
  seen_at          timestamptz not null,
  -- Why nothing is read of it until a person decides, and the ledger's position then. Null: it is read.
  stopped          text,
  stopped_position bigint,
  stopped_at       timestamptz,
  -- False once a person went on with its successor.
  current          boolean not null default true,
  primary key (source, key)
);

-- Where the partitions ended when usage before a moment was awaited no longer: once all of them are read up to there, the
-- source is rated until that moment. Noted once.
create table topic_end (
  source           text not null,
  until            timestamptz not null,
  key              text not null,
  log_end          bigint not null,
  noted_at         timestamptz not null,
  primary key (source, until, key)
);

-- What people decided of partitions that had stopped.
create table topic_decision (
  id               bigint generated always as identity primary key,
  source           text not null,
  key              text not null,
  partition        integer not null,
  stopped          text not null,
  from_position    bigint not null,
  to_position      bigint not null,
  reason           text not null,
  who              text not null,
  at               timestamptz not null
);
create index topic_decision_source on topic_decision (source, id);
