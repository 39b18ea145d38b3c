{# What an incremental run of a daily model has to build: the days that it does not have yet. #}
{% macro new_days(column='dt') %}
  {% if is_incremental() %}
    {{ column }} > (select max(dt) from {{ this }})
  {% else %}
    true
  {% endif %}
{% endmacro %}

{# The same with the last day it has, whose tool calls may find their chat on the new day. #}
{% macro new_days_and_the_one_before(column='dt') %}
  {% if is_incremental() %}
    {{ column }} >= (select max(dt) from {{ this }})
  {% else %}
    true
  {% endif %}
{% endmacro %}

{% macro period_start(grain) %}
  {%- if grain == 'DAILY' -%} dt
  {%- elif grain == 'WEEKLY' -%} date_trunc('week', dt)::date
  {%- else -%} date_trunc('month', dt)::date
  {%- endif -%}
{% endmacro %}

{% macro period_end(grain) %}
  {%- if grain == 'DAILY' -%} interval 1 day
  {%- elif grain == 'WEEKLY' -%} interval 7 days
  {%- else -%} interval 1 month
  {%- endif -%}
{% endmacro %}

{#
  The rows of a silver table that belong to periods which have ended; in an incremental run those that have ended since
  the last one, and the one that ended with its last day. The bounds are literals, so that DuckDB skips older row groups.
#}
{% macro in_open_periods(grain) %}
  {%- if execute -%}
    {%- set last = run_query('select max(dt) from ' ~ ref('silver_messages')).columns[0][0] -%}
    {%- set built = run_query("select max(period_start) from " ~ this ~ " where grain = 'DAILY'").columns[0][0] if is_incremental() else none -%}
    {{ period_start(grain) }} + {{ period_end(grain) }} <= date '{{ last }}' + interval 1 day
    {%- if built is not none %}
    and {{ period_start(grain) }} + {{ period_end(grain) }} > date '{{ built }}'
    and dt >= date '{{ built }}' - {{ period_end(grain) }}
    {%- endif -%}
  {%- else -%}
    true
  {%- endif -%}
{% endmacro %}
