/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-query-private.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-wire-build-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* A query whose parameters' types the server has told. */

PgQuery *
pg_query_new_typed (PgQuery *self,
                    const guint32 *param_types,
                    const PgTypeTable *types)
{
  PgQuery *typed = pg_query_parse (self->text, self->length, self->with_params, NULL);

  g_return_val_if_fail (typed != NULL, NULL);
  if (typed->casts == NULL)
    typed->casts = g_new0 (char *, MAX (typed->n_params, 1));
  for (guint i = 0; i < typed->n_params; i++)
    {
      const PgCodec *codec = pg_type_table_lookup (types, param_types[i]);

      g_free (typed->casts[i]);
      typed->casts[i] = codec != NULL ? g_strdup (pg_codec_get_name (codec)) : NULL;
    }
  return typed;
}

PgWireParams *
pg_query_bind_typed (PgQuery *self,
                     GVariant *variant,
                     PgParams *params,
                     const guint32 *param_types,
                     const PgTypeTable *types,
                     GError **error)
{
  g_autoptr (PgWireParams) wire = params != NULL ? pg_query_bind_params (self, params, types, error) : pg_query_bind_variant (self, variant, types, error);
  PgWireParams *converted;
  guint failed;

  if (wire == NULL)
    return NULL;
  converted = pg_wire_params_convert (wire, param_types, types, &failed, error);
  if (converted == NULL)
    pg_query_name_parameter (self, failed, error);
  return converted;
}
