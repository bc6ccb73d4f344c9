# Git LFS without its program, which would ask servers. A pointer names a content by its SHA-256; the store has it by that
# name. Arguments: clean or smudge, the store, a folder for a temporary file. POSIX sh.
store=$2 file=$3/.lfs-filter.$$
place() { printf %s "$1" | sed 's|^\(..\)\(..\)|\1/\2/\1\2|'; }
trap 'rm -f "$file"' EXIT
cat >"$file" || exit 1
pointer=''
[ "$(head -c 42 "$file" | tr -d '\000')" != 'version https://git-lfs.github.com/spec/v1' ] || pointer=1
case $1 in
  clean)
    if [ "$pointer" ] || [ ! -s "$file" ]; then
      cat "$file"
    else
      sum=$(sha256sum <"$file") || exit 1
      sum=${sum%% *}
      printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %s\n' "$sum" "$(wc -c <"$file" | tr -d ' ')"
      kept=$store/objects/$(place "$sum")
      [ -f "$kept" ] || { mkdir -p "${kept%/*}" && cp "$file" "$kept"; } 2>/dev/null
    fi
    ;;
  smudge)
    sum=''
    [ ! "$pointer" ] || sum=$(sed -n 's/^oid sha256:\([0-9a-f]\{64\}\)$/\1/p' "$file")
    kept=$store/objects/$(place "$sum")
    if [ "$sum" ] && [ -f "$kept" ]; then cat "$kept"; else cat "$file"; fi
    ;;
esac
exit 0
