/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-row-private.h>

#include <gio/gio.h>

#include <pgconn/result/pg-result-private.h>

/**
 * PgRow:
 *
 * One row of a result, as an object: what a [class@Result] gives as a [iface@Gio.ListModel].
 *
 * A row is the result and a position in it: it keeps the result alive and copies none of its values. It is immutable and may be read from several
 * threads. Its getters are those of the result for that row, with the same errors.
 *
 * Since: 1.0
 */
struct _PgRow
{
  GObject parent_instance;

  PgResult *result;
  guint position;

  /* Guarded by the result's lock. */
  guint n_pins; /* threads that have found the row in the table and are about to take a reference */
  guint n_owed; /* references that were taken for them */
};

G_DEFINE_FINAL_TYPE (PgRow, pg_row, G_TYPE_OBJECT)

/* The result's table holds no reference to its rows, so a row that is found there may be losing its last one in another thread.
 *
 * A GWeakRef is made for that, but up to GLib 2.80 it calls g_object_ref() with a lock held that g_object_unref() takes too. With the toggle
 * reference of a binding, g_object_ref() waits for the interpreter's lock, which the thread in g_object_unref() may have: a deadlock. So it must be
 * called here without any lock, the result's own neither. Instead, the row is pinned while somebody is about to call it, and dispose(), which every last
 * g_object_unref() calls while the last reference is still there, takes a reference for those who pin it. In any case the row leaves the table there: what
 * comes after it in g_object_unref() nobody could wait for.
 *
 * So a row that somebody holds is its position's only one, unless it was found in the very moment that another thread was giving it up. */
static void
pg_row_dispose (GObject *object)
{
  PgRow *self = PG_ROW (object);
  PgResult *result = self->result;

  /* A script can make a row that is of no result. */
  if (result != NULL)
    {
      gpointer key = GUINT_TO_POINTER (self->position);

      g_mutex_lock (&result->lock);
      if (g_hash_table_lookup (result->rows, key) == self)
        g_hash_table_remove (result->rows, key);
      if (self->n_pins > 0)
        {
          self->n_owed++;
          g_object_ref (self);
        }
      g_mutex_unlock (&result->lock);
    }
  G_OBJECT_CLASS (pg_row_parent_class)->dispose (object);
}

static void
pg_row_finalize (GObject *object)
{
  PgRow *self = PG_ROW (object);

  g_clear_object (&self->result);

  G_OBJECT_CLASS (pg_row_parent_class)->finalize (object);
}

static void
pg_row_class_init (PgRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pg_row_dispose;
  object_class->finalize = pg_row_finalize;
}

static void
pg_row_init (PgRow *self)
{
}

/* Called with the result's lock held, and returns without it. */
static PgRow *
pg_row_take_pinned (PgRow *self, PgResult *result)
{
  guint n_owed = 0;

  self->n_pins++;
  g_mutex_unlock (&result->lock);

  g_object_ref (self);

  g_mutex_lock (&result->lock);
  self->n_pins--;
  if (self->n_pins == 0)
    {
      n_owed = self->n_owed;
      self->n_owed = 0;
    }
  g_mutex_unlock (&result->lock);

  for (; n_owed > 0; n_owed--)
    g_object_unref (self);

  return self;
}

PgRow *
pg_row_obtain (PgResult *result, guint position)
{
  gpointer key = GUINT_TO_POINTER (position);
  PgRow *row;

  g_mutex_lock (&result->lock);

  if (result->rows == NULL)
    result->rows = g_hash_table_new (NULL, NULL);

  row = g_hash_table_lookup (result->rows, key);
  if (row != NULL)
    return pg_row_take_pinned (row, result);

  row = g_object_new (PG_TYPE_ROW, NULL);
  row->result = g_object_ref (result);
  row->position = position;
  g_hash_table_insert (result->rows, key, row);

  g_mutex_unlock (&result->lock);

  return row;
}

/**
 * pg_row_get_result:
 * @self: a row
 *
 * The result that the row belongs to.
 *
 * Returns: (transfer none): the result
 *
 * Since: 1.0
 */
PgResult *
pg_row_get_result (PgRow *self)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return self->result;
}

/**
 * pg_row_get_position:
 * @self: a row
 *
 * The row's position in its result, from 0.
 *
 * Returns: the position
 *
 * Since: 1.0
 */
guint
pg_row_get_position (PgRow *self)
{
  g_return_val_if_fail (PG_IS_ROW (self), 0);

  return self->position;
}

/**
 * pg_row_get_n_columns:
 * @self: a row
 *
 * The number of columns, as [method@Result.get_n_columns] gives it.
 *
 * Returns: the number of columns
 *
 * Since: 1.0
 */
guint
pg_row_get_n_columns (PgRow *self)
{
  g_return_val_if_fail (PG_IS_ROW (self), 0);

  return pg_result_get_n_columns (self->result);
}

/**
 * pg_row_find_column:
 * @self: a row
 * @name: a column's name
 *
 * The position of the first column of a name, as [method@Result.find_column] gives it.
 *
 * Returns: the position, from 0, or -1 where no column has the name
 *
 * Since: 1.0
 */
int
pg_row_find_column (PgRow *self, const char *name)
{
  g_return_val_if_fail (PG_IS_ROW (self), -1);

  return pg_result_find_column (self->result, name);
}

/**
 * pg_row_is_null:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * Whether the value in a column is SQL `NULL`.
 *
 * See [method@Result.is_null] for what it accepts, and for its errors.
 *
 * Returns: whether it is SQL `NULL`; `FALSE` with an error too
 *
 * Since: 1.0
 */
gboolean
pg_row_is_null (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), FALSE);

  return pg_result_is_null (self->result, self->position, column, error);
}

/**
 * pg_row_get_boolean:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a boolean.
 *
 * See [method@Result.get_boolean] for what it accepts, and for its errors.
 *
 * Returns: the value; `FALSE` with an error
 *
 * Since: 1.0
 */
gboolean
pg_row_get_boolean (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), FALSE);

  return pg_result_get_boolean (self->result, self->position, column, error);
}

/**
 * pg_row_get_int64:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as an integer.
 *
 * See [method@Result.get_int64] for what it accepts, and for its errors.
 *
 * Returns: the value; 0 with an error
 *
 * Since: 1.0
 */
gint64
pg_row_get_int64 (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), 0);

  return pg_result_get_int64 (self->result, self->position, column, error);
}

/**
 * pg_row_get_uint64:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as an integer without a sign.
 *
 * See [method@Result.get_uint64] for what it accepts, and for its errors.
 *
 * Returns: the value; 0 with an error
 *
 * Since: 1.0
 */
guint64
pg_row_get_uint64 (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), 0);

  return pg_result_get_uint64 (self->result, self->position, column, error);
}

/**
 * pg_row_get_double:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a floating-point number.
 *
 * See [method@Result.get_double] for what it accepts, and for its errors.
 *
 * Returns: the value; 0 with an error
 *
 * Since: 1.0
 */
double
pg_row_get_double (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), 0);

  return pg_result_get_double (self->result, self->position, column, error);
}

/**
 * pg_row_get_text:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The exact text of the value in a column, which the result owns.
 *
 * See [method@Result.get_text] for what it accepts, and for its errors.
 *
 * Returns: (transfer none) (nullable): the text, which lives as long as the result; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
const char *
pg_row_get_text (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_get_text (self->result, self->position, column, error);
}

/**
 * pg_row_dup_text:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The exact text of the value in a column.
 *
 * See [method@Result.dup_text] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the text; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
char *
pg_row_dup_text (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_text (self->result, self->position, column, error);
}

/**
 * pg_row_dup_bytes:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The bytes of the value in a column.
 *
 * See [method@Result.dup_bytes] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the bytes; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
GBytes *
pg_row_dup_bytes (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_bytes (self->result, self->position, column, error);
}

/**
 * pg_row_dup_numeric:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a decimal number.
 *
 * See [method@Result.dup_numeric] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the number; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgNumeric *
pg_row_dup_numeric (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_numeric (self->result, self->position, column, error);
}

/**
 * pg_row_dup_date:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a date.
 *
 * See [method@Result.dup_date] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the date; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgDate *
pg_row_dup_date (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_date (self->result, self->position, column, error);
}

/**
 * pg_row_dup_timestamp:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a timestamp.
 *
 * See [method@Result.dup_timestamp] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the timestamp; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgTimestamp *
pg_row_dup_timestamp (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_timestamp (self->result, self->position, column, error);
}

/**
 * pg_row_dup_variant:
 * @self: a row
 *
 * The whole row as a tuple.
 *
 * Each member is one column's value as [method@Result.dup_variant] gives it, a maybe: that of `SELECT 1, NULL::text` is of the type `(mims)`.
 *
 * Returns: (transfer full): the tuple, not floating, `()` for a row without columns; `NULL` with an error
 *
 * Since: 1.0
 */
GVariant *
pg_row_dup_variant (PgRow *self, GError **error)
{
  GVariantBuilder builder;
  guint n_columns;

  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  n_columns = pg_result_get_n_columns (self->result);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; i < n_columns; i++)
    {
      g_autoptr (GVariant) member = pg_result_dup_variant (self->result, self->position, i, error);

      if (member == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add_value (&builder, member);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/**
 * pg_row_get_value:
 * @self: a row
 * @column: the position of a column, from 0
 * @value: (out caller-allocates): where the value is stored
 *
 * The value in a column, in GLib's own type for it.
 *
 * See [method@Result.get_value] for the types, and for the errors.
 *
 * Returns: (skip): `TRUE`, or `FALSE` with an error
 *
 * Since: 1.0
 */
gboolean
pg_row_get_value (PgRow *self, guint column, GValue *value, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), FALSE);

  return pg_result_get_value (self->result, self->position, column, value, error);
}
