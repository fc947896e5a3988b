/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-record-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-quoted-private.h>
#include <pgconn/types/pg-type-table-private.h>
#include <pgconn/types/pg-value-order-private.h>

/**
 * PgRecord:
 *
 * A row as a value: one of PostgreSQL's type `record`, or of a composite type.
 *
 * A composite type that the connection's [class@AdaptersMap] knows has names and types for its fields, and each has the value that
 * [method@Result.get_value] has for its type. What is known of the fields of any other depends on the format that the record came in: in binary each has
 * the OID of its type, and its value; in text nothing tells what type a field has, and it is its text.
 *
 * A `PgRecord` never changes and may be used from several threads.
 *
 * See "Composite Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
typedef struct
{
  guint32 type; /* 0: not known */
  gboolean null;
  char *text;    /* NULL if it is null or its binary form is not known */
  GBytes *bytes; /* in the latter case; else NULL */
  GValue value;  /* with a text, or of a loader */
  gboolean is_loaded;  /* by a loader: nobody knows the order of what that gives */
  gboolean has_loader; /* it, or something in it */
} Field;

struct _PgRecord
{
  gatomicrefcount ref_count;
  GArray *fields;
  PgTypeInfo *info; /* NULL: not known */
};

PG_DEFINE_BOXED_TYPE (PgRecord, pg_record)


static void
clear_field (gpointer data)
{
  Field *field = data;

  g_free (field->text);
  g_clear_pointer (&field->bytes, g_bytes_unref);
  if (G_VALUE_TYPE (&field->value) != G_TYPE_INVALID)
    g_value_unset (&field->value);
}

static PgRecord *
make (void)
{
  PgRecord *self = g_new0 (PgRecord, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->fields = g_array_new (FALSE, TRUE, sizeof (Field));
  g_array_set_clear_func (self->fields, clear_field);
  return self;
}

static gboolean
is_record (const PgWireValue *wire)
{
  const PgCodec *codec = pg_type_table_lookup (wire->types, wire->type);

  return codec != NULL && (codec->ops == &pg_codec_ops_record || codec->ops == &pg_codec_ops_composite);
}

/* Reads what is in it but once: each level would double the work otherwise. */
static gboolean
read_field (Field *field, const PgWireValue *wire, GError **error)
{
  PgWireValue text = *wire;

  field->null = FALSE;
  field->has_loader = pg_wire_has_loader (wire, wire->type);
  field->is_loaded = field->has_loader && pg_wire_get_loader (wire) != NULL;
  if (wire->format == PG_FORMAT_TEXT)
    {
      if (!pg_codec_to_value (wire, &field->value, error))
        return FALSE;
      field->text = pg_codec_to_default_text (wire, field->is_loaded ? NULL : &field->value, error);
      return field->text != NULL;
    }
  if (!pg_type_table_has_binary (wire->types, wire->type))
    {
      field->bytes = g_bytes_new (wire->data, wire->length);
      return !field->is_loaded || pg_codec_to_value (wire, &field->value, error);
    }
  if (is_record (wire) && !field->is_loaded)
    {
      if (!pg_codec_to_value (wire, &field->value, error))
        return FALSE;
      field->text = pg_record_to_string (g_value_get_boxed (&field->value));
      if (field->text == NULL)
        field->bytes = g_bytes_new (wire->data, wire->length);
      return TRUE;
    }
  field->text = pg_codec_to_text (wire, error);
  if (field->text == NULL)
    return FALSE;
  text.data = (const guint8 *) field->text;
  text.length = strlen (field->text);
  text.format = PG_FORMAT_TEXT;
  text.session = 0;
  return field->has_loader ? pg_codec_to_value (wire, &field->value, error) : pg_codec_to_plain_value (&text, &field->value, error);
}

PgRecord *
pg_record_read (const PgWireValue *value, GError **error)
{
  g_auto (PgRecordParts) parts = { 0 };
  g_autoptr (PgRecord) self = make ();
  PgTypeInfo *info = pg_type_table_get_info (value->types, value->type);

  if (info != NULL && info->kind == PG_TYPE_KIND_COMPOSITE)
    self->info = pg_type_info_ref (info);
  if (!pg_record_parse_parts (value, &parts, error))
    return NULL;
  g_array_set_size (self->fields, parts.n_fields);
  for (guint i = 0; i < parts.n_fields; i++)
    {
      Field *field = &g_array_index (self->fields, Field, i);

      field->type = parts.fields[i].type;
      field->null = TRUE;
      if (parts.fields[i].data != NULL && !read_field (field, &parts.fields[i], error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pg_record_parse:
 * @text: the text of a record
 * @error: return location for a #GError
 *
 * Reads a record from the text that PostgreSQL shows for it.
 *
 * That is the fields in parentheses with commas between them. One in which nothing is, is SQL `NULL`; one in double quotes may have any
 * characters. `()` is a record of one field that is `NULL`: the text of a record of no field is the same.
 *
 * Returns: (transfer full): the record, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgRecord *
pg_record_parse (const char *text, GError **error)
{
  PgWireValue wire = { .type = PG_OID_RECORD, .modifier = -1, .format = PG_FORMAT_TEXT };

  g_return_val_if_fail (text != NULL, NULL);

  wire.data = (const guint8 *) text;
  wire.length = strlen (text);
  return pg_record_read (&wire, error);
}

/**
 * pg_record_ref:
 * @self: a #PgRecord
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgRecord *
pg_record_ref (PgRecord *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_record_unref:
 * @self: (transfer full): a #PgRecord
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_record_unref (PgRecord *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->fields);
  g_clear_pointer (&self->info, pg_type_info_unref);
  g_free (self);
}

static const Field *
get_field (const PgRecord *self, guint position)
{
  return position < self->fields->len ? &g_array_index (self->fields, Field, position) : NULL;
}

/**
 * pg_record_to_string:
 * @self: a #PgRecord
 *
 * Gets the text that PostgreSQL shows for the record.
 *
 * See [func@Record.parse] for its form.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if a field came in binary and its type is not known, see
 *   [method@Record.get_bytes], or if the text were longer than PostgreSQL's limit of 1 GiB
 *
 * Since: 1.0
 */
char *
pg_record_to_string (const PgRecord *self)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new ("(");
  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = get_field (self, i);

      if (i > 0)
        g_string_append_c (text, ',');
      if (!field->null && (field->text == NULL || !pg_quoted_append (text, field->text, "(),")))
        return NULL;
    }
  g_string_append_c (text, ')');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * pg_record_get_n_fields:
 * @self: a #PgRecord
 *
 * Gets the number of fields.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
pg_record_get_n_fields (const PgRecord *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields->len;
}

/**
 * pg_record_get_field_type:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 *
 * Gets the type of a field, which is known if the record is of a composite type that is known, or came in binary.
 *
 * Returns: its OID; 0 if it is not known, or if there is no field at the position
 *
 * Since: 1.0
 */
guint
pg_record_get_field_type (const PgRecord *self, guint position)
{
  const Field *field;

  g_return_val_if_fail (self != NULL, 0);

  field = get_field (self, position);
  return field != NULL ? field->type : 0;
}

/**
 * pg_record_get_type_info:
 * @self: a #PgRecord
 *
 * Gets the composite type that the record is of.
 *
 * Returns: (transfer none) (nullable): the type, or `NULL` if the record is of the type `record`, or of one that was not known
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_record_get_type_info (const PgRecord *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->info;
}

/**
 * pg_record_get_field_name:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 *
 * Gets the name of a field, which is known if the record is of a composite type that is known.
 *
 * Returns: (transfer none) (nullable): the name; `NULL` if it is not known, or if there is no field at the position
 *
 * Since: 1.0
 */
const char *
pg_record_get_field_name (const PgRecord *self, guint position)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->info != NULL ? pg_type_info_get_field_name (self->info, position) : NULL;
}

/**
 * pg_record_find_field:
 * @self: a #PgRecord
 * @name: the name of a field
 *
 * Gets the position of the field of a name.
 *
 * Returns: the position, from 0, or −1 if no field has the name or the names are not known
 *
 * Since: 1.0
 */
int
pg_record_find_field (const PgRecord *self, const char *name)
{
  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (name != NULL, -1);

  for (guint i = 0; self->info != NULL && i < self->info->n_fields; i++)
    if (g_strcmp0 (self->info->fields[i].name, name) == 0)
      return (int) i;
  return -1;
}

/**
 * pg_record_is_null:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 *
 * Gets whether a field is SQL `NULL`.
 *
 * Returns: `TRUE` if it is, or if there is no field at the position
 *
 * Since: 1.0
 */
gboolean
pg_record_is_null (const PgRecord *self, guint position)
{
  const Field *field;

  g_return_val_if_fail (self != NULL, TRUE);

  field = get_field (self, position);
  return field == NULL || field->null;
}

/**
 * pg_record_get_text:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 *
 * Gets the exact text of a field. Dates and times are in the form of the `DateStyle` ISO, whichever the session has.
 *
 * Returns: (transfer none) (nullable): the text; `NULL` if the field is SQL `NULL`, if it came in binary and its type is not known, or if there is
 *   no field at the position
 *
 * Since: 1.0
 */
const char *
pg_record_get_text (const PgRecord *self, guint position)
{
  const Field *field;

  g_return_val_if_fail (self != NULL, NULL);

  field = get_field (self, position);
  return field != NULL ? field->text : NULL;
}

/**
 * pg_record_get_bytes:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 *
 * Gets the binary form of a field that came in binary and is of a type that the library does not know, or does not know the text of.
 *
 * Returns: (transfer none) (nullable): the bytes; `NULL` for any other field
 *
 * Since: 1.0
 */
GBytes *
pg_record_get_bytes (const PgRecord *self, guint position)
{
  const Field *field;

  g_return_val_if_fail (self != NULL, NULL);

  field = get_field (self, position);
  return field != NULL ? field->bytes : NULL;
}

/**
 * pg_record_has_loader:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 *
 * Gets whether [method@Record.get_value] gives what a loader has made of a field, or of something in it: see [class@AdaptersMap].
 *
 * A field of an enum that is one of GObject counts as such.
 *
 * Returns: `TRUE` if so; `FALSE` if not, if the field is SQL `NULL`, or if there is none at the position
 *
 * Since: 1.0
 */
gboolean
pg_record_has_loader (const PgRecord *self, guint position)
{
  const Field *field;

  g_return_val_if_fail (self != NULL, FALSE);

  field = get_field (self, position);
  return field != NULL && field->has_loader;
}

/**
 * pg_record_get_value:
 * @self: a #PgRecord
 * @position: the position of a field, from 0
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 *
 * Gets a field in the type that [method@Result.get_value] has for its type.
 *
 * That is a string where the type is not known, and [struct@GLib.Bytes] where [method@Record.get_bytes] has something; a record in the record is
 * a [struct@Record]. SQL `NULL`, and a position at which there is no field, is a string that is `NULL`: `None` in Python, `null` in JavaScript.
 *
 * Since: 1.0
 */
void
pg_record_get_value (const PgRecord *self, guint position, GValue *value)
{
  const Field *field;

  g_return_if_fail (self != NULL);
  g_return_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID);

  field = get_field (self, position);
  if (field != NULL && G_VALUE_TYPE (&field->value) != G_TYPE_INVALID)
    {
      g_value_init (value, G_VALUE_TYPE (&field->value));
      g_value_copy (&field->value, value);
    }
  else if (field != NULL && field->bytes != NULL)
    {
      g_value_init (value, G_TYPE_BYTES);
      g_value_set_boxed (value, field->bytes);
    }
  else
    g_value_init (value, G_TYPE_STRING);
}

void
pg_record_get_plain_value (const PgRecord *self, guint position, GValue *value)
{
  const Field *field = get_field (self, position);

  if (field == NULL || !field->is_loaded || field->text == NULL)
    {
      pg_record_get_value (self, position, value);
      return;
    }
  g_value_init (value, G_TYPE_STRING);
  g_value_set_string (value, field->text);
}

static int
compare_bytes (const Field *a, const Field *b)
{
  if (a->bytes != NULL && b->bytes != NULL)
    return g_bytes_compare (a->bytes, b->bytes);
  return (a->bytes != NULL) - (b->bytes != NULL);
}

static int
compare_fields (const Field *a, const Field *b)
{
  if (a->null || b->null)
    return a->null - b->null;
  if (a->type != b->type)
    return a->type < b->type ? -1 : 1;
  if (a->is_loaded || b->is_loaded)
    return a->text != NULL && b->text != NULL ? strcmp (a->text, b->text) : compare_bytes (a, b);
  if (G_VALUE_TYPE (&a->value) != G_TYPE_INVALID && G_VALUE_TYPE (&b->value) != G_TYPE_INVALID)
    return pg_value_compare (&a->value, &b->value);
  return compare_bytes (a, b);
}

/**
 * pg_record_compare:
 * @a: a #PgRecord
 * @b: another
 *
 * Compares two records by PostgreSQL's order, as far as the types are known.
 *
 * The first fields that differ decide, where SQL `NULL` is equal to itself and above all others; where there are none, the record with fewer is
 * first. Fields of a text type and those of types not known are compared by their bytes, and those of different types are in the order of their
 * OIDs.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_record_compare (const PgRecord *a, const PgRecord *b)
{
  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  for (guint i = 0; i < MIN (a->fields->len, b->fields->len); i++)
    {
      int order = compare_fields (get_field (a, i), get_field (b, i));

      if (order != 0)
        return order;
    }
  return (a->fields->len > b->fields->len) - (a->fields->len < b->fields->len);
}

/**
 * pg_record_equal:
 * @a: a #PgRecord
 * @b: another
 *
 * Gets whether two records are the same, as [method@Record.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_record_equal (const PgRecord *a, const PgRecord *b)
{
  return pg_record_compare (a, b) == 0;
}

/**
 * pg_record_hash:
 * @self: a #PgRecord
 *
 * Gets a hash value, which is the same for equal records.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_record_hash (const PgRecord *self)
{
  guint hash = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = get_field (self, i);

      hash = hash * 31 + field->type;
      if (field->is_loaded && field->text != NULL)
        hash = hash * 31 + g_str_hash (field->text);
      else if (!field->is_loaded && G_VALUE_TYPE (&field->value) != G_TYPE_INVALID)
        hash = hash * 31 + pg_value_hash (&field->value);
      else if (field->bytes != NULL)
        hash = hash * 31 + g_bytes_hash (field->bytes);
    }
  return hash;
}
