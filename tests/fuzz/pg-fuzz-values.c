/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fuzz-values.h"

#include "pg-fuzz.h"

#include <string.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-column-codec-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-type-table-private.h>
#include <pgconn/types/pg-value-order-private.h>

static gboolean
is_text (const char *text)
{
  return text != NULL && g_utf8_validate (text, -1, NULL);
}

/* The text of a value is one: that of a range with nothing of the session. */
static char *
print (const GValue *value)
{
  g_auto (GValue) string = G_VALUE_INIT;
  char *text;

  if (G_VALUE_HOLDS_VARIANT (value))
    return g_variant_print (g_value_get_variant (value), TRUE);
  g_value_init (&string, G_TYPE_STRING);
  if (!g_value_transform (value, &string))
    return NULL;
  text = g_value_dup_string (&string);
  pg_fuzz_check (text == NULL || is_text (text));
  return text;
}

/* NaN is one value, whatever its bits are. */
static gboolean
doubles_are_same (double a, double b)
{
  return memcmp (&a, &b, sizeof a) == 0 || (a != a && b != b);
}

static void
check_equal (const GValue *a, const GValue *b, gboolean same_text)
{
  g_autofree char *print_of_a = print (a);
  g_autofree char *print_of_b = print (b);

  pg_fuzz_check (G_VALUE_TYPE (a) == G_VALUE_TYPE (b));
  if (G_VALUE_HOLDS_DOUBLE (a))
    pg_fuzz_check (doubles_are_same (g_value_get_double (a), g_value_get_double (b)));
  else if (same_text && g_strcmp0 (print_of_a, print_of_b) != 0)
    {
      pg_fuzz_note ("“%s” and “%s”", print_of_a, print_of_b);
      pg_fuzz_check (g_strcmp0 (print_of_a, print_of_b) == 0);
    }
  pg_fuzz_check (pg_value_compare (a, b) == 0);
  pg_fuzz_check (pg_value_compare (b, a) == 0);
  pg_fuzz_check (pg_value_hash (a) == pg_value_hash (b));
}

void
pg_fuzz_check_order (const GValue *a, const GValue *b)
{
  const int order = pg_value_compare (a, b);
  const int reverse = pg_value_compare (b, a);

  pg_fuzz_check ((order > 0) == (reverse < 0) && (order == 0) == (reverse == 0));
  if (order == 0)
    pg_fuzz_check (pg_value_hash (a) == pg_value_hash (b));
}

void
pg_fuzz_forms_clear (PgFuzzForms *self)
{
  g_free (self->numeric);
  g_free (self->date);
  g_free (self->timestamp);
  g_free (self->text);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->variant, g_variant_unref);
  g_value_unset (&self->value);
}

void
pg_fuzz_read_forms (const PgWireValue *wire, PgFuzzForms *forms)
{
  const GType type = pg_type_table_get_value_type (wire->types, wire->type);
  g_autoptr (PgNumeric) numeric = NULL;
  g_autoptr (PgDate) date = NULL;
  g_autoptr (PgTimestamp) timestamp = NULL;
  GError *error = NULL;
  gpointer boxed;

  forms->has_boolean = pg_codec_to_boolean (wire, &forms->boolean, &error);
  pg_fuzz_result (forms->has_boolean, &error, TRUE);
  forms->has_integer = pg_codec_to_int64 (wire, &forms->integer, &error);
  pg_fuzz_result (forms->has_integer, &error, TRUE);
  forms->has_number = pg_codec_to_double (wire, &forms->number, &error);
  pg_fuzz_result (forms->has_number, &error, TRUE);
  numeric = pg_codec_to_numeric (wire, &error);
  if (pg_fuzz_result (numeric != NULL, &error, TRUE))
    forms->numeric = pg_numeric_to_string (numeric);
  date = pg_codec_to_date (wire, &error);
  if (pg_fuzz_result (date != NULL, &error, TRUE))
    forms->date = pg_date_to_string (date);
  timestamp = pg_codec_to_timestamp (wire, &error);
  if (pg_fuzz_result (timestamp != NULL, &error, TRUE))
    forms->timestamp = pg_timestamp_to_string (timestamp);
  forms->bytes = pg_codec_to_bytes (wire, &error);
  pg_fuzz_result (forms->bytes != NULL, &error, TRUE);

  forms->text = pg_codec_to_text (wire, &error);
  if (pg_fuzz_result (forms->text != NULL, &error, TRUE))
    pg_fuzz_check (is_text (forms->text));
  forms->variant = pg_codec_to_variant (wire, &error);
  if (pg_fuzz_result (forms->variant != NULL, &error, TRUE))
    {
      pg_fuzz_check (g_variant_is_floating (forms->variant));
      g_variant_ref_sink (forms->variant);
      pg_fuzz_check (g_variant_is_normal_form (forms->variant));
    }

  forms->has_value = pg_codec_to_value (wire, &forms->value, &error);
  if (pg_fuzz_result (forms->has_value, &error, TRUE))
    {
      pg_fuzz_check (G_VALUE_TYPE (&forms->value) == type);
      pg_fuzz_check (pg_value_compare (&forms->value, &forms->value) == 0);
    }
  else
    pg_fuzz_check (G_VALUE_TYPE (&forms->value) == 0);

  boxed = pg_codec_to_boxed (wire, type, &error);
  if (pg_fuzz_result (boxed != NULL, &error, TRUE))
    {
      g_auto (GValue) value = G_VALUE_INIT;

      pg_fuzz_check (forms->has_value);
      g_value_init (&value, type);
      g_value_take_boxed (&value, boxed);
      check_equal (&value, &forms->value, TRUE);
    }
}

static void
check_same_forms (const PgFuzzForms *a, const PgFuzzForms *b)
{
  pg_fuzz_check (a->has_boolean == b->has_boolean && (!a->has_boolean || a->boolean == b->boolean));
  pg_fuzz_check (a->has_integer == b->has_integer && (!a->has_integer || a->integer == b->integer));
  pg_fuzz_check (a->has_number == b->has_number && (!a->has_number || doubles_are_same (a->number, b->number)));
  pg_fuzz_check (g_strcmp0 (a->numeric, b->numeric) == 0);
  pg_fuzz_check (g_strcmp0 (a->date, b->date) == 0);
  pg_fuzz_check (g_strcmp0 (a->timestamp, b->timestamp) == 0);
  pg_fuzz_check (g_strcmp0 (a->text, b->text) == 0);
  pg_fuzz_check ((a->bytes == NULL) == (b->bytes == NULL) && (a->bytes == NULL || g_bytes_equal (a->bytes, b->bytes)));
  pg_fuzz_check ((a->variant == NULL) == (b->variant == NULL));
  if (a->variant != NULL)
    {
      g_autofree char *print_of_a = g_variant_print (a->variant, TRUE);
      g_autofree char *print_of_b = g_variant_print (b->variant, TRUE);

      if (!g_str_equal (print_of_a, print_of_b))
        pg_fuzz_note ("%s and %s", print_of_a, print_of_b);
      pg_fuzz_check (g_str_equal (print_of_a, print_of_b));
    }
  pg_fuzz_check (a->has_value == b->has_value);
  if (a->has_value)
    check_equal (&a->value, &b->value, TRUE);
}

PgWireValue
pg_fuzz_copy_wire (const PgWireValue *wire, gconstpointer data, gsize length)
{
  PgWireValue copy = *wire;
  guint8 *bytes = g_malloc (MAX (length, 1));

  if (length > 0)
    memcpy (bytes, data, length);
  copy.data = bytes;
  copy.length = length;
  return copy;
}

static PgWireValue
text_wire (guint32 type, const char *text)
{
  const PgWireValue text_value = { .type = type, .modifier = -1, .format = PG_FORMAT_TEXT };

  return pg_fuzz_copy_wire (&text_value, text, strlen (text));
}

/* Whether the text form says less: that of a record does not say of which types its fields are. */
static gboolean
is_typed_by_binary_alone (guint32 type)
{
  const PgCodec *codec = pg_codec_lookup (type);

  return codec != NULL && (codec->ops == &pg_codec_ops_record || (codec->element != 0 && is_typed_by_binary_alone (codec->element)));
}

static void
check_wire (const PgWireValue *wire, PgFuzzForms *forms)
{
  const gboolean binary = wire->format == PG_FORMAT_BINARY;
  g_autofree char *own_text = NULL;

  pg_fuzz_read_forms (wire, forms);
  pg_fuzz_note ("%s of type %u: “%s”", binary ? "binary" : "text", wire->type, forms->text);

  /* Text is what it is, sound or not, and so is a GVariant that has the text. What can be read of a binary value can be read in all forms. */
  if (binary && !is_typed_by_binary_alone (wire->type))
    {
      pg_fuzz_check (forms->has_value == (forms->text != NULL));
      pg_fuzz_check (forms->has_value == (forms->variant != NULL));
    }
  if (!binary && forms->text != NULL)
    pg_fuzz_check (strlen (forms->text) == wire->length && memcmp (forms->text, wire->data, wire->length) == 0);
  if (!binary && forms->has_value)
    pg_fuzz_check (forms->variant != NULL);

  /* The same value in text is the same in every form. */
  if (binary && forms->text != NULL && !is_typed_by_binary_alone (wire->type))
    {
      PgWireValue text = text_wire (wire->type, forms->text);
      g_auto (PgFuzzForms) forms_of_text = { 0 };

      pg_fuzz_read_forms (&text, &forms_of_text);
      g_free ((gpointer) text.data);
      check_same_forms (forms, &forms_of_text);
    }

  if (!forms->has_value || !G_VALUE_HOLDS_BOXED (&forms->value) || G_VALUE_HOLDS (&forms->value, G_TYPE_BYTES))
    return;

  /* The text of the boxed type itself. */
  own_text = print (&forms->value);
  if (binary)
    pg_fuzz_check (g_strcmp0 (own_text, forms->text) == 0);
  if (own_text != NULL)
    {
      PgWireValue text = text_wire (wire->type, own_text);
      g_auto (PgFuzzForms) again = { 0 };

      pg_fuzz_note ("“%s” of type %u", own_text, wire->type);
      pg_fuzz_read_forms (&text, &again);
      g_free ((gpointer) text.data);
      pg_fuzz_check (again.has_value);
      if (is_typed_by_binary_alone (wire->type))
        {
          g_autofree char *text_again = print (&again.value);

          pg_fuzz_check (g_strcmp0 (own_text, text_again) == 0);
        }
      else
        check_equal (&forms->value, &again.value, TRUE);
    }
}

/* What is in it shows the text that came, which a server writes in one way only, and is sent as a value. */
static gboolean
keeps_texts (const GValue *value)
{
  return G_VALUE_HOLDS (value, PG_TYPE_ARRAY) || G_VALUE_HOLDS (value, PG_TYPE_RANGE) || G_VALUE_HOLDS (value, PG_TYPE_MULTIRANGE);
}

/* What is sent for a value that was read is the same value. */
static void
check_encoded (const PgWireValue *wire, const PgFuzzForms *forms, PgFormat format)
{
  const gboolean binary = wire->format == PG_FORMAT_BINARY;
  g_autoptr (GString) bytes = g_string_new ("before");
  const gsize start = bytes->len;
  g_auto (PgFuzzForms) again = { 0 };
  GError *error = NULL;
  PgWireValue encoded;

  if (format == PG_FORMAT_BINARY && !(pg_codec_has_binary (wire->type) && pg_codec_can_encode_binary (NULL, wire->type)))
    return;
  if (!pg_codec_encode (NULL, wire->type, &forms->value, format, bytes, &error))
    {
      g_autofree char *message = g_strdup (error != NULL ? error->message : NULL);

      pg_fuzz_result (FALSE, &error, FALSE);
      pg_fuzz_check (bytes->len == start);
      /* Fields of a record may be of types that are not known; and a text that is no value is found out when it is read. */
      if (format == PG_FORMAT_TEXT)
        pg_fuzz_note ("%s", message);
      /* An infinite interval is sent as text. */
      pg_fuzz_check (is_typed_by_binary_alone (wire->type)
                     || (format == PG_FORMAT_BINARY && (!binary || (forms->text != NULL && strstr (forms->text, "infinity") != NULL))));
      return;
    }
  pg_fuzz_check (memcmp (bytes->str, "before", start) == 0);

  encoded = (PgWireValue){ .type = wire->type, .modifier = -1, .format = format, .session = wire->session };
  encoded = pg_fuzz_copy_wire (&encoded, bytes->str + start, bytes->len - start);
  pg_fuzz_read_forms (&encoded, &again);
  g_free ((gpointer) encoded.data);
  /* A text that nobody has looked at: it may be written in another way, and whether it is one of the type the server will find out. */
  if (!binary && format == PG_FORMAT_BINARY &&
      (G_VALUE_HOLDS_STRING (&forms->value) || G_VALUE_HOLDS_VARIANT (&forms->value) || G_VALUE_HOLDS (&forms->value, PG_TYPE_ARRAY)))
    return;
  if (!again.has_value)
    pg_fuzz_note ("type %u, format %d: “%s”", wire->type, format, forms->text);
  pg_fuzz_check (again.has_value);
  if (!is_typed_by_binary_alone (wire->type))
    check_equal (&forms->value, &again.value, binary || (format == PG_FORMAT_TEXT && !keeps_texts (&forms->value)));
}

/* A column's decoder gives what the value's gives, or leaves the value to it. */
static void
check_column (const PgWireValue *wire, const PgFuzzForms *forms, PgColumnTarget target)
{
  PgColumnCodec codec;
  GError *error = NULL;
  g_autofree gpointer fast = NULL;
  g_autofree gpointer slow = NULL;
  gboolean is_fast, is_slow;

  if (!pg_fuzz_result (pg_column_codec_init (&codec, wire->type, wire->format, target, &error), &error, TRUE))
    {
      pg_fuzz_check (target != PG_COLUMN_INT64 || !forms->has_integer);
      pg_fuzz_check (target != PG_COLUMN_DOUBLE || !forms->has_number);
      pg_fuzz_check (target != PG_COLUMN_BOOLEAN || !forms->has_boolean);
      return;
    }
  fast = g_malloc0 (codec.width);
  slow = g_malloc0 (codec.width);
  is_fast = codec.decode != NULL && codec.decode (&wire->data, &wire->length, 1, fast) == 1;
  is_slow = codec.decode_one (wire, slow, &error);
  pg_fuzz_result (is_slow, &error, TRUE);
  pg_fuzz_check (is_fast <= is_slow);
  if (is_fast && memcmp (fast, slow, codec.width) != 0)
    {
      /* Only NaN has several forms. */
      pg_fuzz_check (codec.width == sizeof (double) ? doubles_are_same (*(double *) fast, *(double *) slow)
                                                    : codec.width == sizeof (float) && *(float *) fast != *(float *) fast && *(float *) slow != *(float *) slow);
      pg_fuzz_check (wire->type == PG_OID_FLOAT4 || wire->type == PG_OID_FLOAT8);
    }
  if (target == PG_COLUMN_INT64)
    pg_fuzz_check (is_slow == forms->has_integer && (!is_slow || *(gint64 *) slow == forms->integer));
  else if (target == PG_COLUMN_DOUBLE)
    pg_fuzz_check (is_slow == forms->has_number && (!is_slow || doubles_are_same (*(double *) slow, forms->number)));
  else if (target == PG_COLUMN_BOOLEAN)
    pg_fuzz_check (is_slow == forms->has_boolean && (!is_slow || *(gboolean *) slow == forms->boolean));
}

void
pg_fuzz_check_value (const PgWireValue *wire, PgFuzzForms *forms)
{
  check_wire (wire, forms);
  for (PgColumnTarget target = PG_COLUMN_DATA; target <= PG_COLUMN_BOOLEAN; target++)
    check_column (wire, forms, target);
  if (!forms->has_value)
    return;
  check_encoded (wire, forms, PG_FORMAT_TEXT);
  check_encoded (wire, forms, PG_FORMAT_BINARY);
}
