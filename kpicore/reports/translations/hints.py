"""What to do next after an error, in Traditional Chinese: each English hint of the source with its gaps."""

from __future__ import annotations

from collections.abc import Mapping

#: English as the source writes it, `{}` for each value: Chinese, as in `messages`.
HINTS: Mapping[str, str] = {
    "did you mean {}?": "是不是 {0}？",
    "there are: {}": "有：{0}",
    "there are {}": "有：{0}",
    "there is none yet": "目前沒有",
    "known: {}": "認得的：{0}",
    "one of: {}": "其中之一：{0}",
    "the columns are {}": "欄有：{0}",
    "the first line names the columns: {}": "第一行寫欄名：{0}",
    "its levels: {}": "它的層級：{0}",
    "its lines: {}": "它的各行：{0}",
    "it has {}": "它有：{0}",
    "it can be {}": "可以做的是：{0}",
    "it credits {}": "它歸屬於：{0}",
    "evaluate a {}": "請評估一個{0.said}",
    "name a {}": "請指定一個{0.said}",
    "none was applied yet: kpicore apply FILE --by W --reason R": (
        "還沒有套用過任何一張：kpicore apply 檔案 --by 誰 --reason 原因"
    ),
    "a period is 2026-03-05, 2026-W10, 2026-03, 2026-Q1, 2026-H1, 2026, FY2026, FY2026-Q1, FY2026-03 or START/END": (
        "期間的寫法：2026-03-05、2026-W10、2026-03、2026-Q1、2026-H1、2026、FY2026、FY2026-Q1、FY2026-03 或 起日/迄日"
    ),
    "add it; every fact needs it": "請加上；每筆事實都需要它",
    "check the path": "請檢查路徑",
    "check that the path exists and may be read": "請確認路徑存在，並且可以讀取",
    "check who owns it and whether it may be read": "請檢查擁有者與讀取權限",
    "mend the file": "請修正檔案",
    "mend the file at that line": "請修正檔案的那一行",
    "mend them, and record all again": "修正之後，全部再記錄一次",
    "name a file": "請指定檔案",
    "name at least one file": "請至少指定一個檔案",
    "name a folder with rule files, or the file itself": "請指定放規則檔的資料夾，或檔案本身",
    "name a period, such as 2026-Q1": "請指定期間，例如 2026-Q1",
    "look whether its export succeeded": "請查看它的匯出是否成功",
    "give it another name": "請換一個名稱",
    "weights are 0 to 100; 0 is shown and not scored": "權重是 0 到 100；0 表示只顯示不計分",
    "round it: 33.33": "請四捨五入：33.33",
    "round it": "請四捨五入",
    "change them until they make 100": "請調整到合計 100",
    "leave one of them out": "請拿掉其中一個",
    "leave one of them out, or let cap be at least floor": "請拿掉其中一個，或讓 cap 不小於 floor",
    "rename one of them, or take it out": "請改其中一個的名稱，或拿掉它",
    "take one of them out": "請拿掉其中一個",
    "take one way out": "請拿掉其中一條路",
    "name it once": "只寫一次",
    "put the rules into several files": "請把規則分成幾個檔案",
    # Files and rows
    "mend them, or keep the good rows with --keep-good": "修正這些列，或以 --keep-good 保留其他的列",
    "check that the path exists and may be read or written": "請確認路徑存在，並且可以讀寫",
    "name the file itself: {}": "請直接寫檔案：{0}",
    "make the folder first": "請先建立資料夾",
    "choose another name": "請換一個名稱",
    "name another folder, or remove it": "換一個資料夾，或刪除它",
    "import it again": "請再匯入一次",
    "save the file as UTF-8": "請存成 UTF-8",
    "save the sheet as CSV (UTF-8)": "請把工作表存成 CSV（UTF-8）",
    'add encoding = "{}" under [file]': '在 [file] 下加上 encoding = "{0}"',
    "add format under [file], or name it {}": "在 [file] 下加上 format，或把檔案命名為 {0}",
    'add timezone = "Asia/Taipei" under [file], or times with an offset': (
        '在 [file] 下加上 timezone = "Asia/Taipei"，或寫帶時差的時間'
    ),
    'add {} = "column of the file"': '加上 {0} = "檔案的欄名"',
    "retract the facts by name if that is meant": "如果真要如此，請指名撤回這些事實",
    "record corrections under a batch key of their own": "更正請用自己的批次鍵記錄",
    "say {}": "請寫 {0}",
    "quote cells that hold a comma": "含逗號的格請加引號",
    'quote indicator ids: "sales.win_rate" = "40"': '指標代號請加引號："sales.win_rate" = "40"',
    "write three capital letters such as TWD": "寫三個大寫字母，例如 TWD",
    "write corrective or forwarding": "寫 corrective 或 forwarding",
    "write digits with a point: 0.6, not 60 %": "用數字與小數點：0.6，不是 60 %",
    "say which lines change": "請寫哪幾行改變",
    "leave the other keys out": "請拿掉其他的鍵",
    "add a [[base]]": "請加上 [[base]]",
    "give a position, or a time like 2026-04-01T00:00:00+08:00": "給位置，或像 2026-04-01T00:00:00+08:00 的時間",
    "a position is a whole number from 0": "位置是從 0 起的整數",
    "say it in a sentence": "請寫一句話",
    # Times and values
    "write it like 2026-01-01": "寫成 2026-01-01",
    "write 2026-03-05 or 2026-03-05T14:30:00": "寫成 2026-03-05 或 2026-03-05T14:30:00",
    "write days, hours or minutes: 30d, 24h, 90m": "寫天、小時或分鐘：30d、24h、90m",
    "write --param horizon=30d": "寫成 --param horizon=30d",
    "write digits with a point: 1.05": "用數字與小數點：1.05",
    "write a number of points: 37.5": "寫一個分數：37.5",
    "it is the number of a month, 1 to 12": "寫月份的數字，1 到 12",
    "take a shorter period, or a longer every": "取短一點的期間，或長一點的 every",
    # Rules
    "take away at least {}": "至少減去 {0}",
    "begin with [scorecard]": "以 [scorecard] 開頭",
    "a scorecard has at least one": "計分卡至少有一個",
    "give every line its weight": "每一行都要有權重",
    'give every line its weight, 0 is shown and not scored; or write rest = "proportional"': (
        '每一行都要有權重，0 表示只顯示不計分；或寫 rest = "proportional"'
    ),
    'write weight = "40"; 0 is shown and not scored': '寫 weight = "40"；0 表示只顯示不計分',
    'write weight = "0" to show it': '要顯示它，寫 weight = "0"',
    'put it there with weight = "0": it is shown and not scored': '以 weight = "0" 放上去：只顯示，不計分',
    'write {"en": …, "zh-Hant": …}': '寫 {"en": …, "zh-Hant": …}',
    'write {} = "…"': '寫 {0} = "…"',
    "write {} = 2026-01-01": "寫 {0} = 2026-01-01",
    'write {} = ["…"]': '寫 {0} = ["…"]',
    'write {} = {en = "…", zh-Hant = "…"}': '寫 {0} = {{en = "…", zh-Hant = "…"}}',
    'write target = "…" in its line, or [[target]] for each subject': (
        '在那一行寫 target = "…"，或替每個對象寫 [[target]]'
    ),
    "write numbers as text": "數字請寫成文字",
    "keep one of them": "留下其中一個",
    "rename one of them": "請改其中一個的名稱",
    "it is line {} already": "它已是第 {0} 行",
    "apply it before, or together with the award": "先套用它，或與獎勵一起套用",
    "evaluate a period that starts then or later, or apply it with an earlier --effective": (
        "評估那天或之後開始的期間，或以較早的 --effective 套用"
    ),
    "ask for a period that starts then or later, or apply it with an earlier --effective": (
        "要求那天或之後開始的期間，或以較早的 --effective 套用"
    ),
    "apply such a change with an --effective date at the start of a period": (
        "這種變更的 --effective 要在期間的第一天"
    ),
    'let the change take effect at the start of a period, or write mid_period = "split" in the scorecard': (
        '讓變更在期間的第一天生效，或在計分卡寫 mid_period = "split"'
    ),
    "plan again": "請再計畫一次",
    "plan again and look at what changes now": "請再計畫一次，看看現在會改變什麼",
    "look at the new rules and plan again": "看過新的規則，再計畫一次",
    "give --weights FILE or --scorecard FILE": "給 --weights 檔案，或 --scorecard 檔案",
    "name a period, such as 2026-Q1, or the id of an evaluation": "寫期間，例如 2026-Q1，或評估的編號",
    "leave the period out, or name a scorecard": "不要寫期間，或改寫計分卡",
    # Evaluations and what follows
    "evaluate shows it; it looks like sales_rep.2026-Q1.f12.r3": "evaluate 會顯示它；樣子像 sales_rep.2026-Q1.f12.r3",
    "these cuts are written {}": "這些切點寫成 {0}",
    "evaluate and seal it first": "請先評估並封存",
    "evaluate and seal a period first": "請先評估並封存一個期間",
    "awards go by sealed evaluations: evaluate and seal it first": "獎勵依已封存的評估：請先評估並封存",
    "a seal never changes: seal an evaluation of other cuts": "封存不會改變：請封存其他切點的評估",
    "kpicore evaluate shows who is scored": "kpicore evaluate 會顯示誰被評分",
    "kpicore explain {} shows who is scored": "kpicore explain {0} 會顯示誰被評分",
    "compare evaluations of one level, and of one period or of two of the same length": (
        "請比較同一層級、同一期間或長度相同的兩個期間的評估"
    ),
    "propose it ({}); somebody else approves it, and then it can be applied": "請提案（{0}）；由別人核准之後才能套用",
    "wait for the data, or change the policy in [empty]": "請等資料，或修改 [empty] 的處理方式",
    "ask a colleague": "請找一位同事",
    "decide it: accept or reject": "請作決定：accept 或 reject",
    "turn it down instead: proposal reject": "請改用駁回：proposal reject",
    "nothing more can be done about it": "已經不能再做什麼",
    "an override follows an accepted dispute": "改分要在申訴成立之後",
    "withdraw it, look at what is in force now, and propose anew": "請撤回，看過現在生效的內容，再重新提案",
    "look at what is in force": "請看現在生效的內容",
    "look at it again": "請再看一次",
    "look at it again, and repeat the call if it still fits": "請再看一次，仍然合適就再做一次",
    "override the total, or another line": "請改總分，或改另一行",
    "give --subject for each, or --all": "每個人寫一次 --subject，或用 --all",
    "give --total 110, or --line INDICATOR --attainment 1.1": "給 --total 110，或 --line 指標 --attainment 1.1",
    "give --factor 1.05 or --shift -2": "給 --factor 1.05 或 --shift -2",
    "kpicore award list shows them": "kpicore award list 會列出",
    "kpicore triggers shows what it saw": "kpicore triggers 會顯示它看到什麼",
    "kpicore replay shows what differs": "kpicore replay 會顯示哪裡不同",
    # Plugins
    "install the plugin {}": "請安裝外掛 {0}",
    "install its plugin": "請安裝它的外掛",
    "mend or uninstall {}": "請修正或移除 {0}",
    "allow {}": "請允許 {0}",
    "kpicore plugins list shows them all": "kpicore plugins list 會全部列出",
    "kpicore plugins list shows which plugins there are": "kpicore plugins list 會列出有哪些外掛",
    "kpicore plugins show lists them": "kpicore plugins show 會列出",
    "kpicore plugins show lists them all": "kpicore plugins show 會全部列出",
    "kpicore plugins show {}": "kpicore plugins show {0}",
    "give a .py file or a folder": "請給 .py 檔或資料夾",
    "give the path of a plugin": "請給外掛的路徑",
    # The ledger
    'give --ledger PATH, set {}LEDGER, or write ledger = "kpi.db" into {}': (
        '給 --ledger 路徑，或設定 {0}LEDGER，或在 {1} 寫 ledger = "kpi.db"'
    ),
    "kpicore init makes one": "kpicore init 會建立一個",
    "kpicore init makes a ledger": "kpicore init 會建立帳本",
    "name a file: kpi.db": "請寫檔名：kpi.db",
    "name a file in it: kpi.db": "請寫其中的檔名：kpi.db",
    "name another file": "請換一個檔案",
    "name another file, or restore the ledger from a backup": "換一個檔案，或從備份還原帳本",
    "restore the ledger from a backup": "請從備份還原帳本",
    "kpicore verify says what is; restore the ledger from a backup": "kpicore verify 會說是什麼；請從備份還原帳本",
    "install the kpicore that wrote it, or a later one; the file was not touched": (
        "請安裝寫入它的 kpicore 或更新的版本；檔案沒有被動過"
    ),
    "keep ledgers on a local disk": "帳本請放在本機磁碟",
    "check the folder's permissions": "請檢查資料夾的權限",
    "the ledger ends at {}": "帳本到 {0} 為止",
    "try again": "請再試一次",
    # Everything else
    "kpicore --help lists what is there": "kpicore --help 會列出有哪些指令",
    "leave it out; it is refused rather than ignored": "請拿掉；它會被拒絕，而不是被忽略",
    "raise memory_limit, or measure fewer periods at once": "提高 memory_limit，或一次少量測幾個期間",
    "please report it": "請回報",
}
