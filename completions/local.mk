# completions: see HACKING.md, 'Where things go'.
