# 甲县的城镇新增就业由 6,000 人核定为 6,500 人。最高比例变了,别的县也跟着变。
> 核定后.csv from policies/livelihood/examples/city/facts.csv
- 甲县,101,完成数,6000,2010,年报-0007
+ 甲县,101,完成数,6500,2010,年报-0007

$ kaoping compare policies/livelihood --units policies/livelihood/examples/city/units.csv --facts policies/livelihood/examples/city/facts.csv --events 通报批评=policies/livelihood/examples/city/通报批评.csv --facts-b 核定后.csv
丙县  104.16 分 → 104.08 分
├─ 城镇新增就业  −0.08  （3.24 分 → 3.16 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  93.78 → 93.70
丁县  95.81 分 → 95.73 分
├─ 城镇新增就业  −0.08  （3.24 分 → 3.16 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  85.61 → 85.53
戊县  102.44 分 → 102.36 分
├─ 城镇新增就业  −0.08  （3.24 分 → 3.16 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  91.54 → 91.46
己县  102.44 分 → 102.36 分
├─ 城镇新增就业  −0.08  （3.24 分 → 3.16 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  91.54 → 91.46
城东区  105.24 分 → 105.08 分
├─ 城镇新增就业  −0.16  （3.48 分 → 3.32 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  93.89 → 93.73
城西区  98.5 分 → 98.42 分
├─ 城镇新增就业  −0.08  （3.24 分 → 3.16 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  91.66 → 91.58
开发区管委会  101.13 分 → 101.09 分
├─ 城镇新增就业  −0.04  （3.12 分 → 3.08 分）  最高比例：120% → 130%，因为甲县完成比例 120% → 130%
└─ 任务完成  89.94 → 89.90

# 同一份数比一次,什么也不变。
$ kaoping compare policies/livelihood --units policies/livelihood/examples/city/units.csv --facts policies/livelihood/examples/city/facts.csv --events 通报批评=policies/livelihood/examples/city/通报批评.csv
没有变化。
