-- Where usage comes from, and how far it is known to be complete.
create table source (
  name           text primary key,
  kind           text not null,
  -- Usage before this moment is in the ledger, as far as the source knows or was declared; null: never reported.
  rated_until    timestamptz,
  -- Who says so: the source itself, or a person by command.
  declared       boolean not null default false,
  -- False once no hub is configured with it any more: it holds no month then.
  configured     boolean not null default true,
  last_error     text,
  last_error_at  timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);
