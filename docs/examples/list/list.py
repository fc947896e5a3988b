#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A table of a database in a GTK list, with a tree of objects from one query.

    ./run shell
    python3 docs/examples/list/list.py

The albums are made here, for this session alone, so that any database of DATABASE_URL will do.

The columns are bound to the properties of the objects, in which the library puts the values: the program never touches a row.
With --print it shows the same in the terminal, without a display.
"""

import os
import sys

import gi

gi.require_version('Pg', '1.0')
from gi.repository import Gio, GObject, Pg  # noqa: E402

ALBUMS = """
    CREATE TEMP TABLE album (id int PRIMARY KEY, title text, artist text, released date);
    CREATE TEMP TABLE track (album int REFERENCES album, position int, title text, seconds int);
    INSERT INTO album VALUES (1, 'Kind of Blue', 'Miles Davis', '1959-08-17'), (2, 'A Love Supreme', 'John Coltrane', '1965-01-01'),
                             (3, 'Time Out', 'The Dave Brubeck Quartet', '1959-12-14'), (4, 'Unreleased', NULL, NULL);
    INSERT INTO track VALUES (1, 1, 'So What', 562), (1, 2, 'Freddie Freeloader', 586), (1, 3, 'Blue in Green', 337),
                             (2, 1, 'Acknowledgement', 463), (2, 2, 'Resolution', 440), (3, 1, 'Blue Rondo à la Turk', 404), (3, 3, 'Take Five', 324);
"""

QUERY = """
    SELECT a.title, a.artist, a.released, sum(t.seconds)::int AS seconds,
           array_agg(ROW(t.title, t.seconds) ORDER BY t.position) FILTER (WHERE t.album IS NOT NULL) AS tracks
    FROM album a LEFT JOIN track t ON t.album = a.id GROUP BY a.id ORDER BY a.artist NULLS LAST
"""


class Track(GObject.Object):
    title = GObject.Property(type=str)
    seconds = GObject.Property(type=int)


class Album(GObject.Object):
    title = GObject.Property(type=str)
    artist = GObject.Property(type=str)
    released = GObject.Property(type=Pg.Date)
    seconds = GObject.Property(type=Pg.Numeric)  # a sum over no tracks is NULL, which an int could not be
    tracks = GObject.Property(type=Gio.ListModel)

    @GObject.Property(type=str, flags=GObject.ParamFlags.READABLE)
    def length(self):
        seconds = 0 if self.seconds is None else int(str(self.seconds))
        return f'{seconds // 60}:{seconds % 60:02}' if seconds else ''

    @GObject.Property(type=str, flags=GObject.ParamFlags.READABLE)
    def year(self):
        return str(self.released)[:4] if self.released else ''

    @GObject.Property(type=str, flags=GObject.ParamFlags.READABLE)
    def first_tracks(self):
        return ', '.join(track.title for track in self.tracks or ())


COLUMNS = {'Artist': 'artist', 'Title': 'title', 'Year': 'year', 'Length': 'length', 'Tracks': 'first-tracks'}


def fetch_albums(conninfo):
    """A list model of albums."""
    tracks = Pg.RowFactory.new_object(Track).with_fields(['title', 'seconds'])
    albums = Pg.RowFactory.new_object(Album).with_nested('tracks', tracks)
    with Pg.connect(conninfo) as connection:
        connection.execute(ALBUMS)
        return albums.make_list_store(connection.execute(QUERY).get_result())


def print_albums(albums):
    for album in albums:
        print(' | '.join(album.get_property(name) or '' for name in COLUMNS.values()))


def make_application(albums):
    gi.require_version('Gtk', '4.0')
    from gi.repository import Gtk

    def compare(a, b, name):
        a, b = a.get_property(name) or '', b.get_property(name) or ''
        return (a > b) - (a < b)

    def add_column(view, title, name):
        def setup(_factory, item):
            item.set_child(Gtk.Label(xalign=0))

        def bind(_factory, item):
            item.get_item().bind_property(name, item.get_child(), 'label', GObject.BindingFlags.SYNC_CREATE)

        factory = Gtk.SignalListItemFactory()
        factory.connect('setup', setup)
        factory.connect('bind', bind)
        sorter = Gtk.CustomSorter.new(compare, name)
        view.append_column(Gtk.ColumnViewColumn(title=title, factory=factory, sorter=sorter, expand=name == 'first-tracks'))

    def activate(application):
        view = Gtk.ColumnView()
        view.set_model(Gtk.SingleSelection.new(Gtk.SortListModel.new(albums, view.get_sorter())))
        for title, name in COLUMNS.items():
            add_column(view, title, name)
        window = Gtk.ApplicationWindow(application=application, title='Albums', default_width=760, default_height=260)
        window.set_child(Gtk.ScrolledWindow(child=view))
        window.present()

    application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
    application.connect('activate', activate)
    return application


def main():
    albums = fetch_albums(os.environ.get('DATABASE_URL', ''))
    if '--print' in sys.argv[1:]:
        return print_albums(albums)
    return make_application(albums).run()


if __name__ == '__main__':
    sys.exit(main())
