-- What a source lists that is pulled metric by metric. Where reading of each stands is in position, under the same key, as
-- seconds since 1970; under "<key> again" stands the second look.
create table pulled_metric (
  source         text not null,
  key            text not null,
  -- Where its reading began.
  since          timestamptz not null,
  -- False once it is not listed any more: it holds no month then, and goes on where it stood if it is listed again.
  listed         boolean not null default true,
  listed_at      timestamptz not null,
  -- When the other side was first found to have such a metric; null: never, so that its name may be a typing error.
  seen_at        timestamptz,
  -- When a person was found to have declared a month complete although it was never seen.
  excused_at     timestamptz,
  primary key (source, key)
);
