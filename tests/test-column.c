/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include "pg-test-raw-result.h"
#include <pgconn/result/pg-column-private.h>

#define OID_INT4 23
#define OID_OWN 16402

typedef struct
{
  guint32 type;
  gint32 modifier;
  const char *display;
  int display_size;
  int precision;
  gboolean has_scale;
  int scale;
} ModifierCase;

/* As a server computes it from numeric(p,s). */
#define NUMERIC_MODIFIER(p, s) ((((p) << 16) | ((s) & 0x7ff)) + 4)

static const ModifierCase modifier_cases[] = {
  { 23, -1, "int4", -1, -1, FALSE, 0 },
  { 1007, -1, "int4[]", -1, -1, FALSE, 0 },
  { 25, -1, "text", -1, -1, FALSE, 0 },
  { 1700, -1, "numeric", -1, -1, FALSE, 0 },
  { 1700, NUMERIC_MODIFIER (10, 2), "numeric(10,2)", -1, 10, TRUE, 2 },
  { 1700, NUMERIC_MODIFIER (10, 0), "numeric(10,0)", -1, 10, TRUE, 0 },
  { 1700, NUMERIC_MODIFIER (3, -2), "numeric(3,-2)", -1, 3, TRUE, -2 },
  { 1700, NUMERIC_MODIFIER (1000, 1000), "numeric(1000,1000)", -1, 1000, TRUE, 1000 },
  { 1700, NUMERIC_MODIFIER (1000, -1000), "numeric(1000,-1000)", -1, 1000, TRUE, -1000 },
  { 1700, 3, "numeric", -1, -1, FALSE, 0 },
  { 1231, NUMERIC_MODIFIER (10, 2), "numeric(10,2)[]", -1, 10, TRUE, 2 },
  { 1043, -1, "varchar", -1, -1, FALSE, 0 },
  { 1043, 24, "varchar(20)", 20, -1, FALSE, 0 },
  { 1043, 3, "varchar", -1, -1, FALSE, 0 },
  { 1015, 24, "varchar(20)[]", 20, -1, FALSE, 0 },
  { 1042, 5, "bpchar(1)", 1, -1, FALSE, 0 },
  { 1560, 5, "bit(5)", 5, -1, FALSE, 0 },
  { 1562, 7, "varbit(7)", 7, -1, FALSE, 0 },
  { 1562, -1, "varbit", -1, -1, FALSE, 0 },
  { 1083, 0, "time(0)", -1, 0, FALSE, 0 },
  { 1266, 6, "timetz(6)", -1, 6, FALSE, 0 },
  { 1114, 3, "timestamp(3)", -1, 3, FALSE, 0 },
  { 1184, 3, "timestamptz(3)", -1, 3, FALSE, 0 },
  { 1184, -1, "timestamptz", -1, -1, FALSE, 0 },
  { 1186, 0x7fff0003, "interval(3)", -1, 3, FALSE, 0 },
  { 1186, 0x0408ffff, "interval", -1, -1, FALSE, 0 },
  { 23, 12, "int4", -1, -1, FALSE, 0 },
  { 1043, G_MININT32, "varchar", -1, -1, FALSE, 0 },
  { 1700, G_MAXINT32, "numeric(32767,-5)", -1, 32767, TRUE, -5 },
  { OID_OWN, -1, "16402", -1, -1, FALSE, 0 },
  { OID_OWN, 8, "16402", -1, -1, FALSE, 0 },
  { G_MAXUINT32, -1, "4294967295", -1, -1, FALSE, 0 },
  { 0, -1, "0", -1, -1, FALSE, 0 },
};

static void
test_type_modifier (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (modifier_cases); i++)
    {
      const ModifierCase *c = &modifier_cases[i];
      PgTestColumn description = { "c", c->type, c->modifier, -1, PG_FORMAT_TEXT, 0, 0 };
      g_autoptr (PgRawResult) raw = pg_test_raw_result_new (&description, 1, NULL, 0);
      g_autoptr (PgColumn) column = pg_column_new (raw, 0, NULL);

      g_assert_cmpstr (pg_column_get_type_display (column), ==, c->display);
      g_assert_cmpuint (pg_column_get_type_oid (column), ==, c->type);
      g_assert_cmpint (pg_column_get_type_modifier (column), ==, c->modifier);
      g_assert_cmpint (pg_column_get_display_size (column), ==, c->display_size);
      g_assert_cmpint (pg_column_get_precision (column), ==, c->precision);
      g_assert_cmpint (pg_column_has_scale (column), ==, c->has_scale);
      g_assert_cmpint (pg_column_get_scale (column), ==, c->scale);
    }
}

static void
test_origin (void)
{
  PgTestColumn descriptions[] = {
    { "id", OID_INT4, -1, 4, PG_FORMAT_BINARY, 16384, 3 },
    { "ctid", 27, -1, 6, PG_FORMAT_TEXT, 16384, -1 },
    { "?column?", 25, -1, -1, PG_FORMAT_TEXT, 0, 0 },
    { "cstring", 2275, -1, -2, PG_FORMAT_TEXT, 0, 0 },
  };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (descriptions, G_N_ELEMENTS (descriptions), NULL, 0);
  g_autoptr (PgColumn) id = pg_column_new (raw, 0, NULL);
  g_autoptr (PgColumn) ctid = pg_column_new (raw, 1, NULL);
  g_autoptr (PgColumn) expression = pg_column_new (raw, 2, NULL);
  g_autoptr (PgColumn) cstring = pg_column_new (raw, 3, NULL);

  g_assert_cmpstr (pg_column_get_name (id), ==, "id");
  g_assert_cmpuint (pg_column_get_table_oid (id), ==, 16384);
  g_assert_cmpint (pg_column_get_table_column (id), ==, 3);
  g_assert_cmpint (pg_column_get_internal_size (id), ==, 4);
  g_assert_cmpint (pg_column_get_format (id), ==, PG_FORMAT_BINARY);

  g_assert_cmpint (pg_column_get_table_column (ctid), ==, -1);
  g_assert_cmpint (pg_column_get_format (ctid), ==, PG_FORMAT_TEXT);

  g_assert_cmpstr (pg_column_get_name (expression), ==, "?column?");
  g_assert_cmpuint (pg_column_get_table_oid (expression), ==, 0);
  g_assert_cmpint (pg_column_get_table_column (expression), ==, 0);
  g_assert_cmpint (pg_column_get_internal_size (expression), ==, -1);
  g_assert_cmpint (pg_column_get_internal_size (cstring), ==, -1);
}

static void
test_boxed (void)
{
  PgTestColumn description = { "c", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (&description, 1, NULL, 0);
  PgColumn *column = pg_column_new (raw, 0, NULL);
  PgColumn *copy = g_boxed_copy (PG_TYPE_COLUMN, column);

  g_assert_true (copy == column);
  g_clear_pointer (&raw, pg_raw_result_unref);
  pg_column_unref (column);
  g_assert_cmpstr (pg_column_get_name (copy), ==, "c");
  g_boxed_free (PG_TYPE_COLUMN, copy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/column/type-modifier", test_type_modifier);
  g_test_add_func ("/pg/column/origin", test_origin);
  g_test_add_func ("/pg/column/boxed", test_boxed);

  return g_test_run ();
}
