# A rate that changes with the day. Where it is used nothing says which day is meant.
> 缴费/parameters.csv
+ 参数,数值,自,至,选择
+ 费率,6.5%,2000-01-01,2008-12-31,为说明而编写
+ 费率,5%,2009-01-01,,为说明而编写

> 缴费/scheme.kp
+ 决定 缴费   示例 "为说明而编写"
+   读入 工资总额 payroll : 元 ≥ 0 元
+   读入 费款日 day : 日期
+   参数 费率
+   给出 应缴额 due : 元
+   结论
+     否则 → 缴纳 工资总额 × 费率

$ kaoping check 缴费
错误[parameter-undated] 参数“费率”在不同日子有不同的数，这里没有说按哪一天取
 --> 缴费/scheme.kp:4:6
  |
4 |   参数 费率
  |        ^^^^
  |
 ::: 缴费/parameters.csv:2:1
  |
2 | 费率,6.5%,2000-01-01,2008-12-31,为说明而编写
  | -------------------------------------------- 这一行
  |
 ::: 缴费/parameters.csv:3:1
  |
3 | 费率,5%,2009-01-01,,为说明而编写
  | -------------------------------- 这一行
  |
  = 原因 取最早的还是最新的，结果不一样；不会悄悄取一个
  = 办法 在用到的地方写：费率 按 费款日 标准（“费款日”换成读入的一个日期）；方案里的项写 适用期

1 个错误
(退出码 1)

# The rate of the day each row brings: the last day of the old rate, the first of the new one.
> 缴费/scheme.kp
+ 决定 缴费   示例 "为说明而编写"
+   读入 工资总额 payroll : 元 ≥ 0 元
+   读入 费款日 day : 日期
+   参数 费率
+   给出 应缴额 due : 元
+   结论
+     否则 → 缴纳 工资总额 × 费率 按 费款日 标准
+   例 工资总额 = 1,000 元, 费款日 = 2000-01-01 → 缴纳 65 元
+   例 工资总额 = 1,000 元, 费款日 = 2008-12-31 → 缴纳 65 元
+   例 工资总额 = 1,000 元, 费款日 = 2009-01-01 → 缴纳 50 元

$ kaoping check 缴费
没有发现问题。

# A day before the first row has no rate: neither the first nor the last one is taken for it.
> 缴费/scheme.kp from 缴费/scheme.kp
-   例 工资总额 = 1,000 元, 费款日 = 2000-01-01 → 缴纳 65 元
+   例 工资总额 = 1,000 元, 费款日 = 1999-12-31 → 缴纳 65 元

$ kaoping check 缴费
错误[example-fails] “缴费”的例算不符：写的是 65，算出来是 未报
 --> 缴费/scheme.kp:8:3
  |
8 |   例 工资总额 = 1,000 元, 费款日 = 1999-12-31 → 缴纳 65 元
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 算出 未报
  |
  = 原因 例是方案的测试，不符说明规则或例写错了
  = 办法 用手算一遍，改规则或改例

1 个错误
(退出码 1)

# A reason with a comma and no quotes falls into two cells, and the second has no header.
> 缴费/parameters.csv
+ 参数,数值,自,至,选择
+ 费率,6.5%,2000-01-01,2008-12-31,原文没有说,取全年
+ 费率,5%,2009-01-01,,为说明而编写

> 缴费/scheme.kp from 缴费/scheme.kp
-   例 工资总额 = 1,000 元, 费款日 = 1999-12-31 → 缴纳 65 元
+   例 工资总额 = 1,000 元, 费款日 = 2000-01-01 → 缴纳 65 元

$ kaoping check 缴费
错误[row-width] 这一行有 6 格，表头只有 5 列
 --> 缴费/parameters.csv:2:37
  |
2 | 费率,6.5%,2000-01-01,2008-12-31,原文没有说,取全年
  |                                            ^^^^^^
  |
  = 原因 多出来的格没有列名，读不到任何地方去；多半是一格里的逗号把它断成了两格
  = 办法 有逗号的格整格加引号，如 "5,000 元"；多余的格删去

1 个错误
(退出码 1)

# The table says 130 yuan and the clause 100: the figure of a row is held to the clause the row names.
> 慰问/clauses.md
+ # 慰问办法
+ 
+ ## 一
+ 
+ 一、困难家庭每人慰问100元。

> 慰问/parameters.csv
+ 参数,数值,自,至,依据,选择
+ 慰问标准,130 元/人,2001-01-01,,一,

> 慰问/scheme.kp
+ 决定 慰问   依据 一
+   读入 人口 people : 人 ≥ 0 人
+   参数 慰问标准
+   给出 慰问金 gift : 元
+   结论
+     否则 → 发放 人口 × 慰问标准

$ kaoping check 慰问
警告[number-not-in-clause] “一”里没有 130 元/人 这个数
 --> 慰问/parameters.csv:2:6
  |
2 | 慰问标准,130 元/人,2001-01-01,,一,
  |          ^^^^^^^^^
  |
  = 依据 《慰问办法》一 “一、困难家庭每人慰问100元。”
  = 原因 这一行说依据这一条，数却不是这一条的：不是抄错，就是自己定的
  = 办法 照原文改数，改依据，或在“选择”一栏写理由，理由里说到这个数

1 个警告

# Where the figure is ours, the reason says so and names it.
> 慰问/parameters.csv
+ 参数,数值,自,至,依据,选择
+ 慰问标准,130 元/人,2001-01-01,,一,按物价加到每人 130 元

$ kaoping check 慰问
没有发现问题。

# An example that gives a name the decision does not have: the slip would leave the age unreported.
> 高龄/scheme.kp
+ 决定 高龄补贴   示例 "为说明而编写"
+   读入 年龄 age : 年 0 年..150 年
+   结论
+     当 年龄 ≥ 80 年 → 发放
+     否则 → 不发
+   例 年龄岁 = 80 年, 年龄 = 79 年 → 不发

$ kaoping check 高龄
错误[unknown-name] 没有“年龄岁”这个名称
 --> 高龄/scheme.kp:6:5
  |
6 |   例 年龄岁 = 80 年, 年龄 = 79 年 → 不发
  |      ^^^^^^
  |
  = 原因 例里给的必须是规则（决定）的读入、参数、选择或设
  = 办法 是不是“年龄”？

1 个错误
(退出码 1)

# Which cases can fit together. 负担 is 不适用 for 甲, so that 人工审定 and the first 不补 never meet; the two 不补 come to
# the same, so that their order does not matter; 余额 = 0 beside 费用 ≤ 1,000 is no border the two share.
> 补助/scheme.kp
+ 决定 补助   示例 "为说明而编写"
+   读入 类别 category : 甲=1 | 乙=2
+   读入 费用 cost : 元 ≥ 0 元
+   读入 已补 paid : 元 ≥ 0 元
+   读入 跨年 spans : 是否
+   设 负担
+     当 类别 = 甲 → 不适用
+     否则 → 费用
+   设 余额 = 较大(0 元, 5,000 元 − 已补)
+   结论
+     当 类别 = 甲 → 人工审定
+     当 负担 ≤ 1,000 元 → 不补
+     当 跨年 → 不补
+     当 余额 = 0 元 → 已到限额
+     否则 → 补助 较小(费用, 余额)
+     选择 "为说明而编写"

$ kaoping check 补助
提示[case-order-matters] 有的情形会同时合，按先后取：“人工审定”>“不补”（第 13 行），“人工审定”>“已到限额”，“不补”（第 12 行）>“已到限额”，“不补”（第 13 行）>“已到限额”
 --> 补助/scheme.kp:1:1
  |
1 | 决定 补助   示例 "为说明而编写"
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = 原因 这些情形换个次序，结果就不一样
  = 办法 对照条款看次序对不对；对就不用改

提示[payment-cliff] “负担”从 1,000 元到 1,000.01 元（乙、跨年否），金额从 0 元跳到 1,000.01 元，差 1,000.01 元
  --> 补助/scheme.kp:12:7
   |
12 |     当 负担 ≤ 1,000 元 → 不补
   |        ^^^^^^^^^^^^^^^ 0 → 1,000.01
   |
   = 原因 多一分钱差几百元，申请人会想办法凑数，也难解释
   = 办法 已有“选择”说明，不用改

2 个提示

# A choice may switch a case on: under the other word it is taken, so it is no dead case under this one.
> 补助/scheme.kp
+ 决定 补助   示例 "为说明而编写"
+   读入 费用 cost : 元 ≥ 0 元
+   选择 超限 = 封顶 : 封顶 | 审定  "超过 5,000 元的怎么办，没有说"
+   结论
+     当 超限 = 审定 且 费用 > 5,000 元 → 人工审定
+     否则 → 补助 较小(费用, 5,000 元)
+   例 费用 = 6,000 元 → 补助 5,000 元
+   例 费用 = 6,000 元, 超限 = 审定 → 人工审定

$ kaoping check 补助
没有发现问题。

# A year more, a day later: where an amount leaps is told for ages, months and days as it is for money.
> 高龄/scheme.kp
+ 决定 高龄补贴   示例 "为说明而编写"
+   读入 年龄 age : 年 0 年..150 年
+   读入 申请日 day : 日期
+   给出 补助额 benefit : 元
+   设 标准 = 1,000 元   示例 "为说明而编写"
+   设 已开办 = 申请日 ≥ 2009-07-01
+   结论
+     当 年龄 ≥ 80 年 且 已开办 → 发放 标准
+     否则 → 不发 0 元

$ kaoping check 高龄
警告[payment-cliff] “申请日”从 2009-06-30 到 2009-07-01，金额从 0 元跳到 1,000 元，差 1,000 元
 --> 高龄/scheme.kp:6:11
  |
6 |   设 已开办 = 申请日 ≥ 2009-07-01
  |               ^^^^^^^^^^^^^^^^^^^ 0 → 1,000
  |
  = 原因 早一天晚一天差这么多，线两边的人都会来问，也难解释
  = 办法 改成只对超过的部分计，或各段接上；确要这样，在这一句后面写 选择 "理由"

警告[payment-cliff] “年龄”从 79 年到 80 年，金额从 0 元跳到 1,000 元，差 1,000 元
 --> 高龄/scheme.kp:8:7
  |
8 |     当 年龄 ≥ 80 年 且 已开办 → 发放 标准
  |        ^^^^^^^^^^^^ 0 → 1,000
  |
  = 原因 只差一个数就差这么多，线两边的人都会来问，也难解释
  = 办法 改成只对超过的部分计，或各段接上；确要这样，在这一句后面写 选择 "理由"

2 个警告
