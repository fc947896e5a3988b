/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-sqlstate.h"

#include <string.h>

#include "pg-error-private.h"
#include "pg-sqlstate-table.h"

#define SQLSTATE_LENGTH 5

typedef struct
{
  char name[3];
  PgErrorClass error_class;
} SqlstateClass;

static const SqlstateClass sqlstate_classes[] = {
  { "08", PG_ERROR_CLASS_OPERATIONAL },
  { "0A", PG_ERROR_CLASS_NOT_SUPPORTED },
  { "10", PG_ERROR_CLASS_PROGRAMMING },
  { "20", PG_ERROR_CLASS_PROGRAMMING },
  { "21", PG_ERROR_CLASS_PROGRAMMING },
  { "22", PG_ERROR_CLASS_DATA },
  { "23", PG_ERROR_CLASS_INTEGRITY },
  { "24", PG_ERROR_CLASS_INTERNAL },
  { "25", PG_ERROR_CLASS_INTERNAL },
  { "26", PG_ERROR_CLASS_PROGRAMMING },
  { "27", PG_ERROR_CLASS_OPERATIONAL },
  { "28", PG_ERROR_CLASS_OPERATIONAL },
  { "2B", PG_ERROR_CLASS_INTERNAL },
  { "2D", PG_ERROR_CLASS_INTERNAL },
  { "2F", PG_ERROR_CLASS_OPERATIONAL },
  { "34", PG_ERROR_CLASS_PROGRAMMING },
  { "38", PG_ERROR_CLASS_OPERATIONAL },
  { "39", PG_ERROR_CLASS_OPERATIONAL },
  { "3B", PG_ERROR_CLASS_OPERATIONAL },
  { "3D", PG_ERROR_CLASS_PROGRAMMING },
  { "3F", PG_ERROR_CLASS_PROGRAMMING },
  { "40", PG_ERROR_CLASS_OPERATIONAL },
  { "42", PG_ERROR_CLASS_PROGRAMMING },
  { "44", PG_ERROR_CLASS_PROGRAMMING },
  { "53", PG_ERROR_CLASS_OPERATIONAL },
  { "54", PG_ERROR_CLASS_OPERATIONAL },
  { "55", PG_ERROR_CLASS_OPERATIONAL },
  { "57", PG_ERROR_CLASS_OPERATIONAL },
  { "58", PG_ERROR_CLASS_OPERATIONAL },
};

gboolean
pg_sqlstate_is_valid (const char *sqlstate)
{
  gsize i;

  if (sqlstate == NULL)
    return FALSE;

  for (i = 0; i < SQLSTATE_LENGTH; i++)
    {
      if (!g_ascii_isdigit (sqlstate[i]) && !g_ascii_isupper (sqlstate[i]))
        return FALSE;
    }

  return sqlstate[SQLSTATE_LENGTH] == '\0';
}

static const char *
find_sqlstate (const char *sqlstate)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (pg_sqlstates);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      int order = strcmp (sqlstate, pg_sqlstates[middle]);

      if (order == 0)
        return pg_sqlstates[middle];

      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }

  return NULL;
}

static int
code_from_known (const char *sqlstate)
{
  return (int) g_ascii_strtoull (sqlstate, NULL, 36);
}

/**
 * pg_sqlstate_to_error:
 * @sqlstate: (nullable): a SQLSTATE: five characters, digits and capital letters
 *
 * Looks up the code that errors with @sqlstate have: a value of [error@Error].
 *
 * A SQLSTATE that is not known has the code of its class, the condition whose SQLSTATE ends with `000`; without one, and where @sqlstate is
 * `NULL` or not a SQLSTATE, the code is `PG_ERROR_DATABASE`.
 *
 * Returns: the code
 *
 * Since: 1.0
 */
int
pg_sqlstate_to_error (const char *sqlstate)
{
  char of_class[SQLSTATE_LENGTH + 1] = "00000";

  if (!pg_sqlstate_is_valid (sqlstate))
    return PG_ERROR_DATABASE;

  if (find_sqlstate (sqlstate) != NULL)
    return code_from_known (sqlstate);

  memcpy (of_class, sqlstate, 2);

  /* Class 00 means success: an error must not be taken for one. */
  if (strcmp (of_class, "00000") != 0 && find_sqlstate (of_class) != NULL)
    return code_from_known (of_class);

  return PG_ERROR_DATABASE;
}

/**
 * pg_sqlstate_from_error:
 * @code: a code of the domain `PG_ERROR`: a value of [error@Error]
 *
 * Looks up the SQLSTATE that a code stands for.
 *
 * Returns: (nullable) (transfer none): the SQLSTATE, or `NULL` where @code is one of the client's own or not known
 *
 * Since: 1.0
 */
const char *
pg_sqlstate_from_error (int code)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  char sqlstate[SQLSTATE_LENGTH + 1] = "";
  gint64 rest = code;
  gsize i;

  if (rest < 0)
    return NULL;

  for (i = SQLSTATE_LENGTH; i > 0; i--)
    {
      sqlstate[i - 1] = digits[rest % 36];
      rest /= 36;
    }

  return rest == 0 ? find_sqlstate (sqlstate) : NULL;
}

/**
 * pg_sqlstate_get_error_class:
 * @sqlstate: (nullable): a SQLSTATE: five characters, digits and capital letters
 *
 * Looks up the class of error that a SQLSTATE belongs to.
 *
 * The first two characters decide, and where those are of no class that is known, the first one alone: `F` and `H` are
 * `PG_ERROR_CLASS_OPERATIONAL`, `P` is `PG_ERROR_CLASS_PROGRAMMING`, `X` is `PG_ERROR_CLASS_INTERNAL`.
 *
 * Returns: the class; `PG_ERROR_CLASS_DATABASE` where @sqlstate is `NULL`, not a SQLSTATE, or of no class with another meaning
 *
 * Since: 1.0
 */
PgErrorClass
pg_sqlstate_get_error_class (const char *sqlstate)
{
  gsize i;

  if (!pg_sqlstate_is_valid (sqlstate))
    return PG_ERROR_CLASS_DATABASE;

  for (i = 0; i < G_N_ELEMENTS (sqlstate_classes); i++)
    {
      if (memcmp (sqlstate, sqlstate_classes[i].name, 2) == 0)
        return sqlstate_classes[i].error_class;
    }

  switch (sqlstate[0])
    {
    case 'F':
    case 'H':
      return PG_ERROR_CLASS_OPERATIONAL;

    case 'P':
      return PG_ERROR_CLASS_PROGRAMMING;

    case 'X':
      return PG_ERROR_CLASS_INTERNAL;

    default:
      return PG_ERROR_CLASS_DATABASE;
    }
}
