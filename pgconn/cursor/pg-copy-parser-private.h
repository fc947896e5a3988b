/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The bytes of a COPY to rows. See "File Formats" of COPY in the PostgreSQL manual; what is hostile or cut off is an error of the code
 * PG_ERROR_BAD_COPY_FILE_FORMAT that names the row. */
typedef struct _PgCopyParser PgCopyParser;

typedef enum
{
  PG_COPY_PARSE_ROW,   /* its values are there until the next call */
  PG_COPY_PARSE_MORE,  /* the row is not whole */
  PG_COPY_PARSE_ERROR, /* and so it stays */
} PgCopyParse;

PgCopyParser *pg_copy_parser_new (guint n_columns, gboolean binary);
void pg_copy_parser_free (PgCopyParser *self);

/* One row of data, of which so many bytes at the beginning are not needed any more then, whatever is returned. What follows them has to be at the beginning of
 * data next time. data may be changed. */
PgCopyParse pg_copy_parser_next (PgCopyParser *self, guint8 *data, gsize length, gsize *consumed, GError **error);
/* n_columns each; NULL for SQL NULL. */
const guint8 *const *pg_copy_parser_get_values (PgCopyParser *self);
const gsize *pg_copy_parser_get_lengths (PgCopyParser *self);
/* How many there were so far. */
gsize pg_copy_parser_get_n_rows (PgCopyParser *self);
/* Whether the data may end where so many bytes are left. */
gboolean pg_copy_parser_check_end (PgCopyParser *self, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgCopyParser, pg_copy_parser_free)

G_END_DECLS
