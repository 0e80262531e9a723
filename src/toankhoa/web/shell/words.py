"""Codes of the core in the words a person reads."""

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import IndicatorKind, TimeRule
from toankhoa.core.plan import CommitmentKind
from toankhoa.core.results import Level
from toankhoa.core.returns import Role, State
from toankhoa.core.review import AmendmentKind
from toankhoa.core.targets import AllocationMethod, Reach
from toankhoa.documents.words import forecast

LEVELS = {
    Level.MET: "Đạt",
    Level.OPEN: "Đang thực hiện",
    Level.NOT_MET: "Chưa đạt",
    Level.NO_DATA: "Chưa có số liệu",
    Level.NO_TARGET: "Chưa giao chỉ tiêu",
    Level.NOT_DUE: "Không đặt ra trong năm",
    Level.NOT_APPLICABLE: "Không thuộc đơn vị này",
}
PROSPECTS = {prospect: said.capitalize() for prospect, said in forecast.PROSPECTS.items()}
TEMPOS = {tempo: said.capitalize() for tempo, said in forecast.TEMPOS.items()}
PATHS = forecast.PATHS
TERM_RULES = forecast.TERM_RULES
STATES = {
    State.DRAFT: "Đang soạn",
    State.SENT: "Đã gửi",
    State.ACCEPTED: "Các cấp đã duyệt",
    State.RETURNED: "Bị trả lại",
}
MISSING = "Chưa có báo cáo"
STATE_ICONS = {
    State.DRAFT: "draft",
    State.SENT: "send",
    State.ACCEPTED: "done",
    State.RETURNED: "returned",
}
ROLES = {
    Role.OFFICER: "Cán bộ tổng hợp",
    Role.PLAN: "Cán bộ kế hoạch",
    Role.BOARD: "Chuyên viên ban",
    Role.LEADER: "Lãnh đạo",
    Role.ADMIN: "Quản trị",
}
STEPS = {"send": "Gửi", "accept": "Duyệt", "return": "Trả lại", "correct": "Mở lại để sửa"}
SEVERITIES = {"error": "Không đọc được", "warning": "Cần xem lại", "note": "Ghi chú"}
TIMES = {
    "flow": "cộng các kỳ trong năm",
    "stock": "số mới nhất trong năm của từng đơn vị",
    "to_date": "lũy kế từ đầu năm",
    "distinct": "số người lũy kế từ đầu năm, không cộng các kỳ",
}
ORIGINS = {
    "cell": "Ghi trong ô của năm, ở hàng này của kế hoạch",
    "row": "Ghi trong lời của hàng này",
    "heading": "Ghi trong lời của mục",
}
TYPED = {
    TimeRule.FLOW: "phát sinh trong kỳ; các kỳ cộng thành số của năm",
    TimeRule.STOCK: "đang có vào cuối kỳ; lấy số mới nhất trong năm",
    TimeRule.DISTINCT: "số người khác nhau, lũy kế từ đầu năm; không cộng các kỳ",
    TimeRule.TO_DATE: "lũy kế từ đầu năm đến kỳ báo cáo",
}
INDICATOR_KINDS = {
    IndicatorKind.COUNT: "Đếm: một con số",
    IndicatorKind.RATIO: "Tỷ lệ %: tử số chia mẫu số",
    IndicatorKind.MILESTONE: "Việc xong hay chưa",
}
FREQUENCIES = {
    Frequency.MONTH: "hằng tháng",
    Frequency.QUARTER: "hằng quý",
    Frequency.HALF: "6 tháng một lần",
    Frequency.YEAR: "hằng năm",
}
COMMITMENTS = {
    CommitmentKind.TARGET: "Ô có chỉ tiêu bằng số",
    CommitmentKind.MILESTONE: "Ô là việc phải xong",
    CommitmentKind.SCHEDULED: "Ô đánh dấu x",
    CommitmentKind.NONE: "Ô để trống",
}
METHODS = {
    AllocationMethod.SAME_RATE: "Cùng một tỷ lệ",
    AllocationMethod.PER_UNIT: "Mỗi đơn vị một mức",  # `method_words` names the level
    AllocationMethod.EQUAL: "Chia đều",
    AllocationMethod.WEIGHT: "Chia theo số liệu",
    AllocationMethod.ACTUAL: "Kết quả năm trước",
    AllocationMethod.PLACES: "Theo tên ghi trong kế hoạch",
    AllocationMethod.HAND: "Ghi tay từng đơn vị",
}
REACHES = {
    Reach.NEXT: "Đến đơn vị trực thuộc",
    Reach.THROUGH: "Đến đơn vị cấp cuối, qua đơn vị trực thuộc",
    Reach.STRAIGHT: "Thẳng đến đơn vị cấp cuối",
}
KINDS = {
    AmendmentKind.ADDED: "Thêm mới",
    AmendmentKind.REMOVED: "Bỏ",
    AmendmentKind.REWORDED: "Sửa nội dung",
    AmendmentKind.RENUMBERED: "Đổi số thứ tự",
    AmendmentKind.MOVED: "Chuyển đề mục",
    AmendmentKind.TARGETS: "Sửa chỉ tiêu trong nội dung",
    AmendmentKind.YEARS: "Đổi ô của năm",
    AmendmentKind.LEVELS: "Đổi cấp thực hiện",
    AmendmentKind.BOARDS: "Đổi ban",
    AmendmentKind.DETAILS: "Đổi thông tin kèm theo",
}
VERBS = STEPS | {
    "save": "Lưu số liệu",
    "acknowledge": "Xem đính chính",
    "load_units": "Nạp đơn vị",
    "add_member": "Thêm người dùng",
    "move_member": "Chuyển người dùng sang đơn vị khác",
    "close_account": "Ngừng tài khoản",
    "open_account": "Mở lại tài khoản",
    "lend_password": "Cấp mật khẩu mới",
    "choose_password": "Đổi mật khẩu của mình",
    "import_returns": "Nhập báo cáo cũ",
    "keep_draft": "Nạp bản thảo kế hoạch",
    "answer_columns": "Cho biết nghĩa của cột",
    "edit_draft": "Sửa bản thảo kế hoạch",
    "add_row": "Thêm hàng vào bản thảo",
    "add_heading": "Thêm đề mục vào bản thảo",
    "remove_row": "Bỏ hàng khỏi bản thảo",
    "attach_indicator": "Gắn chỉ số cho hàng",
    "create_indicator": "Thêm chỉ số vào thư viện",
    "change_indicator": "Sửa chỉ số bổ sung",
    "withdraw_indicator": "Rút chỉ số bổ sung",
    "dismiss_problem": "Bỏ qua điểm cần xem",
    "restore_problem": "Đưa lại điểm cần xem",
    "start_amendment": "Lập bản điều chỉnh",
    "confirm_steps": "Xác nhận thay đổi",
    "pair_rows": "Ghép hàng với phiên bản trước",
    "publish": "Ban hành kế hoạch",
    "start_allocation": "Lập bảng giao chỉ tiêu",
    "save_allocation": "Sửa bảng giao chỉ tiêu",
    "discard_allocation": "Bỏ bảng giao chỉ tiêu",
    "issue_allocation": "Giao chỉ tiêu",
    "acknowledge_allocation": "Xác nhận đã nhận chỉ tiêu được giao",
    "revise_allocation": "Lập bản điều chỉnh chỉ tiêu được giao",
    "rebuild": "Tính lại tổng hợp",
    "issue_report": "Ban hành báo cáo",
    "draft_reform": "Lập bản thảo sắp xếp đơn vị",
    "revise_reform": "Sửa bản thảo sắp xếp đơn vị",
    "drop_reform": "Bỏ bản thảo sắp xếp đơn vị",
    "apply_reform": "Thực hiện sắp xếp đơn vị",
    "undo_reform": "Hoàn tác sắp xếp đơn vị",
    "seat_member": "Xếp người vào đơn vị",
    "read_move": "Đã đọc tin chuyển đơn vị",
}
