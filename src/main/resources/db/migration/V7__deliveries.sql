-- What deliveries need over years: doubt that outlives a state, orders by people, lanes that rest.

-- doubt: an attempt may have reached the ERP, and neither its reference nor a person has settled it since.
-- counted_from: attempts made before a person last ordered it to go on; only later ones count towards the most allowed.
alter table delivery add column doubt boolean not null default false;
alter table delivery add column counted_from integer not null default 0;
alter table outbox add column counted_from integer not null default 0;

-- Older rows do not say whether a failed attempt had sent anything, so each one that was tried counts as doubt.
update delivery v set doubt = true
 where state not in ('pending', 'committed')
   and exists (select from delivery_attempt a where a.delivery = v.id and a.outcome is distinct from 'parked');

create index delivery_open on delivery (due_at, id) where state <> 'committed';
create index delivery_alarm on delivery (id) where state = 'committed' and last_error is not null;
create index outbox_open on outbox (due_at) where state <> 'done';

-- A lane whose attempts failed one after the other rests before the next. No row: its last attempt went well.
create table delivery_lane (
  connector      text not null,
  lane           text not null,
  failures       integer not null,
  paused_until   timestamptz not null,
  last_error     text,
  updated_at     timestamptz not null,
  primary key (connector, lane)
);

-- What people ordered, beside the attempts. delivery is null where the fan-out itself was meant.
create table delivery_note (
  id             bigint generated always as identity primary key,
  document       bigint not null references document,
  delivery       bigint references delivery,
  at             timestamptz not null,
  who            text not null,
  action         text not null check (action in ('retry', 'park', 'adopt', 'resend', 'backfill')),
  from_state     text,
  to_state       text not null,
  attempt        integer not null,
  reason         text
);
create index delivery_note_document on delivery_note (document);
