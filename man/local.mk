# man: see HACKING.md, 'Where things go'.
