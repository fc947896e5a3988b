/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A type whose values can be made up. */
typedef struct
{
  guint32 oid; /* 0: one that the test makes in its database */
  const char *name; /* as SQL has it */
  /* Appends the text of a value, as somebody may write it, not as the server does. */
  void (*append) (GString *text);
  guint32 array; /* the OID of its array type; 0: none that is tried */
  char delimiter;
} PgTestRandomType;

/* By g_test_rand: with the same seed the same. */
extern const PgTestRandomType pg_test_random_types[];
extern const guint pg_test_n_random_types;

void pg_test_random_append_array (GString *text, const PgTestRandomType *element);

/* One of a fixed list. */
#define pg_test_random_pick(array) ((array)[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (array))])

/* Each is one of n times out. */
gboolean pg_test_random_chance (guint n);

G_END_DECLS
