/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-multirange-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-range-private.h>

/**
 * PgMultirange:
 *
 * A value of one of PostgreSQL's multirange types: any number of ranges of one element type.
 *
 * PostgreSQL puts the ranges in order, joins those that touch and leaves out the empty ones; here they are kept as they are.
 *
 * A `PgMultirange` never changes and may be used from several threads.
 *
 * See "Range Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgMultirange
{
  gatomicrefcount ref_count;
  guint32 element_type;
  GPtrArray *ranges;
};

PG_DEFINE_BOXED_TYPE (PgMultirange, pg_multirange)

static PgMultirange *
make (guint32 element_type)
{
  PgMultirange *self = g_new (PgMultirange, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->element_type = element_type;
  self->ranges = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_range_unref);
  return self;
}

static gboolean
read_text (PgMultirange *self, const PgWireValue *value, GError **error)
{
  const char *at = (const char *) value->data;
  const char *end = at + value->length;

  if (value->length < 2 || *at != '{' || end[-1] != '}')
    return pg_codec_fail (value, _("it is not in braces"), error);
  at++;
  end--;
  while (at < end)
    {
      PgRange *range;

      if (self->ranges->len > 0 && *at++ != ',')
        return pg_codec_fail (value, _("there is something between two ranges"), error);
      range = pg_range_scan (value, &at, end, self->element_type, error);
      if (range == NULL)
        return FALSE;
      g_ptr_array_add (self->ranges, range);
    }
  return TRUE;
}

/* The number of ranges; each is its length and itself. */
static gboolean
read_binary (PgMultirange *self, const PgWireValue *value, GError **error)
{
  const guint8 *at = value->data;
  const guint8 *end = at + value->length;
  guint32 n;

  if (value->length < 4)
    return pg_codec_fail (value, _("its length is wrong"), error);
  n = pg_wire_get_uint32 (at);
  at += 4;
  for (guint32 i = 0; i < n; i++)
    {
      gsize length;
      PgRange *range;

      if (end - at < 4 || pg_wire_get_uint32 (at) > (gsize) (end - at) - 4)
        return pg_codec_fail (value, _("the length of a range is wrong"), error);
      length = pg_wire_get_uint32 (at);
      range = pg_range_from_wire (value, at + 4, length, self->element_type, error);
      if (range == NULL)
        return FALSE;
      g_ptr_array_add (self->ranges, range);
      at += 4 + length;
    }
  return at == end || pg_codec_fail (value, _("its length is wrong"), error);
}

PgMultirange *
pg_multirange_read (const PgWireValue *value, guint32 element_type, GError **error)
{
  g_autoptr (PgMultirange) self = make (element_type);

  if (!(value->format == PG_FORMAT_TEXT ? read_text (self, value, error) : read_binary (self, value, error)))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * pg_multirange_parse:
 * @text: the text of a multirange
 * @element_type: the OID of the type of the bounds, as `PG_OID_INT4` for an `int4multirange`
 * @error: return location for a #GError
 *
 * Reads a multirange from the text that PostgreSQL shows for it.
 *
 * That is the ranges, in the form of [func@Range.parse], with commas between them and in braces: `{[1,3),[5,)}`.
 *
 * Returns: (transfer full): the multirange, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgMultirange *
pg_multirange_parse (const char *text, guint element_type, GError **error)
{
  PgWireValue wire = { .type = element_type, .modifier = -1, .format = PG_FORMAT_TEXT };

  g_return_val_if_fail (text != NULL, NULL);

  wire.data = (const guint8 *) text;
  wire.length = strlen (text);
  return pg_multirange_read (&wire, element_type, error);
}

/**
 * pg_multirange_ref:
 * @self: a #PgMultirange
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgMultirange *
pg_multirange_ref (PgMultirange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_multirange_unref:
 * @self: (transfer full): a #PgMultirange
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_multirange_unref (PgMultirange *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->ranges);
  g_free (self);
}

/**
 * pg_multirange_to_string:
 * @self: a #PgMultirange
 *
 * Gets the text that PostgreSQL shows for the multirange.
 *
 * See [func@Multirange.parse] for its form.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_multirange_to_string (const PgMultirange *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new ("{");
  for (guint i = 0; i < self->ranges->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      pg_range_append (g_ptr_array_index (self->ranges, i), text);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/**
 * pg_multirange_get_element_type:
 * @self: a #PgMultirange
 *
 * Gets the type of the bounds.
 *
 * Returns: its OID
 *
 * Since: 1.0
 */
guint
pg_multirange_get_element_type (const PgMultirange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->element_type;
}

/**
 * pg_multirange_get_n_ranges:
 * @self: a #PgMultirange
 *
 * Gets the number of ranges.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
pg_multirange_get_n_ranges (const PgMultirange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ranges->len;
}

/**
 * pg_multirange_get_range:
 * @self: a #PgMultirange
 * @position: the position of a range, from 0
 *
 * Gets one of the ranges.
 *
 * Returns: (transfer none) (nullable): the range, or `NULL` if there is none at the position
 *
 * Since: 1.0
 */
PgRange *
pg_multirange_get_range (const PgMultirange *self, guint position)
{
  g_return_val_if_fail (self != NULL, NULL);

  return position < self->ranges->len ? g_ptr_array_index (self->ranges, position) : NULL;
}

/**
 * pg_multirange_compare:
 * @a: a #PgMultirange
 * @b: another
 *
 * Compares two multiranges by PostgreSQL's order.
 *
 * The first ranges that differ decide, as [method@Range.compare] has it; where there are none, the one with fewer is first.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_multirange_compare (const PgMultirange *a, const PgMultirange *b)
{
  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (a->element_type != b->element_type)
    return a->element_type < b->element_type ? -1 : 1;
  for (guint i = 0; i < MIN (a->ranges->len, b->ranges->len); i++)
    {
      int order = pg_range_compare (g_ptr_array_index (a->ranges, i), g_ptr_array_index (b->ranges, i));

      if (order != 0)
        return order;
    }
  return (a->ranges->len > b->ranges->len) - (a->ranges->len < b->ranges->len);
}

/**
 * pg_multirange_equal:
 * @a: a #PgMultirange
 * @b: another
 *
 * Gets whether two multiranges are the same, as [method@Multirange.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_multirange_equal (const PgMultirange *a, const PgMultirange *b)
{
  return pg_multirange_compare (a, b) == 0;
}

/**
 * pg_multirange_hash:
 * @self: a #PgMultirange
 *
 * Gets a hash value, which is the same for equal multiranges.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_multirange_hash (const PgMultirange *self)
{
  guint hash;

  g_return_val_if_fail (self != NULL, 0);

  hash = self->element_type;
  for (guint i = 0; i < self->ranges->len; i++)
    hash = hash * 31 + pg_range_hash (g_ptr_array_index (self->ranges, i));
  return hash;
}
