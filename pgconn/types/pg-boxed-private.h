/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* G_DEFINE_BOXED_TYPE for one with ref, unref and to_string, of which g_value_transform() makes a string. */
#define PG_DEFINE_BOXED_TYPE(TypeName, type_name)                                                                     \
  static void                                                                                                         \
  type_name##_transform_to_string (const GValue *source, GValue *target)                                              \
  {                                                                                                                   \
    const TypeName *self = g_value_get_boxed (source);                                                                \
                                                                                                                      \
    g_value_take_string (target, self != NULL ? type_name##_to_string (self) : NULL);                                 \
  }                                                                                                                   \
                                                                                                                      \
  G_DEFINE_BOXED_TYPE_WITH_CODE (TypeName, type_name, type_name##_ref, type_name##_unref,                             \
                                 g_value_register_transform_func (g_define_type_id, G_TYPE_STRING,                    \
                                                                  type_name##_transform_to_string))

G_END_DECLS
