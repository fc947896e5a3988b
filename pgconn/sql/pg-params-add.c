/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params.h>

#include <pgconn/sql/pg-params-private.h>

static void
add_text (PgParams *self,
          guint32 type,
          const char *text)
{
  if (text == NULL)
    pg_params_add (self, PG_PARAM_NULL, type);
  else
    pg_params_add (self, PG_PARAM_TEXT, type)->value.text = g_ref_string_new (text);
}

/**
 * pg_params_add_null:
 * @self: the parameters
 *
 * Adds SQL `NULL`, whose type the server infers from where it stands.
 *
 * Since: 1.0
 */
void
pg_params_add_null (PgParams *self)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_NULL, PG_OID_INFER);
}

/**
 * pg_params_add_boolean:
 * @self: the parameters
 * @value: the value
 *
 * Adds a `boolean`.
 *
 * Since: 1.0
 */
void
pg_params_add_boolean (PgParams *self,
                       gboolean value)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_BOOLEAN, PG_OID_BOOL)->value.integer = value != FALSE;
}

/**
 * pg_params_add_integer:
 * @self: the parameters
 * @value: the value
 *
 * Adds an integer as the smallest of `smallint`, `integer` and `bigint` that holds it.
 *
 * This is for numbers that have no width of their own, as those of script languages: the value fits wherever PostgreSQL wants an integer, as
 * it widens by itself but does not narrow. The price is a prepared statement for each width.
 *
 * Since: 1.0
 */
void
pg_params_add_integer (PgParams *self,
                       gint64 value)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_INTEGER, pg_wire_integer_type (value))->value.integer = value;
}

/**
 * pg_params_add_int16:
 * @self: the parameters
 * @value: the value
 *
 * Adds a `smallint`.
 *
 * Unlike [method@Params.add_integer], it has this type whatever its value, so that all executions share one prepared statement.
 *
 * Since: 1.0
 */
void
pg_params_add_int16 (PgParams *self,
                     gint16 value)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_INTEGER, PG_OID_INT2)->value.integer = value;
}

/**
 * pg_params_add_int32:
 * @self: the parameters
 * @value: the value
 *
 * Adds an `integer`, whatever the value: see [method@Params.add_int16].
 *
 * Since: 1.0
 */
void
pg_params_add_int32 (PgParams *self,
                     gint32 value)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_INTEGER, PG_OID_INT4)->value.integer = value;
}

/**
 * pg_params_add_int64:
 * @self: the parameters
 * @value: the value
 *
 * Adds a `bigint`, whatever the value: see [method@Params.add_int16].
 *
 * PostgreSQL does not make a smaller integer of a `bigint` by itself: where a function takes an `integer` only, as `left()` does,
 * add that, or write a cast in the query.
 *
 * Since: 1.0
 */
void
pg_params_add_int64 (PgParams *self,
                     gint64 value)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_INTEGER, PG_OID_INT8)->value.integer = value;
}

/**
 * pg_params_add_double:
 * @self: the parameters
 * @value: the value, which may be infinite or not a number
 *
 * Adds a `double precision`.
 *
 * Since: 1.0
 */
void
pg_params_add_double (PgParams *self,
                      double value)
{
  g_return_if_fail (self != NULL);

  pg_params_add (self, PG_PARAM_DOUBLE, PG_OID_FLOAT8)->value.number = value;
}

/**
 * pg_params_add_text:
 * @self: the parameters
 * @value: (nullable): the value, UTF-8
 *
 * Adds text without a type.
 *
 * The server reads it as the type of the place where it stands, as it does a constant in quotes: a date, an enum, a number.
 * Where nothing gives a type, write a cast (`$1::text`) or use [method@Params.add_typed_text].
 *
 * Since: 1.0
 */
void
pg_params_add_text (PgParams *self,
                    const char *value)
{
  g_return_if_fail (self != NULL);

  add_text (self, PG_OID_INFER, value);
}

/**
 * pg_params_add_typed_text:
 * @self: the parameters
 * @type: the OID of the type; 0 lets the server infer it
 * @value: (nullable): the value in its text form, UTF-8
 *
 * Adds a value of any type by its text form, which is the one that the type's input function reads.
 *
 * Since: 1.0
 */
void
pg_params_add_typed_text (PgParams *self,
                          guint type,
                          const char *value)
{
  g_return_if_fail (self != NULL);

  add_text (self, type, value);
}

/**
 * pg_params_add_bytes:
 * @self: the parameters
 * @value: (nullable): the bytes
 *
 * Adds a `bytea`; the bytes are not copied.
 *
 * Since: 1.0
 */
void
pg_params_add_bytes (PgParams *self,
                     GBytes *value)
{
  g_return_if_fail (self != NULL);

  if (value == NULL)
    pg_params_add (self, PG_PARAM_NULL, PG_OID_BYTEA);
  else
    pg_params_add (self, PG_PARAM_BYTES, PG_OID_BYTEA)->value.bytes = g_bytes_ref (value);
}

/**
 * pg_params_add_uuid:
 * @self: the parameters
 * @value: (nullable): the text of a UUID, as [func@GLib.uuid_string_random] makes it
 *
 * Adds a `uuid`.
 *
 * Since: 1.0
 */
void
pg_params_add_uuid (PgParams *self,
                    const char *value)
{
  g_return_if_fail (self != NULL);

  add_text (self, PG_OID_UUID, value);
}

/**
 * pg_params_add_json:
 * @self: the parameters
 * @value: (nullable): a JSON text, UTF-8; JSON's own null is `"null"`
 *
 * Adds a `json`.
 *
 * Since: 1.0
 */
void
pg_params_add_json (PgParams *self,
                    const char *value)
{
  g_return_if_fail (self != NULL);

  add_text (self, PG_OID_JSON, value);
}

/**
 * pg_params_add_jsonb:
 * @self: the parameters
 * @value: (nullable): a JSON text, UTF-8; JSON's own null is `"null"`
 *
 * Adds a `jsonb`.
 *
 * Since: 1.0
 */
void
pg_params_add_jsonb (PgParams *self,
                     const char *value)
{
  g_return_if_fail (self != NULL);

  add_text (self, PG_OID_JSONB, value);
}

