-- What CloudKitty's rating API lets be, beyond what a tariff file says.

-- An unset value of a service's mapping is null or '', as it was sent.
alter table rule_mapping drop constraint rule_mapping_value_check;
alter table rule_mapping drop constraint rule_mapping_check;
alter table rule_mapping add constraint rule_mapping_value check
  (case when field is null then coalesce(value, '') = '' else value is not null and char_length(value) between 1 and 255 end);

-- True for a mapping that went with its service, field or group: kept for the audit, shown to nobody.
alter table rule_mapping add hidden boolean not null default false;

-- Two thresholds for every tenant may have one level; the later one counts.
drop index rule_threshold_once;
create index rule_threshold_level on rule_threshold (service, field, level, tenant);

-- What rates, for all hubs of the ledger. Of those switched on the one with the highest priority comes first.
create table rating_module (
  name           text primary key,
  enabled        boolean not null,
  priority       integer not null
);
insert into rating_module values ('hashmap', true, 1), ('noop', true, 1), ('pyscripts', false, 1);
create trigger changed before insert or update or delete or truncate on rating_module
  for each statement execute function rule_changed();
