"""Addresses of the pages, in Vietnamese without diacritics."""

from django.urls import include, path, register_converter

from toankhoa.web.accounts import sessions
from toankhoa.web.accounts import views as accounts
from toankhoa.web.administration import views as administration
from toankhoa.web.allocations import views as allocations
from toankhoa.web.amendments import views as amendments
from toankhoa.web.comparison import views as comparison
from toankhoa.web.explanations import codes as figure_codes
from toankhoa.web.explanations import restated_views as restated
from toankhoa.web.explanations import views as explanations
from toankhoa.web.home import views as home
from toankhoa.web.inbox import views as inbox
from toankhoa.web.issued import views as issued
from toankhoa.web.plan import history_views as plan_history
from toankhoa.web.plan import views as plan
from toankhoa.web.reforms import views as reforms
from toankhoa.web.returns import views as returns
from toankhoa.web.review import column_views as review_columns
from toankhoa.web.review import measure_views as review_measures
from toankhoa.web.review import views as review
from toankhoa.web.shell.typed import IdConverter, YearConverter
from toankhoa.web.units import views as units
from toankhoa.web.uploads import views as uploads


class RowConverter:
    """The code of a row; what stands around the table has none, and is "van-ban" in an address."""

    regex = "[^/]+"
    document = "van-ban"

    def to_python(self, value: str) -> str:
        return "" if value == self.document else value

    def to_url(self, value: str) -> str:
        return value or self.document


register_converter(RowConverter, "row")
register_converter(IdConverter, "id")
register_converter(YearConverter, "year")

one_return = [
    path("", returns.show, name="return"),
    path("luu/", returns.save, name="save-return"),
    path("gui/", returns.send, name="send-return"),
    path("mo-lai/", returns.correct, name="correct-return"),
    path("nhan/", returns.accept, name="accept-return"),
    path("tra-lai/", returns.send_back, name="send-back-return"),
    path("da-xem/", returns.acknowledge, name="acknowledge-return"),
]
one_draft = [
    path("", review.show, name="draft"),
    path("ban-hanh/", review.publish, name="publish"),
    path("so-sanh/", amendments.show, name="amendment"),
    path("so-sanh/xac-nhan/", amendments.confirm, name="confirm-steps"),
    path("so-sanh/ghep/", amendments.pair, name="pair-rows"),
    path("cot/", review_columns.answer, name="answer-columns"),
    path("bo-qua/", review.dismiss, name="dismiss"),
    path("them-hang/", review.add, name="add-row"),
    path("hang/<row:row>/", review.row, name="review-row"),
    path("hang/<row:row>/bo/", review.remove, name="remove-row"),
    path("hang/<row:row>/chi-so/", review_measures.attach, name="attach-indicator"),
    path("hang/<row:row>/chi-so/them/", review_measures.create, name="create-indicator"),
    path("hang/<row:row>/chi-so/<str:indicator>/", review_measures.change, name="change-indicator"),
    path("hang/<row:row>/<slug:field>/doc-thu/", review.preview, name="preview-field"),
    path("hang/<row:row>/<slug:field>/luu/", review.save, name="save-field"),
]
one_reform = [
    path("", reforms.show, name="reform"),
    path("sua/", reforms.revise, name="revise-reform"),
    path("them/", reforms.add_change, name="add-change"),
    path("bot/", reforms.remove_change, name="remove-change"),
    path("bo/", reforms.drop, name="drop-reform"),
    path("thuc-hien/", reforms.apply, name="apply-reform"),
    path("hoan-tac/", reforms.undo, name="undo-reform"),
    path("xep-nguoi/", reforms.seat, name="seat-member"),
    path("bang-thay-doi/", reforms.download, name="reform-file"),
]
one_allocation = [
    path("", allocations.one, name="allocation"),
    path("luu/", allocations.save, name="save-allocation"),
    path("giao/", allocations.issue, name="issue-allocation"),
    path("bo/", allocations.discard, name="discard-allocation"),
    path("dieu-chinh/", allocations.revise, name="revise-allocation"),
    path("excel/", allocations.download, name="allocation-file"),
    path("nap-excel/", allocations.upload, name="allocation-upload"),
    path("nhan/", allocations.received, name="received-allocation"),
    path("nhan/xac-nhan/", allocations.acknowledge, name="acknowledge-allocation"),
]
one_figure = "ke-hoach/<str:unit>/<str:row>/<str:indicator>/"
urlpatterns = [
    path("", home.show, name="home"),
    path("dang-nhap/", sessions.SignIn.as_view(), name="sign-in"),
    path("dang-xuat/", sessions.SignOut.as_view(), name="sign-out"),
    path("ke-hoach/", plan.show, name="living-plan"),
    path("ke-hoach/tep/<slug:kind>/", plan.download, name="living-plan-file"),
    path("ke-hoach/lich-su/<str:row>/", plan_history.show, name="row-history"),
    path("ke-hoach/lich-su/<str:row>/excel/", plan_history.download, name="row-history-file"),
    path(f"{one_figure}<year:year>/", explanations.explain, name="explain"),
    path(f"{one_figure}<year:year>/excel/", explanations.download, name="explain-file"),
    path(f"{one_figure}toan-khoa/", explanations.explain, name="explain-term"),
    path(f"{one_figure}toan-khoa/excel/", explanations.download, name="explain-term-file"),
    path(f"{one_figure}<year:year>/dia-gioi/<str:day>/", restated.explain, name="explain-restated"),
    path(
        f"{one_figure}<year:year>/dia-gioi/<str:day>/excel/",
        restated.download,
        name="explain-restated-file",
    ),
    path("giao-chi-tieu/", allocations.show, name="allocations"),
    path("giao-chi-tieu/chon/", allocations.choose, name="choose-targets"),
    path("giao-chi-tieu/lap/", allocations.start, name="start-allocation"),
    path("giao-chi-tieu/<id:pk>/", include(one_allocation)),
    path("bao-cao-ban-hanh/", issued.show, name="issued-reports"),
    path("bao-cao-ban-hanh/ban-hanh/", issued.issue, name="issue-report"),
    path("bao-cao-ban-hanh/<id:pk>/", issued.one, name="issued-report"),
    path("bao-cao-ban-hanh/<id:pk>/<slug:kind>/", issued.download, name="issued-file"),
    path("so-lieu/", figure_codes.find, name="find-figure"),
    path("so-lieu/<str:code>/", figure_codes.find, name="figure"),
    path("don-vi/", units.own, name="own-unit"),
    path("don-vi/<str:unit>/", units.show, name="unit"),
    path("don-vi/<str:unit>/so-sanh/", comparison.show, name="compare"),
    path("don-vi/<str:unit>/so-sanh/excel/", comparison.download, name="compare-file"),
    path("bao-cao/", returns.my_returns, name="my-returns"),
    path("bao-cao/<str:unit>/<str:form>/<str:period>/", include(one_return)),
    path("hop-duyet/", inbox.show, name="inbox"),
    path("hop-duyet/nhan/", inbox.accept_chosen, name="accept-chosen"),
    path("nap-ke-hoach/", uploads.show, name="uploads"),
    path("nap-ke-hoach/nap/", uploads.upload, name="upload"),
    path("nap-ke-hoach/viec/<id:pk>/", uploads.watch, name="job"),
    path("nap-ke-hoach/<id:pk>/dieu-chinh/", amendments.start, name="start-amendment"),
    path("nap-ke-hoach/<id:pk>/", include(one_draft)),
    path("quan-tri/", administration.show, name="administration"),
    path("quan-tri/kiem-tra/", administration.check, name="check-totals"),
    path("quan-tri/tinh-lai/", administration.rebuild, name="rebuild-totals"),
    path("quan-tri/viec/<id:pk>/", administration.watch, name="administration-job"),
    path("quan-tri/nguoi-dung/them/", accounts.add, name="add-person"),
    path("quan-tri/nguoi-dung/<id:pk>/", accounts.one, name="person"),
    path("quan-tri/nguoi-dung/<id:pk>/chuyen/", accounts.move, name="move-person"),
    path("quan-tri/nguoi-dung/<id:pk>/ngung/", accounts.close, name="close-account"),
    path("quan-tri/nguoi-dung/<id:pk>/mo-lai/", accounts.reopen, name="open-account"),
    path("quan-tri/nguoi-dung/<id:pk>/mat-khau/", accounts.lend, name="lend-password"),
    path("mat-khau/", accounts.own_password, name="own-password"),
    path("quan-tri/sap-xep/", reforms.show_all, name="reforms"),
    path("quan-tri/sap-xep/lap/", reforms.draft, name="draft-reform"),
    path("quan-tri/sap-xep/nap/", reforms.load, name="load-reforms"),
    path("quan-tri/sap-xep/viec/<id:pk>/", reforms.watch, name="reform-job"),
    path("quan-tri/sap-xep/<id:pk>/", include(one_reform)),
    path("da-chuyen-don-vi/", reforms.read, name="read-move"),
]
