/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-columns.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>
#include <pgconn/types/pg-oids.h>

/* Whether what came is the text itself. */
static gboolean
is_text_itself (PgResult *self, guint column)
{
  const PgColumnShape *shape = &self->shapes[column];
  const PgCodec *codec;

  if (shape->format == PG_FORMAT_TEXT)
    return TRUE;
  codec = pg_type_table_lookup (self->types, shape->type);
  return codec != NULL && codec->ops != NULL && codec->ops != &pg_codec_ops_domain && !codec->ops->text_only && codec->ops->binary_to_text == NULL;
}

/* The texts are where the result has them. */
static gboolean
point_to_texts (PgResult *self, guint column, guint first_row, guint n_rows, const char **texts, GError **error)
{
  const guint8 *data[PG_RESULT_BLOCK];
  gsize lengths[PG_RESULT_BLOCK];
  const PgWireValue wire = { .type = self->shapes[column].type, .types = self->types };

  for (guint base = 0; base < n_rows; base += PG_RESULT_BLOCK)
    {
      const guint n = MIN (n_rows - base, PG_RESULT_BLOCK);

      pg_raw_result_get_column_data (self->raw, column, first_row + base, n, data, lengths);
      for (guint i = 0; i < n; i++)
        {
          if (G_UNLIKELY (data[i] != NULL && !pg_codec_check_text (&wire, data[i], lengths[i], error)))
            {
              pg_result_prefix_position (self, first_row + base + i, column, error);
              return FALSE;
            }
          texts[base + i] = (const char *) data[i];
        }
    }
  return TRUE;
}

/* Makes the texts behind the array, in the same block of memory. */
static const char **
make_texts (PgResult *self, guint column, guint first_row, guint n_rows, const char **texts, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  const gsize size = ((gsize) n_rows + 1) * sizeof *texts;
  char *start;

  for (guint i = 0; i < n_rows; i++)
    {
      PgWireValue wire;
      g_autofree char *text = NULL;

      texts[i] = NULL;
      if (!pg_result_read_wire (self, first_row + i, column, &wire))
        continue;
      text = pg_codec_to_text (&wire, error);
      if (G_UNLIKELY (text == NULL))
        {
          pg_result_prefix_position (self, first_row + i, column, error);
          g_free (texts);
          return NULL;
        }
      /* Its place, counted from 1, until there is one. */
      texts[i] = GSIZE_TO_POINTER (all->len + 1);
      g_string_append_len (all, text, (gssize) strlen (text) + 1);
    }

  texts = g_realloc (texts, size + all->len);
  start = (char *) texts + size;
  memcpy (start, all->str, all->len);
  for (guint i = 0; i < n_rows; i++)
    if (texts[i] != NULL)
      texts[i] = start + GPOINTER_TO_SIZE (texts[i]) - 1;
  return texts;
}

/**
 * pg_result_dup_column_texts:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of texts
 *
 * The exact texts of the values of a column of any type, for many rows in one call, as [method@Result.dup_text] gives them.
 *
 * Where a value is SQL `NULL`, the element is `NULL`: `None` in Python, `null` in JavaScript. The length of the array is @n_values all the same.
 *
 * The texts belong to the array and to the result: they live as long as both do. In C the array alone is freed, with `g_free()`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE` for bytes that are not UTF-8, and
 * `PG_ERROR_DATA` for what is not the binary form of a type that the library knows. The message names row and column.
 *
 * Returns: (transfer container) (array length=n_values) (element-type utf8): the texts; `NULL` with an error
 *
 * Since: 1.0
 */
const char **
pg_result_dup_column_texts (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  const char **texts;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  *n_values = 0;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error))
    return NULL;

  texts = g_new (const char *, (gsize) n_rows + 1);
  if (!is_text_itself (self, column))
    texts = make_texts (self, column, first_row, (guint) n_rows, texts, error);
  else if (!point_to_texts (self, column, first_row, (guint) n_rows, texts, error))
    g_clear_pointer (&texts, g_free);
  if (texts == NULL)
    return NULL;

  texts[n_rows] = NULL;
  *n_values = (gsize) n_rows;
  return texts;
}

/* "YYYY-MM-DDTHH:MM:SS.ffffff+00:00" */

#define DATE_LENGTH 10
#define TIME_LENGTH 15
#define OFFSET "+00:00"

static inline void
put_two (char *at, guint n)
{
  at[0] = (char) ('0' + n / 10);
  at[1] = (char) ('0' + n % 10);
}

/* days since 1970. FALSE where the year has not four digits. */
static gboolean
put_date (char *at, gint64 days)
{
  gint64 year;
  guint month, day;

  pg_civil_from_days (days - PG_EPOCH_UNIX_DAYS, &year, &month, &day);
  if (year < 1 || year > 9999)
    return FALSE;
  put_two (at, (guint) year / 100);
  put_two (at + 2, (guint) year % 100);
  at[4] = '-';
  put_two (at + 5, month);
  at[7] = '-';
  put_two (at + 8, day);
  return TRUE;
}

static void
put_time (char *at, gint64 microseconds)
{
  const guint seconds = (guint) (microseconds / G_USEC_PER_SEC);
  const guint fraction = (guint) (microseconds % G_USEC_PER_SEC);

  put_two (at, seconds / 3600);
  at[2] = ':';
  put_two (at + 3, seconds / 60 % 60);
  at[5] = ':';
  put_two (at + 6, seconds % 60);
  at[8] = '.';
  put_two (at + 9, fraction / 10000);
  put_two (at + 11, fraction / 100 % 100);
  put_two (at + 13, fraction % 100);
}

static gboolean
put_iso8601 (char *at, guint32 type, gconstpointer values, guint i)
{
  gint64 microseconds, days;

  switch (type)
    {
    case PG_OID_DATE:
      return put_date (at, ((const gint32 *) values)[i]);

    case PG_OID_TIME:
      put_time (at, ((const gint64 *) values)[i]);
      return TRUE;

    default:
      microseconds = ((const gint64 *) values)[i];
      days = microseconds / PG_USEC_PER_DAY - (microseconds % PG_USEC_PER_DAY < 0);
      if (!put_date (at, days))
        return FALSE;
      at[DATE_LENGTH] = 'T';
      put_time (at + DATE_LENGTH + 1, microseconds - days * PG_USEC_PER_DAY);
      if (type == PG_OID_TIMESTAMPTZ)
        memcpy (at + DATE_LENGTH + 1 + TIME_LENGTH, OFFSET, sizeof OFFSET - 1);
      return TRUE;
    }
}

static gsize
get_iso8601_length (guint32 type)
{
  switch (type)
    {
    case PG_OID_DATE:
      return DATE_LENGTH;
    case PG_OID_TIME:
      return TIME_LENGTH;
    case PG_OID_TIMESTAMP:
      return DATE_LENGTH + 1 + TIME_LENGTH;
    case PG_OID_TIMESTAMPTZ:
      return DATE_LENGTH + 1 + TIME_LENGTH + sizeof OFFSET - 1;
    default:
      return 0;
    }
}

/**
 * pg_result_dup_column_iso8601:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of texts
 *
 * The values of a column of dates, times of day or timestamps in the extended format of ISO 8601, for many rows in one call.
 *
 * The forms are `2024-02-29` for `date`, `12:34:56.789000` for `time`, `2024-02-29T12:34:56.789000` for `timestamp`, and the same with `+00:00` for
 * `timestamptz`, which is given in UTC. Python's `fromisoformat()` and JavaScript's `Date.parse()` read them, whatever the format of the result and the
 * session's `DateStyle`.
 *
 * Where a value is SQL `NULL`, the element is `NULL`: `None` in Python, `null` in JavaScript. The length of the array is @n_values all the same. In C the
 * array alone is freed, with `g_free()`; the texts are in it.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, and `PG_ERROR_DATA` for a column of another type, for an infinite value,
 * and for a year before 1 or after 9999, for which the format has nothing. The message names row and column.
 *
 * Returns: (transfer container) (array length=n_values) (element-type utf8): the texts; `NULL` with an error
 *
 * Since: 1.0
 */
const char **
pg_result_dup_column_iso8601 (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GBytes) validity = NULL;
  g_autofree const char **texts = NULL;
  const guint8 *bits;
  gconstpointer values;
  guint32 type;
  gsize stride;
  char *at;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  *n_values = 0;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error))
    return NULL;
  type = self->shapes[column].type;
  stride = get_iso8601_length (type) + 1;
  if (stride == 1)
    {
      pg_codec_fail_kind (&(const PgWireValue){ .type = type }, _("a date or time"), error);
      pg_result_prefix_column (self, column, error);
      return NULL;
    }
  data = pg_result_dup_column_data (self, column, first_row, n_rows, &validity, error);
  if (data == NULL)
    return NULL;

  values = g_bytes_get_data (data, NULL);
  bits = validity != NULL ? g_bytes_get_data (validity, NULL) : NULL;
  texts = g_malloc (((gsize) n_rows + 1) * sizeof *texts + (gsize) n_rows * stride);
  at = (char *) (texts + n_rows + 1);
  for (guint i = 0; i < (guint) n_rows; i++, at += stride)
    {
      texts[i] = bits == NULL || (bits[i / 8] >> i % 8 & 1) != 0 ? at : NULL;
      if (texts[i] == NULL)
        continue;
      if (G_UNLIKELY (!put_iso8601 (at, type, values, i)))
        {
          pg_codec_fail (&(const PgWireValue){ .type = type }, _("ISO 8601 has years of four digits, from 0001"), error);
          pg_result_prefix_position (self, first_row + i, column, error);
          return NULL;
        }
      at[stride - 1] = '\0';
    }

  texts[n_rows] = NULL;
  *n_values = (gsize) n_rows;
  return g_steal_pointer (&texts);
}
