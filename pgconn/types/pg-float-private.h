/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As the server shows it with its default, extra_float_digits 1: the shortest text that is read back as the same number. */
char *pg_float8_to_string (double value);
char *pg_float4_to_string (float value);

/* The server's text forms only: no white space, no hexadecimal. FALSE also if the number is out of range. */
gboolean pg_float8_scan (const char *text, gsize length, double *out);
gboolean pg_float4_scan (const char *text, gsize length, float *out);

G_END_DECLS
