/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include "pg-test-raw-result.h"
#include "pg-test-values.h"
#include <pgconn/result/pg-result-private.h>

/* A result of one column. */
typedef struct
{
  PgResult *result;
} Fixture;

static inline void
fixture_clear (Fixture *f)
{
  g_clear_object (&f->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static inline GBytes *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex += 2)
    {
      const guint8 byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static inline void
fixture_init_cells (Fixture *f, guint32 type, PgFormat format, const PgTestCell *cells, guint n_rows)
{
  const PgTestColumn column = { "v", type, -1, -1, format, 0, 0 };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (&column, 1, cells, n_rows);

  f->result = pg_result_new (raw, NULL);
}

/* All values of the type, over and over. Each null_every-th is SQL NULL; 0: none. */
static inline void
fixture_init (Fixture *f, guint32 type, PgFormat format, guint n_rows, guint null_every)
{
  g_autoptr (GPtrArray) bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree PgTestCell *cells = g_new0 (PgTestCell, n_rows + 1);

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *value = &pg_test_values[i];

      if (value->type == type)
        g_ptr_array_add (bytes, format == PG_FORMAT_TEXT ? g_bytes_new (value->text, strlen (value->text)) : from_hex (value->binary));
    }
  g_assert_cmpint (bytes->len, >, 0);
  for (guint row = 0; row < n_rows; row++)
    {
      gsize length;

      if (null_every != 0 && row % null_every == 1)
        continue;
      cells[row].data = g_bytes_get_data (bytes->pdata[row % bytes->len], &length);
      cells[row].length = (gssize) length;
      if (length == 0)
        cells[row].data = "";
    }
  fixture_init_cells (f, type, format, cells, n_rows);
}
