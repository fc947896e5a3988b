/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-large-object-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-wire-build-private.h>
#include <pgconn/types/pg-oids.h>
#include <string.h>

/* Large objects by the server's functions, called as any other: see "Server-Side Functions" in the PostgreSQL manual. libpq's own calls for them trust the
 * length of what the server sends.
 *
 * Each statement says where in the object it is, so that a call that was cancelled leaves no position behind; and in which transaction the descriptor was opened,
 * as its number may be another's in the next one. */

#define MODE_WRITE 0x00020000
#define MODE_READ 0x00040000

#define IN_ITS_TRANSACTION " WHERE pg_catalog.now() = $1"
#define AT_THE_POSITION " FROM pg_catalog.lo_lseek64($2, $3, 0) AS place"

static GMutex lock; /* of the lists of what is open */

PgLob *
pg_lob_ref (PgLob *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
list_free (gpointer list)
{
  g_slist_free (list);
}

static GQuark
list_quark (void)
{
  static GQuark quark;

  if (quark == 0)
    quark = g_quark_from_static_string ("pg-large-objects");
  return quark;
}

/* With the lock. */
static void
set_list (PgBaseConnection *connection, GSList *list)
{
  g_object_steal_qdata (G_OBJECT (connection), list_quark ());
  g_object_set_qdata_full (G_OBJECT (connection), list_quark (), list, list_free);
}

static void
clear (gpointer data)
{
  PgLob *self = data;

  g_mutex_lock (&lock);
  set_list (self->connection, g_slist_remove (g_object_get_qdata (G_OBJECT (self->connection), list_quark ()), self));
  g_mutex_unlock (&lock);
  g_object_unref (self->connection);
  g_clear_pointer (&self->ahead, pg_raw_result_unref);
}

void
pg_lob_unref (PgLob *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* The server gives a number again when the savepoint under which it was opened has been rolled back. */
static void
enlist (PgLob *self)
{
  GSList *list;

  g_mutex_lock (&lock);
  list = g_object_get_qdata (G_OBJECT (self->connection), list_quark ());
  for (GSList *l = list; l != NULL; l = l->next)
    {
      PgLob *other = l->data;

      if (other->descriptor == self->descriptor)
        g_atomic_int_compare_and_exchange (&other->over, PG_LOB_OPEN, PG_LOB_LOST);
    }
  set_list (self->connection, g_slist_prepend (list, self));
  g_mutex_unlock (&lock);
}

gboolean
pg_lob_is_async (PgLob *self)
{
  return PG_IS_ASYNC_CONNECTION (self->connection);
}

static void
set_lost (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the large object is not open any more: it is for as long as the transaction it was opened in"));
}

gboolean
pg_lob_check (PgLob *self, PgLargeObjectMode mode, GError **error)
{
  if (self == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, _ ("the large object has no connection: a connection opens large objects"));
  else if (g_atomic_int_get (&self->over) == PG_LOB_CLOSED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the large object is closed"));
  else if (g_atomic_int_get (&self->over) != PG_LOB_OPEN)
    set_lost (error);
  else if ((mode & ~self->mode & PG_LARGE_OBJECT_MODE_WRITE) != 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY, _ ("the large object was opened for reading only"));
  else if ((mode & ~self->mode) != 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, _ ("the large object was opened for writing only"));
  else
    return TRUE;
  return FALSE;
}

gboolean
pg_lob_run (PgLob *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  if (!pg_lob_is_async (self))
    return pg_connection_run (PG_CONNECTION (self->connection), request, cancellable, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("the stream of a PgAsyncConnection does not block: call the asynchronous function"));
  return FALSE;
}

/* --- statements --- */

/* Takes the parameters; sql is static. */
static PgRequest *
request_new (const char *sql, PgExecuteFlags flags, PgWireParams *wire)
{
  PgRequest *request = pg_request_execute_new (sql, NULL, NULL, flags, wire, PG_PREPARE_AUTO, PG_FORMAT_BINARY);

  pg_wire_params_unref (wire);
  return request;
}

static void
set_oid (PgWireParams *wire, guint index, guint32 oid)
{
  guint32 *data = g_new (guint32, 1);

  *data = GUINT32_TO_BE (oid);
  pg_wire_set_data (wire, index, PG_FORMAT_BINARY, PG_OID_OID, data, sizeof *data, data, g_free, NULL);
}

/* With its transaction and its descriptor, $1 and $2. */
static PgWireParams *
params_new (PgLob *self, guint n)
{
  PgWireParams *wire = pg_wire_params_new (n, NULL, NULL);

  pg_wire_set_data (wire, 0, PG_FORMAT_BINARY, PG_OID_TIMESTAMPTZ, self->begun, sizeof self->begun, pg_lob_ref (self), (GDestroyNotify) pg_lob_unref, NULL);
  pg_wire_set_integer (wire, 1, PG_REQUEST_BINARY, PG_OID_INT4, self->descriptor);
  return wire;
}

static gint32
server_mode (PgLargeObjectMode mode)
{
  return ((mode & PG_LARGE_OBJECT_MODE_READ) != 0 ? MODE_READ : 0) | ((mode & PG_LARGE_OBJECT_MODE_WRITE) != 0 ? MODE_WRITE : 0);
}

PgRequest *
pg_lob_create_request_new (guint32 oid)
{
  PgWireParams *wire = pg_wire_params_new (2, NULL, NULL);

  set_oid (wire, 0, oid);
  pg_wire_set_integer (wire, 1, PG_REQUEST_BINARY, PG_OID_INT4, MODE_READ | MODE_WRITE);
  return request_new ("SELECT pg_catalog.lo_open(oid, $2), pg_catalog.now(), oid FROM pg_catalog.lo_create($1) AS oid", PG_EXECUTE_LASTING, wire);
}

PgRequest *
pg_lob_open_request_new (guint32 oid, PgLargeObjectMode mode)
{
  PgWireParams *wire = pg_wire_params_new (2, NULL, NULL);

  set_oid (wire, 0, oid);
  pg_wire_set_integer (wire, 1, PG_REQUEST_BINARY, PG_OID_INT4, server_mode (mode));
  return request_new ("SELECT pg_catalog.lo_open($1, $2), pg_catalog.now(), $1", PG_EXECUTE_LASTING, wire);
}

PgRequest *
pg_lob_unlink_request_new (guint32 oid)
{
  PgWireParams *wire = pg_wire_params_new (1, NULL, NULL);

  set_oid (wire, 0, oid);
  return request_new ("SELECT pg_catalog.lo_unlink($1)", 0, wire);
}

static gssize
fail_answer (GError **error)
{
  g_set_error_literal (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION, _ ("the server does not answer a function of large objects as it should"));
  return -1;
}

/* One value, whose length is checked where one is given; nothing of what the server sends is trusted. */
static const guint8 *
read_value (PgRequest *request, guint column, guint32 type, gsize length, gsize *actual)
{
  PgRawResult *raw = pg_request_execute_get_n_results (request) == 1 ? pg_request_execute_get_result (request, 0) : NULL;
  const guint8 *data;
  gsize n;

  if (raw == NULL || pg_raw_result_get_n_rows (raw) != 1 || pg_raw_result_get_n_columns (raw) <= column
      || pg_raw_result_get_column_type (raw, column) != type || pg_raw_result_get_column_format (raw, column) != PG_FORMAT_BINARY)
    return NULL;
  data = pg_raw_result_get_data (raw, 0, column, &n);
  if (data == NULL || (length > 0 && n != length))
    return NULL;
  if (actual != NULL)
    *actual = n;
  return data;
}

static gboolean
read_int32 (PgRequest *request, guint column, guint32 type, gint32 *value)
{
  const guint8 *data = read_value (request, column, type, sizeof *value, NULL);

  if (data == NULL)
    return FALSE;
  memcpy (value, data, sizeof *value);
  *value = GINT32_FROM_BE (*value);
  return TRUE;
}

PgLob *
pg_lob_take (PgBaseConnection *connection, PgRequest *request, PgLargeObjectMode mode, GError **error)
{
  const guint8 *begun = read_value (request, 1, PG_OID_TIMESTAMPTZ, 8, NULL);
  gint32 descriptor, oid;
  PgLob *self;

  if (begun == NULL || !read_int32 (request, 0, PG_OID_INT4, &descriptor) || !read_int32 (request, 2, PG_OID_OID, &oid) || descriptor < 0)
    {
      fail_answer (error);
      return NULL;
    }
  self = g_atomic_rc_box_new0 (PgLob);
  self->connection = g_object_ref (connection);
  self->oid = (guint32) oid;
  self->mode = mode;
  self->descriptor = descriptor;
  memcpy (self->begun, begun, sizeof self->begun);
  enlist (self);
  return self;
}

/* FALSE where the transaction is another one. */
static gboolean
check_answered (PgLob *self, PgRequest *request, GError **error)
{
  PgRawResult *raw = pg_request_execute_get_n_results (request) == 1 ? pg_request_execute_get_result (request, 0) : NULL;

  if (raw == NULL || pg_raw_result_get_n_rows (raw) > 0)
    return TRUE;
  g_atomic_int_compare_and_exchange (&self->over, PG_LOB_OPEN, PG_LOB_LOST);
  set_lost (error);
  return FALSE;
}

/* --- read --- */

static gsize
get_ahead (PgLob *self, const guint8 **data)
{
  gsize length;

  *data = pg_raw_result_get_data (self->ahead, 0, 0, &length);
  return length;
}

gssize
pg_lob_read_ahead (PgLob *self, gpointer buffer, gsize count)
{
  const guint8 *data;
  gsize length;

  if (self->ahead == NULL || pg_base_connection_get_transaction_status (self->connection) != PG_TRANSACTION_STATUS_INTRANS
      || self->ahead_n_ends != pg_engine_get_n_ends (pg_base_connection_get_engine (self->connection)))
    return -1;
  length = get_ahead (self, &data);
  if (self->position < self->ahead_position || self->position > self->ahead_position + (goffset) length)
    return -1;
  data += self->position - self->ahead_position;
  count = MIN (count, (gsize) (self->ahead_position + (goffset) length - self->position));
  if (count == 0 && length == PG_LOB_CHUNK)
    return -1;
  memcpy (buffer, data, count);
  self->position += (goffset) count;
  return (gssize) count;
}

PgRequest *
pg_lob_read_request_new (PgLob *self, gsize count)
{
  PgWireParams *wire = params_new (self, 4);

  pg_wire_set_integer (wire, 2, PG_REQUEST_BINARY, PG_OID_INT8, self->position);
  /* Without writing it is what it was when it was opened. */
  pg_wire_set_integer (wire, 3, PG_REQUEST_BINARY, PG_OID_INT4, self->mode == PG_LARGE_OBJECT_MODE_READ ? PG_LOB_CHUNK : MIN (count, PG_LOB_CHUNK));
  return request_new ("SELECT pg_catalog.loread($2, $4)" AT_THE_POSITION IN_ITS_TRANSACTION, PG_EXECUTE_NO_BEGIN, wire);
}

gssize
pg_lob_read_take (PgLob *self, PgRequest *request, gpointer buffer, gsize count, GError **error)
{
  const guint8 *data;
  gsize length;

  if (!check_answered (self, request, error))
    return -1;
  data = read_value (request, 0, PG_OID_BYTEA, 0, &length);
  if (data == NULL || length > (self->mode == PG_LARGE_OBJECT_MODE_READ ? PG_LOB_CHUNK : MIN (count, PG_LOB_CHUNK)))
    return fail_answer (error);
  if (self->mode == PG_LARGE_OBJECT_MODE_READ)
    {
      g_clear_pointer (&self->ahead, pg_raw_result_unref);
      self->ahead = pg_raw_result_ref (pg_request_execute_get_result (request, 0));
      self->ahead_position = self->position;
      self->ahead_n_ends = pg_engine_get_n_ends (pg_base_connection_get_engine (self->connection));
    }
  count = MIN (count, length);
  memcpy (buffer, data, count);
  self->position += (goffset) count;
  return (gssize) count;
}

/* --- write --- */

PgRequest *
pg_lob_write_request_new (PgLob *self, gconstpointer data, gsize count)
{
  PgWireParams *wire = params_new (self, 4);

  pg_wire_set_integer (wire, 2, PG_REQUEST_BINARY, PG_OID_INT8, self->position);
  pg_wire_set_data (wire, 3, PG_FORMAT_BINARY, PG_OID_BYTEA, data, MIN (count, PG_LOB_CHUNK), NULL, NULL, NULL);
  return request_new ("SELECT pg_catalog.lowrite($2, $4)" AT_THE_POSITION IN_ITS_TRANSACTION, PG_EXECUTE_NO_BEGIN, wire);
}

gssize
pg_lob_write_take (PgLob *self, PgRequest *request, gsize count, GError **error)
{
  gint32 n;

  if (!check_answered (self, request, error))
    return -1;
  if (!read_int32 (request, 0, PG_OID_INT4, &n) || n < 0 || (gsize) n > MIN (count, PG_LOB_CHUNK) || (n == 0 && count > 0))
    return fail_answer (error);
  self->position += n;
  return n;
}

/* --- size, truncate, close --- */

PgRequest *
pg_lob_size_request_new (PgLob *self)
{
  return request_new ("SELECT pg_catalog.lo_lseek64($2, 0, 2)" IN_ITS_TRANSACTION, PG_EXECUTE_NO_BEGIN, params_new (self, 2));
}

goffset
pg_lob_size_take (PgLob *self, PgRequest *request, GError **error)
{
  const guint8 *data;
  gint64 size;

  if (!check_answered (self, request, error))
    return -1;
  data = read_value (request, 0, PG_OID_INT8, sizeof size, NULL);
  if (data != NULL)
    {
      memcpy (&size, data, sizeof size);
      size = GINT64_FROM_BE (size);
      if (size >= 0)
        return size;
    }
  return fail_answer (error);
}

PgRequest *
pg_lob_truncate_request_new (PgLob *self, goffset size)
{
  PgWireParams *wire = params_new (self, 3);

  pg_wire_set_integer (wire, 2, PG_REQUEST_BINARY, PG_OID_INT8, size);
  return request_new ("SELECT pg_catalog.lo_truncate64($2, $3)" IN_ITS_TRANSACTION, PG_EXECUTE_NO_BEGIN, wire);
}

gboolean
pg_lob_truncate_take (PgLob *self, PgRequest *request, GError **error)
{
  return check_answered (self, request, error);
}

PgRequest *
pg_lob_close_request_new (PgLob *self)
{
  g_autoptr (PgWireParams) wire = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->over, PG_LOB_OPEN, PG_LOB_CLOSED))
    {
      g_atomic_int_set (&self->over, PG_LOB_CLOSED);
      return NULL;
    }
  if (pg_base_connection_get_closed (self->connection))
    return NULL;
  wire = params_new (self, 2);
  return pg_request_end_new ("SELECT pg_catalog.lo_close($2)" IN_ITS_TRANSACTION, wire, FALSE);
}
