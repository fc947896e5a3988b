/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* Objects to be made of rows, which keep what they were given. */

typedef enum
{
  MOOD_SAD,
  MOOD_VERY_GLAD,
} Mood;

typedef enum
{
  STYLE_BOLD = 1 << 0,
  STYLE_VERY_WIDE = 1 << 1,
} Style;

/* x from -1000 to 1000, which is 7 at first; label, for the construction only; doubled, which cannot be written; next. */
#define TEST_TYPE_POINT (test_point_get_type ())
G_DECLARE_FINAL_TYPE (TestPoint, test_point, TEST, POINT, GObject)

struct _TestPoint
{
  GObject parent_instance;
  int x;
  char *label;
  TestPoint *next;
};

/* A property of each kind. */
#define TEST_TYPE_THING (test_thing_get_type ())
G_DECLARE_FINAL_TYPE (TestThing, test_thing, TEST, THING, GObject)

/* A result of one column and row, in text; SQL NULL where that is NULL. */
PgResult *pg_test_result_of (const char *name, guint32 oid, const char *text);
/* The row of that as an object. */
TestThing *pg_test_thing_of (const char *name, guint32 oid, const char *text, GError **error);
/* Three rows for points; the third one's x is given. */
PgResult *pg_test_points_new (const char *third);

G_END_DECLS
