/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-float-private.h>

/* Arrays of numbers of one dimension, which may be long: without an item or a GValue for each element. As array_send() writes them: the
 * number of dimensions, a flag for NULLs, the element type, each dimension's size and lower bound, then a length before each element. */

#define WIRE_HEADER 20

static gsize
source_size (char source)
{
  return source == 'b' || source == 'i' ? 4 : 8;
}

static gsize
wire_size (guint32 type)
{
  switch (type)
    {
    case PG_OID_BOOL:
      return 1;
    case PG_OID_INT2:
      return 2;
    case PG_OID_INT4:
      return 4;
    default:
      return 8;
    }
}

guint32
pg_fixed_array_type (char source,
                     gconstpointer values,
                     gsize n)
{
  gint64 least = 0, greatest = 0;

  for (gsize i = 0; i < n; i++)
    {
      gint64 value = source == 'x' ? ((const gint64 *) values)[i] : ((const gint32 *) values)[i];

      least = MIN (least, value);
      greatest = MAX (greatest, value);
    }
  return pg_wire_integer_type (MAX (greatest, -1 - least));
}

static void
put_text (GString *out,
          const PgParam *param,
          gconstpointer data,
          gsize i)
{
  g_autofree char *text = NULL;

  switch (param->source)
    {
    case 'b':
      g_string_append_c (out, ((const gboolean *) data)[i] ? 't' : 'f');
      break;
    case 'i':
      g_string_append_printf (out, "%d", ((const gint32 *) data)[i]);
      break;
    case 'x':
      g_string_append_printf (out, "%" G_GINT64_FORMAT, ((const gint64 *) data)[i]);
      break;
    default:
      text = pg_float8_to_string (((const double *) data)[i]);
      g_string_append (out, text);
      break;
    }
}

/* Of a double they are the bits. */
static guint64
get_bits (const PgParam *param,
          gconstpointer data,
          gsize i)
{
  switch (param->source)
    {
    case 'b':
      return ((const gboolean *) data)[i] ? 1 : 0;
    case 'i':
      return (guint64) (gint64) ((const gint32 *) data)[i];
    default:
      return ((const guint64 *) data)[i];
    }
}

gboolean
pg_fixed_array_encode (const PgParam *param,
                       PgFormat format,
                       GString *out,
                       GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (param->value.bytes, &size);
  const gsize n = size / source_size (param->source);
  const gsize each = wire_size (param->type);
  const guint64 length = WIRE_HEADER + (guint64) n * (4 + each);
  const gint32 dimension = (gint32) MIN (n, (gsize) G_MAXINT32);
  PgArrayWriter writer;

  if (length >= PG_MAX_MESSAGE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value is too large: %zu bytes"), (gsize) MIN (length, G_MAXSIZE));
      return FALSE;
    }

  if (format == PG_FORMAT_TEXT)
    {
      g_string_append_c (out, '{');
      for (gsize i = 0; i < n; i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          put_text (out, param, data, i);
        }
      g_string_append_c (out, '}');
      return TRUE;
    }

  pg_array_writer_begin (&writer, NULL, out, param->type, format, n > 0 ? 1 : 0, &dimension, NULL);
  if (n > 0)
    {
      guint8 *at;

      g_string_set_size (out, (gsize) length);
      at = (guint8 *) out->str + WIRE_HEADER;
      for (gsize i = 0; i < n; i++)
        {
          guint64 bits = get_bits (param, data, i);

          at[0] = at[1] = at[2] = 0;
          at[3] = (guint8) each;
          at += 4;
          for (gsize k = each; k > 0; k--, bits >>= 8)
            at[k - 1] = (guint8) bits;
          at += each;
        }
    }
  pg_array_writer_end (&writer);
  return TRUE;
}
