/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-parser-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <string.h>

/* The server makes no row as large. */
#define MAX_ROW ((gsize) 0x7fffffff)
#define SIGNATURE_LENGTH 11
#define HEADER_LENGTH (SIGNATURE_LENGTH + 8)
/* Of the flags, those that a reader has to know. */
#define CRITICAL_FLAGS 0xffff0000u

typedef enum
{
  STATE_HEADER,
  STATE_SKIP, /* the header's extension */
  STATE_ROWS,
  STATE_TRAILER, /* seen: nothing follows */
} State;

struct _PgCopyParser
{
  guint n_columns;
  gboolean binary;
  State state;
  gsize skip;
  gsize scanned; /* of an unfinished row in text */
  gsize n_rows;
  GError *error;
  const guint8 **values;
  gsize *lengths;
};

PgCopyParser *
pg_copy_parser_new (guint n_columns, gboolean binary)
{
  PgCopyParser *self = g_new0 (PgCopyParser, 1);

  self->n_columns = n_columns;
  self->binary = binary;
  self->state = binary ? STATE_HEADER : STATE_ROWS;
  self->values = g_new0 (const guint8 *, MAX (n_columns, 1));
  self->lengths = g_new0 (gsize, MAX (n_columns, 1));
  return self;
}

void
pg_copy_parser_free (PgCopyParser *self)
{
  g_clear_error (&self->error);
  g_free (self->values);
  g_free (self->lengths);
  g_free (self);
}

const guint8 *const *
pg_copy_parser_get_values (PgCopyParser *self)
{
  return self->values;
}

const gsize *
pg_copy_parser_get_lengths (PgCopyParser *self)
{
  return self->lengths;
}

static PgCopyParse
fail (PgCopyParser *self, const char *reason)
{
  self->error = g_error_new (PG_ERROR, PG_ERROR_BAD_COPY_FILE_FORMAT, _ ("row %zu of the copy cannot be read: %s"), self->n_rows + 1, reason);
  return PG_COPY_PARSE_ERROR;
}

static PgCopyParse
fail_count (PgCopyParser *self, guint n_values)
{
  self->error = g_error_new (PG_ERROR, PG_ERROR_BAD_COPY_FILE_FORMAT, _ ("row %zu of the copy cannot be read: expected %u values, got %u"), self->n_rows + 1,
                             self->n_columns, n_values);
  return PG_COPY_PARSE_ERROR;
}

/* --- text --- */

/* What the server writes after a backslash; 0 for nothing that it does. */
static const char escaped[256] = { ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t', ['v'] = '\v', ['\\'] = '\\' };

/* In place, as it only gets shorter. FALSE for a backslash at the end, and for what the server does not write. */
static gboolean
unescape (guint8 *value, gsize *length)
{
  guint8 *end = value + *length;
  guint8 *to = memchr (value, '\\', *length);

  if (to == NULL)
    return TRUE;
  for (guint8 *from = to; from < end;)
    {
      if (*from != '\\')
        {
          *to++ = *from++;
          continue;
        }
      if (++from == end || escaped[*from] == 0)
        return FALSE;
      *to++ = (guint8) escaped[*from++];
    }
  *length = (gsize) (to - value);
  return TRUE;
}

static PgCopyParse
split_row (PgCopyParser *self, guint8 *row, gsize length)
{
  guint8 *end = row + length;
  guint n = 0;

  if (self->n_columns == 0)
    return length == 0 ? PG_COPY_PARSE_ROW : fail_count (self, 1);
  for (guint8 *at = row;;)
    {
      guint8 *tab = memchr (at, '\t', (gsize) (end - at));
      gsize size = (gsize) ((tab != NULL ? tab : end) - at);

      if (n < self->n_columns)
        {
          const gboolean null = size == 2 && at[0] == '\\' && at[1] == 'N';

          if (!null && !unescape (at, &size))
            return fail (self, _ ("a backslash stands before what it does not stand before"));
          self->values[n] = null ? NULL : at;
          self->lengths[n] = size;
        }
      n++;
      if (tab == NULL)
        break;
      at = tab + 1;
    }
  return n == self->n_columns ? PG_COPY_PARSE_ROW : fail_count (self, n);
}

static PgCopyParse
next_text (PgCopyParser *self, guint8 *data, gsize length, gsize *consumed)
{
  guint8 *end = memchr (data + self->scanned, '\n', length - self->scanned);

  if (end == NULL)
    {
      self->scanned = length;
      return length < MAX_ROW ? PG_COPY_PARSE_MORE : fail (self, _ ("it is too large"));
    }
  self->scanned = 0;
  *consumed = (gsize) (end - data) + 1;
  return split_row (self, data, *consumed - 1);
}

/* --- binary --- */

static PgCopyParse
next_binary (PgCopyParser *self, const guint8 *data, gsize length, gsize *consumed)
{
  gsize at = 2;
  guint n;

  if (length < at)
    return PG_COPY_PARSE_MORE;
  n = pg_wire_get_uint16 (data);
  if (n == G_MAXUINT16)
    {
      self->state = STATE_TRAILER;
      *consumed = at;
      return PG_COPY_PARSE_MORE;
    }
  if (n != self->n_columns)
    return fail_count (self, n);
  for (guint i = 0; i < n; i++)
    {
      guint32 size;

      if (length - at < 4)
        return PG_COPY_PARSE_MORE;
      size = pg_wire_get_uint32 (data + at);
      at += 4;
      self->values[i] = size != G_MAXUINT32 ? data + at : NULL;
      self->lengths[i] = 0;
      if (size == G_MAXUINT32)
        continue;
      if (size > MAX_ROW || at + size > MAX_ROW)
        return fail (self, _ ("the length of a value makes no sense"));
      if (length - at < size)
        return PG_COPY_PARSE_MORE;
      self->lengths[i] = size;
      at += size;
    }
  *consumed = at;
  return PG_COPY_PARSE_ROW;
}

static PgCopyParse
read_header (PgCopyParser *self, const guint8 *data, gsize length, gsize *consumed)
{
  static const guint8 signature[SIGNATURE_LENGTH] = { 'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', '\0' };
  guint32 extension;

  if (memcmp (data, signature, MIN (length, SIGNATURE_LENGTH)) != 0)
    return fail (self, _ ("the data does not begin with the signature of the binary format"));
  if (length < HEADER_LENGTH)
    return PG_COPY_PARSE_MORE;
  if ((pg_wire_get_uint32 (data + SIGNATURE_LENGTH) & CRITICAL_FLAGS) != 0)
    return fail (self, _ ("the header has flags of another version of the format"));
  extension = pg_wire_get_uint32 (data + SIGNATURE_LENGTH + 4);
  if (extension > G_MAXINT32)
    return fail (self, _ ("the length of the header makes no sense"));
  self->skip = extension;
  self->state = STATE_SKIP;
  *consumed = HEADER_LENGTH;
  return PG_COPY_PARSE_MORE;
}

static PgCopyParse
step_binary (PgCopyParser *self, const guint8 *data, gsize length, gsize *consumed)
{
  PgCopyParse parse = PG_COPY_PARSE_MORE;

  if (self->state == STATE_HEADER)
    parse = read_header (self, data, length, consumed);
  if (self->state == STATE_SKIP)
    {
      const gsize n = MIN (self->skip, length - *consumed);

      *consumed += n;
      self->skip -= n;
      if (self->skip == 0)
        self->state = STATE_ROWS;
    }
  if (self->state == STATE_ROWS)
    {
      gsize n = 0;

      parse = next_binary (self, data + *consumed, length - *consumed, &n);
      *consumed += n;
    }
  if (self->state == STATE_TRAILER && *consumed < length)
    return fail (self, _ ("there is more data behind the end"));
  return parse;
}

PgCopyParse
pg_copy_parser_next (PgCopyParser *self, guint8 *data, gsize length, gsize *consumed, GError **error)
{
  PgCopyParse parse = PG_COPY_PARSE_ERROR;

  *consumed = 0;
  if (self->error == NULL && length == 0)
    return PG_COPY_PARSE_MORE;
  if (self->error == NULL)
    parse = self->binary ? step_binary (self, data, length, consumed) : next_text (self, data, length, consumed);
  if (parse == PG_COPY_PARSE_ERROR && error != NULL)
    *error = g_error_copy (self->error);
  if (parse == PG_COPY_PARSE_ROW)
    self->n_rows++;
  return parse;
}

gsize
pg_copy_parser_get_n_rows (PgCopyParser *self)
{
  return self->n_rows;
}

gboolean
pg_copy_parser_check_end (PgCopyParser *self, gsize length, GError **error)
{
  if (self->error == NULL && (length > 0 || (self->binary && self->state != STATE_TRAILER)))
    fail (self, _ ("the data ends in the middle"));
  if (self->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->error);
  return FALSE;
}
