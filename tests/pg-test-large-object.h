/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-session.h"

G_BEGIN_DECLS

/* The calls for large objects of both connection classes in one form. */

PgLargeObject *pg_test_lob_create (PgTestSession *session, guint oid, GError **error);
PgLargeObject *pg_test_lob_open (PgTestSession *session, guint oid, PgLargeObjectMode mode, GError **error);
gboolean pg_test_lob_unlink (PgTestSession *session, guint oid, GError **error);
gssize pg_test_lob_read (PgTestSession *session, PgLargeObject *object, gpointer buffer, gsize size, GCancellable *cancellable, GError **error);
gboolean pg_test_lob_write (PgTestSession *session, PgLargeObject *object, gconstpointer data, gsize size, gsize *written, GError **error);
goffset pg_test_lob_get_size (PgTestSession *session, PgLargeObject *object);
gboolean pg_test_lob_truncate (PgTestSession *session, PgLargeObject *object, goffset size, GError **error);
void pg_test_lob_close (PgTestSession *session, PgLargeObject *object);
PgLargeObject *pg_test_lob_create_ok (PgTestSession *session);
PgLargeObject *pg_test_lob_open_ok (PgTestSession *session, guint oid, PgLargeObjectMode mode);
void pg_test_lob_write_text (PgTestSession *session, PgLargeObject *object, const char *text);
void pg_test_lob_assert_reads (PgTestSession *session, PgLargeObject *object, const char *text, gsize size);
void pg_test_lob_seek (PgLargeObject *object, goffset offset, GSeekType type);

G_END_DECLS
