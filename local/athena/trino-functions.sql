-- Functions that Athena has and DuckDB lacks, or spells or types differently. Names of DuckDB's own that are shadowed here are
-- reached through system.main. A macro cannot take a lambda or stand before FILTER and OVER: such names are replaced in the text.
create macro date_add(unit, n, d date) as
    case unit
        when 'day' then d + cast(n as integer)
        when 'week' then d + cast(7 * n as integer)
        when 'month' then cast(d + to_months(cast(n as integer)) as date)
        when 'quarter' then cast(d + to_months(cast(3 * n as integer)) as date)
        when 'year' then cast(d + to_years(cast(n as integer)) as date)
        else cast(error('''' || unit || ''' is not a valid DATE field') as date)
    end,
    (unit, n, d timestamp) as
    case unit
        when 'millisecond' then d + to_milliseconds(n)
        when 'second' then d + to_seconds(n)
        when 'minute' then d + to_minutes(n)
        when 'hour' then d + to_hours(n)
        when 'day' then d + to_days(cast(n as integer))
        when 'week' then d + to_days(cast(7 * n as integer))
        when 'month' then d + to_months(cast(n as integer))
        when 'quarter' then d + to_months(cast(3 * n as integer))
        when 'year' then d + to_years(cast(n as integer))
        else cast(error('''' || unit || ''' is not a valid TIMESTAMP field') as timestamp)
    end,
    (unit, n, d timestamp with time zone) as
    case unit
        when 'millisecond' then d + to_milliseconds(n)
        when 'second' then d + to_seconds(n)
        when 'minute' then d + to_minutes(n)
        when 'hour' then d + to_hours(n)
        when 'day' then d + to_days(cast(n as integer))
        when 'week' then d + to_days(cast(7 * n as integer))
        when 'month' then d + to_months(cast(n as integer))
        when 'quarter' then d + to_months(cast(3 * n as integer))
        when 'year' then d + to_years(cast(n as integer))
        else cast(error('''' || unit || ''' is not a valid TIMESTAMP field') as timestamp with time zone)
    end;

-- Athena counts whole units that have passed, DuckDB's date_diff the boundaries that were crossed: date_sub is the former.
create macro date_diff(unit, a date, b date) as system.main.date_sub(unit, cast(a as timestamp), cast(b as timestamp)),
    (unit, a, b) as system.main.date_sub(unit, a, b);

create macro date_trunc(unit, d date) as cast(system.main.date_trunc(unit, d) as date),
    (unit, d timestamp) as system.main.date_trunc(unit, d),
    (unit, d timestamp with time zone) as system.main.date_trunc(unit, d);

create macro day_of_week(d) as system.main.isodow(d);
create macro dow(d) as system.main.isodow(d);
create macro day_of_month(d) as system.main.day(d);
create macro day_of_year(d) as system.main.dayofyear(d);
create macro doy(d) as system.main.dayofyear(d);
create macro week_of_year(d) as system.main.week(d);
create macro year_of_week(d) as system.main.isoyear(d);
create macro yow(d) as system.main.isoyear(d);
create macro last_day_of_month(d) as system.main.last_day(d);

create macro from_iso8601_date(s) as cast(s as date);
create macro from_iso8601_timestamp(s) as cast(s as timestamp with time zone);
create macro to_iso8601(d date) as strftime(d, '%Y-%m-%d'),
    (d timestamp) as strftime(d, '%Y-%m-%dT%H:%M:%S.%g'),
    (d timestamp with time zone) as strftime(d, '%Y-%m-%dT%H:%M:%S.%gZ');
create macro to_unixtime(d) as epoch(d);
create macro from_unixtime(s) as to_timestamp(cast(s as double));

-- MySQL's format letters to strftime's. Minutes (%i) come after month names (%M), which have to make room first.
create macro mysql_format(f) as
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        f, '%M', '%B'), '%i', '%M'), '%s', '%S'), '%W', '%A'), '%h', '%I'), '%c', '%-m'), '%e', '%-d'),
        '%k', '%-H'), '%l', '%-I'), '%v', '%V'), '%T', '%H:%M:%S'), '%r', '%I:%M:%S %p');
create macro date_format(d, f) as strftime(d, mysql_format(f));

-- An array's element beyond its end is null, as is a map's without the key.
create macro element_at(container, k) as container[k];
create macro cardinality(container) as
    case when typeof(container) like 'MAP(%'
        then length(json_keys(to_json(container)))
        else cast(json_array_length(to_json(container)) as bigint)
    end;
create macro sequence(a, b) as generate_series(a, b, case when a <= b then 1 else -1 end),
    (a, b, step) as generate_series(a, b, step),
    (a date, b date) as list_transform(generate_series(a, b, interval 1 day), lambda x: cast(x as date)),
    (a date, b date, step interval) as list_transform(generate_series(a, b, step), lambda x: cast(x as date)),
    (a timestamp, b timestamp, step interval) as generate_series(a, b, step);
create macro array_join(a, d) as array_to_string(a, d);
create macro array_max(a) as list_max(a);
create macro array_min(a) as list_min(a);
create macro array_union(a, b) as list_distinct(list_concat(a, b));
create macro array_except(a, b) as list_filter(list_distinct(a), lambda x: not list_contains(b, x));

-- Only scalars have a text: of an object or an array it is null.
create macro json_extract_scalar(j, p) as
    case json_type(json_extract(cast(j as json), p))
        when 'OBJECT' then null when 'ARRAY' then null when 'NULL' then null
        else json_extract_string(cast(j as json), p)
    end;
create macro json_parse(s) as cast(s as json);
create macro json_format(j) as cast(j as varchar);
create macro json_size(j, p) as
    case json_type(json_extract(cast(j as json), p))
        when 'OBJECT' then cast(length(json_keys(json_extract(cast(j as json), p))) as bigint)
        when 'ARRAY' then cast(json_array_length(json_extract(cast(j as json), p)) as bigint)
        else 0
    end;

create macro regexp_like(s, p) as regexp_matches(s, p);
create macro regexp_extract(s, p) as nullif(system.main.regexp_extract(s, p), ''),
    (s, p, g) as nullif(system.main.regexp_extract(s, p, g), '');
create macro regexp_replace(s, p) as system.main.regexp_replace(s, p, '', 'g'),
    (s, p, r) as system.main.regexp_replace(s, p, system.main.regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g');
create macro codepoint(s) as unicode(s);
create macro to_utf8(s) as encode(s);
create macro from_utf8(b) as decode(b);

create macro width_bucket(x, lo, hi, n) as
    case
        when x < lo then cast(0 as bigint)
        when x >= hi then cast(n as bigint) + 1
        else cast(floor(cast(n as double) * (cast(x as double) - lo) / (cast(hi as double) - lo)) as bigint) + 1
    end,
    (x, bins) as len(list_filter(bins, lambda b: b <= x));
create macro truncate(x) as trunc(x);
create macro is_nan(x) as isnan(x);
create macro nan() as cast('nan' as double);
create macro infinity() as cast('infinity' as double);
create macro rand() as random();
create macro bitwise_and(a, b) as a & b;
create macro bitwise_or(a, b) as a | b;
create macro log(b, x) as ln(x) / ln(b);
