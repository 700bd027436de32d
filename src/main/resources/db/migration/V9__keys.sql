-- Keys of the served APIs. Only a digest is kept; a key is shown once, when it is made.
create table api_key (
  id             bigint generated always as identity primary key,
  name           text not null,
  kind           text not null check (kind in ('operator', 'source', 'reseller', 'merchant')),
  -- whom it speaks for, as its kind defines; null for the operator
  subject        text,
  digest         bytea not null,
  created_at     timestamptz not null,
  revoked_at     timestamptz
);
create unique index api_key_name on api_key (kind, name) where revoked_at is null;
