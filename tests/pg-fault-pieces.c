/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy-private.h"

guint
pg_fault_state_random (PgFaultState *self, guint max)
{
  /* Xorshift; it never becomes 0. */
  self->random ^= self->random << 13;
  self->random ^= self->random >> 17;
  self->random ^= self->random << 5;
  return max < G_MAXUINT ? self->random % (max + 1) : self->random;
}

void
pg_fault_proxy_set_pieces (PgFaultProxy *self, PgFaultDirection direction, guint max_size, guint max_pause, guint32 seed)
{
  PgFaultState *state = &self->directions[direction];

  /* What waits longer by the former settings waits no longer than those said. */
  g_mutex_lock (&self->mutex);
  state->piece_size = max_size;
  state->piece_pause = max_size > 0 ? max_pause : 0;
  state->random = seed != 0 ? seed : 1;
  g_mutex_unlock (&self->mutex);
}

void
pg_fault_proxy_set_buffers (PgFaultProxy *self, int size)
{
  g_mutex_lock (&self->mutex);
  self->socket_buffer = size;
  g_mutex_unlock (&self->mutex);
}
