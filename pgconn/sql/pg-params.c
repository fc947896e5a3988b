/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params.h>

#include <string.h>

#include <pgconn/sql/pg-params-private.h>

/**
 * PgParams:
 *
 * The parameters of one execution of a query, added one after the other.
 *
 * The values of a query are sent beside its text and never become part of it. A `GVariant` says the same in fewer words where
 * its types are enough; `PgParams` adds the types of PostgreSQL that `GVariant` lacks, integers of a fixed width, and values
 * that are not copied. In a script language a call per value is also faster than to build a `GVariant`.
 *
 * The values are added in the order of the placeholders `$1 $2 …` or `%s %s …`. For `%(name)s` placeholders each of them is
 * given a name with [method@Params.set_next_name].
 *
 * ```c
 * g_autoptr (PgParams) params = pg_params_new ();
 *
 * pg_params_add_int64 (params, 42);
 * pg_params_add_text (params, "forty-two");
 * ```
 *
 * Wherever a pointer is added, `NULL` adds SQL `NULL`, of the same type.
 *
 * A value that the server cannot read as its type (a `uuid` that is none) is the server's error when the query is executed.
 * Parameters may be used for any number of executions, and changed after an execution was started, which keeps what it was
 * given. They may be used in one thread at a time; only the reference count is atomic.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (PgParams, pg_params, pg_params_ref, pg_params_unref)

static void
param_clear (gpointer data)
{
  PgParam *param = data;

  g_free (param->name);
  switch (param->kind)
    {
    case PG_PARAM_TEXT:
      g_ref_string_release (param->value.text);
      break;
    case PG_PARAM_BYTES:
    case PG_PARAM_INT64_ARRAY:
      g_bytes_unref (param->value.bytes);
      break;
    case PG_PARAM_DATE:
      pg_date_unref (param->value.date);
      break;
    case PG_PARAM_TIMESTAMP:
      pg_timestamp_unref (param->value.timestamp);
      break;
    case PG_PARAM_VARIANT:
      g_variant_unref (param->value.variant);
      break;
    case PG_PARAM_NULL:
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_INTEGER:
    case PG_PARAM_DOUBLE:
    default:
      break;
    }
}

/**
 * pg_params_new:
 *
 * Makes parameters without any value.
 *
 * Returns: (transfer full): new parameters
 *
 * Since: 1.0
 */
PgParams *
pg_params_new (void)
{
  PgParams *self = g_new0 (PgParams, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->params = g_array_new (FALSE, FALSE, sizeof (PgParam));
  g_array_set_clear_func (self->params, param_clear);
  return self;
}

/**
 * pg_params_ref:
 * @self: the parameters
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgParams *
pg_params_ref (PgParams *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_params_unref:
 * @self: (transfer full): the parameters
 *
 * Drops a reference; the last one frees the parameters.
 *
 * Since: 1.0
 */
void
pg_params_unref (PgParams *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->params);
  g_free (self->next_name);
  g_free (self);
}

/**
 * pg_params_get_n_params:
 * @self: the parameters
 *
 * Gets the number of values that were added.
 *
 * Returns: the number of parameters
 *
 * Since: 1.0
 */
guint
pg_params_get_n_params (PgParams *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->params->len;
}

/**
 * pg_params_set_next_name:
 * @self: the parameters
 * @name: (nullable): the name, or `NULL` for none
 *
 * Names the value that is added next, for a `%(name)s` placeholder.
 *
 * All values of an execution have names or none has. Names that the query does not mention are ignored; a name that it mentions
 * must have been given exactly once. What does not hold is a `PG_ERROR_PROGRAMMING` when the query is executed.
 *
 * Since: 1.0
 */
void
pg_params_set_next_name (PgParams *self,
                         const char *name)
{
  char *copy;

  g_return_if_fail (self != NULL);

  copy = g_strdup (name);
  g_free (self->next_name);
  self->next_name = copy;
}

const char *
pg_params_get_name (PgParams *self,
                    guint index)
{
  return g_array_index (self->params, PgParam, index).name;
}

guint
pg_params_get_n_names (PgParams *self)
{
  return self->n_names;
}

static void
release_text (gpointer text)
{
  g_ref_string_release (text);
}

static void
unref_bytes (gpointer bytes)
{
  g_bytes_unref (bytes);
}

static guint8 *
put_int32 (guint8 *at,
           guint32 value)
{
  guint32 ordered = GUINT32_TO_BE (value);

  memcpy (at, &ordered, sizeof ordered);
  return at + sizeof ordered;
}

/* As array_send() writes it: the number of dimensions, a flag for NULLs, the element type, each dimension's size and lower
 * bound, then a length before each element. */
static gboolean
bind_int64_array (PgWireParams *wire,
                  guint wire_index,
                  PgFormatRequest request,
                  GBytes *bytes,
                  GError **error)
{
  gsize size;
  const gint64 *values = g_bytes_get_data (bytes, &size);
  gsize n = size / sizeof *values;
  guint64 length = n > 0 ? 20 + (guint64) n * 12 : 12;
  guint8 *data, *at;

  if (request == PG_REQUEST_TEXT)
    {
      GString *literal = g_string_sized_new (n * 8 + 2);

      g_string_append_c (literal, '{');
      for (gsize i = 0; i < n; i++)
        g_string_append_printf (literal, i > 0 ? ",%" G_GINT64_FORMAT : "%" G_GINT64_FORMAT, values[i]);
      g_string_append_c (literal, '}');
      size = literal->len;
      data = (guint8 *) g_string_free (literal, FALSE);
      return pg_wire_set_data (wire, wire_index, PG_FORMAT_TEXT, PG_OID_INT8_ARRAY, data, size, data, g_free, error);
    }

  if (length >= PG_MAX_MESSAGE)
    return pg_wire_set_data (wire, wire_index, PG_FORMAT_BINARY, PG_OID_INT8_ARRAY, NULL, MIN (length, G_MAXSIZE), NULL, NULL, error);

  data = g_malloc (length);
  at = put_int32 (data, n > 0 ? 1 : 0);
  at = put_int32 (at, 0);
  at = put_int32 (at, PG_OID_INT8);
  if (n > 0)
    {
      at = put_int32 (at, (guint32) n);
      at = put_int32 (at, 1);
    }
  for (gsize i = 0; i < n; i++)
    {
      guint64 ordered = GUINT64_TO_BE ((guint64) values[i]);

      at = put_int32 (at, sizeof ordered);
      memcpy (at, &ordered, sizeof ordered);
      at += sizeof ordered;
    }
  return pg_wire_set_data (wire, wire_index, PG_FORMAT_BINARY, PG_OID_INT8_ARRAY, data, length, data, g_free, error);
}

gboolean
pg_params_bind (PgParams *self,
                guint index,
                PgFormatRequest request,
                PgWireParams *wire,
                guint wire_index,
                GError **error)
{
  const PgParam *param = &g_array_index (self->params, PgParam, index);

  switch (param->kind)
    {
    case PG_PARAM_BOOLEAN:
      pg_wire_set_boolean (wire, wire_index, request, (gboolean) param->value.integer);
      return TRUE;

    case PG_PARAM_INTEGER:
      pg_wire_set_integer (wire, wire_index, request, param->type, param->value.integer);
      return TRUE;

    case PG_PARAM_DOUBLE:
      pg_wire_set_double (wire, wire_index, request, param->value.number);
      return TRUE;

    case PG_PARAM_TEXT:
      return pg_wire_set_text (wire, wire_index, request, param->type, param->value.text,
                               g_ref_string_length (param->value.text),
                               g_ref_string_acquire (param->value.text), release_text, error);

    case PG_PARAM_BYTES:
      {
        gsize length;
        gconstpointer data = g_bytes_get_data (param->value.bytes, &length);

        return pg_wire_set_bytes (wire, wire_index, request, data, length, g_bytes_ref (param->value.bytes), unref_bytes, error);
      }

    case PG_PARAM_DATE:
      if (request == PG_REQUEST_TEXT)
        {
          char *text = pg_date_to_string (param->value.date);

          return pg_wire_set_text (wire, wire_index, request, param->type, text, strlen (text), text, g_free, error);
        }
      pg_wire_set_days (wire, wire_index, pg_date_get_days (param->value.date));
      return TRUE;

    case PG_PARAM_TIMESTAMP:
      if (request == PG_REQUEST_TEXT)
        {
          char *text = pg_timestamp_to_string (param->value.timestamp);

          return pg_wire_set_text (wire, wire_index, request, param->type, text, strlen (text), text, g_free, error);
        }
      pg_wire_set_microseconds (wire, wire_index, param->type, pg_timestamp_get_microseconds (param->value.timestamp));
      return TRUE;

    case PG_PARAM_INT64_ARRAY:
      return bind_int64_array (wire, wire_index, request, param->value.bytes, error);

    case PG_PARAM_VARIANT:
      return pg_wire_set_variant (wire, wire_index, request, g_variant_ref (param->value.variant), error);

    case PG_PARAM_NULL:
    default:
      wire->types[wire_index] = param->type;
      return TRUE;
    }
}
