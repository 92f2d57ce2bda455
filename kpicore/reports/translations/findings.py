"""What `doctor` and `plugins` find, and the words of values, in Traditional Chinese: English with its gaps, as in
`messages`."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.definitions.plans.spans import CHINESE

FINDINGS: Mapping[str, str] = {
    # What is looked at
    "python": "Python",
    "sqlite": "SQLite",
    "file names": "檔名",
    "time zones": "時區",
    "file system": "檔案系統",
    "space": "空間",
    "permissions": "權限",
    "lock": "鎖",
    "log": "日誌",
    "cache": "快取",
    "ledger": "帳本",
    "settings": "設定",
    "plugins": "外掛",
    "folder": "資料夾",
    "periods": "期間",
    "proposals": "提案",
    "disputes": "申訴",
    "plugin {}": "外掛 {0}",
    "plugin {} ({})": "外掛 {0}（{1}）",
    # How it is
    "not installed": "沒有安裝",
    "none is installed": "沒有安裝任何一個",
    "{} is not there": "{0} 不存在",
    "{}: form {}, {} batches, facts up to {}, rules up to {}": "{0}：形式 {1}，{2} 個批次，事實至 {3}，規則至 {4}",
    "{} waiting": "{0} 件待處理",
    "no organisation is applied: days begin in UTC, and money keeps its currency": (
        "尚未套用組織設定：一天以 UTC 起算，金額保留原幣別"
    ),
    "days begin in {}": "一天以 {0} 起算",
    "{} can damage a log that several connections write at once; kpicore's writers take turns through a lock": (
        "{0} 在數個連線同時寫入時可能損壞日誌；kpicore 的寫入者以鎖輪流"
    ),
    "they cannot be read: {}": "無法讀取：{0}",
    "{} is on a network share ({})": "{0} 在網路共享上（{1}）",
    "not told by this system": "系統沒有說",
    "{} may not be read": "{0} 不可讀取",
    "{} can be read and not written": "{0} 可讀，不可寫",
    "file and folder can be read and written": "檔案與資料夾可讀可寫",
    "{} has {}": "{0} 有 {1}",
    "{} free": "剩餘 {0}",
    "nobody has written yet": "還沒有人寫過",
    "free": "沒有人占用",
    "a process is writing now": "有程序正在寫入",
    "none yet; large ledgers get one": "還沒有；大的帳本才有",
    "{} cannot be used": "{0} 無法使用",
    "{} in {} files; may be deleted at any time": "{0}，共 {1} 個檔案；隨時可刪",
    "loaded": "已載入",
    "blocked": "已封鎖",
    "broken": "損壞",
    # What to do
    "pip install {}": "pip install {0}",
    "set PYTHONUTF8=1": "設定 PYTHONUTF8=1",
    "kpicore init, or import, makes it": "kpicore init 或 import 會建立它",
    "kpicore {} list shows them": "kpicore {0} list 會列出",
    "let no other program write to the ledger; SQLite 3.51.3 and later are sound": (
        "不要讓其他程式寫入帳本；SQLite 3.51.3 以後沒有這個問題"
    ),
    "pip install kpicore-sales, or write kpifile.py": "pip install kpicore-sales，或寫一個 kpifile.py",
    'apply a file with [organisation], timezone = "Asia/Taipei" and base_currency': (
        '請套用含 [organisation] 的檔案，寫明 timezone = "Asia/Taipei" 與 base_currency'
    ),
    "make it first": "請先建立",
    "move the ledger to a local disk: locks do not hold on a share, and writers would destroy it": (
        "請把帳本移到本機磁碟：共享上的鎖無效，寫入者會毀掉它"
    ),
    "check who owns it": "請檢查擁有者",
    "check who owns file and folder": "請檢查檔案與資料夾的擁有者",
    "some program has read for long: close it, then the log moves into the file": (
        "有程式讀取很久：關掉它，日誌就會移進檔案"
    ),
    "free some space: nothing more can be recorded": "請清出空間：已無法再記錄",
    "free some space soon": "請儘快清出空間",
    "it is free as soon as that write is done, or its process has ended": "那次寫入完成或程序結束後就沒有占用",
    "delete it: it is made again": "請刪除：會再建立",
    # What an audit finds
    "the file is damaged: {}": "檔案損壞：{0}",
    "the file is damaged, nothing more of it can be read: {}": "檔案損壞，其餘無法讀取：{0}",
    "the tables are not those of a ledger": "資料表不是帳本的資料表",
    "it is out of order": "順序不對",
    "positions {} to {} are gone": "位置 {0} 至 {1} 不見了",
    "this event is gone": "這個事件不見了",
    "it is not stored as it was written": "儲存的內容與寫入時不同",
    "it is not written as it was": "寫法與當初不同",
    "it does not stand under its source and batch key": "不在它的來源與批次鍵之下",
    "it does not stand under its kind and name": "不在它的種類與名稱之下",
    "it does not stand under the evaluation that it names": "不在它所指的評估之下",
    "it is chunk {} of {} and stands as {}": "它是 {1} 塊中的第 {0} 塊，卻列為第 {2} 塊",
    "chunk {} of {} does not follow": "{1} 塊中的第 {0} 塊沒有接上",
    "chunk {} of {} follows nothing": "{1} 塊中的第 {0} 塊之前沒有東西",
    "it is version {} and follows version {}": "它是第 {0} 版，前面卻是第 {1} 版",
    "the clock stood earlier than before; the order is that of positions": "時鐘曾經往回走；順序以位置為準",
    "positions up to {} were given out, and the last is {}": "位置已給到 {0}，最後一個卻是 {1}",
    "positions up to {} were recorded here, and the last is {}: {}": "這裡曾記錄到位置 {0}，最後一個卻是 {1}：{2.said}",
    "the write-ahead log was damaged or lost, or an older copy stands in its place": (
        "預寫日誌損壞或遺失，或被較舊的複本取代"
    ),
    "hypothetical rules do not have their digest": "假設規則與摘要碼不符",
    "it is step {} and follows step {}": "它是第 {0} 步，前面卻是第 {1} 步",
    "{} does not follow {}": "{1.said}之後不能是{0.said}",
    "{} approves what {} proposed": "{0} 核准了 {1} 的提案",
    "it does not say what it does": "沒有說明做了什麼",
    "the organisation asked for two persons ({}), and it stands on one": "組織要求由兩人決定（{0.said}），這裡只有一人",
    "seal of {}": "{0} 的封存",
    "draft {}": "草稿 {0}",
    # What plugins are warned of
    "implements no hook; {} are there": "沒有實作任何掛鉤；可用的有 {0}",
    # What is refused in rows
    "1 row is": "1 列",
    "{} rows are": "{0} 列",
    "; the first: {}": "；第一個：{0}",
}

#: Values that are words.
VALUES: Mapping[str, str] = {
    **CHINESE,
    "days": "日",
    "weeks": "週",
    "months": "個月",
    "quarters": "季",
    "halfs": "半年",
    "years": "年",
    "no_denominator": "無分母",
    "not_applicable": "不適用",
    "missing_data": "資料缺漏",
    "low_sample": "樣本過少",
    "immature": "未成熟",
    "person": "個人",
    "team": "團隊",
    "company": "公司",
    "indicator": "指標",
    "scorecard": "計分卡",
    "definition": "定義",
    "plugin or definition": "外掛或定義",
    "plugin": "外掛",
    "curve": "得分曲線",
    "relation": "關聯表",
    "fact type": "事實類型",
    "proposal": "提案",
    "dispute": "申訴",
    "adjustment": "調整",
    "award": "獎勵",
    "reason": "原因",
    "by": "由誰",
    "rules": "規則",
    "seals": "封存",
    "overrides": "調整",
    "payouts": "發放",
    "opened": "待處理",
    "approved": "核准",
    "rejected": "駁回",
    "withdrawn": "撤回",
    "applied": "套用",
    "answered": "答覆",
    "accepted": "成立",
    "below": "低於",
    "above": "高於",
    "true or false": "是或否",
    "an instant": "時刻",
    "a number": "數字",
}
