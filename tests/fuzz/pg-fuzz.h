/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* The names that libFuzzer calls; the program that repeats the corpus calls them too. Always 0. */
int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What has to hold whatever the input is. Ends the program. */
#define pg_fuzz_check(condition) \
  G_STMT_START \
  { \
    if (!(condition)) \
      pg_fuzz_fail (G_STRLOC, #condition); \
  } \
  G_STMT_END

/* What is printed, in hexadecimal, when a check fails. */
void pg_fuzz_set_input (const guint8 *data, gsize length);

/* For the message of a check that fails: printf() style; the last one counts. */
void pg_fuzz_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
void pg_fuzz_fail (const char *location, const char *condition) G_GNUC_NORETURN;

/* A call either succeeds and sets no error, or fails and sets one of the library's with a message in UTF-8, which is cleared.
 * data: it is PG_ERROR_DATA or PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE. Returns ok. */
gboolean pg_fuzz_result (gboolean ok, GError **error, gboolean data);

/* The input as choices, one byte each; 0 where it is used up. */
typedef struct
{
  const guint8 *data;
  gsize left;
} PgFuzzReader;

guint8 pg_fuzz_take (PgFuzzReader *self);

G_END_DECLS
