/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the text of a range and that of a record have in common: a value in them is quoted where it is empty or has a blank, a
 * quote, a backslash or one of the characters of the form itself, and quotes and backslashes are then doubled. See
 * range_bound_escape() and record_out() in src/backend/utils/adt of PostgreSQL. */

/* FALSE, with nothing appended, if the text would be longer than any that PostgreSQL can make. */
gboolean pg_quoted_append (GString *text, const char *value, const char *special);

/* Reads up to one of the characters stop that is not quoted, which *at is then at. NULL if there is none, else free it.
 * *is_absent: whether there is nothing at all, which is not the same as a quoted nothing. */
char *pg_quoted_read (const char **at, const char *end, const char *stop, gboolean *is_absent);

G_END_DECLS
