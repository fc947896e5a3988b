/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-types.h>

#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-array.h>
#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-inet.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-point.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp.h>

/* null_type: of SQL NULL; PG_OID_INFER where the type depends on the value. */
static void
add_boxed (PgParams *self,
           GType gtype,
           guint32 null_type,
           gconstpointer boxed)
{
  PgParam *param;

  if (boxed == NULL)
    {
      pg_params_add (self, PG_PARAM_NULL, null_type);
      return;
    }

  param = pg_params_add (self, PG_PARAM_VALUE, null_type);
  g_value_init (&param->value.value, gtype);
  g_value_set_boxed (&param->value.value, boxed);
  if (null_type == PG_OID_INFER)
    pg_value_get_type_oid (NULL, &param->value.value, &param->type, NULL);
}

/**
 * pg_params_add_float:
 * @self: the parameters
 * @value: the value, which may be infinite or not a number
 *
 * Adds a `real`.
 *
 * Since: 1.0
 */
void
pg_params_add_float (PgParams *self,
                        float value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_FLOAT4);
  g_value_init (&param->value.value, G_TYPE_FLOAT);
  g_value_set_float (&param->value.value, value);
}

/**
 * pg_params_add_uint64:
 * @self: the parameters
 * @value: the value
 *
 * Adds a `bigint` or, if it is greater than that can be, a `numeric`.
 *
 * PostgreSQL has no integers of 64 bits without a sign but the numbers of transactions: see [method@Params.add_xid8].
 *
 * Since: 1.0
 */
void
pg_params_add_uint64 (PgParams *self,
                      guint64 value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  if (value <= G_MAXINT64)
    {
      pg_params_add (self, PG_PARAM_INTEGER, PG_OID_INT8)->value.integer = (gint64) value;
      return;
    }
  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_NUMERIC);
  g_value_init (&param->value.value, G_TYPE_UINT64);
  g_value_set_uint64 (&param->value.value, value);
}

/**
 * pg_params_add_oid:
 * @self: the parameters
 * @value: the value
 *
 * Adds an `oid`, which is also taken for a `regclass` and the like.
 *
 * Since: 1.0
 */
void
pg_params_add_oid (PgParams *self,
                      guint value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_OID);
  g_value_init (&param->value.value, G_TYPE_UINT);
  g_value_set_uint (&param->value.value, value);
}

/**
 * pg_params_add_xid8:
 * @self: the parameters
 * @value: the value
 *
 * Adds an `xid8`, the full number of a transaction.
 *
 * Since: 1.0
 */
void
pg_params_add_xid8 (PgParams *self,
                       guint64 value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_XID8);
  g_value_init (&param->value.value, G_TYPE_UINT64);
  g_value_set_uint64 (&param->value.value, value);
}

/**
 * pg_params_add_lsn:
 * @self: the parameters
 * @value: the position, in bytes
 *
 * Adds a `pg_lsn`, a position in the write-ahead log.
 *
 * Since: 1.0
 */
void
pg_params_add_lsn (PgParams *self,
                      guint64 value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_PG_LSN);
  g_value_init (&param->value.value, G_TYPE_UINT64);
  g_value_set_uint64 (&param->value.value, value);
}

/**
 * pg_params_add_money:
 * @self: the parameters
 * @value: the amount, in the currency's smallest unit
 *
 * Adds a `money`.
 *
 * How many of the units make a whole depends on the server's `lc_monetary`: for most currencies 100. It is always sent in binary: a `%t`
 * placeholder is a `PG_ERROR_PROGRAMMING`, as the text would be a number of whole units.
 *
 * Since: 1.0
 */
void
pg_params_add_money (PgParams *self,
                        gint64 value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_MONEY);
  g_value_init (&param->value.value, G_TYPE_INT64);
  g_value_set_int64 (&param->value.value, value);
}

/**
 * pg_params_add_numeric:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `numeric` with all its digits.
 *
 * Since: 1.0
 */
void
pg_params_add_numeric (PgParams *self,
                          PgNumeric *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_NUMERIC, PG_OID_NUMERIC, value);
}

/**
 * pg_params_add_date:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `date`.
 *
 * Since: 1.0
 */
void
pg_params_add_date (PgParams *self,
                       PgDate *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_DATE, PG_OID_DATE, value);
}

/**
 * pg_params_add_time:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `time with time zone` or, if it has no offset from UTC, a `time without time zone`.
 *
 * `NULL` has no type, as it does not say which of them is meant.
 *
 * Since: 1.0
 */
void
pg_params_add_time (PgParams *self,
                       PgTime *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_TIME, PG_OID_INFER, value);
}

/**
 * pg_params_add_timestamp:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `timestamp with time zone` or, if it has none, a `timestamp without time zone`.
 *
 * `NULL` has no type, as it does not say which of them is meant.
 *
 * Since: 1.0
 */
void
pg_params_add_timestamp (PgParams *self,
                            PgTimestamp *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_TIMESTAMP, PG_OID_INFER, value);
}

/**
 * pg_params_add_interval:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds an `interval`.
 *
 * An infinite one is sent in text, which servers before PostgreSQL 17 refuse.
 *
 * Since: 1.0
 */
void
pg_params_add_interval (PgParams *self,
                           PgInterval *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_INTERVAL, PG_OID_INTERVAL, value);
}

/**
 * pg_params_add_inet:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds an `inet` or, if it is a network, a `cidr`.
 *
 * `NULL` has no type, as it does not say which of them is meant.
 *
 * Since: 1.0
 */
void
pg_params_add_inet (PgParams *self,
                       PgInet *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_INET, PG_OID_INFER, value);
}

/**
 * pg_params_add_bit_string:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `bit varying`, which is also taken for a `bit`.
 *
 * Since: 1.0
 */
void
pg_params_add_bit_string (PgParams *self,
                             PgBitString *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_BIT_STRING, PG_OID_VARBIT, value);
}

/**
 * pg_params_add_point:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `point`.
 *
 * The other geometric types are added by their text, with [method@Params.add_typed_text].
 *
 * Since: 1.0
 */
void
pg_params_add_point (PgParams *self,
                        PgPoint *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_POINT, PG_OID_POINT, value);
}

/**
 * pg_params_add_range:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a range of the type that has its bounds: an `int4range` for `PG_OID_INT4` and so on.
 *
 * With the types of the database that the connection knows, see [method@Connection.fetch_type], that may be one of those. Where there is none, or several
 * have such bounds, the range is sent in text without a type, which the server infers from where it stands; `NULL` has none either.
 *
 * Since: 1.0
 */
void
pg_params_add_range (PgParams *self,
                        PgRange *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_RANGE, PG_OID_INFER, value);
}

/**
 * pg_params_add_multirange:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a multirange: see [method@Params.add_range].
 *
 * Since: 1.0
 */
void
pg_params_add_multirange (PgParams *self,
                             PgMultirange *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_MULTIRANGE, PG_OID_INFER, value);
}

/**
 * pg_params_add_record:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a record, of the composite type that it was read of.
 *
 * Where the connection does not know that type, see [method@Connection.fetch_type], or it is of none, it is sent in text without a type, which the server
 * infers from where it stands. One of values of your own is made with [method@Params.begin_record].
 *
 * Since: 1.0
 */
void
pg_params_add_record (PgParams *self,
                         PgRecord *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_RECORD, PG_OID_INFER, value);
}

/**
 * pg_params_add_array:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds an array, with its bounds, of the type that has its elements.
 *
 * Where the connection does not know the type of the elements, see [method@Connection.fetch_type], it is sent in text without a type, which the server infers
 * from where it stands; `NULL` has none either. One of values of your own is made with [method@Params.begin_array], of which this cannot be a row.
 *
 * Since: 1.0
 */
void
pg_params_add_array (PgParams *self,
                     PgArray *value)
{
  g_return_if_fail (self != NULL);

  add_boxed (self, PG_TYPE_ARRAY, PG_OID_INFER, value);
}
