/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/sql/pg-query-private.h>

G_BEGIN_DECLS

/* The protocol counts parameters in 16 bits. */
#define PG_MAX_PARAMS 65535

/* The server reads no message of 1 GiB or more (MaxAllocSize), and libpq has wrapped sizes beyond it (CVE-2025-12818). */
#define PG_MAX_MESSAGE ((gsize) 0x3fffffff)

typedef enum
{
  PG_PLACEHOLDERS_NONE,
  PG_PLACEHOLDERS_NATIVE,      /* $1 */
  PG_PLACEHOLDERS_POSITIONAL,  /* %s */
  PG_PLACEHOLDERS_NAMED,       /* %(name)s */
} PgPlaceholderStyle;

/* What a placeholder asks for. */
typedef enum
{
  PG_REQUEST_AUTO,    /* $1, %s */
  PG_REQUEST_TEXT,    /* %t */
  PG_REQUEST_BINARY,  /* %b */
} PgFormatRequest;

struct _PgQuery
{
  gatomicrefcount ref_count;

  /* The key in the cache. */
  char *text;
  gsize length;
  guint hash;
  gboolean with_params;
  GList link;

  char *sql;  /* text itself if nothing was replaced */
  gsize sql_length;
  PgQueryFlags flags;
  PgPlaceholderStyle style;
  /* Something that looks like a placeholder was seen inside quotes. */
  gboolean quoted_placeholder;
  guint n_params;
  guint8 *requests;   /* PgFormatRequest per parameter, NULL if all are AUTO */
  char **casts;       /* n_params names of types, as pg_type_table_get_oid() has them, or NULL where there is none; NULL if all are */
  char **names;       /* n_params names, NULL unless NAMED */
  GHashTable *index;  /* name -> parameter number from 1, NULL unless NAMED */
  GVariant *types;    /* an empty array of what the first parameters were a value of, or NULL; atomic */
};

/* Scans; knows no cache. */
PgQuery *pg_query_parse (const char *text, gsize length, gboolean with_params, GError **error);

/* The name of the type that the placeholder from from to to is cast to, as pg_type_table_get_oid() has it; NULL for none. text ends with a zero byte. */
char *pg_query_read_cast (const char *text, gsize from, gsize to);

/* Puts the name or the number of a parameter before the message of an error. */
void pg_query_name_parameter (PgQuery *self, guint index, GError **error);

/* It was put into the cache, and is likely to be used again. */
gboolean pg_query_is_cached (PgQuery *self);
/* For the test that the cache is bounded. */
guint pg_query_cache_get_n_entries (void);

G_END_DECLS
