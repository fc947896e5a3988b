/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-pin-private.h"

/* The object is pinned while somebody is about to call g_object_ref() for it. The steps that every last g_object_unref() takes before the count becomes 0 look
 * for pins:
 *
 * - dispose(), which is called with the last reference still there. If the object is pinned or used, it lives on.
 * - After such a dispose(), g_object_unref() looks at the count once more, and if all others have gone meanwhile it goes on to finalize() without another
 *   dispose(). On that way it calls the weak notifies, so one is set then. */

struct _PgPin
{
  gatomicrefcount ref_count;
  GMutex lock;
  GObject *object; /* not owned; NULL when it is gone */
  guint n_pins;    /* about to be referenced */
  guint n_owed;    /* references that the ends of an object took for those who pinned it */
  guint n_used;
  GThread *user;
  gboolean is_watched;
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
  if (self->n_pins == 0)
    {
      n_owed = self->n_owed;
      self->n_owed = 0;
    }
  g_mutex_unlock (&self->lock);
  for (; n_owed > 0; n_owed--)
    g_object_unref (object);
  return object;
}

void
pg_pin_release (PgPin *self, gpointer object)
{
  g_mutex_lock (&self->lock);
  self->n_used--;
  g_mutex_unlock (&self->lock);
  g_object_unref (object);
}

static void
last_chance (gpointer data, GObject *object)
{
  PgPin *self = data;

  g_mutex_lock (&self->lock);
  self->is_watched = FALSE;
  self->object = NULL;
  if (self->n_pins > 0)
    {
      self->n_owed++;
      g_object_ref (object);
    }
  g_mutex_unlock (&self->lock);
  pg_pin_unref (self);
}

gboolean
pg_pin_dispose (PgPin *self)
{
  GObject *object;
  gboolean lives_on = FALSE;
  gboolean needs_watch = FALSE;

  g_mutex_lock (&self->lock);
  object = self->object;
  if (object != NULL)
    {
      if (self->n_pins > 0)
        {
          self->n_owed++;
          g_object_ref (object);
          lives_on = TRUE;
        }
      else if (self->n_used > 0 && self->user != g_thread_self ())
        {
          lives_on = TRUE;
        }
      else
        {
          self->object = NULL;
        }
      if (lives_on && !self->is_watched)
        {
          self->is_watched = TRUE;
          needs_watch = TRUE;
        }
    }
  g_mutex_unlock (&self->lock);
  if (needs_watch)
    g_object_weak_ref (object, last_chance, pg_pin_ref (self));
  return lives_on;
}
