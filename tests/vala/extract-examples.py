#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes the ```vala blocks of pages to one source file: extract-examples.py OUTPUT PAGE…

import re
import sys

blocks = []
for name in sys.argv[2:]:
    with open(name, encoding='utf-8') as page:
        found = re.findall(r'^```vala\n(.*?)^```$', page.read(), re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit(f'{name}: no examples')
    blocks += found
with open(sys.argv[1], 'w', encoding='utf-8') as output:
    output.write('\n'.join(blocks))
