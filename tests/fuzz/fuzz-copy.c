/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rows of COPY. The input: a byte whose lowest bit is the format, the others the number of columns; a byte for where it is cut; then what the
 * server sends. */
#include "pg-fuzz.h"

#include <string.h>

#include <pgconn/cursor/pg-copy-parser-private.h>
#include <pgconn/engine/pg-raw-result-private.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/sql/pg-copy-encode-private.h>

typedef struct
{
  PgCopyParser *parser;
  PgRawBuilder *builder;
  GString *again; /* the rows as the library writes them */
  gboolean binary;
  gboolean same; /* all of them can be written */
  guint n_columns;
  guint n_rows;
} Reader;

static void
take_row (Reader *self)
{
  const guint8 *const *values = pg_copy_parser_get_values (self->parser);
  const gsize *lengths = pg_copy_parser_get_lengths (self->parser);
  const PgCopyShape shape = { .binary = self->binary, .n_columns = self->n_columns };
  g_autoptr (PgParams) row = pg_params_new ();
  GError *error = NULL;

  self->n_rows++;
  pg_fuzz_check (pg_raw_builder_add_row (self->builder, values, lengths));
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *text = values[i] != NULL ? g_strndup ((const char *) values[i], lengths[i]) : NULL;

      self->same = self->same && (text == NULL || strlen (text) == lengths[i]);
      pg_params_add_text (row, text);
    }
  pg_fuzz_check (pg_fuzz_result (pg_copy_encode_row (&shape, row, self->n_rows, self->again, &error), &error, FALSE));
}

/* How many bytes were left; the message of the error, or NULL. */
static char *
read_all (Reader *self, const guint8 *data, gsize size, gsize piece)
{
  g_autoptr (GByteArray) ahead = g_byte_array_new ();
  GError *error = NULL;
  PgCopyParse parse = PG_COPY_PARSE_MORE;
  char *message = NULL;

  for (gsize at = 0; at < size && parse != PG_COPY_PARSE_ERROR; at += piece)
    {
      g_byte_array_append (ahead, data + at, (guint) MIN (piece, size - at));
      do
        {
          gsize consumed = 0;

          parse = pg_copy_parser_next (self->parser, ahead->data, ahead->len, &consumed, &error);
          pg_fuzz_check (consumed <= ahead->len);
          pg_fuzz_check ((parse == PG_COPY_PARSE_ERROR) == (error != NULL));
          if (parse == PG_COPY_PARSE_ROW)
            {
              pg_fuzz_check (consumed > 0);
              take_row (self);
            }
          g_byte_array_remove_range (ahead, 0, (guint) consumed);
        }
      while (parse == PG_COPY_PARSE_ROW);
    }
  if (error == NULL)
    pg_fuzz_check (pg_copy_parser_check_end (self->parser, ahead->len, &error) == (error == NULL));
  if (error != NULL)
    {
      pg_fuzz_check (g_error_matches (error, PG_ERROR, PG_ERROR_BAD_COPY_FILE_FORMAT));
      message = g_strdup (error->message);
      pg_fuzz_result (FALSE, &error, FALSE);
    }
  return message;
}

static void
reader_begin (Reader *self, guint n_columns, gboolean binary)
{
  g_autofree guint32 *types = g_new (guint32, n_columns + 1);

  for (guint i = 0; i < n_columns; i++)
    types[i] = PG_OID_TEXT;
  self->n_columns = n_columns;
  self->binary = binary;
  self->same = TRUE;
  self->n_rows = 0;
  self->parser = pg_copy_parser_new (n_columns, binary);
  self->builder = pg_raw_builder_new (n_columns, NULL, types, binary ? PG_FORMAT_BINARY : PG_FORMAT_TEXT);
  self->again = g_string_new (NULL);
  if (binary)
    pg_copy_put_header (self->again);
}

static void
reader_end (Reader *self)
{
  g_autoptr (PgRawResult) raw = pg_raw_builder_end (self->builder, 0);
  g_autoptr (PgResult) result = pg_result_new (raw, NULL);

  pg_fuzz_check (pg_result_get_n_rows (result) == self->n_rows);
  for (guint row = 0; row < self->n_rows; row++)
    for (guint column = 0; column < self->n_columns; column++)
      {
        GError *error = NULL;
        const char *text = pg_result_get_text (result, row, column, &error);

        pg_fuzz_result (text != NULL || error == NULL, &error, TRUE);
      }
  if (self->binary)
    pg_copy_put_trailer (self->again);
  pg_copy_parser_free (self->parser);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Reader whole = { NULL }, pieces = { NULL }, third = { NULL };
  g_autofree char *message = NULL, *other = NULL, *last = NULL;

  if (size < 2)
    return 0;
  pg_fuzz_set_input (data, size);
  reader_begin (&whole, data[0] >> 1, (data[0] & 1) != 0);
  message = read_all (&whole, data + 2, size - 2, size);
  reader_begin (&pieces, data[0] >> 1, (data[0] & 1) != 0);
  other = read_all (&pieces, data + 2, size - 2, (gsize) data[1] + 1);
  pg_fuzz_note ("%s; %s", message, other);
  pg_fuzz_check (g_strcmp0 (message, other) == 0);
  pg_fuzz_check (whole.n_rows == pieces.n_rows && g_string_equal (whole.again, pieces.again));
  reader_end (&whole);
  reader_end (&pieces);
  /* What the library writes it reads as the same. */
  if (whole.same)
    {
      reader_begin (&third, data[0] >> 1, (data[0] & 1) != 0);
      last = read_all (&third, (const guint8 *) whole.again->str, whole.again->len, whole.again->len + 1);
      pg_fuzz_note ("%s", last);
      pg_fuzz_check (last == NULL && third.n_rows == whole.n_rows);
      reader_end (&third);
      pg_fuzz_check (g_string_equal (third.again, whole.again));
      g_string_free (third.again, TRUE);
    }
  g_string_free (whole.again, TRUE);
  g_string_free (pieces.again, TRUE);
  return 0;
}
