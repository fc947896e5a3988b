/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How a GSource finds the object that it works for, which does not keep it alive: a weak reference that calls g_object_ref() and g_object_unref()
 * without any lock.
 *
 * Up to GLib 2.80, g_weak_ref_get() calls g_object_ref() with a lock held that g_weak_ref_init() and g_object_unref() take too. With the toggle reference of a
 * binding, g_object_ref() waits for the interpreter's lock, which a thread in one of those may have: a deadlock. */
typedef struct _PgPin PgPin;

PgPin *pg_pin_new (GObject *object);
PgPin *pg_pin_ref (PgPin *self);
void pg_pin_unref (PgPin *self);

/* The object with a reference, or NULL when it is gone. By one thread at a time: that of the source. */
gpointer pg_pin_obtain (PgPin *self);
/* Gives the reference back. */
void pg_pin_release (PgPin *self, gpointer object);

/* To be asked at the head of the object's dispose(), after which the object is not found any more. TRUE where it lives on, because the source's thread is using
 * it: pg_pin_release() disposes of it then. */
gboolean pg_pin_dispose (PgPin *self);

G_END_DECLS
