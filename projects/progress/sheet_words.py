"""The columns of the sheet of daily reports, with the headings and words that offices use."""

from collections.abc import Mapping
from typing import Final

from projects.house.imports import ImportColumn, Kind
from projects.progress.models import Halt
from projects.record.folding import fold

DAY, CODE, NAME, DISTRICT = "day", "code", "name", "district"
RESUMED, HALT, REASON = "resumed", "halt", "reason"
YES, NO = "yes", "no"
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    YES: (
        "是", "已复工", "复工", "已开工", "开工", "在建", "施工中", "正常施工", "正在施工", "正常",
        "已复工复产", "√", "✓",
    ),
    NO: (
        "否", "未复工", "停工", "未开工", "停工中", "已停工", "暂停施工", "未施工", "×", "✗",
    ),
}  # fmt: skip
# The first of each is what goes out. What is none of them is filed as "other", in its own words.
_HALTS: Final[Mapping[str, tuple[str, ...]]] = {
    Halt.HOLIDAY: ("节假日", "法定节假日", "放假", "春节", "春节放假", "节日放假", "假期"),
    Halt.WEATHER: ("天气", "天气原因", "恶劣天气", "降雨", "下雨", "雨天", "降雪", "雨雪天气"),
    Halt.AIR: (
        "环保管控", "环保", "大气管控", "大气污染管控", "重污染天气", "重污染天气管控", "扬尘管控",
        "环保停工",
    ),
    Halt.FUNDS: ("资金", "资金短缺", "资金不足", "资金不到位", "缺资金", "资金问题", "资金原因"),
    Halt.LABOUR: ("用工", "缺工", "用工短缺", "人员不足", "工人不足", "缺人", "劳动力不足"),
    Halt.MATERIAL: ("材料", "缺材料", "材料短缺", "材料不足", "材料供应", "原材料短缺"),
    Halt.PERMIT: ("手续", "手续不全", "手续办理", "手续未办", "手续未完善", "前期手续"),
    Halt.EPIDEMIC: ("疫情", "疫情防控", "疫情原因", "疫情影响", "新冠疫情"),
    Halt.OTHER: ("其他", "其它"),
}  # fmt: skip
_CODES: Final = {fold(word): code for code, words in _HALTS.items() for word in words}

COLUMNS: Final = (
    ImportColumn(
        DAY, "日期", Kind.DAY, is_required=True,
        synonyms=(
            "填报日期", "上报日期", "日报日期", "监测日期", "统计日期", "报告日期", "填报时间",
        ),
    ),
    ImportColumn(
        CODE, "项目代码", Kind.CODE, is_key=True,
        synonyms=("项目编码", "项目编号", "投资项目代码", "统一代码"),
    ),
    ImportColumn(NAME, "项目名称", is_key=True, synonyms=("工程名称", "项目")),
    ImportColumn(
        DISTRICT, "县区", synonyms=("所属县区", "所在县区", "县(市、区)", "县市区", "属地"),
    ),
    ImportColumn(
        RESUMED, "是否复工", Kind.CHOICE, is_required=True, choices=STATES,
        synonyms=(
            "复工情况", "是否复工开工", "是否开工", "是否已复工", "是否在建", "是否施工",
            "施工状态", "项目状态", "复工状态", "开复工情况",
        ),
    ),
    ImportColumn(
        "workers_required", "应到岗人数", Kind.COUNT,
        synonyms=(
            "应到人数", "需要人数", "所需人数", "应返岗人数", "用工需求", "用工需求人数",
            "计划用工人数", "需用工人数", "应有人数",
        ),
    ),
    ImportColumn(
        "workers_on_site", "在岗人数", Kind.COUNT,
        synonyms=(
            "实际到岗", "实际到岗人数", "到岗人数", "已到岗人数", "现场人数", "现场施工人数",
            "施工人数", "实到人数", "返岗人数", "已返岗人数", "复工人数", "现场人员", "到场人数",
        ),
    ),
    ImportColumn(
        "month_investment", "本月完成投资", Kind.MONEY, unit="万元",
        synonyms=(
            "本月累计完成投资", "当月完成投资", "当月累计完成投资", "本月实际完成投资",
            "本月已完成投资", "本月投资完成额", "本月投资", "本月累计投资",
        ),
    ),
    ImportColumn(
        HALT, "停工原因",
        synonyms=(
            "未复工原因", "未开工原因", "停工(未复工)原因", "停工或未复工原因", "停(未复)工原因",
        ),
    ),
    ImportColumn(
        "halted_until", "预计复工时间", Kind.DAY,
        synonyms=("预计复工日期", "计划复工时间", "计划复工日期", "拟复工时间", "拟复工日期"),
    ),
    ImportColumn(
        "progress", "形象进度", Kind.PROSE,
        synonyms=(
            "工程形象进度", "项目形象进度", "当前形象进度", "目前形象进度", "进展情况", "工程进展",
            "项目进展", "项目进展情况", "当日进展", "主要进展", "施工进度",
        ),
    ),
    ImportColumn(
        "problems", "存在问题", Kind.PROSE,
        synonyms=(
            "存在的问题", "存在困难", "存在困难和问题", "存在的困难和问题", "需协调问题",
            "需要协调的问题", "需协调解决的问题", "需协调事项", "问题和建议",
        ),
    ),
    ImportColumn(REASON, "更正原因", synonyms=("修改原因", "更改原因", "变更原因", "补报原因")),
)  # fmt: skip


def halt_of(text: str) -> tuple[str, str]:
    """Why work stopped, and its words: those that are none of the known reasons are "other"."""
    code = _CODES.get(fold(text))
    return (code, "") if code else (Halt.OTHER.value, text)


def halt_text(halt: str, words: str) -> str:
    """The same as the sheet has it; empty where nothing is said."""
    if halt == Halt.OTHER and words:
        return words
    return _HALTS[halt][0] if halt else ""
