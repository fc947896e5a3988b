/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/sql/pg-params.h>
#include <pgconn/sql/pg-wire-build-private.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* More arrays and records in each other are refused: each record doubles the quotes of those in it. */
#define PG_MAX_NESTING 16

typedef enum
{
  PG_PARAM_NULL,
  PG_PARAM_BOOLEAN,
  PG_PARAM_INTEGER,
  PG_PARAM_DOUBLE,
  PG_PARAM_TEXT,
  PG_PARAM_BYTES,
  PG_PARAM_VALUE,       /* a GValue of any other type that pg_codec_encode() takes */
  PG_PARAM_FIXED_ARRAY, /* numbers in the order of the machine */
  PG_PARAM_BINARY,      /* bytes in the binary form of the type */
  PG_PARAM_VARIANT,     /* never in a group */
  PG_PARAM_ARRAY,
  PG_PARAM_RECORD,
  PG_PARAM_DICTIONARY,
} PgParamKind;

typedef struct _PgParamGroup PgParamGroup;

typedef struct
{
  PgParamKind kind;
  char source;  /* of a fixed array: what its numbers are, as a GVariant has it: b i x d */
  guint32 type; /* of a fixed array: that of the elements; of an array, a record and a dictionary: in the group */
  char *name;   /* of a parameter, or the key of a value in a dictionary; else NULL */
  union
  {
    gint64 integer;
    double number;
    char *text; /* GRefString */
    GBytes *bytes;
    GVariant *variant;
    GValue value;
    PgParamGroup *group;
  } value;
} PgParam;

/* An array, a record or a dictionary. */
struct _PgParamGroup
{
  guint32 type; /* that of the elements, or that of the record or dictionary; 0: what they say themselves, or the place where it stands */
  GArray *items; /* PgParam */
};

struct _PgParams
{
  gatomicrefcount ref_count;
  GArray *params;
  GPtrArray *open; /* the arrays, records and dictionaries begun and not ended, the innermost last: PgParam.kind is that of open_kinds */
  GByteArray *open_kinds;
  char *key; /* of the next value of the dictionary that is open; else NULL */
  guint n_names;
  GError *error; /* the first */
  PgTypeTable *adapters;
};

void pg_param_clear (gpointer param);
GArray *pg_param_items_new (void);
/* Appends an array, a record or a dictionary to items, and gives its group. */
PgParamGroup *pg_param_items_add_group (GArray *items, PgParamKind kind, guint32 type);
PgParam *pg_param_items_add (GArray *items, PgParamKind kind, guint32 type);
/* Takes variant; what is in it becomes an item, or a group of them. */
gboolean pg_param_items_add_variant (GArray *items, GVariant *variant, guint depth, GError **error);

/* What is open, or the parameters. */
GArray *pg_params_get_items (PgParams *self);
/* Gives the last item of what is open the key that was added for it, if that is a dictionary. */
void pg_params_take_key (PgParams *self, GArray *items);
/* Adds to what is open, or to the parameters. */
PgParam *pg_params_add (PgParams *self, PgParamKind kind, guint32 type);
/* What the adapters make of a value that is not NULL. is_added: FALSE if they have nothing for it, which is no error. */
gboolean pg_params_add_adapted (PgParams *self, const GValue *value, gboolean *is_added, GError **error);
/* Keeps the first error, for when the parameters are used. Takes error. */
void pg_params_take_error (PgParams *self, GError *error);

/* All into out, which is empty. expected: the type that the parameter is cast to, 0 if that is not known. type and format: what was made of it. */
gboolean pg_param_encode_group (const PgTypeTable *types, const PgParam *param, guint32 expected, PgFormatRequest request, GString *out, guint32 *type,
                                PgFormat *format, GError **error);
/* The smallest of int2, int4 and int8 that holds all. */
guint32 pg_fixed_array_type (char source, gconstpointer values, gsize n);
/* FALSE with PG_ERROR_DATA if there are too many elements. */
gboolean pg_fixed_array_encode (const PgParam *param, PgFormat format, GString *out, GError **error);

/* NULL if the parameter at index has no name. */
const char *pg_params_get_name (PgParams *self, guint index);

/* How many parameters have a name. */
guint pg_params_get_n_names (PgParams *self);

/* Whether they can be used: everything that was begun is ended, and nothing has failed. */
gboolean pg_params_check (PgParams *self, GError **error);

gboolean pg_param_bind (const PgParam *param, PgFormatRequest request, PgWireParams *wire, guint wire_index, GError **error);
gboolean pg_params_bind (PgParams *self, guint index, PgFormatRequest request, PgWireParams *wire, guint wire_index,
                         GError **error);

G_END_DECLS
