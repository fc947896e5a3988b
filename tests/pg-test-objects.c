/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-objects.h"

#include "pg-test-raw-result.h"
#include <pgconn/result/pg-result-private.h>

static GType
mood_get_type (void)
{
  static GType type;
  static const GEnumValue values[] = { { MOOD_SAD, "MOOD_SAD", "sad" }, { MOOD_VERY_GLAD, "MOOD_VERY_GLAD", "very-glad" }, { 0 } };

  if (type == 0)
    type = g_enum_register_static ("TestMood", values);
  return type;
}

static GType
style_get_type (void)
{
  static GType type;
  static const GFlagsValue values[] = { { STYLE_BOLD, "STYLE_BOLD", "bold" }, { STYLE_VERY_WIDE, "STYLE_VERY_WIDE", "very-wide" }, { 0 } };

  if (type == 0)
    type = g_flags_register_static ("TestStyle", values);
  return type;
}

G_DEFINE_FINAL_TYPE (TestPoint, test_point, G_TYPE_OBJECT)

enum
{
  POINT_X = 1,
  POINT_LABEL,
  POINT_DOUBLED,
  POINT_NEXT,
  N_POINT_PROPS
};

static void
test_point_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TestPoint *self = TEST_POINT (object);

  if (id == POINT_X)
    g_value_set_int (value, self->x);
  else if (id == POINT_LABEL)
    g_value_set_string (value, self->label);
  else if (id == POINT_DOUBLED)
    g_value_set_int (value, 2 * self->x);
  else
    g_value_set_object (value, self->next);
}

static void
test_point_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TestPoint *self = TEST_POINT (object);

  if (id == POINT_X)
    self->x = g_value_get_int (value);
  else if (id == POINT_LABEL)
    self->label = g_value_dup_string (value);
  else
    self->next = g_value_dup_object (value);
}

static void
test_point_finalize (GObject *object)
{
  g_free (TEST_POINT (object)->label);
  g_clear_object (&TEST_POINT (object)->next);
  G_OBJECT_CLASS (test_point_parent_class)->finalize (object);
}

static void
test_point_class_init (TestPointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_point_get_property;
  object_class->set_property = test_point_set_property;
  object_class->finalize = test_point_finalize;
  g_object_class_install_property (object_class, POINT_X, g_param_spec_int ("x", NULL, NULL, -1000, 1000, 7, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, POINT_LABEL,
                                   g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY));
  g_object_class_install_property (object_class, POINT_DOUBLED, g_param_spec_int ("doubled", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READABLE));
  g_object_class_install_property (object_class, POINT_NEXT, g_param_spec_object ("next", NULL, NULL, TEST_TYPE_POINT, G_PARAM_READWRITE));
}

static void
test_point_init (TestPoint *self)
{
  self->x = 7;
}

#define N_THING_PROPS 31

struct _TestThing
{
  GObject parent_instance;
  GValue values[N_THING_PROPS];
};

G_DEFINE_FINAL_TYPE (TestThing, test_thing, G_TYPE_OBJECT)

static void
test_thing_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (G_VALUE_TYPE (&TEST_THING (object)->values[id]) != G_TYPE_INVALID)
    g_value_copy (&TEST_THING (object)->values[id], value);
}

static void
test_thing_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GValue *own = &TEST_THING (object)->values[id];

  if (G_VALUE_TYPE (own) == G_TYPE_INVALID)
    g_value_init (own, G_VALUE_TYPE (value));
  g_value_copy (value, own);
}

static void
test_thing_finalize (GObject *object)
{
  for (guint i = 0; i < N_THING_PROPS; i++)
    if (G_VALUE_TYPE (&TEST_THING (object)->values[i]) != G_TYPE_INVALID)
      g_value_unset (&TEST_THING (object)->values[i]);
  G_OBJECT_CLASS (test_thing_parent_class)->finalize (object);
}

static void
test_thing_class_init (TestThingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  guint id = 1;

  object_class->get_property = test_thing_get_property;
  object_class->set_property = test_thing_set_property;
  object_class->finalize = test_thing_finalize;
#define INSTALL(pspec) g_object_class_install_property (object_class, id++, (pspec))
  INSTALL (g_param_spec_boolean ("boolean", NULL, NULL, FALSE, flags));
  INSTALL (g_param_spec_char ("char", NULL, NULL, G_MININT8, G_MAXINT8, 0, flags));
  INSTALL (g_param_spec_uchar ("uchar", NULL, NULL, 0, G_MAXUINT8, 0, flags));
  INSTALL (g_param_spec_int ("int", NULL, NULL, G_MININT, G_MAXINT, 0, flags));
  INSTALL (g_param_spec_uint ("uint", NULL, NULL, 0, G_MAXUINT, 0, flags));
  INSTALL (g_param_spec_long ("long", NULL, NULL, G_MINLONG, G_MAXLONG, 0, flags));
  INSTALL (g_param_spec_ulong ("ulong", NULL, NULL, 0, G_MAXULONG, 0, flags));
  INSTALL (g_param_spec_int64 ("int64", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags));
  INSTALL (g_param_spec_uint64 ("uint64", NULL, NULL, 0, G_MAXUINT64, 0, flags));
  INSTALL (g_param_spec_float ("float", NULL, NULL, -G_MAXFLOAT, G_MAXFLOAT, 0, flags));
  INSTALL (g_param_spec_double ("double", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags));
  INSTALL (g_param_spec_double ("lax", NULL, NULL, 0, 1, 0, flags | G_PARAM_LAX_VALIDATION));
  INSTALL (g_param_spec_string ("string", NULL, NULL, NULL, flags));
  INSTALL (g_param_spec_string ("two-words", NULL, NULL, NULL, flags));
  INSTALL (g_param_spec_enum ("mood", NULL, NULL, mood_get_type (), MOOD_SAD, flags));
  INSTALL (g_param_spec_flags ("style", NULL, NULL, style_get_type (), 0, flags));
  INSTALL (g_param_spec_boxed ("strv", NULL, NULL, G_TYPE_STRV, flags));
  INSTALL (g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES, flags));
  INSTALL (g_param_spec_boxed ("date-time", NULL, NULL, G_TYPE_DATE_TIME, flags));
  INSTALL (g_param_spec_boxed ("date", NULL, NULL, G_TYPE_DATE, flags));
  INSTALL (g_param_spec_boxed ("numeric", NULL, NULL, PG_TYPE_NUMERIC, flags));
  INSTALL (g_param_spec_boxed ("pg-date", NULL, NULL, PG_TYPE_DATE, flags));
  INSTALL (g_param_spec_boxed ("timestamp", NULL, NULL, PG_TYPE_TIMESTAMP, flags));
  INSTALL (g_param_spec_boxed ("interval", NULL, NULL, PG_TYPE_INTERVAL, flags));
  INSTALL (g_param_spec_boxed ("record", NULL, NULL, PG_TYPE_RECORD, flags));
  INSTALL (g_param_spec_variant ("variant", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, flags));
  INSTALL (g_param_spec_object ("point", NULL, NULL, TEST_TYPE_POINT, flags));
  INSTALL (g_param_spec_object ("points", NULL, NULL, G_TYPE_LIST_MODEL, flags));
  INSTALL (g_param_spec_object ("any", NULL, NULL, G_TYPE_OBJECT, flags));
  INSTALL (g_param_spec_pointer ("pointer", NULL, NULL, flags));
#undef INSTALL
  g_assert_cmpuint (id, ==, N_THING_PROPS);
}

static void
test_thing_init (TestThing *self)
{
}

PgResult *
pg_test_result_of (const char *name, guint32 oid, const char *text)
{
  PgTestColumn column = { name, oid, -1, -1, PG_FORMAT_TEXT, 0, 0 };
  PgTestCell cell = { text, -1 };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (&column, 1, &cell, 1);

  return pg_result_new (raw, NULL);
}

PgResult *
pg_test_points_new (const char *third)
{
  PgTestColumn columns[] = { { "label", PG_OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 }, { "x", PG_OID_INT8, -1, 8, PG_FORMAT_TEXT, 0, 0 } };
  PgTestCell cells[] = { PG_TEST_TEXT ("a"), PG_TEST_TEXT ("1"), PG_TEST_NULL, PG_TEST_TEXT ("-2"), PG_TEST_TEXT ("c"), { third, -1 } };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (columns, 2, cells, 3);

  return pg_result_new (raw, NULL);
}

TestThing *
pg_test_thing_of (const char *name, guint32 oid, const char *text, GError **error)
{
  g_autoptr (PgResult) result = pg_test_result_of (name, oid, text);
  g_autoptr (GPtrArray) things = pg_result_to_objects (result, TEST_TYPE_THING, error);

  if (things == NULL)
    return NULL;
  g_assert_cmpuint (things->len, ==, 1);
  return g_object_ref (g_ptr_array_index (things, 0));
}
