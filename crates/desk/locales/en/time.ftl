# Instants and durations.
time-just-now = just now
time-ago = { $duration } ago
time-in = in { $duration }
time-late = { $duration } late
time-minutes = { $count } min
time-hours = { $count } h
time-days = { $count } d
time-today = today at { $time }
time-yesterday = yesterday at { $time }
time-tomorrow = tomorrow at { $time }
time-day = { $weekday } { $date } at { $time }
time-exact = { $weekday } { $date } at { $time }
date-short = { $day } { $month }
date-year = { $day } { $month } { $year }
date-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
date-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] June
    [7] July
    [8] Aug
    [9] Sept
    [10] Oct
    [11] Nov
   *[12] Dec
}

# Sizes of files.
size-bytes = { $count } bytes
size-kilobytes = { $count } KB
size-megabytes = { $count } MB
