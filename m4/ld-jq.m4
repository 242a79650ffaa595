# SPDX-License-Identifier: MIT
# LD_JQ
# -----
# --with-jq=yes|no: libjq, which has no .pc file.  It is wanted unless it is
# declined; without it the filters of a plan are plain paths.  Defines HAVE_JQ,
# sets JQ_LIBS.
AC_DEFUN([LD_JQ], [
  AC_ARG_WITH([jq],
    [AS_HELP_STRING([--with-jq=yes|no], [jq programs in assertions and extractors @<:@yes@:>@])],
    [], [with_jq=yes])
  AS_IF([test "$with_jq" != no], [
    ld_save_LIBS=$LIBS
    AC_CHECK_HEADERS([jq.h], [], [with_jq=missing])
    AC_SEARCH_LIBS([jq_compile], [jq],
      [AS_IF([test "$ac_cv_search_jq_compile" != "none required"],
        [JQ_LIBS=$ac_cv_search_jq_compile])],
      [with_jq=missing])
    LIBS=$ld_save_LIBS
    AS_IF([test "$with_jq" = missing],
      [AC_MSG_ERROR([libjq not found: install it (Debian: libjq-dev), or configure --without-jq])])
    AC_DEFINE([HAVE_JQ], [1], [Define if libjq is there: jq programs.])
  ])
  AC_SUBST([JQ_LIBS])
])
