# A policy of two lines, and a table as a county keeps it: Chinese heads, an amount with a unit, a
# figure that is not there, one that cannot be read. What can be decided is; the rest says why not.
> 低收入补助/scheme.kp
+ 决定 低收入补助 aid   示例 "为说明而编写"
+   读入 月收入 income : 元 ≥ 0 元
+   读入 人口 people : 人 1 人..20 人
+   设 人均 = 月收入 / 人口
+   给出 补助额 benefit : 元
+   给出 结果 status : 补助=pay | 不补=none
+   结论
+      当 人均 ≤ 500 元/人 → 补助 取到(500 元/人 × 人口 − 月收入, 0.01 元, 四舍五入)
+      否则                → 不补
+   示例 "过线不补，线内补到线，不跳"

> 申请.csv
+ 编号,姓名,月收入,人口
+ 1,申请人001,800,2
+ 2,申请人002,"1,200.50",3
+ 3,申请人003,,2
+ 4,申请人004,九百,2
+ 5,申请人005,0.12万元,2
+ 6,申请人006,900,0

$ kaoping compute 低收入补助 --in 申请.csv --out 结果.csv
低收入补助：读入 6 行，算出 4 行，退回 2 行

结果       行数    补助额
─────────  ────  ────────
待补          1
补助 pay      2  499.5 元
不补 none     1    0 元

退回 第 5 行 月收入 “月收入”写作“九百”，读不出来：这里要：元
退回 第 7 行 人口 “人口”写作“0”，超出方案写的范围：方案写明：1 人 至 20 人
退回的行都在 结果.rejects.csv，改好再算
(退出码 1)

$ cat 结果.csv
编号,姓名,月收入,人口,补助额,结果
1,申请人001,800,2,200.00,补助
2,申请人002,"1,200.50",3,299.50,补助
3,申请人003,,2,,待补
5,申请人005,0.12万元,2,0.00,不补

$ cat 结果.rejects.csv
行,栏,写的是,原因,编号,姓名,月收入,人口
5,月收入,九百,“月收入”写作“九百”，读不出来：这里要：元,4,申请人004,九百,2
7,人口,0,“人口”写作“0”，超出方案写的范围：方案写明：1 人 至 20 人,6,申请人006,900,0

# In a pipe the results go on and the summary goes beside them; only some columns are wanted.
$ kaoping compute 低收入补助 --in 申请.csv --out - --select 编号,结果,补助额
编号,结果,补助额
1,补助,200.00
2,补助,299.50
3,待补,
5,不补,0.00
低收入补助：读入 6 行，算出 4 行，退回 2 行

结果       行数    补助额
─────────  ────  ────────
待补          1
补助 pay      2  499.5 元
不补 none     1    0 元

退回 第 5 行 月收入 “月收入”写作“九百”，读不出来：这里要：元
退回 第 7 行 人口 “人口”写作“0”，超出方案写的范围：方案写明：1 人 至 20 人
要留下退回的行，加 --rejects 文件
(退出码 1)

# Why one row, line by line; and one of which a figure is not there.
$ kaoping compute 低收入补助 --in 申请.csv --explain 2
低收入补助 · 第 2 行（文件第 3 行）  补助  补助额 299.5 元
├─ 编号 2，姓名 申请人002
├─ 填报的数
│  ├─ 月收入  1,200.5 元
│  └─ 人口  3 人
├─ 人均 = 月收入 / 人口 = 1,200.5 元 / 3 人 = 2401/6 ≈ 400.166667 元/人
├─ 补助额 = 取到(500 元/人 × 人口 − 月收入, 0.01 元, 四舍五入) = 取到(500 元/人 × 3 人 − 1,200.5 元, 0.01 元, 四舍五入) = 299.5 元
└─ 是：人均 ≤ 500 元/人（2401/6 ≈ 400.166667 元/人 ≤ 500 元/人） → 补助

$ kaoping compute 低收入补助 --in 申请.csv --explain 3
低收入补助 · 第 3 行（文件第 4 行）  待补
├─ 编号 3，姓名 申请人003
├─ 填报的数
│  ├─ 月收入  未报
│  └─ 人口  2 人
├─ 要补：月收入
└─ 人均 = 月收入 / 人口 = 未报

# A row that has lost a cell is explained by what is wrong with it; mended rejects are not written over.
> 缺一格.csv
+ 编号,月收入,人口
+ 1,800

$ kaoping compute 低收入补助 --in 缺一格.csv --explain 1
错误[row-width] 第 2 行有 2 格，表头有 3 列
  = 原因 格数不同，后面的值会落到别的列里
  = 办法 补上缺的分隔符；没有值就留空格

1 个错误
(退出码 2)

$ kaoping compute 低收入补助 --in 结果.rejects.csv --out 结果.csv
错误[output-over-table] 结果.rejects.csv 是要算的表，不能再往上写
  = 原因 写上去，原来的就没有了；退回的行不写 --rejects 时放在结果旁边，名字后加 .rejects.csv
  = 办法 用 --rejects 换一个文件名

1 个错误
(退出码 2)

$ kaoping compute 低收入补助 --in 申请.csv --out 结果.csv --rejects 结果.csv
错误[output-over-table] 结果.csv 是结果，不能再往上写
  = 原因 写上去，原来的就没有了；退回的行不写 --rejects 时放在结果旁边，名字后加 .rejects.csv
  = 办法 用 --rejects 换一个文件名

1 个错误
(退出码 2)

# Nor is anything written over the policy.
$ kaoping compute 低收入补助 --in 申请.csv --out 低收入补助/scheme.kp
错误[output-over-table] 低收入补助/scheme.kp 是方案文件夹里的文件，不能再往上写
  = 原因 写上去，原来的就没有了；退回的行不写 --rejects 时放在结果旁边，名字后加 .rejects.csv
  = 办法 用 --out 换一个文件名

1 个错误
(退出码 2)

# A row with two faults goes back once, so that it is paid once when it is mended.
> 两处.csv
+ 编号,月收入,人口
+ 1,8oo,两

$ kaoping compute 低收入补助 --in 两处.csv --out 两处结果.csv
低收入补助：读入 1 行，算出 0 行，退回 1 行

结果  行数  补助额
────  ────  ──────

退回 第 2 行 月收入 “月收入”写作“8oo”，单位“oo”不对，这里是元：不同单位的数不能互相代替，系统只换算同一单位的倍数（如万元）
退回 第 2 行 人口 “人口”写作“两”，读不出来：这里要：人
退回的行都在 两处结果.rejects.csv，改好再算
(退出码 1)

$ cat 两处结果.rejects.csv
行,栏,写的是,原因,编号,月收入,人口
2,月收入、人口,8oo、两,“月收入”写作“8oo”，单位“oo”不对，这里是元：不同单位的数不能互相代替，系统只换算同一单位的倍数（如万元）；“人口”写作“两”，读不出来：这里要：人,1,8oo,两
