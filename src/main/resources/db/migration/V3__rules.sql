-- The HashMap rules. The id is the order of creation, which decides where two rules of one place are in force at once;
-- the uuid is what the outside calls a row. Rows with deleted_at count for nothing and stay for the audit.

-- One row, locked by every change of a rule before it changes anything; who rates reads the version to know of changes.
create table rule_state (
  one            boolean primary key default true check (one),
  version        bigint not null default 0,
  -- ISO 4217; every cost is in it. Null until the first rules are loaded.
  currency       text
);
insert into rule_state default values;

-- Within the database, so that no change of a rule, by whatever hand, can leave a hub rating by what was before.
create function rule_changed() returns trigger language plpgsql as $$
begin
  -- once a transaction: a row updated thousands of times by one transaction gets ever slower to find
  if current_setting('caravan.rules_changed', true) is distinct from 'yes' then
    update rule_state set version = version + 1;
    perform set_config('caravan.rules_changed', 'yes', true);
  end if;
  return null;
end $$;

create table rule_service (
  id             integer generated always as identity primary key,
  uuid           uuid not null default gen_random_uuid() unique,
  name           text not null check (char_length(name) between 1 and 255),
  deleted_at     timestamptz
);
create unique index rule_service_name on rule_service (name) where deleted_at is null;

-- place: a service's fields in the order in which they are looked at.
create sequence rule_place as bigint;
create table rule_field (
  id             integer generated always as identity primary key,
  uuid           uuid not null default gen_random_uuid() unique,
  service        integer not null references rule_service,
  name           text not null check (char_length(name) between 1 and 255),
  place          bigint not null default nextval('rule_place'),
  deleted_at     timestamptz,
  unique (id, service)
);
create unique index rule_field_name on rule_field (service, name) where deleted_at is null;

create table rule_group (
  id             integer generated always as identity primary key,
  uuid           uuid not null default gen_random_uuid() unique,
  name           text not null check (char_length(name) between 1 and 255),
  deleted_at     timestamptz
);
create unique index rule_group_name on rule_group (name) where deleted_at is null;

-- service: also for a rule of a field, whose service it is. start_at null: always was; end_at null: open.
-- cost and level are NUMERIC without scale, so that 0.10 comes back as 0.10, within the bounds of (40,28) and (20,8).
create table rule_mapping (
  id             bigint generated always as identity primary key,
  uuid           uuid not null default gen_random_uuid() unique,
  service        integer not null references rule_service,
  field          integer,
  value          text check (char_length(value) between 1 and 255),
  type           text not null check (type in ('flat', 'rate')),
  cost           numeric not null check (abs(cost) < 1e12 and scale(trim_scale(cost)) <= 28),
  rule_group     integer references rule_group,
  tenant         text check (char_length(tenant) between 1 and 255),
  start_at       timestamptz,
  end_at         timestamptz,
  name           text not null default replace(gen_random_uuid()::text, '-', '')
                 check (char_length(name) between 1 and 32),
  description    text check (char_length(description) <= 256),
  created_at     timestamptz not null,
  created_by     text not null check (char_length(created_by) <= 32),
  updated_by     text check (char_length(updated_by) <= 32),
  deleted_at     timestamptz,
  deleted_by     text check (char_length(deleted_by) <= 32),
  foreign key (field, service) references rule_field (id, service),
  check ((field is null) = (value is null)),
  check (start_at < end_at)
);
create unique index rule_mapping_name on rule_mapping (name) where deleted_at is null;
create index rule_mapping_service on rule_mapping (service, tenant) where field is null;
create index rule_mapping_field on rule_mapping (field, value, tenant) where field is not null;
create index rule_mapping_group on rule_mapping (rule_group);
create index rule_mapping_tenant on rule_mapping (tenant);
create index rule_mapping_start on rule_mapping (start_at);
create index rule_mapping_end on rule_mapping (end_at) where deleted_at is null;
create index rule_mapping_created_by on rule_mapping (created_by);
create index rule_mapping_updated_by on rule_mapping (updated_by) where updated_by is not null;
create index rule_mapping_deleted_by on rule_mapping (deleted_by) where deleted_by is not null;

create table rule_threshold (
  id             bigint generated always as identity primary key,
  uuid           uuid not null default gen_random_uuid() unique,
  service        integer not null references rule_service,
  field          integer,
  level          numeric not null check (abs(level) < 1e12 and scale(trim_scale(level)) <= 8),
  type           text not null check (type in ('flat', 'rate')),
  cost           numeric not null check (abs(cost) < 1e12 and scale(trim_scale(cost)) <= 28),
  rule_group     integer references rule_group,
  tenant         text check (char_length(tenant) between 1 and 255),
  foreign key (field, service) references rule_field (id, service)
);
-- One price for one level. A missing field, group or tenant is a value like any other here.
create unique index rule_threshold_once on rule_threshold
  (service, coalesce(field, 0), level, coalesce(rule_group, 0), coalesce(tenant, ''));
create index rule_threshold_field on rule_threshold (field);
create index rule_threshold_group on rule_threshold (rule_group);
create index rule_threshold_tenant on rule_threshold (tenant);

create trigger changed before insert or update or delete or truncate on rule_service
  for each statement execute function rule_changed();
create trigger changed before insert or update or delete or truncate on rule_field
  for each statement execute function rule_changed();
create trigger changed before insert or update or delete or truncate on rule_group
  for each statement execute function rule_changed();
create trigger changed before insert or update or delete or truncate on rule_mapping
  for each statement execute function rule_changed();
create trigger changed before insert or update or delete or truncate on rule_threshold
  for each statement execute function rule_changed();
