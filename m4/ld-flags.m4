# SPDX-License-Identifier: MIT
# The user owns CFLAGS.  What these macros find goes to WARN_CFLAGS, VIS_CFLAGS
# and SAN_FLAGS, which Makefile.am puts into AM_CFLAGS and AM_LDFLAGS.

# LD_CHECK_FLAG(FLAG, VARIABLE): append FLAG to VARIABLE if the compiler has it.
AC_DEFUN([LD_CHECK_FLAG], [
  AS_VAR_PUSHDEF([cache], [ld_cv_flag_$1])
  AC_CACHE_CHECK([whether $CC accepts $1], [cache], [
    ld_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$ld_save_CFLAGS])
  AS_VAR_IF([cache], [yes], [$2="${$2} $1"])
  AS_VAR_POPDEF([cache])
])

# LD_WARNINGS: --enable-developer makes them fatal.
AC_DEFUN([LD_WARNINGS], [
  AC_ARG_ENABLE([developer],
    [AS_HELP_STRING([--enable-developer], [make compiler warnings errors])],
    [ld_developer=$enableval], [ld_developer=no])
  m4_foreach_w([flag], [-Wall -Wextra -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef
    -Wvla -Wformat=2 -Wswitch-enum],
    [LD_CHECK_FLAG(flag, [WARN_CFLAGS])])
  AS_IF([test "$ld_developer" = yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
  LD_CHECK_FLAG([-fvisibility=hidden], [VIS_CFLAGS])
  # A schedule is the same on every machine, to the nanosecond: no a*b+c in
  # one rounding where the processor has it.
  LD_CHECK_FLAG([-ffp-contract=off], [VIS_CFLAGS])
  # Calls of the library into itself go straight there, not through a table
  # that lets others take its place: they are many on the send path.
  LD_CHECK_FLAG([-fno-semantic-interposition], [VIS_CFLAGS])
  AC_CACHE_CHECK([whether the linker has -Bsymbolic-functions],
    [ld_cv_bsymbolic], [
    ld_save_LDFLAGS=$LDFLAGS
    LDFLAGS="$LDFLAGS -Wl,-Bsymbolic-functions"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()],
      [ld_cv_bsymbolic=yes], [ld_cv_bsymbolic=no])
    LDFLAGS=$ld_save_LDFLAGS])
  AS_IF([test "$ld_cv_bsymbolic" = yes],
    [VIS_LDFLAGS=-Wl,-Bsymbolic-functions])
  AC_SUBST([VIS_LDFLAGS])
  AC_SUBST([WARN_CFLAGS])
  AC_SUBST([VIS_CFLAGS])
])

# LD_SANITIZERS: --enable-sanitizers[=LIST], e.g. address,undefined or thread.
AC_DEFUN([LD_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@],
      [build with sanitizers @<:@address,undefined@:>@])],
    [], [enable_sanitizers=no])
  AS_CASE([$enable_sanitizers],
    [no],  [],
    [yes], [enable_sanitizers=address,undefined])
  AS_IF([test "$enable_sanitizers" != no],
    [SAN_FLAGS="-fsanitize=$enable_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"])
  AM_CONDITIONAL([SANITIZERS], [test "$enable_sanitizers" != no])
  AC_SUBST([SAN_FLAGS])
  AC_SUBST([enable_sanitizers])
])

# LD_FUZZER: --with-fuzzer links the fuzz targets with libFuzzer (clang).
# Without it they are plain programs that run over the files they are given.
AC_DEFUN([LD_FUZZER], [
  AC_ARG_WITH([fuzzer],
    [AS_HELP_STRING([--with-fuzzer], [link fuzz targets with libFuzzer (needs clang)])],
    [], [with_fuzzer=no])
  AS_IF([test "$with_fuzzer" != no], [
    FUZZ_FLAGS="-fsanitize=fuzzer-no-link"
    FUZZ_LDFLAGS="-fsanitize=fuzzer"])
  AM_CONDITIONAL([FUZZER], [test "$with_fuzzer" != no])
  AC_SUBST([FUZZ_FLAGS])
  AC_SUBST([FUZZ_LDFLAGS])
])

# LD_OPTIONAL(NAME, PKG-CONFIG MODULE, WHAT FOR)
# ----------------------------------------------
# --with-NAME=yes|no|auto; defines HAVE_NAME; auto degrades, yes fails loudly.
AC_DEFUN([LD_OPTIONAL], [
  AC_ARG_WITH([$1],
    [AS_HELP_STRING([--with-$1=yes|no|auto], [$3 @<:@auto@:>@])],
    [], [with_$1=auto])
  AS_IF([test "$with_$1" != no], [
    PKG_CHECK_MODULES(m4_toupper([$1]), [$2],
      [with_$1=yes
       AC_DEFINE([HAVE_]m4_toupper([$1]), [1], [Define if $2 is there: $3.])],
      [AS_IF([test "$with_$1" = yes], [AC_MSG_ERROR([$2 not found])])
       with_$1=no])])
])
