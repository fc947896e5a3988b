/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-private.h"
#include "pg-libpq-private.h"

#include <dlfcn.h>

static gpointer
pg_libpq_look_up (gpointer library, const char *name)
{
  return library != NULL ? dlsym (library, name) : NULL;
}

/* ISO C has no cast from an object pointer to a function pointer; POSIX guarantees what dlsym() returns to survive this one. */
#define LOOK_UP(FIELD, NAME) (*(gpointer *) &libpq.FIELD = pg_libpq_look_up (library, NAME))

const PgLibpq *
pg_libpq_get (void)
{
  static PgLibpq libpq;
  static gsize done;

  if (g_once_init_enter (&done))
    {
      Dl_info info;
      gpointer library = NULL;

      /* The very libpq this library is linked to, also where another copy is in the global scope. */
      if (dladdr (*(gpointer *) &(int (*[]) (void)){ PQlibVersion }[0], &info) != 0 && info.dli_fname != NULL)
        library = dlopen (info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
      if (library == NULL)
        library = dlopen (NULL, RTLD_LAZY);

      libpq.version = PQlibVersion ();
      LOOK_UP (cancel_create, "PQcancelCreate");
      LOOK_UP (cancel_start, "PQcancelStart");
      LOOK_UP (cancel_blocking, "PQcancelBlocking");
      LOOK_UP (cancel_poll, "PQcancelPoll");
      LOOK_UP (cancel_socket, "PQcancelSocket");
      LOOK_UP (cancel_error_message, "PQcancelErrorMessage");
      LOOK_UP (cancel_finish, "PQcancelFinish");
      LOOK_UP (send_close_prepared, "PQsendClosePrepared");
      LOOK_UP (set_chunked_rows_mode, "PQsetChunkedRowsMode");
      LOOK_UP (connection_used_gssapi, "PQconnectionUsedGSSAPI");
      /* A library that libpq depends on is searched with it. */
      LOOK_UP (ssl_pending, "SSL_pending");
      LOOK_UP (full_protocol_version, "PQfullProtocolVersion");
      g_once_init_leave (&done, 1);
    }
  return &libpq;
}

int
pg_engine_get_libpq_version (void)
{
  return pg_libpq_get ()->version;
}

gboolean
pg_engine_can (PgCan what)
{
  const PgLibpq *libpq = pg_libpq_get ();

  switch (what)
    {
    case PG_CAN_CANCEL_SAFE:
      return libpq->cancel_create != NULL;
    case PG_CAN_STREAM_CHUNKED:
      return libpq->set_chunked_rows_mode != NULL;
    case PG_CAN_CLOSE_PREPARED:
      return libpq->send_close_prepared != NULL;
    case PG_CAN_USED_GSSAPI:
      return libpq->connection_used_gssapi != NULL;
    case PG_CAN_FULL_PROTOCOL_VERSION:
      return libpq->full_protocol_version != NULL;
    case PG_CAN_TLS:
      /* Without a connection it names the attributes of the library's TLS implementation, and gives none where there is none. */
      return PQsslAttribute (NULL, "library") != NULL || libpq->version < 150000;
    default:
      return FALSE;
    }
}
