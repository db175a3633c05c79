"""The words of the issue of 9 March 2020: "# section", "## sub-heading", paragraphs below them."""

from typing import Final

CHINESE: Final = """
# 总体情况
## 项目总量
2020年第一批省、市重点项目515个，总投资4851亿元，年度计划投资1572亿元。
与2019年同期申报数（455个、4273亿元、1370亿元）相比，分别增加60个、578亿元、202亿元，
增长13.2%、13.5%、14.7%。
## 复工开工
截至3月9日17时，计划复工开工项目331个，已复工开工313个，未复工开工18个，
复工率94.6%（313/331，不含前期项目；331个按到期计划统计，与515个口径不同）。
与上期相比，计划数增加136个，已复工开工数增加118个。
其中，省重点项目计划100个，已复工开工97个，复工率97.0%（97/100）。
## 监测报送
3月9日应报331个，已报327个，未报4个，报送率98.8%（327/331）。
未报的标明“未报”，不作零计。
# 分县（市）区情况
## 分类情况
城市区计划138个，已复工开工133个，复工率96.4%（133/138）；
县（市）计划159个，已复工开工148个，复工率93.1%（148/159）；
功能区计划34个，已复工开工32个，复工率94.1%（32/34）。
## 位次情况
瀍河回族区、吉利区、洛龙区、孟津县、汝阳县、宜阳县、伊滨区全部复工开工，并列第1位；
伊川县未复工开工4个，列第17位；老城区、洛宁县各2个，并列第15位。
# 要素保障工单
## 工单办理
五类工单上期结存9起，本期新提交27起，重启1起，办结销号12起，期末结存25起，
比上期增加16起。累计提交158起，销号124起，自行终止或不予受理9起，结存25起。
其中，车辆通行累计销号66起。
## 需求落实
累计落实返岗用工778人（需求974人，本期48人），通行车辆89辆（需求104辆，本期7辆），
重点原材料2975吨（需求5080吨），物资运输1050吨（需求1740吨）。
# 下周工作
## 逐个对账
18个未复工开工项目由属地逐个核定复工日期，3月11日17时前报中心。
## 限时销号
25起在办工单按时限办结，物资运输4起、返岗用工待落实134人优先协调。
##
3月9日17时后到达的数据不改动本期，列入第11期更正，同时载明新旧数值。
"""
ENGLISH: Final = """
# The whole city
## Projects
The first batch of 2020 has 515 key projects of the province and the city, with a total
investment of 485.1 billion yuan, of which 157.2 billion are planned for this year.
## Resumption
By 17:00 on 9 March 331 projects were planned to resume or start; 313 have, 18 have not: 94.6%
(313/331, without projects in preparation). Of the provincial key projects 97 of 100 have: 97.0%.
# Districts and counties
## Ranks
Seven districts have resumed all their projects and share the first rank; Yichuan County has four
left and ranks 17th.
# Tickets
## Handling
Nine tickets were open a week ago; 27 were filed, one was reopened, 12 were settled, and 25 are
open.
##
A paragraph without a heading of its own.
"""
CHINESE_OPENING: Final = (
    "按照重点项目复工开工每周通报制度，现将2020年3月2日17时至3月9日17时有关情况通报如下。"
    "各项比率均注明分子、分母，由原始个数计算，四舍五入保留一位小数。"
)
ENGLISH_OPENING: Final = (
    "By the rules of the weekly bulletin, this is the state from 17:00 on 2 March 2020 to 17:00 on"
    " 9 March 2020. Every rate is given with its numerator and denominator, computed from exact"
    " counts and rounded to one decimal place."
)


def sections_of(words: str, joint: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each section's title and its paragraphs, as sub-heading and text."""
    found = []
    for section in words.strip().removeprefix("# ").split("\n# "):
        title, *paragraphs = section.split("\n##")
        said = [paragraph.split("\n", 1) for paragraph in paragraphs]
        found.append(
            (title, [(heading.strip(), joint.join(text.splitlines())) for heading, text in said])
        )
    return found
