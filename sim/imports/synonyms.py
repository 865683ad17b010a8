"""What columns are called in exports, in Chinese and English, by what they mean; the best name of each first."""

from __future__ import annotations

from sim.imports.kinds import Kind

_ORDER = """订单号 订单编号 订单id 订单流水号 交易单号 商户订单号 主订单编号 订单 order_id order_no order_sn
order_number order oid trade_no tid"""
_MEMBER = """会员id 会员编号 会员号 用户id 用户编号 用户uid 买家id 买家编号 客户id 客户编号 下单用户 member_id
user_id uid buyer_id customer_id member user buyer customer openid 买家openid 用户openid 会员 买家 客户
买家会员名 手机号 手机 手机号码 会员手机号 会员手机 买家手机号 用户手机号 联系电话 mobile phone phone_number"""
_PROMOTER = """推广员id 推广员编号 推广员 推广人id 推广人 分销员id 分销员编号 分销员 佣金归属 受益人 受益人id
收益人 收益会员 获佣会员 佣金会员 达人id 团长id promoter_id promoter agent_id agent affiliate_id affiliate payee
payee_id beneficiary distributor_id sharer_id sharer 分享人 分享者 分享人id 分享会员"""
_PAID = """支付时间 付款时间 支付日期 付款日期 成交时间 订单付款时间 支付完成时间 paid_at pay_time payment_time
paid_time pay_date paid_date payment_date"""
_SKU = """sku sku编码 skuid sku_id 规格id 规格编码 商品编码 商品编号 商品id 货号 item_code product_code
product_sku sku_code goods_sn item_id goods_id product_id product"""
_CATEGORY = "类目 商品类目 分类 商品分类 品类 一级类目 分类id category category_id category_name cate_id cat"
_CHANNEL = "渠道 推广渠道 来源 订单来源 流量来源 channel source terminal utm_source platform"
_LINE = "行号 订单行 子单序号 商品序号 line line_no line_number item_no"
_LINE_ID = (
    "子订单编号 子订单号 子单号 订单项编号 订单商品id 明细id line_id order_item_id order_goods_id sub_order_id oi_id"
)
_REFUND_TIME = (
    "退款时间 退款完成时间 退款成功时间 退款日期 售后完成时间 refunded_at refund_time refund_date refunded_time"
)
_REFUND = "退款金额 已退款金额 实退金额 退款 refund_amount refund_price refunded_amount refund refund_fee"
_LEVEL = "层级 分销层级 佣金层级 级数 推广层级 level tier source_user_level brokerage_level depth"

_OF_LINES = {
    "line": _LINE,
    "line_id": _LINE_ID,
    "sku": _SKU,
    "category": _CATEGORY,
    "quantity": "数量 购买数量 商品数量 件数 购买件数 quantity qty num count goods_num pay_num cart_num buy_num",
    "price": "单价 商品单价 售价 价格 商品价格 销售价 原价 price unit_price goods_price list_price sale_price",
    "member_price": "会员价 会员单价 vip价 member_price vip_price",
    "discount": "优惠金额 优惠 折扣金额 优惠总额 商品优惠 discount discount_amount discount_price total_discount",
    "amount": """实付金额 实付 实付款 商品实付 商品实付金额 买家实付金额 买家实际支付金额 实收金额 支付金额
    付款金额 成交金额 订单实付金额 小计 订单金额 总金额 金额 总价 amount paid_amount pay_amount pay_price paid
    total_pay_price payment actual_amount subtotal total order_amount total_amount sales revenue""",
    "freight": """运费 邮费 配送费 快递费 freight postage shipping shipping_fee delivery_fee delivery_price
    shipping_price""",
    "refunded_at": _REFUND_TIME,
    "refund_amount": _REFUND,
}

_NAMES: dict[Kind, dict[str, str]] = {
    "commissions": {
        "record_id": "佣金记录编号 记录编号 佣金单号 流水号 record_id record_no commission_id",
        "order_id": _ORDER,
        "line_id": _LINE_ID,
        "line": _LINE,
        "member_id": f"{_PROMOTER} {_MEMBER}",
        "level": _LEVEL,
        "amount": """佣金 佣金金额 返佣金额 分佣金额 提成 提成金额 推广佣金 分销佣金 收益金额 返利 返利金额
        commission commission_amount brokerage brokerage_price rebate bonus""",
        "status": "状态 佣金状态 结算状态 status state",
        "component": "佣金类型 类型 收益类型 component type kind",
        "created_at": "产生时间 创建时间 生成时间 created_at create_time add_time time 时间",
        "settled_at": "结算时间 到账时间 解冻时间 settled_at settlement_time settle_time unfreeze_time",
    },
    "refunds": {
        "record_id": "退款单号 售后单号 售后编号 退款编号 refund_id refund_no refund_sn after_sale_id after_sale_no",
        "order_id": _ORDER,
        "line_id": _LINE_ID,
        "line": _LINE,
        "amount": _REFUND,
        "refunded_at": _REFUND_TIME,
    },
    "orders": {
        "order_id": _ORDER,
        "member_id": _MEMBER,
        "placed_at": """下单时间 下单日期 订单创建时间 创建时间 提交时间 订单时间 订单日期 placed_at order_time
        ordered_at order_date created_at create_time add_time""",
        "paid_at": _PAID,
        "received_at": """收货时间 确认收货时间 签收时间 完成时间 订单完成时间 交易完成时间 received_at
        receive_time confirm_take_time finish_time finished_at completed_at delivered_at""",
        "channel": _CHANNEL,
    }
    | _OF_LINES,
    "lines": {"order_id": _ORDER} | _OF_LINES,
    "clicks": {
        "record_id": "点击编号 click_id",
        "clicked_at": "点击时间 访问时间 浏览时间 clicked_at click_time visited_at visit_time visit_date",
        "member_id": f"{_PROMOTER} member_id user_id 会员id 用户id",
        "visitor_id": f"访客id 访客 访问者 访客编号 浏览者 visitor_id visitor guest_id cookie {_MEMBER}",
        "sku": _SKU,
        "channel": _CHANNEL,
    },
    "members": {
        "member_id": f"{_MEMBER} id 编号",
        "inviter_id": """推荐人id 推荐人编号 推荐人 邀请人id 邀请人编号 邀请人 上级id 上级编号 上级会员 上级用户
        上级 直接上级 推广人id 推广人 推广员id 父级id 介绍人 inviter_id inviter invited_by parent_id parent
        referrer_id referrer sponsor_id sponsor spread_uid bind_user_id first_leader pid 推荐人手机号
        邀请人手机号 上级手机号""",
        "rank": """会员等级 等级 会员级别 级别 分销等级 分销商等级 身份 rank level grade level_id tier
        member_level""",
        "region": "地区 省份 省 所在地区 所在省份 所在地 城市 所在城市 市 区域 region province city area",
        "joined_at": """注册时间 注册日期 加入时间 入会时间 入会日期 成为会员时间 绑定时间 创建时间 joined_at
        join_time registered_at register_time reg_time signup_at signup_date created_at create_time add_time""",
        "bound_at": "推荐绑定时间 绑定推荐人时间 绑定上级时间 关联时间 bound_at bind_time bind_user_time spread_time",
    },
    "products": {
        "sku": _SKU,
        "category": _CATEGORY,
        "name": "商品名称 商品名 名称 品名 标题 product_name name title goods_name store_name spu_name",
        "price": "售价 销售价 价格 单价 商品价格 price sale_price list_price unit_price",
        "cost": "成本 成本价 进价 采购价 cost cost_price",
    },
}

NAMES: dict[Kind, dict[str, list[str]]] = {
    kind: {column: [one.replace("_", "") for one in words.split()] for column, words in columns.items()}
    for kind, columns in _NAMES.items()
}
"""By kind and column, what it may be called, without spaces and underscores."""
