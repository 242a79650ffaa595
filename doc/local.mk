# doc: see HACKING.md, 'Where things go'.
EXTRA_DIST += %D%/architecture.md %D%/http.md %D%/plan.md %D%/report.png
EXTRA_DIST += %D%/schemas.md
