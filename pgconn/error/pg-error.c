/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-error.h"

#include <glib/gi18n-lib.h>

#include "pg-diagnostic-private.h"
#include "pg-error-private.h"

/* The highest code of those that stand for no SQLSTATE. */
#define LAST_OWN_CODE 1000

typedef struct
{
  PgDiagnostic *diagnostic;
} PgErrorPrivate;

static void
pg_error_private_init (PgErrorPrivate *priv)
{
}

static void
pg_error_private_copy (const PgErrorPrivate *src_priv, PgErrorPrivate *dest_priv)
{
  if (src_priv->diagnostic != NULL)
    dest_priv->diagnostic = pg_diagnostic_ref (src_priv->diagnostic);
}

static void
pg_error_private_clear (PgErrorPrivate *priv)
{
  g_clear_pointer (&priv->diagnostic, pg_diagnostic_unref);
}

/**
 * pg_error_quark:
 *
 * Gets the error domain `PG_ERROR`, whose name is `PgError`.
 *
 * Returns: the domain
 *
 * Since: 1.0
 */
/* GLib's macro casts a pointer to bytes, which GLib has aligned; clang cannot know that. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (PgError, pg_error)
#pragma GCC diagnostic pop

/* When the library is loaded: bindings make errors from the domain's name alone, and one made before the domain is registered has no room for the
 * private part that pg_error_get_diagnostic() would read. */
static void __attribute__ ((constructor))
register_domain (void)
{
  pg_error_quark ();
}

GError *
pg_error_new_with_diagnostic (int code, PgDiagnostic *diagnostic, const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  GError *error = g_error_new_literal (PG_ERROR, code, valid);

  if (diagnostic != NULL)
    pg_error_get_private (error)->diagnostic = pg_diagnostic_ref (diagnostic);

  return error;
}

static void
append_line (GString *message, const char *label, const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (message, "\n%s:  %s", label, text);
}

GError *
pg_error_new_from_diagnostic (PgDiagnostic *diagnostic)
{
  const char *sqlstate = pg_diagnostic_get_sqlstate (diagnostic);
  const char *primary = pg_diagnostic_get_message_primary (diagnostic);
  g_autoptr (GString) message = g_string_new (primary);

  if (message->len == 0)
    g_string_append (message, _("The server reported an error without a message"));

  append_line (message, "DETAIL", pg_diagnostic_get_message_detail (diagnostic));
  append_line (message, "HINT", pg_diagnostic_get_message_hint (diagnostic));
  append_line (message, "CONTEXT", pg_diagnostic_get_context (diagnostic));

  return pg_error_new_with_diagnostic (pg_sqlstate_to_error (sqlstate), diagnostic, message->str);
}

/**
 * pg_error_get_diagnostic:
 * @error: an error
 *
 * Gets all that the server said about an error.
 *
 * A copy of an error that `g_error_copy()` makes has it too. PyGObject drops it when it makes a Python exception of an error.
 *
 * Returns: (nullable) (transfer none): the diagnostic, which lives as long as @error; `NULL` where the error did not come from the server or is not
 *   of the domain `PG_ERROR`
 *
 * Since: 1.0
 */
PgDiagnostic *
pg_error_get_diagnostic (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != PG_ERROR)
    return NULL;

  return pg_error_get_private (error)->diagnostic;
}

/**
 * pg_error_get_sqlstate:
 * @error: an error
 *
 * Gets the SQLSTATE of an error.
 *
 * It is the one that the server sent; for an error that has no diagnostic, the one that its code stands for.
 *
 * Returns: (nullable) (transfer none): five digits and capital letters, which live as long as @error; `NULL` where there is none
 *
 * Since: 1.0
 */
const char *
pg_error_get_sqlstate (const GError *error)
{
  PgDiagnostic *diagnostic;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != PG_ERROR)
    return NULL;

  diagnostic = pg_error_get_private (error)->diagnostic;

  if (diagnostic != NULL && pg_sqlstate_is_valid (pg_diagnostic_get_sqlstate (diagnostic)))
    return pg_diagnostic_get_sqlstate (diagnostic);

  return error->code != PG_ERROR_SUCCESSFUL_COMPLETION ? pg_sqlstate_from_error (error->code) : NULL;
}

static PgErrorClass
get_class_of_own_code (int code)
{
  switch (code)
    {
    case PG_ERROR_INTERFACE:
      return PG_ERROR_CLASS_INTERFACE;

    case PG_ERROR_PROGRAMMING:
      return PG_ERROR_CLASS_PROGRAMMING;

    case PG_ERROR_NOT_SUPPORTED:
      return PG_ERROR_CLASS_NOT_SUPPORTED;

    case PG_ERROR_OPERATIONAL:
    case PG_ERROR_OUTCOME_UNKNOWN:
    case PG_ERROR_TRANSACTION_ROLLED_BACK:
    case PG_ERROR_PIPELINE_ABORTED:
      return PG_ERROR_CLASS_OPERATIONAL;

    case PG_ERROR_DATA:
      return PG_ERROR_CLASS_DATA;

    case PG_ERROR_CLIENT_INTERNAL:
      return PG_ERROR_CLASS_INTERNAL;

    default:
      return PG_ERROR_CLASS_DATABASE;
    }
}

/**
 * pg_error_get_class:
 * @error: an error
 *
 * Gets the class that an error belongs to.
 *
 * Where the server sent a SQLSTATE it is that of [func@sqlstate_get_error_class]. The client's own codes belong to the class of the same name;
 * `PG_ERROR_OUTCOME_UNKNOWN`, `PG_ERROR_TRANSACTION_ROLLED_BACK` and `PG_ERROR_PIPELINE_ABORTED` to `PG_ERROR_CLASS_OPERATIONAL`,
 * `PG_ERROR_CLIENT_INTERNAL` to `PG_ERROR_CLASS_INTERNAL`. Errors of other domains, such as `G_IO_ERROR` and `G_RESOLVER_ERROR`, are all `PG_ERROR_CLASS_OPERATIONAL`.
 *
 * Returns: the class
 *
 * Since: 1.0
 */
PgErrorClass
pg_error_get_class (const GError *error)
{
  g_return_val_if_fail (error != NULL, PG_ERROR_CLASS_DATABASE);

  if (error->domain != PG_ERROR)
    return PG_ERROR_CLASS_OPERATIONAL;

  if (error->code > PG_ERROR_DATABASE && error->code <= LAST_OWN_CODE)
    return get_class_of_own_code (error->code);

  return pg_sqlstate_get_error_class (pg_error_get_sqlstate (error));
}
