# 自评、前期、验收三轮,各轮的分并排留着。
$ kaoping score policies/golden-insurance-example --units policies/golden-insurance-example/examples/cities/units.csv --facts policies/golden-insurance-example/examples/cities/facts.csv --events 未按要求=policies/golden-insurance-example/examples/cities/未按要求.csv --round 自评
总分与名次
单位   总分  名次  全部达标  总分（精确）
────  ─────  ────  ────────  ────────────
甲市  96.43     1  是        2893/30
乙市  90.83     2  是        545/6
丙市  75.40     3  是
丁市  50.00     4  是

“自评”不是正式的一轮：名次供参考，评奖、名单和钱只看“验收”。

$ kaoping score policies/golden-insurance-example --units policies/golden-insurance-example/examples/cities/units.csv --facts policies/golden-insurance-example/examples/cities/facts.csv --events 未按要求=policies/golden-insurance-example/examples/cities/未按要求.csv --round 前期
总分与名次
单位   总分  名次  全部达标
────  ─────  ────  ────────
甲市  94.70     1  是
乙市  81.50     2  是
丙市  71.10     3  是
丁市  33.60     4  是

“前期”不是正式的一轮：名次供参考，评奖、名单和钱只看“验收”。

$ kaoping score policies/golden-insurance-example --units policies/golden-insurance-example/examples/cities/units.csv --facts policies/golden-insurance-example/examples/cities/facts.csv --events 未按要求=policies/golden-insurance-example/examples/cities/未按要求.csv --round 验收
总分与名次
单位   总分  名次  全部达标  总分（精确）
────  ─────  ────  ────────  ────────────
甲市  97.68     1  是
乙市  86.94     2  是
丙市  79.91     3  是        11987/150
丁市  58.33     4  是        175/3

名单
名单      单位
────────  ────
合格城市  甲市
合格城市  乙市
挂牌      甲市
挂牌      乙市
加强指导  丁市

# 自评与验收差在哪里?
$ kaoping compare policies/golden-insurance-example --units policies/golden-insurance-example/examples/cities/units.csv --facts policies/golden-insurance-example/examples/cities/facts.csv --events 未按要求=policies/golden-insurance-example/examples/cities/未按要求.csv --round 自评 --round-b 验收
甲市  2893/30 ≈ 96.43 分 → 97.68 分
├─ 网络覆盖  +0.6667  （58/3 ≈ 19.33 分 → 20 分）  自己的联网网点：58 个 → 60 个
├─ 业务应用  +0.5  （21.5 分 → 22 分）  自己的平均分：21.5 分 → 22 分（评委一 评分 21 分 → 22 分、评委二 评分 21.5 分 → 22 分）
└─ 公共服务  +0.08  （15.6 分 → 15.68 分）  自己的按时答复：195 件 → 196 件
乙市  545/6 ≈ 90.83 分 → 86.94 分
├─ 资金到位  +0.6  （10.8 分 → 11.4 分）  自己的到位资金：540 万元 → 570 万元
├─ 网络覆盖  +1.3333  （50/3 ≈ 16.67 分 → 18 分）  自己的联网网点：50 个 → 54 个
├─ 数据集中  −5  （20 分 → 15 分）  自己的集中比例：95% → 94.9%；须说明，还没有写理由
├─ 业务应用  −0.6667  （121/6 ≈ 20.17 分 → 19.5 分）  自己的平均分：121/6 ≈ 20.17 分 → 19.5 分（评委一 评分 20 分 → 19 分、评委三 评分 20.5 分 → 20 分、评委二 评分 20 分 → 19.5 分）
└─ 公共服务  −0.16  （15.2 分 → 15.04 分）  自己的按时答复：190 件 → 188 件
丙市  75.4 分 → 11987/150 ≈ 79.91 分
├─ 领导机构  +1  （7 分 → 8 分）  自己的专题会议：2 次 → 3 次
├─ 资金到位  +3  （6 分 → 9 分）  自己的到位资金：300 万元 → 450 万元；须说明，还没有写理由
├─ 网络覆盖  +2  （15 分 → 17 分）  自己的联网网点：45 个 → 51 个；须说明，还没有写理由
├─ 业务应用  −1.1667  （18 分 → 101/6 ≈ 16.83 分）  自己的平均分：18 分 → 101/6 ≈ 16.83 分（评委一 评分 18 分 → 16 分、评委三 评分 18 分 → 17.5 分、评委二 评分 18 分 → 17 分）
└─ 公共服务  −0.32  （14.4 分 → 14.08 分）  自己的按时答复：180 件 → 176 件
丁市  50 分 → 175/3 ≈ 58.33 分
├─ 领导机构  +6  （1 分 → 7 分）  自己的机构健全：否 → 是；自己的专题会议：1 次 → 2 次；须说明，还没有写理由
├─ 资金到位  +2  （4 分 → 6 分）  自己的到位资金：200 万元 → 300 万元；须说明，还没有写理由
├─ 网络覆盖  +2  （10 分 → 12 分）  自己的联网网点：30 个 → 36 个；须说明，还没有写理由
└─ 业务应用  −1.6667  （15 分 → 40/3 ≈ 13.33 分）  自己的平均分：15 分 → 40/3 ≈ 13.33 分（评委一 评分 15 分 → 13 分、评委三 评分 15 分 → 14 分、评委二 评分 15 分 → 13 分）
