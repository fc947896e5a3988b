/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp.h>

static gboolean
put_date (const PgDate *date, PgFormat format, GString *out)
{
  if (format == PG_FORMAT_BINARY)
    {
      pg_put_uint32 (out, (guint32) pg_date_get_days (date));
    }
  else
    {
      g_autofree char *text = pg_date_to_string (date);

      g_string_append (out, text);
    }
  return TRUE;
}

gboolean
pg_encode_date (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  g_autoptr (PgDate) date = NULL;

  if (G_VALUE_HOLDS (value, PG_TYPE_DATE))
    return put_date (g_value_get_boxed (value), format, out);
  if (!G_VALUE_HOLDS (value, G_TYPE_DATE))
    return pg_encode_fail_type (codec, value, format, error);
  date = pg_date_new_from_gdate (g_value_get_boxed (value), error);
  return date != NULL && put_date (date, format, out);
}

/* time, timetz */
gboolean
pg_encode_time (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgTime *time;

  if (!G_VALUE_HOLDS (value, PG_TYPE_TIME))
    return pg_encode_fail_type (codec, value, format, error);
  time = g_value_get_boxed (value);
  if (pg_time_has_offset (time) != (codec->oid == PG_OID_TIMETZ))
    return pg_encode_fail_form (codec, pg_time_has_offset (time) ? _("it has an offset from UTC") : _("it has no offset from UTC"), error);
  if (format == PG_FORMAT_TEXT)
    return pg_encode_boxed_text (value, out);
  pg_put_uint64 (out, (guint64) pg_time_get_microseconds (time));
  if (codec->oid == PG_OID_TIMETZ)
    pg_put_uint32 (out, (guint32) -pg_time_get_offset (time));
  return TRUE;
}

static gboolean
put_timestamp (const PgCodec *codec, const PgTimestamp *timestamp, PgFormat format, GString *out, GError **error)
{
  const gboolean has_zone = pg_timestamp_has_time_zone (timestamp);

  if (has_zone != (codec->oid == PG_OID_TIMESTAMPTZ))
    return pg_encode_fail_form (codec, has_zone ? _("it has a time zone") : _("it has no time zone"), error);
  if (format == PG_FORMAT_BINARY)
    {
      pg_put_uint64 (out, (guint64) pg_timestamp_get_microseconds (timestamp));
    }
  else
    {
      g_autofree char *text = pg_timestamp_to_string (timestamp);

      g_string_append (out, text);
    }
  return TRUE;
}

gboolean
pg_encode_timestamp (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  g_autoptr (PgTimestamp) timestamp = NULL;

  if (G_VALUE_HOLDS (value, PG_TYPE_TIMESTAMP))
    return put_timestamp (codec, g_value_get_boxed (value), format, out, error);
  if (!G_VALUE_HOLDS (value, G_TYPE_DATE_TIME))
    return pg_encode_fail_type (codec, value, format, error);
  timestamp = pg_timestamp_new_from_datetime (g_value_get_boxed (value));
  return put_timestamp (codec, timestamp, format, out, error);
}

gboolean
pg_encode_interval (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgInterval *interval;

  if (!G_VALUE_HOLDS (value, PG_TYPE_INTERVAL))
    return pg_encode_fail_type (codec, value, format, error);
  if (format == PG_FORMAT_TEXT)
    return pg_encode_boxed_text (value, out);
  interval = g_value_get_boxed (value);
  /* Servers before PostgreSQL 17 take the binary form for an interval of many years, and refuse the text. */
  if (pg_interval_is_infinite (interval))
    return pg_encode_fail_form (codec, _ ("an infinite one is sent in text format only"), error);
  pg_put_uint64 (out, (guint64) pg_interval_get_microseconds (interval));
  pg_put_uint32 (out, (guint32) pg_interval_get_days (interval));
  pg_put_uint32 (out, (guint32) pg_interval_get_months (interval));
  return TRUE;
}
