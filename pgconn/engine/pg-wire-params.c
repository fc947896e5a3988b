/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-wire-params-private.h"

PgWireParams *
pg_wire_params_ref (PgWireParams *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_wire_params_unref (PgWireParams *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->owner_free != NULL)
    self->owner_free (self->owner);
  g_free (self);
}
