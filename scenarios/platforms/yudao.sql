-- The configuration of a yudao shop, as mysqldump writes it.
CREATE TABLE `trade_config` (
  `id` bigint NOT NULL AUTO_INCREMENT COMMENT '自增主键',
  `after_sale_refund_reasons` varchar(512) NOT NULL COMMENT '售后的退款理由',
  `delivery_express_free_enabled` bit(1) NOT NULL DEFAULT b'1',
  `brokerage_enabled` bit(1) NOT NULL DEFAULT b'1' COMMENT '是否启用分佣',
  `brokerage_enabled_condition` tinyint NOT NULL DEFAULT '1' COMMENT '分佣模式',
  `brokerage_bind_mode` tinyint NOT NULL DEFAULT '1' COMMENT '分销关系绑定模式',
  `brokerage_first_percent` int NOT NULL DEFAULT '0' COMMENT '一级返佣比例',
  `brokerage_second_percent` int NOT NULL DEFAULT '0' COMMENT '二级返佣比例',
  `brokerage_withdraw_min_price` int NOT NULL DEFAULT '0' COMMENT '用户提现最低金额',
  `brokerage_withdraw_fee_percent` int NOT NULL DEFAULT '0' COMMENT '提现手续费百分比',
  `brokerage_frozen_days` int NOT NULL DEFAULT '0' COMMENT '佣金冻结时间(天)',
  `brokerage_withdraw_types` varchar(32) NOT NULL COMMENT '提现方式',
  `deleted` bit(1) NOT NULL DEFAULT b'0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB COMMENT='交易中心配置表';
INSERT INTO `trade_config` VALUES (1,'[\"不喜欢\",\"买错了\"]',b'1',b'1',2,1,10,5,1000,1,7,'1,2,3',b'0');
