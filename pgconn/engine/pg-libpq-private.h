/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

G_BEGIN_DECLS

/* libpq 17's PGRES_TUPLES_CHUNK: known here also when an older one is compiled against, as the number is ABI. */
#define PG_LIBPQ_TUPLES_CHUNK 12

/* What libpq 17 and 18 added, looked up in the libpq that is loaded: the library may be built against a newer or an older one than it
 * runs with. NULL where it is missing. The types are opaque here, because libpq 14's header does not name them. */
typedef struct
{
  int version;

  /* libpq 17, "Functions for Sending Cancel Requests" */
  gpointer (*cancel_create) (PGconn *conn);
  int (*cancel_start) (gpointer cancel);
  int (*cancel_blocking) (gpointer cancel);
  PostgresPollingStatusType (*cancel_poll) (gpointer cancel);
  int (*cancel_socket) (gconstpointer cancel);
  char *(*cancel_error_message) (gconstpointer cancel);
  void (*cancel_finish) (gpointer cancel);

  /* libpq 17 */
  int (*send_close_prepared) (PGconn *conn, const char *name);
  int (*set_chunked_rows_mode) (PGconn *conn, int size);

  /* libpq 16 */
  int (*connection_used_gssapi) (const PGconn *conn);

  /* OpenSSL's, where libpq has it: bytes that were decrypted and not read yet. */
  int (*ssl_pending) (gconstpointer ssl);

  /* libpq 18 */
  int (*full_protocol_version) (const PGconn *conn);
} PgLibpq;

const PgLibpq *pg_libpq_get (void);

G_END_DECLS
