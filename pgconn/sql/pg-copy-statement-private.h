/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a COPY statement says of its columns. */
typedef struct
{
  char *table;   /* as it is written, with its schema; NULL for a query */
  GStrv columns; /* as the catalogue has them; NULL for all of the table's */
  char *query;   /* NULL for a table */
  gboolean binary;      /* the format binary is asked for, it seems */
  gboolean has_options; /* that change what a row looks like: rows are not for it */
} PgCopyStatement;

/* NULL where it cannot be told; the server has the last word on what the statement is. */
PgCopyStatement *pg_copy_statement_parse (const char *sql);
void pg_copy_statement_free (PgCopyStatement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgCopyStatement, pg_copy_statement_free)

G_END_DECLS
