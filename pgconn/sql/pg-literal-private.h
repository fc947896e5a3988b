/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-wire-params-private.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* Values as they stand in SQL text, for what cannot be sent beside it: the quotes of a string are right whatever standard_conforming_strings is, and what is
 * appended is always one whole expression, in whatever it is put.
 *
 *   1   -1   0.5          smallint, integer and numeric; a negative one has a space before it, so that it makes no comment of a minus
 *   5::int8               bigint, where it would be taken for an integer
 *   true
 *   'it''s'   E'a\\b'     text of any or no type; and records, which only the place where they stand has a type for
 *   '2020-01-01'::date    all others, with the name of their type
 *   NULL   NULL::date
 *
 * See "Lexical Structure" in the PostgreSQL manual. */

typedef enum
{
  PG_LITERAL_BARE = 1 << 0,    /* only constants are allowed where it stands: without a type */
  PG_LITERAL_CLOSED = 1 << 1,  /* something follows that belongs to a number rather than to its sign: a cast */
  PG_LITERAL_ALONE = 1 << 2,   /* something is beside it that would belong to a part of it, as a subscript: in parentheses */
} PgLiteralFlags;

/* Appends one of the parameters. types: what is known of types beyond PostgreSQL's own; NULL: nothing. Fails with PG_ERROR_DATA where the value has no text, or one
 * that is not UTF-8, or that has a zero byte, and with PG_ERROR_PROGRAMMING where the type has no name; nothing of the value is named, and nothing is appended. */
gboolean pg_literal_append (GString *out, const PgWireParams *wire, guint index, const PgTypeTable *types, PgLiteralFlags flags, GError **error);

G_END_DECLS
