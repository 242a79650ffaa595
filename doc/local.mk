# doc: see HACKING.md, 'Where things go'.
EXTRA_DIST += %D%/architecture.md %D%/plan.md %D%/report.png
EXTRA_DIST += %D%/plan.md %D%/schemas.md
