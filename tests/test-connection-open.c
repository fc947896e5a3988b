/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgConnection: what it takes to open one, and how that fails. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define STRANGE_NAME "ü 'b\\a\"x:/%#@☃"
#define STRANGE_PASSWORD "p@s:s/w%o#r'd\\ \"?&=☃"

static PgTestServer *servers[2];

/* With a password, TCP and, if asked for, TLS. NULL: the test is skipped. */
static PgTestServer *
get_server (gboolean tls)
{
  if (servers[tls] == NULL)
    {
      g_autoptr (PgTestServer) server
          = pg_test_server_new (PG_TEST_SERVER_FLAGS_SCRAM | PG_TEST_SERVER_FLAGS_TCP | (tls ? PG_TEST_SERVER_FLAGS_TLS : 0));

      if (!pg_test_fixture_up (server))
        return NULL;
      servers[tls] = g_steal_pointer (&server);
    }
  return servers[tls];
}

static GError *
open_error (const char *conninfo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgConnection) connection = pg_connection_open (conninfo, NULL, &error);

  g_test_message ("%s", conninfo);
  g_assert_null (connection);
  g_assert_nonnull (error);
  return g_steal_pointer (&error);
}

static void
assert_open_fails (const char *conninfo, GQuark domain, int code, const char *part)
{
  g_autoptr (GError) error = open_error (conninfo);

  g_assert_error (error, domain, code);
  pg_test_assert_contains (error->message, part);
  /* The password of these cases. */
  g_assert_null (strstr (error->message, "hunter2"));
}

static char *
quote (const char *value)
{
  GString *text = g_string_new ("'");

  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
    }
  g_string_append_c (text, '\'');
  return g_string_free (text, FALSE);
}

static char *
escape (const char *value)
{
  return g_uri_escape_string (value, NULL, FALSE);
}

static void
add_strange_role (PgTestServer *server)
{
  g_autofree char *existing = pg_test_psql (pg_test_server_get_conninfo (server), "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'ü%'");
  g_autofree char *role = NULL;
  g_autofree char *database = NULL;

  if (strcmp (existing, "0") != 0)
    return;
  role = pg_test_psql (pg_test_server_get_conninfo (server),
                       "CREATE ROLE \"ü 'b\\a\"\"x:/%#@☃\" LOGIN PASSWORD 'p@s:s/w%o#r''d\\ \"?&=☃'");
  database = pg_test_psql (pg_test_server_get_conninfo (server), "CREATE DATABASE \"ü 'b\\a\"\"x:/%#@☃\"");
}

static void
assert_strange_session (const char *conninfo)
{
  g_autoptr (PgConnection) connection = pg_test_open (conninfo);
  g_autofree char *user = pg_test_text (connection, "SELECT current_user");
  g_autofree char *database = pg_test_text (connection, "SELECT current_database()");
  g_autofree char *public = pg_base_connection_dup_conninfo (PG_BASE_CONNECTION (connection));
  g_autofree char *again_conninfo = NULL;
  g_autofree char *again_user = NULL;
  g_autofree char *password = quote (STRANGE_PASSWORD);
  g_autoptr (PgConnection) again = NULL;

  g_assert_cmpstr (user, ==, STRANGE_NAME);
  g_assert_cmpstr (database, ==, STRANGE_NAME);

  /* What it says of itself can be used to open it again; only the password has to be added. */
  g_assert_null (strstr (public, "password"));
  again_conninfo = g_strconcat (public, " password=", password, NULL);
  again = pg_test_open (again_conninfo);
  again_user = pg_test_text (again, "SELECT current_user");
  g_assert_cmpstr (again_user, ==, STRANGE_NAME);
}

static void
test_keywords (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *name = quote (STRANGE_NAME);
  g_autofree char *password = quote (STRANGE_PASSWORD);
  g_autofree char *host = NULL;
  g_autofree char *conninfo = NULL;

  g_test_summary ("Keywords and values take any character in user, password and database.");
  if (server == NULL)
    return;
  add_strange_role (server);
  host = quote (pg_test_server_get_socket_directory (server));
  conninfo = g_strdup_printf ("  host = %s port=%u user=%s dbname = %s password=%s ", host, pg_test_server_get_port (server), name, name, password);
  assert_strange_session (conninfo);
}

static void
test_uri (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *name = escape (STRANGE_NAME);
  g_autofree char *password = escape (STRANGE_PASSWORD);
  g_autofree char *host = NULL;
  g_autofree char *conninfo = NULL;
  g_autofree char *query = NULL;

  g_test_summary ("A URI takes any character, escaped, in user, password, host and database.");
  if (server == NULL)
    return;
  add_strange_role (server);
  host = escape (pg_test_server_get_socket_directory (server));
  conninfo = g_strdup_printf ("postgresql://%s:%s@%s:%u/%s", name, password, host, pg_test_server_get_port (server), name);
  assert_strange_session (conninfo);
  query = g_strdup_printf ("postgres:///%s?host=%s&port=%u&user=%s&password=%s&application_name=a%%20b", name, host, pg_test_server_get_port (server), name,
                           password);
  assert_strange_session (query);
}

static void
test_bad_conninfo (void)
{
  static const struct
  {
    const char *conninfo;
    const char *part;
  } cases[] = {
    { "no_such_keyword=1", "no_such_keyword" },
    { "host=/nowhere dbname", "dbname" },
    { "host='unterminated", "unterminated" },
    { "postgresql://[::1/d", "[::1/d" },
    { "postgresql://h/d?no_such_keyword=1", "no_such_keyword" },
    { "postgresql://h/%zz", "%zz" },
    { "password=my hunter2", "may be a password in it" },
    { "postgresql://me:hunter2%zz@h/d", "may be a password in it" },
    { "password=hunter2 no_such_keyword=1", "no_such_keyword" },
    { "postgresql://h/%00", "%00" },
    { "host=a,b,c port=1,2", "could not match 2 port numbers to 3 hosts" },
    { "host=a,b port=1,2,3", "could not match 3 port numbers to 2 hosts" },
    { "host=a,b hostaddr=127.0.0.1", "could not match 2 host names to 1 hostaddr values" },
    { "host=a hostaddr=127.0.0.1,127.0.0.2", "could not match 1 host names to 2 hostaddr values" },
    { "host=a connect_timeout=soon", "bad value for connect_timeout: 'soon'" },
    { "host=a connect_timeout=1s", "bad value for connect_timeout: '1s'" },
    { "host=a connect_timeout=nan", "bad value for connect_timeout: 'nan'" },
  };

  g_test_summary ("What cannot be understood fails at once with an error that names it.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 before = g_get_monotonic_time ();

      assert_open_fails (cases[i].conninfo, PG_ERROR, PG_ERROR_PROGRAMMING, cases[i].part);
      /* No name was looked up and nothing was connected to. */
      g_assert_cmpint (g_get_monotonic_time () - before, <, 2 * G_USEC_PER_SEC);
    }
}

static void
test_bad_conninfo_hides_password (void)
{
  static const char *const cases[] = {
    "password=zebra no_such_keyword=1",
    "host=a password=zebra connect_timeout=soon",
    "host=/nowhere password=zebra",
    "host=/nowhere password=zebra sslpassword=zebra",
    "postgresql://u:zebra@a,b,c:1,2/",
    "postgresql://u:zebra@%2Fnowhere/",
  };

  g_test_summary ("No password is in the message of an error.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = open_error (cases[i]);

      g_assert_null (strstr (error->message, "zebra"));
    }
}

static void
test_connect_timeout (void)
{
  PgTestServer *server = get_server (FALSE);
  static const char *const values[] = { "2.7", "0", "-1", "1", " 3 ", "1e2" };

  g_test_summary ("connect_timeout is a number of seconds, as the model takes it.");
  if (server == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *conninfo = g_strdup_printf ("%s connect_timeout='%s'", pg_test_server_get_conninfo (server), values[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (PgConnection) connection = pg_connection_open (conninfo, NULL, &error);

      g_test_message ("%s", values[i]);
      /* libpq looks at the value as well where it is given, and takes integers only. */
      if (error != NULL)
        g_test_message ("%s", error->message);
      g_assert_no_error (error);
      g_assert_nonnull (connection);
    }
}

static void
test_several_hosts (void)
{
  PgTestServer *server = get_server (FALSE);
  const char *directory;
  g_autofree char *conninfo = NULL;
  g_autofree char *broadcast = NULL;
  g_autofree char *dead = NULL;
  g_autofree char *port = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) other = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A host that refuses is followed by the next; when all fail, all are named.");
  if (server == NULL)
    return;
  directory = pg_test_server_get_socket_directory (server);
  conninfo = g_strdup_printf ("%s host=/nowhere,127.0.0.1,%s port=1,1,%u", pg_test_server_get_conninfo (server), directory, pg_test_server_get_port (server));
  connection = pg_test_open (conninfo);
  port = pg_test_text (connection, "SHOW port");
  g_assert_cmpint (atoi (port), ==, pg_test_server_get_port (server));

  broadcast = g_strdup_printf ("%s host=/nowhere,%s", pg_test_server_get_conninfo (server), directory);
  other = pg_test_open (broadcast);

  dead = g_strdup_printf ("%s host=/nowhere,127.0.0.1 port=17,1", pg_test_server_get_conninfo (server));
  error = open_error (dead);
  g_assert_error (error, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "08001");
  g_assert_cmpint (pg_error_get_class (error), ==, PG_ERROR_CLASS_OPERATIONAL);
  pg_test_assert_contains (error->message, "Multiple connection attempts failed. All failures were:");
  pg_test_assert_contains (error->message, "- host: '/nowhere', port: '17', hostaddr: ''");
  pg_test_assert_contains (error->message, "- host: '127.0.0.1', port: '1', hostaddr: '127.0.0.1'");
}

static void
test_abstract_socket (void)
{
  gint64 before = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("The name of an abstract socket is not looked up.");
  error = open_error ("host=@/no/such/socket port=5432");
  g_assert_error (error, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
  g_assert_null (strstr (error->message, "resolve"));
  pg_test_assert_contains (error->message, "@/no/such/socket");
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
}

static void
test_unresolvable (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *conninfo = NULL;
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("A name that cannot be resolved is an error that names it, and no obstacle to the next host.");
  assert_open_fails ("host=no-such-host.invalid", PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION,
                     "failed to resolve host 'no-such-host.invalid': ");
  if (server == NULL)
    return;
  conninfo = g_strdup_printf ("%s host=no-such-host.invalid,%s", pg_test_server_get_conninfo (server), pg_test_server_get_socket_directory (server));
  connection = pg_test_open (conninfo);
  g_assert_false (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
}

static void
test_localhost (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *conninfo = NULL;
  g_autofree char *address = NULL;
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("A name is looked up, and every address of it is tried.");
  if (server == NULL)
    return;
  conninfo = g_strdup_printf ("%s host=localhost", pg_test_server_get_conninfo (server));
  connection = pg_test_open (conninfo);
  address = pg_test_text (connection, "SELECT host(inet_server_addr())");
  g_assert_cmpstr (address, ==, "127.0.0.1");
}

static void
set_environment (PgTestServer *server, const char *password)
{
  g_autofree char *port = g_strdup_printf ("%u", pg_test_server_get_port (server));

  g_setenv ("PGHOST", pg_test_server_get_socket_directory (server), TRUE);
  g_setenv ("PGPORT", port, TRUE);
  g_setenv ("PGUSER", "postgres", TRUE);
  g_setenv ("PGDATABASE", "template1", TRUE);
  g_setenv ("PGAPPNAME", "from the environment", TRUE);
  if (password != NULL)
    g_setenv ("PGPASSWORD", password, TRUE);
}

/* What comes after "password=" in the server's own conninfo. */
static char *
dup_password (PgTestServer *server)
{
  const char *start = strstr (pg_test_server_get_conninfo (server), "password=");
  g_autofree char *rest = NULL;

  g_assert_nonnull (start);
  rest = g_strdup (start + strlen ("password="));
  return g_strndup (rest, strcspn (rest, " "));
}

static void
test_environment (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *password = NULL;
  g_autofree char *name = NULL;
  g_autofree char *database = NULL;
  g_autofree char *public = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) overriding = NULL;

  g_test_summary ("An empty conninfo is completed from the environment; what it says has precedence.");
  if (server == NULL)
    return;
  password = dup_password (server);
  set_environment (server, password);
  connection = pg_test_open ("");
  overriding = pg_test_open ("dbname=postgres");
  pg_test_clean_environment ();

  name = pg_test_text (connection, "SELECT current_database() || ': ' || current_setting('application_name')");
  g_assert_cmpstr (name, ==, "template1: from the environment");
  public = pg_base_connection_dup_conninfo (PG_BASE_CONNECTION (connection));
  g_assert_null (strstr (public, password));
  database = pg_test_text (overriding, "SELECT current_database()");
  g_assert_cmpstr (database, ==, "postgres");
}

static void
test_environment_timeout (void)
{
  g_test_summary ("connect_timeout comes from the environment, too.");
  g_setenv ("PGCONNECT_TIMEOUT", "never", TRUE);
  assert_open_fails ("host=/nowhere", PG_ERROR, PG_ERROR_PROGRAMMING, "bad value for connect_timeout: 'never'");
  pg_test_clean_environment ();
}

static void
test_service_and_passfile (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("pgconn-open-XXXXXX", &error);
  g_autofree char *services = g_build_filename (directory, "services", NULL);
  g_autofree char *passfile = g_build_filename (directory, "passfile", NULL);
  g_autofree char *text = NULL;
  g_autofree char *passwords = NULL;
  g_autofree char *password = NULL;
  g_autofree char *name = NULL;
  g_autofree char *by_host = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) by_tcp = NULL;

  g_test_summary ("The service file says where to, the password file with which password.");
  g_assert_no_error (error);
  if (server == NULL)
    return;
  password = dup_password (server);
  text = g_strdup_printf ("[shop]\nhost=/nowhere,%s\nport=%u\nuser=postgres\ndbname=template1\napplication_name=of the service\n",
                          pg_test_server_get_socket_directory (server), pg_test_server_get_port (server));
  g_assert_true (g_file_set_contents (services, text, -1, NULL));
  passwords = g_strdup_printf ("# comment\n*:%u:*:nobody:x\n%s:%u:template1:postgres:%s\nlocalhost:%u:*:postgres:%s\n", pg_test_server_get_port (server),
                               pg_test_server_get_socket_directory (server), pg_test_server_get_port (server), password,
                               pg_test_server_get_port (server), password);
  g_assert_true (g_file_set_contents_full (passfile, passwords, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));

  g_setenv ("PGSERVICEFILE", services, TRUE);
  g_setenv ("PGPASSFILE", passfile, TRUE);
  connection = pg_test_open ("service=shop");
  /* By the name that was given, not by the address it has. */
  by_host = g_strdup_printf ("host=localhost port=%u user=postgres dbname=postgres", pg_test_server_get_port (server));
  by_tcp = pg_test_open (by_host);
  assert_open_fails ("service=no-such-service", PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "no-such-service");
  pg_test_clean_environment ();

  name = pg_test_text (connection, "SELECT current_database() || ': ' || current_setting('application_name')");
  g_assert_cmpstr (name, ==, "template1: of the service");
  g_assert_cmpint (g_unlink (services), ==, 0);
  g_assert_cmpint (g_unlink (passfile), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_wrong_password (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *conninfo = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;
  PgDiagnostic *diagnostic;

  g_test_summary ("A wrong password is 28P01 with its diagnostic, although libpq does not tell the code.");
  if (server == NULL)
    return;
  conninfo = g_strdup_printf ("%s password=zebra", pg_test_server_get_conninfo (server));
  error = open_error (conninfo);
  g_assert_error (error, PG_ERROR, PG_ERROR_INVALID_PASSWORD);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "28P01");
  diagnostic = pg_error_get_diagnostic (error);
  g_assert_nonnull (diagnostic);
  g_assert_cmpstr (pg_diagnostic_get_severity (diagnostic), ==, "FATAL");
  g_assert_cmpstr (pg_diagnostic_get_message_primary (diagnostic), ==, "password authentication failed for user \"postgres\"");
  g_assert_null (strstr (error->message, "zebra"));
  g_assert_null (strstr (error->message, "28P01"));
  g_assert_null (strstr (error->message, "LOCATION"));

  none = g_strdup_printf ("%s password=''", pg_test_server_get_conninfo (server));
  assert_open_fails (none, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "no password supplied");
}

static void
test_missing_database (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autofree char *conninfo = NULL;
  g_autofree char *role = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A database or a role that does not exist has the server's SQLSTATE.");
  if (server == NULL)
    return;
  conninfo = pg_test_server_dup_database_conninfo (server, "no such: database");
  error = open_error (conninfo);
  g_assert_error (error, PG_ERROR, PG_ERROR_INVALID_CATALOG_NAME);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "3D000");
  g_assert_cmpint (pg_error_get_class (error), ==, PG_ERROR_CLASS_PROGRAMMING);
  pg_test_assert_contains (error->message, "connection failed: ");
  pg_test_assert_contains (error->message, "database \"no such: database\" does not exist");

  role = g_strdup_printf ("%s user=nobody-of-that-name", pg_test_server_get_conninfo (server));
  assert_open_fails (role, PG_ERROR, PG_ERROR_INVALID_AUTHORIZATION_SPECIFICATION, "role \"nobody-of-that-name\" does not exist");
}

static void
test_tls (void)
{
  PgTestServer *server = get_server (TRUE);
  PgTestServer *without = get_server (FALSE);
  g_autofree char *conninfo = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *untrusted = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *state = NULL;
  g_autofree char *public = NULL;
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("verify-full takes the server of the right name only; require takes no server without TLS.");
  if (server == NULL || without == NULL)
    return;
  conninfo = pg_test_server_dup_tcp_conninfo (server, pg_test_server_get_conninfo (server));
  pg_test_assert_contains (conninfo, "sslmode=verify-full");
  connection = pg_test_open (conninfo);
  state = pg_test_text (connection, "SELECT ssl::text || ' ' || version FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  g_assert_cmpstr (state, ==, "true TLSv1.3");

  wrong = g_strconcat (conninfo, " host=example.org", NULL);
  assert_open_fails (wrong, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "does not match host name \"example.org\"");
  untrusted = g_strconcat (conninfo, " sslrootcert=/dev/null", NULL);
  assert_open_fails (untrusted, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "");
  refused = g_strdup_printf ("%s host=127.0.0.1 sslmode=require", pg_test_server_get_conninfo (without));
  assert_open_fails (refused, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "server does not support SSL");
}

static void
test_secrets (void)
{
  PgTestServer *server = get_server (FALSE);
  g_autofree char *password = NULL;
  g_autofree char *conninfo = NULL;
  g_autofree char *public = NULL;
  g_autofree char *before = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) unopened = NULL;

  g_test_summary ("The property has no password of any kind, and nothing before the connection is open.");
  if (server == NULL)
    return;
  password = dup_password (server);
  conninfo = g_strdup_printf ("%s sslpassword=zebra1 application_name='it\\'s'", pg_test_server_get_conninfo (server));

  unopened = g_object_new (PG_TYPE_CONNECTION, "conninfo", conninfo, NULL);
  g_object_get (unopened, "conninfo", &before, NULL);
  g_assert_null (before);

  connection = pg_test_open (conninfo);
  g_object_get (connection, "conninfo", &public, NULL);
  g_assert_nonnull (public);
  g_assert_null (strstr (public, password));
  g_assert_null (strstr (public, "zebra"));
  g_assert_null (strstr (public, "password"));
  pg_test_assert_contains (public, "application_name='it\\'s'");
  pg_test_assert_contains (public, "user='postgres'");
}

int
main (int argc, char *argv[])
{
  int status;

  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/connection/open/keywords", test_keywords);
  g_test_add_func ("/pg/connection/open/uri", test_uri);
  g_test_add_func ("/pg/connection/open/bad-conninfo", test_bad_conninfo);
  g_test_add_func ("/pg/connection/open/bad-conninfo-hides-password", test_bad_conninfo_hides_password);
  g_test_add_func ("/pg/connection/open/connect-timeout", test_connect_timeout);
  g_test_add_func ("/pg/connection/open/several-hosts", test_several_hosts);
  g_test_add_func ("/pg/defect/17-abstract-socket-is-not-looked-up", test_abstract_socket);
  g_test_add_func ("/pg/connection/open/unresolvable", test_unresolvable);
  g_test_add_func ("/pg/connection/open/localhost", test_localhost);
  g_test_add_func ("/pg/connection/open/environment", test_environment);
  g_test_add_func ("/pg/connection/open/environment-timeout", test_environment_timeout);
  g_test_add_func ("/pg/connection/open/service-and-passfile", test_service_and_passfile);
  g_test_add_func ("/pg/defect/21-wrong-password-has-sqlstate", test_wrong_password);
  g_test_add_func ("/pg/defect/21-missing-database-has-sqlstate", test_missing_database);
  g_test_add_func ("/pg/connection/open/tls", test_tls);
  g_test_add_func ("/pg/connection/open/secrets", test_secrets);

  status = g_test_run ();
  g_clear_object (&servers[FALSE]);
  g_clear_object (&servers[TRUE]);
  return status;
}
