/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-conninfo-private.h"

#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_TIMEOUT 130 /* seconds; what libpq's blocking calls leave to the system, tcp_syn_retries in practice */
#define MIN_TIMEOUT 2       /* libpq's own floor */

struct _PgConninfo
{
  PQconninfoOption *options; /* as given */
  GArray *hosts;
  gint64 timeout;
  gboolean shuffle;
  gboolean prefer_standby;
};

static const char *
get (const PQconninfoOption *options, const char *keyword)
{
  for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
    if (strcmp (o->keyword, keyword) == 0)
      return o->val != NULL && *o->val != '\0' ? o->val : NULL;
  return NULL;
}

static void
host_clear (gpointer data)
{
  PgConninfoHost *host = data;

  g_free (host->host);
  g_free (host->address);
  g_free (host->port);
}

void
pg_conninfo_free (PgConninfo *self)
{
  g_clear_pointer (&self->options, PQconninfoFree);
  g_clear_pointer (&self->hosts, g_array_unref);
  g_free (self);
}

/* libpq has no call that completes a connection string from the environment and the service file without connecting. A connection attempt
 * that cannot begin does it: this sslmode is refused before any name is looked up, and the options of the failed attempt can be read. */
static PQconninfoOption *
complete (PgConninfo *self)
{
  const char *keywords[128];
  const char *values[128];
  guint n = 0;
  PGconn *conn;
  PQconninfoOption *completed = NULL;

  for (PQconninfoOption *o = self->options; o->keyword != NULL && n < G_N_ELEMENTS (keywords) - 2; o++)
    if (o->val != NULL && strcmp (o->keyword, "sslmode") != 0)
      {
        keywords[n] = o->keyword;
        values[n++] = o->val;
      }
  keywords[n] = "sslmode";
  values[n++] = "none of the known modes";
  keywords[n] = NULL;
  values[n] = NULL;
  conn = PQconnectStartParams (keywords, values, 0);
  if (conn != NULL)
    completed = PQconninfo (conn);
  PQfinish (conn);
  return completed;
}

static gboolean
parse_timeout (PgConninfo *self, const char *text, GError **error)
{
  char *end = NULL;
  double seconds = 0;

  self->timeout = (gint64) DEFAULT_TIMEOUT * G_USEC_PER_SEC;
  if (text == NULL)
    return TRUE;
  seconds = g_ascii_strtod (text, &end);
  while (end != NULL && g_ascii_isspace (*end))
    end++;
  if (end == text || *end != '\0' || !(seconds < 1e9 && seconds > -1e9))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("bad value for connect_timeout: '%s'"), text);
      return FALSE;
    }
  if ((gint64) seconds > 0)
    self->timeout = MAX ((gint64) seconds, MIN_TIMEOUT) * G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
is_literal_path (const char *host)
{
  /* A directory, or an abstract socket. */
  return host[0] == '/' || host[0] == '@';
}

static gboolean
fill_hosts (PgConninfo *self, const PQconninfoOption *options, GError **error)
{
  const char *host = get (options, "host");
  const char *hostaddr = get (options, "hostaddr");
  const char *port = get (options, "port");
  g_auto (GStrv) hosts = host != NULL ? g_strsplit (host, ",", -1) : NULL;
  g_auto (GStrv) addresses = hostaddr != NULL ? g_strsplit (hostaddr, ",", -1) : NULL;
  g_auto (GStrv) ports = port != NULL ? g_strsplit (port, ",", -1) : NULL;
  guint n_hosts = hosts != NULL ? g_strv_length (hosts) : 0;
  guint n_addresses = addresses != NULL ? g_strv_length (addresses) : 0;
  guint n_ports = ports != NULL ? g_strv_length (ports) : 0;
  guint n = MAX (1, MAX (n_hosts, n_addresses));

  if (n_hosts > 0 && n_addresses > 0 && n_hosts != n_addresses)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("could not match %u host names to %u hostaddr values"), n_hosts, n_addresses);
      return FALSE;
    }
  if (n_ports > 1 && n_ports != n)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("could not match %u port numbers to %u hosts"), n_ports, n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      PgConninfoHost entry = { NULL };

      if (i < n_hosts)
        entry.host = g_strdup (hosts[i]);
      if (i < n_addresses && *addresses[i] != '\0')
        entry.address = g_strdup (addresses[i]);
      if (n_ports > 0)
        entry.port = g_strdup (ports[n_ports == 1 ? 0 : i]);
      if (entry.address == NULL && entry.host != NULL && *entry.host != '\0' && !is_literal_path (entry.host))
        {
          if (g_hostname_is_ip_address (entry.host))
            entry.address = g_strdup (entry.host);
          else
            entry.look_up = TRUE;
        }
      g_array_append_val (self->hosts, entry);
    }
  return TRUE;
}

/* libpq quotes the part that it does not understand. Of a string that may hold a password no more than the name of an unknown keyword is passed on. */
static void
set_parse_error (const char *conninfo, const char *message, GError **error)
{
  g_autofree char *text = g_strchomp (g_utf8_make_valid (message != NULL ? message : _ ("out of memory"), -1));
  g_autofree char *lower = g_ascii_strdown (conninfo, -1);
  g_autoptr (GRegex) regex = g_regex_new ("^[^\"]*\"([A-Za-z_]{1,40})\"$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if ((strstr (lower, "pass") == NULL && strchr (lower, '@') == NULL) || g_regex_match (regex, text, 0, &match))
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, text);
  else
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                         _ ("the connection string is neither a valid URI nor a list of keywords and values; it is not shown, as there may be a "
                            "password in it"));
}

PgConninfo *
pg_conninfo_new (const char *conninfo, GError **error)
{
  PgConninfo *self = g_new0 (PgConninfo, 1);
  PQconninfoOption *completed;
  char *message = NULL;
  const char *session;
  gboolean ok;

  self->hosts = g_array_new (FALSE, FALSE, sizeof (PgConninfoHost));
  g_array_set_clear_func (self->hosts, host_clear);
  self->options = PQconninfoParse (conninfo, &message);
  if (self->options == NULL)
    {
      set_parse_error (conninfo, message, error);
      PQfreemem (message);
      pg_conninfo_free (self);
      return NULL;
    }

  completed = complete (self);
  ok = parse_timeout (self, get (completed, "connect_timeout"), error) && fill_hosts (self, completed, error);
  session = get (completed, "target_session_attrs");
  self->prefer_standby = g_strcmp0 (session, "prefer-standby") == 0;
  self->shuffle = g_strcmp0 (get (completed, "load_balance_hosts"), "random") == 0;
  PQconninfoFree (completed);
  if (!ok)
    {
      pg_conninfo_free (self);
      return NULL;
    }
  return self;
}

const PgConninfoHost *
pg_conninfo_get_hosts (PgConninfo *self, guint *n_hosts)
{
  *n_hosts = self->hosts->len;
  return (const PgConninfoHost *) (gconstpointer) self->hosts->data;
}

gint64
pg_conninfo_get_timeout (PgConninfo *self)
{
  return self->timeout;
}

gboolean
pg_conninfo_get_shuffle (PgConninfo *self)
{
  return self->shuffle;
}

gboolean
pg_conninfo_get_prefer_standby (PgConninfo *self)
{
  return self->prefer_standby;
}

PGconn *
pg_conninfo_start (PgConninfo *self, const char *host, const char *address, const char *port, gboolean second_pass)
{
  const char *keywords[128];
  const char *values[128];
  guint n = 0;
  gboolean has_load_balance = FALSE;

  for (PQconninfoOption *o = self->options; o->keyword != NULL && n < G_N_ELEMENTS (keywords) - 8; o++)
    {
      if (strcmp (o->keyword, "load_balance_hosts") == 0)
        has_load_balance = TRUE;
      /* The lists of these are what the attempts were made from. */
      if (o->val == NULL || strcmp (o->keyword, "host") == 0 || strcmp (o->keyword, "hostaddr") == 0 || strcmp (o->keyword, "port") == 0)
        continue;
      keywords[n] = o->keyword;
      values[n++] = o->val;
    }
#define ADD(KEYWORD, VALUE) (keywords[n] = (KEYWORD), values[n++] = (VALUE))
  /* The later of two wins; libpq takes an empty one for none. */
  ADD ("host", host != NULL ? host : "");
  ADD ("hostaddr", address != NULL ? address : "");
  if (port != NULL)
    ADD ("port", *port != '\0' ? port : "5432");
  if (self->prefer_standby)
    ADD ("target_session_attrs", second_pass ? "any" : "standby");
  if (has_load_balance)
    ADD ("load_balance_hosts", "disable");
  /* All text of the library is UTF-8. */
  ADD ("client_encoding", "UTF8");
  ADD ("fallback_application_name", g_get_prgname () != NULL ? g_get_prgname () : "pgconn");
#undef ADD
  keywords[n] = NULL;
  values[n] = NULL;
  return PQconnectStartParams (keywords, values, 0);
}

static gboolean
is_secret (const PQconninfoOption *option)
{
  /* libpq marks passwords with "*"; "D" are options for its own tests. */
  return strchr (option->dispchar, '*') != NULL || strcmp (option->keyword, "password") == 0 || strcmp (option->keyword, "sslpassword") == 0
         || g_str_has_suffix (option->keyword, "secret") || g_str_has_prefix (option->keyword, "scram_");
}

char *
pg_conninfo_to_public (PGconn *conn)
{
  PQconninfoOption *options = PQconninfo (conn);
  GString *text = g_string_new (NULL);

  for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
    {
      if (o->val == NULL || is_secret (o) || (o->compiled != NULL && strcmp (o->val, o->compiled) == 0))
        continue;
      if (*o->val == '\0')
        continue;
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_printf (text, "%s='", o->keyword);
      for (const char *p = o->val; *p != '\0'; p++)
        {
          if (*p == '\'' || *p == '\\')
            g_string_append_c (text, '\\');
          g_string_append_c (text, *p);
        }
      g_string_append_c (text, '\'');
    }
  if (options != NULL)
    PQconninfoFree (options);
  return g_string_free (text, FALSE);
}
