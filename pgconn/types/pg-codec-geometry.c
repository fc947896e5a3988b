/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-point-private.h>

/* All are made of float8. Their text has the shortest form of each, as that of float8 has. */
#define NUMBER 8
#define POINT (2 * NUMBER)

static double
get_number (const guint8 *data)
{
  return pg_float8_from_bits (pg_wire_get_uint64 (data));
}

static void
append_number (GString *text, const guint8 *data)
{
  g_autofree char *number = pg_float8_to_string (get_number (data));

  g_string_append (text, number);
}

/* "(x,y),(x,y)" */
static void
append_points (GString *text, const guint8 *data, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_string_append (text, i == 0 ? "(" : ",(");
      append_number (text, data + i * POINT);
      g_string_append_c (text, ',');
      append_number (text, data + i * POINT + NUMBER);
      g_string_append_c (text, ')');
    }
}

/* point */

static gpointer
point_to_boxed (const PgWireValue *value, GError **error)
{
  PgPoint *point;

  if (value->format == PG_FORMAT_BINARY)
    {
      if (!pg_codec_check_length (value, POINT, error))
        return NULL;
      return pg_point_new (get_number (value->data), get_number (value->data + NUMBER));
    }
  point = pg_point_scan ((const char *) value->data, value->length);
  if (point == NULL)
    pg_codec_fail (value, _("it is not in the form (x,y)"), error);
  return point;
}

static char *
point_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgPoint) point = point_to_boxed (value, error);

  return point != NULL ? pg_point_to_string (point) : NULL;
}

const PgCodecOps pg_codec_ops_point = {
  .get_value_type = pg_point_get_type,
  .variant_type = "s",
  .to_boxed = point_to_boxed,
  .binary_to_text = point_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode = pg_encode_point,
};

/* lseg, box: two points */

static char *
two_points_to_text (const PgWireValue *value, const char *before, const char *after, GError **error)
{
  GString *text;

  if (!pg_codec_check_length (value, 2 * POINT, error))
    return NULL;
  text = g_string_new (before);
  append_points (text, value->data, 2);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static char *
lseg_binary_to_text (const PgWireValue *value, GError **error)
{
  return two_points_to_text (value, "[", "]", error);
}

static char *
box_binary_to_text (const PgWireValue *value, GError **error)
{
  return two_points_to_text (value, "", "", error);
}

/* line: A, B and C of Ax + By + C = 0 */

static char *
line_binary_to_text (const PgWireValue *value, GError **error)
{
  GString *text;

  if (!pg_codec_check_length (value, 3 * NUMBER, error))
    return NULL;
  text = g_string_new ("{");
  for (gsize i = 0; i < 3; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_number (text, value->data + i * NUMBER);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* circle: the centre and the radius */

static char *
circle_binary_to_text (const PgWireValue *value, GError **error)
{
  GString *text;

  if (!pg_codec_check_length (value, POINT + NUMBER, error))
    return NULL;
  text = g_string_new ("<");
  append_points (text, value->data, 1);
  g_string_append_c (text, ',');
  append_number (text, value->data + POINT);
  g_string_append_c (text, '>');
  return g_string_free (text, FALSE);
}

/* path: whether it is closed, the number of points, and these; polygon: the same without the first */

static char *
count_and_points_to_text (const PgWireValue *value, gsize header, gboolean closed, GError **error)
{
  const guint8 *data = value->data + header;
  gsize left;
  GString *text;

  if (value->length < header + 4)
    {
      pg_codec_fail (value, _("its length is wrong"), error);
      return NULL;
    }
  left = value->length - header - 4;
  if (left % POINT != 0 || left / POINT != pg_wire_get_uint32 (data) || left == 0)
    {
      pg_codec_fail (value, _("the number of its points is wrong"), error);
      return NULL;
    }
  text = g_string_new (closed ? "(" : "[");
  append_points (text, data + 4, left / POINT);
  g_string_append_c (text, closed ? ')' : ']');
  return g_string_free (text, FALSE);
}

static char *
path_binary_to_text (const PgWireValue *value, GError **error)
{
  if (value->length < 1 || value->data[0] > 1)
    {
      pg_codec_fail (value, _("it is neither open nor closed"), error);
      return NULL;
    }
  return count_and_points_to_text (value, 1, value->data[0] == 1, error);
}

static char *
polygon_binary_to_text (const PgWireValue *value, GError **error)
{
  return count_and_points_to_text (value, 0, TRUE, error);
}

#define TEXT_OPS(name)                         \
  const PgCodecOps pg_codec_ops_##name = {     \
    .variant_type = "s",                       \
    .binary_to_text = name##_binary_to_text,   \
    .encode = pg_encode_shape,                 \
  }

TEXT_OPS (lseg);
TEXT_OPS (box);
TEXT_OPS (line);
TEXT_OPS (circle);
TEXT_OPS (path);
TEXT_OPS (polygon);
