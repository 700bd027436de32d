-- Merchants, what they sell, who buys it and which cloud tenant it is used in. A reseller is a merchant and its client a
-- customer: one row, two served contracts. Ids are texts: other systems' ids are taken over as they are.
create table currency (
  name           text primary key check (name = lower(name)),
  title          text not null
);
create table language (
  name           text primary key check (name = lower(name)),
  title          text not null
);
create table invoice_state (
  name           text primary key,
  title          text not null,
  description    text
);

-- deleted_at, here and below: hidden from everyone and its name free again, but its rows are still billed by.
create table merchant (
  id             text primary key,
  name           text not null,
  title          text,
  currency       text not null references currency,
  language       text not null references language,
  -- id of a payment configuration
  default_gateway text,
  properties     jsonb not null default '{}',
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  deleted_at     timestamptz
);
create unique index merchant_name on merchant (name) where deleted_at is null;

-- A buyer at one merchant; the account that pays for the tenants of its subscriptions.
create table customer (
  id             text primary key,
  merchant_id    text not null references merchant,
  name           text not null,
  title          text,
  currency       text not null references currency,
  language       text not null references language,
  default_info   text,
  -- how its documents are made; null = as config/accounts.yaml says
  taxes          jsonb,
  discount_percentage numeric,
  discount_flat  numeric,
  rounding       text,
  connectors     jsonb,
  -- the account's name in documents, given once and kept: "<merchant name>/<customer name>" unless the names say more
  account        text not null unique,
  properties     jsonb not null default '{}',
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  deleted_at     timestamptz
);
create unique index customer_name on customer (merchant_id, name) where deleted_at is null;

create table contact_info (
  id             text primary key,
  customer_id    text not null references customer on delete cascade,
  place          integer not null,
  first_name     text,
  last_name      text,
  company        text,
  address1       text,
  address2       text,
  address3       text,
  locality       text,
  region         text,
  country_name   text,
  postal_code    text,
  phone          text,
  email          text,
  website        text,
  unique (customer_id, place)
);

-- One sellable meter. pricing: a list of rules, as the contract writes them, decimals as texts.
create table product (
  id             text primary key,
  merchant_id    text not null references merchant,
  name           text not null,
  title          text,
  description    text,
  properties     jsonb not null default '{}',
  pricing        jsonb not null default '[]',
  -- what the reseller API keeps about it
  metadata       jsonb,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  deleted_at     timestamptz
);
create unique index product_name on product (merchant_id, name) where deleted_at is null;

create table plan (
  id             text primary key,
  merchant_id    text not null references merchant,
  name           text not null,
  title          text,
  description    text,
  properties     jsonb not null default '{}',
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  deleted_at     timestamptz
);
create unique index plan_name on plan (merchant_id, name) where deleted_at is null;

-- pricing: null = the product's
create table plan_item (
  plan_id        text not null references plan on delete cascade,
  product_id     text not null references product,
  title          text,
  description    text,
  pricing        jsonb,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  primary key (plan_id, product_id)
);

-- A merchant's settings for a payment plug-in; secrets among the properties are kept sealed by the plug-in, never shown.
create table payment_config (
  id             text primary key,
  merchant_id    text not null references merchant,
  provider       text not null,
  name           text not null,
  title          text,
  properties     jsonb not null default '{}',
  state          text not null check (state in ('PENDING', 'VERIFYING', 'ACTIVE', 'INVALID')),
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  unique (merchant_id, name)
);

-- identifier: what the plug-in knows it by, at most the last four digits of a card; never a whole card number.
create table payment_method (
  id             text primary key,
  customer_id    text not null references customer,
  config_id      text not null references payment_config,
  name           text not null,
  identifier     text not null,
  expires        text,
  properties     jsonb not null default '{}',
  state          text not null check (state in ('PENDING', 'VERIFYING', 'ACTIVE', 'INVALID')),
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);

create table subscription (
  id             text primary key,
  merchant_id    text not null references merchant,
  customer_id    text not null references customer,
  plan_id        text not null references plan,
  payment_method_id text references payment_method,
  billing_day    smallint not null check (billing_day between 1 and 31),
  -- the tie: usage of this tenant in [tied_from, ended_at) is this subscription's. Null before the tenant exists.
  resource_id    text,
  resource_type  text,
  realm          text not null default 'default',
  -- begin of what is claimed on tying: the subscription's creation
  tied_from      timestamptz,
  ended_at       timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  check (resource_id is null or tied_from is not null)
);
create unique index subscription_tie on subscription (realm, resource_type, resource_id)
  where ended_at is null and resource_id is not null;
create index subscription_resource on subscription (resource_id);
create index subscription_customer on subscription (customer_id);

-- Where a subscription's tenants stand in Keystone; the worker goes on from here after a kill. Written before each call
-- with what is about to be done, after it with what is done.
create table provisioning (
  subscription_id text primary key references subscription on delete cascade,
  state          text not null check (state in ('new', 'customer_project', 'project', 'role', 'active', 'failed')),
  user_id        text not null,
  idempotency_key text,
  -- projects, and whether this run made them: what existed before is never touched
  customer_project text,
  customer_project_made boolean not null default false,
  project        text,
  project_made   boolean not null default false,
  attempts       integer not null default 0,
  next_try       timestamptz,
  owner          text,
  lease_until    timestamptz,
  reason         text,
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);
create unique index provisioning_idempotency on provisioning (idempotency_key) where idempotency_key is not null;

-- State of an issued invoice towards its customer, beside the document that never changes.
create table invoice_status (
  document_key   text primary key,
  merchant_id    text not null references merchant,
  customer_id    text not null references customer,
  identifier     text not null,
  state          text not null references invoice_state,
  processed      boolean not null default true,
  paid           boolean not null default false,
  paid_at        timestamptz,
  due            timestamptz,
  updated_at     timestamptz not null,
  unique (merchant_id, identifier)
);
create index invoice_status_customer on invoice_status (customer_id);

-- Gapless invoice identifiers, one series a merchant, taken in the transaction that issues.
create table merchant_series (
  merchant_id    text primary key references merchant,
  next           bigint not null default 1
);

insert into invoice_state (name, title, description) values
  ('draft', 'Draft', 'Being put together'),
  ('pending', 'Pending', 'Issued, not paid yet'),
  ('completed', 'Completed', 'Paid'),
  ('failed', 'Failed', 'Its payment failed'),
  ('paid', 'Paid', 'Paid by other means'),
  ('void', 'Void', 'Taken back by a credit note');
