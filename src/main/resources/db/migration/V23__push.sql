-- What a key may do within its kind: the tenants that it speaks for (null: any), and whether it may name prices.
alter table api_key
  add column tenants       text[],
  add column prices        boolean not null default false;

-- What a push with an Idempotency-Key was answered. Written in the transaction that takes its usage in, so that the same
-- push again is told the same, whatever was killed in between. Forgotten after caravan.push.answers.
create table push_answer (
  source         text not null,
  key            text not null,
  -- SHA-256 of the unpacked body and its media type: the same key with another body is refused.
  digest         bytea not null,
  status         smallint,
  answer         bytea,
  created_at     timestamptz not null,
  primary key (source, key)
);
create index push_answer_age on push_answer (created_at);

-- When a source that is pushed to was first pushed to: one that never was is never complete by itself.
alter table source
  add column reported_at   timestamptz;
