# Every example is run by tests/pipe/examples.bats.
EXTRA_DIST += %D%/README.md %D%/demo.sh %D%/login-flow.json \
	%D%/quick-start.json %D%/shop.har
