"""The phrases to begin with; group leads and the centre edit them as they see fit."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# verb, kind (empty: every kind), phrase
_PHRASES = (
    ("comment", "", "已与企业联系人通话，核实情况属实，正在协调。"),
    ("comment", "", "已商×部门协助，预计×月×日前有结果。"),
    ("ask", "", "请补充第×项的具体规格、数量和需用时间。"),
    ("ask", "", "请补充现场联系人及联系方式。"),
    ("resolve", "", "所提事项已协调落实，已与企业确认。"),
    ("decline", "", "不属于重点项目协调服务范围，请向×部门申请。"),
    ("pass_on", "", "该项目由×组一对一服务，转请办理。"),
    ("extend", "", "需×部门答复，预计×月×日前办结。"),
    ("write_off", "", "已电话回访，企业确认已落实，表示满意。"),
    ("sign_off", "", "已电话回访，企业确认已落实；超期原因为×。"),
    ("redo", "", "回访时企业反映×尚未落实，请继续办理。"),
    ("urge", "", "请于今日下班前与企业联系，并填写进展。"),
    ("supervise", "", "请组长牵头，于×月×日×时前办结并书面说明超期原因。"),
    ("ask", "vehicle_pass", "请补充车牌号、起止地点和通行日期。"),
    ("comment", "vehicle_pass", "已与×卡口联系，车辆可凭通行证通行。"),
    ("resolve", "vehicle_pass", "车辆已通过×卡口，司机确认放行。"),
    ("ask", "worker_return", "请补充返岗人员出发地、人数和健康登记情况。"),
    ("comment", "worker_return", "已商×地组织点对点专车，定于×月×日发车。"),
    ("resolve", "worker_return", "返岗人员已全部到岗，健康登记齐全。"),
    ("comment", "material_supply", "已联系供货方，预计×月×日到场。"),
    ("comment", "material_supply", "已商供应地工信部门协助复工。"),
    ("resolve", "material_supply", "所需材料已到场，数量核对无误。"),
    ("comment", "goods_transport", "已协调运输车辆×辆，×月×日装车。"),
    ("resolve", "goods_transport", "物资已运抵项目现场。"),
    ("comment", "epidemic_control", "已协调防疫物资，×月×日到企业领取。"),
    ("resolve", "epidemic_control", "防疫物资已送达，验收合格。"),
)


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows that are there already stay as they are."""
    phrases = apps.get_model("workbench", "Phrase").objects.using(schema_editor.connection.alias)
    for place, (verb, kind, text) in enumerate(_PHRASES, 1):
        phrases.get_or_create(verb=verb, kind=kind, text=text, defaults={"ordinal": place * 10})


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workbench", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enter, migrations.RunPython.noop)]
