# 丁县查出造假:它退出先进,甲县补上;排在后面的名次往前移,自己的分一点没变。
> 前.csv
+ id,unit,date,evidence,type
+ 严-2,丙县,2012-09-02,查-2,mass

> 后.csv
+ id,unit,date,evidence,type
+ 严-2,丙县,2012-09-02,查-2,mass
+ 严-9,丁县,2012-10-01,查-9,false

$ kaoping compare policies/rulebook/11-penalties --units policies/rulebook/11-penalties/examples/units/units.csv --events 表扬=policies/rulebook/11-penalties/examples/units/表扬.csv --events 通报=policies/rulebook/11-penalties/examples/units/通报.csv --facts policies/rulebook/11-penalties/examples/units/facts.csv --events 严重事件=前.csv --events-b 严重事件=后.csv --events-b 表扬=policies/rulebook/11-penalties/examples/units/表扬.csv --events-b 通报=policies/rulebook/11-penalties/examples/units/通报.csv
甲县  94 分 → 94 分  第 4 名 → 第 3 名
└─ 名次  丁县（95 分 → 59 分）落到它后面
丁县  95 分 → 59 分  第 2 名 → 第 5 名
├─ 名次  甲县（94 分 → 94 分）、丙县（95 分 → 95 分）、戊县（86 分 → 86 分）升到它前面
├─ 数据质量  −36  （36 分 → 0 分）  否决 数据造假：成立，件数(严重事件 其中 类型 = 造假) > 0；严重事件 严-9 2012-10-01 凭据 查-9；依据 行11
└─ 等次  优秀 → 不合格
戊县  86 分 → 86 分  第 5 名 → 第 4 名
└─ 名次  丁县（95 分 → 59 分）落到它后面

奖
├─ 丁县退出“先进单位”：被“数据造假”取消资格（数据造假：成立，件数(严重事件 其中 类型 = 造假) > 0；严重事件 严-9 2012-10-01 凭据 查-9；依据 行11）
└─ 甲县列入“先进单位”：总分 94.00，3 个参评单位中第 2 名；丁县退出

# 一个数没有报:分没有了,说清楚。
> 没报齐.csv from policies/rulebook/11-penalties/examples/units/facts.csv
- 丁县,日常工作,检查得分,55 分,,凭据-008
+ 丁县,日常工作,检查得分,,,凭据-008

$ kaoping compare policies/rulebook/11-penalties --units policies/rulebook/11-penalties/examples/units/units.csv --events 表扬=policies/rulebook/11-penalties/examples/units/表扬.csv --events 通报=policies/rulebook/11-penalties/examples/units/通报.csv --events 严重事件=前.csv --facts policies/rulebook/11-penalties/examples/units/facts.csv --facts-b 没报齐.csv
甲县  94 分 → 94 分  第 4 名 → 第 3 名
└─ 名次  丁县（95 分 → —）落到它后面
丁县  95 分 → —  第 2 名 → 没有名次
├─ 日常工作  没有了得分  （55 分 → —）  自己的检查得分：55 分 → 未报
└─ 等次  优秀 → —
戊县  86 分 → 86 分  第 5 名 → 第 4 名
└─ 名次  丁县（95 分 → —）落到它后面

奖
├─ 丁县退出“先进单位”：有数未报：日常工作 检查得分
└─ 甲县列入“先进单位”：总分 94.00，3 个参评单位中第 2 名；暂定，等丁县报齐；丁县退出

# 算式改了:改之前、改之后都写出来。
> policies/rulebook/07-新/scheme.kp from policies/rulebook/07-judged/scheme.kp
-   得 平均分
+   得 平均分 × 90%

> policies/rulebook/07-新/clauses.md from policies/rulebook/07-judged/clauses.md

$ kaoping compare policies/rulebook/07-judged policies/rulebook/07-新 --units policies/rulebook/07-judged/examples/units/units.csv --facts policies/rulebook/07-judged/examples/units/facts.csv
方案的不同
└─ 汇报材料：算式 平均(评分 于 各评委) → 平均分 × 90%

甲县  25.75 分 → 24.88 分  第 1 名 → 第 2 名
├─ 名次  乙县（25.75 分 → 24.98 分）升到它前面
└─ 汇报材料  −0.87  （8.75 分 → 7.88 分）  算式 平均(评分 于 各评委) → 平均分 × 90%
乙县  25.75 分 → 24.98 分
└─ 汇报材料  −0.77  （7.75 分 → 6.98 分）  算式 平均(评分 于 各评委) → 平均分 × 90%
错误[total-not-reachable] 满分 30 分，总分最多只能到 29 分
 --> policies/rulebook/07-新/scheme.kp:3:3
  |
3 |   满分  30 分   示例 "分值是例子"
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = 原因 谁也得不到满分，及格线、等次线就都偏高了
  = 办法 看各项分值加起来是不是满分，或改满分

错误[example-fails] “汇报材料”的例算不符：写的是 8.75，算出来是 7.875
  --> policies/rulebook/07-新/scheme.kp:13:3
   |
13 |   例 平均分 = 8.75 分 → 8.75 分
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 算出 7.875
   |
   = 原因 例是方案的测试，不符说明规则或例写错了
   = 办法 用手算一遍，改规则或改例

2 个错误
(退出码 1)
