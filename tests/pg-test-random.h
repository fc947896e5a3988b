/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The OID of a type that the test makes in its database. */
#define PG_TEST_MADE G_MAXUINT32

/* A type whose values can be made up. */
typedef struct
{
  guint32 oid;
  const char *name; /* as SQL has it */
  /* Appends the text of a value, as somebody may write it, not as the server does. */
  void (*append) (GString *text);
  guint32 array; /* the OID of its array type; 0: none that is tried */
  char delimiter;
} PgTestRandomType;

/* What makes those types. */
#define PG_TEST_MAKE_TYPES \
  "CREATE TYPE mood AS ENUM ('sad', 'o k', 'a,b', '\"q\"', '\\', 'ünï', 'NULL', '{}');" \
  "CREATE DOMAIN price AS numeric CHECK (VALUE <> 0.12345);" \
  "CREATE TYPE textrange AS RANGE (subtype = text, collation = \"C\");" \
  "CREATE TYPE composite AS (a int4, b text, c numeric, d timestamptz, e int4range, f text[]);" \
  "CREATE EXTENSION hstore;" \
  "CREATE TYPE nested AS (c composite, m mood[], h hstore, p price, b box[], hs hstore[], cs composite[])"

/* By g_test_rand: with the same seed the same. */
extern const PgTestRandomType pg_test_random_types[];
extern const guint pg_test_n_random_types;

void pg_test_random_append_array (GString *text, const PgTestRandomType *element, guint max_dimensions);

/* One of a fixed list. */
#define pg_test_random_pick(array) ((array)[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (array))])

/* Each is one of n times out. */
gboolean pg_test_random_chance (guint n);

G_END_DECLS
