# A table in Markdown of lines of scenario, proxy, kind, requests and failures, with tabs between them.
{
  if (!($1 in scenario_seen)) { scenario_seen[$1] = 1; scenarios[++rows] = $1 }
  if (!($2 in proxy_seen)) { proxy_seen[$2] = 1; proxies[++columns] = $2 }
  requests[$1, $2] += $4
  failures[$1, $2] += $5
  if ($5 > 0) kinds[$1, $2] = kinds[$1, $2] (kinds[$1, $2] == "" ? "" : ", ") $5 " " $3
  all[$2] += $4
  lost[$2] += $5
}
END {
  line = "| scenario |"; rule = "|---|"
  for (c = 1; c <= columns; c++) { line = line " " proxies[c] " |"; rule = rule "---|" }
  print line; print rule
  for (r = 1; r <= rows; r++) {
    line = "| " scenarios[r] " |"
    for (c = 1; c <= columns; c++) line = line " " cell(scenarios[r], proxies[c]) " |"
    print line
  }
  line = "| in all |"
  for (c = 1; c <= columns; c++) line = line " " lost[proxies[c]] " of " all[proxies[c]] " |"
  print line
}
function cell(scenario, proxy) {
  if (!((scenario, proxy) in requests)) return "-"
  if (failures[scenario, proxy] == 0) return "0 of " requests[scenario, proxy]
  return failures[scenario, proxy] " of " requests[scenario, proxy] ": " kinds[scenario, proxy]
}
