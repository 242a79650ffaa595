# What the shells complete, told by the built commands themselves.  configure
# finds the folders: m4/ld-completion.m4.
bashcomp_DATA =
zshcomp_DATA =
fishcomp_DATA =

bashcomp_DATA += %D%/bash/ld-import
zshcomp_DATA += %D%/zsh/_ld-import
fishcomp_DATA += %D%/fish/ld-import.fish
CLEANFILES += %D%/bash/ld-import %D%/zsh/_ld-import %D%/fish/ld-import.fish
%D%/bash/ld-import: cmd/ld-import$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/bash && \
	cmd/ld-import$(EXEEXT) --describe bash >$@.new && mv $@.new $@
%D%/zsh/_ld-import: cmd/ld-import$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/zsh && \
	cmd/ld-import$(EXEEXT) --describe zsh >$@.new && mv $@.new $@
%D%/fish/ld-import.fish: cmd/ld-import$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/fish && \
	cmd/ld-import$(EXEEXT) --describe fish >$@.new && mv $@.new $@

bashcomp_DATA += %D%/bash/ld-report
zshcomp_DATA += %D%/zsh/_ld-report
fishcomp_DATA += %D%/fish/ld-report.fish
CLEANFILES += %D%/bash/ld-report %D%/zsh/_ld-report %D%/fish/ld-report.fish
%D%/bash/ld-report: cmd/ld-report$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/bash && \
	cmd/ld-report$(EXEEXT) --describe bash >$@.new && mv $@.new $@
%D%/zsh/_ld-report: cmd/ld-report$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/zsh && \
	cmd/ld-report$(EXEEXT) --describe zsh >$@.new && mv $@.new $@
%D%/fish/ld-report.fish: cmd/ld-report$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/fish && \
	cmd/ld-report$(EXEEXT) --describe fish >$@.new && mv $@.new $@

bashcomp_DATA += %D%/bash/ld-run
zshcomp_DATA += %D%/zsh/_ld-run
fishcomp_DATA += %D%/fish/ld-run.fish
CLEANFILES += %D%/bash/ld-run %D%/zsh/_ld-run %D%/fish/ld-run.fish
%D%/bash/ld-run: cmd/ld-run$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/bash && \
	cmd/ld-run$(EXEEXT) --describe bash >$@.new && mv $@.new $@
%D%/zsh/_ld-run: cmd/ld-run$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/zsh && \
	cmd/ld-run$(EXEEXT) --describe zsh >$@.new && mv $@.new $@
%D%/fish/ld-run.fish: cmd/ld-run$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/fish && \
	cmd/ld-run$(EXEEXT) --describe fish >$@.new && mv $@.new $@

bashcomp_DATA += %D%/bash/ld-target
zshcomp_DATA += %D%/zsh/_ld-target
fishcomp_DATA += %D%/fish/ld-target.fish
CLEANFILES += %D%/bash/ld-target %D%/zsh/_ld-target %D%/fish/ld-target.fish
%D%/bash/ld-target: cmd/ld-target$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/bash && \
	cmd/ld-target$(EXEEXT) --describe bash >$@.new && mv $@.new $@
%D%/zsh/_ld-target: cmd/ld-target$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/zsh && \
	cmd/ld-target$(EXEEXT) --describe zsh >$@.new && mv $@.new $@
%D%/fish/ld-target.fish: cmd/ld-target$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/fish && \
	cmd/ld-target$(EXEEXT) --describe fish >$@.new && mv $@.new $@
