# In English the words of the language inside a formula are English too; names stay as the regulation has them.
$ kaoping explain policies/livelihood --units policies/livelihood/examples/city/units.csv --facts policies/livelihood/examples/city/facts.csv --events 通报批评=policies/livelihood/examples/city/通报批评.csv --unit 乙县 --indicator 城镇新增就业 --lang en
乙县 · 城镇新增就业  2.25 分 / 3 分
├─ rule  加分指标  二(二)3
│  ├─ 《民生工程目标管理工作规定》二(二)3  “3、“任务完成的考评得分,由市直责任单位根据各县、经济开发区“民生工程工作指标的完成情况对县、经济开发区进行考评打分,并根据木单位的工作实际完成情况进行自评打分。在考评工作中 ,分加分指标和不加分指标,其中不加分指标完成和超额的,得该指标基…”
│  └─ when 达标 and 最高比例 > 1 → 分值 + 分值 × 超额加 × (完成比例 − 1) / (最高比例 − 1); otherwise → when 达标 → 分值; otherwise → 分值 − 分值 × min(最多扣, 每步扣 × steps(1 − 完成比例, 每差, whole))
├─ choice  不足一步 = 整步  (差 3 % 算一步、一步半还是两步，各办法写法不一)
├─ 完成数  4,410 人  reported  2010  evidence 年报-0049
├─ 目标数  5,000 人  handed down
├─ 完成比例 = 完成数 / 目标数 = 4,410 人 / 5,000 人 = 88.2%
├─ 最高比例 = highest(完成比例 over everyone) = 120%  (甲县: 完成数 6,000 人 evidence 年报-0007, 目标数 5,000 人 handed down)
├─ 达标 = 完成比例 ≥ 1 = 88.2% ≥ 1 = no
├─ points = 3 分 − 3 分 × min(60%, 5% × steps(1 − 88.2%, 2%, whole)=5) = 2.25 分
├─ rounding = 0.01 分 half up = 2.25 分
├─ 完成数 more by 91 人 (4,501 人): points 2.25 分 → 2.4 分
├─ 完成数 more by 491 人 (4,901 人): place 3 → 2
├─ 完成数 more by 590 人 (5,000 人): listed for 综合先进
├─ 完成数 more by 491 人 (4,901 人): listed for 就业和创业先进县
├─ 完成数 more by 590 人 (5,000 人): no longer listed for 社会保险先进县
├─ 完成数 more by 590 人 (5,000 人): no longer listed for 医疗保障先进县人保
├─ 完成数 more by 590 人 (5,000 人): no longer listed for 卫生先进县
├─ 完成数 more by 590 人 (5,000 人): no longer listed for 保障性住房先进县
├─ 完成数 more by 590 人 (5,000 人): no longer listed for 资金安排先进县
├─ 完成数 less by 10 人 (4,400 人): points 2.25 分 → 2.1 分
└─ 完成数 less by 310 人 (4,100 人): place 3 → 4

$ kaoping explain policies/rulebook/19-each-quarter --units policies/rulebook/19-each-quarter/examples/units/units.csv --facts policies/rulebook/19-each-quarter/examples/units/facts.csv --unit 乙县 --indicator 巡查 --lang en
乙县 · 巡查  8.2 分 (provisional) / 10 分
├─ 缺岗  9 次, not reported, not reported, not reported  reported  evidence 凭据-005
├─ points = max(0 分, 10 分 − 0.2 分/次 × sum(2024Q1 9 次, 2024Q2 not reported, 2024Q3 not reported, 2024Q4 not reported)) = 8.2 分 (provisional)
├─ rounding = 0.01 分 half up = 8.2 分 (provisional)
├─ 2024Q1 缺岗 more by 1 次 (10 次): points 8.2 分 (provisional) → 8 分 (provisional)
├─ 2024Q1 缺岗 more by 4 次 (13 次): place 1 → 2
└─ 2024Q1 缺岗 less by 1 次 (8 次): points 8.2 分 (provisional) → 8.4 分 (provisional)

$ kaoping explain policies/trial/township-goals --units policies/trial/township-goals/examples/八乡镇/units.csv --facts policies/trial/township-goals/examples/八乡镇/facts.csv --unit 甲镇 --indicator 实际利用外资 --lang en
甲镇 · 实际利用外资  5 分 / 5 分
├─ rule  七
│  ├─ 《示例县乡镇综合目标考核办法(由十份公开办法的条款合成,用自己的话写)》七  “实际利用外资5分,有总额和现汇两项子指标。各乡镇的指标值由大到小排序,最大的计100分,最小的计60分,其他的按(本乡镇值-最小值)/(最大值-最小值)×40+60计算,再按权重汇总。”
│  └─ 分值 × (总额分 × 50% + 现汇分 × 50%)
├─ choice  权重 = 各半  (按权重汇总，权重没有写)
├─ 总额  500 万元  reported  2024  evidence 报-0323
├─ 现汇  200 万元  reported  2024  evidence 报-0331
├─ 总额差 = highest(总额 over peers) − lowest(总额 over peers) = highest(总额 over peers)=500 万元 (甲镇: 总额 500 万元 evidence 报-0323) − lowest(总额 over peers)=80 万元 (丁镇: 总额 80 万元 evidence 报-0326) = 420 万元
├─ 总额分 = when 总额差 > 0 → 60% + 40% × (总额 − lowest(总额 over peers)) / 总额差; otherwise → 100% = 60% + 40% × (500 万元 − lowest(总额 over peers)=80 万元 (丁镇: 总额 80 万元 evidence 报-0326)) / 420 万元 = 100%
├─ 现汇差 = highest(现汇 over peers) − lowest(现汇 over peers) = highest(现汇 over peers)=200 万元 (甲镇: 现汇 200 万元 evidence 报-0331) − lowest(现汇 over peers)=0 万元 (丙镇: 现汇 0 万元 evidence 报-0333) = 200 万元
├─ 现汇分 = when 现汇差 > 0 → 60% + 40% × (现汇 − lowest(现汇 over peers)) / 现汇差; otherwise → 100% = 60% + 40% × (200 万元 − lowest(现汇 over peers)=0 万元 (丙镇: 现汇 0 万元 evidence 报-0333)) / 200 万元 = 100%
├─ points = 5 分 × (100% × 50% + 100% × 50%) = 5 分
├─ 总额 less by 200.01 万元 (299.99 万元): points 5 分 → 109999/22000 ≈ 4.999955 分
└─ 现汇 less by 50.01 万元 (149.99 万元): points 5 分 → 74999/15000 ≈ 4.999933 分
warning[events-not-given]: no list of 火灾, 卫生记录, 火点, 集访 was given; it is counted as if nothing had happened
  = why without the list it cannot be told whether nothing happened or nothing was recorded
  = next give it with --events TABLE=FILE; if there was nothing, a file with only its header

1 warning
