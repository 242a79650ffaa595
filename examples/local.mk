# Every example is run by tests/pipe/examples.bats.
EXTRA_DIST += %D%/shop.har
