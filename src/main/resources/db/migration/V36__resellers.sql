-- A merchant as a reseller: its key, its login, its currencies, and what it writes beside a resource.

-- True: the report may span all resellers.
alter table api_key add column all_resellers boolean not null default false;

-- Who may have a key made by user name and password. Of the password only what a slow function makes of it and the salt.
create table reseller_login (
  username       text primary key,
  merchant_id    text not null references merchant,
  salt           bytea not null,
  iterations     integer not null check (iterations > 0),
  digest         bytea not null,
  all_resellers  boolean not null default false,
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);
create index reseller_login_merchant on reseller_login (merchant_id);

-- exchange_rate: units of the currency per unit of the main one, which is the ledger's. What is written here holds for
-- documents issued from then on: each bears its rate.
create table reseller_currency (
  id             text primary key,
  merchant_id    text not null references merchant,
  iso_code       text not null check (iso_code ~ '^[A-Z]{3}$'),
  label          text,
  plural_label   text,
  symbol         text,
  exchange_rate  numeric(28, 8) not null check (exchange_rate > 0),
  main           boolean not null default false,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  unique (merchant_id, iso_code),
  check (not main or exchange_rate = 1)
);
create unique index reseller_currency_main on reseller_currency (merchant_id) where main;

create table resource_metadata (
  merchant_id    text not null references merchant,
  realm          text not null,
  tenant         text not null,
  resource       text not null,
  metadata       jsonb not null,
  updated_at     timestamptz not null,
  primary key (merchant_id, resource, realm, tenant)
);

-- A reseller's clients, projects and products are found through it.
create index customer_merchant on customer (merchant_id, created_at, id);
create index subscription_merchant on subscription (merchant_id);
create index product_merchant on product (merchant_id);
