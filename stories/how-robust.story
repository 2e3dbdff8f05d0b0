# 原文没有写清的几处,换一种选法,名次变不变?
$ kaoping compare policies/livelihood --units policies/livelihood/examples/city/units.csv --facts policies/livelihood/examples/city/facts.csv --events 通报批评=policies/livelihood/examples/city/通报批评.csv --robust
不足一步 = 按比例（现为 整步）：4 个单位的分变，名次都不变
不足一步 = 进一步（现为 整步）：4 个单位的分变，名次都不变
通报计次 = 只计一次（现为 每次）：1 个单位的分变，名次都不变
