// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <pgconn/pgconn.h>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>

namespace pgtest
{

struct Unref
{
  void
  operator() (gpointer object) const
  {
    g_object_unref (object);
  }
};

template <typename T> using Ref = std::unique_ptr<T, Unref>;

// A fresh database of the program's own server.
std::string conninfo ();

Ref<PgConnection> open ();
void run (PgConnection *connection, const char *sql);
// The text of the first value; "NULL" for SQL NULL.
std::string text (PgConnection *connection, const char *sql);

} // namespace pgtest
