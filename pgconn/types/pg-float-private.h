/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>
#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

/* As the server shows it with its default, extra_float_digits 1: the shortest text that is read back as the same number. */
char *pg_float8_to_string (double value);
char *pg_float4_to_string (float value);

/* The server's text forms only: no white space, no hexadecimal. FALSE also if the number is out of range. */
gboolean pg_float8_scan (const char *text, gsize length, double *out);
gboolean pg_float4_scan (const char *text, gsize length, float *out);

/* The binary form. PostgreSQL knows one NaN, but keeps whatever bits somebody has sent. The engine of GJS has objects and integers in the bits of other NaNs, and takes
 * a double as it is given: so there is but one here. */
static inline double
pg_float8_from_bits (guint64 bits)
{
  double number;

  memcpy (&number, &bits, sizeof number);
  return isnan (number) ? (double) NAN : number;
}

static inline float
pg_float4_from_bits (guint32 bits)
{
  float number;

  memcpy (&number, &bits, sizeof number);
  return isnan (number) ? NAN : number;
}

G_END_DECLS
