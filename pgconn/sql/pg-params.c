/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-type-table-private.h>

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
 * given a name with [method@Params.set_name].
 *
 * ```c
 * g_autoptr (PgParams) params = pg_params_new ();
 *
 * pg_params_add_int64 (params, 42);
 * pg_params_add_text (params, "forty-two");
 * ```
 *
 * Arrays and records of any values, in each other too, are begun, filled with the same calls, and ended:
 *
 * ```c
 * pg_params_begin_array (params, PG_OID_DATE);
 * pg_params_add_date (params, today);
 * pg_params_add_null (params);
 * pg_params_end_array (params);
 * ```
 *
 * A value is sent in binary where its type allows it, else in text; a `%t` or `%b` placeholder decides otherwise.
 *
 * Wherever a pointer is added, `NULL` adds SQL `NULL`, of the same type.
 *
 * Adding does not fail. What is wrong (an array that is not ended, one whose elements have different types) is one error when the query is
 * executed, which names the parameter and the reason. Only [method@Params.add_value] knows at once.
 *
 * A value that the server cannot read as its type (a `uuid` that is none) is the server's error when the query is executed.
 * Parameters may be used for any number of executions, and changed after an execution was started, which keeps what it was
 * given. They may be used in one thread at a time; only the reference count is atomic.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (PgParams, pg_params, pg_params_ref, pg_params_unref)

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
  /* Not g_new0(), as in pg_request_alloc(). */
  PgParams *self = memset (g_new (PgParams, 1), 0, sizeof (PgParams));

  g_atomic_ref_count_init (&self->ref_count);
  self->params = pg_param_items_new ();
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
  g_clear_pointer (&self->open, g_ptr_array_unref);
  g_clear_pointer (&self->open_kinds, g_byte_array_unref);
  g_free (self->key);
  pg_type_table_unref (self->adapters);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * pg_params_get_n_params:
 * @self: the parameters
 *
 * Gets the number of values that were added; an array or a record is one.
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
 * pg_params_set_name:
 * @self: the parameters
 * @index: the position of the value, from 0
 * @name: (nullable): the name, or `NULL` for none
 *
 * Names a value that was added, for a `%(name)s` placeholder.
 *
 * All values of an execution have names or none has. Names that the query does not mention are ignored; a name that it mentions
 * must have been given exactly once. What does not hold is a `PG_ERROR_PROGRAMMING` when the query is executed.
 *
 * Since: 1.0
 */
void
pg_params_set_name (PgParams *self,
                    guint index,
                    const char *name)
{
  PgParam *param;
  char *copy;

  g_return_if_fail (self != NULL);
  g_return_if_fail (index < self->params->len);

  param = &g_array_index (self->params, PgParam, index);
  copy = g_strdup (name);
  self->n_names += (name != NULL) - (param->name != NULL);
  g_free (param->name);
  param->name = copy;
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

void
pg_params_take_error (PgParams *self,
                      GError *error)
{
  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }

  g_prefix_error (&error, _("parameter %u: "), MAX (self->params->len, 1));
  self->error = error;
}

GArray *
pg_params_get_items (PgParams *self)
{
  if (self->open == NULL || self->open->len == 0)
    return self->params;
  return ((PgParamGroup *) self->open->pdata[self->open->len - 1])->items;
}

static gboolean
is_in_dictionary (PgParams *self)
{
  return self->open != NULL && self->open->len > 0 && self->open_kinds->data[self->open->len - 1] == PG_PARAM_DICTIONARY;
}

void
pg_params_take_key (PgParams *self,
                    GArray *items)
{
  PgParam *item;

  if (G_LIKELY (!is_in_dictionary (self)))
    return;
  item = &g_array_index (items, PgParam, items->len - 1);
  if (self->key == NULL)
    pg_params_take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _("a value of a dictionary has no key")));
  item->name = self->key != NULL ? g_steal_pointer (&self->key) : g_strdup ("");
}

PgParam *
pg_params_add (PgParams *self,
               PgParamKind kind,
               guint32 type)
{
  GArray *items = pg_params_get_items (self);
  PgParam *param = pg_param_items_add (items, kind, type);

  pg_params_take_key (self, items);
  return param;
}

static void
begin (PgParams *self,
       PgParamKind kind,
       guint32 type)
{
  GArray *items = pg_params_get_items (self);
  PgParamGroup *group = pg_param_items_add_group (items, kind, type);
  guint8 byte = (guint8) kind;

  if (self->open == NULL)
    {
      self->open = g_ptr_array_new ();
      self->open_kinds = g_byte_array_new ();
    }
  pg_params_take_key (self, items);
  g_ptr_array_add (self->open, group);
  g_byte_array_append (self->open_kinds, &byte, 1);
}

static void
end (PgParams *self,
     PgParamKind kind)
{
  if (self->open == NULL || self->open->len == 0)
    {
      pg_params_take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING,
                                               kind == PG_PARAM_ARRAY    ? _("an array was ended that was not begun")
                                               : kind == PG_PARAM_RECORD ? _("a record was ended that was not begun")
                                                                         : _("a dictionary was ended that was not begun")));
      return;
    }
  if (self->open_kinds->data[self->open->len - 1] != kind)
    {
      pg_params_take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING,
                                               kind == PG_PARAM_ARRAY    ? _("an array was ended before what was begun in it")
                                               : kind == PG_PARAM_RECORD ? _("a record was ended before what was begun in it")
                                                                         : _("a dictionary was ended before what was begun in it")));
      return;
    }
  g_ptr_array_set_size (self->open, (int) self->open->len - 1);
  g_byte_array_set_size (self->open_kinds, self->open->len);
}

/**
 * pg_params_begin_array:
 * @self: the parameters
 * @element_type: the OID of the type of the elements, or 0
 *
 * Begins an array: what is added until [method@Params.end_array] are its elements.
 *
 * An array in an array is a row of one more dimension, of which there are six at most; all rows have the same length. `NULL` elements are
 * allowed.
 *
 * With @element_type 0 the type is that of the elements, which must be the same: only integers of several widths become the widest. Text
 * without a type, and no element at all or only `NULL`s, make an array without a type, which the server infers from where it stands. With
 * another @element_type the elements are of it, or a smaller integer type, or text without a type.
 *
 * Since: 1.0
 */
void
pg_params_begin_array (PgParams *self,
                       guint element_type)
{
  g_return_if_fail (self != NULL);

  begin (self, PG_PARAM_ARRAY, element_type);
}

/**
 * pg_params_end_array:
 * @self: the parameters
 *
 * Ends the array that was begun last.
 *
 * Since: 1.0
 */
void
pg_params_end_array (PgParams *self)
{
  g_return_if_fail (self != NULL);

  end (self, PG_PARAM_ARRAY);
}

/**
 * pg_params_begin_record:
 * @self: the parameters
 * @type: the OID of a composite type, or 0
 *
 * Begins a value of a composite type: what is added until [method@Params.end_record] are its fields.
 *
 * With @type 0 the server infers the type from where the value stands, as that of a column or in `$1::my_type`; PostgreSQL does not take
 * values of the type `record` itself. It is sent in text then. With a @type that the connection knows, see [method@Connection.fetch_type], it is sent in
 * binary where each field has a binary form of the type that the field has there, else in text too.
 *
 * Since: 1.0
 */
void
pg_params_begin_record (PgParams *self,
                        guint type)
{
  g_return_if_fail (self != NULL);

  begin (self, PG_PARAM_RECORD, type);
}

/**
 * pg_params_end_record:
 * @self: the parameters
 *
 * Ends the record that was begun last.
 *
 * Since: 1.0
 */
void
pg_params_end_record (PgParams *self)
{
  g_return_if_fail (self != NULL);

  end (self, PG_PARAM_RECORD);
}

/**
 * pg_params_begin_dictionary:
 * @self: the parameters
 * @type: the OID of a composite type or of `hstore`, or 0
 *
 * Begins a value that is made of others by their names: what is added until [method@Params.end_dictionary] are keys, [method@Params.add_key], each with
 * its value after it.
 *
 * It is one of a composite type, where the keys are the names of the fields, in any order, or an `hstore`, where the values are texts or `NULL`. With
 * @type 0 it is what it is cast to, as in `$1::my_type`, and an `hstore` elsewhere. The connection has to know the type, see
 * [method@Connection.fetch_type]: a dictionary of which it does not is a `PG_ERROR_PROGRAMMING` when the query is executed. A key that is no field, and a
 * field without a value, is a `PG_ERROR_DATA` that names it.
 *
 * Since: 1.0
 */
void
pg_params_begin_dictionary (PgParams *self,
                            guint type)
{
  g_return_if_fail (self != NULL);

  begin (self, PG_PARAM_DICTIONARY, type);
}

/**
 * pg_params_add_key:
 * @self: the parameters
 * @key: the key
 *
 * Adds the key of the value that is added next to the dictionary that was begun last.
 *
 * Since: 1.0
 */
void
pg_params_add_key (PgParams *self,
                   const char *key)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  if (!is_in_dictionary (self))
    pg_params_take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _("a key was added where no dictionary was begun")));
  else if (self->key != NULL)
    pg_params_take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _("a key of a dictionary has no value")));
  else
    self->key = g_strdup (key);
}

/**
 * pg_params_end_dictionary:
 * @self: the parameters
 *
 * Ends the dictionary that was begun last.
 *
 * Since: 1.0
 */
void
pg_params_end_dictionary (PgParams *self)
{
  g_return_if_fail (self != NULL);

  if (self->key != NULL)
    {
      pg_params_take_error (self, g_error_new (PG_ERROR, PG_ERROR_PROGRAMMING, _("a key of a dictionary has no value")));
      g_clear_pointer (&self->key, g_free);
    }
  end (self, PG_PARAM_DICTIONARY);
}

gboolean
pg_params_check (PgParams *self,
                 GError **error)
{
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  if (self->open != NULL && self->open->len > 0)
    {
      const guint8 kind = self->open_kinds->data[self->open->len - 1];

      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                   kind == PG_PARAM_ARRAY    ? _("parameter %u: an array was begun and not ended")
                   : kind == PG_PARAM_RECORD ? _("parameter %u: a record was begun and not ended")
                                             : _("parameter %u: a dictionary was begun and not ended"),
                   self->params->len);
      return FALSE;
    }
  return TRUE;
}

gboolean
pg_params_bind (PgParams *self,
                guint index,
                PgFormatRequest request,
                PgWireParams *wire,
                guint wire_index,
                GError **error)
{
  return pg_param_bind (&g_array_index (self->params, PgParam, index), request, wire, wire_index, error);
}
