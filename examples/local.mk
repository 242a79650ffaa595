# Every example is run by tests/pipe/examples.bats.
EXTRA_DIST += %D%/README.md %D%/demo.sh %D%/login-flow.json \
	%D%/quick-start.json %D%/shop.har
EXTRA_DIST += %D%/faults/README.md \
	%D%/faults/bad-chunk.json \
	%D%/faults/bomb.json \
	%D%/faults/broken-coding.json \
	%D%/faults/closed-early.json \
	%D%/faults/endless-body.json \
	%D%/faults/endless-head.json \
	%D%/faults/error-status.json \
	%D%/faults/garbage.json \
	%D%/faults/half-close.json \
	%D%/faults/idle-close.json \
	%D%/faults/interim-flood.json \
	%D%/faults/length-and-chunks.json \
	%D%/faults/long-length.json \
	%D%/faults/missing-chunk.json \
	%D%/faults/name.json \
	%D%/faults/queue-full.json \
	%D%/faults/redirect-loop.json \
	%D%/faults/refused.json \
	%D%/faults/reset.json \
	%D%/faults/slow-bytes.json \
	%D%/faults/stall.json \
	%D%/faults/stall-in-body.json \
	%D%/faults/tls-cut.json \
	%D%/faults/tls-expired.json \
	%D%/faults/tls-name.json \
	%D%/faults/tls-old.json \
	%D%/faults/tls-self-signed.json \
	%D%/faults/tls-text.json \
	%D%/faults/truncated.json \
	%D%/faults/two-lengths.json
