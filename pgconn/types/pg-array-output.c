/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-array-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* What comes of an array that was taken apart: its text, and a variant. */

#define MAX_TEXT 0x3fffffff /* PostgreSQL's MaxAllocSize, which its own text is never longer than */

/* What PostgreSQL's array_in() takes for a space. */
static gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static gboolean
needs_quotes (const char *element, gsize length, char delimiter)
{
  if (length == 0 || (length == 4 && g_ascii_strncasecmp (element, "NULL", 4) == 0))
    return TRUE;
  for (gsize i = 0; i < length; i++)
    if (element[i] == '"' || element[i] == '\\' || element[i] == '{' || element[i] == '}' || element[i] == delimiter ||
        is_space (element[i]))
      return TRUE;
  return FALSE;
}

void
pg_array_text_quote (GString *literal, const char *element, gssize length, char delimiter)
{
  gsize n;

  if (element == NULL)
    {
      g_string_append (literal, "NULL");
      return;
    }
  n = length < 0 ? strlen (element) : (gsize) length;
  if (!needs_quotes (element, n, delimiter))
    {
      g_string_append_len (literal, element, (gssize) n);
      return;
    }
  g_string_append_c (literal, '"');
  for (gsize i = 0; i < n; i++)
    {
      if (element[i] == '"' || element[i] == '\\')
        g_string_append_c (literal, '\\');
      g_string_append_c (literal, element[i]);
    }
  g_string_append_c (literal, '"');
}

char *
pg_array_parts_to_text (const PgWireValue *value, guint32 element_type, const PgArrayParts *parts, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PgArrayWriter writer;

  pg_array_writer_begin (&writer, value->types, text, element_type, PG_FORMAT_TEXT, parts->n_dimensions, parts->sizes, parts->lower_bounds);
  for (gsize i = 0; i < parts->n_elements; i++)
    {
      const PgWireValue *element = &parts->elements[i];
      g_autofree char *element_text = element->data != NULL ? pg_codec_to_default_text (element, NULL, error) : NULL;

      if (element->data != NULL && element_text == NULL)
        return NULL;
      pg_array_writer_add_encoded (&writer, element_text, element_text != NULL ? strlen (element_text) : 0);
      if (text->len > MAX_TEXT && !pg_codec_fail (value, _("its text is too long"), error))
        return NULL;
    }
  pg_array_writer_end (&writer);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct
{
  const PgWireValue *value;
  const PgArrayParts *parts;
  const GVariantType *element_type;
  gboolean has_parts; /* elements that may be of several types */
  gsize next;
  GError **error;
} VariantBuilder;

static GVariant *
build_element (VariantBuilder *self)
{
  const PgWireValue *element = &self->parts->elements[self->next++];
  GVariant *child = NULL;

  if (element->data != NULL)
    {
      child = pg_codec_to_variant (element, self->error);
      if (child == NULL)
        return NULL;
      /* The dimensions of an array in it, in a record or as a domain, are those of the value. */
      if (self->has_parts && !g_variant_is_of_type (child, self->element_type))
        {
          g_variant_unref (child);
          pg_codec_fail (self->value, _("the elements have arrays of several dimensions"), self->error);
          return NULL;
        }
    }
  return g_variant_new_maybe (self->element_type, child);
}

static GVariant *
build_dimension (VariantBuilder *self, guint dimension)
{
  const gsize n = (gsize) self->parts->sizes[dimension];
  g_autofree GVariant **children = g_new (GVariant *, n);

  for (gsize i = 0; i < n; i++)
    {
      children[i] =
        dimension + 1 < self->parts->n_dimensions ? build_dimension (self, dimension + 1) : build_element (self);
      if (children[i] == NULL)
        {
          while (i-- > 0)
            g_variant_unref (children[i]);
          return NULL;
        }
    }
  return g_variant_new_array (NULL, children, n);
}

GVariant *
pg_array_parts_to_variant (const PgWireValue *value, guint32 element_type, const PgArrayParts *parts, GError **error)
{
  VariantBuilder builder = { .value = value, .parts = parts, .error = error };
  const PgCodec *element = pg_codec_lookup (element_type);
  g_autoptr (GVariantType) own_type = NULL;

  if (element != NULL && element->element == 0)
    builder.element_type = G_VARIANT_TYPE (element->ops != NULL ? element->ops->variant_type : "s");
  else
    {
      own_type = pg_type_table_dup_variant_type (value->types, element_type);
      builder.element_type = own_type;
      builder.has_parts = TRUE;
    }
  if (builder.element_type == NULL)
    {
      pg_codec_fail (value, _("the type of its elements has too many parts"), error);
      return NULL;
    }
  if (parts->n_elements == 0)
    {
      g_autoptr (GVariantType) child = g_variant_type_new_maybe (builder.element_type);

      return g_variant_new_array (child, NULL, 0);
    }
  return build_dimension (&builder, 0);
}
