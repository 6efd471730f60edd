namespace Pharos.Conformance.Tests.Api;

/// <summary>Hundreds of requests, good and bad: every path, and every parameter with everything that it may and may not hold.</summary>
/// <param name="t">A time with samples around it, seconds.</param>
internal sealed class ApiQuestions(long t)
{
    private static readonly string[] Numbers = ["0", "1", "2", "-1", "x", "1.5", "99999999999999999999", "+1", " 1", "0x1", ""];

    private static readonly string[] Durations =
        ["15", "1m", "1h30m", "0.5", "90s", "1m30s500ms", "x", "0", "-1", "-1m", "1.5m", "1m1h", "5s5s", "1d", "1y2w", "9e99", "-9e99", "1e3", "", "m", "1 m"];

    private static readonly string[] Selectors =
    [
        "up", "counter_total", "{job=\"one\"}", "counter_total{job=\"one\"}", "counter_total{job!=\"one\"}",
        "{job=~\"o.*\"}", "{job!~\"o.*\",__name__=~\"gauge.*\"}",
        "none", "{job=\"none\"}", "{__name__=\"gauge\"}", "gauge{job=\"\"}", "gauge{none=\"\"}", "{}", "{job=\"\"}",
        "{job=~\".*\"}", "{job!=\"one\"}", "{",
        "}", "up{", "up}", "up{job", "up{job=", "up{job=}", "up{job=\"one\"", "up{job=one}", "up{job=\"one\",}",
        "up{,}", "up{job=\"a\" job=\"b\"}",
        "up{job=~\"(\"}", "up{job=~\"*\"}", "up[5m]", "up offset 5m", "up @ 1", "sum(up)", "1", "\"x\"", "up and up",
        "up{9=\"x\"}", "9up", "up up", "(up)", "-up",
        "up{job='one'}", "up{job=`one`}", "up{job=\"\\x\"}", "up{__name__=\"x\"}", "up # comment", "sum", "rate",
        "by", "on", "bool", "offset", "inf", "nan",
    ];

    private static readonly string[] Queries =
    [
        "1", "1.5", "-1", "+1", "1e3", "0x1F", "0b1", "017", "Inf", "-Inf", "NaN", "inf", "1/0", "0/0", "\"text\"",
        "'text'", "`te\\xt`", "\"a\\nb\\\"c\"", "\"é\"", "1 + 2 * 3 ^ 2 ^ 1",
        "-2 ^ 2", "1 == bool 1", "1 == 1", "1 > bool 2", "up", "counter_total", "gauge", "gauge > 5",
        "gauge > bool 5", "-gauge", "gauge * 2", "gauge + gauge", "gauge + on (job) gauge",
        "counter_total / on (job) group_left gauge_one", "counter_total / on (job) gauge_one",
        "counter_total and gauge", "gauge or vector(1)", "gauge unless gauge", "sum(gauge)", "sum by (job) (gauge)",
        "sum without (job) (gauge)", "avg(gauge)", "count(gauge)", "min(gauge)", "max(gauge)", "group(gauge)",
        "stddev(gauge)", "stdvar(gauge)", "topk(1, gauge)", "bottomk(1, gauge)",
        "quantile(0.5, gauge)", "quantile(2, gauge)", "quantile(-1, gauge)", "count_values(\"v\", gauge)",
        "count_values(\"v-w\", gauge)", "sort(gauge)", "sort_desc(gauge)", "absent(gauge)", "absent(none)",
        "absent(none{a=\"b\"})",
        "rate(counter_total[2m])", "increase(counter_total[2m])", "irate(counter_total[2m])", "delta(gauge[2m])",
        "idelta(gauge[2m])", "deriv(gauge[2m])", "predict_linear(gauge[2m], 60)", "changes(gauge[2m])",
        "resets(counter_total[2m])", "min_over_time(gauge[2m])", "max_over_time(gauge[2m])",
        "sum_over_time(gauge[2m])", "count_over_time(gauge[2m])",
        "last_over_time(gauge[2m])", "present_over_time(gauge[2m])", "quantile_over_time(0.5, gauge[2m])",
        "stddev_over_time(gauge[2m])", "absent_over_time(none[2m])",
        "label_replace(gauge, \"a\", \"$1\", \"job\", \"(.*)\")",
        "label_replace(gauge, \"a\", \"$1\", \"job\", \"(\")", "label_join(gauge, \"a\", \"-\", \"job\", \"job\")",
        "histogram_quantile(0.9, hist_bucket)", "clamp(gauge, 1, 5)", "clamp_max(gauge, 5)",
        "round(gauge, 5)", "scalar(gauge)", "scalar(gauge_one)", "vector(1)", "time()", "timestamp(gauge)", "hour()",
        "day_of_week(vector(0))", "days_in_month(vector(0))", "year(vector(0))", "pi()", "abs(-gauge)",
        "gauge offset 1m",
        "gauge @ 0", "gauge @ end()", "sum(sum_over_time(gauge[2m:30s]))",
        "max_over_time(rate(counter_total[1m])[2m:30s])", "gauge[2m]", "gauge[2m:1m]", "(gauge)", "((1))",
        "gauge{job=\"one\"}", "gauge{job=~\"o.+\"}", "{__name__=\"gauge\"}",
        "", " ", "(", ")", "()", "up(", "up)", "sum(", "sum()", "sum(1)", "sum(gauge", "sum by (gauge)",
        "sum by gauge (gauge)", "rate(gauge)", "rate(gauge[])", "rate(gauge[5])", "rate(gauge[5x])",
        "rate(gauge[0s])", "rate(sum(gauge))",
        "rate(gauge[5m]", "nosuch(gauge)", "nosuch(", "nosuch(]", "topk(gauge)", "topk(\"a\", gauge)",
        "quantile(gauge, gauge)", "abs()", "abs(1)", "abs(gauge, gauge)", "vector(gauge)", "vector()", "time(1)",
        "label_replace(gauge)",
        "gauge +", "+ gauge +", "* gauge", "gauge gauge", "gauge + \"a\"", "\"a\" + 1", "\"a\" == \"a\"", "-\"a\"",
        "gauge and 1", "1 and gauge", "gauge == bool gauge[1m]", "gauge[1m] + 1", "sum(gauge[1m])", "gauge[1m][1m]",
        "gauge offset", "gauge offset x",
        "gauge offset 1m offset 1m", "gauge @", "gauge @ x", "gauge @ 1 @ 2", "gauge[1m] offset -1m", "1 offset 1m",
        "1[1m]", "gauge bool 1", "1 + bool 2", "gauge on (job) gauge", "gauge + on (job gauge",
        "gauge + on (1) gauge", "gauge + group_left gauge",
        "gauge + on (job) group_left (job) gauge", "gauge and on (job) group_left gauge", "gauge{job=\"one\"",
        "gauge{job}", "gauge{=\"one\"}", "gauge{job=\"one\",,}", "{}", "{job=\"\"}", "gauge{__name__=\"x\"}",
        "gauge{job=~\"(\"}", "\"unclosed", "'unclosed", "`unclosed",
        "gauge # comment", "# comment", "#", "1 # a\n+ 2", "gauge\n+\nnosuch(1)", "é", "gauge{a=\"é\"} +", "$",
        "gauge; gauge", "1..2", "1e", "0x", "1m", "5m + 1", "a:b:c", ":a", "a.b", "a-b", "sum sum",
        "sum(sum(sum(gauge)))", "by", "on(job)", "start()", "end()", "bool",
        "gauge[5m:]", "gauge[:5m]", "gauge[5m:5m:5m]", "sum(gauge) by (job)", "sum(gauge) by (job) by (job)",
        "sum by (job) (gauge) without (a)", "avg without () (gauge)", "count_values(1, gauge)", "(gauge[1m])",
        "-(gauge[1m])", "gauge{job!~\"o.*\"}", "!gauge", "gauge !", "gauge =~ 1", "gauge = 1",
    ];

    private string[] Times => [$"{t}", $"{t}.5", "x", "", "-1", "0", "1e9", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.123+01:00", "2023-11-14T22:13:20", "2023-11-14", "yesterday", "1.5.5", "+5", " 5", "0x10", "-292273086-05-16T16:47:06Z"];

    public IEnumerable<ApiQuestion> All() =>
    [
        .. InstantQueries(), .. RangeQueries(), .. Names(), .. Exemplars(), .. Texts(), .. Targets(), .. Rules(),
        .. Status(), .. Others(), .. Federation(), .. Deeds(),
    ];

    private static string E(string text) => Uri.EscapeDataString(text);

    private static ApiQuestion Get(string path) => ApiQuestion.Get("/api/v1/" + path);

    private IEnumerable<ApiQuestion> InstantQueries() =>
    [
        .. Queries.Select(query => Get($"query?query={E(query)}&time={t}")),
        .. Times.Where(text => text.Length > 0).Select(time => Get($"query?query=gauge&time={E(time)}")),
        .. Times.Select(time => Get($"query?query=5&time={E(time)}")).Where(question => !question.Path.EndsWith("time=", StringComparison.Ordinal)),
        .. Durations.Where(text => text is not ("0" or "-1" or "-1m" or "-9e99")).Select(timeout => Get($"query?query=gauge&time={t}&timeout={E(timeout)}")),
        .. Numbers.Select(limit => Get($"query?query=gauge&time={t}&limit={E(limit)}")),
        Get($"query?query=gauge&time={t}&stats=true"), Get($"query?query=gauge&time={t}&stats=all"),
        Get($"query?query=gauge&time={t}&stats="),
        Get($"query?query=gauge&time={t}&lookback_delta=1m"), Get($"query?query=gauge&time={t}&lookback_delta=x"),
        Get("query?time=x&timeout=y"), Get($"query?query=up(&time={t}&timeout=x"), Get($"query?query=up(&time=x"),
        Get($"query?query=gauge&query=none&time={t}"),
        ApiQuestion.Post("/api/v1/query", $"query=gauge&time={t}"),
        ApiQuestion.Post($"/api/v1/query?time={t}", "query=gauge"),
        ApiQuestion.Post($"/api/v1/query?query=none&time={t}", "query=gauge"),
        ApiQuestion.Post("/api/v1/query", "query=%zz"), Get("query?query=%zz"),
        new("POST", $"/api/v1/query?query=gauge&time={t}"), new("PUT", "/api/v1/query?query=1"),
        new("DELETE", "/api/v1/query?query=1"), new("HEAD", "/api/v1/query?query=1"), new("OPTIONS", "/api/v1/query"),
    ];

    private IEnumerable<ApiQuestion> RangeQueries() =>
    [
        .. Queries.Where(query => query.Length < 30).Select(query => Get($"query_range?query={E(query)}&start={t}&end={t + 60}&step=30")),
        .. Times.Select(time => Get($"query_range?query=gauge&start={E(time)}&end={t}&step=1d")),
        .. Times.Select(time => Get($"query_range?query=gauge&start={t}&end={E(time)}&step=1d")),
        .. Durations.Select(step => Get($"query_range?query=gauge&start={t}&end={t + 120}&step={E(step)}")),
        .. Durations.Where(text => text is not ("0" or "-1" or "-1m" or "-9e99")).Select(timeout => Get($"query_range?query=gauge&start={t}&end={t}&step=1&timeout={E(timeout)}")),
        .. Numbers.Select(limit => Get($"query_range?query=gauge&start={t}&end={t}&step=15&limit={E(limit)}")),
        Get("query_range"), Get("query_range?query=gauge"), Get($"query_range?query=gauge&start={t}"),
        Get($"query_range?query=gauge&start={t}&end={t}"), Get($"query_range?query=up(&start={t}&end={t}&step=1"),
        Get($"query_range?query=gauge&start={t}&end={t - 1}&step=x"),
        Get($"query_range?query=gauge&start={t}&end={t + 11000}&step=1"),
        Get($"query_range?query=gauge&start={t}&end={t + 11001}&step=1"),
        Get($"query_range?query=gauge&start=0&end=100000&step=1"),
        Get($"query_range?query=gauge&start={t}&end={t + 30}&step=15&stats=true"),
        ApiQuestion.Post("/api/v1/query_range", $"query=gauge&start={t}&end={t + 60}&step=15"),
        new("PUT", "/api/v1/query_range"),
    ];

    private IEnumerable<ApiQuestion> Names() =>
    [
        .. Selectors.SelectMany(selector => new[]
        {
            Get($"series?match[]={E(selector)}"), Get($"labels?match[]={E(selector)}"),
            Get($"label/job/values?match[]={E(selector)}"),
        }),
        .. Times.SelectMany(time => new[]
        {
            Get($"series?match[]=gauge&start={E(time)}"), Get($"series?match[]=gauge&end={E(time)}"),
            Get($"labels?start={E(time)}"), Get($"labels?match[]=gauge&end={E(time)}"),
            Get($"label/job/values?start={E(time)}"), Get($"label/job/values?match[]=gauge&end={E(time)}"),
        }),
        .. Numbers.SelectMany(limit => new[] { Get($"series?match[]=gauge&limit={E(limit)}"), Get($"labels?limit={E(limit)}"), Get($"label/__name__/values?limit={E(limit)}") }),
        .. new[] { "job", "__name__", "le", "none", "a-b", "a.b", "1a", "a:b", "U__a_2e_b", "U__job", "U__", "%22", "%20", "a%2Fb", "é" }.Select(name => Get($"label/{name}/values")),
        Get("labels"), Get("label//values"), Get("label/job"), Get("label/job/"), Get("series"), Get("series?match="),
        Get("series?match[]="), Get("labels?match[]="), Get("series?match[]=gauge&match[]=up{job=\"one\"}"),
        Get("labels?match[]=gauge&match[]=hist_bucket"),
        Get("label/job/values?match[]=gauge&match[]=up"), Get($"series?match[]=gauge&start={t}&end={t - 1}"),
        Get($"labels?start={t}&end={t - 1}"), ApiQuestion.Post("/api/v1/series", "match[]=gauge"),
        ApiQuestion.Post("/api/v1/labels", "match[]=gauge"),
        ApiQuestion.Post("/api/v1/label/job/values", ""), new("DELETE", "/api/v1/series?match[]=gauge"),
        new("PUT", "/api/v1/series"), Get("series?match[]=gauge&limit=x&start=y"), Get("labels?limit=x&start=y"),
        Get("labels?start=x&match[]={"),
    ];

    private IEnumerable<ApiQuestion> Exemplars() =>
    [
        .. Times.SelectMany(time => new[] { Get($"query_exemplars?query=gauge&start={E(time)}"), Get($"query_exemplars?query=gauge&end={E(time)}") }),
        .. new[] { "gauge", "1", "\"x\"", "sum(gauge)", "gauge + up", "rate(gauge[5m])", "up(", "", "gauge[5m]", "nosuch(gauge)" }.Select(query => Get($"query_exemplars?query={E(query)}")),
        Get($"query_exemplars?query=gauge&start={t}&end={t - 1}"),
        ApiQuestion.Post("/api/v1/query_exemplars", $"query=gauge&start={t}&end={t + 60}"),
        new("PUT", "/api/v1/query_exemplars"),
    ];

    private static IEnumerable<ApiQuestion> Texts() =>
    [
        .. Queries.Select(query => Get($"format_query?query={E(query)}")),
        ApiQuestion.Post("/api/v1/format_query", "query=sum(gauge)by(job)"), Get("format_query"),
        Get("parse_query?query=1"),
    ];

    private static IEnumerable<ApiQuestion> Targets() =>
    [
        .. new[] { "", "any", "active", "dropped", "ACTIVE", "other" }.Select(state => Get($"targets?state={state}")),
        Get("targets"), Get("targets?scrapePool=one"), Get("targets?scrapePool=none"),
        Get("targets?state=active&scrapePool=one"),
        .. Numbers.SelectMany(limit => new[] { Get($"targets/metadata?limit={E(limit)}"), Get($"metadata?limit={E(limit)}"), Get($"metadata?limit_per_metric={E(limit)}"), Get($"metadata?metric=exposed_total&limit={E(limit)}") }),
        .. Selectors.Select(selector => Get($"targets/metadata?match_target={E(selector)}")), Get("targets/metadata"),
        Get("targets/metadata?metric=exposed_total"), Get("targets/metadata?metric=none"),
        Get("targets/metadata?match_target={job=\"two\"}&metric=exposed_total"),
        Get("targets/metadata?match_target={job=\"none\"}"), Get("metadata"), Get("metadata?metric=exposed_total"),
        Get("metadata?metric=none"),
        Get("scrape_pools"), Get("scrape_pools/config?scrapePool=one"),
        Get("targets/relabel_steps?scrapePool=one&labels={}"), ApiQuestion.Post("/api/v1/targets", ""),
        ApiQuestion.Post("/api/v1/metadata", ""),
    ];

    private static IEnumerable<ApiQuestion> Rules() =>
    [
        Get("alerts"), Get("rules"),
        .. new[] { "alert", "record", "ALERT", "x", "" }.Select(type => Get($"rules?type={type}")),
        Get("rules?rule_name[]=Always"), Get("rules?rule_name[]=none"), Get("rules?rule_group[]=first"),
        Get("rules?rule_group[]=none"),
        Get("rules?file[]=none"), Get("rules?match[]={severity=\"page\"}"), Get("rules?match[]={"),
        Get("rules?exclude_alerts=true"), Get("rules?exclude_alerts=x"), Get("rules?group_limit=1"),
        Get("rules?group_limit=0"), Get("rules?group_next_token=x"),
        Get("rules?rule_name[]=Always&rule_name[]=job:gauge:sum&type=record"), ApiQuestion.Post("/api/v1/rules", ""),
        ApiQuestion.Post("/api/v1/alerts", "x"), Get("alertmanagers"),
    ];

    private static IEnumerable<ApiQuestion> Status() =>
    [
        .. new[] { "config", "flags", "runtimeinfo", "buildinfo", "walreplay", "tsdb", "tsdb/blocks", "self_metrics", "none", "" }.Select(topic => Get($"status/{topic}")),
        .. Numbers.Select(limit => Get($"status/tsdb?limit={E(limit)}")), Get("features"), Get("notifications"),
        Get("openapi.yaml"), ApiQuestion.Post("/api/v1/status/flags", ""),
    ];

    private static IEnumerable<ApiQuestion> Others() =>
    [
        Get(""), Get("none"), Get("query/none"), Get("QUERY?query=1"), new("POST", "/api/v1/none"),
        new("OPTIONS", "/api/v1/none"), new("PATCH", "/api/v1/none"), Get("search/metric_names"),
        Get("search/label_names"), Get("search/label_values"),
        Get("write"), ApiQuestion.Get("/-/healthy"), ApiQuestion.Get("/-/ready"), new("HEAD", "/-/healthy"),
        new("HEAD", "/-/ready"), new("POST", "/-/healthy"), ApiQuestion.Get("/-/reload"), ApiQuestion.Get("/-/quit"),
        new("POST", "/-/reload"), new("PUT", "/-/quit"), ApiQuestion.Get("/version"), new("POST", "/version"),
        ApiQuestion.Get("/nowhere"), new("POST", "/nowhere"), ApiQuestion.Get("/-/none"), new("POST", "/metrics"),
        ApiQuestion.Get("/api"), ApiQuestion.Get("/api/v1"),
    ];

    private IEnumerable<ApiQuestion> Federation() =>
    [
        .. Selectors.Where(selector => !selector.Contains("up", StringComparison.Ordinal) || selector.Contains('"', StringComparison.Ordinal) || selector.Length > 2)
            .Select(selector => ApiQuestion.Get($"/federate?match[]={E(selector)}")).Where(question => !Volatiles(question)),
        ApiQuestion.Get("/federate"), ApiQuestion.Get("/federate?match[]=fed_gauge&match[]=fed_labels"),
        ApiQuestion.Get("/federate?match[]=fed_special"), ApiQuestion.Post("/federate", "match[]=fed_gauge"),
        new("HEAD", "/federate"),
        .. new[]
        {
            "*/*", "text/plain", "text/plain;version=0.0.4", "application/openmetrics-text",
            "application/openmetrics-text;version=1.0.0,*/*;q=0.1", "application/json",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
            "text/html, application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7, text/plain;version=0.0.4;q=0.3",
        }.Select(accept => ApiQuestion.Get("/federate?match[]=fed_gauge") with { Accept = accept }),
    ];

    /// <summary>Whether a selector also finds what each server has scraped at times of its own.</summary>
    private static bool Volatiles(ApiQuestion question) => Uri.UnescapeDataString(question.Path) is var path
        && (path.EndsWith("=up", StringComparison.Ordinal) || path.Contains("{job", StringComparison.Ordinal) || path.Contains("up", StringComparison.Ordinal)
            || path.EndsWith("{}", StringComparison.Ordinal));

    /// <summary>Last, for they change what is stored.</summary>
    private IEnumerable<ApiQuestion> Deeds() =>
    [
        .. new[] { "", "?match[]={", "?match[]=up(", "?match[]=gauge&start=x", "?match[]=gauge&end=x", "?match[]=none", "?match[]=gauge[5m]" }.Select(query => new ApiQuestion("POST", "/api/v1/admin/tsdb/delete_series" + query)),
        new("PUT", "/api/v1/admin/tsdb/delete_series?match[]=fed_gauge"),
        ApiQuestion.Get("/api/v1/admin/tsdb/delete_series"), Get($"query?query=fed_gauge&time={t}"),
        ApiQuestion.Post(
            "/api/v1/admin/tsdb/delete_series", $"match[]=counter_total{{job=\"one\"}}&start={t}&end={t + 60}"),
        Get($"query?query=counter_total[5m]&time={t + 120}"), new("POST", "/api/v1/admin/tsdb/clean_tombstones"),
        Get($"query?query=counter_total[5m]&time={t + 120}"), new("POST", "/api/v1/admin/tsdb/snapshot?skip_head=x"),
    ];
}
