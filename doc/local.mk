# doc: see HACKING.md, 'Where things go'.
EXTRA_DIST += %D%/plan.md
