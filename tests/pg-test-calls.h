/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* Calls that have to succeed, for the tests of the classes that need a server: each ends the program with the error where it does not. */

/* Takes everything that libpq reads (PGHOST, a password file, ...) out of the environment. First thing in main(). */
void pg_test_clean_environment (void);

PgConnection *pg_test_open (const char *conninfo);
/* In autocommit. */
PgConnection *pg_test_open_autocommit (const char *conninfo);
/* A new connection to a new database; NULL where the test is skipped. */
PgConnection *pg_test_open_fixture (void);
PgConnection *pg_test_open_fixture_autocommit (void);

/* Executes without parameters. */
void pg_test_run (PgConnection *connection, const char *sql);
/* With results in a format, and with params where they are not NULL. */
PgCursor *pg_test_execute_as (PgConnection *connection, PgFormat format, const char *sql, GVariant *variant, PgParams *params);
/* The text of the first value of the first row; NULL for SQL NULL. */
char *pg_test_text (PgConnection *connection, const char *sql);
gint64 pg_test_int64 (PgConnection *connection, const char *sql);
/* Executes what has to fail with this code; the message. */
char *pg_test_fail (PgConnection *connection, const char *sql, int code);

/* The text of a cell of the current result. */
char *pg_test_cell (gpointer cursor, guint row, guint column);

/* Waits for the end of one asynchronous call. callback and data are for the call; result is what it got. */
typedef struct
{
  GAsyncResult *result;
  guint n_calls;
} PgTestWait;

#define PG_TEST_WAIT_INIT { NULL, 0 }

void pg_test_wait_done (GObject *source, GAsyncResult *result, gpointer wait);
/* Runs the thread's default main context until then. */
GAsyncResult *pg_test_wait (PgTestWait *wait);
void pg_test_wait_clear (PgTestWait *wait);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgTestWait, pg_test_wait_clear)

/* The same as above with a main loop. */
PgAsyncConnection *pg_test_async_open (const char *conninfo);
PgAsyncConnection *pg_test_async_open_fixture (void);
PgAsyncCursor *pg_test_async_execute (PgAsyncConnection *connection, const char *sql);
char *pg_test_async_text (PgAsyncConnection *connection, const char *sql);
char *pg_test_async_fail (PgAsyncConnection *connection, const char *sql, int code);

/* Runs the thread's default main context until *flag is at least n; the program ends with an error after a minute. */
void pg_test_iterate_until (const guint *flag, guint n);
/* ... and for a number of milliseconds. */
void pg_test_iterate_for (guint milliseconds);

#define pg_test_assert_contains(text, part) \
  G_STMT_START \
  { \
    const char *text_ = (text); \
    const char *part_ = (part); \
    if (text_ == NULL || strstr (text_, part_) == NULL) \
      { \
        g_autofree char *message_ = g_strdup_printf ("“%s” is not in “%s”", part_, text_ != NULL ? text_ : "(NULL)"); \
        g_assertion_message (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, message_); \
      } \
  } \
  G_STMT_END

G_END_DECLS
