"""What pages say of the orders they look at."""

from __future__ import annotations

from sim.experiments.metric_names import Text

DATA = Text("数据", "Data")
DATA_HELP = Text(
    "先在“导入数据”里导入自己的订单，这里就能选到；没有时用公开数据。",
    "Import your own orders on the page “Import data” and they can be chosen here; until then there are public ones.",
)
OWN = Text("我导入的：{name}（{orders} 行订单）", "My import: {name} ({orders} order lines)")
SHIPPED = {
    "cdnow": Text("CDNOW 公开数据（23,570 位顾客）", "CDNOW, public (23,570 customers)"),
    "cdnow_sample": Text("CDNOW 公开样本（2,357 位顾客）", "CDNOW, public sample (2,357 customers)"),
}
