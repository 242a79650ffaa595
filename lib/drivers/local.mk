# The registry, and one folder per driver.
EXTRA_DIST += %D%/builtin.h.in
