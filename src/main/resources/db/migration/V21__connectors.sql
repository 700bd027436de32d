-- Connectors that are asked by key after a lost answer.

-- calm_at: by the database's clock, when no call of the last attempt can be under way any more. Before it, that the ERP does
-- not have a document proves nothing: the call may still be on its way.
-- asked: how often the connector was asked in vain about this doubt.
alter table delivery add column calm_at timestamptz;
alter table delivery add column asked integer not null default 0;

-- What was begun before this migration: no lease is longer than an hour.
update delivery set calm_at = clock_timestamp() + interval '2 hours' where state <> 'committed' and attempt > 0;

-- The hub notes what a connector answered, as it notes what people order.
alter table delivery_note drop constraint delivery_note_action_check;
alter table delivery_note add constraint delivery_note_action_check
  check (action in ('retry', 'park', 'adopt', 'resend', 'backfill', 'ask'));

-- The newest document that a connector committed: what it is asked about to see whether its answers can be trusted.
create index delivery_newest on delivery (connector, committed_at) where state = 'committed';
