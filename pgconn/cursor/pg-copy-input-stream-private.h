/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-copy-parser-private.h"
#include "pg-copy-private.h"

G_BEGIN_DECLS

struct _PgCopyInputStream
{
  GInputStream parent_instance;
  PgCopy copy;
  PgCopyParser *parser; /* made with the first row that is asked for */
  GByteArray *ahead;    /* read, and in no row yet */
  gsize position;       /* in it */
  gsize length;         /* of it */
  gboolean raw;         /* bytes were read: where a row begins nobody knows */
  gboolean ended;
  GError *error;        /* of the rows */
};

gboolean pg_copy_input_stream_check (PgCopyInputStream *self, GError **error);

G_END_DECLS
