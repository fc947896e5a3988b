# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the examples of the guides, each in a namespace and a database of its own."""

import contextlib
import io
import os
import re
import unittest

from support import ServerTest, get_server

GUIDES = [os.path.join(os.environ['G_TEST_SRCDIR'], os.pardir, 'docs', name) for name in ('python.md', 'types.md')]


def read_sections(guide):
    with open(guide, encoding='utf-8') as file:
        text = file.read()
    for part in re.split('^## ', text, flags=re.MULTILINE)[1:]:
        title, _newline, body = part.partition('\n')
        line = text[:text.index('## ' + part)].count('\n')
        blocks = []
        for match in re.finditer('^```python\n(.*?)^```$', body, flags=re.MULTILINE | re.DOTALL):
            # Empty lines in front, so that an error has the line of the guide.
            blocks.append('\n' * (line + 2 + body[:match.start()].count('\n')) + match.group(1))
        if blocks:
            yield title, blocks


class GuideTest(ServerTest):
    def run_block(self, guide, block):
        environment = {'PGHOST': get_server().get_socket_directory(), 'PGPORT': str(get_server().get_port()), 'PGUSER': 'postgres',
                       'PGDATABASE': dict(part.split('=') for part in get_server().create_database(None).split())['dbname']}
        old = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        namespace = {'__name__': 'guide'}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block, guide, 'exec'), namespace)
        finally:
            for name, value in old.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def test_every_section_is_there(self):
        self.assertGreater(len(list(read_sections(GUIDES[0]))), 8)
        self.assertGreater(len(list(read_sections(GUIDES[1]))), 3)


def _add_tests():
    for guide in GUIDES:
        page = os.path.basename(guide).removesuffix('.md')
        for title, blocks in read_sections(guide):
            def test(self, guide=guide, blocks=blocks):
                for block in blocks:
                    with self.subTest(line=block.index(block.lstrip()) + 1):
                        self.run_block(guide, block)
            setattr(GuideTest, f'test_{page}_' + re.sub('[^a-z0-9]+', '_', title.lower()).strip('_'), test)


_add_tests()

if __name__ == '__main__':
    unittest.main()
