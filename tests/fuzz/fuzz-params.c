/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Parameters. The input: one byte, then if it is even a GVariant (one byte the length of its type, the type, its bytes), if it is odd
 * calls of PgParams, one byte each and what it takes. With its second bit there are types of a database, and each parameter is cast to one, or not, as the
 * other bits say. */
#include "pg-fuzz-values.h"
#include "pg-fuzz.h"

#include <string.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-type-table-private.h>

static guint64
take_number (PgFuzzReader *self, guint n)
{
  guint64 number = 0;

  while (n-- > 0)
    number = number << 8 | pg_fuzz_take (self);
  return number;
}

/* UTF-8, which is what the caller of a function has to see to. Free it. */
static char *
take_text (PgFuzzReader *self)
{
  const gsize wanted = pg_fuzz_take (self);
  const gsize length = MIN (wanted, self->left);
  g_autofree char *text = length > 0 ? g_strndup ((const char *) self->data, length) : g_strdup ("");

  self->data += length;
  self->left -= length;
  return g_utf8_make_valid (text, -1);
}

#define MOOD 20000
#define PLACE 20010
#define SPAN 20020
#define HSTORE 20030
#define YEARS 20040
#define VISIT 20050

static const guint32 made[] = { MOOD, MOOD + 1, PLACE, PLACE + 1, SPAN, SPAN + 1, HSTORE, HSTORE + 1, YEARS, YEARS + 1, VISIT, VISIT + 1 };
static const char *const casts[] = { "", "::place", "::place[]", "::visit", "::visit[]", "::hstore", "::box[]", "::mood[]" };

static void
add_type (PgTypeTable *table, PgTypeKind kind, guint32 oid, const char *name)
{
  PgTypeInfo *info = pg_type_info_new_empty (kind, oid);

  info->array_oid = oid + 1;
  info->delimiter = ',';
  info->name = g_strdup (name);
  info->schema = g_strdup ("public");
  info->sql_name = g_strdup (name);
  info->element = PG_OID_INTERVAL;
  info->base = PG_OID_INT4;
  if (oid == HSTORE)
    info->send_function = g_strdup ("hstore_send");
  if (kind == PG_TYPE_KIND_ENUM)
    info->labels = g_strsplit ("sad,ok", ",", -1);
  if (kind == PG_TYPE_KIND_COMPOSITE)
    {
      static const guint32 fields[][3] = { { PG_OID_INT4, PG_OID_TEXT, PG_OID_BOX_ARRAY }, { PLACE, MOOD + 1, HSTORE } };

      info->n_fields = 3;
      info->fields = g_new0 (PgTypeField, 3);
      for (guint i = 0; i < 3; i++)
        info->fields[i] = (PgTypeField){ g_strdup_printf ("%c", 'a' + (int) i), fields[oid == VISIT][i], -1 };
    }
  pg_type_table_add (table, info);
  pg_type_info_unref (info);
}

/* There for good. */
static const PgTypeTable *
get_types (void)
{
  static PgTypeTable *table;

  if (table != NULL)
    return table;
  table = pg_type_table_make_own (NULL);
  add_type (table, PG_TYPE_KIND_ENUM, MOOD, "mood");
  add_type (table, PG_TYPE_KIND_COMPOSITE, PLACE, "place");
  add_type (table, PG_TYPE_KIND_RANGE, SPAN, "span");
  add_type (table, PG_TYPE_KIND_BASE, HSTORE, "hstore");
  add_type (table, PG_TYPE_KIND_DOMAIN, YEARS, "years");
  add_type (table, PG_TYPE_KIND_COMPOSITE, VISIT, "visit");
  return table;
}

static PgQuery *
make_query (guint n, char letter, const char *cast)
{
  g_autoptr (GString) sql = g_string_new ("SELECT");
  g_autoptr (GError) error = NULL;
  PgQuery *query;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%s%%%c%s", i > 0 ? ", " : " ", letter, cast);
  query = pg_query_parse (sql->str, sql->len, TRUE, &error);
  pg_fuzz_check (query != NULL);
  return query;
}

/* Texts that somebody gave are not looked at: whether they are JSON, say. */
static gboolean
is_made_of_texts (const PgTypeTable *types, guint32 type)
{
  const PgCodec *codec = pg_type_table_lookup (types, type);

  if (codec != NULL && codec->element != 0)
    return is_made_of_texts (types, codec->element);
  return type == VISIT || type == PLACE || pg_type_table_get_value_type (types, type) == G_TYPE_STRING;
}

/* What is sent has the form that the protocol asks for, and what is of a known type is a value of it. */
static void
check_wire (const PgWireParams *wire, guint n, const PgTypeTable *types)
{
  pg_fuzz_check (wire->n_params == n);
  for (guint i = 0; i < n; i++)
    {
      const PgWireValue value = { .type = wire->types[i], .modifier = -1, .format = wire->formats[i] == 1 ? PG_FORMAT_BINARY : PG_FORMAT_TEXT, .types = types };
      g_auto (PgFuzzForms) forms = { 0 };
      PgWireValue copy;

      pg_fuzz_check (wire->formats[i] == 0 || wire->formats[i] == 1);
      if (wire->values[i] == NULL)
        continue;
      pg_fuzz_check (wire->lengths[i] >= 0);
      if (wire->formats[i] == 0)
        {
          pg_fuzz_check (wire->values[i][wire->lengths[i]] == '\0');
          pg_fuzz_check (strlen (wire->values[i]) == (gsize) wire->lengths[i]);
        }
      pg_fuzz_note ("parameter %u of type %u, format %d: %.200s", i, wire->types[i], wire->formats[i], wire->formats[i] == 0 ? wire->values[i] : "");
      copy = pg_fuzz_copy_wire (&value, wire->values[i], (gsize) wire->lengths[i]);
      pg_fuzz_read_forms (&copy, &forms);
      g_free ((gpointer) copy.data);
      if (wire->formats[i] == 1 && pg_type_table_has_binary (types, wire->types[i]) && !is_made_of_texts (types, wire->types[i]) && wire->types[i] != PG_OID_RECORD)
        pg_fuzz_check (forms.has_value);
    }
}

static void
try_variant (GVariant *variant, guint n, const PgTypeTable *types, const char *cast)
{
  static const char letters[] = "stb";

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgQuery) query = make_query (n, letters[i], cast);
      GError *error = NULL;
      g_autoptr (PgWireParams) wire = pg_query_bind_variant (query, variant, types, &error);

      if (pg_fuzz_result (wire != NULL, &error, FALSE))
        check_wire (wire, n, types);
    }
}

static void
check_variant (PgFuzzReader *reader, const PgTypeTable *types, const char *cast)
{
  g_autofree char *type = take_text (reader);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) variant = NULL;

  if (!g_variant_type_string_is_valid (type) || !g_variant_type_is_definite (G_VARIANT_TYPE (type)) ||
      (*type != '(' && *type != 'a') || g_str_has_prefix (type, "a{"))
    return;
  bytes = g_bytes_new (reader->data, reader->left);
  variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));
  if (g_variant_n_children (variant) > 64)
    return;
  try_variant (variant, (guint) g_variant_n_children (variant), types, cast);
}

/* What can be done with types of a database. */
static void
add_of_types (PgParams *params, PgFuzzReader *reader, const PgTypeTable *types)
{
  const guint call = pg_fuzz_take (reader);
  const guint32 type = made[pg_fuzz_take (reader) % G_N_ELEMENTS (made)];
  g_autofree char *text = NULL;
  GError *error = NULL;

  switch ((call >> 2) % 6)
    {
    case 0: pg_params_begin_dictionary (params, call & 0x80 ? type : 0); break;
    case 1: pg_params_end_dictionary (params); break;
    case 2: pg_params_add_key (params, text = take_text (reader)); break;
    case 3: pg_params_begin_record (params, type); break;
    case 4: pg_params_begin_array (params, type); break;
    default:
      {
        const PgWireValue head = { .type = type, .modifier = -1, .format = call & 0x80 ? PG_FORMAT_BINARY : PG_FORMAT_TEXT, .types = types };
        PgWireValue wire;
        g_auto (GValue) value = G_VALUE_INIT;

        text = take_text (reader);
        wire = pg_fuzz_copy_wire (&head, text, strlen (text));
        if (pg_codec_to_value (&wire, &value, NULL))
          pg_fuzz_result (pg_params_add_value (params, &value, &error), &error, FALSE);
        g_free ((gpointer) wire.data);
        break;
      }
    }
}

/* One more parameter, or something done to those there are. */
static void
add (PgParams *params, PgFuzzReader *reader)
{
  const guint call = pg_fuzz_take (reader);
  g_autofree char *text = NULL;
  GError *error = NULL;

  switch (call % 20)
    {
    case 0: pg_params_add_null (params); break;
    case 1: pg_params_add_boolean (params, pg_fuzz_take (reader) & 1); break;
    case 2: pg_params_add_int16 (params, (gint16) take_number (reader, 2)); break;
    case 3: pg_params_add_int32 (params, (gint32) take_number (reader, 4)); break;
    case 4: pg_params_add_int64 (params, (gint64) take_number (reader, 8)); break;
    case 5: pg_params_add_integer (params, (gint64) take_number (reader, 8)); break;
    case 6:
      {
        const guint64 bits = take_number (reader, 8);
        double number;

        memcpy (&number, &bits, sizeof number);
        pg_params_add_double (params, number);
        break;
      }
    case 7: pg_params_add_text (params, text = take_text (reader)); break;
    case 8:
      {
        const guint32 type = (guint32) take_number (reader, 2);

        pg_params_add_typed_text (params, type, text = take_text (reader));
        break;
      }
    case 9: pg_params_add_uuid (params, text = take_text (reader)); break;
    case 10: pg_params_add_jsonb (params, text = take_text (reader)); break;
    case 11: pg_params_begin_array (params, (guint) take_number (reader, 2)); break;
    case 12: pg_params_end_array (params); break;
    /* A record said to be something else is the caller's doing. */
    case 13: pg_params_begin_record (params, take_number (reader, 2) == 0 ? 0 : 16400); break;
    case 14: pg_params_end_record (params); break;
    case 15:
    case 16:
    case 17:
      {
        /* What was read, as the GValue that it is. */
        const PgWireValue head = { .type = pg_codecs[take_number (reader, 2) % pg_n_codecs].oid, .modifier = -1, .format = call % 2 ? PG_FORMAT_BINARY : PG_FORMAT_TEXT };
        PgWireValue wire;
        g_auto (GValue) value = G_VALUE_INIT;

        text = take_text (reader);
        wire = pg_fuzz_copy_wire (&head, text, strlen (text));
        if (pg_codec_to_value (&wire, &value, NULL))
          pg_fuzz_result (pg_params_add_value (params, &value, &error), &error, FALSE);
        g_free ((gpointer) wire.data);
        break;
      }
    case 18:
      {
        g_autoptr (GBytes) bytes = NULL;

        text = take_text (reader);
        bytes = g_bytes_new (text, strlen (text));
        pg_params_add_bytes (params, bytes);
        break;
      }
    default:
      text = take_text (reader);
      if (pg_params_get_n_params (params) > 0)
        pg_params_set_name (params, pg_fuzz_take (reader) % pg_params_get_n_params (params), *text != '\0' ? text : NULL);
      break;
    }
}

static void
check_params (PgFuzzReader *reader, const PgTypeTable *types, const char *cast)
{
  static const char letters[] = "stb";
  g_autoptr (PgParams) params = pg_params_new ();
  guint n;

  while (reader->left > 0 && pg_params_get_n_params (params) < 64)
    if (types != NULL && *reader->data % 4 == 3)
      add_of_types (params, reader, types);
    else
      add (params, reader);
  n = pg_params_get_n_params (params);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgQuery) query = make_query (n, letters[i], cast);
      GError *error = NULL;
      g_autoptr (PgWireParams) wire = pg_query_bind_params (query, params, types, &error);

      if (pg_fuzz_result (wire != NULL, &error, FALSE))
        check_wire (wire, n, types);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PgFuzzReader reader = { data, size };
  const guint8 first = pg_fuzz_take (&reader);
  const PgTypeTable *types = first & 2 ? get_types () : NULL;
  const char *cast = types != NULL ? casts[(first >> 2) % G_N_ELEMENTS (casts)] : "";

  if (first % 2 == 0)
    check_variant (&reader, types, cast);
  else
    check_params (&reader, types, cast);
  return 0;
}
