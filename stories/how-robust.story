# 原文没有写清的几处,换一种选法,名次变不变?
$ kaoping compare policies/livelihood --units policies/livelihood/examples/city/units.csv --facts policies/livelihood/examples/city/facts.csv --events 通报批评=policies/livelihood/examples/city/通报批评.csv --robust
不足一步 = 按比例（现为 整步）：4 个单位的分变，名次都不变
├─ 乙县  104.62 分 → 104.49 分
├─ 丁县  95.81 分 → 95.74 分
├─ 壬县  97.73 分 → 97.67 分
└─ 城西区  98.5 分 → 98.35 分
不足一步 = 进一步（现为 整步）：4 个单位的分变，名次都不变
├─ 乙县  104.62 分 → 104.47 分
├─ 丁县  95.81 分 → 95.61 分
├─ 壬县  97.73 分 → 97.63 分
└─ 城西区  98.5 分 → 98.2 分
通报计次 = 只计一次（现为 每次）：1 个单位的分变，名次都不变
└─ 城西区  98.5 分 → 99.5 分
