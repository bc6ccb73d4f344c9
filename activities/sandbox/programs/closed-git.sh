# Git of ours: nothing that the image, the agent or the environment configures has a say in it. Stands before programs
# that use git. They name the repository in GIT_DIR, and what is configured there they wrote themselves.
unset $(env | sed -n 's/^\(GIT_[A-Za-z0-9_]*\)=.*/\1/p') CDPATH ENV BASH_ENV GREP_OPTIONS
export LC_ALL=C HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1
export GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 GIT_TERMINAL_PROMPT=0 GIT_ADVICE=0 GIT_LFS_SKIP_SMUDGE=1
closed='-c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.untrackedCache=false -c core.splitIndex=false -c core.commitGraph=false
  -c core.multiPackIndex=false -c core.sparseCheckout=false -c core.ignoreCase=false -c core.precomposeUnicode=false -c core.symlinks=true
  -c core.safecrlf=false -c core.quotePath=true -c index.sparse=false -c color.ui=false -c gc.auto=0 -c maintenance.auto=false
  -c diff.noprefix=false -c diff.mnemonicPrefix=false -c diff.relative=false -c diff.renames=false'
git() { command git $closed "$@"; }
