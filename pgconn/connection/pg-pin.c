/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-pin-private.h"

/* The object is pinned while somebody is about to call g_object_ref() for it. dispose(), which every last g_object_unref() calls while the last reference is still
 * there, takes a reference for those who pin it. After that the object is not found any more: what comes after dispose() in g_object_unref() nobody could
 * wait for. Where the source's thread is using it then, that thread disposes of it when it has done with it. */

struct _PgPin
{
  gatomicrefcount ref_count;
  GMutex lock;
  GObject *object; /* not owned; NULL when it is gone */
  guint n_pins;    /* about to be referenced */
  guint n_owed;    /* references that the ends of an object took for those who pinned it */
  guint n_used;
  GThread *user;
  gboolean is_orphaned; /* to be disposed of by the last user */
};

PgPin *
pg_pin_new (GObject *object)
{
  PgPin *self = g_new0 (PgPin, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->object = object;
  return self;
}

PgPin *
pg_pin_ref (PgPin *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_pin_unref (PgPin *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

gpointer
pg_pin_obtain (PgPin *self)
{
  GObject *object;
  gboolean is_orphaned;
  guint n_owed = 0;

  g_mutex_lock (&self->lock);
  object = self->object;
  if (object == NULL)
    {
      g_mutex_unlock (&self->lock);
      return NULL;
    }
  self->n_pins++;
  g_mutex_unlock (&self->lock);

  g_object_ref (object);

  g_mutex_lock (&self->lock);
  self->n_pins--;
  self->n_used++;
  self->user = g_thread_self ();
  is_orphaned = self->is_orphaned;
  if (self->n_pins == 0)
    {
      n_owed = self->n_owed;
      self->n_owed = 0;
    }
  g_mutex_unlock (&self->lock);
  for (; n_owed > 0; n_owed--)
    g_object_unref (object);
  if (!is_orphaned)
    return object;
  pg_pin_release (self, object);
  return NULL;
}

void
pg_pin_release (PgPin *self, gpointer object)
{
  gboolean disposes;

  g_mutex_lock (&self->lock);
  disposes = --self->n_used == 0 && self->is_orphaned;
  g_mutex_unlock (&self->lock);
  if (disposes)
    g_object_run_dispose (object);
  g_object_unref (object);
}

gboolean
pg_pin_dispose (PgPin *self)
{
  gboolean lives_on;

  g_mutex_lock (&self->lock);
  if (self->n_pins > 0 && self->object != NULL)
    {
      self->n_owed++;
      g_object_ref (self->object);
    }
  lives_on = self->n_pins > 0 || (self->n_used > 0 && self->user != g_thread_self ());
  self->is_orphaned = lives_on;
  self->object = NULL;
  g_mutex_unlock (&self->lock);
  return lives_on;
}
