"""The command line. Stable: also used by checks outside the repository."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from toankhoa.cli.argparse_words import speak_vietnamese
from toankhoa.core.basics import Refused
from toankhoa.core.plan import upcast_rule
from toankhoa.core.targets import AllocationMethod, Reach
from toankhoa.demo import SIZES

Run = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    0 when it did what was asked, 1 when it found something wrong, 2 when it could not.
    """
    speak_vietnamese()
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except Refused as refused:
        print(f"toankhoa: {refused}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="toankhoa", description="Kế hoạch toàn khóa thành hệ thống theo dõi."
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")

    def command(name: str, words: str, run: Run) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words)
        sub.set_defaults(run=run)
        return sub

    _document_arguments(
        command(
            "compile",
            "Đọc văn bản kế hoạch, in kế hoạch và các vấn đề; không cần cơ sở dữ liệu",
            _compile,
        )
    )
    _document_arguments(
        command("check", "Đọc và rà văn bản kế hoạch như một kiểm toán viên", _check)
    )
    demo = command("demo", "Nạp dữ liệu mẫu vào cơ sở dữ liệu trống", _demo)
    demo.add_argument("--size", choices=SIZES, default=SIZES[0], help="cỡ dữ liệu mẫu")
    _server_arguments(command("serve", "Chạy máy chủ web", _serve))
    _report_arguments(
        command("report", "Ghi kế hoạch kèm kết quả thực hiện ra Word hoặc Excel", _report)
    )
    _allocation_arguments(
        command(
            "allocate",
            "Chia thử chỉ tiêu của một hàng cho các đơn vị trực thuộc, không ghi gì",
            _allocate,
        )
    )
    command("rebuild", "Cộng lại mọi tổng hợp từ báo cáo", _rebuild)
    command("audit", "Tính lại mọi tổng hợp và chuỗi nhật ký rồi so với những gì đang lưu", _audit)
    return parser


def _document_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", metavar="TỆP", help="văn bản kế hoạch, ví dụ .docx hoặc .txt")
    sub.add_argument("--library", metavar="TỆP", help="library.yaml dùng thay bộ đi kèm")
    sub.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def _server_arguments(sub: argparse.ArgumentParser) -> None:
    port, host = os.environ.get("PORT", "8000"), os.environ.get("HOST", "127.0.0.1")
    sub.add_argument("--port", type=int, default=port, metavar="CỔNG", help="cổng mạng")
    sub.add_argument("--host", default=host, metavar="MÁY", help="địa chỉ để nghe")


def _report_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--unit", metavar="MÃ", help="mã đơn vị (mặc định: đơn vị đứng đầu)")
    sub.add_argument(
        "--as-of", metavar="THỜI_ĐIỂM", help="như lúc đó, ví dụ 30/6/2020 hoặc 2020-06-30T14:05"
    )
    sub.add_argument(
        "--term",
        action="store_true",
        help="cả nhiệm kỳ thay cho từng năm (Excel: mở ở trang nhiệm kỳ)",
    )
    sub.add_argument("--out", required=True, metavar="TỆP", help="tệp .docx hoặc .xlsx")


_REACH = (
    f"đến đâu: {Reach.NEXT} (trực tiếp), {Reach.THROUGH} (chia tiếp đến cấp cuối), "
    f"{Reach.STRAIGHT} (thẳng đến đó)"
)


def _method(written: str) -> str:
    """A method as `read_rule` takes it; of the spellings before contract 2 `per_x` is per unit of
    level x.
    """
    rule = upcast_rule({"method": written}, contract=1)
    if rule["method"] not in set(AllocationMethod):
        raise argparse.ArgumentTypeError(f"hãy chọn một trong: {', '.join(AllocationMethod)}")
    return ":".join(filter(None, (rule["method"], rule["level"])))


def _allocation_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("row", metavar="HÀNG", help="mã hàng của kế hoạch, ví dụ I.CT02.2")
    sub.add_argument("--year", type=int, required=True, metavar="NĂM", help="năm của chỉ tiêu")
    sub.add_argument("--indicator", metavar="MÃ", help="chỉ số, nếu hàng có nhiều")
    sub.add_argument("--unit", metavar="MÃ", help="đơn vị giao (mặc định: đơn vị đứng đầu)")
    sub.add_argument(
        "--rule",
        dest="method",
        metavar="CÁCH",
        type=_method,
        help=f"cách chia: {', '.join(AllocationMethod)}",
    )
    sub.add_argument("--reach", metavar="CẤP", choices=[*Reach], help=_REACH)
    sub.add_argument(
        "--level",
        metavar="CẤP",
        help=f"mã cấp có đơn vị được tính, của {AllocationMethod.PER_UNIT}",
    )
    sub.add_argument("--each", metavar="SỐ", help="chỉ tiêu cho mỗi đơn vị của cấp đó; hoặc tỷ lệ")
    sub.add_argument(
        "--weight", metavar="MÃ", help="chia theo: mã số liệu, units:<mã cấp> hoặc actual"
    )
    sub.add_argument(
        "--stretch", metavar="SỐ", help="tăng thêm so với kết quả năm trước, phần trăm"
    )
    sub.add_argument("--least", metavar="SỐ", help="mỗi đơn vị ít nhất")
    sub.add_argument("--most", metavar="SỐ", help="mỗi đơn vị nhiều nhất")
    sub.add_argument("--reserve", metavar="SỐ", help="giữ lại dự phòng")
    sub.add_argument("--json", action="store_true", help="in một đối tượng JSON")


# Each command imports what it needs when it runs: `compile` must not wait for Django, nor need a
# database.


def _compile(arguments: argparse.Namespace) -> int:
    from toankhoa.cli import compile

    return compile.run(arguments, checks=False)


def _check(arguments: argparse.Namespace) -> int:
    from toankhoa.cli import compile

    return compile.run(arguments, checks=True)


def _demo(_: argparse.Namespace) -> int:
    from toankhoa.cli import installation

    return installation.demo()


def _serve(arguments: argparse.Namespace) -> int:
    from toankhoa.cli import installation

    return installation.serve(arguments.host, arguments.port)


def _report(arguments: argparse.Namespace) -> int:
    from toankhoa.cli import installation

    return installation.report(
        arguments.unit, arguments.out, arguments.as_of, of_term=arguments.term
    )


def _allocate(arguments: argparse.Namespace) -> int:
    from toankhoa.cli import allocate

    return allocate.run(arguments)


def _rebuild(_: argparse.Namespace) -> int:
    from toankhoa.cli import installation

    return installation.rebuild()


def _audit(_: argparse.Namespace) -> int:
    from toankhoa.cli import installation

    return installation.audit()
