# 数据质量归了零:哪个否决、哪件事、凭哪份材料、依据哪一条。
$ kaoping explain policies/rulebook/11-penalties --units policies/rulebook/11-penalties/examples/units/units.csv --facts policies/rulebook/11-penalties/examples/units/facts.csv --events 严重事件=policies/rulebook/11-penalties/examples/units/严重事件.csv --events 表扬=policies/rulebook/11-penalties/examples/units/表扬.csv --events 通报=policies/rulebook/11-penalties/examples/units/通报.csv --unit 乙县 --indicator 数据质量
乙县 · 数据质量  0 分 / 40 分
├─ 检查得分  40 分  填报  凭据 凭据-003
├─ 得 = 40 分
├─ 合计 = 当 数据造假 → 0 分；否则 → 检查得分 = 0 分
├─ 取整 = 0.01 分 四舍五入 = 0 分
└─ 否决  数据造假：成立，件数(严重事件 其中 类型 = 造假) > 0；严重事件 严-1 2012-09-01 凭据 查-1；依据 行11

$ kaoping explain policies/rulebook/11-penalties --units policies/rulebook/11-penalties/examples/units/units.csv --facts policies/rulebook/11-penalties/examples/units/facts.csv --events 严重事件=policies/rulebook/11-penalties/examples/units/严重事件.csv --events 表扬=policies/rulebook/11-penalties/examples/units/表扬.csv --events 通报=policies/rulebook/11-penalties/examples/units/通报.csv --unit 乙县
乙县  58 分  第 5 名（共 5 个）
├─ 业务
│  ├─ 数据质量  0 分 / 40 分
│  └─ 日常工作  58 分 / 60 分
├─ 奖惩
│  ├─ 通报扣分  0 分
│  └─ 表扬加分  0 分
├─ 奖惩 = 较小(通报扣分 + 表扬加分, 5 分) = 较小(0 分 + 0 分, 5 分) = 0 分
├─ 总分 = 业务 + 奖惩 = 58 分 + 0 分 = 58 分
├─ 等次  不合格
├─ 否决  数据造假：成立，件数(严重事件 其中 类型 = 造假) > 0；严重事件 严-1 2012-09-01 凭据 查-1；依据 行11
└─ 奖
   └─ 先进单位：被“数据造假”取消资格

# 月评平均:每个月是多少分。
$ kaoping explain policies/rulebook/10-rounds --units policies/rulebook/10-rounds/examples/units/units.csv --facts policies/rulebook/10-rounds/examples/units/facts.csv --unit 甲所
甲所  90 分  第 3 名（共 3 个）
├─ 工作检查  90 分 / 100 分
├─ 年度得分 = 平均(月评.总分 于 各月) × 30% + 年终.总分 × 70% = 平均(2012-01 90 分，2012-02 92 分，2012-03 94 分) × 30% + 90 分 × 70% = 90.6 分
└─ 总分 = 工作检查 = 90 分

# 去掉的最高分、最低分是谁打的。
$ kaoping explain policies/rulebook/07-judged --units policies/rulebook/07-judged/examples/units/units.csv --facts policies/rulebook/07-judged/examples/units/facts.csv --unit 甲县 --indicator 现场评审
甲县 · 现场评审  17 分 / 20 分
├─ 评分  20 分、17 分、16.5 分、17.5 分、12 分  填报  凭据 评分表-甲县-现场评审-评委一、评分表-甲县-现场评审-评委二、评分表-甲县-现场评审-评委三、评分表-甲县-现场评审-评委四、评分表-甲县-现场评审-评委五
├─ 平均分 = 去高低平均(评委一 20 分（最高，去掉），评委二 17 分，评委三 16.5 分，评委四 17.5 分，评委五 12 分（最低，去掉）) = 17 分
├─ 得 = 去高低平均(评委一 20 分（最高，去掉），评委二 17 分，评委三 16.5 分，评委四 17.5 分，评委五 12 分（最低，去掉）) = 17 分
└─ 取整 = 0.01 分 四舍五入 = 17 分

# 不是试点的县没有新农保这一项:什么也不欠,其余各项放大;分除不尽的,照方案写的位数印。
> 小/scheme.kp
+ 属性 试点 pilot : 是否   选择 "例子"
+ 明细 通报 notice   选择 "例子"
+   级别 level : 省 | 市
+ 方案 小方案 "例子"
+   满分 30 分   示例 "例子"
+   适用期 2024-01-01 至 2024-12-31   示例 "例子"
+   每项取到 不取整   选择 "例子"
+   显示到 0.01 分 四舍五入
+   名次 总分 从高到低 并列占位   选择 "例子"
+   未报 暂缺   选择 "例子"
+   责任分工 不分   选择 "例子"
+ 块 任务 30 分   示例 "例子"
+ 项 得一 10 分   示例 "例子"
+   读入 数一 a : 分 0 分..10 分
+   得 数一
+   至少 0 分   示例 "例子"
+   扣 每 通报 其中 级别 = 省 1 分
+ 项 得二 15 分   示例 "例子"
+   读入 数二 b : 分 0 分..15 分
+   得 数二 / 7 × 3
+   至多 15 分   示例 "例子"
+ 项 新农保 5 分   示例 "例子"
+   适用 当 单位.试点
+   不适用时 折算
+   读入 数三 c : 分 0 分..5 分
+   得 数三

> 单位.csv
+ unit,name,pilot
+ 甲,甲县,yes
+ 乙,乙县,no

> 数.csv
+ unit,indicator,field,value
+ 甲,得一,数一,9
+ 甲,得二,数二,8
+ 甲,新农保,数三,4
+ 乙,得一,数一,8
+ 乙,得二,数二,13

> 通报.csv
+ id,unit,date,evidence,level
+ 通-1,乙,2024-05-01,文件一,省
+ 通-2,乙,2023-05-01,文件二,省
+ 通-3,乙,2024-06-01,文件三,市

$ kaoping explain 小 --units 单位.csv --facts 数.csv --events 通报=通报.csv --unit 乙
乙县  528/35 ≈ 15.09 分  第 2 名（共 2 个）
├─ 任务
│  ├─ 得一  7 分 / 10 分
│  ├─ 得二  39/7 ≈ 5.57 分 / 15 分
│  └─ 新农保  不适用 / 5 分
├─ 任务 = (得一 + 得二 + 新农保) × (10 分 + 15 分 + 5 分) / (10 分 + 15 分 + (当 单位.试点 → 5 分；否则 → 不适用)) = (7 分 + 39/7 ≈ 5.57 分) × (10 分 + 15 分 + 5 分) / (10 分 + 15 分) = 528/35 ≈ 15.09 分
└─ 总分 = 任务 = 528/35 ≈ 15.09 分
警告[event-outside-period] 通报 通-2 发生在 2023-05-01，不在考核期内，没有计
 --> 通报.csv:3:1
  |
3 | 通-2,乙,2023-05-01,文件二,省
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = 原因 方案的适用期是 2024-01-01 至 2024-12-31
  = 办法 核对日期；确属本期的请更正日期

1 个警告

$ kaoping explain 小 --units 单位.csv --facts 数.csv --events 通报=通报.csv --unit 乙 --indicator 新农保
乙县 · 新农保  不适用 / 5 分
├─ 不适用  适用条件“单位.试点”不成立；折算：本块其余各项放大，补上这一项的分值
├─ 数三  未报  不必报：本项不适用于本单位
├─ 适用 = 单位.试点 = 否
└─ 不适用时 = 折算 = 不适用
警告[event-outside-period] 通报 通-2 发生在 2023-05-01，不在考核期内，没有计
 --> 通报.csv:3:1
  |
3 | 通-2,乙,2023-05-01,文件二,省
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = 原因 方案的适用期是 2024-01-01 至 2024-12-31
  = 办法 核对日期；确属本期的请更正日期

1 个警告

# 三份通报:一份计了,一份不在适用期,一份不合条件。
$ kaoping explain 小 --units 单位.csv --facts 数.csv --events 通报=通报.csv --unit 乙 --indicator 得一
乙县 · 得一  7 分 / 10 分
├─ 数一  8 分  填报
├─ 通报  通-2  2023-05-01  文件二  不在适用期内，不计
├─ 通报  通-1  2024-05-01  −1 分  文件一
├─ 通报  通-3  2024-06-01  文件三  不合本项计分的条件
├─ 得 = 8 分
├─ 扣 = 件数(通报 其中 级别 = 省) × 1 分 = 1 × 1 分 = 1 分
├─ 合计 = 较大(数一 − 件数(通报 其中 级别 = 省) × 1 分, 0 分) = 较大(8 分 − 1 × 1 分, 0 分) = 7 分
├─ 数一 再多 0.01 分（8.01 分）：得分 7 分 → 7.01 分
├─ 数一 再多 1.12 分（9.12 分）：名次 2 → 1
└─ 数一 再少 0.01 分（7.99 分）：得分 7 分 → 6.99 分
警告[event-outside-period] 通报 通-2 发生在 2023-05-01，不在考核期内，没有计
 --> 通报.csv:3:1
  |
3 | 通-2,乙,2023-05-01,文件二,省
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = 原因 方案的适用期是 2024-01-01 至 2024-12-31
  = 办法 核对日期；确属本期的请更正日期

1 个警告
