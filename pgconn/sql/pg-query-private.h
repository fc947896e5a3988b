/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include <pgconn/pg-types.h>
#include <pgconn/engine/pg-wire-params-private.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* A statement as the user wrote it, scanned once: what is sent, which placeholders it has, and the few facts of its text
 * that decide how it may be sent. Immutable, reference counted, and kept in a bounded cache. */
typedef struct _PgQuery PgQuery;

typedef enum
{
  /* More than one statement: only the simple protocol takes it. */
  PG_QUERY_SCRIPT = 1 << 0,
  /* Its first word is COPY: never in pipeline mode. */
  PG_QUERY_COPY = 1 << 1,
  /* Nothing but white space, comments and semicolons. */
  PG_QUERY_EMPTY = 1 << 2,
  /* Was scanned with parameters to be merged into it, and has what standard_conforming_strings matters to: it means what it did where that is on. */
  /* Its first word is one of those that read or change rows: SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE, WITH. */
  PG_QUERY_PLAIN = 1 << 4,
  PG_QUERY_STANDARD_STRINGS = 1 << 3,
  /* Its first word is one of those that may begin or end a transaction, or change the session, or set_config is in it: what follows it in a pipeline waits. */
  PG_QUERY_ALONE = 1 << 5,
} PgQueryFlags;

/* with_params: whether the caller gives parameters at all; without, the text is sent as it is (a lone % is an operator).
 * With: `$1` placeholders, or `%s %t %b`, or `%(name)s`, found outside strings, quoted identifiers, comments and dollar quotes.
 * Fails with PG_ERROR_PROGRAMMING, in the words of behaviour 1.7. */
PgQuery *pg_query_get (const char *text, gboolean with_params, GError **error);

PgQuery *pg_query_ref (PgQuery *self);
void pg_query_unref (PgQuery *self);

/* What is sent, with $n placeholders. */
const char *pg_query_get_sql (PgQuery *self);
PgQueryFlags pg_query_get_flags (PgQuery *self);
guint pg_query_get_n_params (PgQuery *self);

/* Both consume nothing. types: those of the database that are known, the cursor's; NULL for none. params as documented at pg_connection_execute(): a tuple, an array, or a{sv} for named placeholders. */
PgWireParams *pg_query_bind_variant (PgQuery *self, GVariant *params, const PgTypeTable *types, GError **error);
PgWireParams *pg_query_bind_params (PgQuery *self, PgParams *params, const PgTypeTable *types, GError **error);

/* Whether so many values without names, or with them, are what a query without named placeholders takes. */
gboolean pg_query_check_count (PgQuery *self, gsize n_values, gboolean named, GError **error);

/* A query of its own, whose parameters are of these types: lists and dictionaries are written as these. types: as many as it has parameters. */
PgQuery *pg_query_new_typed (PgQuery *self, const guint32 *param_types, const PgTypeTable *types);
/* Binds parameters as of these types; exactly one of the two kinds may be given. */
PgWireParams *pg_query_bind_typed (PgQuery *self, GVariant *variant, PgParams *params, const guint32 *param_types, const PgTypeTable *types, GError **error);

/* A query without parameters: those of self are in its text, as pg-literal-private.h has them. types: what is known of types, NULL for nothing. */
PgQuery *pg_query_merge (PgQuery *self, const PgWireParams *wire, const PgTypeTable *types, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgQuery, pg_query_unref)

G_END_DECLS
