# 市本级、甲区、乙区合并计算:完成数是三家之和,说明里列出每家自己的数和凭据。
$ kaoping explain policies/rulebook/02-merged-districts --units policies/rulebook/02-merged-districts/examples/units/units.csv --facts policies/rulebook/02-merged-districts/examples/units/facts.csv --unit 甲区 --indicator 城镇新增就业
甲区 · 城镇新增就业  1.4 分 / 1.5 分
├─ 规则  分步扣分  行2就业
│  ├─ 《考核规则摘记第2行:滁州2012年县区考核的人社部分》行2就业  “城镇新增就业1.5分:完成得满分,完成比例每低5个百分点扣0.1分,最多扣0.5分。”
│  └─ 当 达标 → 分值；否则 → 分值 − 较小(最多扣分, 每步扣分 × 步数(1 − 完成比例, 每差, 整步))
├─ 选择  不足一步 = 整步  （差不足一步怎么算，各办法写法不一）
├─ 完成数  1,820  合并计算
│  ├─ 市本级  900  凭据 凭据-001
│  ├─ 甲区  450  凭据 凭据-008
│  └─ 乙区  470  凭据 凭据-015
├─ 目标数  2,000  合并计算
│  ├─ 市本级  1,000  凭据 凭据-002
│  ├─ 甲区  500  凭据 凭据-009
│  └─ 乙区  500  凭据 凭据-016
├─ 完成比例 = 完成数 / 目标数 = 1,820 / 2,000 = 91%
├─ 达标 = 完成比例 ≥ 1 = 91% ≥ 1 = 否
├─ 得 = 1.5 分 − 较小(0.5 分, 0.1 分 × 步数(1 − 91%, 5%, 整步)=1) = 1.4 分
├─ 取整 = 0.01 分 四舍五入 = 1.4 分
├─ 市区完成数 再多 81（1,901）：得分 1.4 分 → 1.5 分
├─ 市区完成数 再多 81（1,901）：名次 2 → 1
├─ 市区完成数 再少 20（1,800）：得分 1.4 分 → 1.3 分
├─ 市区目标数 再多 23（2,023）：得分 1.4 分 → 1.3 分
├─ 市区目标数 再少 85（1,915）：得分 1.4 分 → 1.5 分
└─ 市区目标数 再少 85（1,915）：名次 2 → 1

# 只有市本级没有报完成数:欠报的是市本级,不是另外两家。
> 缺一家.csv from policies/rulebook/02-merged-districts/examples/units/facts.csv
- 市本级,城镇新增就业,完成数,900 人,,凭据-001
+ 市本级,城镇新增就业,完成数,,,

$ kaoping score policies/rulebook/02-merged-districts --units policies/rulebook/02-merged-districts/examples/units/units.csv --facts 缺一家.csv
未报（不当作零）
单位    指标          字段    欠的是
──────  ────────────  ──────  ────────
市本级  城镇新增就业  完成数  填报的数

总分与名次
单位    总分    名次  全部达标
──────  ────  ──────  ────────
丙县    4.20  1 暂定  是
丁县    1.90  2 暂定  否
市本级                否
甲区                  否
乙区                  否
暂定：2 个单位的分、名次或等次还会变，因为市本级还欠 1 个数（见“未报”），补报后重新计分。
(退出码 1)

# 只有乙区的数变了:三家的分都变,原因都是乙区。
> 核定后.csv from policies/rulebook/02-merged-districts/examples/units/facts.csv
- 乙区,城镇新增就业,完成数,470 人,,凭据-015
+ 乙区,城镇新增就业,完成数,551 人,,凭据-015

$ kaoping compare policies/rulebook/02-merged-districts --units policies/rulebook/02-merged-districts/examples/units/units.csv --facts policies/rulebook/02-merged-districts/examples/units/facts.csv --facts-b 核定后.csv
市本级  4.1 分 → 4.2 分  第 2 名 → 第 1 名
└─ 城镇新增就业  +0.1  （1.4 分 → 1.5 分）  合并的完成数：1,820 → 1,901，因为乙区 470 → 551
甲区  4.1 分 → 4.2 分  第 2 名 → 第 1 名
└─ 城镇新增就业  +0.1  （1.4 分 → 1.5 分）  合并的完成数：1,820 → 1,901，因为乙区 470 → 551
乙区  4.1 分 → 4.2 分  第 2 名 → 第 1 名
└─ 城镇新增就业  +0.1  （1.4 分 → 1.5 分）  合并的完成数：1,820 → 1,901，因为乙区 470 → 551
