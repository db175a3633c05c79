"""The issue of 9 March 2020 as a paper, written by hand; names and reasons are made up."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from coordination.bulletins.paper import Foot, Head, Paper, Paragraph, Section
from projects.house.blocks import Column, Format
from projects.house.sheets import NOTHING, Cell, Sheet, SheetRow
from tests.coordination.bulletins.faces.sample_words import (
    CHINESE,
    CHINESE_OPENING,
    ENGLISH,
    ENGLISH_OPENING,
    sections_of,
)

HASH: Final = "7b251548809e0e9d5a2c0d1f4b6e8a7c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6"
DISTRICTS: Final = (
    ("瀍河回族区", "Chanhe Hui District", 12, 12, "100.0", 1),
    ("吉利区", "Jili District", 12, 12, "100.0", 1),
    ("洛龙区", "Luolong District", 46, 46, "100.0", 1),
    ("孟津县", "Mengjin County", 19, 19, "100.0", 1),
    ("汝阳县", "Ruyang County", 13, 13, "100.0", 1),
    ("宜阳县", "Yiyang County", 21, 21, "100.0", 1),
    ("伊滨区", "Yibin District", 15, 15, "100.0", 1),
    ("西工区", "Xigong District", 20, 19, "95.0", 8),
    ("新安县", "Xin'an County", 19, 18, "94.7", 9),
    ("涧西区", "Jianxi District", 34, 32, "94.1", 10),
    ("栾川县", "Luanchuan County", 14, 13, "92.9", 11),
    ("嵩县", "Song County", 13, 12, "92.3", 12),
    ("偃师市", "Yanshi City", 22, 20, "90.9", 13),
    ("高新区", "High-tech Zone", 19, 17, "89.5", 14),
    ("老城区", "Laocheng District", 14, 12, "85.7", 15),
    ("洛宁县", "Luoning County", 14, 12, "85.7", 15),
    ("伊川县", "Yichuan County", 24, 20, "83.3", 17),
)
_KINDS: Final = (
    ("车辆通行", "Vehicle passes", 5, 9, 1, 8, 7, 78, 66, 5),
    ("工人返岗", "Workers' return", 2, 5, 0, 2, 5, 34, 27, 2),
    ("重点原材料", "Key materials", 1, 5, 0, 1, 5, 19, 12, 2),
    ("物资运输", "Transport of goods", 0, 4, 0, 0, 4, 13, 9, 0),
    ("疫情防控", "Epidemic control", 1, 4, 0, 1, 4, 14, 10, 0),
    ("合计", "In all", 9, 27, 1, 12, 25, 158, 124, 9),
)
_NOT_RESUMED: Final = (
    ("老城区", "历史街区保护整治", "市", "2020-03-05", "施工许可证未办结", "第一组"),
    ("老城区", "仓储物流中心", "市", "2020-03-06", "工人未返岗，缺32人", "第一组"),
    ("西工区", "商务中心二期", "市", "2020-03-09", "防疫方案待验收", "第一组"),
    ("涧西区", "高端轴承智能工厂", "省", "2020-03-05", "进口设备配件在途", "第二组"),
    ("涧西区", "矿山装备技术改造", "市", "2020-03-09", "钢材未到货", "第二组"),
    ("新安县", "铝基新材料扩建", "市", "2020-03-06", "运输车辆未通行", "第三组"),
    ("栾川县", "钨钼精深加工", "省", "2020-03-09", "防疫物资不足", "第四组"),
    ("嵩县", "旅游公路改造", "市", "2020-03-06", "沥青供应未恢复", "第四组"),
    ("洛宁县", "农产品加工园", "市", "2020-03-05", "工人未返岗，缺18人", "第四组"),
    ("洛宁县", "污水处理厂扩建（管网38㎞、厂区12000㎡）", "市", "2020-03-09", "设备在途", "第四组"),
    ("伊川县", "铝合金板带生产线", "省", "2020-03-03", "返岗包车未落实", "第五组"),
    ("伊川县", "陶瓷产业园", "市", "2020-03-05", "燃气供应未恢复", "第五组"),
    ("伊川县", "循环经济产业园", "市", "2020-03-06", "前期手续缺1项", "第五组"),
    ("伊川县", "城区供热管网", "市", "2020-03-09", "管材未到货", "第五组"),
    ("偃师市", "电动车产业升级", "市", "2020-03-06", "工人未返岗，缺24人", "第三组"),
    ("偃师市", "钢制家具智能制造", "市", "2020-03-09", "防疫方案待验收", "第三组"),
    ("高新区", "新材料中试基地", "市", "2020-03-06", "实验设备在途", "第二组"),
    ("高新区", "机器人部件产业园", "市", "2020-03-09", "未报", "第二组"),
)
_NEEDS: Final = (
    ("车辆通行", "Vehicle passes", "辆", "104", "89", "7", "0", "9", "6"),
    ("工人返岗", "Workers' return", "人", "974", "778", "48", "0", "134", "62"),
    ("重点原材料", "Key materials", "项", "26", "15", "0", "1", "7", "3"),
    ("重点原材料", "Key materials", "吨", "5080", "2975", "0", "105", "1330", "670"),
    ("物资运输", "Transport of goods", "吨", "1740", "1050", "0", "150", "540", "0.125"),
)
_WEEKS: Final = (
    ("2月17日", "17 Feb", 37, 37, "100.0"),
    ("2月24日", "24 Feb", 102, 102, "100.0"),
    ("3月2日", "2 Mar", 195, 195, "100.0"),
    ("3月9日", "9 Mar", 331, 313, "94.6"),
)


def _name(row: tuple[Any, ...], *, chinese: bool) -> str:
    return str(row[0 if chinese else 1])


def column(name: str, title: str, kind: Format = Format.COUNT, unit: str = "") -> Column:
    return Column(name, title, kind, unit)


def cell(value: Any) -> Cell:
    return Cell(value, NOTHING if value is None else str(value))


def row(titles: Sequence[str], values: Iterable[Any], *, total: bool = False) -> SheetRow:
    return SheetRow(tuple(titles), tuple(map(cell, values)), total, tuple(titles))


def sheet(
    title: str, row_headings: Sequence[str], columns: Sequence[Column], rows: Iterable[SheetRow],
    *, note: str = "", bars: Iterable[tuple[str, str | None]] = (),
) -> Sheet:  # fmt: skip
    return Sheet(
        name="block", title=title, row_headings=tuple(row_headings),
        headings=tuple(
            f"{each.title} ({each.unit})" if each.unit else str(each.title) for each in columns
        ),
        rows=tuple(rows), sentences=(), note=note, bars=tuple(bars), columns=tuple(columns),
    )  # fmt: skip


def districts(*, chinese: bool = True) -> Sheet:
    names = (
        ("计划", "已复工", "复工率", "位次") if chinese else ("planned", "resumed", "rate", "rank")
    )
    return sheet(
        "各县（市）区重点项目复工开工情况" if chinese else "Resumption by district",
        ("县（市）区" if chinese else "district or county",),
        (
            column("planned", names[0], unit="个"), column("resumed", names[1], unit="个"),
            column("rate", names[2], Format.RATE, "%"), column("rank", names[3]),
        ),
        (
            *(row((_name(each, chinese=chinese),), each[2:]) for each in DISTRICTS),
            row(("省重点" if chinese else "Provincial key projects",), (100, 97, "97.0", None)),
            row(("合计" if chinese else "In all",), (331, 313, "94.6", None), total=True),
        ),
        note="1. 复工率=已复工开工数÷计划复工开工数，不含前期项目。2. 率同者位次并列（1、1、3）。"
        if chinese else "The rate is resumed ÷ planned; equal rates share a rank (1, 1, 3).",
        bars=[(_name(each, chinese=chinese), each[4]) for each in DISTRICTS],
    )  # fmt: skip


def weeks(*, chinese: bool = True) -> Sheet:
    names = ("计划", "已复工", "复工率") if chinese else ("planned", "resumed", "rate")
    return sheet(
        "近四期复工开工情况" if chinese else "The last four issues",
        ("期末" if chinese else "issue",),
        (
            column("planned", names[0]), column("resumed", names[1]),
            column("rate", names[2], Format.RATE, "%"),
        ),
        (row((_name(each, chinese=chinese),), each[2:]) for each in _WEEKS),
        bars=[(_name(each, chinese=chinese), each[4]) for each in _WEEKS],
    )  # fmt: skip


def tickets(*, chinese: bool = True) -> Sheet:
    names = (
        ("上期结存", "+ 新提交", "+ 重启", "− 办结销号", "= 期末结存", "累计提交", "累计销号",
         "累计终止")
        if chinese
        else (
            "open before", "+ filed", "+ reopened", "− settled", "= open", "filed in all",
            "settled in all", "ended in all",
        )
    )  # fmt: skip
    return sheet(
        "要素保障工单办理情况 (起)" if chinese else "Tickets by kind",
        ("类别" if chinese else "kind",),
        [column(f"figure{place}", name) for place, name in enumerate(names)],
        (
            row((_name(each, chinese=chinese),), each[2:], total=each is _KINDS[-1])
            for each in _KINDS
        ),
        note="终止含自行终止和不予受理。" if chinese else "Ended: withdrawn or not accepted.",
    )


def not_resumed() -> Sheet:
    return sheet(
        "未复工开工项目名单 (18个)", ("序号", "属地", "项目名称"),
        (
            column("level", "级别", Format.TEXT), column("due", "计划时点", Format.DAY),
            column("reason", "未复工开工原因", Format.TEXT),
            column("group", "服务组", Format.TEXT),
        ),
        (
            row((str(number), *each[:2]), each[2:])
            for number, each in enumerate(_NOT_RESUMED, start=1)
        ),
        note="未按时报送的列“未报”。",
    )  # fmt: skip


def needs(*, chinese: bool = True) -> Sheet:
    names = (
        ("需求", "已落实", "其中本期", "不予落实", "待落实", "自行终止") if chinese
        else ("asked", "met", "of these in this period", "refused", "to be met", "withdrawn")
    )  # fmt: skip
    return sheet(
        "要素保障需求落实数量" if chinese else "Quantities met",
        ("类别", "单位") if chinese else ("kind", "unit"),
        [column(f"sum{place}", name, Format.QUANTITY) for place, name in enumerate(names)],
        (row((_name(each, chinese=chinese), each[2]), each[3:]) for each in _NEEDS),
        note="计量单位不同，不作合计。" if chinese else "Units differ, so there is no total.",
    )


def money(*, chinese: bool = True) -> Sheet:
    return sheet(
        "投资" if chinese else "Investment", ("批次" if chinese else "batch",),
        (
            column("projects", "项目" if chinese else "projects", unit="个"),
            column("total", "总投资" if chinese else "total", Format.MONEY, "亿元"),
            column("planned", "年度计划" if chinese else "planned", Format.MONEY, "亿元"),
        ),
        (
            row(("2019年同期" if chinese else "2019",), (455, Decimal("4273.00"), "1370.00")),
            row(("2020年第一批" if chinese else "2020",), (515, "4851.00", "1572.10"), total=True),
        ),
    )  # fmt: skip


def foot(*, chinese: bool = True) -> Foot:
    if not chinese:
        return Foot(
            (
                ("To", "the leaders of the city's Party committee and government"),
                ("Copies to", "the departments concerned and the service groups"),
                ("For action", "the governments of counties, cities and districts"),
            ),
            (("Edited by", "Wang ××"), ("Reviewed by", "Li ××"), ("Signed by", "Zhao ××")),
            "Printed on 9 March 2020", "60 copies", HASH, "https://zhitongche.example/v/2020-10",
        )  # fmt: skip
    return Foot(
        (
            ("报", "市委、市政府有关领导，省重点项目主管部门。"),
            ("送", "市直有关单位，各协调服务组。"),
            ("发", "各县（市）区政府、管委会。"),
        ),
        (("编辑", "王××"), ("审核", "李××"), ("签发", "赵××")),
        "2020年3月9日印发",
        "共60份",
        HASH,
        "https://zhitongche.example/v/2020-10",
    )


def _sections(words: str, joint: str, sheets: Sequence[tuple[Sheet, ...]]) -> tuple[Section, ...]:
    return tuple(
        Section(
            f"section{place}", title,
            tuple(
                Paragraph(f"section{place}.{number}", text, heading)
                for number, (heading, text) in enumerate(said)
            ),
            tables,
        )
        for place, ((title, said), tables) in enumerate(
            zip(sections_of(words, joint), sheets, strict=True)
        )
    )  # fmt: skip


def chinese_paper(*, mark: str = "", number: str = "第10期（总第10期）") -> Paper:
    return Paper(
        language="zh-hans",
        head=Head(
            "洛阳市重点项目协调服务", "每周通报", number, "洛阳市重点建设项目服务中心",
            date(2020, 3, 9), mark,
        ),
        title="关于全市重点项目复工开工和协调服务情况的通报",
        addressees="各县（市）区政府、管委会，市直有关单位，各协调服务组：",
        opening=CHINESE_OPENING,
        sections=_sections(CHINESE, "", ((weeks(),), (districts(),), (tickets(),), ())),
        appendices=(not_resumed(), needs(), money()),
        foot=foot(),
    )  # fmt: skip


def english_paper(*, mark: str = "", number: str = "No. 10 (10 in all)") -> Paper:
    return Paper(
        language="en",
        head=Head(
            "Coordination Service for the Key Projects of Luoyang", "Weekly Bulletin", number,
            "Luoyang Service Centre for Key Construction Projects", date(2020, 3, 9), mark,
        ),
        title="Resumption and Start of the City's Key Projects, and Services to Them",
        addressees="To the governments of counties, cities and districts, the departments concerned"
        " and the service groups:",
        opening=ENGLISH_OPENING,
        sections=_sections(ENGLISH, " ", (
            (weeks(chinese=False),), (districts(chinese=False),), (tickets(chinese=False),),
        )),
        appendices=(needs(chinese=False), money(chinese=False)),
        foot=foot(chinese=False),
    )  # fmt: skip
