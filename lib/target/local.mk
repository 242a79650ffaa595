# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += %D%/auth.c %D%/chunks.c %D%/conn.c %D%/conn.h %D%/conn_answer.c %D%/conn_read.c \
	%D%/conn_script.c %D%/fault.c %D%/fault.h %D%/fault_answer.c \
	%D%/fault_coding.c %D%/script.c %D%/script.h \
	%D%/control.c \
	%D%/count.c %D%/count.h %D%/echo.c %D%/form.c %D%/form.h \
	%D%/handlers.h %D%/authority.c %D%/authority.h %D%/listener.c %D%/listener.h \
	%D%/order.c %D%/plain.c %D%/reply.c %D%/request.c %D%/request.h \
	%D%/route.c %D%/seal.c %D%/seal.h %D%/server.h %D%/shop.c %D%/shop.h \
	%D%/shop_cart.c %D%/shop_files.c %D%/target.c %D%/timer.c %D%/timer.h
