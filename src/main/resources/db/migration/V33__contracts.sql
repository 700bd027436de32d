-- What subscriptions were billed by. Written in the transaction that issues the document that bears it.

-- What was added to the amounts of the entries when the document was made: prices at cost and of plans, in the ledger's
-- currency. Documents of before were made of their entries alone, but for prices at cost.
alter table document add column at_close numeric not null default 0;
update document d
   set at_close = d.exact - coalesce((select sum(e.amount) from month m
                                       join entry e on e.tenant = m.tenant and e.billing_month = m.month
                                      where m.document = d.id), 0)
 where d.kind = 'invoice' and exists (select from cost_price)
   and d.currency = (select currency from ledger);

-- A subscription's month that a document bears: what is due in it beside usage is billed once.
create table subscription_month (
  subscription_id text not null references subscription,
  month          date not null,
  document_key   text,
  -- days that were billed of it
  from_day       date not null,
  until_day      date not null,
  primary key (subscription_id, month)
);

-- The prices of a subscription's product in a month of use, as the first document bears them; quantity and amount: what all
-- documents bear by now. Late usage is billed the difference that it makes.
create table plan_price (
  subscription_id text not null references subscription,
  product_id     text not null,
  usage_month    date not null,
  pricing        jsonb not null,
  quantity       numeric not null,
  amount         numeric not null,
  frozen_at      timestamptz not null,
  primary key (subscription_id, product_id, usage_month)
);

-- Subscriptions as they are billed: in whole UTC days, [from_day, until_day). The day of the creation, and that of the end,
-- belong to the subscription: who is tied to a tenant at some time of a day has the day.
create view contract as
select s.id, s.merchant_id, s.customer_id, s.plan_id, s.billing_day, s.realm,
       case when s.resource_type = 'tenant' then s.resource_id end as tenant,
       (coalesce(s.tied_from, s.created_at) at time zone 'UTC')::date as from_day,
       case when s.ended_at is not null
            then ((s.ended_at - interval '1 microsecond') at time zone 'UTC')::date + 1 end as until_day
  from subscription s;

-- What a subscription's plan charges for each product: the item's rules, else the product's.
create view contract_item as
select i.plan_id, p.id as product_id, p.name, coalesce(i.title, p.title, p.name) as title,
       coalesce(i.pricing, p.pricing) as pricing
  from plan_item i join product p on p.id = i.product_id;
