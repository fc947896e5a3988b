/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-capabilities.h"

#include <pgconn/engine/pg-engine-private.h>

/**
 * PgCapabilities:
 *
 * What the libpq that the program runs with can do; the library may have been built with another version.
 *
 * Since: 1.0
 */

struct _PgCapabilities
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (PgCapabilities, pg_capabilities, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_LIBPQ_VERSION,
  PROP_CANCEL_SAFE,
  PROP_STREAM_CHUNKED,
  PROP_CLOSE_PREPARED,
  PROP_USED_GSSAPI,
  PROP_FULL_PROTOCOL_VERSION,
  PROP_TLS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
pg_capabilities_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PgCapabilities *self = PG_CAPABILITIES (object);

  switch (id)
    {
    case PROP_LIBPQ_VERSION:
      g_value_set_int (value, pg_capabilities_get_libpq_version (self));
      break;
    case PROP_CANCEL_SAFE:
      g_value_set_boolean (value, pg_capabilities_get_cancel_safe (self));
      break;
    case PROP_STREAM_CHUNKED:
      g_value_set_boolean (value, pg_capabilities_get_stream_chunked (self));
      break;
    case PROP_CLOSE_PREPARED:
      g_value_set_boolean (value, pg_capabilities_get_close_prepared (self));
      break;
    case PROP_USED_GSSAPI:
      g_value_set_boolean (value, pg_capabilities_get_used_gssapi (self));
      break;
    case PROP_FULL_PROTOCOL_VERSION:
      g_value_set_boolean (value, pg_capabilities_get_full_protocol_version (self));
      break;
    case PROP_TLS:
      g_value_set_boolean (value, pg_capabilities_get_tls (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_capabilities_class_init (PgCapabilitiesClass *klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  G_OBJECT_CLASS (klass)->get_property = pg_capabilities_get_property;

  /**
   * PgCapabilities:libpq-version: (getter get_libpq_version)
   *
   * The version of libpq, such as 150020 for 15.20.
   *
   * Since: 1.0
   */
  props[PROP_LIBPQ_VERSION] = g_param_spec_int ("libpq-version", NULL, NULL, 0, G_MAXINT, 0, readable);
  /**
   * PgCapabilities:cancel-safe: (getter get_cancel_safe)
   *
   * Whether cancel requests are sent without blocking, and encrypted as the connection is; from libpq 17 on.
   *
   * Since: 1.0
   */
  props[PROP_CANCEL_SAFE] = g_param_spec_boolean ("cancel-safe", NULL, NULL, FALSE, readable);
  /**
   * PgCapabilities:stream-chunked: (getter get_stream_chunked)
   *
   * Whether rows can be streamed in chunks; from libpq 17 on.
   *
   * Since: 1.0
   */
  props[PROP_STREAM_CHUNKED] = g_param_spec_boolean ("stream-chunked", NULL, NULL, FALSE, readable);
  /**
   * PgCapabilities:close-prepared: (getter get_close_prepared)
   *
   * Whether a prepared statement can be closed by a protocol message, as poolers need it; from libpq 17 on.
   *
   * Since: 1.0
   */
  props[PROP_CLOSE_PREPARED] = g_param_spec_boolean ("close-prepared", NULL, NULL, FALSE, readable);
  /**
   * PgCapabilities:used-gssapi: (getter get_used_gssapi)
   *
   * Whether it can be known whether a connection has used GSSAPI to authenticate; from libpq 16 on.
   *
   * Since: 1.0
   */
  props[PROP_USED_GSSAPI] = g_param_spec_boolean ("used-gssapi", NULL, NULL, FALSE, readable);
  /**
   * PgCapabilities:full-protocol-version: (getter get_full_protocol_version)
   *
   * Whether the minor protocol version of a connection can be known; from libpq 18 on.
   *
   * Since: 1.0
   */
  props[PROP_FULL_PROTOCOL_VERSION] = g_param_spec_boolean ("full-protocol-version", NULL, NULL, FALSE, readable);
  /**
   * PgCapabilities:tls: (getter get_tls)
   *
   * Whether libpq was built with TLS.
   *
   * Since: 1.0
   */
  props[PROP_TLS] = g_param_spec_boolean ("tls", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
pg_capabilities_init (PgCapabilities *self)
{
}

/**
 * pg_capabilities_get_default:
 *
 * Gets the capabilities of the libpq that the program runs with.
 *
 * Returns: (transfer none): the capabilities
 *
 * Since: 1.0
 */
PgCapabilities *
pg_capabilities_get_default (void)
{
  static PgCapabilities *capabilities;

  if (g_once_init_enter (&capabilities))
    g_once_init_leave (&capabilities, g_object_new (PG_TYPE_CAPABILITIES, NULL));
  return capabilities;
}

/**
 * pg_capabilities_get_libpq_version: (get-property libpq-version)
 * @self: the capabilities
 *
 * Gets the version of libpq. See `PQlibVersion()` in the PostgreSQL manual.
 *
 * Returns: the version, such as 150020 for 15.20
 *
 * Since: 1.0
 */
int
pg_capabilities_get_libpq_version (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), 0);
  return pg_engine_get_libpq_version ();
}

/**
 * pg_capabilities_get_cancel_safe: (get-property cancel-safe)
 * @self: the capabilities
 *
 * Gets whether cancel requests are sent without blocking, and encrypted as the connection is; from libpq 17 on.
 *
 * Returns: `TRUE` where it is so
 *
 * Since: 1.0
 */
gboolean
pg_capabilities_get_cancel_safe (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), FALSE);
  return pg_engine_can (PG_CAN_CANCEL_SAFE);
}

/**
 * pg_capabilities_get_stream_chunked: (get-property stream-chunked)
 * @self: the capabilities
 *
 * Gets whether rows can be streamed in chunks; from libpq 17 on.
 *
 * Returns: `TRUE` where it is so
 *
 * Since: 1.0
 */
gboolean
pg_capabilities_get_stream_chunked (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), FALSE);
  return pg_engine_can (PG_CAN_STREAM_CHUNKED);
}

/**
 * pg_capabilities_get_close_prepared: (get-property close-prepared)
 * @self: the capabilities
 *
 * Gets whether a prepared statement can be closed by a protocol message, as poolers need it; from libpq 17 on.
 *
 * Returns: `TRUE` where it is so
 *
 * Since: 1.0
 */
gboolean
pg_capabilities_get_close_prepared (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), FALSE);
  return pg_engine_can (PG_CAN_CLOSE_PREPARED);
}

/**
 * pg_capabilities_get_used_gssapi: (get-property used-gssapi)
 * @self: the capabilities
 *
 * Gets whether it can be known whether a connection has used GSSAPI to authenticate; from libpq 16 on.
 *
 * Returns: `TRUE` where it is so
 *
 * Since: 1.0
 */
gboolean
pg_capabilities_get_used_gssapi (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), FALSE);
  return pg_engine_can (PG_CAN_USED_GSSAPI);
}

/**
 * pg_capabilities_get_full_protocol_version: (get-property full-protocol-version)
 * @self: the capabilities
 *
 * Gets whether the minor protocol version of a connection can be known; from libpq 18 on.
 *
 * Returns: `TRUE` where it is so
 *
 * Since: 1.0
 */
gboolean
pg_capabilities_get_full_protocol_version (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), FALSE);
  return pg_engine_can (PG_CAN_FULL_PROTOCOL_VERSION);
}

/**
 * pg_capabilities_get_tls: (get-property tls)
 * @self: the capabilities
 *
 * Gets whether libpq was built with TLS.
 *
 * Returns: `TRUE` where it is so
 *
 * Since: 1.0
 */
gboolean
pg_capabilities_get_tls (PgCapabilities *self)
{
  g_return_val_if_fail (PG_IS_CAPABILITIES (self), FALSE);
  return pg_engine_can (PG_CAN_TLS);
}
