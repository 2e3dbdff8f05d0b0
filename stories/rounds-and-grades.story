# 通报记在上半年,就只在上半年扣:先看上半年的分,再看年终为什么没有扣。
$ kaoping score policies/rulebook/13-event-rounds --units policies/rulebook/13-event-rounds/examples/units/units.csv --facts policies/rulebook/13-event-rounds/examples/units/facts.csv --events 通报=policies/rulebook/13-event-rounds/examples/units/通报.csv --round 上半年
总分与名次
单位  年度得分   总分  名次  全部达标
────  ────────  ─────  ────  ────────
乙所     91.20  90.00     1  是
甲所     90.20  86.00     2  是
名次按“年度得分”排。

“上半年”不是正式的一轮：名次供参考，评奖、名单和钱只看“年终”。
名次和等次是“年度得分”的，由各轮合起来算，不是“上半年”自己的。

$ kaoping explain policies/rulebook/13-event-rounds --units policies/rulebook/13-event-rounds/examples/units/units.csv --facts policies/rulebook/13-event-rounds/examples/units/facts.csv --events 通报=policies/rulebook/13-event-rounds/examples/units/通报.csv --unit 乙所 --indicator 遵规守纪
乙所 · 遵规守纪  10 分 / 10 分
├─ 通报  通-3  2012-05-01  文-3  属于“上半年”，这一轮不计
├─ 通报  通-4  2012-06-01  文-4  属于“上半年”，这一轮不计
├─ 得 = 10 分
├─ 扣 = 件数(通报 其中 级别 = 省) × 4 分 = 0 × 4 分 = 0 分
├─ 扣 = 件数(通报 其中 级别 = 市) × 2 分 = 0 × 2 分 = 0 分
├─ 合计 = 较大(分值 − 件数(通报 其中 级别 = 省) × 4 分 − 件数(通报 其中 级别 = 市) × 2 分, 0 分) = 较大(10 分 − 0 × 4 分 − 0 × 2 分, 0 分) = 10 分
├─ 取整 = 0.01 分 四舍五入 = 10 分
├─ 通报 再多 1 件（级别 市）：得分 10 分 → 8 分
├─ 通报 再多 1 件：名次 1 → 2
└─ 通报 再多 1 件（级别 省）：得分 10 分 → 6 分

# 晋档降档:谁因为哪一条升降,是占了名额还是没占,解释里都有。
$ kaoping explain policies/rulebook/15-grade-moves --units policies/rulebook/15-grade-moves/examples/units/units.csv --facts policies/rulebook/15-grade-moves/examples/units/facts.csv --events 表彰=policies/rulebook/15-grade-moves/examples/units/表彰.csv 督办=policies/rulebook/15-grade-moves/examples/units/督办.csv --unit 丁所
丁所  82 分  第 4 名（共 5 个）
├─ 日常工作  82 分 / 100 分
├─ 总分 = 日常工作 = 82 分
├─ 等次  优秀（按分可得 良好；因“国家表彰”升 1 等）
└─ 没有试  离下一处变化多远按项看：加 --indicator 和项的编号，如 --indicator 日常工作
