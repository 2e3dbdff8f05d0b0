# 乙县只报了第一季,丙县第三季的格子是空的,丁县一季也没报。少报一季不是没有缺岗:各欠哪几季列得出来,名次是暂定的。
$ kaoping score policies/rulebook/19-each-quarter --units policies/rulebook/19-each-quarter/examples/units/units.csv --facts policies/rulebook/19-each-quarter/examples/units/facts.csv
未报（不当作零）
单位  指标  字段            欠的是
────  ────  ──────────────  ────────
乙县  巡查  缺岗（2024Q2）  填报的数
乙县  巡查  缺岗（2024Q3）  填报的数
乙县  巡查  缺岗（2024Q4）  填报的数
丙县  巡查  缺岗（2024Q3）  填报的数
丁县  巡查  缺岗（2024Q1）  填报的数
丁县  巡查  缺岗（2024Q2）  填报的数
丁县  巡查  缺岗（2024Q3）  填报的数
丁县  巡查  缺岗（2024Q4）  填报的数

总分与名次
单位       总分    名次  全部达标
────  ─────────  ──────  ────────
乙县  8.20 暂定  1 暂定  是
丙县  7.60 暂定  2 暂定  是
甲县  2.80       3 暂定  是
丁县
暂定：3 个单位的分、名次或等次还会变，因为丁县、丙县、乙县还欠 8 个数（见“未报”），补报后重新计分。
(退出码 1)

# 七月中旬看:只欠已经过完的季度。
$ kaoping score policies/rulebook/19-each-quarter --units policies/rulebook/19-each-quarter/examples/units/units.csv --facts policies/rulebook/19-each-quarter/examples/units/facts.csv --as-of 2024-07-15
未报（不当作零）
单位  指标  字段            欠的是
────  ────  ──────────────  ────────
乙县  巡查  缺岗（2024Q2）  填报的数
丙县  巡查  缺岗（2024Q3）  填报的数
丁县  巡查  缺岗（2024Q1）  填报的数
丁县  巡查  缺岗（2024Q2）  填报的数

总分与名次
单位       总分    名次  全部达标
────  ─────────  ──────  ────────
乙县  8.20 暂定  1 暂定  是
丙县  7.60 暂定  2 暂定  是
甲县  2.80       3 暂定  是
丁县
暂定：3 个单位的分、名次或等次还会变，因为丁县、丙县、乙县还欠 4 个数（见“未报”），补报后重新计分。
(退出码 1)

$ kaoping explain policies/rulebook/19-each-quarter --units policies/rulebook/19-each-quarter/examples/units/units.csv --facts policies/rulebook/19-each-quarter/examples/units/facts.csv --unit 乙县 --indicator 巡查
乙县 · 巡查  8.2 分（暂定） / 10 分
├─ 缺岗  9 次、未报、未报、未报  填报  凭据 凭据-005
├─ 得 = 较大(0 分, 10 分 − 0.2 分/次 × 合计(2024Q1 9 次，2024Q2 未报，2024Q3 未报，2024Q4 未报)) = 8.2 分（暂定）
├─ 取整 = 0.01 分 四舍五入 = 8.2 分（暂定）
├─ 2024Q1 缺岗 再多 1 次（10 次）：得分 8.2 分（暂定） → 8 分（暂定）
├─ 2024Q1 缺岗 再多 4 次（13 次）：名次 1 → 2
└─ 2024Q1 缺岗 再少 1 次（8 次）：得分 8.2 分（暂定） → 8.4 分（暂定）
