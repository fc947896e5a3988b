#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Writes the ```vala blocks of a page to one source file: extract-examples.py PAGE OUTPUT

import re
import sys

with open(sys.argv[1], encoding='utf-8') as page:
    blocks = re.findall(r'^```vala\n(.*?)^```$', page.read(), re.MULTILINE | re.DOTALL)
if not blocks:
    sys.exit(f'{sys.argv[1]}: no examples')
with open(sys.argv[2], 'w', encoding='utf-8') as output:
    output.write('\n'.join(blocks))
