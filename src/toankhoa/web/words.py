"""Codes of the core in the words a person reads."""

from toankhoa.core.assessment import Level
from toankhoa.core.returns import Role, State

LEVELS = {
    Level.MET: "Đạt",
    Level.OPEN: "Đang thực hiện",
    Level.NOT_MET: "Chưa đạt",
    Level.NO_DATA: "Chưa có số liệu",
    Level.NO_TARGET: "Có số liệu, chưa giao mức",
    Level.NOT_DUE: "Không đặt ra trong năm",
}
STATES = {
    State.DRAFT: "Đang soạn",
    State.SENT: "Đã gửi",
    State.ACCEPTED: "Đã nhận",
    State.RETURNED: "Bị trả lại",
}
MISSING = "Chưa có báo cáo"
STATE_ICONS = {State.DRAFT: "draft", State.SENT: "send", State.ACCEPTED: "done", State.RETURNED: "returned"}
ROLES = {
    Role.OFFICER: "Cán bộ báo cáo",
    Role.PLAN: "Cán bộ kế hoạch",
    Role.BOARD: "Cán bộ ban",
    Role.LEADER: "Lãnh đạo",
    Role.ADMIN: "Quản trị",
}
STEPS = {"send": "Gửi", "accept": "Nhận", "return": "Trả lại", "correct": "Mở lại để sửa"}
SEVERITIES = {"error": "Không đọc được", "warning": "Cần xem lại", "note": "Ghi chú"}
