/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-private.h>

#include <gio/gio.h>
#include <string.h>

#include <pgconn/result/pg-column-private.h>
#include <pgconn/result/pg-object-plan-private.h>
#include <pgconn/result/pg-row-private.h>

/**
 * PgResult:
 *
 * What one statement gave: its rows and columns, or the count of what it changed.
 *
 * A result is immutable and independent of its connection: it remains valid when the connection executes something else, is closed or is freed. It
 * may be read from several threads at the same time.
 *
 * A value is read by one of the typed getters, as [method@Result.get_int64], which take a row and a column, both counted from 0. They
 * read it from either wire format and convert exactly or not at all: what the asked type cannot hold without loss is an error. Any value can
 * be had as its exact text, by [method@Result.dup_text].
 *
 * SQL `NULL` is no value: [method@Result.is_null] tells it. The getters of numbers and booleans report it as an error; those that return a pointer
 * return `NULL` for it without an error.
 *
 * A result is a [iface@Gio.ListModel] of [class@Row] objects, so that GTK's list views take it as it is. The rows are made when they are asked
 * for: [method@Gio.ListModel.get_item] gives the same object for a position as long as somebody holds it, and a new one later. To read many
 * values, the getters of the result are faster: they make no objects.
 *
 * Getters do not abort on a position that is out of range, but report `PG_ERROR_INTERFACE` with the position and the limit.
 *
 * Since: 1.0
 */

static void pg_result_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PgResult, pg_result, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, pg_result_list_model_init))

/* Scripts whose collector does not see how large a result is say by g_object_run_dispose() that they are done with it: it is empty from then on. */
static void
pg_result_dispose (GObject *object)
{
  PgResult *self = PG_RESULT (object);

  if (self->columns != NULL)
    for (guint i = 0; i < self->n_columns; i++)
      g_clear_pointer (&self->columns[i], pg_column_unref);
  g_clear_pointer (&self->columns, g_free);
  self->n_rows = self->n_columns = 0;
  g_clear_pointer (&self->raw, pg_raw_result_unref);
  G_OBJECT_CLASS (pg_result_parent_class)->dispose (object);
}

static void
pg_result_finalize (GObject *object)
{
  PgResult *self = PG_RESULT (object);

  /* Each row holds the result, so none is left. */
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  if (self->few_texts != NULL)
    for (guint i = 0; i < self->n_few_texts; i++)
      g_free (self->few_texts[i]);
  if (self->few_texts != self->own_few_texts)
    g_free (self->few_texts);
  g_clear_pointer (&self->object_plan, pg_object_plan_unref);
  pg_type_table_unref (self->types);
  if (self->shapes != self->own_shapes)
    g_free (self->shapes);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (pg_result_parent_class)->finalize (object);
}

static void
pg_result_class_init (PgResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pg_result_dispose;
  object_class->finalize = pg_result_finalize;
}

static void
pg_result_init (PgResult *self)
{
  g_mutex_init (&self->lock);
}

static const PgCodecOps no_ops = { 0 };

PgResult *
pg_result_new (PgRawResult *raw, PgTypeTable *types)
{
  PgResult *self = g_object_new (PG_TYPE_RESULT, NULL);

  self->raw = pg_raw_result_ref (raw);
  self->types = pg_type_table_ref (types);
  self->n_rows = pg_raw_result_get_n_rows (raw);
  self->n_columns = pg_raw_result_get_n_columns (raw);
  self->n_few_texts = (gsize) self->n_rows * self->n_columns <= PG_RESULT_FEW_CELLS ? self->n_rows * self->n_columns : 0;
  self->few_texts = self->n_few_texts <= G_N_ELEMENTS (self->own_few_texts) ? self->own_few_texts : NULL;
  self->shapes = self->n_columns <= G_N_ELEMENTS (self->own_shapes) ? self->own_shapes : g_new (PgResultShape, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    {
      PgResultShape *shape = &self->shapes[i];
      const PgCodec *codec;

      shape->wire = (PgWireValue) {
        .type = pg_raw_result_get_column_type (raw, i),
        .modifier = pg_raw_result_get_column_modifier (raw, i),
        .format = pg_raw_result_get_column_format (raw, i),
        .session = pg_raw_result_get_session (raw),
        .types = self->types,
      };
      codec = pg_type_table_lookup (self->types, shape->wire.type);
      shape->ops = codec != NULL && codec->ops != NULL ? codec->ops : &no_ops;
    }

  return self;
}

PgResult *
pg_result_new_empty (PgResult *like)
{
  PgResult *self = pg_result_new (like->raw, like->types);

  self->n_rows = 0;
  return self;
}

static GType
pg_result_get_item_type (GListModel *model)
{
  return PG_TYPE_ROW;
}

static guint
pg_result_get_n_items (GListModel *model)
{
  return PG_RESULT (model)->n_rows;
}

static gpointer
pg_result_get_item (GListModel *model, guint position)
{
  PgResult *self = PG_RESULT (model);

  return position < self->n_rows ? pg_row_obtain (self, position) : NULL;
}

static void
pg_result_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = pg_result_get_item_type;
  iface->get_n_items = pg_result_get_n_items;
  iface->get_item = pg_result_get_item;
}

/**
 * pg_result_get_n_rows:
 * @self: a result
 *
 * The number of rows, which is 0 too for a statement that returns none: [method@Result.has_rows] tells these apart.
 *
 * Returns: the number of rows
 *
 * Since: 1.0
 */
guint
pg_result_get_n_rows (PgResult *self)
{
  g_return_val_if_fail (PG_IS_RESULT (self), 0);

  return self->n_rows;
}

/**
 * pg_result_get_n_columns:
 * @self: a result
 *
 * The number of columns.
 *
 * It may be 0 while there are rows: `SELECT` without a list of columns is allowed.
 *
 * Returns: the number of columns
 *
 * Since: 1.0
 */
guint
pg_result_get_n_columns (PgResult *self)
{
  g_return_val_if_fail (PG_IS_RESULT (self), 0);

  return self->n_columns;
}

/**
 * pg_result_get_column:
 * @self: a result
 * @column: the position of a column, from 0
 *
 * The description of a column.
 *
 * It is the same one at each call, and may be kept longer than the result with [method@Column.ref].
 *
 * Returns: (transfer none) (nullable): the column, or `NULL` where @column is out of range
 *
 * Since: 1.0
 */
PgColumn *
pg_result_get_column (PgResult *self, guint column)
{
  PgColumn *found;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (column >= self->n_columns)
    return NULL;

  g_mutex_lock (&self->lock);
  if (self->columns == NULL)
    self->columns = g_new0 (PgColumn *, self->n_columns);
  if (self->columns[column] == NULL)
    self->columns[column] = pg_column_new (self->raw, column, self->types);
  found = self->columns[column];
  g_mutex_unlock (&self->lock);

  return found;
}

/* As PgColumn replaces what is not UTF-8 in a name by U+FFFD, such a column is found by the replaced name too. */
static gboolean
name_matches_replaced (const char *raw_name, const char *name)
{
  g_autofree char *valid = NULL;

  if (strstr (name, "\357\277\275") == NULL || g_utf8_validate (raw_name, -1, NULL))
    return FALSE;

  valid = g_utf8_make_valid (raw_name, -1);
  return g_str_equal (valid, name);
}

/**
 * pg_result_find_column:
 * @self: a result
 * @name: a column's name
 *
 * The position of the first column of a name.
 *
 * Names are compared as they are: the server has already turned unquoted ones to lower case. Where several columns have the name, as the `id` of
 * two joined tables, the others can only be had by position; give them aliases.
 *
 * Returns: the position, from 0, or -1 where no column has the name
 *
 * Since: 1.0
 */
int
pg_result_find_column (PgResult *self, const char *name)
{
  g_return_val_if_fail (PG_IS_RESULT (self), -1);
  g_return_val_if_fail (name != NULL, -1);

  for (guint i = 0; i < self->n_columns; i++)
    {
      const char *raw_name = pg_raw_result_get_column_name (self->raw, i);

      if (g_str_equal (raw_name, name) || name_matches_replaced (raw_name, name))
        return (int) i;
    }

  return -1;
}

/**
 * pg_result_lookup_type:
 * @self: a result
 * @oid: the OID of a type
 *
 * What the result knows of a type that is not one of PostgreSQL's own.
 *
 * Its values are decoded with what the cursor's [class@AdaptersMap] had when it was executed, and this tells what that is: the fields of the composite
 * type of a column, the type of the elements of an array. Types that became known later are not in it.
 *
 * Returns: (transfer full) (nullable): the type; `NULL` where nothing was fetched of it, as of most of PostgreSQL's own
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_result_lookup_type (PgResult *self, guint oid)
{
  PgTypeInfo *info;
  const PgCodec *codec;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  info = pg_type_table_get_info (self->types, oid);
  if (info != NULL)
    return pg_type_info_ref (info);

  /* The arrays of a type that was fetched are known, though nothing was fetched of them. */
  codec = pg_type_table_lookup_own (self->types, oid);
  if (codec == NULL || codec->element == 0)
    return NULL;
  info = pg_type_info_new_empty (PG_TYPE_KIND_ARRAY, oid);
  info->name = g_strdup (codec->name);
  info->schema = g_strdup ("");
  info->sql_name = g_strdup (codec->name);
  info->element = codec->element;
  return info;
}

/**
 * pg_result_get_affected_rows:
 * @self: a result
 *
 * The number of rows that the statement inserted, updated, deleted, merged, copied, moved over or returned.
 *
 * For a statement that returns rows it is their number; for one like `CREATE TABLE … AS`, which stores them, it is that of the stored ones.
 *
 * Returns: the number, or -1 where the statement is of a kind that has none, as `CREATE TABLE` or `BEGIN`
 *
 * Since: 1.0
 */
gint64
pg_result_get_affected_rows (PgResult *self)
{
  g_return_val_if_fail (PG_IS_RESULT (self), -1);

  return self->raw != NULL ? pg_raw_result_get_affected_rows (self->raw) : -1;
}

/**
 * pg_result_get_status_message:
 * @self: a result
 *
 * The command tag that the server sent when the statement had ended, as `INSERT 0 1` or `CREATE TABLE`.
 *
 * See "CommandComplete" in "Message Formats", "Frontend/Backend Protocol" in the PostgreSQL manual.
 *
 * Returns: (nullable): the tag, or `NULL` where there is none: the statement was empty, or this is a part of its rows only
 *
 * Since: 1.0
 */
const char *
pg_result_get_status_message (PgResult *self)
{
  const char *tag;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (self->raw == NULL)
    return NULL;

  tag = pg_raw_result_get_command_tag (self->raw);
  return *tag != '\0' ? tag : NULL;
}

PgColumn **
pg_result_dup_columns (PgResult *self, guint *n_columns)
{
  PgColumn **columns = g_new0 (PgColumn *, self->n_columns + 1);

  for (guint i = 0; i < self->n_columns; i++)
    columns[i] = pg_column_ref (pg_result_get_column (self, i));
  if (n_columns != NULL)
    *n_columns = self->n_columns;
  return columns;
}

/**
 * pg_result_has_rows:
 * @self: a result
 *
 * Whether the statement is of a kind that returns rows, as `SELECT`, `SHOW` or `INSERT … RETURNING`; their number may be 0.
 *
 * Returns: whether the statement returned rows
 *
 * Since: 1.0
 */
gboolean
pg_result_has_rows (PgResult *self)
{
  g_return_val_if_fail (PG_IS_RESULT (self), FALSE);

  return self->raw != NULL && pg_raw_result_get_status (self->raw) == PG_RAW_STATUS_TUPLES_OK;
}
