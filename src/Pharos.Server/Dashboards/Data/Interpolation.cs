using System.Globalization;
using System.Text.RegularExpressions;
using Pharos.Server.Dashboards.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Puts macros (<c>$__interval</c>, <c>$__rate_interval</c>, <c>$__range</c>) and variables into a query.</summary>
internal sealed partial class Interpolation
{
    private readonly Dictionary<string, string> _macros;
    private readonly IReadOnlyDictionary<string, (Variable Variable, IReadOnlyList<string> Values)> _variables;

    /// <param name="scrapeIntervalMs">Of the data behind the query; Grafana takes 15 s where it does not know.</param>
    public Interpolation(
        IReadOnlyDictionary<string, (Variable Variable, IReadOnlyList<string> Values)> variables, long stepMs, long rangeMs,
        long scrapeIntervalMs)
    {
        _variables = variables;
        var rateMs = Math.Max(stepMs + scrapeIntervalMs, 4 * scrapeIntervalMs);
        _macros = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["__interval"] = Duration(stepMs),
            ["__interval_ms"] = stepMs.ToString(CultureInfo.InvariantCulture),
            ["__rate_interval"] = Duration(rateMs),
            ["__range"] = $"{Math.Max(1, rangeMs / 1000)}s",
            ["__range_s"] = Math.Max(1, rangeMs / 1000).ToString(CultureInfo.InvariantCulture),
            ["__range_ms"] = rangeMs.ToString(CultureInfo.InvariantCulture),
        };
    }

    public string Apply(string text) => Reference().Replace(text, match =>
    {
        var name = match.Groups["a"].Success ? match.Groups["a"].Value
            : match.Groups["b"].Success ? match.Groups["b"].Value : match.Groups["c"].Value;
        if (_macros.TryGetValue(name, out var macro))
        {
            return macro;
        }
        return _variables.TryGetValue(name, out var found) ? Format(found.Variable, found.Values, match.Groups["f"].Value) : match.Value;
    });

    private static string Duration(long ms) => PrometheusDuration.Format(TimeSpan.FromMilliseconds(Math.Max(1, ms)));

    private static string Format(Variable variable, IReadOnlyList<string> values, string format)
    {
        var chosen = values;
        if (values.Contains("$__all", StringComparer.Ordinal))
        {
            if (variable.AllValue is not null)
            {
                return variable.AllValue;
            }
            chosen = [.. variable.Options.Select(option => option.Value).Where(value => value != "$__all")];
        }
        return format switch
        {
            "raw" or "text" => string.Join(',', chosen),
            "csv" => string.Join(',', chosen),
            "pipe" => string.Join('|', chosen),
            _ when chosen.Count == 1 && !variable.Multi && !variable.IncludeAll => chosen[0],
            _ when chosen.Count == 1 => Escape(chosen[0]),
            _ => $"({string.Join('|', chosen.Select(Escape))})",
        };
    }

    /// <summary>For a regular expression inside a PromQL string: the backslash itself is escaped once more.</summary>
    private static string Escape(string value) => Special().Replace(value, @"\\$0");

    [GeneratedRegex(@"\$(?<a>\w+)|\$\{(?<b>\w+)(?::(?<f>\w+))?\}|\[\[(?<c>\w+)(?::(?<f>\w+))?\]\]",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"[\\^$*+?.()|\[\]{}/]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Special();
}
