/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include <pgconn/types/pg-codec-private.h>

/* A value in memory of exactly its length, without the zero byte after it, so that AddressSanitizer sees the first byte too much. */
static inline PgWireValue *
pg_test_wire_new (guint32 type, PgFormat format, const void *data, gsize length)
{
  PgWireValue *value = g_new0 (PgWireValue, 1);
  guint8 *copy = g_malloc (MAX (length, 1));

  if (length > 0)
    memcpy (copy, data, length);
  value->data = copy;
  value->length = length;
  value->type = type;
  value->modifier = -1;
  value->format = format;
  return value;
}

static inline PgWireValue *
pg_test_wire_text (guint32 type, const char *text)
{
  return pg_test_wire_new (type, PG_FORMAT_TEXT, text, strlen (text));
}

static inline PgWireValue *
pg_test_wire_binary (guint32 type, const char *hex)
{
  const gsize length = strlen (hex) / 2;
  g_autofree guint8 *bytes = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return pg_test_wire_new (type, PG_FORMAT_BINARY, bytes, length);
}

static inline void
pg_test_wire_free (PgWireValue *value)
{
  g_free ((gpointer) value->data);
  g_free (value);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgWireValue, pg_test_wire_free)
