"""What `--help` says of commands and options, in Traditional Chinese, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Mapping

HELPS: Mapping[str, str] = {
    # Every command
    "Scores for marketing teams that can be replayed, restated and explained years later.": (
        "為行銷團隊打分數，而且多年之後仍能重演、重述、說清楚。"
    ),
    'Start with "kpicore demo". Every command takes --json, for other programs, and --ledger.': (
        "從 kpicore demo 開始。每個指令都可加 --json（供其他程式使用）與 --ledger。"
    ),
    "Show the version and exit.": "顯示版本後結束。",
    "Show this message and exit.": "顯示這份說明後結束。",
    "Print one JSON document on stdout.": "在標準輸出印出一份 JSON 文件。",
    "The ledger; default: KPICORE_LEDGER, then kpicore.toml.": "帳本；預設：KPICORE_LEDGER，其次 kpicore.toml。",
    "Language of tables; default: the terminal's.": "表格的語言；預設依終端機。",
    "Not available yet.": "尚未提供。",
    # Ledger and facts
    "A tour of the main job on real sales data.": "用真實的銷售資料走一遍主要工作。",
    "A tour of the main job on real sales data: import, score, seal, change the rules, replay, explain.": (
        "用真實的銷售資料走一遍主要工作：匯入、計分、封存、改規則、重演、解釋。"
    ),
    "Leave ledger and files in DIR.": "把帳本與檔案留在 DIR。",
    "Make an empty ledger.": "建立空的帳本。",
    "Make an empty ledger; one that is there already is left as it is.": "建立空的帳本；已存在的不會更動。",
    "Look for what is wrong here.": "檢查這裡有什麼問題。",
    "Look at this machine, the ledger and the plugins. Leaves with 1 if something is wrong.": (
        "檢查這部機器、帳本與外掛。有問題時結束代碼為 1。"
    ),
    "Check every stored byte of a ledger, and that seals replay.": "查驗帳本的每一個位元組，並確認封存可重演。",
    "Check every stored byte of LEDGER against its digest.": "以摘要碼查驗 LEDGER 的每一個位元組。",
    "Leaves with 0 if all is as it was written, with 1 if not, with 3 if something cannot be checked here, and with 4 if "
    "a sealed evaluation or a payout does not come out again.": (
        "結束代碼：與寫入時相同為 0，不同為 1，在此無法查驗為 3，封存的評估或發放重演不同為 4。"
    ),
    "Compute every seal and payout again and compare.": "把每一份封存與每一次發放重算一次並比較。",
    "Record the rows of files, read through an import map.": "依匯入對照表，記錄檔案中的各列。",
    "Record the rows of FILES. One file is one transaction; the same file twice counts once.": (
        "記錄 FILES 中的各列。一個檔案是一筆交易；同一個檔案匯入兩次只算一次。"
    ),
    "The import map (TOML).": "匯入對照表（TOML）。",
    "Where the facts come from; default: what the map says, or its name.": "事實的來源；預設依對照表所寫，或對照表的名稱。",
    "Who imports.": "由誰匯入。",
    "Record the good rows; write the refused ones beside the file.": "記錄合格的列；被拒的列寫在檔案旁邊。",
    "Take facts away by their keys.": "依鍵撤回事實。",
    "Take the facts of TYPE with these KEYs away. Several key fields are written with a slash: A/1.": (
        "撤回 TYPE 中這些 KEY 的事實。有多個鍵欄位時以斜線分開：A/1。"
    ),
    "The source of the facts: part of their identity.": "事實的來源，是其身分的一部分。",
    "Why they are taken away.": "為何撤回。",
    "Who takes them away.": "由誰撤回。",
    "Makes a repeated call count once; default: made from the rest.": "讓重複的呼叫只算一次；預設由其餘內容產生。",
    "Show the facts of one type.": "顯示一種事實。",
    "Show the facts of TYPE: corrections and retractions resolved, each with its position and row.": (
        "顯示 TYPE 的事實：更正與撤回都已計入，各附位置與列。"
    ),
    "As known at a position of the ledger or at a time.": "以帳本的某個位置或某個時刻所知為準。",
    "Only the first N; default: all, in a table 20.": "只顯示前 N 筆；預設全部，表格為 20 筆。",
    # Rules
    "Show what applying scorecards would change.": "顯示套用計分卡會改變什麼。",
    "Show what applying the rule files at PATH (files or folders) would change, and who would move.": (
        "顯示套用 PATH（檔案或資料夾）的規則檔會改變什麼，以及誰的分數會變動。"
    ),
    "Nothing is recorded.": "不記錄任何東西。",
    "Show who would move in this period. Default: the last sealed one.": "顯示這個期間誰會變動。預設：最近封存的期間。",
    "Write a scorecard for a role at a business stage.": "為某角色在某業務階段寫一張計分卡。",
    "Write a scorecard for ROLE at a business stage, from a template. Indicators and weights are suggestions.": (
        "依範本為 ROLE 在某業務階段寫一張計分卡。指標與權重只是建議。"
    ),
    "The business stage: new_market, growth, mature, profit_first.": "業務階段：new_market、growth、mature、profit_first。",
    "Write it there instead of showing it.": "寫到該處，不顯示。",
    "Its id. Default: the role and the stage.": "計分卡的 id。預設：角色加階段。",
    "From when it counts. Default: the first day of this quarter.": "生效日。預設：本季第一天。",
    "Record scorecards and settings as rules in force.": "把計分卡與設定記錄為生效的規則。",
    "Record the rule files at PATH, with every definition that they use.": "記錄 PATH 的規則檔，連同所用的每一項定義。",
    "Who decides it.": "由誰決定。",
    "Why.": "原因。",
    "From when it counts, instead of the files' own dates; may be past.": "生效日，取代檔案所寫的日期；可以是過去。",
    "What else was said; kept with it, may be repeated.": "其他意見，一併保存；可重複。",
    "Change rules like code: propose, comment, approve, apply.": "像改程式一樣改規則：提案、留言、核准、套用。",
    "Propose a change of rules.": "提案變更規則。",
    "Propose what the rule files at PATH would change. All of it is kept: the files may change afterwards.": (
        "提案 PATH 的規則檔所要的變更。內容全部保存，之後檔案可以再改。"
    ),
    "Who says so.": "由誰提出。",
    "The proposals, and how they stand.": "各提案與其狀態。",
    "The proposals that wait for somebody, and how they stand.": "待處理的提案與其狀態。",
    "Those that are done with, too.": "連同已結案的。",
    "What a proposal would change, and what was said about it.": "提案會改變什麼，以及相關意見。",
    "What PROPOSAL would change, and what was said about it.": "PROPOSAL 會改變什麼，以及相關意見。",
    "Say something about a proposal.": "對提案表示意見。",
    "Say something about PROPOSAL. It is kept with the rules that come of it.": (
        "對 PROPOSAL 表示意見，會與由此產生的規則一併保存。"
    ),
    "What there is to say.": "意見內容。",
    "Approve somebody else's proposal.": "核准他人的提案。",
    "Approve PROPOSAL, which somebody else made. It counts when it is applied.": "核准他人的 PROPOSAL。套用之後才生效。",
    "What there is to say about it.": "相關意見。",
    "Turn a proposal down.": "駁回提案。",
    "Turn PROPOSAL down.": "駁回 PROPOSAL。",
    "Take one's own proposal back.": "撤回自己的提案。",
    "Take PROPOSAL back, which is one's own.": "撤回自己的 PROPOSAL。",
    "Do what was approved.": "執行已核准的事。",
    "Do what was approved, if it still does what was approved.": "執行已核准的事，前提是內容仍與核准時相同。",
    "Who applies it.": "由誰套用。",
    "Show which changes are proposed by a date or a condition.": "顯示因日期或條件而建議的變更。",
    "Show which standing changes are proposed now, and what their triggers saw. Nothing is applied.": (
        "顯示目前建議哪些待命的變更，以及觸發條件看到什麼。不套用任何東西。"
    ),
    "With --out each proposal is a file there, to plan and apply.": "加上 --out，每個建議寫成一個檔案，供預覽與套用。",
    "Write what is proposed as files.": "把建議寫成檔案。",
    # Scores
    "Measure one indicator over one or more periods.": "測量一個指標在一個或多個期間的數值。",
    "Measure INDICATOR: numerator, denominator and value for every subject and period.": (
        "測量 INDICATOR：每位被評分者、每個期間的分子、分母與數值。"
    ),
    "2017-Q1, or a series 2017-01..2017-12.": "2017-Q1，或一系列 2017-01..2017-12。",
    "Who is measured.": "測量哪個層級。",
    "Break down by a field; may be repeated.": "依欄位細分；可重複。",
    "A parameter of the indicator.": "指標的參數。",
    "Who is credited, where the indicator leaves a choice.": "歸屬於誰；僅在指標容許選擇時。",
    "Score everyone on a scorecard for a period.": "為計分卡上的每個人計某一期的分數。",
    "Score everyone on the scorecard CARD. The id that is shown is what seal, replay and explain take.": (
        "為計分卡 CARD 上的每個人計分。所顯示的評估編號供 seal、replay 與 explain 使用。"
    ),
    "A period of the scorecard's length, such as 2017-Q1.": "與計分卡長度相同的期間，例如 2017-Q1。",
    "Record an evaluation for good.": "封存一個評估。",
    "Record EVALUATION for good. What it stands on is kept with it; later facts and rules do not move it.": (
        "封存 EVALUATION，連同所依據的一切；之後的事實與規則都不會改變它。"
    ),
    "Who seals it.": "由誰封存。",
    "Propose it: somebody else approves it before it is sealed.": "改為提案：由他人核准後才封存。",
    "Why it is proposed.": "提案的原因。",
    "Compute a sealed evaluation again and compare.": "把封存的評估重算一次並比較。",
    "Compute EVALUATION again from the ledger alone and compare. Leaves with 4 if a digit differs.": (
        "只憑帳本重算 EVALUATION 並比較。有任何一位數字不同，結束代碼為 4。"
    ),
    "Evaluate again with the facts known now.": "以現在所知的事實再評估一次。",
    "Evaluate again under the same rules with the facts known now. EVALUATION stays as it is.": (
        "規則不變，以現在所知的事實再評估一次。EVALUATION 保持原樣。"
    ),
    "Score again under other weights or another scorecard.": "以其他權重或另一張計分卡重新計分。",
    "Score EVALUATION under other rules. Hypothetical: it counts for nothing until it is sealed.": (
        "以其他規則為 EVALUATION 計分。這是假設：封存之前不算數。"
    ),
    "With --period it is a scorecard whose periods are scored, and what everyone gains or loses over all of them.": (
        "加上 --period 則指定計分卡，計算其各個期間，以及每個人合計的增減。"
    ),
    "Every period of a series: then a scorecard is named.": "一系列的每個期間；此時指定的是計分卡。",
    "Other weights: [weights] in TOML.": "其他權重：TOML 的 [weights]。",
    "A whole other scorecard.": "另一張完整的計分卡。",
    "Show what was sealed of a scorecard, and which version counts.": "顯示計分卡封存過的評估，以及採計哪個版本。",
    "Show what was sealed of the scorecard CARD: every version, which one counts, and what was carried on.": (
        "顯示計分卡 CARD 封存過的評估：每個版本、採計哪一個，以及遞延了什麼。"
    ),
    "Only this period or series.": "只看這個期間或系列。",
    "Show how a score is built, or why two differ.": "顯示分數如何組成，或兩者為何不同。",
    "Show how EVALUATION is built, down to the facts; with a second one, what the difference is made of.": (
        "顯示 EVALUATION 如何組成，直到每一筆事實；給兩個評估時，顯示差異從何而來。"
    ),
    "Only this subject.": "只看這位被評分者。",
    # Disputes and adjustments
    "Contest a score: open, answer, decide.": "對分數提出申訴：提出、答覆、裁決。",
    "Contest a score: open, answer, decide. A dispute changes no score.": (
        "對分數提出申訴：提出、答覆、裁決。申訴本身不改變分數。"
    ),
    "Contest a line or a total.": "對某一項或總分提出申訴。",
    "Contest a score of the sealed EVALUATION.": "對封存的 EVALUATION 中的分數提出申訴。",
    "Whose score; none on a card of the company.": "誰的分數；公司的計分卡不必填。",
    "Which line. Default: the total.": "哪一項。預設：總分。",
    "A text, or a fact such as deal_won/D-17; may be repeated.": "一段文字，或一筆事實，例如 deal_won/D-17；可重複。",
    "The disputes, and how they stand.": "各申訴與其狀態。",
    "The disputes that wait for somebody, and how they stand.": "待處理的申訴與其狀態。",
    "Only of this evaluation.": "只看這個評估的。",
    "Only of this subject.": "只看這位被評分者的。",
    "Everything that was said.": "所有往來內容。",
    "Everything that was said about DISPUTE.": "DISPUTE 的所有往來內容。",
    "Answer a dispute.": "答覆申訴。",
    "Answer DISPUTE. There may be several answers, by either side.": "答覆 DISPUTE。雙方都可以答覆多次。",
    "The answer.": "答覆內容。",
    "Decide that whoever contests is right.": "裁決申訴成立。",
    "Decide that whoever opened DISPUTE is right. An override may follow, or the facts are corrected.": (
        "裁決 DISPUTE 成立。之後可以改分，或更正事實。"
    ),
    "Decide that the score stands.": "裁決維持原分數。",
    "Take one's own dispute back.": "撤回自己的申訴。",
    "Take DISPUTE back, which is one's own.": "撤回自己的 DISPUTE。",
    "Set scores beside the system's own: override, calibrate.": "設定與系統分數並列的分數：改分、校準。",
    "Set scores beside the system's own, which stay as they were sealed.": (
        "設定與系統分數並列的分數；系統分數保持封存時的樣子。"
    ),
    "Set a total or a line for one subject.": "為一位被評分者改總分或某一項。",
    "Set a total, or the attainment of a line, of one subject of the sealed EVALUATION.": (
        "在封存的 EVALUATION 中，為一位被評分者改總分，或改某一項的達成率。"
    ),
    "The total.": "總分。",
    "A line, instead of the total.": "改某一項，而不是總分。",
    "The line's attainment: 1 is on target.": "該項的達成率：1 為達標。",
    "The accepted dispute that led to it.": "據以改分的申訴（已成立）。",
    "On whose word; somebody else's.": "由誰核准；必須是他人。",
    "Propose it: somebody else approves it before it counts.": "改為提案：由他人核准後才算數。",
    "Multiply or shift the totals of a group.": "為一群人的總分乘上乘數或加減分。",
    "Multiply or shift the totals of a group in the sealed EVALUATION.": (
        "在封存的 EVALUATION 中，為一群人的總分乘上乘數或加減分。"
    ),
    "Whom it concerns; may be repeated.": "對象；可重複。",
    "Everyone in the evaluation.": "評估中的每個人。",
    "Totals are multiplied with it.": "總分乘上這個數。",
    "It is added to totals, after the factor; may be negative.": "乘完之後加到總分；可為負數。",
    "Take an override or a calibration back.": "撤回改分或校準。",
    "Take ADJUSTMENT (O1, C1) back. It stays on record.": "撤回 ADJUSTMENT（O1、C1）。紀錄仍會保留。",
    "The system's scores and those beside them.": "系統分數，以及與之並列的分數。",
    "Every override and calibration; with EVALUATION the system's totals and those beside them, too.": (
        "每一次改分與校準；指定 EVALUATION 時，連同系統總分與並列的總分。"
    ),
    "Only what concerns this subject.": "只看與這位被評分者有關的。",
    # Awards
    "What sealed scores earn: show, pay, list, replay.": "封存的分數能換得什麼：查看、發放、列出、重演。",
    "Bonuses, stars, innovation awards, eligibility: by sealed evaluations only.": (
        "獎金、之星、創新獎、資格：只依封存的評估。"
    ),
    "What an award gives in a period, and why.": "獎勵在某一期給出什麼，以及原因。",
    "What AWARD gives in a period, by the sealed evaluations that count. Nothing is recorded.": (
        "AWARD 在某一期依採計的封存評估給出什麼。不記錄任何東西。"
    ),
    "A period of the award's length, such as 2026-Q1.": "與獎勵長度相同的期間，例如 2026-Q1。",
    "Only this subject, with every factor.": "只看這位被評分者，列出每個係數。",
    "Record what an award gives; the same is never paid twice.": "記錄獎勵給出什麼；同一筆不會發兩次。",
    "Record what AWARD gives in a period: first all that is owed, later what differs from what was paid.": (
        "記錄 AWARD 在某一期給出什麼：第一次是全額，之後只補差額。"
    ),
    "Who pays.": "由誰發放。",
    "Propose it: somebody else approves it before it is recorded.": "改為提案：由他人核准後才記錄。",
    "What was paid.": "已發放的內容。",
    "What was paid, payout by payout.": "已發放的內容，逐次列出。",
    "Only of this award.": "只看這個獎勵的。",
    "Only of this period.": "只看這個期間的。",
    "Only what this subject was paid.": "只看這位被評分者領到的。",
    "Compute a payout again and compare.": "把一次發放重算一次並比較。",
    "Compute PAYOUT again from the ledger alone, as known when it was recorded. Leaves with 4 if a digit differs.": (
        "只憑帳本、以記錄當時所知重算 PAYOUT。有任何一位數字不同，結束代碼為 4。"
    ),
    # Plugins, the handbook and reports
    "List, show and check plugins.": "列出、查看與檢查外掛。",
    "The plugins that were found, and what is wrong with them.": "找到的外掛，以及它們有什麼問題。",
    "The plugins that were found: loaded, broken or blocked.": "找到的外掛：已載入、損壞或已封鎖。",
    "Everything that is defined, or one indicator, or one plugin.": "所有定義，或一個指標，或一個外掛。",
    "Everything that is defined; with NAME one plugin (sales) or one definition (sales.win_rate).": (
        "所有定義；指定 NAME 時為一個外掛（sales）或一項定義（sales.win_rate）。"
    ),
    "Check plugins and run the examples of their indicators.": "檢查外掛，並執行指標的例子。",
    "Check plugins: names, hooks, definitions, and that their examples come out. Leaves with 1 if not.": (
        "檢查外掛：名稱、掛鉤、定義，以及例子是否成立。不成立時結束代碼為 1。"
    ),
    "PATH is a plugin that is not installed yet: a Python file, or a folder with a pyproject.toml.": (
        "PATH 是尚未安裝的外掛：一個 Python 檔，或含 pyproject.toml 的資料夾。"
    ),
    "The skeleton of a plugin. Not available yet.": "外掛的骨架。尚未提供。",
    "Write a page for every indicator.": "為每個指標寫一頁。",
    "Write a page for every indicator: meaning, formula in words, worked example, parameters, who is scored by it.": (
        "為每個指標寫一頁：含義、以文字寫成的公式、計算示例、參數、適用角色。"
    ),
    "The index lists them by perspective and by role. Files that are there already are written over.": (
        "目錄依維度與角色排列。已存在的檔案會被覆寫。"
    ),
    "Markdown or HTML.": "Markdown 或 HTML。",
    "Folder of the pages; made if it is not there.": "放頁面的資料夾；不存在時建立。",
    "Only the indicators of this plugin.": "只寫這個外掛的指標。",
    "Write the report of an evaluation: for everyone, and for each.": "產生評估的報告：全員一份，每人一份。",
    "Write the report of an evaluation: one file for everyone, and beside it one for each person.": (
        "產生評估的報告：全員一份，旁邊每人一份。"
    ),
    "A page needs nothing from elsewhere and prints on A4. Files that are there already are written over.": (
        "頁面不需要其他任何東西，可以用 A4 列印。已存在的檔案會被覆寫。"
    ),
    "Evaluate CARD for this period, as known now.": "以現在所知評估 CARD 的這個期間。",
    "Only this one.": "只產生這一位的。",
    "Folder, made if it is not there; or one file that ends in .html or .xlsx.": (
        "資料夾，不存在時建立；或一個以 .html 或 .xlsx 結尾的檔案。"
    ),
    "Page or workbook.": "網頁或活頁簿。",
    # Not there yet
    "A scorecard on trial beside the one that counts. Not available yet.": "與現行計分卡並行的試行計分卡。尚未提供。",
    "Results as files for other programs. Not available yet.": "輸出結果檔，供其他程式使用。尚未提供。",
    "The evidence for one evaluation as one file. Not available yet.": "把一個評估的證據打包成一個檔案。尚未提供。",
    "Forget a person. Not available yet.": "遺忘一個人。尚未提供。",
}
