# cmd: see HACKING.md, 'Where things go'.
