/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PG_INTEGER_TEXT_SIZE 24

/* Writes the digits before end, without a zero byte, and returns where they begin: printf() takes ten times as long. */
static inline char *
pg_integer_write_before (char *end, gint64 value)
{
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;

  do
    *--end = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    *--end = '-';
  return end;
}

static inline char *
pg_integer_to_string (gint64 value)
{
  char text[PG_INTEGER_TEXT_SIZE];
  char *end = text + sizeof text;
  char *at = pg_integer_write_before (end, value);

  return g_strndup (at, end - at);
}

G_END_DECLS
