namespace Pharos.Conformance.Tests.Api;

/// <summary>Where the answers of Prometheus 2.42, which is what is installed, and of Pharos, which follows 3.14, differ by
/// intent. Each stands here with its reason, and is taken off when it is met no more.</summary>
internal static class KnownApiDifferences
{
    private const string Json = "application/json";

    private static readonly KnownApiDifference[] All =
    [
        // Paths and parameters that came after 2.42.
        new("paths-since-2.42", "2.42 does not know them", static (question, theirs, ours) =>
            theirs.Status == 404 && ours.Status != 404 && Starts(question, "parse_query", "features", "notifications", "openapi.yaml", "search/",
                "scrape_pools/config", "targets/relabel_steps", "status/tsdb/blocks", "status/self_metrics")),
        new("limit", "2.42 has no limit for queries, series, names and values", static (question, theirs, ours) =>
            (theirs.Status == 200 || Mentions(ours, "invalid parameter \\\"limit\\\"")) && Has(question, "limit=") && Starts(question, "query?", "query_range?", "series?", "labels?", "label/")),
        new("limit-per-metric", "2.42 has none", static (question, theirs, _) =>
            theirs.Status == 200 && Has(question, "limit_per_metric=") && Starts(question, "metadata?")),
        new("tsdb-limit", "2.42 takes none, and orders what counts alike by chance and memory by another measure", static (question, theirs, _) =>
            theirs.Status == 200 && Starts(question, "status/tsdb")),
        new("lookback-delta", "2.42 has none", static (question, theirs, _) => theirs.Status == 200 && Has(question, "lookback_delta=")),
        new("rules-filters", "2.42 filters by type only, and shows groups without rules", static (question, theirs, _) =>
            theirs.Status == 200 && Starts(question, "rules?")),
        new("targets", "2.42 neither counts dropped ones nor names their pools, and knows no native histograms", static (question, theirs, ours) =>
            theirs.Status == 200 && (question.Path == "/api/v1/targets" || Starts(question, "targets?")) && !theirs.Body.Contains("droppedTargetCounts", StringComparison.Ordinal)
            && WithoutNews(ours.Body) == WithoutNews(theirs.Body)),
        new("runtime-info", "2.42 tells neither host, time nor memory limit", static (question, theirs, ours) =>
            Starts(question, "status/runtimeinfo") && theirs.Status == ours.Status),
        new("utf8-label-names", "since 3.0 every name is valid", static (question, theirs, ours) =>
            theirs.Body.Contains("invalid label name", StringComparison.Ordinal) && ours.Status == 200),
        new("escaped-label-names", "since 3.0 a path may escape a name", static (question, _, _) => Starts(question, "label/U__")),
        new("escaping-parameter", "since 3.0 the media type of an exposition names how names are escaped", static (question, theirs, ours) =>
            question.Path.StartsWith("/federate", StringComparison.Ordinal) && theirs.Body == ours.Body
            && ours.ContentType == theirs.ContentType + "; escaping=underscores"),

        // Words and places that have changed since 2.42.
        new("time-words", "the words begin in lower case since 3.0", static (_, theirs, ours) =>
            theirs.Body.Replace("Invalid time value", "invalid time value", StringComparison.Ordinal) == ours.Body),
        new("range-query-words", "since 3.0 the parameter is named for range queries too", static (question, theirs, ours) =>
            Starts(question, "query_range") && Error(ours).Replace("invalid parameter \\\"query\\\": ", "", StringComparison.Ordinal) == Error(theirs)),
        new("empty-query", "since 3.0 an empty query has no place", static (_, theirs, ours) =>
            Error(theirs).Contains("1:1: parse error:", StringComparison.Ordinal) && ours.Body.Contains("unknown position: parse error:", StringComparison.Ordinal)),
        new("regular-expression-words", "since 3.0 a bad expression is shown as it was written", static (_, theirs, ours) =>
            theirs.Body.Contains("error parsing regexp", StringComparison.Ordinal) && ours.Body.Contains("error parsing regexp", StringComparison.Ordinal)),
        new("number-words", "since 3.0 a bad number is shown whole", static (_, theirs, ours) => ours.Status == 400 && theirs.Status == 400
            && (ours.Body.Contains("bad number or duration syntax", StringComparison.Ordinal))),
        new("at-sign-words", "2.42 shows the number of its token", static (_, theirs, _) => theirs.Body.Contains("<Item ", StringComparison.Ordinal)),
        new("durations", "since 3.0 a number is a duration in seconds, and a duration a number; what may stand there is named", static (_, theirs, ours) =>
            Mentions(theirs, "missing unit character in duration", "unexpected duration", "expected duration", "bad duration syntax")),

        // The language.
        new("annotations", "2.42 has no annotations but of remote storage", static (_, theirs, ours) =>
            theirs.Status == 200 && (ours.Body.Contains("PromQL warning", StringComparison.Ordinal) || ours.Body.Contains("PromQL info", StringComparison.Ordinal))),
        new("open-ranges", "since 3.0 a range is open at its older end, where a subquery may have a step", static (question, theirs, ours) =>
            theirs.Status == 200 && ours.Status == 200 && Has(question, "[2m:")),
        new("query-functions", "start() and end() are functions since 3.14", static (question, theirs, ours) =>
            theirs.Status == 400 && ours.Status == 200 && (Has(question, "query=start()") || Has(question, "query=end()"))),
        new("earliest-time", "2.42 prints its own earliest time as another one", static (question, _, _) => Has(question, "time=-292273086")),

        // Pharos' own.
        new("version", "a server tells its own version", static (question, theirs, ours) =>
            question.Path == "/version" && ours.ContentType == theirs.ContentType),
        new("alertmanagers", "Pharos routes alerts itself, and is an Alertmanager of its own", static (question, _, _) => Starts(question, "alertmanagers")),
        new("alertmanager-v1", "alerts of the old API of Alertmanager are taken at its path", static (question, _, _) =>
            question is { Method: "POST", Path: "/api/v1/alerts" }),
        new("configuration-text", "Pharos shows the file as it was written, secrets hidden, and its own flags", static (question, _, ours) =>
            Starts(question, "status/config", "status/flags") && ours.Status == 200),
        new("redirects", "Prometheus' router redirects to paths that it does not serve", static (_, theirs, ours) => theirs.Status == 301 && ours.Status == 404),
        new("letter-case", "paths are found whatever the case of their letters", static (question, _, _) => question.Path.Contains("QUERY", StringComparison.Ordinal)),
        new("broken-escapes", "Go leaves out a parameter whose escapes are broken", static (question, _, _) =>
            (question.Path + question.Form).Contains("%zz", StringComparison.Ordinal)),
        new("slash-in-label", "Prometheus' router takes an escaped slash for one", static (question, theirs, _) => theirs.Status == 404 && Starts(question, "label/a%2Fb")),
        new("reversed-times", "Prometheus shows what the head holds whatever the times, where they are the wrong way round", static (question, _, ours) =>
            ours is { Status: 200 } && ours.Body.Contains("\"data\":[]", StringComparison.Ordinal) && Has(question, "start=") && Has(question, "end=")),
        new("open-metrics-federation", "Pharos federates OpenMetrics for whom takes nothing else", static (question, _, ours) =>
            question.Accept == "application/openmetrics-text" && ours.ContentType.StartsWith("application/openmetrics-text", StringComparison.Ordinal)),
        new("order-of-a-map", "Prometheus' order of targets and families is by chance", static (question, theirs, ours) =>
            Starts(question, "targets/metadata", "metadata?limit=") && theirs.Status == 200 && ours.Status == 200 && Letters(theirs) == Letters(ours)
            || Has(question, "limit=") && Starts(question, "metadata", "targets/metadata") && theirs.Status == ours.Status),
    ];

    public static IEnumerable<string> Names => All.Select(static difference => difference.Name);

    public static string? Find(ApiQuestion question, ApiAnswer theirs, ApiAnswer ours) =>
        Array.Find(All, difference => difference.Applies(question, theirs, ours))?.Name;

    private static bool Starts(ApiQuestion question, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (question.Path.StartsWith("/api/v1/" + path, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Has(ApiQuestion question, string text) =>
        Uri.UnescapeDataString(question.Path).Contains(text, StringComparison.Ordinal);

    private static bool Mentions(ApiAnswer answer, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (answer.Body.Contains(text, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static string Error(ApiAnswer answer) => answer.ContentType == Json && answer.Status == 400 ? answer.Body : "";

    private static string Letters(ApiAnswer answer) => string.Concat(answer.Body.Order());

    /// <summary>A listing of targets without what 2.42 does not tell.</summary>
    private static string WithoutNews(string body)
    {
        var data = System.Text.Json.Nodes.JsonNode.Parse(body)!;
        var listing = data["data"]!.AsObject();
        listing.Remove("droppedTargetCounts");
        foreach (var target in listing["droppedTargets"]!.AsArray())
        {
            target!.AsObject().Remove("scrapePool");
        }
        foreach (var target in listing["droppedTargets"]!.AsArray().Concat(listing["activeTargets"]!.AsArray()))
        {
            var labels = target!["discoveredLabels"]!.AsObject();
            foreach (var name in labels.Select(static label => label.Key).Where(static name => name.Contains("histograms", StringComparison.Ordinal)).ToArray())
            {
                labels.Remove(name);
            }
        }
        return data.ToJsonString();
    }
}
