using Pharos.Collection.Receivers.Otlp.Model;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Names the family of a metric.</summary>
/// <remarks>The rules are those of Prometheus' otlptranslator, metric_namer.go.</remarks>
internal static class MetricNamer
{
    /// <summary>Null where no valid name is left.</summary>
    public static string? Build(OtlpMetric metric, TranslationStrategy strategy)
    {
        var name = strategy switch
        {
            TranslationStrategy.NoTranslation => metric.Name,
            TranslationStrategy.NoUtf8EscapingWithSuffixes => WithSuffixes(metric),
            TranslationStrategy.UnderscoreEscapingWithoutSuffixes => Escaped(metric.Name),
            _ => Normalized(metric),
        };
        return name.Length == 0 || (name != metric.Name && name.All(c => c == '_')) ? null : name;
    }

    private static bool IsCounter(OtlpMetric metric) => metric.Kind is OtlpMetricKind.Sum && metric.IsMonotonic;

    private static bool IsRatio(OtlpMetric metric) => metric.Kind is OtlpMetricKind.Gauge && metric.Unit == "1";

    private static string Escaped(string name) =>
        BehindDigit(string.Join('_', Fields(name, c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_')));

    private static string Normalized(OtlpMetric metric)
    {
        var tokens = Fields(metric.Name, c => char.IsAsciiLetterOrDigit(c) || c == ':');
        var (main, per) = UnitNames.Suffixes(metric.Unit);
        AddUnit(tokens, UnitNames.Clean(main), UnitNames.Clean(per));
        if (IsCounter(metric))
        {
            tokens.RemoveAll(token => token == "total");
            tokens.Add("total");
        }
        if (IsRatio(metric))
        {
            tokens.RemoveAll(token => token == "ratio");
            tokens.Add("ratio");
        }
        return BehindDigit(string.Join('_', tokens));
    }

    private static void AddUnit(List<string> tokens, string main, string per)
    {
        main = tokens.Contains(main) ? "" : main;
        per = per == "per_" ? "" : per.EndsWith('_') ? per[..^1] : per;
        per = tokens.Contains(per) ? "" : per;
        if (per.Length > 0 && main.EndsWith('_'))
        {
            main = main[..^1];
        }
        tokens.AddRange(new[] { main, per }.Where(part => part.Length > 0));
    }

    private static string WithSuffixes(OtlpMetric metric)
    {
        var (main, per) = UnitNames.Suffixes(metric.Unit);
        var name = metric.Name;
        var end = "";
        if (IsRatio(metric))
        {
            name = WithoutSuffix(name, "ratio");
            end = "_ratio";
        }
        if (IsCounter(metric))
        {
            name = WithoutSuffix(name, "total");
            end = "_total";
        }
        if (per.Length > 0)
        {
            name = WithoutSuffix(name, per);
            end = $"_{per}{end}";
        }
        return main.Length > 0 && !name.EndsWith(main, StringComparison.Ordinal) ? $"{name}_{main}{end}" : name + end;
    }

    /// <summary>Also takes off the character before the suffix, which is taken for a delimiter.</summary>
    private static string WithoutSuffix(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) && name.Length > suffix.Length + 1 ? name[..^(suffix.Length + 1)] : name;

    private static string BehindDigit(string name) => name.Length > 0 && char.IsAsciiDigit(name[0]) ? "_" + name : name;

    private static List<string> Fields(string name, Func<char, bool> isValid)
    {
        var fields = new List<string>();
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i == name.Length || !isValid(name[i]))
            {
                if (i > start)
                {
                    fields.Add(name[start..i]);
                }
                start = i + 1;
            }
        }
        return fields;
    }
}
