/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-record.h>

G_BEGIN_DECLS

/* A record taken apart. Each field is a value in the record's own format; data is NULL for SQL NULL. The type of a field of a record in text is 0 unless
 * the record is of a composite type. */
typedef struct
{
  guint n_fields;
  PgWireValue *fields;
  GPtrArray *storage; /* the bytes of the fields of one in text; those of a binary one point into the record itself */
} PgRecordParts;

void pg_record_parts_clear (PgRecordParts *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgRecordParts, pg_record_parts_clear)

gboolean pg_record_parse_parts (const PgWireValue *value, PgRecordParts *parts, GError **error);

/* What pg_record_get_value() gives, but for a field that a loader has read: its text. value is uninitialised. */
void pg_record_get_plain_value (const PgRecord *self, guint position, GValue *value);

/* In the value's own format. */
PgRecord *pg_record_read (const PgWireValue *value, GError **error);

G_END_DECLS
