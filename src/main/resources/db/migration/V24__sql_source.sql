-- How far tables of other databases were read: everything whose watermark lies before it, as it was visible then. pages
-- counts what was committed of the source: whoever goes on from another count than this one changes nothing.
create table sql_watermark (
  source         text primary key,
  watermark      timestamptz,
  pages          bigint not null default 0,
  updated_at     timestamptz not null
);
