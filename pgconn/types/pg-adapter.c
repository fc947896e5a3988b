/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-adapter-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-load-private.h>

struct _PgAdapter
{
  gatomicrefcount ref_count;
  PgLoaderFunc load;
  PgDumperFunc dump;
  guint32 oid;
  PgFormat format;
  gpointer data;
  GDestroyNotify destroy;
};

PgAdapter *
pg_adapter_new_loader (PgLoaderFunc func, gpointer data, GDestroyNotify destroy)
{
  PgAdapter *self = g_new0 (PgAdapter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->load = func;
  self->data = data;
  self->destroy = destroy;
  return self;
}

PgAdapter *
pg_adapter_new_dumper (guint32 oid, PgFormat format, PgDumperFunc func, gpointer data, GDestroyNotify destroy)
{
  PgAdapter *self = pg_adapter_new_loader (NULL, data, destroy);

  self->dump = func;
  self->oid = oid;
  self->format = format;
  return self;
}

PgAdapter *
pg_adapter_ref (PgAdapter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_adapter_unref (PgAdapter *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

guint32
pg_adapter_get_oid (PgAdapter *self)
{
  return self->oid;
}

PgFormat
pg_adapter_get_format (PgAdapter *self)
{
  return self->format;
}

gboolean
pg_adapter_load (PgAdapter *self, const PgWireValue *wire, GValue *value, GError **error)
{
  g_autoptr (PgLoad) load = pg_load_new (wire);
  g_autoptr (GError) reason = NULL;
  g_autofree char *type = NULL;
  const GValue *loaded;

  self->load (load, self->data, &reason);
  loaded = pg_load_get_value (load);
  if (reason == NULL && loaded != NULL)
    {
      g_value_init (value, G_VALUE_TYPE (loaded));
      g_value_copy (loaded, value);
      return TRUE;
    }

  type = pg_codec_describe (wire->types, wire->type);
  if (reason != NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the loader of the type %s has failed: %s"), type, reason->message);
  else
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the loader of the type %s has given no value"), type);
  return FALSE;
}

GBytes *
pg_adapter_dump (PgAdapter *self, const GValue *value, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GBytes *bytes = self->dump (value, self->data, &reason);

  if (reason == NULL && bytes != NULL)
    return bytes;
  if (bytes != NULL)
    g_bytes_unref (bytes);
  if (reason != NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the dumper of the type %s has failed: %s"), G_VALUE_TYPE_NAME (value), reason->message);
  else
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the dumper of the type %s has given no bytes"), G_VALUE_TYPE_NAME (value));
  return NULL;
}

GVariant *
pg_value_to_variant (const GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      return g_variant_new_boolean (g_value_get_boolean (value));
    case G_TYPE_CHAR:
      return g_variant_new_int16 (g_value_get_schar (value));
    case G_TYPE_UCHAR:
      return g_variant_new_byte (g_value_get_uchar (value));
    case G_TYPE_INT:
      return g_variant_new_int32 (g_value_get_int (value));
    case G_TYPE_UINT:
      return g_variant_new_uint32 (g_value_get_uint (value));
    case G_TYPE_LONG:
      return g_variant_new_int64 (g_value_get_long (value));
    case G_TYPE_ULONG:
      return g_variant_new_uint64 (g_value_get_ulong (value));
    case G_TYPE_INT64:
      return g_variant_new_int64 (g_value_get_int64 (value));
    case G_TYPE_UINT64:
      return g_variant_new_uint64 (g_value_get_uint64 (value));
    case G_TYPE_FLOAT:
      return g_variant_new_double ((double) g_value_get_float (value));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (g_value_get_double (value));
    case G_TYPE_STRING:
      return g_value_get_string (value) != NULL && g_utf8_validate (g_value_get_string (value), -1, NULL)
               ? g_variant_new_string (g_value_get_string (value))
               : NULL;
    case G_TYPE_VARIANT:
      return g_value_get_variant (value);
    case G_TYPE_BOXED:
      if (G_VALUE_HOLDS (value, G_TYPE_BYTES) && g_value_get_boxed (value) != NULL)
        return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, g_value_get_boxed (value), TRUE);
      if (G_VALUE_HOLDS (value, G_TYPE_STRV) && g_value_get_boxed (value) != NULL)
        return g_variant_new_strv (g_value_get_boxed (value), -1);
      return NULL;
    default:
      return NULL;
    }
}
