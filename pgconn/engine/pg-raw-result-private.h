/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-wire-session-private.h>

G_BEGIN_DECLS

/* One result of the server, immutable once it is given away, and reference counted: what the rest of the library sees of libpq's PGresult. */
typedef struct _PgRawResult PgRawResult;

typedef enum
{
  PG_RAW_STATUS_EMPTY_QUERY,
  PG_RAW_STATUS_COMMAND_OK,
  PG_RAW_STATUS_TUPLES_OK,
} PgRawStatus;

PgRawResult *pg_raw_result_ref (PgRawResult *self);
void pg_raw_result_unref (PgRawResult *self);

/* PG_WIRE_SESSION_* when it was sent, 0 at first. */
guint8 pg_raw_result_get_session (PgRawResult *self);
void pg_raw_result_set_session (PgRawResult *self, guint8 session);

/* The same columns without rows; NULL where there is no memory for them. */
PgRawResult *pg_raw_result_new_head (PgRawResult *self);
/* Whether both have the same columns, of the same names, types and tables. */
gboolean pg_raw_result_has_columns_of (PgRawResult *self, PgRawResult *other);

PgRawStatus pg_raw_result_get_status (PgRawResult *self);

/* The command tag ("INSERT 0 1"), "" for an empty query. */
const char *pg_raw_result_get_command_tag (PgRawResult *self);

/* The count in the tag, -1 where the command has none. For SELECT and the like, the number of rows. */
gint64 pg_raw_result_get_affected_rows (PgRawResult *self);

guint pg_raw_result_get_n_rows (PgRawResult *self);
guint pg_raw_result_get_n_columns (PgRawResult *self);

/* Columns and cells are not range checked: the caller has to. */
const char *pg_raw_result_get_column_name (PgRawResult *self, guint column);
guint32 pg_raw_result_get_column_type (PgRawResult *self, guint column);
gint32 pg_raw_result_get_column_modifier (PgRawResult *self, guint column);
gint32 pg_raw_result_get_column_size (PgRawResult *self, guint column);
guint32 pg_raw_result_get_column_table (PgRawResult *self, guint column);
/* 0: not a table's column; negative: one of the system columns, as ctid. */
gint pg_raw_result_get_column_table_column (PgRawResult *self, guint column);
/* Of the description of a prepared statement; 0 else. */
guint pg_raw_result_get_n_params (PgRawResult *self);
guint32 pg_raw_result_get_param_type (PgRawResult *self, guint param);
PgFormat pg_raw_result_get_column_format (PgRawResult *self, guint column);

/* NULL for SQL NULL; a zero byte that does not count follows the value's last. */
const guint8 *pg_raw_result_get_data (PgRawResult *self, guint row, guint column, gsize *length);

/* The same for consecutive rows of a column. */
void pg_raw_result_get_column_data (PgRawResult *self, guint column, guint first_row, guint n_rows, const guint8 **data, gsize *lengths);

/* Makes one of values that came in another way: text or binary, with a name and a type OID for each column. names may be NULL. */
typedef struct _PgRawBuilder PgRawBuilder;

PgRawBuilder *pg_raw_builder_new (guint n_columns, const char *const *names, const guint32 *types, PgFormat format);
guint pg_raw_builder_get_n_rows (PgRawBuilder *self);
/* One value for each column, which are copied; data NULL for SQL NULL. FALSE where there is no memory for them. */
gboolean pg_raw_builder_add_row (PgRawBuilder *self, const guint8 *const *data, const gsize *lengths);
/* Frees it too. */
PgRawResult *pg_raw_builder_end (PgRawBuilder *self, guint8 session);
void pg_raw_builder_free (PgRawBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgRawBuilder, pg_raw_builder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgRawResult, pg_raw_result_unref)

G_END_DECLS
