/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-batch.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-params-batch-private.h>
#include <pgconn/sql/pg-wire-build-private.h>

/**
 * PgParamsBatch:
 *
 * Many sets of parameters, for a statement that is executed with each of them.
 *
 * A batch is filled either set by set, with [method@ParamsBatch.add_set], or column by column: all first parameters, then all second ones. Columns are what
 * a script language fills fastest: a call for a column instead of several for each set.
 *
 * ```c
 * g_autoptr (PgParamsBatch) batch = pg_params_batch_new ();
 * g_autoptr (GBytes) ids = g_bytes_new_static (id_array, sizeof id_array);
 * g_autoptr (GBytes) names = g_bytes_new_static ("one\0two\0three", sizeof "one\0two\0three");
 *
 * pg_params_batch_add_integer_column (batch, ids, sizeof (gint64), NULL);
 * pg_params_batch_add_text_column (batch, 0, names, NULL);
 * ```
 *
 * The first column says how many sets there are, and the others have as many values. The arrays are kept, not copied. Adding does not fail: what is wrong is
 * one error, the first, when the batch is executed.
 *
 * For `%(name)s` placeholders the columns are given names with [method@ParamsBatch.set_column_name], the values of a set with [method@Params.set_name].
 *
 * A batch may be executed any number of times. What is added after the first is such an error, and is not in the batch. It is used in one thread at a time; only the
 * reference count is atomic.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (PgParamsBatch, pg_params_batch, pg_params_batch_ref, pg_params_batch_unref)

static void
clear_column (gpointer data)
{
  PgBatchColumn *column = data;

  g_free (column->name);
  g_free (column->ends);
  g_clear_pointer (&column->bytes, g_bytes_unref);
  g_clear_pointer (&column->nulls_bytes, g_bytes_unref);
  g_clear_pointer (&column->params, pg_params_unref);
}

/**
 * pg_params_batch_new:
 *
 * Makes a batch without any set.
 *
 * Returns: (transfer full): a new batch
 *
 * Since: 1.0
 */
PgParamsBatch *
pg_params_batch_new (void)
{
  PgParamsBatch *self = g_new0 (PgParamsBatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->columns = g_array_new (FALSE, FALSE, sizeof (PgBatchColumn));
  g_array_set_clear_func (self->columns, clear_column);
  return self;
}

/**
 * pg_params_batch_ref:
 * @self: a batch
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgParamsBatch *
pg_params_batch_ref (PgParamsBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_params_batch_unref:
 * @self: (transfer full): a batch
 *
 * Drops a reference; the last one frees the batch.
 *
 * Since: 1.0
 */
void
pg_params_batch_unref (PgParamsBatch *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->columns);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * pg_params_batch_get_n_sets:
 * @self: a batch
 *
 * Gets how many sets of parameters there are.
 *
 * Returns: the number of sets
 *
 * Since: 1.0
 */
gsize
pg_params_batch_get_n_sets (PgParamsBatch *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_sets;
}

static void
take_error (PgParamsBatch *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

/* It may be on its way, in another call. */
static gboolean
check_unused (PgParamsBatch *self)
{
  if (!self->frozen)
    return TRUE;
  take_error (self, g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the batch was executed before it was filled further: another one is needed")));
  return FALSE;
}

/**
 * pg_params_batch_add_set:
 * @self: a batch
 * @set: the parameters of one execution
 *
 * Adds a set of parameters, which is not changed after that.
 *
 * Since: 1.0
 */
void
pg_params_batch_add_set (PgParamsBatch *self, PgParams *set)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (set != NULL);
  if (!check_unused (self))
    return;
  if (self->columns->len > 0)
    {
      take_error (self, g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a batch is filled either by sets of parameters or by columns")));
      return;
    }
  if (self->sets == NULL)
    self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_params_unref);
  g_ptr_array_add (self->sets, pg_params_ref (set));
  self->n_sets = self->sets->len;
}

/* --- columns --- */

static PgBatchColumn *
add_column (PgParamsBatch *self, PgBatchKind kind, gsize n_values, GBytes *values, GBytes *nulls)
{
  PgBatchColumn *column;
  const guint index = self->columns->len;

  g_array_set_size (self->columns, index + 1);
  column = &g_array_index (self->columns, PgBatchColumn, index);
  memset (column, 0, sizeof *column);
  column->kind = kind;
  if (values != NULL)
    {
      column->bytes = g_bytes_ref (values);
      column->data = g_bytes_get_data (values, NULL);
    }
  if (nulls != NULL)
    {
      column->nulls_bytes = g_bytes_ref (nulls);
      column->nulls = g_bytes_get_data (nulls, NULL);
    }

  if (self->sets != NULL)
    take_error (self, g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a batch is filled either by sets of parameters or by columns")));
  else if (index == 0)
    self->n_sets = n_values;
  else if (n_values != self->n_sets)
    take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("column %u of the batch has %zu values, the first one has %zu"), index + 1, n_values,
                                   self->n_sets));
  if (nulls != NULL && g_bytes_get_size (nulls) != n_values)
    take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("column %u of the batch has %zu values, and says of %zu whether they are NULL"),
                                   index + 1, n_values, g_bytes_get_size (nulls)));
  return column;
}

/* How many numbers of this size there are. */
static gsize
count (PgParamsBatch *self, GBytes *values, gsize width)
{
  const gsize size = g_bytes_get_size (values);

  if (size % width != 0)
    take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("column %u of the batch has %zu bytes, which are no numbers of %zu bytes"),
                                   self->columns->len + 1, size, width));
  return size / width;
}

static gint64
read_integer (const guint8 *data, guint width, gsize index)
{
  gint16 two;
  gint32 four;
  gint64 eight;

  switch (width)
    {
    case 2:
      memcpy (&two, data + index * 2, 2);
      return two;
    case 4:
      memcpy (&four, data + index * 4, 4);
      return four;
    default:
      memcpy (&eight, data + index * 8, 8);
      return eight;
    }
}

/**
 * pg_params_batch_add_integer_column:
 * @self: a batch
 * @values: the integers, in the order of the machine
 * @width: how many bytes each has: 2, 4 or 8
 * @nulls: (nullable): a byte for each value, 0 or, where it is SQL `NULL`, 1; `NULL` where none is
 *
 * Adds a column of integers.
 *
 * They are sent as the smallest of `smallint`, `integer` and `bigint` that holds all of them, as [method@Params.add_integer] does with one.
 *
 * Since: 1.0
 */
void
pg_params_batch_add_integer_column (PgParamsBatch *self, GBytes *values, guint width, GBytes *nulls)
{
  PgBatchColumn *column;
  gint64 least = 0, most = 0;
  gsize n;

  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);
  g_return_if_fail (width == 2 || width == 4 || width == 8);
  if (!check_unused (self))
    return;
  n = count (self, values, width);
  column = add_column (self, PG_BATCH_INTEGER, n, values, nulls);
  column->width = width;
  for (gsize i = 0; i < n; i++)
    {
      const gint64 value = read_integer (column->data, width, i);

      least = MIN (least, value);
      most = MAX (most, value);
    }
  column->type = MAX (pg_wire_integer_type (least), pg_wire_integer_type (most));
  /* The OIDs are not in the order of the widths. */
  if (pg_wire_integer_type (least) == PG_OID_INT8 || pg_wire_integer_type (most) == PG_OID_INT8)
    column->type = PG_OID_INT8;
}

/**
 * pg_params_batch_add_double_column:
 * @self: a batch
 * @values: the numbers, `double`s
 * @nulls: (nullable): a byte for each value, 0 or, where it is SQL `NULL`, 1; `NULL` where none is
 *
 * Adds a column of `double precision` numbers.
 *
 * Since: 1.0
 */
void
pg_params_batch_add_double_column (PgParamsBatch *self, GBytes *values, GBytes *nulls)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);
  if (!check_unused (self))
    return;
  add_column (self, PG_BATCH_DOUBLE, count (self, values, sizeof (double)), values, nulls);
}

/**
 * pg_params_batch_add_boolean_column:
 * @self: a batch
 * @values: a byte each, 0 or 1
 * @nulls: (nullable): a byte for each value, 0 or, where it is SQL `NULL`, 1; `NULL` where none is
 *
 * Adds a column of `boolean` values.
 *
 * Since: 1.0
 */
void
pg_params_batch_add_boolean_column (PgParamsBatch *self, GBytes *values, GBytes *nulls)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);
  if (!check_unused (self))
    return;
  add_column (self, PG_BATCH_BOOLEAN, g_bytes_get_size (values), values, nulls);
}

/**
 * pg_params_batch_add_text_column:
 * @self: a batch
 * @type: the OID of their type, or 0: the server infers it from where the placeholder stands
 * @values: the texts, in UTF-8, each with a zero byte at its end
 * @nulls: (nullable): a byte for each value, 0 or, where it is SQL `NULL`, 1 (the text is there, too, but does not count); `NULL` where none is
 *
 * Adds a column of texts, or of values in their text form.
 *
 * Since: 1.0
 */
void
pg_params_batch_add_text_column (PgParamsBatch *self, guint type, GBytes *values, GBytes *nulls)
{
  g_autoptr (GArray) ends = NULL;
  const char *data, *at;
  PgBatchColumn *column;
  gsize size;

  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);
  if (!check_unused (self))
    return;
  data = at = g_bytes_get_data (values, &size);
  ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  while (at < data + size)
    {
      const char *zero = memchr (at, '\0', size - (gsize) (at - data));
      gsize end;

      if (zero == NULL)
        {
          take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the last text of column %u of the batch has no zero byte at its end"),
                                         self->columns->len + 1));
          break;
        }
      end = (gsize) (zero - data);
      g_array_append_val (ends, end);
      at = zero + 1;
    }
  column = add_column (self, PG_BATCH_TEXT, ends->len, values, nulls);
  column->type = type;
  column->ends = (gsize *) (gpointer) g_array_free (g_steal_pointer (&ends), FALSE);
}

/**
 * pg_params_batch_add_column:
 * @self: a batch
 * @values: the values of the column, in their order
 *
 * Adds a column of any values: each parameter of @values belongs to another set. @values is not changed after that.
 *
 * Since: 1.0
 */
void
pg_params_batch_add_column (PgParamsBatch *self, PgParams *values)
{
  PgBatchColumn *column;

  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);
  if (!check_unused (self))
    return;
  column = add_column (self, PG_BATCH_PARAMS, pg_params_get_n_params (values), NULL, NULL);
  column->params = pg_params_ref (values);
}

/**
 * pg_params_batch_set_column_name:
 * @self: a batch
 * @column: the position of the column, from 0
 * @name: (nullable): the name, or `NULL` for none
 *
 * Names a column, for a `%(name)s` placeholder.
 *
 * All columns have names or none has. Names that the query does not mention are ignored.
 *
 * Since: 1.0
 */
void
pg_params_batch_set_column_name (PgParamsBatch *self, guint column, const char *name)
{
  PgBatchColumn *named;
  char *copy;

  g_return_if_fail (self != NULL);
  if (!check_unused (self))
    return;
  if (column >= self->columns->len)
    {
      take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the batch has no column %u to be named: there are %u"), column, self->columns->len));
      return;
    }
  named = &g_array_index (self->columns, PgBatchColumn, column);
  copy = g_strdup (name);
  self->n_names += (name != NULL) - (named->name != NULL);
  g_free (named->name);
  named->name = copy;
}
