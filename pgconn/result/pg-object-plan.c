/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-object-plan-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/result/pg-property-value-private.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/result/pg-row-factory-private.h>
#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-record-private.h>
#include <pgconn/types/pg-type-table-private.h>

typedef enum
{
  SLOT_VALUE,
  SLOT_OBJECT, /* from a record */
  SLOT_LIST,   /* from an array of records */
} SlotKind;

/* What one column, or one field of a record, is for. */
typedef struct
{
  SlotKind kind;
  guint position; /* of the column */
  GParamSpec *pspec;
  PgPropertyConvert convert; /* of a column's value; NULL for a field, whose type is known from each record */
  PgRowFactory *nested;      /* for objects and lists */
} Slot;

struct _PgObjectPlan
{
  gatomicrefcount ref_count;
  GType type;
  GObjectClass *klass;
  PgRowFactory *factory; /* of rows; a factory owns its plan of records */
  guint n_slots;
  Slot *slots;
  const char **names; /* of the properties */
};

static PgObjectPlan *
plan_new (PgRowFactory *factory, guint n_slots, GError **error)
{
  PgObjectPlan *self;
  GType type = pg_row_factory_get_value_type (factory);

  if (factory->is_misused)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _("with_nested() and with_fields() are for row factories that new_object() has made"));
      return NULL;
    }
  if (!G_TYPE_IS_OBJECT (type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("%s is not a type of objects"), g_type_name (type) != NULL ? g_type_name (type) : "0");
      return NULL;
    }
  if (G_TYPE_IS_ABSTRACT (type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("%s is abstract: there are no objects of it"), g_type_name (type));
      return NULL;
    }

  self = g_new0 (PgObjectPlan, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->klass = g_type_class_ref (type);
  self->slots = g_new0 (Slot, n_slots);
  self->names = g_new0 (const char *, n_slots);
  return self;
}

PgObjectPlan *
pg_object_plan_ref (PgObjectPlan *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_object_plan_unref (PgObjectPlan *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < self->n_slots; i++)
    g_clear_object (&self->slots[i].nested);
  g_free (self->slots);
  g_free (self->names);
  g_type_class_unref (self->klass);
  g_clear_object (&self->factory);
  g_free (self);
}

PgRowFactory *
pg_object_plan_get_factory (PgObjectPlan *self)
{
  return self->factory;
}

guint
pg_object_plan_get_n_slots (PgObjectPlan *self)
{
  return self->n_slots;
}

/* --- which property --- */

static GParamSpec *
find_property (GObjectClass *klass, const char *name)
{
  g_autofree char *canonical = g_strdelimit (g_strdup (name), "_", '-');

  return g_object_class_find_property (klass, canonical);
}

static SlotKind
find_kind (GParamSpec *pspec)
{
  if (pspec->value_type == G_TYPE_LIST_MODEL || pspec->value_type == G_TYPE_LIST_STORE)
    return SLOT_LIST;
  return G_TYPE_IS_OBJECT (pspec->value_type) || G_TYPE_IS_INTERFACE (pspec->value_type) ? SLOT_OBJECT : SLOT_VALUE;
}

/* Adds the next slot; the caller says which column or field it is for when there is an error. */
static gboolean
add_slot (PgObjectPlan *self, PgRowFactory *factory, guint position, GParamSpec *pspec, GError **error)
{
  PgRowFactory *nested = pg_row_factory_get_nested (factory, pspec->name);
  Slot *slot = &self->slots[self->n_slots];

  if ((pspec->flags & G_PARAM_WRITABLE) == 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("the property “%s” of %s cannot be written"), pspec->name, g_type_name (self->type));
      return FALSE;
    }

  slot->kind = find_kind (pspec);
  slot->position = position;
  slot->pspec = pspec;
  if (slot->kind == SLOT_LIST && nested == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("the property “%s” of %s is a list: with_nested() has to say of what objects"), pspec->name,
                   g_type_name (self->type));
      return FALSE;
    }
  if (slot->kind == SLOT_OBJECT)
    {
      GType made = nested != NULL ? pg_row_factory_get_value_type (nested) : pspec->value_type;

      if (!G_TYPE_IS_OBJECT (made) || G_TYPE_IS_ABSTRACT (made) || !g_type_is_a (made, pspec->value_type))
        {
          g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("the property “%s” of %s is a %s, and objects of %s cannot be made for it"), pspec->name,
                       g_type_name (self->type), g_type_name (pspec->value_type), g_type_name (made));
          return FALSE;
        }
    }

  if (slot->kind != SLOT_VALUE)
    slot->nested = nested != NULL ? g_object_ref (nested) : pg_row_factory_new_object (pspec->value_type);
  self->names[self->n_slots++] = pspec->name;
  return TRUE;
}

/* Whether it may be a record, or an array of them. A type that is not known may be a composite type, and an array of one. */
static gboolean
type_fits (SlotKind kind, const PgTypeTable *types, guint32 oid)
{
  const PgCodec *codec = pg_property_value_lookup (types, oid);

  if (codec != NULL && kind == SLOT_LIST)
    {
      if (codec->element == 0)
        return FALSE;
      codec = pg_property_value_lookup (types, codec->element);
    }
  return codec == NULL || codec->ops == &pg_codec_ops_record || codec->ops == &pg_codec_ops_composite;
}

static gboolean
column_fits (Slot *slot, const PgTypeTable *types, guint32 oid)
{
  if (slot->kind != SLOT_VALUE)
    return type_fits (slot->kind, types, oid);
  slot->convert = pg_property_value_choose (types, slot->pspec->value_type, oid);
  return slot->convert != NULL;
}

static gboolean
add_column (PgObjectPlan *self, PgRowFactory *factory, PgResult *result, guint position, GError **error)
{
  PgColumn *column = pg_result_get_column (result, position);
  const char *name = pg_column_get_name (column);
  GParamSpec *pspec = find_property (self->klass, name);

  if (pspec == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Column %u (“%s”): %s has no such property"), position, name, g_type_name (self->type));
      return FALSE;
    }

  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i].pspec == pspec)
      {
        g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Columns %u and %u are both for the property “%s” of %s"), self->slots[i].position, position,
                     pspec->name, g_type_name (self->type));
        return FALSE;
      }

  if (!add_slot (self, factory, position, pspec, error))
    {
      g_prefix_error (error, _("Column %u (“%s”): "), position, name);
      return FALSE;
    }

  if (!column_fits (&self->slots[self->n_slots - 1], result->types, result->shapes[position].wire.type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Column %u (“%s”) of type %s does not fit the property “%s” of %s, which is a %s"), position, name,
                   pg_column_get_type_display (column), pspec->name, g_type_name (self->type), g_type_name (pspec->value_type));
      return FALSE;
    }
  return TRUE;
}

PgObjectPlan *
pg_object_plan_new_for_result (PgRowFactory *factory, PgResult *result, GError **error)
{
  g_autoptr (PgObjectPlan) self = plan_new (factory, result->n_columns, error);

  if (self == NULL)
    return NULL;
  self->factory = g_object_ref (factory);
  for (guint i = 0; i < result->n_columns; i++)
    if (!add_column (self, factory, result, i, error))
      return NULL;
  return g_steal_pointer (&self);
}

static gboolean
add_field (PgObjectPlan *self, PgRowFactory *factory, const char *name, GError **error)
{
  GParamSpec *pspec = find_property (self->klass, name);

  if (pspec == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("%s has no property “%s” for a field"), g_type_name (self->type), name);
      return FALSE;
    }
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i].pspec == pspec)
      {
        g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Fields %u and %u are both for the property “%s” of %s"), i, self->n_slots, pspec->name,
                     g_type_name (self->type));
        return FALSE;
      }
  return add_slot (self, factory, self->n_slots, pspec, error);
}

/* Those of the parent classes first, and each class's own as they were defined. */
static gboolean
add_all_fields (PgObjectPlan *self, PgRowFactory *factory, GParamSpec **pspecs, guint n_pspecs, GError **error)
{
  for (guint i = 0; i < n_pspecs; i++)
    if ((pspecs[i]->flags & G_PARAM_WRITABLE) != 0 && !add_slot (self, factory, self->n_slots, pspecs[i], error))
      return FALSE;
  return TRUE;
}

PgObjectPlan *
pg_object_plan_new_for_records (PgRowFactory *factory, const PgTypeInfo *info, GError **error)
{
  const char *const *fields = pg_row_factory_get_fields (factory);
  guint n_fields = fields != NULL ? g_strv_length ((char **) fields) : info != NULL ? pg_type_info_get_n_fields (info) : 0;
  g_autoptr (PgObjectPlan) self = NULL;

  if (fields == NULL && info == NULL)
    {
      g_autoptr (GTypeClass) klass = g_type_class_ref (pg_row_factory_get_value_type (factory));
      g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_fields);

      self = plan_new (factory, n_fields, error);
      return self != NULL && add_all_fields (self, factory, pspecs, n_fields, error) ? g_steal_pointer (&self) : NULL;
    }

  self = plan_new (factory, n_fields, error);
  if (self == NULL)
    return NULL;
  for (guint i = 0; i < n_fields; i++)
    if (!add_field (self, factory, fields != NULL ? fields[i] : pg_type_info_get_field_name (info, i), error))
      return NULL;
  return g_steal_pointer (&self);
}

/* --- objects --- */

static gboolean fill (const Slot *slot, const PgWireValue *wire, GValue *value, GError **error);

static GObject *
make_object (PgObjectPlan *self, const GValue *values)
{
  GObject *object = g_object_new_with_properties (self->type, self->n_slots, self->names, values);

  return G_IS_INITIALLY_UNOWNED (object) ? g_object_ref_sink (object) : object;
}

void
pg_object_plan_clear_values (PgObjectPlan *self, GValue *values)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (G_VALUE_TYPE (&values[i]) != G_TYPE_INVALID)
      g_value_unset (&values[i]);
}

static GObject *
object_from_fields (PgObjectPlan *plan, const PgRecordParts *record, GValue *values, GError **error)
{
  if (record->n_fields != plan->n_slots)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The number of fields in the record is %u, and %s takes %u"), record->n_fields,
                   g_type_name (plan->type), plan->n_slots);
      return NULL;
    }

  for (guint i = 0; i < plan->n_slots; i++)
    {
      const Slot *slot = &plan->slots[i];
      const PgWireValue *field = &record->fields[i];

      g_value_init (&values[i], slot->pspec->value_type);
      if (!fill (slot, field->data != NULL ? field : NULL, &values[i], error))
        {
          g_prefix_error (error, _("field %u (property “%s” of %s): "), i, slot->pspec->name, g_type_name (plan->type));
          return NULL;
        }
    }
  return make_object (plan, values);
}

static GObject *
object_from_record (PgRowFactory *factory, const PgWireValue *wire, GError **error)
{
  const PgCodec *codec = pg_property_value_lookup (wire->types, wire->type);
  PgWireValue as_record = *wire;
  g_autoptr (PgObjectPlan) plan = NULL;
  g_auto (PgRecordParts) record = { 0 };
  g_autofree GValue *values = NULL;
  GObject *object;

  if (wire->depth > PG_WIRE_MAX_DEPTH)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("There are too many records in one another"));
      return NULL;
    }

  as_record.type = codec != NULL ? codec->oid : PG_OID_RECORD;
  plan = pg_row_factory_get_record_plan (factory, pg_type_table_get_info (wire->types, as_record.type), error);
  if (plan == NULL || !pg_record_parse_parts (&as_record, &record, error))
    return NULL;
  values = g_new0 (GValue, plan->n_slots);
  object = object_from_fields (plan, &record, values, error);
  pg_object_plan_clear_values (plan, values);
  return object;
}

/* What an array of a composite type has for its elements' type is in its header. */
#define ELEMENT_TYPE_OFFSET 8

static gboolean
parse_records (const PgWireValue *wire, PgArrayParts *parts, GError **error)
{
  const PgCodec *codec = pg_property_value_lookup (wire->types, wire->type);
  PgWireValue as_records = *wire;

  as_records.type = codec != NULL ? codec->oid : PG_OID_RECORD_ARRAY;
  if (codec == NULL && wire->format == PG_FORMAT_BINARY && wire->length >= ELEMENT_TYPE_OFFSET + sizeof (guint32))
    return pg_array_parse_binary_as (&as_records, pg_wire_get_uint32 (wire->data + ELEMENT_TYPE_OFFSET), parts, error);
  return pg_array_parts_read (&as_records, parts, error);
}

static GListStore *
list_from_array (PgRowFactory *factory, const PgWireValue *wire, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };
  g_autoptr (GPtrArray) objects = NULL;
  GListStore *store;

  if (!parse_records (wire, &parts, error))
    return NULL;
  if (parts.n_dimensions > 1)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The array has more than one dimension"));
      return NULL;
    }

  objects = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < parts.n_elements; i++)
    {
      GObject *object = NULL;

      if (parts.elements[i].data == NULL)
        g_set_error_literal (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED, _("it is NULL, which is not an object"));
      else
        object = object_from_record (factory, &parts.elements[i], error);
      if (object == NULL)
        {
          g_prefix_error (error, _("element %u: "), (guint) i);
          return NULL;
        }
      g_ptr_array_add (objects, object);
    }

  store = g_list_store_new (pg_row_factory_get_value_type (factory));
  g_list_store_splice (store, 0, 0, objects->pdata, objects->len);
  return store;
}

/* A field, of which the type fits for all that is known, or does not. */
static gboolean
check_nested (const Slot *slot, const PgWireValue *wire, GError **error)
{
  g_autofree char *type = NULL;

  if (wire->type == 0 || type_fits (slot->kind, wire->types, wire->type))
    return TRUE;
  type = pg_codec_describe (wire->types, wire->type);
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The type %s does not fit a %s"), type, g_type_name (slot->pspec->value_type));
  return FALSE;
}

static gboolean
convert_field (const Slot *slot, const PgWireValue *wire, GValue *value, GError **error)
{
  PgPropertyConvert convert = pg_property_value_choose (wire->types, slot->pspec->value_type, wire->type);
  PgWireValue assumed = *wire;

  if (convert == NULL)
    {
      g_autofree char *type = pg_codec_describe (wire->types, wire->type);

      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The type %s does not fit a %s"), wire->type != 0 ? type : "text", G_VALUE_TYPE_NAME (value));
      return FALSE;
    }
  if (wire->type == 0)
    assumed.type = pg_property_value_assume (slot->pspec->value_type);
  return convert (&assumed, value, error);
}

static gboolean
fill_value (const Slot *slot, const PgWireValue *wire, GValue *value, GError **error)
{
  gpointer object;

  if (slot->kind != SLOT_VALUE && !check_nested (slot, wire, error))
    return FALSE;
  switch (slot->kind)
    {
    case SLOT_OBJECT:
      object = object_from_record (slot->nested, wire, error);
      break;
    case SLOT_LIST:
      object = list_from_array (slot->nested, wire, error);
      break;
    case SLOT_VALUE:
    default:
      return slot->convert != NULL ? slot->convert (wire, value, error) : convert_field (slot, wire, value, error);
    }

  if (object == NULL)
    return FALSE;
  g_value_take_object (value, object);
  return TRUE;
}

/* wire is NULL for SQL NULL. value is initialised, and NULL where that is one of its type. */
static gboolean
fill (const Slot *slot, const PgWireValue *wire, GValue *value, GError **error)
{
  if (wire != NULL)
    {
      if (!fill_value (slot, wire, value, error))
        return FALSE;
    }
  else if (!pg_property_value_takes_null (slot->pspec->value_type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED, _("The value is NULL, which a %s cannot be"), G_VALUE_TYPE_NAME (value));
      return FALSE;
    }

  /* GObject would take something else, with a warning or, where validation is lax, none. Objects are of the right type, and GLib
   * 2.74 says that NULL is not valid for them. */
  if (slot->kind == SLOT_VALUE && !g_param_value_is_valid (slot->pspec, value))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The value is not one that the property may have"));
      return FALSE;
    }
  return TRUE;
}

GObject *
pg_object_plan_make (PgObjectPlan *self, PgResult *result, guint row, GValue *values, GError **error)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      const Slot *slot = &self->slots[i];
      GValue *value = &values[i];
      PgWireValue wire;

      if (G_VALUE_TYPE (value) == G_TYPE_INVALID)
        g_value_init (value, slot->pspec->value_type);
      else
        g_value_reset (value);
      if (G_UNLIKELY (!fill (slot, pg_result_read_wire (result, row, slot->position, &wire) ? &wire : NULL, value, error)))
        {
          g_autofree char *place = pg_result_dup_place (result, row, slot->position);

          g_prefix_error (error, _("%s, property “%s” of %s: "), place, slot->pspec->name, g_type_name (self->type));
          return NULL;
        }
    }
  return make_object (self, values);
}
