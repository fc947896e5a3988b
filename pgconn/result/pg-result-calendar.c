/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-columns.h>

#include <glib/gi18n-lib.h>

#include <pgconn/result/pg-result-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>
#include <pgconn/types/pg-oids.h>

#define DATE_SIZE 4
#define TIME_SIZE 6

/* days since 1970. FALSE where the year has not four digits. */
static gboolean
put_date (guint8 *at, gint64 days)
{
  gint64 year;
  guint month, day;

  pg_civil_from_days (days - PG_EPOCH_UNIX_DAYS, &year, &month, &day);
  if (year < 1 || year > 9999)
    return FALSE;
  at[0] = (guint8) (year >> 8);
  at[1] = (guint8) year;
  at[2] = (guint8) month;
  at[3] = (guint8) day;
  return TRUE;
}

static void
put_time (guint8 *at, gint64 microseconds)
{
  const guint seconds = (guint) (microseconds / G_USEC_PER_SEC);
  const guint fraction = (guint) (microseconds % G_USEC_PER_SEC);

  at[0] = (guint8) (seconds / 3600);
  at[1] = (guint8) (seconds / 60 % 60);
  at[2] = (guint8) (seconds % 60);
  at[3] = (guint8) (fraction >> 16);
  at[4] = (guint8) (fraction >> 8);
  at[5] = (guint8) fraction;
}

static gsize
get_size (guint32 type)
{
  switch (type)
    {
    case PG_OID_DATE:
      return DATE_SIZE;
    case PG_OID_TIME:
      return TIME_SIZE;
    case PG_OID_TIMESTAMP:
    case PG_OID_TIMESTAMPTZ:
      return DATE_SIZE + TIME_SIZE;
    default:
      return 0;
    }
}

/* Returns how many values were put. */
static guint
put_values (guint8 *at, guint32 type, gconstpointer values, guint n)
{
  const gint32 *days = values;
  const gint64 *microseconds = values;
  gint64 last_day = G_MAXINT64;

  switch (type)
    {
    case PG_OID_DATE:
      for (guint i = 0; i < n; i++, at += DATE_SIZE)
        if (!put_date (at, days[i]))
          return i;
      return n;

    case PG_OID_TIME:
      for (guint i = 0; i < n; i++, at += TIME_SIZE)
        put_time (at, microseconds[i]);
      return n;

    default:
      for (guint i = 0; i < n; i++, at += DATE_SIZE + TIME_SIZE)
        {
          const gint64 day = microseconds[i] / PG_USEC_PER_DAY - (microseconds[i] % PG_USEC_PER_DAY < 0);

          /* Many rows in a row are of one day. */
          if (day == last_day)
            memcpy (at, at - (DATE_SIZE + TIME_SIZE), DATE_SIZE);
          else if (!put_date (at, day))
            return i;
          last_day = day;
          put_time (at + DATE_SIZE, microseconds[i] - day * PG_USEC_PER_DAY);
        }
      return n;
    }
}

/**
 * pg_result_dup_column_calendar:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @validity: (out) (optional) (nullable): which values there are, or `NULL` where none is SQL `NULL`
 *
 * The values of a column of dates, times of day or timestamps, taken apart into the fields of calendar and clock, for many rows in one call.
 *
 * A `date` takes 4 bytes: the year in two, the highest first, the month and the day, from 1. A `time` takes 6: hour, minute, second, and the microseconds in
 * three, the highest first. A `timestamp` takes 10, those of the date and those of the time, and so does a `timestamptz`, which is given in UTC. The values
 * follow each other without a gap. Python's `datetime` module has the same form inside.
 *
 * @validity is the bitmap that [method@Result.dup_column_data] has. Where SQL `NULL` is, the bytes are those of 1970-01-01 and midnight. A caller in C that
 * passes `NULL` for @validity has SQL `NULL` reported as an error.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, and `PG_ERROR_DATA` for a column of another type, for an infinite value,
 * and for a year before 1 or after 9999. The message names row and column.
 *
 * Returns: (transfer full): the values; `NULL` with an error
 *
 * Since: 1.0
 */
GBytes *
pg_result_dup_column_calendar (PgResult *self, guint column, guint first_row, gint n_rows, GBytes **validity, GError **error)
{
  g_autoptr (GBytes) data = NULL;
  g_autofree guint8 *all = NULL;
  guint32 type;
  gsize size;
  guint done;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (validity != NULL)
    *validity = NULL;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error))
    return NULL;
  type = self->shapes[column].wire.type;
  size = get_size (type);
  if (size == 0)
    {
      pg_codec_fail_kind (&(const PgWireValue){ .type = type }, _("a date or time"), error);
      pg_result_prefix_column (self, column, error);
      return NULL;
    }
  data = pg_result_dup_column_data (self, column, first_row, n_rows, validity, error);
  if (data == NULL)
    return NULL;

  all = g_malloc_n ((gsize) n_rows, size);
  done = put_values (all, type, g_bytes_get_data (data, NULL), (guint) n_rows);
  if (done < (guint) n_rows)
    {
      if (validity != NULL)
        g_clear_pointer (validity, g_bytes_unref);
      pg_codec_fail (&(const PgWireValue){ .type = type }, _("its year is before 1 or after 9999"), error);
      pg_result_prefix_position (self, first_row + done, column, error);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&all), (gsize) n_rows * size);
}
