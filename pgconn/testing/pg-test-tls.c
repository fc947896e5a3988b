/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-programs-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static const char configuration[] = "[req]\n"
                                    "distinguished_name = name\n"
                                    "x509_extensions = authority\n"
                                    "prompt = no\n"
                                    "[name]\n"
                                    "CN = PgTestServer\n"
                                    "[authority]\n"
                                    "basicConstraints = critical, CA:TRUE\n"
                                    "keyUsage = critical, keyCertSign, cRLSign\n"
                                    "subjectKeyIdentifier = hash\n"
                                    "[server]\n"
                                    "basicConstraints = critical, CA:FALSE\n"
                                    "keyUsage = critical, digitalSignature\n"
                                    "extendedKeyUsage = serverAuth\n"
                                    "subjectAltName = DNS:localhost, IP:127.0.0.1\n"
                                    "subjectKeyIdentifier = hash\n"
                                    "authorityKeyIdentifier = keyid\n";

gboolean
pg_test_tls_create (PgTestPrograms *programs, const char *directory, PgTestWatcher *watcher, GCancellable *cancellable, GError **error)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *config = g_build_filename (directory, "openssl.cnf", NULL);
  g_autofree char *output = g_build_filename (directory, "openssl.log", NULL);
  g_autofree char *ca_key = g_build_filename (directory, "ca.key", NULL);
  g_autofree char *ca_crt = g_build_filename (directory, "ca.crt", NULL);
  g_autofree char *server_key = g_build_filename (directory, "server.key", NULL);
  g_autofree char *server_csr = g_build_filename (directory, "server.csr", NULL);
  g_autofree char *server_crt = g_build_filename (directory, "server.crt", NULL);

  if (openssl == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("The program “openssl” is not installed: install the package “openssl”"));
      return FALSE;
    }
  if (!g_file_set_contents (config, configuration, -1, error) || !pg_test_programs_hand_over (programs, config, error))
    return FALSE;

  {
    const char *make_authority[] = { openssl,  "req",     "-x509",    "-new",   "-newkey", "ec",     "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                                     "-days",  "30",      "-config",  config,   "-keyout", ca_key,   "-out",     ca_crt,                         NULL };
    const char *make_request[] = { openssl, "req",   "-new",          "-newkey", "ec",       "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config",
                                   config,  "-subj", "/CN=localhost", "-keyout", server_key, "-out",     server_csr,                     NULL };
    const char *sign[] = { openssl, "x509",  "-req", "-in",      server_csr, "-CA",         ca_crt,   "-CAkey", ca_key,     "-set_serial",
                           "2",     "-days", "30",   "-extfile", config,     "-extensions", "server", "-out",   server_crt, NULL };

    if (!pg_test_programs_run (programs, make_authority, NULL, output, watcher, cancellable, error) ||
        !pg_test_programs_run (programs, make_request, NULL, output, watcher, cancellable, error) ||
        !pg_test_programs_run (programs, sign, NULL, output, watcher, cancellable, error))
      return FALSE;
  }

  /* Nobody is to sign anything more with it. */
  g_unlink (ca_key);
  return TRUE;
}
