/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* Arrays, records and dictionaries made of items.
 *
 * What an item is may be said in three ways: by a type of its own, by the array or the record that it is in, which is then of a type that is known, and by
 * the place where the whole parameter stands: a cast. The latter two are what is expected of it; 0 is nothing.
 *
 * The text of an item is that of its own type, whatever is expected: the server makes of it what it can, as of a quoted constant. What is expected says how
 * the parts of it are put together: the delimiter of an array, the order of the fields. The binary form is that of the type that is expected. */

/* Of an item that is not NULL. FALSE is an error. */
gboolean pg_param_encode_item (const PgTypeTable *types, const PgParam *item, guint32 expected, PgFormat format, guint depth, GString *out, GError **error);

gboolean pg_param_encode_array (const PgTypeTable *types, const PgParam *array, guint32 expected, PgFormatRequest request, guint depth, GString *out,
                                guint32 *type, PgFormat *format, GError **error);
/* A record or a dictionary. */
gboolean pg_param_encode_record (const PgTypeTable *types, const PgParam *record, guint32 expected, PgFormat format, guint depth, GString *out,
                                 GError **error);

/* Its own type; 0 if it has none. expected counts for a dictionary, which is an hstore only where nothing else is expected. */
guint32 pg_param_get_type (const PgTypeTable *types, const PgParam *item, guint32 expected);

/* Whether an item has a binary form of that type which says the same as its text. */
gboolean pg_param_suits_binary (const PgTypeTable *types, const PgParam *item, guint32 type, guint depth);

/* What a domain is of, or the type itself; NULL for one that is not known. */
const PgCodec *pg_param_lookup_base (const PgTypeTable *types, guint32 type);

/* The value of an item that is not NULL and not made of others, in storage, or where it is. */
const GValue *pg_param_peek_value (const PgParam *item, GValue *storage);

/* FALSE if it is too large for the server. */
gboolean pg_param_check_size (const GString *out, GError **error);

G_END_DECLS
