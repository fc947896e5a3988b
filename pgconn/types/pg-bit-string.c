/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-bit-string-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>

/**
 * PgBitString:
 *
 * A value of PostgreSQL's types `bit` and `bit varying`: any number of bits.
 *
 * A `PgBitString` never changes and may be used from several threads.
 *
 * See "Bit String Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgBitString
{
  gatomicrefcount ref_count;
  gsize length;  /* in bits */
  GBytes *bytes; /* the first bit is the highest one of the first byte; those after the last are zero */
};

PG_DEFINE_BOXED_TYPE (PgBitString, pg_bit_string)

static gsize
count_bytes (gsize length)
{
  return length / 8 + (length % 8 != 0);
}

static PgBitString *
make (GBytes *bytes, gsize length)
{
  PgBitString *self = g_new (PgBitString, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->length = length;
  self->bytes = bytes;
  return self;
}

static gboolean
has_padding_of_zeros (const guint8 *data, gsize length)
{
  return length % 8 == 0 || (data[length / 8] & 0xff >> length % 8) == 0;
}

PgBitString *
pg_bit_string_make (const guint8 *data, gsize length, const char **reason)
{
  if (!has_padding_of_zeros (data, length))
    {
      *reason = _("there are bits set after its end");
      return NULL;
    }
  return make (g_bytes_new (data, count_bytes (length)), length);
}

PgBitString *
pg_bit_string_scan (const char *text, gsize length, const char **reason)
{
  gsize n = count_bytes (length);
  g_autofree guint8 *data = g_malloc0 (n + 1);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] != '0' && text[i] != '1')
        {
          *reason = _("there is something that is neither 0 nor 1");
          return NULL;
        }
      if (text[i] == '1')
        data[i / 8] |= (guint8) (0x80 >> i % 8);
    }
  return make (g_bytes_new_take (g_steal_pointer (&data), n), length);
}

/**
 * pg_bit_string_parse:
 * @text: characters `0` and `1`
 * @error: return location for a #GError
 *
 * Reads bits from their text.
 *
 * Returns: (transfer full): the bits, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgBitString *
pg_bit_string_parse (const char *text, GError **error)
{
  const char *reason = NULL;
  PgBitString *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = pg_bit_string_scan (text, strlen (text), &reason);
  if (self == NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a bit string: %s"), reason);
  return self;
}

/**
 * pg_bit_string_new:
 * @bytes: eight bits a byte, of which the first is the highest
 * @length: the number of bits
 * @error: return location for a #GError
 *
 * Makes a bit string of bytes.
 *
 * The bits that the last byte has after the end have to be zero.
 *
 * Returns: (transfer full): the bits, or `NULL` with `PG_ERROR_DATA` if @bytes are not what @length bits need
 *
 * Since: 1.0
 */
PgBitString *
pg_bit_string_new (GBytes *bytes, gsize length, GError **error)
{
  gsize n;
  const guint8 *data;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &n);
  if (n != count_bytes (length) || !has_padding_of_zeros (data, length))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The bytes are not what so many bits need"));
      return NULL;
    }
  return make (g_bytes_ref (bytes), length);
}

/**
 * pg_bit_string_ref:
 * @self: a #PgBitString
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgBitString *
pg_bit_string_ref (PgBitString *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_bit_string_unref:
 * @self: (transfer full): a #PgBitString
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_bit_string_unref (PgBitString *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * pg_bit_string_to_string:
 * @self: a #PgBitString
 *
 * Gets the text that PostgreSQL shows for the bits: a `0` or `1` for each.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_bit_string_to_string (const PgBitString *self)
{
  const guint8 *data;
  char *text;

  g_return_val_if_fail (self != NULL, NULL);

  data = g_bytes_get_data (self->bytes, NULL);
  text = g_malloc (self->length + 1);
  for (gsize i = 0; i < self->length; i++)
    text[i] = (data[i / 8] & 0x80 >> i % 8) != 0 ? '1' : '0';
  text[self->length] = '\0';
  return text;
}

/**
 * pg_bit_string_get_length:
 * @self: a #PgBitString
 *
 * Gets the number of bits.
 *
 * Returns: the number of bits
 *
 * Since: 1.0
 */
gsize
pg_bit_string_get_length (const PgBitString *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

/**
 * pg_bit_string_get_bit:
 * @self: a #PgBitString
 * @position: the position of a bit, from 0
 *
 * Gets one bit.
 *
 * Returns: `TRUE` if it is 1; `FALSE` if it is 0, or if there is none at the position
 *
 * Since: 1.0
 */
gboolean
pg_bit_string_get_bit (const PgBitString *self, gsize position)
{
  const guint8 *data;

  g_return_val_if_fail (self != NULL, FALSE);

  data = g_bytes_get_data (self->bytes, NULL);
  return position < self->length && (data[position / 8] & 0x80 >> position % 8) != 0;
}

/**
 * pg_bit_string_get_bytes:
 * @self: a #PgBitString
 *
 * Gets the bits as bytes, in the form of [ctor@BitString.new].
 *
 * Returns: (transfer none): the bytes
 *
 * Since: 1.0
 */
GBytes *
pg_bit_string_get_bytes (const PgBitString *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * pg_bit_string_compare:
 * @a: a #PgBitString
 * @b: another
 *
 * Compares two bit strings by PostgreSQL's order.
 *
 * The first bit that differs decides; where there is none, the shorter one is first.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_bit_string_compare (const PgBitString *a, const PgBitString *b)
{
  int order;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  order = g_bytes_compare (a->bytes, b->bytes);
  if (order != 0)
    return order;
  return (a->length > b->length) - (a->length < b->length);
}

/**
 * pg_bit_string_equal:
 * @a: a #PgBitString
 * @b: another
 *
 * Gets whether two strings are the same, as [method@BitString.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_bit_string_equal (const PgBitString *a, const PgBitString *b)
{
  return pg_bit_string_compare (a, b) == 0;
}

/**
 * pg_bit_string_hash:
 * @self: a #PgBitString
 *
 * Gets a hash value, which is the same for equal bit strings.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_bit_string_hash (const PgBitString *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_bytes_hash (self->bytes) + (guint) self->length;
}
