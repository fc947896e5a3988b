/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-interval-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-time-private.h>
#include <pgconn/types/pg-timestamp-private.h>
#include <pgconn/types/pg-usual-text-private.h>

/* date */

static PgDate *
date_to_date (const PgWireValue *value, GError **error)
{
  const char *reason = NULL;
  gint32 days;
  gboolean ok;

  if (value->format == PG_FORMAT_TEXT)
    ok = pg_usual_scan_date (value->data, value->length, &days)
         || pg_date_scan_styles ((const char *) value->data, value->length, value->session, &days, &reason);
  else
    {
      if (!pg_codec_check_length (value, 4, error))
        return NULL;
      days = (gint32) pg_wire_get_uint32 (value->data);
      ok = pg_date_check_days (days, &reason);
    }
  if (!ok)
    {
      pg_codec_fail (value, reason, error);
      return NULL;
    }
  return pg_date_new_unchecked (days);
}

static char *
date_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgDate) date = date_to_date (value, error);

  return date != NULL ? pg_date_to_string (date) : NULL;
}

static gboolean
date_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  PgDate *date = date_to_date (wire, error);

  if (date == NULL)
    return FALSE;
  g_value_take_boxed (value, date);
  return TRUE;
}

const PgCodecOps pg_codec_ops_date = {
  .get_value_type = pg_date_get_type,
  .variant_type = "s",
  .plain = PG_WIRE_PLAIN_DATES,
  .to_date = date_to_date,
  .binary_to_text = date_binary_to_text,
  .to_value = date_to_value,
  .encode = pg_encode_date,
};

/* timestamp, timestamptz */

static PgTimestamp *
read_timestamp (const PgWireValue *value, gboolean has_zone, GError **error)
{
  const char *reason = NULL;
  gint64 microseconds;
  gboolean ok;

  if (value->format == PG_FORMAT_TEXT)
    ok = pg_usual_scan_timestamp (value->data, value->length, has_zone, &microseconds)
         || pg_timestamp_scan_styles ((const char *) value->data, value->length, has_zone, value->session, &microseconds, &reason);
  else
    {
      if (!pg_codec_check_length (value, 8, error))
        return NULL;
      microseconds = (gint64) pg_wire_get_uint64 (value->data);
      ok = pg_timestamp_check (microseconds, &reason);
    }
  if (!ok)
    {
      pg_codec_fail (value, reason, error);
      return NULL;
    }
  return pg_timestamp_new_unchecked (microseconds, has_zone);
}

static PgTimestamp *
timestamp_to_timestamp (const PgWireValue *value, GError **error)
{
  return read_timestamp (value, FALSE, error);
}

static PgTimestamp *
timestamptz_to_timestamp (const PgWireValue *value, GError **error)
{
  return read_timestamp (value, TRUE, error);
}

/* The binary form knows nothing of the session's time zone: the text is in UTC. */
static char *
timestamp_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgTimestamp) timestamp = pg_codec_to_timestamp (value, error);

  return timestamp != NULL ? pg_timestamp_to_string (timestamp) : NULL;
}

static gboolean
timestamp_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  PgTimestamp *timestamp = pg_codec_to_timestamp (wire, error);

  if (timestamp == NULL)
    return FALSE;
  g_value_take_boxed (value, timestamp);
  return TRUE;
}

#define TIMESTAMP_OPS(name, settings)                         \
  const PgCodecOps pg_codec_ops_##name = {           \
    .get_value_type = pg_timestamp_get_type,         \
    .variant_type = "s",                             \
    .plain = (settings),                             \
    .to_timestamp = name##_to_timestamp,             \
    .binary_to_text = timestamp_binary_to_text,      \
    .to_value = timestamp_to_value,                  \
    .encode = pg_encode_timestamp,                   \
  }

TIMESTAMP_OPS (timestamp, PG_WIRE_PLAIN_DATES);
TIMESTAMP_OPS (timestamptz, PG_WIRE_PLAIN_DATES | PG_WIRE_PLAIN_ZONE);

/* time, timetz */

static gpointer
time_to_boxed (const PgWireValue *value, GError **error)
{
  const gboolean has_offset = value->type == PG_OID_TIMETZ;
  const char *reason = NULL;
  gint32 west = 0;
  PgTime *time;

  if (value->format == PG_FORMAT_TEXT)
    time = pg_time_scan ((const char *) value->data, value->length, has_offset ? PG_TRISTATE_ON : PG_TRISTATE_OFF, &reason);
  else
    {
      if (!pg_codec_check_length (value, has_offset ? 12 : 8, error))
        return NULL;
      if (has_offset)
        west = (gint32) pg_wire_get_uint32 (value->data + 8);
      /* The least number has no opposite, and is out of range either way. */
      time = pg_time_make ((gint64) pg_wire_get_uint64 (value->data), has_offset, west == G_MININT32 ? west : -west, &reason);
    }
  if (time == NULL)
    pg_codec_fail (value, reason, error);
  return time;
}

static char *
time_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgTime) time = time_to_boxed (value, error);

  return time != NULL ? pg_time_to_string (time) : NULL;
}

const PgCodecOps pg_codec_ops_time = {
  .get_value_type = pg_time_get_type,
  .variant_type = "s",
  .to_boxed = time_to_boxed,
  .binary_to_text = time_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode = pg_encode_time,
};

/* interval: microseconds, days, months */

static gpointer
interval_to_boxed (const PgWireValue *value, GError **error)
{
  const char *reason = NULL;
  PgInterval *interval;

  if (value->format == PG_FORMAT_BINARY)
    {
      if (!pg_codec_check_length (value, 16, error))
        return NULL;
      return pg_interval_new ((gint32) pg_wire_get_uint32 (value->data + 12), (gint32) pg_wire_get_uint32 (value->data + 8),
                              (gint64) pg_wire_get_uint64 (value->data));
    }
  interval = pg_interval_scan ((const char *) value->data, value->length, &reason);
  if (interval == NULL)
    pg_codec_fail (value, reason, error);
  return interval;
}

static char *
interval_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgInterval) interval = interval_to_boxed (value, error);

  return interval != NULL ? pg_interval_to_string (interval) : NULL;
}

const PgCodecOps pg_codec_ops_interval = {
  .get_value_type = pg_interval_get_type,
  .variant_type = "s",
  .plain = PG_WIRE_PLAIN_INTERVALS,
  .to_boxed = interval_to_boxed,
  .binary_to_text = interval_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode = pg_encode_interval,
};
