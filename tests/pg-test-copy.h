/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-session.h"

G_BEGIN_DECLS

/* COPY on both connection classes in one form. */

GOutputStream *pg_test_copy_in (PgBaseConnection *connection, const char *sql, GError **error);
GInputStream *pg_test_copy_out (PgBaseConnection *connection, const char *sql, GError **error);
gboolean pg_test_copy_write (PgTestDriver driver, GOutputStream *stream, gconstpointer data, gsize size, GCancellable *cancellable, GError **error);
gboolean pg_test_copy_write_text (PgTestDriver driver, GOutputStream *stream, const char *text, GError **error);
gboolean pg_test_copy_close_output (PgTestDriver driver, GOutputStream *stream, GCancellable *cancellable, GError **error);
gssize pg_test_copy_read (PgTestDriver driver, GInputStream *stream, gpointer buffer, gsize size, GCancellable *cancellable, GError **error);
gboolean pg_test_copy_close_input (PgTestDriver driver, GInputStream *stream, GError **error);
GBytes *pg_test_copy_read_all (PgTestDriver driver, GInputStream *stream, gsize chunk, GError **error);
gssize pg_test_copy_splice (PgTestDriver driver, GOutputStream *target, GInputStream *source, GCancellable *cancellable, GError **error);
PgBaseConnection *pg_test_copy_open (gconstpointer driver, gboolean autocommit);
void pg_test_copy_assert_usable (PgBaseConnection *connection);
gboolean pg_test_copy_write_row (PgTestDriver driver, GOutputStream *stream, PgParams *row, GError **error);
gboolean pg_test_copy_write_columns (PgTestDriver driver, GOutputStream *stream, PgCopyColumns *columns, GError **error);
PgResult *pg_test_copy_read_rows (PgTestDriver driver, GInputStream *stream, guint max_rows, GError **error);

G_END_DECLS
