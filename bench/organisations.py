"""Organisations whose plans are made up for measuring: none of them is the one in the seed."""

from __future__ import annotations

from collections.abc import Mapping

from wordings import Organisation

from toankhoa.core.measures import Vocabulary


def _vocabulary(
    boards: Mapping[str, tuple[str, ...]], own: str, counters: tuple[str, ...] = ()
) -> Vocabulary:
    return Vocabulary(
        boards=boards,
        board_names={code: words[0] for code, words in boards.items()},
        levels={
            "province": ("tỉnh", "cấp tỉnh", f"{own} tỉnh"),
            "district": ("huyện", "cấp huyện", f"{own} huyện"),
            "base": ("cơ sở", "cấp cơ sở", "xã"),
        },
        level_names={"province": "Tỉnh", "district": "Huyện", "base": "Cơ sở"},
        all_levels=("các cấp",),
        counters=counters,
    )


YOUTH = Organisation(
    name="TỈNH ĐOÀN SÔNG HẬU",
    body="BAN CHẤP HÀNH",
    sign="KH-TĐ",
    post="BÍ THƯ",
    vocabulary=_vocabulary(
        {
            "XD": ("Ban Xây dựng Đoàn",),
            "PT": ("Ban Phong trào",),
            "TG": ("Ban Tuyên giáo",),
            "VP": ("Văn phòng",),
        },
        "đoàn",
    ),
    people=("đoàn viên", "chi đoàn", "cán bộ Đoàn", "thanh niên nông thôn"),
    counted=("lớp", "buổi", "mô hình", "công trình"),
    done=(
        "được học tập nghị quyết",
        "tham gia tình nguyện",
        "xếp loại khá trở lên",
        "có sổ đoàn viên",
    ),
    tasks=("Tổ chức", "Đổi mới nội dung", "Nâng cao chất lượng", "Phối hợp triển khai"),
    fields=(
        "sinh hoạt chi đoàn",
        "ngày thứ bảy tình nguyện",
        "diễn đàn khởi nghiệp",
        "hội trại truyền thống",
        "tuyên truyền pháp luật",
    ),
)
FARMERS = Organisation(
    name="HỘI NÔNG DÂN TỈNH SÔNG HẬU",
    body="BAN THƯỜNG VỤ",
    sign="KH-HND",
    post="CHỦ TỊCH",
    vocabulary=_vocabulary(
        {
            "KTXH": ("Ban Kinh tế xã hội",),
            "XDH": ("Ban Xây dựng Hội",),
            "QHT": ("Quỹ Hỗ trợ nông dân",),
            "VP": ("Văn phòng", "VP"),
        },
        "hội",
    ),
    people=("hội viên", "hộ nông dân", "chi hội nghề nghiệp", "cán bộ chi hội"),
    counted=("hộ", "lớp", "tổ", "hợp tác xã"),
    done=(
        "được tập huấn kỹ thuật",
        "đạt danh hiệu sản xuất giỏi",
        "có quỹ hoạt động",
        "tham gia bảo hiểm y tế",
    ),
    tasks=(
        "Hỗ trợ vay vốn phát triển",
        "Chuyển giao kỹ thuật cho",
        "Vận động nông dân tham gia",
        "Khảo sát nhu cầu về",
    ),
    fields=(
        "vườn cây ăn trái",
        "chăn nuôi an toàn",
        "tiêu thụ nông sản sạch",
        "bảo vệ nguồn nước",
        "chuyển đổi cây trồng",
    ),
)
PARTY = Organisation(
    name="ĐẢNG BỘ HUYỆN TAM GIANG",
    body="BAN CHẤP HÀNH",
    sign="CTr-HU",
    post="BÍ THƯ",
    vocabulary=_vocabulary(
        {
            "BTC": ("Ban Tổ chức", "BTC"),
            "BTG": ("Ban Tuyên giáo",),
            "UBKT": ("Ủy ban Kiểm tra", "UBKT"),
            "BDV": ("Ban Dân vận",),
        },
        "đảng bộ",
    ),
    people=("đảng viên", "chi bộ", "cấp ủy viên", "đảng bộ cơ sở"),
    counted=("cuộc", "hội nghị", "đồng chí", "chuyên đề"),
    done=(
        "hoàn thành tốt nhiệm vụ",
        "được kiểm tra, giám sát",
        "sinh hoạt đúng quy định",
        "học tập chuyên đề",
    ),
    tasks=(
        "Lãnh đạo thực hiện",
        "Kiểm tra việc chấp hành",
        "Tổng kết công tác",
        "Ban hành nghị quyết về",
    ),
    fields=(
        "quy chế làm việc",
        "công tác cán bộ",
        "cải cách hành chính",
        "công tác dân vận",
        "xây dựng nông thôn mới",
    ),
)
MINISTRY = Organisation(
    name="BỘ TÀI NGUYÊN NƯỚC",
    body="CHƯƠNG TRÌNH NƯỚC SẠCH",
    sign="CT-BTNN",
    post="BỘ TRƯỞNG",
    vocabulary=_vocabulary(
        {
            "KHTC": ("Vụ Kế hoạch - Tài chính",),
            "QLN": ("Cục Quản lý nước",),
            "KHCN": ("Vụ Khoa học và Công nghệ", "Vụ KHCN"),
            "TTr": ("Thanh tra Bộ",),
        },
        "sở",
    ),
    people=("hộ dân nông thôn", "trạm cấp nước", "trường học", "khu công nghiệp"),
    counted=("công trình", "văn bản", "trạm", "hồ"),
    done=(
        "được dùng nước hợp vệ sinh",
        "vận hành bền vững",
        "có hệ thống xử lý nước thải",
        "được quan trắc định kỳ",
    ),
    tasks=(
        "Rà soát, hoàn thiện",
        "Đầu tư nâng cấp",
        "Xây dựng cơ sở dữ liệu về",
        "Kiểm tra, đánh giá",
    ),
    fields=(
        "quy chuẩn nước sinh hoạt",
        "công trình cấp nước tập trung",
        "hành lang bảo vệ nguồn nước",
        "giá dịch vụ nước",
        "mạng quan trắc",
    ),
)
ORGANISATIONS = (YOUTH, FARMERS, PARTY, MINISTRY)
