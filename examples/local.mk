# examples: see HACKING.md, 'Where things go'.
