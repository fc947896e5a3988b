/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params.h>

#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-numeric.h>

static PgParam *
add (PgParams *self,
     PgParamKind kind,
     guint32 type)
{
  PgParam param = { .kind = kind, .type = type, .name = g_steal_pointer (&self->next_name) };

  if (param.name != NULL)
    self->n_names++;
  g_array_append_val (self->params, param);
  return &g_array_index (self->params, PgParam, self->params->len - 1);
}

static void
add_text (PgParams *self,
          guint32 type,
          const char *text)
{
  if (text == NULL)
    add (self, PG_PARAM_NULL, type);
  else
    add (self, PG_PARAM_TEXT, type)->value.text = g_ref_string_new (text);
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

  add (self, PG_PARAM_NULL, PG_OID_INFER);
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

  add (self, PG_PARAM_BOOLEAN, PG_OID_BOOL)->value.integer = value != FALSE;
}

/**
 * pg_params_add_int16:
 * @self: the parameters
 * @value: the value
 *
 * Adds a `smallint`.
 *
 * Unlike an integer in a `GVariant`, which is sent as the smallest type that holds it, it has this type whatever its value, so
 * that all executions share one prepared statement.
 *
 * Since: 1.0
 */
void
pg_params_add_int16 (PgParams *self,
                     gint16 value)
{
  g_return_if_fail (self != NULL);

  add (self, PG_PARAM_INTEGER, PG_OID_INT2)->value.integer = value;
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

  add (self, PG_PARAM_INTEGER, PG_OID_INT4)->value.integer = value;
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

  add (self, PG_PARAM_INTEGER, PG_OID_INT8)->value.integer = value;
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

  add (self, PG_PARAM_DOUBLE, PG_OID_FLOAT8)->value.number = value;
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
    add (self, PG_PARAM_NULL, PG_OID_BYTEA);
  else
    add (self, PG_PARAM_BYTES, PG_OID_BYTEA)->value.bytes = g_bytes_ref (value);
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
  g_autofree char *text = NULL;

  g_return_if_fail (self != NULL);

  if (value != NULL)
    text = pg_numeric_to_string (value);
  add_text (self, PG_OID_NUMERIC, text);
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

  if (value == NULL)
    add (self, PG_PARAM_NULL, PG_OID_DATE);
  else
    add (self, PG_PARAM_DATE, PG_OID_DATE)->value.date = pg_date_ref (value);
}

/**
 * pg_params_add_timestamp:
 * @self: the parameters
 * @value: (nullable): the value
 *
 * Adds a `timestamp with time zone` or, if it has none, a `timestamp without time zone`.
 *
 * `NULL` has no type, as it does not say which of the two is meant.
 *
 * Since: 1.0
 */
void
pg_params_add_timestamp (PgParams *self,
                         PgTimestamp *value)
{
  g_return_if_fail (self != NULL);

  if (value == NULL)
    add (self, PG_PARAM_NULL, PG_OID_INFER);
  else
    add (self, PG_PARAM_TIMESTAMP, pg_timestamp_has_time_zone (value) ? PG_OID_TIMESTAMPTZ : PG_OID_TIMESTAMP)
        ->value.timestamp = pg_timestamp_ref (value);
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

/**
 * pg_params_add_variant:
 * @self: the parameters
 * @value: (nullable): the value; a floating reference is taken
 *
 * Adds one value of a `GVariant` type, as the elements of a `GVariant` of parameters are taken.
 *
 * That is: booleans, integers (the smallest type that holds the value), doubles, strings (without a type), `ay` (`bytea`), arrays of
 * these, and `m` and `v` around them. A tuple or dictionary is a `PG_ERROR_PROGRAMMING` when the query is executed.
 *
 * Since: 1.0
 */
void
pg_params_add_variant (PgParams *self,
                       GVariant *value)
{
  g_return_if_fail (self != NULL);

  if (value == NULL)
    add (self, PG_PARAM_NULL, PG_OID_INFER);
  else
    add (self, PG_PARAM_VARIANT, PG_OID_INFER)->value.variant = g_variant_ref_sink (value);
}

/**
 * pg_params_add_strv:
 * @self: the parameters
 * @value: (nullable) (array zero-terminated=1): the elements, UTF-8
 *
 * Adds a `text[]` of one dimension.
 *
 * An array with `NULL` elements or of another type is added as a `GVariant` (`ams`) or by its text.
 *
 * Since: 1.0
 */
void
pg_params_add_strv (PgParams *self,
                    const char *const *value)
{
  g_autoptr (GString) literal = NULL;

  g_return_if_fail (self != NULL);

  if (value == NULL)
    {
      add (self, PG_PARAM_NULL, PG_OID_TEXT_ARRAY);
      return;
    }

  literal = g_string_new ("{");
  for (guint i = 0; value[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (literal, ',');
      pg_array_text_quote (literal, value[i], -1, ',');
    }
  g_string_append_c (literal, '}');
  add (self, PG_PARAM_TEXT, PG_OID_TEXT_ARRAY)->value.text = g_ref_string_new_len (literal->str, (gssize) literal->len);
}

/**
 * pg_params_add_int64_array:
 * @self: the parameters
 * @values: (array length=n_values) (nullable): the elements, which are copied; `NULL` if there are none
 * @n_values: their number
 *
 * Adds a `bigint[]` of one dimension.
 *
 * Together with `unnest()` it is a fast way to send many rows. No elements are an empty array, not SQL `NULL`.
 *
 * Since: 1.0
 */
void
pg_params_add_int64_array (PgParams *self,
                           const gint64 *values,
                           gsize n_values)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL || n_values == 0);
  g_return_if_fail (n_values <= G_MAXSSIZE / sizeof *values);

  add (self, PG_PARAM_INT64_ARRAY, PG_OID_INT8_ARRAY)->value.bytes = g_bytes_new (values, n_values * sizeof *values);
}
