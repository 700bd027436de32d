-- run: what this run marks its projects with, so that they are told from those that were there before, also after an answer
-- that was lost. granted: "project/role" that was not there, written before it is granted; compensating: it failed for good,
-- and what it did is being taken back.
alter table provisioning add column run text;
alter table provisioning add column granted text[] not null default '{}';
alter table provisioning add column compensating boolean not null default false;
create index provisioning_due on provisioning (next_try) where state not in ('active', 'failed');

-- Projects of ended subscriptions, to be disabled at Keystone.
create table project_ending (
  subscription_id text primary key references subscription on delete cascade,
  project        text not null,
  attempts       integer not null default 0,
  next_try       timestamptz,
  owner          text,
  lease_until    timestamptz,
  reason         text,
  done_at        timestamptz,
  created_at     timestamptz not null
);
create index project_ending_due on project_ending (next_try) where done_at is null;
