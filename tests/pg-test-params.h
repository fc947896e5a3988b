/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>
#include <string.h>

#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-codec-private.h>

/* "TYPE FORMAT TEXT", TYPE and TEXT as the server has them, FORMAT t or b. */
static inline char *
pg_test_print_bound (PgWireParams *wire,
                     guint index)
{
  const guint32 type = wire->types[index];
  const PgCodec *codec = type != 0 ? pg_codec_lookup (type) : NULL;
  const char *name = codec != NULL ? pg_codec_get_name (codec) : type == 0 ? "-" : "?";
  g_autofree char *text = NULL;

  if (wire->values[index] == NULL)
    return g_strdup_printf ("%s NULL", name);
  if (wire->formats[index] == 0)
    {
      g_assert_cmpuint (strlen (wire->values[index]), ==, (guint) wire->lengths[index]);
      text = g_strdup (wire->values[index]);
    }
  else if (type == PG_OID_MONEY || codec == NULL)
    {
      GString *hex = g_string_new (NULL);

      for (int i = 0; i < wire->lengths[index]; i++)
        g_string_append_printf (hex, "%02x", (guchar) wire->values[index][i]);
      text = g_string_free (hex, FALSE);
    }
  else
    {
      const PgWireValue value = {
        .data = (const guint8 *) wire->values[index],
        .length = (gsize) wire->lengths[index],
        .type = type,
        .modifier = -1,
        .format = PG_FORMAT_BINARY,
      };
      g_autoptr (GError) error = NULL;

      text = pg_codec_to_text (&value, &error);
      g_assert_no_error (error);
    }
  return g_strdup_printf ("%s %c %s", name, wire->formats[index] == 0 ? 't' : 'b', text);
}

static inline void
pg_test_assert_params (PgParams *params,
                       const char *placeholder,
                       ...)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = NULL;
  g_autoptr (PgWireParams) wire = NULL;
  const char *expected;
  guint i = 0;
  va_list arguments;

  for (guint n = 0; n < pg_params_get_n_params (params); n++)
    g_string_append_printf (sql, "%s ", placeholder);
  query = pg_query_get (sql->str, TRUE, &error);
  g_assert_no_error (error);
  wire = pg_query_bind_params (query, params, NULL, &error);
  g_assert_no_error (error);

  va_start (arguments, placeholder);
  while ((expected = va_arg (arguments, const char *)) != NULL)
    {
      g_autofree char *actual = NULL;

      g_assert_cmpuint (i, <, wire->n_params);
      actual = pg_test_print_bound (wire, i++);
      g_assert_cmpstr (actual, ==, expected);
    }
  va_end (arguments);
  g_assert_cmpuint (i, ==, wire->n_params);
}

static inline void
pg_test_assert_params_fail (PgParams *params,
                            int code,
                            const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%s", TRUE, &error);

  g_assert_no_error (error);
  g_assert_null (pg_query_bind_params (query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
  g_clear_error (&error);
  /* Not only once. */
  g_assert_null (pg_query_bind_params (query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, code);
}
