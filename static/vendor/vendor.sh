#!/bin/sh
# Fetches the browser libraries anew and builds Bootstrap's CSS; run by `make vendor`.
set -eu
HTMX=4.0.1 BOOTSTRAP=5.3.9 SASS=1.108.2 AXE=4.14.1
here=$(cd "$(dirname "$0")" && pwd)
tests=$(cd "$here/../../tests/vendor" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-package-lock --ignore-scripts \
  "htmx.org@$HTMX" "bootstrap@$BOOTSTRAP" "sass@$SASS" "axe-core@$AXE"
modules=$work/node_modules
cp "$modules/htmx.org/dist/htmx.min.js" "$here/htmx.min.js"
cp "$modules/htmx.org/LICENSE" "$here/htmx.LICENSE"
cp "$modules/bootstrap/LICENSE" "$here/bootstrap.LICENSE"
cp "$modules/axe-core/axe.min.js" "$tests/axe.min.js"
cp "$modules/axe-core/LICENSE" "$tests/axe.LICENSE"
"$modules/.bin/sass" --no-source-map --style=compressed --quiet --no-charset \
  --load-path="$modules/bootstrap/scss" "$here/bootstrap.scss" "$here/bootstrap.css"
