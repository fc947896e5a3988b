/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy-private.h"

#include <string.h>

/* See “Message Formats” in the PostgreSQL manual. */
#define CANCEL_REQUEST 80877102
#define SSL_REQUEST 80877103
#define GSSENC_REQUEST 80877104

static guint32
read_be32 (const guint8 *bytes)
{
  guint32 n;

  memcpy (&n, bytes, sizeof n);
  return GUINT32_FROM_BE (n);
}

static int
startup_type (PgFaultFraming *self)
{
  switch (read_be32 (self->header + 4))
    {
    case CANCEL_REQUEST:
      return PG_FAULT_MESSAGE_CANCEL_REQUEST;
    case SSL_REQUEST:
      return PG_FAULT_MESSAGE_SSL_REQUEST;
    case GSSENC_REQUEST:
      return PG_FAULT_MESSAGE_GSSENC_REQUEST;
    default:
      self->startup = FALSE;
      return PG_FAULT_MESSAGE_STARTUP;
    }
}

gsize
pg_fault_framing_advance (PgFaultFraming *self, const guint8 *data, gsize size, int stop_before, int *type)
{
  gsize i = 0;

  *type = -1;
  while (i < size)
    {
      guint header_size = self->startup ? 8 : 5;

      if (self->opaque)
        return size;

      if (self->have < header_size)
        {
          if (self->have == 0 && self->ssl_reply)
            {
              self->ssl_reply = FALSE;
              /* An old server answers with an ErrorResponse. */
              if (data[i] != 'E')
                {
                  self->opaque = data[i] != 'N';
                  return i + 1;
                }
            }
          if (self->have == 0 && !self->startup && data[i] == stop_before)
            return i;
          self->header[self->have++] = data[i++];
          if (self->have == header_size)
            {
              guint32 length = read_be32 (self->header + (self->startup ? 0 : 1));
              guint32 least = self->startup ? 8 : 4;

              self->opaque = length < least;
              self->remaining = self->opaque ? 0 : length - least;
            }
        }
      else
        {
          gsize n = MIN (size - i, self->remaining);

          self->remaining -= (guint32) n;
          i += n;
        }

      if (!self->opaque && self->have == header_size && self->remaining == 0)
        {
          *type = self->startup ? startup_type (self) : self->header[0];
          self->have = 0;
          return i;
        }
    }
  return i;
}
