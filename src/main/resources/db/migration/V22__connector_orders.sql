-- How a running hub learns that a connector was changed: it looks for newer orders. Only a name and a digest travel through the
-- database, each hub reads its own file; who may write here can't make a hub run anything that is not in its directory.

create table connector_order (
  id             bigint generated always as identity primary key,
  kamelet        text not null,
  digest         text not null,
  ordered_at     timestamptz not null,
  who            text not null
);

-- What a hub made of an order.
create table connector_answer (
  connector_order bigint not null references connector_order,
  hub            text not null,
  state          text not null check (state in ('live', 'refused')),
  message        text,
  at             timestamptz not null,
  primary key (connector_order, hub)
);

-- Hubs that look for orders; seen_at by the database's clock.
create table running_hub (
  hub            text primary key,
  seen_at        timestamptz not null
);
