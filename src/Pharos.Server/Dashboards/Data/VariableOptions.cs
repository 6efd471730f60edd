using System.Text.RegularExpressions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Server.Dashboards.Model;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Finds the options of query variables in the metric store.</summary>
public sealed partial class VariableOptions(IMetricStore store)
{
    /// <summary>Longer lists cannot be chosen from.</summary>
    private const int MaxOptions = 5000;

    /// <summary>The variable with its options, and with a choice where the file makes none.</summary>
    public Variable Resolve(
        Variable variable, IReadOnlyDictionary<string, IReadOnlyList<string>> chosen, long fromMs, long toMs,
        CancellationToken cancellation)
    {
        var options = variable.Type == "query" ? Find(Interpolate(variable.Query, chosen), fromMs, toMs, cancellation) : variable.Options;
        if (variable.IncludeAll)
        {
            options = [new VariableOption("All", "$__all"), .. options];
        }
        var current = variable.Current is [] && options.Count > 0 ? [options[0].Value] : variable.Current;
        return variable with { Options = options, Current = current };
    }

    private static string Interpolate(string query, IReadOnlyDictionary<string, IReadOnlyList<string>> chosen) =>
        Reference().Replace(query, match => chosen.TryGetValue(match.Groups["name"].Value, out var values) && values.Count > 0
            ? values[0] == "$__all" ? ".*" : string.Join('|', values) : ".*");

    private IReadOnlyList<VariableOption> Find(string query, long fromMs, long toMs, CancellationToken cancellation)
    {
        var call = LabelValues().Match(query);
        if (!call.Success)
        {
            return [];
        }
        try
        {
            var selector = call.Groups["selector"].Value.TrimEnd(',', ' ');
            IReadOnlyList<LabelMatcher> matchers = selector.Length == 0 ? [] : PromParser.ParseMetricSelector(selector);
            using var querier = store.Querier(fromMs, toMs);
            return [.. querier.LabelValues(call.Groups["label"].Value, matchers, cancellation).Take(MaxOptions)
                .Select(value => new VariableOption(value, value))];
        }
        catch (PromParseException)
        {
            return [];
        }
    }

    [GeneratedRegex(@"^label_values\((?<selector>.*,)?\s*(?<label>\w+)\s*\)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\$\{?(?<name>\w+)(:\w+)?\}?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
