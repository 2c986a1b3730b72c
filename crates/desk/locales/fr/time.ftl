# Instants and durations.
time-just-now = à l’instant
time-ago = il y a { $duration }
time-in = dans { $duration }
time-late = en retard de { $duration }
time-minutes = { $count } min
time-hours = { $count } h
time-days = { $count } j
time-today = aujourd’hui à { $time }
time-yesterday = hier à { $time }
time-tomorrow = demain à { $time }
time-day = { $weekday } { $date } à { $time }
time-exact = { $weekday } { $date } à { $time }
date-short = { $day ->
    [1] 1er
   *[other] { $day }
} { $month }
date-year = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
date-weekday = { $weekday ->
    [1] lundi
    [2] mardi
    [3] mercredi
    [4] jeudi
    [5] vendredi
    [6] samedi
   *[7] dimanche
}
date-month = { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juill.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}

# Sizes of files.
size-bytes = { $count } octets
size-kilobytes = { $count } Ko
size-megabytes = { $count } Mo
