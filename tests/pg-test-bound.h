/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>
#include <string.h>

#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-codec-private.h>

/* The value as a test writes it: text as it is, binary in hexadecimal, but an array as its text, NULL for SQL NULL. */
static inline char *
pg_test_dup_bound (PgWireParams *wire,
                   guint index)
{
  GString *hex;

  if (wire->values[index] == NULL)
    return NULL;
  if (wire->formats[index] == 1 && (pg_codec_get_value_type (wire->types[index]) == PG_TYPE_ARRAY || pg_codec_get_value_type (wire->types[index]) == G_TYPE_VARIANT))
    {
      const PgWireValue value = {
        .data = (const guint8 *) wire->values[index],
        .length = (gsize) wire->lengths[index],
        .type = wire->types[index],
        .modifier = -1,
        .format = PG_FORMAT_BINARY,
      };
      g_autoptr (GError) error = NULL;
      char *text = pg_codec_to_text (&value, &error);

      g_assert_no_error (error);
      return text;
    }
  if (wire->formats[index] == 0)
    {
      g_assert_cmpuint (strlen (wire->values[index]), ==, (guint) wire->lengths[index]);
      return g_strdup (wire->values[index]);
    }

  hex = g_string_new ("x");
  for (int i = 0; i < wire->lengths[index]; i++)
    g_string_append_printf (hex, "%02x", (guchar) wire->values[index][i]);
  return g_string_free (hex, FALSE);
}

static inline void
pg_test_assert_bound (PgWireParams *wire,
                      guint index,
                      guint32 type,
                      const char *value)
{
  g_autofree char *actual = pg_test_dup_bound (wire, index);

  g_assert_cmpstr (actual, ==, value);
  g_assert_cmpuint (wire->types[index], ==, type);
}
