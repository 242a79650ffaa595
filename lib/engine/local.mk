libldall_la_SOURCES += \
	%D%/arrivals.c %D%/arrivals.h %D%/clockwatch.c %D%/clockwatch.h %D%/clockwork.c %D%/closed.c %D%/compile.c %D%/compile.h %D%/exchange.c \
	%D%/frame.c %D%/frame.h %D%/heap.c %D%/heap.h %D%/limits.c %D%/limits.h %D%/output.c %D%/output.h \
	%D%/message.c %D%/model.h %D%/name.c %D%/name.h %D%/open.c %D%/pace.c %D%/pace.h %D%/pool.c %D%/pool.h %D%/port.c %D%/port.h \
	%D%/process.c %D%/process.h %D%/program.c %D%/program.h %D%/program_pins.c \
	%D%/ring.c %D%/ring.h %D%/run.c %D%/seconds.c %D%/seconds.h \
	%D%/session.c %D%/tally.c %D%/tally.h %D%/validity.c %D%/validity.h \
	%D%/worker.c %D%/worker.h %D%/writer.c %D%/writer.h
