/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/types/pg-oids.h>
#include <string.h>

/* A statement may change client_encoding, by itself or in a function that it calls. It is set back when the statement is over (pg-engine-step.c). What the server has
 * sent until then, and what it has read then already of calls that went out with it, is in the other encoding. Which is no matter where it is ASCII: all encodings that a
 * client can have know that. See "Character Set Support" in the PostgreSQL manual. */

static gboolean
is_ascii (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (data[i] > 127)
      return FALSE;
  return TRUE;
}

static gboolean
is_ascii_text (const char *text)
{
  return is_ascii ((const guint8 *) text, strlen (text));
}

/* Types whose binary form has no text in it. */
static gboolean
is_without_text (guint32 type)
{
  static const guint32 types[] = { PG_OID_BOOL, PG_OID_BYTEA, PG_OID_INT2,      PG_OID_INT4,        PG_OID_INT8,     PG_OID_OID,    PG_OID_FLOAT4,  PG_OID_FLOAT8,
                                   PG_OID_DATE, PG_OID_TIME,  PG_OID_TIMESTAMP, PG_OID_TIMESTAMPTZ, PG_OID_INTERVAL, PG_OID_TIMETZ, PG_OID_NUMERIC, PG_OID_UUID };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i] == type)
      return TRUE;
  return FALSE;
}

static gboolean
are_params_ascii (PgWireParams *params)
{
  for (guint i = 0; params != NULL && i < params->n_params; i++)
    if (params->values[i] != NULL && !(params->formats[i] != 0 && is_without_text (params->types[i]))
        && !is_ascii ((const guint8 *) params->values[i], (gsize) params->lengths[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_result_ascii (PgRawResult *raw)
{
  const guint n_rows = pg_raw_result_get_n_rows (raw);

  for (guint column = 0; column < pg_raw_result_get_n_columns (raw); column++)
    {
      if (!is_ascii_text (pg_raw_result_get_column_name (raw, column)))
        return FALSE;
      if (pg_raw_result_get_column_format (raw, column) == PG_FORMAT_BINARY && is_without_text (pg_raw_result_get_column_type (raw, column)))
        continue;
      for (guint row = 0; row < n_rows; row++)
        {
          gsize length;
          const guint8 *data = pg_raw_result_get_data (raw, row, column, &length);

          if (data != NULL && !is_ascii (data, length))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
pg_encoding_check_sent (PgRequest *request, const char *sql, PgWireParams *params)
{
  if (is_ascii_text (sql) && are_params_ascii (params))
    return TRUE;
  pg_request_fail (request, pg_error_new_own ("22021", _ ("a call before this one, sent in the same round trip, has changed client_encoding: the server has read the text of "
                                                          "this one in another encoding than UTF-8, and has executed what it has read")));
  return FALSE;
}

gboolean
pg_encoding_check_result (PgRequest *request, PgRawResult *raw)
{
  if (is_result_ascii (raw))
    return TRUE;
  pg_request_fail (request, pg_error_new_own ("22021", _ ("the statement was executed, and its result cannot be read: client_encoding was changed, and which part of the texts is "
                                                          "UTF-8 is not known")));
  return FALSE;
}

void
pg_encoding_fail (PgRequest *request)
{
  pg_request_fail (request, pg_error_new_own ("22021", _ ("the statement was executed, and has changed client_encoding: texts that are not ASCII may have been read in another encoding "
                                                          "than UTF-8, by the server and here")));
}

gboolean
pg_engine_encoding_was_changed (PgEngine *self)
{
  PGTransactionStatusType status;

  if (self->conn == NULL || PQclientEncoding (self->conn) == self->encoding)
    return FALSE;
  status = PQtransactionStatus (self->conn);
  return status == PQTRANS_IDLE || status == PQTRANS_INTRANS;
}

gboolean
pg_engine_take_encoding (PgEngine *self)
{
  const gboolean was_other = self->is_other_encoding;

  self->is_other_encoding = PQclientEncoding (self->conn) != self->encoding;
  if (!self->is_other_encoding && !was_other)
    return FALSE;
  if (self->current->error == NULL && self->current->klass->misread != NULL)
    self->current->klass->misread (self->current, self, was_other);
  return self->is_other_encoding;
}
