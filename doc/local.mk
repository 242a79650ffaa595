# doc: see HACKING.md, 'Where things go'.
