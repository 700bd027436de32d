-- What was said of tenants as scopes of the rating API; a tenant that nothing was said of is an active scope, too. By name:
-- a scope may be there before its first usage.
create table scope (
  realm          text not null,
  name           text not null check (char_length(name) between 1 and 255),
  scope_key      text not null check (char_length(scope_key) <= 255),
  fetcher        text not null check (char_length(fetcher) <= 255),
  collector      text not null check (char_length(collector) <= 255),
  active         boolean not null,
  -- When active was last said anew.
  toggled_at     timestamptz not null,
  -- Up to where it counts as processed as long as there is no usage of it.
  processed_to   timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  primary key (realm, name)
);
create index scope_inactive on scope (realm, name) where not active;
