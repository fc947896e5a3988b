/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* Everything that can be had of one value. */
typedef struct
{
  gboolean has_boolean, has_integer, has_number, has_value;
  gboolean boolean;
  gint64 integer;
  double number;
  char *numeric, *date, *timestamp, *text;
  GBytes *bytes;
  GVariant *variant;
  GValue value;
} PgFuzzForms;

void pg_fuzz_forms_clear (PgFuzzForms *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgFuzzForms, pg_fuzz_forms_clear)

/* The value with these bytes: a copy of exactly their length, so that AddressSanitizer sees the first byte too much. Free data. */
PgWireValue pg_fuzz_copy_wire (const PgWireValue *wire, gconstpointer data, gsize length);

/* Reads all forms into forms, which are all zeros: each is sound, or an error that says why not. */
void pg_fuzz_read_forms (const PgWireValue *wire, PgFuzzForms *forms);

/* ... of one of PostgreSQL's own types: they agree with each other, with those of its text, with those of a column, and with what is sent for it. */
void pg_fuzz_check_value (const PgWireValue *wire, PgFuzzForms *forms);

/* An order is one from both sides, and what is equal has the same hash. */
void pg_fuzz_check_order (const GValue *a, const GValue *b);

G_END_DECLS
