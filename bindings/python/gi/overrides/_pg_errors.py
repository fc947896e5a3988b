# SPDX-License-Identifier: LGPL-2.1-or-later
"""Exceptions for what the library reports as a GError: the classes of DB-API 2.0, and one class for each SQLSTATE.

PyGObject makes a GLib.Error of the domain, the code and the message of a GError and drops the rest, so that the diagnostic has to be
asked of the connection or of the result of the asynchronous call.
"""

import functools
import re
import threading
import types

from gi.module import get_introspection_module
from gi.repository import Gio, GLib

Pg = get_introspection_module('Pg')

DOMAIN = GLib.quark_to_string(Pg.error_quark())
_IO_DOMAIN = GLib.quark_to_string(Gio.io_error_quark())


class DbError(GLib.Error):
    """An error of the server or of its use; the base of the other classes, as Error is in DB-API 2.0.

    It is a GLib.Error: message, domain, code and matches() are what they are there.
    """

    __module__ = 'gi.repository.Pg'

    #: The five characters of the SQLSTATE, or None where the error is not the server's.
    sqlstate = None
    #: The Pg.Diagnostic, with all that the server said; None where the error is not the server's.
    diag = None

    _code = Pg.Error.DATABASE

    def __init__(self, message='', domain=DOMAIN, code=None, diag=None):
        super().__init__(message, domain, int(self._code if code is None else code))
        if diag is not None:
            self.diag = diag
            self.sqlstate = diag.get_sqlstate() or self.sqlstate

    def __str__(self):
        return self.message

    def __repr__(self):
        return f'{type(self).__name__}({self.message!r})'

    def __reduce__(self):
        # A diagnostic is an object of the library and stays in the process.
        return (_unpickle, (self.message, self.domain, self.code, self.sqlstate))


class Warning(Exception):
    """What DB-API 2.0 wants; it is never raised: the server's warnings are notices."""

    __module__ = 'gi.repository.Pg'


class InterfaceError(DbError):
    """Misuse of an object: a closed cursor, nothing to fetch from."""
    __module__ = 'gi.repository.Pg'
    _code = Pg.Error.INTERFACE


class DatabaseError(DbError):
    """An error of the server, where none of the other classes fits."""
    __module__ = 'gi.repository.Pg'


class DataError(DatabaseError):
    """A value is wrong, or cannot be converted."""
    __module__ = 'gi.repository.Pg'
    _code = Pg.Error.DATA


class OperationalError(DatabaseError):
    """The operation of the database: a lost or closed connection, a deadlock, no memory left."""
    __module__ = 'gi.repository.Pg'
    _code = Pg.Error.OPERATIONAL


class IntegrityError(DatabaseError):
    """A constraint of the database is violated."""
    __module__ = 'gi.repository.Pg'


class InternalError(DatabaseError):
    """The state of the session or of the server: a failed transaction, a cursor that is not valid."""
    __module__ = 'gi.repository.Pg'


class ProgrammingError(DatabaseError):
    """The statement or the call is wrong: a table that does not exist, a wrong number of parameters."""
    __module__ = 'gi.repository.Pg'
    _code = Pg.Error.PROGRAMMING


class NotSupportedError(DatabaseError):
    """The server, or libpq, is too old."""
    __module__ = 'gi.repository.Pg'
    _code = Pg.Error.NOT_SUPPORTED


class TimedOutError(OperationalError):
    """A call took longer than the connection's timeout; a G_IO_ERROR_TIMED_OUT."""
    __module__ = 'gi.repository.Pg'

    def __init__(self, message='', domain=_IO_DOMAIN, code=Gio.IOErrorEnum.TIMED_OUT, diag=None):
        super().__init__(message, domain, code, diag)


class CancelledError(OperationalError):
    """A call that a Gio.Cancellable has ended, or a copy that was given up; a G_IO_ERROR_CANCELLED."""
    __module__ = 'gi.repository.Pg'

    def __init__(self, message='', domain=_IO_DOMAIN, code=Gio.IOErrorEnum.CANCELLED, diag=None):
        super().__init__(message, domain, code, diag)


#: The classes under the names that DB-API 2.0 gives them.
DBAPI = {
    'Error': DbError,
    'InterfaceError': InterfaceError,
    'DatabaseError': DatabaseError,
    'DataError': DataError,
    'OperationalError': OperationalError,
    'IntegrityError': IntegrityError,
    'InternalError': InternalError,
    'ProgrammingError': ProgrammingError,
    'NotSupportedError': NotSupportedError,
}

_CLASSES = {
    int(Pg.ErrorClass.DATABASE): DatabaseError,
    int(Pg.ErrorClass.DATA): DataError,
    int(Pg.ErrorClass.OPERATIONAL): OperationalError,
    int(Pg.ErrorClass.INTEGRITY): IntegrityError,
    int(Pg.ErrorClass.INTERNAL): InternalError,
    int(Pg.ErrorClass.PROGRAMMING): ProgrammingError,
    int(Pg.ErrorClass.NOT_SUPPORTED): NotSupportedError,
    int(Pg.ErrorClass.INTERFACE): InterfaceError,
}

# What the base classes stand for already.
_PLAIN = {int(getattr(Pg.Error, name)) for name in ('DATABASE', 'INTERFACE', 'PROGRAMMING', 'NOT_SUPPORTED', 'OPERATIONAL', 'DATA')}


def _class_name(enum_name):
    name = ''.join(word.capitalize() for word in enum_name.split('_'))
    return name + '_' if name in DBAPI else name


class _Errors(types.ModuleType):
    """The exception classes of PostgreSQL's error conditions, by their names: UniqueViolation, SerializationFailure, …

    See "PostgreSQL Error Codes" in the PostgreSQL manual. Each is derived from the class of DB-API 2.0 that fits.
    """

    def __init__(self):
        super().__init__('gi.repository.Pg.errors', self.__doc__)
        self._codes = {}
        self._made = {}
        for name in dir(Pg.Error):
            if name.isupper():
                self._codes[_class_name(name)] = int(getattr(Pg.Error, name))
        self._names = {code: name for name, code in self._codes.items()}
        self.__dict__.update(DBAPI)
        self.DbError = DbError
        self.TimedOutError = TimedOutError
        self.CancelledError = CancelledError

    def _get_class(self, code):
        cls = self._made.get(code)
        if cls is None:
            base = _CLASSES[int(Pg.error_get_class(GLib.Error('', DOMAIN, code)))]
            name = self._names.get(code)
            if name is None or code in _PLAIN:
                return base
            body = {'__module__': 'gi.repository.Pg.errors', 'sqlstate': Pg.sqlstate_from_error(code), '_code': code}
            # Several threads may come here at a time: all have to get the same class.
            cls = self._made.setdefault(code, type(name, (base,), body))
        return cls

    def __getattr__(self, name):
        try:
            code = self.__dict__['_codes'][name]
        except KeyError:
            raise AttributeError(f'PostgreSQL has no error condition {name!r}') from None
        return self._get_class(code)

    def __dir__(self):
        return sorted(set(super().__dir__()) | set(self._codes))

    def lookup(self, condition):
        """The class of an SQLSTATE ("23505") or of the name of a condition ("unique_violation"); KeyError where there is none."""
        if not isinstance(condition, str):
            raise TypeError(f'condition must be a str, not {type(condition).__name__}')
        if re.fullmatch('[0-9A-Za-z]{5}', condition):
            code = Pg.sqlstate_to_error(condition.upper())
            if Pg.sqlstate_from_error(code) == condition.upper():
                return self._get_class(code)
        else:
            code = self._codes.get(_class_name(condition.upper()))
            if code is not None and Pg.sqlstate_from_error(code) is not None:
                return self._get_class(code)
        raise KeyError(condition)


errors = _Errors()


#: Of GIO's errors, which the library has for what is not the server's. The others are an OperationalError.
_IO_CLASSES = {
    int(Gio.IOErrorEnum.TIMED_OUT): TimedOutError,
    int(Gio.IOErrorEnum.CANCELLED): CancelledError,
    int(Gio.IOErrorEnum.PENDING): ProgrammingError,
    int(Gio.IOErrorEnum.INVALID_ARGUMENT): ProgrammingError,
    int(Gio.IOErrorEnum.NOT_SUPPORTED): NotSupportedError,
}


def _get_class(domain, code):
    if domain == DOMAIN:
        return errors._get_class(code)
    return _IO_CLASSES.get(code, OperationalError) if domain == _IO_DOMAIN else OperationalError


def _unpickle(message, domain, code, sqlstate):
    error = _get_class(domain, code)(message, domain, code)
    error.sqlstate = sqlstate
    return error


class _Thread(threading.local):
    n_calls = 0  # of the library that have not returned
    interrupt = None


_thread = _Thread()


def keep_interrupt(error):
    """Keeps a KeyboardInterrupt or the like of a function that the library has called: who has called the library has to get it."""
    _thread.interrupt = error


def raise_interrupt():
    """Raises what was kept in this thread."""
    error = _thread.interrupt
    if error is not None:
        _thread.interrupt = None
        raise error


class calling:
    """What is in this block calls functions of the user's; an interrupt of one is raised at its end."""

    __slots__ = ()

    def __enter__(self):
        _thread.n_calls += 1

    def __exit__(self, kind, _error, _traceback):
        _thread.n_calls -= 1
        if kind is None and _thread.interrupt is not None:
            raise_interrupt()


class Handler:
    """A function that handles a signal: PyGObject would print its interrupt and go on; an error that the signal tells is of the classes of this module.

    It equals the function, by which it is disconnected.
    """

    __slots__ = ('_function',)

    def __init__(self, function):
        self._function = function

    def __call__(self, *args):
        try:
            return self._function(*[_make(arg) if isinstance(arg, GLib.Error) else arg for arg in args])
        except Exception:
            raise
        except BaseException as error:
            if _thread.n_calls == 0:
                raise
            keep_interrupt(error)
            return None

    def __eq__(self, other):
        return self._function == (other._function if isinstance(other, Handler) else other)

    def __hash__(self):
        return hash(self._function)


def convert(error, diag=None):
    """The exception for a GLib.Error of a call."""
    raise_interrupt()
    return _make(error, diag)


#: What C has for types of Python's.
_WORDS = {
    'gboolean': 'bool', 'gint': 'int', 'guint': 'int', 'glong': 'int', 'gulong': 'int', 'gint64': 'int', 'guint64': 'int', 'gfloat': 'float', 'gdouble': 'float',
    'gchararray': 'str', 'GBytes': 'bytes', 'GStrv': 'list of str', 'GDateTime': 'datetime',
}


def _to_python(message):
    """A message of the library's with the names of types as Python has them."""
    return re.sub(r'\b(?:g[a-z]+(?:64)?|G[A-Z][A-Za-z]+|Pg[A-Z][A-Za-z]+)\b',
                  lambda match: _WORDS.get(match[0]) or ('Pg.' + match[0][2:] if match[0].startswith('Pg') else match[0]), message)


def _make(error, diag=None):
    if isinstance(error, DbError):
        return error
    # That of the last failure on a connection may be another thread's.
    if diag is not None and (error.domain != DOMAIN or Pg.sqlstate_to_error(diag.get_sqlstate() or '') != error.code
                             or (diag.get_message_primary() or '') not in error.message):
        diag = None
    message = _to_python(error.message) if diag is None and error.domain in (DOMAIN, _IO_DOMAIN) else error.message
    return _get_class(error.domain, error.code)(message, error.domain, error.code, diag)


_CALLING = calling()


def call(connection, function, *args):
    """Calls a blocking function of the library."""
    with _CALLING:
        try:
            return function(*args)
        except GLib.Error as error:
            raise convert(error, connection.dup_last_diagnostic()) from None


def get_result_diagnostic(connection, result):
    """What the server said of an asynchronous call that has failed.

    A result that GIO has made, for one of its streams, does not carry it: then it is the last one of the connection, which counts where it fits the error.
    """
    return connection.get_result_diagnostic(result) or connection.dup_last_diagnostic()


def _find_diagnostic(args):
    """What the server said of a call with these arguments that has failed; None where nobody knows."""
    result = next((arg for arg in args if isinstance(arg, Gio.AsyncResult)), None)
    source = args[0] if result is None else result.get_source_object()
    connection = source if isinstance(source, Pg.BaseConnection) else source.get_connection() if hasattr(source, 'get_connection') else None
    if isinstance(connection, Pg.Connection):
        return connection.dup_last_diagnostic()
    return None if result is None or connection is None else get_result_diagnostic(connection, result)


def converting(method):
    """A method of the library whose errors are the classes of this module."""
    @functools.wraps(method)
    def converted(*args, **keywords):
        with _CALLING:
            try:
                return method(*args, **keywords)
            except GLib.Error as error:
                raise convert(error, _find_diagnostic(args) if args else None) from None
    converted.converts = True
    return converted


_FUNCTION = type(Pg.error_quark)


def convert_class(cls):
    """Lets all methods of a class, also those that it inherits, fail with the classes of this module."""
    seen = set()
    for base in cls.__mro__:
        for name, method in list(vars(base).items()):
            if name in seen:
                continue
            seen.add(name)
            # Constructors and static functions may be wrapped as Python's own are.
            function = getattr(method, '__func__', method)
            if type(function) is not _FUNCTION or not function.can_throw_gerror():
                continue
            if function.is_method():
                setattr(cls, name, converting(function))
            else:
                setattr(cls, name, staticmethod(converting(getattr(cls, name))))


def convert_namespace(classes):
    """Lets all that can fail in the namespace do so with the classes of this module; returns the functions that are in no class, by their names.

    The classes are those that take the place of the library's. What an override has taken of a class before stays as it was, for where each call counts.
    """
    functions = {}
    for name in dir(Pg):
        thing = classes.get(name) or getattr(Pg, name)
        if isinstance(thing, type):
            convert_class(thing)
        elif type(thing) is _FUNCTION and thing.can_throw_gerror():
            functions[name] = converting(thing)
    return functions
