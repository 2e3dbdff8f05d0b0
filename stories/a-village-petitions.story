# 丙村有两件上访。为五保到市上访的一件,只在“五保供养”里扣一次;为贫困到乡的一件,只在“扶贫扶优”里扣一次。
$ kaoping explain policies/township-2014 --units policies/township-2014/examples/villages/units.csv --facts policies/township-2014/examples/villages/facts.csv --events 上访=policies/township-2014/examples/villages/上访.csv --events 五保未达标=policies/township-2014/examples/villages/五保未达标.csv --events 报表=policies/township-2014/examples/villages/报表.csv --events 非法婚姻=policies/township-2014/examples/villages/非法婚姻.csv --unit 丙村 --indicator 五保供养
丙村 · 五保供养  4 分 / 10 分
├─ 规则  三2
│  ├─ 《2014年全乡民政工作目标任务考核意见》三2  “2、五保供养(10分)见一例五保户不达供养标准扣2分,造成到乡上访加扣1分,到市上访加扣2分。”
│  └─ 10 分
├─ 五保未达标  五-01  2014-10-02  −2 分  入户记录-01
├─ 五保未达标  五-02  2014-10-03  −2 分  入户记录-02
├─ 上访  访-02  2014-04-11  −2 分  信访件-02
├─ 上访  访-03  2014-05-20  信访件-03  计在“扶贫扶优”
├─ 得 = 10 分
├─ 扣 = 件数(五保未达标) × 2 分 = 2 × 2 分 = 4 分
├─ 扣 = 件数(上访 其中 事由 = 五保 且 到 = 乡) × 1 分 = 0 × 1 分 = 0 分
├─ 扣 = 件数(上访 其中 事由 = 五保 且 到 = 市) × 2 分 = 1 × 2 分 = 2 分
├─ 合计 = 较大(分值 − 件数(五保未达标) × 2 分 − 件数(上访 其中 事由 = 五保 且 到 = 乡) × 1 分 − 件数(上访 其中 事由 = 五保 且 到 = 市) × 2 分, 0 分) = 较大(10 分 − 2 × 2 分 − 0 × 1 分 − 1 × 2 分, 0 分) = 4 分
├─ 上访 再多 1 件（到 乡，事由 五保）：得分 4 分 → 3 分
├─ 上访 再多 1 件（到 市，事由 五保）：得分 4 分 → 2 分
├─ 上访 再少 1 件（访-02）：得分 4 分 → 6 分
├─ 五保未达标 再多 1 件：得分 4 分 → 2 分
└─ 五保未达标 再少 1 件（五-01、五-02 任一件）：得分 4 分 → 6 分

$ kaoping explain policies/township-2014 --units policies/township-2014/examples/villages/units.csv --facts policies/township-2014/examples/villages/facts.csv --events 上访=policies/township-2014/examples/villages/上访.csv --events 五保未达标=policies/township-2014/examples/villages/五保未达标.csv --events 报表=policies/township-2014/examples/villages/报表.csv --events 非法婚姻=policies/township-2014/examples/villages/非法婚姻.csv --unit 丙村 --indicator 扶贫扶优
丙村 · 扶贫扶优  4 分 / 5 分
├─ 规则  三3
│  ├─ 《2014年全乡民政工作目标任务考核意见》三3  “3、扶贫扶优(5分)对特困户、贫困户村未采取相应的接济措施造成到乡上访或要求政府救济,见一例扣1分。”
│  └─ 5 分
├─ 上访  访-02  2014-04-11  信访件-02  计在“五保供养”
├─ 上访  访-03  2014-05-20  −1 分  信访件-03
├─ 得 = 5 分
├─ 扣 = 件数(上访 其中 事由 = 贫困) × 1 分 = 1 × 1 分 = 1 分
├─ 合计 = 较大(分值 − 件数(上访 其中 事由 = 贫困) × 1 分, 0 分) = 较大(5 分 − 1 × 1 分, 0 分) = 4 分
├─ 上访 再多 1 件（到 乡，事由 贫困 等）：得分 4 分 → 3 分
└─ 上访 再少 1 件（访-03）：得分 4 分 → 5 分

$ kaoping explain policies/township-2014 --units policies/township-2014/examples/villages/units.csv --facts policies/township-2014/examples/villages/facts.csv --events 上访=policies/township-2014/examples/villages/上访.csv --events 五保未达标=policies/township-2014/examples/villages/五保未达标.csv --events 报表=policies/township-2014/examples/villages/报表.csv --events 非法婚姻=policies/township-2014/examples/villages/非法婚姻.csv --unit 丙村 --indicator 来信来访
丙村 · 来信来访  5 分 / 5 分
├─ 规则  三4
│  ├─ 《2014年全乡民政工作目标任务考核意见》三4  “4、来信来访(5分),见一例非政策性上访扣1分。”
│  └─ 5 分
├─ 上访  访-02  2014-04-11  信访件-02  计在“五保供养”
├─ 上访  访-03  2014-05-20  信访件-03  计在“扶贫扶优”
├─ 得 = 5 分
├─ 扣 = 件数(上访 其中 非 政策性) × 1 分 = 0 × 1 分 = 0 分
├─ 合计 = 较大(分值 − 件数(上访 其中 非 政策性) × 1 分, 0 分) = 较大(5 分 − 0 × 1 分, 0 分) = 5 分
└─ 上访 再多 1 件（到 乡，事由 其他，政策性 否 等）：得分 5 分 → 4 分

# 戊村的上访后来撤销了,不扣分。
$ kaoping explain policies/township-2014 --units policies/township-2014/examples/villages/units.csv --facts policies/township-2014/examples/villages/facts.csv --events 上访=policies/township-2014/examples/villages/上访.csv --events 五保未达标=policies/township-2014/examples/villages/五保未达标.csv --events 报表=policies/township-2014/examples/villages/报表.csv --events 非法婚姻=policies/township-2014/examples/villages/非法婚姻.csv --unit 戊村 --indicator 来信来访
戊村 · 来信来访  5 分 / 5 分
├─ 规则  三4
│  ├─ 《2014年全乡民政工作目标任务考核意见》三4  “4、来信来访(5分),见一例非政策性上访扣1分。”
│  └─ 5 分
├─ 上访  访-07  2014-08-15  信访件-07  已撤销（2014-09-01）
├─ 得 = 5 分
├─ 扣 = 件数(上访 其中 非 政策性) × 1 分 = 0 × 1 分 = 0 分
├─ 合计 = 较大(分值 − 件数(上访 其中 非 政策性) × 1 分, 0 分) = 较大(5 分 − 0 × 1 分, 0 分) = 5 分
├─ 上访 再多 1 件（到 乡，事由 其他，政策性 否 等）：得分 5 分 → 4 分
└─ 上访 再多 1 件（到 乡，事由 其他，政策性 否 等）：名次 3 → 4

$ kaoping explain policies/township-2014 --units policies/township-2014/examples/villages/units.csv --facts policies/township-2014/examples/villages/facts.csv --events 上访=policies/township-2014/examples/villages/上访.csv --events 五保未达标=policies/township-2014/examples/villages/五保未达标.csv --events 报表=policies/township-2014/examples/villages/报表.csv --events 非法婚姻=policies/township-2014/examples/villages/非法婚姻.csv --unit 丙村
丙村  163/3 ≈ 54.33 分  第 5 名（共 6 个）
├─ 殡葬改革  0 分 / 30 分
├─ 五保供养  4 分 / 10 分
├─ 扶贫扶优  4 分 / 5 分
├─ 来信来访  5 分 / 5 分
├─ 村民自治  5 分 / 5 分
├─ 资料上报  8 分 / 10 分
├─ 婚姻管理  5 分 / 5 分
├─ 残疾人工作  70/3 ≈ 23.33 分 / 30 分
├─ 总分 = 殡葬改革 + 五保供养 + 扶贫扶优 + 来信来访 + 村民自治 + 资料上报 + 婚姻管理 + 残疾人工作 = 0 分 + 4 分 + 4 分 + 5 分 + 5 分 + 8 分 + 5 分 + 70/3 ≈ 23.33 分 = 163/3 ≈ 54.33 分
└─ 没有试  离下一处变化多远按项看：加 --indicator 和项的编号，如 --indicator 殡葬改革
