-- Unit prices of usage that is priced at close (pricing: cost), frozen by the first document of a month that bears one. Late
-- usage of that month, and what is taken back of it, is billed at the same price ever after.
create table cost_price (
  usage_month    date not null,
  datacenter     text not null,
  product        text not null,
  price          numeric not null,
  unit           text not null,
  source         text not null,
  frozen_at      timestamptz not null,
  primary key (usage_month, datacenter, product)
);
