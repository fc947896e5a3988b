/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char note[4096];
static const guint8 *current;
static gsize current_length;

void
pg_fuzz_set_input (const guint8 *data, gsize length)
{
  current = data;
  current_length = length;
  *note = '\0';
}

void
pg_fuzz_note (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_vsnprintf (note, sizeof note, format, args);
  va_end (args);
}

void
pg_fuzz_fail (const char *location, const char *condition)
{
  fprintf (stderr, "%s: not so: %s\n%s%s", location, condition, note, *note != '\0' ? "\n" : "");
  if (current != NULL)
    {
      fputs ("Input: ", stderr);
      for (gsize i = 0; i < current_length; i++)
        fprintf (stderr, "%02x", current[i]);
      fputc ('\n', stderr);
    }
  fflush (stderr);
  abort ();
}

gboolean
pg_fuzz_result (gboolean ok, GError **error, gboolean data)
{
  pg_fuzz_check (ok == (*error == NULL));
  if (ok)
    return TRUE;
  pg_fuzz_check ((*error)->domain == PG_ERROR);
  pg_fuzz_check ((*error)->message != NULL && g_utf8_validate ((*error)->message, -1, NULL));
  if (data)
    pg_fuzz_check ((*error)->code == PG_ERROR_DATA || (*error)->code == PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  g_clear_error (error);
  return FALSE;
}

/* Called once, before the first input. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return 0;
}

guint8
pg_fuzz_take (PgFuzzReader *self)
{
  if (self->left == 0)
    return 0;
  self->left--;
  return *self->data++;
}
