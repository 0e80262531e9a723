"""The domain's word list: words of two syllables that plans are written with.

Spelling is held against it.
It lists what is right, never what is wrong. A word that is missing here costs nothing but a slip
that is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

_WORDS = """
an ninh, an sinh, an toàn, ảnh hưởng, áp dụng, ban hành, ban ngành, bảo đảm, bảo hiểm, bảo vệ,
báo cáo, báo chí, bão lũ, bạo lực, bắt đầu, bền vững, bệnh viện, biên giới, biên soạn, biến đổi,
biển đảo, biểu dương, biểu quyết, bình đẳng, bình quân, bình xét, bồi dưỡng, bổ nhiệm, bổ sung,
bộ máy, bộ phận, buôn bán, buôn người, bước đầu, cá nhân, cải cách, cải thiện, cải tiến,
can thiệp, cán bộ, cảnh báo, cạnh tranh, cao cấp, cấp huyện, cấp tỉnh, cấp ủy, cấp xã, chăm lo,
chăm sóc, chăn nuôi, chấp hành, chất lượng, chất vấn, chế độ, chi bộ, chi hội, chi đoàn, chi phí,
chi tiết, chia sẻ, chiến dịch, chiến lược, chính quyền, chính sách, chính trị, chỉ đạo, chỉ tiêu,
chỉ thị, chủ động, chủ đề, chủ hộ, chủ quyền, chủ tịch, chủ trì, chủ trương, chú trọng, chú ý,
chuẩn bị, chuyên đề, chuyên môn, chuyên mục, chuyên nghiệp, chuyên trách, chuyên trang,
chuyển biến, chuyển đổi, chuyển giao, chương trình, cơ bản, cơ cấu, cơ chế, cơ hội, cơ quan,
cơ sở, con người, cộng đồng, công an, công bố, công chức, công cụ, công dân, công khai, công nghệ,
công nghiệp, công nhân, công nhận, công tác, công trình, công ty, công văn, củng cố, cung cấp,
cung ứng, cuộc thi, cuộc vận, cuối năm, cụ thể, cử tri, cựu chiến, dân chủ, dân cư, dân số,
dân tộc, dẫn dắt, danh hiệu, danh mục, danh sách, dịch bệnh, dịch vụ, diễn đàn, diễn ra,
doanh nghiệp, doanh nhân, du lịch, dư luận, dự án, dự kiến, dự thảo, dự toán, duy trì, đa dạng,
đảm bảo, đảm đang, đánh giá, đào tạo, đại biểu, đại diện, đại hội, đạo đức, đăng ký, đăng tải,
đầu năm, đầu tư, đẩy mạnh, đặc biệt, đặc thù, đấu tranh, đề án, đề cao, đề nghị, đề ra, đề tài,
đề xuất, đền ơn, địa bàn, địa chỉ, địa phương, điển hình, điểm cầu, điều chỉnh, điều hành,
điều kiện, điều lệ, điện tử, định hướng, định kỳ, đoàn kết, đoàn thể, đoàn viên, đối ngoại,
đối tác, đối thoại, đối tượng, đội ngũ, đổi mới, đô thị, đơn vị, đời sống, đồng bộ, đồng chí,
đồng hành, động viên, động lực, đột phá, đột xuất, đúng hạn, gắn bó, gặp gỡ, gây quỹ, gia đình,
gia tăng, giá trị, giải pháp, giải quyết, giai đoạn, giảm nghèo, giám sát, giao lưu, giao thông,
giáo dục, giáo viên, giới thiệu, giới tính, gìn giữ, giữ gìn, giữ vững, góp phần, góp ý, hạn chế,
hành chính, hành động, hành vi, hạnh phúc, hàng năm, hằng năm, hàng hóa, hậu phương, hiệu quả,
hiện đại, hiện hành, hình ảnh, hình thành, hình thức, học sinh, học tập, hòa giải, hoàn cảnh,
hoàn thành, hoàn thiện, hoạt động, hỗ trợ, hồ sơ, hộ gia, hộ nghèo, hội đồng, hội nghị, hội nhập,
hội phí, hội thảo, hội thi, hội thao, hội viên, hôn nhân, hợp đồng, hợp lý, hợp pháp, hợp tác,
hướng dẫn, hướng nghiệp, hưởng ứng, huy động, huy hiệu, kế hoạch, kêu gọi, kênh thông, kết nạp,
kết nối, kết quả, khai mạc, khai thác, khảo sát, khắc phục, khen thưởng, khen cao, khiếu nại,
khó khăn, khoa học, không gian, khởi nghiệp, khởi sự, khu vực, khuyến khích, khuyến nông,
khuyết tật, kịp thời, kiểm soát, kiểm tra, kiện toàn, kiến nghị, kiến thức, kinh doanh,
kinh nghiệm, kinh phí, kinh tế, ký kết, kỷ cương, kỷ luật, kỷ niệm, kỳ họp, kỳ vọng, kỹ năng,
kỹ thuật, lan tỏa, làm việc, lao động, lãnh đạo, lành mạnh, lắng nghe, lấy ý, liên kết,
liên ngành, liên quan, lĩnh vực, lối sống, lồng ghép, lợi ích, lũ lụt, luật pháp, luật sư,
lực lượng, lương thực, lựa chọn, mạng lưới, mạng xã, mặt trận, mâu thuẫn, mô hình, môi trường,
mở rộng, mục đích, mục tiêu, mua sắm, năng động, năng lực, năng suất, nâng cao, nề nếp, ngân hàng,
ngân sách, ngành nghề, nghề nghiệp, nghiên cứu, nghiệp vụ, nghị định, nghị quyết, nghĩa vụ,
nguồn lực, nguồn nhân, nguồn thu, nguồn vốn, nguy cơ, nhà nước, nhà trọ, nhà trường, nhân cách,
nhân dân, nhân đạo, nhân lực, nhân phẩm, nhân quyền, nhân rộng, nhân sự, nhận thức, nhiệm kỳ,
nhiệm vụ, nhóm trẻ, nhu cầu, nội dung, nội lực, nông dân, nông nghiệp, nông thôn, ô nhiễm,
ổn định, phản ánh, phản biện, phạm tội, phạm vi, phát động, phát hành, phát hiện, phát huy,
phát sinh, phát thanh, phát triển, phần việc, phấn đấu, phân công, phân loại, phân tích,
phẩm chất, phê duyệt, phong cách, phong phú, phong trào, phòng chống, phòng ngừa, phổ biến,
phối hợp, phục vụ, phụ trách, phúc lợi, phương châm, phương hướng, phương pháp, phương thức,
phương tiện, pháp luật, quan hệ, quan tâm, quan trọng, quản lý, quản trị, quán triệt, quảng bá,
quê hương, quốc gia, quốc phòng, quốc tế, quy chế, quy định, quy hoạch, quy mô, quy trình,
quyền lợi, quyết định, quyết tâm, quyết toán, rà soát, ra mắt, rèn luyện, sáng kiến, sáng tạo,
sản phẩm, sản xuất, sao gửi, sâu rộng, sắp xếp, sẵn sàng, sinh hoạt, sinh kế, sinh viên, sinh sản,
số hóa, số liệu, số lượng, sổ tay, sơ kết, sự kiện, sự nghiệp, sử dụng, sức khỏe, sức mạnh,
tác động, tài chính, tài liệu, tài nguyên, tài sản, tạo nguồn, tạo việc, tập hợp, tập huấn,
tập thể, tập trung, tầng lớp, tăng cường, tăng trưởng, tầm nhìn, tâm trí, tâm tư, tham gia,
tham mưu, tham quan, thanh niên, thanh tra, thanh toán, thành lập, thành phần, thành phố,
thành thị, thành tích, thành tựu, thành viên, thảo luận, thay đổi, thăm hỏi, thân thiện,
thẩm định, thẩm quyền, thẩm tra, theo dõi, thể dục, thể hiện, thể thao, thế hệ, thế mạnh, thi đua,
thích ứng, thiên tai, thiết thực, thiếu nhi, thiếu niên, thông qua, thông tin, thông báo,
thời gian, thời kỳ, thủ tục, thu hút, thu nhập, thu thập, thúc đẩy, thuận lợi, thuế thu,
thuộc thẩm, thực hiện, thực phẩm, thực tế, thực trạng, thường kỳ, thường lệ, thường trực,
thường vụ, thường xuyên, tiến bộ, tiến độ, tiến hành, tiếp cận, tiếp nhận, tiếp tục, tiếp xúc,
tiết kiệm, tiềm năng, tiêu biểu, tiêu chí, tiêu chuẩn, tiêu dùng, tiêu thụ, tiền hôn, tìm hiểu,
tìm kiếm, tin bài, tín dụng, tinh thần, tình cảm, tình hình, tình nguyện, tình trạng, tổ chức,
tổ quốc, tố cáo, tố giác, tội phạm, tổng hợp, tổng kết, tổng số, tôn giáo, tôn trọng, tôn vinh,
trách nhiệm, trao đổi, trao tặng, trẻ em, triển khai, tri thức, trí thức, trí tuệ, trình độ,
trình duyệt, trọng điểm, trọng tâm, trồng trọt, trồng mới, trú tại, trực thuộc, trực tiếp,
trực tuyến, trung bình, trung hậu, trung hạn, trung tâm, trung ương, truyền hình, truyền thông,
truyền thống, trường học, trường hợp, tuyên dương, tuyên truyền, tuyển dụng, tư tưởng, tư vấn,
tự giác, tự hào, tự nguyện, tự tin, tự trọng, từ thiện, tỷ lệ, ủng hộ, ủy ban, ủy viên, ưu tiên,
ưu tú, ứng dụng, ứng phó, ứng xử, ứng cử, vai trò, vay vốn, văn bản, văn hóa, văn kiện, văn minh,
văn nghệ, văn phòng, vận động, vận hành, vấn đề, vật chất, vật liệu, vệ sinh, vi phạm, vi mô,
viên chức, việc làm, vững mạnh, vị thế, vị trí, vốn vay, vùng sâu, xã hội, xâm hại, xây dựng,
xem xét, xét duyệt, xếp loại, xóa đói, xuất khẩu, xuất sắc, xử lý, ý kiến, ý nghĩa, ý thức,
yêu cầu, yêu nước, yếu tố, quá trình, quá hạn, tủ sách, ngăn sách, kệ sách, ngăn chặn, ngăn ngừa,
giúp nhau, lẫn nhau, khác nhau, với nhau
"""


def _pairs(words: str) -> Iterator[tuple[str, str]]:
    for word in words.split(","):
        first, second = word.split()
        yield first, second


COMPOUNDS = frozenset(_pairs(_WORDS))
AFTER: dict[str, set[str]] = {}
BEFORE: dict[str, set[str]] = {}
for _first, _second in COMPOUNDS:
    AFTER.setdefault(_first, set()).add(_second)
    BEFORE.setdefault(_second, set()).add(_first)

SYLLABLES = AFTER.keys() | BEFORE.keys()

_FUNCTION_WORDS = """
và của các những cho với để là có được từ đến tới tại ở theo về do bị bởi trên dưới ra vào khi này
đó mà thì không chưa đã sẽ đang nhất một hai ba bốn năm sáu bảy tám chín mười như nếu hay hoặc
cùng cũng còn rất nhiều ít nhằm qua lên xuống trước sau giữa ngoài ai gì nào đều hơn cả mọi từng
lại đi làm tính đạt
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
_FOREIGN = """
email website web online internet video clip blog logo slogan app wifi zalo facebook fanpage
youtube tiktok marketing livestream album radio photo file word excel start startup up covid vnd
usd tp tx tt tw vs km kg ha mm cm oda fdi iso wto euro robot stem pano băng rôn panô ram kit test
smart homestay farmstay logistics camera ocop ntm cntt sxkd htx tht hđnd ubnd
"""
FOREIGN = frozenset(_FOREIGN.split())
