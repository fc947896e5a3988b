/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-range-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-quoted-private.h>
#include <pgconn/types/pg-type-table-private.h>
#include <pgconn/types/pg-value-order-private.h>

/**
 * PgRange:
 *
 * A value of one of PostgreSQL's range types: all values of the element type between two bounds, or none.
 *
 * Each bound is inclusive or exclusive, or there is none on its side. A range is kept as it is: PostgreSQL makes the bounds of a range of
 * integers or dates `[)`, and of one that has no value `empty`, and this does not.
 *
 * A `PgRange` never changes and may be used from several threads.
 *
 * See "Range Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
PG_DEFINE_BOXED_TYPE (PgRange, pg_range)

#define WIRE_EMPTY 0x01
#define WIRE_LOWER_INCLUSIVE 0x02
#define WIRE_UPPER_INCLUSIVE 0x04
#define WIRE_LOWER_INFINITE 0x08
#define WIRE_UPPER_INFINITE 0x10
#define WIRE_FLAGS 0x1f

static PgRange *
make (guint32 element_type)
{
  PgRange *self = g_new0 (PgRange, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->element_type = element_type;
  return self;
}

/* By the loader, where there is one; wire is in the range's own format. */
static gboolean
load_bound (PgRangeBound *bound, const PgWireValue *wire, GError **error)
{
  return !pg_wire_has_loader (wire, wire->type) || pg_codec_to_value (wire, &bound->loaded, error);
}

/* Takes the text. value is what the range is, or is a part of; NULL for one that did not come over the wire. */
static gboolean
set_bound (PgRange *self, PgRangeBound *bound, char *text, const PgWireValue *value, GError **error)
{
  PgWireValue wire = {
    .data = (const guint8 *) text,
    .length = strlen (text),
    .type = self->element_type,
    .modifier = -1,
    .format = PG_FORMAT_TEXT,
  };

  if (value != NULL)
    {
      /* What the library makes of a binary value has the form of no session. */
      wire.session = value->format == PG_FORMAT_TEXT ? value->session : 0;
      wire.depth = (guint8) (value->depth + 1);
      wire.types = value->types;
      wire.plain = value->plain;
    }

  bound->text = text;
  if (!pg_codec_check_text (&wire, wire.data, wire.length, error) || !pg_codec_to_plain_value (&wire, &bound->value, error) ||
      (value != NULL && value->format == PG_FORMAT_TEXT && !load_bound (bound, &wire, error)))
    return FALSE;
  bound->text = pg_codec_to_default_text (&wire, &bound->value, error);
  g_free (text);
  return bound->text != NULL;
}

PgRange *
pg_range_scan (const PgWireValue *value, const char **at, const char *end, guint32 element_type, GError **error)
{
  g_autoptr (PgRange) self = make (element_type);
  PgRangeBound *bounds[] = { &self->lower, &self->upper };

  if (end - *at >= 5 && memcmp (*at, "empty", 5) == 0)
    {
      *at += 5;
      self->empty = TRUE;
      return g_steal_pointer (&self);
    }
  if (*at == end || (**at != '[' && **at != '('))
    {
      pg_codec_fail (value, _("a range does not begin with a bracket or parenthesis"), error);
      return NULL;
    }
  self->lower.inclusive = *(*at)++ == '[';
  for (guint i = 0; i < 2; i++)
    {
      gboolean is_absent = FALSE;
      g_autofree char *text = pg_quoted_read (at, end, ",)]", &is_absent);

      if (text == NULL || (**at == ',') != (i == 0))
        {
          pg_codec_fail (value, _("a range has not two bounds"), error);
          return NULL;
        }
      if (!is_absent && !set_bound (self, bounds[i], g_steal_pointer (&text), value, error))
        return NULL;
      (*at)++;
    }
  self->upper.inclusive = (*at)[-1] == ']';
  self->lower.inclusive = self->lower.inclusive && self->lower.text != NULL;
  self->upper.inclusive = self->upper.inclusive && self->upper.text != NULL;
  return g_steal_pointer (&self);
}

PgRange *
pg_range_from_wire (const PgWireValue *value, const guint8 *data, gsize length, guint32 element_type, GError **error)
{
  g_autoptr (PgRange) self = make (element_type);
  PgRangeBound *bounds[] = { &self->lower, &self->upper };
  const guint8 *at = data;
  const guint8 *end = data + length;
  guint flags;

  if (length < 1)
    {
      pg_codec_fail (value, _("its length is wrong"), error);
      return NULL;
    }
  flags = *at++;
  if ((flags & ~(guint) WIRE_FLAGS) != 0)
    {
      pg_codec_fail (value, _("its flags are not known"), error);
      return NULL;
    }
  self->empty = (flags & WIRE_EMPTY) != 0;
  for (guint i = 0; i < 2 && !self->empty; i++)
    {
      PgWireValue bound = *value;
      char *text;

      if ((flags & (i == 0 ? WIRE_LOWER_INFINITE : WIRE_UPPER_INFINITE)) != 0)
        continue;
      if (end - at < 4 || pg_wire_get_uint32 (at) > (gsize) (end - at) - 4)
        {
          pg_codec_fail (value, _("the length of a bound is wrong"), error);
          return NULL;
        }
      bound.length = pg_wire_get_uint32 (at);
      bound.data = at + 4;
      bound.type = element_type;
      bound.modifier = -1;
      bound.depth++;
      at += 4 + bound.length;
      text = pg_codec_to_text (&bound, error);
      if (text == NULL || !set_bound (self, bounds[i], text, value, error) || !load_bound (bounds[i], &bound, error))
        return NULL;
      bounds[i]->inclusive = (flags & (i == 0 ? WIRE_LOWER_INCLUSIVE : WIRE_UPPER_INCLUSIVE)) != 0;
    }
  if (at != end)
    {
      pg_codec_fail (value, _("its length is wrong"), error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pg_range_parse:
 * @text: the text of a range
 * @element_type: the OID of the type of the bounds, as `PG_OID_INT4` for an `int4range`
 * @error: return location for a #GError
 *
 * Reads a range from the text that PostgreSQL shows for it.
 *
 * That is `empty`, or `[` or `(`, the lower bound, `,`, the upper bound, and `]` or `)`, where a bracket is an inclusive bound. A bound may be
 * left out, which is none on that side, or in double quotes. Its text is that of the element type.
 *
 * Returns: (transfer full): the range, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgRange *
pg_range_parse (const char *text, guint element_type, GError **error)
{
  PgWireValue wire = { .type = element_type, .modifier = -1, .format = PG_FORMAT_TEXT };
  const char *at = text;
  PgRange *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = pg_range_scan (&wire, &at, text + strlen (text), element_type, error);
  if (self != NULL && *at != '\0')
    {
      pg_range_unref (self);
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("There is something after the range"));
      return NULL;
    }
  return self;
}

/**
 * pg_range_new:
 * @element_type: the OID of the type of the bounds, as `PG_OID_INT4` for an `int4range`
 * @lower: (nullable): the text of the lower bound, or `NULL` for none
 * @upper: (nullable): the text of the upper bound, or `NULL` for none
 * @bounds: `[]`, `[)`, `(]` or `()`: a bracket is an inclusive bound
 * @error: return location for a #GError
 *
 * Makes a range of two bounds.
 *
 * Returns: (transfer full): the range, or `NULL` with `PG_ERROR_DATA` if a bound is not a value of the type or the lower one is above the upper
 *   one, and with `PG_ERROR_INTERFACE` if @bounds is none of the four
 *
 * Since: 1.0
 */
PgRange *
pg_range_new (guint element_type, const char *lower, const char *upper, const char *bounds, GError **error)
{
  g_autoptr (PgRange) self = make (element_type);

  g_return_val_if_fail (bounds != NULL, NULL);

  if (strlen (bounds) != 2 || strchr ("[(", bounds[0]) == NULL || strchr ("])", bounds[1]) == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _("The bounds of a range are one of [], [), (] and ()"));
      return NULL;
    }
  if ((lower != NULL && !set_bound (self, &self->lower, g_strdup (lower), NULL, error)) ||
      (upper != NULL && !set_bound (self, &self->upper, g_strdup (upper), NULL, error)))
    return NULL;
  self->lower.inclusive = lower != NULL && bounds[0] == '[';
  self->upper.inclusive = upper != NULL && bounds[1] == ']';
  if (lower != NULL && upper != NULL && !G_VALUE_HOLDS_STRING (&self->lower.value) &&
      pg_value_compare (&self->lower.value, &self->upper.value) > 0)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The lower bound of the range is above its upper bound"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pg_range_new_empty:
 * @element_type: the OID of the type of the bounds, as `PG_OID_INT4` for an `int4range`
 *
 * Makes the range that has no value.
 *
 * Returns: (transfer full): the range
 *
 * Since: 1.0
 */
PgRange *
pg_range_new_empty (guint element_type)
{
  PgRange *self = make (element_type);

  self->empty = TRUE;
  return self;
}

/**
 * pg_range_ref:
 * @self: a #PgRange
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgRange *
pg_range_ref (PgRange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
clear_bound (PgRangeBound *bound)
{
  g_free (bound->text);
  if (G_VALUE_TYPE (&bound->value) != G_TYPE_INVALID)
    g_value_unset (&bound->value);
  if (G_IS_VALUE (&bound->loaded))
    g_value_unset (&bound->loaded);
}

/**
 * pg_range_unref:
 * @self: (transfer full): a #PgRange
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_range_unref (PgRange *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  clear_bound (&self->lower);
  clear_bound (&self->upper);
  g_free (self);
}

gboolean
pg_range_append (const PgRange *self, GString *text)
{
  const PgRangeBound *bounds[] = { &self->lower, &self->upper };

  if (self->empty)
    {
      g_string_append (text, "empty");
      return TRUE;
    }
  g_string_append_c (text, self->lower.inclusive ? '[' : '(');
  for (guint i = 0; i < 2; i++)
    {
      if (i == 1)
        g_string_append_c (text, ',');
      if (bounds[i]->text != NULL && !pg_quoted_append (text, bounds[i]->text, "()[],"))
        return FALSE;
    }
  g_string_append_c (text, self->upper.inclusive ? ']' : ')');
  return TRUE;
}

/**
 * pg_range_to_string:
 * @self: a #PgRange
 *
 * Gets the text that PostgreSQL shows for the range.
 *
 * See [func@Range.parse] for its form.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_range_to_string (const PgRange *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  pg_range_append (self, text);
  return g_string_free (text, FALSE);
}

/**
 * pg_range_get_element_type:
 * @self: a #PgRange
 *
 * Gets the type of the bounds.
 *
 * Returns: its OID
 *
 * Since: 1.0
 */
guint
pg_range_get_element_type (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->element_type;
}

/**
 * pg_range_is_empty:
 * @self: a #PgRange
 *
 * Gets whether this is `empty`.
 *
 * One like `(1,1)`, which PostgreSQL makes `empty`, is not.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_range_is_empty (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->empty;
}

/**
 * pg_range_get_lower:
 * @self: a #PgRange
 *
 * Gets the exact text of the lower bound. A date or time is in the form of the `DateStyle` ISO, whichever the session has.
 *
 * Returns: (transfer none) (nullable): the text, or `NULL` if the range has no lower bound or is empty
 *
 * Since: 1.0
 */
const char *
pg_range_get_lower (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->lower.text;
}

/**
 * pg_range_get_upper:
 * @self: a #PgRange
 *
 * Gets the exact text of the upper bound. A date or time is in the form of the `DateStyle` ISO, whichever the session has.
 *
 * Returns: (transfer none) (nullable): the text, or `NULL` if the range has no upper bound or is empty
 *
 * Since: 1.0
 */
const char *
pg_range_get_upper (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->upper.text;
}

static void
get_value (const PgRangeBound *bound, GValue *value)
{
  const GValue *source = G_IS_VALUE (&bound->loaded) ? &bound->loaded : &bound->value;

  g_value_init (value, bound->text != NULL ? G_VALUE_TYPE (source) : G_TYPE_STRING);
  if (bound->text != NULL)
    g_value_copy (source, value);
}

/**
 * pg_range_has_loader:
 * @self: a #PgRange
 *
 * Gets whether [method@Range.get_lower_value] and its twin give what a loader has made of the bounds, or of something in them: see
 * [class@AdaptersMap].
 *
 * Bounds of an enum that is one of GObject count as such.
 *
 * Returns: `TRUE` if so; `FALSE` if not, or if there are no bounds
 *
 * Since: 1.0
 */
gboolean
pg_range_has_loader (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return G_IS_VALUE (&self->lower.loaded) || G_IS_VALUE (&self->upper.loaded);
}

/**
 * pg_range_get_lower_value:
 * @self: a #PgRange
 * @value: (out caller-allocates): where the bound is stored; in C, `G_VALUE_INIT`
 *
 * Gets the lower bound in the type that [method@Result.get_value] has for the element type.
 *
 * No bound is a string that is `NULL`: `None` in Python, `null` in JavaScript.
 *
 * Since: 1.0
 */
void
pg_range_get_lower_value (const PgRange *self, GValue *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID);

  get_value (&self->lower, value);
}

/**
 * pg_range_get_upper_value:
 * @self: a #PgRange
 * @value: (out caller-allocates): where the bound is stored; in C, `G_VALUE_INIT`
 *
 * Gets the upper bound in the type that [method@Result.get_value] has for the element type.
 *
 * No bound is a string that is `NULL`: `None` in Python, `null` in JavaScript.
 *
 * Since: 1.0
 */
void
pg_range_get_upper_value (const PgRange *self, GValue *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID);

  get_value (&self->upper, value);
}

/**
 * pg_range_is_lower_inclusive:
 * @self: a #PgRange
 *
 * Gets whether the lower bound is in the range.
 *
 * Returns: `TRUE` if it is; `FALSE` if not, or if there is none
 *
 * Since: 1.0
 */
gboolean
pg_range_is_lower_inclusive (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->lower.inclusive;
}

/**
 * pg_range_is_upper_inclusive:
 * @self: a #PgRange
 *
 * Gets whether the upper bound is in the range.
 *
 * Returns: `TRUE` if it is; `FALSE` if not, or if there is none
 *
 * Since: 1.0
 */
gboolean
pg_range_is_upper_inclusive (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->upper.inclusive;
}
