# SPDX-License-Identifier: MIT
# LD_DRIVER(NAME, DEFAULT, SUMMARY, USER-TYPES)
# ---------------------------------------------
# Adds --with-driver-NAME=yes|module|no.  "yes" links the driver into libld,
# "module" builds $(pkglibdir)/drivers/NAME.so from the same sources.
AC_DEFUN([LD_DRIVER], [
  m4_foreach_w([ld_user], [$4],
    [LD_USER_TYPES="${LD_USER_TYPES} X(\"ld_user\", \"$1\")"
])
  AC_ARG_WITH([driver-$1],
    [AS_HELP_STRING([--with-driver-$1=yes|module|no], [$3 @<:@$2@:>@])],
    [], [with_driver_$1=$2
         dnl Without shared libraries there are no modules.
         AS_IF([test "$2:$enable_shared" = module:no], [with_driver_$1=yes])])
  AS_CASE([$with_driver_$1],
    [yes],    [ld_builtin_drivers="${ld_builtin_drivers}$1 "
               LD_BUILTIN_LIST="${LD_BUILTIN_LIST} X($1)"],
    [module], [AS_IF([test "$enable_shared" != yes],
                 [AC_MSG_ERROR([driver $1: modules need --enable-shared])])
               ld_module_drivers="${ld_module_drivers}$1 "],
    [no],     [],
    [AC_MSG_ERROR([--with-driver-$1: want yes, module or no, not '$with_driver_$1'])])
  AM_CONDITIONAL([DRIVER_BUILTIN_$1], [test "$with_driver_$1" = yes])
  AM_CONDITIONAL([DRIVER_MODULE_$1],  [test "$with_driver_$1" = module])
  AC_SUBST([LD_BUILTIN_LIST])
  AC_SUBST([LD_USER_TYPES])
])

# LD_DRIVER_NEEDS(NAME, VARIABLE, MODULES)
# ----------------------------------------
# What a driver needs of pkg-config, unless it is left out; libld links it when
# the driver is part of libld.
AC_DEFUN([LD_DRIVER_NEEDS], [
  AS_IF([test "$with_driver_$1" != no], [PKG_CHECK_MODULES([$2], [$3])])
  AS_IF([test "$with_driver_$1" = yes],
    [LD_BUILTIN_LIBS="$LD_BUILTIN_LIBS $$2_LIBS"
     LD_BUILTIN_CFLAGS="$LD_BUILTIN_CFLAGS $$2_CFLAGS"])
  AM_CONDITIONAL([HAVE_$2], [test "$with_driver_$1" != no])
  AC_SUBST([LD_BUILTIN_LIBS])
  AC_SUBST([LD_BUILTIN_CFLAGS])
])
