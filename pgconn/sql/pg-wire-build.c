/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-wire-build-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* Shorter values are copied out of the buffer, which the next one uses. */
#define BUFFER_COPIED 256

typedef struct
{
  gpointer data;
  GDestroyNotify free;
} Owned;

/* What pg_wire_params_new() allocates; its tail are the arrays. */
typedef struct
{
  PgWireParams params;
  Owned *owned;         /* per parameter, may be NULL */
  guint8 (*scratch)[8]; /* per parameter: where numbers are kept in network order */
  const PgTypeTable *types;
  const char *const *casts;
  GString *buffer;      /* for what is encoded next; NULL at first */
} Block;

static void
free_owned (gpointer data)
{
  Block *block = data;

  for (guint i = 0; i < block->params.n_params; i++)
    {
      if (block->owned[i].free != NULL)
        block->owned[i].free (block->owned[i].data);
    }
  if (block->buffer != NULL)
    g_string_free (block->buffer, TRUE);
}

PgWireParams *
pg_wire_params_new (guint n_params,
                    const PgTypeTable *types,
                    const char *const *casts)
{
  const gsize each = sizeof (Owned) + sizeof (guint8[8]) + sizeof (char *) + sizeof (guint32) + 2 * sizeof (int);
  Block *block;
  char *tail;

  g_return_val_if_fail (n_params <= PG_MAX_PARAMS, NULL);

  /* Ordered by alignment, so that no padding is needed. */
  /* Not g_malloc0(), as in pg_request_alloc(). */
  block = memset (g_malloc (sizeof (Block) + each * n_params), 0, sizeof (Block) + each * n_params);
  tail = (char *) (block + 1);
  block->owned = (gpointer) tail;
  tail += sizeof (Owned) * n_params;
  block->scratch = (gpointer) tail;
  tail += sizeof (guint8[8]) * n_params;
  block->params.values = (gpointer) tail;
  tail += sizeof (char *) * n_params;
  block->params.types = (gpointer) tail;
  tail += sizeof (guint32) * n_params;
  block->params.lengths = (gpointer) tail;
  tail += sizeof (int) * n_params;
  block->params.formats = (gpointer) tail;

  g_atomic_ref_count_init (&block->params.ref_count);
  block->params.n_params = n_params;
  block->types = types;
  block->casts = casts;
  block->params.owner = block;
  block->params.owner_free = free_owned;
  return &block->params;
}

const PgTypeTable *
pg_wire_get_types (PgWireParams *self)
{
  return ((Block *) self->owner)->types;
}

guint32
pg_wire_get_cast (PgWireParams *self,
                  guint index)
{
  const Block *block = self->owner;

  return block->casts != NULL && block->casts[index] != NULL ? pg_type_table_get_oid (block->types, block->casts[index]) : 0;
}

gboolean
pg_wire_set_data (PgWireParams *self,
                  guint index,
                  PgFormat format,
                  guint32 type,
                  gconstpointer data,
                  gsize length,
                  gpointer owner,
                  GDestroyNotify owner_free,
                  GError **error)
{
  Block *block = self->owner;

  block->owned[index].data = owner;
  block->owned[index].free = owner_free;
  if (length >= PG_MAX_MESSAGE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value is too large: %zu bytes"), length);
      return FALSE;
    }

  self->types[index] = type;
  /* The data of an empty GVariant array or GBytes may be NULL, which would be SQL NULL. */
  self->values[index] = length > 0 ? data : "";
  self->lengths[index] = (int) length;
  self->formats[index] = format;
  return TRUE;
}

static void
set_scratch (PgWireParams *self,
             guint index,
             guint32 type,
             guint64 bits,
             gsize length)
{
  Block *block = self->owner;
  guint64 ordered = GUINT64_TO_BE (bits << (64 - 8 * length));

  memcpy (block->scratch[index], &ordered, length);
  self->types[index] = type;
  self->values[index] = (const char *) block->scratch[index];
  self->lengths[index] = (int) length;
  self->formats[index] = PG_FORMAT_BINARY;
}

static void
set_short_text (PgWireParams *self,
                guint index,
                guint32 type,
                const char *text)
{
  gsize length = strlen (text);
  char *copy = g_strndup (text, length);

  pg_wire_set_data (self, index, PG_FORMAT_TEXT, type, copy, length, copy, g_free, NULL);
}

void
pg_wire_set_boolean (PgWireParams *self,
                     guint index,
                     PgFormatRequest request,
                     gboolean value)
{
  if (request == PG_REQUEST_TEXT)
    pg_wire_set_data (self, index, PG_FORMAT_TEXT, PG_OID_BOOL, value ? "t" : "f", 1, NULL, NULL, NULL);
  else
    set_scratch (self, index, PG_OID_BOOL, value ? 1 : 0, 1);
}

/* By value, though each width is a different prepared statement to the server: an int8 would fail where only an int4 is
 * taken (left (text, 3), generate_series, array subscripts), whereas int2 widens to whatever is asked for. The price is at
 * most three statements in the cache for a parameter whose values vary in size; a PgParams with an explicit width has one. */
guint32
pg_wire_integer_type (gint64 value)
{
  if (value >= G_MININT16 && value <= G_MAXINT16)
    return PG_OID_INT2;
  if (value >= G_MININT32 && value <= G_MAXINT32)
    return PG_OID_INT4;
  return PG_OID_INT8;
}

void
pg_wire_set_integer (PgWireParams *self,
                     guint index,
                     PgFormatRequest request,
                     guint32 type,
                     gint64 value)
{
  if (request == PG_REQUEST_TEXT)
    {
      char text[32];

      g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
      set_short_text (self, index, type, text);
      return;
    }

  set_scratch (self, index, type, (guint64) value, type == PG_OID_INT2 ? 2 : type == PG_OID_INT4 ? 4 : 8);
}

void
pg_wire_widen_integer (PgWireParams *self,
                       guint index,
                       guint32 type)
{
  gint16 two;
  gint32 four;

  if (self->values[index] == NULL || self->formats[index] == PG_FORMAT_TEXT)
    {
      self->types[index] = type;
    }
  else if (self->lengths[index] == sizeof two)
    {
      memcpy (&two, self->values[index], sizeof two);
      set_scratch (self, index, type, (guint64) (gint64) (gint16) GUINT16_FROM_BE (two), type == PG_OID_INT4 ? 4 : 8);
    }
  else if (self->lengths[index] == sizeof four)
    {
      memcpy (&four, self->values[index], sizeof four);
      set_scratch (self, index, type, (guint64) (gint64) (gint32) GUINT32_FROM_BE (four), 8);
    }
}

void
pg_wire_set_double (PgWireParams *self,
                    guint index,
                    PgFormatRequest request,
                    double value)
{
  guint64 bits;

  if (request == PG_REQUEST_TEXT)
    {
      g_autofree char *text = pg_float8_to_string (value);

      set_short_text (self, index, PG_OID_FLOAT8, text);
      return;
    }

  memcpy (&bits, &value, sizeof bits);
  set_scratch (self, index, PG_OID_FLOAT8, bits, 8);
}

GString *
pg_wire_get_buffer (PgWireParams *self)
{
  Block *block = self->owner;

  if (block->buffer == NULL)
    block->buffer = g_string_sized_new (64);
  g_string_truncate (block->buffer, 0);
  return block->buffer;
}

gboolean
pg_wire_take_buffer (PgWireParams *self,
                     guint index,
                     PgFormat format,
                     guint32 type,
                     GError **error)
{
  Block *block = self->owner;
  gsize length = block->buffer->len;
  char *data;

  /* A text has its zero byte. */
  if (length < sizeof block->scratch[index] || (length == sizeof block->scratch[index] && format == PG_FORMAT_BINARY))
    {
      memcpy (block->scratch[index], block->buffer->str, length);
      if (length < sizeof block->scratch[index])
        block->scratch[index][length] = 0;
      return pg_wire_set_data (self, index, format, type, block->scratch[index], length, NULL, NULL, error);
    }
  if (length < BUFFER_COPIED)
    data = g_memdup2 (block->buffer->str, length + 1);
  else
    data = g_string_free (g_steal_pointer (&block->buffer), FALSE);
  return pg_wire_set_data (self, index, format, type, data, length, data, g_free, error);
}

static char *
bytes_to_hex (const guint8 *data,
              gsize length)
{
  static const char digits[] = "0123456789abcdef";
  char *text = g_malloc (length * 2 + 3);
  char *at = text;

  *at++ = '\\';
  *at++ = 'x';
  for (gsize i = 0; i < length; i++)
    {
      *at++ = digits[data[i] >> 4];
      *at++ = digits[data[i] & 15];
    }
  *at = '\0';
  return text;
}

gboolean
pg_wire_set_bytes (PgWireParams *self,
                   guint index,
                   PgFormatRequest request,
                   gconstpointer data,
                   gsize length,
                   gpointer owner,
                   GDestroyNotify owner_free,
                   GError **error)
{
  /* The limit first: twice a length cannot overflow then. */
  if (request == PG_REQUEST_TEXT && length < PG_MAX_MESSAGE)
    {
      char *text = bytes_to_hex (data, length);

      if (owner_free != NULL)
        owner_free (owner);
      return pg_wire_set_data (self, index, PG_FORMAT_TEXT, PG_OID_BYTEA, text, length * 2 + 2, text, g_free, error);
    }

  return pg_wire_set_data (self, index, PG_FORMAT_BINARY, PG_OID_BYTEA, data, length, owner, owner_free, error);
}

static gboolean
set_text_as_binary (PgWireParams *self,
                    guint index,
                    guint32 type,
                    const char *text,
                    gpointer owner,
                    GDestroyNotify owner_free,
                    GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean ok;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, text);
  ok = pg_codec_encode (pg_wire_get_types (self), type, &value, PG_FORMAT_BINARY, pg_wire_get_buffer (self), error);
  if (owner_free != NULL)
    owner_free (owner);
  return ok && pg_wire_take_buffer (self, index, PG_FORMAT_BINARY, type, error);
}

gboolean
pg_wire_set_text (PgWireParams *self,
                  guint index,
                  PgFormatRequest request,
                  guint32 type,
                  const char *text,
                  gsize length,
                  gpointer owner,
                  GDestroyNotify owner_free,
                  GError **error)
{
  PgFormat format = PG_FORMAT_TEXT;

  if (request == PG_REQUEST_BINARY)
    {
      format = PG_FORMAT_BINARY;
      switch (type)
        {
        case PG_OID_INFER:
          type = PG_OID_TEXT;
          break;
        case PG_OID_TEXT:
        case PG_OID_VARCHAR:
        case PG_OID_BPCHAR:
        case PG_OID_NAME:
        case PG_OID_JSON:
        case PG_OID_XML:
          break;
        default:
          return set_text_as_binary (self, index, type, text, owner, owner_free, error);
        }
    }

  return pg_wire_set_data (self, index, format, type, text, length, owner, owner_free, error);
}

gboolean
pg_wire_check_size (PgWireParams *self,
                    gsize sql_length,
                    GError **error)
{
  /* Per parameter: length, format and OID; for the rest of Parse and Bind, their headers and a statement's name. */
  guint64 total = (guint64) sql_length + 256;

  for (guint i = 0; i < self->n_params; i++)
    total += (guint64) self->lengths[i] + 10;

  if (total >= PG_MAX_MESSAGE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA,
                   _("the query and its parameters are too large: %zu bytes"), (gsize) MIN (total, G_MAXSIZE));
      return FALSE;
    }
  return TRUE;
}
