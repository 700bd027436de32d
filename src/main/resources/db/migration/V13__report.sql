-- What reports group and filter by beside the line itself: the metadata that each entry's records had.
-- Digest of the canonical JSON of the kept metadata; its fields as texts, as HashMap rules compare them.
create table metadata (
  id             integer generated always as identity primary key,
  digest         bytea not null unique
);

create table metadata_field (
  metadata       integer not null,
  name           text not null,
  value          text not null,
  primary key (metadata, name)
);
-- A value may be longer than an index takes: the first part of it leads there.
create index metadata_field_value on metadata_field (name, left(value, 100));

-- 0: no metadata, or an entry from before it was kept. A constant default: no row is written.
alter table entry add column metadata integer not null default 0;
alter table rollup add column metadata integer not null default 0;

-- What is billed in another month than it was used in is never usage: found without reading later months whole.
create index rollup_late on rollup (usage_day) where kind <> 1;
