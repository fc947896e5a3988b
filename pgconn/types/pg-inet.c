/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-inet-private.h>

#include <arpa/inet.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-date-private.h>

/**
 * PgInet:
 *
 * A value of PostgreSQL's types `inet` and `cidr`: an IPv4 or IPv6 address with the length of its network's prefix, or a network.
 *
 * An `inet` is an address and the network that it is in. A `cidr` is a network: all bits after the prefix are zero.
 *
 * A `PgInet` never changes and may be used from several threads.
 *
 * See "Network Address Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgInet
{
  gatomicrefcount ref_count;
  gboolean is_cidr;
  guint prefix_length;
  guint n_bytes; /* 4 or 16 */
  guint8 bytes[16];
};

PG_DEFINE_BOXED_TYPE (PgInet, pg_inet)

/* What the server calls the families on the wire, whatever its system has for them. */
#define WIRE_FAMILY_INET 2
#define WIRE_FAMILY_INET6 3
#define WIRE_HEADER 4

/* Whether all bits from the prefix on are zero. */
static gboolean
is_network (const guint8 *bytes, guint n_bytes, guint prefix_length)
{
  for (guint bit = prefix_length; bit < n_bytes * 8; bit++)
    if ((bytes[bit / 8] & 0x80 >> bit % 8) != 0)
      return FALSE;
  return TRUE;
}

static PgInet *
make (const guint8 *bytes, guint n_bytes, guint prefix_length, gboolean is_cidr, const char **reason)
{
  PgInet *self;

  if (prefix_length > n_bytes * 8)
    {
      *reason = _("its prefix is too long");
      return NULL;
    }
  if (is_cidr && !is_network (bytes, n_bytes, prefix_length))
    {
      *reason = _("there are bits set after its prefix");
      return NULL;
    }
  self = g_new0 (PgInet, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->is_cidr = !!is_cidr;
  self->prefix_length = prefix_length;
  self->n_bytes = n_bytes;
  memcpy (self->bytes, bytes, n_bytes);
  return self;
}

PgInet *
pg_inet_from_wire (const guint8 *data, gsize length, gboolean is_cidr, const char **reason)
{
  guint n_bytes;

  if (length < WIRE_HEADER)
    {
      *reason = _("its length is wrong");
      return NULL;
    }
  if (data[0] != WIRE_FAMILY_INET && data[0] != WIRE_FAMILY_INET6)
    {
      *reason = _("its address family is not known");
      return NULL;
    }
  n_bytes = data[0] == WIRE_FAMILY_INET ? 4 : 16;
  if (data[3] != n_bytes || length != WIRE_HEADER + n_bytes)
    {
      *reason = _("its length is wrong");
      return NULL;
    }
  if (data[2] != !!is_cidr)
    {
      *reason = _("it is of the other one of the types inet and cidr");
      return NULL;
    }
  return make (data + WIRE_HEADER, n_bytes, data[1], is_cidr, reason);
}

PgInet *
pg_inet_scan (const char *text, gsize length, gboolean is_cidr, const char **reason)
{
  const char *slash = length > 0 ? memchr (text, '/', length) : NULL;
  gsize address_length = slash != NULL ? (gsize) (slash - text) : length;
  char address[INET6_ADDRSTRLEN];
  guint8 bytes[16];
  guint n_bytes;
  gint64 prefix_length;

  *reason = _("it is not an address of IPv4 or IPv6");
  if (address_length > 0 && memchr (text, '%', address_length) != NULL)
    *reason = _("it has a zone, which PostgreSQL does not store");
  if (address_length >= sizeof address || (address_length > 0 && memchr (text, 0, address_length) != NULL))
    return NULL;
  memcpy (address, text, address_length);
  address[address_length] = '\0';
  if (inet_pton (AF_INET, address, bytes) == 1)
    n_bytes = 4;
  else if (inet_pton (AF_INET6, address, bytes) == 1)
    n_bytes = 16;
  else
    return NULL;

  prefix_length = n_bytes * 8;
  if (slash != NULL)
    {
      const char *at = slash + 1;

      if (!pg_scan_digits (&at, text + length, 1, 3, &prefix_length) || at != text + length)
        {
          *reason = _("the length of its prefix is not a number");
          return NULL;
        }
    }
  return make (bytes, n_bytes, (guint) prefix_length, is_cidr, reason);
}

static PgInet *
parse (const char *text, gboolean is_cidr, GError **error)
{
  const char *reason = NULL;
  PgInet *self = pg_inet_scan (text, strlen (text), is_cidr, &reason);

  if (self == NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a network address: %s"), reason);
  return self;
}

/**
 * pg_inet_parse:
 * @text: the text of an `inet`
 * @error: return location for a #GError
 *
 * Reads an address from its text.
 *
 * That is the address in the usual form of its family, and a `/` and the length of the prefix if that is not all of the address:
 * `192.168.0.1/24`.
 *
 * Returns: (transfer full): the address, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgInet *
pg_inet_parse (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return parse (text, FALSE, error);
}

/**
 * pg_inet_parse_cidr:
 * @text: the text of a `cidr`
 * @error: return location for a #GError
 *
 * Reads a network from its text.
 *
 * That is as [func@Inet.parse] has it, with no bit set after the prefix: `192.168.0.0/24`.
 *
 * Returns: (transfer full): the network, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgInet *
pg_inet_parse_cidr (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return parse (text, TRUE, error);
}

/* Newer versions of GLib keep the zone of a link-local address. */
static gboolean
has_zone (GInetAddress *address)
{
  guint zone = 0;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (address), "scope-id") != NULL)
    g_object_get (address, "scope-id", &zone, NULL);
  return zone != 0;
}

static PgInet *
make_from_address (GInetAddress *address, guint prefix_length, gboolean is_cidr, const char **reason)
{
  return make (g_inet_address_to_bytes (address), (guint) g_inet_address_get_native_size (address), prefix_length, is_cidr, reason);
}

/**
 * pg_inet_new:
 * @address: an address of IPv4 or IPv6
 * @prefix_length: the length of the prefix in bits, or -1 for all of the address
 * @error: return location for a #GError
 *
 * Makes an `inet` of an address.
 *
 * Returns: (transfer full): the address, or `NULL` with `PG_ERROR_DATA` if the prefix is longer than the address, or the address has a zone, which
 *   PostgreSQL does not store
 *
 * Since: 1.0
 */
PgInet *
pg_inet_new (GInetAddress *address, int prefix_length, GError **error)
{
  const char *reason;
  PgInet *self;

  g_return_val_if_fail (G_IS_INET_ADDRESS (address), NULL);
  g_return_val_if_fail (prefix_length >= -1, NULL);

  if (has_zone (address))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The address has a zone, which PostgreSQL does not store"));
      return NULL;
    }
  self = make_from_address (address, prefix_length < 0 ? (guint) g_inet_address_get_native_size (address) * 8 : (guint) prefix_length,
                            FALSE, &reason);
  if (self == NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The prefix is longer than the address"));
  return self;
}

/**
 * pg_inet_new_from_mask:
 * @mask: a network
 *
 * Makes a `cidr` of a network.
 *
 * Returns: (transfer full): the network
 *
 * Since: 1.0
 */
PgInet *
pg_inet_new_from_mask (GInetAddressMask *mask)
{
  const char *reason;

  g_return_val_if_fail (G_IS_INET_ADDRESS_MASK (mask), NULL);

  /* GInetAddressMask has no bits after the prefix either. */
  return make_from_address (g_inet_address_mask_get_address (mask), g_inet_address_mask_get_length (mask), TRUE, &reason);
}

/**
 * pg_inet_ref:
 * @self: a #PgInet
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgInet *
pg_inet_ref (PgInet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_inet_unref:
 * @self: (transfer full): a #PgInet
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_inet_unref (PgInet *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

static void
append_ipv4 (GString *text, const guint8 *bytes)
{
  g_string_append_printf (text, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* The longest run of two or more groups that are zero, the first of several, is left out; after one at the beginning that
 * leaves but two groups, or ffff and two, these are written as an IPv4 address. See src/port/inet_net_ntop.c of PostgreSQL. */
static void
append_ipv6 (GString *text, const guint8 *bytes)
{
  guint words[8];
  guint run_start = 0, run = 0;

  for (guint i = 0; i < 8; i++)
    words[i] = (guint) bytes[2 * i] << 8 | bytes[2 * i + 1];
  for (guint i = 0; i < 8; i++)
    {
      guint n = 0;

      while (i + n < 8 && words[i + n] == 0)
        n++;
      if (n > run)
        {
          run_start = i;
          run = n;
        }
      i += n;
    }
  if (run < 2)
    run = 0;

  for (guint i = 0; i < 8; i++)
    {
      if (run > 0 && i >= run_start && i < run_start + run)
        {
          if (i == run_start)
            g_string_append_c (text, ':');
          continue;
        }
      if (i != 0)
        g_string_append_c (text, ':');
      if (i == 6 && run_start == 0 && (run == 6 || (run == 5 && words[5] == 0xffff)))
        {
          append_ipv4 (text, bytes + 12);
          return;
        }
      g_string_append_printf (text, "%x", words[i]);
    }
  if (run > 0 && run_start + run == 8)
    g_string_append_c (text, ':');
}

/**
 * pg_inet_to_string:
 * @self: a #PgInet
 *
 * Gets the text that PostgreSQL shows for the address or network.
 *
 * See [func@Inet.parse] for its form. A `cidr` has the length of its prefix in any case.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_inet_to_string (const PgInet *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_sized_new (48);
  if (self->n_bytes == 4)
    append_ipv4 (text, self->bytes);
  else
    append_ipv6 (text, self->bytes);
  if (self->is_cidr || self->prefix_length != self->n_bytes * 8)
    g_string_append_printf (text, "/%u", self->prefix_length);
  return g_string_free (text, FALSE);
}

/**
 * pg_inet_dup_address:
 * @self: a #PgInet
 *
 * Gets the address.
 *
 * Returns: (transfer full): the address
 *
 * Since: 1.0
 */
GInetAddress *
pg_inet_dup_address (const PgInet *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_inet_address_new_from_bytes (self->bytes, pg_inet_get_family (self));
}

/**
 * pg_inet_dup_mask:
 * @self: a #PgInet
 *
 * Gets the network that the address is in, or that this is.
 *
 * Returns: (transfer full): the network
 *
 * Since: 1.0
 */
GInetAddressMask *
pg_inet_dup_mask (const PgInet *self)
{
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16];

  g_return_val_if_fail (self != NULL, NULL);

  memcpy (bytes, self->bytes, sizeof bytes);
  for (guint bit = self->prefix_length; bit < self->n_bytes * 8; bit++)
    bytes[bit / 8] &= (guint8) ~(0x80 >> bit % 8);
  network = g_inet_address_new_from_bytes (bytes, pg_inet_get_family (self));
  return g_inet_address_mask_new (network, self->prefix_length, NULL);
}

/**
 * pg_inet_get_family:
 * @self: a #PgInet
 *
 * Gets whether this is of IPv4 or IPv6.
 *
 * Returns: the family
 *
 * Since: 1.0
 */
GSocketFamily
pg_inet_get_family (const PgInet *self)
{
  g_return_val_if_fail (self != NULL, G_SOCKET_FAMILY_INVALID);

  return self->n_bytes == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
}

/**
 * pg_inet_get_prefix_length:
 * @self: a #PgInet
 *
 * Gets how many of the address's bits are those of the network.
 *
 * Returns: the length of the prefix, up to 32 for IPv4 and 128 for IPv6
 *
 * Since: 1.0
 */
guint
pg_inet_get_prefix_length (const PgInet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->prefix_length;
}

/**
 * pg_inet_is_cidr:
 * @self: a #PgInet
 *
 * Gets whether this is a network.
 *
 * Returns: `TRUE` if it is a `cidr`, `FALSE` if it is an `inet`
 *
 * Since: 1.0
 */
gboolean
pg_inet_is_cidr (const PgInet *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_cidr;
}

static int
compare_bits (const guint8 *a, const guint8 *b, guint n)
{
  int order = memcmp (a, b, n / 8);
  guint8 mask = (guint8) (0xff00 >> n % 8);

  if (order != 0 || n % 8 == 0)
    return order;
  return (a[n / 8] & mask) - (b[n / 8] & mask);
}

/**
 * pg_inet_compare:
 * @a: a #PgInet
 * @b: another
 *
 * Compares two addresses or networks by PostgreSQL's order.
 *
 * IPv4 is before IPv6; then the bits of the shorter one of the two prefixes decide, then the length of the prefixes, then the addresses. An
 * `inet` and a `cidr` with the same are equal.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_inet_compare (const PgInet *a, const PgInet *b)
{
  int order;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (a->n_bytes != b->n_bytes)
    return a->n_bytes < b->n_bytes ? -1 : 1;
  order = compare_bits (a->bytes, b->bytes, MIN (a->prefix_length, b->prefix_length));
  if (order != 0)
    return order;
  if (a->prefix_length != b->prefix_length)
    return a->prefix_length < b->prefix_length ? -1 : 1;
  return memcmp (a->bytes, b->bytes, a->n_bytes);
}

/**
 * pg_inet_equal:
 * @a: a #PgInet
 * @b: another
 *
 * Gets whether two addresses are the same, as [method@Inet.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_inet_equal (const PgInet *a, const PgInet *b)
{
  return pg_inet_compare (a, b) == 0;
}

/**
 * pg_inet_hash:
 * @self: a #PgInet
 *
 * Gets a hash value, which is the same for equal addresses.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_inet_hash (const PgInet *self)
{
  guint hash;

  g_return_val_if_fail (self != NULL, 0);

  hash = self->prefix_length;
  for (guint i = 0; i < self->n_bytes; i++)
    hash = hash * 31 + self->bytes[i];
  return hash;
}
