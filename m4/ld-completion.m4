# SPDX-License-Identifier: MIT
# LD_COMPLETION(SHELL, PKG-CONFIG MODULE, DEFAULT)
# ------------------------------------------------
# SHELLcompdir, where completions for SHELL are installed.  pkg-config knows the
# place, but only one beneath our own prefix is taken: an installation does not
# write elsewhere unless --with-SHELL-completion-dir says so.
AC_DEFUN([LD_COMPLETION], [
  AC_ARG_WITH([$1-completion-dir],
    [AS_HELP_STRING([--with-$1-completion-dir=DIR],
      [install completions for $1 there, or nowhere: no])],
    [$1compdir=$withval], [$1compdir=yes])
  AS_CASE([$[]$1compdir],
    [no], [$1compdir=],
    [yes], [
      ld_prefix=$prefix
      AS_IF([test "$ld_prefix" = NONE], [ld_prefix=$ac_default_prefix])
      m4_ifval([$2], [$1compdir=`$PKG_CONFIG --variable=completionsdir $2 2>/dev/null`],
        [$1compdir=])
      AS_CASE([$[]$1compdir],
        ["$ld_prefix"/*], [],
        [$1compdir='$3'])])
  AC_SUBST([$1compdir])
])
