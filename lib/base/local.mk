libldall_la_SOURCES += \
	%D%/arena.h %D%/map.h
