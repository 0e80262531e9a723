#!/bin/sh
# Serves, after filling an empty data folder with the demo. Ends by becoming the server, so that signals reach it.
set -eu
data=${TOANKHOA_DATA:?}
unfinished=$data/.unfinished

mkdir -p "$data"
if [ -z "$(ls -A "$data")" ]; then
    touch "$unfinished"
    .venv/bin/toankhoa demo
    rm "$unfinished"
fi
if [ -e "$unfinished" ]; then
    echo "Lần nạp dữ liệu mẫu trước chưa xong. Hãy xóa thư mục $data rồi chạy lại." >&2
    exit 1
fi
exec .venv/bin/toankhoa serve
